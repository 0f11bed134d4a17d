//! Prices as columns.

use std::sync::Arc;

use super::cell::Cell;
use super::exact::Exact;
use super::kind::{CaseKind, Reason, State};
use crate::policy::{PackId, PolicySet, RuleNo, RuleRef, Share};

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
    pub cells: Arc<[Cell]>,
    /// What changed prices after their kind was found, in the order of rows.
    pub adjusted: Vec<Adjusted>,
    /// Stays of earlier periods that a stay of this run reduces.
    pub past: Vec<PastReduction>,
}

/// Some rows of prices, to be filled in.
pub(super) struct RowsMut<'a> {
    pub case_kind: &'a mut [CaseKind],
    pub state: &'a mut [State],
    pub reason: &'a mut [Reason],
    pub points_e4: &'a mut [i64],
    pub amount_fen: &'a mut [i64],
    pub outside_fen: &'a mut [i64],
    pub rule: &'a mut [u16],
    pub pool: &'a mut [u8],
    pub cell: &'a mut [u32],
}

/// An adjustment of one case.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjusted {
    pub row: usize,
    /// A number in [`Priced::rules`].
    pub rule: u16,
    /// The factor of points, where it is one.
    pub factor: Option<Exact>,
}

/// A stay of an earlier period to be reduced because of a readmission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastReduction {
    /// Position among [`super::Options::past`].
    pub past: usize,
    /// `setl_id` of the second stay.
    pub later: String,
    pub rule: u16,
    /// The share of points kept.
    pub kept: Share,
    /// What that leaves of the stay, where it was priced again with it; else it is a share of the points as published.
    pub left: Option<Left>,
}

/// What a readmission leaves of a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    pub points_e4: i64,
    pub amount_fen: i64,
    /// Points, amount within and outside the pool at clearing, where the share of TCM in the cost matters.
    pub clearing: Option<[i64; 3]>,
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

    /// Rows to be filled in.
    pub(super) fn with_rows(rows: usize) -> Priced {
        Priced {
            case_kind: vec![CaseKind::Excluded; rows],
            state: vec![State::Excluded; rows],
            reason: vec![Reason::None; rows],
            points_e4: vec![0; rows],
            amount_fen: vec![0; rows],
            outside_fen: vec![0; rows],
            rule: vec![0; rows],
            pool: vec![Priced::NO_POOL; rows],
            cell: vec![Priced::NO_CELL; rows],
            ..Priced::default()
        }
    }

    /// The rows in parts, to be filled in side by side.
    pub(super) fn parts_mut(&mut self, rows: usize) -> Vec<RowsMut<'_>> {
        let parts = self.len().div_ceil(rows);
        let (mut case_kind, mut state) = (self.case_kind.chunks_mut(rows), self.state.chunks_mut(rows));
        let (mut reason, mut points_e4) = (self.reason.chunks_mut(rows), self.points_e4.chunks_mut(rows));
        let (mut amount_fen, mut outside_fen) = (self.amount_fen.chunks_mut(rows), self.outside_fen.chunks_mut(rows));
        let (mut rule, mut pool) = (self.rule.chunks_mut(rows), self.pool.chunks_mut(rows));
        let mut cell = self.cell.chunks_mut(rows);
        let part = |_| {
            Some(RowsMut {
                case_kind: case_kind.next()?,
                state: state.next()?,
                reason: reason.next()?,
                points_e4: points_e4.next()?,
                amount_fen: amount_fen.next()?,
                outside_fen: outside_fen.next()?,
                rule: rule.next()?,
                pool: pool.next()?,
                cell: cell.next()?,
            })
        };
        (0..parts).map_while(part).collect()
    }

    /// Appends the rows of another, of which the adjustments count rows from `base` on.
    pub(super) fn append(&mut self, more: Priced, base: usize) {
        self.case_kind.extend(more.case_kind);
        self.state.extend(more.state);
        self.reason.extend(more.reason);
        self.points_e4.extend(more.points_e4);
        self.amount_fen.extend(more.amount_fen);
        self.outside_fen.extend(more.outside_fen);
        self.rule.extend(more.rule);
        self.pool.extend(more.pool);
        self.cell.extend(more.cell);
        self.adjusted.extend(more.adjusted.into_iter().map(|one| Adjusted { row: base + one.row, ..one }));
    }

    /// Appends a row of another, without its adjustments.
    pub(super) fn push_row(&mut self, other: &Priced, row: usize) {
        self.case_kind.push(other.case_kind[row]);
        self.state.push(other.state[row]);
        self.reason.push(other.reason[row]);
        self.points_e4.push(other.points_e4[row]);
        self.amount_fen.push(other.amount_fen[row]);
        self.outside_fen.push(other.outside_fen[row]);
        self.rule.push(other.rule[row]);
        self.pool.push(other.pool[row]);
        self.cell.push(other.cell[row]);
    }

    /// The rule that decided the price of a row.
    #[must_use]
    pub fn rule_of<'s>(&self, row: usize, set: &'s PolicySet) -> &'s RuleRef {
        let (pack, rule) = self.rules[usize::from(self.rule[row])];
        set.packs[pack].rule(rule)
    }

    /// The adjustments of a row.
    pub fn adjusted_of(&self, row: usize) -> &[Adjusted] {
        let from = self.adjusted.partition_point(|one| one.row < row);
        let to = self.adjusted.partition_point(|one| one.row <= row);
        &self.adjusted[from..to]
    }

    /// The values a row's formula used.
    #[must_use]
    pub fn cell_of(&self, row: usize) -> Option<&Cell> {
        self.cells.get(self.cell[row] as usize)
    }
}
