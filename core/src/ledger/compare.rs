//! What differs between two settled periods, of one book or of two.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::diff::{TableDiff, compare};
use super::manifest::Run;
use super::{Book, Period, key_of};
use crate::problem::Problems;
use crate::table::Table;

/// What differs between two settled periods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeriodDiff {
    pub before: Period,
    pub after: Period,
    /// What the runs were made of: job, field, before, after.
    pub causes: Vec<(String, String, String, String)>,
    /// By name, the tables that differ.
    pub tables: BTreeMap<String, TableDiff>,
}

impl PeriodDiff {
    /// Whether the results are the same, whatever they were made of.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }
}

/// Compares two periods table by table.
pub fn compare_periods(before: (&Book, Period), after: (&Book, Period)) -> Result<PeriodDiff, Problems> {
    let manifests = (before.0.manifest(before.1)?, after.0.manifest(after.1)?);
    let names: BTreeSet<&String> = manifests.0.tables.keys().chain(manifests.1.tables.keys()).collect();
    let mut tables = BTreeMap::new();
    for name in names {
        let (old, new) = (manifests.0.tables.get(name), manifests.1.tables.get(name));
        if old.map(|t| &t.sha256) == new.map(|t| &t.sha256) {
            continue;
        }
        let read = |(book, period): (&Book, Period), present: bool| {
            if present { book.table(period, name) } else { Ok(Table::new()) }
        };
        let (old, new) = (read(before, old.is_some())?, read(after, new.is_some())?);
        let all: Vec<&str> = old.columns.iter().chain(&new.columns).map(|c| c.name.as_str()).collect();
        let diff = compare(&old, &new, key_of(name).unwrap_or(&all));
        if !diff.is_empty() {
            tables.insert(name.clone(), diff);
        }
    }
    let causes = causes(&manifests.0.runs, &manifests.1.runs);
    Ok(PeriodDiff { before: before.1, after: after.1, causes, tables })
}

/// The fields of the runs that differ.
fn causes(before: &BTreeMap<String, Run>, after: &BTreeMap<String, Run>) -> Vec<(String, String, String, String)> {
    let fields = |runs: &BTreeMap<String, Run>, job: &str| match runs.get(job).map(serde_json::to_value) {
        Some(Ok(Value::Object(fields))) => fields,
        _ => serde_json::Map::new(),
    };
    let text = |value: Option<&Value>| value.map_or_else(String::new, Value::to_string);
    let jobs: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut causes = Vec::new();
    for job in jobs {
        let (old, new) = (fields(before, job), fields(after, job));
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).filter(|name| *name != "totals").collect();
        for name in names.into_iter().filter(|name| old.get(*name) != new.get(*name)) {
            causes.push((job.clone(), name.clone(), text(old.get(name)), text(new.get(name))));
        }
    }
    causes
}
