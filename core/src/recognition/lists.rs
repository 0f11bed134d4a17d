//! The mutual list and the price list, by day.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::policy::Rows;
use crate::policy::rules::{RecognitionItemRow, RecognitionPriceRow};
use crate::problem::catalogue::recognition as r;
use crate::problem::{Problem, Problems};

/// From and to, both inclusive; open ends are the ends of time.
type Span = (NaiveDate, NaiveDate);

/// Values by key, each in the days it is valid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dated<K: Ord, V>(BTreeMap<K, Vec<(Span, V)>>);

impl<K: Ord, V: Copy> Dated<K, V> {
    /// The value of a key on a day.
    #[must_use]
    pub fn on(&self, key: &K, day: NaiveDate) -> Option<V> {
        let rows = self.0.get(key)?;
        rows.iter().find(|((from, to), _)| *from <= day && day <= *to).map(|(_, value)| *value)
    }

    fn add(&mut self, key: K, from: Option<NaiveDate>, to: Option<NaiveDate>, value: V) -> Option<NaiveDate> {
        let span = (from.unwrap_or(NaiveDate::MIN), to.unwrap_or(NaiveDate::MAX));
        let rows = self.0.entry(key).or_default();
        let both = rows.iter().map(|(own, _)| (own.0.max(span.0), own.1.min(span.1)));
        let overlap = both.filter(|(from, to)| from <= to).map(|(from, _)| from).min();
        rows.push((span, value));
        overlap
    }
}

/// Days of validity by item.
pub type Items = Dated<String, i32>;
/// Price in fen by item and level; an empty level is every level.
pub type Prices = Dated<(String, String), i64>;

/// The mutual list; two rows of an item on one day are told.
pub fn items(rows: &Rows<RecognitionItemRow>, days: i64, path: &str, problems: &mut Problems) -> Items {
    let mut items = Items::default();
    for (row, origin) in &rows.0 {
        let days = row.days.map_or(days, |days| days.0);
        let days = i32::try_from(days).unwrap_or(i32::MAX);
        if let Some(day) = items.add(row.item_code.clone(), row.valid_from, row.valid_to, days) {
            problems.push(overlap(&row.item_code, day).file(origin.file.clone()).row(origin.line).rule(path));
        }
    }
    items
}

/// The price list; two rows of an item and level on one day are told.
pub fn prices(rows: &Rows<RecognitionPriceRow>, path: &str, problems: &mut Problems) -> Prices {
    let mut prices = Prices::default();
    for (row, origin) in &rows.0 {
        let level = row.hosp_lv.clone().unwrap_or_default();
        let key = format!("{}/{level}", row.item_code);
        if let Some(day) = prices.add((row.item_code.clone(), level), row.valid_from, row.valid_to, row.price.0.0) {
            problems.push(overlap(&key, day).file(origin.file.clone()).row(origin.line).rule(path));
        }
    }
    prices
}

fn overlap(key: &str, day: NaiveDate) -> Problem {
    let day = if day == NaiveDate::MIN { "-∞".to_owned() } else { day.to_string() };
    Problem::new(&r::ROWS_OVERLAP).with("key", key).with("day", day)
}
