//! Bands of surplus and overrun; the year of consortia and their members.

use std::collections::BTreeSet;

use super::Found;
use super::compare::Row;
use super::ratio::Ratio;
use super::sums::{Line, Sum, budget, sum_of, to_fen};
use super::year::score_of;
use crate::ledger::Period;
use crate::policy::rules::{
    BandMode, ConsortiumTotal, Distribution, Edge, Mix, OutsideCare, OverrunSplit, Referral, Sharing, SharingSubject,
    Slice,
};
use crate::policy::{Policy, Rows};
use crate::pricing::State;

/// A consortium's year in a pool.
#[derive(Clone, Debug)]
pub(super) struct Consortium {
    pub name: String,
    pub pool: String,
    sum: Sum,
    base: Option<Ratio>,
    referral: Ratio,
    total: Option<Ratio>,
    outside: Ratio,
    balance: Option<Ratio>,
    pub cleared: bool,
    kept: Ratio,
    borne: Ratio,
    pub adjustment: Ratio,
}

/// A member's part of a balance.
#[derive(Clone, Debug)]
pub(super) struct Member {
    consortium: String,
    pub pool: String,
    pub institution: String,
    sum: Sum,
    score: Option<Ratio>,
    pub share: Ratio,
}

/// The rule of sharing for a subject in a pool, when its precondition is met.
pub(super) fn sharing_of<'p>(policy: &'p Policy, of: SharingSubject, name: &str, pool: &str) -> Option<&'p Sharing> {
    for rule in &policy.sharing {
        let Sharing::Bands { subject, gate, gates, pools, .. } = &rule.value;
        let mut met = gate.is_none();
        for (row, _) in gates.iter().flat_map(|gates| &gates.0) {
            met |= Some(&row.gate) == gate.as_ref() && row.subject == name && row.met;
        }
        let here = pools.as_ref().is_none_or(|pools| pools.iter().any(|own| own == pool));
        if *subject == of && here && met {
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
            adjustment: zero(),
        };
        if let Some(base) = one.base.clone() {
            one.referral = referral(policy, name)?;
            let total = to_fen(policy, &(&base * &one.referral));
            if let Some(OutsideCare::Table { table }) = policy.outside_care.as_ref().map(|rule| &rule.value) {
                let own = table.0.iter().find(|(row, _)| row.consortium == name && row.pool == pool);
                one.outside = own.map_or_else(zero, |(row, _)| Ratio::yuan(row.amount.0.0));
            }
            let balance = &total - &one.sum.due - &one.outside;
            share(policy, &mut one, &total, &balance);
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
            let own = table.0.iter().find(|(row, _)| row.consortium == name && row.pool == pool);
            Ok(own.map(|(row, _)| {
                let money = Ratio::whole(row.heads.0) * Ratio::yuan(row.per_head.0.0) * Ratio::scaled(row.risk.0, 6);
                to_fen(policy, &money) - Ratio::yuan(row.reserve.0.0) - Ratio::yuan(row.kept_outside.0.0)
            }))
        }
    }
}

/// clamp(1 + β × (target − actual), floor, ceiling), or the factor given
fn referral(policy: &Policy, name: &str) -> Found<Ratio> {
    let rule = policy.referral.as_ref().map(|rule| &rule.value);
    if let Some(Referral::Table { table }) = rule {
        let own = table.0.iter().find(|(row, _)| row.consortium == name);
        return own.map(|(row, _)| Ratio::scaled(row.factor.0, 6)).ok_or_else(|| format!("referral {name}"));
    }
    let Some(Referral::Linear { beta, target, rates, floor, ceiling }) = rule else { return Ok(Ratio::one()) };
    let own = rates.0.iter().find(|(row, _)| row.consortium == name);
    let (own, _) = own.ok_or_else(|| format!("referral {name}"))?;
    let e6 = |units| Ratio::scaled(units, 6);
    let factor = Ratio::one() + e6(beta.0) * (e6(target.0) - e6(own.actual.0));
    Ok(factor.most(e6(floor.0)).least(e6(ceiling.0)))
}

fn share(policy: &Policy, one: &mut Consortium, total: &Ratio, balance: &Ratio) {
    let Some(rule) = sharing_of(policy, SharingSubject::Consortium, &one.name, &one.pool) else { return };
    let Sharing::Bands { surplus, overrun, mode, edge, .. } = rule;
    one.cleared = true;
    if balance.is_negative() {
        let over = balance.opposite();
        one.borne = to_fen(policy, &share_of(overrun, *mode, *edge, &over, total));
        one.adjustment = &one.borne - over;
    } else {
        one.kept = to_fen(policy, &share_of(surplus, *mode, *edge, balance, total));
        one.adjustment = one.kept.clone();
    }
}

/// Divides what each cleared consortium gets, or gives back, among its members.
pub(super) fn divide(policy: &Policy, consortia: &[Consortium], lines: &[Line]) -> Found<Vec<Member>> {
    let mut out = Vec::new();
    for one in consortia.iter().filter(|one| one.cleared) {
        let own = |line: &&Line| line.state != State::Excluded && line.consortium == one.name && line.pool == one.pool;
        let codes: BTreeSet<&str> = lines.iter().filter(own).map(|line| line.institution.as_str()).collect();
        let mut members = Vec::new();
        for code in codes {
            members.push(Member {
                consortium: one.name.clone(),
                pool: one.pool.clone(),
                institution: code.to_owned(),
                sum: sum_of(lines.iter().filter(own).filter(|line| line.institution == code)),
                score: None,
                share: Ratio::zero(),
            });
        }
        if one.adjustment.is_positive() {
            let Some(rule) = &policy.distribution else { return Err("distribution".to_owned()) };
            let Distribution::Mix { mix } = &rule.value;
            by_mix(mix, &one.adjustment, &mut members)?;
        } else if one.adjustment.is_negative() {
            match policy.overrun_split.as_ref().map(|rule| &rule.value) {
                None => return Err("overrun_split".to_owned()),
                Some(OverrunSplit::Mix { mix }) => by_mix(mix, &one.adjustment, &mut members)?,
                Some(OverrunSplit::ByDue {}) => {
                    let dues: Vec<Ratio> =
                        members.iter().map(|member| member.sum.due.clone().most(Ratio::zero())).collect();
                    give(&one.adjustment, &dues, &mut members)?;
                }
            }
        }
        out.extend(members);
    }
    Ok(out)
}

fn by_mix(mix: &Mix, whole: &Ratio, members: &mut [Member]) -> Found<()> {
    let shares = [mix.points, mix.score, mix.points_score, mix.fixed].map(|share| Ratio::scaled(share.0, 6));
    let parts = whole.divide(&shares, 2).ok_or("mix")?;
    if shares[1].is_positive() || shares[2].is_positive() {
        let snapshot = mix.snapshot.as_deref().unwrap_or_default();
        for member in members.iter_mut() {
            let scores = mix.scores.iter().flat_map(|scores| scores.0.iter().map(|(score, _)| score));
            member.score = Some(score_of(scores, snapshot, &member.institution)?);
        }
    }
    for (which, part) in parts.iter().enumerate() {
        let mut measures = Vec::new();
        for member in members.iter() {
            let points = member.sum.points.clone().most(Ratio::zero());
            let score = member.score.clone().unwrap_or_else(Ratio::zero);
            let fixed = mix.weights.iter().flat_map(|weights| &weights.0);
            let fixed = fixed.into_iter().find(|(row, _)| row.fixmedins_code == member.institution);
            measures.push(match which {
                0 => points,
                1 => score,
                2 => points * score,
                _ => fixed.map_or_else(Ratio::zero, |(row, _)| Ratio::scaled(row.weight.0, 6)),
            });
        }
        give(part, &measures, members)?;
    }
    Ok(())
}

fn give(part: &Ratio, measures: &[Ratio], members: &mut [Member]) -> Found<()> {
    if part.is_zero() {
        return Ok(());
    }
    for (member, own) in members.iter_mut().zip(part.divide(measures, 2).ok_or("members")?) {
        member.share = &member.share + own;
    }
    Ok(())
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
    }
}

impl Member {
    pub(super) fn row(&self) -> Row {
        Row::new(&[&self.consortium, &self.pool, &self.institution])
            .number("points", Some(&self.sum.points), 4)
            .money("due", &self.sum.due)
            .number("score", self.score.as_ref(), 6)
            .money("share", &self.share)
    }
}
