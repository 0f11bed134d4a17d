//! Values as people and other programs read them in a text file.

use std::fmt::Write as _;
use std::fs::File;
use std::io::BufWriter;

use arrow_array::RecordBatch;

use super::cells::{Cell, Cells};
use crate::problem::Problem;
use crate::problem::catalogue::files::CANNOT_WRITE;
use crate::table::cell::{date, decimal};

/// Stands between the items of a list.
const LIST_SEPARATOR: &str = "|";

pub(super) fn write_csv_rows(writer: &mut csv::Writer<BufWriter<File>>, rows: &RecordBatch) -> Result<(), Problem> {
    let columns = rows
        .schema_ref()
        .fields()
        .iter()
        .zip(rows.columns())
        .map(|(field, column)| Cells::of(column).map_err(|problem| problem.column(field.name().as_str())));
    let columns = columns.collect::<Result<Vec<Cells>, Problem>>()?;
    let failed = |error: csv::Error| Problem::new(&CANNOT_WRITE).with("reason", error);
    let mut text = String::new();
    for row in 0..rows.num_rows() {
        for column in &columns {
            text.clear();
            put(&mut text, column.get(row));
            writer.write_field(&text).map_err(failed)?;
        }
        writer.write_record(None::<&[u8]>).map_err(failed)?;
    }
    Ok(())
}

/// Appends a value as text. Writing to a `String` cannot fail.
fn put(out: &mut String, cell: Cell<'_>) {
    match cell {
        Cell::Missing => {}
        Cell::Text(text) => out.push_str(text),
        Cell::Texts(items) => {
            for (at, item) in items.enumerate() {
                out.push_str(if at == 0 { "" } else { LIST_SEPARATOR });
                out.push_str(item);
            }
        }
        Cell::Whole(number) => _ = write!(out, "{number}"),
        Cell::Decimal { units, scale } => put_decimal(out, units, scale),
        Cell::Float(number) => _ = write!(out, "{number}"),
        Cell::Date(days) => put_date(out, i64::from(days)),
        Cell::Time(us) => {
            let (days, rest) = (us.div_euclid(86_400_000_000), us.rem_euclid(86_400_000_000));
            put_date(out, days);
            let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000);
            _ = write!(out, " {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
            if fraction > 0 {
                _ = write!(out, ".{fraction:06}");
            }
        }
        Cell::Flag(flag) => out.push_str(if flag { "true" } else { "false" }),
    }
}

fn put_date(out: &mut String, days: i64) {
    match i32::try_from(days).ok().and_then(date) {
        Some(day) => _ = write!(out, "{day}"),
        None => _ = write!(out, "{days}"),
    }
}

/// `units ÷ 10^scale` with all its decimals.
fn put_decimal(out: &mut String, units: i128, scale: i8) {
    match u8::try_from(scale) {
        Ok(scale) => out.push_str(&decimal(units, scale)),
        Err(_) => {
            out.push_str(&units.to_string());
            out.extend(std::iter::repeat_n('0', if units == 0 { 0 } else { scale.unsigned_abs().into() }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(cell: Cell<'_>) -> String {
        let mut text = String::new();
        put(&mut text, cell);
        text
    }

    #[test]
    fn values_as_text() {
        assert_eq!(shown(Cell::Decimal { units: -5, scale: 2 }), "-0.05");
        assert_eq!(shown(Cell::Decimal { units: 1_234_500, scale: 4 }), "123.4500");
        assert_eq!(shown(Cell::Decimal { units: 12, scale: 0 }), "12");
        assert_eq!(shown(Cell::Decimal { units: 12, scale: -2 }), "1200");
        assert_eq!(shown(Cell::Date(20_527)), "2026-03-15");
        assert_eq!(shown(Cell::Date(-1)), "1969-12-31");
        assert_eq!(shown(Cell::Time(-1)), "1969-12-31 23:59:59.999999");
        assert_eq!(shown(Cell::Time(37_230_000_000)), "1970-01-01 10:20:30");
    }
}
