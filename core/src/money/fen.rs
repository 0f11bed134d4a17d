//! An amount of money in fen (分), one hundredth of a yuan.

use std::fmt;
use std::str::FromStr;

/// An amount of money in whole fen. Negative amounts are debts or reversals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fen(pub i64);

/// Why a text is not an amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseFenError {
    #[error("empty")]
    Empty,
    #[error("not a decimal number")]
    NotANumber,
    #[error("more than two decimals")]
    TooManyDecimals,
    #[error("too large")]
    TooLarge,
}

impl Fen {
    pub const ZERO: Fen = Fen(0);

    /// `self + other`, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_add(self, other: Fen) -> Option<Fen> {
        match self.0.checked_add(other.0) {
            Some(fen) => Some(Fen(fen)),
            None => None,
        }
    }

    /// `self - other`, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_sub(self, other: Fen) -> Option<Fen> {
        match self.0.checked_sub(other.0) {
            Some(fen) => Some(Fen(fen)),
            None => None,
        }
    }

    /// The sum of all amounts, or `None` when it does not fit.
    pub fn sum(amounts: impl IntoIterator<Item = Fen>) -> Option<Fen> {
        amounts.into_iter().try_fold(Fen::ZERO, Fen::checked_add)
    }

    /// Reads `"1234"`, `"1234.5"`, `"-0.05"`. Trailing zeros after the second decimal are allowed, other digits
    /// there are not: nothing is rounded. No exponent, no thousands separator, no blanks.
    ///
    /// ```
    /// use dianzhi::money::{Fen, ParseFenError};
    /// assert_eq!("1234.50".parse(), Ok(Fen(123_450)));
    /// assert_eq!("0.005".parse::<Fen>(), Err(ParseFenError::TooManyDecimals));
    /// ```
    pub fn parse(text: &[u8]) -> Result<Fen, ParseFenError> {
        let (negative, digits) = match text {
            [] => return Err(ParseFenError::Empty),
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        let point = digits.iter().position(|&b| b == b'.');
        let (whole, fraction) = match point {
            Some(at) => (&digits[..at], &digits[at + 1..]),
            None => (digits, &[][..]),
        };
        if whole.is_empty() || (point.is_some() && fraction.is_empty()) {
            return Err(ParseFenError::NotANumber);
        }
        let mut fen: i64 = 0;
        let mut push = |byte: u8| {
            if !byte.is_ascii_digit() {
                return Err(ParseFenError::NotANumber);
            }
            fen = fen
                .checked_mul(10)
                .and_then(|v| v.checked_add(i64::from(byte - b'0')))
                .ok_or(ParseFenError::TooLarge)?;
            Ok(())
        };
        whole.iter().try_for_each(|&b| push(b))?;
        for at in 0..2 {
            push(fraction.get(at).copied().unwrap_or(b'0'))?;
        }
        match fraction.iter().skip(2).find(|&&b| b != b'0') {
            Some(b) if b.is_ascii_digit() => Err(ParseFenError::TooManyDecimals),
            Some(_) => Err(ParseFenError::NotANumber),
            None => Ok(Fen(if negative { -fen } else { fen })),
        }
    }

    /// The amount in yuan with two decimals and thousands separators, for people: `-1,234.50`.
    #[must_use]
    pub fn grouped(self) -> String {
        let plain = self.to_string();
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |d| ("-", d));
        let (whole, cents) = digits.split_at(digits.len() - 3);
        let mut out = String::from(sign);
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                out.push(',');
            }
            out.push(digit);
        }
        out + cents
    }
}

impl FromStr for Fen {
    type Err = ParseFenError;
    fn from_str(text: &str) -> Result<Fen, ParseFenError> {
        Fen::parse(text.as_bytes())
    }
}

impl fmt::Display for Fen {
    /// Yuan with two decimals: `-1234.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_only_exact_amounts() {
        assert_eq!("0".parse(), Ok(Fen(0)));
        assert_eq!("-0.05".parse(), Ok(Fen(-5)));
        assert_eq!("12.3".parse(), Ok(Fen(1230)));
        assert_eq!("12.3400".parse(), Ok(Fen(1234)));
        assert_eq!("".parse::<Fen>(), Err(ParseFenError::Empty));
        for bad in ["-", ".5", "5.", "1e3", "1,000", " 1", "1.2.3", "1.00x", "一"] {
            assert_eq!(bad.parse::<Fen>(), Err(ParseFenError::NotANumber), "{bad}");
        }
        assert_eq!("12.345".parse::<Fen>(), Err(ParseFenError::TooManyDecimals));
        assert_eq!("92233720368547758.08".parse::<Fen>(), Err(ParseFenError::TooLarge));
    }

    #[test]
    fn groups_thousands() {
        assert_eq!(Fen(-123_456_789).grouped(), "-1,234,567.89");
        assert_eq!(Fen(5).grouped(), "0.05");
        assert_eq!(Fen(12_345).grouped(), "123.45");
    }

    proptest! {
        #[test]
        fn text_round_trips(fen in -i64::MAX..i64::MAX) {
            prop_assert_eq!(Fen(fen).to_string().parse::<Fen>(), Ok(Fen(fen)));
        }
    }
}
