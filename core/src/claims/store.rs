//! The accepted claims of a run, given out chunk by chunk in the order of `setl_id`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::columns::Claims;
use crate::problem::Problem;
use crate::text::Text;

/// Accepted claims by `setl_id`. Chunks have the texts of all in their dictionaries, in the order of the texts.
#[derive(Clone, Debug, Default)]
pub struct ClaimStore {
    whole: Claims,
}

/// What names claims, and their bills.
#[derive(Clone, Debug, Default)]
pub struct ClaimIds {
    pub setl_id: Text,
    pub total_fen: Vec<i64>,
}

impl ClaimStore {
    /// Claims that are all there, by `setl_id`.
    #[must_use]
    pub(super) fn of(whole: Claims) -> ClaimStore {
        ClaimStore { whole }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.whole.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All claims.
    #[must_use]
    pub fn into_whole(self) -> Claims {
        self.whole
    }

    /// Some of the claims.
    pub fn chunk(&self, rows: Range<usize>) -> Result<Claims, Problem> {
        Ok(self.whole.slice(rows))
    }

    /// Which of the parts of bills any file has, in the order of [`super::BillParts::columns`].
    #[must_use]
    pub fn has_parts(&self) -> [bool; 5] {
        self.whole.parts.columns().map(|column| !column.is_empty())
    }

    /// Only the columns `setl_id` and `medfee_sumamt` of some of the claims.
    pub fn ids(&self, rows: Range<usize>) -> Result<ClaimIds, Problem> {
        Ok(ClaimIds {
            setl_id: self.whole.stays.setl_id.slice(rows.clone()),
            total_fen: self.whole.total_fen[rows].to_vec(),
        })
    }

    /// Only the column `psn_no` of some of the claims.
    pub fn persons(&self, rows: Range<usize>) -> Result<Text, Problem> {
        Ok(self.whole.psn_no.slice(rows))
    }

    /// The dictionaries of all claims, with a row for each pair of institution and level that occurs; the other columns
    /// have no rows.
    #[must_use]
    pub fn texts(&self) -> Claims {
        let mut texts = self.whole.slice(0..0);
        let pairs = self.whole.institution.ids().iter().zip(self.whole.hospital_level.ids());
        let pairs: BTreeSet<(u32, u32)> = pairs.map(|(&institution, &level)| (institution, level)).collect();
        for (institution, level) in pairs {
            texts.stays.setl_id.push("");
            texts.institution.push_id(institution);
            texts.hospital_level.push_id(level);
        }
        texts
    }

    /// Leaves out the claims of these rows.
    pub fn leave_out(&mut self, rows: &BTreeSet<usize>) {
        if rows.is_empty() {
            return;
        }
        let kept = (0..self.len()).filter(|row| !rows.contains(row));
        let kept = kept.map(|row| u32::try_from(row).expect("Invariant: the intake bounds the number of rows"));
        let kept: Vec<u32> = kept.collect();
        self.whole = std::mem::take(&mut self.whole).take(&kept);
    }
}
