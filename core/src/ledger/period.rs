//! The month or year a settlement is for.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A month (`2026-03`) or a year (`2026`). Periods order by time; a year comes after its months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    year: u16,
    /// 1 to 12 for a month, [`Period::WHOLE_YEAR`] for a year.
    part: u8,
}

/// The text is neither `YYYY-MM` nor `YYYY`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a period: write 2026-03 for a month, 2026 for a year")]
pub struct ParsePeriodError;

impl Period {
    const WHOLE_YEAR: u8 = 13;

    /// The month of a date.
    #[must_use]
    pub fn month_of(date: NaiveDate) -> Option<Period> {
        let year = u16::try_from(date.year()).ok().filter(|y| (1000..=9999).contains(y))?;
        Some(Period { year, part: u8::try_from(date.month()).ok()? })
    }

    #[must_use]
    pub const fn is_year(self) -> bool {
        self.part == Self::WHOLE_YEAR
    }

    /// The calendar year, or the year of the month.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The year this month belongs to; a year is its own.
    #[must_use]
    pub const fn whole_year(self) -> Period {
        Period { year: self.year, part: Self::WHOLE_YEAR }
    }

    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        let month = if self.is_year() { 1 } else { u32::from(self.part) };
        NaiveDate::from_ymd_opt(self.year.into(), month, 1).expect("Invariant: a period has a first day")
    }

    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        let after = match self.part {
            12 | Self::WHOLE_YEAR => NaiveDate::from_ymd_opt(i32::from(self.year) + 1, 1, 1),
            month => NaiveDate::from_ymd_opt(self.year.into(), u32::from(month) + 1, 1),
        };
        after.and_then(|day| day.checked_sub_days(Days::new(1))).expect("Invariant: a period has a last day")
    }

    #[must_use]
    pub fn contains(self, date: NaiveDate) -> bool {
        (self.first_day()..=self.last_day()).contains(&date)
    }
}

impl FromStr for Period {
    type Err = ParsePeriodError;

    fn from_str(text: &str) -> Result<Period, ParsePeriodError> {
        let (year, month) = match text.split_once('-') {
            Some((year, month)) => (year, Some(month)),
            None => (text, None),
        };
        let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || year.starts_with('0') || !month.is_none_or(|m| digits(m, 2)) {
            return Err(ParsePeriodError);
        }
        let part = match month {
            Some(month) => month.parse().ok().filter(|m| (1..=12).contains(m)).ok_or(ParsePeriodError)?,
            None => Self::WHOLE_YEAR,
        };
        Ok(Period { year: year.parse().map_err(|_| ParsePeriodError)?, part })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_year() { write!(f, "{:04}", self.year) } else { write!(f, "{:04}-{:02}", self.year, self.part) }
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Period, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn reads_months_and_years_only() {
        for text in ["2026-03", "2026-12", "2026", "1000", "9999-12"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for bad in ["", "2026-13", "2026-00", "2026-3", "26-03", "2026-03-01", "0026", "2026-", "+026-03", "２０２６"]
        {
            assert_eq!(bad.parse::<Period>(), Err(ParsePeriodError), "{bad}");
        }
    }

    #[test]
    fn months_and_years_have_their_days() {
        let february: Period = "2028-02".parse().unwrap();
        assert_eq!((february.first_day(), february.last_day()), (day("2028-02-01"), day("2028-02-29")));
        assert!(!february.contains(day("2028-03-01")) && !february.contains(day("2028-01-31")));
        let december: Period = "2026-12".parse().unwrap();
        assert_eq!(december.last_day(), day("2026-12-31"));
        let year = december.whole_year();
        assert_eq!((year.first_day(), year.last_day()), (day("2026-01-01"), day("2026-12-31")));
        assert!(december < year && year < "2027-01".parse().unwrap());
        assert_eq!(Period::month_of(day("2026-12-05")), Some(december));
    }
}
