//! A scheme with its tables, so that a book can keep them.

use std::collections::BTreeMap;
use std::path::Path;

use super::pack_files::csv_text;
use crate::grouper::Grouper;
use crate::ledger::{Book, Period};
use crate::problem::catalogue::{books, files};
use crate::problem::{Problem, Problems};
use crate::scheme::{Definition, Source};

/// A compiled scheme and the tables it was made of.
#[derive(Clone, Debug)]
pub struct Scheme {
    pub grouper: Grouper,
    pub source: Source,
}

impl Scheme {
    /// Reads the scheme a user names: `demo`, a folder, a `.zip` or an `.xlsx`. The problems beside it are warnings.
    pub fn read(name: &Path) -> Result<(Scheme, Problems), Problems> {
        Scheme::of(Source::open(name)?)
    }

    /// The scheme of tables that a book kept, `mdc.csv` → text.
    pub fn from_texts(texts: &BTreeMap<String, String>) -> Result<(Scheme, Problems), Problems> {
        let tables = texts.iter().map(|(file, text)| (file.trim_end_matches(".csv"), text.as_bytes()));
        Scheme::of(Source::from_texts(tables)?)
    }

    /// The scheme of the last month of a year (or of a month) in a book that kept one.
    pub fn of_book(book: &Book, period: Period) -> Result<(Scheme, Problems), Problems> {
        let months = book.periods().map(|info| info.period);
        for month in months.filter(|month| *month == period || month.whole_year() == period).rev() {
            let manifest = book.manifest(month)?;
            if let Some(kept) = manifest.runs.values().find_map(|run| run.kept.get("scheme")) {
                return Scheme::from_texts(&book.kept(kept)?);
            }
        }
        Err(Problem::new(&books::NO_MONTHS).with("period", period).into())
    }

    fn of((source, mut warnings): (Source, Problems)) -> Result<(Scheme, Problems), Problems> {
        let (definition, more) = Definition::from_source(&source)?;
        warnings.append(more);
        Ok((Scheme { grouper: Grouper::new(definition), source }, warnings))
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.grouper.definition().options.name
    }

    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.grouper.definition().fingerprint
    }

    /// The tables as CSV by file name, the same whichever container they came in.
    pub fn texts(&self) -> Result<BTreeMap<String, String>, Problem> {
        let texts = self.source.tables.iter().map(|(name, table)| {
            let text = csv_text(table).map_err(|e| Problem::new(&files::CANNOT_WRITE).with("reason", e))?;
            Ok((format!("{name}.csv"), text))
        });
        texts.collect()
    }
}
