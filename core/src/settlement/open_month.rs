//! A month while its cases come chunk by chunk: first all that the point value depends on, then the dues.

use std::collections::{BTreeMap, BTreeSet};

use super::book::Booking;
use super::cases::Cases;
use super::correction::{Correction, of_past};
use super::due::{Details, Dues};
use super::month::{
    Carried, Month, Totals, assert_whole, consortia, drafts, institutions, pack_of, placeholders, same_terms, totals,
};
use super::overflow;
use super::pool::{Before, OpenPools, PoolMonth};
use super::recognised::{PaidLine, PointLine, place};
use super::sums::{Group, Sum, add};
use crate::claims::Claims;
use crate::ledger::Period;
use crate::policy::{PackId, PolicySet, RuleNo};
use crate::pricing::{PastReduction, PastStay, Priced};
use crate::problem::Problems;
use crate::problem::catalogue::settlement as m;

/// What a month is settled from beside its cases, which come chunk by chunk.
#[derive(Clone, Copy, Debug)]
pub struct MonthTerms<'a> {
    pub period: Period,
    pub set: &'a PolicySet,
    /// Rules and pools as the prices number them.
    pub rules: &'a [(PackId, RuleNo)],
    pub pools: &'a [String],
    /// As of [`MonthInput`].
    pub carried: &'a [Carried],
    pub past: &'a [PastStay],
    /// Stays of earlier periods that this month reduces.
    pub reductions: &'a [PastReduction],
    pub corrections: &'a [Correction],
    pub recognised: &'a [PointLine],
}

/// Priced cases as far as the point value depends on them.
#[derive(Clone, Debug, Default)]
pub struct MonthCases {
    before: Before,
    totals: Totals,
    /// The rules that decided a price.
    met: BTreeSet<u16>,
}

impl MonthCases {
    /// Those of a chunk.
    pub fn of(claims: &Claims, priced: &Priced, details: Option<&Details>) -> Result<MonthCases, Problems> {
        let mut met = vec![false; priced.rules.len()];
        priced.rule.iter().for_each(|rule| met[usize::from(*rule)] = true);
        Ok(MonthCases {
            before: Before::of(&Cases::of(claims, priced, details))?,
            totals: totals(claims, priced),
            met: (0u16..).zip(met).filter_map(|(rule, met)| met.then_some(rule)).collect(),
        })
    }

    /// Those that were added up elsewhere, before their dues are known. `complete`: full own pay, first own pay and
    /// deductible of every case are known; `met`: the rules that decided a price.
    #[must_use]
    pub fn of_sums(groups: BTreeMap<Group, Sum>, totals: Totals, complete: bool, met: BTreeSet<u16>) -> MonthCases {
        let rows = usize::try_from(totals.cases_in).unwrap_or_default();
        MonthCases { before: Before::of_sums(groups, rows, complete), totals, met }
    }

    /// Takes in another chunk.
    pub fn append(&mut self, more: MonthCases) -> Result<(), Problems> {
        self.totals = self.totals.plus(&more.totals);
        self.met.extend(more.met);
        self.before.append(more.before)
    }
}

/// Sums of cases with their dues.
#[derive(Clone, Debug, Default)]
pub struct DueSums {
    groups: BTreeMap<Group, Sum>,
    due_fen: i128,
}

impl DueSums {
    /// Those that were added up elsewhere, and Σ dues of cases.
    #[must_use]
    pub fn of_sums(groups: BTreeMap<Group, Sum>, due_fen: i128) -> DueSums {
        DueSums { groups, due_fen }
    }

    /// Takes in another chunk.
    pub fn append(&mut self, more: DueSums) -> Result<(), Problems> {
        self.due_fen += more.due_fen;
        add(&mut self.groups, more.groups).ok_or_else(overflow)
    }
}

/// A month whose point values are known.
pub struct OpenMonth<'a> {
    terms: MonthTerms<'a>,
    pack: PackId,
    used: BTreeSet<PackId>,
    cases: MonthCases,
    lines: Vec<PaidLine>,
    pools: OpenPools,
}

impl<'a> OpenMonth<'a> {
    /// Finds the point values from all cases, or tells all that is missing.
    pub fn new(terms: MonthTerms<'a>, mut cases: MonthCases) -> Result<OpenMonth<'a>, Problems> {
        let MonthTerms { set, rules, period, .. } = terms;
        let pack = pack_of(set, period, usize::try_from(cases.totals.cases_in).unwrap_or_default())?;
        let used: BTreeSet<PackId> = cases.met.iter().map(|rule| rules[usize::from(*rule)].0).collect();
        let problems = same_terms(set, pack, &used);
        if problems.has_errors() {
            return Err(problems);
        }
        let lines = place(&set.packs[pack], set, terms.pools, terms.recognised)?;
        cases.before.add_points(&lines)?;
        let pools = OpenPools::new(&set.packs[pack], terms.pools, &cases.before, period)?;
        Ok(OpenMonth { terms, pack, used, cases, lines, pools })
    }

    /// The pools with their point values, without dues.
    #[must_use]
    pub fn pools(&self) -> &[PoolMonth] {
        self.pools.pools()
    }

    /// What is due for the cases of a chunk, and their sums.
    pub fn dues(
        &self,
        claims: &Claims,
        priced: &Priced,
        details: Option<&Details>,
    ) -> Result<(Dues, DueSums), Problems> {
        let (dues, groups) = self.pools.dues(&Cases::of(claims, priced, details))?;
        let due_fen = dues.due_fen.iter().copied().map(i128::from).sum();
        Ok((dues, DueSums { groups, due_fen }))
    }

    /// The settled month, without columns of cases; `sums` are those of all chunks. Warnings come with it.
    pub fn close(mut self, sums: DueSums) -> Result<(Month, Problems), Problems> {
        let MonthTerms { period, set, .. } = self.terms;
        let (pack, policy) = (self.pack, &set.packs[self.pack]);
        let DueSums { mut groups, due_fen } = sums;
        self.pools.pay(&mut self.lines, &mut groups)?;
        let pools = self.pools.close(&groups)?;
        let mut problems = same_terms(set, pack, &self.used);
        let mut corrections = self.terms.corrections.to_vec();
        let MonthTerms { reductions, rules, past, .. } = self.terms;
        corrections.extend(of_past(reductions, rules, past, set).ok_or_else(overflow)?);
        let institutions = institutions(self.terms.carried, (policy, period), &pools, &groups, &corrections)?;
        let consortia = consortia(policy, period, &pools, &groups)?;
        let (pools_of, rows, totals_of) = (&pools, &institutions, &consortia);
        let booking = Booking {
            policy,
            pack,
            pools: pools_of,
            institutions: rows,
            consortia: totals_of,
            corrections: &corrections,
            recognised: &self.lines,
        };
        let entries = booking.entries();
        problems.append(drafts(set, self.used.iter().copied().chain([pack])));
        let month = Month {
            period,
            pack,
            simulation: problems.0.iter().any(|problem| problem.entry == &m::PROVISIONAL),
            placeholders: placeholders(rules, &self.cases.met, set, pack),
            totals: self.cases.totals,
            institutions,
            pools,
            consortia,
            corrections,
            recognised: self.lines,
            entries,
            standard_fen: Vec::new(),
            due_fen: Vec::new(),
        };
        assert_whole(&month, due_fen);
        Ok((month, problems))
    }
}
