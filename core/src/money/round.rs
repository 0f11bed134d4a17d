//! The only divisions of money and points: the rounding is an argument of the call.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What becomes of the digits that do not fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest, a half away from zero (四舍五入).
    #[default]
    HalfUp,
    /// To the nearest, a half to the even neighbour.
    HalfEven,
    /// Towards zero (截断).
    TowardZero,
    /// Towards minus infinity.
    Floor,
    /// Towards plus infinity.
    Ceiling,
}

impl Rounding {
    /// The name in files and options.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Rounding::HalfUp => "half_up",
            Rounding::HalfEven => "half_even",
            Rounding::TowardZero => "toward_zero",
            Rounding::Floor => "floor",
            Rounding::Ceiling => "ceiling",
        }
    }
}

/// `numerator ÷ denominator` rounded to a whole number. `None` for a zero denominator or on overflow.
///
/// ```
/// use dianzhi::money::{Rounding, div_round};
/// assert_eq!(div_round(-5, 2, Rounding::HalfUp), Some(-3));
/// assert_eq!(div_round(5, 2, Rounding::HalfEven), Some(2));
/// ```
#[must_use]
pub fn div_round(numerator: i128, denominator: i128, rounding: Rounding) -> Option<i128> {
    let quotient = numerator.checked_div(denominator)?;
    let remainder = numerator.checked_rem(denominator)?;
    if remainder == 0 {
        return Some(quotient);
    }
    let away = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
    let twice = remainder.unsigned_abs().checked_mul(2)?;
    let half = twice.cmp(&denominator.unsigned_abs());
    let step = match rounding {
        Rounding::HalfUp => half.is_ge(),
        Rounding::HalfEven => half.is_gt() || (half.is_eq() && quotient % 2 != 0),
        Rounding::TowardZero => false,
        Rounding::Floor => away < 0,
        Rounding::Ceiling => away > 0,
    };
    if step { quotient.checked_add(away) } else { Some(quotient) }
}

/// [`div_round`] with a result that must fit `i64`.
#[must_use]
pub fn div_round_i64(numerator: i128, denominator: i128, rounding: Rounding) -> Option<i64> {
    i64::try_from(div_round(numerator, denominator, rounding)?).ok()
}

/// `value × 10^digits` as an integer, or `None` when digits would be lost: parameters are never rounded.
///
/// ```
/// use dianzhi::money::scaled;
/// assert_eq!(scaled("0.35".parse().unwrap(), 4), Some(3500));
/// assert_eq!(scaled("0.00001".parse().unwrap(), 4), None);
/// ```
#[must_use]
pub fn scaled(value: Decimal, digits: u32) -> Option<i128> {
    let value = value.normalize();
    let missing = digits.checked_sub(value.scale())?;
    value.mantissa().checked_mul(10i128.checked_pow(missing)?)
}

/// The decimal that stands for `units ÷ 10^digits`, or `None` when it does not fit 28 digits.
#[must_use]
pub fn descaled(units: i128, digits: u32) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(units, digits).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Rounding::{Ceiling, Floor, HalfEven, HalfUp, TowardZero};
    use proptest::prelude::*;
    use rust_decimal::RoundingStrategy;

    #[test]
    fn every_mode_at_every_edge() {
        let modes = [HalfUp, HalfEven, TowardZero, Floor, Ceiling];
        let cases = [
            (7, [4, 4, 3, 3, 4]),
            (5, [3, 2, 2, 2, 3]),
            (3, [2, 2, 1, 1, 2]),
            (1, [1, 0, 0, 0, 1]),
            (-1, [-1, 0, 0, -1, 0]),
            (-5, [-3, -2, -2, -3, -2]),
        ];
        for (numerator, expected) in cases {
            for (mode, want) in modes.into_iter().zip(expected) {
                assert_eq!(div_round(numerator, 2, mode), Some(want), "{numerator}/2 {mode:?}");
                assert_eq!(div_round(-numerator, -2, mode), Some(want), "{numerator}/2 {mode:?}");
            }
        }
        assert_eq!(div_round(1, 0, HalfUp), None);
        assert_eq!(div_round(i128::MIN, -1, HalfUp), None);
    }

    proptest! {
        #[test]
        fn agrees_with_decimal_on_terminating_quotients(n in -1_000_000_000i64..1_000_000_000, digits in 0u32..7) {
            let by_decimal = |strategy| Decimal::new(n, digits).round_dp_with_strategy(0, strategy);
            let by_integer = |mode| div_round(n.into(), 10i128.pow(digits), mode).map(Decimal::from);
            prop_assert_eq!(by_integer(HalfUp), Some(by_decimal(RoundingStrategy::MidpointAwayFromZero)));
            prop_assert_eq!(by_integer(HalfEven), Some(by_decimal(RoundingStrategy::MidpointNearestEven)));
            prop_assert_eq!(by_integer(TowardZero), Some(by_decimal(RoundingStrategy::ToZero)));
            prop_assert_eq!(by_integer(Floor), Some(by_decimal(RoundingStrategy::ToNegativeInfinity)));
            prop_assert_eq!(by_integer(Ceiling), Some(by_decimal(RoundingStrategy::ToPositiveInfinity)));
        }
    }
}
