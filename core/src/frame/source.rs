//! A file of rows, whatever its format.

use std::collections::VecDeque;
use std::path::Path;

use arrow_array::{RecordBatchIterator, RecordBatchReader};

use super::arrow::to_batch;
use super::batch::Batch;
use super::cells::Kind;
use super::csv::{CsvBatches, CsvSource};
use super::format::Format;
use super::parquet::{ParquetBatches, ParquetSource};
use super::stream::{StreamBatches, StreamSource};
use crate::problem::Problem;
use crate::problem::catalogue::files::BROKEN_FILE;
use crate::table::Table;

/// Rows read at a time.
pub(super) const BATCH_ROWS: usize = 1 << 15;

/// The name of a column and what stands in it (`None`: something no field is written in).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub name: String,
    pub kind: Option<Kind>,
}

/// An open file of which the header is known.
pub struct Source(Inner);

enum Inner {
    Csv(Box<CsvSource>),
    Parquet(Box<ParquetSource>),
    Stream(StreamSource),
}

impl Source {
    /// Opens a file, after a look at its first bytes.
    pub fn open(path: &Path) -> Result<Source, Problem> {
        Ok(Source(match Format::of_file(path)? {
            Format::Csv => Inner::Csv(Box::new(CsvSource::open(path)?)),
            Format::Parquet => Inner::Parquet(Box::new(ParquetSource::open(path)?)),
        }))
    }

    /// Rows in memory, or made while they are read. `name` stands for a file name in messages.
    #[must_use]
    pub fn stream(name: &str, rows: Box<dyn RecordBatchReader + Send>) -> Source {
        Source(Inner::Stream(StreamSource::new(name, rows)))
    }

    /// The rows of a table.
    pub fn table(name: &str, table: &Table) -> Result<Source, Problem> {
        let cannot = |error| Problem::new(&BROKEN_FILE).with("reason", error).file(name);
        let batch = to_batch(table).map_err(cannot)?;
        let schema = batch.schema();
        Ok(Source::stream(name, Box::new(RecordBatchIterator::new([Ok(batch)], schema))))
    }

    #[must_use]
    pub fn heads(&self) -> &[Head] {
        match &self.0 {
            Inner::Csv(source) => &source.heads,
            Inner::Parquet(source) => &source.heads,
            Inner::Stream(source) => &source.heads,
        }
    }

    /// The rows, with the wanted columns (by number, in ascending order) only.
    pub fn batches(self, wanted: &[usize]) -> Result<Batches, Problem> {
        debug_assert!(wanted.is_sorted(), "Condition failed: columns are wanted in the order of the file");
        Ok(Batches::of(match self.0 {
            Inner::Csv(source) => Rows::Csv(Box::new(source.batches(wanted))),
            Inner::Parquet(source) => Rows::Parquet(Box::new(source.batches(wanted)?)),
            Inner::Stream(source) => Rows::Stream(source.batches(wanted)),
        }))
    }

    /// The rows, with all columns.
    pub fn all(self) -> Result<Batches, Problem> {
        let wanted: Vec<usize> = (0..self.heads().len()).collect();
        self.batches(&wanted)
    }
}

/// The rows of a file, some at a time; of a file without rows one batch without rows, so that its columns are known.
/// After a problem there are no more.
pub struct Batches {
    rows: Option<Rows>,
    ready: VecDeque<Batch>,
}

enum Rows {
    Csv(Box<CsvBatches>),
    Parquet(Box<ParquetBatches>),
    Stream(StreamBatches),
}

impl Batches {
    fn of(rows: Rows) -> Batches {
        Batches { rows: Some(rows), ready: VecDeque::new() }
    }

    /// Whether rows can be read on another thread while those before are worked on: not those of a caller's own stream.
    #[must_use]
    pub fn can_read_ahead(&self) -> bool {
        !matches!(self.rows, Some(Rows::Stream(_)))
    }

    /// The next batches, about `count`, decoded side by side; none when there are no more.
    pub fn some(&mut self, count: usize) -> Result<Vec<Batch>, Problem> {
        if !self.ready.is_empty() {
            return Ok(self.ready.drain(..).collect());
        }
        let Some(mut rows) = self.rows.take() else { return Ok(Vec::new()) };
        let batches = match &mut rows {
            Rows::Csv(rows) => rows.some(count)?,
            Rows::Parquet(rows) => rows.some(count)?,
            Rows::Stream(rows) => rows.take(count).collect::<Result<_, _>>()?,
        };
        self.rows = (!batches.is_empty()).then_some(rows);
        Ok(batches)
    }
}

impl Iterator for Batches {
    type Item = Result<Batch, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty() {
            match self.some(rayon::current_num_threads().max(1)) {
                Ok(batches) => self.ready.extend(batches),
                Err(problem) => return Some(Err(problem)),
            }
        }
        self.ready.pop_front().map(Ok)
    }
}
