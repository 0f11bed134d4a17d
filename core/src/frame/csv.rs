//! Comma-separated text as batches of text columns.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::StringViewBuilder;
use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Field, Schema};
use csv::{ReaderBuilder, StringRecord};
use rayon::prelude::*;

use super::batch::Batch;
use super::cells::Kind;
use super::encoding::{Utf8Reader, detect};
use super::format::file_name;
use super::records::{Cut, cut};
use super::source::Head;
use crate::problem::Problem;
use crate::problem::catalogue::files::{BAD_ENCODING, BROKEN_FILE, CANNOT_READ, EMPTY_FILE, OPEN_QUOTE};

/// Text that a task parses at a time.
const SLICE_BYTES: usize = 1 << 22;
/// More text than that without the end of a record is no table.
const RECORD_BYTES_MAX: usize = 1 << 26;
const HEADER_BYTES: usize = 1 << 16;

/// A CSV file with its header read.
pub(super) struct CsvSource {
    text: Slices,
    pub(super) heads: Vec<Head>,
}

impl CsvSource {
    pub(super) fn open(path: &Path) -> Result<CsvSource, Problem> {
        let name: Arc<str> = file_name(path).into();
        let unreadable = |error: io::Error| Problem::new(&CANNOT_READ).file(name.clone()).with("reason", error);
        let mut file = File::open(path).map_err(unreadable)?;
        let encoding = detect(&mut file)
            .map_err(unreadable)?
            .map_err(|bad| Problem::new(&BAD_ENCODING).file(name.clone()).with("byte", bad.0 + 1))?;
        let reader = Utf8Reader::new(file, encoding).map_err(unreadable)?;
        let mut text = Slices { reader, waiting: Vec::new(), ended: false, line: 1, file: name.clone() };
        let header = text.header()?;
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
        Ok(CsvSource { text, heads })
    }

    pub(super) fn batches(self, wanted: &[usize]) -> CsvBatches {
        let fields: Vec<Field> =
            wanted.iter().map(|&c| Field::new(&self.heads[c].name, DataType::Utf8View, true)).collect();
        CsvBatches {
            width: self.heads.len(),
            wanted: wanted.to_vec(),
            schema: Arc::new(Schema::new(fields)),
            text: self.text,
            started: false,
        }
    }
}

/// The text of a file in slices of whole records.
struct Slices {
    reader: Utf8Reader,
    /// Text that was read and not given out.
    waiting: Vec<u8>,
    /// Whether all text was read.
    ended: bool,
    /// The line of the first byte waiting.
    line: u64,
    file: Arc<str>,
}

/// Whole records, and the line of the first byte.
struct Slice {
    text: Vec<u8>,
    line: u64,
}

impl Slices {
    fn fill(&mut self, bytes: usize) -> Result<(), Problem> {
        let wanted = bytes.saturating_sub(self.waiting.len()) as u64;
        if self.ended || wanted == 0 {
            return Ok(());
        }
        let read = self.reader.by_ref().take(wanted).read_to_end(&mut self.waiting);
        let read = read.map_err(|e| Problem::new(&CANNOT_READ).file(self.file.clone()).with("reason", e))?;
        self.ended = (read as u64) < wanted;
        Ok(())
    }

    /// The next records: about as much text as `count` tasks take.
    fn next(&mut self, count: usize, bytes: usize) -> Result<Vec<Slice>, Problem> {
        let mut wanted = bytes * count;
        loop {
            self.fill(wanted)?;
            let Cut { ends, open } = cut(&self.waiting, count, self.ended);
            match (ends.last(), open) {
                (ends, Some(at)) if self.ended || (ends.is_none() && wanted > RECORD_BYTES_MAX) => {
                    return Err(Problem::new(&OPEN_QUOTE).file(self.file.clone()).row(self.line_of(at)));
                }
                (None, _) if !self.ended && wanted > RECORD_BYTES_MAX => {
                    let reason = "a line without end";
                    return Err(Problem::new(&BROKEN_FILE).file(self.file.clone()).with("reason", reason));
                }
                (None, _) if !self.ended => wanted *= 2,
                _ => return Ok(self.give(&ends)),
            }
        }
    }

    fn line_of(&self, at: usize) -> u64 {
        self.line + lines(&self.waiting[..at])
    }

    fn give(&mut self, ends: &[usize]) -> Vec<Slice> {
        let rest = self.waiting.split_off(ends.last().copied().unwrap_or(0));
        let whole = std::mem::replace(&mut self.waiting, rest);
        let mut start = 0;
        let mut slices = Vec::new();
        for &end in ends {
            let text = whole[start..end].to_vec();
            let line = self.line;
            self.line += lines(&text);
            slices.push(Slice { text, line });
            start = end;
        }
        slices
    }

    /// The first record; it is taken from the text.
    fn header(&mut self) -> Result<StringRecord, Problem> {
        let mut text: Vec<u8> = self.next(1, HEADER_BYTES)?.into_iter().flat_map(|slice| slice.text).collect();
        let mut reader = ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_slice());
        let mut header = StringRecord::new();
        reader.read_record(&mut header).map_err(|error| broken(&self.file, &error))?;
        let mut end = usize::try_from(reader.position().byte()).unwrap_or(text.len()).min(text.len());
        // Of two characters that end a line, the reader leaves the second.
        if end > 0 && text[end - 1] == b'\r' && text.get(end) == Some(&b'\n') {
            end += 1;
        }
        self.line = 1 + lines(&text[..end]);
        text.drain(..end);
        text.append(&mut self.waiting);
        self.waiting = text;
        Ok(header)
    }
}

fn lines(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte == b'\n').count() as u64
}

pub(super) struct CsvBatches {
    text: Slices,
    width: usize,
    wanted: Vec<usize>,
    schema: Arc<Schema>,
    /// Whether a batch was given: a file without rows gives one empty batch, so that its columns are known.
    started: bool,
}

impl CsvBatches {
    /// The next batches, parsed side by side; none when all were given.
    pub(super) fn some(&mut self, count: usize) -> Result<Vec<Batch>, Problem> {
        let slices = self.text.next(count, SLICE_BYTES)?;
        let parsed: Vec<Result<Batch, Problem>> = slices.into_par_iter().map(|slice| self.parse(&slice)).collect();
        let mut batches = parsed.into_iter().collect::<Result<Vec<Batch>, Problem>>()?;
        batches.retain(|batch| !batch.is_empty());
        if batches.is_empty() && !self.started {
            batches.push(self.parse(&Slice { text: Vec::new(), line: 1 })?);
        }
        self.started = true;
        Ok(batches)
    }

    fn parse(&self, slice: &Slice) -> Result<Batch, Problem> {
        let text = slice.text.as_slice();
        let mut reader = ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text);
        let mut columns: Vec<StringViewBuilder> = self.wanted.iter().map(|_| StringViewBuilder::new()).collect();
        let (mut rows, mut ragged) = (Vec::new(), Vec::new());
        let mut record = StringRecord::new();
        // Where the last record begins, and its line.
        let (mut at, mut line) = (0, slice.line);
        while reader.read_record(&mut record).map_err(|error| broken(&self.text.file, &error))? {
            if record.len() != self.width {
                ragged.push((rows.len(), record.len()));
            }
            let mut start = record.position().map_or(at, |place| usize::try_from(place.byte()).unwrap_or(at));
            // Empty lines before a record are none of it.
            start += text[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            line += lines(&text[at..start]);
            at = start;
            rows.push(line);
            for (column, &at) in columns.iter_mut().zip(&self.wanted) {
                match record.get(at) {
                    None | Some("") => column.append_null(),
                    Some(text) => column.append_value(text),
                }
            }
        }
        let arrays = columns.iter_mut().map(|c| Arc::new(c.finish()) as _).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        let data = RecordBatch::try_new_with_options(self.schema.clone(), arrays, &options)
            .map_err(|error| Problem::new(&BROKEN_FILE).file(self.text.file.clone()).with("reason", error))?;
        Ok(Batch::of_lines(data, self.text.file.clone(), rows, ragged))
    }
}

fn broken(file: &Arc<str>, error: &csv::Error) -> Problem {
    Problem::new(&BROKEN_FILE).file(file.clone()).with("reason", error)
}
