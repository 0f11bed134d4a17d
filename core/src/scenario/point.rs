//! From the file to points: one by one, and every combination of a grid.

use rust_decimal::Decimal;

use super::change::{Move, moves, of, of_number, shown};
use super::drawn::{of_draws, of_tornado};
use super::file::{Axis, Grid, Study};
use crate::problem::catalogue::scenario as x;
use crate::problem::{Problem, Problems};

/// Most points of one grid.
const POINTS_MAX: usize = 1_000_000;

/// One scenario to evaluate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    pub name: String,
    /// The grid or the draws it belongs to; empty for a scenario of its own.
    pub group: String,
    pub moves: Vec<Move>,
}

impl Point {
    /// Its changes on one line.
    #[must_use]
    pub fn shown(&self) -> String {
        self.moves.iter().map(shown).collect::<Vec<_>>().join("; ")
    }
}

/// The scenarios, grids, sensitivity tables and draws of a file in their order.
pub fn points(study: &Study) -> Result<Vec<Point>, Problems> {
    let mut problems = Problems::new();
    let mut points = Vec::new();
    for scenario in study.scenario.iter().flatten() {
        let moves = moves(scenario);
        points.push(Point { name: scenario.name.clone(), group: String::new(), moves });
    }
    for grid in study.grid.iter().flatten() {
        points.extend(of_grid(grid, &mut problems));
    }
    points.extend(study.tornado.iter().flatten().flat_map(of_tornado));
    for draws in study.draws.iter().flatten() {
        match of_draws(draws) {
            Ok(drawn) => points.extend(drawn),
            Err(found) => problems.append(found),
        }
    }
    let mut names: Vec<&str> = points.iter().map(|point| point.name.as_str()).collect();
    names.sort_unstable();
    for pair in names.windows(2).filter(|pair| pair[0] == pair[1]) {
        problems.push(Problem::new(&x::NAME_TWICE).with("name", pair[0]));
    }
    if problems.has_errors() { Err(problems) } else { Ok(points) }
}

fn of_grid(grid: &Grid, problems: &mut Problems) -> Vec<Point> {
    let axes: Vec<Vec<Move>> = grid.axis.iter().map(|axis| of_axis(grid, axis, problems)).collect();
    let count = axes.iter().try_fold(1usize, |count, axis| count.checked_mul(axis.len()));
    let Some(count) = count.filter(|count| *count <= POINTS_MAX) else {
        problems.push(Problem::new(&x::TOO_MANY_POINTS).with("name", &grid.name).with("limit", POINTS_MAX));
        return Vec::new();
    };
    let point = |mut number: usize| {
        let mut moves: Vec<Move> = Vec::with_capacity(axes.len());
        // The last axis runs fastest.
        for axis in axes.iter().rev() {
            moves.push(axis[number % axis.len()].clone());
            number /= axis.len();
        }
        moves.reverse();
        let values: Vec<String> = moves.iter().map(value_of).collect();
        Point { name: format!("{} [{}]", grid.name, values.join(", ")), group: grid.name.clone(), moves }
    };
    (0..count).map(point).collect()
}

/// The value a change carries, for names.
pub(super) fn value_of(change: &Move) -> String {
    let shown = shown(change);
    shown.strip_prefix(change.path.as_str()).unwrap_or(&shown).trim_start_matches([' ', '=']).to_owned()
}

fn of_axis(grid: &Grid, axis: &Axis, problems: &mut Problems) -> Vec<Move> {
    let bad = || Problem::new(&x::BAD_AXIS).with("name", &grid.name).with("path", &axis.path);
    let moves = match (&axis.values, axis.from, axis.to, axis.step) {
        (Some(values), None, None, None) => {
            values.iter().map(|value| of(axis.change, &axis.path, value)).collect::<Option<Vec<Move>>>()
        }
        (None, Some(from), Some(to), Some(step)) if step.0 > Decimal::ZERO && to.0 >= from.0 => {
            steps(from.0, to.0, step.0)
                .map(|numbers| numbers.into_iter().map(|number| of_number(axis.change, &axis.path, number)).collect())
        }
        _ => None,
    };
    match moves {
        Some(moves) if !moves.is_empty() => moves,
        _ => {
            problems.push(bad());
            Vec::new()
        }
    }
}

/// `from`, `from + step` … up to `to`. `None` for too many.
fn steps(from: Decimal, to: Decimal, step: Decimal) -> Option<Vec<Decimal>> {
    let mut numbers = Vec::new();
    let mut next = from;
    while next <= to {
        if numbers.len() == POINTS_MAX {
            return None;
        }
        numbers.push(next);
        next = next.checked_add(step)?;
    }
    Some(numbers)
}
