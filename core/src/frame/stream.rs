//! Rows that another program hands over in memory, batch by batch.

use std::sync::Arc;

use arrow_array::RecordBatchReader;

use super::batch::Batch;
use super::cells::Kind;
use super::guard::decode;
use super::source::Head;
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
        StreamBatches { rows: Some(self.rows), name: self.name, wanted, next_row: 1 }
    }
}

/// Batches as long as they were handed over.
pub(super) struct StreamBatches {
    rows: Option<Box<dyn RecordBatchReader + Send>>,
    name: Arc<str>,
    wanted: Option<Vec<usize>>,
    /// There is no header: rows are counted from 1.
    next_row: u64,
}

impl Iterator for StreamBatches {
    type Item = Result<Batch, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut rows = self.rows.take()?;
        let data = match decode(&self.name, || rows.next().transpose()) {
            Ok(data) => data?,
            Err(problem) => return Some(Err(problem)),
        };
        let data = match &self.wanted {
            Some(wanted) => data.project(wanted),
            None => Ok(data),
        };
        let batch = data.map(|data| Batch::new(data, self.name.clone(), self.next_row));
        let batch = batch.map_err(|error| Problem::new(&BROKEN_FILE).file(self.name.clone()).with("reason", error));
        if let Ok(batch) = &batch {
            self.next_row += batch.len() as u64;
            self.rows = Some(rows);
        }
        Some(batch)
    }
}
