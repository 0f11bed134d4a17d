//! `dianzhi weights`

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};

use super::settle::RoundingArg;
use super::{Outcome, Output};
use crate::job::{ClaimFiles, Scheme, WeighedFiles, WeightsJob, weigh_files};
use crate::money::Rounding;
use crate::problem::Lang;
use crate::report::{Align, Grid};
use crate::table::Table;
use crate::table::cell::plain;

/// Make weights of one or several years of claims: trimming, relative weights, coefficients, benchmarks.
#[derive(Debug, Args)]
pub struct WeightsArgs {
    /// Scheme: a folder of tables, a .zip, an .xlsx, or demo
    #[arg(long, value_name = "SCHEME")]
    scheme: PathBuf,
    /// Policy with weight_… rules: a pack (.toml) or a folder of dated packs
    #[arg(long, value_name = "PACK")]
    policy: PathBuf,
    /// Claims of all years: .csv or .parquet
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    claims: Vec<PathBuf>,
    /// Where the weight table goes, .csv or .parquet; the other tables are written beside it
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The day whose pack says how, where several packs do
    #[arg(long, value_name = "DAY")]
    on: Option<NaiveDate>,
    /// Mapping file for other headers and codes
    #[arg(long, value_name = "TOML")]
    mapping: Option<PathBuf>,
    /// Accept amounts in float columns, rounded to the fen in this way
    #[arg(long, value_enum)]
    float_money: Option<RoundingArg>,
    /// The codes are of the clinical edition (国临版): translate them by the scheme's code maps first
    #[arg(long)]
    clinical: bool,
}

pub fn run(args: &WeightsArgs, out: &Output) -> Outcome {
    let (scheme, warnings) = Scheme::read(&args.scheme)?;
    out.warnings(&warnings);
    let files = ClaimFiles {
        claims: args.claims.clone(),
        mapping: args.mapping.clone(),
        float_money: args.float_money.map(Rounding::from),
    };
    let job = WeightsJob { scheme: &scheme, policy: &args.policy, files, clinical: args.clinical, on: args.on };
    let weighed = weigh_files(&job)?;
    out.warnings(&weighed.warnings);
    let written = weighed.write(&args.out)?;
    report(&weighed, &written, out);
    Ok(())
}

fn report(weighed: &WeighedFiles, written: &[PathBuf], out: &Output) {
    let lang = out.lang;
    let summary = table(weighed, "summary").map_or_else(Vec::new, pairs);
    let mut grid = Grid::new(&[(lang.pick("项目", "Item"), Align::Left), (lang.pick("数值", "Value"), Align::Right)]);
    for (key, value) in &summary {
        grid.row([words(key, lang), value.as_str()]);
    }
    let mut text = grid.render();
    text += &left_out(weighed, lang);
    text += lang.pick("\n文件：", "\nFiles:");
    for path in written {
        text += &format!("\n  {}", path.display());
    }
    out.say(text, || {
        let summary: serde_json::Map<String, Value> =
            summary.iter().map(|(key, value)| (key.clone(), value.clone().into())).collect();
        json!({ "pack": weighed.pack, "summary": summary, "files": written })
    });
}

/// How often each rule and reason left a case out.
fn left_out(weighed: &WeighedFiles, lang: Lang) -> String {
    let table = table(weighed, "left_out");
    let reason = lang.pick("reason_zh", "reason_en");
    let mut counts: BTreeMap<(String, String), (u64, String)> = BTreeMap::new();
    for row in 0..table.map_or(0, Table::rows) {
        let cell =
            |name: &str| table.and_then(|t| t.column(name)).map_or_else(String::new, |values| plain(values, row));
        let (count, _) = counts.entry((cell("code"), cell("rule"))).or_insert_with(|| (0, cell(reason)));
        *count += 1;
    }
    let such_as = lang.pick("如：", "such as: ");
    let line = |((code, rule), (count, first)): (&(String, String), &(u64, String))| {
        let rule = if rule.is_empty() { String::new() } else { format!(" {rule}") };
        format!("\n  {code}{rule} × {count}  {such_as}{first}")
    };
    let lines: String = counts.iter().map(line).collect();
    if lines.is_empty() { lines } else { format!("\n{}{lines}", lang.pick("未参与测算的原因：", "Left out:")) }
}

fn table<'t>(weighed: &'t WeighedFiles, name: &str) -> Option<&'t Table> {
    weighed.tables.iter().find(|(own, _)| *own == name).map(|(_, table)| table)
}

fn pairs(table: &Table) -> Vec<(String, String)> {
    let text = |name: &str, row| table.column(name).map_or_else(String::new, |values| plain(values, row));
    (0..table.rows()).map(|row| (text("key", row), text("value", row))).collect()
}

/// A figure of the summary, for people.
fn words(key: &str, lang: Lang) -> &str {
    let (zh, en) = match key {
        "received" => ("收到病例", "claims received"),
        "rejected" => ("退回（数据有误）", "rejected (faulty)"),
        "dropped" => ("剔除（重复、冲正）", "dropped (copies, reversed)"),
        "claims" => ("病例", "claims"),
        "kept" => ("参与测算", "weighed"),
        "left_out" => ("排除与裁剪", "left out"),
        "groups" => ("病组", "groups"),
        "groups_with_weight" => ("有权重的病组", "groups with a weight"),
        "groups_stable" => ("稳定病组", "stable groups"),
        "scale" => ("点数基准", "scale"),
        "pool_mean" => ("总例均费用（元）", "pool mean, yuan"),
        "riv" => ("RIV（组间变异解释度）", "RIV (variance explained)"),
        "sum_before_adjustment" => ("调整前 Σ(RW·n)", "Σ(RW·n) before adjustment"),
        "sum_decided" => ("决定后 Σ(RW·n)", "Σ(RW·n) as decided"),
        "sum_published" => ("发布的 Σ(RW·n)", "Σ(RW·n) as published"),
        "adjustment_factor" => ("平衡系数", "factor that keeps the sum"),
        other => return other,
    };
    lang.pick(zh, en)
}
