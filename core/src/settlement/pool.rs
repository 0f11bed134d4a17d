//! A pool's budget, deductions and point value.

use std::collections::BTreeMap;

use super::budget::{budget_of, lacking};
use super::cases::Cases;
use super::due::{Dues, Terms, dues};
use super::overflow;
use super::point_value::{Deducted, Value, deduct, money_rounding, value};
use super::recognised::{PaidLine, add_points, pay};
use super::sums::{Group, Sum, add, sums};
use crate::ledger::Period;
use crate::money::Fen;
use crate::policy::Policy;
use crate::policy::rules::{Budget, DueBasis, Method};
use crate::pricing::due_basis;
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};

/// A pool's month or year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PoolMonth {
    pub pool: String,
    /// The budget of the fund; `None` by rate without one.
    pub budget_fen: Option<i64>,
    pub deducted: Vec<Deducted>,
    /// N, what the point value shares out.
    pub numerator_fen: Option<i64>,
    pub point_value_e6: Option<i64>,
    /// Whether floor or ceiling moved the point value.
    pub limited: bool,
    pub sum: Sum,
    /// Budget − deductions − dues out of the pool.
    pub balance_fen: Option<i64>,
}

impl PoolMonth {
    /// The budget less the deductions.
    #[must_use]
    pub fn rest_fen(&self) -> Option<i64> {
        self.deducted.iter().try_fold(self.budget_fen?, |rest, deducted| rest.checked_sub(deducted.fen))
    }
}

/// Pools, dues of cases, and sums by group.
pub(super) struct Settled {
    pub pools: Vec<PoolMonth>,
    pub dues: Dues,
    pub groups: BTreeMap<Group, Sum>,
    pub lines: Vec<PaidLine>,
}

/// Finds each pool's point value, each case's due and that of each line of recognised exams.
pub(super) fn settle(
    policy: &Policy,
    cases: &Cases<'_>,
    mut lines: Vec<PaidLine>,
    period: Period,
) -> Result<Settled, Problems> {
    let mut before = Before::of(cases)?;
    before.add_points(&lines)?;
    let open = OpenPools::new(policy, &cases.pools, &before, period)?;
    let (dues, mut groups) = open.dues(cases)?;
    open.pay(&mut lines, &mut groups)?;
    Ok(Settled { pools: open.close(&groups)?, dues, groups, lines })
}

/// What must be known of all cases before the point value is.
#[derive(Clone, Debug)]
pub(super) struct Before {
    sums: BTreeMap<Group, Sum>,
    rows: usize,
    /// Every case has what `due = "case"` needs.
    complete: bool,
}

impl Default for Before {
    fn default() -> Before {
        Before { sums: BTreeMap::new(), rows: 0, complete: true }
    }
}

impl Before {
    pub(super) fn of(cases: &Cases<'_>) -> Result<Before, Problems> {
        let sums = sums(cases, None).ok_or_else(overflow)?;
        Ok(Before { sums, rows: cases.len(), complete: has_details(cases) })
    }

    /// Those of so many rows, added up elsewhere.
    pub(super) fn of_sums(sums: BTreeMap<Group, Sum>, rows: usize, complete: bool) -> Before {
        Before { sums, rows, complete }
    }

    pub(super) fn append(&mut self, more: Before) -> Result<(), Problems> {
        self.rows += more.rows;
        self.complete &= more.complete;
        add(&mut self.sums, more.sums).ok_or_else(overflow)
    }

    /// Points of recognised exams count before the point value is found.
    pub(super) fn add_points(&mut self, lines: &[PaidLine]) -> Result<(), Problems> {
        add_points(lines, &mut self.sums)
    }
}

/// Pools with their point values, before dues are known.
pub(super) struct OpenPools {
    pools: Vec<PoolMonth>,
    terms: Vec<Terms>,
}

impl OpenPools {
    pub(super) fn new(
        policy: &Policy,
        names: &[String],
        before: &Before,
        period: Period,
    ) -> Result<OpenPools, Problems> {
        let mut problems = Problems::new();
        let (pools, terms) = open_all(policy, names, &before.sums, period, &mut problems)?;
        check_details(before.complete, before.rows, &terms, &mut problems);
        if problems.has_errors() { Err(problems) } else { Ok(OpenPools { pools, terms }) }
    }

    pub(super) fn pools(&self) -> &[PoolMonth] {
        &self.pools
    }

    /// What is due for some of the cases, and their sums.
    pub(super) fn dues(&self, cases: &Cases<'_>) -> Result<(Dues, BTreeMap<Group, Sum>), Problems> {
        let dues = dues(cases, &self.terms).ok_or_else(overflow)?;
        let groups = sums(cases, Some(&dues)).ok_or_else(overflow)?;
        Ok((dues, groups))
    }

    /// Pays lines of recognised exams, and adds them to the sums of all cases.
    pub(super) fn pay(&self, lines: &mut [PaidLine], groups: &mut BTreeMap<Group, Sum>) -> Result<(), Problems> {
        pay(lines, &self.terms, groups)
    }

    /// `groups`: the sums of all cases and lines.
    pub(super) fn close(mut self, groups: &BTreeMap<Group, Sum>) -> Result<Vec<PoolMonth>, Problems> {
        close(&mut self.pools, groups)?;
        Ok(self.pools)
    }
}

/// The pools with their point values, and how each turns points into money. With a problem told both are incomplete.
pub(super) fn open_all(
    policy: &Policy,
    names: &[String],
    before: &BTreeMap<Group, Sum>,
    period: Period,
    problems: &mut Problems,
) -> Result<(Vec<PoolMonth>, Vec<Terms>), Problems> {
    let (mut pools, mut terms) = (Vec::new(), Vec::new());
    for (number, name) in names.iter().enumerate() {
        let sum = total(before.iter().filter(|(group, _)| usize::from(group.pool) == number)).ok_or_else(overflow)?;
        match open(policy, name, sum, period) {
            Ok(pool) => {
                terms.push(terms_of(policy, pool.point_value_e6));
                pools.push(pool);
            }
            Err(found) => problems.append(found),
        }
    }
    Ok((pools, terms))
}

/// The sum of some groups.
pub(super) fn total<'s>(groups: impl Iterator<Item = (&'s Group, &'s Sum)>) -> Option<Sum> {
    groups.map(|(_, sum)| sum).try_fold(Sum::default(), |whole, sum| whole.plus(sum))
}

fn open(policy: &Policy, pool: &str, sum: Sum, period: Period) -> Result<PoolMonth, Problems> {
    let by_points = matches!(policy.method.value, Method::Points { .. });
    let budget = match &policy.budget.value {
        Budget::AsPaid {} => Some(Fen(sum.fund_fen)),
        Budget::Table { table, .. } => match budget_of(policy, pool, None, period)? {
            None if by_points && (sum.cases > 0 || sum.points_e4 != 0) => {
                let rows = table.0.iter().map(|(row, _)| format!("{} {}", row.period, row.pool));
                let mut known: Vec<String> = rows.collect();
                known.sort();
                known.dedup();
                let problem =
                    Problem::new(&m::NO_BUDGET).with("pool", pool).with("period", lacking(&table.0, pool, period));
                return Err(problem.with("known", known.join(", ")).into());
            }
            budget => budget,
        },
    };
    let deducted = match budget {
        Some(budget) => deduct(policy, pool, budget, if period.is_year() { 12 } else { 1 }).ok_or_else(overflow)?,
        None => Vec::new(),
    };
    let budget_fen = budget.map(|fen| fen.0);
    let mut month = PoolMonth { pool: pool.to_owned(), budget_fen, deducted, sum, ..PoolMonth::default() };
    if by_points {
        find_value(policy, &mut month)?;
    }
    Ok(month)
}

fn find_value(policy: &Policy, month: &mut PoolMonth) -> Result<(), Problems> {
    let sum = month.sum;
    let rest = month.rest_fen().unwrap_or_default();
    let shares = match due_basis(policy) {
        DueBasis::Gross => sum.pool_patient_fen.checked_add(sum.pool_other_fen),
        _ => Some(0),
    };
    let numerator = shares.and_then(|s| rest.checked_add(s)?.checked_sub(sum.amount_fen)).ok_or_else(overflow)?;
    let has_cases = sum.cases > 0 || sum.points_e4 != 0;
    if (numerator < 0 && sum.points_e4 > 0) || (rest < 0 && has_cases) {
        let problem = Problem::new(&m::BUDGET_OVERDRAWN).with("pool", &month.pool);
        return Err(problem.with("amount", Fen(sum.amount_fen)).into());
    }
    let found = value(policy, &month.pool, numerator, sum.points_e4).map_err(|()| overflow())?;
    if found.is_none() && sum.points_e4 > 0 {
        return Err(Problem::new(&m::NO_POINT_VALUE).with("pool", &month.pool).into());
    }
    month.numerator_fen = Some(numerator);
    month.point_value_e6 = found.map(|Value { e6, .. }| e6);
    month.limited = found.is_some_and(|value| value.limited);
    Ok(())
}

pub(super) fn terms_of(policy: &Policy, point_value_e6: Option<i64>) -> Terms {
    let fund_share = match &policy.method.value {
        Method::Rate { fund_share, .. } => *fund_share,
        Method::Points { .. } => None,
    };
    let by_points = matches!(policy.method.value, Method::Points { .. });
    let rounding = money_rounding(policy);
    Terms { basis: due_basis(policy), fund_share, point_value_e6, by_points, rounding }
}

/// `due = "case"` needs columns that not every file has.
pub(super) fn check_details(complete: bool, rows: usize, terms: &[Terms], problems: &mut Problems) {
    if !complete && terms.iter().any(|terms| terms.basis == DueBasis::Case) {
        problems.push(Problem::new(&m::NEEDS_OWN_PAY).with("cases", rows));
    }
}

/// Whether every case has what `due = "case"` needs.
pub(super) fn has_details(cases: &Cases<'_>) -> bool {
    let rows = cases.len();
    cases.details.is_some_and(|details| {
        let columns = [&details.own_pay_fen, &details.first_own_pay_fen, &details.deductible_fen];
        columns.iter().all(|column| column.len() == rows && column.iter().all(|fen| *fen != i64::MIN))
    })
}

/// Sums and balances of pools once dues are known.
pub(super) fn close(pools: &mut [PoolMonth], groups: &BTreeMap<Group, Sum>) -> Result<(), Problems> {
    for (number, pool) in pools.iter_mut().enumerate() {
        pool.sum = total(groups.iter().filter(|(group, _)| usize::from(group.pool) == number)).ok_or_else(overflow)?;
        pool.balance_fen = match pool.rest_fen() {
            Some(rest) => Some(rest.checked_sub(pool.sum.pool_due_fen).ok_or_else(overflow)?),
            None => None,
        };
    }
    Ok(())
}
