//! One column of a batch: the many ways of Arrow to store a value, brought to a few.

use std::fmt;
use std::ops::RangeInclusive;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, LargeListArray,
    StringViewArray, TimestampMicrosecondArray,
};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::{DataType, Field, TimeUnit};
use std::sync::Arc;

use crate::problem::Problem;
use crate::problem::catalogue::files::{BROKEN_FILE, UNSUPPORTED_TYPE};

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing: a column without any value.
    Nothing,
    Text,
    /// A list of texts.
    Texts,
    Whole,
    Decimal,
    Float,
    Date,
    Time,
    Flag,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Nothing => "null",
            Kind::Text => "string",
            Kind::Texts => "list<string>",
            Kind::Whole => "integer",
            Kind::Decimal => "decimal",
            Kind::Float => "float",
            Kind::Date => "date",
            Kind::Time => "timestamp",
            Kind::Flag => "boolean",
        })
    }
}

/// One value.
#[derive(Clone, Debug)]
pub enum Cell<'a> {
    Missing,
    Text(&'a str),
    Texts(Items<'a>),
    Whole(i64),
    /// `units ÷ 10^scale`
    Decimal {
        units: i128,
        scale: i8,
    },
    Float(f64),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01 of the clock in China: of a time with a zone the hour in Beijing, else as written.
    Time(i64),
    Flag(bool),
}

/// The items of one list.
#[derive(Clone, Debug)]
pub struct Items<'a> {
    texts: &'a StringViewArray,
    range: std::ops::Range<usize>,
}

impl<'a> Iterator for Items<'a> {
    type Item = &'a str;
    fn next(&mut self) -> Option<&'a str> {
        let at = self.range.next()?;
        Some(if self.texts.is_null(at) { "" } else { self.texts.value(at) })
    }
}

/// The values of a column.
#[derive(Clone, Debug)]
pub struct Cells(Store);

#[derive(Clone, Debug)]
enum Store {
    Nothing,
    Text(StringViewArray),
    Texts(LargeListArray, StringViewArray),
    Whole(Int64Array),
    Decimal(Decimal128Array, i8),
    Float(Float64Array),
    Date(Date32Array),
    Time(TimestampMicrosecondArray, i64),
    Flag(BooleanArray),
}

const BEIJING_OFFSET_US: i64 = 8 * 3600 * 1_000_000;

impl Kind {
    /// What a column of this type is read as; `None` for types that no field is written in.
    pub(super) fn of(data_type: &DataType) -> Option<Kind> {
        Some(match data_type {
            DataType::Null => Kind::Nothing,
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Kind::Text,
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView => Kind::Text,
            DataType::Dictionary(_, values) => return Kind::of(values),
            DataType::List(item) | DataType::LargeList(item) => match Kind::of(item.data_type())? {
                Kind::Text | Kind::Nothing => Kind::Texts,
                _ => return None,
            },
            t if t.is_integer() => Kind::Whole,
            t if t.is_decimal() => Kind::Decimal,
            t if t.is_floating() => Kind::Float,
            DataType::Date32 | DataType::Date64 => Kind::Date,
            DataType::Timestamp(..) => Kind::Time,
            DataType::Boolean => Kind::Flag,
            _ => return None,
        })
    }
}

impl Cells {
    pub(super) fn of(column: &ArrayRef) -> Result<Cells, Problem> {
        let data_type = column.data_type();
        let kind =
            Kind::of(data_type).ok_or_else(|| Problem::new(&UNSUPPORTED_TYPE).with("found", format!("{data_type}")))?;
        Ok(Cells(match kind {
            Kind::Nothing => Store::Nothing,
            Kind::Text => Store::Text(to(column, &DataType::Utf8View)?.as_string_view().clone()),
            Kind::Texts => {
                let item = Arc::new(Field::new_list_field(DataType::Utf8View, true));
                let list = to(column, &DataType::LargeList(item))?.as_list::<i64>().clone();
                let texts = list.values().as_string_view().clone();
                Store::Texts(list, texts)
            }
            Kind::Whole => Store::Whole(to(column, &DataType::Int64)?.as_primitive::<Int64Type>().clone()),
            Kind::Decimal => {
                let column = plain(column)?;
                let scale = match column.data_type() {
                    DataType::Decimal32(_, s)
                    | DataType::Decimal64(_, s)
                    | DataType::Decimal128(_, s)
                    | DataType::Decimal256(_, s) => *s,
                    _ => 0,
                };
                let wide = DataType::Decimal128(38, scale);
                Store::Decimal(to(&column, &wide)?.as_primitive::<Decimal128Type>().clone(), scale)
            }
            Kind::Float => Store::Float(to(column, &DataType::Float64)?.as_primitive::<Float64Type>().clone()),
            Kind::Date => Store::Date(to(column, &DataType::Date32)?.as_primitive::<Date32Type>().clone()),
            Kind::Time => {
                let column = plain(column)?;
                let DataType::Timestamp(_, zone) = column.data_type() else {
                    return Err(Problem::new(&UNSUPPORTED_TYPE).with("found", format!("{data_type}")));
                };
                let offset = if zone.is_some() { BEIJING_OFFSET_US } else { 0 };
                let target = DataType::Timestamp(TimeUnit::Microsecond, zone.clone());
                Store::Time(to(&column, &target)?.as_primitive::<TimestampMicrosecondType>().clone(), offset)
            }
            Kind::Flag => Store::Flag(to(column, &DataType::Boolean)?.as_boolean().clone()),
        }))
    }

    #[must_use]
    pub fn kind(&self) -> Kind {
        match &self.0 {
            Store::Nothing => Kind::Nothing,
            Store::Text(_) => Kind::Text,
            Store::Texts(..) => Kind::Texts,
            Store::Whole(_) => Kind::Whole,
            Store::Decimal(..) => Kind::Decimal,
            Store::Float(_) => Kind::Float,
            Store::Date(_) => Kind::Date,
            Store::Time(..) => Kind::Time,
            Store::Flag(_) => Kind::Flag,
        }
    }

    /// The numbers of a column of whole ones, where all that are there lie in a range; `missing` stands for the others.
    #[must_use]
    pub fn wholes_in(&self, range: RangeInclusive<i32>, missing: i32) -> Option<Vec<i32>> {
        let Store::Whole(column) = &self.0 else { return None };
        let (min, max) = (i64::from(*range.start()), i64::from(*range.end()));
        let fits = |number: i64| (min <= number) & (number <= max);
        let numbers = column.values().iter();
        match column.nulls() {
            None => {
                let fit = numbers.clone().fold(true, |fit, number| fit & fits(*number));
                fit.then(|| numbers.map(|number| *number as i32).collect())
            }
            Some(nulls) => {
                let fit = numbers.clone().zip(nulls).fold(true, |fit, (number, there)| fit & (fits(*number) | !there));
                let number = |(number, there): (&i64, bool)| if there { *number as i32 } else { missing };
                fit.then(|| numbers.zip(nulls).map(number).collect())
            }
        }
    }

    /// Texts as Arrow string views, where none is missing; those over 12 bytes point elsewhere.
    #[must_use]
    pub fn text_views(&self) -> Option<&[u128]> {
        let Store::Text(column) = &self.0 else { return None };
        (column.null_count() == 0).then(|| column.views().as_ref())
    }

    /// Lists of texts: where each row's begin, with the end of the last, and all items as Arrow string views. Nothing
    /// where a list or an item is missing.
    #[must_use]
    pub fn list_views(&self) -> Option<(&[i64], &[u128])> {
        let Store::Texts(lists, texts) = &self.0 else { return None };
        (lists.null_count() == 0 && texts.null_count() == 0).then(|| (lists.value_offsets(), texts.views().as_ref()))
    }

    #[must_use]
    pub fn get(&self, row: usize) -> Cell<'_> {
        match &self.0 {
            Store::Text(a) if a.is_valid(row) => Cell::Text(a.value(row)),
            Store::Texts(list, texts) if list.is_valid(row) => {
                let offsets = list.value_offsets();
                Cell::Texts(Items { texts, range: offsets[row] as usize..offsets[row + 1] as usize })
            }
            Store::Whole(a) if a.is_valid(row) => Cell::Whole(a.value(row)),
            Store::Decimal(a, scale) if a.is_valid(row) => Cell::Decimal { units: a.value(row), scale: *scale },
            Store::Float(a) if a.is_valid(row) => Cell::Float(a.value(row)),
            Store::Date(a) if a.is_valid(row) => Cell::Date(a.value(row)),
            Store::Time(a, offset) if a.is_valid(row) => Cell::Time(a.value(row).saturating_add(*offset)),
            Store::Flag(a) if a.is_valid(row) => Cell::Flag(a.value(row)),
            _ => Cell::Missing,
        }
    }
}

/// The values of a dictionary column, one a row; any other column as it is.
fn plain(column: &ArrayRef) -> Result<ArrayRef, Problem> {
    match column.data_type() {
        DataType::Dictionary(_, values) => to(column, values),
        _ => Ok(column.clone()),
    }
}

/// The same values in another type. A value that does not fit is a problem, never a null.
fn to(column: &ArrayRef, data_type: &DataType) -> Result<ArrayRef, Problem> {
    if column.data_type() == data_type {
        return Ok(column.clone());
    }
    let strict = CastOptions { safe: false, ..CastOptions::default() };
    cast_with_options(column, data_type, &strict).map_err(|error| Problem::new(&BROKEN_FILE).with("reason", error))
}
