//! The lines of settled periods, for clearing.

use std::collections::BTreeMap;

use super::earlier::number;
use super::sums::InstitutionSum;
use crate::ledger::Period;
use crate::problem::catalogue::recognition as r;
use crate::problem::{Problem, Problems};
use crate::table::cell::plain;
use crate::table::{Table, Values};

/// An institution's line in one period, for one insurance type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodLine {
    pub period: Period,
    pub sum: InstitutionSum,
}

/// The lines in tables `recognition_institutions`, in the order of the tables.
#[must_use]
pub fn lines_of(tables: &[(Period, Table)]) -> Vec<PeriodLine> {
    let lines = tables.iter().flat_map(|(period, table)| {
        let text =
            move |name: &str, row: usize| table.column(name).map_or_else(String::new, |values| plain(values, row));
        let count = move |name: &str, row: usize| match table.column(name) {
            Some(Values::Int(counts)) => counts[row].unwrap_or(0),
            _ => 0,
        };
        (0..table.rows()).map(move |row| PeriodLine {
            period: *period,
            sum: InstitutionSum {
                institution: text("fixmedins_code", row),
                insutype: text("insutype", row),
                cases: count("cases", row),
                amount_fen: number(table.column("amount"), row),
                taken_back_fen: number(table.column("taken_back"), row),
                points_e4: number(table.column("points"), row),
                refused: count("refused", row),
            },
        })
    });
    lines.collect()
}

/// The lines of several periods as one for each institution and insurance type, in their order.
pub fn summed(lines: &[PeriodLine]) -> Result<Vec<InstitutionSum>, Problems> {
    let mut sums: BTreeMap<(&str, &str), InstitutionSum> = BTreeMap::new();
    for PeriodLine { sum, .. } in lines {
        let key = (sum.institution.as_str(), sum.insutype.as_str());
        let empty =
            || InstitutionSum { institution: key.0.into(), insutype: key.1.into(), ..InstitutionSum::default() };
        let whole = sums.entry(key).or_insert_with(empty);
        let pairs = [
            (&mut whole.cases, sum.cases),
            (&mut whole.amount_fen, sum.amount_fen),
            (&mut whole.taken_back_fen, sum.taken_back_fen),
            (&mut whole.points_e4, sum.points_e4),
            (&mut whole.refused, sum.refused),
        ];
        for (whole, part) in pairs {
            *whole = whole.checked_add(part).ok_or_else(|| Problem::new(&r::OVERFLOW).with("what", "Σ"))?;
        }
    }
    Ok(sums.into_values().collect())
}
