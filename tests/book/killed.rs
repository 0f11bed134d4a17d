//! kill -9 on a process that writes a book without pause.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use dianzhi::ledger::manifest::Run;
use dianzhi::ledger::{Book, Kind, Writer, verify};
use dianzhi_tests::{child, orders};

const TABLES: [&str; 3] = ["claims", "institutions", "pools"];

/// In the child: settles 2026-03 again and again, each time with all tables saying the number of the run.
#[test]
fn writes_without_pause() {
    let Some(dir) = orders() else { return };
    let mut writer = Writer::open_or_create(Path::new(&dir), Kind::Insurance).unwrap();
    println!("writing");
    for number in 0u64.. {
        let mut draft = writer.draft("2026-03".parse().unwrap(), "month").unwrap();
        for table in TABLES {
            let line = format!("{number}\n");
            let content = line.repeat(5000);
            draft.add_file(table, 5000, BTreeMap::new(), |out| out.write_all(content.as_bytes())).unwrap();
        }
        draft.commit(Run { engine: number.to_string(), ..Run::default() }).unwrap();
    }
}

/// The number all tables and the manifest agree on; `None` before the first run.
fn number(dir: &Path) -> Option<u64> {
    let book = Book::open(dir).ok()?;
    let period = "2026-03".parse().unwrap();
    let manifest = book.manifest(period).ok()?;
    for table in TABLES {
        let text = std::fs::read_to_string(book.table_path(period, table).unwrap()).unwrap();
        assert!(text.lines().count() == 5000 && text.lines().all(|line| line == manifest.runs["month"].engine));
    }
    Some(manifest.runs["month"].engine.parse().unwrap())
}

#[test]
fn a_kill_at_any_moment_leaves_a_whole_book() {
    let dir = tempfile::tempdir().unwrap();
    let mut seen = 0;
    for wait_ms in (0..40).map(|turn| (turn * 7) % 41) {
        let mut process = child("book::killed::writes_without_pause", dir.path().to_str().unwrap())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().contains("writing")), "the child starts");
        std::thread::sleep(Duration::from_millis(wait_ms));
        process.kill().unwrap();
        process.wait().unwrap();
        if let Some(number) = number(dir.path()) {
            verify(dir.path(), None).unwrap();
            seen = seen.max(number + 1);
        }
    }
    assert!(seen > 0, "at least one run got through");
    drop(Writer::open(dir.path()).unwrap());
    assert!(!dir.path().join(".dianzhi/next").exists(), "nothing is left over");
}

/// In the child: holds the book until its input ends.
#[test]
fn holds_the_book() {
    let Some(dir) = orders() else { return };
    let _writer = Writer::open_or_create(Path::new(&dir), Kind::Insurance).unwrap();
    println!("holding");
    let _ = std::io::stdin().read(&mut [0]);
}

#[test]
fn a_second_process_is_refused_until_the_first_is_dead() {
    let dir = tempfile::tempdir().unwrap();
    let mut process = child("book::killed::holds_the_book", dir.path().to_str().unwrap())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("holding")));
    let refused = Writer::open(dir.path()).err().unwrap();
    assert_eq!(refused.0[0].entry.code, "B002");
    assert!(Book::open(dir.path()).is_ok(), "reading goes on");
    process.kill().unwrap();
    process.wait().unwrap();
    Writer::open(dir.path()).unwrap();
}
