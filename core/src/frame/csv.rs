//! Comma-separated text as batches of text columns.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::StringViewBuilder;
use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Field, Schema};
use csv::{ReaderBuilder, StringRecord};

use super::batch::Batch;
use super::cells::Kind;
use super::encoding::{Utf8Reader, detect};
use super::format::file_name;
use super::source::{BATCH_ROWS, Head};
use crate::problem::Problem;
use crate::problem::catalogue::files::{BAD_ENCODING, BROKEN_FILE, CANNOT_READ, EMPTY_FILE};

/// A CSV file with its header read.
pub(super) struct CsvSource {
    reader: csv::Reader<Utf8Reader>,
    file: Arc<str>,
    pub(super) heads: Vec<Head>,
}

impl CsvSource {
    pub(super) fn open(path: &Path) -> Result<CsvSource, Problem> {
        let name: Arc<str> = file_name(path).into();
        let unreadable = |error: std::io::Error| Problem::new(&CANNOT_READ).file(name.clone()).with("reason", error);
        let mut file = File::open(path).map_err(unreadable)?;
        let encoding = detect(&mut file)
            .map_err(unreadable)?
            .map_err(|bad| Problem::new(&BAD_ENCODING).file(name.clone()).with("byte", bad.0 + 1))?;
        let text = Utf8Reader::new(file, encoding).map_err(unreadable)?;
        let mut reader = ReaderBuilder::new().flexible(true).buffer_capacity(1 << 18).from_reader(text);
        let header = reader.headers().map_err(|error| broken(&name, &error))?;
        if header.iter().all(|text| text.trim().is_empty()) {
            return Err(Problem::new(&EMPTY_FILE).file(name));
        }
        // Spreadsheets leave empty headers over empty columns at the right.
        let name_of = |(at, text): (usize, &str)| match text.trim() {
            "" => format!("unnamed_{}", at + 1),
            text => text.to_owned(),
        };
        let names = header.iter().enumerate().map(name_of);
        let heads = names.map(|name| Head { name, kind: Some(Kind::Text) }).collect();
        Ok(CsvSource { reader, file: name, heads })
    }

    pub(super) fn batches(self, wanted: &[usize]) -> CsvBatches {
        let fields: Vec<Field> =
            wanted.iter().map(|&c| Field::new(&self.heads[c].name, DataType::Utf8View, true)).collect();
        CsvBatches {
            width: self.heads.len(),
            wanted: wanted.to_vec(),
            schema: Arc::new(Schema::new(fields)),
            record: StringRecord::new(),
            source: self,
            started: false,
            done: false,
        }
    }
}

pub(super) struct CsvBatches {
    source: CsvSource,
    width: usize,
    wanted: Vec<usize>,
    schema: Arc<Schema>,
    record: StringRecord,
    /// Whether a batch was given: a file without rows gives one empty batch, so that its columns are known.
    started: bool,
    done: bool,
}

impl CsvBatches {
    fn read(&mut self) -> Result<Option<Batch>, Problem> {
        let mut columns: Vec<StringViewBuilder> =
            self.wanted.iter().map(|_| StringViewBuilder::with_capacity(BATCH_ROWS)).collect();
        let (mut lines, mut ragged) = (Vec::with_capacity(BATCH_ROWS), Vec::new());
        while lines.len() < BATCH_ROWS {
            let more = self.source.reader.read_record(&mut self.record);
            if !more.map_err(|error| broken(&self.source.file, &error))? {
                break;
            }
            if self.record.len() != self.width {
                ragged.push((lines.len(), self.record.len()));
            }
            lines.push(self.record.position().map_or(0, csv::Position::line));
            for (column, &at) in columns.iter_mut().zip(&self.wanted) {
                match self.record.get(at) {
                    None | Some("") => column.append_null(),
                    Some(text) => column.append_value(text),
                }
            }
        }
        if lines.is_empty() && self.started {
            return Ok(None);
        }
        self.started = true;
        let arrays = columns.iter_mut().map(|c| Arc::new(c.finish()) as _).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(lines.len()));
        let data = RecordBatch::try_new_with_options(self.schema.clone(), arrays, &options)
            .map_err(|error| Problem::new(&BROKEN_FILE).file(self.source.file.clone()).with("reason", error))?;
        Ok(Some(Batch::of_lines(data, self.source.file.clone(), lines, ragged)))
    }
}

impl Iterator for CsvBatches {
    type Item = Result<Batch, Problem>;
    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let batch = self.read().transpose();
        self.done = !matches!(batch, Some(Ok(_)));
        batch
    }
}

fn broken(file: &Arc<str>, error: &csv::Error) -> Problem {
    Problem::new(&BROKEN_FILE).file(file.clone()).with("reason", error)
}
