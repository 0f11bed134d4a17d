//! The auditor's figures against the tables.

use std::collections::BTreeMap;

use super::ratio::Ratio;
use crate::problem::catalogue::audit as x;
use crate::problem::{Problem, Problems};
use crate::table::Table;
use crate::table::cell::plain;

/// The most differences that are told one by one.
const TOLD_MAX: usize = 1_000;

/// An audit that agrees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Audited {
    /// Figures compared.
    pub figures: u64,
}

/// What a table must say, row by row.
pub(super) struct Sheet {
    table: &'static str,
    /// The columns that name a row; none where rows are in the order of the claims.
    key: &'static [&'static str],
    rows: Vec<Row>,
    /// The table may have rows that the sheet says nothing of.
    partial: bool,
}

/// One row: what names it, and its figures by column.
pub(super) struct Row {
    name: String,
    pub parts: Vec<String>,
    figures: Vec<(&'static str, String)>,
}

impl Row {
    pub(super) fn new(name: &[&str]) -> Row {
        Row { name: name.join(" "), parts: name.iter().map(|part| (*part).to_owned()).collect(), figures: Vec::new() }
    }

    pub(super) fn text(mut self, column: &'static str, text: &str) -> Row {
        self.figures.push((column, text.to_owned()));
        self
    }

    /// What a column must say; nothing for a column that the row does not have.
    pub(super) fn of(&self, column: &str) -> &str {
        self.figures.iter().find(|(own, _)| *own == column).map_or("", |(_, figure)| figure)
    }

    /// The same as a number; zero where there is none.
    pub(super) fn value(&self, column: &str) -> Ratio {
        Ratio::parse(self.of(column)).unwrap_or_else(Ratio::zero)
    }

    /// The words that name it.
    pub(super) fn named<const N: usize>(&self) -> [&str; N] {
        std::array::from_fn(|at| self.parts.get(at).map_or("", String::as_str))
    }

    /// A number with so many decimals; nothing where there is none.
    pub(super) fn number(self, column: &'static str, number: Option<&Ratio>, digits: u32) -> Row {
        let text = number.map_or_else(String::new, |number| number.text(digits));
        self.text(column, &text)
    }

    pub(super) fn money(self, column: &'static str, yuan: &Ratio) -> Row {
        self.number(column, Some(yuan), 2)
    }
}

impl Sheet {
    pub(super) fn new(table: &'static str, key: &'static [&'static str], rows: Vec<Row>) -> Sheet {
        Sheet { table, key, rows, partial: false }
    }

    /// One that says nothing of further rows.
    pub(super) fn partial(table: &'static str, key: &'static [&'static str], rows: Vec<Row>) -> Sheet {
        Sheet { partial: true, ..Sheet::new(table, key, rows) }
    }
}

/// Holds sheets against tables. A table or column that the run does not write is not compared.
pub(super) fn compare(sheets: &[Sheet], tables: &BTreeMap<String, Table>) -> Result<Audited, Problems> {
    let mut figures = 0;
    let mut found = Vec::new();
    for sheet in sheets {
        if let Some(table) = tables.get(sheet.table) {
            figures += one(sheet, table, &mut found);
        }
    }
    if found.is_empty() {
        return Ok(Audited { figures });
    }
    let more = found.len().saturating_sub(TOLD_MAX);
    found.truncate(TOLD_MAX);
    let mut problems = Problems(found);
    if more > 0 {
        problems.push(Problem::new(&x::MORE_DIFFERENCES).with("count", more));
    }
    Err(problems)
}

/// What cannot be audited.
pub(super) fn cannot(what: String) -> Problems {
    Problem::new(&x::CANNOT_AUDIT).with("what", what).into()
}

fn one(sheet: &Sheet, table: &Table, found: &mut Vec<Problem>) -> u64 {
    let cell = |column: &str, row: usize| table.column(column).map(|values| plain(values, row));
    let row_problem = |entry, name: &str| Problem::new(entry).with("table", sheet.table).with("subject", name);
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for row in 0..table.rows() {
        let name: Vec<String> = sheet.key.iter().map(|column| cell(column, row).unwrap_or_default()).collect();
        places.entry(name.join(" ")).or_default().push(row);
    }
    let mut figures = 0;
    let mut met = vec![false; table.rows()];
    for (at, own) in sheet.rows.iter().enumerate() {
        // Rows without a key go by their place; several of one name by their order.
        let place = match (sheet.key.is_empty(), places.get_mut(&own.name)) {
            (true, _) => Some(at).filter(|at| *at < table.rows()),
            (false, Some(rows)) if !rows.is_empty() => Some(rows.remove(0)),
            _ => None,
        };
        let Some(place) = place else {
            found.push(row_problem(&x::ROW_MISSING, &own.name));
            continue;
        };
        met[place] = true;
        for (column, auditor) in &own.figures {
            let Some(engine) = cell(column, place) else { continue };
            figures += 1;
            if engine != *auditor {
                let problem = row_problem(&x::FIGURE_DIFFERS, &own.name).with("column", column);
                found.push(problem.with("engine", engine).with("auditor", auditor));
            }
        }
    }
    for row in (0..table.rows()).filter(|row| !met[*row] && !sheet.partial) {
        let name: Vec<String> = sheet.key.iter().map(|column| cell(column, row).unwrap_or_default()).collect();
        let name = if name.is_empty() { (row + 1).to_string() } else { name.join(" ") };
        found.push(row_problem(&x::ROW_TOO_MUCH, &name));
    }
    figures
}
