//! Fractions of integers of any size: no figure of the auditor is rounded but where a rule says so.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::ops::{Add, Mul, Sub};

use num_bigint::{BigInt, Sign};
use num_integer::Integer;

use crate::money::Rounding;

/// A fraction in lowest terms, its denominator positive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ratio {
    over: BigInt,
    under: BigInt,
}

impl Ratio {
    pub(super) fn new(over: BigInt, under: BigInt) -> Option<Ratio> {
        if under.sign() == Sign::NoSign {
            return None;
        }
        let (over, under) = if under.sign() == Sign::Minus { (-over, -under) } else { (over, under) };
        let shared = over.gcd(&under);
        Some(Ratio { over: over / &shared, under: under / shared })
    }

    pub(super) fn whole(number: impl Into<BigInt>) -> Ratio {
        Ratio { over: number.into(), under: BigInt::from(1) }
    }

    pub(super) fn zero() -> Ratio {
        Ratio::whole(0)
    }

    pub(super) fn one() -> Ratio {
        Ratio::whole(1)
    }

    /// `units ÷ 10^digits`.
    pub(super) fn scaled(units: i64, digits: u32) -> Ratio {
        let under = BigInt::from(10).pow(digits);
        let over = BigInt::from(units);
        let shared = over.gcd(&under);
        Ratio { over: over / &shared, under: under / shared }
    }

    /// A decimal text; nothing for what is none.
    pub(super) fn parse(text: &str) -> Option<Ratio> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let over: BigInt = format!("{whole}{fraction}").parse().ok()?;
        Ratio::new(over, BigInt::from(10).pow(u32::try_from(fraction.len()).ok()?))
    }

    /// An amount of fen, in yuan.
    pub(super) fn yuan(fen: i64) -> Ratio {
        Ratio::scaled(fen, 2)
    }

    /// `self ÷ other`; `None` for zero.
    pub(super) fn over(&self, other: &Ratio) -> Option<Ratio> {
        Ratio::new(&self.over * &other.under, &self.under * &other.over)
    }

    pub(super) fn is_zero(&self) -> bool {
        self.over.sign() == Sign::NoSign
    }

    pub(super) fn is_positive(&self) -> bool {
        self.over.sign() == Sign::Plus
    }

    pub(super) fn is_negative(&self) -> bool {
        self.over.sign() == Sign::Minus
    }

    pub(super) fn opposite(&self) -> Ratio {
        Ratio { over: -&self.over, under: self.under.clone() }
    }

    pub(super) fn least(self, other: Ratio) -> Ratio {
        if other < self { other } else { self }
    }

    pub(super) fn most(self, other: Ratio) -> Ratio {
        if other > self { other } else { self }
    }

    /// Rounded to so many decimals.
    pub(super) fn round(&self, digits: u32, rounding: Rounding) -> Ratio {
        let scale = BigInt::from(10).pow(digits);
        // The greatest whole number not above, and what is left of one: between 0 and 1.
        let (below, rest) = (&self.over * &scale).div_mod_floor(&self.under);
        let half = (&rest * 2u32).cmp(&self.under);
        let exact = rest.sign() == Sign::NoSign;
        let up = match rounding {
            Rounding::Floor => false,
            Rounding::Ceiling => !exact,
            Rounding::TowardZero => !exact && self.is_negative(),
            Rounding::HalfUp => half == Ordering::Greater || (half == Ordering::Equal && !self.is_negative()),
            Rounding::HalfEven => half == Ordering::Greater || (half == Ordering::Equal && below.is_odd()),
        };
        let units = if up { below + 1u32 } else { below };
        let shared = units.gcd(&scale);
        Ratio { over: units / &shared, under: scale / shared }
    }

    /// With so many decimals, as tables show it. The figure must have no more.
    pub(super) fn text(&self, digits: u32) -> String {
        let units = &self.over * BigInt::from(10).pow(digits) / &self.under;
        let places = digits as usize;
        let figures = format!("{:0>width$}", units.magnitude(), width = places + 1);
        let sign = if units.sign() == Sign::Minus { "-" } else { "" };
        let (before, after) = figures.split_at(figures.len() - places);
        if places == 0 { format!("{sign}{before}") } else { format!("{sign}{before}.{after}") }
    }

    /// Divides `self`, a whole number of units of `10^-digits`, over weights: each gets its share cut to whole units,
    /// and the units left go one by one to whoever was cut most, the earlier of equals first. `None` when there is
    /// something to divide and nothing to divide it by.
    pub(super) fn divide(&self, weights: &[Ratio], digits: u32) -> Option<Vec<Ratio>> {
        let sum = weights.iter().fold(Ratio::zero(), |sum, weight| sum + weight);
        if sum.is_zero() {
            return self.is_zero().then(|| vec![Ratio::zero(); weights.len()]);
        }
        let size = if self.is_negative() { self.opposite() } else { self.clone() };
        let unit = Ratio::scaled(1, digits);
        let mut parts = Vec::new();
        let mut cut = Vec::new();
        for weight in weights {
            let share = (&size * weight).over(&sum)?;
            let part = share.round(digits, Rounding::Floor);
            cut.push(&share - &part);
            parts.push(part);
        }
        let mut left = parts.iter().fold(size, |left, part| left - part);
        while left.is_positive() {
            let most = (0..cut.len()).reduce(|a, b| if cut[b] > cut[a] { b } else { a })?;
            parts[most] = &parts[most] + &unit;
            cut[most] = Ratio::whole(-1);
            left = left - &unit;
        }
        Some(if self.is_negative() { parts.iter().map(Ratio::opposite).collect() } else { parts })
    }
}

impl<T: Borrow<Ratio>> Add<T> for &Ratio {
    type Output = Ratio;
    fn add(self, other: T) -> Ratio {
        let other = other.borrow();
        let over = &self.over * &other.under + &other.over * &self.under;
        Ratio::new(over, &self.under * &other.under).expect("Invariant: denominators are positive")
    }
}

impl<T: Borrow<Ratio>> Sub<T> for &Ratio {
    type Output = Ratio;
    fn sub(self, other: T) -> Ratio {
        let other = other.borrow();
        let over = &self.over * &other.under - &other.over * &self.under;
        Ratio::new(over, &self.under * &other.under).expect("Invariant: denominators are positive")
    }
}

impl<T: Borrow<Ratio>> Mul<T> for &Ratio {
    type Output = Ratio;
    fn mul(self, other: T) -> Ratio {
        let other = other.borrow();
        let over = &self.over * &other.over;
        Ratio::new(over, &self.under * &other.under).expect("Invariant: denominators are positive")
    }
}

impl<T: Borrow<Ratio>> Add<T> for Ratio {
    type Output = Ratio;
    fn add(self, other: T) -> Ratio {
        &self + other
    }
}

impl<T: Borrow<Ratio>> Sub<T> for Ratio {
    type Output = Ratio;
    fn sub(self, other: T) -> Ratio {
        &self - other
    }
}

impl<T: Borrow<Ratio>> Mul<T> for Ratio {
    type Output = Ratio;
    fn mul(self, other: T) -> Ratio {
        &self * other
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Ratio) -> Ordering {
        (&self.over * &other.under).cmp(&(&other.over * &self.under))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rust_decimal::{Decimal, RoundingStrategy};

    #[test]
    fn divides_to_the_last_unit() {
        let weights = [1, 1, 1].map(Ratio::whole);
        let text = |whole: i64| {
            let parts = Ratio::yuan(whole).divide(&weights, 2).unwrap();
            parts.iter().map(|part| part.text(2)).collect::<Vec<_>>()
        };
        assert_eq!(text(100), ["0.34", "0.33", "0.33"]);
        assert_eq!(text(-101), ["-0.34", "-0.34", "-0.33"]);
        assert_eq!(Ratio::yuan(1).divide(&[Ratio::zero()], 2), None);
        assert_eq!(Ratio::zero().divide(&[Ratio::zero()], 2), Some(vec![Ratio::zero()]));
    }

    proptest! {
        #[test]
        fn rounds_like_decimals(units in -10_000_000i64..10_000_000) {
            let modes = [
                (Rounding::HalfUp, RoundingStrategy::MidpointAwayFromZero),
                (Rounding::HalfEven, RoundingStrategy::MidpointNearestEven),
                (Rounding::TowardZero, RoundingStrategy::ToZero),
                (Rounding::Floor, RoundingStrategy::ToNegativeInfinity),
                (Rounding::Ceiling, RoundingStrategy::ToPositiveInfinity),
            ];
            for (own, theirs) in modes {
                let wanted = Decimal::new(units, 5).round_dp_with_strategy(2, theirs);
                let wanted = if wanted.is_zero() { Decimal::ZERO } else { wanted };
                prop_assert_eq!(Ratio::scaled(units, 5).round(2, own).text(2), format!("{wanted:.2}"));
            }
        }
    }
}
