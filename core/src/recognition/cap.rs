//! The most that is paid.

use std::collections::BTreeMap;

use super::award::Line;
use super::record::Earlier;
use crate::ledger::Period;
use crate::money::{Fen, Rounding, allocate, div_round_i64};
use crate::policy::Rows;
use crate::policy::rules::{CapPer, RecognitionBudgetRow, RecognitionCap};
use crate::problem::catalogue::recognition as r;
use crate::problem::{Problem, Problems};

/// Cuts what is paid, in place. Lines come in the order of time, then id.
pub fn cut(lines: &mut [Line<'_>], cap: &RecognitionCap, period: Period, earlier: &[Earlier]) -> Result<(), Problems> {
    match cap {
        RecognitionCap::None {} => Ok(()),
        RecognitionCap::PerPatient { amount, per } => {
            let mut left: BTreeMap<&str, i64> = BTreeMap::new();
            if *per == CapPer::Year {
                for award in of_year(earlier, period) {
                    let left = left.entry(award.record.person.as_str()).or_insert(amount.0.0);
                    *left = left.saturating_sub(award.amount_fen);
                }
            }
            for line in lines.iter_mut() {
                let left = left.entry(line.record.person.as_str()).or_insert(amount.0.0);
                line.amount_fen = line.amount_fen.min((*left).max(0));
                *left -= line.amount_fen;
            }
            Ok(())
        }
        RecognitionCap::Budget { table, share } => {
            let (budget, of_period) = budget(table, period)?;
            let before: i64 = if of_period.is_year() && !period.is_year() {
                of_year(earlier, period).map(|award| award.amount_fen).sum()
            } else {
                0
            };
            let whole = div_round_i64(i128::from(budget) * i128::from(share.0), 1_000_000, Rounding::HalfUp);
            let left = whole.and_then(|whole| whole.checked_sub(before)).ok_or_else(overflow)?.max(0);
            cut_in_proportion(lines, left)
        }
    }
}

/// Awards of earlier periods of the same year that were not taken back.
fn of_year(earlier: &[Earlier], period: Period) -> impl Iterator<Item = &Earlier> {
    earlier.iter().filter(move |award| award.period.year() == period.year() && !award.taken_back)
}

fn cut_in_proportion(lines: &mut [Line<'_>], limit: i64) -> Result<(), Problems> {
    let whole = Fen::sum(lines.iter().map(|line| Fen(line.amount_fen))).ok_or_else(overflow)?;
    if whole.0 <= limit {
        return Ok(());
    }
    let weights: Vec<i128> = lines.iter().map(|line| i128::from(line.amount_fen)).collect();
    let parts = allocate(Fen(limit), &weights).ok_or_else(overflow)?;
    for (line, part) in lines.iter_mut().zip(parts) {
        line.amount_fen = part.0;
    }
    Ok(())
}

/// The budget that holds for a period: that of the month, else that of its year.
fn budget(table: &Rows<RecognitionBudgetRow>, period: Period) -> Result<(i64, Period), Problems> {
    let mut found = Vec::new();
    let mut problems = Problems::new();
    for (row, origin) in &table.0 {
        match row.period.parse::<Period>() {
            Ok(of) if of == period || of == period.whole_year() => found.push((row.amount.0.0, of)),
            Ok(_) => {}
            Err(_) => {
                let problem = Problem::new(&r::UNKNOWN_PERIOD).with("period", &row.period);
                problems.push(problem.file(origin.file.clone()).row(origin.line));
            }
        }
    }
    let known = || table.0.iter().map(|(row, _)| row.period.as_str()).collect::<Vec<_>>().join(", ");
    match found.as_slice() {
        [one] => problems.or(*one).map(|(budget, _)| budget),
        [] => {
            problems.push(Problem::new(&r::NO_BUDGET).with("period", period).with("known", known()));
            Err(problems)
        }
        _ => {
            problems.push(Problem::new(&r::BUDGET_TWICE).with("period", period));
            Err(problems)
        }
    }
}

fn overflow() -> Problems {
    Problem::new(&r::OVERFLOW).with("what", "Σ").into()
}
