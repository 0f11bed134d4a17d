//! What stands against a record by itself: everything that needs no other record.

use std::collections::{BTreeMap, BTreeSet};

use super::parties::Party;
use super::reason::Reason;
use super::record::{Moment, Record, Test};
use super::rules::Rules;
use crate::ledger::Period;
use crate::policy::rules::{Counted, RecognitionInpatient, RecognitionRetest};
use crate::table::cell::date;

/// Tests by person and item.
pub type Tests<'a> = BTreeMap<(&'a str, &'a str), Vec<&'a Test>>;

/// Sorts tests by person and item, earliest first.
#[must_use]
pub fn by_person(tests: &[Test]) -> Tests<'_> {
    let mut sorted: Tests<'_> = BTreeMap::new();
    for test in tests {
        sorted.entry((&test.person, &test.item)).or_default().push(test);
    }
    sorted.values_mut().for_each(|tests| tests.sort_by_key(|test| (test.done, test.institution.as_str())));
    sorted
}

/// What guards look at beside the record.
pub struct Facts<'a> {
    pub period: Period,
    pub tests: &'a Tests<'a>,
    /// Settlements that the book has paid under DRG.
    pub drg_paid: &'a BTreeSet<String>,
}

/// The first guard that refuses; they are tried in one order for every pack.
pub fn refuse(record: &Record, rules: &Rules<'_>, facts: &Facts<'_>) -> Option<Reason> {
    let (Some(day), Some(reported)) = (date(record.recognised.day), date(record.reported.day)) else {
        return Some(Reason::BeforeReport { day: record.recognised.day, report: record.reported.day });
    };
    let unknown = |institution: &str, day| Reason::UnknownInstitution { institution: institution.to_owned(), day };
    if !record.accepted {
        return Some(Reason::NotRecognised(record.why_not.clone()));
    }
    if day < facts.period.first_day() && rules.earlier == Counted::Exclude {
        return Some(Reason::Earlier(record.recognised.day));
    }
    let Some(recogniser) = rules.parties.find(&record.recogniser, &record.recogniser_level, day) else {
        return Some(unknown(&record.recogniser, record.recognised.day));
    };
    let Some(issuer) = rules.parties.find(&record.issuer, &record.issuer_level, reported) else {
        return Some(unknown(&record.issuer, record.reported.day));
    };
    between(record, rules, &recogniser, &issuer)
        .or_else(|| in_time(record, rules))
        .or_else(|| (rules.guards.quality && record.quality != Some(true)).then_some(Reason::NoQuality))
        .or_else(|| is_inpatient(record, rules, facts).then_some(Reason::Inpatient))
        .or_else(|| tested(record, rules, facts.tests))
}

fn between(record: &Record, rules: &Rules<'_>, recogniser: &Party<'_>, issuer: &Party<'_>) -> Option<Reason> {
    let main = rules.main(&record.recogniser);
    if main == rules.main(&record.issuer) {
        return Some(Reason::OwnReport(main.to_owned()));
    }
    let out = rules.guards.between.iter().find(|scope| !scope.holds(recogniser, issuer));
    out.map(|scope| Reason::OutOfScope(*scope))
}

/// On the list on the day of recognition, after the report, and not too long after.
fn in_time(record: &Record, rules: &Rules<'_>) -> Option<Reason> {
    let day = record.recognised.day;
    let Some(days) = date(day).and_then(|on| rules.items.on(&record.item, on)) else {
        return Some(Reason::NotOnList { item: record.item.clone(), day });
    };
    if !record.recognised.not_before(record.reported) {
        return Some(Reason::BeforeReport { day, report: record.reported.day });
    }
    let age = day - record.reported.day;
    (age > days).then_some(Reason::TooOld { age, days })
}

fn is_inpatient(record: &Record, rules: &Rules<'_>, facts: &Facts<'_>) -> bool {
    match &rules.inpatient.value {
        RecognitionInpatient::Included {} => false,
        RecognitionInpatient::Excluded { med_types } => {
            !record.settlement.is_empty() || med_types.contains(&record.med_type)
        }
        RecognitionInpatient::ExcludedIfDrg {} => facts.drg_paid.contains(&record.settlement),
    }
}

/// The test was done after all, or had been billed while the report was valid.
fn tested(record: &Record, rules: &Rules<'_>, tests: &Tests<'_>) -> Option<Reason> {
    if let (Some(day), RecognitionRetest::ClawBack {}) = (tested_again(record, rules, tests), &rules.retest.value) {
        return Some(Reason::TestedAgain(day));
    }
    if !rules.guards.not_billed {
        return None;
    }
    let days = date(record.recognised.day).and_then(|day| rules.items.on(&record.item, day))?;
    let last = record.reported.day.saturating_add(days);
    let billed = own_tests(record, rules, tests).find(|test| (record.reported.day..=last).contains(&test.done.day));
    billed.map(|test| Reason::Billed(test.done.day))
}

/// The day of the first repeated test in the episode, at the recogniser, not before the recognition.
#[must_use]
pub fn tested_again(record: &Record, rules: &Rules<'_>, tests: &Tests<'_>) -> Option<i32> {
    let told = record.retested.filter(|done| done.not_before(record.recognised));
    let found = own_tests(record, rules, tests)
        .filter(|test| !record.visit.is_empty() && test.visit == record.visit)
        .map(|test| test.done)
        .find(|done: &Moment| done.not_before(record.recognised));
    told.into_iter().chain(found).map(|done| done.day).min()
}

/// Tests of the same person and item at the recogniser, earliest first.
fn own_tests<'a>(record: &'a Record, rules: &'a Rules<'_>, tests: &'a Tests<'_>) -> impl Iterator<Item = &'a Test> {
    let main = rules.main(&record.recogniser);
    let of_person = tests.get(&(record.person.as_str(), record.item.as_str()));
    of_person.into_iter().flatten().copied().filter(move |test| rules.main(&test.institution) == main)
}
