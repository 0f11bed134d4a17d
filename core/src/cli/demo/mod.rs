//! `dianzhi demo`: the main job on data that the program carries with it.

mod city;
mod year;

use std::path::PathBuf;

use clap::Args;

use crate::cli::book::statements;
use crate::cli::output::print_line;
use crate::cli::settle::{MonthArgs, report, settle};
use crate::cli::{Outcome, Output};
use crate::frame::write_table;
use crate::grouper::Grouper;
use crate::ledger::Book;
use crate::problem::catalogue::files::CANNOT_WRITE;
use crate::problem::{Lang, Problem};
use crate::scheme::{DEMO, Definition};
use crate::synth::{City, Order, Period, claims};

const CLAIMS: u64 = 10_000;
const SEED: u64 = 20_260_301;
const MONTH: &str = "2026-03";
/// One row in a hundred is bad on purpose.
const BAD_PER_MILLION: u32 = 10_000;

/// A month of an invented city, from claims to statements: nothing is needed but this program
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Where claims, book and statements go
    #[arg(long, value_name = "DIR", default_value = "dianzhi-demo")]
    out: PathBuf,
    /// A whole year of a larger city instead: twelve months settled, cleared, closed, verified and explained
    #[arg(long)]
    year: bool,
    /// Claims a month, of the year
    #[arg(long, value_name = "N", default_value_t = 1_000, requires = "year")]
    claims: u64,
    /// Also write the statements of the year
    #[arg(long, requires = "year")]
    statements: bool,
    /// Compute every figure a second time, independently; a run that differs is refused
    #[arg(long)]
    audit: bool,
}

pub fn run(args: &DemoArgs, out: &Output) -> Outcome {
    if args.year {
        return year::run(args, args.claims, out);
    }
    let cannot = |error| Problem::new(&CANNOT_WRITE).with("reason", error).file(args.out.display().to_string());
    std::fs::create_dir_all(&args.out).map_err(cannot)?;
    let (file, book) = (args.out.join("claims.csv"), args.out.join("book"));
    let order =
        Order { claims: CLAIMS, seed: SEED, period: Period::parse(MONTH, None)?, bad_per_million: BAD_PER_MILLION };
    let made = claims(&Grouper::new(Definition::demo()), &City::demo(), &order)?;
    write_table(&file, &made.table)?;
    if !out.json {
        print_line(&format!("{}\n", introduction(&file.display().to_string(), out.lang)));
    }
    let period = MONTH.parse().expect("Invariant: the month of the demonstration is a period");
    let mut month = MonthArgs::new(DEMO.into(), DEMO.into(), vec![file], period, book.clone());
    month.audit = args.audit;
    let settled = settle(&month, out)?;
    let folder = args.out.join("statements");
    statements::write(&Book::open(&book)?, period, &folder, out.lang)?;
    report(&settled, &book.display().to_string(), Some(&folder), out);
    Ok(())
}

fn introduction(file: &str, lang: Lang) -> String {
    let command = format!("dianzhi settle month --scheme demo --policy demo --claims {file} --period {MONTH} --book …");
    match lang {
        Lang::Zh => {
            format!("点值演示：虚构的演示市，24 家医疗机构，{CLAIMS} 例模拟病例（{file}）。\n等同于：{command}")
        }
        Lang::En => format!(
            "Demonstration: an invented city of 24 institutions, {CLAIMS} synthetic claims ({file}).\n\
             The same as: {command}"
        ),
    }
}
