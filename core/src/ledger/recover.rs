//! Completing or undoing what a killed run left.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::Period;
use super::disk::Disk;
use super::fingerprint_file;
use super::index::Index;
use super::layout::Layout;

/// Brings a book to a whole state. The caller holds the write lock. Doing it twice, or dying in it, does no harm.
pub(super) fn recover(layout: &Layout, disk: &dyn Disk) -> io::Result<()> {
    let intent = layout.intent();
    if intent.exists() {
        let swap = open_swap_lock(layout)?;
        swap.lock()?;
        put_back(layout, disk)?;
        if swapped(layout, &intent)? {
            disk.rename(&intent, &layout.index())?;
        } else {
            disk.remove_file(&intent)?;
        }
        disk.sync_dir(&layout.work())?;
        disk.sync_dir(&layout.root)?;
    }
    clean(layout, disk)
}

/// Removes runs that never became part of the book. Touches nothing while an intent stands: a folder of the book may
/// be among what looks like left-overs.
pub(super) fn clean(layout: &Layout, disk: &dyn Disk) -> io::Result<()> {
    if layout.intent().exists() {
        return Ok(());
    }
    if layout.staging().exists() {
        disk.remove_dir_all(&layout.staging())?;
    }
    if layout.scratch().exists() {
        disk.remove_file(&layout.scratch())?;
    }
    Ok(())
}

pub(super) fn open_swap_lock(layout: &Layout) -> io::Result<fs::File> {
    fs::OpenOptions::new().create(true).truncate(false).write(true).open(layout.swap_lock())
}

/// Moves a folder that stands aside back into its empty place.
fn put_back(layout: &Layout, disk: &dyn Disk) -> io::Result<()> {
    let entries = match fs::read_dir(layout.staging()) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let name = entry?.file_name();
        let Some(period) = name.to_str().and_then(|n| n.strip_suffix(Layout::ASIDE)).and_then(|n| n.parse().ok())
        else {
            continue;
        };
        if !layout.period(period).exists() {
            disk.rename(&layout.aside(period), &layout.period(period))?;
            disk.sync_dir(&layout.periods())?;
        }
    }
    Ok(())
}

/// Whether the folders are those the intent names, so that only `book.json` is missing.
fn swapped(layout: &Layout, intent: &Path) -> io::Result<bool> {
    let (Some(current), Some(next)) = (parse(&layout.index())?, parse(intent)?) else { return Ok(false) };
    for entry in &next.periods {
        let listed = current.entry(entry.period).map(|e| &e.manifest_sha256);
        if listed != Some(&entry.manifest_sha256)
            && manifest_hash(layout, entry.period)?.as_ref() != Some(&entry.manifest_sha256)
        {
            return Ok(false);
        }
    }
    Ok(true)
}

fn parse(path: &Path) -> io::Result<Option<Index>> {
    Ok(serde_json::from_slice(&fs::read(path)?).ok())
}

fn manifest_hash(layout: &Layout, period: Period) -> io::Result<Option<String>> {
    match fingerprint_file(&layout.period(period).join(OsStr::new(Layout::MANIFEST))) {
        Ok(fingerprint) => Ok(Some(fingerprint.sha256)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
