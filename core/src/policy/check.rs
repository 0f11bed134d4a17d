//! What must hold between the rules of a pack.

use std::collections::{BTreeMap, BTreeSet};

use super::clearing;
use super::lines;
use super::named;
use super::overlap;
use super::rules::{
    Budget, CaseStatus, Coefficient, Deduction, DueBasis, HighCase, Institutions, LowCase, Method, PointValue,
    PointValueLimit, PoolMean, Pools, Reference, ReviewPay, Special, SpecialReview, Ungrouped, UnstablePay,
};
use super::spec::Whole;
use super::{Policy, RuleNo};
use crate::problem::catalogue::policy as p;
use crate::problem::{Problem, Problems};

/// Tells everything that does not fit together.
pub(super) fn check(policy: &Policy, problems: &mut Problems) {
    pools(policy, problems);
    register(policy, problems);
    day_bands(policy, problems);
    lines::check(policy, problems);
    conditions(policy, problems);
    named::check(policy, problems);
    statuses(policy, problems);
    pool_mean(policy, problems);
    payment(policy, problems);
    orders(policy, problems);
    clearing::check(policy, problems);
}

pub(super) fn rule(policy: &Policy, number: RuleNo, problem: Problem) -> Problem {
    problem.file(policy.rule(number).pack.as_str()).rule(format!("rules.{}", policy.rule(number).name))
}

fn pools(policy: &Policy, problems: &mut Problems) {
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for (pool, types) in policy.pools.value.pools() {
        for insutype in types {
            if let Some(first) = seen.insert(insutype, pool.clone()) {
                let problem = Problem::new(&p::SAME_TYPE_TWICE).with("insutype", insutype).with("first", first);
                problems.push(rule(policy, policy.pools.rule, problem.with("second", &pool)));
            }
        }
    }
    let known: Vec<String> = policy.pools.value.pools().into_iter().map(|(pool, _)| pool).collect();
    let mut names: Vec<(RuleNo, Vec<&String>)> = Vec::new();
    if let Method::Rate { rates, .. } = &policy.method.value {
        names.push((policy.method.rule, rates.keys().collect()));
    }
    if let Some(PoolMean::Fixed { values }) = policy.pool_mean.as_ref().map(|rule| &rule.value) {
        names.extend(policy.pool_mean.as_ref().map(|rule| (rule.rule, values.keys().collect())));
    }
    if let Some(PointValue::Fixed { values, .. }) = policy.point_value.as_ref().map(|rule| &rule.value) {
        names.extend(policy.point_value.as_ref().map(|rule| (rule.rule, values.keys().collect())));
    }
    if let Some(PointValueLimit::Band { reference, .. }) = policy.point_value_limit.as_ref().map(|rule| &rule.value) {
        names.extend(policy.point_value_limit.as_ref().map(|rule| (rule.rule, reference.keys().collect())));
    }
    if let Budget::Table { table, .. } = &policy.budget.value {
        names.push((policy.budget.rule, table.0.iter().map(|(row, _)| &row.pool).collect()));
    }
    for deduction in &policy.deductions {
        if let Deduction::Amount { amounts, .. } = &deduction.value {
            names.push((deduction.rule, amounts.keys().collect()));
        }
    }
    for (number, pools) in names {
        let unknown: BTreeSet<&String> = pools.into_iter().filter(|p| *p != "*" && !known.contains(p)).collect();
        for pool in unknown {
            let problem = Problem::new(&p::UNKNOWN_POOL).with("pool", pool).with("known", known.join(", "));
            problems.push(rule(policy, number, problem));
        }
    }
}

/// An institution has one row a day.
fn register(policy: &Policy, problems: &mut Problems) {
    let Institutions::Register { table } = &policy.institutions.value else {
        return;
    };
    let mut rows: Vec<_> = table.0.iter().map(|(row, origin)| (&row.fixmedins_code, row.days(), origin)).collect();
    rows.sort_by_key(|(code, days, origin)| (*code, *days, origin.line));
    for pair in rows.windows(2) {
        let ((first, (_, to), place), (second, (from, _), origin)) = (&pair[0], &pair[1]);
        if first == second && from <= to {
            let problem = Problem::new(&p::DUPLICATE_ROW).with("key", second).with("first", place.line);
            problems.push(problem.file(origin.file.clone()).row(origin.line));
        }
    }
}

fn day_bands(policy: &Policy, problems: &mut Problems) {
    for special in &policy.special {
        let Some(bands) = special.value.bands() else { continue };
        let ends: Vec<Option<i64>> = bands.0.iter().map(|(band, _)| band.to.map(|to| to.0)).collect();
        if !ascend(&ends) {
            problems.push(rule(policy, special.rule, Problem::new(&p::BANDS_NOT_ASCENDING)));
        }
    }
}

/// Upper ends that ascend, the last open and only the last.
pub(super) fn ascend(ends: &[Option<i64>]) -> bool {
    let closed = &ends[..ends.len().saturating_sub(1)];
    let rising = closed.iter().all(Option::is_some) && closed.windows(2).all(|pair| pair[0] < pair[1]);
    ends.last().is_some_and(Option::is_none) && rising
}

fn statuses(policy: &Policy, problems: &mut Problems) {
    let mut paid: BTreeMap<CaseStatus, RuleNo> = BTreeMap::new();
    for ungrouped in &policy.ungrouped {
        for status in ungrouped.value.statuses() {
            if let Some(first) = paid.insert(*status, ungrouped.rule) {
                let problem = Problem::new(&p::STATUS_TWICE)
                    .with("status", status.status().code())
                    .with("first", &policy.rule(first).name)
                    .with("second", &policy.rule(ungrouped.rule).name);
                problems.push(rule(policy, ungrouped.rule, problem));
            }
        }
    }
    let open: Vec<&str> = CaseStatus::ALL.iter().filter(|s| !paid.contains_key(s)).map(|s| s.status().code()).collect();
    if !open.is_empty() {
        problems.push(Problem::new(&p::STATUSES_UNCOVERED).with("statuses", open.join(", ")).rule(policy.id.as_str()));
    }
}

/// Rules that divide by M need it.
fn pool_mean(policy: &Policy, problems: &mut Problems) {
    if policy.pool_mean.is_some() {
        return;
    }
    let mut need = Vec::new();
    let by_points = matches!(policy.method.value, Method::Points { .. });
    let needs = |reference: Reference| {
        reference == Reference::PoolMean || (reference == Reference::PaymentStandard && by_points)
    };
    if policy.low_line.value.line().is_some_and(|line| needs(line.reference)) {
        need.push(policy.low_line.rule);
    }
    if policy.high_line.value.line().is_some_and(|line| needs(line.reference)) {
        need.push(policy.high_line.rule);
    }
    if matches!(policy.low_case.value, LowCase::PoolRatio { .. }) {
        need.push(policy.low_case.rule);
    }
    if matches!(policy.high_case.value, HighCase::ExcessPoints { .. } | HighCase::Deduct {} | HighCase::Cap {}) {
        need.push(policy.high_case.rule);
    }
    let by_ratio = |special: &Special| matches!(special, Special::Unstable { pay: UnstablePay::PoolRatio, .. });
    need.extend(policy.special.iter().filter(|rule| by_ratio(&rule.value)).map(|rule| rule.rule));
    let review = policy.special_review.iter();
    let as_points = |review: &SpecialReview| matches!(review, SpecialReview::Quota { pay: ReviewPay::Points, .. });
    need.extend(review.filter(|rule| as_points(&rule.value)).map(|rule| rule.rule));
    let ratio = policy.ungrouped.iter().filter(|rule| matches!(rule.value, Ungrouped::PoolRatio { .. }));
    need.extend(ratio.map(|rule| rule.rule));
    for number in need {
        let problem = Problem::new(&p::NEEDS_POOL_MEAN).with("rule", &policy.rule(number).name);
        problems.push(rule(policy, number, problem));
    }
}

fn payment(policy: &Policy, problems: &mut Problems) {
    let mut tell = |number, what: &str, needs: &str| {
        let problem = Problem::new(&p::NEEDS).with("what", what).with("needs", needs);
        problems.push(rule(policy, number, problem));
    };
    match &policy.method.value {
        Method::Points { .. } if policy.point_value.is_none() => {
            tell(policy.method.rule, "method.points", "point_value")
        }
        Method::Rate { due: DueBasis::Case, fund_share: None, .. } => {
            tell(policy.method.rule, "due = \"case\"", "fund_share");
        }
        _ => {}
    }
    if let Some(rule) = &policy.point_value
        && matches!(rule.value, PointValue::Fixed { due: DueBasis::Case, .. })
    {
        tell(rule.rule, "due = \"case\"", "method.rate");
    }
    for (number, what, table) in [
        (policy.prepay.rule, "prepay.table level", policy.prepay.value.table()),
        (policy.deposit.rule, "deposit.table level", policy.deposit.value.table()),
    ] {
        let by_level = table.is_some_and(|table| table.0.iter().any(|(row, _)| row.level.is_some()));
        if by_level && matches!(policy.institutions.value, Institutions::FromClaims { .. }) {
            tell(number, what, "institutions.register");
        }
    }
    for coefficient in &policy.coefficients {
        if matches!(&coefficient.value, Coefficient::Level { columns: None, levels: None, default: None }) {
            tell(coefficient.rule, "coefficient.level", "columns | levels | default");
        }
    }
    for special in &policy.special {
        let (points, yuan) = match &special.value {
            Special::PerDiemPoints { daily, daily_by_level, .. } => (daily.is_some(), daily_by_level.is_some()),
            Special::PerDiemAmount { daily, daily_by_level, .. } => (daily.is_some(), daily_by_level.is_some()),
            _ => continue,
        };
        if !points && !yuan {
            tell(special.rule, "special.per_diem", "daily | daily_by_level");
        }
    }
    if let Budget::Table { month_weights: Some(weights), .. } = &policy.budget.value
        && (weights.len() != 12 || weights.iter().all(|Whole(weight)| *weight == 0))
    {
        let what = if weights.len() == 12 { "> 0" } else { "12" };
        tell(policy.budget.rule, "month_weights", what);
    }
}

/// A condition that asks nothing holds for every case: that is no special case.
fn conditions(policy: &Policy, problems: &mut Problems) {
    for (number, when) in policy.conditions() {
        if when.is_empty() {
            problems.push(rule(policy, number, Problem::new(&p::NO_CONDITION)));
        }
    }
}

/// Rules that can meet need an order.
fn orders(policy: &Policy, problems: &mut Problems) {
    let special = policy.special.iter().map(|rule| (rule.rule, rule.value.order(), rule.value.when()));
    let adjust = policy.adjust.iter().map(|rule| (rule.rule, rule.value.order(), rule.value.when()));
    for rules in [special.collect::<Vec<_>>(), adjust.collect()] {
        for (at, (first, order, when)) in rules.iter().enumerate() {
            for (second, other, condition) in &rules[at + 1..] {
                let ordered = order.is_some() && other.is_some() && order != other;
                if !ordered && overlap::can_meet(when, condition) {
                    problems.push(no_order(policy, *first, *second));
                }
            }
        }
    }
    for pair in policy.deductions.windows(2) {
        if pair[0].value.order() == pair[1].value.order() {
            problems.push(no_order(policy, pair[0].rule, pair[1].rule));
        }
    }
}

fn no_order(policy: &Policy, first: RuleNo, second: RuleNo) -> Problem {
    let problem =
        Problem::new(&p::NO_ORDER).with("first", &policy.rule(first).name).with("second", &policy.rule(second).name);
    rule(policy, second, problem)
}

impl Pools {
    /// Each pool with its insurance types.
    #[must_use]
    pub fn pools(&self) -> Vec<(String, Vec<&str>)> {
        match self {
            Pools::ByInsuranceType { types, .. } => types.iter().map(|t| (t.clone(), vec![t.as_str()])).collect(),
            Pools::Merged { pools, .. } => {
                pools.iter().map(|(name, types)| (name.clone(), types.iter().map(String::as_str).collect())).collect()
            }
        }
    }
}
