//! Takes the CSV files that rules name into the tree, so that a patch can reach every row.

use std::sync::Arc;

use super::Merged;
use super::files::{Recorder, beside};
use crate::policy::kinds::kind_of;
use crate::policy::node::{Keys, Node, Origin, Raw};
use crate::policy::spec::Shape;
use crate::problem::catalogue::{files as f, policy as p};
use crate::problem::{Problem, Problems};

/// Replaces the name of each table by its rows, and notes the files.
pub(super) fn tables(pack: &mut Merged, reader: &Recorder<'_>, problems: &mut Problems) {
    for (name, rule) in &mut pack.rules {
        let Some(kind) = rule.node.as_table().and_then(kind_of) else {
            continue;
        };
        let Raw::Table(keys) = &mut rule.node.raw else {
            continue;
        };
        for field in kind.fields {
            let is_table = matches!(field.shape, Shape::Rows { .. } | Shape::FreeRows | Shape::Codes);
            let Some(table) = keys.get(field.name).filter(|_| is_table).and_then(Node::as_text) else {
                continue;
            };
            let file = beside(&rule.file, table);
            match rows(&file, matches!(field.shape, Shape::Codes), reader) {
                Ok(rows) => {
                    pack.files.push(file.into());
                    if let Some(value) = Arc::make_mut(keys).get_mut(field.name) {
                        value.raw = Raw::List(Arc::new(rows));
                    }
                }
                Err(found) => {
                    let path = format!("rules.{name}.{}", field.name);
                    problems.append(Problems(found.into_iter().map(|one| one.rule(path.clone())).collect()));
                }
            }
        }
    }
}

/// The rows of a CSV file. Blank cells are absent; blank rows are skipped.
fn rows(name: &str, codes_only: bool, reader: &Recorder<'_>) -> Result<Vec<Node>, Problems> {
    let text = reader.text(name)?;
    let file: Arc<str> = name.into();
    let mut csv = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let broken = |error: &csv::Error| Problem::new(&f::BROKEN_FILE).with("reason", error).file(file.clone());
    let header: Vec<String> =
        csv.headers().map_err(|error| broken(&error))?.iter().map(|cell| cell.trim().to_owned()).collect();
    let mut problems = Problems::new();
    for (at, column) in header.iter().enumerate() {
        if !column.is_empty() && header[..at].contains(column) {
            let problem = Problem::new(&p::DUPLICATE_ROW).with("key", column).with("first", 1);
            problems.push(problem.file(file.clone()).row(1));
        }
    }
    let mut rows = Vec::new();
    for record in csv.records() {
        let record = record.map_err(|error| broken(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let origin = Origin { file: file.clone(), line };
        if record.len() != header.len() {
            let problem = Problem::new(&f::RAGGED_ROW).with("found", record.len()).with("expected", header.len());
            problems.push(problem.file(file.clone()).row(line));
            continue;
        }
        let cells = header.iter().zip(record.iter().map(str::trim)).filter(|(_, cell)| !cell.is_empty());
        if codes_only {
            rows.extend(record.get(0).map(str::trim).filter(|c| !c.is_empty()).map(|code| Node::text(code, &origin)));
            continue;
        }
        let keys: Keys = cells.map(|(column, cell)| (column.clone(), Node::text(cell, &origin))).collect();
        if !keys.is_empty() {
            rows.push(Node { raw: Raw::Table(Arc::new(keys)), origin });
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(rows) }
}
