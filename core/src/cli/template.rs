//! `dianzhi template`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::award::{cannot_write, check_out};
use super::{Outcome, Output};
use crate::job::{TemplateKind, template};
use crate::workbook::Filled;

/// Make a workbook to fill in, with drop-down lists, notes and examples (填报模板).
#[derive(Debug, Args)]
pub struct TemplateArgs {
    /// What it is for
    #[arg(value_enum)]
    kind: KindArg,
    /// The workbook (.xlsx)
    #[arg(short, long, value_name = "XLSX")]
    out: PathBuf,
    /// The policy whose lists it offers; without it the one that comes with the program. For scenarios several
    #[arg(long, value_name = "PACK")]
    policy: Vec<PathBuf>,
    /// Fill in the examples, to try a run at once
    #[arg(long)]
    example: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum KindArg {
    /// Events, payments and revocations for `dianzhi award`
    Awards,
    /// Accounts of governments for `dianzhi fiscal`
    Fiscal,
    /// Baseline, scenarios, grids, draws and goals for `dianzhi scenario`
    Scenario,
}

impl From<KindArg> for TemplateKind {
    fn from(kind: KindArg) -> TemplateKind {
        match kind {
            KindArg::Awards => TemplateKind::Awards,
            KindArg::Fiscal => TemplateKind::Fiscal,
            KindArg::Scenario => TemplateKind::Scenario,
        }
    }
}

pub fn run(args: &TemplateArgs, out: &Output) -> Outcome {
    check_out(Some(&args.out), &[])?;
    let kind = TemplateKind::from(args.kind);
    let filled = if args.example { Filled::Example } else { Filled::Empty };
    let bytes = template(kind, &args.policy, filled, out.lang)?;
    std::fs::write(&args.out, bytes).map_err(|error| cannot_write(&args.out, &error))?;
    let text = format!("{}{}", out.lang.pick("填报模板：", "To fill in: "), args.out.display());
    out.say(text, || json!({ "workbook": args.out }));
    Ok(())
}
