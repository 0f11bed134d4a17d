//! The walk, written down.

use std::cell::OnceCell;
use std::sync::Arc;

use super::nearest;
use super::steps::{Attempt, DrgStep, Ending, Finding, MdcStep, RuleStep, SeverityStep, Trace, Translation};
use crate::claims::{Sex, Stays, UNKNOWN};
use crate::grouper::codes::Slot;
use crate::grouper::compile::{Grouper, UNGROUPABLE};
use crate::grouper::eval::{Facts, Gate, LazySeverity, Node, Rest, Sight, Test, Words};
use crate::grouper::kernel::{CaseCodes, Found, meant};
use crate::scheme::condition::{Atom, Codes, Ref};
use crate::scheme::{InputCheck, Level, RuleKind, SeverityScan};

impl Grouper {
    /// Explains the group of one claim. `translate` as in [`Grouper::group`].
    #[must_use]
    pub fn explain(&self, stays: &Stays, row: usize, translate: bool) -> Trace {
        let (mut trace, one) = self.walked(stays, row, translate);
        if trace.refused_for.is_none() {
            trace.nearest = self.nearest(&one, &trace.outcome);
        }
        trace
    }

    /// The same without a search for other groups, which costs more than the walk.
    #[must_use]
    pub fn trace(&self, stays: &Stays, row: usize, translate: bool) -> Trace {
        self.walked(stays, row, translate).0
    }

    /// The walk of a claim, and the claim as it was grouped.
    fn walked(&self, stays: &Stays, row: usize, translate: bool) -> (Trace, Stays) {
        let one = nearest::one_row(stays, row);
        let outcome = self.group(&one, translate).outcomes[0];
        let (translations, one) = if translate { self.translations(&one) } else { (Vec::new(), one) };
        let texts = |list: &crate::text::TextList| list.get(0).map(str::to_owned).collect::<Vec<_>>();
        let mut trace = Trace {
            setl_id: one.setl_id.get(0).to_owned(),
            scheme: self.definition.options.name.clone(),
            outcome: self.outcomes()[usize::from(outcome)].clone(),
            name: String::new(),
            diagnoses: texts(&one.diagnoses),
            procedures: texts(&one.procedures),
            translations,
            refused_for: None,
            attempts: Vec::new(),
            severity: self.severity_steps(&one),
            nearest: Vec::new(),
        };
        self.names[usize::from(outcome)].clone_into(&mut trace.name);
        if !self.accepts(&one, 0) {
            trace.refused_for = Some(self.refused_for(&one));
            return (trace, one);
        }
        let facts = self.facts(&one, 0);
        let codes = CaseCodes::of(&one, 0);
        let (first, found) = self.attempt_steps(facts, codes, None);
        trace.attempts.push(first);
        if found == UNGROUPABLE && self.definition.options.retry_other_procedures {
            for (view, text) in codes.procedures.iter().zip(one.procedures.get(0)).skip(1) {
                let only = CaseCodes { procedures: std::slice::from_ref(view), ..codes };
                let (attempt, found) = self.attempt_steps(facts, only, Some(text.to_owned()));
                trace.attempts.push(attempt);
                if found != UNGROUPABLE {
                    break;
                }
            }
        }
        (trace, one)
    }

    fn translations(&self, one: &Stays) -> (Vec<Translation>, Stays) {
        let translated = self.translate(one);
        let (no_diagnosis, no_procedure) = &translated.unmapped[0];
        let before = one.diagnoses.get(0).chain(one.procedures.get(0));
        let after = translated.stays.diagnoses.get(0).chain(translated.stays.procedures.get(0));
        let missing = [no_diagnosis.as_deref(), no_procedure.as_deref()];
        let changes = before.zip(after).filter_map(|(from, to)| {
            let unmapped = from == to && missing.contains(&Some(from));
            let to = (!unmapped).then(|| to.to_owned());
            (unmapped || to.as_deref() != Some(from)).then(|| Translation { from: from.to_owned(), to })
        });
        (changes.collect(), translated.stays.clone())
    }

    /// The NHSA name of the field that the input check found missing or wrong.
    fn refused_for(&self, one: &Stays) -> &'static str {
        let sex_known = matches!(one.sex[0], Sex::Male | Sex::Female);
        match self.definition.options.input_check {
            InputCheck::SexGiven => "gend",
            _ if !sex_known => "gend",
            InputCheck::SexAndDiagnosis => "diag_codes",
            InputCheck::Full if one.age_years[0] == UNKNOWN => "age",
            InputCheck::Full if one.age_days[0] == UNKNOWN => "nwb_age",
            InputCheck::Full => "nwb_bir_wt",
        }
    }

    fn attempt_steps(&self, facts: Facts<'_>, codes: CaseCodes<'_>, only_procedure: Option<String>) -> (Attempt, u16) {
        let words = &mut Words::new(self.layout);
        let (diagnoses, procedures) = self.look_up(codes);
        let found = Found { diagnoses: &diagnoses, procedures: &procedures };
        let all = Rest { diagnoses: true, procedures: true };
        self.join_first(found, words);
        self.join_rest(found, all, words);
        let find_severity = || self.severity_of(found);
        let severity = &LazySeverity::new(&find_severity);
        let mut attempt = Attempt { only_procedure, mdcs: Vec::with_capacity(self.mdcs.len()) };
        let seen = &Seen::of(codes);
        for (at, plan) in self.mdcs.iter().enumerate() {
            self.join_local_first(at, found, words);
            self.join_local_rest(at, found, all, words);
            let sight = Sight { facts, codes, words, severity };
            let look = Look { grouper: self, sight: &sight, found, seen, mdc: at };
            let opened = sight.holds(&plan.condition);
            let findings = look.findings(&plan.condition, opened);
            let (mdc, name) = (plan.code.clone(), plan.name.clone());
            attempt.mdcs.push(MdcStep { mdc, name, opened, findings, rules: Vec::new() });
            let steps = attempt.mdcs.last_mut().map(|step| &mut step.rules);
            if let (true, Some(steps)) = (opened, steps) {
                for rule in plan.rules.clone() {
                    let (step, outcome) = look.rule(rule);
                    steps.push(step);
                    if let Some(outcome) = outcome {
                        return (attempt, outcome);
                    }
                }
            }
        }
        (attempt, UNGROUPABLE)
    }

    fn severity_steps(&self, one: &Stays) -> Vec<SeverityStep> {
        let numbers: Vec<u32> = one.diagnoses.get(0).map(|code| self.diagnoses.number_of(code)).collect();
        let Some((&principal, others)) = numbers.split_first() else { return Vec::new() };
        let scans_all = self.definition.options.severity_scan == SeverityScan::All && !others.is_empty();
        let scanned = one.diagnoses.get(0).zip(&numbers).skip(usize::from(!scans_all));
        let steps = scanned.flat_map(|(code, number)| {
            self.diagnoses.severities(*number).map(move |(level, group)| SeverityStep {
                code: code.to_owned(),
                level: if level == Level::Mcc { "MCC" } else { "CC" },
                group: self.exclusion_groups[group as usize].clone(),
                excluded: self.excludes(principal, group),
            })
        });
        steps.collect()
    }
}

/// The codes of a claim as texts, by what tests refer to, each made when it is first asked for.
struct Seen<'a> {
    codes: CaseCodes<'a>,
    texts: [[OnceCell<Arc<[String]>>; REACHES]; 2],
    nothing: Arc<[String]>,
}

const REACHES: usize = 3;

impl<'a> Seen<'a> {
    fn of(codes: CaseCodes<'a>) -> Seen<'a> {
        Seen { codes, texts: Default::default(), nothing: Arc::new([]) }
    }

    fn codes(&self, of: Ref) -> Arc<[String]> {
        let find = || {
            let (views, heap) = self.codes.referenced(of);
            let text = |view| String::from_utf8_lossy(crate::text::view_bytes(view, heap)).into_owned();
            views.iter().map(text).collect()
        };
        self.texts[of.kind as usize][of.reach as usize].get_or_init(find).clone()
    }
}

/// A place in the walk from which tests are looked at.
struct Look<'a> {
    grouper: &'a Grouper,
    sight: &'a Sight<'a>,
    found: Found<'a>,
    seen: &'a Seen<'a>,
    mdc: usize,
}

impl<'a> Look<'a> {
    fn rule(&self, at: usize) -> (RuleStep, Option<u16>) {
        let grouper = self.grouper;
        let (rule, plan) = (&grouper.definition.rules[at], &grouper.rules[at]);
        let holds = self.sight.holds(&plan.condition);
        let mut step = RuleStep {
            adrg: plan.adrg.clone(),
            name: plan.name.clone(),
            row: rule.line,
            holds,
            findings: self.findings(&plan.condition, holds),
            drgs: Vec::new(),
            ending: Ending::Failed,
        };
        if !holds {
            return (step, None);
        }
        for plan in &plan.drgs {
            let holds = self.sight.holds(&plan.condition);
            let findings = self.findings(&plan.condition, holds);
            step.drgs.push(DrgStep { drg: plan.code.clone(), name: plan.name.clone(), holds, findings });
            if holds {
                step.ending = Ending::Drg;
                return (step, Some(plan.outcome));
            }
        }
        step.ending = match (rule.kind, plan.alone) {
            (RuleKind::Ambiguous, _) => Ending::Ambiguous,
            (_, Some(_)) => Ending::BareAdrg,
            (_, None) => Ending::Next,
        };
        (step, plan.alone)
    }

    /// The tests that decided a condition: the passed ones of one that holds, the failed ones of one that does not.
    fn findings(&self, node: &Node, holds: bool) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.find(node, holds, &mut findings);
        findings
    }

    fn find(&self, node: &Node, wanted: bool, findings: &mut Vec<Finding>) {
        match node {
            Node::And(nodes) | Node::Or(nodes) => {
                for node in nodes.iter().filter(|node| self.sight.holds(node) == wanted) {
                    self.find(node, wanted, findings);
                }
            }
            Node::Not(node) => self.find(node, !wanted, findings),
            Node::Test(test, atom) => {
                let passed = self.sight.passes(test);
                findings.push(Finding { test: atom.clone(), passed, saw: self.saw(atom, test, passed) });
            }
            Node::Always | Node::Never => {}
        }
    }

    /// The codes or the value a test looked at: the codes that matched when it passed, all of them when it did not.
    fn saw(&self, atom: &Atom, test: &Test, passed: bool) -> Arc<[String]> {
        let facts = &self.sight.facts;
        match (atom, test) {
            (Atom::Codes(of, codes), _) => {
                let looked_at = self.seen.codes(*of);
                if !passed || looked_at.len() < 2 {
                    return looked_at;
                }
                let slots = meant(self.found.of_kind(of.kind), of.reach);
                let matched = slots.iter().zip(looked_at.iter()).filter(|(slot, code)| match (codes, test) {
                    (Codes::StartsWith(prefix), _) => code.starts_with(prefix.as_str()),
                    (_, Test::Bit(gate)) => self.has(*of, *gate, slot),
                    _ => false,
                });
                matched.map(|(_, code)| code.clone()).collect()
            }
            (Atom::Number(field, ..), _) => match facts.number(*field) {
                UNKNOWN => self.seen.nothing.clone(),
                number => Arc::new([number.to_string()]),
            },
            (Atom::Text(field, _), _) => Arc::new([facts.text(*field).to_owned()]),
            (Atom::TraumaRegions(..), Test::Regions { regions, .. }) => {
                Arc::new([regions.count(self.sight.words).to_string()])
            }
            _ => self.seen.nothing.clone(),
        }
    }

    /// Whether a code is in the set of a test.
    fn has(&self, of: Ref, gate: Gate, slot: &Slot) -> bool {
        let table = self.grouper.table(of.kind);
        gate.has(self.grouper.layout, table.global(slot), table.local(slot, self.mdc))
    }
}
