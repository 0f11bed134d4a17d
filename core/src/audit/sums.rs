//! Sums of cases, and the money of a pool: budget, deductions, point value, dues.

use std::collections::BTreeMap;

use super::formulas::basis;
use super::ratio::Ratio;
use super::{Found, rule_name};
use crate::ledger::Period;
use crate::policy::rules::{
    Budget, Deduction, DeductionOf, DeductionTo, DueBasis, Method, PointValue, PointValueLimit, RoundingRule,
};
use crate::policy::{Policy, Price};
use crate::pricing::State;

/// A priced case as settlement sees it: amounts in yuan. A correction counts 0 cases, a case taken back −1.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub institution: String,
    pub insutype: String,
    pub consortium: String,
    pub pool: String,
    pub state: State,
    pub count: i64,
    pub points: Ratio,
    pub amount: Ratio,
    pub outside: Ratio,
    pub total: Ratio,
    pub fund: Option<Ratio>,
    pub patient: Option<Ratio>,
    pub other: Option<Ratio>,
    pub weight: Option<Ratio>,
    pub own: Option<[Ratio; 3]>,
    /// Found when the point value is known.
    pub standard: Ratio,
    pub due: Ratio,
    /// Points of recognised exams and not of a case.
    pub recognised: bool,
}

/// What some lines add up to.
#[derive(Clone, Debug)]
pub(super) struct Sum {
    pub cases: Ratio,
    pub unpaid: Ratio,
    pub total: Ratio,
    pub fund: Ratio,
    pub cost: Ratio,
    pub patient: Ratio,
    pub other: Ratio,
    pub points: Ratio,
    pub amount: Ratio,
    pub outside: Ratio,
    pub standard: Ratio,
    pub due: Ratio,
    pub pool_patient: Ratio,
    pub pool_other: Ratio,
    pub pool_due: Ratio,
    pub weighted: Ratio,
    pub weights: Ratio,
    pub recognised_points: Ratio,
    pub recognised_due: Ratio,
}

/// A pool's money.
#[derive(Clone, Debug)]
pub(super) struct PoolMoney {
    pub name: String,
    pub budget: Option<Ratio>,
    /// In order, with where each goes.
    pub deducted: Vec<(String, DeductionTo, Ratio)>,
    /// Budget less deductions.
    pub rest: Option<Ratio>,
    /// N
    pub shared: Option<Ratio>,
    pub value: Option<Ratio>,
    pub limited: bool,
    pub sum: Sum,
    pub balance: Option<Ratio>,
}

impl Line {
    /// What the fund paid by item.
    pub(super) fn fund_cost(&self) -> Ratio {
        match (&self.fund, &self.patient, &self.other) {
            (Some(fund), _, _) => fund.clone(),
            (None, Some(patient), Some(other)) => &self.total - patient - other,
            _ => Ratio::zero(),
        }
    }

    /// A case paid wholly beside the budget, or not paid, has no share in the pool's money.
    fn shares(&self) -> bool {
        let wholly_outside = !self.outside.is_zero() && self.points.is_zero() && self.amount.is_zero();
        self.state == State::Paid && !wholly_outside
    }
}

impl Sum {
    pub(super) fn zero() -> Sum {
        let zero = Ratio::zero;
        Sum {
            cases: zero(),
            unpaid: zero(),
            total: zero(),
            fund: zero(),
            cost: zero(),
            patient: zero(),
            other: zero(),
            points: zero(),
            amount: zero(),
            outside: zero(),
            standard: zero(),
            due: zero(),
            pool_patient: zero(),
            pool_other: zero(),
            pool_due: zero(),
            weighted: zero(),
            weights: zero(),
            recognised_points: zero(),
            recognised_due: zero(),
        }
    }

    pub(super) fn add(&mut self, line: &Line) {
        if line.state == State::Excluded {
            return;
        }
        let count = Ratio::whole(line.count);
        let known = |amount: &Option<Ratio>| amount.clone().unwrap_or_else(Ratio::zero);
        match line.state {
            State::Paid => self.cases = &self.cases + &count,
            _ => self.unpaid = &self.unpaid + &count,
        }
        self.total = &self.total + &line.total;
        self.fund = &self.fund + line.fund_cost();
        if line.state == State::Paid {
            self.cost = &self.cost + line.fund_cost();
        }
        self.patient = &self.patient + known(&line.patient);
        self.other = &self.other + known(&line.other);
        self.points = &self.points + &line.points;
        self.amount = &self.amount + &line.amount;
        self.outside = &self.outside + &line.outside;
        self.standard = &self.standard + &line.standard;
        self.due = &self.due + &line.due;
        if line.shares() {
            self.pool_patient = &self.pool_patient + known(&line.patient);
            self.pool_other = &self.pool_other + known(&line.other);
            self.pool_due = &self.pool_due + &line.due - &line.outside;
        }
        if line.recognised {
            self.recognised_points = &self.recognised_points + &line.points;
            self.recognised_due = &self.recognised_due + &line.due;
        }
        if let Some(weight) = &line.weight {
            self.weighted = &self.weighted + &count;
            self.weights = &self.weights + weight * &count;
        }
    }

    /// Σ RW ÷ cases with a weight.
    pub(super) fn cmi(&self) -> Option<Ratio> {
        Some(self.weights.over(&self.weighted)?.round(4, crate::money::Rounding::HalfUp))
    }
}

/// The sum of the lines that `of` picks.
pub(super) fn sum_of<'l>(lines: impl IntoIterator<Item = &'l Line>) -> Sum {
    let mut sum = Sum::zero();
    for line in lines {
        sum.add(line);
    }
    sum
}

/// Money to the fen, as the pack rounds it.
pub(super) fn to_fen(policy: &Policy, amount: &Ratio) -> Ratio {
    let RoundingRule::Digits { money, .. } = &policy.rounding.value;
    amount.round(2, *money)
}

/// A budget for a month or a year: the row of the period itself; a year's over its months by their weights; a year from
/// its twelve months.
pub(super) fn budget(policy: &Policy, pool: &str, consortium: Option<&str>, period: Period) -> Found<Option<Ratio>> {
    let Budget::Table { table, month_weights } = &policy.budget.value else { return Ok(None) };
    let row = |text: &str| {
        let own = table
            .0
            .iter()
            .find(|(row, _)| row.pool == pool && row.consortium.as_deref() == consortium && row.period == text);
        own.map(|(row, _)| Ratio::yuan(row.fund_budget.0.0))
    };
    let year = row(&period.year().to_string());
    if period.is_year() {
        if year.is_some() {
            return Ok(year);
        }
        let mut sum = Ratio::zero();
        for month in 1..=12 {
            let Some(own) = row(&format!("{}-{month:02}", period.year())) else { return Ok(None) };
            sum = sum + own;
        }
        return Ok(Some(sum));
    }
    let Some(year) = year else { return Ok(row(&period.to_string())) };
    let weights: Vec<Ratio> = match month_weights {
        Some(weights) => weights.iter().map(|weight| Ratio::whole(weight.0)).collect(),
        None => vec![Ratio::one(); 12],
    };
    let months = year.divide(&weights, 2).ok_or("month_weights")?;
    let month: usize = period.to_string()[5..].parse().map_err(|_| "period")?;
    Ok(months.get(month - 1).cloned())
}

/// Opens a pool on its lines: budget, deductions, N, point value.
pub(super) fn open(policy: &Policy, name: &str, lines: &[Line], period: Period) -> Found<PoolMoney> {
    let own = || lines.iter().filter(|line| line.pool == name);
    let sum = sum_of(own());
    let by_points = matches!(policy.method.value, Method::Points { .. });
    let budget = match &policy.budget.value {
        Budget::AsPaid {} => Some(sum.fund.clone()),
        Budget::Table { .. } => budget(policy, name, None, period)?,
    };
    let months = if period.is_year() { 12 } else { 1 };
    let deducted = match &budget {
        Some(budget) => deductions(policy, name, budget, months),
        None => Vec::new(),
    };
    let rest = budget.as_ref().map(|budget| deducted.iter().fold(budget.clone(), |rest, (_, _, part)| rest - part));
    let mut pool = PoolMoney {
        name: name.to_owned(),
        budget,
        deducted,
        rest,
        shared: None,
        value: None,
        limited: false,
        sum,
        balance: None,
    };
    if by_points {
        let mut shared = pool.rest.clone().unwrap_or_else(Ratio::zero) - &pool.sum.amount;
        if basis(policy) == DueBasis::Gross {
            shared = shared + &pool.sum.pool_patient + &pool.sum.pool_other;
        }
        point_value(policy, &mut pool, &shared);
        pool.shared = Some(shared);
    }
    Ok(pool)
}

fn deductions(policy: &Policy, pool: &str, budget: &Ratio, months: i64) -> Vec<(String, DeductionTo, Ratio)> {
    let mut rules: Vec<_> = policy.deductions.iter().collect();
    rules.sort_by_key(|rule| rule.value.order());
    let mut rest = budget.clone();
    let mut out = Vec::new();
    for rule in rules {
        let (part, to) = match &rule.value {
            Deduction::Share { share, of, to, .. } => {
                let base = if *of == DeductionOf::Budget { budget } else { &rest };
                (to_fen(policy, &(base * Ratio::scaled(share.0, 6))), *to)
            }
            Deduction::Amount { amounts, to, .. } => {
                let monthly = super::place::of_pool(amounts, pool).unwrap_or_else(Ratio::zero);
                (monthly * Ratio::whole(months), *to)
            }
        };
        rest = rest - &part;
        out.push((rule_name(policy, rule.rule), to, part));
    }
    out
}

fn price_of(values: &BTreeMap<String, Price>, pool: &str) -> Option<Ratio> {
    let own = if values.contains_key(pool) { values.get(pool) } else { values.get("*") };
    own.map(|price| Ratio::scaled(price.0, 6))
}

fn point_value(policy: &Policy, pool: &mut PoolMoney, shared: &Ratio) {
    let RoundingRule::Digits { point_value_digits, point_value: rounding, .. } = &policy.rounding.value;
    let round = |value: &Ratio| value.round(u32::try_from(point_value_digits.0).unwrap_or(4), *rounding);
    let Some(rule) = &policy.point_value else { return };
    if let PointValue::Fixed { values, .. } = &rule.value {
        pool.value = price_of(values, &pool.name);
        return;
    }
    if !pool.sum.points.is_positive() {
        return;
    }
    let Some(found) = shared.over(&pool.sum.points).map(|value| round(&value)) else { return };
    pool.value = Some(found.clone());
    if let Some(limit) = &policy.point_value_limit
        && let PointValueLimit::Band { reference, floor, ceiling } = &limit.value
        && let Some(reference) = price_of(reference, &pool.name)
    {
        let bound = |factor: crate::policy::Factor| round(&(&reference * Ratio::scaled(factor.0, 6)));
        let mut value = found.clone();
        if let Some(floor) = floor {
            value = value.most(bound(*floor));
        }
        if let Some(ceiling) = ceiling {
            value = value.least(bound(*ceiling));
        }
        pool.limited = value != found;
        pool.value = Some(value);
    }
}

/// Standard and due of every line, then the pools' final sums.
pub(super) fn settle(policy: &Policy, pools: &mut [PoolMoney], lines: &mut [Line]) -> Found<()> {
    for line in lines.iter_mut().filter(|line| line.state == State::Paid) {
        let pool = pools.iter().find(|pool| pool.name == line.pool).ok_or_else(|| format!("pool {}", line.pool))?;
        due(policy, pool.value.as_ref(), line)?;
    }
    for pool in pools {
        pool.sum = sum_of(lines.iter().filter(|line| line.pool == pool.name));
        pool.balance = pool.rest.as_ref().map(|rest| rest - &pool.sum.pool_due);
    }
    Ok(())
}

/// Standard and due of a paid line by a point value.
pub(super) fn due(policy: &Policy, value: Option<&Ratio>, line: &mut Line) -> Found<()> {
    let mut standard = &line.amount + &line.outside;
    if line.recognised && value.is_none() {
        return Ok(());
    }
    if matches!(policy.method.value, Method::Points { .. }) && !line.points.is_zero() {
        let value = value.ok_or_else(|| format!("PV {}", line.pool))?;
        standard = standard + to_fen(policy, &(&line.points * value));
    }
    line.due = match basis(policy) {
        DueBasis::Fund => standard.clone(),
        DueBasis::Gross => {
            let patient = line.patient.as_ref().ok_or("psn_pay")?;
            &standard - patient - line.other.as_ref().ok_or("oth_fund_pay")?
        }
        DueBasis::Case => {
            let Method::Rate { fund_share: Some(share), .. } = &policy.method.value else {
                return Err("fund_share".to_owned());
            };
            let [full, first, deductible] = line.own.as_ref().ok_or("fulamt_ownpay_amt")?;
            let covered = (&standard - full - first - deductible).most(Ratio::zero());
            to_fen(policy, &(covered * Ratio::scaled(share.0, 6)))
        }
    };
    line.standard = standard;
    Ok(())
}
