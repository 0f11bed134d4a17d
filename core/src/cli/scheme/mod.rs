//! `dianzhi scheme …`

mod check;
mod diff;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::{Outcome, Output};
use crate::scheme::Definition;
use crate::scheme::show::{show, summary};

/// What can be done with a grouping scheme: a folder of CSV tables, a .zip of them, or an .xlsx workbook.
#[derive(Debug, Subcommand)]
pub enum SchemeCommand {
    /// Find what is wrong with a scheme, or looks wrong; exit code 1 when it cannot be used
    Check {
        scheme: PathBuf,
        /// List every problem, not only the first few of each kind
        #[arg(long)]
        all: bool,
    },
    /// Explain a diagnosis, procedure, ADRG, DRG or MDC; without a code, the scheme at a glance
    Show {
        scheme: PathBuf,
        code: Option<String>,
        /// List every code of a list
        #[arg(long)]
        all: bool,
    },
    /// Tell what differs between two schemes, and which claims and how much money move with it
    Diff(diff::DiffArgs),
}

pub fn run(command: &SchemeCommand, out: &Output) -> Outcome {
    match command {
        SchemeCommand::Check { scheme, all } => check::run(scheme, *all, out),
        SchemeCommand::Show { scheme, code, all } => run_show(scheme, code.as_deref(), *all, out),
        SchemeCommand::Diff(args) => diff::run(args, out),
    }
}

fn run_show(path: &Path, code: Option<&str>, all: bool, out: &Output) -> Outcome {
    let (definition, _) = Definition::open(path)?;
    match code {
        Some(code) => {
            let card = show(&definition, code)?;
            out.say(card.render(out.lang, all), || json!(card));
        }
        None => {
            let summary = summary(&definition);
            out.say(summary.render(out.lang), || json!(summary));
        }
    }
    Ok(())
}
