//! The total of each consortium, and what of its balance is kept or borne.

use std::collections::BTreeMap;

use super::adjust::sharing_of;
use super::bands::share_fen;
use super::reasonable::{Reasonable, borne};
use crate::ledger::Period;
use crate::money::{Fen, div_round_i64};
use crate::policy::rules::{ConsortiumTotal, HeadsRow, OutsideCare, OutsideRow, Referral, Sharing, SharingSubject};
use crate::policy::{Policy, Rows, Whole};
use crate::pricing::Exact;
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};
use crate::settlement::budget::budget_of;
use crate::settlement::overflow;
use crate::settlement::point_value::money_rounding;
use crate::settlement::pool::PoolMonth;
use crate::settlement::sums::{Group, Sum};

/// A consortium's year, a row a pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsortiumYear {
    pub consortium: String,
    pub pool: String,
    pub sum: Sum,
    /// T, before the referral link; `None` without a total.
    pub base_fen: Option<i64>,
    /// The factor of the referral link, in millionths.
    pub referral_e6: i64,
    /// T', after it.
    pub total_fen: Option<i64>,
    pub outside_fen: i64,
    /// T' − dues − care outside.
    pub balance_fen: Option<i64>,
    /// Whether the sharing rule applies: its gate is met.
    pub cleared: bool,
    pub kept_fen: i64,
    pub borne_fen: i64,
    /// What of its overrun is approved, where a list is in force.
    pub reasonable: Option<Reasonable>,
    /// What its members get beyond their dues, or give back.
    pub adjustment_fen: i64,
}

/// Clears every consortium that has members with cases.
pub(super) fn clear(
    policy: &Policy,
    period: Period,
    pools: &[PoolMonth],
    groups: &BTreeMap<Group, Sum>,
) -> Result<Vec<ConsortiumYear>, Problems> {
    let mut rows: BTreeMap<(String, u8), Sum> = BTreeMap::new();
    for (group, sum) in groups.iter().filter(|(group, _)| !group.consortium.is_empty()) {
        let own = rows.entry((group.consortium.clone(), group.pool)).or_default();
        *own = own.plus(sum).ok_or_else(overflow)?;
    }
    let mut problems = Problems::new();
    let mut out = Vec::new();
    for ((consortium, number), sum) in rows {
        let pool = pools[usize::from(number)].pool.clone();
        let mut row = ConsortiumYear { consortium, pool, sum, referral_e6: 1_000_000, ..ConsortiumYear::default() };
        match find_total(policy, period, &mut row) {
            Ok(()) => share(policy, period, &mut row).ok_or_else(overflow)?,
            Err(found) => problems.append(found),
        }
        out.push(row);
    }
    if problems.has_errors() { Err(problems) } else { Ok(out) }
}

/// T, T' and the care outside.
fn find_total(policy: &Policy, period: Period, row: &mut ConsortiumYear) -> Result<(), Problems> {
    row.base_fen = match policy.consortium_total.as_ref().map(|rule| &rule.value) {
        None | Some(ConsortiumTotal::None {}) => None,
        Some(ConsortiumTotal::Budget {}) => {
            budget_of(policy, &row.pool, Some(&row.consortium), period)?.map(|Fen(fen)| fen)
        }
        Some(ConsortiumTotal::PerHead { table }) => {
            let fits = |own: &HeadsRow| own.consortium == row.consortium && own.pool == row.pool;
            match row_of_year(table, period, fits, |own| own.year) {
                None => None,
                Some(own) => {
                    let heads = i128::from(own.heads.0) * i128::from(own.per_head.0.0) * i128::from(own.risk.0);
                    let money = div_round_i64(heads, 1_000_000, money_rounding(policy)).ok_or_else(overflow)?;
                    let less = own.reserve.0.0.checked_add(own.kept_outside.0.0).ok_or_else(overflow)?;
                    Some(money.checked_sub(less).ok_or_else(overflow)?)
                }
            }
        }
    };
    let Some(base) = row.base_fen else { return Ok(()) };
    let factor = referral(policy, period, &row.consortium)?;
    row.referral_e6 = factor.round(6, crate::money::Rounding::HalfUp).ok_or_else(overflow)?;
    let total = factor.times(Exact::whole(base.into())).and_then(|total| total.round(0, money_rounding(policy)));
    row.total_fen = Some(total.ok_or_else(overflow)?);
    if let Some(OutsideCare::Table { table }) = policy.outside_care.as_ref().map(|rule| &rule.value) {
        let fits = |own: &OutsideRow| own.consortium == row.consortium && own.pool == row.pool;
        let own = row_of_year(table, period, fits, |own| own.year);
        row.outside_fen = own.map_or(0, |own| own.amount.0.0);
    }
    Ok(())
}

/// The row of the year that fits, else the one without a year.
fn row_of_year<R>(
    rows: &Rows<R>,
    period: Period,
    fits: impl Fn(&R) -> bool,
    year: impl Fn(&R) -> Option<Whole<2000, 2199>>,
) -> Option<&R> {
    let fitting = || rows.0.iter().map(|(row, _)| row).filter(|row| fits(row));
    let own = fitting().find(|row| year(row).is_some_and(|year| year.0 == i64::from(period.year())));
    own.or_else(|| fitting().find(|row| year(row).is_none()))
}

/// clamp(1 + β × (target − actual), floor, ceiling).
fn referral(policy: &Policy, period: Period, consortium: &str) -> Result<Exact, Problems> {
    let Some(rule) = &policy.referral else { return Ok(Exact::ONE) };
    let unknown = || {
        let problem = Problem::new(&m::NO_REFERRAL_RATE).with("consortium", consortium);
        Problems::from(problem.with("rule", &policy.rule(rule.rule).name))
    };
    let e6 = |units: i64| Exact::scaled(units, 6);
    let (beta, target, rates, floor, ceiling) = match &rule.value {
        Referral::None {} => return Ok(Exact::ONE),
        Referral::Linear { beta, target, rates, floor, ceiling } => (beta, target, rates, floor, ceiling),
        Referral::Table { table } => {
            let own = row_of_year(table, period, |own| own.consortium == consortium, |own| own.year);
            return own.map(|own| e6(own.factor.0)).ok_or_else(unknown);
        }
    };
    let own = row_of_year(rates, period, |own| own.consortium == consortium, |own| own.year);
    let own = own.ok_or_else(unknown)?;
    let factor = e6(target.0)
        .minus(e6(own.actual.0))
        .and_then(|gap| gap.times(e6(beta.0))?.plus(Exact::ONE)?.max(e6(floor.0))?.min(e6(ceiling.0)));
    factor.ok_or_else(overflow)
}

fn share(policy: &Policy, period: Period, row: &mut ConsortiumYear) -> Option<()> {
    let Some(total) = row.total_fen else { return Some(()) };
    let balance = total.checked_sub(row.sum.due_fen)?.checked_sub(row.outside_fen)?;
    row.balance_fen = Some(balance);
    let Some(rule) = sharing_of(policy, SharingSubject::Consortium, &row.consortium, &row.pool) else {
        return Some(());
    };
    let Sharing::Bands { surplus, mode, edge, .. } = &rule.value;
    let rounding = money_rounding(policy);
    row.cleared = true;
    row.kept_fen = share_fen(surplus, *mode, *edge, balance.max(0), total, rounding)?;
    let over = balance.min(0).checked_neg()?;
    let subject = (row.consortium.as_str(), row.pool.as_str(), period);
    (row.borne_fen, row.reasonable) = borne(policy, &rule.value, subject, (over, total), rounding)?;
    row.adjustment_fen = if balance >= 0 { row.kept_fen } else { row.borne_fen.checked_sub(over)? };
    Some(())
}
