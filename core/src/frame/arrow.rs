//! Result tables as Arrow data, and back.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, PrimitiveBuilder, StringDictionaryBuilder};
use arrow_array::types::{ArrowPrimitiveType, Date32Type, Decimal128Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, PrimitiveArray, RecordBatch, RecordBatchOptions, StringViewArray};
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
    let arrays = table.columns.iter().map(|c| to_array(&c.values)).collect::<Result<Vec<_>, _>>()?;
    let fields: Vec<Field> =
        table.columns.iter().zip(&arrays).map(|(c, a)| Field::new(&c.name, a.data_type().clone(), true)).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(table.rows()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
}

fn to_array(values: &Values) -> Result<ArrayRef, ArrowError> {
    Ok(match values {
        Values::Text(column) => Arc::new(text_array(column)?),
        Values::Keyword(column) => {
            let mut builder = StringDictionaryBuilder::<Int32Type>::new();
            for row in 0..column.len() {
                builder.append_option(Some(column.get(row)).filter(|text| !text.is_empty()));
            }
            Arc::new(builder.finish())
        }
        Values::Int(column) => Arc::new(primitive::<Int64Type>(column.iter().copied()).finish()),
        Values::Money(column) => decimal(column.iter().map(|fen| fen.map(i128::from)), DIGITS, 2)?,
        Values::Decimal { units, scale, wide } => {
            decimal(units.iter().copied(), if *wide { WIDE_DIGITS } else { DIGITS }, *scale)?
        }
        Values::Date(column) => Arc::new(primitive::<Date32Type>(column.iter().copied()).finish()),
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
    let valid: Vec<bool> = column.views().iter().map(|view| view.len() > 0).collect();
    let nulls = valid.contains(&false).then(|| NullBuffer::from(valid));
    let heap = Buffer::from(column.heap().to_vec());
    StringViewArray::try_new(ScalarBuffer::from(views), vec![heap], nulls)
}

fn primitive<T: ArrowPrimitiveType>(values: impl ExactSizeIterator<Item = Option<T::Native>>) -> PrimitiveBuilder<T> {
    let mut builder = PrimitiveBuilder::with_capacity(values.len());
    values.for_each(|value| builder.append_option(value));
    builder
}

fn decimal(values: impl ExactSizeIterator<Item = Option<i128>>, digits: u8, scale: u8) -> Result<ArrayRef, ArrowError> {
    let scale = i8::try_from(scale).map_err(|_| ArrowError::InvalidArgumentError("scale".to_owned()))?;
    let array: PrimitiveArray<Decimal128Type> = primitive::<Decimal128Type>(values).finish();
    let array = array.with_precision_and_scale(digits, scale)?;
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
