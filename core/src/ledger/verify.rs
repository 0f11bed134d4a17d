//! Finding what was changed, removed or added behind the program's back.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use rust_decimal::Decimal;
use serde::Serialize;

use super::index::PeriodEntry;
use super::layout::Layout;
use super::manifest::Manifest;
use super::{Book, Seal, Status, fingerprint_file};
use crate::problem::catalogue::{books, files};
use crate::problem::{Problem, Problems};

/// What was looked at when nothing was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    pub periods: u64,
    pub closed: u64,
    pub files: u64,
    pub bytes: u64,
    /// The last seal, to be kept outside the book.
    pub head: Option<Seal>,
}

/// Checks every byte of a book. `kept` is a seal noted at an earlier closing: the book has to hold it still.
pub fn verify(dir: &Path, kept: Option<&str>) -> Result<Verified, Problems> {
    let book = Book::open(dir)?;
    let mut problems = Problems::new();
    check_index(&book, kept, &mut problems);
    check_folders(&book, &mut problems);
    let mut verified = Verified { periods: 0, closed: 0, files: 0, bytes: 0, head: book.head().cloned() };
    for entry in &book.index.periods {
        verified.periods += 1;
        verified.closed += u64::from(entry.status() == Status::Closed);
        let (files, bytes) = check_period(&book, entry, &mut problems);
        verified.files += files;
        verified.bytes += bytes;
    }
    problems.or(verified).map(|(verified, _)| verified)
}

fn check_index(book: &Book, kept: Option<&str>, problems: &mut Problems) {
    let path = book.layout.index();
    let shown = book.layout.shown(&path);
    match fs::read(&path) {
        Ok(bytes) if bytes != book.index.to_bytes() => {
            problems.push(Problem::new(&books::CHANGED_INDEX).file(shown.clone()));
        }
        Ok(_) => {}
        Err(error) => problems.push(Problem::new(&files::CANNOT_READ).with("reason", error).file(shown.clone())),
    }
    let ordered = book.index.periods.windows(2).all(|pair| pair[0].period < pair[1].period);
    if !ordered || !book.index.seals_hold() {
        problems.push(Problem::new(&books::BROKEN_SEALS).file(shown.clone()));
    }
    let holds = |kept: &&str| book.index.periods.iter().any(|e| e.seal.as_ref().is_some_and(|s| s.sha256 == **kept));
    if let Some(seal) = kept.filter(|kept| !holds(kept)) {
        problems.push(Problem::new(&books::HEAD_NOT_FOUND).with("seal", seal).file(shown));
    }
}

/// Folders the list does not name.
fn check_folders(book: &Book, problems: &mut Problems) {
    let known: BTreeSet<String> = book.index.periods.iter().map(|e| e.period.to_string()).collect();
    match names(&book.layout.periods()) {
        Ok(found) => {
            for name in found.difference(&known) {
                problems.push(Problem::new(&books::UNKNOWN_PERIOD).with("name", format!("periods/{name}")));
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => problems.push(Problem::new(&files::CANNOT_READ).with("reason", error).file("periods")),
    }
}

/// Checks one period against the list, its manifest and its neighbours. Returns files and bytes read.
pub(super) fn check_period(book: &Book, entry: &PeriodEntry, problems: &mut Problems) -> (u64, u64) {
    let dir = book.layout.period(entry.period);
    if !dir.is_dir() {
        let problem = Problem::new(&books::MISSING_PERIOD).with("period", entry.period);
        problems.push(problem.file(book.layout.shown(&dir)));
        return (0, 0);
    }
    let manifest = match book.manifest(entry.period) {
        Ok(manifest) => manifest,
        Err(found) => {
            problems.append(found);
            return (1, 0);
        }
    };
    check_links(book, entry, &manifest, problems);
    check_totals(&manifest, &book.layout.shown(&dir.join(Layout::MANIFEST)), problems);
    let (mut count, mut bytes) = (1, manifest.to_bytes().len() as u64);
    let mut known = BTreeSet::from([Layout::MANIFEST.to_owned()]);
    let tables = manifest.tables.iter().map(|(name, table)| (dir.join(Layout::table(name)), &table.sha256));
    let kept = manifest.runs.values().flat_map(|run| run.kept.values());
    for (path, sha256) in tables.chain(kept.map(|sha256| (book.layout.source(sha256), sha256))) {
        known.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
        match check_file(&path, sha256) {
            Ok(size) => {
                count += 1;
                bytes += size;
            }
            Err(problem) => problems.push(problem.file(book.layout.shown(&path))),
        }
    }
    match names(&dir) {
        Ok(found) => {
            let unknown = found.difference(&known).map(|name| dir.join(name));
            problems.0.extend(unknown.map(|path| Problem::new(&books::UNKNOWN_FILE).file(book.layout.shown(&path))));
        }
        Err(error) => {
            problems.push(Problem::new(&files::CANNOT_READ).with("reason", error).file(book.layout.shown(&dir)));
        }
    }
    (count, bytes)
}

/// The size of a file that is what it should be.
fn check_file(path: &Path, sha256: &str) -> Result<u64, Problem> {
    match fingerprint_file(path) {
        Ok(found) if found.sha256 == sha256 => Ok(found.bytes),
        Ok(found) => Err(Problem::new(&books::CHANGED_FILE).with("expected", sha256).with("found", found.sha256)),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Problem::new(&books::MISSING_FILE)),
        Err(error) => Err(Problem::new(&files::CANNOT_READ).with("reason", error)),
    }
}

/// What claims and points of recognised exams, institutions, and pools are due adds up to the same.
fn check_totals(manifest: &Manifest, shown: &str, problems: &mut Problems) {
    if manifest.is_stale_recognition() {
        problems.push(Problem::new(&books::STALE_RECOGNITION).with("period", manifest.period).file(shown));
    }
    let due = |table: &str| {
        let text = manifest.tables.get(table)?.sums.get("due")?;
        text.parse::<Decimal>().ok()
    };
    let Some(claims) = due("claims") else { return };
    let expected = claims + due("recognition_points").unwrap_or_default();
    for table in ["institutions", "pools"] {
        if let Some(found) = due(table).filter(|found| *found != expected) {
            let problem = Problem::new(&books::SUMS_DISAGREE).with("what", format!("{table}.due"));
            problems.push(problem.with("expected", expected).with("found", found).file(shown));
        }
    }
}

/// The manifest belongs to this book and period, and was made from the present state of what it builds on.
fn check_links(book: &Book, entry: &PeriodEntry, manifest: &Manifest, problems: &mut Problems) {
    let shown = book.layout.shown(&book.layout.period(entry.period).join(Layout::MANIFEST));
    if manifest.period != entry.period || manifest.kind != book.index.kind {
        let reason = format!("{} / {:?}", manifest.period, manifest.kind);
        problems.push(Problem::new(&files::BROKEN_FILE).with("reason", reason).file(shown));
        return;
    }
    let expected = book.index.links(entry.period);
    let stale = expected.iter().filter(|link| !manifest.previous.contains(link));
    let gone = manifest.previous.iter().filter(|link| !expected.iter().any(|e| e.period == link.period));
    let counted = manifest.counted().filter(|(month, sha256)| {
        let now = book.manifest(*month).ok().and_then(|mut manifest| manifest.tables.remove("corrections"));
        now.is_none_or(|table| table.sha256 != *sha256)
    });
    for previous in stale.chain(gone).map(|link| link.period).chain(counted.map(|(month, _)| month)) {
        let problem = Problem::new(&books::STALE_LINK).with("period", entry.period).with("previous", previous);
        problems.push(problem.file(shown.clone()));
    }
}

fn names(dir: &Path) -> std::io::Result<BTreeSet<String>> {
    fs::read_dir(dir)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}
