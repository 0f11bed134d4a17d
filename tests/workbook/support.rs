//! Filling in templates as a person would, and reading workbooks back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, Xlsx, open_workbook};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

/// Runs the program.
pub fn dianzhi(words: &[&str]) -> i32 {
    dianzhi::cli::run(std::iter::once(&"dianzhi").chain(words))
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Every cell of a sheet as text, row by row.
pub fn sheet(path: &Path, name: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let range = book.worksheet_range(name).unwrap();
    range.rows().map(|row| row.iter().map(|cell| cell.to_string()).collect()).collect()
}

pub fn sheets(path: &Path) -> Vec<String> {
    let book: Xlsx<_> = open_workbook(path).unwrap();
    book.sheet_names()
}

/// The cells of a sheet, as they are stored.
pub fn cells(path: &Path, name: &str) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    book.worksheet_range(name).unwrap().rows().map(<[Data]>::to_vec).collect()
}

/// A row of a form by its headings.
pub type Filled<'a> = &'a [(&'a str, &'a str)];

/// Puts rows into the sheets of a template, under its own headings. Amounts become numbers, dates dates, `=…` formulas.
pub fn fill(template: &Path, rows: &[(&str, &[Filled<'_>])], out: &Path) {
    let mut book = Workbook::new();
    for name in sheets(template) {
        let head = sheet(template, &name).into_iter().next().unwrap_or_default();
        let page = book.add_worksheet();
        page.set_name(&name).unwrap();
        for (column, text) in (0u16..).zip(&head) {
            page.write_string(0, column, text).unwrap();
        }
        let columns: BTreeMap<&str, u16> = head.iter().map(String::as_str).zip(0u16..).collect();
        let own = rows.iter().filter(|(sheet, _)| *sheet == name).flat_map(|(_, rows)| rows.iter());
        for (row, cells) in (1u32..).zip(own) {
            for (heading, value) in *cells {
                let column = *columns.get(heading).unwrap_or_else(|| panic!("{name} has no column {heading}"));
                match value {
                    formula if formula.starts_with('=') => page.write_formula(row, column, *formula).unwrap(),
                    value if is_date(value) => {
                        let date = ExcelDateTime::parse_from_str(value).unwrap();
                        page.write_datetime_with_format(row, column, &date, &Format::new().set_num_format("yyyy-mm-dd"))
                            .unwrap()
                    }
                    value => match value.parse::<f64>() {
                        Ok(number) => page.write_number(row, column, number).unwrap(),
                        Err(_) => page.write_string(row, column, *value).unwrap(),
                    },
                };
            }
        }
    }
    book.save(out).unwrap();
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-'
}

/// A template of a kind in a folder.
pub fn template(dir: &Path, kind: &str, lang: &str) -> PathBuf {
    let path = dir.join(format!("{kind}.xlsx"));
    assert_eq!(dianzhi(&["--lang", lang, "template", kind, "-o", text(&path)]), 0);
    path
}
