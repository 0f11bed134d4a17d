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
    let mut purses: Vec<Purse> = results.keys.iter().map(|key| key.purse).collect();
    purses.sort_unstable();
    purses.dedup();
    let mut lines = Vec::new();
    for (number, evaluation) in results.points.iter().enumerate() {
        for purse in &purses {
            lines.extend(line(results, evaluation, number, *purse));
        }
    }
    lines
}

fn line(results: &Results, evaluation: &Evaluation, point: usize, purse: Purse) -> Option<Line> {
    let measures: Vec<Measure> = results.keys.iter().filter(|key| key.purse == purse).map(|key| key.measure).collect();
    let (kind, measure) = stake(purse, &measures)?;
    let (mut baseline, mut value) = (0i64, 0i64);
    let mut by_subject: BTreeMap<&str, i64> = BTreeMap::new();
    let wanted = |key: &Key| key.purse == purse && key.kind == kind && key.measure == measure;
    for (at, key) in results.keys.iter().enumerate().filter(|(_, key)| wanted(key)) {
        let (before, after) = (results.baseline[at].unwrap_or_default(), evaluation.values[at].unwrap_or_default());
        baseline = baseline.saturating_add(before);
        value = value.saturating_add(after);
        let own = by_subject.entry(&key.subject).or_default();
        *own = own.saturating_add(after.saturating_sub(before));
    }
    let count = |is: fn(i64) -> bool| by_subject.values().filter(|d| is(**d)).count() as i64;
    let best = by_subject.iter().filter(|(_, d)| **d > 0).max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
    let worst = by_subject.iter().filter(|(_, d)| **d < 0).min_by(|a, b| a.1.cmp(b.1).then(a.0.cmp(b.0)));
    let owned = |(subject, difference): (&&str, &i64)| ((*subject).to_owned(), *difference);
    Some(Line {
        point,
        purse,
        measure,
        baseline,
        value,
        winners: count(|d| d > 0),
        losers: count(|d| d < 0),
        unchanged: count(|d| d == 0),
        best: best.map(owned),
        worst: worst.map(owned),
    })
}
