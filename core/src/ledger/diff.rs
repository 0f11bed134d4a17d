//! What differs between two states of a table, by its key and by how much.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::table::cell::{decimal, plain};
use crate::table::sums::{additive, units};
use crate::table::{Column, Table, Values};

/// The column that names the rule of a row.
const RULE: &str = "rule";

/// What differs between two tables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TableDiff {
    /// Rows of the first only, of the second only, in both but changed.
    pub removed: u64,
    pub added: u64,
    pub changed: u64,
    pub sums: Vec<SumChange>,
    /// Sums by rule, where the table names rules.
    pub by_rule: BTreeMap<String, Vec<SumChange>>,
    /// In order of key.
    pub changes: Vec<Change>,
}

/// The sum of a column before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SumChange {
    pub column: String,
    pub before: String,
    pub after: String,
    pub difference: String,
}

/// One row that differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    pub key: Vec<String>,
    pub kind: Difference,
    /// Columns that differ: name, before, after. Of a row in one table only, its amounts and points.
    pub columns: Vec<(String, String, String)>,
}

/// How a row differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    Removed,
    Changed,
    Added,
}

impl TableDiff {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// Compares two tables whose rows are known by the columns `key`. Rows with equal keys are matched in their order.
#[must_use]
pub fn compare(before: &Table, after: &Table, key: &[&str]) -> TableDiff {
    let (old_keys, new_keys) = (keys(before, key), keys(after, key));
    let places: HashMap<&Key, usize> = new_keys.iter().enumerate().map(|(row, key)| (key, row)).collect();
    let shared = shared_columns(before, after);
    let mut matched = vec![false; after.rows()];
    let mut diff = TableDiff::default();
    let mut changes: Vec<(&Key, Change)> = Vec::new();
    for (row, old_key) in old_keys.iter().enumerate() {
        let change = match places.get(old_key) {
            None => {
                diff.removed += 1;
                one_sided(before, row, &old_key.texts, Difference::Removed)
            }
            Some(&place) => {
                matched[place] = true;
                let columns = changed_columns(&shared, row, place);
                if columns.is_empty() {
                    continue;
                }
                diff.changed += 1;
                Change { key: old_key.texts.clone(), kind: Difference::Changed, columns }
            }
        };
        changes.push((old_key, change));
    }
    for (row, new_key) in new_keys.iter().enumerate().filter(|(row, _)| !matched[*row]) {
        diff.added += 1;
        changes.push((new_key, one_sided(after, row, &new_key.texts, Difference::Added)));
    }
    changes.sort_by(|one, other| one.0.cmp(other.0));
    diff.changes = changes.into_iter().map(|(_, change)| change).collect();
    diff.sums = sum_changes(before, after, &shared, None).into_values().flatten().collect();
    if before.column(RULE).is_some() && after.column(RULE).is_some() {
        diff.by_rule = sum_changes(before, after, &shared, Some(RULE));
    }
    diff
}

/// The key of a row; rows with the same texts are told apart by their number among them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Key {
    texts: Vec<String>,
    occurrence: u32,
}

fn keys(table: &Table, key: &[&str]) -> Vec<Key> {
    let columns: Vec<&Values> = key.iter().filter_map(|name| table.column(name)).collect();
    let mut seen: HashMap<Vec<String>, u32> = HashMap::new();
    let rows = (0..table.rows()).map(|row| columns.iter().map(|values| plain(values, row)).collect::<Vec<_>>());
    rows.map(|texts| {
        let count = seen.entry(texts.clone()).or_default();
        *count += 1;
        Key { texts, occurrence: *count }
    })
    .collect()
}

/// The columns that both tables have, and those of one, with nothing for the other.
type Pair<'a> = (&'a str, Option<&'a Values>, Option<&'a Values>);

fn shared_columns<'a>(before: &'a Table, after: &'a Table) -> Vec<Pair<'a>> {
    let of_before =
        before.columns.iter().map(|Column { name, values }| (name.as_str(), Some(values), after.column(name)));
    let only_after = after.columns.iter().filter(|column| before.column(&column.name).is_none());
    of_before.chain(only_after.map(|column| (column.name.as_str(), None, Some(&column.values)))).collect()
}

fn changed_columns(pairs: &[Pair<'_>], old_row: usize, new_row: usize) -> Vec<(String, String, String)> {
    let text = |values: Option<&Values>, row| values.map_or_else(String::new, |values| plain(values, row));
    let differs = pairs.iter().filter(|(_, old, new)| match (old, new) {
        (Some(old), Some(new)) => !same(old, old_row, new, new_row),
        _ => true,
    });
    let texts = differs.map(|(name, old, new)| ((*name).to_owned(), text(*old, old_row), text(*new, new_row)));
    texts.filter(|(_, old, new)| old != new).collect()
}

/// Equality without the cost of texts where that can be.
fn same(old: &Values, old_row: usize, new: &Values, new_row: usize) -> bool {
    match (old, new) {
        (Values::Money(a), Values::Money(b)) | (Values::Int(a), Values::Int(b)) => a[old_row] == b[new_row],
        (Values::Text(a), Values::Text(b)) => a.bytes(old_row) == b.bytes(new_row),
        (Values::Keyword(a), Values::Keyword(b)) => a.get(old_row) == b.get(new_row),
        (Values::Date(a), Values::Date(b)) => a[old_row] == b[new_row],
        (Values::Decimal { units: a, scale: s, .. }, Values::Decimal { units: b, scale: t, .. }) if s == t => {
            a[old_row] == b[new_row]
        }
        _ => plain(old, old_row) == plain(new, new_row),
    }
}

fn one_sided(table: &Table, row: usize, key: &[String], kind: Difference) -> Change {
    let amounts = table.columns.iter().filter(|c| additive(&c.name, &c.values).is_some());
    let columns = amounts.map(|column| {
        let (text, nothing) = (plain(&column.values, row), String::new());
        let (before, after) = if kind == Difference::Removed { (text, nothing) } else { (nothing, text) };
        (column.name.clone(), before, after)
    });
    Change { key: key.to_owned(), kind, columns: columns.collect() }
}

/// The sums of amounts and points that differ, for each text of the column `group` (all rows together without it).
fn sum_changes(
    before: &Table,
    after: &Table,
    pairs: &[Pair<'_>],
    group: Option<&str>,
) -> BTreeMap<String, Vec<SumChange>> {
    let mut totals: BTreeMap<String, Vec<[i128; 2]>> = BTreeMap::new();
    for (side, table) in [before, after].into_iter().enumerate() {
        let groups = group.and_then(|name| table.column(name));
        for row in 0..table.rows() {
            let name = groups.map_or_else(String::new, |values| plain(values, row));
            let sums = totals.entry(name).or_insert_with(|| vec![[0; 2]; pairs.len()]);
            for ((name, old, new), sum) in pairs.iter().zip(sums) {
                if let Some(values) = [old, new][side].filter(|values| additive(name, values).is_some()) {
                    sum[side] = sum[side].saturating_add(units(values, row));
                }
            }
        }
    }
    let change = |((name, old, new), [before, after]): (&Pair<'_>, [i128; 2])| {
        let scale = old.or(*new).and_then(|values| additive(name, values))?;
        (before != after).then(|| SumChange {
            column: (*name).to_owned(),
            before: decimal(before, scale),
            after: decimal(after, scale),
            difference: decimal(after.saturating_sub(before), scale),
        })
    };
    let groups = totals.into_iter().map(|(name, sums)| (name, pairs.iter().zip(sums).filter_map(change).collect()));
    groups.filter(|(_, sums): &(String, Vec<SumChange>)| !sums.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(rows: &[(&str, &str, i64)]) -> Table {
        Table::new()
            .with("setl_id", Values::texts(rows.iter().map(|r| r.0)))
            .with("rule", Values::keywords(rows.iter().map(|r| r.1)))
            .with("due", Values::money(rows.iter().map(|r| r.2)))
    }

    fn columns(change: &Change) -> Vec<(&str, &str, &str)> {
        change.columns.iter().map(|(name, a, b)| (name.as_str(), a.as_str(), b.as_str())).collect()
    }

    #[test]
    fn tells_what_changed_and_by_how_much() {
        let before = claims(&[("a", "normal", 100), ("b", "low", 200), ("c", "normal", 300)]);
        let after = claims(&[("d", "normal", 5), ("c", "normal", 300), ("b", "normal", 250)]);
        let diff = compare(&before, &after, &["setl_id"]);
        assert_eq!((diff.removed, diff.added, diff.changed), (1, 1, 1));
        assert_eq!(diff.changes.iter().map(|c| c.key[0].as_str()).collect::<Vec<_>>(), ["a", "b", "d"]);
        assert_eq!(columns(&diff.changes[0]), [("due", "1.00", "")]);
        assert_eq!(columns(&diff.changes[1]), [("rule", "low", "normal"), ("due", "2.00", "2.50")]);
        assert_eq!(columns(&diff.changes[2]), [("due", "", "0.05")]);
        let due = |sums: &[SumChange]| sums.iter().map(|s| s.difference.clone()).collect::<Vec<_>>();
        assert_eq!(due(&diff.sums), ["-0.45"]);
        assert_eq!(due(&diff.by_rule["low"]), ["-2.00"]);
        assert_eq!(due(&diff.by_rule["normal"]), ["1.55"]);
    }

    #[test]
    fn equal_tables_in_any_order_do_not_differ() {
        let before = claims(&[("a", "x", 1), ("b", "x", 2), ("b", "x", 3)]);
        let after = claims(&[("b", "x", 2), ("b", "x", 3), ("a", "x", 1)]);
        let diff = compare(&before, &after, &["setl_id"]);
        assert!(diff.is_empty() && diff.sums.is_empty() && diff.by_rule.is_empty(), "{diff:?}");
    }

    #[test]
    fn a_column_that_only_one_side_has_is_a_difference() {
        let before = claims(&[("a", "x", 1)]);
        let after = claims(&[("a", "x", 1)]).with("withheld", Values::money([7]));
        let diff = compare(&before, &after, &["setl_id"]);
        assert_eq!(columns(&diff.changes[0]), [("withheld", "", "0.07")]);
        assert_eq!(diff.sums[0].difference, "0.07");
    }
}
