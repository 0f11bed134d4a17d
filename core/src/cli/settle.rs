//! `dianzhi settle …`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::book::statements;
use super::chinese::Wrong;
use super::progress::Progress;
use super::{Outcome, Output};
use crate::audit::Audited;
use crate::job::{ClaimFiles, MONTH, MonthJob, Packs, Scheme, SettledMonth, Step, YEAR, settle_month, settle_year};
use crate::ledger::manifest::{Manifest, Run};
use crate::ledger::{Book, Kind, Period, TableDiff, Writer};
use crate::money::Rounding;
use crate::problem::{Lang, Problems};
use crate::report::MonthView;
use crate::table::cell::plain;
use crate::table::{Table, Values};

/// What can be settled.
#[derive(Debug, Subcommand)]
pub enum SettleCommand {
    /// Settle a month: claims, grouped, priced and paid for, become a period of a book
    Month(MonthArgs),
    /// Clear a year from the settled months of a book (年度清算)
    Year(YearArgs),
}

/// Clear a year.
#[derive(Debug, Args)]
pub struct YearArgs {
    /// Policy: a pack (.toml), a folder of dated packs, or the name of one that comes with the program
    #[arg(long, value_name = "PACK")]
    policy: PathBuf,
    /// The year, 2026
    #[arg(long, value_parser = whole_year)]
    year: Period,
    /// The folder of the book
    #[arg(long, value_name = "DIR")]
    book: PathBuf,
    /// The grouping scheme, where the policy takes a table from it; else that of the last settled month
    #[arg(long, value_name = "SCHEME")]
    scheme: Option<PathBuf>,
    /// Also write the statements of institutions and consortia (清算单) to this folder
    #[arg(long, value_name = "DIR")]
    statements: Option<PathBuf>,
    /// Compute every figure a second time, independently; a run that differs is refused and changes nothing
    #[arg(long)]
    audit: bool,
}

/// Settle a month.
#[derive(Debug, Args)]
pub struct MonthArgs {
    /// Scheme: a folder of tables, a .zip, an .xlsx, or demo
    #[arg(long, value_name = "SCHEME")]
    scheme: PathBuf,
    /// Policy: a pack (.toml), a folder of dated packs, or the name of one that comes with the program
    #[arg(long, value_name = "PACK")]
    policy: PathBuf,
    /// Claims: .csv or .parquet
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    claims: Vec<PathBuf>,
    /// The month, 2026-03
    #[arg(long, value_parser = month)]
    period: Period,
    /// The folder of the book; made where there is none
    #[arg(long, value_name = "DIR")]
    book: PathBuf,
    /// Mapping file for other headers and codes
    #[arg(long, value_name = "TOML")]
    mapping: Option<PathBuf>,
    /// Accept amounts in float columns, rounded to the fen in this way
    #[arg(long, value_enum)]
    float_money: Option<RoundingArg>,
    /// The codes are of the clinical edition (国临版): translate them by the scheme's code maps first
    #[arg(long)]
    clinical: bool,
    /// Corrections of earlier months: appeals, revaluations, reversals (更正); .csv or .parquet
    #[arg(long, num_args = 1.., value_name = "FILE")]
    corrections: Vec<PathBuf>,
    /// Also write the statements of institutions and consortia (结算单) to this folder
    #[arg(long, value_name = "DIR")]
    statements: Option<PathBuf>,
    /// Compute every figure a second time, independently; a run that differs is refused and changes nothing
    #[arg(long)]
    pub audit: bool,
}

/// The names of rounding modes on the command line, as in policy packs.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(super) enum RoundingArg {
    HalfUp,
    HalfEven,
    TowardZero,
    Floor,
    Ceiling,
}

impl From<RoundingArg> for Rounding {
    fn from(arg: RoundingArg) -> Rounding {
        match arg {
            RoundingArg::HalfUp => Rounding::HalfUp,
            RoundingArg::HalfEven => Rounding::HalfEven,
            RoundingArg::TowardZero => Rounding::TowardZero,
            RoundingArg::Floor => Rounding::Floor,
            RoundingArg::Ceiling => Rounding::Ceiling,
        }
    }
}

pub(super) fn month(text: &str) -> Result<Period, Wrong> {
    let month: Option<Period> = text.parse().ok().filter(|period: &Period| !period.is_year());
    month.ok_or(Wrong { zh: "须为月份，如 2026-03", en: "a month is needed, such as 2026-03" })
}

pub(super) fn whole_year(text: &str) -> Result<Period, Wrong> {
    let year: Option<Period> = text.parse().ok().filter(|period: &Period| period.is_year());
    year.ok_or(Wrong { zh: "须为年度，如 2026", en: "a year is needed, such as 2026" })
}

pub fn run(command: &SettleCommand, out: &Output) -> Outcome {
    match command {
        SettleCommand::Month(args) => run_month(args, out),
        SettleCommand::Year(args) => run_year(args, out),
    }
}

fn run_month(args: &MonthArgs, out: &Output) -> Outcome {
    let settled = settle(args, out)?;
    if let Some(folder) = &args.statements {
        statements::write(&Book::open(&args.book)?, args.period, folder, out.lang)?;
    }
    report(&settled, &args.book.display().to_string(), args.statements.as_deref(), out);
    Ok(())
}

fn run_year(args: &YearArgs, out: &Output) -> Outcome {
    let (cleared, warnings) = clear(args)?;
    out.warnings(&warnings);
    if let Some(folder) = &args.statements {
        statements::write(&Book::open(&args.book)?, args.year, folder, out.lang)?;
    }
    report(&cleared, &args.book.display().to_string(), args.statements.as_deref(), out);
    Ok(())
}

/// Clears a year; warnings come with the result.
pub fn clear(args: &YearArgs) -> Result<(SettledMonth, Problems), Problems> {
    let mut writer = Writer::open(&args.book)?;
    let (scheme, mut warnings) = match &args.scheme {
        Some(path) => Scheme::read(path)?,
        None => Scheme::of_book(writer.book(), args.year)?,
    };
    let (packs, more) = Packs::read(&args.policy, &scheme)?;
    warnings.append(more);
    let draft = writer.draft(args.year, YEAR)?;
    let cleared = settle_year(draft, &packs, args.audit, BTreeMap::new())?;
    warnings.append(cleared.warnings.clone());
    drop(writer);
    Ok((cleared, warnings))
}

impl YearArgs {
    /// What must be said of a year, all else as it is without options.
    pub fn new(policy: PathBuf, year: Period, book: PathBuf) -> YearArgs {
        YearArgs { policy, year, book, scheme: None, statements: None, audit: false }
    }
}

impl MonthArgs {
    /// What must be said of a month, all else as it is without options.
    pub fn new(scheme: PathBuf, policy: PathBuf, claims: Vec<PathBuf>, period: Period, book: PathBuf) -> MonthArgs {
        MonthArgs {
            scheme,
            policy,
            claims,
            period,
            book,
            mapping: None,
            float_money: None,
            clinical: false,
            corrections: Vec::new(),
            statements: None,
            audit: false,
        }
    }
}

/// Settles a month and tells the warnings.
pub fn settle(args: &MonthArgs, out: &Output) -> Result<SettledMonth, Problems> {
    let (settled, warnings) = settle_quietly(args, out)?;
    out.warnings(&warnings);
    Ok(settled)
}

/// Settles a month; warnings come with the result.
pub fn settle_quietly(args: &MonthArgs, out: &Output) -> Result<(SettledMonth, Problems), Problems> {
    let progress = Progress::new(out);
    // The book first: whether it may be written is known before the long work begins.
    let mut writer = Writer::open_or_create(&args.book, Kind::Insurance)?;
    let draft = writer.draft(args.period, MONTH)?;
    progress.step(Step::Reading);
    let (scheme, mut warnings) = Scheme::read(&args.scheme)?;
    let (packs, more) = Packs::read(&args.policy, &scheme)?;
    warnings.append(more);
    let files = ClaimFiles {
        claims: args.claims.clone(),
        mapping: args.mapping.clone(),
        float_money: args.float_money.map(Rounding::from),
    };
    let mut intake = files.read_into(&draft.work_dir(), &packs)?;
    intake.read_corrections(&args.corrections)?;
    let mut options = BTreeMap::new();
    if let Some(rounding) = args.float_money.and_then(|arg| arg.to_possible_value()) {
        options.insert("float_money".to_owned(), rounding.get_name().to_owned());
    }
    let job = MonthJob { scheme: &scheme, packs: &packs, clinical: args.clinical, audit: args.audit, options };
    let settled = settle_month(draft, &job, intake, &|step| {
        progress.step(step);
        Ok(())
    })?;
    progress.end();
    warnings.append(settled.warnings.clone());
    Ok((settled, warnings))
}

/// The settled month on the screen, where the files are, and what to try next.
pub fn report(settled: &SettledMonth, book: &str, statements: Option<&Path>, out: &Output) {
    let manifest = &settled.receipt.manifest;
    let view = MonthView {
        period: manifest.period,
        run: run_of(manifest),
        tables: &settled.tables,
        dir: &settled.receipt.dir,
    };
    let mut text = view.render(out.lang);
    if let Some(Audited { figures }) = settled.audited {
        text += &audit_line(figures, out.lang);
    }
    if let Some(before) = &settled.replaced {
        text += &format!("{}\n", replaced(before, book, out.lang));
    }
    if let Some(folder) = statements {
        text += &format!("{}{}\n", out.lang.pick("结算单：", "Statements: "), folder.display());
    }
    text += &format!("\n{}", next_commands(settled, book, out.lang));
    out.say(text, || {
        json!({
            "period": manifest.period,
            "manifest_sha256": settled.receipt.manifest_sha256,
            "replaced": settled.replaced,
            "audited_figures": settled.audited.map(|audited| audited.figures),
            "dir": settled.receipt.dir,
            "statements": statements,
            "run": view.run,
            "pools": settled.tables.get("pools").map(rows_json),
            "institutions": settled.tables.get("institutions").map(rows_json),
            "consortia": settled.tables.get("consortia").map(rows_json),
        })
    });
}

/// What an audit that agrees says.
fn audit_line(figures: u64, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("独立复核：比较 {figures} 个数字，全部一致。\n"),
        Lang::En => format!("Independent audit: {figures} figures compared, all of them agree.\n"),
    }
}

/// The run of the month or the year.
fn run_of(manifest: &Manifest) -> &Run {
    let job = if manifest.period.is_year() { YEAR } else { MONTH };
    &manifest.runs[job]
}

/// What changed against the run that was replaced.
fn replaced(before: &TableDiff, book: &str, lang: Lang) -> String {
    let due = before.sums.iter().find(|sum| sum.column == "due");
    let change = due.map_or_else(
        || lang.pick("应付合计不变", "the same due in total").to_owned(),
        |sum| format!("{} {} → {} ({})", lang.pick("应付合计", "due"), sum.before, sum.after, sum.difference),
    );
    match (before.is_empty(), lang) {
        (true, Lang::Zh) => format!("已替换 {book} 中本期的上一次结果，各机构结果相同。"),
        (true, Lang::En) => format!("Replaced the earlier run in {book}; every institution has the same results."),
        (false, Lang::Zh) => {
            format!("已替换 {book} 中本期的上一次结果：{} 行机构结果有变化，{change}。", before.changes.len())
        }
        (false, Lang::En) => format!(
            "Replaced the earlier run in {book}: {} lines of institutions changed, {change}.",
            before.changes.len()
        ),
    }
}

/// Rows as objects. Amounts, points and dates are texts, so that they stay exact; whole numbers and flags are their own
/// kind, and what is not known is null.
pub fn rows_json(table: &Table) -> Vec<Value> {
    let value = |values: &Values, row: usize| match values {
        Values::Int(column) => json!(column[row]),
        Values::Flag(column) => json!(column[row]),
        _ => json!(Some(plain(values, row)).filter(|text| !text.is_empty())),
    };
    let row = |row| table.columns.iter().map(|c| (c.name.clone(), value(&c.values, row))).collect();
    (0..table.rows()).map(row).map(Value::Object).collect()
}

fn next_commands(settled: &SettledMonth, book: &str, lang: Lang) -> String {
    let first = |table: &str, column: &str| {
        let values = settled.tables.get(table)?.column(column)?;
        (!values.is_empty()).then(|| plain(values, 0))
    };
    let mut lines = vec![lang.pick("接下来可以试：", "To try next:").to_owned()];
    if let Some(claim) = &settled.first_claim {
        lines.push(format!("  dianzhi explain claim {claim} --book {book}"));
    }
    if let Some(institution) = first("institutions", "fixmedins_code") {
        lines.push(format!("  dianzhi explain institution {institution} --book {book}"));
    }
    lines.push(format!("  dianzhi book verify {book}"));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_of_their_kinds_and_amounts_exact() {
        let table = Table::new()
            .with("year", Values::ints([2025]))
            .with("due", Values::money([90_071_992_547_409_931]))
            .with("gap", Values::Money(vec![None]))
            .with("simulation", Values::Flag(vec![Some(true)]))
            .with("item", Values::texts([""]));
        let row = json!({
            "year": 2025, "due": "900719925474099.31", "gap": null, "simulation": true, "item": null,
        });
        assert_eq!(rows_json(&table), [row]);
    }
}
