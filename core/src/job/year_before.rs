//! What other years of the book have to do with the clearing of one: the closing of reserves, and figures of a year
//! that must not count in two.

use std::collections::BTreeMap;

use super::rows::Rows;
use crate::ledger::{Book, Period};
use crate::money::Fen;
use crate::policy::Policy;
use crate::policy::rules::{ConsortiumTotal, OutsideCare, Penalty, Referral};
use crate::problem::catalogue::books as b;
use crate::problem::{Problem, Problems};
use crate::settlement::{Account, Openings, plain_words};

/// By pool, what its reserve closed the year before with; nothing where the book has not cleared that year.
pub(super) fn openings(book: &Book, period: Period) -> Result<Openings, Problems> {
    let mut openings = Openings::new();
    for year in cleared_years(book).filter(|year| year.year() + 1 == period.year()) {
        let Some(reserves) = Rows::read_if_any(book, year, "reserves", &["insutype", "closing"])? else { continue };
        for row in 0..reserves.len() {
            let closing = reserves.units("closing", row).unwrap_or_default();
            openings.insert(reserves.text("insutype", row), (year, closing));
        }
    }
    Ok(openings)
}

fn cleared_years(book: &Book) -> impl Iterator<Item = Period> {
    book.periods().map(|info| info.period).filter(|period| period.is_year())
}

/// Penalties without a year that the clearing of another year has taken: an error each. Other figures of a year that
/// stand unchanged since the clearing of an earlier one: a warning each.
pub(super) fn counted_before(book: &Book, period: Period, policy: &Policy) -> Result<Problems, Problems> {
    let mut problems = Problems::new();
    for year in cleared_years(book).filter(|year| *year != period) {
        problems.append(penalties_taken(book, year, policy)?);
        if year < period {
            problems.append(unchanged(book, year, policy)?);
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(problems) }
}

/// Institution, insurance type, amount and reason.
type Taken = (String, String, i64, String);

fn penalties_taken(book: &Book, year: Period, policy: &Policy) -> Result<Problems, Problems> {
    let mut problems = Problems::new();
    if policy.penalties.is_empty() {
        return Ok(problems);
    }
    let columns = ["account", "subject", "insutype", "amount", "numbers"];
    let Some(entries) = Rows::read_if_any(book, year, "entries", &columns)? else { return Ok(problems) };
    let own = (0..entries.len()).filter(|row| entries.str("account", *row) == Account::Penalty.code());
    let mut taken: BTreeMap<Taken, usize> = BTreeMap::new();
    for row in own {
        let text = |column| entries.text(column, row);
        let amount = entries.units("amount", row).unwrap_or_default();
        *taken.entry((text("subject"), text("insutype"), amount, text("numbers"))).or_default() += 1;
    }
    // What rows of that year say explains as many of its entries.
    let rows = || {
        let tables = policy.penalties.iter().map(|rule| (rule, &rule.value));
        tables.flat_map(|(rule, Penalty::Table { table })| table.0.iter().map(move |(row, _)| (rule, row)))
    };
    let key = |row: &crate::policy::rules::PenaltyRow| {
        let reason = format!("reason={}", plain_words(&row.reason));
        (row.fixmedins_code.clone(), row.insutype.clone(), row.amount.0.0, reason)
    };
    for (_, row) in rows().filter(|(_, row)| row.year.is_some_and(|own| own.0 == i64::from(year.year()))) {
        if let Some(left) = taken.get_mut(&key(row)) {
            *left = left.saturating_sub(1);
        }
    }
    for (rule, row) in rows().filter(|(_, row)| row.year.is_none()) {
        if taken.get(&key(row)).is_some_and(|left| *left > 0) {
            let problem = Problem::new(&b::PENALTY_TAKEN).with("rule", &policy.rule(rule.rule).name);
            let problem = problem.with("institution", &row.fixmedins_code).with("insutype", &row.insutype);
            problems.push(problem.with("amount", Fen(row.amount.0.0)).with("reason", &row.reason).with("year", year));
        }
    }
    Ok(problems)
}

fn unchanged(book: &Book, year: Period, policy: &Policy) -> Result<Problems, Problems> {
    let mut undated = Vec::new();
    if let Some(rule) = &policy.consortium_total
        && let ConsortiumTotal::PerHead { table } = &rule.value
        && table.0.iter().any(|(row, _)| row.year.is_none())
    {
        undated.push(rule.rule);
    }
    if let Some(rule) = &policy.outside_care
        && let OutsideCare::Table { table } = &rule.value
        && table.0.iter().any(|(row, _)| row.year.is_none())
    {
        undated.push(rule.rule);
    }
    if let Some(rule) = &policy.referral {
        let without = match &rule.value {
            Referral::None {} => false,
            Referral::Linear { rates, .. } => rates.0.iter().any(|(row, _)| row.year.is_none()),
            Referral::Table { table } => table.0.iter().any(|(row, _)| row.year.is_none()),
        };
        undated.extend(without.then_some(rule.rule));
    }
    let mut problems = Problems::new();
    if undated.is_empty() {
        return Ok(problems);
    }
    let Some(before) = Rows::read_if_any(book, year, "rules", &["kind", "parameters"])? else { return Ok(problems) };
    for rule in undated.into_iter().map(|number| policy.rule(number)) {
        let parameters = rule.parameter_text();
        let same = |row: &usize| before.str("kind", *row) == rule.kind && before.str("parameters", *row) == parameters;
        if (0..before.len()).any(|row| same(&row)) {
            let problem = Problem::new(&b::SAME_AS_BEFORE).with("rule", &rule.name).with("kind", rule.kind);
            problems.push(problem.with("year", year));
        }
    }
    Ok(problems)
}
