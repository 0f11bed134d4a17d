//! Takes the CSV files that rules name into the tree, so that a patch can reach every row.

use std::sync::Arc;

use super::Merged;
use super::files::{Recorder, beside};
use crate::policy::kinds::kind_of;
use crate::policy::node::{Keys, Node, Origin, Raw};
use crate::policy::spec::{Field, Shape};
use crate::problem::catalogue::{files as f, policy as p};
use crate::problem::{Problem, Problems};

/// Replaces the name of each table by its rows, and notes the files.
pub(super) fn tables(pack: &mut Merged, reader: &Recorder<'_>, problems: &mut Problems) {
    for (name, rule) in &mut pack.rules {
        let Some(kind) = rule.node.as_table().and_then(kind_of) else {
            continue;
        };
        let mut expander = Expander { pack: &rule.file, reader, files: &mut pack.files, problems };
        expander.fields(&mut rule.node, kind.fields, &format!("rules.{name}"));
    }
}

struct Expander<'a> {
    /// The file of the pack, beside which tables stand.
    pack: &'a str,
    reader: &'a Recorder<'a>,
    files: &'a mut Vec<Arc<str>>,
    problems: &'a mut Problems,
}

impl Expander<'_> {
    fn fields(&mut self, node: &mut Node, fields: &[Field], path: &str) {
        let Raw::Table(keys) = &mut node.raw else {
            return;
        };
        let reaches = |field: &&Field| keys.contains_key(field.name) && names_tables(field.shape);
        for field in fields.iter().filter(reaches).collect::<Vec<_>>() {
            if let Some(value) = Arc::make_mut(keys).get_mut(field.name) {
                self.value(value, field.shape, &format!("{path}.{}", field.name));
            }
        }
    }

    fn value(&mut self, node: &mut Node, shape: &Shape, path: &str) {
        match shape {
            Shape::Record(fields) => self.fields(node, fields, path),
            Shape::List(item) => {
                if let Raw::List(items) = &mut node.raw {
                    for (at, one) in Arc::make_mut(items).iter_mut().enumerate() {
                        self.value(one, item, &format!("{path}.{at}"));
                    }
                }
            }
            _ => {
                let Some(table) = node.as_text() else {
                    return;
                };
                let file = beside(self.pack, table);
                match rows(&file, matches!(shape, Shape::Codes), self.reader) {
                    Ok(rows) => {
                        self.files.push(file.into());
                        node.raw = Raw::List(Arc::new(rows));
                    }
                    Err(found) => {
                        self.problems.append(Problems(found.into_iter().map(|one| one.rule(path)).collect()));
                    }
                }
            }
        }
    }
}

/// Whether a value of this shape can name a table.
fn names_tables(shape: &Shape) -> bool {
    match shape {
        Shape::Rows { .. } | Shape::FreeRows | Shape::Codes => true,
        Shape::Record(fields) => fields.iter().any(|field| names_tables(field.shape)),
        Shape::List(item) => names_tables(item),
        _ => false,
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
