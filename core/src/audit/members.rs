//! What the members of a consortium make of its balance, a second time.

use std::collections::BTreeSet;

use super::Found;
use super::compare::Row;
use super::consortia::Consortium;
use super::ratio::Ratio;
use super::sums::{Line, Sum, sum_of};
use super::year::score_of;
use crate::ledger::Period;
use crate::policy::Policy;
use crate::policy::rules::{Distribution, EmptyClass, InstitutionRow, Measure, Mix, OverrunSplit, TwoLevels};
use crate::pricing::State;

/// A member's part of a balance.
#[derive(Clone, Debug)]
pub(super) struct Member {
    consortium: String,
    pub pool: String,
    pub institution: String,
    class: String,
    sum: Sum,
    score: Option<Ratio>,
    pub share: Ratio,
}

/// How a balance is divided.
enum Split<'p> {
    ByDue,
    Mix(&'p Mix),
    Classes(&'p TwoLevels),
}

fn split_of<'p>(policy: &'p Policy, balance: &Ratio) -> Found<Option<Split<'p>>> {
    if balance.is_positive() {
        let rule = policy.distribution.as_ref().ok_or("distribution")?;
        return Ok(Some(match &rule.value {
            Distribution::Mix { mix } => Split::Mix(mix),
            Distribution::Classes { split } => Split::Classes(split),
        }));
    }
    if balance.is_negative() {
        let rule = policy.overrun_split.as_ref().ok_or("overrun_split")?;
        return Ok(Some(match &rule.value {
            OverrunSplit::ByDue {} => Split::ByDue,
            OverrunSplit::Mix { mix } => Split::Mix(mix),
            OverrunSplit::Classes { split } => Split::Classes(split),
        }));
    }
    Ok(None)
}

/// The row of an institution in the register on the last day of the year.
fn on_last_day(policy: &Policy, period: Period) -> impl Iterator<Item = &InstitutionRow> {
    let day = period.last_day();
    policy
        .register()
        .filter(move |row| row.valid_from.is_none_or(|from| from <= day) && row.valid_to.is_none_or(|to| day <= to))
}

/// Whether a mix has a fixed weight, or a score where scores alone count, for an institution without cases.
fn names(mix: &Mix, code: &str) -> bool {
    let mut named = false;
    if mix.fixed.0 > 0 {
        named |= mix.weights.iter().flat_map(|weights| &weights.0).any(|(row, _)| row.fixmedins_code == code);
    }
    if mix.score.0 > 0 {
        named |= mix.scores.iter().flat_map(|scores| &scores.0).any(|(row, _)| row.subject == code);
    }
    named
}

/// Divides what each cleared consortium gets, or gives back, among its members.
pub(super) fn divide(policy: &Policy, period: Period, consortia: &[Consortium], lines: &[Line]) -> Found<Vec<Member>> {
    let mut out = Vec::new();
    for one in consortia.iter().filter(|one| one.cleared) {
        let split = split_of(policy, &one.adjustment)?;
        let own = |line: &&Line| line.state != State::Excluded && line.consortium == one.name && line.pool == one.pool;
        let mut codes: BTreeSet<&str> = lines.iter().filter(own).map(|line| line.institution.as_str()).collect();
        for row in on_last_day(policy, period).filter(|row| row.consortium.as_ref() == Some(&one.name)) {
            let counts = match &split {
                Some(Split::Mix(mix)) => names(mix, &row.fixmedins_code),
                Some(Split::Classes(_)) => true,
                _ => false,
            };
            if counts {
                codes.insert(&row.fixmedins_code);
            }
        }
        let mut members = Vec::new();
        for code in codes {
            members.push(Member {
                consortium: one.name.clone(),
                pool: one.pool.clone(),
                institution: code.to_owned(),
                class: String::new(),
                sum: sum_of(lines.iter().filter(own).filter(|line| line.institution == code)),
                score: None,
                share: Ratio::zero(),
            });
        }
        let mut all: Vec<&mut Member> = members.iter_mut().collect();
        match split {
            None => {}
            Some(Split::Mix(mix)) => by_mix(mix, None, &one.adjustment, &mut all)?,
            Some(Split::Classes(split)) => by_classes(policy, period, split, &one.adjustment, &mut members)?,
            Some(Split::ByDue) => {
                let dues: Vec<Ratio> = all.iter().map(|member| member.sum.due.clone().most(Ratio::zero())).collect();
                give(&one.adjustment, &dues, &mut all)?;
            }
        }
        out.extend(members);
    }
    Ok(out)
}

fn by_classes(policy: &Policy, period: Period, split: &TwoLevels, whole: &Ratio, members: &mut [Member]) -> Found<()> {
    for member in members.iter_mut() {
        let class = match &split.members {
            Some(listed) => {
                let own = listed.0.iter().find(|(row, _)| row.fixmedins_code == member.institution);
                own.map(|(row, _)| row.class.clone())
            }
            None => {
                let own = on_last_day(policy, period).find(|row| row.fixmedins_code == member.institution);
                own.map(|row| row.hosp_lv.clone())
            }
        };
        member.class = class.ok_or_else(|| format!("class {}", member.institution))?;
    }
    let mut shares = Vec::new();
    for (class, _) in &split.classes.0 {
        let filled = members.iter().any(|member| member.class == class.class);
        if !filled && class.share.0 > 0 && split.empty == EmptyClass::Refuse {
            return Err(format!("class {}", class.class));
        }
        shares.push(if filled { Ratio::scaled(class.share.0, 6) } else { Ratio::zero() });
    }
    let parts = whole.divide(&shares, 2).ok_or("classes")?;
    for ((class, _), part) in split.classes.0.iter().zip(parts) {
        let mut own: Vec<&mut Member> = members.iter_mut().filter(|member| member.class == class.class).collect();
        match (&split.mix, class.by) {
            (Some(mix), measure) => by_mix(mix, measure, &part, &mut own)?,
            (None, _) => {
                let points: Vec<Ratio> =
                    own.iter().map(|member| member.sum.points.clone().most(Ratio::zero())).collect();
                give(&part, &points, &mut own)?;
            }
        }
    }
    Ok(())
}

/// Each part of a mix by its measure; or everything by one measure.
fn by_mix(mix: &Mix, only: Option<Measure>, whole: &Ratio, members: &mut [&mut Member]) -> Found<()> {
    let all = [Measure::Points, Measure::Score, Measure::PointsScore, Measure::Fixed];
    let mut shares = [mix.points, mix.score, mix.points_score, mix.fixed].map(|share| Ratio::scaled(share.0, 6));
    if let Some(only) = only {
        shares = all.map(|measure| if measure == only { Ratio::one() } else { Ratio::zero() });
    }
    let parts = whole.divide(&shares, 2).ok_or("mix")?;
    if shares[1].is_positive() || shares[2].is_positive() {
        let snapshot = mix.snapshot.as_deref().unwrap_or_default();
        for member in members.iter_mut() {
            let scores = mix.scores.iter().flat_map(|scores| scores.0.iter().map(|(score, _)| score));
            member.score = Some(score_of(scores, snapshot, &member.institution)?);
        }
    }
    for (measure, part) in all.into_iter().zip(&parts) {
        let mut measured = Vec::new();
        for member in members.iter() {
            let points = member.sum.points.clone().most(Ratio::zero());
            let score = member.score.clone().unwrap_or_else(Ratio::zero);
            let fixed = mix.weights.iter().flat_map(|weights| &weights.0);
            let fixed = fixed.into_iter().find(|(row, _)| row.fixmedins_code == member.institution);
            measured.push(match measure {
                Measure::Points => points,
                Measure::Score => score,
                Measure::PointsScore => points * score,
                Measure::Fixed => fixed.map_or_else(Ratio::zero, |(row, _)| Ratio::scaled(row.weight.0, 6)),
            });
        }
        give(part, &measured, members)?;
    }
    Ok(())
}

fn give(part: &Ratio, measures: &[Ratio], members: &mut [&mut Member]) -> Found<()> {
    if part.is_zero() {
        return Ok(());
    }
    for (member, own) in members.iter_mut().zip(part.divide(measures, 2).ok_or("members")?) {
        member.share = &member.share + own;
    }
    Ok(())
}

impl Member {
    pub(super) fn row(&self) -> Row {
        Row::new(&[&self.consortium, &self.pool, &self.institution])
            .number("points", Some(&self.sum.points), 4)
            .money("due", &self.sum.due)
            .number("score", self.score.as_ref(), 6)
            .text("class", &self.class)
            .money("share", &self.share)
    }
}
