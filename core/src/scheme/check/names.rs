//! Codes that the tables of names do not know.

use std::collections::{BTreeMap, BTreeSet};

use super::places::Places;
use crate::problem::catalogue::scheme as codes;
use crate::problem::{Problem, Problems};
use crate::scheme::Definition;
use crate::scheme::condition::{Atom, Codes, Kind};

/// Unknown codes of one table.
#[derive(Default)]
struct Unknown<'a> {
    codes: BTreeSet<&'a str>,
    row: u64,
}

#[must_use]
pub fn check(definition: &Definition, places: &Places<'_>) -> Problems {
    let names = Names { definition, places };
    let mut problems = Problems::new();
    let tables = [
        ("mdc_diagnoses", "icd10", Kind::Diagnosis),
        ("cc", "icd10", Kind::Diagnosis),
        ("cc_exclusions", "pdx", Kind::Diagnosis),
        ("valid_procedures", "code", Kind::Procedure),
    ];
    for (table, column, kind) in tables {
        problems.0.extend(names.of_table(table, column, |_| Some(kind)));
    }
    let kinds = list_kinds(definition);
    let columns = places.source().table("adrg_codes").and_then(|table| table.columns(["adrg", "list"]).ok());
    if let Some([adrg, list]) = columns {
        let kind = |cells: &[String]| kinds.get(&(cells[adrg].as_str(), cells[list].as_str())).copied();
        problems.0.extend(names.of_table("adrg_codes", "code", kind));
    }
    problems.append(names.of_conditions());
    problems
}

struct Names<'a> {
    definition: &'a Definition,
    places: &'a Places<'a>,
}

impl<'a> Names<'a> {
    /// Without a table of names, every code is as good as known.
    fn knows(&self, kind: Kind, code: &str) -> bool {
        let names = match kind {
            Kind::Diagnosis => &self.definition.diagnosis_names,
            Kind::Procedure => &self.definition.procedure_names,
        };
        names.is_empty() || names.contains_key(code)
    }

    fn of_table(&self, name: &str, column: &str, kind: impl Fn(&[String]) -> Option<Kind>) -> Option<Problem> {
        let table = self.places.source().table(name)?;
        let place = table.column(column)?;
        let mut unknown = Unknown::default();
        for row in &table.rows {
            let Some(kind) = kind(&row.cells) else { continue };
            let code = &row.cells[place];
            if !self.knows(kind, code) {
                unknown.row = if unknown.codes.is_empty() { row.line } else { unknown.row };
                unknown.codes.insert(code);
            }
        }
        self.problem(&unknown, name, column)
    }

    /// Codes that conditions name one by one.
    fn of_conditions(&self) -> Problems {
        let definition = self.definition;
        let mdcs = definition.mdcs.iter().map(|mdc| ("mdc", mdc.line, &mdc.condition));
        let rules = definition.rules.iter().map(|rule| ("adrg", rule.line, &rule.condition));
        let drgs = definition.drgs.iter().map(|drg| ("drg", drg.line, &drg.condition));
        let mut problems = Problems::new();
        for (table, row, condition) in mdcs.chain(rules).chain(drgs) {
            let mut unknown = Unknown { row, ..Unknown::default() };
            for atom in condition.atoms() {
                if let Atom::Codes(of, Codes::These(codes)) = atom {
                    unknown.codes.extend(codes.iter().map(String::as_str).filter(|code| !self.knows(of.kind, code)));
                }
            }
            problems.0.extend(self.problem(&unknown, table, "condition"));
        }
        problems
    }

    fn problem(&self, unknown: &Unknown<'_>, table: &str, column: &str) -> Option<Problem> {
        let example = unknown.codes.first()?;
        let problem = self.places.problem(&codes::UNKNOWN_CODE, table, unknown.row, column);
        Some(problem.with("table", table).with("count", unknown.codes.len()).with("example", example))
    }
}

/// Whether a list holds diagnoses or procedures, by the conditions that name it.
fn list_kinds(definition: &Definition) -> BTreeMap<(&str, &str), Kind> {
    let rules = definition.rules.iter().map(|rule| (rule.adrg.as_str(), &rule.condition));
    let drgs = definition.drgs.iter().map(|drg| (drg.adrg.as_str(), &drg.condition));
    let mut kinds = BTreeMap::new();
    for (adrg, condition) in rules.chain(drgs) {
        for atom in condition.atoms() {
            if let Atom::Codes(of, Codes::List(list)) = atom {
                kinds.insert((adrg, list.as_str()), of.kind);
            }
        }
    }
    kinds
}
