//! Opening a book to write, and closing periods.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use super::book::{read_index, shown};
use super::disk::{Disk, RealDisk};
use super::index::{Index, Seal};
use super::layout::Layout;
use super::recover::{open_swap_lock, recover};
use super::verify::check_period;
use super::{Book, Draft, Kind, Period, Status};
use crate::problem::catalogue::books;
use crate::problem::{Problem, Problems};

/// A book opened to write; the only one at a time.
pub struct Writer {
    pub(super) book: Book,
    pub(super) disk: Box<dyn Disk>,
    _lock: File,
}

impl Writer {
    /// Opens a book of this kind, and makes one in an empty or missing folder.
    pub fn open_or_create(dir: &Path, kind: Kind) -> Result<Writer, Problems> {
        Writer::with_disk(dir, Some(kind), Box::new(RealDisk))
    }

    /// Opens a book that is there.
    pub fn open(dir: &Path) -> Result<Writer, Problems> {
        Writer::with_disk(dir, None, Box::new(RealDisk))
    }

    pub(super) fn with_disk(dir: &Path, kind: Option<Kind>, disk: Box<dyn Disk>) -> Result<Writer, Problems> {
        let layout = Layout::new(dir);
        let is_book = layout.index().is_file();
        if !is_book && kind.is_none() {
            return Err(Problem::new(&books::NOT_A_BOOK).file(shown(dir)).into());
        }
        if !is_book && !is_vacant(&layout) {
            return Err(Problem::new(&books::FOLDER_IN_USE).file(shown(dir)).into());
        }
        let failed = |error: &io::Error| not_written(&layout, dir, error);
        disk.create_dir_all(&layout.work()).map_err(|e| failed(&e))?;
        let lock = lock_soon(&layout).map_err(|error| match error {
            TryLockError::WouldBlock => Problem::new(&books::BUSY).file(shown(dir)).into(),
            TryLockError::Error(error) => failed(&error),
        })?;
        if !layout.index().is_file() {
            let kind = kind.expect("Invariant: without a kind the book is there");
            create(&layout, disk.as_ref(), kind).map_err(|e| failed(&e))?;
        }
        recover(&layout, disk.as_ref()).map_err(|e| failed(&e))?;
        let index = read_index(&layout)?;
        check_index(&layout, &index)?;
        match (index.kind, kind) {
            (Kind::Fiscal, Some(Kind::Insurance)) => Err(Problem::new(&books::FISCAL_BOOK).file(shown(dir))),
            (Kind::Insurance, Some(Kind::Fiscal)) => Err(Problem::new(&books::INSURANCE_BOOK).file(shown(dir))),
            _ => Ok(()),
        }?;
        Ok(Writer { book: Book { layout, index, _guard: None }, disk, _lock: lock })
    }

    /// The book as it is now.
    #[must_use]
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// Starts a job's new results for an open or new period.
    pub fn draft(&mut self, period: Period, job: &str) -> Result<Draft<'_>, Problems> {
        Draft::begin(self, period, job)
    }

    /// Closes a period: checks its files, and seals it. Earlier periods of the same length (of a year, also its months)
    /// have to be closed before.
    pub fn close(&mut self, period: Period) -> Result<Seal, Problems> {
        let layout = self.book.layout.clone();
        let entry = self.book.entry(period)?.clone();
        if entry.status() == Status::Closed {
            return Err(Problem::new(&books::ALREADY_CLOSED).with("period", period).into());
        }
        let mut problems = Problems::new();
        for link in self.book.index.links(period) {
            if self.book.entry(link.period)?.status() == Status::Open {
                problems.push(Problem::new(&books::EARLIER_OPEN).with("period", period).with("earlier", link.period));
            }
        }
        check_period(&self.book, &entry, &mut problems);
        problems.or(())?;
        let mut index = self.book.index.clone();
        let broken = || Problem::new(&books::BROKEN_SEALS).file(layout.shown(&layout.index()));
        let seal = index.next_seal(&entry).ok_or_else(broken)?;
        index.entry_mut(period).ok_or_else(broken)?.seal = Some(seal.clone());
        self.replace_index(&index).map_err(|e| not_written(&layout, &layout.index(), &e))?;
        self.book.index = index;
        Ok(seal)
    }

    /// Replaces `book.json` alone, in one step.
    fn replace_index(&self, index: &Index) -> io::Result<()> {
        let layout = &self.book.layout;
        let swap = open_swap_lock(layout)?;
        swap.lock()?;
        write_whole(self.disk.as_ref(), &layout.scratch(), &index.to_bytes())?;
        self.disk.rename(&layout.scratch(), &layout.index())?;
        self.disk.sync_dir(&layout.root)
    }
}

/// Takes the write lock, and waits a moment for one that is just being let go: a process that another thread is
/// starting
/// holds every open file until it runs its program.
fn lock_soon(layout: &Layout) -> Result<File, TryLockError> {
    for _ in 0..50 {
        match lock(layout) {
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(20)),
            taken => return taken,
        }
    }
    lock(layout)
}

/// Takes the write lock. The operating system lets it go when the process ends, however it ends.
pub(super) fn lock(layout: &Layout) -> Result<File, TryLockError> {
    let path = layout.write_lock();
    let file = File::options().create(true).truncate(false).write(true).open(path).map_err(TryLockError::Error)?;
    file.try_lock()?;
    Ok(file)
}

/// Writes a file and waits until the disk has it.
pub(super) fn write_whole(disk: &dyn Disk, path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = disk.create(path)?;
    file.write_all(content)?;
    file.sync()
}

/// A failed write before anything counted.
pub(super) fn not_written(layout: &Layout, path: &Path, error: &io::Error) -> Problems {
    Problem::new(&books::NOT_WRITTEN).with("reason", error).file(layout.shown(path)).into()
}

/// Whether the folder is missing, or holds nothing but what a run killed at its very beginning leaves.
fn is_vacant(layout: &Layout) -> bool {
    fs::read_dir(&layout.root).map_or(!layout.root.exists(), |entries| {
        entries.flatten().all(|entry| entry.path() == layout.work() || entry.path() == layout.periods())
    }) && fs::read_dir(layout.periods()).map_or(true, |mut entries| entries.next().is_none())
}

fn create(layout: &Layout, disk: &dyn Disk, kind: Kind) -> io::Result<()> {
    disk.create_dir_all(&layout.periods())?;
    write_whole(disk, &layout.scratch(), &Index::new(kind).to_bytes())?;
    disk.rename(&layout.scratch(), &layout.index())?;
    disk.sync_dir(&layout.root)
}

/// Nothing is built on a list that has been tampered with.
fn check_index(layout: &Layout, index: &Index) -> Result<(), Problems> {
    if index.seals_hold() {
        return Ok(());
    }
    Err(Problem::new(&books::BROKEN_SEALS).file(layout.shown(&layout.index())).into())
}
