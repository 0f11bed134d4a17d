//! Prices as columns.

use super::cell::Cell;
use super::kind::{CaseKind, Reason, State};
use crate::policy::{PackId, PolicySet, RuleNo, RuleRef};

/// One row a claim, in the order of the claims.
#[derive(Clone, Debug, Default)]
pub struct Priced {
    pub case_kind: Vec<CaseKind>,
    pub state: Vec<State>,
    pub reason: Vec<Reason>,
    /// Points in ten-thousandths. By rate they measure work and pay nothing.
    pub points_e4: Vec<i64>,
    /// What is paid by amount out of the pool: by rate the whole standard, by points what does not go through points.
    pub amount_fen: Vec<i64>,
    /// What is paid by amount outside the pool.
    pub outside_fen: Vec<i64>,
    /// The deciding rule, a number in [`Priced::rules`].
    pub rule: Vec<u16>,
    /// The pool, a number in [`Priced::pools`]; [`Priced::NO_POOL`] for a case without one.
    pub pool: Vec<u8>,
    /// The cell, a number in [`Priced::cells`]; [`Priced::NO_CELL`] for a case without one.
    pub cell: Vec<u32>,
    /// Every rule of every pack.
    pub rules: Vec<(PackId, RuleNo)>,
    pub pools: Vec<String>,
    /// In no order that means anything.
    pub cells: Vec<Cell>,
}

impl Priced {
    pub const NO_POOL: u8 = u8::MAX;
    pub const NO_CELL: u32 = u32::MAX;

    #[must_use]
    pub fn len(&self) -> usize {
        self.case_kind.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.case_kind.is_empty()
    }

    /// The rule that decided the price of a row.
    #[must_use]
    pub fn rule_of<'s>(&self, row: usize, set: &'s PolicySet) -> &'s RuleRef {
        let (pack, rule) = self.rules[usize::from(self.rule[row])];
        set.packs[pack].rule(rule)
    }

    /// The values a row's formula used.
    #[must_use]
    pub fn cell_of(&self, row: usize) -> Option<&Cell> {
        self.cells.get(self.cell[row] as usize)
    }
}
