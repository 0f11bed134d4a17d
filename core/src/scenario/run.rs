//! All points of a file over one baseline, in parallel.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::change::Move;
use super::evaluate::{PROBLEMS_MAX, Sides, check, check_points, evaluate, told};
use super::figures::{Figures, Key};
use super::fiscal::{Awards, Floors};
use super::insurance::{Insurance, Way};
use super::point::Point;
use super::projection::Growth;
use crate::problem::catalogue::scenario as x;
use crate::problem::{Problem, Problems};

/// Everything scenarios are compared with.
#[derive(Clone, Debug, Default)]
pub struct Base {
    pub insurance: Option<Insurance>,
    pub awards: Option<Awards>,
    pub floors: Option<Floors>,
    /// What subjects are called, by code.
    pub names: BTreeMap<String, String>,
}

/// Hears how many points are done.
pub type Told<'t> = dyn Fn(usize) + Sync + 't;

/// Hears how many points are done, and may refuse to go on.
pub type Heard<'t> = dyn Fn(usize) -> Result<(), Problems> + Sync + 't;

/// Asked before each step of long work; may refuse to go on.
pub type GoOn<'t> = dyn Fn() -> Result<(), Problems> + 't;

/// The figures of the baseline and of each point.
#[derive(Clone, Debug, Default)]
pub struct Results {
    /// Every figure that the baseline or a point has, in order.
    pub keys: Vec<Key>,
    /// By key; `None` where there is no such figure.
    pub baseline: Vec<Option<i64>>,
    pub points: Vec<Evaluation>,
    pub warnings: Problems,
}

/// A point and its figures.
#[derive(Clone, Debug)]
pub struct Evaluation {
    pub point: Point,
    /// By key, as [`Results::keys`].
    pub values: Vec<Option<i64>>,
    /// The way insurance took.
    pub way: Option<Way>,
}

impl Base {
    /// The figures of the baseline.
    pub fn figures(&self) -> Result<Figures, Problems> {
        let mut figures = Figures::default();
        if let Some(insurance) = &self.insurance {
            figures.0.extend(insurance.baseline()?.0);
        }
        figures.0.extend(self.fiscal(&[], &[])?.0);
        Ok(figures)
    }

    /// The figures of the fiscal sides under their changes.
    pub(super) fn fiscal(&self, awards: &[Move], floors: &[Move]) -> Result<Figures, Problems> {
        let mut figures = Figures::default();
        if let Some(side) = &self.awards {
            figures.0.extend(side.evaluate(awards)?.0);
        }
        if let Some(side) = &self.floors {
            figures.0.extend(side.evaluate(floors)?.0);
        }
        Ok(figures)
    }

    /// The figures of a year to come.
    pub(super) fn grown(&self, moves: &[Move], growth: Growth) -> Result<Figures, Problems> {
        let sides = Sides::of(self, moves)?;
        let mut figures = self.fiscal(&sides.awards, &sides.floors)?;
        if let Some(insurance) = &self.insurance {
            figures.0.extend(insurance.grown(&sides.insurance, growth)?.0);
        }
        Ok(figures)
    }

    /// Adds the names of award subjects, also of those that points add.
    pub fn name_subjects(&mut self, points: &[Point]) {
        if let Some(awards) = &self.awards {
            let adds = |change: &&Move| change.path.ends_with(super::edit::ADD);
            let moves: Vec<Move> = points.iter().flat_map(|point| &point.moves).filter(adds).cloned().collect();
            self.names.extend(awards.names(&moves));
        }
    }
}

/// Evaluates every point. The order of points and the number of threads change no figure.
pub fn run(base: &Base, points: &[Point], tell: &Told<'_>) -> Result<Results, Problems> {
    run_until(base, points, &|done| {
        tell(done);
        Ok(())
    })
}

/// As [`run`], until `tell` refuses to go on.
///
/// # Errors
/// What stopped it, and nothing else.
pub fn run_until(base: &Base, points: &[Point], tell: &Heard<'_>) -> Result<Results, Problems> {
    let mut problems = Problems::new();
    points.iter().for_each(|point| problems.append(check(base, point)));
    if problems.has_errors() {
        return check_points(base, points).and(Err(problems));
    }
    let baseline = base.figures()?;
    let keys: Vec<Key> = baseline.0.keys().cloned().collect();
    let (done, stopped) = (AtomicUsize::new(0), OnceLock::new());
    let evaluated: Vec<Result<Aligned, Problems>> = points
        .par_iter()
        .map(|point| {
            stopped.get().map_or(Ok(()), |problems: &Problems| Err(problems.clone()))?;
            let found = evaluate(base, &point.moves).map_err(|problems| told(point, problems));
            if let Err(problems) = tell(done.fetch_add(1, Ordering::Relaxed) + 1) {
                // Threads that stop at the same time stop for the same reason.
                let _ = stopped.set(problems);
            }
            found.map(|found| align(&keys, found.figures, found.way))
        })
        .collect();
    if let Some(problems) = stopped.into_inner() {
        return Err(problems);
    }
    let mut rows = Vec::with_capacity(points.len());
    for found in evaluated {
        match found {
            Ok(row) => rows.push(row),
            Err(found) => problems.append(found),
        }
    }
    if problems.has_errors() {
        problems.0.truncate(PROBLEMS_MAX);
        return Err(problems);
    }
    Ok(join(points, keys, &baseline, rows))
}

/// Values by the keys of the baseline, and what is not among them.
struct Aligned {
    values: Vec<Option<i64>>,
    more: Figures,
    way: Option<Way>,
}

/// Both are in the order of keys.
fn align(keys: &[Key], figures: Figures, way: Option<Way>) -> Aligned {
    let mut own = figures.0.into_iter().peekable();
    let (mut values, mut more) = (Vec::with_capacity(keys.len()), Vec::new());
    for key in keys {
        more.extend(std::iter::from_fn(|| own.next_if(|(other, _)| other < key)));
        values.push(own.next_if(|(other, _)| other == key).map(|(_, units)| units));
    }
    more.extend(own);
    Aligned { values, more: Figures(more.into_iter().collect()), way }
}

fn join(points: &[Point], keys: Vec<Key>, baseline: &Figures, rows: Vec<Aligned>) -> Results {
    let more: BTreeSet<Key> = rows.iter().flat_map(|row| row.more.0.keys().cloned()).collect();
    let mut warnings = Problems::new();
    let known: Vec<Option<i64>> = baseline.0.values().map(|units| Some(*units)).collect();
    for (point, row) in points.iter().zip(&rows) {
        if point.group.is_empty() && row.values == known && row.more.0.is_empty() {
            warnings.push(Problem::new(&x::NO_EFFECT).with("name", &point.name));
        }
    }
    let evaluation = |(point, row): (&Point, Aligned)| {
        let values = row.values.into_iter().chain(more.iter().map(|key| row.more.0.get(key).copied())).collect();
        Evaluation { point: point.clone(), values, way: row.way }
    };
    let evaluations = points.iter().zip(rows).map(evaluation).collect();
    let baseline = known.into_iter().chain(more.iter().map(|_| None)).collect();
    let keys = keys.into_iter().chain(more).collect();
    Results { keys, baseline, points: evaluations, warnings }
}
