//! Reports to hand on: a page that opens without a network, or a workbook.

mod fiscal;
mod insurance;
mod study;

use std::path::Path;

use super::StudyFile;
use crate::ledger::{Book, Kind, Period};
use crate::problem::catalogue::books::NO_SUCH_PERIOD;
use crate::problem::catalogue::files::{CANNOT_WRITE, UNKNOWN_FORMAT};
use crate::problem::{Lang, Problem, Problems};
use crate::report::{Chart, Document, html, xlsx};
use crate::scenario::Told;
pub use fiscal::fiscal_summary;

/// What a report shows.
#[derive(Clone, Debug)]
pub struct Report {
    pub title: String,
    /// What must be said before anything else.
    pub marks: Vec<String>,
    pub charts: Vec<Chart>,
    /// Facts and tables of the page.
    pub page: Document,
    /// The workbook, a sheet a document: `(sheet name, document)`.
    pub sheets: Vec<(String, Document)>,
    pub warnings: Problems,
}

impl Report {
    /// A month or year of a book, of insurance or fiscal money; the latest where none is named.
    ///
    /// # Errors
    /// A book without it.
    pub fn of_book(dir: &Path, period: Option<Period>, lang: Lang) -> Result<Report, Problems> {
        let book = Book::open(dir)?;
        let latest = || book.periods().next_back().map(|info| info.period);
        let Some(period) = period.or_else(latest) else {
            return Err(Problem::new(&NO_SUCH_PERIOD).with("period", "-").with("known", "-").into());
        };
        match book.kind() {
            Kind::Insurance => insurance::report(&book, period, lang),
            Kind::Fiscal => fiscal::report(&book, period, lang),
        }
    }

    /// A scenario file, evaluated.
    ///
    /// # Errors
    /// What is wrong with the file or its baseline.
    pub fn of_study(file: &StudyFile, tell: &Told<'_>, lang: Lang) -> Result<Report, Problems> {
        Ok(study::report(file.run(tell)?, lang))
    }

    /// The page.
    #[must_use]
    pub fn html(&self, lang: Lang) -> String {
        html::page(&self.title, &self.marks, &self.charts, &self.page, lang)
    }

    /// Writes .html or .xlsx, by the ending of the name.
    ///
    /// # Errors
    /// Another ending, or a file that cannot be written.
    pub fn write(&self, path: &Path, lang: Lang) -> Result<(), Problems> {
        let shown = path.to_string_lossy();
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        match ending.as_str() {
            "xlsx" => xlsx::write(path, &self.sheets, lang),
            "html" | "htm" => std::fs::write(path, self.html(lang))
                .map_err(|error| Problem::new(&CANNOT_WRITE).with("reason", error).file(shown.as_ref()).into()),
            other => {
                let problem = Problem::new(&UNKNOWN_FORMAT).with("extension", other).with("known", ".html, .xlsx");
                Err(problem.file(shown.as_ref()).into())
            }
        }
    }
}

/// That nothing here may be paid.
fn simulation(lang: Lang) -> String {
    let words = lang.pick("模拟：依据草案，不得付款", "A simulation: it rests on a draft and must not be paid");
    words.to_owned()
}
