//! A month or a year.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};

/// A calendar month, or a whole year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    pub year: i32,
    /// 1 to 12; `None` for the year.
    pub month: Option<u32>,
}

impl Period {
    /// The month `month` of `year`, or `None`.
    #[must_use]
    pub fn month(year: i32, month: u32) -> Option<Period> {
        NaiveDate::from_ymd_opt(year, month, 1)?;
        Some(Period { year, month: Some(month) })
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month.unwrap_or(1), 1).unwrap_or_default()
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        let months = Months::new(if self.month.is_some() { 1 } else { 12 });
        let next = self.first_day().checked_add_months(months);
        next.and_then(|day| day.pred_opt()).unwrap_or_default()
    }

    /// The same month or year of the next time.
    #[must_use]
    pub fn next(self) -> Period {
        match self.month {
            None => Period { year: self.year + 1, month: None },
            Some(12) => Period { year: self.year + 1, month: Some(1) },
            Some(month) => Period { year: self.year, month: Some(month + 1) },
        }
    }

    /// The year it lies in.
    #[must_use]
    pub fn whole_year(self) -> Period {
        Period { year: self.year, month: None }
    }

    /// The months of a year, or the month itself.
    pub fn months(self) -> impl Iterator<Item = Period> {
        let range = self.month.map_or(1..=12, |month| month..=month);
        range.map(move |month| Period { year: self.year, month: Some(month) })
    }

    /// Whether a day lies in it.
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        day.year() == self.year && self.month.is_none_or(|month| day.month() == month)
    }
}

/// Why a text is no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a period is written 2026-03 or 2026")]
pub struct NotAPeriod;

impl FromStr for Period {
    type Err = NotAPeriod;
    fn from_str(text: &str) -> Result<Period, NotAPeriod> {
        let digits = |text: &str, length| {
            (text.len() == length && text.bytes().all(|b| b.is_ascii_digit()))
                .then(|| text.parse::<u32>().ok())
                .flatten()
        };
        let year = |text| digits(text, 4).and_then(|year| i32::try_from(year).ok()).filter(|year| *year > 0);
        let period = match text.split_once('-') {
            None => year(text).map(|year| Period { year, month: None }),
            Some((y, m)) => year(y).zip(digits(m, 2)).and_then(|(year, month)| Period::month(year, month)),
        };
        period.ok_or(NotAPeriod)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.month {
            Some(month) => f.pad(&format!("{:04}-{month:02}", self.year)),
            None => f.pad(&format!("{:04}", self.year)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_years() {
        let february: Period = "2024-02".parse().unwrap();
        assert_eq!(february.last_day().to_string(), "2024-02-29");
        assert_eq!("2026".parse::<Period>().unwrap().last_day().to_string(), "2026-12-31");
        assert_eq!("2025-12".parse::<Period>().unwrap().next().to_string(), "2026-01");
        for bad in ["", "2026-13", "2026-3", "26-03", "2026-00", "2026-03-01", "-2026", "+026"] {
            assert_eq!(bad.parse::<Period>(), Err(NotAPeriod), "{bad}");
        }
        assert_eq!("2026".parse::<Period>().unwrap().months().count(), 12);
    }
}
