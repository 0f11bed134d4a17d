//! The hot loop: a claim's codes → numbers → bitsets → the first rule that holds.

use std::ops::Range;

use rayon::prelude::*;

use super::codes::{CodeTable, Slot};
use super::compile::{DX_UNMAPPED, DrgPlan, Grouper, INVALID, MdcPlan, PROC_UNMAPPED, UNGROUPABLE};
use super::eval::{Facts, LazySeverity, Rest, Sight, Space, Words};
use super::outcome::Grouped;
use crate::claims::{Sex, Stays, UNKNOWN};
use crate::scheme::condition::{Kind, Reach, Ref};
use crate::scheme::{InputCheck, Level, MissingNumber, SeverityScan};
use crate::text::{self, Prefix};

/// Claims a task takes at a time: small enough to share out evenly, large enough to forget the sharing.
const CHUNK: usize = 16_384;

/// Claims whose codes are looked up before the rules are walked: the look-ups wait for memory side by side.
const BLOCK: usize = 32;

/// The codes of a claim.
#[derive(Clone, Copy, Debug)]
pub(super) struct CaseCodes<'a> {
    pub diagnoses: &'a [text::View],
    pub diagnosis_heap: &'a [u8],
    pub procedures: &'a [text::View],
    pub procedure_heap: &'a [u8],
}

/// What the scheme knows of the codes of a claim, in their order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'a> {
    pub diagnoses: &'a [Slot],
    pub procedures: &'a [Slot],
}

impl<'a> Found<'a> {
    /// What is known of the principal diagnosis.
    pub fn principal(self) -> Slot {
        self.diagnoses.first().copied().unwrap_or(Slot::UNKNOWN)
    }

    #[inline]
    pub fn of_kind(self, kind: Kind) -> &'a [Slot] {
        match kind {
            Kind::Diagnosis => self.diagnoses,
            Kind::Procedure => self.procedures,
        }
    }
}

/// What a thread works with.
struct Desk {
    words: Words,
    diagnoses: Vec<Slot>,
    procedures: Vec<Slot>,
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
        let desk = || Desk { words: Words::new(self.layout), diagnoses: Vec::new(), procedures: Vec::new() };
        outcomes.par_chunks_mut(CHUNK).enumerate().for_each_init(desk, |desk, (chunk, outcomes)| {
            for (block, outcomes) in outcomes.chunks_mut(BLOCK).enumerate() {
                self.group_block(stays, chunk * CHUNK + block * BLOCK, outcomes, desk);
            }
        });
        Grouped { outcomes }
    }

    fn group_block(&self, stays: &Stays, start: usize, outcomes: &mut [u16], desk: &mut Desk) {
        let rows = start..start + outcomes.len();
        let Desk { words, diagnoses, procedures } = desk;
        self.diagnoses.find_all(stays.diagnoses.views_of(rows.clone()), stays.diagnoses.heap(), diagnoses);
        self.procedures.find_all(stays.procedures.views_of(rows.clone()), stays.procedures.heap(), procedures);
        let (mut diagnoses, mut procedures) = (diagnoses.as_slice(), procedures.as_slice());
        self.touch_records(stays, rows.clone(), Found { diagnoses, procedures });
        for (row, outcome) in rows.zip(outcomes) {
            let codes = CaseCodes::of(stays, row);
            let (own_diagnoses, own_procedures);
            (own_diagnoses, diagnoses) = diagnoses.split_at(codes.diagnoses.len());
            (own_procedures, procedures) = procedures.split_at(codes.procedures.len());
            let found = Found { diagnoses: own_diagnoses, procedures: own_procedures };
            *outcome = self.group_row(stays, row, codes, found, words);
        }
    }

    /// Reads the records of the first codes of rows, so that memory has brought them all when the first is walked.
    fn touch_records(&self, stays: &Stays, rows: Range<usize>, found: Found<'_>) {
        let (mut diagnosis, mut procedure, mut sum) = (0, 0, 0u64);
        for row in rows {
            let principal = found.diagnoses.get(diagnosis).map_or(0, |slot| self.diagnoses.touch(slot));
            let main = found.procedures.get(procedure).map_or(0, |slot| self.procedures.touch(slot));
            sum ^= principal ^ main;
            diagnosis += stays.diagnoses.views(row).len();
            procedure += stays.procedures.views(row).len();
        }
        std::hint::black_box(sum);
    }

    fn group_row(&self, stays: &Stays, row: usize, codes: CaseCodes<'_>, found: Found<'_>, words: &mut Words) -> u16 {
        if !self.accepts(stays, row) {
            return INVALID;
        }
        let facts = self.facts(stays, row);
        let outcome = self.attempt(facts, codes, found, words);
        if outcome != UNGROUPABLE || !self.definition.options.retry_other_procedures {
            return outcome;
        }
        let others = codes.procedures.iter().zip(found.procedures).skip(1);
        let mut retries = others.map(|(only, slot)| {
            let codes = CaseCodes { procedures: std::slice::from_ref(only), ..codes };
            let found = Found { procedures: std::slice::from_ref(slot), ..found };
            self.attempt(facts, codes, found, words)
        });
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
    fn attempt(&self, facts: Facts<'_>, codes: CaseCodes<'_>, found: Found<'_>, words: &mut Words) -> u16 {
        let find_severity = || self.severity_of(found);
        let severity = &LazySeverity::new(&find_severity);
        self.join_first(found, words);
        let mut joined = Rest::default();
        for at in self.candidates(words) {
            let mdc = &self.mdcs[at];
            if !mdc.gate.is_open(words) {
                continue;
            }
            if !mdc.condition.is(mdc.gate) {
                let sight = Sight { facts, codes, words, severity };
                if mdc.condition.guard().is_some_and(|guard| !sight.passes(guard)) {
                    continue;
                }
                if !joined.covers(mdc.rest) {
                    self.join_rest(found, mdc.rest, words);
                    joined = joined.or(mdc.rest);
                }
                // The condition of an MDC asks for no list of an ADRG, so the words of an earlier MDC do no harm here.
                if !(Sight { facts, codes, words, severity }).holds(&mdc.condition) {
                    continue;
                }
            }
            let outcome = self.walk(at, mdc, facts, codes, found, severity, words);
            if let Some(outcome) = outcome {
                return outcome;
            }
        }
        UNGROUPABLE
    }

    /// The MDCs to try, in order: of those that ask for a principal diagnosis of their own, only the ones that know it.
    fn candidates(&self, words: &Words) -> impl Iterator<Item = usize> + use<> {
        let count = self.mdcs.len();
        let all = if count < 64 { (1 << count) - 1 } else { u64::MAX };
        let mut waiting = all & (words.principal() | !self.by_principal);
        let next = move || {
            let place = (waiting != 0).then_some(waiting.trailing_zeros() as usize)?;
            waiting &= waiting - 1;
            Some(place)
        };
        std::iter::from_fn(next).chain(64..count)
    }

    /// The rules of an MDC, until one has a result.
    #[expect(clippy::too_many_arguments, reason = "the hot loop keeps what it knows in registers")]
    fn walk(
        &self,
        place: usize,
        mdc: &MdcPlan,
        facts: Facts<'_>,
        codes: CaseCodes<'_>,
        found: Found<'_>,
        severity: &LazySeverity<'_>,
        words: &mut Words,
    ) -> Option<u16> {
        self.join_local_first(place, found, words);
        let mut joined = mdc.gates_rest;
        if joined != Rest::default() {
            self.join_rest(found, joined, words);
            self.join_local_rest(place, found, joined, words);
        }
        for (word, unlisted) in mdc.unlisted.iter().enumerate() {
            let mut waiting = words.opened(self.layout, word) | unlisted;
            while waiting != 0 {
                let at = mdc.rules.start + word * 64 + waiting.trailing_zeros() as usize;
                waiting &= waiting - 1;
                if !self.gates[at].is_open(words) {
                    continue;
                }
                let rule = &self.rules[at];
                if !joined.covers(rule.rest) {
                    self.join_rest(found, rule.rest, words);
                    self.join_local_rest(place, found, rule.rest, words);
                    joined = joined.or(rule.rest);
                }
                let sight = Sight { facts, codes, words, severity };
                if !rule.condition.is(self.gates[at]) && !sight.holds(&rule.condition) {
                    continue;
                }
                let holds = |drg: &&DrgPlan| match drg.quick {
                    Some(quick) => quick.holds(severity),
                    None => sight.holds(&drg.condition),
                };
                if let Some(outcome) = rule.drgs.iter().find(holds).map(|drg| drg.outcome).or(rule.alone) {
                    return Some(outcome);
                }
            }
        }
        None
    }

    /// Looks the codes of one claim up.
    pub(super) fn look_up(&self, codes: CaseCodes<'_>) -> (Vec<Slot>, Vec<Slot>) {
        let (mut diagnoses, mut procedures) = (Vec::new(), Vec::new());
        self.diagnoses.find_all(codes.diagnoses, codes.diagnosis_heap, &mut diagnoses);
        self.procedures.find_all(codes.procedures, codes.procedure_heap, &mut procedures);
        (diagnoses, procedures)
    }

    pub(super) fn table(&self, kind: Kind) -> &CodeTable {
        match kind {
            Kind::Diagnosis => &self.diagnoses,
            Kind::Procedure => &self.procedures,
        }
    }

    /// The global words of the first codes.
    #[inline]
    pub(super) fn join_first(&self, found: Found<'_>, words: &mut Words) {
        let space = Space::global(self.layout);
        for kind in [Kind::Diagnosis, Kind::Procedure] {
            let first = found.of_kind(kind).first().unwrap_or(&Slot::UNKNOWN);
            words.set_first(space, kind, Some(self.table(kind).global(first)));
        }
    }

    /// The global words of the other codes.
    pub(super) fn join_rest(&self, found: Found<'_>, rest: Rest, words: &mut Words) {
        let space = Space::global(self.layout);
        for kind in rest.kinds() {
            let table = self.table(kind);
            let others = found.of_kind(kind).iter().skip(1);
            words.set_rest(space, kind, others.map(|slot| Some(table.global(slot))));
        }
    }

    /// The words of the first codes for one MDC.
    #[inline]
    pub(super) fn join_local_first(&self, mdc: usize, found: Found<'_>, words: &mut Words) {
        let space = Space::local(self.layout);
        for kind in [Kind::Diagnosis, Kind::Procedure] {
            let first = found.of_kind(kind).first().unwrap_or(&Slot::UNKNOWN);
            words.set_first(space, kind, self.table(kind).local(first, mdc));
        }
    }

    /// The words of the other codes for one MDC.
    #[inline]
    pub(super) fn join_local_rest(&self, mdc: usize, found: Found<'_>, rest: Rest, words: &mut Words) {
        let space = Space::local(self.layout);
        for kind in rest.kinds() {
            let table = self.table(kind);
            let others = found.of_kind(kind).iter().skip(1);
            words.set_rest(space, kind, others.map(|slot| table.local(slot, mdc)));
        }
    }

    /// Whether a claim has an MCC, and whether it has a CC, that is not excluded.
    pub(super) fn severity_of(&self, found: Found<'_>) -> (bool, bool) {
        let principal = found.principal().number;
        let scans_all = self.definition.options.severity_scan == SeverityScan::All && found.diagnoses.len() > 1;
        let mut has = (false, false);
        for slot in found.diagnoses.iter().skip(usize::from(!scans_all)) {
            self.diagnoses.each_severity(*slot, |level, group| {
                if self.excludes(principal, group) {
                    return;
                }
                match level {
                    Level::Mcc => has.0 = true,
                    Level::Cc => has.1 = true,
                }
            });
        }
        has
    }

    /// Whether a principal diagnosis excludes the CC/MCC of a group.
    pub(super) fn excludes(&self, principal: u32, group: u32) -> bool {
        self.definition.options.cc_exclusion && group != 0 && self.diagnoses.excludes(principal, group)
    }
}

impl<'a> CaseCodes<'a> {
    #[inline]
    pub fn of(stays: &'a Stays, row: usize) -> CaseCodes<'a> {
        CaseCodes {
            diagnoses: stays.diagnoses.views(row),
            diagnosis_heap: stays.diagnoses.heap(),
            procedures: stays.procedures.views(row),
            procedure_heap: stays.procedures.heap(),
        }
    }

    /// The views of a kind, and the heap that long ones point into.
    pub fn of_kind(self, kind: Kind) -> (&'a [text::View], &'a [u8]) {
        match kind {
            Kind::Diagnosis => (self.diagnoses, self.diagnosis_heap),
            Kind::Procedure => (self.procedures, self.procedure_heap),
        }
    }

    /// The views that a reference means, and the heap that long ones point into.
    pub fn referenced(self, of: Ref) -> (&'a [text::View], &'a [u8]) {
        let (views, heap) = self.of_kind(of.kind);
        (meant(views, of.reach), heap)
    }

    pub fn any_starts_with(self, of: Ref, prefix: &Prefix) -> bool {
        let (views, heap) = self.referenced(of);
        views.iter().any(|view| prefix.begins(view, heap))
    }
}

/// Of the codes of a kind, those that are meant.
pub(super) fn meant<T>(codes: &[T], reach: Reach) -> &[T] {
    let first = codes.len().min(1);
    match reach {
        Reach::First => &codes[..first],
        Reach::Others => &codes[first..],
        Reach::Any => codes,
    }
}
