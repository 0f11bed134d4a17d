//! Parquet files as batches.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use arrow_array::{RecordBatch, RecordBatchReader};

use super::batch::Batch;
use super::cells::Kind;
use super::format::file_name;
use super::guard::decode;
use super::source::{BATCH_ROWS, Head};
use crate::problem::Problem;
use crate::problem::catalogue::files::CANNOT_READ;

/// A Parquet file with its footer read.
pub(super) struct ParquetSource {
    builder: ParquetRecordBatchReaderBuilder<File>,
    file: Arc<str>,
    pub(super) heads: Vec<Head>,
}

impl ParquetSource {
    pub(super) fn open(path: &Path) -> Result<ParquetSource, Problem> {
        let name: Arc<str> = file_name(path).into();
        let file =
            File::open(path).map_err(|error| Problem::new(&CANNOT_READ).file(name.clone()).with("reason", error))?;
        let builder = decode(&name, || ParquetRecordBatchReaderBuilder::try_new(file))?;
        let fields = builder.schema().fields().iter();
        let heads = fields.map(|f| Head { name: f.name().clone(), kind: Kind::of(f.data_type()) }).collect();
        Ok(ParquetSource { builder, file: name, heads })
    }

    /// The text stored under a key in the footer.
    pub(super) fn note(&self, key: &str) -> Option<String> {
        let notes = self.builder.metadata().file_metadata().key_value_metadata()?;
        notes.iter().find(|note| note.key == key)?.value.clone()
    }

    pub(super) fn schema(&self) -> Arc<arrow_schema::Schema> {
        self.builder.schema().clone()
    }

    /// The wanted columns, in the order of the file.
    pub(super) fn batches(self, wanted: &[usize]) -> Result<ParquetBatches, Problem> {
        let mask = ProjectionMask::roots(self.builder.parquet_schema(), wanted.iter().copied());
        let builder = self.builder.with_projection(mask).with_batch_size(BATCH_ROWS);
        let reader = decode(&self.file, || builder.build())?;
        Ok(ParquetBatches { reader: Some(reader), file: self.file, next_row: FIRST_ROW, started: false })
    }
}

/// As if the file had a header, so that rows are counted as in a sheet.
const FIRST_ROW: u64 = 2;

pub(super) struct ParquetBatches {
    reader: Option<ParquetRecordBatchReader>,
    file: Arc<str>,
    next_row: u64,
    /// Whether a batch was given: a file without rows gives one empty batch, so that its columns are known.
    started: bool,
}

impl Iterator for ParquetBatches {
    type Item = Result<Batch, Problem>;
    fn next(&mut self) -> Option<Self::Item> {
        let mut reader = self.reader.take()?;
        let started = std::mem::replace(&mut self.started, true);
        match decode(&self.file, || reader.next().transpose()) {
            Ok(None) if started => None,
            Ok(None) => Some(Ok(Batch::new(RecordBatch::new_empty(reader.schema()), self.file.clone(), self.next_row))),
            Ok(Some(data)) => {
                self.reader = Some(reader);
                let batch = Batch::new(data, self.file.clone(), self.next_row);
                self.next_row += batch.len() as u64;
                Some(Ok(batch))
            }
            Err(problem) => Some(Err(problem)),
        }
    }
}
