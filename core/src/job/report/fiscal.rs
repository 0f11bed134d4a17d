//! A year of a fiscal book.

use std::collections::BTreeMap;

use super::{Report, simulation};
use crate::ledger::manifest::Run;
use crate::ledger::{Book, Period};
use crate::problem::{Lang, Problems};
use crate::report::{Chart, Document, Picture};
use crate::table::Table;
use crate::table::sums::units;
use crate::workbook::result::{Source, booked_documents, booked_summary};

/// A year of a fiscal book in short.
///
/// # Errors
/// A book without it.
pub fn fiscal_summary(book: &Book, period: Period, lang: Lang) -> Result<Document, Problems> {
    let (run, tables) = year(book, period)?;
    let (named, warnings) = (period.to_string(), Problems::new());
    let sha256 = book.info(period)?.manifest_sha256;
    Ok(booked_summary(&tables, Source { record: &run, book: Some((&named, &sha256)), warnings: &warnings }, lang))
}

/// All runs of a year as one, and its tables.
fn year(book: &Book, period: Period) -> Result<(Run, BTreeMap<String, Table>), Problems> {
    let manifest = book.manifest(period)?;
    let tables = manifest.tables.keys().map(|name| Ok((name.clone(), book.table(period, name)?)));
    Ok((joined(manifest.runs.values()), tables.collect::<Result<_, Problems>>()?))
}

pub(super) fn report(book: &Book, period: Period, lang: Lang) -> Result<Report, Problems> {
    let (run, tables) = year(book, period)?;
    let (named, warnings) = (period.to_string(), Problems::new());
    let sha256 = book.info(period)?.manifest_sha256;
    let source = Source { record: &run, book: Some((&named, &sha256)), warnings: &warnings };
    let sheets = booked_documents(&tables, source, lang);
    let title = match lang {
        Lang::Zh => format!("{period} 年财政奖补与投入底线"),
        Lang::En => format!("Fiscal awards and floors of {period}"),
    };
    let marks = if run.simulation { vec![simulation(lang)] } else { Vec::new() };
    let facts = sheets.first().map(|(_, sheet)| sheet.facts.clone()).unwrap_or_default();
    let sections = sheets.iter().flat_map(|(_, sheet)| sheet.sections.clone()).collect();
    let page = Document { title: String::new(), facts, sections, notes: Vec::new() };
    Ok(Report { title, marks, charts: charts(&tables, period, lang), page, sheets, warnings })
}

/// Awards and floors of the year as one run.
fn joined<'m>(runs: impl Iterator<Item = &'m Run>) -> Run {
    let mut all = Run::default();
    for run in runs.cloned() {
        all.engine = run.engine;
        all.simulation |= run.simulation;
        all.inputs.extend(run.inputs);
        all.policies.extend(run.policies);
        all.options.extend(run.options);
        all.placeholders.extend(run.placeholders);
        all.totals.extend(run.totals);
    }
    all
}

fn charts(tables: &BTreeMap<String, Table>, period: Period, lang: Lang) -> Vec<Chart> {
    let wanted = [
        ("award_entries", "treasury", "amount", "各级财政应拨，元", "By treasury, yuan"),
        ("award_entries", "payee_place", "amount", "按获奖主体所在地，元", "By place of the payees, yuan"),
        ("award_entries", "rule", "amount", "按规则，元", "By rule, yuan"),
        ("floors", "government", "gap", "各级政府投入缺口合计，元", "Gaps by government, yuan"),
    ];
    let charts = wanted.into_iter().filter_map(|(name, by, column, zh, en)| {
        let whole = tables.get(name).filter(|table| table.rows() > 0)?;
        // Accounts of earlier years are there to compare with.
        let of_year =
            if name == "floors" { whole.find("year", &period.to_string()) } else { (0..whole.rows()).collect() };
        let table = whole.take(&of_year);
        let values = table.column(column)?;
        let sum = |rows: Vec<usize>| i64::try_from(rows.into_iter().map(|row| units(values, row)).sum::<i128>()).ok();
        let bars = table.rows_by(by).into_iter().filter_map(|(key, rows)| Some((key, sum(rows)?)));
        let mut bars: Vec<(String, i64)> = bars.collect();
        bars.sort_by_key(|(_, amount)| std::cmp::Reverse(*amount));
        Some(Chart { title: lang.pick(zh, en).to_owned(), kind: Picture::Bars(bars) })
    });
    charts.collect()
}
