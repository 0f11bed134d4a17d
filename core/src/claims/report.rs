//! What became of the rows that were read.

use std::collections::BTreeMap;

use super::fields::Field;
use crate::problem::Problems;

/// A number of rows and the sum of their `medfee_sumamt`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub rows: u64,
    pub fen: i128,
    /// Rows whose amount could not be read, and so is not in `fen`.
    pub without_amount: u64,
}

impl Tally {
    pub(super) fn add(&mut self, amount: Option<i64>) {
        self.rows += 1;
        match amount {
            Some(fen) => self.fen += i128::from(fen),
            None => self.without_amount += 1,
        }
    }

    pub(super) fn add_without_amount(&mut self, rows: u64) {
        self.rows += rows;
        self.without_amount += rows;
    }

    #[must_use]
    pub(super) fn plus(self, other: Tally) -> Tally {
        Tally {
            rows: self.rows + other.rows,
            fen: self.fen + other.fen,
            without_amount: self.without_amount + other.without_amount,
        }
    }
}

impl Tally {
    /// Without some of the rows.
    #[must_use]
    pub(super) fn minus(self, other: Tally) -> Tally {
        Tally {
            rows: self.rows - other.rows,
            fen: self.fen - other.fen,
            without_amount: self.without_amount - other.without_amount,
        }
    }
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReport {
    pub name: String,
    pub rows: u64,
}

/// The report on a run: input = accepted + rejected + excluded, by rows and by fen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadReport {
    pub files: Vec<FileReport>,
    pub input: Tally,
    pub accepted: Tally,
    pub rejected: Tally,
    pub excluded: Tally,
    /// Values brought to the usual form, a field.
    pub normalised: BTreeMap<Field, u64>,
    /// Float amounts that rounding changed, a field.
    pub floats_changed: BTreeMap<Field, u64>,
    pub warnings: Problems,
}

impl ReadReport {
    /// Panics when a row or a fen is lost.
    pub(super) fn assert_conserved(&self) {
        let out = self.accepted.plus(self.rejected).plus(self.excluded);
        assert_eq!(self.input, out, "Invariant: claims in = accepted + rejected + excluded");
    }
}
