//! Stays of earlier periods that a readmission reduces: their formulas once more, with the share that is left.

use std::collections::BTreeMap;

use super::Found;
use super::clearing::costs;
use super::facts::{Case, cases};
use super::joined::means_of;
use super::linked::PastCut;
use super::price::alone;
use super::ratio::Ratio;
use crate::claims::Claims;
use crate::grouper::{Grouped, Outcome};
use crate::ledger::Period;
use crate::policy::PolicySet;
use crate::pricing::{Means, Options, PastStay, State};

/// What the book has of those stays.
#[derive(Clone, Copy, Debug)]
pub struct ReducedFacts<'a> {
    /// A row a stay.
    pub claims: &'a Claims,
    pub grouped: &'a Grouped,
    pub outcomes: &'a [Outcome],
    /// By row, its place among the past stays.
    pub past: &'a [usize],
    /// By month, what it measured.
    pub means: &'a BTreeMap<Period, Means>,
}

/// Points and amount that are left, by place among the past stays, of those whose price is what they stand at.
pub(super) fn left(
    set: &PolicySet,
    facts: &ReducedFacts<'_>,
    cuts: &[PastCut<'_>],
    past: &[PastStay],
) -> Found<BTreeMap<usize, (Ratio, Ratio)>> {
    let now = cases(facts.claims, facts.grouped, facts.outcomes, &Options::default(), None);
    let mut found = BTreeMap::new();
    for (row, case) in now.iter().enumerate() {
        let at = facts.past[row];
        let Some(cut) = cuts.iter().find(|cut| cut.past == at) else { continue };
        let stay = &past[at];
        let means = means_of(&facts.means[&stay.period]);
        let tcm = costs(facts.claims, row).unwrap_or((Ratio::zero(), Ratio::zero()));
        let then = Case { tcm: Some(tcm), ..case.clone() };
        for case in [case, &then] {
            let whole = alone(set, &means, case, None)?;
            let stands =
                whole.points == Ratio::scaled(stay.points_e4, 4) && whole.amount == Ratio::yuan(stay.amount_fen);
            if whole.state == State::Paid && stands {
                let left = alone(set, &means, case, Some(cut.share.clone()))?;
                found.insert(at, (left.points, left.amount));
                break;
            }
        }
    }
    Ok(found)
}
