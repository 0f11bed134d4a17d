//! Filled-in accounts → years.

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
    for sheet in sheets {
        let rows = Rows::new(&form, sheet, &lists);
        for row in rows.iter() {
            let (government, year) = (row.choice("government"), row.year("year"));
            let mut figures = std::collections::BTreeMap::new();
            for account in &policy.accounts {
                let figure = match account.unit {
                    Unit::Yuan => row.money(&account.code).map(Figure::Money),
                    Unit::Count | Unit::Rate => row.number(&account.code).map(Figure::Number),
                };
                figures.extend(figure.map(|figure| (account.code.clone(), figure)));
            }
            let (Some(government), Some(year)) = (government, year) else { continue };
            if years.iter().any(|known| known.government == government && known.year == year) {
                let value = format!("{government} {year}");
                row.refuse("year", Problem::new(&w::TWICE).with("value", value).with("row", "-"));
            }
            years.push(Year { government, year, figures });
        }
        problems.append(rows.into_problems());
    }
    problems.or(years)
}
