//! A chain of transfers is priced once; its price is split over the stays by cost.

use super::State;
use super::exact::Exact;
use super::fault::Fault;
use super::link::Chain;
use super::prepare::Prepared;
use super::priced::{Adjusted, Priced};
use crate::claims::Claims;
use crate::money::{Fen, allocate};
use crate::policy::rules::Counts;

/// Splits the price of the counted stay over its chain.
pub(super) fn count_once(
    priced: &mut Priced,
    chain: &Chain,
    claims: &Claims,
    prepared: &[Prepared<'_>],
) -> Result<(), Fault> {
    if chain.rows.iter().any(|row| priced.state[*row] != State::Paid) {
        return Ok(());
    }
    let counted = match chain.counts {
        Counts::First => chain.rows.first().copied(),
        Counts::Last => chain.rows.last().copied(),
        Counts::Highest => Some(highest(priced, &chain.rows, prepared)?),
    };
    let digits = prepared[priced.rules[usize::from(chain.rule)].0].points_digits;
    counted.and_then(|counted| split(priced, chain, claims, counted, digits)).ok_or(Fault::Overflow)
}

/// The stay that is worth most, the earlier of equals: points + amounts ÷ M × s, so that a stay paid by amount is held
/// against one paid by points. By rate, and where no stay has points, amounts alone.
fn highest(priced: &Priced, rows: &[usize], prepared: &[Prepared<'_>]) -> Result<usize, Fault> {
    let amount = |row: usize| Exact::whole(i128::from(priced.amount_fen[row]) + i128::from(priced.outside_fen[row]));
    let by_amount = |row: &usize| match priced.cell_of(*row) {
        Some(cell) => prepared[usize::from(cell.pack)].rates.is_some(),
        None => false,
    };
    let amounts_only = rows.iter().all(|row| priced.points_e4[*row] == 0 || by_amount(row));
    let worth = |row: usize| {
        if amounts_only {
            return Ok(amount(row));
        }
        let points = Exact::scaled(priced.points_e4[row], 4);
        if amount(row).is_zero() {
            return Ok(points);
        }
        let cell = priced.cell_of(row).ok_or(Fault::Overflow)?;
        let pool = || priced.pools.get(usize::from(cell.pool)).cloned().unwrap_or_default();
        let mean = cell.pool_mean_fen.ok_or_else(|| Fault::NoPoolMean(pool()))?;
        let more = amount(row).over(mean).and_then(|more| more.times(prepared[usize::from(cell.pack)].scale));
        more.and_then(|more| points.plus(more)).ok_or(Fault::Overflow)
    };
    let mut best = (rows[0], worth(rows[0])?);
    for &row in &rows[1..] {
        let own = worth(row)?;
        if best.1.minus(own).ok_or(Fault::Overflow)?.is_negative() {
            best = (row, own);
        }
    }
    Ok(best.0)
}

/// Divides the price of a stay over the chain, by cost. `None` when a sum does not fit.
fn split(priced: &mut Priced, chain: &Chain, claims: &Claims, counted: usize, digits: u32) -> Option<()> {
    let rows = &chain.rows;
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
