//! Codes that cannot trigger their rule, and codes that two rules of an MDC claim.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::places::{Places, rule_name};
use crate::problem::catalogue::scheme as codes;
use crate::problem::{Problem, Problems};
use crate::scheme::condition::{Atom, Codes, Condition, Kind, Reach};
use crate::scheme::reach::{Bits, Dim, Search};

#[must_use]
pub fn check(search: &Search<'_>, places: &Places<'_>) -> Problems {
    let mut problems = outside_mdc(search, places);
    for kind in [Kind::Diagnosis, Kind::Procedure] {
        problems.append(shared_codes(search, places, kind));
    }
    problems
}

/// Codes of a list that is asked for as first code only, but which the MDC does not let in as first code.
fn outside_mdc(search: &Search<'_>, places: &Places<'_>) -> Problems {
    let definition = search.definition();
    let universe = search.universe();
    let mut reaches: BTreeMap<(&str, &str, Kind), BTreeSet<Reach>> = BTreeMap::new();
    let mut mdcs: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for rule in &definition.rules {
        mdcs.entry(&rule.adrg).or_default().insert(rule.mdc);
        let drgs = definition.drgs_of(&rule.adrg).map(|drg| &drg.condition);
        for atom in drgs.chain([&rule.condition]).flat_map(Condition::atoms) {
            if let Atom::Codes(of, Codes::List(list)) = atom {
                reaches.entry((&rule.adrg, list, of.kind)).or_default().insert(of.reach);
            }
        }
    }
    let opens: Vec<[Bits; 2]> = (0..definition.mdcs.len())
        .map(|mdc| [Dim::Principal, Dim::MainProcedure].map(|dim| search.opens(mdc, dim)))
        .collect();
    let mut problems = Problems::new();
    for ((adrg, list, kind), reaches) in reaches {
        let mdcs = &mdcs[adrg];
        let (Some(&mdc), true) = (mdcs.first(), reaches == BTreeSet::from([Reach::First])) else { continue };
        let listed = universe.resolve(kind, &Codes::List(list.to_owned()), adrg, mdc);
        let outside = mdcs.iter().fold((*listed).clone(), |left, mdc| left.minus(&opens[*mdc][kind as usize]));
        let Some(example) = outside.iter().next().map(|at| universe.code(kind, at)) else { continue };
        let problem = places.code(&codes::CODE_NOT_IN_MDC, adrg, list, example);
        let found = &definition.mdcs[mdc];
        problems.push(
            problem
                .with("adrg", adrg)
                .with("list", list)
                .with("count", outside.iter().count())
                .with("example", example)
                .with("mdc", &found.code)
                .with("required", &found.condition)
                .with("place", ["pdx", "main_proc"][kind as usize]),
        );
    }
    problems
}

/// Codes in the lists of two rules of an MDC that one claim can satisfy.
fn shared_codes(search: &Search<'_>, places: &Places<'_>, kind: Kind) -> Problems {
    let definition = search.definition();
    let triggers: Vec<Bits> = (0..definition.rules.len()).map(|rule| triggers(search, rule, kind)).collect();
    let mut problems = Problems::new();
    for (second, rule) in definition.rules.iter().enumerate() {
        let earlier = (0..second).filter(|at| definition.rules[*at].mdc == rule.mdc);
        for first in earlier.filter(|at| definition.rules[*at].adrg != rule.adrg) {
            if triggers[first].meets(&triggers[second]) {
                let shared = triggers[first].and(&triggers[second]);
                problems.0.extend(overlap(search, places, kind, [first, second], shared));
            }
        }
    }
    problems
}

fn overlap(search: &Search<'_>, places: &Places<'_>, kind: Kind, rules: [usize; 2], shared: Bits) -> Option<Problem> {
    let definition = search.definition();
    let universe = search.universe();
    let dim = Dim::first(kind);
    let shared = Arc::new(shared);
    if !search.both_hold(rules, dim, &shared) {
        return None;
    }
    let [first, second] = rules.map(|rule| &definition.rules[rule]);
    let entry = if search.implies(rules[1], rules[0], dim, &shared) {
        &codes::CODES_NEVER_COUNT
    } else if search.implies(rules[0], rules[1], dim, &shared) {
        // The first is the special case and the second the general one: what their order is for.
        return None;
    } else {
        &codes::OVERLAPPING_CODES
    };
    let example = shared.iter().next().map(|at| universe.code(kind, at))?;
    let problem = places.rule(entry, second).with("first", rule_name(first)).with("second", rule_name(second));
    Some(problem.with("count", shared.iter().count()).with("example", example))
}

/// The codes that a rule asks for by name, as first code or as any.
fn triggers(search: &Search<'_>, rule: usize, kind: Kind) -> Bits {
    let universe = search.universe();
    let rule = &search.definition().rules[rule];
    let mut found = Bits::none(universe.limit(kind));
    let mut look = |condition: &Condition| {
        if let Condition::Atom(Atom::Codes(of, codes @ (Codes::List(_) | Codes::These(_)))) = condition
            && of.kind == kind
            && of.reach != Reach::Others
        {
            found = found.or(&universe.resolve(kind, codes, &rule.adrg, rule.mdc));
        }
    };
    positive(&rule.condition, &mut look);
    found
}

/// Walks the parts of a condition that do not stand under `not`.
fn positive(condition: &Condition, look: &mut impl FnMut(&Condition)) {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().for_each(|part| positive(part, look)),
        Condition::Not(_) => {}
        other => look(other),
    }
}
