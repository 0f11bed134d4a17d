//! A chain of transfers is priced once; its price is split over the stays by cost.

use super::State;
use super::exact::Exact;
use super::link::Chain;
use super::priced::{Adjusted, Priced};
use crate::claims::Claims;
use crate::money::{Fen, allocate};
use crate::policy::rules::Counts;

/// Splits the price of the counted stay over its chain. `None` when a sum does not fit.
pub(super) fn count_once(priced: &mut Priced, chain: &Chain, claims: &Claims, digits: u32) -> Option<()> {
    let rows = &chain.rows;
    if rows.iter().any(|row| priced.state[*row] != State::Paid) {
        return Some(());
    }
    let worth = |row: &usize| (priced.points_e4[*row], priced.amount_fen[*row]);
    let counted = match chain.counts {
        Counts::First => rows.first(),
        Counts::Last => rows.last(),
        // The earlier of equals: the last maximum of the reversed order.
        Counts::Highest => rows.iter().rev().max_by_key(|row| worth(row)),
    };
    let counted = *counted?;
    let mut weights: Vec<i128> = rows.iter().map(|row| claims.total_fen[*row].max(0).into()).collect();
    if weights.iter().all(|weight| *weight == 0) {
        weights.fill(1);
    }
    let unit = 10i64.checked_pow(4 - digits)?;
    let points = allocate(Fen(priced.points_e4[counted] / unit), &weights)?;
    let amounts = allocate(Fen(priced.amount_fen[counted]), &weights)?;
    let outside = allocate(Fen(priced.outside_fen[counted]), &weights)?;
    for (at, &row) in rows.iter().enumerate() {
        priced.points_e4[row] = points[at].0.checked_mul(unit)?;
        priced.amount_fen[row] = amounts[at].0;
        priced.outside_fen[row] = outside[at].0;
        let whole: i128 = weights.iter().sum();
        let factor = Exact::whole(weights[at]).over(Exact::whole(whole));
        priced.adjusted.push(Adjusted { row, rule: chain.rule, factor });
    }
    Some(())
}
