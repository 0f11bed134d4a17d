//! Stays of earlier months that a readmission of this run reduces, priced again with the share it leaves: a share of
//! the unrounded points, rounded once, as within one month.

use std::collections::{BTreeMap, BTreeSet};

use super::month_claims::{Tcm, asks_clearing};
use super::record::{means_of, settled_rows};
use super::rows::Rows;
use crate::audit::ReducedFacts;
use crate::claims::Claims;
use crate::grouper::{Grouped, Outcome};
use crate::ledger::{Book, Period};
use crate::policy::PolicySet;
use crate::pricing::{Chunk, Left, Means, PastReduction, PastStay, Priced, State, price_kept};
use crate::problem::Problems;
use crate::text::Text;

/// What the book has of the stays that are reduced.
#[derive(Default)]
pub(super) struct Reduced {
    /// A row a stay; each of a person of its own, for what links it is decided already.
    claims: Claims,
    outcomes: Vec<Outcome>,
    grouped: Grouped,
    /// By row, the place among the past stays and among the reductions.
    past: Vec<usize>,
    place: Vec<usize>,
    means: BTreeMap<Period, Means>,
}

impl Reduced {
    /// Reads the stays. `outcomes` are the groups of the scheme.
    pub(super) fn read(
        book: &Book,
        outcomes: &[Outcome],
        past: &[PastStay],
        reductions: &[PastReduction],
    ) -> Result<Reduced, Problems> {
        let mut reduced = Reduced { outcomes: outcomes.to_vec(), ..Reduced::default() };
        let mut months: BTreeMap<Period, BTreeMap<&str, usize>> = BTreeMap::new();
        for (place, one) in reductions.iter().enumerate() {
            let stay = &past[one.past];
            months.entry(stay.period).or_default().insert(&stay.setl_id, place);
        }
        for (month, wanted) in months {
            let ids = Rows::read(book, month, "claims", &["setl_id"])?;
            let rows: Vec<usize> = (0..ids.len()).filter(|row| wanted.contains_key(ids.str("setl_id", *row))).collect();
            let (claims, settled, grouped) = settled_rows(book, month, &rows)?;
            for (row, outcome) in grouped.outcomes.iter().enumerate() {
                let place = wanted[claims.stays.setl_id.get(row)];
                let stay = &past[reductions[place].past];
                let outcome = &settled[usize::from(*outcome)];
                let number = reduced.number(outcome, &stay.drg);
                reduced.grouped.outcomes.push(number);
                reduced.past.push(reductions[place].past);
                reduced.place.push(place);
            }
            reduced.claims.append(&claims);
            reduced.means.insert(month, means_of(book, month)?);
        }
        let mut persons = Text::default();
        (0..reduced.past.len()).for_each(|row| persons.push(&row.to_string()));
        reduced.claims.psn_no = persons;
        Ok(reduced)
    }

    /// The number of a group: as it was settled, or where corrections gave another, that of the scheme.
    fn number(&mut self, settled: &Outcome, drg: &str) -> u16 {
        let same = |own: &Outcome| if settled.drg == drg { own == settled } else { own.drg == drg };
        let at = self.outcomes.iter().position(same).unwrap_or_else(|| {
            self.outcomes.push(settled.clone());
            self.outcomes.len() - 1
        });
        u16::try_from(at).expect("Invariant: a scheme has under 2^16 outcomes")
    }

    /// For an audit.
    pub(super) fn facts(&self) -> ReducedFacts<'_> {
        ReducedFacts {
            claims: &self.claims,
            grouped: &self.grouped,
            outcomes: &self.outcomes,
            past: &self.past,
            means: &self.means,
        }
    }

    /// The reductions with what they leave. Nothing where the packs of this run price a stay otherwise than it stands:
    /// then a share of the published points is left.
    pub(super) fn left(
        &self,
        set: &PolicySet,
        past: &[PastStay],
        reductions: &[PastReduction],
    ) -> Result<Vec<PastReduction>, Problems> {
        let mut out = reductions.to_vec();
        if self.past.is_empty() {
            return Ok(out);
        }
        let kept = self.place.iter().map(|place| (reductions[*place].rule, reductions[*place].kept));
        let kept: BTreeMap<usize, _> = kept.enumerate().collect();
        let tcm = Tcm::of(&self.claims);
        let chunk = Chunk { first: 0, claims: &self.claims, grouped: &self.grouped, tcm: None };
        let gated = Chunk { tcm: Some(tcm.costs()), ..chunk };
        let nothing = BTreeMap::new();
        for means in self.means.values().collect::<BTreeSet<_>>() {
            let price = |chunk: &Chunk<'_>, kept| price_kept(chunk, &self.outcomes, set, means, kept);
            let both = |chunk: &Chunk<'_>| Ok::<_, Problems>((price(chunk, &nothing)?, price(chunk, &kept)?));
            let now = both(&chunk)?;
            let then = if asks_clearing(set) { Some(both(&gated)?) } else { None };
            for (row, (at, place)) in self.past.iter().zip(&self.place).enumerate() {
                let stay = &past[*at];
                if self.means[&stay.period] != *means {
                    continue;
                }
                let stands = |(whole, _): &&(Priced, Priced)| {
                    let price = (whole.points_e4[row], whole.amount_fen[row]);
                    whole.state[row] == State::Paid && price == (stay.points_e4, stay.amount_fen)
                };
                let worth = |then: &(Priced, Priced)| tcm.worth(&now.1, &then.1, row);
                out[*place].left = Some(&now).into_iter().chain(&then).find(stands).map(|(_, left)| Left {
                    points_e4: left.points_e4[row],
                    amount_fen: left.amount_fen[row],
                    clearing: then
                        .as_ref()
                        .and_then(worth)
                        .map(|worth| [worth.points_e4, worth.amount_fen, worth.outside_fen]),
                });
            }
        }
        Ok(out)
    }
}
