//! A table as handed in: texts with their places.

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use calamine::{Data, Reader, Xlsx};

use super::Form;
use crate::frame::{Cell, Source};
use crate::problem::catalogue::{files, workbook as w};
use crate::problem::{Problem, Problems};
use crate::text::closest;

/// Sheets that explain and are not read.
pub const GUIDE_SHEETS: [&str; 8] = ["说明", "示例", "选项", "参数", "Guide", "Examples", "Choices", "Parameters"];

/// From here on 15 digits do not reach to the fen.
const LARGEST: f64 = 1e13;

/// A header and rows of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// File, and sheet in brackets if it has sheets.
    pub file: Arc<str>,
    /// Cells have addresses such as C5.
    pub has_cells: bool,
    pub header: Vec<String>,
    /// Row number (the header is row 1) and the texts; blank rows are left out.
    pub rows: Vec<(u64, Vec<String>)>,
}

impl Sheet {
    /// The sheets of a workbook that are forms, each with the number of its form. Unknown sheets are problems.
    pub fn of_workbook(file: &str, bytes: &[u8], forms: &[&Form], problems: &mut Problems) -> Vec<(usize, Sheet)> {
        let broken = |e: calamine::XlsxError| Problem::new(&files::BROKEN_FILE).file(file).with("reason", e);
        let mut book: Xlsx<_> = match Xlsx::new(Cursor::new(bytes)) {
            Ok(book) => book,
            Err(error) => {
                problems.push(broken(error));
                return Vec::new();
            }
        };
        let mut found = Vec::new();
        for name in book.sheet_names() {
            let trimmed = name.trim();
            if GUIDE_SHEETS.contains(&trimmed) {
                continue;
            }
            let Some(form) = forms.iter().position(|form| form.is(trimmed)) else {
                let near = closest(trimmed, forms.iter().map(|form| &*form.zh));
                let known: Vec<&str> = forms.iter().map(|form| &*form.zh).collect();
                let problem =
                    Problem::new(&w::UNKNOWN_SHEET).with("sheet", trimmed).with("closest", near.unwrap_or("-"));
                problems.push(problem.with("known", known.join("、")).file(file));
                continue;
            };
            let formulas = book.worksheet_formula(&name).ok();
            match book.worksheet_range(&name) {
                Ok(range) => {
                    let shown = format!("{file}[{trimmed}]");
                    found.push((form, read_range(&shown, &range, formulas.as_ref(), problems)));
                }
                Err(error) => problems.push(broken(error)),
            }
        }
        found
    }

    /// A CSV or Parquet file of texts.
    pub fn of_file(path: &Path) -> Result<Sheet, Problems> {
        let source = Source::open(path)?;
        let header: Vec<String> = source.heads().iter().map(|head| head.name.trim().to_owned()).collect();
        let mut sheet = Sheet { header, ..Sheet::default() };
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        sheet.file = name.as_str().into();
        let mut problems = Problems::new();
        for batch in source.all()? {
            let batch = batch?;
            for &(row, found) in batch.ragged() {
                let problem = Problem::new(&files::RAGGED_ROW).with("found", found).with("expected", batch.columns());
                problems.push(problem.file(sheet.file.clone()).row(batch.row_number(row)));
            }
            let columns = (0..batch.columns()).map(|at| batch.cells(at)).collect::<Result<Vec<_>, _>>()?;
            for row in 0..batch.len() {
                let texts: Vec<String> = columns.iter().map(|cells| plain(&cells.get(row))).collect();
                if texts.iter().any(|text| !text.is_empty()) {
                    sheet.rows.push((batch.row_number(row), texts));
                }
            }
        }
        problems.or(sheet).map(|(sheet, _)| sheet)
    }
}

fn read_range(
    file: &str,
    range: &calamine::Range<Data>,
    formulas: Option<&calamine::Range<String>>,
    problems: &mut Problems,
) -> Sheet {
    let mut sheet = Sheet { file: file.into(), has_cells: true, ..Sheet::default() };
    let Some((last_row, last_column)) = range.end() else { return sheet };
    for row in 0..=last_row {
        let mut texts = Vec::new();
        for column in 0..=last_column {
            let cell = range.get_value((row, column)).unwrap_or(&Data::Empty);
            let place = |problem: Problem| {
                let address = format!("{}{}", column_letters(column), row + 1);
                problem.file(file).row(u64::from(row) + 1).column(address)
            };
            let formula = formulas.and_then(|formulas| formulas.get_value((row, column)));
            if matches!(cell, Data::Empty) && formula.is_some_and(|formula| !formula.is_empty()) {
                problems.push(place(Problem::new(&w::NO_STORED_VALUE)));
            }
            texts.push(cell_text(cell, &place, problems));
        }
        if row == 0 {
            // A star marks what must be filled in.
            sheet.header = texts.iter().map(|text| text.trim_end_matches('*').trim().to_owned()).collect();
        } else if texts.iter().any(|text| !text.is_empty()) {
            sheet.rows.push((u64::from(row) + 1, texts));
        }
    }
    while sheet.header.last().is_some_and(String::is_empty)
        && sheet.rows.iter().all(|(_, texts)| texts.get(sheet.header.len() - 1).is_none_or(String::is_empty))
    {
        sheet.header.pop();
    }
    sheet
}

/// `A`, `B` … `Z`, `AA` …
pub(super) fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

fn cell_text(cell: &Data, place: &dyn Fn(Problem) -> Problem, problems: &mut Problems) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.trim().to_owned(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => {
            let (text, as_shown) = number_text(*number);
            if as_shown {
                let entry = if number.abs() < LARGEST { &w::NUMBER_AS_SHOWN } else { &w::NUMBER_TOO_LONG };
                problems.push(place(Problem::new(entry).with("value", &text)));
            }
            text
        }
        Data::Bool(flag) => if *flag { "是" } else { "否" }.to_owned(),
        Data::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTime(_) | Data::DateTimeIso(_) | Data::DurationIso(_) => cell.to_string(),
        Data::Error(error) => {
            problems.push(place(Problem::new(&w::CELL_ERROR).with("error", error)));
            String::new()
        }
    }
}

/// The decimal that a stored number stands for. A workbook holds numbers as binary fractions with some 17 digits and
/// shows 15; a formula can leave a tail behind those (0.1 + 0.2), which is then cut off and told.
fn number_text(number: f64) -> (String, bool) {
    let shortest = number.to_string();
    let digits = shortest.trim_start_matches('-').replace('.', "");
    if digits.trim_start_matches('0').trim_end_matches('0').len() <= 15 {
        return (shortest, false);
    }
    let shown: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    (shown.to_string(), true)
}

/// A value of a typed column as it would stand in a text file.
fn plain(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Missing => String::new(),
        Cell::Text(text) => text.trim().to_owned(),
        Cell::Texts(items) => items.clone().collect::<Vec<_>>().join("|"),
        Cell::Whole(number) => number.to_string(),
        Cell::Decimal { units, scale } => {
            let digits = u8::try_from(*scale).unwrap_or_default();
            crate::table::cell::decimal(*units, digits)
        }
        Cell::Float(number) => number_text(*number).0,
        Cell::Date(days) => crate::table::cell::date(*days).map_or_else(String::new, |day| day.to_string()),
        Cell::Time(micros) => {
            let days = i32::try_from(micros.div_euclid(86_400_000_000)).ok();
            days.and_then(crate::table::cell::date).map_or_else(String::new, |day| day.to_string())
        }
        Cell::Flag(flag) => if *flag { "是" } else { "否" }.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_excel_shows_them() {
        assert_eq!(number_text(1234.56), ("1234.56".to_owned(), false));
        assert_eq!(number_text(-1_000_000.0), ("-1000000".to_owned(), false));
        assert_eq!(number_text(0.1 + 0.2), ("0.3".to_owned(), true));
        assert_eq!(number_text(1234.56 * 100.0), ("123456".to_owned(), false));
        assert_eq!(number_text(1.1 * 1.1), ("1.21".to_owned(), true));
        assert_eq!(number_text(92_233_720_368_547.75), ("92233720368547.8".to_owned(), true));
    }

    #[test]
    fn columns_have_letters() {
        assert_eq!([0, 25, 26, 701, 702].map(column_letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
