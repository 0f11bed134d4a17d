//! MDCs, ADRGs, DRGs and complications that do not fit together.

use std::collections::{BTreeMap, BTreeSet};

use super::places::Places;
use crate::problem::Problems;
use crate::problem::catalogue::scheme as codes;
use crate::scheme::condition::{Atom, Codes, Condition};
use crate::scheme::{Definition, RuleKind};

#[must_use]
pub fn check(definition: &Definition, places: &Places<'_>) -> Problems {
    let mut problems = Problems::new();
    groups(definition, places, &mut problems);
    exclusions(definition, places, &mut problems);
    empty_sets(definition, places, &mut problems);
    problems
}

/// DRGs without a rule and rules without a DRG.
fn groups(definition: &Definition, places: &Places<'_>, problems: &mut Problems) {
    let with_rule: BTreeSet<&str> = definition.rules.iter().map(|rule| rule.adrg.as_str()).collect();
    let with_drg: BTreeSet<&str> = definition.drgs.iter().map(|drg| drg.adrg.as_str()).collect();
    for drg in definition.drgs.iter().filter(|drg| !with_rule.contains(drg.adrg.as_str())) {
        let problem = places.drg(&codes::DRG_WITHOUT_ADRG, drg);
        problems.push(problem.column("adrg").with("drg", &drg.code).with("adrg", &drg.adrg));
    }
    let mut told = BTreeSet::new();
    for rule in &definition.rules {
        let has = rule.kind == RuleKind::Ambiguous || with_drg.contains(rule.adrg.as_str());
        if !has && told.insert(&rule.adrg) {
            let problem = places.rule(&codes::ADRG_WITHOUT_DRG, rule);
            problems.push(problem.column("adrg").with("adrg", &rule.adrg));
        }
    }
}

/// Complications without exclusion group, and groups of which one side is missing.
fn exclusions(definition: &Definition, places: &Places<'_>, problems: &mut Problems) {
    let mut of_cc: BTreeMap<&str, u64> = BTreeMap::new();
    for entry in &definition.cc {
        if entry.group.is_empty() {
            let problem = places.problem(&codes::CC_WITHOUT_GROUP, "cc", entry.line, "exclusion_group");
            problems.push(problem.with("code", &entry.code));
        } else {
            of_cc.entry(&entry.group).or_insert(entry.line);
        }
    }
    let excluding: BTreeSet<&str> = definition.exclusions.values().flatten().map(String::as_str).collect();
    for (group, row) in of_cc.iter().filter(|(group, _)| !excluding.contains(*group)) {
        let problem = places.problem(&codes::EMPTY_GROUP, "cc", *row, "exclusion_group");
        problems.push(problem.with("group", group));
    }
    for group in excluding.iter().filter(|group| !of_cc.contains_key(*group)) {
        let count = definition.exclusions.values().flatten().filter(|other| other == group).count();
        let row = row_of(places, "cc_exclusions", "exclusion_group", group);
        let problem = places.problem(&codes::GROUP_WITHOUT_CC, "cc_exclusions", row, "exclusion_group");
        problems.push(problem.with("group", group).with("count", count));
    }
}

fn row_of(places: &Places<'_>, table: &str, column: &str, text: &str) -> u64 {
    let row = places.source().table(table).and_then(|table| {
        let column = table.column(column)?;
        table.rows.iter().find(|row| row.cells[column] == text)
    });
    row.map_or(0, |row| row.line)
}

/// Sets without a code that conditions refer to. (A list of an ADRG is there as soon as it has a code.)
fn empty_sets(definition: &Definition, places: &Places<'_>, problems: &mut Problems) {
    let mut told = BTreeSet::new();
    let mut look = |table: &str, row: u64, mdc: usize, condition: &Condition| {
        for atom in condition.atoms() {
            let mdc = &definition.mdcs[mdc];
            let (what, empty) = match atom {
                Atom::Codes(_, Codes::Mdc) | Atom::TraumaRegions(..) => (mdc.code.as_str(), mdc.lists.is_empty()),
                Atom::Codes(_, Codes::Valid) => ("valid_procedures", definition.valid_procedures.is_empty()),
                Atom::Mcc | Atom::Cc => ("cc", definition.cc.is_empty()),
                _ => continue,
            };
            if empty && told.insert(what) {
                let problem = if what == mdc.code {
                    places.problem(&codes::EMPTY_MDC, table, row, "condition").with("mdc", what)
                } else {
                    places.problem(&codes::EMPTY_LIST, table, row, "condition").with("list", what)
                };
                problems.push(problem.with("condition", condition));
            }
        }
    };
    for (at, mdc) in definition.mdcs.iter().enumerate() {
        look("mdc", mdc.line, at, &mdc.condition);
    }
    for rule in &definition.rules {
        look("adrg", rule.line, rule.mdc, &rule.condition);
        for drg in definition.drgs_of(&rule.adrg) {
            look("drg", drg.line, rule.mdc, &drg.condition);
        }
    }
}
