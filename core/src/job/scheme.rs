//! A scheme with the text of its tables, so that a book can keep it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::grouper::Grouper;
use crate::problem::catalogue::files;
use crate::problem::{Problem, Problems};
use crate::scheme::{Definition, RawTable, Source};

/// A compiled scheme and its tables as CSV texts by file name.
#[derive(Clone, Debug)]
pub struct Scheme {
    pub grouper: Grouper,
    pub texts: BTreeMap<String, String>,
}

impl Scheme {
    /// Reads a folder, a `.zip` or an `.xlsx`. The problems beside it are warnings.
    pub fn read(path: &Path) -> Result<(Scheme, Problems), Problems> {
        Scheme::of(Source::read(path)?)
    }

    /// The scheme of tables held as texts, `mdc.csv` → text.
    pub fn from_texts<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<(Scheme, Problems), Problems> {
        let tables = texts.into_iter().map(|(file, text)| (file.trim_end_matches(".csv"), text.as_bytes()));
        Scheme::of(Source::from_texts(tables)?)
    }

    fn of((source, mut warnings): (Source, Problems)) -> Result<(Scheme, Problems), Problems> {
        let (definition, more) = Definition::from_source(&source)?;
        warnings.append(more);
        let texts = source.tables.iter().map(|(name, table)| Ok((format!("{name}.csv"), csv_text(table)?)));
        let texts = texts.collect::<Result<_, Problem>>()?;
        Ok((Scheme { grouper: Grouper::new(definition), texts }, warnings))
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.grouper.definition().options.name
    }

    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.grouper.definition().fingerprint
    }
}

fn csv_text(table: &RawTable) -> Result<String, Problem> {
    let failed = |reason: &dyn std::fmt::Display| {
        Problem::new(&files::CANNOT_WRITE).with("reason", reason).file(table.file.clone())
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    let rows = std::iter::once(&table.header).chain(table.rows.iter().map(|row| &row.cells));
    rows.into_iter().try_for_each(|row| writer.write_record(row)).map_err(|e| failed(&e))?;
    let bytes = writer.into_inner().map_err(|e| failed(&e))?;
    String::from_utf8(bytes).map_err(|e| failed(&e))
}
