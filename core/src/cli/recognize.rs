//! `dianzhi recognize`

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::award::entered;
use super::settle::month;
use super::{Outcome, Output};
use crate::job::{Parts, RECOGNITION, RecognisedPeriod, RecognitionFiles, recognise_period};
use crate::ledger::{Kind, Period, Writer};
use crate::problem::Lang;
use crate::recognition::{FAMILIES, Rules};
use crate::report::{Align, Grid};
use crate::table::Table;
use crate::table::cell::{plain, shown};

/// Pay for exams of other institutions that were recognised and not repeated (检查检验结果互认).
#[derive(Debug, Args)]
pub struct RecognizeArgs {
    /// Policy with recognition_… rules: a pack (.toml), a folder of dated packs, or demo
    #[arg(long, value_name = "PACK")]
    policy: PathBuf,
    /// Records of recognition: .csv or .parquet
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    records: Vec<PathBuf>,
    /// Tests done and billed, to find repeated ones: .csv or .parquet
    #[arg(long, num_args = 1.., value_name = "FILE")]
    tests: Vec<PathBuf>,
    /// The month, 2026-03
    #[arg(long, value_parser = month)]
    period: Period,
    /// The folder of the book; made where there is none
    #[arg(long, value_name = "DIR")]
    book: PathBuf,
}

pub fn run(args: &RecognizeArgs, out: &Output) -> Outcome {
    // The book first: whether it may be written is known before the long work begins.
    let mut writer = Writer::open_or_create(&args.book, Kind::Insurance)?;
    let draft = writer.draft(args.period, RECOGNITION)?;
    let (parts, warnings) = Parts::read(&args.policy, None, &FAMILIES, &Rules::needed())?;
    out.warnings(&warnings);
    let files = RecognitionFiles { records: args.records.clone(), tests: args.tests.clone() };
    let recognised = recognise_period(draft, &parts, &files)?;
    report(&recognised, out);
    Ok(())
}

fn report(recognised: &RecognisedPeriod, out: &Output) {
    let lang = out.lang;
    let manifest = &recognised.receipt.manifest;
    let run = &manifest.runs[RECOGNITION];
    let total = |name: &str| run.totals.get(name).map_or("", String::as_str);
    let mut text = match lang {
        Lang::Zh => format!(
            "{} 互认：收到 {} 条，支付 {} 条，不付 {} 条，无法读取 {} 条，收回 {} 条；应付 {} 元",
            manifest.period,
            total("records_in"),
            total("records_paid"),
            total("records_refused"),
            total("records_unreadable"),
            total("taken_back"),
            total("recognition_due"),
        ),
        Lang::En => format!(
            "Recognition in {}: {} records, {} paid, {} refused, {} unreadable, {} taken back; due {} yuan",
            manifest.period,
            total("records_in"),
            total("records_paid"),
            total("records_refused"),
            total("records_unreadable"),
            total("taken_back"),
            total("recognition_due"),
        ),
    };
    if run.simulation {
        text += lang.pick("\n政策为草案：全部结果为模拟", "\nA draft policy: every result is a simulation");
    }
    text += "\n\n";
    text += &institutions(recognised.tables.get("recognition_institutions"), lang);
    text += &refusals(recognised.tables.get("recognition"), lang);
    if !run.placeholders.is_empty() {
        text += lang.pick("\n没有文件依据的规则：", "\nRules without a source:");
        run.placeholders.iter().for_each(|line| text += &format!("\n  {line}"));
    }
    text += &entered(&recognised.receipt, lang);
    out.say(text, || {
        json!({
            "period": manifest.period,
            "manifest_sha256": recognised.receipt.manifest_sha256,
            "replaced": recognised.receipt.replaced,
            "dir": recognised.receipt.dir,
            "run": run,
        })
    });
}

fn institutions(table: Option<&Table>, lang: Lang) -> String {
    let columns = [
        ("fixmedins_code", lang.pick("医疗机构", "Institution"), Align::Left),
        ("insutype", lang.pick("险种", "Insurance"), Align::Left),
        ("cases", lang.pick("支付例数", "Cases"), Align::Right),
        ("amount", lang.pick("支付", "Paid"), Align::Right),
        ("taken_back", lang.pick("收回", "Taken back"), Align::Right),
        ("due", lang.pick("应付", "Due"), Align::Right),
        ("refused", lang.pick("不付例数", "Refused"), Align::Right),
    ];
    let mut grid = Grid::new(&columns.map(|(_, title, align)| (title, align)));
    for row in 0..table.map_or(0, Table::rows) {
        let cell =
            |name: &str| table.and_then(|t| t.column(name)).map_or_else(String::new, |values| shown(values, row));
        let cells = columns.map(|(name, _, _)| cell(name));
        grid.row(cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
    grid.render()
}

/// How often each reason refused a record.
fn refusals(table: Option<&Table>, lang: Lang) -> String {
    let mut counts: std::collections::BTreeMap<String, (u64, String)> = Default::default();
    let reason = lang.pick("reason_zh", "reason_en");
    for row in 0..table.map_or(0, Table::rows) {
        let cell =
            |name: &str| table.and_then(|t| t.column(name)).map_or_else(String::new, |values| plain(values, row));
        if !cell("code").is_empty() {
            let (count, _) = counts.entry(cell("code")).or_insert_with(|| (0, cell(reason)));
            *count += 1;
        }
    }
    let mut text = String::new();
    for (code, (count, first)) in counts {
        let such_as = lang.pick("如：", "such as: ");
        text += &format!("\n  {code} × {count}  {such_as}{first}");
    }
    if text.is_empty() {
        text
    } else {
        format!("\n{}{text}\n", lang.pick("不付与收回的原因：", "Refused or taken back:"))
    }
}
