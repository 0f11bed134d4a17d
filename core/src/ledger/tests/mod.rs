//! Books on a real file system, with faults at every step.

mod chain;
mod faults;
mod tamper;

use std::collections::BTreeMap;
use std::path::Path;

use super::manifest::{Input, Run};
use super::{Kind, Period, Receipt, Writer};
use crate::problem::Problems;

/// A folder in memory where there is one: these tests wait for the disk thousands of times.
fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn a_run(input: &str) -> Run {
    Run {
        engine: "test".to_owned(),
        inputs: vec![Input { role: "claims".to_owned(), sha256: input.to_owned(), bytes: 1 }],
        totals: BTreeMap::from([("due".to_owned(), "1.00".to_owned())]),
        ..Run::default()
    }
}

/// Runs a job with two tables that contain `content`.
fn settle(writer: &mut Writer, month: &str, content: &str) -> Result<Receipt, Problems> {
    job(writer, month, "month", &["claims", "pools"], content)
}

fn job(writer: &mut Writer, month: &str, job: &str, tables: &[&str], content: &str) -> Result<Receipt, Problems> {
    let mut draft = writer.draft(period(month), job)?;
    for table in tables {
        let sums = BTreeMap::from([("due".to_owned(), "1.00".to_owned())]);
        draft.add_file(table, 1, sums, |out| write!(out, "{table} {content}"))?;
    }
    let mut run = a_run(content);
    let scheme = BTreeMap::from([("scheme.csv".to_owned(), format!("scheme of {content}"))]);
    run.kept.insert("scheme".to_owned(), draft.keep(&scheme)?);
    draft.commit(run)
}

fn open(dir: &Path) -> Writer {
    Writer::open_or_create(dir, Kind::Insurance).unwrap()
}

fn codes(problems: &Problems) -> Vec<&'static str> {
    problems.0.iter().map(|p| p.entry.code).collect()
}

fn failure<T>(result: Result<T, Problems>) -> Vec<&'static str> {
    result.err().map(|problems| codes(&problems)).unwrap_or_default()
}
