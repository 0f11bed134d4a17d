//! Parquet row group by row group: encoded apart, so that many can be in the making at once, and put together in order.

use std::io::{self, Write};
use std::sync::Arc;

use ::parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowRowGroupWriterFactory, ArrowWriter, ArrowWriterOptions, compute_leaves,
};
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::{EnabledStatistics, WriterProperties};
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::types::ColumnPath;
use arrow_array::RecordBatch;
use arrow_schema::Schema;
use rayon::prelude::*;

use super::arrow::{stored_schema, to_stored};
use crate::table::{Table, Values};

/// Rows of a row group. Where a group ends is a matter of this number alone, so that equal tables give equal bytes
/// however they came.
pub const GROUP_ROWS: usize = 1 << 17;

/// The key under which a Parquet file names its columns of few different texts.
pub(super) const KEYWORDS_KEY: &str = "dianzhi.keywords";

/// A Parquet file in the making.
pub struct TableFile<W: Write + Send> {
    file: SerializedFileWriter<W>,
}

/// Makes row groups of one file. It can be asked by many threads.
pub struct GroupEncoder {
    factory: ArrowRowGroupWriterFactory,
    schema: Arc<Schema>,
}

/// A row group, encoded.
pub struct Encoded(Vec<ArrowColumnChunk>);

/// A file for tables with the columns of `like`, whatever rows it has.
pub fn table_file<W: Write + Send>(to: W, like: &Table) -> io::Result<(TableFile<W>, GroupEncoder)> {
    let schema = stored_schema(like).map_err(io::Error::other)?;
    let words = like.columns.iter().filter(|c| matches!(c.values, Values::Keyword(_))).map(|c| c.name.as_str());
    let plain = like.columns.iter().filter(|c| matches!(c.values, Values::Text(_) | Values::Money(_)));
    let plain: Vec<&str> = plain.map(|column| column.name.as_str()).collect();
    let first = like.columns.first().map(|column| column.name.as_str());
    let words = words.collect::<Vec<_>>().join(",");
    start(to, schema, &words, &plain, first).map_err(io::Error::other)
}

/// `plain`: columns of which most values differ, so that a dictionary of them would only cost time. `ordered`: the one
/// that rows are in the order of, of which readers want to know what stands in a group.
fn start<W: Write + Send>(
    to: W,
    schema: Arc<Schema>,
    keywords: &str,
    plain: &[&str],
    ordered: Option<&str>,
) -> Result<(TableFile<W>, GroupEncoder), ParquetError> {
    let notes = (!keywords.is_empty()).then(|| vec![KeyValue::new(KEYWORDS_KEY.to_owned(), keywords.to_owned())]);
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("dianzhi".to_owned())
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true)
        .set_key_value_metadata(notes);
    for name in plain {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(*name), false);
    }
    if let Some(name) = ordered {
        properties = properties.set_column_statistics_enabled(ColumnPath::from(name), EnabledStatistics::Chunk);
    }
    // Without the Arrow schema inside, every reader sees plain strings, decimals and dates.
    let options = ArrowWriterOptions::new().with_properties(properties.build()).with_skip_arrow_metadata(true);
    let writer = ArrowWriter::try_new_with_options(to, schema.clone(), options)?;
    let (file, factory) = writer.into_serialized_writer()?;
    Ok((TableFile { file }, GroupEncoder { factory, schema }))
}

/// A file for batches of rows as they are.
pub(super) fn batch_file<W: Write + Send>(
    to: W,
    schema: Arc<Schema>,
) -> Result<(TableFile<W>, GroupEncoder), ParquetError> {
    start(to, schema, "", &[], None)
}

impl GroupEncoder {
    /// Encodes the rows of a table, at most [`GROUP_ROWS`], as one group, column beside column.
    pub fn encode(&self, table: &Table) -> io::Result<Encoded> {
        self.encode_batch(&to_stored(table).map_err(io::Error::other)?).map_err(io::Error::other)
    }

    pub(super) fn encode_batch(&self, rows: &RecordBatch) -> Result<Encoded, ParquetError> {
        let mut writers = self.factory.create_column_writers(0)?.into_iter();
        let mut columns = Vec::new();
        for (field, array) in self.schema.fields().iter().zip(rows.columns()) {
            let leaves = compute_leaves(field, array)?;
            columns.extend(leaves.into_iter().zip(writers.by_ref()));
        }
        let encode = |(leaf, mut writer): (_, ::parquet::arrow::arrow_writer::ArrowColumnWriter)| {
            writer.write(&leaf)?;
            writer.close()
        };
        columns.into_par_iter().map(encode).collect::<Result<_, _>>().map(Encoded)
    }
}

impl<W: Write + Send> TableFile<W> {
    /// Puts a group after those before.
    pub fn append(&mut self, group: Encoded) -> io::Result<()> {
        self.append_columns(group).map_err(io::Error::other)
    }

    pub(super) fn append_columns(&mut self, group: Encoded) -> Result<(), ParquetError> {
        let mut writer = self.file.next_row_group()?;
        group.0.into_iter().try_for_each(|column| column.append_to_row_group(&mut writer))?;
        writer.close().map(drop)
    }

    /// Writes the footer.
    pub fn finish(self) -> io::Result<W> {
        self.file.into_inner().map_err(io::Error::other)
    }
}
