//! `dianzhi book statements`

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::cli::{Outcome, Output};
use crate::ledger::{Book, Period};
use crate::problem::catalogue::files::CANNOT_WRITE;
use crate::problem::{Lang, Problem, Problems};
use crate::report::{Statements, text, xlsx};

pub fn run(dir: &Path, period: Period, folder: &Path, out: &Output) -> Outcome {
    let written = write(&Book::open(dir)?, period, folder, out.lang)?;
    let text = match out.lang {
        Lang::Zh => format!("{written} 份结算单（文本与 .xlsx）已写入 {}", folder.display()),
        Lang::En => format!("{written} statements (text and .xlsx) written to {}", folder.display()),
    };
    out.say(text, || json!({ "statements": written, "dir": folder }));
    Ok(())
}

/// Writes all statements of a period, and returns how many.
pub fn write(book: &Book, period: Period, folder: &Path, lang: Lang) -> Result<usize, Problems> {
    let statements = Statements::read(book, period)?;
    let mut all = vec![statements.whole(lang)];
    all.extend(statements.institutions(lang));
    all.extend(statements.consortia(lang));
    let failed = |path: &Path, error: &dyn std::fmt::Display| {
        Problem::new(&CANNOT_WRITE).with("reason", error).file(path.display().to_string())
    };
    fs::create_dir_all(folder).map_err(|e| failed(folder, &e))?;
    for statement in &all {
        let texts: Vec<String> = statement.sheets.iter().map(|(_, document)| text::render(document, lang)).collect();
        let count = if statement.is_of_period() { texts.len() } else { 1 };
        let path = folder.join(format!("{}.txt", statement.name));
        fs::write(&path, texts[..count].join("\n\n")).map_err(|e| failed(&path, &e))?;
        let path = folder.join(format!("{}.xlsx", statement.name));
        let bytes = xlsx::workbook(&statement.sheets, lang).map_err(|e| failed(&path, &e))?;
        fs::write(&path, bytes).map_err(|e| failed(&path, &e))?;
    }
    Ok(all.len())
}
