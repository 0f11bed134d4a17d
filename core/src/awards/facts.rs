//! What the rules are put to: events, the past, payments received, revocations, indicators.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::model::{Level, SubjectKind};
use crate::money::Fen;
use crate::problem::Problem;

/// Where an input stands, for messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// File, and sheet if it has sheets.
    pub file: Arc<str>,
    /// The header is row 1.
    pub row: u64,
}

impl Origin {
    /// A problem at this row.
    #[must_use]
    pub fn at(&self, problem: Problem) -> Problem {
        if self.row == 0 { problem } else { problem.file(self.file.clone()).row(self.row) }
    }
}

/// Somebody who can be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    pub id: String,
    pub name: String,
    pub kind: SubjectKind,
    /// The government whose treasury is the same level (同级财政).
    pub place: String,
    /// The agreed share, in any unit common to the parties of the event.
    pub share: Option<Decimal>,
}

/// A named achievement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: String,
    /// Code of the policy's list.
    pub achievement: String,
    pub grade: String,
    /// What the achievement is about: specialty, project. Empty when it is the subject itself.
    pub item: String,
    /// The lead first.
    pub parties: Vec<Party>,
    /// Publicly run (公立).
    pub public: Option<bool>,
    /// Date of the official naming document.
    pub named: NaiveDate,
    pub applied: Option<NaiveDate>,
    pub paid: Option<NaiveDate>,
    pub reviewed: Option<NaiveDate>,
    /// Number of the naming document.
    pub document: String,
    pub quantity: Option<Decimal>,
    pub base: Option<Fen>,
    /// What a higher level has awarded for the same fact.
    pub higher_award: Option<Fen>,
    /// Place in a ranking; only events made from indicators have one.
    pub rank: Option<Ranked>,
    pub origin: Origin,
}

/// A place in a ranking: `tied` subjects share the ranks from `rank` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranked {
    pub rank: u32,
    pub tied: u32,
    /// Which of the tied, in order of subject code, from 0.
    pub nth: u32,
}

impl Event {
    /// The lead party. An event without one does not exist: readers refuse it.
    #[must_use]
    pub fn lead(&self) -> &Party {
        self.parties.first().expect("Invariant: an event has a lead")
    }

    /// Whether an award to `subject` named on a day is this event's: numbers of events may begin anew every year.
    #[must_use]
    pub fn is_of(&self, subject: &str, named: NaiveDate) -> bool {
        self.named == named && self.lead().id == subject
    }
}

/// A title somebody holds or held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    pub subject: String,
    pub achievement: String,
    pub grade: String,
    pub item: String,
    pub named: NaiveDate,
    /// The day it was lost; `None`: still held.
    pub lost: Option<NaiveDate>,
}

/// One legal person that came out of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    pub subject: String,
    pub predecessor: String,
}

/// What a payment is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaidFor {
    Award(String),
    Event(String),
    /// All items of a place and award year, not told apart.
    PlaceYear {
        place: String,
        year: i32,
    },
}

/// Money of a treasury that has arrived (到位资金).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Voucher number: the same payment handed in twice counts once.
    pub id: String,
    pub paid_for: PaidFor,
    pub level: Level,
    /// The paying government.
    pub place: String,
    pub date: NaiveDate,
    /// Negative when money was withdrawn again.
    pub amount: Fen,
    pub origin: Origin,
}

/// A title taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    pub target: RevokedTitle,
    pub date: NaiveDate,
    pub document: String,
    pub origin: Origin,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RevokedTitle {
    Award(String),
    Event(String),
    Title { subject: String, achievement: String, grade: String, item: String },
}

/// An indicator of a subject in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    pub party: Party,
    pub public: Option<bool>,
    pub year: i32,
    pub name: String,
    pub value: Decimal,
    pub origin: Origin,
}

/// All inputs of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    pub events: Vec<Event>,
    pub history: Vec<Title>,
    pub successions: Vec<Succession>,
    pub payments: Vec<Payment>,
    pub revocations: Vec<Revocation>,
    pub indicators: Vec<Indicator>,
}

impl Inputs {
    /// The years that rows are dated in; history is of the past and does not count.
    #[must_use]
    pub fn years(&self) -> BTreeSet<i32> {
        let events = self.events.iter().map(|event| event.named.year());
        let payments = self.payments.iter().map(|payment| payment.date.year());
        let revocations = self.revocations.iter().map(|revocation| revocation.date.year());
        let indicators = self.indicators.iter().map(|indicator| indicator.year);
        events.chain(payments).chain(revocations).chain(indicators).collect()
    }

    /// What is dated up to a day, and how many rows are not: those belong to a later period.
    #[must_use]
    pub fn until(&self, day: NaiveDate) -> (Inputs, usize) {
        let mut kept = self.clone();
        kept.events.retain(|event| event.named <= day);
        kept.payments.retain(|payment| payment.date <= day);
        kept.revocations.retain(|revocation| revocation.date <= day);
        kept.indicators.retain(|indicator| indicator.year <= day.year());
        let rows = |inputs: &Inputs| {
            inputs.events.len() + inputs.payments.len() + inputs.revocations.len() + inputs.indicators.len()
        };
        let left = rows(self) - rows(&kept);
        (kept, left)
    }
}
