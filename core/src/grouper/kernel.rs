//! The hot loop: a claim's codes → numbers → bitsets → the first rule that holds.

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

/// Claims whose first codes are looked up before the rules are walked: the look-ups wait for memory side by side.
const BLOCK: usize = 32;

/// The codes of a claim.
#[derive(Clone, Copy, Debug)]
pub(super) struct CaseCodes<'a> {
    pub diagnoses: &'a [text::View],
    pub diagnosis_heap: &'a [u8],
    pub procedures: &'a [text::View],
    pub procedure_heap: &'a [u8],
}

/// What is known of a claim's first codes.
#[derive(Clone, Copy, Debug)]
pub(super) struct First {
    pub principal: Slot,
    pub main: Slot,
}

impl First {
    const UNKNOWN: First = First { principal: Slot::UNKNOWN, main: Slot::UNKNOWN };
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
        let words = || Words::new(self.layout);
        outcomes.par_chunks_mut(CHUNK).enumerate().for_each_init(words, |words, (chunk, outcomes)| {
            for (block, outcomes) in outcomes.chunks_mut(BLOCK).enumerate() {
                self.group_block(stays, chunk * CHUNK + block * BLOCK, outcomes, words);
            }
        });
        Grouped { outcomes }
    }

    fn group_block(&self, stays: &Stays, start: usize, outcomes: &mut [u16], words: &mut Words) {
        let mut first = [First::UNKNOWN; BLOCK];
        for (row, first) in (start..).zip(first.iter_mut().take(outcomes.len())) {
            *first = self.first_of(CaseCodes::of(stays, row));
        }
        for ((row, outcome), first) in (start..).zip(outcomes).zip(first) {
            *outcome = self.group_row(stays, row, first, words);
        }
    }

    fn group_row(&self, stays: &Stays, row: usize, first: First, words: &mut Words) -> u16 {
        if !self.accepts(stays, row) {
            return INVALID;
        }
        let facts = self.facts(stays, row);
        let codes = CaseCodes::of(stays, row);
        let outcome = self.attempt(facts, codes, first, words);
        if outcome != UNGROUPABLE || !self.definition.options.retry_other_procedures {
            return outcome;
        }
        let others = codes.procedures.iter().skip(1).map(std::slice::from_ref);
        let mut retries = others.map(|only| {
            let codes = CaseCodes { procedures: only, ..codes };
            self.attempt(facts, codes, self.first_of(codes), words)
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
    fn attempt(&self, facts: Facts<'_>, codes: CaseCodes<'_>, first: First, words: &mut Words) -> u16 {
        let find_severity = || self.severity_of(codes, first.principal);
        let severity = &LazySeverity::new(&find_severity);
        self.join_first(first, words);
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
                    self.join_rest(codes, mdc.rest, words);
                    joined = joined.or(mdc.rest);
                }
                // The condition of an MDC asks for no list of an ADRG, so the words of an earlier MDC do no harm here.
                if !(Sight { facts, codes, words, severity }).holds(&mdc.condition) {
                    continue;
                }
            }
            let outcome = self.walk(at, mdc, facts, codes, first, severity, words);
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
        first: First,
        severity: &LazySeverity<'_>,
        words: &mut Words,
    ) -> Option<u16> {
        self.join_local_first(place, first, words);
        let mut joined = mdc.gates_rest;
        if joined != Rest::default() {
            self.join_rest(codes, joined, words);
            self.join_local_rest(place, codes, joined, words);
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
                    self.join_rest(codes, rule.rest, words);
                    self.join_local_rest(place, codes, rule.rest, words);
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

    /// Looks the first codes of a claim up.
    #[inline]
    pub(super) fn first_of(&self, codes: CaseCodes<'_>) -> First {
        let find = |table: &CodeTable, views: &[text::View], heap| {
            views.first().map_or(Slot::UNKNOWN, |view| table.find(view, heap))
        };
        First {
            principal: find(&self.diagnoses, codes.diagnoses, codes.diagnosis_heap),
            main: find(&self.procedures, codes.procedures, codes.procedure_heap),
        }
    }

    /// The global words of the first codes.
    #[inline]
    pub(super) fn join_first(&self, first: First, words: &mut Words) {
        let space = Space::global(self.layout);
        words.set_first(space, Kind::Diagnosis, Some(self.diagnoses.global(first.principal.number)));
        words.set_first(space, Kind::Procedure, Some(self.procedures.global(first.main.number)));
    }

    /// The global words of the other codes.
    pub(super) fn join_rest(&self, codes: CaseCodes<'_>, rest: Rest, words: &mut Words) {
        let space = Space::global(self.layout);
        if rest.diagnoses {
            let slots = self.others(Kind::Diagnosis, codes);
            words.set_rest(space, Kind::Diagnosis, slots.map(|slot| Some(self.diagnoses.global(slot.number))));
        }
        if rest.procedures {
            let slots = self.others(Kind::Procedure, codes);
            words.set_rest(space, Kind::Procedure, slots.map(|slot| Some(self.procedures.global(slot.number))));
        }
    }

    /// The words of the first codes for one MDC.
    #[inline]
    pub(super) fn join_local_first(&self, mdc: usize, first: First, words: &mut Words) {
        let space = Space::local(self.layout);
        words.set_first(space, Kind::Diagnosis, self.diagnoses.local(first.principal.number, mdc));
        words.set_first(space, Kind::Procedure, self.procedures.local(first.main.number, mdc));
    }

    /// The words of the other codes for one MDC.
    #[inline]
    pub(super) fn join_local_rest(&self, mdc: usize, codes: CaseCodes<'_>, rest: Rest, words: &mut Words) {
        let space = Space::local(self.layout);
        if rest.diagnoses {
            let slots = self.others(Kind::Diagnosis, codes);
            words.set_rest(space, Kind::Diagnosis, slots.map(|slot| self.diagnoses.local(slot.number, mdc)));
        }
        if rest.procedures {
            let slots = self.others(Kind::Procedure, codes);
            words.set_rest(space, Kind::Procedure, slots.map(|slot| self.procedures.local(slot.number, mdc)));
        }
    }

    /// Looks the codes of a kind after the first up.
    fn others<'a>(&'a self, kind: Kind, codes: CaseCodes<'a>) -> impl Iterator<Item = Slot> + 'a {
        let table = match kind {
            Kind::Diagnosis => &self.diagnoses,
            Kind::Procedure => &self.procedures,
        };
        let (views, heap) = codes.of_kind(kind);
        views.iter().skip(1).map(move |view| table.find(view, heap))
    }

    /// Whether a claim has an MCC, and whether it has a CC, that is not excluded.
    pub(super) fn severity_of(&self, codes: CaseCodes<'_>, principal: Slot) -> (bool, bool) {
        let scans_all = self.definition.options.severity_scan == SeverityScan::All && codes.diagnoses.len() > 1;
        let mut found = (false, false);
        for view in codes.diagnoses.iter().skip(usize::from(!scans_all)) {
            let slot = self.diagnoses.find(view, codes.diagnosis_heap);
            self.diagnoses.each_severity(slot, |level, group| {
                if self.excludes(principal.number, group) {
                    return;
                }
                match level {
                    Level::Mcc => found.0 = true,
                    Level::Cc => found.1 = true,
                }
            });
        }
        found
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
        let first = views.len().min(1);
        let views = match of.reach {
            Reach::First => &views[..first],
            Reach::Others => &views[first..],
            Reach::Any => views,
        };
        (views, heap)
    }

    pub fn any_starts_with(self, of: Ref, prefix: &Prefix) -> bool {
        let (views, heap) = self.referenced(of);
        views.iter().any(|view| prefix.begins(view, heap))
    }
}
