//! `dianzhi book …`

use std::collections::BTreeMap;
use std::path::Path;

use dianzhi::ledger::manifest::Run;
use dianzhi::ledger::{Book, Kind, Writer, compare_periods};
use dianzhi::table::{Table, Values};

fn run(words: &[&str]) -> i32 {
    dianzhi::cli::run(std::iter::once(&"dianzhi").chain(words))
}

fn a_book(dir: &Path) {
    let mut writer = Writer::open_or_create(dir, Kind::Insurance).unwrap();
    for month in ["2026-01", "2026-02"] {
        let mut draft = writer.draft(month.parse().unwrap(), "month").unwrap();
        draft.add_file("claims", 1, BTreeMap::new(), |out| out.write_all(month.as_bytes())).unwrap();
        draft.commit(Run::default()).unwrap();
    }
}

#[test]
fn closing_checks_and_exit_codes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_str().unwrap();
    assert_eq!(run(&["book", "list", path]), 1, "not a book");
    a_book(dir.path());
    assert_eq!(run(&["book", "list", path]), 0);
    assert_eq!(run(&["--json", "book", "verify", path]), 0);
    assert_eq!(run(&["book", "close", path, "--period", "2026-02"]), 1, "January first");
    assert_eq!(run(&["book", "close", path, "--period", "2026-13"]), 2, "no such month");
    assert_eq!(run(&["book", "close", path, "--period", "2026-01"]), 0);
    assert_eq!(run(&["book", "close", path, "--period", "2026-01"]), 1, "once only");
    assert_eq!(run(&["book", "verify", path, "--seal", "0"]), 1);
    std::fs::write(dir.path().join("periods/2026-01/claims.parquet"), "2026-0x").unwrap();
    assert_eq!(run(&["--lang", "en", "book", "verify", path]), 1);
}

fn settled(dir: &Path, month: &str, dues: &[(&str, i64)]) {
    let table = Table::new()
        .with("setl_id", Values::texts(dues.iter().map(|due| due.0)))
        .with("due", Values::money(dues.iter().map(|due| due.1)));
    let mut writer = Writer::open_or_create(dir, Kind::Insurance).unwrap();
    let mut draft = writer.draft(month.parse().unwrap(), "month").unwrap();
    draft.add_table("claims", &table).unwrap();
    let receipt = draft.commit(Run { engine: month.to_owned(), ..Run::default() }).unwrap();
    let sum: i64 = dues.iter().map(|due| due.1).sum();
    assert_eq!(receipt.manifest.tables["claims"].sums["due"], dianzhi::money::Fen(sum).to_string());
}

#[test]
fn differences_of_two_books_and_of_two_periods() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (dir.path().join("one"), dir.path().join("other"));
    settled(&one, "2026-01", &[("a", 100), ("b", 200)]);
    settled(&other, "2026-01", &[("a", 100), ("b", 250)]);
    settled(&other, "2026-02", &[("b", 250), ("c", 1)]);
    let books = [Book::open(&one).unwrap(), Book::open(&other).unwrap()];
    let (january, february) = ("2026-01".parse().unwrap(), "2026-02".parse().unwrap());
    let diff = compare_periods((&books[0], january), (&books[1], january)).unwrap();
    let claims = &diff.tables["claims"];
    assert_eq!((claims.changed, claims.removed, claims.added), (1, 0, 0));
    assert_eq!(claims.sums[0].difference, "0.50");
    assert!(diff.causes.is_empty(), "both were made of the same");
    let diff = compare_periods((&books[1], january), (&books[1], february)).unwrap();
    let claims = &diff.tables["claims"];
    assert_eq!((claims.changed, claims.removed, claims.added), (0, 1, 1));
    assert_eq!(diff.causes[0].1, "engine");
    drop(books);
    let (one, other) = (one.to_str().unwrap(), other.to_str().unwrap());
    assert_eq!(run(&["book", "diff", one, other]), 0);
    assert_eq!(run(&["--json", "book", "diff", &format!("{other}:2026-01"), &format!("{other}:2026-02")]), 0);
    assert_eq!(run(&["book", "diff", one, &format!("{other}:2026-02")]), 1, "the first has no February");
}
