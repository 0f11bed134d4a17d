//! Every run is stopped, or its disk filled, at every single step.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::super::disk::{Disk, DiskFile, RealDisk};
use super::super::layout::Layout;
use super::super::{Book, Kind, Writer, verify};
use super::{codes, failure, open, period, scratch, settle};
use crate::problem::Problems;

/// What goes wrong from the chosen step on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The program is gone: this step and all later ones do nothing.
    Killed,
    /// As before, but the first half of a write still reaches the disk.
    Torn,
    /// No more space: nothing can be created or written, moving and removing work.
    Full,
    /// This one step fails.
    Once,
}

#[derive(Clone)]
struct FaultyDisk {
    fault: Fault,
    at: usize,
    can_exchange: bool,
    step: Arc<AtomicUsize>,
    log: Arc<Mutex<Vec<String>>>,
}

impl FaultyDisk {
    fn new(fault: Fault, at: usize, can_exchange: bool) -> FaultyDisk {
        FaultyDisk { fault, at, can_exchange, step: Arc::default(), log: Arc::default() }
    }

    fn steps(&self) -> usize {
        self.step.load(Ordering::Relaxed)
    }

    fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    fn tripped(&self) -> bool {
        self.steps() > self.at
    }

    fn pass(&self, what: String, takes_space: bool) -> io::Result<()> {
        let step = self.step.fetch_add(1, Ordering::Relaxed);
        self.log.lock().unwrap().push(what);
        match self.fault {
            Fault::Killed | Fault::Torn if step >= self.at => Err(io::Error::other("killed")),
            Fault::Full if step >= self.at && takes_space => Err(ErrorKind::StorageFull.into()),
            Fault::Once if step == self.at => Err(io::Error::other("I/O error")),
            _ => Ok(()),
        }
    }
}

struct FaultyFile {
    inner: Box<dyn DiskFile>,
    path: PathBuf,
    disk: FaultyDisk,
}

impl Write for FaultyFile {
    fn write(&mut self, content: &[u8]) -> io::Result<usize> {
        let outcome = self.disk.pass(format!("write {}", self.path.display()), true);
        if outcome.is_err() && self.disk.fault == Fault::Torn && self.disk.steps() == self.disk.at + 1 {
            self.inner.write_all(&content[..content.len() / 2])?;
        }
        outcome?;
        self.inner.write(content)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl DiskFile for FaultyFile {
    fn sync(&mut self) -> io::Result<()> {
        self.disk.pass(format!("sync {}", self.path.display()), true)?;
        self.inner.sync()
    }
}

impl Disk for FaultyDisk {
    fn create_dir_all(&self, path: &Path) -> io::Result<()> {
        self.pass(format!("mkdir {}", path.display()), true)?;
        RealDisk.create_dir_all(path)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.pass(format!("create {}", path.display()), true)?;
        Ok(Box::new(FaultyFile { inner: RealDisk.create(path)?, path: path.to_owned(), disk: self.clone() }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.pass(format!("rename {} {}", from.display(), to.display()), false)?;
        RealDisk.rename(from, to)
    }

    fn exchange(&self, one: &Path, other: &Path) -> io::Result<bool> {
        if !self.can_exchange {
            return Ok(false);
        }
        self.pass(format!("exchange {} {}", one.display(), other.display()), false)?;
        RealDisk.exchange(one, other)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.pass(format!("remove {}", path.display()), false)?;
        RealDisk.remove_file(path)
    }

    fn remove_dir_all(&self, path: &Path) -> io::Result<()> {
        self.pass(format!("remove {}", path.display()), false)?;
        RealDisk.remove_dir_all(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.pass(format!("syncdir {}", path.display()), false)?;
        RealDisk.sync_dir(path)
    }
}

/// What the tables of 2026-03 say, once the book was opened as a user opens it; `None` without a book or period.
fn content(dir: &Path) -> Option<String> {
    let book = Book::open(dir).ok()?;
    let manifest = book.manifest(period("2026-03")).ok()?;
    let texts: Vec<String> = ["claims", "pools"]
        .iter()
        .map(|table| std::fs::read_to_string(book.table_path(period("2026-03"), table).unwrap()).unwrap())
        .collect();
    let content = texts[0].strip_prefix("claims ").unwrap().to_owned();
    assert_eq!(texts[1], format!("pools {content}"), "both tables are of one run");
    let run = &manifest.runs["month"];
    assert_eq!(run.inputs[0].sha256, content, "the manifest is of the same run");
    assert_eq!(book.kept(&run.kept["scheme"]).unwrap()["scheme.csv"], format!("scheme of {content}"));
    Some(content)
}

/// Runs the job with a fault at step `at`. Returns whether the fault was reached.
fn one_fault(fault: Fault, at: usize, can_exchange: bool, before: Option<&str>) -> bool {
    let dir = scratch();
    let root = dir.path().join("book");
    if let Some(before) = before {
        settle(&mut open(&root), "2026-03", before).unwrap();
    }
    let disk = FaultyDisk::new(fault, at, can_exchange);
    let outcome = Writer::with_disk(&root, Some(Kind::Insurance), Box::new(disk.clone()))
        .and_then(|mut writer| settle(&mut writer, "2026-03", "new").map(drop));
    let found = content(&root);
    let context = format!("{fault:?} at {at}, exchange {can_exchange}: {:?}", disk.log().last());
    check_outcome(fault, &outcome, found.as_deref(), before, &context);
    if found.is_some() {
        verify(&root, None).unwrap_or_else(|problems| panic!("{context}: {problems}"));
    }
    if fault == Fault::Full && outcome.is_err() {
        assert!(!Layout::new(&root).staging().exists(), "{context}: the staged folder is removed");
    }
    settle(&mut open(&root), "2026-03", "again").unwrap_or_else(|problems| panic!("{context}: {problems}"));
    assert_eq!(content(&root).as_deref(), Some("again"), "{context}");
    assert!(!Layout::new(&root).staging().exists(), "{context}: nothing is left over");
    disk.tripped()
}

fn check_outcome(
    fault: Fault,
    outcome: &Result<(), Problems>,
    found: Option<&str>,
    before: Option<&str>,
    context: &str,
) {
    let unfinished = |problems: &Problems| codes(problems) == ["B015"];
    match outcome {
        Ok(()) => assert_eq!(found, Some("new"), "{context}: what is reported as done counts"),
        Err(problems) if matches!(fault, Fault::Killed | Fault::Torn) || unfinished(problems) => {
            assert!(found == before || found == Some("new"), "{context}: {found:?}");
        }
        Err(problems) => {
            assert_eq!(codes(problems), ["B011"], "{context}: {problems}");
            assert_eq!(found, before, "{context}: what is reported as failed changed nothing");
        }
    }
}

#[test]
fn a_fault_at_any_step_leaves_the_old_period_or_the_new_one() {
    for fault in [Fault::Killed, Fault::Torn, Fault::Full, Fault::Once] {
        for can_exchange in [true, false] {
            for before in [None, Some("old"), Some("new")] {
                let steps = (0..).find(|&at| !one_fault(fault, at, can_exchange, before)).unwrap();
                assert!(steps > 20, "the faults reached only {steps} steps");
            }
        }
    }
}

#[test]
fn a_fault_while_closing_leaves_the_period_open_or_closed() {
    for fault in [Fault::Killed, Fault::Torn, Fault::Full, Fault::Once] {
        for at in 0.. {
            let dir = scratch();
            settle(&mut open(dir.path()), "2026-03", "old").unwrap();
            let disk = FaultyDisk::new(fault, at, true);
            let outcome = Writer::with_disk(dir.path(), None, Box::new(disk.clone()))
                .and_then(|mut writer| writer.close(period("2026-03")));
            let verified = verify(dir.path(), None).unwrap_or_else(|problems| panic!("{fault:?} at {at}: {problems}"));
            match outcome {
                Ok(seal) => assert_eq!(verified.head, Some(seal)),
                Err(_) if verified.closed == 0 => drop(open(dir.path()).close(period("2026-03")).unwrap()),
                Err(_) => assert_eq!(failure(open(dir.path()).close(period("2026-03"))), ["B012"]),
            }
            if !disk.tripped() {
                break;
            }
        }
    }
}

#[test]
fn a_fault_while_recovering_is_recovered_from() {
    for can_exchange in [true, false] {
        let steps = (0..).find(|&at| !one_fault(Fault::Killed, at, can_exchange, Some("old"))).unwrap();
        for first in 0..steps {
            for second in 0..8 {
                let dir = scratch();
                settle(&mut open(dir.path()), "2026-03", "old").unwrap();
                let disk = FaultyDisk::new(Fault::Killed, first, can_exchange);
                let _ = Writer::with_disk(dir.path(), None, Box::new(disk))
                    .and_then(|mut writer| settle(&mut writer, "2026-03", "new").map(drop));
                let disk = FaultyDisk::new(Fault::Killed, second, can_exchange);
                drop(Writer::with_disk(dir.path(), None, Box::new(disk)));
                let found = content(dir.path());
                assert!(
                    matches!(found.as_deref(), Some("old" | "new")),
                    "killed at {first}, then at {second}: {found:?}"
                );
                verify(dir.path(), None).unwrap();
            }
        }
    }
}

#[test]
fn everything_is_on_the_disk_before_it_counts() {
    let dir = scratch();
    settle(&mut open(dir.path()), "2026-03", "old").unwrap();
    let disk = FaultyDisk::new(Fault::Once, usize::MAX, true);
    let mut writer = Writer::with_disk(dir.path(), None, Box::new(disk.clone())).unwrap();
    settle(&mut writer, "2026-03", "new").unwrap();
    let log: Vec<String> = disk.log().iter().map(|line| line.replace(&dir.path().display().to_string(), "")).collect();
    let at =
        |what: &str| log.iter().rposition(|line| line.starts_with(what)).unwrap_or_else(|| panic!("{what}: {log:#?}"));
    let (staged, part, intent) = ("/.dianzhi/next/2026-03", "/.dianzhi/part", "/.dianzhi/book.json.next");
    let order = [
        at("syncdir /sources"),
        at(&format!("sync {staged}/manifest.json")),
        at(&format!("syncdir {staged}")),
        at(&format!("sync {part}")),
        at(&format!("rename {part} {intent}")),
        at("syncdir /.dianzhi"),
        at(&format!("exchange {staged} /periods/2026-03")),
        at("syncdir /periods"),
        at(&format!("rename {intent} /book.json")),
        at("remove /.dianzhi/next"),
    ];
    assert!(order.is_sorted(), "{order:?} {log:#?}");
    for table in ["claims", "pools"] {
        let steps = ["create", "write", "sync"].map(|step| at(&format!("{step} {staged}/{table}.parquet")));
        assert!(steps.is_sorted() && steps[2] < order[1], "{table} is on the disk before the manifest: {log:#?}");
    }
}

#[test]
fn a_device_without_space_changes_nothing() {
    let full = Path::new("/dev/full");
    if !full.exists() {
        return;
    }
    let dir = scratch();
    let mut writer = open(dir.path());
    settle(&mut writer, "2026-03", "old").unwrap();
    let mut draft = writer.draft(period("2026-03"), "month").unwrap();
    let staged = Layout::new(dir.path()).staged(period("2026-03"));
    std::os::unix::fs::symlink(full, staged.join("claims.parquet")).unwrap();
    let outcome = draft.add_file("claims", 1, Default::default(), |out| out.write_all(&[0; 1 << 20]));
    assert_eq!(failure(outcome), ["B011"]);
    drop(draft);
    assert!(!staged.exists());
    drop(writer);
    assert_eq!(content(dir.path()).as_deref(), Some("old"));
}
