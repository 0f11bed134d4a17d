//! The reserve of each pool over the year.

use std::collections::{BTreeMap, BTreeSet};

use super::consortium::ConsortiumYear;
use super::{InstitutionYear, Openings};
use crate::ledger::Period;
use crate::money::{Fen, allocate};
use crate::policy::rules::{DeductionTo, Reserve};
use crate::policy::{Policy, Yuan};
use crate::settlement::pool::PoolMonth;

/// A pool's reserve.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReserveYear {
    pub pool: String,
    pub opening_fen: i64,
    /// The year whose closing that is, where the book knows it; else the pack states it.
    pub carried_from: Option<Period>,
    /// What the pack states.
    pub stated_fen: i64,
    /// Deducted from the budget for the reserve.
    pub deducted_fen: i64,
    /// What floor or ceiling of the point value left (negative: asked).
    pub limit_fen: i64,
    pub penalties_fen: i64,
    pub forfeited_fen: i64,
    /// Surplus not kept, and overrun that subjects bear: what they give back.
    pub given_back_fen: i64,
    /// Paid beyond dues: overrun borne, surplus of consortia kept.
    pub paid_fen: i64,
    /// What was asked beyond dues before the reserve's limit.
    pub asked_fen: i64,
}

impl ReserveYear {
    /// What there is before anything is paid beyond dues.
    #[must_use]
    pub fn available_fen(&self) -> Option<i64> {
        let parts = [self.deducted_fen, self.limit_fen, self.penalties_fen, self.forfeited_fen, self.given_back_fen];
        parts.into_iter().try_fold(self.opening_fen, i64::checked_add)
    }

    #[must_use]
    pub fn closing_fen(&self) -> Option<i64> {
        self.available_fen()?.checked_sub(self.paid_fen)
    }
}

/// Settles the reserve of each pool; where it limits, cuts what is paid beyond dues pro rata. No rows without a rule.
pub(super) fn settle(
    policy: &Policy,
    (pools, openings): (&[PoolMonth], &Openings),
    consortia: &mut [ConsortiumYear],
    institutions: &mut [InstitutionYear],
) -> Option<Vec<ReserveYear>> {
    let Some(rule) = &policy.reserve else {
        return Some(Vec::new());
    };
    let Reserve::Ledger { opening, limited } = &rule.value;
    let redistributed = institutions.iter().any(|row| row.redistributed_fen != 0);
    let mut out = Vec::new();
    for name in names(opening, pools, openings, institutions) {
        let own = |pool: &str| name == pool;
        let mut row = ReserveYear { pool: name.clone(), ..ReserveYear::default() };
        row.stated_fen = opening_of(opening, &name);
        let carried = openings.get(&name);
        row.carried_from = carried.map(|(year, _)| *year);
        row.opening_fen = carried.map_or(row.stated_fen, |(_, closing)| *closing);
        if let Some(pool) = pools.iter().find(|pool| own(&pool.pool)) {
            let kept = pool.deducted.iter().filter(|deducted| deducted.to == DeductionTo::Reserve);
            row.deducted_fen = sum(kept.map(|deducted| deducted.fen))?;
            row.limit_fen = if pool.limited { pool.balance_fen.unwrap_or_default() } else { 0 };
        }
        let rows = || institutions.iter().filter(|one| own(&one.pool));
        row.penalties_fen = sum(rows().map(|one| one.penalty_fen))?;
        row.forfeited_fen = if redistributed { 0 } else { sum(rows().map(InstitutionYear::forfeited_fen))? };
        let adjustments: Vec<i64> = rows()
            .map(|one| one.adjustment_fen)
            .chain(consortia.iter().filter(|one| own(&one.pool)).map(|one| one.adjustment_fen))
            .collect();
        row.given_back_fen = sum(adjustments.iter().map(|fen| fen.min(&0)).copied())?.checked_neg()?;
        row.asked_fen = sum(adjustments.iter().map(|fen| fen.max(&0)).copied())?;
        let available = row.available_fen()?.max(0);
        row.paid_fen = if *limited { row.asked_fen.min(available) } else { row.asked_fen };
        if row.paid_fen < row.asked_fen {
            cut(row.paid_fen, &name, &adjustments, consortia, institutions)?;
        }
        out.push(row);
    }
    Some(out)
}

/// The pools with a reserve: those with cases, those that the rule or the year before names, and those that something
/// goes into, such as a penalty of an institution without cases.
fn names(
    opening: &BTreeMap<String, Yuan>,
    pools: &[PoolMonth],
    openings: &Openings,
    institutions: &[InstitutionYear],
) -> BTreeSet<String> {
    let moves = |row: &&InstitutionYear| row.penalty_fen != 0 || row.forfeited_fen() != 0 || row.adjustment_fen != 0;
    let mut names: BTreeSet<String> = pools.iter().map(|pool| pool.pool.clone()).collect();
    names.extend(opening.keys().filter(|name| *name != "*").cloned());
    names.extend(openings.keys().cloned());
    names.extend(institutions.iter().filter(moves).map(|row| row.pool.clone()));
    names
}

fn opening_of(opening: &BTreeMap<String, Yuan>, pool: &str) -> i64 {
    opening.get(pool).or_else(|| opening.get("*")).map_or(0, |Yuan(fen)| fen.0)
}

fn sum(amounts: impl IntoIterator<Item = i64>) -> Option<i64> {
    amounts.into_iter().try_fold(0i64, i64::checked_add)
}

/// Divides what the reserve can pay over the positive adjustments, in their order.
fn cut(
    paid: i64,
    pool: &str,
    adjustments: &[i64],
    consortia: &mut [ConsortiumYear],
    institutions: &mut [InstitutionYear],
) -> Option<()> {
    let weights: Vec<i128> = adjustments.iter().map(|fen| i128::from(*fen.max(&0))).collect();
    let mut parts = allocate(Fen(paid), &weights)?.into_iter();
    for row in institutions.iter_mut().filter(|row| row.pool == pool) {
        let part = parts.next()?;
        if row.adjustment_fen > 0 {
            row.adjustment_fen = part.0;
        }
    }
    for row in consortia.iter_mut().filter(|row| row.pool == pool) {
        let part = parts.next()?;
        if row.adjustment_fen > 0 {
            row.adjustment_fen = part.0;
        }
    }
    Some(())
}
