//! Points of sensitivity tables and of draws.

use rust_decimal::Decimal;

use super::change::of_number;
use super::draw::{Distribution, Random};
use super::file::{Drawn, Draws, Number, Shaped, Tornado};
use super::point::Point;
use crate::problem::catalogue::scenario as x;
use crate::problem::{Problem, Problems};

/// Two points a parameter: low, then high.
#[must_use]
pub fn of_tornado(tornado: &Tornado) -> Vec<Point> {
    let points = tornado.input.iter().flat_map(|input| {
        [("low", input.low), ("high", input.high)].map(|(end, Number(value))| Point {
            name: format!("{} {} {end}", tornado.name, input.path),
            group: tornado.name.clone(),
            moves: vec![of_number(input.change, &input.path, value)],
        })
    });
    points.collect()
}

/// A point a draw.
pub fn of_draws(draws: &Draws) -> Result<Vec<Point>, Problems> {
    let mut problems = Problems::new();
    let bad = |input: &Drawn| Problem::new(&x::BAD_DISTRIBUTION).with("name", &draws.name).with("path", &input.path);
    let shapes: Vec<Option<Distribution>> = draws.input.iter().map(shape).collect();
    for (input, shape) in draws.input.iter().zip(&shapes) {
        if !shape.as_ref().is_some_and(Distribution::is_valid) {
            problems.push(bad(input));
        }
    }
    if problems.has_errors() {
        return Err(problems);
    }
    let (count, seed) = (draws.count.0 as u64, draws.seed.0 as u64);
    let width = count.to_string().len();
    let mut points = Vec::new();
    for number in 0..count {
        let mut moves = Vec::with_capacity(draws.input.len());
        for (at, (input, shape)) in draws.input.iter().zip(&shapes).enumerate() {
            let mut random = Random::of(seed, number, at as u64);
            let drawn = shape.as_ref().and_then(|shape| shape.draw(&mut random, input.digits.0 as u32));
            match drawn {
                Some(value) => moves.push(of_number(input.change, &input.path, value)),
                None => return Err(bad(input).into()),
            }
        }
        let name = format!("{} #{:0width$}", draws.name, number + 1);
        points.push(Point { name, group: draws.name.clone(), moves });
    }
    Ok(points)
}

/// The distribution that an input states; `None` when a parameter is missing or too many.
fn shape(input: &Drawn) -> Option<Distribution> {
    let of = |number: Option<Number>| number.map(|Number(value)| value);
    let (low, high) = (of(input.low), of(input.high));
    let stated = [input.mean, input.sd, input.mode, input.median, input.sigma];
    let only = |wanted: [bool; 5]| stated.iter().zip(wanted).all(|(stated, wanted)| stated.is_some() == wanted);
    let listed = input.values.is_some() || input.weights.is_some();
    match input.distribution {
        Shaped::Uniform if only([false; 5]) && !listed => Some(Distribution::Uniform { low: low?, high: high? }),
        Shaped::Normal if only([true, true, false, false, false]) && !listed => {
            Some(Distribution::Normal { mean: of(input.mean)?, sd: of(input.sd)?, low: low?, high: high? })
        }
        Shaped::Triangular if only([false, false, true, false, false]) && !listed => {
            Some(Distribution::Triangular { low: low?, mode: of(input.mode)?, high: high? })
        }
        Shaped::Lognormal if only([false, false, false, true, true]) && !listed => {
            let (median, sigma) = (of(input.median)?, of(input.sigma)?);
            Some(Distribution::Lognormal { median, sigma, low: low?, high: high? })
        }
        Shaped::Discrete if only([false; 5]) && low.is_none() && high.is_none() => {
            let values: Vec<Decimal> = input.values.as_ref()?.iter().map(|number| number.0).collect();
            let weights = match &input.weights {
                Some(weights) => weights.iter().map(|weight| weight.0 as u64).collect(),
                None => vec![1; values.len()],
            };
            Some(Distribution::Discrete { values, weights })
        }
        _ => None,
    }
}
