//! The options by which schemes differ. A difference among schemes is an option, never a name in the code.

use crate::problem::catalogue::scheme as codes;
use crate::problem::{Problem, Problems};
use crate::scheme::source::RawTable;

/// The key-value rows of the table `scheme`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    pub name: String,
    /// When nothing fits and there are several procedures, try again with each other one as the only procedure.
    pub retry_other_procedures: bool,
    pub missing_number: MissingNumber,
    pub severity_scan: SeverityScan,
    /// Whether exclusion groups are heeded.
    pub cc_exclusion: bool,
    pub input_check: InputCheck,
    /// Whether a claim that fails the input check gets `0000`, `00`, `0000` for its groups, or empty texts.
    pub invalid_as_zeros: bool,
}

/// What a missing number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingNumber {
    /// Every comparison with it is false.
    Unknown,
    Zero,
}

/// Which diagnoses may be MCC or CC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeverityScan {
    /// The secondary ones.
    Secondary,
    /// The principal one too, when there is at least one secondary.
    All,
}

/// Which claims are refused before grouping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputCheck {
    /// Sex 1 or 2; age given; age in days given at age 0; birth weight given up to 28 days.
    Full,
    /// Sex 1 or 2 and at least one diagnosis.
    SexAndDiagnosis,
    /// Sex not empty.
    SexGiven,
}

const KEYS: [&str; 7] = [
    "scheme",
    "retry_other_procedures",
    "missing_number",
    "severity_scan",
    "cc_exclusion",
    "input_check",
    "invalid_result",
];

impl Options {
    pub(super) fn load(table: &RawTable) -> Result<Options, Problems> {
        let [key, value] = table.columns(["key", "value"])?;
        let mut problems = Problems::new();
        let mut found = [const { None }; KEYS.len()];
        for row in &table.rows {
            match KEYS.iter().position(|known| *known == row.cells[key]) {
                Some(at) => found[at] = Some(row),
                None => {
                    let problem = table.problem(&codes::UNKNOWN_OPTION, row, key);
                    problems.push(problem.with("key", &row.cells[key]).with("known", KEYS.join(", ")));
                }
            }
        }
        let mut choose = |name: &str, choices: &[&'static str]| -> usize {
            let at = KEYS.iter().position(|known| *known == name).unwrap_or_default();
            let Some(row) = found[at] else {
                problems.push(Problem::new(&codes::MISSING_OPTION).file(table.file.clone()).with("key", name));
                return 0;
            };
            choices.iter().position(|choice| *choice == row.cells[value]).unwrap_or_else(|| {
                let problem = table.problem(&codes::BAD_CELL, row, value).with("value", &row.cells[value]);
                problems.push(problem.with("expected", choices.join(" | ")));
                0
            })
        };
        let retry = choose("retry_other_procedures", &["no", "yes"]);
        let missing = choose("missing_number", &["unknown", "zero"]);
        let scan = choose("severity_scan", &["secondary", "all"]);
        let exclusion = choose("cc_exclusion", &["no", "yes"]);
        let check = choose("input_check", &["full", "sex_and_diagnosis", "sex_given"]);
        // Published builds differ here: those with the full check write zeros, the others leave the groups empty.
        let invalid =
            if found[6].is_some() { choose("invalid_result", &["zeros", "empty"]) } else { usize::from(check != 0) };
        let options = Options {
            name: found[0].map_or_else(String::new, |row| row.cells[value].clone()),
            retry_other_procedures: retry == 1,
            missing_number: [MissingNumber::Unknown, MissingNumber::Zero][missing],
            severity_scan: [SeverityScan::Secondary, SeverityScan::All][scan],
            cc_exclusion: exclusion == 1,
            input_check: [InputCheck::Full, InputCheck::SexAndDiagnosis, InputCheck::SexGiven][check],
            invalid_as_zeros: invalid == 0,
        };
        if options.name.is_empty() {
            problems.push(Problem::new(&codes::MISSING_OPTION).file(table.file.clone()).with("key", "scheme"));
        }
        problems.or(options).map(|(options, _)| options)
    }
}
