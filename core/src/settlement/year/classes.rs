//! Two levels: fixed shares of classes (county, township, village), then the members inside each.

use super::members::{MemberYear, by_mix};
use crate::ledger::Period;
use crate::money::{Fen, allocate};
use crate::policy::rules::{ClassRow, EmptyClass, Measure, Mix, TwoLevels};
use crate::policy::{Policy, Share};
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};
use crate::settlement::overflow;

/// Divides a whole between the classes by largest remainder, and each part among the members of the class.
pub(super) fn by_classes(
    policy: &Policy,
    period: Period,
    split: &TwoLevels,
    rule: &str,
    whole: i64,
    rows: &mut [MemberYear],
) -> Result<(), Problems> {
    let classes: Vec<&ClassRow> = split.classes.0.iter().map(|(class, _)| class).collect();
    let mut problems = Problems::new();
    for row in rows.iter_mut() {
        row.class = class_of(policy, period, split, &row.institution);
        let known = row.class.as_ref().is_some_and(|own| classes.iter().any(|class| class.class == *own));
        if !known {
            let problem = Problem::new(&m::NO_CLASS).with("institution", &row.institution).with("rule", rule);
            let found = row.class.clone().unwrap_or_default();
            let names: Vec<&str> = classes.iter().map(|class| class.class.as_str()).collect();
            problems.push(problem.with("class", found).with("known", names.join(", ")));
        }
    }
    let has = |class: &ClassRow| rows.iter().any(|row| row.class.as_ref() == Some(&class.class));
    let consortium = rows.first().map_or("", |row| row.consortium.as_str()).to_owned();
    let empty = classes.iter().filter(|class| class.share.0 > 0 && !has(class));
    for class in empty.filter(|_| split.empty == EmptyClass::Refuse) {
        let problem = Problem::new(&m::EMPTY_CLASS).with("consortium", &consortium).with("class", &class.class);
        problems.push(problem.with("rule", rule));
    }
    if problems.has_errors() {
        return Err(problems);
    }
    let weights: Vec<i128> = classes.iter().map(|class| if has(class) { class.share.0.into() } else { 0 }).collect();
    if weights.iter().all(|weight| *weight == 0) {
        let problem = Problem::new(&m::NOTHING_TO_SPLIT_BY).with("consortium", &consortium).with("rule", rule);
        return Err(problem.into());
    }
    for (class, part) in classes.iter().zip(allocate(Fen(whole), &weights).ok_or_else(overflow)?) {
        let own: Vec<usize> = (0..rows.len()).filter(|at| rows[*at].class.as_ref() == Some(&class.class)).collect();
        let mut members: Vec<MemberYear> = own.iter().map(|at| rows[*at].clone()).collect();
        by_mix(&inside(split, class), rule, part.0, &mut members)?;
        own.into_iter().zip(members).for_each(|(at, member)| rows[at] = member);
    }
    Ok(())
}

/// The class of a member: as listed, or else the level of the register on the last day.
fn class_of(policy: &Policy, period: Period, split: &TwoLevels, institution: &str) -> Option<String> {
    if let Some(members) = &split.members {
        let own = members.0.iter().map(|(row, _)| row).find(|row| row.fixmedins_code == institution);
        return own.map(|row| row.class.clone());
    }
    let day = period.last_day().to_epoch_days();
    let own = policy.register().find(|row| {
        let (from, to) = row.days();
        row.fixmedins_code == institution && from <= day && day <= to
    });
    own.map(|row| row.hosp_lv.clone())
}

/// How a class is divided: by its own measure, or by the mix; by points where neither is stated.
fn inside(split: &TwoLevels, class: &ClassRow) -> Mix {
    let mut mix = split.mix.clone().unwrap_or(Mix {
        points: Share::ONE,
        score: Share(0),
        points_score: Share(0),
        fixed: Share(0),
        scores: None,
        snapshot: None,
        weights: None,
    });
    if let Some(measure) = class.by {
        let of = |own| if measure == own { Share::ONE } else { Share(0) };
        mix.points = of(Measure::Points);
        mix.score = of(Measure::Score);
        mix.points_score = of(Measure::PointsScore);
        mix.fixed = of(Measure::Fixed);
    }
    mix
}
