//! Weights out of files of claims.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::{ClaimFiles, Parts, Scheme};
use crate::claims::Registers;
use crate::frame::{Format, write_table};
use crate::policy::PolicyPart;
use crate::problem::catalogue::weights as w;
use crate::problem::{Problem, Problems};
use crate::table::Table;
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
    let intake = job.files.read_with(Registers::default())?;
    warnings.append(intake.report.warnings.clone());
    let grouper = &job.scheme.grouper;
    let grouped = grouper.group(&intake.claims.stays, job.clinical);
    let (weighed, more) = weigh(&intake.claims, &grouped, grouper.outcomes(), &plan)?;
    warnings.append(more);
    let names: BTreeMap<String, String> =
        grouper.definition().drgs.iter().map(|drg| (drg.code.clone(), drg.name.clone())).collect();
    let mut tables = tables(&weighed, &plan, &intake.claims, &grouped, grouper.outcomes(), &names);
    tables.push(("rejects", intake.rejects.table()));
    Ok(WeighedFiles { weighed, pack: part.id.clone(), tables, warnings })
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
