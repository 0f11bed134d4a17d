//! The scheme with every rule made an ADRG of its own, so that the engine's result tells which rule took a claim.

use std::collections::BTreeMap;

use crate::claims::Stays;
use crate::grouper::Grouper;
use crate::scheme::condition::{Atom, Codes};
use crate::scheme::{AdrgRule, Definition, Drg};

/// The rule that took a claim and the DRG it got there; no DRG: the bare ADRG code, or "ambiguous".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Taken {
    /// Place in [`Definition::rules`].
    pub rule: usize,
    /// Place in [`Definition::drgs`].
    pub drg: Option<usize>,
}

pub struct Probe {
    grouper: Grouper,
    /// By outcome; `None` for claims that no rule takes.
    taken: Vec<Option<Taken>>,
}

impl Probe {
    #[must_use]
    pub fn new(definition: &Definition) -> Probe {
        let mut places: BTreeMap<String, Taken> = BTreeMap::new();
        let (mut rules, mut drgs, mut lists) = (Vec::new(), Vec::new(), BTreeMap::new());
        for (rule, found) in definition.rules.iter().enumerate() {
            let adrg = name(rule);
            places.insert(adrg.clone(), Taken { rule, drg: None });
            let of_adrg = definition.drgs.iter().enumerate().filter(|(_, drg)| drg.adrg == found.adrg);
            for (drg, known) in of_adrg {
                let code = format!("{adrg}{drg}");
                places.insert(code.clone(), Taken { rule, drg: Some(drg) });
                drgs.push(Drg { code, adrg: adrg.clone(), ..known.clone() });
                lists.extend(lists_of(definition, &known.condition, &found.adrg, &adrg));
            }
            lists.extend(lists_of(definition, &found.condition, &found.adrg, &adrg));
            rules.push(AdrgRule { adrg, ..found.clone() });
        }
        let probe = Definition {
            rules,
            drgs,
            lists,
            diagnosis_names: BTreeMap::new(),
            procedure_names: BTreeMap::new(),
            diagnosis_map: BTreeMap::new(),
            procedure_map: BTreeMap::new(),
            weights: None,
            ..definition.clone()
        };
        let grouper = Grouper::new(probe);
        let taken = grouper.outcomes().iter().map(|outcome| places.get(&outcome.drg).copied()).collect();
        Probe { grouper, taken }
    }

    /// Who takes each claim.
    #[must_use]
    pub fn group(&self, stays: &Stays) -> Vec<Option<Taken>> {
        let outcomes = self.grouper.group(stays, false).outcomes;
        outcomes.into_iter().map(|outcome| self.taken[usize::from(outcome)]).collect()
    }
}

/// A code of one character for a rule, since the bare code of an ADRG is its first three characters. Characters for
/// private use: no code of a scheme has them.
fn name(rule: usize) -> String {
    let character = u32::try_from(rule).ok().and_then(|rule| char::from_u32(0xF_0000 + rule));
    character.expect("Invariant: a scheme holds at most 30,000 rules").to_string()
}

/// The lists that a condition names, under the name of the probe's ADRG.
fn lists_of(
    definition: &Definition,
    condition: &crate::scheme::condition::Condition,
    adrg: &str,
    to: &str,
) -> Vec<((String, String), Vec<String>)> {
    let lists = condition.atoms().into_iter().filter_map(|atom| match atom {
        Atom::Codes(_, Codes::List(list)) => {
            Some(((to.to_owned(), list.clone()), definition.list(adrg, list)?.to_vec()))
        }
        _ => None,
    });
    lists.collect()
}
