//! Tables to files, whole or not at all: a file appears under its name when it is complete.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::parquet::arrow::arrow_writer::{ArrowWriter, ArrowWriterOptions};
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, DataType, Field, Schema, TimeUnit};

use super::arrow::{from_batch, to_batch};
use super::batch::Batch;
use super::format::{Format, file_name};
use super::guard::decode;
use super::parquet::ParquetSource;
use super::text_out::write_csv_rows;
use crate::problem::Problem;
use crate::problem::catalogue::files::{BROKEN_FILE, CANNOT_WRITE, COLUMNS_DIFFER};
use crate::table::{Table, Values};

/// The key under which a Parquet file names its columns of few different texts.
const KEYWORDS_KEY: &str = "dianzhi.keywords";

/// Writes a table to `.parquet` or `.csv`, by the name. Equal tables give equal bytes.
pub fn write_table(path: &Path, table: &Table) -> Result<(), Problem> {
    let batch = to_batch(table).map_err(|error| cannot_write(path, &error))?;
    let mut sink = Sink::create(path)?;
    sink.append(&batch, &keywords(table))?;
    sink.finish()
}

/// Writes a table as Parquet to any writer. Equal tables give equal bytes.
pub fn write_parquet(to: impl Write + Send, table: &Table) -> io::Result<()> {
    let batch = to_batch(table).map_err(io::Error::other)?;
    let mut writer = parquet_writer(to, batch.schema(), &keywords(table)).map_err(io::Error::other)?;
    writer.write(&batch).map_err(io::Error::other)?;
    writer.into_inner().map_err(io::Error::other)?.flush()
}

/// The names of the columns of few different texts.
fn keywords(table: &Table) -> String {
    let columns = table.columns.iter().filter(|c| matches!(c.values, Values::Keyword(_)));
    columns.map(|c| c.name.as_str()).collect::<Vec<_>>().join(",")
}

fn parquet_writer<W: Write + Send>(to: W, schema: Arc<Schema>, keywords: &str) -> Result<ArrowWriter<W>, ParquetError> {
    let notes = (!keywords.is_empty()).then(|| vec![KeyValue::new(KEYWORDS_KEY.to_owned(), keywords.to_owned())]);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("dianzhi".to_owned())
        .set_key_value_metadata(notes)
        .build();
    // Without the Arrow schema inside, every reader sees plain strings, decimals and dates.
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    ArrowWriter::try_new_with_options(to, schema, options)
}

/// Reads back a Parquet file that [`write_table`] wrote, or any other with columns that a table can hold.
pub fn read_table(path: &Path) -> Result<Table, Problem> {
    read_columns(path, |_| true)
}

/// [`read_table`], only the columns whose names are wanted.
pub fn read_columns(path: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<Table, Problem> {
    Format::of_file(path)?;
    let source = ParquetSource::open(path)?;
    let keywords = source.note(KEYWORDS_KEY).unwrap_or_default();
    let keywords: Vec<&str> = keywords.split(',').collect();
    let wanted: Vec<usize> = (0..source.heads.len()).filter(|&at| is_wanted(&source.heads[at].name)).collect();
    let schema = source.schema().project(&wanted).map_err(|error| Problem::new(&BROKEN_FILE).with("reason", error))?;
    let mut whole = from_batch(&RecordBatch::new_empty(schema.into())).map_err(|p| p.file(file_name(path)))?;
    let as_keyword = |table: &mut Table| {
        for column in table.columns.iter_mut().filter(|c| keywords.contains(&c.name.as_str())) {
            if let Values::Text(texts) = &column.values {
                column.values = Values::keywords(texts.iter());
            }
        }
    };
    as_keyword(&mut whole);
    for batch in source.batches(&wanted)? {
        let mut part = from_batch(&batch?.data).map_err(|p| p.file(file_name(path)))?;
        as_keyword(&mut part);
        for (column, more) in whole.columns.iter_mut().zip(part.columns) {
            column.values.append(more.values);
        }
    }
    Ok(whole)
}

/// A file being written, batch by batch.
pub struct Sink {
    path: PathBuf,
    partial: PathBuf,
    format: Format,
    open: Option<Open>,
    schema: Option<Arc<Schema>>,
}

enum Open {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Parquet(Box<ArrowWriter<BufWriter<File>>>),
}

impl Sink {
    /// Prepares a file of the format that its name says. Nothing is on disk before the first rows.
    pub fn create(path: &Path) -> Result<Sink, Problem> {
        let format = Format::of_name(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let partial = path.with_file_name(format!(".{name}.{}.partial", std::process::id()));
        Ok(Sink { path: path.to_owned(), partial, format, open: None, schema: None })
    }

    /// Writes the rows of a batch with all their columns, and the columns of `added` after them. An input column with
    /// the name of an added one is called `input_…`. All batches must have the same columns.
    pub fn write(&mut self, batch: &Batch, added: &Table) -> Result<(), Problem> {
        let rows = batch.beside(added).map_err(|error| cannot_write(&self.path, &error))?;
        self.write_as_is(&rows, batch)
    }

    /// Writes the rows of a batch with all their columns. All batches must have the same columns.
    pub fn write_rows(&mut self, batch: &Batch) -> Result<(), Problem> {
        self.write_as_is(&batch.data, batch)
    }

    fn write_as_is(&mut self, rows: &RecordBatch, batch: &Batch) -> Result<(), Problem> {
        let rows = storable_rows(rows).map_err(|error| cannot_write(&self.path, &error))?;
        if self.schema.as_ref().is_some_and(|schema| *schema != rows.schema()) {
            return Err(Problem::new(&COLUMNS_DIFFER).file(batch.file().clone()));
        }
        self.append(&rows, "")
    }

    fn append(&mut self, rows: &RecordBatch, keywords: &str) -> Result<(), Problem> {
        if self.open.is_none() {
            self.schema = Some(rows.schema());
            self.open = Some(self.start(rows, keywords)?);
        }
        match self.open.as_mut() {
            Some(Open::Csv(writer)) => write_csv_rows(writer, rows),
            Some(Open::Parquet(writer)) => decode(&file_name(&self.path), || writer.write(rows)),
            None => Ok(()),
        }
        .map_err(|problem| problem.file(file_name(&self.path)))
    }

    fn start(&self, rows: &RecordBatch, keywords: &str) -> Result<Open, Problem> {
        let failed = |error: &dyn std::fmt::Display| cannot_write(&self.path, error);
        let mut file = BufWriter::new(File::create(&self.partial).map_err(|error| failed(&error))?);
        Ok(match self.format {
            Format::Csv => {
                // With the mark, Excel reads the text as UTF-8.
                file.write_all(b"\xEF\xBB\xBF").map_err(|error| failed(&error))?;
                let mut writer = csv::Writer::from_writer(file);
                let names = rows.schema_ref().fields().iter().map(|field| field.name().as_str());
                writer.write_record(names).map_err(|error| failed(&error))?;
                Open::Csv(Box::new(writer))
            }
            Format::Parquet => {
                let writer = parquet_writer(file, rows.schema(), keywords).map_err(|error| failed(&error))?;
                Open::Parquet(Box::new(writer))
            }
        })
    }

    /// Completes the file and gives it its name.
    pub fn finish(mut self) -> Result<(), Problem> {
        let failed = |error: &dyn std::fmt::Display| cannot_write(&self.path, error);
        let file = match self.open.take() {
            Some(Open::Csv(writer)) => (*writer).into_inner().map_err(|error| failed(&error))?,
            Some(Open::Parquet(writer)) => (*writer).into_inner().map_err(|error| failed(&error))?,
            None => return Ok(()),
        };
        let file = file.into_inner().map_err(|error| failed(&error))?;
        file.sync_all().map_err(|error| failed(&error))?;
        std::fs::rename(&self.partial, &self.path).map_err(|error| failed(&error))
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        // Of a run that fails nothing stays; when even that fails the partial file is hidden and harmless.
        let _ = std::fs::remove_file(&self.partial);
    }
}

/// Rows of which every column can be written.
fn storable_rows(rows: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let columns = rows.columns().iter().map(storable).collect::<Result<Vec<_>, _>>()?;
    let names = rows.schema_ref().fields().iter().map(|field| field.name());
    let fields = names.zip(&columns).map(|(name, column)| Field::new(name, column.data_type().clone(), true));
    let options = RecordBatchOptions::new().with_row_count(Some(rows.num_rows()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields.collect::<Vec<_>>())), columns, &options)
}

/// Types that Parquet has no name for, in the nearest one it has.
fn storable(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let target = match column.data_type() {
        DataType::Timestamp(TimeUnit::Second, zone) => DataType::Timestamp(TimeUnit::Millisecond, zone.clone()),
        DataType::Date64 => DataType::Date32,
        _ => return Ok(column.clone()),
    };
    arrow_cast::cast(column, &target)
}

fn cannot_write(path: &Path, reason: &(impl std::fmt::Display + ?Sized)) -> Problem {
    Problem::new(&CANNOT_WRITE).file(file_name(path)).with("reason", reason)
}
