//! The compiled, immutable award policy: what a pack says, checked once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::switches::Switches;
use crate::money::Fen;
pub use crate::policy::fiscal::{CapScope, ClawbackPart, Comparison, HistoryTest, Level, OncePer, SubjectKind, Ties};

impl Level {
    pub const ALL: [Level; 3] = [Level::Province, Level::City, Level::County];

    /// The code written to packs and files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Level::Province => "province",
            Level::City => "city",
            Level::County => "county",
        }
    }

    #[must_use]
    pub const fn chinese(self) -> &'static str {
        match self {
            Level::Province => "省级",
            Level::City => "市级",
            Level::County => "县级",
        }
    }
}

impl SubjectKind {
    pub const ALL: [SubjectKind; 4] =
        [SubjectKind::Person, SubjectKind::Team, SubjectKind::Institution, SubjectKind::Place];

    /// The code written to packs and files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            SubjectKind::Person => "person",
            SubjectKind::Team => "team",
            SubjectKind::Institution => "institution",
            SubjectKind::Place => "place",
        }
    }

    #[must_use]
    pub const fn chinese(self) -> &'static str {
        match self {
            SubjectKind::Person => "个人",
            SubjectKind::Team => "团队",
            SubjectKind::Institution => "单位",
            SubjectKind::Place => "地方",
        }
    }
}

/// A government whose treasury can pay. `parent` is the place one or more levels up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceInfo {
    pub name: String,
    pub level: Level,
    pub parent: Option<String>,
}

/// A kind of achievement (成果类型) and the grades it is given in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Achievement {
    pub code: String,
    pub name: String,
    pub grades: Vec<String>,
}

/// Where a rule stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Citation {
    /// The document's title and number.
    pub document: String,
    pub article: String,
}

impl std::fmt::Display for Citation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.document, self.article)
    }
}

/// A question the pack itself asks, which its tiers and caps refer to by `when = "name=reading"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    pub title: String,
    /// Reading and its text, the default first.
    pub readings: Vec<(String, String)>,
    /// The reading in force.
    pub value: String,
}

/// Holds only under one reading of a declared switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    pub switch: String,
    pub reading: String,
}

/// What sets a rule off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// An event that names an achievement.
    Event { achievement: String },
    /// A subject's indicator of a year (or its change from the year before) passes a test.
    Indicator { indicator: String, change: bool, test: Comparison, threshold: Decimal },
    /// The best `top` subjects of a year by an indicator.
    Ranking { indicator: String, top: u32, highest_first: bool, ties: Ties },
}

impl Comparison {
    #[must_use]
    pub fn holds(self, value: Decimal, threshold: Decimal) -> bool {
        match self {
            Comparison::AtLeast => value >= threshold,
            Comparison::Above => value > threshold,
            Comparison::AtMost => value <= threshold,
            Comparison::Below => value < threshold,
        }
    }

    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Comparison::AtLeast => "≥",
            Comparison::Above => ">",
            Comparison::AtMost => "≤",
            Comparison::Below => "<",
        }
    }
}

/// A line of a rule's tier table: the first that fits pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Grades it is for; empty: any.
    pub grades: Vec<String>,
    /// Ranks it is for, both ends included; `None`: any.
    pub ranks: Option<(u32, u32)>,
    pub amount: Amount,
    pub when: Option<When>,
}

/// How an amount comes about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amount {
    Fixed(Fen),
    /// So much a unit of the event's quantity or the indicator's value (人头、床位 …).
    PerUnit(Fen),
    /// So much for each whole `step` by which the value exceeds `from`.
    Steps {
        from: Decimal,
        step: Decimal,
        each: Fen,
    },
    /// By the band the value lies in: lower end included, upper end excluded.
    Bands(Vec<Band>),
    /// A share of the event's base amount (配套).
    Matching {
        rate: Decimal,
    },
    /// The value times a base.
    Coefficient {
        base: Fen,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    pub from: Decimal,
    pub to: Option<Decimal>,
    pub pays: Fen,
}

/// Membership in a group of tiers that the switch `tiers` makes exclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRank {
    pub group: String,
    /// The higher tier has the higher rank.
    pub rank: u32,
    /// Holding a tier means having passed those below: one at or below the highest ever held is no step up.
    pub steps: bool,
}

/// What must hold beside the trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    Public,
    /// The lead holds a title on the day of naming.
    Holds {
        achievement: String,
        grade: Option<String>,
    },
    /// An indicator of the lead in the award year.
    Indicator {
        indicator: String,
        test: Comparison,
        threshold: Decimal,
    },
}

/// Which treasuries pay a payee whose own treasury is of a level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Funding {
    /// Shares that sum to 1. A level that is not here is paid by the same-level treasury (同级财政).
    pub by_level: BTreeMap<Level, Vec<(Level, Decimal)>>,
}

/// An upper limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cap {
    pub scope: CapScope,
    pub limit: Fen,
    pub when: Option<When>,
}

/// A part of an award that is paid by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    pub share: Decimal,
    /// Payable so many months after naming.
    pub after_months: u32,
    /// Payable only once the event has passed its review.
    pub needs_review: bool,
}

/// How much is taken back when a title is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clawback {
    /// Revoked on or before this anniversary of naming; `None`: however late.
    pub years: Option<u32>,
    pub part: ClawbackPart,
}

/// One award rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub id: String,
    pub title: String,
    pub citation: Citation,
    pub trigger: Trigger,
    pub subject: SubjectKind,
    pub tiers: Vec<Tier>,
    pub once_per: OncePer,
    pub history: HistoryTest,
    pub group: Option<GroupRank>,
    pub preconditions: Vec<Precondition>,
    pub funding: Funding,
    pub caps: Vec<Cap>,
    /// Shares that sum to 1; one phase of 1 when the rule names none.
    pub phases: Vec<Phase>,
    /// The share that the first, second … award of the rule to a subject is paid at; the last holds on.
    pub decay: Vec<Decimal>,
    /// Applied for within so many days of naming.
    pub deadline_days: Option<u32>,
    pub clawback: Clawback,
    /// The pack's switches with this rule's own on top.
    pub switches: Switches,
    /// The switches that the rule reads by itself, whatever the pack's reading.
    pub own: BTreeSet<String>,
}

impl Rule {
    /// Whether a held grade is one this rule pays for.
    #[must_use]
    pub fn covers_grade(&self, grade: &str) -> bool {
        self.tiers.iter().any(|tier| tier.grades.is_empty() || tier.grades.iter().any(|g| g == grade))
    }
}

/// The municipal second award (二次奖补).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondAward {
    pub id: String,
    pub title: String,
    pub citation: Citation,
    pub rate: Decimal,
    /// In place when paid ÷ due is at least this.
    pub threshold: Decimal,
    /// The level whose money must be in place.
    pub gate_level: Level,
    /// The level that pays the second award.
    pub pays_level: Level,
    /// Shares of place, institutions (and teams), persons under `second_payee = by_rule`.
    pub shares: Option<[Decimal; 3]>,
    pub switches: Switches,
    /// The switches that the rule reads by itself.
    pub own: BTreeSet<String>,
}

/// A compiled award policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub id: String,
    pub title: String,
    /// The text is not in force: every result is marked.
    pub simulation: bool,
    pub from: NaiveDate,
    /// The last day; `None`: open.
    pub to: Option<NaiveDate>,
    pub places: Vec<PlaceInfo>,
    pub achievements: Vec<Achievement>,
    pub rules: Vec<Rule>,
    pub second: Option<SecondAward>,
    pub switches: Switches,
    pub declared: BTreeMap<String, Declared>,
    /// Figures the source does not give, each with its stated default.
    pub placeholders: Vec<String>,
}

impl Policy {
    #[must_use]
    pub fn place(&self, name: &str) -> Option<&PlaceInfo> {
        self.places.iter().find(|place| place.name == name)
    }

    /// The place of `level` that `name` is or lies in.
    #[must_use]
    pub fn place_at(&self, name: &str, level: Level) -> Option<&PlaceInfo> {
        let mut place = self.place(name)?;
        for _ in Level::ALL {
            if place.level == level {
                return Some(place);
            }
            place = self.place(place.parent.as_deref()?)?;
        }
        None
    }

    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// Whether a condition on a declared switch holds.
    #[must_use]
    pub fn holds(&self, when: &When) -> bool {
        self.declared.get(&when.switch).is_some_and(|switch| switch.value == when.reading)
    }

    /// The first day a rule pays for, and the last.
    #[must_use]
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.from <= date && self.to.is_none_or(|to| date <= to)
    }
}
