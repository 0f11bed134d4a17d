//! Cases whose price is not a matter of themselves: stays of a chain of transfers, and cases of the special review.
//! They are priced apart, and what was decided stands in place of their own price.

use std::collections::BTreeMap;

use super::engine::{Chunk, Prices};
use super::exact::Exact;
use super::fault::Faults;
use super::kind::{CaseKind, State};
use super::link::Chain;
use super::priced::{Adjusted, Priced};
use super::review::{self, Reviews};
use super::transfer::count_once;
use crate::claims::Claims;
use crate::problem::Problems;

/// A price that was decided among cases.
#[derive(Clone, Debug)]
pub(super) struct Patch {
    kind: CaseKind,
    state: State,
    rule: u16,
    points_e4: i64,
    amount_fen: i64,
    outside_fen: i64,
    /// Rules and their factors.
    adjusted: Vec<(u16, Option<Exact>)>,
}

impl Patch {
    fn of(priced: &Priced, at: usize) -> Patch {
        Patch {
            kind: priced.case_kind[at],
            state: priced.state[at],
            rule: priced.rule[at],
            points_e4: priced.points_e4[at],
            amount_fen: priced.amount_fen[at],
            outside_fen: priced.outside_fen[at],
            adjusted: priced.adjusted_of(at).iter().map(|one| (one.rule, one.factor)).collect(),
        }
    }
}

/// Cases to decide on, and what has to be known of all others.
#[derive(Default)]
pub struct Aside {
    /// Rows of the run.
    rows: Vec<usize>,
    claims: Claims,
    priced: Priced,
    reviews: Reviews,
}

impl Aside {
    /// Takes in what was found in the chunk after these.
    pub fn append(&mut self, more: Aside) {
        let base = self.rows.len();
        self.rows.extend(more.rows);
        self.claims.stays.setl_id.extend(&more.claims.stays.setl_id);
        self.claims.institution.extend(&more.claims.institution);
        self.claims.total_fen.extend(more.claims.total_fen);
        self.priced.append(more.priced, base);
        self.reviews.append(more.reviews);
    }

    fn push(&mut self, chunk: &Chunk<'_>, priced: &Priced, at: usize) {
        let own = self.rows.len();
        self.rows.push(chunk.first + at);
        self.claims.stays.setl_id.push(chunk.claims.stays.setl_id.get(at));
        self.claims.institution.push(chunk.claims.institution.get(at));
        self.claims.total_fen.push(chunk.claims.total_fen[at]);
        self.priced.push_row(priced, at);
        let adjusted = priced.adjusted_of(at).iter();
        self.priced.adjusted.extend(adjusted.map(|one| Adjusted { row: own, ..one.clone() }));
    }
}

impl Prices<'_> {
    /// Whether there are cases to be decided on before prices can be had.
    #[must_use]
    pub fn needs_aside(&self) -> bool {
        !self.links.chains.is_empty() || self.pricing.has_reviews()
    }

    /// The cases of a chunk to be decided on.
    pub fn set_aside(&self, chunk: &Chunk<'_>) -> Result<Aside, Problems> {
        let priced = self.of(chunk)?;
        let mut aside = Aside::default();
        let reviewed = aside.reviews.count(&priced, chunk.claims, self.pricing.prepared());
        let end = chunk.first + chunk.claims.len();
        let mut rows: Vec<usize> = self.links.chains.iter().flat_map(|chain| chain.rows.iter().copied()).collect();
        rows.retain(|row| (chunk.first..end).contains(row));
        rows.extend(reviewed.into_iter().map(|at| chunk.first + at));
        rows.sort_unstable();
        rows.dedup();
        rows.into_iter().for_each(|row| aside.push(chunk, &priced, row - chunk.first));
        Ok(aside)
    }

    /// Decides on what all chunks had, put together in their order.
    pub fn decide(&mut self, aside: Aside) -> Result<(), Problems> {
        self.decide_with(aside, true)
    }

    /// The same of a part of a period's cases: whether an institution has more reviews than its quota is left to
    /// [`super::check_quotas`].
    pub fn decide_part(&mut self, aside: Aside) -> Result<(), Problems> {
        self.decide_with(aside, false)
    }

    fn decide_with(&mut self, aside: Aside, quotas: bool) -> Result<(), Problems> {
        let Aside { rows, claims, mut priced, reviews } = aside;
        priced.rules = self.rules().to_vec();
        priced.cells = self.cells();
        priced.pools = self.pools().to_vec();
        let mut faults = Faults::default();
        let place = |row: &usize| rows.binary_search(row).expect("Invariant: stays of a chain are set aside");
        for chain in &self.links.chains {
            let own = Chain { rows: chain.rows.iter().map(place).collect(), ..chain.clone() };
            if let Err(fault) = count_once(&mut priced, &own, &claims, self.pricing.prepared()) {
                faults.add(fault, 1, (claims.stays.setl_id.get(own.rows[0]), ""));
            }
        }
        if !faults.is_empty() {
            return Err(faults.problems(self.pricing.set()));
        }
        review::apply(&mut priced, &claims, Some(&reviews).filter(|_| quotas), self.pricing.prepared())?;
        priced.adjusted.sort_by_key(|one| one.row);
        self.patches = rows.iter().enumerate().map(|(at, row)| (*row, Patch::of(&priced, at))).collect();
        Ok(())
    }

    /// Puts the price of another run of the same packs in place of that of a row.
    pub fn put(&mut self, row: usize, priced: &Priced, at: usize) {
        self.patches.insert(row, Patch::of(priced, at));
    }

    /// Puts in place what was decided.
    pub(super) fn patch(&self, chunk: &Chunk<'_>, priced: &mut Priced) {
        let own: BTreeMap<usize, &Patch> = self
            .patches
            .range(chunk.first..chunk.first + chunk.claims.len())
            .map(|(row, patch)| (row - chunk.first, patch))
            .collect();
        if own.is_empty() {
            return;
        }
        priced.adjusted.retain(|one| !own.contains_key(&one.row));
        for (row, patch) in own {
            priced.case_kind[row] = patch.kind;
            priced.state[row] = patch.state;
            priced.rule[row] = patch.rule;
            priced.points_e4[row] = patch.points_e4;
            priced.amount_fen[row] = patch.amount_fen;
            priced.outside_fen[row] = patch.outside_fen;
            let adjusted = patch.adjusted.iter().map(|&(rule, factor)| Adjusted { row, rule, factor });
            priced.adjusted.extend(adjusted);
        }
        priced.adjusted.sort_by_key(|one| one.row);
    }
}
