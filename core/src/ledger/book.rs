//! Reading a book.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

use super::disk::RealDisk;
use super::index::{Index, PeriodEntry, Seal};
use super::layout::Layout;
use super::manifest::{FORMAT, Kind, Manifest};
use super::{Period, recover, sha256_hex, writer};
use crate::frame::{read_columns, read_rows, read_table};
use crate::problem::catalogue::{books, files};
use crate::problem::{Problem, Problems};
use crate::table::Table;

/// Whether a period may still be run again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Open,
    Closed,
}

/// A book opened for reading. While it lives, no run replaces a period under it.
#[derive(Debug)]
pub struct Book {
    pub(super) layout: Layout,
    pub(super) index: Index,
    /// The shared lock; absent in a copy without `.dianzhi` and inside a [`super::Writer`].
    pub(super) _guard: Option<File>,
}

/// One line of the list of periods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeriodInfo {
    pub period: Period,
    pub status: Status,
    pub manifest_sha256: String,
    pub seal: Option<Seal>,
}

impl Book {
    /// Opens a book. Completes or undoes what a killed run left.
    pub fn open(dir: &Path) -> Result<Book, Problems> {
        let layout = Layout::new(dir);
        // A dead run's intent is cleared by the first round; more are needed only while somebody else is clearing it.
        for _ in 0..500 {
            if !layout.index().is_file() {
                return Err(Problem::new(&books::NOT_A_BOOK).file(shown(dir)).into());
            }
            let guard = shared_guard(&layout)?;
            if !layout.intent().exists() {
                let index = read_index(&layout)?;
                return Ok(Book { layout, index, _guard: guard });
            }
            drop(guard);
            match writer::lock(&layout) {
                Ok(lock) => {
                    recover::recover(&layout, &RealDisk).map_err(|e| interrupted(dir, &e))?;
                    drop(lock);
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(20)),
                Err(TryLockError::Error(error)) => return Err(interrupted(dir, &error)),
            }
        }
        Err(Problem::new(&books::BUSY).file(shown(dir)).into())
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.layout.root
    }

    #[must_use]
    pub fn kind(&self) -> Kind {
        self.index.kind
    }

    /// The periods in order of time.
    pub fn periods(&self) -> impl DoubleEndedIterator<Item = PeriodInfo> {
        self.index.periods.iter().map(PeriodEntry::info)
    }

    /// The periods that have a table, in order of time.
    pub fn periods_with(&self, table: &str) -> Result<Vec<Period>, Problems> {
        let mut with = Vec::new();
        for info in self.periods() {
            if self.manifest(info.period)?.tables.contains_key(table) {
                with.push(info.period);
            }
        }
        Ok(with)
    }

    /// The last seal.
    #[must_use]
    pub fn head(&self) -> Option<&Seal> {
        self.index.head()
    }

    /// What the list of periods says of one.
    pub fn info(&self, period: Period) -> Result<PeriodInfo, Problems> {
        self.entry(period).map(PeriodEntry::info)
    }

    pub(super) fn entry(&self, period: Period) -> Result<&PeriodEntry, Problems> {
        self.index.entry(period).ok_or_else(|| {
            let known: Vec<String> = self.index.periods.iter().map(|e| e.period.to_string()).collect();
            let known = if known.is_empty() { "-".to_owned() } else { known.join(", ") };
            let problem = Problem::new(&books::NO_SUCH_PERIOD).with("period", period).with("known", known);
            problem.file(shown(&self.layout.root)).into()
        })
    }

    /// The folder of a period's files.
    pub fn period_dir(&self, period: Period) -> Result<PathBuf, Problems> {
        self.entry(period).map(|entry| self.layout.period(entry.period))
    }

    /// The manifest of a period; a problem when it is not the one the book lists.
    pub fn manifest(&self, period: Period) -> Result<Manifest, Problems> {
        let entry = self.entry(period)?;
        let path = self.layout.period(period).join(Layout::MANIFEST);
        let shown = self.layout.shown(&path);
        let bytes = fs::read(&path).map_err(|e| match e.kind() {
            ErrorKind::NotFound => Problem::new(&books::MISSING_FILE).file(shown.clone()),
            _ => Problem::new(&files::CANNOT_READ).with("reason", e).file(shown.clone()),
        })?;
        let found = sha256_hex(&bytes);
        if found != entry.manifest_sha256 {
            let problem = Problem::new(&books::CHANGED_FILE).with("expected", &entry.manifest_sha256);
            return Err(problem.with("found", found).file(shown).into());
        }
        serde_json::from_slice(&bytes)
            .map_err(|e| Problem::new(&files::BROKEN_FILE).with("reason", e).file(shown).into())
    }

    /// The path of a table's file.
    pub fn table_path(&self, period: Period, table: &str) -> Result<PathBuf, Problems> {
        if !self.manifest(period)?.tables.contains_key(table) {
            let problem = Problem::new(&books::NO_SUCH_TABLE).with("period", period).with("table", table);
            return Err(problem.file(shown(&self.layout.root)).into());
        }
        Ok(self.layout.period(period).join(Layout::table(table)))
    }
}

impl Book {
    /// A text that [`super::Draft::keep`] kept, by its SHA-256: file name → text.
    pub fn kept(&self, sha256: &str) -> Result<BTreeMap<String, String>, Problems> {
        let path = self.layout.source(sha256);
        let shown = self.layout.shown(&path);
        let bytes = fs::read(&path).map_err(|e| match e.kind() {
            ErrorKind::NotFound => Problem::new(&books::MISSING_FILE).file(shown.clone()),
            _ => Problem::new(&files::CANNOT_READ).with("reason", e).file(shown.clone()),
        })?;
        serde_json::from_slice(&bytes)
            .map_err(|e| Problem::new(&files::BROKEN_FILE).with("reason", e).file(shown).into())
    }

    /// Reads a table of a period.
    pub fn table(&self, period: Period, table: &str) -> Result<Table, Problems> {
        let path = self.table_path(period, table)?;
        read_table(&path).map_err(|problem| problem.file(self.layout.shown(&path)).into())
    }

    /// Reads some columns of a table, those of the names that it has.
    pub fn columns(&self, period: Period, table: &str, names: &[&str]) -> Result<Table, Problems> {
        let path = self.table_path(period, table)?;
        read_columns(&path, |name| names.contains(&name))
            .map_err(|problem| problem.file(self.layout.shown(&path)).into())
    }

    /// Some rows of a table, their numbers in order.
    pub fn rows(&self, period: Period, table: &str, rows: &[usize]) -> Result<Table, Problems> {
        let path = self.table_path(period, table)?;
        read_rows(&path, rows).map_err(|problem| problem.file(self.layout.shown(&path)).into())
    }
}

impl PeriodEntry {
    fn info(&self) -> PeriodInfo {
        PeriodInfo {
            period: self.period,
            status: self.status(),
            manifest_sha256: self.manifest_sha256.clone(),
            seal: self.seal.clone(),
        }
    }
}

/// Waits for the moment of an exchange to pass, and keeps the next one from coming.
fn shared_guard(layout: &Layout) -> Result<Option<File>, Problems> {
    let path = layout.swap_lock();
    let cannot_read = |e| Problem::new(&files::CANNOT_READ).with("reason", e).file(layout.shown(&path));
    match File::open(&path) {
        Ok(file) => {
            file.lock_shared().map_err(cannot_read)?;
            Ok(Some(file))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot_read(error).into()),
    }
}

/// Reads `book.json`.
pub(super) fn read_index(layout: &Layout) -> Result<Index, Problems> {
    let path = layout.index();
    let bytes =
        fs::read(&path).map_err(|e| Problem::new(&files::CANNOT_READ).with("reason", e).file(layout.shown(&path)))?;
    parse_index(&bytes).map_err(|problem| problem.file(layout.shown(&path)).into())
}

fn parse_index(bytes: &[u8]) -> Result<Index, Problem> {
    #[derive(serde::Deserialize)]
    struct Head {
        format: u32,
    }
    let changed = |reason: String| Problem::new(&files::BROKEN_FILE).with("reason", reason);
    // The format first: a newer one may have fields this version refuses.
    let head: Head = serde_json::from_slice(bytes).map_err(|e| changed(e.to_string()))?;
    if head.format != FORMAT {
        return Err(Problem::new(&books::OTHER_FORMAT).with("found", head.format).with("known", FORMAT));
    }
    serde_json::from_slice(bytes).map_err(|e| changed(e.to_string()))
}

pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn interrupted(dir: &Path, error: &std::io::Error) -> Problems {
    Problem::new(&books::INTERRUPTED).with("reason", error).file(shown(dir)).into()
}
