//! Where things stand in the tables.

use std::collections::BTreeMap;

use crate::problem::{Entry, Problem};
use crate::scheme::{AdrgRule, Drg, Source};

/// Places of codes and rules in the tables they come from.
pub struct Places<'a> {
    source: &'a Source,
    /// Row of a code in a list of an ADRG.
    listed: BTreeMap<(&'a str, &'a str, &'a str), u64>,
}

impl<'a> Places<'a> {
    #[must_use]
    pub fn new(source: &'a Source) -> Places<'a> {
        let mut listed = BTreeMap::new();
        if let Some(table) = source.table("adrg_codes")
            && let Ok([adrg, list, code]) = table.columns(["adrg", "list", "code"])
        {
            for row in &table.rows {
                let key = (row.cells[adrg].as_str(), row.cells[list].as_str(), row.cells[code].as_str());
                listed.entry(key).or_insert(row.line);
            }
        }
        Places { source, listed }
    }

    #[must_use]
    pub fn source(&self) -> &'a Source {
        self.source
    }

    /// A problem in a row of a table.
    #[must_use]
    pub fn problem(&self, entry: &'static Entry, table: &str, row: u64, column: &str) -> Problem {
        let problem = Problem::new(entry).column(column);
        let problem = if row == 0 { problem } else { problem.row(row) };
        match self.source.table(table) {
            Some(table) => problem.file(table.file.clone()),
            None => problem.file(table),
        }
    }

    #[must_use]
    pub fn rule(&self, entry: &'static Entry, rule: &AdrgRule) -> Problem {
        self.problem(entry, "adrg", rule.line, "condition").rule(format!("ADRG {}", rule.adrg))
    }

    #[must_use]
    pub fn drg(&self, entry: &'static Entry, drg: &Drg) -> Problem {
        self.problem(entry, "drg", drg.line, "condition").rule(format!("DRG {}", drg.code))
    }

    /// A problem at a code of a list.
    #[must_use]
    pub fn code(&self, entry: &'static Entry, adrg: &str, list: &str, code: &str) -> Problem {
        let row = self.listed.get(&(adrg, list, code)).copied().unwrap_or_default();
        self.problem(entry, "adrg_codes", row, "code").rule(format!("ADRG {adrg}"))
    }
}

/// A rule as it is named in a message: `WC1 (adrg:12)`.
#[must_use]
pub fn rule_name(rule: &AdrgRule) -> String {
    format!("{} (adrg:{})", rule.adrg, rule.line)
}

/// Names of rules, the first few of many.
#[must_use]
pub fn few(names: impl ExactSizeIterator<Item = String>) -> String {
    const FEW: usize = 4;
    let more = names.len().saturating_sub(FEW);
    let mut text = names.take(FEW).collect::<Vec<_>>().join(", ");
    if more > 0 {
        text += &format!(" … (+{more})");
    }
    text
}
