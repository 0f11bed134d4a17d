//! What is read: recognitions, tests done, and what earlier periods paid.

pub use crate::claims::Moment;
use crate::ledger::Period;

impl Moment {
    /// Whether this is not before `other`. Where one of the two is known by its day only, one day is not before itself.
    #[must_use]
    pub fn not_before(self, other: Moment) -> bool {
        match (self.second, other.second) {
            (Some(own), Some(of_other)) => (self.day, own) >= (other.day, of_other),
            _ => self.day >= other.day,
        }
    }
}

/// One result of another institution that was recognised, or was not. Texts that were not given are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    /// `record_id`
    pub id: String,
    /// `psn_no`
    pub person: String,
    /// `insutype`
    pub insutype: String,
    /// `mdtrt_id`, the visit at the recogniser
    pub visit: String,
    /// `setl_id`, the inpatient settlement of the visit
    pub settlement: String,
    /// `med_type`
    pub med_type: String,
    /// `item_code`
    pub item: String,
    /// `fixmedins_code`, the institution that recognised
    pub recogniser: String,
    /// `hosp_lv`, its level, where there is no register
    pub recogniser_level: String,
    /// `issuer_code`, the institution that issued the report
    pub issuer: String,
    /// `issuer_lv`
    pub issuer_level: String,
    /// `report_id`
    pub report: String,
    /// `report_time`
    pub reported: Moment,
    /// `recog_time`
    pub recognised: Moment,
    /// `recog_flag`: 1 recognised, 0 not
    pub accepted: bool,
    /// `reason`, why not
    pub why_not: String,
    /// `quality`: 1 certified, 0 not
    pub quality: Option<bool>,
    /// `fee`, what the exam cost, in fen
    pub fee_fen: Option<i64>,
    /// `retest_time`, when the same test was done after all in the same episode
    pub retested: Option<Moment>,
    /// `dr_code`, who recognised
    pub doctor: String,
    /// `result_hash`
    pub hash: String,
}

/// A test that was done and billed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Test {
    /// `psn_no`
    pub person: String,
    /// `fixmedins_code`
    pub institution: String,
    /// `mdtrt_id`
    pub visit: String,
    /// `item_code`
    pub item: String,
    /// `done_time`
    pub done: Moment,
}

/// What an institution gets of an award: money, or points in its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub fen: i64,
    pub points_e4: i64,
}

/// An award of an earlier period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    pub period: Period,
    pub record: Record,
    /// What the award was worth after any cap.
    pub amount_fen: i64,
    pub recogniser: Part,
    pub issuer: Part,
    /// A later period took it back.
    pub taken_back: bool,
}
