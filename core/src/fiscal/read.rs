//! Filled-in accounts → years.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::model::{Figure, Policy, Unit, Year};
use super::{form, lists};
use crate::problem::catalogue::workbook as w;
use crate::problem::{Problem, Problems};
use crate::workbook::{Rows, Sheet};

/// Reads the accounts of one or several sheets. Warnings come with the result.
///
/// # Errors
/// Every cell that is wrong.
pub fn read(policy: &Policy, sheets: &[Sheet]) -> Result<(Vec<Year>, Problems), Problems> {
    let (form, lists) = (form(policy), lists(policy));
    let mut problems = Problems::new();
    let mut years: Vec<Year> = Vec::new();
    let mut seen: BTreeMap<(String, i32), u64> = BTreeMap::new();
    for sheet in sheets {
        let rows = Rows::new(&form, sheet, &lists);
        for row in rows.iter() {
            let (government, year) = (row.choice("government"), row.year("year"));
            let mut figures = BTreeMap::new();
            for account in &policy.accounts {
                let figure = match account.unit {
                    Unit::Yuan => row.money(&account.code).map(Figure::Money),
                    Unit::Count | Unit::Rate => row.number(&account.code).map(Figure::Number),
                };
                if let (Unit::Rate, Some(Figure::Number(rate))) = (account.unit, figure)
                    && rate.abs() > Decimal::ONE
                {
                    let percent = rate.saturating_mul(Decimal::ONE_HUNDRED).normalize();
                    row.refuse(
                        &account.code,
                        Problem::new(&w::LARGE_RATE).with("value", rate).with("percent", percent),
                    );
                }
                figures.extend(figure.map(|figure| (account.code.clone(), figure)));
            }
            let (Some(government), Some(year)) = (government, year) else { continue };
            if let Some(first) = seen.insert((government.clone(), year), row.place().1) {
                let value = format!("{government} {year}");
                row.refuse("year", Problem::new(&w::TWICE).with("value", value).with("row", first));
            }
            years.push(Year { government, year, figures });
        }
        problems.append(rows.into_problems());
    }
    problems.or(years)
}
