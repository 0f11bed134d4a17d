//! The years to come: cases, costs and budgets grow by stated rates.
//!
//! The cost of every case is multiplied and rounded to the fen, and every case is priced again. Cases are not invented:
//! each stands for `(1 + g)` cases, so that sums of a group are multiplied and rounded once.

use rust_decimal::{Decimal, RoundingStrategy};

use super::change::{Changes, Move};
use super::evaluate::told;
use super::figures::Figures;
use super::file;
use super::point::Point;
use super::run::{Base, GoOn};
use crate::policy::Change;
use crate::problem::catalogue::scenario as x;
use crate::problem::{Problem, Problems};

/// One year of a projection.
#[derive(Clone, Debug)]
pub struct Year {
    pub projection: String,
    /// 0 is the baseline.
    pub number: i64,
    pub figures: Figures,
}

/// By what a year differs from the baseline, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Growth {
    pub cases_e6: i64,
    pub cost_e6: i64,
    pub budget: Decimal,
}

/// The rows of budgets that grow.
const BUDGETS: &str = "rules.budget.table[*].fund_budget";

/// The baseline and each year.
pub fn project(base: &Base, projection: &file::Projection, go_on: &GoOn<'_>) -> Result<Vec<Year>, Problems> {
    let file::Projection { set, times, plus, add, remove, .. } = projection;
    let moves = Changes { set, times, plus, add, remove }.moves();
    let name = &projection.name;
    let point = Point { name: name.clone(), group: name.clone(), moves: moves.clone() };
    let mut years = vec![Year { projection: name.clone(), number: 0, figures: base.figures()? }];
    for (number, growth) in (1..).zip(growths(projection)?) {
        go_on()?;
        let mut moves: Vec<Move> = moves.clone();
        if growth.budget != Decimal::ONE {
            moves.push(Move { path: BUDGETS.to_owned(), change: Change::Times(growth.budget) });
        }
        let figures = base.grown(&moves, growth).map_err(|problems| told(&point, problems))?;
        years.push(Year { projection: name.clone(), number, figures });
    }
    Ok(years)
}

/// The factors of each year against the baseline, to six decimals.
fn growths(projection: &file::Projection) -> Result<Vec<Growth>, Problems> {
    let years = projection.years.0 as usize;
    let factors = |rates: &[file::Number]| -> Option<Vec<Decimal>> {
        let rate = |year: usize| if rates.len() == 1 { rates.first() } else { rates.get(year) };
        if rates.len() != 1 && rates.len() != years {
            return None;
        }
        let mut factor = Decimal::ONE;
        let grow = |year: usize| {
            factor = factor.checked_mul(Decimal::ONE.checked_add(rate(year)?.0)?)?;
            factor = factor.round_dp_with_strategy(12, RoundingStrategy::MidpointAwayFromZero);
            let six = factor.round_dp_with_strategy(6, RoundingStrategy::MidpointAwayFromZero);
            (six > Decimal::ZERO).then_some(six)
        };
        (0..years).map(grow).collect()
    };
    let bad = || Problems::from(Problem::new(&x::BAD_GROWTH).with("name", &projection.name).with("years", years));
    let all = [&projection.cases, &projection.cost, &projection.budget].map(|rates| factors(rates));
    let [Some(cases), Some(cost), Some(budget)] = all else { return Err(bad()) };
    let e6 = |factor: Decimal| crate::money::scaled(factor, 6).and_then(|units| i64::try_from(units).ok());
    let growth =
        |year: usize| Some(Growth { cases_e6: e6(cases[year])?, cost_e6: e6(cost[year])?, budget: budget[year] });
    (0..years).map(growth).collect::<Option<Vec<Growth>>>().ok_or_else(bad)
}
