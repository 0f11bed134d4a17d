//! Statements as .xlsx workbooks: amounts are numbers with a format, control totals also stand as exact text.

use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::document::{Document, Section};
use crate::problem::catalogue::files::{CANNOT_WRITE, UNKNOWN_FORMAT};
use crate::problem::{Lang, Problem, Problems};
use crate::table::cell::{date, plain};
use crate::table::{Table, Values};

/// The longest sheet Excel reads.
const MAX_ROWS: usize = 1_048_576;

/// The bytes of a workbook with one sheet a document: `(sheet name, document)`. Equal documents give equal bytes.
pub fn workbook(sheets: &[(String, Document)], lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The clock has no place in a result: all workbooks carry the same date of creation.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_author("dianzhi").set_creation_datetime(&created));
    for (name, document) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(name)?;
        fill(sheet, document, lang)?;
    }
    book.save_to_buffer()
}

/// Writes the workbook; nothing is left behind when it cannot be made.
///
/// # Errors
/// A name that does not end in .xlsx, which no spreadsheet program would open as one; a file that cannot be written.
pub fn write(path: &Path, sheets: &[(String, Document)], lang: Lang) -> Result<(), Problems> {
    if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx")) {
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        let problem = Problem::new(&UNKNOWN_FORMAT).with("extension", extension).with("known", ".xlsx");
        return Err(problem.file(path.to_string_lossy().as_ref()).into());
    }
    let failed = |error: &dyn std::fmt::Display| {
        Problem::new(&CANNOT_WRITE).with("reason", error).file(path.to_string_lossy().as_ref())
    };
    let bytes = workbook(sheets, lang).map_err(|error| failed(&error))?;
    std::fs::write(path, bytes).map_err(|error| failed(&error).into())
}

fn fill(sheet: &mut Worksheet, document: &Document, lang: Lang) -> Result<(), XlsxError> {
    let (title, bold) = (Format::new().set_bold().set_font_size(14), Format::new().set_bold());
    sheet.write_string_with_format(0, 0, &document.title, &title)?;
    let mut row = 2;
    for (name, value) in &document.facts {
        sheet.write_string_with_format(row, 0, name, &bold)?;
        sheet.write_string(row, 1, value)?;
        row += 1;
    }
    for section in &document.sections {
        row = fill_section(sheet, section, row + 1, lang)?;
    }
    for note in &document.notes {
        row += 1;
        sheet.write_string(row, 0, note)?;
    }
    let widest = document.sections.iter().map(|s| s.heads.len()).max().unwrap_or(2);
    for column in 0..widest {
        sheet.set_column_width(u16::try_from(column).unwrap_or(u16::MAX), 18)?;
    }
    Ok(())
}

/// Writes a table from `row` on, and returns the row after it.
fn fill_section(sheet: &mut Worksheet, section: &Section, mut row: u32, lang: Lang) -> Result<u32, XlsxError> {
    let bold = Format::new().set_bold();
    let head =
        Format::new().set_bold().set_align(FormatAlign::Center).set_border_bottom(rust_xlsxwriter::FormatBorder::Thin);
    sheet.write_string_with_format(row, 0, &section.heading, &bold)?;
    row += 1;
    for (column, text) in (0u16..).zip(&section.heads) {
        sheet.write_string_with_format(row, column, text, &head)?;
    }
    row += 1;
    let fits = section.table.rows().min(MAX_ROWS.saturating_sub(row as usize + 8));
    for (column, values) in (0u16..).zip(section.table.columns.iter().map(|c| &c.values)) {
        fill_column(sheet, values, row, column, fits)?;
    }
    row += u32::try_from(fits).unwrap_or(u32::MAX);
    if section.totals.iter().any(Option::is_some) {
        row = fill_totals(sheet, section, row, lang)?;
    }
    Ok(row + 1)
}

fn fill_column(sheet: &mut Worksheet, values: &Values, row: u32, column: u16, count: usize) -> Result<(), XlsxError> {
    let format = Format::new().set_num_format(number_format(values));
    for (at, row) in (0..count).zip(row..) {
        match number(values, at) {
            Some(number) => sheet.write_number_with_format(row, column, number, &format)?,
            None => sheet.write_string(row, column, plain(values, at))?,
        };
    }
    Ok(())
}

/// The line of totals as numbers, and under it the same as exact text.
fn fill_totals(sheet: &mut Worksheet, section: &Section, row: u32, lang: Lang) -> Result<u32, XlsxError> {
    let Table { columns } = &section.table;
    let words = [lang.pick("合计", "Total"), lang.pick("控制总数", "Control total")];
    if let Some(label) = section.totals.iter().position(Option::is_none) {
        let column = u16::try_from(label).unwrap_or(u16::MAX);
        for (word, row) in words.iter().zip(row..) {
            sheet.write_string_with_format(row, column, *word, &Format::new().set_bold())?;
        }
    }
    for ((column, values), total) in (0u16..).zip(columns.iter().map(|c| &c.values)).zip(&section.totals) {
        if let Some(total) = total {
            let format = Format::new().set_bold().set_num_format(number_format(values));
            let number: f64 = total.parse().unwrap_or_default();
            sheet.write_number_with_format(row, column, number, &format)?;
            sheet.write_string_with_format(row + 1, column, total, &Format::new().set_align(FormatAlign::Right))?;
        }
    }
    Ok(row + 2)
}

/// The value as Excel holds numbers. Below 10^15 units, every amount shows all its digits.
fn number(values: &Values, row: usize) -> Option<f64> {
    match values {
        Values::Money(_) | Values::Int(_) | Values::Decimal { .. } => plain(values, row).parse().ok(),
        Values::Date(column) => {
            let epoch = chrono::NaiveDate::from_ymd_opt(1899, 12, 30)?;
            let days = date(column[row]?)?.signed_duration_since(epoch).num_days();
            i32::try_from(days).ok().map(f64::from)
        }
        _ => None,
    }
}

fn number_format(values: &Values) -> String {
    match values {
        Values::Money(_) => "#,##0.00".to_owned(),
        Values::Decimal { scale, .. } => format!("#,##0.{}", "0".repeat((*scale).into())),
        Values::Int(_) => "#,##0".to_owned(),
        Values::Date(_) => "yyyy-mm-dd".to_owned(),
        _ => "General".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;

    fn document() -> Document {
        let table = Table::new()
            .with("insutype", Values::keywords(["310", "390"]))
            .with("points", Values::points([1_000_001, 2]))
            .with("due", Values::money([123_456_789, -5]));
        Document {
            title: "结算单".to_owned(),
            facts: vec![("期间".to_owned(), "2026-03".to_owned())],
            sections: vec![
                Section::of("险种", &table, &["insutype", "due", "nothing", "points"], Lang::Zh).with_totals(),
            ],
            notes: vec!["note".to_owned()],
        }
    }

    #[test]
    fn amounts_are_numbers_and_control_totals_exact_text() {
        let bytes = workbook(&[("汇总".to_owned(), document())], Lang::Zh).unwrap();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&bytes)).unwrap();
        let sheet = book.worksheet_range("汇总").unwrap();
        let text = |row, column| sheet.get_value((row, column)).unwrap_or(&Data::Empty).clone();
        let words = |row| [0, 1, 2].map(|column| text(row, column));
        let string = |text: &str| Data::String(text.to_owned());
        assert_eq!(words(5), [string("险种"), string("应付(元)"), string("点数")]);
        assert_eq!(words(6), [string("职工"), Data::Float(1_234_567.89), Data::Float(100.0001)]);
        assert_eq!(words(8), [string("合计"), Data::Float(1_234_567.84), Data::Float(100.0003)]);
        assert_eq!(words(9), [string("控制总数"), string("1234567.84"), string("100.0003")]);
        assert_eq!(workbook(&[("汇总".to_owned(), document())], Lang::Zh).unwrap(), bytes, "no clock");
    }

    #[test]
    fn a_workbook_is_named_so() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str| write(&dir.path().join(name), &[("汇总".to_owned(), document())], Lang::Zh);
        assert_eq!(write("a.csv").unwrap_err().0[0].entry.code, UNKNOWN_FORMAT.code);
        assert!(write("a.XLSX").is_ok() && !dir.path().join("a.csv").exists());
    }

    #[test]
    fn the_same_document_as_text() {
        let text = crate::report::text::render(&document(), Lang::Zh);
        for line in [" 职工  1,234,567.89  100.0001", " 合计  1,234,567.84  100.0003", "期间：2026-03"] {
            assert!(text.lines().any(|found| found == line), "{line:?} in\n{text}");
        }
    }
}
