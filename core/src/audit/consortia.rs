//! Bands of surplus and overrun; the year of consortia.

use std::collections::BTreeSet;

use super::Found;
use super::compare::Row;
use super::ratio::Ratio;
use super::sums::{Line, Sum, budget, sum_of, to_fen};
use crate::ledger::Period;
use crate::policy::rules::{
    ApprovedTo, BandMode, ConsortiumTotal, Edge, OutsideCare, ReasonableOverrun, Referral, Sharing, SharingSubject,
    Slice, Unlisted,
};
use crate::policy::{Policy, Rows, Whole};
use crate::pricing::State;

/// A consortium's year in a pool.
#[derive(Clone, Debug)]
pub(super) struct Consortium {
    pub name: String,
    pub pool: String,
    pub sum: Sum,
    base: Option<Ratio>,
    referral: Ratio,
    total: Option<Ratio>,
    outside: Ratio,
    balance: Option<Ratio>,
    pub cleared: bool,
    kept: Ratio,
    borne: Ratio,
    reasonable: Option<(Ratio, Ratio)>,
    pub adjustment: Ratio,
}

/// The rule of sharing for a subject in a pool, when its precondition is met.
pub(super) fn sharing_of<'p>(policy: &'p Policy, of: SharingSubject, name: &str, pool: &str) -> Option<&'p Sharing> {
    let mut level: Option<(Option<chrono::NaiveDate>, &str)> = None;
    for row in policy.register().filter(|row| row.fixmedins_code == name) {
        if level.is_none_or(|(from, _)| from <= row.valid_from) {
            level = Some((row.valid_from, &row.hosp_lv));
        }
    }
    for rule in &policy.sharing {
        let Sharing::Bands { subject, subjects, levels, gate, gate_met, gates, pools, .. } = &rule.value;
        let mut met = false;
        for (row, _) in gates.iter().flat_map(|gates| &gates.0) {
            met |= Some(&row.gate) == gate.as_ref() && row.subject == name && row.met;
        }
        let lets = gate.is_none() || met == *gate_met;
        let here = pools.as_ref().is_none_or(|pools| pools.iter().any(|own| own == pool));
        let named = subjects.as_ref().is_none_or(|subjects| subjects.iter().any(|own| own == name));
        let leveled = match (levels, level) {
            (None, _) => true,
            (Some(levels), Some((_, level))) => levels.iter().any(|own| own == level),
            (Some(_), None) => false,
        };
        if *subject == of && here && lets && named && leveled {
            return Some(&rule.value);
        }
    }
    None
}

/// What bands over `part ÷ base` give of `part`, not rounded.
pub(super) fn share_of(bands: &Rows<Slice>, mode: BandMode, edge: Edge, part: &Ratio, base: &Ratio) -> Ratio {
    if !part.is_positive() || !base.is_positive() {
        return Ratio::zero();
    }
    let mut from = Ratio::zero();
    let mut given = Ratio::zero();
    for (slice, _) in &bands.0 {
        let share = Ratio::scaled(slice.share.0, 6);
        let end = slice.to.map(|to| Ratio::scaled(to.0, 6) * base);
        if mode == BandMode::Whole {
            let below = match &end {
                None => true,
                Some(end) => part < end || (part == end && edge == Edge::Lower),
            };
            if below {
                return part * share;
            }
            continue;
        }
        let upper = end.map_or_else(|| part.clone(), |end| end.least(part.clone()));
        if upper > from {
            given = given + (&upper - &from) * share;
            from = upper;
        }
    }
    given
}

/// What the fund bears of an overrun, to the fen; and Σ approved with the part that counts, where a list is in force.
pub(super) fn borne(
    policy: &Policy,
    period: Period,
    sharing: &Sharing,
    (subject, insutype): (&str, &str),
    over: &Ratio,
    base: &Ratio,
) -> (Ratio, Option<(Ratio, Ratio)>) {
    let Sharing::Bands { overrun, mode, edge, .. } = sharing;
    let bands = |part: &Ratio| share_of(overrun, *mode, *edge, part, base);
    let Some(ReasonableOverrun::List { table, to, unlisted }) =
        policy.reasonable_overrun.as_ref().map(|rule| &rule.value)
    else {
        return (to_fen(policy, &bands(over)), None);
    };
    if over.is_zero() {
        return (Ratio::zero(), None);
    }
    let (mut approved, mut listed) = (Ratio::zero(), false);
    for (row, _) in &table.0 {
        if row.subject == subject && row.insutype == insutype && row.year == period.year().to_string() {
            approved = approved + Ratio::yuan(row.amount.0.0);
            listed = true;
        }
    }
    let counted = match (listed, unlisted) {
        (true, _) => over.clone().least(approved.clone()),
        (false, Unlisted::All) => over.clone(),
        (false, Unlisted::None) => Ratio::zero(),
    };
    let fund = match to {
        ApprovedTo::Cap if listed => to_fen(policy, &bands(over)).least(approved.clone()),
        ApprovedTo::ProRata if listed && over.is_positive() => {
            let part = counted.over(over).unwrap_or_else(Ratio::zero);
            to_fen(policy, &(bands(over) * part))
        }
        _ => to_fen(policy, &bands(&counted)),
    };
    (fund, Some((approved, counted)))
}

/// Clears every consortium with cases.
pub(super) fn clear(policy: &Policy, period: Period, lines: &[Line]) -> Found<Vec<Consortium>> {
    let inside = lines.iter().filter(|line| line.state != State::Excluded && !line.consortium.is_empty());
    let names: BTreeSet<(&str, &str)> = inside.map(|line| (line.consortium.as_str(), line.pool.as_str())).collect();
    let mut out = Vec::new();
    for (name, pool) in names {
        let zero = Ratio::zero;
        let mut one = Consortium {
            name: name.to_owned(),
            pool: pool.to_owned(),
            sum: sum_of(lines.iter().filter(|line| line.consortium == name && line.pool == pool)),
            base: total(policy, period, name, pool)?,
            referral: Ratio::one(),
            total: None,
            outside: zero(),
            balance: None,
            cleared: false,
            kept: zero(),
            borne: zero(),
            reasonable: None,
            adjustment: zero(),
        };
        if let Some(base) = one.base.clone() {
            one.referral = referral(policy, period, name)?;
            let total = to_fen(policy, &(&base * &one.referral));
            if let Some(OutsideCare::Table { table }) = policy.outside_care.as_ref().map(|rule| &rule.value) {
                let own = dated(&table.0, period, |row| (row.consortium == name && row.pool == pool, row.year));
                one.outside = own.map_or_else(zero, |row| Ratio::yuan(row.amount.0.0));
            }
            let balance = &total - &one.sum.due - &one.outside;
            share(policy, period, &mut one, &total, &balance);
            (one.total, one.balance) = (Some(total), Some(balance));
        }
        out.push(one);
    }
    Ok(out)
}

/// T
fn total(policy: &Policy, period: Period, name: &str, pool: &str) -> Found<Option<Ratio>> {
    match policy.consortium_total.as_ref().map(|rule| &rule.value) {
        None | Some(ConsortiumTotal::None {}) => Ok(None),
        Some(ConsortiumTotal::Budget {}) => budget(policy, pool, Some(name), period),
        Some(ConsortiumTotal::PerHead { table }) => {
            let own = dated(&table.0, period, |row| (row.consortium == name && row.pool == pool, row.year));
            Ok(own.map(|row| {
                let money = Ratio::whole(row.heads.0) * Ratio::yuan(row.per_head.0.0) * Ratio::scaled(row.risk.0, 6);
                to_fen(policy, &money) - Ratio::yuan(row.reserve.0.0) - Ratio::yuan(row.kept_outside.0.0)
            }))
        }
    }
}

/// Of the rows that fit, that of the year; where it has none, the one without a year.
fn dated<R, P>(rows: &[(R, P)], period: Period, of: impl Fn(&R) -> (bool, Option<Whole<2000, 2199>>)) -> Option<&R> {
    let mut found = None;
    for (row, _) in rows {
        match of(row) {
            (true, Some(year)) if year.0 == i64::from(period.year()) => return Some(row),
            (true, None) => found = Some(row),
            _ => {}
        }
    }
    found
}

/// clamp(1 + β × (target − actual), floor, ceiling), or the factor given
fn referral(policy: &Policy, period: Period, name: &str) -> Found<Ratio> {
    let rule = policy.referral.as_ref().map(|rule| &rule.value);
    if let Some(Referral::Table { table }) = rule {
        let own = dated(&table.0, period, |row| (row.consortium == name, row.year));
        return own.map(|row| Ratio::scaled(row.factor.0, 6)).ok_or_else(|| format!("referral {name}"));
    }
    let Some(Referral::Linear { beta, target, rates, floor, ceiling }) = rule else { return Ok(Ratio::one()) };
    let own = dated(&rates.0, period, |row| (row.consortium == name, row.year));
    let own = own.ok_or_else(|| format!("referral {name}"))?;
    let e6 = |units| Ratio::scaled(units, 6);
    let factor = Ratio::one() + e6(beta.0) * (e6(target.0) - e6(own.actual.0));
    Ok(factor.most(e6(floor.0)).least(e6(ceiling.0)))
}

fn share(policy: &Policy, period: Period, one: &mut Consortium, total: &Ratio, balance: &Ratio) {
    let Some(rule) = sharing_of(policy, SharingSubject::Consortium, &one.name, &one.pool) else { return };
    let Sharing::Bands { surplus, mode, edge, .. } = rule;
    one.cleared = true;
    let over = balance.opposite().most(Ratio::zero());
    let (borne, reasonable) = borne(policy, period, rule, (&one.name, &one.pool), &over, total);
    one.reasonable = reasonable;
    if balance.is_negative() {
        one.borne = borne;
        one.adjustment = &one.borne - over;
    } else {
        one.kept = to_fen(policy, &share_of(surplus, *mode, *edge, balance, total));
        one.adjustment = one.kept.clone();
    }
}

impl Consortium {
    pub(super) fn row(&self) -> Row {
        Row::new(&[&self.name, &self.pool])
            .number("total", self.total.as_ref(), 2)
            .money("due", &self.sum.due)
            .number("balance", self.balance.as_ref(), 2)
            .number("cases", Some(&self.sum.cases), 0)
            .number("points", Some(&self.sum.points), 4)
            .number("base_total", self.base.as_ref(), 2)
            .number("referral", Some(&self.referral.round(6, crate::money::Rounding::HalfUp)), 6)
            .money("outside_care", &self.outside)
            .text("cleared", if self.cleared { "true" } else { "false" })
            .money("kept", &self.kept)
            .money("borne", &self.borne)
            .money("adjustment", &self.adjustment)
            .number("recognition_points", Some(&self.sum.recognised_points), 4)
            .money("recognition_due", &self.sum.recognised_due)
            .number("approved_overrun", self.reasonable.as_ref().map(|of| &of.0), 2)
            .number("reasonable_overrun", self.reasonable.as_ref().map(|of| &of.1), 2)
    }
}
