//! What the results of a scenario file were made of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::StudyFile;
use crate::awards;
use crate::claims;
use crate::fiscal;
use crate::job::intake::input;
use crate::job::policy::{sources, texts};
use crate::ledger::Book;
use crate::ledger::manifest::{Input, Run, Source};
use crate::ledger::sha256_hex;
use crate::policy::Bundle;
use crate::problem::{Problem, Problems};
use crate::scenario::{Base, Results, purses, stakes};
use crate::scheme::DEMO;
use crate::table::Table;

/// The record of a run: files, packs, choices, control totals. Every result of a scenario is a simulation.
pub(super) fn of(
    file: &StudyFile,
    base: &Base,
    results: &Results,
    tables: &[(&'static str, Table)],
) -> Result<Run, Problems> {
    let mut record = Run {
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        simulation: true,
        inputs: inputs(file)?,
        options: options(file)?,
        totals: totals(results, tables),
        ..Run::default()
    };
    if let Some(insurance) = &base.insurance {
        let (set, _) = insurance.bundle().compile(&[])?;
        record.policies.extend(of_bundle(insurance.bundle(), set.packs.iter().map(|pack| pack.id.as_str())));
    }
    let fiscal = base.awards.iter().map(|side| &side.bundle).chain(base.floors.iter().map(|side| &side.bundle));
    for bundle in fiscal {
        let packs = bundle.fiscal(&[])?;
        record.policies.extend(of_bundle(bundle, packs.iter().map(|pack| pack.header.id.as_str())));
    }
    if let Some(side) = &base.awards {
        let (policy, _) = awards::compile(&side.bundle.fiscal(&[])?)?;
        record.placeholders.extend(policy.placeholders.iter().map(|text| format!("{}.{text}", policy.id)));
    }
    if let Some(side) = &base.floors {
        let (policy, _) = fiscal::compile(&side.bundle.fiscal(&[])?)?;
        record.placeholders.extend(policy.placeholders.iter().map(|text| format!("{}.{text}", policy.id)));
    }
    Ok(record)
}

fn of_bundle<'a>(bundle: &Bundle, ids: impl Iterator<Item = &'a str>) -> Vec<Source> {
    sources(ids, &texts(bundle))
}

/// The scenario file itself, and every file that it names.
fn inputs(file: &StudyFile) -> Result<Vec<Input>, Problems> {
    let sha256 = sha256_hex(&file.source);
    let mut inputs = vec![Input { role: "scenario".to_owned(), sha256, bytes: file.source.len() as u64 }];
    let baseline = file.baseline();
    let paths = |names: &[String]| -> Vec<PathBuf> {
        let paths = names.iter().map(|name| file.path(name));
        paths.filter(|path| path.exists() || path.file_name().is_none_or(|name| name != DEMO)).collect()
    };
    let mut named: Vec<(&str, Vec<PathBuf>)> = Vec::new();
    if let Some(names) = &baseline.claims {
        let paths = paths(names);
        named.push(("claims", if paths.is_empty() { paths } else { claims::files(&paths)? }));
    }
    named.extend(baseline.mapping.iter().map(|name| ("mapping", vec![file.path(name)])));
    named.extend(baseline.awards.iter().map(|side| ("awards", paths(&side.inputs))));
    named.extend(baseline.floors.iter().map(|side| ("accounts", paths(&side.inputs))));
    for (role, paths) in named {
        inputs.extend(paths.iter().map(|path| input(role, path)).collect::<Result<Vec<Input>, Problem>>()?);
    }
    Ok(inputs)
}

/// What the baseline is.
fn options(file: &StudyFile) -> Result<BTreeMap<String, String>, Problems> {
    let baseline = file.baseline();
    let mut options = BTreeMap::new();
    let mut state = |name: &str, value: &Option<String>| {
        options.extend(value.iter().map(|value| (name.to_owned(), value.clone())));
    };
    state("period", &baseline.period);
    state("scheme", &baseline.scheme);
    if let (Some(book), Ok(period)) = (&baseline.book, file.period()) {
        let book = Book::open(&file.path(book))?;
        for info in book.periods().filter(|info| info.period == period || info.period.whole_year() == period) {
            let name = format!("book.{}", info.period);
            options.insert(name, info.manifest_sha256.clone());
        }
    }
    Ok(options)
}

/// Counts, and what the baseline comes to in each purse.
fn totals(results: &Results, tables: &[(&'static str, Table)]) -> BTreeMap<String, String> {
    let mut totals = BTreeMap::from([("scenarios".to_owned(), results.points.len().to_string())]);
    let groups: BTreeSet<&str> = results.points.iter().map(|one| one.point.group.as_str()).collect();
    totals.insert("groups".to_owned(), groups.iter().filter(|group| !group.is_empty()).count().to_string());
    if let Some(first) = results.points.first() {
        for purse in purses(results) {
            let sum: i128 = stakes(results, first, purse).iter().map(|stake| i128::from(stake.baseline)).sum();
            totals.insert(format!("baseline_{}", purse.code()), crate::table::cell::decimal(sum, 2));
        }
    }
    for (name, table) in tables.iter().filter(|(name, _)| matches!(*name, "amounts" | "winners")) {
        totals.insert(format!("{name}.rows"), table.rows().to_string());
    }
    totals
}
