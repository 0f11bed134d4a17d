//! Result tables as Arrow data, and back.

use std::sync::Arc;

use arrow_array::builder::BooleanBuilder;
use arrow_array::types::{Date32Type, Decimal64Type, Decimal128Type, DecimalType, Int32Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, PrimitiveArray, RecordBatch, RecordBatchOptions, StringArray, StringViewArray,
};
use arrow_buffer::{Buffer, NullBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema};

use super::cells::{Cell, Cells, Kind};
use crate::problem::Problem;
use crate::problem::catalogue::files::{BROKEN_FILE, UNSUPPORTED_TYPE};
use crate::table::{Column, Table, Values};
use crate::text::{Dictionary, Text};

/// Significant digits of an amount and of points.
const DIGITS: u8 = 18;
const WIDE_DIGITS: u8 = 38;

/// The table as one batch: texts as string views, keywords as dictionaries, money as decimal(18,2).
pub fn to_batch(table: &Table) -> Result<RecordBatch, ArrowError> {
    batch_of(table, false)
}

/// The same as it is stored: what fits 64 bits takes no more.
pub(super) fn to_stored(table: &Table) -> Result<RecordBatch, ArrowError> {
    batch_of(table, true)
}

/// The columns of a table as it is stored.
pub(super) fn stored_schema(like: &Table) -> Result<Arc<Schema>, ArrowError> {
    Ok(to_stored(&like.take(&[]))?.schema())
}

fn batch_of(table: &Table, narrow: bool) -> Result<RecordBatch, ArrowError> {
    let arrays = table.columns.iter().map(|c| to_array(&c.values, narrow)).collect::<Result<Vec<_>, _>>()?;
    let fields: Vec<Field> =
        table.columns.iter().zip(&arrays).map(|(c, a)| Field::new(&c.name, a.data_type().clone(), true)).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(table.rows()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
}

fn to_array(values: &Values, narrow: bool) -> Result<ArrayRef, ArrowError> {
    Ok(match values {
        Values::Text(column) => Arc::new(text_array(column)?),
        Values::Keyword(column) => Arc::new(keyword_array(column)?),
        Values::Int(column) => Arc::new(PrimitiveArray::<Int64Type>::from_iter(column.iter().copied())),
        Values::Money(column) if narrow => decimal::<Decimal64Type>(column.iter().copied(), DIGITS, 2)?,
        Values::Money(column) => decimal::<Decimal128Type>(column.iter().map(|fen| fen.map(i128::from)), DIGITS, 2)?,
        Values::Decimal { units, scale, wide: false } if narrow => {
            let fits = |units: &Option<i128>| units.map(i64::try_from).transpose();
            let units: Result<Vec<Option<i64>>, _> = units.iter().map(fits).collect();
            let units = units.map_err(|error| ArrowError::InvalidArgumentError(error.to_string()))?;
            decimal::<Decimal64Type>(units.into_iter(), DIGITS, *scale)?
        }
        Values::Decimal { units, scale, wide } => {
            let digits = if *wide { WIDE_DIGITS } else { DIGITS };
            decimal::<Decimal128Type>(units.iter().copied(), digits, *scale)?
        }
        Values::Date(column) => Arc::new(PrimitiveArray::<Date32Type>::from_iter(column.iter().copied())),
        Values::Flag(column) => {
            let mut builder = BooleanBuilder::with_capacity(column.len());
            column.iter().for_each(|&flag| builder.append_option(flag));
            Arc::new(builder.finish())
        }
    })
}

/// The column in place of its views: no text is copied one by one.
fn text_array(column: &Text) -> Result<StringViewArray, ArrowError> {
    let views: Vec<u128> = column.views().iter().map(|view| view.0).collect();
    let nulls = column.views().iter().any(|view| view.len() == 0);
    let nulls = nulls.then(|| NullBuffer::from_iter(column.views().iter().map(|view| view.len() > 0)));
    let heap = Buffer::from(column.heap().to_vec());
    StringViewArray::try_new(ScalarBuffer::from(views), vec![heap], nulls)
}

/// A dictionary of the texts that rows have, in order of first appearance; no text is null.
fn keyword_array(column: &Dictionary) -> Result<DictionaryArray<Int32Type>, ArrowError> {
    const NEW: i32 = -1;
    const NULL: i32 = -2;
    let mut numbers: Vec<i32> = column.texts().iter().map(|text| if text.is_empty() { NULL } else { NEW }).collect();
    let mut used: Vec<&str> = Vec::new();
    let mut keys: Vec<i32> = Vec::with_capacity(column.len());
    for &id in column.ids() {
        let number = &mut numbers[id as usize];
        if *number == NEW {
            *number = i32::try_from(used.len()).map_err(|_| ArrowError::DictionaryKeyOverflowError)?;
            used.push(&column.texts()[id as usize]);
        }
        keys.push(*number);
    }
    let nulls = keys.contains(&NULL).then(|| NullBuffer::from_iter(keys.iter().map(|key| *key != NULL)));
    keys.iter_mut().filter(|key| **key == NULL).for_each(|key| *key = 0);
    let keys = PrimitiveArray::<Int32Type>::new(ScalarBuffer::from(keys), nulls);
    DictionaryArray::try_new(keys, Arc::new(StringArray::from(used)))
}

fn decimal<T: DecimalType>(
    values: impl Iterator<Item = Option<T::Native>>,
    digits: u8,
    scale: u8,
) -> Result<ArrayRef, ArrowError> {
    let scale = i8::try_from(scale).map_err(|_| ArrowError::InvalidArgumentError("scale".to_owned()))?;
    let array = PrimitiveArray::<T>::from_iter(values).with_precision_and_scale(digits, scale)?;
    array.validate_decimal_precision(digits)?;
    Ok(Arc::new(array))
}

/// The batch as a table: dictionaries as keywords, decimal(18,2) as money. Times, floats and lists have no place in it.
pub fn from_batch(batch: &RecordBatch) -> Result<Table, Problem> {
    let columns = batch.schema_ref().fields().iter().zip(batch.columns());
    let columns = columns.map(|(field, array)| {
        let values = from_array(array).map_err(|problem| problem.column(field.name().as_str()))?;
        Ok(Column { name: field.name().clone(), values })
    });
    Ok(Table { columns: columns.collect::<Result<_, Problem>>()? })
}

fn from_array(array: &ArrayRef) -> Result<Values, Problem> {
    if let DataType::Dictionary(_, values) = array.data_type()
        && Kind::of(values) == Some(Kind::Text)
    {
        return keywords(array);
    }
    let unsupported = || Problem::new(&UNSUPPORTED_TYPE).with("found", format!("{}", array.data_type()));
    let cells = Cells::of(array)?;
    let rows = 0..array.len();
    Ok(match cells.kind() {
        Kind::Text | Kind::Nothing => {
            let mut column = Text::with_capacity(array.len());
            rows.for_each(|row| column.push(if let Cell::Text(text) = cells.get(row) { text } else { "" }));
            Values::Text(column)
        }
        Kind::Whole => Values::Int(rows.map(|r| whole(&cells.get(r))).collect()),
        Kind::Date => {
            Values::Date(rows.map(|r| if let Cell::Date(day) = cells.get(r) { Some(day) } else { None }).collect())
        }
        Kind::Flag => {
            Values::Flag(rows.map(|r| if let Cell::Flag(flag) = cells.get(r) { Some(flag) } else { None }).collect())
        }
        Kind::Decimal => {
            let units: Vec<Option<i128>> = rows.map(|r| units(&cells.get(r))).collect();
            match array.data_type() {
                DataType::Decimal128(DIGITS, 2) | DataType::Decimal64(DIGITS, 2) => Values::Money(narrow(&units)?),
                DataType::Decimal32(digits, scale)
                | DataType::Decimal64(digits, scale)
                | DataType::Decimal128(digits, scale) => {
                    let scale = u8::try_from(*scale).map_err(|_| unsupported())?;
                    Values::Decimal { units, scale, wide: *digits > DIGITS }
                }
                _ => return Err(unsupported()),
            }
        }
        Kind::Texts | Kind::Float | Kind::Time => return Err(unsupported()),
    })
}

fn whole(cell: &Cell<'_>) -> Option<i64> {
    if let Cell::Whole(number) = cell { Some(*number) } else { None }
}

fn units(cell: &Cell<'_>) -> Option<i128> {
    if let Cell::Decimal { units, .. } = cell { Some(*units) } else { None }
}

fn narrow(units: &[Option<i128>]) -> Result<Vec<Option<i64>>, Problem> {
    let fen = units.iter().map(|u| u.map(i64::try_from).transpose());
    fen.collect::<Result<_, _>>().map_err(|error| Problem::new(&BROKEN_FILE).with("reason", error))
}

fn keywords(array: &ArrayRef) -> Result<Values, Problem> {
    let cells = Cells::of(array)?;
    let mut column = Dictionary::default();
    for row in 0..array.len() {
        column.push(if let Cell::Text(text) = cells.get(row) { text } else { "" });
    }
    Ok(Values::Keyword(column))
}
