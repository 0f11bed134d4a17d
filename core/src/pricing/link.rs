//! Stays of one person that belong together: readmissions and transfers.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::assign::Key;
use super::prepare::Prepared;
use super::priced::PastReduction;
use crate::claims::{Claims, UNKNOWN};
use crate::grouper::{Grouped, Outcome};
use crate::ledger::Period;
use crate::policy::Share;
use crate::policy::rules::{Counts, Readmission, Reduces, SameGroup, SamePlace, Transfer};
use crate::text::Text;

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

/// What linking needs to know of stays in scope, a row a stay. All are of one run: institutions and ways of discharge
/// are numbers of the run's texts.
#[derive(Debug, Default)]
pub(super) struct LinkRows {
    /// The row of the run.
    row: Vec<usize>,
    person: Text,
    setl_id: Text,
    admitted: Vec<i32>,
    discharged: Vec<i32>,
    institution: Vec<u32>,
    way: Vec<u32>,
    outcome: Vec<u16>,
    key: Vec<Key>,
    /// A readmission of it reduces nothing.
    exempt: Vec<bool>,
}

impl LinkRows {
    /// Takes in a row of a chunk, which is `row` of the run. `false` when person or day of admission is not known.
    pub(super) fn push(
        &mut self,
        chunk: (&Claims, &Grouped),
        at: usize,
        row: usize,
        key: Key,
        pack: &Prepared<'_>,
    ) -> bool {
        let (claims, grouped) = chunk;
        let admitted = claims.admitted.get(at).copied().unwrap_or(UNKNOWN);
        if at >= claims.psn_no.len() || claims.psn_no.bytes(at).is_empty() || admitted == UNKNOWN {
            return false;
        }
        let outcome = grouped.outcomes[at];
        let level = pack.sites[key.site as usize].level.as_str();
        self.row.push(row);
        self.person.push_row(&claims.psn_no, at);
        self.setl_id.push_row(&claims.stays.setl_id, at);
        self.admitted.push(admitted);
        self.discharged.push(claims.discharged[at]);
        self.institution.push(claims.institution.id(at));
        self.way.push(if claims.stays.discharge_way.is_empty() { u32::MAX } else { claims.stays.discharge_way.id(at) });
        self.outcome.push(outcome);
        self.key.push(key);
        self.exempt.push(pack.exempt.iter().any(|test| test.holds(claims, at, usize::from(outcome), level)));
        true
    }

    pub(super) fn append(&mut self, more: LinkRows) {
        if self.row.is_empty() {
            *self = more;
            return;
        }
        self.row.extend(more.row);
        self.person.extend(&more.person);
        self.setl_id.extend(&more.setl_id);
        self.admitted.extend(more.admitted);
        self.discharged.extend(more.discharged);
        self.institution.extend(more.institution);
        self.way.extend(more.way);
        self.outcome.extend(more.outcome);
        self.key.extend(more.key);
        self.exempt.extend(more.exempt);
    }
}

/// The rule for which stays are joined, where a pack has one.
pub(super) fn joining_rule(prepared: &[Prepared<'_>]) -> Option<String> {
    prepared.iter().find_map(|pack| {
        let readmission = pack.policy.readmission.as_ref().filter(|r| !matches!(r.value, Readmission::None {}));
        let transfer = pack.policy.transfer.as_ref().filter(|r| !matches!(r.value, Transfer::None {}));
        let number = readmission.map(|rule| rule.rule).or(transfer.map(|rule| rule.rule));
        number.map(|number| pack.policy.rule(number).name.clone())
    })
}

/// What linking reads.
pub(super) struct Linker<'a> {
    pub stays: &'a LinkRows,
    pub outcomes: &'a [Outcome],
    pub prepared: &'a [Prepared<'a>],
    /// The run's texts.
    pub institutions: &'a [String],
    pub ways: &'a [String],
    pub past: &'a [PastStay],
}

/// An earlier stay: of this run, or of an earlier period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Earlier {
    Row(usize),
    Past(usize),
}

impl Linker<'_> {
    /// Links the stays of each person.
    pub(super) fn link(&self) -> Links {
        let all = self.stays;
        let person = |at: usize| all.person.bytes(at);
        let mut order: Vec<usize> = (0..all.row.len()).collect();
        let key = |at: &usize| (person(*at), all.admitted[*at], all.discharged[*at], all.setl_id.bytes(*at));
        order.par_sort_unstable_by(|a, b| key(a).cmp(&key(b)));
        let mut past: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
        for (at, stay) in self.past.iter().enumerate() {
            past.entry(stay.person.as_bytes()).or_default().push(at);
        }
        let mut links = Links::default();
        for stays in order.chunk_by(|a, b| person(*a) == person(*b)) {
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

    fn pack(&self, at: usize) -> (&Prepared<'_>, Key) {
        let key = self.stays.key[at];
        (&self.prepared[usize::from(key.pack)], key)
    }

    fn consortium(&self, at: usize) -> Option<&str> {
        let (pack, key) = self.pack(at);
        pack.sites[key.site as usize].consortium.as_deref()
    }

    /// Days from one discharge to the next admission, when that is not before.
    fn gap(&self, discharged: i32, later: usize) -> Option<i64> {
        let days = i64::from(self.stays.admitted[later]) - i64::from(discharged);
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
            let row = |at: usize| self.stays.row[at];
            chain.get_or_insert_with(|| Chain { rule, counts, rows: vec![row(first)] }).rows.push(row(second));
        }
        links.chains.extend(chain);
        chained
    }

    fn passed_on(&self, first: usize, second: usize) -> Option<(u16, Counts)> {
        let (pack, _) = self.pack(second);
        let rule = pack.policy.transfer.as_ref()?;
        let Transfer::CountOnce { days, ways, counts } = &rule.value else { return None };
        let stays = self.stays;
        let inside = self.consortium(first).is_some() && self.consortium(first) == self.consortium(second);
        let moved = stays.institution[first] != stays.institution[second];
        let way = self.ways.get(stays.way[first] as usize);
        let sent = ways.iter().any(|wanted| Some(wanted) == way);
        let soon = self.gap(stays.discharged[first], second).is_some_and(|gap| gap <= days.0);
        (inside && moved && sent && soon).then(|| (pack.rule(rule.rule), *counts))
    }

    fn readmissions(&self, stays: &[usize], past: &[usize], chained: &[bool], links: &mut Links) {
        let row = |at: usize| self.stays.row[at];
        for (at, &later) in stays.iter().enumerate() {
            let (pack, _) = self.pack(later);
            let Some(rule) = &pack.policy.readmission else { continue };
            let Readmission::Within { days, same, place, reduces, share, .. } = &rule.value else { continue };
            if chained[at] || self.stays.exempt[later] {
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
                (Some(_), Reduces::Later) => _ = links.kept.insert(row(later), reduced),
                (Some(Earlier::Row(at)), Reduces::Earlier) => _ = links.kept.insert(row(at), reduced),
                (Some(Earlier::Past(past)), Reduces::Earlier) => {
                    let later = self.stays.setl_id.get(later).to_owned();
                    links.past.push(PastReduction { past, later, rule: reduced.0, kept: *share, left: None });
                }
            }
        }
    }

    fn discharged(&self, stay: Earlier) -> i32 {
        match stay {
            Earlier::Row(at) => self.stays.discharged[at],
            Earlier::Past(at) => self.past[at].discharged,
        }
    }

    fn id(&self, stay: Earlier) -> &str {
        match stay {
            Earlier::Row(at) => self.stays.setl_id.get(at),
            Earlier::Past(at) => &self.past[at].setl_id,
        }
    }

    fn same_group(&self, earlier: Earlier, later: usize, same: SameGroup) -> bool {
        let outcome = |at: usize| &self.outcomes[usize::from(self.stays.outcome[at])];
        let (drg, adrg, mdc) = match earlier {
            Earlier::Row(at) => {
                let outcome = outcome(at);
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
        let institution = |at: usize| self.institutions[self.stays.institution[at] as usize].as_str();
        let (before, consortium) = match earlier {
            Earlier::Row(at) => (institution(at), self.consortium(at)),
            Earlier::Past(at) => (self.past[at].institution.as_str(), self.past[at].consortium.as_deref()),
        };
        let same = before == institution(later);
        match place {
            SamePlace::Institution => same,
            SamePlace::Consortium => same || (consortium.is_some() && consortium == self.consortium(later)),
            SamePlace::Anywhere => true,
        }
    }
}
