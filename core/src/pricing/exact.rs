//! Rational numbers of integers: what a formula is worth before its one rounding.

use crate::money::{Rounding, div_round_i64};

/// `numerator ÷ denominator`, denominator positive. Not always in lowest terms; reduced when it would not fit.
#[derive(Clone, Copy, Debug)]
pub struct Exact {
    numerator: i128,
    denominator: i128,
}

impl Exact {
    pub const ZERO: Exact = Exact::whole(0);
    pub const ONE: Exact = Exact::whole(1);

    #[must_use]
    pub const fn whole(value: i128) -> Exact {
        Exact { numerator: value, denominator: 1 }
    }

    /// `units ÷ 10^digits`, without trailing zeros.
    #[must_use]
    pub fn scaled(units: i64, digits: u32) -> Exact {
        let (mut units, mut digits) = (units, digits);
        while digits > 0 && units % 10 == 0 {
            units /= 10;
            digits -= 1;
        }
        Exact { numerator: units.into(), denominator: 10i128.pow(digits) }
    }

    /// `self + other`; `None` when it does not fit.
    #[must_use]
    pub fn plus(self, other: Exact) -> Option<Exact> {
        let sum = |a: Exact, b: Exact| {
            if a.denominator == b.denominator {
                return Some(Exact { numerator: a.numerator.checked_add(b.numerator)?, denominator: a.denominator });
            }
            let numerator =
                a.numerator.checked_mul(b.denominator)?.checked_add(b.numerator.checked_mul(a.denominator)?)?;
            Some(Exact { numerator, denominator: a.denominator.checked_mul(b.denominator)? })
        };
        sum(self, other).or_else(|| sum(self.reduced(), other.reduced()))
    }

    #[must_use]
    pub fn minus(self, other: Exact) -> Option<Exact> {
        self.plus(Exact { numerator: other.numerator.checked_neg()?, denominator: other.denominator })
    }

    #[must_use]
    pub fn times(self, other: Exact) -> Option<Exact> {
        let product = |a: Exact, b: Exact| {
            Some(Exact {
                numerator: a.numerator.checked_mul(b.numerator)?,
                denominator: a.denominator.checked_mul(b.denominator)?,
            })
        };
        product(self, other).or_else(|| {
            // Reduce across, so that the product is in lowest terms before it is formed.
            let a = Exact { numerator: self.numerator, denominator: other.denominator }.reduced();
            let b = Exact { numerator: other.numerator, denominator: self.denominator }.reduced();
            product(a, b)
        })
    }

    /// `self ÷ other`; `None` for zero.
    #[must_use]
    pub fn over(self, other: Exact) -> Option<Exact> {
        let inverse = match other.numerator {
            0 => return None,
            n if n < 0 => Exact { numerator: other.denominator.checked_neg()?, denominator: n.checked_neg()? },
            n => Exact { numerator: other.denominator, denominator: n },
        };
        self.times(inverse)
    }

    #[must_use]
    pub fn min(self, other: Exact) -> Option<Exact> {
        Some(if self.minus(other)?.numerator <= 0 { self } else { other })
    }

    #[must_use]
    pub fn max(self, other: Exact) -> Option<Exact> {
        Some(if self.minus(other)?.numerator >= 0 { self } else { other })
    }

    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.numerator < 0
    }

    /// `self × 10^digits`, rounded to a whole number.
    #[must_use]
    pub fn round(self, digits: u32, rounding: Rounding) -> Option<i64> {
        let scale = 10i128.checked_pow(digits)?;
        let round = |value: Exact| div_round_i64(value.numerator.checked_mul(scale)?, value.denominator, rounding);
        round(self).or_else(|| round(self.reduced()))
    }

    fn reduced(self) -> Exact {
        let divisor = gcd(self.numerator.unsigned_abs(), self.denominator.unsigned_abs());
        match i128::try_from(divisor) {
            Ok(divisor) if divisor > 1 => {
                Exact { numerator: self.numerator / divisor, denominator: self.denominator / divisor }
            }
            _ => self,
        }
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Exact) -> bool {
        let (a, b) = (self.reduced(), other.reduced());
        (a.numerator, a.denominator) == (b.numerator, b.denominator)
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    #[test]
    fn a_third_three_times_is_one() {
        let third = Exact::ONE.over(Exact::whole(3)).unwrap();
        assert_eq!(third.plus(third).unwrap().plus(third), Some(Exact::ONE));
        assert_eq!(Exact::ONE.over(Exact::ZERO), None);
        assert_eq!(Exact::whole(-1).over(Exact::whole(-4)), Some(Exact::scaled(25, 2)));
    }

    #[test]
    fn a_large_product_is_reduced_and_one_that_does_not_fit_is_refused() {
        let large = Exact { numerator: 10i128.pow(30), denominator: 10i128.pow(28) };
        assert_eq!(large.times(large), Some(Exact::whole(10_000)));
        assert_eq!(Exact::whole(i128::MAX).times(Exact::whole(2)), None);
        assert_eq!(Exact::whole(i128::MAX).plus(Exact::ONE), None);
    }

    proptest! {
        #[test]
        fn agrees_with_decimal(
            a in -1_000_000i64..1_000_000,
            b in -1_000_000i64..1_000_000,
            da in 0u32..5,
            db in 0u32..5,
        ) {
            let (x, y) = (Exact::scaled(a, da), Exact::scaled(b, db));
            let (u, v) = (Decimal::new(a, da), Decimal::new(b, db));
            let same = |exact: Exact, decimal: Decimal| {
                let decimal = (decimal * Decimal::from(10i64.pow(6)))
                    .round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
                exact.round(6, Rounding::HalfUp).map(Decimal::from) == Some(decimal)
            };
            prop_assert!(same(x.plus(y).unwrap(), u + v));
            prop_assert!(same(x.minus(y).unwrap(), u - v));
            prop_assert!(same(x.times(y).unwrap(), u * v));
            prop_assert!(same(x.min(y).unwrap(), u.min(v)));
            prop_assert!(same(x.max(y).unwrap(), u.max(v)));
        }
    }
}
