//! Events → awards → lines. The order of input rows changes nothing: events are taken in order of naming date, then
//! event number.
//!
//! 1. `trigger`: each event and indicator meets the rules; the tier table gives the gross amount.
//! 2. `decide`: along time, the tests of period, history and exclusivity; reductions; revocations.
//! 3. `caps`: yearly limits of a rule.
//! 4. `pay`: phases, joint winners and treasuries; what is taken back mirrors the lines it takes back.
//! 5. `second`: the municipal second award follows the payments received.

mod caps;
mod decide;
mod exclusive;
mod past;
mod pay;
mod reverse;
mod second;
mod second_lines;
mod tally;
mod trigger;

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::facts::Inputs;
use super::model::Policy;
use super::outcome::{Decided, Line, Note, Outcome, Prior};
use super::switches::RoundingTo;
use crate::money::{Fen, Rounding, allocate, div_round_i64};
use crate::problem::catalogue::awards as a;
use crate::problem::{Problem, Problems};

/// Puts the rules to the inputs. `prior` is what earlier runs have decided: none of it is paid again.
///
/// # Errors
/// What the rules need and the inputs lack, all of it.
pub fn run(policy: &Policy, inputs: &Inputs, prior: &Prior) -> Result<Outcome, Problems> {
    let triggered = trigger::all(policy, inputs)?;
    let mut decisions = decide::decide(policy, inputs, prior, triggered)?;
    caps::apply(policy, prior, &mut decisions)?;
    let mut outcome = pay::pay(policy, prior, decisions)?;
    second::pay(policy, inputs, prior, &mut outcome)?;
    Ok(outcome)
}

/// Lines by the award they are of, in their order.
fn by_award<'l>(lines: impl IntoIterator<Item = &'l Line>) -> BTreeMap<&'l str, Vec<&'l Line>> {
    let mut by_award: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        by_award.entry(&line.award).or_default().push(line);
    }
    by_award
}

/// The lines of an award.
fn of<'m, 'l>(by_award: &'m BTreeMap<&'l str, Vec<&'l Line>>, award: &str) -> &'m [&'l Line] {
    by_award.get(award).map_or(&[], Vec::as_slice)
}

fn too_large() -> Problems {
    Problem::new(&a::TOO_LARGE).into()
}

fn note(zh: impl Into<String>, en: impl Into<String>) -> Note {
    Note { zh: zh.into(), en: en.into() }
}

/// Records that a switch decided.
fn decided_by(decided: &mut Decided, switch: &str, reading: &str) {
    decided.insert(format!("{switch}={reading}"));
}

const fn mode(rounding: RoundingTo) -> Rounding {
    match rounding {
        RoundingTo::HalfUp => Rounding::HalfUp,
        RoundingTo::HalfEven => Rounding::HalfEven,
        RoundingTo::TowardZero => Rounding::TowardZero,
    }
}

/// `fen × factor` to the fen. The flag tells whether digits were rounded away.
fn times(fen: Fen, factor: Decimal, rounding: Rounding) -> Option<(Fen, bool)> {
    let factor = factor.normalize();
    let product = i128::from(fen.0).checked_mul(factor.mantissa())?;
    let scale = 10i128.checked_pow(factor.scale())?;
    Some((Fen(div_round_i64(product, scale, rounding)?), product % scale != 0))
}

/// Splits by decimal shares; Σ parts = whole.
fn split(whole: Fen, shares: &[Decimal]) -> Option<Vec<Fen>> {
    let scale = shares.iter().map(|share| share.normalize().scale()).max().unwrap_or(0);
    let weights: Option<Vec<i128>> = shares.iter().map(|&share| crate::money::scaled(share, scale)).collect();
    allocate(whole, &weights?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_exact_until_the_named_rounding() {
        let half = Decimal::new(5, 1);
        assert_eq!(times(Fen(101), half, Rounding::HalfUp), Some((Fen(51), true)));
        assert_eq!(times(Fen(101), half, Rounding::HalfEven), Some((Fen(50), true)));
        assert_eq!(times(Fen(101), half, Rounding::TowardZero), Some((Fen(50), true)));
        assert_eq!(times(Fen(100), half, Rounding::HalfUp), Some((Fen(50), false)));
        assert_eq!(times(Fen(i64::MAX), Decimal::TEN, Rounding::HalfUp), None);
    }

    #[test]
    fn shares_of_any_unit_split_the_whole() {
        let shares = [Decimal::new(333, 1), Decimal::new(667, 1)];
        assert_eq!(split(Fen(10_000), &shares), Some(vec![Fen(3_330), Fen(6_670)]));
    }
}
