//! Rows that another program hands over in memory, batch by batch.

use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchReader};

use super::batch::Batch;
use super::cells::Kind;
use super::guard::decode;
use super::source::{BATCH_ROWS, Head};
use crate::problem::Problem;
use crate::problem::catalogue::files::BROKEN_FILE;

/// Rows in memory, or made while they are read.
pub(super) struct StreamSource {
    rows: Box<dyn RecordBatchReader + Send>,
    name: Arc<str>,
    pub(super) heads: Vec<Head>,
}

impl StreamSource {
    pub(super) fn new(name: &str, rows: Box<dyn RecordBatchReader + Send>) -> StreamSource {
        let schema = rows.schema();
        let heads = schema.fields().iter().map(|f| Head { name: f.name().clone(), kind: Kind::of(f.data_type()) });
        StreamSource { heads: heads.collect(), rows, name: name.into() }
    }

    /// The wanted columns, in the order of the schema.
    pub(super) fn batches(self, wanted: &[usize]) -> StreamBatches {
        let wanted = (wanted.len() < self.heads.len()).then(|| wanted.to_vec());
        StreamBatches { rows: Some(self.rows), rest: None, name: self.name, wanted, next_row: 1 }
    }
}

/// Batches as they were handed over, long ones in parts, so that several can be worked on at a time.
pub(super) struct StreamBatches {
    rows: Option<Box<dyn RecordBatchReader + Send>>,
    /// What is left of a long batch.
    rest: Option<RecordBatch>,
    name: Arc<str>,
    wanted: Option<Vec<usize>>,
    /// There is no header: rows are counted from 1.
    next_row: u64,
}

impl StreamBatches {
    fn read(&mut self) -> Option<Result<RecordBatch, Problem>> {
        if let Some(rest) = self.rest.take() {
            return Some(Ok(rest));
        }
        let mut rows = self.rows.take()?;
        let data = match decode(&self.name, || rows.next().transpose()) {
            Ok(data) => data?,
            Err(problem) => return Some(Err(problem)),
        };
        let data = match &self.wanted {
            Some(wanted) => data.project(wanted),
            None => Ok(data),
        };
        self.rows = data.is_ok().then_some(rows);
        Some(data.map_err(|error| Problem::new(&BROKEN_FILE).file(self.name.clone()).with("reason", error)))
    }
}

impl Iterator for StreamBatches {
    type Item = Result<Batch, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        let data = self.read()?.map(|data| {
            let (part, rest) = (data.num_rows().min(BATCH_ROWS), data.num_rows().saturating_sub(BATCH_ROWS));
            self.rest = (rest > 0).then(|| data.slice(part, rest));
            data.slice(0, part)
        });
        Some(data.map(|data| {
            let batch = Batch::new(data, self.name.clone(), self.next_row);
            self.next_row += batch.len() as u64;
            batch
        }))
    }
}
