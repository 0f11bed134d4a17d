//! `dianzhi book …`

mod diff;
pub mod statements;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::{Value, json};

use super::settle::rows_json;
use super::{Outcome, Output};
use crate::job::{AWARD, FISCAL, MONTH, YEAR, fiscal_summary};
use crate::ledger::{Book, Kind, Period, Status, Writer, verify};
use crate::problem::Lang;
use crate::report::{Align, Grid, MonthView, text};
use crate::table::cell::group_thousands;

/// What can be done with a book.
#[derive(Debug, Subcommand)]
pub enum BookCommand {
    /// List the periods of a book
    List { dir: PathBuf },
    /// Show a settled month or a cleared year: point values, institutions, consortia, reserves, placeholders
    Show {
        dir: PathBuf,
        #[arg(long)]
        period: Period,
    },
    /// Check every byte of a book: changed, missing and surplus files, deleted months, broken seals
    Verify {
        dir: PathBuf,
        /// A seal noted at an earlier closing, which the book must still hold
        #[arg(long, value_name = "SHA256")]
        seal: Option<String>,
    },
    /// Tell what changed between two books, or two periods: by claim, institution and rule, and by how much
    Diff {
        /// A book, or a period of it: DIR or DIR:2026-03
        before: diff::Side,
        /// Another book or period
        after: diff::Side,
        /// How many changed rows to print a table
        #[arg(long, default_value_t = 20)]
        limit: usize,
    },
    /// Write the statements of a month or year (结算单) as text and .xlsx: one an institution, one a consortium, and all
    Statements {
        dir: PathBuf,
        #[arg(long)]
        period: Period,
        /// The folder for the files
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Close a period for good; prints the seal to be kept outside the book
    Close {
        dir: PathBuf,
        /// 2026-03 or 2026
        #[arg(long)]
        period: Period,
    },
}

pub fn run(command: &BookCommand, out: &Output) -> Outcome {
    match command {
        BookCommand::List { dir } => list(dir, out),
        BookCommand::Verify { dir, seal } => check(dir, seal.as_deref(), out),
        BookCommand::Show { dir, period } => show(dir, *period, out),
        BookCommand::Diff { before, after, limit } => diff::run(before, after, *limit, out),
        BookCommand::Statements { dir, period, out: folder } => statements::run(dir, *period, folder, out),
        BookCommand::Close { dir, period } => close(dir, *period, out),
    }
}

fn list(dir: &Path, out: &Output) -> Outcome {
    let book = Book::open(dir)?;
    let lang = out.lang;
    let mut grid = Grid::new(&[
        (lang.pick("期间", "Period"), Align::Left),
        (lang.pick("状态", "Status"), Align::Left),
        (lang.pick("性质", "Nature"), Align::Left),
        match book.kind() {
            Kind::Insurance => (lang.pick("应付合计", "Due"), Align::Right),
            Kind::Fiscal => (lang.pick("奖补净额", "Awards, net"), Align::Right),
        },
        (lang.pick("清单 SHA-256", "Manifest SHA-256"), Align::Left),
    ]);
    let mut periods = Vec::new();
    for info in book.periods() {
        let manifest = book.manifest(info.period)?;
        let nature = match manifest.is_simulation() {
            true => lang.pick("模拟", "simulation"),
            false => lang.pick("正式", "real"),
        };
        let due = match book.kind() {
            Kind::Insurance => manifest.runs.values().find_map(|run| run.totals.get("due")),
            Kind::Fiscal => manifest.runs.get(AWARD).and_then(|run| run.totals.get("amount")),
        };
        let due = group_thousands(due.map_or("", String::as_str));
        let period = info.period.to_string();
        grid.row([period.as_str(), status(info.status, lang), nature, &due, &info.manifest_sha256]);
        periods.push(json!({
            "period": info.period,
            "status": info.status,
            "simulation": manifest.is_simulation(),
            "manifest_sha256": info.manifest_sha256,
            "seal": info.seal,
            "runs": manifest.runs,
        }));
    }
    out.say(grid.render(), || json!({ "kind": book.kind(), "periods": periods, "head": book.head() }));
    Ok(())
}

fn show(dir: &Path, period: Period, out: &Output) -> Outcome {
    let book = Book::open(dir)?;
    if book.kind() == Kind::Fiscal {
        return show_fiscal(&book, period, out);
    }
    let manifest = book.manifest(period)?;
    let job = if period.is_year() { YEAR } else { MONTH };
    let run = manifest.runs.get(job).cloned().unwrap_or_default();
    let mut tables = BTreeMap::new();
    for name in MonthView::TABLES.into_iter().filter(|name| manifest.tables.contains_key(*name)) {
        tables.insert(name.to_owned(), book.table(period, name)?);
    }
    let folder = book.period_dir(period)?;
    let view = MonthView { period, run: &run, tables: &tables, dir: &folder };
    out.say(view.render(out.lang), || {
        let tables: BTreeMap<&String, Vec<Value>> = tables.iter().map(|(name, t)| (name, rows_json(t))).collect();
        json!({ "period": period, "run": run, "tables": tables, "dir": folder })
    });
    Ok(())
}

/// Treasuries, awards and floors of a year of fiscal money.
fn show_fiscal(book: &Book, period: Period, out: &Output) -> Outcome {
    let (summary, folder) = (fiscal_summary(book, period, out.lang)?, book.period_dir(period)?);
    let manifest = book.manifest(period)?;
    let mut tables = BTreeMap::new();
    for name in ["awards", "award_entries", "award_refusals", "floors"] {
        if manifest.tables.contains_key(name) {
            tables.insert(name, rows_json(&book.table(period, name)?));
        }
    }
    let files = format!("{}{}", out.lang.pick("文件：", "Files: "), folder.display());
    out.say(format!("{}\n{files}", text::render(&summary, out.lang)), || {
        let runs: BTreeMap<_, _> =
            manifest.runs.iter().filter(|(job, _)| [AWARD, FISCAL].contains(&job.as_str())).collect();
        json!({ "period": period, "runs": runs, "tables": tables, "dir": folder })
    });
    Ok(())
}

fn check(dir: &Path, seal: Option<&str>, out: &Output) -> Outcome {
    let verified = verify(dir, seal)?;
    let (periods, closed, files) = (verified.periods, verified.closed, verified.files);
    let mut text = match out.lang {
        Lang::Zh => format!("账册完好：{periods} 个期间（{closed} 个已关账），{files} 个文件，逐字节核对无误。"),
        Lang::En => {
            format!("The book is whole: {periods} periods ({closed} closed), {files} files, every byte checked.")
        }
    };
    if let Some(head) = &verified.head {
        text += out.lang.pick("\n最近封签：", "\nLast seal: ");
        text += &head.sha256;
    }
    out.say(text, || json!(verified));
    Ok(())
}

fn close(dir: &Path, period: Period, out: &Output) -> Outcome {
    let seal = Writer::open(dir)?.close(period)?;
    let text = match out.lang {
        Lang::Zh => format!(
            "{period} 已关账，第 {} 号封签：{}\n请把封签记在账册之外（如会议纪要）。日后核对：dianzhi book verify {} --seal {}",
            seal.number,
            seal.sha256,
            dir.display(),
            seal.sha256
        ),
        Lang::En => format!(
            "{period} is closed, seal {}: {}\nNote the seal outside the book. \
             To check later: dianzhi book verify {} --seal {}",
            seal.number,
            seal.sha256,
            dir.display(),
            seal.sha256
        ),
    };
    out.say(text, || json!({ "period": period, "seal": seal }));
    Ok(())
}

fn status(status: Status, lang: Lang) -> &'static str {
    match status {
        Status::Open => lang.pick("未关账", "open"),
        Status::Closed => lang.pick("已关账", "closed"),
    }
}
