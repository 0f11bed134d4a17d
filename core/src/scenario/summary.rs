//! A line a scenario and purse: totals, winners and losers.

use std::collections::BTreeMap;

use super::figures::{Key, Kind, Purse};
use super::measure::Measure;
use super::run::{Evaluation, Results};

/// What a scenario comes to in one purse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Position of the point.
    pub point: usize,
    pub purse: Purse,
    pub measure: Measure,
    pub baseline: i64,
    pub value: i64,
    /// Subjects that get more, less, the same.
    pub winners: i64,
    pub losers: i64,
    pub unchanged: i64,
    /// Who gains and who loses most.
    pub best: Option<(String, i64)>,
    pub worst: Option<(String, i64)>,
}

impl Line {
    #[must_use]
    pub fn difference(&self) -> i64 {
        self.value.saturating_sub(self.baseline)
    }
}

/// By which subjects and which figure winners are counted.
fn stake(purse: Purse, measures: &[Measure]) -> Option<(Kind, Measure)> {
    match purse {
        Purse::Insurance if measures.contains(&Measure::Net) => Some((Kind::Institution, Measure::Net)),
        Purse::Insurance => Some((Kind::Institution, Measure::Due)),
        Purse::Awards => Some((Kind::Payee, Measure::Amount)),
        Purse::Floors => Some((Kind::Government, Measure::Cost)),
    }
}

/// The lines of all points, in their order.
#[must_use]
pub fn lines(results: &Results) -> Vec<Line> {
    let purses = purses(results);
    let mut lines = Vec::new();
    for (number, evaluation) in results.points.iter().enumerate() {
        for purse in &purses {
            lines.extend(line(results, evaluation, number, *purse));
        }
    }
    lines
}

/// What a point comes to for a subject whose gain or loss counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stake<'r> {
    pub purse: Purse,
    pub measure: Measure,
    pub subject: &'r str,
    pub baseline: i64,
    pub value: i64,
}

impl Stake<'_> {
    #[must_use]
    pub fn difference(&self) -> i64 {
        self.value.saturating_sub(self.baseline)
    }
}

/// The purses that results have.
#[must_use]
pub fn purses(results: &Results) -> Vec<Purse> {
    let mut purses: Vec<Purse> = results.keys.iter().map(|key| key.purse).collect();
    purses.sort_unstable();
    purses.dedup();
    purses
}

/// The subjects of a purse under a point, in the order of their codes.
#[must_use]
pub fn stakes<'r>(results: &'r Results, evaluation: &Evaluation, purse: Purse) -> Vec<Stake<'r>> {
    let measures: Vec<Measure> = results.keys.iter().filter(|key| key.purse == purse).map(|key| key.measure).collect();
    let Some((kind, measure)) = stake(purse, &measures) else { return Vec::new() };
    let mut by_subject: BTreeMap<&str, Stake<'r>> = BTreeMap::new();
    let wanted = |key: &Key| key.purse == purse && key.kind == kind && key.measure == measure;
    for (at, key) in results.keys.iter().enumerate().filter(|(_, key)| wanted(key)) {
        let new = || Stake { purse, measure, subject: &key.subject, baseline: 0, value: 0 };
        let own = by_subject.entry(&key.subject).or_insert_with(new);
        own.baseline = own.baseline.saturating_add(results.baseline[at].unwrap_or_default());
        own.value = own.value.saturating_add(evaluation.values[at].unwrap_or_default());
    }
    by_subject.into_values().collect()
}

fn line(results: &Results, evaluation: &Evaluation, point: usize, purse: Purse) -> Option<Line> {
    let stakes = stakes(results, evaluation, purse);
    let measure = stakes.first()?.measure;
    let sum = |of: fn(&Stake<'_>) -> i64| stakes.iter().fold(0i64, |sum, one| sum.saturating_add(of(one)));
    let count = |is: fn(i64) -> bool| stakes.iter().filter(|one| is(one.difference())).count() as i64;
    let by_size = |a: &&Stake<'_>, b: &&Stake<'_>| a.difference().cmp(&b.difference()).then(b.subject.cmp(a.subject));
    let best = stakes.iter().filter(|one| one.difference() > 0).max_by(by_size);
    let by_loss = |a: &&Stake<'_>, b: &&Stake<'_>| a.difference().cmp(&b.difference()).then(a.subject.cmp(b.subject));
    let worst = stakes.iter().filter(|one| one.difference() < 0).min_by(by_loss);
    let owned = |one: &Stake<'_>| (one.subject.to_owned(), one.difference());
    Some(Line {
        point,
        purse,
        measure,
        baseline: sum(|one| one.baseline),
        value: sum(|one| one.value),
        winners: count(|difference| difference > 0),
        losers: count(|difference| difference < 0),
        unchanged: count(|difference| difference == 0),
        best: best.map(owned),
        worst: worst.map(owned),
    })
}
