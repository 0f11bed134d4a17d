//! Parquet files as batches.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use arrow_array::{RecordBatch, RecordBatchOptions, RecordBatchReader};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use rayon::prelude::*;

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
    known: ArrowReaderMetadata,
    path: PathBuf,
    file: Arc<str>,
    pub(super) heads: Vec<Head>,
}

impl ParquetSource {
    pub(super) fn open(path: &Path) -> Result<ParquetSource, Problem> {
        let name: Arc<str> = file_name(path).into();
        let file =
            File::open(path).map_err(|error| Problem::new(&CANNOT_READ).file(name.clone()).with("reason", error))?;
        let known = decode(&name, || ArrowReaderMetadata::load(&file, ArrowReaderOptions::default()))?;
        let options = ArrowReaderOptions::new().with_schema(in_views(known.schema()));
        let known = ArrowReaderMetadata::try_new(known.metadata().clone(), options).unwrap_or(known);
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, known.clone());
        let fields = builder.schema().fields().iter();
        let heads = fields.map(|f| Head { name: f.name().clone(), kind: Kind::of(f.data_type()) }).collect();
        Ok(ParquetSource { builder, known, path: path.to_owned(), file: name, heads })
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
        let metadata = self.builder.metadata().clone();
        let size = |column: usize| {
            let first = metadata.row_groups().first();
            let leaves = first.map(|group| group.columns()).unwrap_or_default().iter();
            let root = self.builder.schema().field(column).name();
            let own = leaves.filter(|leaf| leaf.column_path().parts().first() == Some(root));
            own.map(|leaf| leaf.uncompressed_size()).sum::<i64>()
        };
        let shares = shares(wanted, size, rayon::current_num_threads().max(1) * 2);
        let reader = |share: &Vec<usize>| -> Result<ParquetRecordBatchReader, Problem> {
            // Each has a file of its own: clones of one share the place they read at.
            let file = File::open(&self.path)
                .map_err(|error| Problem::new(&CANNOT_READ).file(self.file.clone()).with("reason", error))?;
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.known.clone());
            let mask = ProjectionMask::roots(self.builder.parquet_schema(), share.iter().copied());
            let builder = builder.with_projection(mask).with_batch_size(BATCH_ROWS);
            decode(&self.file, || builder.build())
        };
        let readers = shares.iter().map(reader).collect::<Result<Vec<_>, Problem>>()?;
        // Where each wanted column is among those of all readers.
        let order: Vec<usize> = shares.concat();
        let place = |column: &usize| order.iter().position(|own| own == column).unwrap_or_default();
        let places = wanted.iter().map(place).collect();
        Ok(ParquetBatches { readers, places, file: self.file, next_row: FIRST_ROW, started: false })
    }
}

/// The schema with texts as views, which is how they are used.
fn in_views(schema: &Schema) -> Arc<Schema> {
    let field = |field: &Arc<Field>| match field.data_type() {
        DataType::Utf8 => Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8View)),
        _ => field.clone(),
    };
    Arc::new(Schema::new_with_metadata(
        schema.fields().iter().map(field).collect::<Vec<_>>(),
        schema.metadata().clone(),
    ))
}

/// Columns shared out so that each share takes about as long to read. Of no columns there is one empty share.
fn shares(wanted: &[usize], size: impl Fn(usize) -> i64, count: usize) -> Vec<Vec<usize>> {
    let mut shares: Vec<(i64, Vec<usize>)> = vec![(0, Vec::new()); count.min(wanted.len()).max(1)];
    let mut by_size = wanted.to_vec();
    by_size.sort_by_key(|&column| (std::cmp::Reverse(size(column)), column));
    for column in by_size {
        if let Some(least) = shares.iter_mut().min_by_key(|share| share.0) {
            least.0 += size(column).max(1);
            least.1.push(column);
        }
    }
    // A reader gives its columns in the order of the file.
    shares.iter_mut().for_each(|share| share.1.sort_unstable());
    shares.into_iter().map(|share| share.1).collect()
}

/// As if the file had a header, so that rows are counted as in a sheet.
const FIRST_ROW: u64 = 2;

/// Batches of which the columns are decoded side by side, each share by a reader of its own.
pub(super) struct ParquetBatches {
    readers: Vec<ParquetRecordBatchReader>,
    places: Vec<usize>,
    file: Arc<str>,
    next_row: u64,
    /// Whether a batch was given: a file without rows gives one empty batch, so that its columns are known.
    started: bool,
}

impl ParquetBatches {
    /// The next batches; none when all were given.
    pub(super) fn some(&mut self, count: usize) -> Result<Vec<Batch>, Problem> {
        let file = &self.file;
        let read = |reader: &mut ParquetRecordBatchReader| {
            decode(file, || reader.take(count).collect::<Result<Vec<RecordBatch>, _>>())
        };
        let read: Vec<Result<Vec<RecordBatch>, Problem>> = self.readers.par_iter_mut().map(read).collect();
        let mut parts = read.into_iter().collect::<Result<Vec<_>, Problem>>()?;
        let most = parts.iter().map(Vec::len).max().unwrap_or_default();
        if most == 0 && !self.started {
            parts = self.readers.iter().map(|reader| vec![RecordBatch::new_empty(reader.schema())]).collect();
        }
        self.started = true;
        let mut batches = Vec::new();
        for at in 0..parts.iter().map(Vec::len).max().unwrap_or_default() {
            let data = decode(file, || joined(parts.iter().filter_map(|part| part.get(at)), &self.places))?;
            let batch = Batch::new(data, self.file.clone(), self.next_row);
            self.next_row += batch.len() as u64;
            batches.push(batch);
        }
        Ok(batches)
    }
}

/// The columns of several batches of the same rows as one.
fn joined<'a>(parts: impl Iterator<Item = &'a RecordBatch>, places: &[usize]) -> Result<RecordBatch, ArrowError> {
    let (mut fields, mut columns, mut rows) = (Vec::new(), Vec::new(), None);
    for part in parts {
        fields.extend(part.schema_ref().fields().iter().cloned());
        columns.extend(part.columns().iter().cloned());
        rows = rows.or(Some(part.num_rows()));
    }
    let all = RecordBatchOptions::new().with_row_count(rows);
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &all)?.project(places)
}
