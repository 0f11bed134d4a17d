//! The weight table with its coefficient columns.

use std::collections::BTreeMap;

use super::compile::RuleRef;
use super::node::{Keys, Node};
use super::rules::{Coefficient, RuleBook, WeightUnit, Weights};
use super::spec::{Context, Factor, FreeRows, Param, Yuan};
use crate::money::Fen;
use crate::problem::catalogue::policy as p;
use crate::problem::{Problem, Problems};

/// A group's row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// Weight or base points as [`WeightTable::unit`] says; `None` where the cell is blank.
    pub value: Option<Factor>,
    pub mean_cost: Option<Fen>,
    /// In the order of [`WeightTable::columns`].
    pub figures: Vec<Option<Factor>>,
}

/// Weights by group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightTable {
    pub unit: WeightUnit,
    /// Columns of coefficients and lines that rules name.
    pub columns: Vec<String>,
    pub rows: BTreeMap<String, Weight>,
}

impl WeightTable {
    /// The figure of a group in a column.
    #[must_use]
    pub fn figure(&self, drg: &str, column: &str) -> Option<Factor> {
        let at = self.columns.iter().position(|own| own == column)?;
        *self.rows.get(drg)?.figures.get(at)?
    }
}

/// Reads the table with the columns that the rules name, see [`named`].
pub(super) fn read(
    rule: &Weights,
    wanted: &[String],
    reference: &RuleRef,
    problems: &mut Problems,
) -> Option<WeightTable> {
    let Weights::Table { table, drg, weight, unit, mean_cost } = rule;
    let mut columns = wanted.to_vec();
    columns.sort();
    columns.dedup();
    let mut context = Context::new(problems, &format!("rules.{}.table", reference.name));
    let named: Vec<&String> = [drg, weight].into_iter().chain(mean_cost).chain(&columns).collect();
    if !has_columns(&table.0, &named, &mut context) {
        return None;
    }
    let mut rows = BTreeMap::new();
    let mut first: BTreeMap<String, u64> = BTreeMap::new();
    let mut complete = true;
    for node in &table.0 {
        let keys = node.as_table()?;
        let Some(code) = keys.get(drg).and_then(Node::as_written) else {
            let problem = Problem::new(&p::MISSING_KEY).with("key", drg).with("meaning", "病组 / group");
            context.refuse::<()>(&node.origin, problem);
            complete = false;
            continue;
        };
        if let Some(line) = first.insert(code.to_owned(), node.origin.line) {
            let problem = Problem::new(&p::DUPLICATE_ROW).with("key", code).with("first", line);
            context.refuse::<()>(&node.origin, problem);
            complete = false;
        }
        let row = context.within(format!("[{code}]"), |context| {
            Some(Weight {
                value: cell::<Factor>(keys, weight, context)?,
                mean_cost: match mean_cost {
                    Some(column) => cell::<Yuan>(keys, column, context)?.map(|yuan| yuan.0),
                    None => None,
                },
                figures: columns.iter().map(|column| cell(keys, column, context)).collect::<Option<_>>()?,
            })
        });
        match row {
            Some(row) => _ = rows.insert(code.to_owned(), row),
            None => complete = false,
        }
    }
    complete.then_some(WeightTable { unit: *unit, columns, rows })
}

/// The columns that rules of coefficients and lines name.
pub(super) fn named(book: &RuleBook) -> Vec<String> {
    let coefficients = book.coefficient.iter().filter_map(|rule| match &rule.value {
        Coefficient::Level { columns, .. } => columns.as_ref(),
        _ => None,
    });
    let low = book.low_line.iter().filter_map(|rule| rule.value.line());
    let lines = low.chain(book.high_line.iter().filter_map(|rule| rule.value.line()));
    let of_lines =
        lines.filter_map(|line| line.groups().copied()).flat_map(|groups| groups.named().collect::<Vec<_>>());
    coefficients.flat_map(BTreeMap::values).chain(of_lines).cloned().collect()
}

/// One figure by group out of a table; blank cells are left out.
pub fn group_values(
    table: &FreeRows,
    drg: &str,
    weight: &str,
    reference: &RuleRef,
    problems: &mut Problems,
) -> Option<BTreeMap<String, Factor>> {
    let (table, drg, weight) = (table.clone(), drg.to_owned(), weight.to_owned());
    let rule = Weights::Table { table, drg, weight, unit: WeightUnit::Weight, mean_cost: None };
    let rows = read(&rule, &[], reference, problems)?.rows;
    Some(rows.into_iter().filter_map(|(drg, row)| Some((drg, row.value?))).collect())
}

/// Outer `None`: a bad cell, told. Inner `None`: blank.
fn cell<T: Param>(keys: &Keys, column: &str, context: &mut Context<'_>) -> Option<Option<T>> {
    match keys.get(column) {
        Some(node) => context.within(column, |context| T::read(node, context)).map(Some),
        None => Some(None),
    }
}

/// A column that no row has is a wrong name: blank cells are absent, whole columns are not.
fn has_columns(rows: &[Node], named: &[&String], context: &mut Context<'_>) -> bool {
    let mut known: Vec<&str> =
        rows.iter().filter_map(Node::as_table).flat_map(|k| k.keys().map(String::as_str)).collect();
    known.sort_unstable();
    known.dedup();
    let mut complete = true;
    for column in named {
        if !known.contains(&column.as_str()) {
            let problem = Problem::new(&p::MISSING_COLUMN).with("column", column).with("known", known.join(", "));
            if let Some(row) = rows.first() {
                context.refuse::<()>(&row.origin, problem);
            }
            complete = false;
        }
    }
    complete
}
