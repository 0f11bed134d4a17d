//! The walk, written down.

use super::nearest;
use super::steps::{Attempt, DrgStep, Ending, Finding, MdcStep, RuleStep, SeverityStep, Trace, Translation};
use crate::claims::{Sex, Stays, UNKNOWN};
use crate::grouper::compile::{Grouper, UNGROUPABLE};
use crate::grouper::eval::{Facts, LazySeverity, Node, Sight, Test};
use crate::grouper::kernel::{CaseCodes, Scratch};
use crate::scheme::condition::{Atom, Codes, Condition, Kind, Reach, Ref};
use crate::scheme::{InputCheck, Level, RuleKind, SeverityScan};

impl Grouper {
    /// Explains the group of one claim. `translate` as in [`Grouper::group`].
    #[must_use]
    pub fn explain(&self, stays: &Stays, row: usize, translate: bool) -> Trace {
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
        let drg = self.definition.drgs.iter().find(|drg| drg.code == trace.outcome.drg);
        trace.name = drg.map(|drg| drg.name.clone()).unwrap_or_default();
        if !self.accepts(&one, 0) {
            trace.refused_for = Some(self.refused_for(&one));
            return trace;
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
        trace.nearest = self.nearest(&one, outcome);
        trace
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
        let mut scratch = Scratch::default();
        self.look_up(codes, &mut scratch);
        let Scratch { diagnoses, procedures, words } = &mut scratch;
        let find_severity = || self.severity_of(diagnoses);
        let severity = &LazySeverity::new(&find_severity);
        let mut attempt = Attempt { only_procedure, mdcs: Vec::new() };
        for (at, plan) in self.mdcs.iter().enumerate() {
            self.join_local(at, diagnoses, procedures, words);
            let sight = Sight { facts, words, severity };
            let look = Look { grouper: self, sight: &sight, codes, adrg: "", mdc: at };
            let mdc = &self.definition.mdcs[at];
            let opened = sight.holds(&plan.condition);
            let findings = look.findings(&mdc.condition, &plan.condition);
            let (mdc, name) = (mdc.code.clone(), mdc.name.clone());
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

/// A place in the walk from which tests are looked at.
struct Look<'a> {
    grouper: &'a Grouper,
    sight: &'a Sight<'a>,
    codes: CaseCodes<'a>,
    adrg: &'a str,
    mdc: usize,
}

impl<'a> Look<'a> {
    fn rule(&self, at: usize) -> (RuleStep, Option<u16>) {
        let grouper = self.grouper;
        let (rule, plan) = (&grouper.definition.rules[at], &grouper.rules[at]);
        let look = Look { adrg: &rule.adrg, ..*self };
        let holds = self.sight.holds(&plan.condition);
        let mut step = RuleStep {
            adrg: rule.adrg.clone(),
            name: rule.name.clone(),
            row: rule.line,
            holds,
            findings: look.findings(&rule.condition, &plan.condition),
            drgs: Vec::new(),
            ending: Ending::Failed,
        };
        if !holds {
            return (step, None);
        }
        for plan in &plan.drgs {
            let drg = &grouper.definition.drgs[plan.place];
            let holds = self.sight.holds(&plan.condition);
            let findings = look.findings(&drg.condition, &plan.condition);
            step.drgs.push(DrgStep { drg: drg.code.clone(), name: drg.name.clone(), holds, findings });
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
    fn findings(&self, condition: &Condition, node: &Node) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.find(condition, node, self.sight.holds(node), &mut findings);
        findings
    }

    fn find(&self, condition: &Condition, node: &Node, wanted: bool, findings: &mut Vec<Finding>) {
        match (condition, node) {
            (Condition::And(conditions) | Condition::Or(conditions), Node::And(nodes) | Node::Or(nodes)) => {
                for (condition, node) in conditions.iter().zip(nodes) {
                    if self.sight.holds(node) == wanted {
                        self.find(condition, node, wanted, findings);
                    }
                }
            }
            (Condition::Not(condition), Node::Not(node)) => self.find(condition, node, !wanted, findings),
            (Condition::Atom(atom), Node::Test(test)) => {
                let passed = self.sight.passes(test);
                findings.push(Finding { test: atom.clone(), passed, saw: self.saw(atom, node, passed) });
            }
            _ => {}
        }
    }

    /// The codes or the value a test looked at: the codes that matched when it passed, all of them when it did not.
    fn saw(&self, atom: &Atom, node: &Node, passed: bool) -> Vec<String> {
        let facts = &self.sight.facts;
        match (atom, node) {
            (Atom::Codes(of, codes), _) => {
                let looked_at = self.referenced(*of);
                if passed {
                    looked_at.into_iter().filter(|code| self.contains(codes, code)).collect()
                } else {
                    looked_at
                }
            }
            (Atom::Number(field, ..), _) => match facts.number(*field) {
                UNKNOWN => Vec::new(),
                number => vec![number.to_string()],
            },
            (Atom::Text(field, _), _) => vec![facts.text(*field).to_owned()],
            (Atom::TraumaRegions(..), Node::Test(Test::Regions { regions, .. })) => {
                vec![regions.count(self.sight.words).to_string()]
            }
            _ => Vec::new(),
        }
    }

    fn referenced(&self, of: Ref) -> Vec<String> {
        let (views, heap) = match of.kind {
            Kind::Diagnosis => (self.codes.diagnoses, self.codes.diagnosis_heap),
            Kind::Procedure => (self.codes.procedures, self.codes.procedure_heap),
        };
        let range = match of.reach {
            Reach::First => 0..views.len().min(1),
            Reach::Others => views.len().min(1)..views.len(),
            Reach::Any => 0..views.len(),
        };
        let text = |view| String::from_utf8_lossy(crate::text::view_bytes(view, heap)).into_owned();
        views[range].iter().map(text).collect()
    }

    fn contains(&self, codes: &Codes, code: &str) -> bool {
        let definition = &self.grouper.definition;
        let among = |codes: &[String]| codes.iter().any(|known| known == code);
        match codes {
            Codes::List(list) => definition.list(self.adrg, list).is_some_and(among),
            Codes::Mdc => definition.mdcs[self.mdc].lists.values().any(|codes| among(codes)),
            Codes::Valid => among(&definition.valid_procedures),
            Codes::These(codes) => among(codes),
            Codes::StartsWith(prefix) => code.starts_with(prefix.as_str()),
        }
    }
}
