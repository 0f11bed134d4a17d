//! Working days by a published calendar: weekends are free, but for the days it names.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The days on which a calendar departs from the week.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Weekdays off (节假日).
    pub holidays: BTreeSet<NaiveDate>,
    /// Saturdays and Sundays worked (调休).
    pub made_up: BTreeSet<NaiveDate>,
}

impl Calendar {
    #[must_use]
    pub fn is_working(&self, day: NaiveDate) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        if weekend { self.made_up.contains(&day) } else { !self.holidays.contains(&day) }
    }

    /// The day `count` working days after `from`, which does not count itself. `None` past the end of time.
    #[must_use]
    pub fn after(&self, from: NaiveDate, count: u32) -> Option<NaiveDate> {
        let mut day = from;
        let mut left = count;
        while left > 0 {
            day = day.checked_add_days(Days::new(1))?;
            left -= u32::from(self.is_working(day));
        }
        Some(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn holidays_and_made_up_weekends_count() {
        let plain = Calendar::default();
        assert_eq!(plain.after(day("2026-07-10"), 1), Some(day("2026-07-13")));
        let mut calendar = Calendar::default();
        calendar.holidays.insert(day("2026-07-13"));
        assert_eq!(calendar.after(day("2026-07-10"), 1), Some(day("2026-07-14")));
        calendar.made_up.insert(day("2026-07-11"));
        assert_eq!(calendar.after(day("2026-07-10"), 1), Some(day("2026-07-11")));
        assert_eq!(calendar.after(day("2026-07-10"), 0), Some(day("2026-07-10")));
        assert_eq!(calendar.after(day("2026-07-10"), 30), Some(day("2026-08-21")));
    }
}
