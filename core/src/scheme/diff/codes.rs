//! Codes that stand in other lists, have another severity or exclude other groups. Codes that change alike are told
//! together.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Section, What};
use crate::scheme::{Definition, Level};

/// For each code, what is said of it.
type Said = BTreeMap<String, BTreeSet<String>>;

fn said<'a>(pairs: impl IntoIterator<Item = (&'a String, String)>) -> Said {
    let mut said = Said::new();
    for (code, text) in pairs {
        said.entry(code.clone()).or_default().insert(text);
    }
    said
}

/// Codes of which other things are said, those with the same difference together.
fn compare(section: Section, before: &Said, after: &Said) -> Vec<Change> {
    let nothing = BTreeSet::new();
    let mut groups: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let codes: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for code in codes {
        let (old, new) = (before.get(code).unwrap_or(&nothing), after.get(code).unwrap_or(&nothing));
        let join = |texts: std::collections::btree_set::Difference<'_, String>| {
            texts.map(String::as_str).collect::<Vec<_>>().join(", ")
        };
        let (lost, won) = (join(old.difference(new)), join(new.difference(old)));
        if lost != won {
            groups.entry((lost, won)).or_default().push(code.clone());
        }
    }
    let change = |((before, after), codes): ((String, String), Vec<String>)| {
        let what = match (before.is_empty(), after.is_empty()) {
            (true, _) => What::Added,
            (_, true) => What::Removed,
            _ => What::Moved,
        };
        Change { section, what, subject: String::new(), before, after, codes }
    };
    groups.into_iter().map(change).collect()
}

#[must_use]
pub fn lists(before: &Definition, after: &Definition) -> Vec<Change> {
    let lists = |definition: &Definition| {
        let lists = definition.lists.iter();
        said(lists.flat_map(|((adrg, list), codes)| codes.iter().map(move |code| (code, format!("{adrg} {list}")))))
    };
    compare(Section::Lists, &lists(before), &lists(after))
}

#[must_use]
pub fn mdc_diagnoses(before: &Definition, after: &Definition) -> Vec<Change> {
    let mdcs = |definition: &Definition| {
        let lists =
            definition.mdcs.iter().flat_map(|mdc| mdc.lists.iter().map(move |(list, codes)| (mdc, list, codes)));
        said(lists.flat_map(|(mdc, list, codes)| codes.iter().map(move |code| (code, format!("{} {list}", mdc.code)))))
    };
    compare(Section::MdcDiagnoses, &mdcs(before), &mdcs(after))
}

#[must_use]
pub fn operations(before: &Definition, after: &Definition) -> Vec<Change> {
    let valid =
        |definition: &Definition| said(definition.valid_procedures.iter().map(|code| (code, "VALID".to_owned())));
    compare(Section::Operations, &valid(before), &valid(after))
}

#[must_use]
pub fn levels(before: &Definition, after: &Definition) -> Vec<Change> {
    let levels = |definition: &Definition| {
        let level = |level: Level| if level == Level::Mcc { "MCC" } else { "CC" };
        said(definition.cc.iter().map(|entry| (&entry.code, level(entry.level).to_owned())))
    };
    changed(compare(Section::Severity, &levels(before), &levels(after)))
}

/// Groups of the codes that are CC or MCC in both.
#[must_use]
pub fn groups(before: &Definition, after: &Definition) -> Vec<Change> {
    let groups = |definition: &Definition, other: &Definition| {
        let common: BTreeSet<&str> = other.cc.iter().map(|entry| entry.code.as_str()).collect();
        let entries = definition.cc.iter().filter(|entry| common.contains(entry.code.as_str()));
        said(entries.map(|entry| (&entry.code, entry.group.clone())))
    };
    changed(compare(Section::ExclusionGroups, &groups(before, after), &groups(after, before)))
}

#[must_use]
pub fn exclusions(before: &Definition, after: &Definition) -> Vec<Change> {
    let exclusions = |definition: &Definition| {
        let pairs = definition.exclusions.iter();
        said(pairs.flat_map(|(pdx, groups)| groups.iter().map(move |group| (pdx, group.clone()))))
    };
    changed(compare(Section::Exclusions, &exclusions(before), &exclusions(after)))
}

/// A level or group is changed, not moved.
fn changed(mut changes: Vec<Change>) -> Vec<Change> {
    for change in changes.iter_mut().filter(|change| change.what == What::Moved) {
        change.what = What::Changed;
    }
    changes
}
