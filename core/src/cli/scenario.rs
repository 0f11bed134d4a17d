//! `dianzhi scenario …`

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::award::{not_an_input, write_problems};
use super::settle::rows_json;
use super::{Outcome, Output};
use crate::job::{Studied, StudyFile};
use crate::problem::Lang;
use crate::report::text;
use crate::scenario::document::screen;

/// What a settled period, awards or floors would be under other parameters (政策测算)
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ScenarioArgs {
    #[command(subcommand)]
    command: Option<ScenarioCommand>,
    #[command(flatten)]
    run: Option<RunArgs>,
}

/// What can be done with a scenario file.
#[derive(Debug, Subcommand)]
pub enum ScenarioCommand {
    /// Evaluate every scenario of a file
    Run(RunArgs),
    /// Check a file without evaluating it: packs, paths, values
    Check(CheckArgs),
}

/// Evaluate a file.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The scenario file (.toml), or a filled-in workbook (.xlsx)
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Where results go: a folder (.csv and .parquet), or one .xlsx workbook
    #[arg(short, long, value_name = "DIR|XLSX")]
    out: Option<PathBuf>,
}

/// Check a file.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The scenario file (.toml), or a filled-in workbook (.xlsx)
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub fn run(args: &ScenarioArgs, out: &Output) -> Outcome {
    match (&args.command, &args.run) {
        (Some(ScenarioCommand::Check(args)), _) => check(args, out),
        (Some(ScenarioCommand::Run(args)), _) | (None, Some(args)) => evaluate(args, out),
        (None, None) => Ok(()),
    }
}

fn check(args: &CheckArgs, out: &Output) -> Outcome {
    let points = StudyFile::read(&args.file)?.check()?;
    let text = match out.lang {
        Lang::Zh => format!("{}：{points} 个情景，路径与取值均有效。", args.file.display()),
        Lang::En => format!("{}: {points} scenarios, every path and value is valid.", args.file.display()),
    };
    out.say(text, || json!({ "file": args.file, "scenarios": points }));
    Ok(())
}

fn evaluate(args: &RunArgs, out: &Output) -> Outcome {
    if let Some(path) = &args.out {
        not_an_input(path, std::slice::from_ref(&args.file))?;
    }
    let workbook =
        args.out.as_deref().filter(|path| path.extension().is_some_and(|end| end.eq_ignore_ascii_case("xlsx")));
    run_file(args, out).inspect_err(|problems| write_problems(workbook, problems, out.lang))
}

fn run_file(args: &RunArgs, out: &Output) -> Outcome {
    let study = StudyFile::read(&args.file)?;
    let progress = bar(study.points()?.len(), out);
    let studied = study.run(&|done| {
        if let Some(bar) = &progress {
            bar.set_position(done as u64);
        }
    })?;
    if let Some(bar) = progress {
        bar.finish_and_clear();
    }
    out.warnings(&studied.warnings);
    let written = match &args.out {
        Some(path) => studied.write(path, out.lang)?,
        None => Vec::new(),
    };
    report(&studied, &written, out);
    Ok(())
}

/// Points done and the time that is left, on a terminal.
pub(super) fn bar(points: usize, out: &Output) -> Option<ProgressBar> {
    let bar = out.progress().then(|| ProgressBar::new(points as u64))?;
    let left = out.lang.pick("剩余", "left");
    let style = ProgressStyle::with_template(&format!("{{bar:30}} {{pos}}/{{len}}  {left} {{eta}}"));
    bar.set_style(style.ok()?);
    bar.set_position(0);
    Some(bar)
}

fn report(studied: &Studied, written: &[PathBuf], out: &Output) {
    let mut shown = text::render(&screen(&studied.title, &studied.tables, out.lang), out.lang);
    if !written.is_empty() {
        shown += out.lang.pick("\n文件：", "\nFiles:");
        for path in written {
            shown += &format!("\n  {}", path.display());
        }
    }
    out.say(shown.trim_end(), || {
        let table = |name: &str| studied.tables.iter().find(|(own, _)| *own == name).map(|(_, table)| rows_json(table));
        let tables = ["scenarios", "tornado", "percentiles", "goals", "projection"];
        let tables: serde_json::Map<String, serde_json::Value> =
            tables.iter().filter_map(|name| Some(((*name).to_owned(), json!(table(name)?)))).collect();
        let files: Vec<&Path> = written.iter().map(PathBuf::as_path).collect();
        json!({ "title": studied.title, "tables": tables, "files": files })
    });
}
