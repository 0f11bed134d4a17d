//! Weights out of files of claims.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::{ClaimFiles, Intake, Parts, Scheme};
use crate::claims::{ReadReport, Registers};
use crate::frame::{Format, write_table};
use crate::policy::{PolicyPart, rules_table};
use crate::problem::catalogue::weights as w;
use crate::problem::{Problem, Problems};
use crate::table::cell::plain;
use crate::table::{Table, Values};
use crate::weights::{FAMILIES, Plan, Weighed, tables, weigh};

/// What weights are made of.
#[derive(Clone, Debug)]
pub struct WeightsJob<'a> {
    pub scheme: &'a Scheme,
    pub policy: &'a Path,
    pub files: ClaimFiles,
    /// Codes are of the clinical edition, to be translated first.
    pub clinical: bool,
    /// The day whose pack says how, where several do.
    pub on: Option<NaiveDate>,
}

/// Weights, and the tables that tell of them.
#[derive(Clone, Debug)]
pub struct WeighedFiles {
    pub weighed: Weighed,
    /// The pack that said how.
    pub pack: String,
    /// The weight table first.
    pub tables: Vec<(&'static str, Table)>,
    pub warnings: Problems,
}

/// Reads, groups and weighs claims.
pub fn weigh_files(job: &WeightsJob<'_>) -> Result<WeighedFiles, Problems> {
    let (parts, mut warnings) = Parts::read(job.policy, Some(job.scheme), &FAMILIES, &[])?;
    let part = pick(&parts.parts, job)?;
    let plan = Plan::of(part)?;
    let mut intake = job.files.read_with(Registers::default())?;
    let claims = std::mem::take(&mut intake.claims).into_whole();
    warnings.append(intake.report.warnings.clone());
    let grouper = &job.scheme.grouper;
    let grouped = grouper.group(&claims.stays, job.clinical);
    let (weighed, more) = weigh(&claims, &grouped, grouper.outcomes(), &plan)?;
    warnings.append(more);
    let names: BTreeMap<String, String> =
        grouper.definition().drgs.iter().map(|drg| (drg.code.clone(), drg.name.clone())).collect();
    let mut tables = tables(&weighed, &plan, &claims, &grouped, grouper.outcomes(), &names);
    tables.push(("rejects", intake.rejects.table()));
    tables.push(("rules", rules_table(part.rules.iter().map(|rule| (part.id.as_str(), rule)))));
    if let Some((_, summary)) = tables.iter_mut().find(|(name, _)| *name == "summary") {
        *summary = with_rows_read(summary, &intake.report);
    }
    tables.push(("sources", sources(&intake, job.scheme, &parts, part)));
    Ok(WeighedFiles { weighed, pack: part.id.clone(), tables, warnings })
}

/// The summary, after what became of the rows before they were claims.
fn with_rows_read(summary: &Table, report: &ReadReport) -> Table {
    let counts =
        [("received", report.input.rows), ("rejected", report.rejected.rows), ("dropped", report.excluded.rows)];
    let counts = counts.map(|(key, rows)| (key.to_owned(), rows.to_string()));
    let own = |name: &str, row| summary.column(name).map_or_else(String::new, |values| plain(values, row));
    let figures = (0..summary.rows()).map(|row| (own("key", row), own("value", row)));
    let rows: Vec<(String, String)> = counts.into_iter().chain(figures).collect();
    Table::new()
        .with("key", Values::texts(rows.iter().map(|row| &row.0)))
        .with("value", Values::texts(rows.iter().map(|row| &row.1)))
}

/// What the run read, so that a table can be traced to its data, scheme and pack.
fn sources(intake: &Intake, scheme: &Scheme, parts: &Parts, part: &PolicyPart) -> Table {
    let policies = parts.sources().into_iter().filter(|source| source.id == part.id);
    let mut rows: Vec<(String, String, String)> =
        vec![("engine".to_owned(), env!("CARGO_PKG_VERSION").to_owned(), String::new())];
    rows.push(("scheme".to_owned(), scheme.name().to_owned(), scheme.fingerprint().to_owned()));
    rows.extend(policies.map(|source| ("policy".to_owned(), source.id, source.sha256)));
    let files = intake.inputs.iter().map(|input| (input.role.clone(), String::new(), input.sha256.clone()));
    rows.extend(files);
    Table::new()
        .with("role", Values::keywords(rows.iter().map(|row| row.0.as_str())))
        .with("id", Values::texts(rows.iter().map(|row| row.1.as_str())))
        .with("sha256", Values::texts(rows.iter().map(|row| row.2.as_str())))
}

/// The pack that says how weights are made.
fn pick<'p>(parts: &'p [PolicyPart], job: &WeightsJob<'_>) -> Result<&'p PolicyPart, Problems> {
    let valid = |part: &&PolicyPart| job.on.is_none_or(|day| part.is_valid(day));
    let found: Vec<&PolicyPart> = parts.iter().filter(|part| Plan::is_in(part)).filter(valid).collect();
    match found.as_slice() {
        [part] => Ok(part),
        [] => {
            let shown = job.policy.to_string_lossy();
            Err(Problem::new(&w::NO_PLAN)
                .file(&*shown)
                .with("day", job.on.map_or("-".to_owned(), |d| d.to_string()))
                .into())
        }
        several => {
            let ids: Vec<&str> = several.iter().map(|part| part.id.as_str()).collect();
            Err(Problem::new(&w::SEVERAL_PLANS).with("packs", ids.join(", ")).into())
        }
    }
}

impl WeighedFiles {
    /// Writes the weight table to `out`, and the other tables beside it as `NAME.TABLE.EXTENSION`. Returns the paths.
    pub fn write(&self, out: &Path) -> Result<Vec<PathBuf>, Problems> {
        Format::of_name(out)?;
        let extension = out.extension().unwrap_or_default().to_string_lossy().into_owned();
        let mut written = Vec::new();
        for (name, table) in &self.tables {
            let path = match *name {
                "weights" => out.to_owned(),
                name => out.with_extension(format!("{name}.{extension}")),
            };
            write_table(&path, table)?;
            written.push(path);
        }
        Ok(written)
    }
}
