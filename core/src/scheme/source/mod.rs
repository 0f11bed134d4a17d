//! Where the tables of a scheme come from: a folder of CSV files, a .zip of them, or an .xlsx workbook with a sheet a
//! table. All three give the same tables.

mod archive;
mod table;
mod workbook;

use std::collections::BTreeMap;
use std::path::Path;

pub use table::{RawTable, Row};

use crate::problem::catalogue::{files, scheme as codes};
use crate::problem::{Problem, Problems};

/// The tables a scheme may have; the first nine must be there.
pub const TABLES: [&str; 15] = [
    "scheme",
    "mdc",
    "mdc_diagnoses",
    "adrg",
    "adrg_codes",
    "drg",
    "cc",
    "cc_exclusions",
    "valid_procedures",
    "diagnosis_names",
    "procedure_names",
    "code_map_diagnoses",
    "code_map_procedures",
    "drg_weights",
    "notes",
];

/// How many of [`TABLES`] a scheme cannot do without.
pub const REQUIRED_TABLES: usize = 9;

/// No table of a scheme is larger; a file that claims to be is not read.
pub const MAX_TABLE_BYTES: u64 = 256 << 20;

/// The tables of a scheme as text, by name.
#[derive(Clone, Debug, Default)]
pub struct Source {
    pub tables: BTreeMap<String, RawTable>,
}

impl Source {
    /// Reads the tables at `path`: a folder, a `.zip` or an `.xlsx`.
    pub fn read(path: &Path) -> Result<(Source, Problems), Problems> {
        let mut problems = Problems::new();
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
        let tables = if path.is_dir() {
            read_folder(path, &mut problems)?
        } else {
            match extension.as_str() {
                "zip" => archive::read(path, &mut problems)?,
                "xlsx" => workbook::read(path, &mut problems)?,
                _ if !path.exists() => return Err(cannot_read(path, "no such file or folder").into()),
                _ => {
                    let problem = Problem::new(&files::UNKNOWN_FORMAT).file(path.to_string_lossy().as_ref());
                    return Err(problem.with("extension", extension).with("known", "a folder, .zip, .xlsx").into());
                }
            }
        };
        problems.or(Source { tables })
    }

    /// Reads tables from texts, `(name, csv)`, such as those embedded in the program.
    pub fn from_texts<'a>(
        texts: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<(Source, Problems), Problems> {
        let mut problems = Problems::new();
        let mut tables = BTreeMap::new();
        for (name, text) in texts {
            add_csv(&mut tables, &format!("{name}.csv"), text, &mut problems);
        }
        problems.or(Source { tables })
    }

    #[must_use]
    pub fn table(&self, name: &str) -> Option<&RawTable> {
        self.tables.get(name)
    }
}

fn read_folder(path: &Path, problems: &mut Problems) -> Result<BTreeMap<String, RawTable>, Problem> {
    let mut tables = BTreeMap::new();
    let entries = std::fs::read_dir(path).map_err(|e| cannot_read(path, e))?;
    let mut files: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv"))) {
        let name = file.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        match std::fs::read(file) {
            Ok(bytes) => add_csv(&mut tables, name, &bytes, problems),
            Err(error) => problems.push(cannot_read(file, error)),
        }
    }
    Ok(tables)
}

/// Adds the table of a CSV text under the file's name without `.csv`. A table nobody knows is a warning.
fn add_csv(tables: &mut BTreeMap<String, RawTable>, file: &str, bytes: &[u8], problems: &mut Problems) {
    if let Some(name) = wanted_table(tables, file, problems) {
        match RawTable::from_csv(file, bytes) {
            Ok(table) => drop(tables.insert(name, table)),
            Err(found) => problems.append(found),
        }
    }
}

/// The table that a file or sheet holds; `None` with a problem for one that nobody knows or that is there already.
fn wanted_table(tables: &BTreeMap<String, RawTable>, file: &str, problems: &mut Problems) -> Option<String> {
    let lower = file.to_lowercase();
    let name = lower.strip_suffix(".csv").unwrap_or(&lower);
    if !TABLES.contains(&name) {
        problems.push(Problem::new(&codes::UNKNOWN_TABLE).file(file).with("table", name));
        return None;
    }
    if let Some(first) = tables.get(name) {
        let problem = Problem::new(&codes::TABLE_TWICE).file(file).with("table", name);
        problems.push(problem.with("first", &first.file));
        return None;
    }
    Some(name.to_owned())
}

fn cannot_read(path: &Path, reason: impl std::fmt::Display) -> Problem {
    Problem::new(&files::CANNOT_READ).file(path.to_string_lossy().as_ref()).with("reason", reason)
}
