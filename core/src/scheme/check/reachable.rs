//! Rules that take no claim, DRGs that no claim gets to, and why.

use super::Checked;
use super::places::{Places, few, rule_name};
use crate::problem::catalogue::scheme as codes;
use crate::problem::{Entry, Problem};
use crate::scheme::condition::{Atom, Codes, Condition, Kind, Reach, Ref};
use crate::scheme::reach::{Dim, Search, Why};
use crate::scheme::{Definition, Level, RuleKind};

pub fn check(search: &mut Search<'_>, places: &Places<'_>, checked: &mut Checked) {
    let definition = search.definition();
    let mut failed: Vec<Option<Why>> = Vec::new();
    for (at, rule) in definition.rules.iter().enumerate() {
        let why = search.rule(at).err();
        if let Some(why) = &why {
            checked.unreachable_rules.push((rule.adrg.clone(), rule.line));
            let report = Report { search, rule: at, condition: &rule.condition };
            let what = format!("ADRG {}", rule_name(rule));
            checked.problems.push(report.problem(why, &what, |entry| places.rule(entry, rule)));
        }
        failed.push(why);
    }
    for (at, drg) in definition.drgs.iter().enumerate() {
        let rules = definition.rules.iter().enumerate();
        let takes = |rule: &crate::scheme::AdrgRule| rule.adrg == drg.adrg && rule.kind != RuleKind::Ambiguous;
        let of_adrg: Vec<usize> = rules.filter(|(_, rule)| takes(rule)).map(|(at, _)| at).collect();
        let Some(&first) = of_adrg.first() else { continue };
        let mut reason = None;
        for rule in of_adrg {
            let why = match &failed[rule] {
                Some(why) => Some(why.clone()),
                None => search.drg(rule, at).err(),
            };
            match why {
                None => {
                    reason = None;
                    break;
                }
                // What a DRG itself forbids says more than what befalls one of its rules.
                Some(why) if reason.is_none() || failed[rule].is_none() => reason = Some((rule, why)),
                Some(_) => {}
            }
        }
        if let Some((rule, why)) = reason {
            checked.unreachable_drgs.push(drg.code.clone());
            let condition = if failed[rule].is_some() { &definition.rules[first].condition } else { &drg.condition };
            let report = Report { search, rule, condition };
            let what = format!("DRG {}", drg.code);
            checked.problems.push(report.problem(&why, &what, |entry| places.drg(entry, drg)));
        }
    }
}

/// A reason being put into words.
struct Report<'a, 'b> {
    search: &'a Search<'b>,
    rule: usize,
    condition: &'a Condition,
}

impl Report<'_, '_> {
    fn problem(&self, why: &Why, what: &str, at: impl Fn(&'static Entry) -> Problem) -> Problem {
        let definition = self.search.definition();
        let rule = &definition.rules[self.rule];
        let mdc = &definition.mdcs[rule.mdc];
        let rules = |rules: &[usize]| few(rules.iter().map(|at| rule_name(&definition.rules[*at])));
        let problem = match why {
            Why::Contradiction => at(&codes::NEVER_HOLDS).with("condition", self.condition),
            Why::MdcNever => at(&codes::NEVER_HOLDS).with("condition", format!("{}: {}", mdc.code, mdc.condition)),
            Why::OutsideMdc => match self.codes_outside() {
                Some((list, example)) => at(&codes::CODES_OUTSIDE_MDC)
                    .with("list", list)
                    .with("example", example)
                    .with("mdc", &mdc.code)
                    .with("required", &mdc.condition),
                None => at(&codes::CONTRADICTS)
                    .with("condition", self.condition)
                    .with("other", &mdc.code)
                    .with("required", &mdc.condition),
            },
            Why::OutsideRule => at(&codes::CONTRADICTS)
                .with("condition", self.condition)
                .with("other", rule_name(rule))
                .with("required", &rule.condition),
            Why::AfterAlways(first) => at(&codes::AFTER_ALWAYS).with("first", &definition.drgs[*first].code),
            Why::TakenByDrgs(drgs) => {
                let names = few(drgs.iter().map(|at| definition.drgs[*at].code.clone()));
                at(&codes::TAKEN_BY_DRGS).with("drgs", names)
            }
            Why::PrincipalCounts(level) => {
                at(&codes::PRINCIPAL_COUNTS).with("level", if *level == Level::Mcc { "MCC" } else { "CC" })
            }
            Why::NoSuchClaim => at(&codes::NO_SUCH_CLAIM),
            Why::TakenByRules(takers) => at(&codes::TAKEN_FIRST).with("rules", rules(takers)),
            Why::NotFound(tried, takers) => at(&codes::NOT_FOUND).with("tried", tried).with("rules", rules(takers)),
        };
        problem.with("what", what)
    }

    /// A list of the rule none of whose codes opens the MDC, and one of its codes.
    fn codes_outside(&self) -> Option<(String, String)> {
        let definition: &Definition = self.search.definition();
        let rule = &definition.rules[self.rule];
        let universe = self.search.universe();
        for (kind, place) in [(Kind::Diagnosis, Dim::Principal), (Kind::Procedure, Dim::MainProcedure)] {
            let opens = self.search.opens(rule.mdc, place);
            for atom in rule.condition.atoms() {
                let Atom::Codes(Ref { kind: of, reach: Reach::First }, codes) = atom else { continue };
                let Codes::List(list) = codes else { continue };
                if *of == kind && !universe.resolve(kind, codes, &rule.adrg, rule.mdc).meets(&opens) {
                    let example = definition.list(&rule.adrg, list)?.first()?;
                    return Some((list.clone(), example.clone()));
                }
            }
        }
        None
    }
}
