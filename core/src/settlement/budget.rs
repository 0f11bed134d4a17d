//! The money of a pool or consortium for a month or a year.

use crate::ledger::Period;
use crate::money::{Fen, allocate};
use crate::policy::Policy;
use crate::policy::node::Origin;
use crate::policy::rules::{Budget, BudgetRow};
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};

/// The budget of `pool` (and of a consortium in it) for a month or a year, by a budget table. A year's budget is split
/// over its months by largest remainder, so that the months sum to the year; a year without a yearly row is the sum of
/// its twelve monthly rows. `Ok(None)` where the table has none, or the rule takes no table.
pub fn budget_of(
    policy: &Policy,
    pool: &str,
    consortium: Option<&str>,
    period: Period,
) -> Result<Option<Fen>, Problems> {
    let Budget::Table { table, month_weights } = &policy.budget.value else {
        return Ok(None);
    };
    let own: Vec<&BudgetRow> = table
        .0
        .iter()
        .map(|(row, _)| row)
        .filter(|row| row.pool == pool && row.consortium.as_deref() == consortium)
        .collect();
    let of = |period: Period| own.iter().find(|row| row.period == period.to_string()).map(|row| row.fund_budget.0);
    let year = of(period.whole_year());
    let months: Vec<Option<Fen>> = months(period).into_iter().map(of).collect();
    let name = consortium.map_or_else(|| pool.to_owned(), |consortium| format!("{consortium}/{pool}"));
    if year.is_some() && months.iter().any(Option::is_some) {
        let problem = Problem::new(&m::BUDGET_TWICE).with("subject", name).with("period", period);
        return Err(problem.into());
    }
    match year {
        Some(year) if period.is_year() => Ok(Some(year)),
        Some(year) => {
            let weights =
                month_weights.as_ref().map_or_else(|| vec![1; 12], |w| w.iter().map(|w| w.0.into()).collect());
            let at = months_before(period);
            Ok(allocate(year, &weights).and_then(|parts| parts.get(at).copied()))
        }
        None => match months.into_iter().collect::<Option<Vec<Fen>>>() {
            Some(months) => Ok(Fen::sum(months)),
            None => Ok(None),
        },
    }
}

/// The months of a year that a table with monthly rows of a pool lacks, or the period itself: what a message names.
pub(super) fn lacking(table: &[(BudgetRow, Origin)], pool: &str, period: Period) -> String {
    let has = |month: &Period| {
        table.iter().any(|(row, _)| row.pool == pool && row.consortium.is_none() && row.period == month.to_string())
    };
    let all = months(period);
    let lacking: Vec<String> = all.iter().filter(|month| !has(month)).map(Period::to_string).collect();
    if lacking.len() == all.len() { period.to_string() } else { lacking.join(", ") }
}

/// The month itself, or the twelve of a year.
fn months(period: Period) -> Vec<Period> {
    if !period.is_year() {
        return vec![period];
    }
    (1..=12).filter_map(|month| format!("{:04}-{month:02}", period.year()).parse().ok()).collect()
}

/// How many months of its year come before a month.
fn months_before(period: Period) -> usize {
    months(period.whole_year()).iter().position(|month| *month == period).unwrap_or_default()
}
