//! Options, weights, code maps and names.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::change::{Change, Section};
use crate::scheme::{Definition, RawTable};

#[must_use]
pub fn options(before: &Definition, after: &Definition) -> Vec<Change> {
    let keys = ["retry_other_procedures", "missing_number", "severity_scan", "cc_exclusion", "input_check", "invalid"];
    let of_key = |(key, (old, new)): (&str, (String, String))| Change::of(Section::Options, key, &old, &new);
    let pairs = values(before).into_iter().zip(values(after));
    let mut changes: Vec<Change> = keys.into_iter().zip(pairs).filter_map(of_key).collect();
    let names = Change::of(Section::Options, "scheme", &before.options.name, &after.options.name);
    changes.splice(0..0, names);
    changes
}

/// The options in the words of the table.
fn values(definition: &Definition) -> [String; 6] {
    use crate::scheme::{InputCheck, MissingNumber, SeverityScan};
    let options = &definition.options;
    let yes = |flag: bool| if flag { "yes" } else { "no" };
    let missing = match options.missing_number {
        MissingNumber::Unknown => "unknown",
        MissingNumber::Zero => "zero",
    };
    let scan = match options.severity_scan {
        SeverityScan::Secondary => "secondary",
        SeverityScan::All => "all",
    };
    let check = match options.input_check {
        InputCheck::Full => "full",
        InputCheck::SexAndDiagnosis => "sex_and_diagnosis",
        InputCheck::SexGiven => "sex_given",
    };
    let invalid = if options.invalid_as_zeros { "zeros" } else { "empty" };
    [yes(options.retry_other_procedures), missing, scan, yes(options.cc_exclusion), check, invalid].map(str::to_owned)
}

/// Values that are other numbers, or other texts.
#[must_use]
pub fn weights(before: &Definition, after: &Definition) -> Vec<Change> {
    let (old, new) = (by_drg(before.weights.as_ref()), by_drg(after.weights.as_ref()));
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let changes = keys.into_iter().filter_map(|key| {
        let value = |values: &BTreeMap<(String, String), String>| values.get(key).cloned().unwrap_or_default();
        let (old, new) = (value(&old), value(&new));
        let same = match (old.parse::<Decimal>(), new.parse::<Decimal>()) {
            (Ok(old), Ok(new)) => old == new,
            _ => old == new,
        };
        let subject = format!("{} {}", key.0, key.1);
        if same { None } else { Change::of(Section::Weights, &subject, &old, &new) }
    });
    changes.collect()
}

/// Values by DRG and column.
fn by_drg(table: Option<&RawTable>) -> BTreeMap<(String, String), String> {
    let mut values = BTreeMap::new();
    let Some((table, key)) = table.and_then(|table| Some((table, table.column("drg")?))) else { return values };
    for row in &table.rows {
        for (column, cell) in table.header.iter().zip(&row.cells) {
            if !matches!(column.as_str(), "drg" | "name") {
                values.insert((row.cells[key].clone(), column.clone()), cell.clone());
            }
        }
    }
    values
}

#[must_use]
pub fn code_maps(before: &Definition, after: &Definition) -> Vec<Change> {
    let mut changes = texts(Section::CodeMaps, &before.diagnosis_map, &after.diagnosis_map);
    changes.extend(texts(Section::CodeMaps, &before.procedure_map, &after.procedure_map));
    changes
}

/// Names of MDCs, ADRGs and DRGs that both have.
#[must_use]
pub fn names(before: &Definition, after: &Definition) -> Vec<Change> {
    let names = |definition: &Definition| -> BTreeMap<String, String> {
        let mdcs = definition.mdcs.iter().map(|mdc| (mdc.code.clone(), mdc.name.clone()));
        let rules = definition.rules.iter().rev().map(|rule| (rule.adrg.clone(), rule.name.clone()));
        let drgs = definition.drgs.iter().map(|drg| (drg.code.clone(), drg.name.clone()));
        mdcs.chain(rules).chain(drgs).collect()
    };
    let (mut old, mut new) = (names(before), names(after));
    old.retain(|code, _| new.contains_key(code));
    new.retain(|code, _| old.contains_key(code));
    texts(Section::Names, &old, &new)
}

fn texts(section: Section, before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<Change> {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let text = |texts: &BTreeMap<String, String>, key: &String| texts.get(key).cloned().unwrap_or_default();
    keys.into_iter().filter_map(|key| Change::of(section, key, &text(before, key), &text(after, key))).collect()
}
