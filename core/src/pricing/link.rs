//! Stays of one person that belong together: readmissions and transfers.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::assign::Key;
use super::fault::{Fault, Faults};
use super::prepare::Prepared;
use super::priced::PastReduction;
use crate::claims::{Claims, UNKNOWN};
use crate::grouper::{Grouped, Outcome};
use crate::ledger::Period;
use crate::policy::Share;
use crate::policy::rules::{Counts, Readmission, Reduces, SameGroup, SamePlace, Transfer};

/// A stay that an earlier period settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastStay {
    pub setl_id: String,
    pub person: String,
    pub institution: String,
    pub consortium: Option<String>,
    pub drg: String,
    pub adrg: String,
    pub mdc: String,
    /// Day of discharge, counted from 1970-01-01.
    pub discharged: i32,
    pub insutype: String,
    /// The period that settled it, with its points and point value (millionths of a yuan).
    pub period: Period,
    pub points_e4: i64,
    pub point_value_e6: i64,
    /// What it was paid by amount within the pool.
    pub amount_fen: i64,
    pub bill: Bill,
}

/// Who paid what of a bill at discharge, in fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    pub patient_fen: i64,
    pub other_fund_fen: i64,
    /// Full own pay, first own pay and deductible, where they are known.
    pub own_pay_fen: Option<[i64; 3]>,
}

/// Stays that are priced as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chain {
    pub rule: u16,
    pub counts: Counts,
    /// In the order of time.
    pub rows: Vec<usize>,
}

/// What linking found.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    /// By row: the rule, of the later stay's pack, and the share of points kept.
    pub kept: BTreeMap<usize, (u16, Share)>,
    pub past: Vec<PastReduction>,
    pub chains: Vec<Chain>,
}

/// What linking reads.
pub(super) struct Linker<'a> {
    pub claims: &'a Claims,
    pub grouped: &'a Grouped,
    pub outcomes: &'a [Outcome],
    pub prepared: &'a [Prepared<'a>],
    /// The key of each row that is in scope.
    pub keys: &'a [Option<Key>],
    pub past: &'a [PastStay],
}

/// An earlier stay: of this run, or of an earlier period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Earlier {
    Row(usize),
    Past(usize),
}

impl Linker<'_> {
    /// Links the stays of each person. Needs the person and the day of admission of every stay in scope.
    pub(super) fn link(&self, faults: &mut Faults) -> Links {
        let rule = self.prepared.iter().find_map(|pack| {
            let readmission = pack.policy.readmission.as_ref().filter(|r| !matches!(r.value, Readmission::None {}));
            let transfer = pack.policy.transfer.as_ref().filter(|r| !matches!(r.value, Transfer::None {}));
            let number = readmission.map(|rule| rule.rule).or(transfer.map(|rule| rule.rule));
            number.map(|number| pack.policy.rule(number).name.clone())
        });
        let Some(rule) = rule else {
            return Links::default();
        };
        let person = |row: usize| self.claims.psn_no.get(row);
        let mut rows: Vec<usize> = (0..self.keys.len()).filter(|row| self.keys[*row].is_some()).collect();
        for &row in &rows {
            let admitted = self.claims.admitted.get(row).copied().unwrap_or(UNKNOWN);
            if row >= self.claims.psn_no.len() || person(row).is_empty() || admitted == UNKNOWN {
                faults.add(Fault::Person(rule.clone()), 1, (self.claims.stays.setl_id.get(row), ""));
            }
        }
        if !faults.is_empty() {
            return Links::default();
        }
        let order = |row: &usize| {
            let id = self.claims.stays.setl_id.get(*row);
            (person(*row), self.claims.admitted[*row], self.claims.discharged[*row], id)
        };
        rows.par_sort_unstable_by(|a, b| order(a).cmp(&order(b)));
        let mut past: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, stay) in self.past.iter().enumerate() {
            past.entry(stay.person.as_str()).or_default().push(at);
        }
        let mut links = Links::default();
        for stays in rows.chunk_by(|a, b| person(*a) == person(*b)) {
            let earlier = past.get(person(stays[0])).map_or(&[][..], Vec::as_slice);
            let chained = self.transfers(stays, &mut links);
            self.readmissions(stays, earlier, &chained, &mut links);
        }
        // Of several stays that reduce one, the first in time: the order of rows must not count.
        links.past.sort_by_key(|one| one.past);
        links.past.dedup_by_key(|one| one.past);
        links.chains.sort_by_key(|chain| chain.rows[0]);
        links
    }

    fn pack(&self, row: usize) -> Option<(&Prepared<'_>, Key)> {
        let key = self.keys[row]?;
        Some((&self.prepared[usize::from(key.pack)], key))
    }

    fn consortium(&self, row: usize) -> Option<&str> {
        let (pack, key) = self.pack(row)?;
        pack.sites[key.site as usize].consortium.as_deref()
    }

    /// Days from one discharge to the next admission, when that is not before.
    fn gap(&self, discharged: i32, later: usize) -> Option<i64> {
        let days = i64::from(self.claims.admitted[later]) - i64::from(discharged);
        (days >= 0).then_some(days)
    }

    /// Chains of transfers, and which of the stays are in one.
    fn transfers(&self, stays: &[usize], links: &mut Links) -> Vec<bool> {
        let mut chained = vec![false; stays.len()];
        let mut chain: Option<Chain> = None;
        for at in 1..stays.len() {
            let (first, second) = (stays[at - 1], stays[at]);
            let Some((rule, counts)) = self.passed_on(first, second) else {
                links.chains.extend(chain.take());
                continue;
            };
            (chained[at - 1], chained[at]) = (true, true);
            chain.get_or_insert_with(|| Chain { rule, counts, rows: vec![first] }).rows.push(second);
        }
        links.chains.extend(chain);
        chained
    }

    fn passed_on(&self, first: usize, second: usize) -> Option<(u16, Counts)> {
        let (pack, _) = self.pack(second)?;
        let rule = pack.policy.transfer.as_ref()?;
        let Transfer::CountOnce { days, ways, counts } = &rule.value else { return None };
        let claims = self.claims;
        let inside = self.consortium(first).is_some() && self.consortium(first) == self.consortium(second);
        let moved = claims.institution.id(first) != claims.institution.id(second);
        let sent = ways.iter().any(|way| way == claims.stays.discharge_way.get(first));
        let soon = self.gap(claims.discharged[first], second).is_some_and(|gap| gap <= days.0);
        (inside && moved && sent && soon).then(|| (pack.rule(rule.rule), *counts))
    }

    fn readmissions(&self, stays: &[usize], past: &[usize], chained: &[bool], links: &mut Links) {
        for (at, &later) in stays.iter().enumerate() {
            let Some((pack, key)) = self.pack(later) else { continue };
            let Some(rule) = &pack.policy.readmission else { continue };
            let Readmission::Within { days, same, place, reduces, share, .. } = &rule.value else { continue };
            let level = pack.sites[key.site as usize].level.as_str();
            let outcome = usize::from(self.grouped.outcomes[later]);
            if chained[at] || pack.exempt.iter().any(|test| test.holds(self.claims, later, outcome, level)) {
                continue;
            }
            let own = (0..at).filter(|before| !chained[*before]).map(|before| Earlier::Row(stays[before]));
            let earlier = own.chain(past.iter().map(|stay| Earlier::Past(*stay))).filter(|earlier| {
                self.gap(self.discharged(*earlier), later).is_some_and(|gap| gap <= days.0)
                    && self.same_group(*earlier, later, *same)
                    && self.same_place(*earlier, later, *place)
            });
            let reduced = (pack.rule(rule.rule), *share);
            let last = earlier.max_by_key(|earlier| (self.discharged(*earlier), self.id(*earlier)));
            match (last, reduces) {
                (None, _) => {}
                (Some(_), Reduces::Later) => _ = links.kept.insert(later, reduced),
                (Some(Earlier::Row(row)), Reduces::Earlier) => _ = links.kept.insert(row, reduced),
                (Some(Earlier::Past(past)), Reduces::Earlier) => {
                    links.past.push(PastReduction { past, row: later, rule: reduced.0, kept: *share });
                }
            }
        }
    }

    fn discharged(&self, stay: Earlier) -> i32 {
        match stay {
            Earlier::Row(row) => self.claims.discharged[row],
            Earlier::Past(at) => self.past[at].discharged,
        }
    }

    fn id(&self, stay: Earlier) -> &str {
        match stay {
            Earlier::Row(row) => self.claims.stays.setl_id.get(row),
            Earlier::Past(at) => &self.past[at].setl_id,
        }
    }

    fn same_group(&self, earlier: Earlier, later: usize, same: SameGroup) -> bool {
        let outcome = |row: usize| &self.outcomes[usize::from(self.grouped.outcomes[row])];
        let (drg, adrg, mdc) = match earlier {
            Earlier::Row(row) => {
                let outcome = outcome(row);
                (outcome.drg.as_str(), outcome.adrg.as_str(), outcome.mdc.as_str())
            }
            Earlier::Past(at) => {
                let stay = &self.past[at];
                (stay.drg.as_str(), stay.adrg.as_str(), stay.mdc.as_str())
            }
        };
        let own = outcome(later);
        match same {
            SameGroup::Drg => drg == own.drg,
            SameGroup::Adrg => adrg == own.adrg,
            SameGroup::Mdc => mdc == own.mdc,
            SameGroup::Any => true,
        }
    }

    fn same_place(&self, earlier: Earlier, later: usize, place: SamePlace) -> bool {
        let (institution, consortium) = match earlier {
            Earlier::Row(row) => (self.claims.institution.get(row), self.consortium(row)),
            Earlier::Past(at) => (self.past[at].institution.as_str(), self.past[at].consortium.as_deref()),
        };
        let same = institution == self.claims.institution.get(later);
        match place {
            SamePlace::Institution => same,
            SamePlace::Consortium => same || (consortium.is_some() && consortium == self.consortium(later)),
            SamePlace::Anywhere => true,
        }
    }
}
