//! `dianzhi explain …`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Outcome, Output};
use crate::explain::{Subject, award, claim, recognition, subject};
use crate::ledger::{Book, Period};

/// What can be explained.
#[derive(Debug, Subcommand)]
pub enum ExplainCommand {
    /// A fiscal award by its number, that of an entry or of its event: steps, entries, what was taken back
    Award(Which),
    /// A claim: its group, points, standard and due
    Claim(Which),
    /// An institution: what it is due, prepaid, withheld and paid
    Institution(Which),
    /// A consortium: its total and balance
    Consortium(Which),
    /// A pool: its budget and point value
    Pool(Which),
    /// A record of mutual recognition: its fee, award and payee, or why it was refused or taken back
    Recognition(Which),
}

/// Whose figures, in which book.
#[derive(Debug, Args)]
pub struct Which {
    /// Number of an award or event, setl_id of a claim, code of an institution, name of a consortium or pool,
    /// record_id of a recognition
    id: String,
    #[arg(long, value_name = "DIR")]
    book: PathBuf,
    /// The month; without it the latest that has the subject
    #[arg(long)]
    period: Option<Period>,
}

pub fn run(command: &ExplainCommand, out: &Output) -> Outcome {
    let (which, of) = match command {
        ExplainCommand::Award(which) => {
            let explanation = award(&Book::open(&which.book)?, &which.id, which.period, out.lang)?;
            out.say(explanation.render(out.lang), || json!(explanation));
            return Ok(());
        }
        ExplainCommand::Recognition(which) => {
            let explanation = recognition(&Book::open(&which.book)?, &which.id, which.period, out.lang)?;
            out.say(explanation.render(out.lang), || json!(explanation));
            return Ok(());
        }
        ExplainCommand::Claim(which) => (which, None),
        ExplainCommand::Institution(which) => (which, Some(Subject::Institution)),
        ExplainCommand::Consortium(which) => (which, Some(Subject::Consortium)),
        ExplainCommand::Pool(which) => (which, Some(Subject::Pool)),
    };
    let book = Book::open(&which.book)?;
    let explanation = match of {
        None => claim(&book, &which.id, which.period, out.lang)?,
        Some(of) => subject(&book, of, &which.id, which.period, out.lang)?,
    };
    out.say(explanation.render(out.lang), || json!(explanation));
    Ok(())
}
