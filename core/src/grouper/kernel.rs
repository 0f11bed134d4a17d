//! The hot loop: a claim's codes → numbers → bitsets → the first rule that holds.

use std::cell::Cell;

use rayon::prelude::*;

use super::compile::{DX_UNMAPPED, Grouper, INVALID, PROC_UNMAPPED, UNGROUPABLE};
use super::eval::{Facts, MAIN_PROCEDURE, OTHER_DIAGNOSES, OTHER_PROCEDURES, PRINCIPAL, View, Words};
use super::outcome::Grouped;
use crate::claims::{Sex, Stays, UNKNOWN};
use crate::scheme::condition::NumberField;
use crate::scheme::{InputCheck, Level, MissingNumber, SeverityScan};
use crate::text;

/// Claims a task takes at a time: small enough to share out evenly, large enough to forget the sharing.
const CHUNK: usize = 16_384;

/// What one thread reuses from claim to claim.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub diagnoses: Vec<u32>,
    pub procedures: Vec<u32>,
    pub global: Words,
    pub local: Words,
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
        let outcome = self.attempt(&facts, codes, scratch);
        if outcome != UNGROUPABLE || !self.definition.options.retry_other_procedures {
            return outcome;
        }
        let others = codes.procedures.iter().skip(1).map(std::slice::from_ref);
        let mut retries = others.map(|only| self.attempt(&facts, CaseCodes { procedures: only, ..codes }, scratch));
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
        let given = |number: i32| if number == UNKNOWN { missing } else { number };
        // A weight of 0 is how some systems write "not weighed".
        let weight = |grams: i32| if grams == 0 || grams == UNKNOWN { missing } else { grams };
        let mut numbers = [missing; NumberField::WORDS.len()];
        let mut put = |field: NumberField, value: i32| numbers[field as usize] = value;
        put(NumberField::AgeYears, given(stays.age_years[row]));
        put(NumberField::AgeDays, given(stays.age_days[row]));
        put(NumberField::BirthWeightG, weight(stays.birth_weight_g[row]));
        put(NumberField::AdmissionWeightG, weight(stays.admission_weight_g[row]));
        put(NumberField::LosDays, given(stays.los_days[row]));
        put(NumberField::IcuHours, given(stays.icu_hours[row]));
        put(NumberField::VentHours, given(stays.vent_hours[row]));
        put(NumberField::DiagnosisCount, stays.diagnoses.views(row).len() as i32);
        put(NumberField::ProcedureCount, stays.procedures.views(row).len() as i32);
        Facts {
            sex: stays.sex[row],
            icu: stays.icu[row] == 1,
            numbers,
            texts: [stays.department.get(row), stays.discharge_way.get(row), stays.med_type.get(row)],
        }
    }

    /// One walk through MDCs, rules and DRGs.
    fn attempt(&self, facts: &Facts<'_>, codes: CaseCodes<'_>, scratch: &mut Scratch) -> u16 {
        self.look_up(codes, scratch);
        let Scratch { diagnoses, procedures, global, local } = scratch;
        let severity = || self.severity_of(diagnoses);
        let found_severity = &Cell::new(None);
        for (at, mdc) in self.mdcs.iter().enumerate() {
            // The condition of an MDC asks for no list of an ADRG, so what `local` holds does not matter yet.
            let view = View { facts, global, local, severity: &severity, found_severity };
            if !view.holds(&mdc.condition) {
                continue;
            }
            self.join_local(at, diagnoses, procedures, local);
            let view = View { facts, global, local, severity: &severity, found_severity };
            for rule in &self.rules[mdc.rules.clone()] {
                if !view.holds(&rule.condition) {
                    continue;
                }
                let drg = rule.drgs.iter().find(|(condition, ..)| view.holds(condition));
                if let Some(outcome) = drg.map(|(_, outcome, _)| *outcome).or(rule.alone) {
                    return outcome;
                }
            }
        }
        UNGROUPABLE
    }

    /// Numbers and global words of a claim's codes.
    pub(super) fn look_up(&self, codes: CaseCodes<'_>, scratch: &mut Scratch) {
        scratch.global.reset(self.global_width);
        scratch.diagnoses.clear();
        scratch.procedures.clear();
        for (at, view) in codes.diagnoses.iter().enumerate() {
            let number = self.diagnoses.number(view, codes.diagnosis_heap);
            scratch.diagnoses.push(number);
            let part = scratch.global.part(if at == 0 { PRINCIPAL } else { OTHER_DIAGNOSES });
            self.diagnoses.join_global(number, view, codes.diagnosis_heap, part);
        }
        for (at, view) in codes.procedures.iter().enumerate() {
            let number = self.procedures.number(view, codes.procedure_heap);
            scratch.procedures.push(number);
            let part = scratch.global.part(if at == 0 { MAIN_PROCEDURE } else { OTHER_PROCEDURES });
            self.procedures.join_global(number, view, codes.procedure_heap, part);
        }
    }

    /// The words of a claim's codes for one MDC.
    pub(super) fn join_local(&self, mdc: usize, diagnoses: &[u32], procedures: &[u32], local: &mut Words) {
        local.reset(self.mdcs[mdc].width);
        for (at, number) in diagnoses.iter().enumerate() {
            let part = local.part(if at == 0 { PRINCIPAL } else { OTHER_DIAGNOSES });
            self.diagnoses.join_local(*number, mdc as u16, part);
        }
        for (at, number) in procedures.iter().enumerate() {
            let part = local.part(if at == 0 { MAIN_PROCEDURE } else { OTHER_PROCEDURES });
            self.procedures.join_local(*number, mdc as u16, part);
        }
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
            for (level, group) in &self.severity.entries[number as usize] {
                if self.excludes(principal, *group) {
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
        self.definition.options.cc_exclusion
            && group != 0
            && self.severity.excluded[principal as usize].contains(&group)
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
