//! `dianzhi fiscal`

use std::path::PathBuf;

use clap::Args;
use rust_decimal::Decimal;
use serde_json::json;

use super::award::{check_out, entered, pair, write_problems};
use super::chinese::Wrong;
use super::{Outcome, Output};
use crate::fiscal::{Plan, Standing, floor_codes, plan_table};
use crate::job::{FISCAL, FloorFiles, FloorPack, FloorRun, check_floors, floor_period};
use crate::ledger::{Kind, Period, Receipt, Writer};
use crate::problem::{Lang, Problems};
use crate::report::{Align, Grid, xlsx};
use crate::workbook::result::{FloorView, Source, floor_documents};

/// Check what governments must spend on health: required, actual, gap and its cost, by government and year (投入底线).
#[derive(Debug, Args)]
pub struct FiscalArgs {
    /// Filled-in workbook of accounts (.xlsx), a table (.csv, .parquet), or a folder of them
    #[arg(required_unless_present = "accounts", value_name = "FILE")]
    input: Vec<PathBuf>,
    /// The same, by name
    #[arg(long, value_name = "FILE", num_args = 1..)]
    accounts: Vec<PathBuf>,
    /// Policy with floors: a pack (.toml), a folder, or the name of one that comes with the program
    #[arg(long, value_name = "PACK", default_value = "bazhong_fiscal")]
    policy: PathBuf,
    /// Change a parameter of a floor: B14-2.bound=exact, B14-1.share=0.12
    #[arg(long = "switch", value_name = "NAME=VALUE", value_parser = pair)]
    switches: Vec<(String, String)>,
    /// What if the gaps of the latest year are closed in equal steps over so many years
    #[arg(long, value_name = "YEARS", value_parser = clap::value_parser!(u32).range(1..=50))]
    close_over: Option<u32>,
    /// For --close-over: yearly growth of budgets, 0.05 or 5%
    #[arg(long, value_name = "RATE", default_value = "0", value_parser = rate)]
    #[arg(requires = "close_over", allow_hyphen_values = true)]
    growth: Decimal,
    /// The folder of a fiscal book to enter the result in; made where there is none
    #[arg(long, value_name = "DIR")]
    book: Option<PathBuf>,
    /// The year of the book, 2026; later accounts are left out. Not needed when all accounts are of one year
    #[arg(long, value_parser = super::settle::whole_year, requires = "book")]
    period: Option<Period>,
    /// Write the result workbook (.xlsx)
    #[arg(short, long, value_name = "XLSX")]
    out: Option<PathBuf>,
}

fn rate(text: &str) -> Result<Decimal, Wrong> {
    Plan::rate(text)
        .ok_or(Wrong { zh: "须为高于 -100%、不超过 1000% 的比率", en: "a rate above -100% and up to 1000%" })
}

pub fn run(args: &FiscalArgs, out: &Output) -> Outcome {
    check_out(args.out.as_deref(), &args.inputs())?;
    let (run, receipt) =
        floors(args).inspect_err(|problems| write_problems(args.out.as_deref(), problems, out.lang))?;
    out.warnings(&run.warnings);
    if let Some(path) = &args.out {
        let period = receipt.as_ref().map(|receipt| receipt.manifest.period.to_string());
        let book = receipt.as_ref().zip(period.as_deref());
        let source = Source {
            record: &run.record,
            book: book.map(|(receipt, period)| (period, receipt.manifest_sha256.as_str())),
            warnings: &run.warnings,
        };
        let (policy, lines, governments, plan) = (&run.policy, &run.lines, &run.governments, &run.plan);
        let view = FloorView { policy, lines, governments, plan, source };
        xlsx::write(path, &floor_documents(view, out.lang), out.lang)?;
    }
    report(&run, receipt.as_ref(), args, out);
    Ok(())
}

impl FiscalArgs {
    fn inputs(&self) -> Vec<PathBuf> {
        self.input.iter().chain(&self.accounts).cloned().collect()
    }
}

fn floors(args: &FiscalArgs) -> Result<(FloorRun, Option<Receipt>), Problems> {
    let pack = FloorPack::read(&args.policy, &args.switches)?;
    let files = FloorFiles::read(&args.inputs(), &pack.policy)?;
    let closing = args.close_over.map(|years| Plan { years, growth: args.growth });
    let Some(book) = &args.book else {
        return Ok((check_floors(&pack, &files, closing)?, None));
    };
    let period = args.period.map_or_else(|| files.period(), Ok)?;
    let mut writer = Writer::open_or_create(book, Kind::Fiscal)?;
    let (run, receipt) = floor_period(writer.draft(period, FISCAL)?, &pack, &files, closing)?;
    Ok((run, Some(receipt)))
}

fn report(run: &FloorRun, receipt: Option<&Receipt>, args: &FiscalArgs, out: &Output) {
    let lang = out.lang;
    let total = |name: &str| run.record.totals.get(name).map_or("", String::as_str);
    let mut text = match lang {
        Lang::Zh => format!(
            "{}：{} 项，达标 {}，未达标 {}，高于定值 {}，缺数据 {}",
            run.policy.title,
            total("floors"),
            total("met"),
            total("short"),
            total("above"),
            total("unknown"),
        ),
        Lang::En => format!(
            "{}: {} floors, {} met, {} short, {} above, {} unknown",
            run.policy.title,
            total("floors"),
            total("met"),
            total("short"),
            total("above"),
            total("unknown"),
        ),
    };
    if run.record.simulation {
        text += lang.pick("\n政策为征求意见稿：全部结果为模拟", "\nA draft policy: every result is a simulation");
    }
    text += "\n\n";
    text += &governments(run, lang);
    text += "\n\n";
    text += &gaps(run, lang);
    if !run.plan.is_empty() {
        text += "\n\n";
        text += &plan(run, lang);
    }
    if let Some(receipt) = receipt {
        text += &entered(receipt, lang);
    }
    if let Some(path) = &args.out {
        text += &format!("\n{}{}", lang.pick("结果工作簿：", "Workbook: "), path.display());
    }
    out.say(text, || {
        json!({
            "policy": run.policy.id,
            "run": run.record,
            "period": receipt.map(|receipt| receipt.manifest.period),
            "manifest_sha256": receipt.map(|receipt| &receipt.manifest_sha256),
            "dir": receipt.map(|receipt| &receipt.dir),
            "workbook": args.out,
            "floors": super::settle::rows_json(&floor_codes(&run.lines, lang)),
            "plan": super::settle::rows_json(&plan_table(&run.plan)),
        })
    });
}

fn governments(run: &FloorRun, lang: Lang) -> String {
    let mut grid = Grid::new(&[
        (lang.pick("政府", "Government"), Align::Left),
        (lang.pick("年度", "Year"), Align::Left),
        (lang.pick("达标", "Met"), Align::Right),
        (lang.pick("未达标", "Short"), Align::Right),
        (lang.pick("缺数据", "Unknown"), Align::Right),
        (lang.pick("补足最少需", "At least"), Align::Right),
        (lang.pick("补足最多需", "At most"), Align::Right),
    ]);
    for sum in &run.governments {
        let counts = [sum.met, sum.short, sum.unknown].map(|count| count.to_string());
        let year = sum.year.to_string();
        let money = [sum.largest.grouped(), sum.sum.grouped()];
        let cells = [sum.government.as_str(), &year, &counts[0], &counts[1], &counts[2], &money[0], &money[1]];
        grid.row(cells);
    }
    grid.render()
}

/// The floors that are not met.
fn gaps(run: &FloorRun, lang: Lang) -> String {
    let mut grid = Grid::new(&[
        (lang.pick("政府", "Government"), Align::Left),
        (lang.pick("年度", "Year"), Align::Left),
        (lang.pick("底线", "Floor"), Align::Left),
        (lang.pick("应达到", "Required"), Align::Right),
        (lang.pick("实际", "Actual"), Align::Right),
        (lang.pick("缺口", "Gap"), Align::Right),
        (lang.pick("补足所需", "Cost"), Align::Right),
    ]);
    for line in run.lines.iter().filter(|line| line.standing == Standing::Short) {
        let year = line.year.to_string();
        let floor = format!("{} {}", line.floor, line.title);
        let money = [line.required.unwrap_or_default(), line.actual.unwrap_or_default(), line.gap, line.cost];
        let money = money.map(|fen| fen.grouped());
        grid.row([line.government.as_str(), &year, &floor, &money[0], &money[1], &money[2], &money[3]]);
    }
    format!("{}\n{}", lang.pick("未达标：", "Short:"), grid.render())
}

fn plan(run: &FloorRun, lang: Lang) -> String {
    let mut grid = Grid::new(&[
        (lang.pick("政府", "Government"), Align::Left),
        (lang.pick("底线", "Floor"), Align::Left),
        (lang.pick("年度", "Year"), Align::Left),
        (lang.pick("不补足时的缺口", "Gap if nothing is done"), Align::Right),
        (lang.pick("当年增加投入", "Spent on top"), Align::Right),
        (lang.pick("剩余缺口", "Left"), Align::Right),
    ]);
    for line in &run.plan {
        let year = line.year.to_string();
        let money = [line.gap, line.extra, line.left].map(|fen| fen.grouped());
        grid.row([line.government.as_str(), &line.floor, &year, &money[0], &money[1], &money[2]]);
    }
    format!("{}\n{}", lang.pick("分年补足：", "Closing the gaps:"), grid.render())
}
