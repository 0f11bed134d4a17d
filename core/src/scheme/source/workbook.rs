//! An .xlsx workbook with a sheet a table.

use std::collections::BTreeMap;
use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};

use super::{RawTable, Row, wanted_table};
use crate::problem::catalogue::{files, scheme as codes};
use crate::problem::{Problem, Problems};

pub fn read(path: &Path, problems: &mut Problems) -> Result<BTreeMap<String, RawTable>, Problem> {
    let name = path.to_string_lossy();
    let broken = |e: calamine::XlsxError| Problem::new(&files::BROKEN_FILE).file(name.as_ref()).with("reason", e);
    let mut workbook: Xlsx<_> = open_workbook(path).map_err(broken)?;
    let mut tables = BTreeMap::new();
    for sheet in workbook.sheet_names() {
        let Some(table) = wanted_table(&tables, &sheet, problems) else { continue };
        let range = workbook.worksheet_range(&sheet).map_err(broken)?;
        // Rows above the header, when they are empty, are not part of the range.
        let first = range.start().map_or(0, |(row, _)| u64::from(row));
        let mut lines = range.rows().enumerate();
        let Some((_, header)) = lines.next() else {
            problems.push(Problem::new(&files::EMPTY_FILE).file(sheet.as_str()));
            continue;
        };
        let header: Vec<String> = header.iter().map(|cell| cell.to_string().trim().to_owned()).collect();
        let mut rows = Vec::new();
        for (at, cells) in lines {
            let line = first + at as u64 + 1;
            let texts: Vec<String> = cells
                .iter()
                .zip(&header)
                .map(|(cell, column)| cell_text(cell, &sheet, line, column, problems))
                .collect();
            if texts.iter().any(|text| !text.is_empty()) {
                rows.push(Row { line, cells: texts });
            }
        }
        tables.insert(table, RawTable { file: sheet.as_str().into(), header, rows });
    }
    Ok(tables)
}

/// A cell as text. Whole numbers are what they look like; a code such as 39.6500 that the workbook keeps as the number
/// 39.65 has lost its zeros and is refused, except in columns that hold amounts.
fn cell_text(cell: &Data, sheet: &str, line: u64, column: &str, problems: &mut Problems) -> String {
    let holds_codes = ["code", "icd10", "pdx", "insurance_code", "drg", "adrg", "mdc"].contains(&column);
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.trim().to_owned(),
        Data::Float(_) | Data::Int(_) if holds_codes => {
            let problem = Problem::new(&codes::CODE_AS_NUMBER).file(sheet).row(line).column(column);
            problems.push(problem.with("value", cell));
            String::new()
        }
        other => other.to_string().trim().to_owned(),
    }
}
