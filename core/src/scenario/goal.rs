//! The value of a parameter that brings a figure to a target, found by bisection on decimals.

use rust_decimal::Decimal;

use super::change::of_number;
use super::evaluate::{evaluate, told};
use super::file::{self, Side};
use super::point::Point;
use super::run::{Base, GoOn};
use super::target::Target;
use crate::problem::Problem;
use crate::problem::Problems;
use crate::problem::catalogue::scenario as x;

/// Values tried between the bounds, to see whether the figure only rises or only falls.
const SAMPLES: i64 = 8;

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The target is reached to the unit.
    Exact,
    /// The nearest value on the side asked for.
    Near,
    /// No value between the bounds brings the figure there.
    OutOfReach,
    /// The figure does not depend on the parameter.
    Flat,
    /// The figure both rises and falls: bisection would prove nothing.
    NotMonotone,
}

impl Found {
    /// The code written to files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Found::Exact => "exact",
            Found::Near => "near",
            Found::OutOfReach => "out_of_reach",
            Found::Flat => "flat",
            Found::NotMonotone => "not_monotone",
        }
    }
}

/// The answer of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub name: String,
    pub path: String,
    pub found: Found,
    /// The parameter's value; `None` without an answer.
    pub value: Option<Decimal>,
    /// The figure at it.
    pub reached: Option<i64>,
    pub target: i64,
    pub measure: super::Measure,
    /// The figure at the bounds.
    pub at_low: i64,
    pub at_high: i64,
}

/// Searches.
pub fn seek(base: &Base, goal: &file::Goal, go_on: &GoOn<'_>) -> Result<Answer, Problems> {
    let target = Target::of(&goal.target, &goal.name, &base.figures()?)?;
    let digits = goal.digits.0 as u32;
    let bad = || Problems::from(Problem::new(&x::BAD_GOAL).with("name", &goal.name));
    let wanted = goal.value.0.checked_mul(Decimal::from(10i64.pow(target.measure.scale().digits()))).ok_or_else(bad)?;
    let wanted = i64::try_from(wanted.normalize()).ok().filter(|_| wanted.fract().is_zero()).ok_or_else(bad)?;
    let scale = Decimal::from(10i64.pow(digits));
    let unit = |bound: Decimal| bound.checked_mul(scale).and_then(|units| i64::try_from(units.ceil()).ok());
    let (low, high) = (unit(goal.low.0).ok_or_else(bad)?, unit(goal.high.0).ok_or_else(bad)?);
    if low >= high {
        return Err(bad());
    }
    let search = Search { base, goal, target, digits, go_on };
    let (at_low, at_high) = (search.at(low)?, search.at(high)?);
    let measure = search.target.measure;
    let none = |found| Answer {
        name: goal.name.clone(),
        path: goal.path.clone(),
        found,
        value: None,
        reached: None,
        target: wanted,
        measure,
        at_low,
        at_high,
    };
    if let Some(found) = search.trouble((low, at_low), (high, at_high), wanted)? {
        return Ok(none(found));
    }
    let rises = at_high > at_low;
    // The last value at which the figure has not passed the target, and the next.
    let passed = |figure: i64| if rises { figure > wanted } else { figure < wanted };
    let (mut near, mut far) = ((low, at_low), (high, at_high));
    if !passed(at_high) {
        near = far;
    }
    while far.0 - near.0 > 1 {
        let middle = near.0 + (far.0 - near.0) / 2;
        let figure = search.at(middle)?;
        if passed(figure) { far = (middle, figure) } else { near = (middle, figure) }
    }
    let before = match goal.side {
        _ if near.1 == wanted || near.0 == far.0 => true,
        Side::AtMost => rises,
        Side::AtLeast => !rises,
        Side::Nearest => wanted.abs_diff(near.1) <= wanted.abs_diff(far.1),
    };
    let (units, reached) = if before { near } else { far };
    let found = if reached == wanted { Found::Exact } else { Found::Near };
    Ok(Answer { value: Some(Decimal::new(units, digits)), reached: Some(reached), ..none(found) })
}

/// The goals of a study at both bounds, for checking their paths and values before anything is computed.
#[must_use]
pub fn bounds(study: &file::Study) -> Vec<Point> {
    let bound = |goal: &file::Goal, value: Decimal| {
        let moves = vec![of_number(goal.change, &goal.path, value)];
        Point { name: goal.name.clone(), group: goal.name.clone(), moves }
    };
    study.goal.iter().flatten().flat_map(|goal| [goal.low.0, goal.high.0].map(|value| bound(goal, value))).collect()
}

struct Search<'a> {
    base: &'a Base,
    goal: &'a file::Goal,
    target: Target,
    digits: u32,
    go_on: &'a GoOn<'a>,
}

impl Search<'_> {
    /// The figure at a value, in units of its last digit.
    fn at(&self, units: i64) -> Result<i64, Problems> {
        (self.go_on)()?;
        let change = of_number(self.goal.change, &self.goal.path, Decimal::new(units, self.digits));
        let point = Point { name: self.goal.name.clone(), group: self.goal.name.clone(), moves: vec![change] };
        let found = evaluate(self.base, &point.moves).map_err(|problems| told(&point, problems))?;
        Ok(self.target.value(&found.figures).unwrap_or_default())
    }

    /// Why there is no answer, if there is none.
    fn trouble(&self, low: (i64, i64), high: (i64, i64), wanted: i64) -> Result<Option<Found>, Problems> {
        let mut figures = vec![low.1];
        let width = high.0 - low.0;
        for step in 1..SAMPLES.min(width) {
            let offset = i128::from(width) * i128::from(step) / i128::from(SAMPLES.min(width));
            figures.push(self.at(low.0 + offset as i64)?);
        }
        figures.push(high.1);
        let rises = figures.windows(2).any(|pair| pair[1] > pair[0]);
        let falls = figures.windows(2).any(|pair| pair[1] < pair[0]);
        Ok(match (rises, falls) {
            (true, true) => Some(Found::NotMonotone),
            (false, false) => Some(Found::Flat).filter(|_| low.1 != wanted),
            _ if wanted < low.1.min(high.1) || wanted > low.1.max(high.1) => Some(Found::OutOfReach),
            _ => None,
        })
    }
}
