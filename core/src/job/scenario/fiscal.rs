//! The fiscal sides of a baseline: packs, and the forms that were filled in.

use std::path::Path;

use super::StudyFile;
use crate::awards::forms::FORMS;
use crate::fiscal::{self, ACCOUNTS_KEY};
use crate::job::PackFiles;
use crate::policy::{Bundle, FISCAL_SEEDS, MemoryFiles, open};
use crate::problem::catalogue::files::CANNOT_READ;
use crate::problem::{Problem, Problems};
use crate::scenario::file::FiscalFiles;
use crate::scenario::{Awards, Floors};
use crate::workbook::{Form, Sheet};

/// Award rules with their forms.
pub(super) fn awards(file: &StudyFile, files: &FiscalFiles) -> Result<Awards, Problems> {
    let bundle = bundle(file, &files.policy)?;
    let forms: Vec<&Form> = FORMS.iter().map(|form| &***form).collect();
    Ok(Awards { bundle, sheets: sheets(file, files, &forms)? })
}

/// Floors with their accounts.
pub(super) fn floors(file: &StudyFile, files: &FiscalFiles) -> Result<Floors, Problems> {
    let bundle = bundle(file, &files.policy)?;
    let (policy, _) = fiscal::compile(&bundle.fiscal(&[])?)?;
    let form = fiscal::form(&policy);
    debug_assert_eq!(form.key, ACCOUNTS_KEY);
    let sheets = sheets(file, files, &[&form])?;
    Ok(Floors { bundle, sheets: sheets.into_iter().map(|(_, sheet)| sheet).collect() })
}

/// A pack beside the scenario file, or one that comes with the program.
fn bundle(file: &StudyFile, name: &str) -> Result<Bundle, Problems> {
    let path = file.named(Some(name), "policy")?;
    let stem = name.trim_end_matches(".toml").replace('-', "_");
    let seed = FISCAL_SEEDS.iter().find(|(own, _)| own.trim_end_matches(".toml") == stem);
    match seed.filter(|_| !path.exists()) {
        Some((own, _)) => open(&[format!("seeds:{own}")], &MemoryFiles::default()),
        None => {
            let files = PackFiles::find(&path, None)?;
            open(&files.packs, &files)
        }
    }
}

/// The sheets of workbooks, and the CSV files, each with the number of its form. A CSV file is named after its form.
fn sheets(file: &StudyFile, files: &FiscalFiles, forms: &[&Form]) -> Result<Vec<(usize, Sheet)>, Problems> {
    let mut problems = Problems::new();
    let mut sheets = Vec::new();
    for name in &files.inputs {
        let path = file.path(name);
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx")) {
            match std::fs::read(&path) {
                Ok(bytes) => sheets.extend(Sheet::of_workbook(name, &bytes, forms, &mut problems)),
                Err(error) => problems.push(Problem::new(&CANNOT_READ).file(name.as_str()).with("reason", error)),
            }
            continue;
        }
        match Sheet::of_file(&path) {
            Ok(sheet) => sheets.push((form_of(&path, forms), sheet)),
            Err(found) => problems.append(found),
        }
    }
    problems.or(sheets).map(|(sheets, _)| sheets)
}

/// The form a CSV file is named after; the first without such a name.
fn form_of(path: &Path, forms: &[&Form]) -> usize {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    forms.iter().position(|form| form.is(&stem)).unwrap_or_default()
}
