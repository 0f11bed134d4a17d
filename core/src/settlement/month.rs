//! The settled month.

use std::collections::{BTreeMap, BTreeSet};

use super::book::Booking;
use super::budget::month_budget;
use super::due::{Details, Dues, Terms, dues};
use super::entry::Entry;
use super::point_value::{Deducted, Value, deduct, money_rounding, value};
use super::sums::{Group, Sum, sums};
use crate::claims::Claims;
use crate::ledger::Period;
use crate::money::{Fen, div_round_i64};
use crate::policy::rules::{Budget, Deposit, DepositOf, DueBasis, Method, Prepay};
use crate::policy::{PackId, Policy, PolicySet, Status};
use crate::pricing::{Priced, State, due_basis};
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};

/// A negative amount that an earlier period left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    pub institution: String,
    pub insutype: String,
    pub fen: i64,
}

/// What a month is settled from.
#[derive(Clone, Copy, Debug)]
pub struct MonthInput<'a> {
    pub period: Period,
    pub claims: &'a Claims,
    pub priced: &'a Priced,
    pub set: &'a PolicySet,
    /// Opening balances, from the book.
    pub carried: &'a [Carried],
    /// Needed where the rules pay by case (`due = "case"`).
    pub details: Option<&'a Details>,
}

/// An institution's month, a row an insurance type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionMonth {
    pub institution: String,
    pub insutype: String,
    pub pool: String,
    pub sum: Sum,
    pub point_value_e6: Option<i64>,
    pub prepaid_fen: i64,
    pub withheld_fen: i64,
    /// What earlier periods left, never positive.
    pub carried_in_fen: i64,
    /// What is paid now, never negative.
    pub payable_fen: i64,
    /// What is left for later periods, never positive.
    pub carried_out_fen: i64,
}

/// A pool's month.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// A consortium's month, a row a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsortiumMonth {
    pub consortium: String,
    pub pool: String,
    /// Its total, where the budget table has one.
    pub total_fen: Option<i64>,
    pub sum: Sum,
    pub balance_fen: Option<i64>,
}

/// Cases and fen: what came in, was priced, was left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub cases_in: i64,
    pub cases_paid: i64,
    pub cases_unpaid: i64,
    pub cases_excluded: i64,
    pub total_in_fen: i64,
    pub total_paid_fen: i64,
    pub total_unpaid_fen: i64,
    pub total_excluded_fen: i64,
}

/// A rule without a source that a run relied on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Placeholder {
    pub pack: String,
    pub rule: String,
    pub why: String,
}

/// The settled month.
#[derive(Clone, Debug)]
pub struct Month {
    pub period: Period,
    /// The pack whose rules settle the pools: that of the period's last day.
    pub pack: PackId,
    /// A draft took part: nothing here may be paid.
    pub simulation: bool,
    /// Standard and due of each claim, in the order of the claims.
    pub standard_fen: Vec<i64>,
    pub due_fen: Vec<i64>,
    pub institutions: Vec<InstitutionMonth>,
    pub pools: Vec<PoolMonth>,
    pub consortia: Vec<ConsortiumMonth>,
    pub entries: Vec<Entry>,
    pub placeholders: Vec<Placeholder>,
    pub totals: Totals,
}

/// Settles a month, or tells all that is missing. Warnings come with the result.
pub fn month(input: &MonthInput<'_>) -> Result<(Month, Problems), Problems> {
    let (claims, priced, set) = (input.claims, input.priced, input.set);
    let pack = set.on(input.period.last_day()).ok_or_else(|| {
        let last = input.period.last_day();
        let problem = Problem::new(&m::NO_PACK_FOR_DATE).with("cases", claims.len()).with("from", last);
        problem.with("to", last).with("covered", set.covered())
    })?;
    let used: BTreeSet<PackId> = priced.rule.iter().map(|rule| priced.rules[usize::from(*rule)].0).collect();
    let mut problems = same_terms(set, pack, &used);
    if problems.has_errors() {
        return Err(problems);
    }
    let policy = &set.packs[pack];
    let before = sums(claims, priced, None).ok_or_else(overflow)?;
    let mut pools = Vec::new();
    let mut terms = Vec::new();
    for (number, name) in priced.pools.iter().enumerate() {
        let sum = total(before.iter().filter(|(group, _)| usize::from(group.pool) == number)).ok_or_else(overflow)?;
        match open_pool(policy, name, sum, input.period) {
            Ok(pool) => {
                terms.push(terms_of(policy, pool.point_value_e6));
                pools.push(pool);
            }
            Err(found) => problems.append(found),
        }
    }
    check_details(input, &terms, &mut problems);
    if problems.has_errors() {
        return Err(problems);
    }
    let dues = dues(claims, priced, &terms, input.details).ok_or_else(overflow)?;
    let groups = sums(claims, priced, Some(&dues)).ok_or_else(overflow)?;
    close_pools(&mut pools, &groups)?;
    let institutions = institutions(input, policy, &pools, &groups)?;
    let consortia = consortia(policy, input.period, &pools, &groups)?;
    let totals = totals(claims, priced);
    let booking = Booking { policy, pack, pools: &pools, institutions: &institutions, consortia: &consortia };
    let entries = booking.entries();
    let drafts: BTreeSet<PackId> = used.iter().copied().chain([pack]).collect();
    let draft = drafts.iter().map(|pack| &set.packs[*pack]).filter(|policy| policy.status == Status::Draft);
    for policy in draft.clone() {
        problems.push(Problem::new(&m::PROVISIONAL).with("pack", &policy.id));
    }
    let month = Month {
        period: input.period,
        pack,
        simulation: draft.count() > 0,
        placeholders: placeholders(priced, set, pack),
        institutions,
        pools,
        consortia,
        entries,
        totals,
        standard_fen: dues.standard_fen.clone(),
        due_fen: dues.due_fen.clone(),
    };
    assert_whole(&month, &dues);
    Ok((month, problems))
}

fn overflow() -> Problems {
    Problem::new(&m::OVERFLOW).with("what", "Σ").into()
}

/// Points add only between packs of one method, scale and basis.
fn same_terms(set: &PolicySet, pack: PackId, used: &BTreeSet<PackId>) -> Problems {
    let terms = |policy: &Policy| {
        let by_points = matches!(policy.method.value, Method::Points { .. });
        let (Method::Points { scale } | Method::Rate { scale, .. }) = &policy.method.value;
        (by_points, scale.0, due_basis(policy))
    };
    let own = &set.packs[pack];
    let odd = used.iter().map(|pack| &set.packs[*pack]).filter(|other| terms(other) != terms(own));
    let problem = |other: &Policy| Problem::new(&m::DIFFERENT_SCALES).with("first", &other.id).with("second", &own.id);
    Problems(odd.map(problem).collect())
}

fn total<'s>(groups: impl Iterator<Item = (&'s Group, &'s Sum)>) -> Option<Sum> {
    groups.map(|(_, sum)| sum).try_fold(Sum::default(), |whole, sum| whole.plus(sum))
}

/// Budget, deductions and point value.
fn open_pool(policy: &Policy, pool: &str, sum: Sum, period: Period) -> Result<PoolMonth, Problems> {
    let by_points = matches!(policy.method.value, Method::Points { .. });
    let budget = match &policy.budget.value {
        Budget::AsPaid {} => Some(Fen(sum.fund_fen)),
        Budget::Table { table, .. } => match month_budget(policy, pool, None, period)? {
            None if by_points && sum.cases > 0 => {
                let mut known: Vec<String> =
                    table.0.iter().map(|(row, _)| format!("{} {}", row.period, row.pool)).collect();
                known.sort();
                known.dedup();
                let problem = Problem::new(&m::NO_BUDGET).with("pool", pool).with("period", period);
                return Err(problem.with("known", known.join(", ")).into());
            }
            budget => budget,
        },
    };
    let deducted = match budget {
        Some(budget) => deduct(policy, pool, budget).ok_or_else(overflow)?,
        None => Vec::new(),
    };
    let mut month = PoolMonth {
        pool: pool.to_owned(),
        budget_fen: budget.map(|fen| fen.0),
        deducted,
        numerator_fen: None,
        point_value_e6: None,
        limited: false,
        sum,
        balance_fen: None,
    };
    if by_points {
        let rest = month.rest_fen().unwrap_or_default();
        let shares = match due_basis(policy) {
            DueBasis::Gross => sum.pool_patient_fen.checked_add(sum.pool_other_fen),
            _ => Some(0),
        };
        let numerator = shares.and_then(|s| rest.checked_add(s)?.checked_sub(sum.amount_fen)).ok_or_else(overflow)?;
        if numerator < 0 && sum.points_e4 > 0 {
            let problem = Problem::new(&m::BUDGET_OVERDRAWN).with("pool", pool);
            return Err(problem.with("amount", Fen(sum.amount_fen)).into());
        }
        let found = value(policy, pool, numerator, sum.points_e4).map_err(|()| overflow())?;
        if found.is_none() && sum.points_e4 > 0 {
            return Err(Problem::new(&m::NO_POINT_VALUE).with("pool", pool).into());
        }
        month.numerator_fen = Some(numerator);
        month.point_value_e6 = found.map(|Value { e6, .. }| e6);
        month.limited = found.is_some_and(|value| value.limited);
    }
    Ok(month)
}

impl PoolMonth {
    /// The budget less the deductions.
    #[must_use]
    pub fn rest_fen(&self) -> Option<i64> {
        self.deducted.iter().try_fold(self.budget_fen?, |rest, deducted| rest.checked_sub(deducted.fen))
    }
}

fn terms_of(policy: &Policy, point_value_e6: Option<i64>) -> Terms {
    let fund_share = match &policy.method.value {
        Method::Rate { fund_share, .. } => *fund_share,
        Method::Points { .. } => None,
    };
    let by_points = matches!(policy.method.value, Method::Points { .. });
    let rounding = money_rounding(policy);
    Terms { basis: due_basis(policy), fund_share, point_value_e6, by_points, rounding }
}

/// `due = "case"` needs columns that not every file has.
fn check_details(input: &MonthInput<'_>, terms: &[Terms], problems: &mut Problems) {
    if terms.iter().all(|terms| terms.basis != DueBasis::Case) {
        return;
    }
    let rows = input.claims.len();
    let complete = input.details.is_some_and(|details| {
        let columns = [&details.own_pay_fen, &details.first_own_pay_fen, &details.deductible_fen];
        columns.iter().all(|column| column.len() == rows && column.iter().all(|fen| *fen != i64::MIN))
    });
    if !complete {
        problems.push(Problem::new(&m::NEEDS_OWN_PAY).with("cases", rows));
    }
}

fn close_pools(pools: &mut [PoolMonth], groups: &BTreeMap<Group, Sum>) -> Result<(), Problems> {
    for (number, pool) in pools.iter_mut().enumerate() {
        pool.sum = total(groups.iter().filter(|(group, _)| usize::from(group.pool) == number)).ok_or_else(overflow)?;
        pool.balance_fen = match pool.rest_fen() {
            Some(rest) => Some(rest.checked_sub(pool.sum.pool_due_fen).ok_or_else(overflow)?),
            None => None,
        };
    }
    Ok(())
}

fn institutions(
    input: &MonthInput<'_>,
    policy: &Policy,
    pools: &[PoolMonth],
    groups: &BTreeMap<Group, Sum>,
) -> Result<Vec<InstitutionMonth>, Problems> {
    let claims = input.claims;
    let mut rows: BTreeMap<(&str, &str), (usize, Sum)> = BTreeMap::new();
    for (group, sum) in groups {
        let institution = claims.institution.texts()[group.institution as usize].as_str();
        let insutype = claims.insurance_type.texts()[group.insutype as usize].as_str();
        let row = rows.entry((institution, insutype)).or_insert((usize::from(group.pool), Sum::default()));
        row.1 = row.1.plus(sum).ok_or_else(overflow)?;
    }
    let mut carried: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for open in input.carried {
        let fen = carried.entry((&open.institution, &open.insutype)).or_default();
        *fen = fen.checked_add(open.fen).ok_or_else(overflow)?;
    }
    let mut out = Vec::new();
    for ((institution, insutype), (pool, sum)) in rows {
        let open = carried.remove(&(institution, insutype)).unwrap_or_default();
        let pool = &pools[pool];
        out.push(pay(policy, institution, insutype, pool, sum, open).ok_or_else(overflow)?);
    }
    // A debt of an institution without cases this month stays a debt.
    for ((institution, insutype), open) in carried {
        let pool = PoolMonth { pool: pool_name(policy, insutype), ..empty_pool() };
        out.push(pay(policy, institution, insutype, &pool, Sum::default(), open).ok_or_else(overflow)?);
    }
    out.sort_by(|a, b| (&a.institution, &a.insutype).cmp(&(&b.institution, &b.insutype)));
    Ok(out)
}

fn pool_name(policy: &Policy, insutype: &str) -> String {
    let pools = policy.pools.value.pools();
    let own = pools.into_iter().find(|(_, types)| types.contains(&insutype));
    own.map_or_else(|| insutype.to_owned(), |(name, _)| name)
}

fn empty_pool() -> PoolMonth {
    PoolMonth {
        pool: String::new(),
        budget_fen: None,
        deducted: Vec::new(),
        numerator_fen: None,
        point_value_e6: None,
        limited: false,
        sum: Sum::default(),
        balance_fen: None,
    }
}

/// due → prepaid → withheld → payable; what is negative is carried on. A negative due is taken back in full, and
/// nothing is withheld from it.
fn pay(
    policy: &Policy,
    institution: &str,
    insutype: &str,
    pool: &PoolMonth,
    sum: Sum,
    carried_in_fen: i64,
) -> Option<InstitutionMonth> {
    let rounding = money_rounding(policy);
    let share = |fen: i64, share: i64| div_round_i64(i128::from(fen) * i128::from(share), 1_000_000, rounding);
    let Prepay::Share { share: prepay } = &policy.prepay.value;
    let due = sum.due_fen;
    let prepaid_fen = if due > 0 { share(due, prepay.0)? } else { due };
    let withheld_fen = match &policy.deposit.value {
        Deposit::Share { share: deposit, of } if due > 0 => {
            let base = match of {
                DepositOf::Prepaid => prepaid_fen,
                DepositOf::Due => due,
            };
            share(base, deposit.0)?
        }
        _ => 0,
    };
    let net = prepaid_fen.checked_sub(withheld_fen)?.checked_add(carried_in_fen)?;
    Some(InstitutionMonth {
        institution: institution.to_owned(),
        insutype: insutype.to_owned(),
        pool: pool.pool.clone(),
        sum,
        point_value_e6: pool.point_value_e6,
        prepaid_fen,
        withheld_fen,
        carried_in_fen,
        payable_fen: net.max(0),
        carried_out_fen: net.min(0),
    })
}

fn consortia(
    policy: &Policy,
    period: Period,
    pools: &[PoolMonth],
    groups: &BTreeMap<Group, Sum>,
) -> Result<Vec<ConsortiumMonth>, Problems> {
    let mut rows: BTreeMap<(String, u8), Sum> = BTreeMap::new();
    for (group, sum) in groups {
        if let Some(consortium) = &group.consortium {
            let row = rows.entry((consortium.clone(), group.pool)).or_default();
            *row = row.plus(sum).ok_or_else(overflow)?;
        }
    }
    let mut out = Vec::new();
    for ((consortium, number), sum) in rows {
        let pool = pools[usize::from(number)].pool.clone();
        let total_fen = month_budget(policy, &pool, Some(&consortium), period)?.map(|fen| fen.0);
        let balance_fen = match total_fen {
            Some(total) => Some(total.checked_sub(sum.due_fen).ok_or_else(overflow)?),
            None => None,
        };
        out.push(ConsortiumMonth { consortium, pool, total_fen, sum, balance_fen });
    }
    Ok(out)
}

fn totals(claims: &Claims, priced: &Priced) -> Totals {
    let mut totals = Totals::default();
    for (row, state) in priced.state.iter().enumerate() {
        let fen = claims.total_fen[row];
        let (cases, sum) = match state {
            State::Paid => (&mut totals.cases_paid, &mut totals.total_paid_fen),
            State::Unpaid => (&mut totals.cases_unpaid, &mut totals.total_unpaid_fen),
            State::Excluded => (&mut totals.cases_excluded, &mut totals.total_excluded_fen),
        };
        *cases += 1;
        *sum = sum.saturating_add(fen);
        totals.cases_in += 1;
        totals.total_in_fen = totals.total_in_fen.saturating_add(fen);
    }
    totals
}

/// Placeholders of the packs in use; those of rules for single cases only where a case met them.
fn placeholders(priced: &Priced, set: &PolicySet, pack: PackId) -> Vec<Placeholder> {
    let met: BTreeSet<u16> = priced.rule.iter().copied().collect();
    let packs: BTreeSet<PackId> = met.iter().map(|rule| priced.rules[usize::from(*rule)].0).chain([pack]).collect();
    let mut out = BTreeSet::new();
    for (number, (pack, rule)) in (0u16..).zip(&priced.rules) {
        let rule = set.packs[*pack].rule(*rule);
        let by_case =
            ["special.", "ungrouped.", "low_case.", "high_case.", "missing_weight.", "recognition_", "weight_"];
        let relied = !by_case.iter().any(|family| rule.kind.starts_with(family)) || met.contains(&number);
        if let (true, true, Some(why)) = (packs.contains(pack), relied, &rule.placeholder) {
            out.insert(Placeholder { pack: rule.pack.clone(), rule: rule.name.clone(), why: why.clone() });
        }
    }
    out.into_iter().collect()
}

/// Conservation between claims, institutions and pools, and of cases: a fault here is ours.
fn assert_whole(month: &Month, dues: &Dues) {
    let sum = |fen: &mut dyn Iterator<Item = i64>| fen.map(i128::from).sum::<i128>();
    let claims = sum(&mut dues.due_fen.iter().copied());
    let institutions = sum(&mut month.institutions.iter().map(|row| row.sum.due_fen));
    let pools = sum(&mut month.pools.iter().map(|pool| pool.sum.due_fen));
    assert!(claims == institutions && claims == pools, "Invariant: Σ claims = Σ institutions = Σ pools");
    let totals = &month.totals;
    let cases = totals.cases_paid + totals.cases_unpaid + totals.cases_excluded;
    assert_eq!(totals.cases_in, cases, "Invariant: claims in = paid + unpaid + excluded");
    for row in &month.institutions {
        let paid = i128::from(row.payable_fen) + i128::from(row.carried_out_fen);
        let owed = i128::from(row.prepaid_fen) - i128::from(row.withheld_fen) + i128::from(row.carried_in_fen);
        assert_eq!(paid, owed, "Invariant: payable + carried out = prepaid − withheld + carried in");
    }
}
