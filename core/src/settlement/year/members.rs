//! What a consortium's members make of its balance. Two ledgers: dues of cases are not touched.

use std::collections::BTreeMap;

use super::classes::by_classes;
use super::consortium::ConsortiumYear;
use super::deposit::score_of;
use crate::ledger::Period;
use crate::money::{Fen, allocate};
use crate::policy::rules::{Distribution, Mix, OverrunSplit};
use crate::policy::{Factor, Policy, RuleNo};
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};
use crate::settlement::overflow;
use crate::settlement::pool::PoolMonth;
use crate::settlement::sums::{Group, Sum};

/// A member's part of its consortium's balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberYear {
    pub consortium: String,
    pub pool: String,
    pub institution: String,
    pub points_e4: i64,
    pub due_fen: i64,
    pub score: Option<Factor>,
    /// Where the balance is divided between classes first.
    pub class: Option<String>,
    /// Positive: of the surplus; negative: of the overrun.
    pub share_fen: i64,
}

/// Divides each consortium's adjustment.
pub(super) fn divide(
    policy: &Policy,
    period: Period,
    consortia: &[ConsortiumYear],
    groups: &BTreeMap<Group, Sum>,
    pools: &[PoolMonth],
) -> Result<Vec<MemberYear>, Problems> {
    let mut problems = Problems::new();
    let mut out = Vec::new();
    for row in consortia.iter().filter(|row| row.cleared) {
        let mut members: BTreeMap<&str, Sum> = BTreeMap::new();
        let named = without_cases(policy, period, row);
        members.extend(named.into_iter().map(|institution| (institution, Sum::default())));
        for (group, sum) in groups {
            if group.consortium == row.consortium && pools[usize::from(group.pool)].pool == row.pool {
                let own = members.entry(&group.institution).or_default();
                *own = own.plus(sum).ok_or_else(overflow)?;
            }
        }
        let mut rows: Vec<MemberYear> = members
            .into_iter()
            .map(|(institution, sum)| MemberYear {
                consortium: row.consortium.clone(),
                pool: row.pool.clone(),
                institution: institution.to_owned(),
                points_e4: sum.points_e4,
                due_fen: sum.due_fen,
                score: None,
                class: None,
                share_fen: 0,
            })
            .collect();
        match split(policy, period, row.adjustment_fen, &mut rows) {
            Ok(()) => out.append(&mut rows),
            Err(found) => problems.append(found),
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(out) }
}

/// Members by the register of the year's last day that need no case to have a part: whom the rule of the balance gives
/// a fixed weight or, where a score alone counts, a score; and every member where classes come first.
fn without_cases<'p>(policy: &'p Policy, period: Period, row: &ConsortiumYear) -> Vec<&'p str> {
    let day = period.last_day().to_epoch_days();
    let mix = |mix: &Mix, code: &str| {
        let weights = mix.weights.iter().flat_map(|weights| &weights.0).filter(|_| mix.fixed.0 > 0);
        let scores = mix.scores.iter().flat_map(|scores| &scores.0).filter(|_| mix.score.0 > 0);
        weights.into_iter().any(|(own, _)| own.fixmedins_code == code)
            || scores.into_iter().any(|(own, _)| own.subject == code)
    };
    let surplus = policy.distribution.as_ref().filter(|_| row.adjustment_fen > 0).map(|rule| &rule.value);
    let overrun = policy.overrun_split.as_ref().filter(|_| row.adjustment_fen < 0).map(|rule| &rule.value);
    let counts = |code: &str| match (surplus, overrun) {
        (Some(Distribution::Mix { mix: own }), _) | (_, Some(OverrunSplit::Mix { mix: own })) => mix(own, code),
        (Some(Distribution::Classes { .. }), _) | (_, Some(OverrunSplit::Classes { .. })) => true,
        _ => false,
    };
    let members = policy.register().filter(|member| {
        let (from, to) = member.days();
        member.consortium.as_deref() == Some(row.consortium.as_str()) && from <= day && day <= to
    });
    members.map(|member| member.fixmedins_code.as_str()).filter(|code| counts(code)).collect()
}

fn split(policy: &Policy, period: Period, whole: i64, rows: &mut [MemberYear]) -> Result<(), Problems> {
    let needs = |family: &str| Problems::from(Problem::new(&m::NO_SPLIT).with("family", family));
    let name = |rule: RuleNo| policy.rule(rule).name.as_str();
    match whole {
        0 => Ok(()),
        1.. => {
            let rule = policy.distribution.as_ref().ok_or_else(|| needs("distribution"))?;
            match &rule.value {
                Distribution::Mix { mix } => by_mix(mix, name(rule.rule), whole, rows),
                Distribution::Classes { split } => by_classes(policy, period, split, name(rule.rule), whole, rows),
            }
        }
        _ => {
            let rule = policy.overrun_split.as_ref().ok_or_else(|| needs("overrun_split"))?;
            match &rule.value {
                OverrunSplit::Mix { mix } => by_mix(mix, name(rule.rule), whole, rows),
                OverrunSplit::Classes { split } => by_classes(policy, period, split, name(rule.rule), whole, rows),
                OverrunSplit::ByDue {} => {
                    let weights = rows.iter().map(|row| i128::from(row.due_fen.max(0))).collect();
                    add(whole, weights, rows, name(rule.rule))
                }
            }
        }
    }
}

/// Each part of the mix is divided by its own measure.
pub(super) fn by_mix(mix: &Mix, rule: &str, whole: i64, rows: &mut [MemberYear]) -> Result<(), Problems> {
    let shares = [mix.points, mix.score, mix.points_score, mix.fixed].map(|share| i128::from(share.0));
    let parts = allocate(Fen(whole), &shares).ok_or_else(overflow)?;
    let mut problems = Problems::new();
    if let (true, Some(scores), Some(snapshot)) = (shares[1] + shares[2] > 0, &mix.scores, &mix.snapshot) {
        for row in rows.iter_mut() {
            row.score = score_of(scores, snapshot, &row.institution, rule, &mut problems);
        }
    }
    if problems.has_errors() {
        return Err(problems);
    }
    let score = |row: &MemberYear| i128::from(row.score.map_or(0, |score| score.0));
    let points = |row: &MemberYear| i128::from(row.points_e4.max(0));
    let fixed = |row: &MemberYear| {
        let weights = mix.weights.iter().flat_map(|weights| weights.0.iter().map(|(own, _)| own));
        let own = weights.into_iter().find(|own| own.fixmedins_code == row.institution);
        own.map_or(0, |own| i128::from(own.weight.0))
    };
    let measures: [Vec<i128>; 4] = [
        rows.iter().map(points).collect(),
        rows.iter().map(score).collect(),
        rows.iter().map(|row| points(row) * score(row)).collect(),
        rows.iter().map(fixed).collect(),
    ];
    for (part, measure) in parts.into_iter().zip(measures) {
        add(part.0, measure, rows, rule)?;
    }
    Ok(())
}

fn add(part: i64, measure: Vec<i128>, rows: &mut [MemberYear], rule: &str) -> Result<(), Problems> {
    if part == 0 {
        return Ok(());
    }
    if measure.iter().all(|weight| *weight == 0) {
        let consortium = rows.first().map_or("", |row| row.consortium.as_str());
        let problem = Problem::new(&m::NOTHING_TO_SPLIT_BY).with("consortium", consortium).with("rule", rule);
        return Err(problem.into());
    }
    let parts = allocate(Fen(part), &measure).ok_or_else(overflow)?;
    for (row, part) in rows.iter_mut().zip(parts) {
        row.share_fen = row.share_fen.checked_add(part.0).ok_or_else(overflow)?;
    }
    Ok(())
}
