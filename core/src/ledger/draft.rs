//! New results on their way into a book.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::book::read_index;
use super::disk::DiskFile;
use super::index::Index;
use super::layout::Layout;
use super::manifest::{FORMAT, Manifest, Run, TableEntry, canonical};
use super::recover::{clean, open_swap_lock, recover};
use super::writer::{not_written, write_whole};
use super::{Book, Fingerprint, Hashing, Period, Status, Writer, fingerprint_file, sha256_hex};
use crate::frame::{Encoded, GroupEncoder, TableFile, table_file, write_parquet};
use crate::problem::catalogue::{books, files};
use crate::problem::{Problem, Problems};
use crate::table::Table;
use crate::table::sums::ControlSums;

/// A job's results for one period, not yet part of the book. Dropped without [`Draft::commit`], it leaves no trace.
pub struct Draft<'w> {
    writer: &'w mut Writer,
    period: Period,
    job: String,
    tables: BTreeMap<String, TableEntry>,
}

type Out = BufWriter<Hashing<Box<dyn DiskFile>>>;

/// A table on its way into a book, group by group.
pub struct GrowingTable {
    name: String,
    shown: String,
    file: TableFile<Out>,
    rows: u64,
    sums: ControlSums,
}

impl GrowingTable {
    /// Adds a group of so many rows with these control sums.
    pub fn append(&mut self, rows: usize, encoded: Encoded, sums: &ControlSums) -> Result<(), Problems> {
        self.rows += rows as u64;
        self.sums = std::mem::take(&mut self.sums).plus(sums).ok_or_else(|| too_large(&self.name))?;
        let appended = self.file.append(encoded);
        appended.map_err(|e| Problem::new(&books::NOT_WRITTEN).with("reason", e).file(self.shown.clone()).into())
    }
}

/// A run that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub manifest: Manifest,
    pub manifest_sha256: String,
    /// The folder of the period's files.
    pub dir: PathBuf,
    /// An earlier run of the period was replaced.
    pub replaced: bool,
}

impl<'w> Draft<'w> {
    pub(super) fn begin(writer: &'w mut Writer, period: Period, job: &str) -> Result<Draft<'w>, Problems> {
        let layout = writer.book.layout.clone();
        let staged = layout.staged(period);
        let failed = |error: io::Error| not_written(&layout, &staged, &error);
        recover(&layout, writer.disk.as_ref()).map_err(failed)?;
        writer.book.index = read_index(&layout)?;
        check_open(writer, period)?;
        let draft = Draft { writer, period, job: job.to_owned(), tables: BTreeMap::new() };
        draft.writer.disk.create_dir_all(&staged).map_err(failed)?;
        Ok(draft)
    }

    /// The period these results are for.
    #[must_use]
    pub fn period(&self) -> Period {
        self.period
    }

    /// The book as it is before this run counts.
    #[must_use]
    pub fn book(&self) -> &Book {
        &self.writer.book
    }

    /// The hash of a table that was written already.
    #[must_use]
    pub fn sha256_of(&self, table: &str) -> Option<&str> {
        self.tables.get(table).map(|entry| entry.sha256.as_str())
    }

    /// Writes the file of a table. `sums` are its control sums as decimal texts.
    pub fn add_file(
        &mut self,
        table: &str,
        rows: u64,
        sums: BTreeMap<String, String>,
        write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
    ) -> Result<(), Problems> {
        let path = self.path_of(table);
        let written = || -> io::Result<_> {
            let mut out = self.create(table)?;
            write(&mut out)?;
            seal(out)
        };
        let fingerprint = written().map_err(|e| not_written(&self.writer.book.layout, &path, &e))?;
        self.note(table, rows, sums, fingerprint);
        Ok(())
    }

    fn path_of(&self, table: &str) -> PathBuf {
        self.writer.book.layout.staged(self.period).join(Layout::table(table))
    }

    fn create(&self, table: &str) -> io::Result<Out> {
        Ok(BufWriter::with_capacity(1 << 18, Hashing::new(self.writer.disk.create(&self.path_of(table))?)))
    }

    fn note(&mut self, table: &str, rows: u64, sums: BTreeMap<String, String>, fingerprint: Fingerprint) {
        let (bytes, sha256) = (fingerprint.bytes, fingerprint.sha256);
        self.tables.insert(table.to_owned(), TableEntry { run: self.job.clone(), rows, bytes, sha256, sums });
    }

    /// Begins a table that is written group by group, with the columns of `like`.
    pub fn begin_table(&self, name: &str, like: &Table) -> Result<(GrowingTable, GroupEncoder), Problems> {
        let opened = self.create(name).and_then(|out| table_file(out, like));
        let (file, encoder) = opened.map_err(|e| not_written(&self.writer.book.layout, &self.path_of(name), &e))?;
        let shown = self.writer.book.layout.shown(&self.path_of(name));
        Ok((GrowingTable { name: name.to_owned(), shown, file, rows: 0, sums: ControlSums::default() }, encoder))
    }

    /// Completes a table.
    pub fn end_table(&mut self, table: GrowingTable) -> Result<(), Problems> {
        let GrowingTable { name, file, rows, sums, .. } = table;
        let fingerprint = file.finish().and_then(seal);
        let fingerprint = fingerprint.map_err(|e| not_written(&self.writer.book.layout, &self.path_of(&name), &e))?;
        self.note(&name, rows, sums.texts(), fingerprint);
        Ok(())
    }

    /// A folder of the book for what does not outlive the run.
    #[must_use]
    pub fn work_dir(&self) -> PathBuf {
        self.writer.book.layout.work()
    }

    /// Writes a result table, with the control sums of its amounts and points.
    pub fn add_table(&mut self, name: &str, table: &Table) -> Result<(), Problems> {
        let sums = ControlSums::of(table).ok_or_else(|| too_large(name))?;
        self.add_file(name, table.rows() as u64, sums.texts(), |out| write_parquet(out, table))
    }

    /// Keeps a text that the results rest on, such as the scheme, as JSON: `{file name: text}`. Returns its SHA-256.
    /// The same content is kept once in a book; kept by a run that fails, it does no harm.
    pub fn keep(&mut self, texts: &BTreeMap<String, String>) -> Result<String, Problems> {
        let layout = &self.writer.book.layout;
        let content = canonical(texts);
        let sha256 = sha256_hex(&content);
        let path = layout.source(&sha256);
        if fingerprint_file(&path).is_ok_and(|found| found.sha256 == sha256) {
            return Ok(sha256);
        }
        let disk = self.writer.disk.as_ref();
        let written = || -> io::Result<()> {
            disk.create_dir_all(&layout.sources())?;
            write_whole(disk, &layout.scratch(), &content)?;
            disk.rename(&layout.scratch(), &path)?;
            disk.sync_dir(&layout.sources())?;
            disk.sync_dir(&layout.root)
        };
        written().map_err(|e| not_written(layout, &path, &e))?;
        Ok(sha256)
    }

    /// Makes the results part of the book, in place of this job's earlier ones. What other jobs wrote stays.
    pub fn commit(mut self, mut run: Run) -> Result<Receipt, Problems> {
        run.sort();
        let layout = self.writer.book.layout.clone();
        let mut runs = BTreeMap::new();
        if let Some(earlier) = self.earlier()? {
            runs = earlier.runs;
            for (name, entry) in earlier.tables {
                if entry.run != self.job && !self.tables.contains_key(&name) {
                    self.carry_over(&name, entry)?;
                }
            }
        }
        runs.insert(self.job.clone(), run);
        let index = &self.writer.book.index;
        let manifest = Manifest {
            format: FORMAT,
            kind: index.kind,
            period: self.period,
            previous: index.links(self.period),
            runs,
            tables: std::mem::take(&mut self.tables),
        };
        let bytes = manifest.to_bytes();
        let manifest_sha256 = sha256_hex(&bytes);
        let mut next = index.clone();
        next.set(self.period, manifest_sha256.clone());
        let path = layout.staged(self.period).join(Layout::MANIFEST);
        let prepared = self.prepare(&path, &bytes);
        prepared.map_err(|e| not_written(&layout, &path, &e))?;
        let replaced = layout.period(self.period).exists();
        self.exchange(&next)?;
        self.writer.book.index = next;
        Ok(Receipt { manifest, manifest_sha256, dir: layout.period(self.period), replaced })
    }

    /// Step 1: the staged folder, complete and on the disk.
    fn prepare(&self, manifest: &Path, bytes: &[u8]) -> io::Result<()> {
        let (layout, disk) = (&self.writer.book.layout, self.writer.disk.as_ref());
        write_whole(disk, manifest, bytes)?;
        disk.sync_dir(&layout.staged(self.period))?;
        disk.sync_dir(&layout.staging())
    }

    /// Steps 2 to 5. A failure is undone or completed by the same hand that clears up after a kill.
    fn exchange(&self, next: &Index) -> Result<(), Problems> {
        let (layout, disk) = (&self.writer.book.layout, self.writer.disk.as_ref());
        let Err(error) = self.try_exchange(next) else {
            // What was replaced no longer counts; the next run clears what cannot be removed now.
            let _ = clean(layout, disk);
            return Ok(());
        };
        let unfinished = |e: &io::Error| {
            Problems::from(Problem::new(&books::UNFINISHED).with("reason", e).file(layout.shown(&layout.index())))
        };
        recover(layout, disk).map_err(|_| unfinished(&error))?;
        if read_index(layout)? == *next {
            return Ok(());
        }
        Err(not_written(layout, &layout.period(self.period), &error))
    }

    fn try_exchange(&self, next: &Index) -> io::Result<()> {
        let (layout, disk) = (&self.writer.book.layout, self.writer.disk.as_ref());
        let (staged, place) = (layout.staged(self.period), layout.period(self.period));
        let swap = open_swap_lock(layout)?;
        swap.lock()?;
        write_whole(disk, &layout.scratch(), &next.to_bytes())?;
        disk.rename(&layout.scratch(), &layout.intent())?;
        disk.sync_dir(&layout.work())?;
        if !place.exists() {
            disk.rename(&staged, &place)?;
        } else if !disk.exchange(&staged, &place)? {
            disk.rename(&place, &layout.aside(self.period))?;
            disk.rename(&staged, &place)?;
        }
        disk.sync_dir(&layout.periods())?;
        disk.rename(&layout.intent(), &layout.index())?;
        disk.sync_dir(&layout.root)
    }

    /// The manifest of the run to be replaced.
    fn earlier(&self) -> Result<Option<Manifest>, Problems> {
        match self.writer.book.index.entry(self.period) {
            Some(_) => self.writer.book.manifest(self.period).map(Some),
            None => Ok(None),
        }
    }

    /// Takes another job's table into the new folder, provided it still is what that job wrote.
    fn carry_over(&mut self, name: &str, entry: TableEntry) -> Result<(), Problems> {
        let path = self.writer.book.layout.period(self.period).join(Layout::table(name));
        let shown = self.writer.book.layout.shown(&path);
        let cannot_read = |e| Problem::new(&files::CANNOT_READ).with("reason", e).file(shown.clone());
        let mut source = std::fs::File::open(&path).map_err(cannot_read)?;
        self.add_file(name, entry.rows, entry.sums.clone(), |out| io::copy(&mut source, out).map(drop))?;
        let copied = self.tables.get_mut(name).expect("Invariant: the table was just added");
        copied.run.clone_from(&entry.run);
        if *copied != entry {
            let problem = Problem::new(&books::CHANGED_FILE).with("expected", &entry.sha256);
            return Err(problem.with("found", &copied.sha256).file(shown).into());
        }
        Ok(())
    }
}

fn too_large(table: &str) -> Problem {
    Problem::new(&books::SUM_TOO_LARGE).with("table", table).file(Layout::table(table))
}

/// Makes a file last, and tells what is in it.
fn seal(out: Out) -> io::Result<Fingerprint> {
    let hashing = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    let (mut file, fingerprint) = hashing.finish();
    file.sync()?;
    Ok(fingerprint)
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        // Nobody is left to tell; what stays is cleared by the next run.
        let _ = clean(&self.writer.book.layout, self.writer.disk.as_ref());
    }
}

/// Refuses periods that may not be written any more.
fn check_open(writer: &Writer, period: Period) -> Result<(), Problems> {
    let index = &writer.book.index;
    match index.entry(period) {
        Some(entry) if entry.status() == Status::Closed => {
            return Err(Problem::new(&books::PERIOD_CLOSED).with("period", period).into());
        }
        None if writer.book.layout.period(period).exists() => {
            return Err(Problem::new(&books::UNKNOWN_PERIOD).with("name", format!("periods/{period}")).into());
        }
        _ => {}
    }
    let bars = |other: Period| other > period && (other.is_year() == period.is_year() || other == period.whole_year());
    match index.periods.iter().find(|e| e.status() == Status::Closed && bars(e.period)) {
        Some(later) => {
            Err(Problem::new(&books::LATER_CLOSED).with("period", period).with("later", later.period).into())
        }
        None => Ok(()),
    }
}
