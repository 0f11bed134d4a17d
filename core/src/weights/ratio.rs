//! Exact fractions. Means of millions of claims over several years have denominators that no machine integer holds.

use std::cmp::Ordering;
use std::ops::{Add, Mul, Sub};

use num_bigint::{BigInt, Sign};
use num_integer::Integer;

/// A fraction in lowest terms; the denominator is positive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ratio {
    numerator: BigInt,
    denominator: BigInt,
}

impl Ratio {
    /// `numerator ÷ denominator`; `None` for a zero denominator.
    pub fn new(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> Option<Ratio> {
        let (numerator, denominator) = (numerator.into(), denominator.into());
        let shared = match denominator.sign() {
            Sign::NoSign => return None,
            Sign::Plus => numerator.gcd(&denominator),
            Sign::Minus => -numerator.gcd(&denominator),
        };
        Some(Ratio { numerator: numerator / &shared, denominator: denominator / shared })
    }

    pub fn whole(number: impl Into<BigInt>) -> Ratio {
        Ratio { numerator: number.into(), denominator: 1.into() }
    }

    #[must_use]
    pub fn zero() -> Ratio {
        Ratio::whole(0)
    }

    #[must_use]
    pub fn one() -> Ratio {
        Ratio::whole(1)
    }

    /// `units ÷ 10^digits`.
    #[must_use]
    pub fn scaled(units: i64, digits: u32) -> Ratio {
        of(units.into(), BigInt::from(10).pow(digits))
    }

    /// `self ÷ other`; `None` when `other` is zero.
    #[must_use]
    pub fn over(&self, other: &Ratio) -> Option<Ratio> {
        Ratio::new(&self.numerator * &other.denominator, &self.denominator * &other.numerator)
    }

    #[must_use]
    pub fn is_positive(&self) -> bool {
        self.numerator.sign() == Sign::Plus
    }

    /// In units of `10^-digits`, a half away from zero (四舍五入). `None` when it does not fit.
    #[must_use]
    pub fn half_up(&self, digits: u32) -> Option<i64> {
        i64::try_from(self.half_up_wide(digits)?).ok()
    }

    /// [`Ratio::half_up`] for sums.
    #[must_use]
    pub fn half_up_wide(&self, digits: u32) -> Option<i128> {
        let twice = BigInt::from(self.numerator.magnitude() * 2u8) * BigInt::from(10).pow(digits);
        let magnitude: BigInt = (twice + &self.denominator) / (BigInt::from(2) * &self.denominator);
        let signed = if self.numerator.sign() == Sign::Minus { -magnitude } else { magnitude };
        i128::try_from(signed).ok()
    }

    /// The square root in units of `10^-digits`, a half up. `None` when negative or when it does not fit.
    #[must_use]
    pub fn root_half_up(&self, digits: u32) -> Option<i64> {
        if self.numerator.sign() == Sign::Minus {
            return None;
        }
        let twice: BigInt = (BigInt::from(4) * &self.numerator * BigInt::from(100).pow(digits)) / &self.denominator;
        i64::try_from((twice.sqrt() + 1u8) / 2u8).ok()
    }

    /// The greatest whole number whose square is at most this; `None` when negative or when it does not fit.
    #[must_use]
    pub fn root_floor(&self) -> Option<i128> {
        if self.numerator.sign() == Sign::Minus {
            return None;
        }
        i128::try_from((&self.numerator / &self.denominator).sqrt()).ok()
    }
}

fn of(numerator: BigInt, denominator: BigInt) -> Ratio {
    Ratio::new(numerator, denominator).expect("Invariant: the denominator is not zero")
}

impl Add for &Ratio {
    type Output = Ratio;
    fn add(self, other: &Ratio) -> Ratio {
        of(
            &self.numerator * &other.denominator + &other.numerator * &self.denominator,
            &self.denominator * &other.denominator,
        )
    }
}

impl Sub for &Ratio {
    type Output = Ratio;
    fn sub(self, other: &Ratio) -> Ratio {
        of(
            &self.numerator * &other.denominator - &other.numerator * &self.denominator,
            &self.denominator * &other.denominator,
        )
    }
}

impl Mul for &Ratio {
    type Output = Ratio;
    fn mul(self, other: &Ratio) -> Ratio {
        of(&self.numerator * &other.numerator, &self.denominator * &other.denominator)
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Ratio) -> Ordering {
        (&self.numerator * &other.denominator).cmp(&(&other.numerator * &self.denominator))
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{Rounding, div_round};
    use proptest::prelude::*;

    fn ratio(numerator: i64, denominator: i64) -> Ratio {
        Ratio::new(numerator, denominator).unwrap()
    }

    #[test]
    fn rounds_halves_away_from_zero() {
        assert_eq!(ratio(1, 8).half_up(2), Some(13));
        assert_eq!(ratio(-1, 8).half_up(2), Some(-13));
        assert_eq!(ratio(1, -8).half_up(3), Some(-125));
        assert_eq!(ratio(i64::MAX, 1).half_up(1), None);
        assert_eq!(Ratio::new(1, 0), None);
    }

    #[test]
    fn roots_round_at_the_half() {
        assert_eq!(ratio(2, 1).root_half_up(4), Some(14_142));
        assert_eq!(ratio(9, 4).root_half_up(0), Some(2), "1.5 goes up");
        assert_eq!(ratio(224, 100).root_half_up(0), Some(1), "just under 1.5");
        assert_eq!(ratio(99, 4).root_floor(), Some(4));
        assert_eq!(ratio(-1, 4).root_half_up(0), None);
    }

    proptest! {
        #[test]
        fn agrees_with_integer_division(n in -1_000_000i64..1_000_000, d in 1i64..10_000) {
            prop_assert_eq!(
                ratio(n, d).half_up(4).map(i128::from),
                div_round(i128::from(n) * 10_000, d.into(), Rounding::HalfUp)
            );
        }

        #[test]
        fn sums_and_quotients_undo_each_other(a in -1000i64..1000, b in 1i64..1000, c in 1i64..1000, d in 1i64..1000) {
            let (one, other) = (ratio(a, b), ratio(c, d));
            prop_assert_eq!(&(&one + &other) - &other, one.clone());
            prop_assert_eq!((&one * &other).over(&other), Some(one));
        }
    }
}
