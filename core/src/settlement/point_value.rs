//! The value of a point.

use crate::money::{Fen, Rounding, div_round_i64};
use crate::policy::rules::{Deduction, DeductionOf, DeductionTo, PointValue, PointValueLimit, RoundingRule};
use crate::policy::{Policy, Price, RuleNo, Yuan};

/// What leaves a budget before the point value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deducted {
    pub rule: RuleNo,
    pub to: DeductionTo,
    pub fen: i64,
}

/// Applies the deductions in their order, monthly amounts for each of `months`.
pub(super) fn deduct(policy: &Policy, pool: &str, budget: Fen, months: i64) -> Option<Vec<Deducted>> {
    let rounding = money_rounding(policy);
    let mut rest = budget.0;
    let mut out = Vec::new();
    for rule in &policy.deductions {
        let (fen, to) = match &rule.value {
            Deduction::Share { share, of, to, .. } => {
                let base = match of {
                    DeductionOf::Budget => budget.0,
                    DeductionOf::Rest => rest,
                };
                (div_round_i64(i128::from(base) * i128::from(share.0), 1_000_000, rounding)?, *to)
            }
            Deduction::Amount { amounts, to, .. } => {
                let amount = amounts.get(pool).or_else(|| amounts.get("*")).map_or(0, |Yuan(fen)| fen.0);
                (amount.checked_mul(months)?, *to)
            }
        };
        rest = rest.checked_sub(fen)?;
        out.push(Deducted { rule: rule.rule, to, fen });
    }
    Some(out)
}

/// A point value and whether floor or ceiling moved it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub e6: i64,
    pub limited: bool,
}

/// `numerator ÷ Σ points`, or the given value. `Ok(None)`: no points. `Err`: does not fit.
pub(super) fn value(policy: &Policy, pool: &str, numerator: i64, points_e4: i64) -> Result<Option<Value>, ()> {
    let RoundingRule::Digits { point_value_digits, point_value, .. } = &policy.rounding.value;
    let digits = u32::try_from(point_value_digits.0).map_err(|_| ())?;
    let found = match policy.point_value.as_ref().map(|rule| &rule.value) {
        None => return Ok(None),
        Some(PointValue::Fixed { values, .. }) => {
            return Ok(named(values, pool).map(|e6| Value { e6, limited: false }));
        }
        Some(_) if points_e4 <= 0 => return Ok(None),
        Some(_) => {
            // fen ÷ 10⁻⁴ points, wanted in 10^-digits yuan.
            let scaled = i128::from(numerator).checked_mul(10i128.pow(digits + 2)).ok_or(())?;
            at_e6(div_round_i64(scaled, points_e4.into(), *point_value).ok_or(())?, digits).ok_or(())?
        }
    };
    let Some(PointValueLimit::Band { reference, floor, ceiling }) =
        policy.point_value_limit.as_ref().map(|rule| &rule.value)
    else {
        return Ok(Some(Value { e6: found, limited: false }));
    };
    let Some(reference) = named(reference, pool) else {
        return Ok(Some(Value { e6: found, limited: false }));
    };
    let bound = |factor: i64| {
        let exact = i128::from(reference) * i128::from(factor);
        at_e6(div_round_i64(exact, 10i128.pow(12 - digits), *point_value)?, digits)
    };
    let mut value = found;
    if let Some(floor) = floor {
        value = value.max(bound(floor.0).ok_or(())?);
    }
    if let Some(ceiling) = ceiling {
        value = value.min(bound(ceiling.0).ok_or(())?);
    }
    Ok(Some(Value { e6: value, limited: value != found }))
}

fn named(values: &std::collections::BTreeMap<String, Price>, pool: &str) -> Option<i64> {
    values.get(pool).or_else(|| values.get("*")).map(|price| price.0)
}

fn at_e6(units: i64, digits: u32) -> Option<i64> {
    units.checked_mul(10i64.checked_pow(6 - digits)?)
}

pub(super) fn money_rounding(policy: &Policy) -> Rounding {
    let RoundingRule::Digits { money, .. } = &policy.rounding.value;
    *money
}
