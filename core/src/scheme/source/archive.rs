//! A .zip of CSV files, at any depth of folders.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::{MAX_TABLE_BYTES, RawTable, add_csv, cannot_read};
use crate::problem::catalogue::{files, scheme as codes};
use crate::problem::{Problem, Problems};

pub fn read(path: &Path, problems: &mut Problems) -> Result<BTreeMap<String, RawTable>, Problem> {
    let name = path.to_string_lossy();
    let broken =
        |reason: &dyn std::fmt::Display| Problem::new(&files::BROKEN_FILE).file(name.as_ref()).with("reason", reason);
    let file = File::open(path).map_err(|e| cannot_read(path, e))?;
    let mut archive = zip::ZipArchive::new(file).map_err(|e| broken(&e))?;
    let mut tables = BTreeMap::new();
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|e| broken(&e))?;
        let path = entry.name().map_err(|e| broken(&e))?;
        let member = path.rsplit('/').next().unwrap_or_default().to_owned();
        if !member.to_lowercase().ends_with(".csv") {
            continue;
        }
        let mut bytes = Vec::new();
        entry.take(MAX_TABLE_BYTES + 1).read_to_end(&mut bytes).map_err(|e| broken(&e))?;
        if bytes.len() as u64 > MAX_TABLE_BYTES {
            let problem = Problem::new(&codes::TOO_LARGE).file(member.as_str());
            problems.push(problem.with("what", &member).with("limit", MAX_TABLE_BYTES));
            continue;
        }
        add_csv(&mut tables, &member, &bytes, problems);
    }
    Ok(tables)
}
