//! Some rows of a file, as read.

use std::sync::Arc;

use arrow_array::RecordBatch;

use super::cells::Cells;
use crate::problem::Problem;

/// Rows of one file, with their places in it.
#[derive(Clone, Debug)]
pub struct Batch {
    pub(super) data: RecordBatch,
    file: Arc<str>,
    rows: RowNumbers,
    /// Rows of a text file with too few or too many fields: (row in the batch, fields found).
    ragged: Vec<(usize, usize)>,
}

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

    /// The rows as Arrow data.
    #[must_use]
    pub fn data(&self) -> &RecordBatch {
        &self.data
    }
}
