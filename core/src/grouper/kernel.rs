//! The hot loop: a claim's codes → numbers → bitsets → the first rule that holds.

use rayon::prelude::*;

use super::compile::{DX_UNMAPPED, Grouper, INVALID, PROC_UNMAPPED, UNGROUPABLE};
use super::eval::{DIAGNOSES, Facts, LazySeverity, PROCEDURES, Sight, Space, Words};
use super::outcome::Grouped;
use crate::claims::{Sex, Stays, UNKNOWN};
use crate::scheme::{InputCheck, Level, MissingNumber, SeverityScan};
use crate::text;

/// Claims a task takes at a time: small enough to share out evenly, large enough to forget the sharing.
const CHUNK: usize = 16_384;

/// What one thread reuses from claim to claim.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub diagnoses: Vec<u32>,
    pub procedures: Vec<u32>,
    pub words: Words,
}

/// The codes of a claim.
#[derive(Clone, Copy)]
pub(super) struct CaseCodes<'a> {
    pub diagnoses: &'a [text::View],
    pub diagnosis_heap: &'a [u8],
    pub procedures: &'a [text::View],
    pub procedure_heap: &'a [u8],
}

impl Grouper {
    /// Groups a batch of claims: one outcome a claim, in order. With `translate`, clinical-edition codes are first
    /// turned into insurance-edition codes by the scheme's code maps.
    #[must_use]
    pub fn group(&self, stays: &Stays, translate: bool) -> Grouped {
        if translate {
            let translated = self.translate(stays);
            let mut grouped = self.group(&translated.stays, false);
            for (outcome, (dx, proc)) in grouped.outcomes.iter_mut().zip(&translated.unmapped) {
                if *outcome == INVALID {
                    continue;
                }
                if dx.is_some() {
                    *outcome = DX_UNMAPPED;
                } else if proc.is_some() {
                    *outcome = PROC_UNMAPPED;
                }
            }
            return grouped;
        }
        let mut outcomes = vec![UNGROUPABLE; stays.len()];
        outcomes.par_chunks_mut(CHUNK).enumerate().for_each_init(Scratch::default, |scratch, (chunk, outcomes)| {
            for (at, outcome) in outcomes.iter_mut().enumerate() {
                *outcome = self.group_row(stays, chunk * CHUNK + at, scratch);
            }
        });
        Grouped { outcomes }
    }

    fn group_row(&self, stays: &Stays, row: usize, scratch: &mut Scratch) -> u16 {
        if !self.accepts(stays, row) {
            return INVALID;
        }
        let facts = self.facts(stays, row);
        let codes = CaseCodes::of(stays, row);
        let outcome = self.attempt(facts, codes, scratch);
        if outcome != UNGROUPABLE || !self.definition.options.retry_other_procedures {
            return outcome;
        }
        let others = codes.procedures.iter().skip(1).map(std::slice::from_ref);
        let mut retries = others.map(|only| self.attempt(facts, CaseCodes { procedures: only, ..codes }, scratch));
        retries.find(|outcome| *outcome != UNGROUPABLE).unwrap_or(UNGROUPABLE)
    }

    /// The input check of the scheme.
    pub(super) fn accepts(&self, stays: &Stays, row: usize) -> bool {
        let sex_known = matches!(stays.sex[row], Sex::Male | Sex::Female);
        match self.definition.options.input_check {
            InputCheck::SexGiven => stays.sex[row] != Sex::NotGiven,
            InputCheck::SexAndDiagnosis => sex_known && !stays.diagnoses.views(row).is_empty(),
            InputCheck::Full => {
                let (age, days) = (stays.age_years[row], stays.age_days[row]);
                // A weight of 0 passes here, though conditions take it as unknown: that is what published results have.
                let weight_known = stays.birth_weight_g[row] != UNKNOWN;
                sex_known && age != UNKNOWN && (age != 0 || (days != UNKNOWN && (days > 28 || weight_known)))
            }
        }
    }

    /// What conditions may ask of a claim beside its codes.
    pub(super) fn facts<'a>(&self, stays: &'a Stays, row: usize) -> Facts<'a> {
        let missing = match self.definition.options.missing_number {
            MissingNumber::Unknown => UNKNOWN,
            MissingNumber::Zero => 0,
        };
        Facts { stays, row, missing }
    }

    /// One walk through MDCs, rules and DRGs.
    fn attempt(&self, facts: Facts<'_>, codes: CaseCodes<'_>, scratch: &mut Scratch) -> u16 {
        self.look_up(codes, scratch);
        let Scratch { diagnoses, procedures, words } = scratch;
        let find_severity = || self.severity_of(diagnoses);
        let severity = &LazySeverity::new(&find_severity);
        for (at, mdc) in self.mdcs.iter().enumerate() {
            // The condition of an MDC asks for no list of an ADRG, so the words of an earlier MDC do no harm here.
            if !mdc.gate.is_open(words) || !(Sight { facts, words, severity }).holds(&mdc.condition) {
                continue;
            }
            self.join_local(at, diagnoses, procedures, words);
            let sight = Sight { facts, words, severity };
            for rule in &self.rules[mdc.rules.clone()] {
                if !rule.gate.is_open(words) || !sight.holds(&rule.condition) {
                    continue;
                }
                let drg = rule.drgs.iter().find(|drg| sight.holds(&drg.condition));
                if let Some(outcome) = drg.map(|drg| drg.outcome).or(rule.alone) {
                    return outcome;
                }
            }
        }
        UNGROUPABLE
    }

    /// Numbers and global words of a claim's codes.
    pub(super) fn look_up(&self, codes: CaseCodes<'_>, scratch: &mut Scratch) {
        let Scratch { diagnoses, procedures, words } = scratch;
        let space = Space::Global { width: self.global_width };
        words.reset(space);
        diagnoses.clear();
        procedures.clear();
        words.fill(space, DIAGNOSES, codes.diagnoses.len(), |at, part| {
            let view = &codes.diagnoses[at];
            let number = self.diagnoses.number(view, codes.diagnosis_heap);
            diagnoses.push(number);
            self.diagnoses.join_global(number, view, codes.diagnosis_heap, part);
        });
        words.fill(space, PROCEDURES, codes.procedures.len(), |at, part| {
            let view = &codes.procedures[at];
            let number = self.procedures.number(view, codes.procedure_heap);
            procedures.push(number);
            self.procedures.join_global(number, view, codes.procedure_heap, part);
        });
    }

    /// The words of a claim's codes for one MDC.
    pub(super) fn join_local(&self, mdc: usize, diagnoses: &[u32], procedures: &[u32], words: &mut Words) {
        let space = Space::Local { width: self.mdcs[mdc].width, global_width: self.global_width };
        words.reset(space);
        words.fill(space, DIAGNOSES, diagnoses.len(), |at, part| {
            self.diagnoses.join_local(diagnoses[at], mdc as u16, part);
        });
        words.fill(space, PROCEDURES, procedures.len(), |at, part| {
            self.procedures.join_local(procedures[at], mdc as u16, part);
        });
    }

    /// Whether a claim has an MCC, and whether it has a CC, that is not excluded.
    pub(super) fn severity_of(&self, diagnoses: &[u32]) -> (bool, bool) {
        let Some((&principal, others)) = diagnoses.split_first() else { return (false, false) };
        let scanned = match self.definition.options.severity_scan {
            SeverityScan::All if !others.is_empty() => diagnoses,
            _ => others,
        };
        let mut found = (false, false);
        for &number in scanned {
            for (level, group) in self.diagnoses.severities(number) {
                if self.excludes(principal, group) {
                    continue;
                }
                match level {
                    Level::Mcc => found.0 = true,
                    Level::Cc => found.1 = true,
                }
            }
        }
        found
    }

    /// Whether a principal diagnosis excludes the CC/MCC of a group.
    pub(super) fn excludes(&self, principal: u32, group: u32) -> bool {
        self.definition.options.cc_exclusion && group != 0 && self.diagnoses.excludes(principal, group)
    }
}

impl<'a> CaseCodes<'a> {
    pub fn of(stays: &'a Stays, row: usize) -> CaseCodes<'a> {
        CaseCodes {
            diagnoses: stays.diagnoses.views(row),
            diagnosis_heap: stays.diagnoses.heap(),
            procedures: stays.procedures.views(row),
            procedure_heap: stays.procedures.heap(),
        }
    }
}
