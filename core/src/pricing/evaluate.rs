//! The formulas of `docs/policy.md`, each once.

use super::cell::{Cell, What};
use super::exact::Exact;
use super::kind::{CaseKind, Reason, State};
use super::prepare::Prepared;
use crate::policy::rules::{HighCase, LowCase, PaidFrom, Special, Ungrouped};
use crate::policy::{Factor, RuleNo, Share};

/// What a formula needs to know of a case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    pub total_fen: i64,
    pub fund_fen: i64,
    pub los_days: i32,
}

/// A case's price, rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Price {
    pub kind: CaseKind,
    pub state: State,
    pub reason: Reason,
    pub points_e4: i64,
    /// Paid by amount, within the pool.
    pub amount_fen: i64,
    /// Paid by amount, outside the pool.
    pub outside_fen: i64,
    pub rule: u16,
}

/// A case's price before rounding.
struct Value {
    points: Exact,
    amount: Exact,
    outside: Exact,
}

impl Value {
    const NOTHING: Value = Value { points: Exact::ZERO, amount: Exact::ZERO, outside: Exact::ZERO };

    fn points(points: Exact) -> Value {
        Value { points, ..Value::NOTHING }
    }

    fn amount(amount: Exact, from: PaidFrom) -> Value {
        Value::NOTHING.and(amount, from)
    }

    fn and(self, amount: Exact, from: PaidFrom) -> Value {
        match from {
            PaidFrom::Budget => Value { amount, ..self },
            PaidFrom::Outside => Value { outside: amount, ..self },
        }
    }
}

/// Prices a case of a cell. `None` when a value does not fit.
#[inline]
pub(super) fn price(prepared: &Prepared<'_>, cell: &Cell, case: Case) -> Option<Price> {
    match cell.what {
        What::Group(_) if case.total_fen <= cell.low_max_fen => low(prepared, cell, case),
        What::Group(_) if case.total_fen >= cell.high_min_fen => high(prepared, cell, case),
        What::Group(_) => Some(Price {
            kind: CaseKind::Normal,
            state: State::Paid,
            reason: Reason::None,
            points_e4: cell.normal.0,
            amount_fen: cell.normal.1,
            outside_fen: 0,
            rule: prepared.rule(prepared.policy.method.rule),
        }),
        What::Special(at) => special(prepared, cell, usize::from(at), case),
        What::Ungrouped(at) => ungrouped(prepared, cell, usize::from(at), case),
        What::NoWeight => {
            let rule = prepared.rule(prepared.policy.missing_weight.rule);
            Some(excluded(Reason::NoWeight, rule))
        }
    }
}

/// A case that is left out.
pub(super) fn excluded(reason: Reason, rule: u16) -> Price {
    let kind = CaseKind::Excluded;
    Price { kind, state: State::Excluded, reason, points_e4: 0, amount_fen: 0, outside_fen: 0, rule }
}

/// Points and amount of a normal case: RW × s × f.
pub(super) fn normal(prepared: &Prepared<'_>, cell: &Cell) -> Option<(i64, i64)> {
    let value = Value::points(normal_points(prepared, cell)?);
    let (points, amount, _) = round(prepared, cell, &value)?;
    Some((points, amount))
}

fn base_points(prepared: &Prepared<'_>, cell: &Cell) -> Option<Exact> {
    cell.weight?.times(prepared.scale)
}

fn normal_points(prepared: &Prepared<'_>, cell: &Cell) -> Option<Exact> {
    base_points(prepared, cell)?.times(cell.coefficient)
}

/// C ÷ M × s.
fn pool_ratio(prepared: &Prepared<'_>, cell: &Cell, case: Case) -> Option<Exact> {
    Exact::whole(case.total_fen.into()).over(cell.pool_mean_fen?)?.times(prepared.scale)
}

fn share_of(share: Share) -> Exact {
    Exact::scaled(share.0, Factor::DIGITS)
}

/// What payment by cost pays: the whole bill, or the fund's part of it where the standard is the fund's.
fn cost(prepared: &Prepared<'_>, case: Case) -> Exact {
    Exact::whole(if prepared.fund_basis { case.fund_fen } else { case.total_fen }.into())
}

fn low(prepared: &Prepared<'_>, cell: &Cell, case: Case) -> Option<Price> {
    let rule = &prepared.policy.low_case;
    let value = match &rule.value {
        LowCase::AsNormal {} => Value::points(normal_points(prepared, cell)?),
        LowCase::Cost { from } => Value::amount(cost(prepared, case), *from),
        LowCase::PoolRatio { share } => Value::points(pool_ratio(prepared, cell, case)?.times(share_of(*share))?),
        LowCase::StayRatio { coefficient } => {
            let base = base_points(prepared, cell)?;
            let full = if *coefficient { base.times(cell.coefficient)? } else { base };
            let part = full.times(Exact::whole(case.total_fen.into()).over(cell.mean_fen?)?)?;
            Value::points(part.min(base)?)
        }
        LowCase::Review {} => return finish(prepared, cell, CaseKind::Low, State::Unpaid, rule.rule, &Value::NOTHING),
    };
    finish(prepared, cell, CaseKind::Low, State::Paid, rule.rule, &value)
}

fn high(prepared: &Prepared<'_>, cell: &Cell, case: Case) -> Option<Price> {
    let rule = &prepared.policy.high_case;
    let (ratio, reference) = cell.high?;
    let line = Exact::scaled(ratio.0, Factor::DIGITS);
    let total = Exact::whole(case.total_fen.into());
    let value = match &rule.value {
        HighCase::AsNormal {} => Value::points(normal_points(prepared, cell)?),
        HighCase::LinearAdd { share, coefficient } => {
            let excess = total.over(reference)?.minus(line)?;
            let base = base_points(prepared, cell)?;
            let unit = if *coefficient { base.times(cell.coefficient)? } else { base };
            let added = excess.times(unit)?.times(share_of(*share))?;
            Value::points(normal_points(prepared, cell)?.plus(added)?)
        }
        HighCase::Deduct {} => {
            let within = line.minus(Exact::ONE)?.times(normal_points(prepared, cell)?)?;
            Value::points(pool_ratio(prepared, cell, case)?.minus(within)?.max(Exact::ZERO)?)
        }
        HighCase::Cap {} => {
            let capped = cell.mean_fen?.times(line)?.times(cell.coefficient)?;
            Value::points(capped.over(cell.pool_mean_fen?)?.times(prepared.scale)?)
        }
        HighCase::ExcessCost { share, from } => {
            let excess = total.minus(line.times(reference)?)?.times(share_of(*share))?;
            Value::points(normal_points(prepared, cell)?).and(excess, *from)
        }
        HighCase::Cost { from } => Value::amount(cost(prepared, case), *from),
        HighCase::Review {} => {
            return finish(prepared, cell, CaseKind::High, State::Unpaid, rule.rule, &Value::NOTHING);
        }
    };
    finish(prepared, cell, CaseKind::High, State::Paid, rule.rule, &value)
}

fn ungrouped(prepared: &Prepared<'_>, cell: &Cell, at: usize, case: Case) -> Option<Price> {
    let rule = &prepared.policy.ungrouped[at];
    let kind = CaseKind::Ungrouped;
    let value = match &rule.value {
        Ungrouped::PoolRatio { share, .. } => Value::points(pool_ratio(prepared, cell, case)?.times(share_of(*share))?),
        Ungrouped::Cost { share, from, .. } => Value::amount(cost(prepared, case).times(share_of(*share))?, *from),
        Ungrouped::Unpaid { .. } => return finish(prepared, cell, kind, State::Unpaid, rule.rule, &Value::NOTHING),
    };
    finish(prepared, cell, kind, State::Paid, rule.rule, &value)
}

fn special(prepared: &Prepared<'_>, cell: &Cell, at: usize, case: Case) -> Option<Price> {
    let rule = &prepared.policy.special[at];
    let days = Exact::whole(case.los_days.into());
    let (kind, value) = match &rule.value {
        Special::PerDiemPoints { daily, daily_by_level, .. } => {
            let own = daily_by_level.as_ref().and_then(|levels| levels.get(&cell.level)).or(daily.as_ref())?;
            (CaseKind::PerDiem, Value::points(Exact::scaled(own.0, 4).times(days)?))
        }
        Special::PerDiemAmount { daily, daily_by_level, from, .. } => {
            let own = daily_by_level.as_ref().and_then(|levels| levels.get(&cell.level)).or(daily.as_ref())?;
            (CaseKind::PerDiem, Value::amount(Exact::whole(own.0.0.into()).times(days)?, *from))
        }
        Special::Cost { share, from, .. } => {
            (CaseKind::ByItem, Value::amount(cost(prepared, case).times(share_of(*share))?, *from))
        }
        Special::Exclude { .. } => return Some(excluded(Reason::Special, prepared.rule(rule.rule))),
    };
    finish(prepared, cell, kind, State::Paid, rule.rule, &value)
}

fn finish(
    prepared: &Prepared<'_>,
    cell: &Cell,
    kind: CaseKind,
    state: State,
    rule: RuleNo,
    value: &Value,
) -> Option<Price> {
    let (points_e4, amount_fen, outside_fen) = round(prepared, cell, value)?;
    let reason = Reason::None;
    Some(Price { kind, state, reason, points_e4, amount_fen, outside_fen, rule: prepared.rule(rule) })
}

/// The one rounding of a price: points to their digits, money to the fen. By rate, the standard goes from unrounded
/// points straight to money, and the points stay as a measure of work.
fn round(prepared: &Prepared<'_>, cell: &Cell, value: &Value) -> Option<(i64, i64, i64)> {
    let units = value.points.round(prepared.points_digits, prepared.points_rounding)?;
    let points_e4 = units.checked_mul(10i64.checked_pow(4 - prepared.points_digits)?)?;
    let amount = match &prepared.rates {
        None => value.amount,
        Some(rates) => {
            let rate = rates[usize::from(cell.pool)]?.over(prepared.scale)?;
            value.points.times(rate)?.plus(value.amount)?
        }
    };
    let money = |amount: Exact| amount.round(0, prepared.money_rounding);
    Some((points_e4, money(amount)?, money(value.outside)?))
}
