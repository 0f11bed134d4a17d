//! Rows that stand twice or contradict each other.

use std::collections::BTreeMap;

use crate::problem::catalogue::scheme as codes;
use crate::problem::{Entry, Problem, Problems};
use crate::scheme::source::RawTable;
use crate::scheme::{Row, Source};

/// Tables whose rows must differ, with the columns that make a row. The last one is the code.
const SETS: [(&str, &[&str]); 4] = [
    ("mdc_diagnoses", &["mdc", "list", "icd10"]),
    ("adrg_codes", &["adrg", "list", "code"]),
    ("cc_exclusions", &["exclusion_group", "pdx"]),
    ("valid_procedures", &["code"]),
];

/// Tables with one value a code.
const MAPS: [(&str, [&str; 2]); 5] = [
    ("diagnosis_names", ["code", "name"]),
    ("procedure_names", ["code", "name"]),
    ("code_map_diagnoses", ["code", "insurance_code"]),
    ("code_map_procedures", ["code", "insurance_code"]),
    ("drg_weights", ["drg", "weight"]),
];

/// Tables whose rows are tried in an order, with the column that groups them.
const ORDERED: [(&str, &str); 3] = [("mdc", ""), ("adrg", "mdc"), ("drg", "adrg")];

#[must_use]
pub fn check(source: &Source) -> Problems {
    let mut problems = Problems::new();
    for (name, columns) in SETS {
        if let Some(table) = source.table(name) {
            sets(name, table, columns, &mut problems);
        }
    }
    for (name, columns) in MAPS {
        if let Some(table) = source.table(name) {
            maps(name, table, columns, &mut problems);
        }
    }
    if let Some(table) = source.table("cc") {
        severity(table, &mut problems);
    }
    for (name, group) in ORDERED {
        if let Some(table) = source.table(name) {
            order(name, table, group, &mut problems);
        }
    }
    problems
}

fn at(entry: &'static Entry, table: &RawTable, row: &Row, column: &str) -> Problem {
    Problem::new(entry).file(table.file.clone()).row(row.line).column(column)
}

/// The cells of columns that are all there, row by row.
fn rows<'a>(table: &'a RawTable, columns: &[&str]) -> Vec<(&'a Row, Vec<&'a str>)> {
    let Some(places) = columns.iter().map(|name| table.column(name)).collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    table.rows.iter().map(|row| (row, places.iter().map(|at| row.cells[*at].as_str()).collect())).collect()
}

fn sets(name: &str, table: &RawTable, columns: &[&str], problems: &mut Problems) {
    let mut first: BTreeMap<Vec<&str>, u64> = BTreeMap::new();
    for (row, cells) in rows(table, columns) {
        let Some((code, list)) = cells.split_last().map(|(code, list)| ((*code).to_owned(), list.join(" "))) else {
            continue;
        };
        if let Some(line) = first.get(&cells) {
            let problem = at(&codes::DUPLICATE_CODE, table, row, columns.last().copied().unwrap_or_default());
            let list = if list.is_empty() { name.to_owned() } else { list };
            problems.push(problem.with("code", code).with("list", list).with("first", line));
        } else {
            first.insert(cells, row.line);
        }
    }
}

fn maps(name: &str, table: &RawTable, columns: [&str; 2], problems: &mut Problems) {
    let mut known: BTreeMap<&str, (&str, u64)> = BTreeMap::new();
    for (row, cells) in rows(table, &columns) {
        let (code, value) = (cells[0], cells[1]);
        match known.get(code) {
            Some((before, line)) if *before == value => {
                let problem = at(&codes::DUPLICATE_CODE, table, row, columns[0]);
                problems.push(problem.with("code", code).with("list", name).with("first", line));
            }
            Some((before, _)) => {
                let problem = at(&codes::CONFLICTING_ROWS, table, row, columns[1]).with("code", code);
                problems.push(problem.with("table", name).with("before", before).with("after", value));
            }
            None => {}
        }
        known.insert(code, (value, row.line));
    }
}

fn severity(table: &RawTable, problems: &mut Problems) {
    let mut known: BTreeMap<&str, Vec<(&Row, String)>> = BTreeMap::new();
    for (row, cells) in rows(table, &["icd10", "level", "exclusion_group"]) {
        known.entry(cells[0]).or_default().push((row, format!("{} {}", cells[1], cells[2])));
    }
    for (code, entries) in known.into_iter().filter(|(_, entries)| entries.len() > 1) {
        let (first, (last, _)) = (&entries[0], &entries[entries.len() - 1]);
        if entries.iter().all(|(_, entry)| *entry == first.1) {
            let problem = at(&codes::DUPLICATE_CODE, table, last, "icd10");
            problems.push(problem.with("code", code).with("list", "cc").with("first", first.0.line));
        } else {
            let texts: Vec<&str> = entries.iter().map(|(_, entry)| entry.trim_end()).collect();
            let problem = at(&codes::SEVERAL_LEVELS, table, last, "icd10");
            problems.push(problem.with("code", code).with("entries", texts.join("; ")));
        }
    }
}

fn order(name: &str, table: &RawTable, group: &str, problems: &mut Problems) {
    let mut first: BTreeMap<Vec<&str>, u64> = BTreeMap::new();
    let columns: &[&str] = if group.is_empty() { &["order"] } else { &["order", group] };
    for (row, cells) in rows(table, columns) {
        let (order, of) = (cells[0], cells.get(1).copied().unwrap_or(name));
        if let Some(line) = first.get(&cells) {
            let problem = at(&codes::SAME_ORDER, table, row, "order").with("order", order);
            problems.push(problem.with("group", of).with("first", line));
        } else {
            first.insert(cells, row.line);
        }
    }
}
