//! `dianzhi report`

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::scenario::bar;
use super::{Outcome, Output};
use crate::job::{Report, StudyFile};
use crate::ledger::Period;
use crate::problem::Lang;

/// Make a report to hand on: a page (.html) that opens without a network, or a workbook (.xlsx).
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// A book of insurance or fiscal money, or a scenario file (.toml)
    #[arg(value_name = "BOOK|FILE")]
    what: PathBuf,
    /// The month (2026-03) or year (2026) of a book; its latest without it
    #[arg(long)]
    period: Option<Period>,
    /// The file to write: .html or .xlsx
    #[arg(short, long, value_name = "HTML|XLSX")]
    out: PathBuf,
}

pub fn run(args: &ReportArgs, out: &Output) -> Outcome {
    let is_study = args.what.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
    let report = if is_study {
        let study = StudyFile::read(&args.what)?;
        let progress = bar(study.points()?.len(), out);
        let report = Report::of_study(
            &study,
            &|done| {
                if let Some(bar) = &progress {
                    bar.set_position(done as u64);
                }
            },
            out.lang,
        )?;
        progress.iter().for_each(indicatif::ProgressBar::finish_and_clear);
        report
    } else {
        Report::of_book(&args.what, args.period, out.lang)?
    };
    out.warnings(&report.warnings);
    report.write(&args.out, out.lang)?;
    let text = match out.lang {
        Lang::Zh => format!("{}：已写入 {}", report.title, args.out.display()),
        Lang::En => format!("{}: written to {}", report.title, args.out.display()),
    };
    out.say(text, || json!({ "title": report.title, "file": args.out }));
    Ok(())
}
