//! Files and frames: the only place that knows Arrow, Parquet, CSV and text encodings.

mod arrow;
mod batch;
mod cells;
mod csv;
mod encoding;
mod format;
mod guard;
mod parquet;
mod records;
mod row_groups;
mod source;
mod stream;
mod text_out;
mod write;

pub use arrow::{from_batch, to_batch};
pub use batch::{Added, Batch};
pub use cells::{Cell, Cells, Items, Kind};
pub use format::Format;
pub use row_groups::{Encoded, GROUP_ROWS, GroupEncoder, TableFile, table_file};
pub use source::{Batches, Head, Source};
pub use write::{Sink, read_columns, read_rows, read_table, write_parquet, write_table};
