//! The fiscal sides of a baseline: packs, and the forms that were filled in.

use std::path::{Path, PathBuf};

use super::StudyFile;
use crate::awards::forms::FORMS;
use crate::fiscal::{self, ACCOUNTS_KEY};
use crate::job::PackFiles;
use crate::policy::{Bundle, open};
use crate::problem::catalogue::files::CANNOT_READ;
use crate::problem::{Problem, Problems};
use crate::scenario::file::FiscalFiles;
use crate::scenario::{Awards, Floors};
use crate::scheme::DEMO;
use crate::workbook::{Form, Sheet};

/// Award rules with their forms.
pub(super) fn awards(file: &StudyFile, files: &FiscalFiles) -> Result<Awards, Problems> {
    let bundle = bundle(&file.folder, &files.policy)?;
    let forms: Vec<&Form> = FORMS.iter().map(|form| &***form).collect();
    Ok(Awards::new(bundle, sheets(file, files, &forms)?))
}

/// Floors with their accounts.
pub(super) fn floors(file: &StudyFile, files: &FiscalFiles) -> Result<Floors, Problems> {
    let bundle = bundle(&file.folder, &files.policy)?;
    let form = form_of_accounts(&bundle)?;
    debug_assert_eq!(form.key, ACCOUNTS_KEY);
    let sheets = sheets(file, files, &[&form])?;
    Ok(Floors::new(bundle, sheets.into_iter().map(|(_, sheet)| sheet).collect()))
}

/// The form of accounts of a pack.
pub(super) fn accounts(folder: &Path, files: &FiscalFiles) -> Result<Form, Problems> {
    form_of_accounts(&bundle(folder, &files.policy)?)
}

fn form_of_accounts(bundle: &Bundle) -> Result<Form, Problems> {
    let (policy, _) = fiscal::compile(&bundle.fiscal(&[])?)?;
    Ok(fiscal::form(&policy))
}

/// A pack beside the scenario file, or one that comes with the program.
fn bundle(folder: &Path, name: &str) -> Result<Bundle, Problems> {
    let beside = folder.join(name);
    let path = if beside.exists() { beside } else { PathBuf::from(name) };
    let files = PackFiles::find(&path, None)?;
    open(&files.packs, &files)
}

/// The sheets of workbooks, and the CSV files, each with the number of its form. A CSV file is named after its form.
fn sheets(file: &StudyFile, files: &FiscalFiles, forms: &[&Form]) -> Result<Vec<(usize, Sheet)>, Problems> {
    let mut problems = Problems::new();
    let mut sheets = Vec::new();
    for name in &files.inputs {
        let path = file.path(name);
        if name == DEMO && !path.exists() {
            sheets.extend(forms.iter().enumerate().map(|(number, form)| (number, example(form))));
            continue;
        }
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

/// The invented rows of a form's example.
fn example(form: &Form) -> Sheet {
    let texts = form.examples.iter().map(|row| row.iter().map(|text| text.to_string()).collect());
    Sheet {
        file: format!("{DEMO}[{}]", form.zh).into(),
        header: form.fields.iter().map(|field| field.key.to_string()).collect(),
        rows: (2..).zip(texts).collect(),
        ..Sheet::default()
    }
}

/// The form a CSV file is named after; the first without such a name.
fn form_of(path: &Path, forms: &[&Form]) -> usize {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    forms.iter().position(|form| form.is(&stem)).unwrap_or_default()
}
