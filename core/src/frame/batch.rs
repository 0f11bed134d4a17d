//! Some rows of a file, as read.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{LargeListBuilder, StringViewBuilder};
use arrow_array::{Array, ArrayRef, Decimal128Array, Int64Array, RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, Field, Schema};

use super::arrow::to_batch;
use super::cells::{Cells, Kind};
use crate::problem::Problem;
use crate::table::Table;
use crate::text::TextList;

/// Put before the name of an input column that has the name of an added one.
const RENAMED: &str = "input_";

/// Notes of a column that its type needs, such as those of categories; others are of the file they come from.
const EXTENSION: &str = "ARROW:extension";

/// Rows of one file, with their places in it.
#[derive(Clone, Debug)]
pub struct Batch {
    pub(super) data: RecordBatch,
    file: Arc<str>,
    rows: RowNumbers,
    /// Rows of a text file with too few or too many fields: (row in the batch, fields found).
    ragged: Vec<(usize, usize)>,
}

/// A column added to rows that were read.
#[derive(Clone, Debug)]
pub enum Added {
    /// A list of codes a row.
    Codes(TextList),
    Whole(Vec<Option<i64>>),
    /// Amounts in fen.
    Money(Vec<Option<i64>>),
}

impl Added {
    /// What stands in such a column.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Added::Codes(_) => Kind::Texts,
            Added::Whole(_) => Kind::Whole,
            Added::Money(_) => Kind::Decimal,
        }
    }

    fn to_array(&self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Added::Codes(lists) => {
                let mut builder = LargeListBuilder::new(StringViewBuilder::new());
                for row in 0..lists.len() {
                    lists.get(row).for_each(|code| builder.values().append_value(code));
                    builder.append(true);
                }
                Arc::new(builder.finish())
            }
            Added::Whole(values) => Arc::new(Int64Array::from(values.clone())),
            Added::Money(values) => {
                let amounts: Decimal128Array = values.iter().map(|fen| fen.map(i128::from)).collect();
                Arc::new(amounts.with_precision_and_scale(AMOUNT_DIGITS, 2)?)
            }
        })
    }
}

/// Wide enough for any amount.
const AMOUNT_DIGITS: u8 = 38;

#[derive(Clone, Debug)]
enum RowNumbers {
    From(u64),
    Each(Vec<u64>),
}

impl Batch {
    /// Rows of which the first has the number `first_row` (the header, where there is one, is row 1).
    #[must_use]
    pub fn new(data: RecordBatch, file: Arc<str>, first_row: u64) -> Batch {
        Batch { data, file, rows: RowNumbers::From(first_row), ragged: Vec::new() }
    }

    pub(super) fn of_lines(data: RecordBatch, file: Arc<str>, lines: Vec<u64>, ragged: Vec<(usize, usize)>) -> Batch {
        Batch { data, file, rows: RowNumbers::Each(lines), ragged }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.data.num_rows()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[must_use]
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// The number of a row in its file: the line of a text file, else counted with the header as row 1.
    #[must_use]
    pub fn row_number(&self, row: usize) -> u64 {
        match &self.rows {
            RowNumbers::From(first) => first + row as u64,
            RowNumbers::Each(numbers) => numbers[row],
        }
    }

    /// Rows with a wrong number of fields, and how many they have.
    #[must_use]
    pub fn ragged(&self) -> &[(usize, usize)] {
        &self.ragged
    }

    #[must_use]
    pub fn columns(&self) -> usize {
        self.data.num_columns()
    }

    #[must_use]
    pub fn name(&self, column: usize) -> String {
        self.data.schema_ref().field(column).name().clone()
    }

    /// The number of the column with this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        self.data.schema_ref().fields().iter().position(|field| field.name() == name)
    }

    /// The values of a column.
    pub fn cells(&self, column: usize) -> Result<Cells, Problem> {
        let name = self.name(column);
        Cells::of(self.data.column(column)).map_err(|problem| problem.file(self.file.clone()).column(name))
    }

    /// The same rows with more columns at the end.
    pub fn with(mut self, added: Vec<(&str, Added)>) -> Result<Batch, ArrowError> {
        let mut fields: Vec<_> = self.data.schema_ref().fields().iter().cloned().collect();
        let mut columns = self.data.columns().to_vec();
        for (name, values) in added {
            let column = values.to_array()?;
            fields.push(Arc::new(Field::new(name, column.data_type().clone(), true)));
            columns.push(column);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(self.len()));
        self.data = RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)?;
        Ok(self)
    }

    /// The rows with the columns of `added` after their own, which are not copied. An input column with the name of an
    /// added one is called `input_…`.
    pub fn beside(&self, added: &Table) -> Result<RecordBatch, ArrowError> {
        assert_eq!(self.len(), added.rows(), "Condition failed: one added row for each row read");
        let more = to_batch(added)?;
        let own = self.data.schema_ref().fields().iter().map(|field| {
            let mut name = field.name().clone();
            if added.column(&name).is_some() {
                while added.column(&name).is_some() || self.find(&name).is_some() {
                    name.insert_str(0, RENAMED);
                }
            }
            let kept = field.metadata().iter().filter(|(key, _)| key.starts_with(EXTENSION));
            let kept: HashMap<_, _> = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
            Field::new(name, field.data_type().clone(), true).with_metadata(kept)
        });
        let fields: Vec<Field> = own.chain(more.schema_ref().fields().iter().map(|f| f.as_ref().clone())).collect();
        let columns = self.data.columns().iter().chain(more.columns()).cloned().collect();
        let options = RecordBatchOptions::new().with_row_count(Some(self.len()));
        RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)
    }

    /// The rows as Arrow data.
    #[must_use]
    pub fn data(&self) -> &RecordBatch {
        &self.data
    }
}
