//! The tables of the long form (4101), each a file or several: `setlinfo.csv`, `diseinfo_202603.parquet` …

use std::path::{Path, PathBuf};

use super::fields::Field;
use crate::frame::Format;
use crate::problem::catalogue::claims::{MISSING_TABLE, MIXED_FORMS, NO_FILES};
use crate::problem::catalogue::files::CANNOT_READ;
use crate::problem::{Problem, Problems};

/// A table of the long form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TableKind {
    Setlinfo,
    Diseinfo,
    Oprninfo,
    Payinfo,
    Iteminfo,
    Icuinfo,
    /// Belongs to the interface and is not needed here.
    Other,
}

const NAMES: [(&str, TableKind, &str); 8] = [
    ("setlinfo", TableKind::Setlinfo, "结算清单"),
    ("diseinfo", TableKind::Diseinfo, "诊断"),
    ("oprninfo", TableKind::Oprninfo, "手术操作"),
    ("payinfo", TableKind::Payinfo, "基金支付"),
    ("iteminfo", TableKind::Iteminfo, "收费项目"),
    ("icuinfo", TableKind::Icuinfo, "重症监护"),
    ("opspdiseinfo", TableKind::Other, "门诊慢特病诊断"),
    ("bldinfo", TableKind::Other, "输血"),
];

impl TableKind {
    /// The table that a file name says: the name itself, or the name and something that begins with no letter.
    fn of(path: &Path) -> Option<TableKind> {
        let stem = path.file_stem()?.to_string_lossy().to_lowercase();
        let says = |name: &str| {
            stem.strip_prefix(name).is_some_and(|rest| !rest.chars().next().is_some_and(char::is_alphabetic))
        };
        NAMES.iter().find(|(name, _, _)| says(name)).map(|&(_, kind, _)| kind)
    }

    fn name(self) -> &'static str {
        NAMES.iter().find(|(_, kind, _)| *kind == self).map_or("", |(name, _, _)| name)
    }

    /// The fields read from the table, and those without which it says nothing.
    pub(super) const fn fields(self) -> (&'static [Field], &'static [Field]) {
        use Field as F;
        match self {
            TableKind::Setlinfo | TableKind::Other => (&[], &[]),
            TableKind::Diseinfo => (
                &[F::SetlId, F::DiagCode, F::MaindiagFlag, F::DiagType, F::DiagSrtNo, F::ValiFlag],
                &[F::SetlId, F::DiagCode, F::MaindiagFlag],
            ),
            TableKind::Oprninfo => (
                &[F::SetlId, F::OprnOprtCode, F::OprnOprtType, F::OprnSrtNo, F::ValiFlag],
                &[F::SetlId, F::OprnOprtCode],
            ),
            TableKind::Payinfo => {
                (&[F::SetlId, F::FundPayType, F::FundPayamt, F::ValiFlag], &[F::SetlId, F::FundPayType, F::FundPayamt])
            }
            TableKind::Iteminfo => (&[F::SetlId, F::Amt, F::ValiFlag], &[F::SetlId, F::Amt]),
            TableKind::Icuinfo => (&[F::SetlId, F::ScsCutdSumDura, F::ValiFlag], &[F::SetlId]),
        }
    }
}

/// The files to read, sorted out.
#[derive(Debug)]
pub(super) enum Form {
    Wide(Vec<PathBuf>),
    Long { setlinfo: Vec<PathBuf>, others: Vec<(TableKind, PathBuf)> },
}

/// The files that paths stand for: those of a folder that rows can be read from, by name.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Problems> {
    let mut problems = Problems::new();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            match list(path) {
                Ok(found) => files.extend(found),
                Err(problem) => problems.push(problem),
            }
        } else {
            files.push(path.clone());
        }
    }
    problems.or(files).map(|(files, _)| files)
}

/// Looks into folders and tells by the names which form the files have. Nothing is opened.
pub(super) fn sort_out(paths: &[PathBuf], needed: &[TableKind]) -> Result<Form, Problems> {
    let files = files(paths)?;
    let kinds: Vec<Option<TableKind>> = files.iter().map(|file| TableKind::of(file)).collect();
    if kinds.iter().all(Option::is_none) {
        return Ok(Form::Wide(files));
    }
    let mut problems = Problems::new();
    for &kind in needed.iter().filter(|&&kind| !kinds.contains(&Some(kind))) {
        let meaning = NAMES.iter().find(|(_, k, _)| *k == kind).map_or("", |(_, _, zh)| zh);
        problems.push(Problem::new(&MISSING_TABLE).with("table", kind.name()).with("meaning", meaning));
    }
    let (mut setlinfo, mut others) = (Vec::new(), Vec::new());
    for (file, kind) in files.into_iter().zip(kinds) {
        match kind {
            Some(TableKind::Setlinfo) => setlinfo.push(file),
            Some(TableKind::Other) => {}
            Some(kind) => others.push((kind, file)),
            None => {
                let tables = NAMES.map(|(name, _, _)| name).join(", ");
                problems.push(Problem::new(&MIXED_FORMS).file(file.display().to_string()).with("tables", tables));
            }
        }
    }
    problems.or(Form::Long { setlinfo, others }).map(|(form, _)| form)
}

/// The files of a folder that rows can be read from, by name.
fn list(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let name = folder.display().to_string();
    let entries = std::fs::read_dir(folder).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
    let entries = entries.map_err(|error| Problem::new(&CANNOT_READ).file(name.as_str()).with("reason", error))?;
    let hidden = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let paths = entries.into_iter().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = paths.filter(|path| Format::of_name(path).is_ok() && !hidden(path)).collect();
    files.sort();
    if files.is_empty() { Err(Problem::new(&NO_FILES).file(name)) } else { Ok(files) }
}
