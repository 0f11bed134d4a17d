//! Rows of a table by what stands in them.

use std::collections::BTreeMap;

use super::cell::plain;
use super::sums::{additive, units};
use super::{Column, Table, Values};

impl Table {
    /// The table with these rows only, in this order.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Table {
        let column = |c: &Column| Column { name: c.name.clone(), values: c.values.take(rows) };
        Table { columns: self.columns.iter().map(column).collect() }
    }

    /// The rows in which a column holds this text.
    #[must_use]
    pub fn find(&self, column: &str, text: &str) -> Vec<usize> {
        match self.column(column) {
            // Compared by number: a table of claims has a million rows and few institutions.
            Some(Values::Keyword(values)) => match values.find(text) {
                Some(id) => values.ids().iter().enumerate().filter(|(_, i)| **i == id).map(|(row, _)| row).collect(),
                None => Vec::new(),
            },
            Some(Values::Text(values)) => {
                (0..values.len()).filter(|&row| values.bytes(row) == text.as_bytes()).collect()
            }
            Some(values) => (0..values.len()).filter(|&row| plain(values, row) == text).collect(),
            None => Vec::new(),
        }
    }

    /// The rows for each text of a column, in order of the texts.
    #[must_use]
    pub fn rows_by(&self, column: &str) -> BTreeMap<String, Vec<usize>> {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        match self.column(column) {
            Some(Values::Keyword(values)) => {
                let mut rows = vec![Vec::new(); values.texts().len()];
                values.ids().iter().enumerate().for_each(|(row, &id)| rows[id as usize].push(row));
                groups.extend(values.texts().iter().cloned().zip(rows).filter(|(_, rows)| !rows.is_empty()));
            }
            Some(values) => {
                (0..values.len()).for_each(|row| groups.entry(plain(values, row)).or_default().push(row));
            }
            None => {}
        }
        groups
    }

    /// One row for each combination of texts in the columns `by` (those the table has), with the number of rows as
    /// `cases` and the sums of the amounts and points among `sums`. `None` when a sum does not fit.
    #[must_use]
    pub fn summary(&self, by: &[&str], sums: &[&str]) -> Option<Table> {
        let keys: Vec<(&str, &Values)> = by.iter().filter_map(|name| Some((*name, self.column(name)?))).collect();
        let parts: Vec<(&str, &Values)> = (sums.iter().filter_map(|name| Some((*name, self.column(name)?))))
            .filter(|(name, values)| additive(name, values).is_some())
            .collect();
        let mut groups: BTreeMap<Vec<String>, (i64, Vec<i128>)> = BTreeMap::new();
        for row in 0..self.rows() {
            let key = keys.iter().map(|(_, values)| plain(values, row)).collect();
            let (count, totals) = groups.entry(key).or_insert_with(|| (0, vec![0; parts.len()]));
            *count += 1;
            for (total, (_, values)) in totals.iter_mut().zip(&parts) {
                *total = total.checked_add(units(values, row))?;
            }
        }
        let mut table = Table::new();
        for (at, (name, _)) in keys.iter().enumerate() {
            table = table.with(name, Values::keywords(groups.keys().map(|key| &key[at])));
        }
        table = table.with("cases", Values::ints(groups.values().map(|(count, _)| *count)));
        for (at, (name, values)) in parts.iter().enumerate() {
            let totals: Vec<i128> = groups.values().map(|(_, totals)| totals[at]).collect();
            table = table.with(name, like(values, &totals)?);
        }
        Some(table)
    }
}

impl Values {
    /// The values of these rows, in this order.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Values {
        fn pick<T: Copy>(values: &[T], rows: &[usize]) -> Vec<T> {
            rows.iter().map(|&row| values[row]).collect()
        }
        match self {
            Values::Text(values) => Values::Text(rows.iter().map(|&row| values.get(row)).collect()),
            Values::Keyword(values) => Values::keywords(rows.iter().map(|&row| values.get(row))),
            Values::Int(values) => Values::Int(pick(values, rows)),
            Values::Money(values) => Values::Money(pick(values, rows)),
            Values::Decimal { units, scale, wide } => {
                Values::Decimal { units: pick(units, rows), scale: *scale, wide: *wide }
            }
            Values::Date(values) => Values::Date(pick(values, rows)),
            Values::Flag(values) => Values::Flag(pick(values, rows)),
        }
    }
}

/// Sums in the unit of their column.
fn like(values: &Values, totals: &[i128]) -> Option<Values> {
    let narrow = || totals.iter().map(|&total| i64::try_from(total).ok().map(Some)).collect::<Option<Vec<_>>>();
    Some(match values {
        Values::Money(_) => Values::Money(narrow()?),
        Values::Decimal { scale, wide, .. } => {
            Values::Decimal { units: totals.iter().copied().map(Some).collect(), scale: *scale, wide: *wide }
        }
        _ => Values::Int(narrow()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Table {
        Table::new()
            .with("setl_id", Values::texts(["a", "b", "c"]))
            .with("insutype", Values::keywords(["390", "310", "390"]))
            .with("points", Values::points([10_000, 20_000, 30_000]))
            .with("due", Values::money([100, 200, -50]))
    }

    fn texts(table: &Table, column: &str) -> Vec<String> {
        (0..table.rows()).map(|row| plain(table.column(column).unwrap(), row)).collect()
    }

    #[test]
    fn rows_are_found_and_taken() {
        let table = claims();
        assert_eq!(table.find("insutype", "390"), [0, 2]);
        assert_eq!(table.find("setl_id", "b"), [1]);
        assert_eq!(table.find("due", "-0.50"), [2]);
        assert!(table.find("insutype", "999").is_empty() && table.find("nothing", "x").is_empty());
        let rows = table.rows_by("insutype");
        assert_eq!(
            rows.iter().map(|(k, v)| (k.as_str(), v.as_slice())).collect::<Vec<_>>(),
            [("310", &[1][..]), ("390", &[0, 2])]
        );
        assert_eq!(texts(&table.take(&[2, 0]), "setl_id"), ["c", "a"]);
    }

    #[test]
    fn summaries_add_up() {
        let summary = claims().summary(&["insutype", "nothing"], &["points", "due"]).unwrap();
        assert_eq!(texts(&summary, "insutype"), ["310", "390"]);
        assert_eq!(texts(&summary, "cases"), ["1", "2"]);
        assert_eq!(texts(&summary, "points"), ["2.0000", "4.0000"]);
        assert_eq!(texts(&summary, "due"), ["2.00", "0.50"]);
        let all = claims().summary(&[], &["due"]).unwrap();
        assert_eq!(texts(&all, "due"), ["2.50"]);
    }
}
