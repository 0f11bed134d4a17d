//! The month a second time.

use std::collections::{BTreeMap, BTreeSet};

use super::Found;
use super::clearing::{at_clearing, with_clearing};
use super::compare::{Audited, Row, Sheet, cannot, compare};
use super::entries::Entries;
use super::facts::{Case, cases};
use super::joined::{JoinedFacts, JoinedPrice, booked, joined};
use super::linked::PastCut;
use super::place::pool_of;
use super::points::{point_lines, point_sheet, value_of};
use super::price::{Price, Prices, prices, round_points};
use super::ratio::Ratio;
use super::reduced::{ReducedFacts, left};
use super::sums::{Line, PoolMoney, Sum, budget, due, open, settle, sum_of, to_fen};
use crate::claims::Claims;
use crate::grouper::{Grouped, Outcome};
use crate::ledger::Period;
use crate::money::Rounding;
use crate::policy::rules::{Deposit, DepositOf, Method, Prepay, ShareRow};
use crate::policy::{Policy, PolicySet, Rows};
use crate::pricing::{Options, PastStay, State};
use crate::problem::Problems;
use crate::settlement::{Carried, Correction, Details, PointLine};
use crate::table::Table;

/// What a month was settled from.
#[derive(Clone, Copy, Debug)]
pub struct MonthAudit<'a> {
    pub period: Period,
    pub claims: &'a Claims,
    pub grouped: &'a Grouped,
    pub outcomes: &'a [Outcome],
    pub set: &'a PolicySet,
    /// As pricing was given them.
    pub options: &'a Options<'a>,
    pub carried: &'a [Carried],
    pub details: Option<&'a Details>,
    /// Corrections that pricing did not find itself.
    pub corrections: &'a [Correction],
    /// Points of recognised exams, as the book has them.
    pub recognised: &'a [PointLine],
    /// Stays that are joined over months.
    pub joined: Option<JoinedFacts<'a>>,
    /// Stays of earlier periods that a readmission reduces.
    pub reduced: Option<ReducedFacts<'a>>,
}

/// Settles the month again and compares every figure of the tables `claims`, `institutions`, `pools`, `consortia`,
/// `corrections`, `recognition_points` and `entries`.
pub fn month(input: &MonthAudit<'_>, tables: &BTreeMap<String, Table>) -> Result<Audited, Problems> {
    let sheets = sheets(input).map_err(cannot)?;
    compare(&sheets, tables)
}

/// A correction as the auditor finds it.
pub(super) struct Corrected<'a> {
    pub institution: &'a str,
    pub insutype: &'a str,
    pub setl_id: &'a str,
    pub period: Period,
    pub points: Ratio,
    pub yuan: Ratio,
}

fn sheets(input: &MonthAudit<'_>) -> Found<Vec<Sheet>> {
    let cases = cases(input.claims, input.grouped, input.outcomes, input.options, input.details);
    let Prices { cases: mut prices, links } = prices(input.set, input.options.period, input.options.past, &cases)?;
    let mut then = at_clearing(input, &cases)?;
    let over_months = match &input.joined {
        Some(facts) => joined(input.set, facts)?,
        None => Vec::new(),
    };
    for own in over_months.iter().filter(|own| own.row.is_some()) {
        let row = own.row.unwrap_or_default();
        prices[row] = own.now.clone();
        then.iter_mut().for_each(|then| then[row] = own.then.clone());
    }
    let last = input.period.last_day();
    let valid = |policy: &&Policy| policy.valid_from <= last && policy.valid_to.is_none_or(|to| last <= to);
    let policy = input.set.packs.iter().find(valid).ok_or("pack")?;
    let mut lines = Vec::new();
    for (case, price) in cases.iter().zip(&prices) {
        lines.push(line_of(case, price));
    }
    lines.extend(point_lines(policy, input.set, input.recognised)?);
    let mut pools = Vec::new();
    for name in pool_names(input.set) {
        pools.push(open(policy, &name, &lines, input.period)?);
    }
    settle(policy, &mut pools, &mut lines)?;
    let corrections = corrections(input, &links.past, &over_months)?;
    let claims = cases.iter().zip(&prices).zip(&lines).enumerate().map(|(at, ((case, price), line))| {
        let row = claim_row(case, price, line);
        match &then {
            Some(then) => with_clearing(row, (input.claims, at), price, &then[at]),
            None => row,
        }
    });
    let pool_rows: Vec<Row> = pools.iter().map(pool_row).collect();
    let institutions = institutions(input, policy, &pools, &lines, &corrections)?;
    let consortia = consortia(policy, input.period, &lines)?;
    let mut entries = Entries::new(policy);
    pools.iter().zip(&pool_rows).for_each(|(pool, row)| entries.pool(pool, row));
    institutions.iter().for_each(|row| entries.institution(row.named::<2>().into(), row));
    for (own, line) in input.recognised.iter().zip(&lines[cases.len()..]) {
        entries.recognised(own, value_of(&pools, line).as_deref(), &line.due.text(2));
    }
    for one in &corrections {
        entries.correction(one.institution, one.insutype, &one.yuan.text(2));
    }
    consortia.iter().for_each(|row| entries.consortium(row.named::<2>().into(), row));
    let mut sheets = vec![
        Sheet::new("claims", &[], claims.collect()),
        Sheet::new("pools", &["insutype"], pool_rows),
        Sheet::new("institutions", &["fixmedins_code", "insutype"], institutions),
        Sheet::new("consortia", &["consortium", "insutype"], consortia),
        Sheet::new(
            "corrections",
            &["setl_id", "period", "fixmedins_code", "insutype"],
            corrections.iter().map(correction_row).collect(),
        ),
        point_sheet(&pools, input.recognised, &lines[cases.len()..]),
    ];
    sheets.extend(entries.sheets());
    Ok(sheets)
}

/// What is corrected of earlier periods.
fn corrections<'a>(
    input: &MonthAudit<'a>,
    past: &[PastCut<'_>],
    over_months: &[JoinedPrice<'_>],
) -> Found<Vec<Corrected<'a>>> {
    let mut corrections = Vec::new();
    for one in input.corrections {
        if let Some(facts) = &input.joined
            && let Some(own) = booked(input.set, facts, over_months, one)?
        {
            corrections.push(own);
            continue;
        }
        corrections.push(Corrected {
            institution: &one.institution,
            insutype: &one.insutype,
            setl_id: &one.setl_id,
            period: one.period,
            points: Ratio::scaled(one.points_e4, 4),
            yuan: Ratio::yuan(one.fen),
        });
    }
    let stays = input.options.past;
    let left = match &input.reduced {
        Some(facts) => left(input.set, facts, past, stays)?,
        None => BTreeMap::new(),
    };
    for cut in past {
        corrections.push(corrected(cut, &stays[cut.past], left.get(&cut.past))?);
    }
    Ok(corrections)
}

fn pool_names(set: &PolicySet) -> BTreeSet<String> {
    set.packs.iter().flat_map(|policy| policy.pools.value.pools()).map(|(name, _)| name).collect()
}

fn line_of(case: &Case<'_>, price: &Price<'_>) -> Line {
    let weight = price.terms.as_ref().and_then(|terms| terms.weight.as_ref());
    Line {
        institution: case.institution.to_owned(),
        insutype: case.insutype.to_owned(),
        consortium: price.placed.consortium.clone(),
        pool: price.placed.pool.clone().unwrap_or_default(),
        state: price.state,
        count: 1,
        points: price.points.clone(),
        amount: price.amount.clone(),
        outside: price.outside.clone(),
        total: case.total.clone().unwrap_or_else(Ratio::zero),
        fund: case.fund.clone(),
        patient: case.patient.clone(),
        other: case.other.clone(),
        weight: weight.map(|weight| weight.round(6, Rounding::HalfUp)),
        own: case.own.clone(),
        standard: Ratio::zero(),
        due: Ratio::zero(),
        recognised: false,
    }
}

/// A stay of an earlier period keeps a share of its points; the difference in money is by that period's value.
fn corrected<'a>(cut: &PastCut<'_>, stay: &'a PastStay, left: Option<&(Ratio, Ratio)>) -> Found<Corrected<'a>> {
    let value = Ratio::scaled(stay.point_value_e6, 6);
    let by_rate = matches!(cut.policy.method.value, Method::Rate { .. });
    let mut before = past_line(stay);
    let mut after = before.clone();
    after.points = round_points(cut.policy, &(&before.points * &cut.share));
    if by_rate {
        after.amount = to_fen(cut.policy, &(&before.amount * &cut.share));
    }
    if let Some((points, amount)) = left {
        (after.points, after.amount) = (points.clone(), amount.clone());
    }
    due(cut.policy, Some(&value), &mut before)?;
    due(cut.policy, Some(&value), &mut after)?;
    Ok(Corrected {
        institution: &stay.institution,
        insutype: &stay.insutype,
        setl_id: &stay.setl_id,
        period: stay.period,
        points: after.points - before.points,
        yuan: after.due - before.due,
    })
}

/// A stay of an earlier period as it was settled.
fn past_line(stay: &PastStay) -> Line {
    let zero = Ratio::zero;
    Line {
        institution: stay.institution.clone(),
        insutype: stay.insutype.clone(),
        consortium: String::new(),
        pool: String::new(),
        state: State::Paid,
        count: 1,
        points: Ratio::scaled(stay.points_e4, 4),
        amount: Ratio::yuan(stay.amount_fen),
        outside: zero(),
        total: zero(),
        fund: None,
        patient: Some(Ratio::yuan(stay.bill.patient_fen)),
        other: Some(Ratio::yuan(stay.bill.other_fund_fen)),
        weight: None,
        own: stay.bill.own_pay_fen.map(|own| own.map(Ratio::yuan)),
        standard: zero(),
        due: zero(),
        recognised: false,
    }
}

fn claim_row(case: &Case<'_>, price: &Price<'_>, line: &Line) -> Row {
    let terms = price.terms.as_ref();
    let cents = |yuan: Option<&Ratio>| yuan.map(|yuan| yuan.round(2, Rounding::HalfUp));
    let millionths = |value: Option<&Ratio>| value.map(|value| value.round(6, Rounding::HalfUp));
    let weight = terms.and_then(|terms| terms.weight.as_ref());
    let factors: Vec<&Ratio> = price.adjusted.iter().filter_map(|(_, factor)| factor.as_ref()).collect();
    let product = factors.iter().fold(Ratio::one(), |product, factor| product * *factor);
    let factor = Some(&product).filter(|_| !factors.is_empty());
    let names: Vec<&str> = price.adjusted.iter().map(|(name, _)| name.as_str()).collect();
    Row::new(&[case.id])
        .text("setl_id", case.id)
        .text("fixmedins_code", case.institution)
        .text("insutype", case.insutype)
        .text("drg", case.drg)
        .text("case_kind", price.kind.code())
        .text("status", case.status.code())
        .text("state", price.state.code())
        .text("reason", price.reason.code())
        .text("pool", &line.pool)
        .text("hosp_lv", &price.placed.level)
        .text("consortium", &price.placed.consortium)
        .number("points", Some(&price.points), 4)
        .money("due", &line.due)
        .money("standard", &line.standard)
        .number("medfee_sumamt", case.total.as_ref(), 2)
        .number("hifp_pay", case.fund.as_ref(), 2)
        .number("psn_pay", case.patient.as_ref(), 2)
        .number("oth_fund_pay", case.other.as_ref(), 2)
        .money("by_amount", &price.amount)
        .money("outside_budget", &price.outside)
        .number("weight", millionths(weight).as_ref(), 6)
        .number("coefficient", millionths(weight.and(terms).map(|terms| &terms.coefficient)).as_ref(), 6)
        .number("mean_cost", cents(terms.and_then(|terms| terms.mean.as_ref())).as_ref(), 2)
        .number("pool_mean", cents(terms.and_then(|terms| terms.pool_mean.as_ref())).as_ref(), 2)
        .number("low_line", terms.and_then(|terms| terms.low.as_ref()).map(|(line, _)| line), 6)
        .number("high_line", terms.and_then(|terms| terms.high.as_ref()).map(|(line, _)| line), 6)
        .text("adjusted_by", &names.join("+"))
        .number("factor", millionths(factor).as_ref(), 6)
        .text("pack", &price.placed.policy.id)
        .text("rule", &price.rule)
}

/// A pool of a month or a year.
pub(super) fn pool_row(pool: &PoolMoney) -> Row {
    let deducted = pool.budget.as_ref().zip(pool.rest.as_ref()).map(|(budget, rest)| budget - rest);
    Row::new(&[&pool.name])
        .number("budget", pool.budget.as_ref(), 2)
        .number("cases", Some(&pool.sum.cases), 0)
        .number("points", Some(&pool.sum.points), 4)
        .number("point_value", pool.value.as_ref(), 6)
        .money("due", &pool.sum.due)
        .number("deducted", deducted.as_ref(), 2)
        .number("shared_out", pool.shared.as_ref(), 2)
        .money("by_amount", &pool.sum.amount)
        .money("outside_budget", &pool.sum.outside)
        .number("balance", pool.balance.as_ref(), 2)
        .text("limited", if pool.limited { "true" } else { "false" })
        .number("recognition_points", Some(&pool.sum.recognised_points), 4)
        .money("recognition_due", &pool.sum.recognised_due)
}

/// due → prepaid → withheld → corrections → carried in → payable; what is negative is carried on.
fn institutions(
    input: &MonthAudit<'_>,
    policy: &Policy,
    pools: &[PoolMoney],
    lines: &[Line],
    corrections: &[Corrected<'_>],
) -> Found<Vec<Row>> {
    let mut names: BTreeSet<(&str, &str)> = BTreeSet::new();
    for line in lines.iter().filter(|line| line.state != State::Excluded) {
        names.insert((&line.institution, &line.insutype));
    }
    names.extend(input.carried.iter().map(|open| (open.institution.as_str(), open.insutype.as_str())));
    names.extend(corrections.iter().map(|one| (one.institution, one.insutype)));
    let mut out = Vec::new();
    for (institution, insutype) in names {
        let own: Vec<&Line> = lines
            .iter()
            .filter(|line| {
                line.state != State::Excluded && line.institution == institution && line.insutype == insutype
            })
            .collect();
        let pool = own.last().map(|line| line.pool.clone());
        let value = pools.iter().find(|one| Some(&one.name) == pool.as_ref()).and_then(|one| one.value.clone());
        let named = pool.or_else(|| pool_of(&policy.pools.value, insutype)).unwrap_or_else(|| insutype.to_owned());
        let mut carried = Ratio::zero();
        for open in input.carried.iter().filter(|open| open.institution == institution && open.insutype == insutype) {
            carried = carried + Ratio::yuan(open.fen);
        }
        let mut corrected = Ratio::zero();
        for one in corrections.iter().filter(|one| one.institution == institution && one.insutype == insutype) {
            corrected = corrected + &one.yuan;
        }
        let row = Row::new(&[institution, insutype]);
        let sum = sum_of(own);
        let shares = match sum.due.is_positive() {
            true => shares(policy, institution, input.period)?,
            false => (Ratio::zero(), Ratio::zero(), DepositOf::Due),
        };
        out.push(payment((policy, shares), row, &sum, value, carried, corrected).text("pool", &named));
    }
    Ok(out)
}

/// What is prepaid, what is withheld, and of what.
fn shares(policy: &Policy, institution: &str, period: Period) -> Found<(Ratio, Ratio, DepositOf)> {
    let prepay = match &policy.prepay.value {
        Prepay::Share { share } => Ratio::scaled(share.0, 6),
        Prepay::Table { table } => listed_share(policy, table, institution, period)?,
    };
    let (deposit, of) = match &policy.deposit.value {
        Deposit::None {} => (Ratio::zero(), DepositOf::Due),
        Deposit::Share { share, of } => (Ratio::scaled(share.0, 6), *of),
        Deposit::Table { table, of } => (listed_share(policy, table, institution, period)?, *of),
    };
    Ok((prepay, deposit, of))
}

/// The institution's own row, else its level's, else the row for all others.
fn listed_share(policy: &Policy, table: &Rows<ShareRow>, institution: &str, period: Period) -> Found<Ratio> {
    let last = period.last_day();
    let mut level: Option<(Option<chrono::NaiveDate>, &str)> = None;
    for row in policy.register() {
        let begun = row.valid_from.is_none_or(|from| from <= last);
        if row.fixmedins_code == institution && begun && level.is_none_or(|(from, _)| from <= row.valid_from) {
            level = Some((row.valid_from, &row.hosp_lv));
        }
    }
    let own = |row: &ShareRow| row.fixmedins_code.as_deref() == Some(institution);
    let its_level = |row: &ShareRow| level.is_some_and(|(_, level)| row.level.as_deref() == Some(level));
    let anybody = |row: &ShareRow| row.fixmedins_code.is_none();
    let any_level = |row: &ShareRow| row.level.is_none();
    let find = |fits: &dyn Fn(&ShareRow) -> bool| table.0.iter().map(|(row, _)| row).find(|row| fits(row));
    let found = find(&|row| own(row) && its_level(row))
        .or_else(|| find(&|row| own(row) && any_level(row)))
        .or_else(|| find(&|row| anybody(row) && its_level(row)))
        .or_else(|| find(&|row| anybody(row) && any_level(row)));
    Ok(Ratio::scaled(found.ok_or_else(|| format!("share {institution}"))?.share.0, 6))
}

fn payment(
    (policy, (prepay, deposit, of)): (&Policy, (Ratio, Ratio, DepositOf)),
    row: Row,
    sum: &Sum,
    value: Option<Ratio>,
    carried: Ratio,
    corrected: Ratio,
) -> Row {
    let (mut prepaid, mut withheld) = (sum.due.clone(), Ratio::zero());
    if sum.due.is_positive() {
        prepaid = to_fen(policy, &(&sum.due * prepay));
        withheld = to_fen(policy, &(if of == DepositOf::Due { &sum.due } else { &prepaid } * deposit));
    }
    let net = &prepaid - &withheld + &corrected + &carried;
    row.number("cases", Some(&sum.cases), 0)
        .number("points", Some(&sum.points), 4)
        .number("point_value", value.as_ref(), 6)
        .money("due", &sum.due)
        .money("prepaid", &prepaid)
        .money("withheld", &withheld)
        .money("payable", &net.clone().most(Ratio::zero()))
        .money("corrections", &corrected)
        .money("carried_in", &carried)
        .money("carried_out", &net.least(Ratio::zero()))
        .number("unpaid_cases", Some(&sum.unpaid), 0)
        .money("standard", &sum.standard)
        .money("medfee_sumamt", &sum.total)
        .money("psn_pay", &sum.patient)
        .money("oth_fund_pay", &sum.other)
        .number("cmi", sum.cmi().as_ref(), 4)
        .number("recognition_points", Some(&sum.recognised_points), 4)
        .money("recognition_due", &sum.recognised_due)
}

fn consortia(policy: &Policy, period: Period, lines: &[Line]) -> Found<Vec<Row>> {
    let named = lines.iter().filter(|line| line.state != State::Excluded && !line.consortium.is_empty());
    let names: BTreeSet<(&str, &str)> = named.map(|line| (line.consortium.as_str(), line.pool.as_str())).collect();
    let mut out = Vec::new();
    for (consortium, pool) in names {
        let sum = sum_of(lines.iter().filter(|line| line.consortium == consortium && line.pool == pool));
        let total = budget(policy, pool, Some(consortium), period)?;
        let balance = total.as_ref().map(|total| total - &sum.due);
        out.push(
            Row::new(&[consortium, pool])
                .number("total", total.as_ref(), 2)
                .money("due", &sum.due)
                .number("balance", balance.as_ref(), 2)
                .number("cases", Some(&sum.cases), 0)
                .number("points", Some(&sum.points), 4)
                .number("recognition_points", Some(&sum.recognised_points), 4)
                .money("recognition_due", &sum.recognised_due),
        );
    }
    Ok(out)
}

fn correction_row(one: &Corrected<'_>) -> Row {
    let period = one.period.to_string();
    Row::new(&[one.setl_id, &period, one.institution, one.insutype])
        .number("points", Some(&one.points), 4)
        .money("amount", &one.yuan)
}
