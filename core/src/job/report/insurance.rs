//! A settled month or cleared year.

use std::collections::BTreeMap;

use super::{Report, simulation};
use crate::job::{MONTH, YEAR};
use crate::ledger::manifest::Run;
use crate::ledger::{Book, Period};
use crate::money::Fen;
use crate::problem::{Lang, Problems};
use crate::report::{Chart, Document, MonthView, Picture, Statements, Step, labels};
use crate::table::cell::plain;
use crate::table::sums::units;
use crate::table::{Table, Values};

/// The most bars of a chart.
const BARS_MAX: usize = 40;

pub(super) fn report(book: &Book, period: Period, lang: Lang) -> Result<Report, Problems> {
    let manifest = book.manifest(period)?;
    let statements = Statements::read(book, period)?;
    let held = MonthView::TABLES.iter().filter(|name| manifest.tables.contains_key(**name));
    let tables = held.map(|name| Ok(((*name).to_owned(), book.table(period, name)?)));
    let tables: BTreeMap<String, Table> = tables.collect::<Result<_, Problems>>()?;
    let none = Run::default();
    let run = manifest.runs.get(if period.is_year() { YEAR } else { MONTH }).unwrap_or(&none);
    let dir = book.period_dir(period)?;
    let view = MonthView { period, run, tables: &tables, dir: &dir };
    let (title, mut page) = (view.title(lang), view.document(lang));
    // Where the files are is of no use to whoever gets the page.
    page.notes.pop();
    page.facts.push((lang.pick("账册清单 SHA-256", "Manifest SHA-256").to_owned(), book.info(period)?.manifest_sha256));
    let marks = if manifest.is_simulation() { vec![simulation(lang)] } else { Vec::new() };
    let overview = Document { sections: Vec::new(), ..page.clone() };
    let mut sheets = vec![(lang.pick("概要", "Overview").to_owned(), overview)];
    sheets.extend(statements.whole(lang).sheets);
    let charts = charts(book, period, run, &tables, lang)?;
    Ok(Report { title, marks, charts, page, sheets, warnings: Problems::new() })
}

fn charts(
    book: &Book,
    period: Period,
    run: &Run,
    tables: &BTreeMap<String, Table>,
    lang: Lang,
) -> Result<Vec<Chart>, Problems> {
    let mut charts = Vec::new();
    if let Some(institutions) = tables.get("institutions") {
        if period.is_year() {
            let bars = by_institution(institutions, |row| amount(institutions, "payable", row));
            charts.push(bars_of(
                lang.pick("各机构清算应付（负为应收），元", "To pay (recover) by institution, yuan"),
                bars,
                lang,
            ));
        } else {
            charts.push(waterfall(run, institutions, lang));
            let bars = by_institution(institutions, |row| {
                let by_item = fund_by_item(institutions, row);
                amount(institutions, "due", row).saturating_sub(by_item)
            });
            let title =
                lang.pick("各机构结余（应付减按项目由基金支付），元", "Due less what the fund pays by item, yuan");
            charts.push(bars_of(title, bars, lang));
        }
    }
    if let Some(consortia) = tables.get("consortia").filter(|consortia| consortia.rows() > 0) {
        let title = lang.pick("各医共体结余，元", "Balance by consortium, yuan");
        charts.push(bars_of(title, sums(consortia, "consortium", |row| amount(consortia, "balance", row)), lang));
    }
    charts.extend(point_values(book, period, lang)?);
    Ok(charts)
}

fn amount(table: &Table, column: &str, row: usize) -> i64 {
    let found = table.column(column).map_or(0, |values| units(values, row));
    i64::try_from(found).unwrap_or_default()
}

/// What the cases of a line cost the fund item by item.
fn fund_by_item(institutions: &Table, row: usize) -> i64 {
    let [bills, patients, others] =
        ["medfee_sumamt", "psn_pay", "oth_fund_pay"].map(|column| amount(institutions, column, row));
    bills.saturating_sub(patients).saturating_sub(others)
}

/// Sums by a text of each row, the largest first.
fn sums(table: &Table, by: &str, of: impl Fn(usize) -> i64) -> Vec<(String, i64)> {
    let mut bars: Vec<(String, i64)> = table
        .rows_by(by)
        .into_iter()
        .map(|(name, rows)| (name, rows.into_iter().map(&of).fold(0, i64::saturating_add)))
        .collect();
    bars.sort_by_key(|(_, amount)| std::cmp::Reverse(*amount));
    bars
}

fn by_institution(institutions: &Table, of: impl Fn(usize) -> i64) -> Vec<(String, i64)> {
    let mut bars = sums(institutions, "fixmedins_code", of);
    for (code, _) in &mut bars {
        let row = institutions.find("fixmedins_code", code).first().copied();
        let name = row.zip(institutions.column("fixmedins_name")).map(|(row, names)| plain(names, row));
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            *code = name;
        }
    }
    bars
}

/// Bars; of many those at both ends.
fn bars_of(title: &str, mut bars: Vec<(String, i64)>, lang: Lang) -> Chart {
    let (all, half) = (bars.len(), BARS_MAX / 2);
    let mut title = title.to_owned();
    if all > BARS_MAX {
        bars.drain(half..all - half);
        title += &match lang {
            Lang::Zh => format!("（首尾各 {half} 家，共 {all} 家）"),
            Lang::En => format!(" (the first and last {half} of {all})"),
        };
    }
    Chart { title, kind: Picture::Bars(bars) }
}

/// From the bills that came in to what is due.
fn waterfall(run: &Run, institutions: &Table, lang: Lang) -> Chart {
    let total = |name: &str| run.totals.get(name).and_then(|text| text.parse().ok()).unwrap_or(Fen::ZERO).0;
    let column =
        |name: &str| (0..institutions.rows()).map(|row| amount(institutions, name, row)).fold(0, i64::saturating_add);
    let (bills, due) = (total("medfee_in"), total("due"));
    let step = |label: String, from, to, is_total| Step { label, from, to, is_total };
    let mut steps = vec![step(lang.pick("收到病例费用", "Bills received").to_owned(), 0, bills, true)];
    let mut level = bills;
    let mut fall = |label: &str, amount: i64, steps: &mut Vec<Step>| {
        if amount != 0 {
            let next = level.saturating_sub(amount);
            steps.push(step(label.to_owned(), level, next, false));
            level = next;
        }
    };
    for part in ["rejected", "left_out", "excluded", "unpaid"] {
        let word = labels::word(
            match part {
                "rejected" => "claims_rejected",
                "left_out" => "claims_left_out",
                "excluded" => "claims_excluded",
                _ => "claims_unpaid",
            },
            lang,
        );
        fall(word, total(&format!("medfee_{part}")), &mut steps);
    }
    fall(lang.pick("个人支付", "Patients"), column("psn_pay"), &mut steps);
    fall(lang.pick("其他基金", "Other funds"), column("oth_fund_pay"), &mut steps);
    steps.push(step(lang.pick("付费差额", "By pricing").to_owned(), level, due, false));
    steps.push(step(lang.pick("应付", "Due").to_owned(), 0, due, true));
    Chart {
        title: lang.pick("从病例费用到应付，元", "From bills to what is due, yuan").to_owned(),
        kind: Picture::Steps(steps),
    }
}

/// The point value of each pool, month by month up to the period; nothing of a single month.
fn point_values(book: &Book, period: Period, lang: Lang) -> Result<Option<Chart>, Problems> {
    let of_year = |month: &Period| !month.is_year() && month.whole_year() == period.whole_year();
    let months = book.periods_with("pools")?.into_iter();
    let months: Vec<Period> = months.filter(|month| of_year(month) && (period.is_year() || *month <= period)).collect();
    if months.len() < 2 {
        return Ok(None);
    }
    let mut lines: BTreeMap<String, Vec<Option<i128>>> = BTreeMap::new();
    for (at, month) in months.iter().enumerate() {
        let pools = book.columns(*month, "pools", &["insutype", "point_value"])?;
        let Some(Values::Decimal { units, .. }) = pools.column("point_value") else { continue };
        for (row, value) in units.iter().enumerate() {
            let pool = pools.column("insutype").map_or_else(String::new, |names| plain(names, row));
            lines.entry(pool).or_insert_with(|| vec![None; months.len()])[at] = *value;
        }
    }
    let lines = lines.into_iter().map(|(pool, values)| (labels::word(&pool, lang).to_owned(), values));
    let places = months.iter().map(ToString::to_string).collect();
    let kind = Picture::Lines { places, lines: lines.collect(), digits: 6 };
    Ok(Some(Chart { title: lang.pick("点值走势，元", "Point values, yuan").to_owned(), kind }))
}
