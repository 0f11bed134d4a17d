//! Deposits returned by score; penalties.

use std::collections::BTreeMap;

use super::InstitutionYear;
use crate::ledger::Period;
use crate::money::{Fen, allocate};
use crate::policy::rules::{DepositReturn, Forfeited, Penalty, PenaltyRow, Score, ScoreBand};
use crate::policy::{Factor, Policy, Rows};
use crate::pricing::Exact;
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};
use crate::settlement::month::pool_name;
use crate::settlement::overflow;
use crate::settlement::point_value::money_rounding;

/// The score of a subject in a frozen snapshot.
pub(super) fn score_of(
    scores: &Rows<Score>,
    snapshot: &str,
    subject: &str,
    rule: &str,
    problems: &mut Problems,
) -> Option<Factor> {
    match scores.0.iter().map(|(row, _)| row).find(|row| row.subject == subject) {
        Some(row) if row.snapshot == snapshot => Some(row.score),
        Some(row) => {
            let problem = Problem::new(&m::OTHER_SNAPSHOT).with("subject", subject).with("found", &row.snapshot);
            problems.push(problem.with("snapshot", snapshot).with("rule", rule));
            None
        }
        None => {
            problems.push(Problem::new(&m::NO_SCORE).with("subject", subject).with("rule", rule));
            None
        }
    }
}

/// Returns deposits. Without a rule all of it comes back.
pub(super) fn settle(policy: &Policy, rows: &mut [InstitutionYear]) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let rounding = money_rounding(policy);
    let Some(rule) = &policy.deposit_return else {
        rows.iter_mut().for_each(|row| row.returned_fen = row.withheld_fen);
        return Ok(());
    };
    let name = &policy.rule(rule.rule).name;
    let (scores, snapshot, forfeited) = match &rule.value {
        DepositReturn::Full {} => {
            rows.iter_mut().for_each(|row| row.returned_fen = row.withheld_fen);
            return Ok(());
        }
        DepositReturn::Linear { scores, snapshot, forfeited, .. }
        | DepositReturn::Bands { scores, snapshot, forfeited, .. } => (scores, snapshot, *forfeited),
    };
    for row in rows.iter_mut().filter(|row| row.withheld_fen != 0) {
        let Some(score) = score_of(scores, snapshot, &row.institution, name, &mut problems) else { continue };
        let share = match &rule.value {
            DepositReturn::Linear { full, .. } => linear(score, *full),
            DepositReturn::Bands { bands, .. } => Some(band(bands, score)),
            DepositReturn::Full {} => Some(Exact::ONE),
        };
        row.full_return = share == Some(Exact::ONE);
        let returned = share.and_then(|share| share.times(Exact::whole(row.withheld_fen.into()))?.round(0, rounding));
        row.returned_fen = returned.ok_or_else(overflow)?;
    }
    if problems.has_errors() {
        return Err(problems);
    }
    if forfeited == Forfeited::Redistribute {
        redistribute(rows).ok_or_else(overflow)?;
    }
    Ok(())
}

/// min(1, score ÷ full).
fn linear(score: Factor, full: Factor) -> Option<Exact> {
    Exact::whole(score.0.into()).over(Exact::whole(full.0.into()))?.min(Exact::ONE)
}

/// The share of the highest band whose lower end the score reaches.
fn band(bands: &Rows<ScoreBand>, score: Factor) -> Exact {
    let reached = bands.0.iter().map(|(band, _)| band).filter(|band| band.from <= score);
    reached.max_by_key(|band| band.from).map_or(Exact::ZERO, |band| Exact::scaled(band.share.0, Factor::DIGITS))
}

/// Forfeits of a pool go to the rows with a full return, by points. Where there is none, they stay in the reserve.
fn redistribute(rows: &mut [InstitutionYear]) -> Option<()> {
    let mut pools: Vec<String> = rows.iter().map(|row| row.pool.clone()).collect();
    pools.sort();
    pools.dedup();
    let good = |row: &InstitutionYear| row.withheld_fen > 0 && row.full_return && row.sum.points_e4 > 0;
    // Divided in every pool or in none, so that the forfeits of the year have one destiny.
    if pools.iter().any(|pool| {
        let own = || rows.iter().filter(|row| row.pool == *pool);
        own().any(|row| row.forfeited_fen() != 0) && !own().any(good)
    }) {
        return Some(());
    }
    for pool in pools {
        let forfeited: i64 = rows.iter().filter(|row| row.pool == pool).map(InstitutionYear::forfeited_fen).sum();
        let to: Vec<usize> = (0..rows.len()).filter(|at| rows[*at].pool == pool && good(&rows[*at])).collect();
        if forfeited == 0 {
            continue;
        }
        let weights: Vec<i128> = to.iter().map(|at| rows[*at].sum.points_e4.into()).collect();
        for (at, part) in to.iter().zip(allocate(Fen(forfeited), &weights)?) {
            rows[*at].redistributed_fen = part.0;
        }
    }
    Some(())
}

/// Whether a penalty is taken by the clearing of a year.
pub(super) fn is_of(row: &PenaltyRow, period: Period) -> bool {
    row.year.is_none_or(|year| year.0 == i64::from(period.year()))
}

/// Sums the penalties of each row.
pub(super) fn penalties(policy: &Policy, period: Period, rows: &mut Vec<InstitutionYear>) -> Option<()> {
    let mut amounts: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for rule in &policy.penalties {
        let Penalty::Table { table } = &rule.value;
        for row in table.0.iter().map(|(row, _)| row).filter(|row| is_of(row, period)) {
            let own = amounts.entry((&row.fixmedins_code, &row.insutype)).or_default();
            *own = own.checked_add(row.amount.0.0)?;
        }
    }
    for ((institution, insutype), fen) in amounts {
        let own = rows.iter_mut().find(|row| row.institution == institution && row.insutype == insutype);
        match own {
            Some(row) => row.penalty_fen = fen,
            // Owed by an institution without cases this year.
            None => rows.push(InstitutionYear {
                institution: institution.to_owned(),
                insutype: insutype.to_owned(),
                pool: pool_name(policy, insutype),
                penalty_fen: fen,
                ..InstitutionYear::default()
            }),
        }
    }
    rows.sort_by(|a, b| (&a.institution, &a.insutype).cmp(&(&b.institution, &b.insutype)));
    Some(())
}
