//! One value of a result table as text.

use chrono::{DateTime, NaiveDate};

use super::Values;
use crate::money::Fen;

/// The value as files show it: no thousands separators, dates as `2026-03-05`, nothing for what is not known.
#[must_use]
pub fn plain(values: &Values, row: usize) -> String {
    match values {
        Values::Text(column) => column.get(row).to_owned(),
        Values::Keyword(column) => column.get(row).to_owned(),
        Values::Int(column) => column[row].map_or_else(String::new, |number| number.to_string()),
        Values::Money(column) => column[row].map_or_else(String::new, |fen| Fen(fen).to_string()),
        Values::Decimal { units, scale, .. } => units[row].map_or_else(String::new, |units| decimal(units, *scale)),
        Values::Date(column) => column[row].and_then(date).map_or_else(String::new, |day| day.to_string()),
        Values::Flag(column) => column[row].map_or_else(String::new, |flag| flag.to_string()),
    }
}

/// The value for people to read: amounts and numbers with thousands separators.
#[must_use]
pub fn shown(values: &Values, row: usize) -> String {
    match values {
        Values::Money(_) | Values::Decimal { .. } | Values::Int(_) => group_thousands(&plain(values, row)),
        _ => plain(values, row),
    }
}

/// `units ÷ 10^scale` with all its decimals.
#[must_use]
pub fn decimal(units: i128, scale: u8) -> String {
    let places = usize::from(scale);
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let sign = if units < 0 { "-" } else { "" };
    if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// A decimal text without needless zeros at its end; at least two decimals stay of those it has.
#[must_use]
pub fn trimmed(number: &str) -> &str {
    match number.find('.') {
        Some(point) => {
            let digits = number.trim_end_matches('0').len();
            &number[..digits.max(point + 3).min(number.len())]
        }
        None => number,
    }
}

/// A day counted from 1970-01-01.
#[must_use]
pub fn date(days: i32) -> Option<NaiveDate> {
    Some(DateTime::from_timestamp(i64::from(days) * 86_400, 0)?.date_naive())
}

/// Puts commas into the whole part of a decimal text.
#[must_use]
pub fn group_thousands(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut out = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_as_text() {
        let points = Values::Decimal { units: vec![Some(-12_345_678), Some(5), None], scale: 4, wide: false };
        assert_eq!([0, 1, 2].map(|row| plain(&points, row)), ["-1234.5678", "0.0005", ""]);
        assert_eq!(shown(&points, 0), "-1,234.5678");
        let money = Values::money([123_456_789, -5]);
        assert_eq!([plain(&money, 0), plain(&money, 1), shown(&money, 0)], ["1234567.89", "-0.05", "1,234,567.89"]);
        assert_eq!(plain(&Values::Date(vec![Some(20_527)]), 0), "2026-03-15");
        assert_eq!(shown(&Values::ints([1000, 999]), 0), "1,000");
        assert_eq!(decimal(7, 0), "7");
        let trims =
            [("117.780600", "117.7806"), ("2.000000", "2.00"), ("100", "100"), ("0.5", "0.5"), ("1.230", "1.23")];
        for (long, short) in trims {
            assert_eq!(trimmed(long), short);
        }
    }
}
