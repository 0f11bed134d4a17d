//! MDCs, rules and DRGs: added, removed, changed, tried in another order.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Section, What};
use super::order::moved;
use crate::scheme::{AdrgRule, Definition, Drg, NoDrg, RuleKind};

#[must_use]
pub fn mdcs(before: &Definition, after: &Definition) -> Vec<Change> {
    let old: Vec<&str> = before.mdcs.iter().map(|mdc| mdc.code.as_str()).collect();
    let new: Vec<&str> = after.mdcs.iter().map(|mdc| mdc.code.as_str()).collect();
    let condition = |definition: &Definition, code: &str| {
        let mdc = definition.mdcs.iter().find(|mdc| mdc.code == code);
        mdc.map_or_else(String::new, |mdc| mdc.condition.to_string())
    };
    let codes: BTreeSet<&str> = old.iter().chain(&new).copied().collect();
    let of_code = |code: &&str| Change::of(Section::Mdcs, code, &condition(before, code), &condition(after, code));
    let mut changes: Vec<Change> = codes.iter().filter_map(of_code).collect();
    changes.extend(reordered(Section::Mdcs, "", &old, &new));
    changes
}

/// A rule and the one it is compared with.
type Pair<'a> = (Option<&'a AdrgRule>, Option<&'a AdrgRule>);

#[must_use]
pub fn rules(before: &Definition, after: &Definition) -> Vec<Change> {
    let adrgs: BTreeSet<&str> = before.rules.iter().chain(&after.rules).map(|rule| rule.adrg.as_str()).collect();
    let mut changes = Vec::new();
    let mut names: BTreeMap<(bool, u64), String> = BTreeMap::new();
    for adrg in adrgs {
        let pairs = paired(before, after, adrg);
        for (number, (old, new)) in pairs.iter().enumerate() {
            let subject = if pairs.len() == 1 { adrg.to_owned() } else { format!("{adrg} #{}", number + 1) };
            names.extend(old.map(|rule| ((false, rule.line), subject.clone())));
            names.extend(new.map(|rule| ((true, rule.line), subject.clone())));
            let text = |definition: &Definition, rule: &Option<&AdrgRule>| {
                rule.map_or_else(String::new, |rule| rule_text(definition, rule))
            };
            changes.extend(Change::of(Section::Rules, &subject, &text(before, old), &text(after, new)));
        }
    }
    let codes: BTreeSet<&str> = before.mdcs.iter().chain(&after.mdcs).map(|mdc| mdc.code.as_str()).collect();
    for mdc in codes {
        let of_mdc = |definition: &Definition, is_new: bool| -> Vec<String> {
            let rules = definition.rules.iter().filter(|rule| definition.mdcs[rule.mdc].code == mdc);
            rules.filter_map(|rule| names.get(&(is_new, rule.line)).cloned()).collect()
        };
        let (old, new) = (of_mdc(before, false), of_mdc(after, true));
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let new: Vec<&str> = new.iter().map(String::as_str).collect();
        changes.extend(reordered(Section::Rules, mdc, &old, &new));
    }
    changes
}

/// Rules of an ADRG with their counterparts: equal ones first, then the others in their order.
fn paired<'a>(before: &'a Definition, after: &'a Definition, adrg: &'a str) -> Vec<Pair<'a>> {
    let old: Vec<&AdrgRule> = before.rules_of(adrg).collect();
    let mut new: Vec<&AdrgRule> = after.rules_of(adrg).collect();
    let mut pairs: Vec<Pair<'_>> = old.iter().map(|rule| (Some(*rule), None)).collect();
    for (rule, pair) in old.iter().zip(&mut pairs) {
        let text = rule_text(before, rule);
        if let Some(at) = new.iter().position(|other| rule_text(after, other) == text) {
            pair.1 = Some(new.remove(at));
        }
    }
    for pair in pairs.iter_mut().filter(|pair| pair.1.is_none()) {
        pair.1 = (!new.is_empty()).then(|| new.remove(0));
    }
    pairs.extend(new.into_iter().map(|rule| (None, Some(rule))));
    pairs
}

/// All of a rule that changes results.
fn rule_text(definition: &Definition, rule: &AdrgRule) -> String {
    let care = match rule.kind {
        RuleKind::Surgical => "surgical",
        RuleKind::Procedure => "procedure",
        RuleKind::Medical => "medical",
        RuleKind::Ambiguous => "ambiguous",
    };
    let no_drg = match (rule.kind, rule.no_drg) {
        (RuleKind::Ambiguous, _) => "",
        (_, NoDrg::Adrg) => ", no_drg adrg",
        (_, NoDrg::Next) => ", no_drg next",
    };
    format!("{} [{}, {care}{no_drg}]", rule.condition, definition.mdcs[rule.mdc].code)
}

#[must_use]
pub fn drgs(before: &Definition, after: &Definition) -> Vec<Change> {
    let find = |definition: &'_ Definition, code: &str| -> String {
        let drg = definition.drgs.iter().find(|drg| drg.code == code);
        drg.map_or_else(String::new, |drg: &Drg| format!("{} [{}]", drg.condition, drg.adrg))
    };
    let codes: BTreeSet<&str> = before.drgs.iter().chain(&after.drgs).map(|drg| drg.code.as_str()).collect();
    let of_code = |code: &&str| Change::of(Section::Drgs, code, &find(before, code), &find(after, code));
    let mut changes: Vec<Change> = codes.iter().filter_map(of_code).collect();
    let adrgs: BTreeSet<&str> = before.drgs.iter().chain(&after.drgs).map(|drg| drg.adrg.as_str()).collect();
    for adrg in adrgs {
        let old: Vec<&str> = before.drgs_of(adrg).map(|drg| drg.code.as_str()).collect();
        let new: Vec<&str> = after.drgs_of(adrg).map(|drg| drg.code.as_str()).collect();
        changes.extend(reordered(Section::Drgs, adrg, &old, &new));
    }
    changes
}

/// Things of both sequences that are tried in another order. Places are counted among the common ones, from 1.
fn reordered(section: Section, of: &str, before: &[&str], after: &[&str]) -> Vec<Change> {
    let old: Vec<&str> = before.iter().copied().filter(|name| after.contains(name)).collect();
    let new: Vec<&str> = after.iter().copied().filter(|name| before.contains(name)).collect();
    let places: Vec<usize> = old.iter().filter_map(|name| new.iter().position(|other| other == name)).collect();
    let place = |at: usize| format!("{of} #{}", at + 1).trim_start().to_owned();
    let moves = moved(&places).into_iter().enumerate().filter(|(_, moved)| *moved).map(|(at, _)| Change {
        section,
        what: What::Moved,
        subject: old[at].to_owned(),
        before: place(at),
        after: place(places[at]),
        codes: Vec::new(),
    });
    moves.collect()
}
