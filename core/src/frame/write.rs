//! Tables to files, whole or not at all: a file appears under its name when it is complete.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::parquet::errors::ParquetError;
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, DataType, Field, Schema, TimeUnit};
use arrow_select::concat::concat_batches;

use super::arrow::{from_batch, to_batch, to_stored};
use super::batch::Batch;
use super::format::{Format, file_name};
use super::guard::decode;
use super::parquet::ParquetSource;
use super::row_groups::{GROUP_ROWS, GroupEncoder, KEYWORDS_KEY, TableFile, batch_file, table_file};
use super::text_out::write_csv_rows;
use crate::problem::Problem;
use crate::problem::catalogue::files::{BROKEN_FILE, CANNOT_WRITE, COLUMNS_DIFFER};
use crate::table::{Table, Values};

/// Writes a table to `.parquet` or `.csv`, by the name. Equal tables give equal bytes.
pub fn write_table(path: &Path, table: &Table) -> Result<(), Problem> {
    let mut sink = Sink::create(path)?;
    match sink.format {
        Format::Csv => sink.append(&to_batch(table).map_err(|error| cannot_write(path, &error))?)?,
        Format::Parquet => {
            let file = File::create(&sink.partial).map_err(|error| cannot_write(path, &error))?;
            let groups = Groups::of(table_file(BufWriter::new(file), table).map_err(|e| cannot_write(path, &e))?);
            sink.open = Some(Open::Parquet(Box::new(groups)));
            sink.append(&to_stored(table).map_err(|error| cannot_write(path, &error))?)?;
        }
    }
    sink.finish()
}

/// Writes a table as Parquet to any writer. Equal tables give equal bytes.
pub fn write_parquet(to: impl Write + Send, table: &Table) -> io::Result<()> {
    let mut groups = Groups::of(table_file(to, table)?);
    groups.push(to_stored(table).map_err(io::Error::other)?).map_err(io::Error::other)?;
    groups.finish().map_err(io::Error::other)?.flush()
}

/// Batches of any length as row groups of the usual one.
struct Groups<W: Write + Send> {
    file: TableFile<W>,
    encoder: GroupEncoder,
    waiting: Vec<RecordBatch>,
    rows: usize,
}

impl<W: Write + Send> Groups<W> {
    fn of((file, encoder): (TableFile<W>, GroupEncoder)) -> Groups<W> {
        Groups { file, encoder, waiting: Vec::new(), rows: 0 }
    }

    fn push(&mut self, rows: RecordBatch) -> Result<(), ParquetError> {
        self.rows += rows.num_rows();
        self.waiting.push(rows);
        while self.rows >= GROUP_ROWS {
            self.put(GROUP_ROWS)?;
        }
        Ok(())
    }

    /// Encodes the first `count` of the rows waiting.
    fn put(&mut self, count: usize) -> Result<(), ParquetError> {
        let whole = match self.waiting.as_slice() {
            [only] => only.clone(),
            several => concat_batches(&several[0].schema(), several)?,
        };
        let group = self.encoder.encode_batch(&whole.slice(0, count))?;
        self.rows -= count;
        self.waiting = vec![whole.slice(count, self.rows)];
        self.file.append_columns(group)
    }

    fn finish(mut self) -> Result<W, ParquetError> {
        if self.rows > 0 {
            self.put(self.rows)?;
        }
        self.file.finish().map_err(ParquetError::from)
    }
}

/// Reads back a Parquet file that [`write_table`] wrote, or any other with columns that a table can hold.
pub fn read_table(path: &Path) -> Result<Table, Problem> {
    read_columns(path, |_| true)
}

/// [`read_table`], only the columns whose names are wanted.
pub fn read_columns(path: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<Table, Problem> {
    read_parts(path, is_wanted, |_, part| part)
}

/// [`read_table`], only some rows, whose numbers are in order. No more than some batches are in memory at a time.
pub fn read_rows(path: &Path, rows: &[usize]) -> Result<Table, Problem> {
    let pick = |first: usize, part: Table| {
        let from = rows.partition_point(|row| *row < first);
        let to = rows.partition_point(|row| *row < first + part.rows());
        let own: Vec<usize> = rows[from..to].iter().map(|row| row - first).collect();
        part.take(&own)
    };
    read_parts(path, |_| true, pick)
}

/// Reads batch by batch; `pick` is told the number of the first row of each.
fn read_parts(
    path: &Path,
    is_wanted: impl Fn(&str) -> bool,
    pick: impl Fn(usize, Table) -> Table,
) -> Result<Table, Problem> {
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
    let mut batches = source.batches(&wanted)?;
    let mut first = 0;
    loop {
        let some = batches.some(rayon::current_num_threads().max(1))?;
        if some.is_empty() {
            return Ok(whole);
        }
        for batch in some {
            let mut part = from_batch(&batch.data).map_err(|p| p.file(file_name(path)))?;
            as_keyword(&mut part);
            let rows = part.rows();
            whole.append(pick(first, part));
            first += rows;
        }
    }
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
    Parquet(Box<Groups<BufWriter<File>>>),
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
        self.append(&rows)
    }

    fn append(&mut self, rows: &RecordBatch) -> Result<(), Problem> {
        if self.open.is_none() {
            self.schema = Some(rows.schema());
            self.open = Some(self.start(rows)?);
        }
        match self.open.as_mut() {
            Some(Open::Csv(writer)) => write_csv_rows(writer, rows),
            Some(Open::Parquet(groups)) => decode(&file_name(&self.path), || groups.push(rows.clone())),
            None => Ok(()),
        }
        .map_err(|problem| problem.file(file_name(&self.path)))
    }

    fn start(&self, rows: &RecordBatch) -> Result<Open, Problem> {
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
                Open::Parquet(Box::new(Groups::of(batch_file(file, rows.schema()).map_err(|error| failed(&error))?)))
            }
        })
    }

    /// Completes the file and gives it its name.
    pub fn finish(mut self) -> Result<(), Problem> {
        let failed = |error: &dyn std::fmt::Display| cannot_write(&self.path, error);
        let file = match self.open.take() {
            Some(Open::Csv(writer)) => (*writer).into_inner().map_err(|error| failed(&error))?,
            Some(Open::Parquet(groups)) => (*groups).finish().map_err(|error| failed(&error))?,
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
