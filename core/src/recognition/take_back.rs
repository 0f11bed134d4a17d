//! Awards of earlier periods whose test was repeated after all.

use std::collections::BTreeMap;

use super::guard::{Tests, tested_again};
use super::record::{Earlier, Moment, Record};
use super::rules::Rules;
use crate::policy::rules::RecognitionRetest;
use crate::table::cell::date;

/// An award taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack<'a> {
    pub award: &'a Earlier,
    /// The day of the repeated test.
    pub day: i32,
    /// The number of the pack that asks for it.
    pub pack: usize,
}

/// The awards to take back, in the order of their period and id. A record given again may tell of the test.
pub fn take_back<'a>(
    earlier: &'a [Earlier],
    records: &[Record],
    tests: &Tests<'_>,
    packs: &[Rules<'_>],
) -> Vec<TakenBack<'a>> {
    let mut told: BTreeMap<&str, Moment> = BTreeMap::new();
    for record in records {
        if let Some(done) = record.retested {
            let known = told.entry(&record.id).or_insert(done);
            *known = (*known).min(done);
        }
    }
    let mut found: Vec<TakenBack<'a>> = (earlier.iter())
        .filter(|award| !award.taken_back)
        .filter_map(|award| {
            let day = date(award.record.recognised.day)?;
            let pack = packs.iter().position(|rules| rules.is_valid(day))?;
            if packs[pack].retest.value != (RecognitionRetest::ClawBack {}) {
                return None;
            }
            let record = Record { retested: told.get(award.record.id.as_str()).copied(), ..award.record.clone() };
            let day = tested_again(&record, &packs[pack], tests)?;
            Some(TakenBack { award, day, pack })
        })
        .collect();
    found.sort_by(|a, b| (a.award.period, &a.award.record.id).cmp(&(b.award.period, &b.award.record.id)));
    found
}
