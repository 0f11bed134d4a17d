//! Forms handed in as files: workbooks, single tables, or folders of them.

use std::path::{Path, PathBuf};

use super::{Form, Sheet};
use crate::problem::catalogue::{files, workbook as w};
use crate::problem::{Problem, Problems};
use crate::text::closest;

/// What was handed in.
#[derive(Clone, Debug, Default)]
pub struct HandedIn {
    /// Each sheet with the number of its form.
    pub sheets: Vec<(usize, Sheet)>,
    /// The files read, in order of name.
    pub files: Vec<PathBuf>,
}

/// The endings of files that are read in a folder.
const ENDINGS: [&str; 3] = ["csv", "parquet", "xlsx"];

fn ending(path: &Path) -> String {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// Reads workbooks by the names of their sheets, and tables by the names of their files. A table of another name is
/// read when there is but one form. Warnings come with the result.
///
/// # Errors
/// Everything that is no form, of all files.
pub fn read_files(paths: &[PathBuf], forms: &[&Form]) -> Result<(HandedIn, Problems), Problems> {
    let mut problems = Problems::new();
    let mut handed = HandedIn::default();
    for path in paths {
        match files_at(path) {
            Ok(found) => handed.files.extend(found),
            Err(problem) => problems.push(problem),
        }
    }
    for path in &handed.files {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        if ending(path) == "xlsx" {
            match std::fs::read(path) {
                Ok(bytes) => handed.sheets.extend(Sheet::of_workbook(&name, &bytes, forms, &mut problems)),
                Err(error) => problems.push(cannot_read(path, &error)),
            }
            continue;
        }
        let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let form = forms.iter().position(|form| form.is(&stem)).or((forms.len() == 1).then_some(0));
        let Some(form) = form else {
            let known: Vec<&str> = forms.iter().map(|form| &*form.key).collect();
            let near = closest(&stem, forms.iter().flat_map(|form| [&*form.key, &*form.zh])).unwrap_or("-");
            let problem = Problem::new(&w::UNKNOWN_SHEET).with("sheet", &stem).with("closest", near);
            problems.push(problem.with("known", known.join(", ")).file(name));
            continue;
        };
        match Sheet::of_file(path) {
            Ok(sheet) => handed.sheets.push((form, sheet)),
            Err(found) => problems.append(found),
        }
    }
    problems.or(handed)
}

fn cannot_read(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(&files::CANNOT_READ).with("reason", error).file(path.to_string_lossy().as_ref())
}

/// The file itself, or the tables and workbooks of a folder in order of name.
fn files_at(path: &Path) -> Result<Vec<PathBuf>, Problem> {
    if !path.is_dir() {
        std::fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|error| cannot_read(path, &error))? {
        let file = entry.map_err(|error| cannot_read(path, &error))?.path();
        // A workbook that somebody has open leaves a hidden file beside it.
        let hidden = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '~']));
        if !hidden && ENDINGS.contains(&ending(&file).as_str()) {
            found.push(file);
        }
    }
    found.sort();
    Ok(found)
}
