//! What a run decides: awards, the lines that pay them, and what was not paid and why.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::facts::Payment;
use super::model::{Level, SubjectKind};
use crate::money::Fen;
use crate::problem::{Lang, Problem};

/// A sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    pub zh: String,
    pub en: String,
}

impl Note {
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

/// Switches that decided something, as `name=reading`, in order of name.
pub type Decided = BTreeSet<String>;

/// An award: what an achievement is worth under a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Award {
    /// The rule and what makes the achievement one: `A7:TJ01:心血管内科`. A later achievement of the same name, where
    /// a switch allows one, ends in `#2`, `#3` …
    pub id: String,
    pub rule: String,
    pub event: String,
    pub achievement: String,
    pub grade: String,
    pub item: String,
    /// Code and name of the lead, and the place whose treasury is its own.
    pub subject: String,
    pub subject_name: String,
    pub place: String,
    pub named: NaiveDate,
    pub year: i32,
    /// By the tier table.
    pub gross: Fen,
    /// What the person's share in a team's award took off when the award was made.
    pub offset: Fen,
    /// After every reduction: Σ of all phases of all payees.
    pub amount: Fen,
    pub switches: Decided,
    pub citation: String,
    pub simulation: bool,
}

/// Why a line is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineKind {
    /// The award itself.
    Award,
    /// The municipal second award.
    Second,
    /// Taken back because the title was revoked.
    ClawBack,
    /// Taken back because a higher tier stands in its place.
    Replaced,
    /// Taken off a person's own award because of the share in a team's.
    Offset,
}

impl LineKind {
    pub const ALL: [LineKind; 5] =
        [LineKind::Award, LineKind::Second, LineKind::ClawBack, LineKind::Replaced, LineKind::Offset];

    /// Takes back what an award has paid.
    #[must_use]
    pub const fn takes_back(self) -> bool {
        matches!(self, LineKind::ClawBack | LineKind::Replaced | LineKind::Offset)
    }

    /// The code written to files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            LineKind::Award => "award",
            LineKind::Second => "second",
            LineKind::ClawBack => "claw_back",
            LineKind::Replaced => "replaced",
            LineKind::Offset => "team_share",
        }
    }

    #[must_use]
    pub const fn chinese(self) -> &'static str {
        match self {
            LineKind::Award => "奖补",
            LineKind::Second => "二次奖补",
            LineKind::ClawBack => "追回",
            LineKind::Replaced => "冲回",
            LineKind::Offset => "抵扣",
        }
    }
}

/// Money from one treasury to one payee. Negative: taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Award and number: `A7:TJ01:心血管内科/1`.
    pub id: String,
    pub award: String,
    pub rule: String,
    pub kind: LineKind,
    /// From 1.
    pub phase: u32,
    pub payee: String,
    pub payee_name: String,
    pub payee_kind: SubjectKind,
    /// The place whose treasury is the payee's own.
    pub payee_place: String,
    pub treasury_level: Level,
    pub treasury: String,
    pub amount: Fen,
    pub payable_on: NaiveDate,
    pub year: i32,
    /// The line that this one takes back, or an empty text.
    pub corrects: String,
    pub switches: Decided,
    pub citation: String,
    pub simulation: bool,
}

/// A step of the way to a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub award: String,
    /// The rule applied: the award's own, or the second award's.
    pub rule: String,
    pub note: Note,
    /// The figure after this step, if it has one.
    pub amount: Option<Fen>,
    pub citation: String,
}

/// An event that pays nothing, or nothing more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub event: String,
    pub rule: String,
    pub subject: String,
    pub subject_name: String,
    pub item: String,
    pub place: String,
    pub named: NaiveDate,
    pub reason: Problem,
    pub switches: Decided,
}

/// How much of the money that the second award waits for has arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InPlace {
    /// An award, or a place and year.
    pub scope: String,
    pub place: String,
    pub year: i32,
    pub due: Fen,
    pub paid: Fen,
    pub in_place: bool,
}

/// Everything a run decides. Lines may belong to awards of earlier runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub awards: Vec<Award>,
    pub lines: Vec<Line>,
    pub steps: Vec<Step>,
    pub refusals: Vec<Refusal>,
    pub in_place: Vec<InPlace>,
    /// Inputs that fit nothing; none of them changes an amount.
    pub warnings: Vec<Problem>,
}

/// What earlier runs have decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prior {
    pub awards: Vec<Award>,
    pub lines: Vec<Line>,
    pub payments: Vec<Payment>,
}

impl Prior {
    /// Adds what a run has decided and the payments it was told of.
    pub fn extend(&mut self, outcome: &Outcome, payments: &[Payment]) {
        self.awards.extend(outcome.awards.iter().cloned());
        self.lines.extend(outcome.lines.iter().cloned());
        let mut known: BTreeSet<String> = self.payments.iter().map(|payment| payment.id.clone()).collect();
        self.payments.extend(payments.iter().filter(|payment| known.insert(payment.id.clone())).cloned());
    }
}
