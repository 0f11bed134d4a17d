//! The days in which patients are discharged.

use chrono::{Datelike, Months, NaiveDate};

use crate::problem::Problem;
use crate::problem::catalogue::synth as codes;

/// A row of whole months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    first: NaiveDate,
    last: NaiveDate,
}

impl Period {
    /// Reads `2026-03`, a month, or `2026`, a year. With `months` the period has that many months from its beginning.
    ///
    /// ```
    /// use dianzhi::synth::Period;
    /// let quarter = Period::parse("2026-01", Some(3)).unwrap();
    /// assert_eq!(quarter.to_string(), "2026-01-01..2026-03-31");
    /// ```
    pub fn parse(text: &str, months: Option<u32>) -> Result<Period, Problem> {
        let wrong = || Problem::new(&codes::NOT_A_PERIOD).with("value", text);
        let (year, month, whole) = match text.split_once('-') {
            Some((year, month)) if year.len() == 4 && month.len() == 2 => (year, month, 1),
            None if text.len() == 4 => (text, "01", 12),
            _ => return Err(wrong()),
        };
        let (year, month) = (year.parse::<u16>().map_err(|_| wrong())?, month.parse().map_err(|_| wrong())?);
        let first =
            NaiveDate::from_ymd_opt(year.into(), month, 1).filter(|day| day.year() >= 1970).ok_or_else(wrong)?;
        let after = first.checked_add_months(Months::new(months.unwrap_or(whole))).ok_or_else(wrong)?;
        let last = after.pred_opt().filter(|last| *last >= first).ok_or_else(wrong)?;
        Ok(Period { first, last })
    }

    /// First and last day, counted from 1970-01-01.
    pub(super) fn days(self) -> (i32, i32) {
        let number = |day: NaiveDate| day.signed_duration_since(NaiveDate::default()).num_days() as i32;
        (number(self.first), number(self.last))
    }

    /// Year and month of the beginning, as in identifiers.
    pub(super) fn label(self) -> String {
        self.first.format("%Y%m").to_string()
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_years() {
        assert_eq!(Period::parse("2024-02", None).unwrap().to_string(), "2024-02-01..2024-02-29");
        assert_eq!(Period::parse("2026", None).unwrap().to_string(), "2026-01-01..2026-12-31");
        assert_eq!(Period::parse("1970-01", None).unwrap().days(), (0, 30));
        for wrong in ["", "26", "2026-13", "2026-3", "2026-03-01", "x026", "2026-00", "99999", "1969", "+202-01"] {
            assert_eq!(Period::parse(wrong, None).unwrap_err().entry.code, "Y006", "{wrong}");
        }
        assert!(Period::parse("2026-01", Some(0)).is_err());
    }
}
