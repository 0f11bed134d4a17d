//! Cases of an ADRG that none of its DRGs takes.

use super::Checked;
use super::places::Places;
use crate::problem::Problems;
use crate::problem::catalogue::scheme as codes;
use crate::scheme::condition::{Atom, NumberField};
use crate::scheme::reach::Search;
use crate::scheme::{NoDrg, RuleKind};

/// The severities a case can have, with the demand on MCC and on CC.
const SEVERITIES: [(&str, [Option<bool>; 2]); 3] = [
    ("mcc", [Some(true), None]),
    ("not mcc and cc", [Some(false), Some(true)]),
    ("not mcc and not cc", [Some(false), Some(false)]),
];

#[must_use]
pub fn check(search: &Search<'_>, places: &Places<'_>, checked: &Checked) -> Problems {
    let definition = search.definition();
    let mut problems = Problems::new();
    let mut told = std::collections::BTreeSet::new();
    for (at, rule) in definition.rules.iter().enumerate() {
        let reached = !checked.unreachable_rules.contains(&(rule.adrg.clone(), rule.line));
        let drgs: Vec<_> = definition.drgs_of(&rule.adrg).collect();
        if rule.kind == RuleKind::Ambiguous || !reached || drgs.is_empty() {
            continue;
        }
        let asked: Vec<&Atom> = drgs.iter().flat_map(|drg| drg.condition.atoms()).collect();
        let by_severity = asked.iter().any(|atom| matches!(atom, Atom::Mcc | Atom::Cc));
        let numbers: Vec<NumberField> = asked
            .iter()
            .filter_map(|atom| match atom {
                Atom::Number(field, ..) => Some(*field),
                _ => None,
            })
            .collect();
        let severities = if by_severity { &SEVERITIES[..] } else { &[("", [None, None])][..] };
        for (severity, demand) in severities {
            let Some(witness) = search.left_over(at, *demand) else { continue };
            let mut cases = witness.numbers(search.universe(), &numbers);
            cases.extend((!severity.is_empty()).then(|| (*severity).to_owned()));
            let cases = if cases.is_empty() { witness.words(search.universe()) } else { cases.join(" and ") };
            if !told.insert((rule.adrg.clone(), cases.clone(), rule.no_drg == NoDrg::Next)) {
                continue;
            }
            let problem = match rule.no_drg {
                NoDrg::Adrg => {
                    let bare: String = rule.adrg.chars().take(3).collect();
                    places.rule(&codes::MISSING_LEAF_BARE, rule).with("result", bare)
                }
                NoDrg::Next => places.rule(&codes::MISSING_LEAF_NEXT, rule),
            };
            problems.push(problem.column("no_drg").with("adrg", &rule.adrg).with("cases", cases));
        }
    }
    problems
}
