//! Why a record is not paid.

use crate::ledger::Period;
use crate::policy::rules::Between;
use crate::problem::Problem;
use crate::problem::catalogue::recognition as r;
use crate::table::cell::date;

/// The first thing that stood against a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    SameId,
    Repeated,
    NotRecognised(String),
    Later(i32),
    Earlier(i32),
    UnknownInstitution {
        institution: String,
        day: i32,
    },
    OwnReport(String),
    OutOfScope(Between),
    NotOnList {
        item: String,
        day: i32,
    },
    BeforeReport {
        day: i32,
        report: i32,
    },
    TooOld {
        age: i32,
        days: i32,
    },
    NoQuality,
    Inpatient,
    Billed(i32),
    TestedAgain(i32),
    PaidBefore {
        period: Period,
        record: String,
    },
    PingPong(String),
    CountedOnce(String),
    NoLevel(String),
    NoFee,
    NoFundShare(String),
    /// Of an award taken back: the period that paid, and the day of the repeated test.
    TakenBack {
        period: Period,
        day: i32,
    },
}

impl Reason {
    /// The reason as an entry of the catalogue with its words.
    #[must_use]
    pub fn problem(&self) -> Problem {
        match self {
            Reason::SameId => Problem::new(&r::SAME_ID),
            Reason::Repeated => Problem::new(&r::REPEATED),
            Reason::NotRecognised(why) => Problem::new(&r::NOT_RECOGNISED).with("why", or_dash(why)),
            Reason::Later(day) => Problem::new(&r::LATER).with("day", shown(*day)),
            Reason::Earlier(day) => Problem::new(&r::EARLIER).with("day", shown(*day)),
            Reason::UnknownInstitution { institution, day } => {
                Problem::new(&r::UNKNOWN_INSTITUTION).with("institution", institution).with("day", shown(*day))
            }
            Reason::OwnReport(institution) => Problem::new(&r::OWN_REPORT).with("institution", institution),
            Reason::OutOfScope(scope) => Problem::new(&r::OUT_OF_SCOPE).with("scope", scope_word(*scope)),
            Reason::NotOnList { item, day } => {
                Problem::new(&r::NOT_ON_LIST).with("item", item).with("day", shown(*day))
            }
            Reason::BeforeReport { day, report } => {
                Problem::new(&r::BEFORE_REPORT).with("day", shown(*day)).with("report", shown(*report))
            }
            Reason::TooOld { age, days } => Problem::new(&r::TOO_OLD).with("age", age).with("days", days),
            Reason::NoQuality => Problem::new(&r::NO_QUALITY),
            Reason::Inpatient => Problem::new(&r::INPATIENT),
            Reason::Billed(day) => Problem::new(&r::BILLED).with("day", shown(*day)),
            Reason::TestedAgain(day) => Problem::new(&r::TESTED_AGAIN).with("day", shown(*day)),
            Reason::PaidBefore { period, record } => {
                Problem::new(&r::PAID_BEFORE).with("period", period).with("record", record)
            }
            Reason::PingPong(record) => Problem::new(&r::PING_PONG).with("record", record),
            Reason::CountedOnce(record) => Problem::new(&r::COUNTED_ONCE).with("record", record),
            Reason::NoLevel(institution) => Problem::new(&r::NO_LEVEL).with("institution", institution),
            Reason::NoFee => Problem::new(&r::NO_FEE),
            Reason::NoFundShare(insutype) => Problem::new(&r::NO_FUND_SHARE).with("insutype", insutype),
            Reason::TakenBack { period, day } => {
                Problem::new(&r::TAKEN_BACK).with("period", period).with("day", shown(*day))
            }
        }
    }
}

/// The word of a scope in packs.
const fn scope_word(scope: Between) -> &'static str {
    match scope {
        Between::SameLevel => "same_level",
        Between::SameConsortium => "same_consortium",
        Between::SameCounty => "same_county",
    }
}

/// A day as files show it.
pub(super) fn shown(day: i32) -> String {
    date(day).map_or_else(String::new, |day| day.to_string())
}

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}
