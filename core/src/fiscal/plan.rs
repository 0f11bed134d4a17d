//! What if the gaps of the latest year are closed over several years.

use rust_decimal::Decimal;

use super::floors::{FloorLine, GapGrowth, Standing};
use crate::money::{Fen, Rounding, div_round_i64};
use crate::problem::catalogue::awards as a;
use crate::problem::{Problem, Problems};

/// How gaps are closed: in equal steps over so many years, while budgets grow by a rate a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    pub years: u32,
    /// Yearly growth of budgets, 0.05 = 5 %.
    pub growth: Decimal,
}

impl Plan {
    /// A rate of growth as a decimal or in per cent, above −100 % and up to 1,000 %.
    #[must_use]
    pub fn rate(text: &str) -> Option<Decimal> {
        let (digits, percent) = text.strip_suffix('%').map_or((text, false), |digits| (digits, true));
        let rate = Decimal::from_str_exact(digits.trim()).ok()?;
        let rate = if percent { rate.checked_div(Decimal::ONE_HUNDRED) } else { Some(rate) };
        rate.filter(|rate| *rate > Decimal::NEGATIVE_ONE && *rate <= Decimal::TEN)
    }
}

/// One year of closing one gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanLine {
    pub government: String,
    pub floor: String,
    pub title: String,
    pub year: i32,
    /// The gap of the year if nothing were done.
    pub gap: Fen,
    /// What is spent on top in the year: `gap × step ÷ steps`.
    pub extra: Fen,
    /// What is still missing.
    pub left: Fen,
}

/// The way from each gap of each government's latest year to nothing.
///
/// # Errors
/// Amounts too large.
pub fn plan(lines: &[FloorLine], plan: Plan) -> Result<Vec<PlanLine>, Problems> {
    let too_large = || Problems::from(Problem::new(&a::TOO_LARGE));
    let mut planned = Vec::new();
    for line in lines.iter().filter(|line| line.standing == Standing::Short) {
        let latest = lines.iter().filter(|other| other.government == line.government).map(|other| other.year).max();
        if latest != Some(line.year) {
            continue;
        }
        let growth = match line.growth {
            GapGrowth::None => Decimal::ZERO,
            GapGrowth::Budget => plan.growth,
            GapGrowth::Index(rate) => rate,
        };
        let factor = Decimal::ONE.checked_add(growth).ok_or_else(too_large)?;
        let mut grown = Decimal::from(line.cost.0);
        for step in 1..=plan.years {
            grown = grown.checked_mul(factor).ok_or_else(too_large)?;
            let gap = grown.ceil();
            let gap = i64::try_from(gap).map(Fen).map_err(|_| too_large())?;
            let product = i128::from(gap.0).checked_mul(step.into()).ok_or_else(too_large)?;
            let extra = div_round_i64(product, plan.years.into(), Rounding::HalfUp).map(Fen).ok_or_else(too_large)?;
            planned.push(PlanLine {
                government: line.government.clone(),
                floor: line.floor.clone(),
                title: line.title.clone(),
                year: line.year.saturating_add_unsigned(step),
                gap,
                extra,
                left: gap.checked_sub(extra).ok_or_else(too_large)?,
            });
        }
    }
    Ok(planned)
}
