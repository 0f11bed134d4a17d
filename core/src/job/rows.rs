//! Tables of a book, cell by cell.

use crate::ledger::{Book, Period};
use crate::problem::Problems;
use crate::table::cell::plain;
use crate::table::sums::units;
use crate::table::{Table, Values};

/// A table with access to its cells.
pub(super) struct Rows {
    pub table: Table,
}

impl Rows {
    /// The columns of these names that the table has.
    pub(super) fn read(book: &Book, period: Period, table: &str, columns: &[&str]) -> Result<Rows, Problems> {
        Ok(Rows { table: book.columns(period, table, columns)? })
    }

    /// The same, or nothing where the period has no such table.
    pub(super) fn read_if_any(
        book: &Book,
        period: Period,
        table: &str,
        columns: &[&str],
    ) -> Result<Option<Rows>, Problems> {
        match book.manifest(period)?.tables.contains_key(table) {
            true => Rows::read(book, period, table, columns).map(Some),
            false => Ok(None),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.table.rows()
    }

    /// A text; empty where there is none.
    pub(super) fn text(&self, column: &str, row: usize) -> String {
        self.table.column(column).map_or_else(String::new, |values| plain(values, row))
    }

    /// A text of a column of texts, as it stands there.
    pub(super) fn str(&self, column: &str, row: usize) -> &str {
        match self.table.column(column) {
            Some(Values::Text(values)) => values.get(row),
            Some(Values::Keyword(values)) => values.get(row),
            _ => "",
        }
    }

    /// Money in fen, points in ten-thousandths, factors in millionths; nothing where it is not known.
    pub(super) fn units(&self, column: &str, row: usize) -> Option<i64> {
        let values = self.table.column(column)?;
        let known = match values {
            Values::Money(column) | Values::Int(column) => column[row].is_some(),
            Values::Decimal { units, .. } => units[row].is_some(),
            _ => false,
        };
        if known { i64::try_from(units(values, row)).ok() } else { None }
    }

    /// A day counted from 1970-01-01.
    pub(super) fn day(&self, column: &str, row: usize) -> Option<i32> {
        match self.table.column(column)? {
            Values::Date(days) => days[row],
            _ => None,
        }
    }
}
