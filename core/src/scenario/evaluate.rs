//! One point over all sides of a baseline.

use super::change::{Move, shown};
use super::edit::ADD;
use super::figures::Figures;
use super::fiscal::is_rule;
use super::insurance::Way;
use super::point::Point;
use super::run::Base;
use crate::policy::{Bundle, Change, Place};
use crate::problem::catalogue::policy as p;
use crate::problem::catalogue::scenario as x;
use crate::problem::{Problem, Problems};
use crate::text::closest;

/// The figures of a point, and the way insurance took.
#[derive(Clone, Debug, Default)]
pub(super) struct Evaluated {
    pub figures: Figures,
    pub way: Option<Way>,
}

/// The changes of a point by the side that they reach.
#[derive(Clone, Debug, Default)]
pub(super) struct Sides {
    pub insurance: Vec<Move>,
    pub awards: Vec<Move>,
    pub floors: Vec<Move>,
}

impl Sides {
    /// Finds the side of each change. Every change must reach exactly one.
    pub(super) fn of(base: &Base, moves: &[Move]) -> Result<Sides, Problems> {
        let mut sides = Sides::default();
        let mut problems = Problems::new();
        for change in moves {
            match sides.of_one(base, change) {
                [true, false, false] => sides.insurance.push(change.clone()),
                [false, true, false] => sides.awards.push(change.clone()),
                [false, false, true] => sides.floors.push(change.clone()),
                [false, false, false] => {
                    let near = nearest(base, change).unwrap_or_else(|| "-".to_owned());
                    problems.push(Problem::new(&p::UNKNOWN_PATCH).with("path", &change.path).with("closest", near));
                }
                _ => problems.push(Problem::new(&x::AMBIGUOUS_PATH).with("path", &change.path)),
            }
        }
        if problems.has_errors() { Err(problems) } else { Ok(sides) }
    }

    fn of_one(&self, base: &Base, change: &Move) -> [bool; 3] {
        // With one side only, evaluating it tells all that is wrong.
        if base.awards.is_none() && base.floors.is_none() {
            return [true, false, false];
        }
        let insurance = base.insurance.as_ref();
        [
            insurance.is_some_and(|side| is_rule(&change.path) && !side.bundle().find(&change.path).is_empty()),
            base.awards.as_ref().is_some_and(|side| side.reaches(change).is_ok()),
            base.floors.as_ref().is_some_and(|side| side.reaches(change).is_ok()),
        ]
    }
}

/// The closest path of any side.
fn nearest(base: &Base, change: &Move) -> Option<String> {
    let of_insurance = base.insurance.iter().filter_map(|side| {
        let found = side.bundle().compile(std::slice::from_ref(change)).err().unwrap_or_default();
        let args = found.0.into_iter().filter(|problem| problem.entry == &p::UNKNOWN_PATCH).flat_map(|p| p.args);
        args.into_iter().find(|(name, value)| *name == "closest" && value != "-").map(|(_, value)| value)
    });
    let of_awards = base.awards.iter().filter_map(|side| side.reaches(change).err().flatten());
    let of_floors = base.floors.iter().filter_map(|side| side.reaches(change).err().flatten());
    let all: Vec<String> = of_insurance.chain(of_awards).chain(of_floors).collect();
    closest(&change.path, all.iter().map(String::as_str)).map(str::to_owned).or_else(|| all.first().cloned())
}

/// Evaluates changes over every side of the baseline that they reach; the others keep their figures.
pub(super) fn evaluate(base: &Base, moves: &[Move]) -> Result<Evaluated, Problems> {
    let sides = Sides::of(base, moves)?;
    let mut out = Evaluated { figures: base.fiscal(&sides.awards, &sides.floors)?, way: None };
    if let Some(insurance) = &base.insurance {
        let (mut figures, way) = insurance.evaluate(&sides.insurance)?;
        out.figures.0.append(&mut figures.0);
        out.way = Some(way);
    }
    Ok(out)
}

/// Most problems of points that are told.
pub(super) const PROBLEMS_MAX: usize = 50;

/// Checks every point against packs and forms alone: paths, and values within their ranges.
pub fn check_points(base: &Base, points: &[Point]) -> Result<(), Problems> {
    let mut problems = Problems::new();
    for point in points {
        // What is wrong with one change hides nothing of the others.
        let mut good = point.clone();
        good.moves.retain(|change| {
            let found = check(base, &Point { moves: vec![change.clone()], ..point.clone() });
            let is_good = !found.has_errors();
            problems.append(found);
            is_good
        });
        if let Err(found) = compiles(base, &good.moves) {
            problems.append(told(&good, found));
        }
        if problems.0.len() >= PROBLEMS_MAX {
            break;
        }
    }
    problems.0.truncate(PROBLEMS_MAX);
    if problems.has_errors() { Err(problems) } else { Ok(()) }
}

/// Whether every pack can be read under changes: values within their ranges, rules that fit together.
fn compiles(base: &Base, moves: &[Move]) -> Result<(), Problems> {
    let sides = Sides::of(base, moves)?;
    if let Some(side) = &base.insurance {
        side.bundle().compile(&sides.insurance)?;
    }
    base.fiscal(&sides.awards, &sides.floors).map(|_| ())
}

/// What is wrong with a point's changes: unknown paths, and, in a scenario of its own, changes that change nothing.
pub(super) fn check(base: &Base, point: &Point) -> Problems {
    let mut problems = Problems::new();
    let bundles: Vec<&Bundle> = base.insurance.iter().map(super::Insurance::bundle).collect();
    let bundles = bundles.into_iter().chain(base.awards.iter().map(|side| &side.bundle));
    let bundles: Vec<&Bundle> = bundles.chain(base.floors.iter().map(|side| &side.bundle)).collect();
    for change in &point.moves {
        let places: Vec<Place> = bundles.iter().flat_map(|bundle| bundle.find(&change.path)).collect();
        let reached = !places.is_empty() || Sides::of(base, std::slice::from_ref(change)).is_ok();
        let same = || point.group.is_empty().then(|| same_cells(base, change)).flatten();
        if !reached || (places.is_empty() && is_rule(&change.path)) {
            let near = nearest(base, change).unwrap_or_else(|| "-".to_owned());
            let problem = Problem::new(&x::UNKNOWN_PATH).with("name", &point.name).with("path", &change.path);
            problems.push(problem.with("closest", near));
        } else if point.group.is_empty() && !places.is_empty() && places.iter().all(|at| is_same(change, &at.value)) {
            let value = places.first().map_or("", |place| place.value.as_str());
            let problem = Problem::new(&x::TOUCHES_NOTHING).with("name", &point.name).with("path", &change.path);
            problems.push(problem.with("value", value));
        } else if let Some(value) = same() {
            let problem = Problem::new(&x::TOUCHES_NOTHING).with("name", &point.name).with("path", &change.path);
            problems.push(problem.with("value", value));
        }
    }
    problems
}

/// What stands already where a change of forms would change nothing.
fn same_cells(base: &Base, change: &Move) -> Option<String> {
    if is_rule(&change.path) {
        return None;
    }
    let of_awards = base.awards.iter().filter_map(|side| side.reaches(change).ok().flatten());
    let of_floors = base.floors.iter().filter_map(|side| side.reaches(change).ok().flatten());
    of_awards.chain(of_floors).find_map(|edits| edits.same().map(str::to_owned))
}

fn is_same(change: &Move, value: &str) -> bool {
    match &change.change {
        Change::Set(new) => {
            let number = |text: &str| crate::policy::node::plain_decimal(text.trim_matches('"'));
            new == value || number(new).is_some_and(|new| Some(new) == number(value))
        }
        Change::Times(factor) => *factor == rust_decimal::Decimal::ONE,
        Change::Plus(addend) => addend.is_zero(),
    }
}

/// Problems of a point, with its name.
pub(super) fn told(point: &Point, problems: Problems) -> Problems {
    let of_point = |problem: Problem| {
        let arg = |wanted: &str| {
            problem.args.iter().find(|(name, _)| *name == wanted).map_or("-", |(_, value)| value.as_str()).to_owned()
        };
        if problem.entry == &p::UNKNOWN_PATCH {
            let unknown = Problem::new(&x::UNKNOWN_PATH).with("name", &point.name);
            return unknown.with("path", arg("path")).with("closest", arg("closest"));
        }
        let place = match &problem.place.rule {
            Some(rule) => format!("{}: {rule}", point.name),
            None if problem.place.file.as_deref().is_some_and(|file| file.ends_with(ADD)) => point.name.clone(),
            None => format!("{}: {}", point.name, point.moves.iter().map(shown).collect::<Vec<_>>().join("; ")),
        };
        problem.rule(place)
    };
    Problems(problems.into_iter().map(of_point).collect())
}
