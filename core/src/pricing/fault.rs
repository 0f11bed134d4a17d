//! What can be wrong with a case's price, counted over all cases.

use std::collections::BTreeMap;

use crate::policy::PolicySet;
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};

/// A fault, ordered so that problems come out alike whatever the order of rows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    NoDischargeDate,
    NoSettlementDate,
    NoPack,
    InsuranceType(String),
    Institution(String),
    Amount(&'static str),
    LengthOfStay(String),
    Person(String),
    MissingWeight(String),
    Level { level: String, known: String, rule: String },
    NoLine { drg: String, rule: String },
    Coefficient { rule: String },
    NoReference(String),
    ZeroReference(String),
    NoRate(String),
    NoPoolMean(String),
    Overflow,
}

/// How many cases have a fault, and the first of them by text.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    cases: u64,
    /// The least example, as (what, where): claim, or institution and group.
    example: Option<(String, String)>,
    days: Option<(i32, i32)>,
}

/// Faults with their tallies.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults(BTreeMap<Fault, Tally>);

impl Faults {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn add(&mut self, fault: Fault, cases: u64, example: (&str, &str)) {
        let tally = self.0.entry(fault).or_default();
        tally.cases += cases;
        let lower = tally.example.as_ref().is_none_or(|own| example < (own.0.as_str(), own.1.as_str()));
        if lower {
            tally.example = Some((example.0.to_owned(), example.1.to_owned()));
        }
    }

    pub(super) fn add_day(&mut self, fault: Fault, day: i32, example: &str) {
        self.add(fault.clone(), 1, (example, ""));
        if let Some(tally) = self.0.get_mut(&fault) {
            let (from, to) = tally.days.unwrap_or((day, day));
            tally.days = Some((from.min(day), to.max(day)));
        }
    }

    pub(super) fn append(&mut self, other: Faults) {
        for (fault, tally) in other.0 {
            if let Some((what, place)) = &tally.example {
                self.add(fault.clone(), tally.cases, (what, place));
            }
            if let (Some((from, to)), Some(own)) = (tally.days, self.0.get_mut(&fault)) {
                let (a, b) = own.days.unwrap_or((from, to));
                own.days = Some((a.min(from), b.max(to)));
            }
        }
    }

    pub(super) fn problems(self, set: &PolicySet) -> Problems {
        let pools = || {
            let names = set.packs.iter().flat_map(|pack| pack.pools.value.pools());
            let mut types: Vec<String> = names.flat_map(|(_, types)| types.into_iter().map(str::to_owned)).collect();
            types.sort();
            types.dedup();
            types.join(", ")
        };
        let problem = |(fault, tally): (Fault, Tally)| {
            let (what, place) = tally.example.unwrap_or_default();
            let cases = tally.cases;
            match fault {
                Fault::NoDischargeDate => Problem::new(&m::NO_DISCHARGE_DATE).with("cases", cases).with("claim", what),
                Fault::NoSettlementDate => {
                    Problem::new(&m::NO_SETTLEMENT_DATE).with("cases", cases).with("claim", what)
                }
                Fault::NoPack => {
                    let (from, to) = tally.days.unwrap_or_default();
                    Problem::new(&m::NO_PACK_FOR_DATE)
                        .with("cases", cases)
                        .with("from", day(from))
                        .with("to", day(to))
                        .with("covered", set.covered())
                }
                Fault::InsuranceType(insutype) => Problem::new(&m::UNKNOWN_INSURANCE_TYPE)
                    .with("insutype", insutype)
                    .with("cases", cases)
                    .with("known", pools()),
                Fault::Institution(code) => {
                    Problem::new(&m::UNKNOWN_INSTITUTION).with("institution", code).with("cases", cases)
                }
                Fault::Amount(column) => {
                    Problem::new(&m::NO_AMOUNT).with("column", column).with("cases", cases).with("claim", what)
                }
                Fault::LengthOfStay(rule) => {
                    Problem::new(&m::NO_LENGTH_OF_STAY).with("cases", cases).with("claim", what).with("rule", rule)
                }
                Fault::Person(rule) => {
                    Problem::new(&m::NO_PERSON).with("cases", cases).with("claim", what).with("rule", rule)
                }
                Fault::MissingWeight(drg) => Problem::new(&m::MISSING_WEIGHT).with("drg", drg).with("cases", cases),
                Fault::Level { level, known, rule } => Problem::new(&m::UNKNOWN_LEVEL)
                    .with("level", level)
                    .with("known", known)
                    .with("rule", rule)
                    .with("institution", what)
                    .with("drg", place),
                Fault::NoLine { drg, rule } => Problem::new(&m::NO_LINE).with("drg", drg).with("rule", rule),
                Fault::Coefficient { rule } => {
                    Problem::new(&m::NO_COEFFICIENT).with("institution", what).with("rule", rule)
                }
                Fault::NoReference(drg) => Problem::new(&m::NO_REFERENCE).with("drg", drg),
                Fault::ZeroReference(drg) => Problem::new(&m::ZERO_REFERENCE).with("drg", drg),
                Fault::NoRate(pool) => Problem::new(&m::NO_RATE).with("pool", pool),
                Fault::NoPoolMean(pool) => Problem::new(&m::NO_POOL_MEAN).with("pool", pool),
                Fault::Overflow => {
                    let named = format!("{what} {place}");
                    let case = "病例价格 / the price of a case";
                    Problem::new(&m::OVERFLOW)
                        .with("what", Some(named.trim()).filter(|w| !w.is_empty()).unwrap_or(case))
                }
            }
        };
        Problems(self.0.into_iter().map(problem).collect())
    }
}

/// A day number as a date.
fn day(days: i32) -> String {
    chrono::NaiveDate::from_epoch_days(days).map_or_else(|| days.to_string(), |date| date.to_string())
}
