//! A mapping file: which columns of a file are which fields, and what its own codes mean. Nothing is guessed.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::fields::{Field, Shape};
use crate::problem::catalogue::claims::MAPPING_SYNTAX;
use crate::problem::catalogue::files::CANNOT_READ;
use crate::problem::{Problem, Problems};

/// A mapping as written in TOML. An absent part means that files follow the national interface there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// What the mapping is for, in words.
    pub title: String,
    /// Field → header of the column it stands in.
    pub columns: BTreeMap<Field, String>,
    /// Field → value in the file → value of the national dictionary.
    pub values: BTreeMap<Field, BTreeMap<String, String>>,
    /// Field → the value all rows have.
    pub constants: BTreeMap<Field, String>,
    /// Amount → the columns whose sum it is. An empty cell adds nothing; when all are empty the amount is not given.
    pub sums: BTreeMap<Field, Vec<String>>,
    /// `fund_pay_type` of the table `payinfo` → the amount it belongs to.
    pub payinfo: BTreeMap<String, PaidBy>,
    pub separator: Separator,
    pub codes: Codes,
    pub diagnoses: Diagnoses,
}

/// Which amount of a claim a payment belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaidBy {
    HifpPay,
    PsnPay,
    OthFundPay,
    /// None of them: the payment is contained in another one.
    None,
}

impl PaidBy {
    pub(super) const fn field(self) -> Option<Field> {
        match self {
            PaidBy::HifpPay => Some(Field::HifpPay),
            PaidBy::PsnPay => Some(Field::PsnPay),
            PaidBy::OthFundPay => Some(Field::OthFundPay),
            PaidBy::None => None,
        }
    }
}

/// Which rows of the table `diseinfo` are diagnoses for grouping.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Diagnoses {
    /// Values of `diag_type` that count, for example without those of Chinese medicine. Empty: all.
    pub types: Vec<String>,
}

/// What stands between the parts of a value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Separator {
    /// Between the codes of `diag_codes` and `oprn_codes`.
    pub codes: String,
}

impl Default for Separator {
    fn default() -> Separator {
        Separator { codes: "|".to_owned() }
    }
}

/// How codes are taken.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Codes {
    /// Whether case, width and blanks inside codes are brought to the usual form. `false` compares them as written.
    pub normalise: bool,
}

impl Default for Codes {
    fn default() -> Codes {
        Codes { normalise: true }
    }
}

impl Mapping {
    /// Reads a mapping; `file` is its name in messages.
    pub fn parse(text: &str, file: &str) -> Result<Mapping, Problems> {
        let syntax = |reason: &str| Problem::new(&MAPPING_SYNTAX).file(file).with("reason", reason);
        let mapping: Mapping = toml::from_str(text).map_err(|error| {
            let row = error.span().map(|span| 1 + text[..span.start].matches('\n').count() as u64);
            let problem = syntax(error.message());
            row.map_or(problem.clone(), |row| problem.row(row))
        })?;
        let mut problems = Problems::new();
        if mapping.separator.codes.is_empty() {
            problems.push(syntax("separator.codes is empty").rule("separator.codes"));
        }
        for field in Field::ALL {
            let origins = [
                mapping.columns.contains_key(field),
                mapping.constants.contains_key(field),
                mapping.sums.contains_key(field),
            ];
            if origins.into_iter().filter(|&origin| origin).count() > 1 {
                problems.push(syntax("only one of a column, a constant and a sum").rule(field.name()));
            }
        }
        for (field, columns) in &mapping.sums {
            if field.shape() != Shape::Money || columns.is_empty() {
                problems.push(syntax("a sum is an amount of one column or more").rule(field.name()));
            }
        }
        problems.or(mapping).map(|(mapping, _)| mapping)
    }

    /// Reads a mapping file.
    pub fn load(path: &Path) -> Result<Mapping, Problems> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Problem::new(&CANNOT_READ).file(name.as_str()).with("reason", error))?;
        Mapping::parse(&text, &name)
    }
}
