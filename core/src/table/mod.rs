//! Result tables as plain named columns: what the stages hand to the edges (Parquet, CSV, xlsx, Arrow, the terminal).

pub mod cell;
mod pick;
pub mod sums;

use crate::text::{Dictionary, Text};

/// A table with named columns of equal length.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub columns: Vec<Column>,
}

/// A named column.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    pub values: Values,
}

/// The values of a column. An empty text and `None` are written as null.
#[derive(Clone, Debug)]
pub enum Values {
    /// Many different texts.
    Text(Text),
    /// Few different texts.
    Keyword(Dictionary),
    Int(Vec<Option<i64>>),
    /// Money in fen, written as decimal(18,2) yuan.
    Money(Vec<Option<i64>>),
    /// `units ÷ 10^scale`, written as decimal(18,scale), or decimal(38,scale) when `wide`.
    Decimal {
        units: Vec<Option<i128>>,
        scale: u8,
        wide: bool,
    },
    /// Days since 1970-01-01.
    Date(Vec<Option<i32>>),
    Flag(Vec<Option<bool>>),
}

impl Values {
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Values::Text(v) => v.len(),
            Values::Keyword(v) => v.len(),
            Values::Int(v) => v.len(),
            Values::Money(v) => v.len(),
            Values::Decimal { units, .. } => units.len(),
            Values::Date(v) => v.len(),
            Values::Flag(v) => v.len(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends the rows of a column of the same kind. Panics when the kinds differ: the caller's fault.
    pub fn append(&mut self, more: Values) {
        match (self, more) {
            (Values::Text(all), Values::Text(more)) => all.extend(&more),
            (Values::Keyword(all), Values::Keyword(more)) => all.extend(&more),
            (Values::Int(all), Values::Int(more)) | (Values::Money(all), Values::Money(more)) => all.extend(more),
            (Values::Decimal { units: all, scale: a, .. }, Values::Decimal { units: more, scale: b, .. })
                if *a == b =>
            {
                all.extend(more);
            }
            (Values::Date(all), Values::Date(more)) => all.extend(more),
            (Values::Flag(all), Values::Flag(more)) => all.extend(more),
            _ => panic!("Condition failed: columns of different kinds"),
        }
    }

    /// Points, with four decimals.
    #[must_use]
    pub fn points(units: impl IntoIterator<Item = i64>) -> Values {
        Values::Decimal { units: units.into_iter().map(|u| Some(i128::from(u))).collect(), scale: 4, wide: false }
    }

    /// Money that is always known.
    #[must_use]
    pub fn money(fen: impl IntoIterator<Item = i64>) -> Values {
        Values::Money(fen.into_iter().map(Some).collect())
    }

    /// Whole numbers that are always known.
    #[must_use]
    pub fn ints(numbers: impl IntoIterator<Item = i64>) -> Values {
        Values::Int(numbers.into_iter().map(Some).collect())
    }

    /// Texts of which few differ.
    #[must_use]
    pub fn keywords<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Values {
        let mut column = Dictionary::default();
        texts.into_iter().for_each(|text| column.push(text.as_ref()));
        Values::Keyword(column)
    }

    /// Texts of which many differ.
    #[must_use]
    pub fn texts<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Values {
        Values::Text(texts.into_iter().collect())
    }
}

impl Table {
    #[must_use]
    pub fn new() -> Table {
        Table::default()
    }

    /// Adds a column. Panics when its length differs from the others': the caller's fault.
    #[must_use]
    pub fn with(mut self, name: &str, values: Values) -> Table {
        assert!(
            self.columns.is_empty() || self.rows() == values.len(),
            "Condition failed: column {name} has {} rows, the table {}",
            values.len(),
            self.rows()
        );
        self.columns.push(Column { name: name.to_owned(), values });
        self
    }

    /// Appends the rows of a table with the same columns.
    pub fn append(&mut self, more: Table) {
        self.columns.iter_mut().zip(more.columns).for_each(|(column, more)| column.values.append(more.values));
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |c| c.values.len())
    }

    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Values> {
        self.columns.iter().find(|c| c.name == name).map(|c| &c.values)
    }
}
