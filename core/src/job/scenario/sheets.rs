//! A workbook that was filled in.

use std::path::{Path, PathBuf};

use super::StudyFile;
use crate::awards::forms::FORMS;
use crate::problem::Problems;
use crate::scenario::sheets::{added_form, baseline, forms, lists, read};
use crate::workbook::{Form, Sheet};

impl StudyFile {
    /// Reads the sheets of a workbook.
    pub(super) fn of_workbook(path: &Path, source: Vec<u8>, folder: PathBuf) -> Result<StudyFile, Problems> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let known: Vec<&Form> = FORMS.iter().map(|form| &***form).collect();
        let (mut forms, lists) = (forms(&known), lists());
        // The accounts whose rows may be added are those of the baseline's policy.
        let open = |forms: &[Form], problems: &mut Problems| {
            let forms: Vec<&Form> = forms.iter().collect();
            Sheet::of_workbook(&name, &source, &forms, problems)
        };
        let first = open(&forms, &mut Problems::new());
        if let Some(floors) = baseline(&first, &forms, &lists).and_then(|baseline| baseline.floors)
            && let Ok(form) = super::fiscal::accounts(&folder, &floors)
        {
            forms.push(added_form(&form));
        }
        let mut problems = Problems::new();
        let sheets = open(&forms, &mut problems);
        let found = read(&sheets, &forms, &lists);
        match found {
            Ok((study, cells, more)) => {
                problems.append(more);
                let (cells, warnings) = problems.or(cells)?;
                Ok(StudyFile { study, folder, cells, source, warnings })
            }
            Err(more) => {
                problems.append(more);
                Err(problems)
            }
        }
    }
}
