//! Why a claim is no part of the data, in words.

use super::plan::{Exclude, Plan, YearOf};
use super::sample::{LeftOut, Reason, code_of};
use crate::claims::Claims;
use crate::grouper::Outcome;
use crate::money::Fen;
use crate::problem::catalogue::weights as w;
use crate::problem::{Entry, Problem};

/// The reason as a problem that names the rule.
#[must_use]
pub fn problem(left_out: &LeftOut, plan: &Plan, claims: &Claims, outcome: &Outcome) -> Problem {
    let row = left_out.row as usize;
    match left_out.reason {
        Reason::NoDate => {
            let date = match plan.years.date {
                YearOf::Discharge => "出院 discharge",
                YearOf::Settlement => "结算 settlement",
            };
            Problem::new(&w::NO_DATE).with("date", date).rule("weight_years")
        }
        Reason::OtherYear(year) => Problem::new(&w::OTHER_YEAR).with("year", year).rule("weight_years"),
        Reason::NotPositive => Problem::new(&w::NOT_POSITIVE),
        Reason::NoStay(rule) => Problem::new(&w::NO_STAY).rule(plan.exclusions[rule].rule.as_str()),
        Reason::Excluded(rule) => {
            let exclusion = &plan.exclusions[rule];
            excluded(&exclusion.when, claims, row, outcome).rule(exclusion.rule.as_str())
        }
        Reason::NotGrouped(status) => {
            let words = format!("{} {}", status.chinese(), status.code());
            Problem::new(&w::NOT_GROUPED).with("status", words)
        }
        Reason::Trimmed { trim, pass, low, line_fen } => {
            let entry = if low { &w::TRIMMED_LOW } else { &w::TRIMMED_HIGH };
            let problem = Problem::new(entry).with("pass", pass).with("value", Fen(claims.total_fen[row]));
            problem.with("bound", Fen(line_fen)).rule(plan.trims[trim].rule.as_str())
        }
    }
}

fn excluded(when: &Exclude, claims: &Claims, row: usize, outcome: &Outcome) -> Problem {
    let ended = |low: &'static Entry, high: &'static Entry, is_low: bool| Problem::new(if is_low { low } else { high });
    match when {
        Exclude::Stay { below_days, above_days } => {
            let days = claims.stays.los_days[row];
            let is_low = below_days.is_some_and(|bound| days < bound);
            let bound = if is_low { below_days } else { above_days }.unwrap_or_default();
            ended(&w::STAY_SHORT, &w::STAY_LONG, is_low).with("value", days).with("bound", bound)
        }
        Exclude::Cost { below_fen, above_fen } => {
            let cost = claims.total_fen[row];
            let is_low = below_fen.is_some_and(|bound| cost < bound);
            let bound = if is_low { below_fen } else { above_fen }.unwrap_or_default();
            ended(&w::COST_LOW, &w::COST_HIGH, is_low).with("value", Fen(cost)).with("bound", Fen(bound))
        }
        Exclude::Codes { of, .. } => {
            let problem = Problem::new(&w::CODE_EXCLUDED).with("of", when.field());
            problem.with("value", code_of(claims, row, outcome, *of))
        }
    }
}
