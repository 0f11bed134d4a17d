//! `dianzhi demo --year`: twelve months of an invented city, cleared, closed, verified and explained.

use std::path::Path;
use std::time::Instant;

use super::city::{Spent, institutions, scores};
use super::{DemoArgs, SEED};
use crate::cli::book::statements;
use crate::cli::settle::{MonthArgs, YearArgs, clear, report, settle_quietly};
use crate::cli::{Outcome, Output};
use crate::explain::{Subject, claim, subject};
use crate::frame::write_table;
use crate::grouper::Grouper;
use crate::ledger::{Book, Period as Month, Writer, verify};
use crate::problem::Problem;
use crate::problem::catalogue::files::CANNOT_WRITE;
use crate::scheme::{DEMO, Definition, RawTable};
use crate::synth::{City, Order, Period, claims};
use crate::table::Table;
use crate::table::cell::{group_thousands, plain};

const POLICY: &str = include_str!("../../../../fixtures/demo_year/policy.toml");

/// Runs the whole year.
pub(super) fn run(args: &DemoArgs, monthly: u64, out: &Output) -> Outcome {
    let clock = Clock { started: Instant::now(), out };
    make(&args.out, monthly, &clock)?;
    let (book, policy) = (args.out.join("book"), args.out.join("policy.toml"));
    for month in months() {
        let file = args.out.join(format!("claims-{month}.parquet"));
        let order = MonthArgs::new(DEMO.into(), policy.clone(), vec![file], month, book.clone());
        let (settled, _) = settle_quietly(&order, out)?;
        let due = settled.receipt.manifest.runs.values().find_map(|run| run.totals.get("due").cloned());
        let due = group_thousands(&due.unwrap_or_default());
        clock.tell(
            &format!("{month} 已结算：计付 {} 例，应付 {due} 元", paid(&settled.receipt.manifest)),
            &format!("{month} settled: {} claims paid, due {due} yuan", paid(&settled.receipt.manifest)),
        );
    }
    let year: Month = YEAR.parse().expect("Invariant: the year of the demonstration is a period");
    let (cleared, _) = clear(&YearArgs::new(policy, year, book.clone()))?;
    clock.tell("年度已清算", "the year is cleared");
    close(&book, year, &clock)?;
    explain(&book, &cleared.tables["claims"], &clock)?;
    if args.statements {
        let folder = args.out.join("statements");
        let written = statements::write(&Book::open(&book)?, year, &folder, out.lang)?;
        clock.tell(&format!("{written} 份清算单"), &format!("{written} statements"));
    }
    report(&cleared, &book.display().to_string(), None, out);
    Ok(())
}

const YEAR: &str = "2026";

fn months() -> impl Iterator<Item = Month> {
    let month = |number: u32| format!("{YEAR}-{number:02}").parse().expect("Invariant: a year has twelve months");
    (1..=12).map(month)
}

fn paid(manifest: &crate::ledger::Manifest) -> String {
    let count = manifest.runs.values().find_map(|run| run.totals.get("claims_paid").cloned());
    group_thousands(&count.unwrap_or_default())
}

/// Claims of twelve months, and a policy whose budgets fit them.
fn make(folder: &Path, monthly: u64, clock: &Clock<'_>) -> Outcome {
    let cannot = |path: &Path| {
        let shown = path.display().to_string();
        move |error: std::io::Error| Problem::new(&CANNOT_WRITE).with("reason", error).file(shown)
    };
    std::fs::create_dir_all(folder).map_err(cannot(folder))?;
    let write = |name: &str, text: &str| -> Result<(), Problem> {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(cannot(&path))
    };
    let register = institutions();
    let city = City::from_table(&RawTable::from_csv("institutions.csv", register.as_bytes())?)?;
    let grouper = Grouper::new(Definition::demo());
    let mut spent = Spent::default();
    for month in months() {
        let period = Period::parse(&month.to_string(), None)?;
        let order = Order { claims: monthly, seed: SEED, period, bad_per_million: super::BAD_PER_MILLION };
        let made = claims(&grouper, &city, &order)?;
        write_table(&folder.join(format!("claims-{month}.parquet")), &made.table)?;
        spent.add(&made.table);
    }
    write("policy.toml", POLICY)?;
    write("institutions.csv", &register)?;
    write("scores.csv", &scores())?;
    write("budgets.csv", &spent.budgets())?;
    write("outside.csv", &spent.outside())?;
    let (claims, count) = (group_thousands(&monthly.to_string()), city.codes().count());
    clock.tell(
        &format!("虚构的演示市：5 个县区，{count} 家医疗机构，12 × {claims} 例模拟病例"),
        &format!("an invented city: 5 counties, {count} institutions, 12 × {claims} synthetic claims"),
    );
    Ok(())
}

/// Closes the months and the year, and checks every byte against the last seal.
fn close(book: &Path, year: Month, clock: &Clock<'_>) -> Outcome {
    let mut writer = Writer::open(book)?;
    for period in months().chain([year]) {
        writer.close(period)?;
    }
    let seal = writer.book().head().map(|seal| seal.sha256.clone());
    drop(writer);
    let verified = verify(book, seal.as_deref())?;
    let (files, seal) = (verified.files, seal.unwrap_or_default());
    clock.tell(
        &format!("13 个期间已关账，{files} 个文件逐字节核对无误，封签 {seal}"),
        &format!("13 periods closed, every byte of {files} files checked, seal {seal}"),
    );
    Ok(())
}

/// Explains a claim, an institution, a consortium and a pool of the year.
fn explain(book: &Path, claims: &Table, clock: &Clock<'_>) -> Outcome {
    let opened = Book::open(book)?;
    let first = |column: &str| claims.column(column).map_or_else(String::new, |values| plain(values, 0));
    let lang = clock.out.lang;
    let mut steps = claim(&opened, &first("setl_id"), None, lang)?.steps.len();
    let subjects = [
        (Subject::Institution, first("fixmedins_code")),
        (Subject::Consortium, "演示城市医疗集团".to_owned()),
        (Subject::Pool, first("pool")),
    ];
    for (of, name) in subjects {
        steps += subject(&opened, of, &name, None, lang)?.steps.len();
    }
    clock.tell(
        &format!("一例病例、一家机构、一个医共体、一个基金池的清算已解释，共 {steps} 步，每步有规则与依据"),
        &format!("a claim, an institution, a consortium and a pool explained: {steps} steps, each with its rule"),
    );
    Ok(())
}

/// Tells what is done, and when.
struct Clock<'a> {
    started: Instant,
    out: &'a Output,
}

impl Clock<'_> {
    fn tell(&self, zh: &str, en: &str) {
        if !self.out.json {
            eprintln!("[{:>4} s] {}", self.started.elapsed().as_secs(), self.out.lang.pick(zh, en));
        }
    }
}
