//! Priced cases as plain columns: of one month's claims, or of a year's months read back from a book.

use std::borrow::Cow;

use super::due::Details;
use crate::claims::Claims;
use crate::pricing::{Priced, State};
use crate::text::Dictionary;

/// One row a case, or a correction of one: a correction has `count` 0 (or −1 where the case goes) and its differences
/// in
/// the other columns.
#[derive(Clone, Debug, Default)]
pub struct Cases<'a> {
    pub institution: Cow<'a, Dictionary>,
    pub insutype: Cow<'a, Dictionary>,
    /// Empty for an institution in none.
    pub consortium: Cow<'a, Dictionary>,
    /// Names of the pools.
    pub pools: Cow<'a, [String]>,
    /// Number among the pools; any number for a case that is out of scope.
    pub pool: Cow<'a, [u8]>,
    pub state: Cow<'a, [State]>,
    pub count: Cow<'a, [i8]>,
    pub points_e4: Cow<'a, [i64]>,
    pub amount_fen: Cow<'a, [i64]>,
    pub outside_fen: Cow<'a, [i64]>,
    pub total_fen: Cow<'a, [i64]>,
    /// `i64::MIN` where it is not known, as in the two below.
    pub fund_fen: Cow<'a, [i64]>,
    pub patient_fen: Cow<'a, [i64]>,
    pub other_fund_fen: Cow<'a, [i64]>,
    /// Weight of the group in millionths, `i64::MIN` for none.
    pub weight_e6: Cow<'a, [i64]>,
    pub details: Option<&'a Details>,
}

impl<'a> Cases<'a> {
    /// The cases of a run.
    #[must_use]
    pub fn of(claims: &'a Claims, priced: &'a Priced, details: Option<&'a Details>) -> Cases<'a> {
        let none = priced.cells.len();
        let cells = priced.cell.iter().map(|&cell| (cell as usize).min(none));
        let of_cell = |at: usize| priced.cells.get(at).and_then(|cell| cell.consortium.as_deref()).unwrap_or_default();
        let consortium = Dictionary::by_number(cells, none + 1, of_cell);
        let weight = |row| priced.cell_of(row).and_then(|cell| cell.weight_e6()).unwrap_or(i64::MIN);
        let weight_e6 = (0..priced.len()).map(weight).collect();
        Cases {
            institution: Cow::Borrowed(&claims.institution),
            insutype: Cow::Borrowed(&claims.insurance_type),
            consortium: Cow::Owned(consortium),
            pools: Cow::Borrowed(&priced.pools),
            pool: Cow::Borrowed(&priced.pool),
            state: Cow::Borrowed(&priced.state),
            count: Cow::Owned(vec![1; priced.len()]),
            points_e4: Cow::Borrowed(&priced.points_e4),
            amount_fen: Cow::Borrowed(&priced.amount_fen),
            outside_fen: Cow::Borrowed(&priced.outside_fen),
            total_fen: Cow::Borrowed(&claims.total_fen),
            fund_fen: Cow::Borrowed(&claims.fund_fen),
            patient_fen: Cow::Borrowed(&claims.patient_fen),
            other_fund_fen: Cow::Borrowed(&claims.other_fund_fen),
            weight_e6: Cow::Owned(weight_e6),
            details,
        }
    }

    /// One case of a run.
    #[must_use]
    pub fn of_row(claims: &Claims, priced: &Priced, row: usize) -> Cases<'static> {
        let cell = priced.cell_of(row);
        let one = |text: &str| {
            let mut column = Dictionary::default();
            column.push(text);
            Cow::Owned(column)
        };
        Cases {
            institution: one(claims.institution.get(row)),
            insutype: one(claims.insurance_type.get(row)),
            consortium: one(cell.and_then(|cell| cell.consortium.as_deref()).unwrap_or_default()),
            pools: Cow::Owned(priced.pools.clone()),
            pool: Cow::Owned(vec![priced.pool[row]]),
            state: Cow::Owned(vec![priced.state[row]]),
            count: Cow::Owned(vec![1]),
            points_e4: Cow::Owned(vec![priced.points_e4[row]]),
            amount_fen: Cow::Owned(vec![priced.amount_fen[row]]),
            outside_fen: Cow::Owned(vec![priced.outside_fen[row]]),
            total_fen: Cow::Owned(vec![claims.total_fen[row]]),
            fund_fen: Cow::Owned(vec![claims.fund_fen[row]]),
            patient_fen: Cow::Owned(vec![claims.patient_fen[row]]),
            other_fund_fen: Cow::Owned(vec![claims.other_fund_fen[row]]),
            weight_e6: Cow::Owned(vec![cell.and_then(|cell| cell.weight_e6()).unwrap_or(i64::MIN)]),
            details: None,
        }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.state.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.state.is_empty()
    }

    /// Whether a case shares the pool's money: one paid wholly outside does not.
    #[must_use]
    pub fn in_pool(&self, row: usize) -> bool {
        self.state[row] == State::Paid
            && (self.outside_fen[row] == 0 || self.points_e4[row] != 0 || self.amount_fen[row] != 0)
    }

    /// What the fund paid by item: `hifp_pay`, or else the bill less patient and other funds.
    #[must_use]
    pub fn fund_cost_fen(&self, row: usize) -> Option<i64> {
        let known = |fen: i64| Some(fen).filter(|fen| *fen != i64::MIN);
        known(self.fund_fen[row]).or_else(|| {
            self.total_fen[row]
                .checked_sub(known(self.patient_fen[row])?)?
                .checked_sub(known(self.other_fund_fen[row])?)
        })
    }
}
