//! `dianzhi book …`

use std::collections::BTreeMap;
use std::path::Path;

use dianzhi::ledger::manifest::Run;
use dianzhi::ledger::{Kind, Writer};

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
