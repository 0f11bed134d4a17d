//! The formulas of `docs/policy.md`, each once.

use super::cell::{CellValues, What};
use super::exact::Exact;
use super::kind::{CaseKind, Reason, State};
use super::prepare::Prepared;
use crate::policy::rules::{Adjust, DayBand, HighCase, LowCase, PaidFrom, Special, Ungrouped, UnstablePay};
use crate::policy::{Factor, Rows, RuleNo, Ruled, Share};

/// What a formula needs to know of a case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    pub total_fen: i64,
    pub fund_fen: i64,
    pub los_days: i32,
    /// TCM cost and what it is a share of; known at clearing.
    pub tcm: Option<(i64, i64)>,
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

/// What a case is, and its price; `None` when nothing is paid yet.
struct Found {
    kind: CaseKind,
    rule: RuleNo,
    value: Option<Value>,
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

/// What changes a case's price beside its cell.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    /// Adjustments whose conditions hold, by position in the pack, in their order.
    pub adjust: Vec<usize>,
    /// The rule of a readmission and the share of points it keeps.
    pub kept: Option<(u16, Share)>,
}

impl Changes {
    fn is_empty(&self) -> bool {
        self.adjust.is_empty() && self.kept.is_none()
    }
}

/// An adjustment that was made: its rule, and the factor where it is one.
pub(super) type Made = (u16, Option<Exact>);

/// Prices a case of a cell. `None` when a value does not fit.
#[inline]
pub(super) fn price(
    prepared: &Prepared<'_>,
    cell: &CellValues,
    case: Case,
    changes: &Changes,
    made: &mut Vec<Made>,
) -> Option<Price> {
    let normal = case.total_fen > cell.low_max_fen && case.total_fen < cell.high_min_fen;
    let mut found = match cell.what {
        What::Group(_) if normal && changes.is_empty() => {
            return Some(Price {
                kind: CaseKind::Normal,
                state: State::Paid,
                reason: Reason::None,
                points_e4: cell.normal.0,
                amount_fen: cell.normal.1,
                outside_fen: 0,
                rule: prepared.rule(prepared.policy.method.rule),
            });
        }
        What::Group(_) if normal => {
            let value = Value::points(normal_points(prepared, cell)?);
            Found { kind: CaseKind::Normal, rule: prepared.policy.method.rule, value: Some(value) }
        }
        What::Group(_) if case.total_fen <= cell.low_max_fen => low(prepared, cell, case)?,
        What::Group(_) => high(prepared, cell, case)?,
        What::Special(at, _) => special(prepared, cell, &prepared.policy.special[usize::from(at)], case)?,
        What::Ungrouped(at) => ungrouped(prepared, cell, usize::from(at), case)?,
    };
    if let Some(value) = &mut found.value {
        adjust(prepared, found.kind, value, changes, made)?;
    }
    finish(prepared, cell, &found)
}

/// Uplifts in their order, then the share a readmission keeps. Only points change, and by rate the standard they give.
fn adjust(
    prepared: &Prepared<'_>,
    kind: CaseKind,
    value: &mut Value,
    changes: &Changes,
    made: &mut Vec<Made>,
) -> Option<()> {
    for at in &changes.adjust {
        let rule = &prepared.policy.adjust[*at];
        if !rule.value.kinds().contains(&kind) {
            continue;
        }
        let factor = match &rule.value {
            Adjust::Uplift { factor, .. } => Some(Exact::scaled(factor.0, Factor::DIGITS)),
            Adjust::ExtraPoints { .. } => None,
        };
        value.points = match (&rule.value, factor) {
            (Adjust::ExtraPoints { points, .. }, _) => value.points.plus(Exact::scaled(points.0, 4))?,
            (_, Some(factor)) => value.points.times(factor)?,
            _ => value.points,
        };
        made.push((prepared.rule(rule.rule), factor));
        if rule.value.is_last() {
            break;
        }
    }
    if let Some((rule, kept)) = changes.kept {
        value.points = value.points.times(share_of(kept))?;
        made.push((rule, Some(share_of(kept))));
    }
    Some(())
}

/// A case that is left out.
pub(super) fn excluded(reason: Reason, rule: u16) -> Price {
    let kind = CaseKind::Excluded;
    Price { kind, state: State::Excluded, reason, points_e4: 0, amount_fen: 0, outside_fen: 0, rule }
}

/// Points and amount of a normal case: RW × s × f.
pub(super) fn normal(prepared: &Prepared<'_>, cell: &CellValues) -> Option<(i64, i64)> {
    let value = Value::points(normal_points(prepared, cell)?);
    let (points, amount, _) = round(prepared, cell, &value)?;
    Some((points, amount))
}

fn base_points(prepared: &Prepared<'_>, cell: &CellValues) -> Option<Exact> {
    cell.weight?.times(prepared.scale)
}

fn normal_points(prepared: &Prepared<'_>, cell: &CellValues) -> Option<Exact> {
    base_points(prepared, cell)?.times(cell.coefficient)
}

/// C ÷ M × s.
fn pool_ratio(prepared: &Prepared<'_>, cell: &CellValues, case: Case) -> Option<Exact> {
    Exact::whole(case.total_fen.into()).over(cell.pool_mean_fen?)?.times(prepared.scale)
}

fn share_of(share: Share) -> Exact {
    Exact::scaled(share.0, Factor::DIGITS)
}

/// What payment by cost pays: the whole bill, or the fund's part of it where the standard is the fund's.
fn cost(prepared: &Prepared<'_>, case: Case) -> Exact {
    Exact::whole(if prepared.fund_basis { case.fund_fen } else { case.total_fen }.into())
}

fn low(prepared: &Prepared<'_>, cell: &CellValues, case: Case) -> Option<Found> {
    let rule = &prepared.policy.low_case;
    let value = match &rule.value {
        LowCase::AsNormal {} => Some(Value::points(normal_points(prepared, cell)?)),
        LowCase::Cost { from } => Some(Value::amount(cost(prepared, case), *from)),
        LowCase::PoolRatio { share } => Some(Value::points(pool_ratio(prepared, cell, case)?.times(share_of(*share))?)),
        LowCase::StayRatio { coefficient } => {
            let base = base_points(prepared, cell)?;
            let full = if *coefficient { base.times(cell.coefficient)? } else { base };
            let part = full.times(Exact::whole(case.total_fen.into()).over(cell.mean_fen?)?)?;
            Some(Value::points(part.min(base)?))
        }
        LowCase::Review {} => None,
    };
    Some(Found { kind: CaseKind::Low, rule: rule.rule, value })
}

fn high(prepared: &Prepared<'_>, cell: &CellValues, case: Case) -> Option<Found> {
    let rule = &prepared.policy.high_case;
    let (ratio, reference) = cell.high?;
    let line = Exact::scaled(ratio.0, Factor::DIGITS);
    let total = Exact::whole(case.total_fen.into());
    let value = match &rule.value {
        HighCase::AsNormal {} => Some(Value::points(normal_points(prepared, cell)?)),
        HighCase::LinearAdd { share, coefficient } => {
            let excess = total.over(reference)?.minus(line)?;
            let base = base_points(prepared, cell)?;
            let unit = if *coefficient { base.times(cell.coefficient)? } else { base };
            let added = excess.times(unit)?.times(share_of(*share))?;
            Some(Value::points(normal_points(prepared, cell)?.plus(added)?))
        }
        HighCase::ExcessPoints { share, coefficient } => {
            let excess = total.minus(line.times(reference)?)?.times(share_of(*share))?;
            let points = excess.over(cell.pool_mean_fen?)?.times(prepared.scale)?;
            let added = if *coefficient { points.times(cell.coefficient)? } else { points };
            Some(Value::points(normal_points(prepared, cell)?.plus(added)?))
        }
        HighCase::Deduct {} => {
            let within = line.minus(Exact::ONE)?.times(normal_points(prepared, cell)?)?;
            Some(Value::points(pool_ratio(prepared, cell, case)?.minus(within)?.max(Exact::ZERO)?))
        }
        HighCase::Cap {} => {
            let capped = cell.mean_fen?.times(line)?.times(cell.coefficient)?;
            Some(Value::points(capped.over(cell.pool_mean_fen?)?.times(prepared.scale)?))
        }
        HighCase::ExcessCost { share, from } => {
            let excess = total.minus(line.times(reference)?)?.times(share_of(*share))?;
            Some(Value::points(normal_points(prepared, cell)?).and(excess, *from))
        }
        HighCase::Cost { from } => Some(Value::amount(cost(prepared, case), *from)),
        HighCase::Review {} => None,
    };
    Some(Found { kind: CaseKind::High, rule: rule.rule, value })
}

fn ungrouped(prepared: &Prepared<'_>, cell: &CellValues, at: usize, case: Case) -> Option<Found> {
    let rule = &prepared.policy.ungrouped[at];
    let value = match &rule.value {
        Ungrouped::PoolRatio { share, .. } => {
            Some(Value::points(pool_ratio(prepared, cell, case)?.times(share_of(*share))?))
        }
        Ungrouped::Cost { share, from, .. } => {
            Some(Value::amount(cost(prepared, case).times(share_of(*share))?, *from))
        }
        Ungrouped::Unpaid { .. } => None,
    };
    Some(Found { kind: CaseKind::Ungrouped, rule: rule.rule, value })
}

fn special(prepared: &Prepared<'_>, cell: &CellValues, rule: &Ruled<Special>, case: Case) -> Option<Found> {
    if let Special::Unstable { pay: UnstablePay::Review, .. } = &rule.value {
        return Some(Found { kind: CaseKind::Unstable, rule: rule.rule, value: None });
    }
    let by_cost = |share: Share, from| Some(Value::amount(cost(prepared, case).times(share_of(share))?, from));
    let (kind, value) = match &rule.value {
        Special::PerDiemPoints { daily, daily_by_level, bands, .. } => {
            let own = daily_by_level.as_ref().and_then(|levels| levels.get(&cell.level)).or(daily.as_ref())?;
            (CaseKind::PerDiem, Value::points(Exact::scaled(own.0, 4).times(paid_days(bands.as_ref(), case)?)?))
        }
        Special::PerDiemAmount { daily, daily_by_level, bands, from, .. } => {
            let own = daily_by_level.as_ref().and_then(|levels| levels.get(&cell.level)).or(daily.as_ref())?;
            let amount = Exact::whole(own.0.0.into()).times(paid_days(bands.as_ref(), case)?)?;
            (CaseKind::PerDiem, Value::amount(amount, *from))
        }
        Special::DaySurgery { share, coefficient, .. } => {
            let base = base_points(prepared, cell)?;
            let full = if *coefficient { base.times(cell.coefficient)? } else { base };
            (CaseKind::DaySurgery, Value::points(full.times(share_of(*share))?))
        }
        Special::Unstable { pay, share, from, .. } => {
            let value = match pay {
                UnstablePay::AsNormal => Value::points(normal_points(prepared, cell)?.times(share_of(*share))?),
                UnstablePay::PoolRatio => Value::points(pool_ratio(prepared, cell, case)?.times(share_of(*share))?),
                UnstablePay::Cost => by_cost(*share, *from)?,
                UnstablePay::Review => return None,
            };
            (CaseKind::Unstable, value)
        }
        Special::NewTechnology { share, from, .. } => (CaseKind::NewTechnology, by_cost(*share, *from)?),
        Special::TcmAdvantage { gate, .. } => {
            let missed = case.tcm.is_some_and(|(tcm, base)| {
                i128::from(tcm) * 1_000_000 < i128::from(base) * i128::from(gate.0) || base <= 0
            });
            let weight = if missed { cell.fallback? } else { cell.weight? };
            (CaseKind::Tcm, Value::points(weight.times(prepared.scale)?.times(cell.coefficient)?))
        }
        Special::Cost { share, from, .. } => (CaseKind::ByItem, by_cost(*share, *from)?),
        // Left out before: it has no cell.
        Special::Exclude { .. } => return None,
    };
    Some(Found { kind, rule: rule.rule, value: Some(value) })
}

/// Days of a stay, each by the share of its band.
fn paid_days(bands: Option<&Rows<DayBand>>, case: Case) -> Option<Exact> {
    let days = i64::from(case.los_days);
    let Some(bands) = bands else {
        return Some(Exact::whole(days.into()));
    };
    let (mut paid, mut from) = (Exact::ZERO, 0);
    for (band, _) in &bands.0 {
        let to = band.to.map_or(days, |to| to.0.min(days)).max(from);
        paid = paid.plus(Exact::whole((to - from).into()).times(share_of(band.share))?)?;
        from = to;
    }
    Some(paid)
}

fn finish(prepared: &Prepared<'_>, cell: &CellValues, found: &Found) -> Option<Price> {
    let (points_e4, amount_fen, outside_fen) = match &found.value {
        Some(value) => round(prepared, cell, value)?,
        None => (0, 0, 0),
    };
    let state = if found.value.is_some() { State::Paid } else { State::Unpaid };
    let rule = prepared.rule(found.rule);
    Some(Price { kind: found.kind, state, reason: Reason::None, points_e4, amount_fen, outside_fen, rule })
}

/// The one rounding of a price: points to their digits, money to the fen. By rate, the standard goes from unrounded
/// points straight to money, and the points stay as a measure of work.
fn round(prepared: &Prepared<'_>, cell: &CellValues, value: &Value) -> Option<(i64, i64, i64)> {
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
