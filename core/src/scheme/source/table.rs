//! One table as text, with the rows' places.

use std::borrow::Cow;
use std::sync::Arc;

use crate::problem::catalogue::{files, scheme as codes};
use crate::problem::{Problem, Problems};

/// A table as it was read: nothing is interpreted yet.
#[derive(Clone, Debug)]
pub struct RawTable {
    /// File or sheet name, for messages.
    pub file: Arc<str>,
    pub header: Vec<String>,
    pub rows: Vec<Row>,
}

/// A row and the line (or sheet row) it stands in.
#[derive(Clone, Debug)]
pub struct Row {
    pub line: u64,
    pub cells: Vec<String>,
}

impl RawTable {
    /// Reads UTF-8 (with or without byte-order mark) or GBK text. Cells are trimmed; empty lines are skipped.
    pub fn from_csv(file: &str, bytes: &[u8]) -> Result<RawTable, Problems> {
        let text = decode(bytes).ok_or_else(|| {
            let byte = std::str::from_utf8(bytes).map_or_else(|e| e.valid_up_to(), |_| 0);
            Problem::new(&files::BAD_ENCODING).file(file).with("byte", byte)
        })?;
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let broken = |e: csv::Error| Problem::new(&files::BROKEN_FILE).file(file).with("reason", e);
        let header: Vec<String> = reader.headers().map_err(broken)?.iter().map(str::to_owned).collect();
        if header.is_empty() {
            return Err(Problem::new(&files::EMPTY_FILE).file(file).into());
        }
        let mut problems = Problems::new();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(broken)?;
            let line = record.position().map_or(0, csv::Position::line);
            if record.len() != header.len() {
                let problem = Problem::new(&files::RAGGED_ROW).file(file).row(line);
                problems.push(problem.with("found", record.len()).with("expected", header.len()));
                continue;
            }
            rows.push(Row { line, cells: record.iter().map(str::to_owned).collect() });
        }
        problems.or(RawTable { file: file.into(), header, rows }).map(|(table, _)| table)
    }

    /// The place of a column.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// The text in a column of the row that stands in a line.
    #[must_use]
    pub fn cell(&self, line: u64, column: &str) -> Option<&str> {
        let column = self.column(column)?;
        let row = self.rows.iter().find(|row| row.line == line)?;
        Some(&row.cells[column])
    }

    /// The places of columns that must be there.
    pub fn columns<const N: usize>(&self, names: [&'static str; N]) -> Result<[usize; N], Problems> {
        let mut problems = Problems::new();
        let places = names.map(|name| {
            self.column(name).unwrap_or_else(|| {
                problems.push(Problem::new(&codes::MISSING_COLUMN).file(self.file.clone()).with("column", name));
                0
            })
        });
        problems.or(places).map(|(places, _)| places)
    }

    /// A problem at a cell of this table.
    #[must_use]
    pub fn problem(&self, entry: &'static crate::problem::Entry, row: &Row, column: usize) -> Problem {
        Problem::new(entry).file(self.file.clone()).row(row.line).column(self.header[column].as_str())
    }
}

/// The text of UTF-8 or GBK bytes, without a byte-order mark.
pub(super) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes),
    }
}
