//! Scenarios against their baseline.

use super::Report;
use crate::job::Studied;
use crate::problem::Lang;
use crate::report::{Chart, Picture, Step};
use crate::scenario::document::{called, screen};
use crate::table::Table;
use crate::table::cell::plain;
use crate::table::sums::units;

/// The most winners, and the most losers, that a chart shows.
const ENDS_MAX: usize = 15;

pub(super) fn report(studied: Studied, lang: Lang) -> Report {
    let sheets = studied.documents(lang);
    let Studied { title, tables, warnings, .. } = studied;
    let title = if title.is_empty() { lang.pick("政策测算", "Scenarios").to_owned() } else { title };
    let page = screen("", &tables, lang);
    let table =
        |name: &str| tables.iter().find(|(own, table)| *own == name && table.rows() > 0).map(|(_, table)| table);
    let mut charts = Vec::new();
    if let Some(scenarios) = table("scenarios") {
        charts.extend(differences(scenarios, lang));
    }
    if let Some(swings) = table("tornado") {
        charts.extend(tornadoes(swings, lang));
    }
    if let Some(amounts) = table("amounts") {
        charts.extend(winners(amounts, lang));
    }
    Report { title, marks: Vec::new(), charts, page, sheets, warnings }
}

fn text(table: &Table, column: &str, row: usize) -> String {
    table.column(column).map_or_else(String::new, |values| plain(values, row))
}

fn amount(table: &Table, column: &str, row: usize) -> i64 {
    let found = table.column(column).map_or(0, |values| units(values, row));
    i64::try_from(found).unwrap_or_default()
}

/// How far each named scenario moves each purse; those of grids, tables and draws are too many.
fn differences(scenarios: &Table, lang: Lang) -> Vec<Chart> {
    let named = |row: &usize| text(scenarios, "group", *row).is_empty();
    let purses = scenarios.rows_by("money").into_iter().filter_map(|(purse, rows)| {
        let rows = rows.into_iter().filter(named);
        let bars: Vec<(String, i64)> =
            rows.map(|row| (text(scenarios, "scenario", row), amount(scenarios, "difference", row))).collect();
        let word = called("money", &purse, lang).unwrap_or_default();
        let title = format!("{word}{}", lang.pick("：各情景与基线之差，元", ": difference from the baseline, yuan"));
        (!bars.is_empty()).then_some(Chart { title, kind: Picture::Bars(bars) })
    });
    purses.collect()
}

/// A bar a parameter, from what its low value moves the figure by to what its high value does.
fn tornadoes(swings: &Table, lang: Lang) -> Vec<Chart> {
    // Two decimals of the six are enough for the eye.
    let moved =
        |column: &str, row: usize| amount(swings, column, row).saturating_sub(amount(swings, "baseline", row)) / 10_000;
    let charts = swings.rows_by("scenario").into_iter().map(|(name, rows)| {
        let measure = rows.first().map_or_else(String::new, |row| text(swings, "measure", *row));
        let word = called("measure", &measure, lang).unwrap_or_default();
        let step = |row: usize| Step {
            label: format!(
                "{}  {} ~ {}",
                text(swings, "path", row),
                text(swings, "low", row),
                text(swings, "high", row)
            ),
            from: moved("at_low", row),
            to: moved("at_high", row),
            is_total: false,
        };
        let title = format!("{name}{}{word}", lang.pick("：", ": "));
        Chart { title, kind: Picture::Steps(rows.into_iter().map(step).collect()) }
    });
    charts.collect()
}

/// Institutions, payees or governments that a named scenario gives more or less, of the first that does.
fn winners(amounts: &Table, lang: Lang) -> Option<Chart> {
    let stakes = [("institution", "net"), ("institution", "due"), ("payee", "amount"), ("government", "cost")];
    let of = |kind: &str, measure: &str| {
        let is_stake = |row: &usize| {
            text(amounts, "kind", *row) == kind
                && text(amounts, "measure", *row) == measure
                && amount(amounts, "difference", *row) != 0
        };
        let first = (0..amounts.rows()).find(is_stake)?;
        let scenario = text(amounts, "scenario", first);
        let rows: Vec<usize> = amounts.find("scenario", &scenario).into_iter().filter(is_stake).collect();
        Some((scenario, rows))
    };
    let (scenario, rows) = stakes.iter().find_map(|(kind, measure)| of(kind, measure))?;
    let mut bars: Vec<(String, i64)> = Vec::new();
    for row in rows {
        let (name, code) = (text(amounts, "name", row), text(amounts, "subject", row));
        let name = if name.is_empty() { code } else { name };
        let change = amount(amounts, "difference", row);
        match bars.iter_mut().find(|(own, _)| *own == name) {
            Some((_, sum)) => *sum = sum.saturating_add(change),
            None => bars.push((name, change)),
        }
    }
    bars.sort_by_key(|(_, change)| std::cmp::Reverse(*change));
    if bars.len() > 2 * ENDS_MAX {
        bars.drain(ENDS_MAX..bars.len() - ENDS_MAX);
    }
    let title = match lang {
        Lang::Zh => format!("“{scenario}”：谁增谁减，元"),
        Lang::En => format!("\"{scenario}\": who gains and who loses, yuan"),
    };
    Some(Chart { title, kind: Picture::Bars(bars) })
}
