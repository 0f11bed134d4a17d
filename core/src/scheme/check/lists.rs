//! Lists that no condition names.

use std::collections::BTreeSet;

use super::places::Places;
use crate::problem::Problems;
use crate::problem::catalogue::scheme as codes;
use crate::scheme::Definition;
use crate::scheme::condition::{Atom, Codes};

#[must_use]
pub fn check(definition: &Definition, places: &Places<'_>) -> Problems {
    let rules = definition.rules.iter().map(|rule| (rule.adrg.as_str(), &rule.condition));
    let drgs = definition.drgs.iter().map(|drg| (drg.adrg.as_str(), &drg.condition));
    let mut used = BTreeSet::new();
    for (adrg, condition) in rules.chain(drgs) {
        for atom in condition.atoms() {
            if let Atom::Codes(_, Codes::List(list)) = atom {
                used.insert((adrg, list.as_str()));
            }
        }
    }
    let unused = definition.lists.iter().filter(|((adrg, list), _)| !used.contains(&(adrg.as_str(), list.as_str())));
    let problems = unused.map(|((adrg, list), listed)| {
        let problem = places.code(&codes::UNUSED_LIST, adrg, list, listed.first().map_or("", String::as_str));
        problem.column("list").with("adrg", adrg).with("list", list)
    });
    Problems(problems.collect())
}
