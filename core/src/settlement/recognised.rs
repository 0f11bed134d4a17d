//! Points of recognised exams (互认折算点数) that share a pool's money with the points of cases.
//!
//! A line is what one payee has of one month's recognition for one insurance type, under one pack. It counts no case:
//! its points lower the point value, and points × point value are paid on a line of its own.

use std::collections::BTreeMap;

use super::due::{Terms, points_fen};
use super::month::pool_name;
use super::overflow;
use super::sums::{Group, Sum};
use crate::ledger::Period;
use crate::policy::rules::{Institutions, Method};
use crate::policy::{Policy, PolicySet, RuleRef};
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};

/// The points of a payee, as a book has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointLine {
    pub institution: String,
    pub insutype: String,
    /// The month whose recognition says so.
    pub period: Period,
    /// Records paid, less records taken back.
    pub records: i64,
    /// In ten-thousandths; negative where more was taken back than paid.
    pub points_e4: i64,
    /// The pack that recognition was worked out by, and its rule of booking.
    pub pack: String,
    pub rule: RuleRef,
    /// What the month paid for them; of a year only.
    pub monthly_due_fen: i64,
}

/// A line with its place and its money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidLine {
    pub of: PointLine,
    pub group: Group,
    /// Nothing where its pool has no point value yet: then the year pays it.
    pub due_fen: i64,
}

/// Finds pool and consortium of each line: the consortium by the register on the last day of the line's month.
pub(super) fn place(
    policy: &Policy,
    set: &PolicySet,
    pools: &[String],
    lines: &[PointLine],
) -> Result<Vec<PaidLine>, Problems> {
    let mut problems = Problems::new();
    let mut out = Vec::new();
    if !lines.is_empty() && matches!(policy.method.value, Method::Rate { .. }) {
        let name = &policy.rule(policy.method.rule).name;
        let problem = Problem::new(&m::POINTS_BY_RATE).with("rule", name).with("lines", lines.len());
        return Err(problem.into());
    }
    for line in lines {
        let pool = pool_name(policy, &line.insutype);
        let number = pools.iter().position(|own| *own == pool).and_then(|at| u8::try_from(at).ok());
        let Some(number) = number else {
            let problem = Problem::new(&m::UNKNOWN_INSURANCE_TYPE).with("insutype", &line.insutype);
            problems.push(problem.with("cases", line.records).with("known", pools.join(", ")));
            continue;
        };
        let day = line.period.last_day();
        let register = set.on(day).map_or(policy, |pack| &set.packs[pack]);
        let Some(consortium) = consortium_of(register, &line.institution, day.to_epoch_days()) else {
            let problem = Problem::new(&m::UNKNOWN_INSTITUTION).with("institution", &line.institution);
            problems.push(problem.with("cases", line.records));
            continue;
        };
        let (institution, insutype) = (line.institution.clone(), line.insutype.clone());
        let group = Group { institution, insutype, pool: number, consortium };
        out.push(PaidLine { of: line.clone(), group, due_fen: 0 });
    }
    if problems.has_errors() { Err(problems) } else { Ok(out) }
}

/// The consortium of an institution on a day; `None` for one that the register does not know.
fn consortium_of(policy: &Policy, institution: &str, day: i32) -> Option<String> {
    if !matches!(policy.institutions.value, Institutions::Register { .. }) {
        return Some(String::new());
    }
    let own = policy.register().find(|row| {
        let (from, to) = row.days();
        row.fixmedins_code == institution && from <= day && day <= to
    });
    own.map(|row| row.consortium.clone().unwrap_or_default())
}

/// Adds the points of the lines to the sums of their groups, before the point value is known.
pub(super) fn add_points(lines: &[PaidLine], groups: &mut BTreeMap<Group, Sum>) -> Result<(), Problems> {
    add(lines, groups, |line| Sum { points_e4: line.of.points_e4, recognised_e4: line.of.points_e4, ..Sum::default() })
}

/// Pays the lines by the point value of their pools, and adds both points and money to the sums of their groups.
pub(super) fn pay(lines: &mut [PaidLine], terms: &[Terms], groups: &mut BTreeMap<Group, Sum>) -> Result<(), Problems> {
    for line in lines.iter_mut() {
        let terms = &terms[usize::from(line.group.pool)];
        line.due_fen = match terms.point_value_e6 {
            Some(value) => points_fen(line.of.points_e4, value, terms.rounding).ok_or_else(overflow)?,
            None => 0,
        };
    }
    add(lines, groups, |line| Sum {
        points_e4: line.of.points_e4,
        recognised_e4: line.of.points_e4,
        standard_fen: line.due_fen,
        due_fen: line.due_fen,
        pool_due_fen: line.due_fen,
        recognised_fen: line.due_fen,
        ..Sum::default()
    })
}

fn add(lines: &[PaidLine], groups: &mut BTreeMap<Group, Sum>, sum: impl Fn(&PaidLine) -> Sum) -> Result<(), Problems> {
    for line in lines {
        let own = groups.entry(line.group.clone()).or_default();
        *own = own.plus(&sum(line)).ok_or_else(overflow)?;
    }
    Ok(())
}
