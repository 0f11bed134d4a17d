//! Whatever is changed behind the program's back is found.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::super::index::{Index, PeriodEntry};
use super::super::{Seal, Writer, verify};
use super::{a_run, failure, open, period, scratch, settle};

/// Two closed months and an open one.
fn three_months(dir: &Path) {
    let mut writer = open(dir);
    for month in ["2026-01", "2026-02", "2026-03"] {
        settle(&mut writer, month, month).unwrap();
    }
    writer.close(period("2026-01")).unwrap();
    writer.close(period("2026-02")).unwrap();
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = vec![dir.join("book.json")];
    for month in fs::read_dir(dir.join("periods")).unwrap() {
        found.extend(fs::read_dir(month.unwrap().path()).unwrap().map(|entry| entry.unwrap().path()));
    }
    found.extend(fs::read_dir(dir.join("sources")).unwrap().map(|entry| entry.unwrap().path()));
    found.sort();
    found
}

#[test]
fn any_changed_byte_is_found() {
    let dir = scratch();
    three_months(dir.path());
    let verified = verify(dir.path(), None).unwrap();
    assert_eq!((verified.periods, verified.closed, verified.files), (3, 2, 12));
    let mut tried = 0;
    for path in files(dir.path()) {
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= if at % 2 == 0 { 1 } else { 0x20 };
            fs::write(&path, &changed).unwrap();
            assert!(verify(dir.path(), None).is_err(), "{} byte {at}", path.display());
            tried += 1;
        }
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert!(verify(dir.path(), None).is_err(), "{} shortened", path.display());
        fs::write(&path, [whole.as_slice(), b"\n"].concat()).unwrap();
        assert!(verify(dir.path(), None).is_err(), "{} with a line more", path.display());
        fs::write(&path, whole).unwrap();
    }
    assert!(tried > 2000, "only {tried} bytes");
    verify(dir.path(), None).unwrap();
}

#[test]
fn a_missing_file_and_a_file_too_many_are_found() {
    let dir = scratch();
    three_months(dir.path());
    for path in files(dir.path()) {
        let whole = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let expected = if path.ends_with("book.json") { "B001" } else { "B022" };
        assert_eq!(failure(verify(dir.path(), None)), [expected], "without {}", path.display());
        fs::write(&path, whole).unwrap();
    }
    let extra = dir.path().join("periods/2026-02/extra.parquet");
    fs::write(&extra, "x").unwrap();
    assert_eq!(failure(verify(dir.path(), None)), ["B024"]);
    fs::remove_file(extra).unwrap();
    fs::create_dir(dir.path().join("periods/2026-04")).unwrap();
    assert_eq!(failure(verify(dir.path(), None)), ["B021"]);
    assert_eq!(failure(settle(&mut open(dir.path()), "2026-04", "x")), ["B021"]);
}

#[test]
fn a_list_written_by_another_hand_is_found() {
    let dir = scratch();
    three_months(dir.path());
    let path = dir.path().join("book.json");
    let list = fs::read_to_string(&path).unwrap();
    fs::write(&path, list.replace("  ", "\t")).unwrap();
    assert_eq!(failure(verify(dir.path(), None)), ["B025"]);
    fs::write(&path, list.replace("\"format\": 1", "\"format\": 2")).unwrap();
    assert_eq!(failure(verify(dir.path(), None)), ["B013"]);
}

#[test]
fn tables_that_do_not_add_up_are_found() {
    let dir = scratch();
    let mut writer = open(dir.path());
    let mut draft = writer.draft(period("2026-03"), "month").unwrap();
    for (table, due) in [("claims", "1.00"), ("institutions", "1.00"), ("pools", "1.01")] {
        let sums = BTreeMap::from([("due".to_owned(), due.to_owned())]);
        draft.add_file(table, 1, sums, |out| out.write_all(b"x")).unwrap();
    }
    draft.commit(a_run("x")).unwrap();
    assert_eq!(failure(writer.close(period("2026-03"))), ["B028"]);
    drop(writer);
    assert_eq!(failure(verify(dir.path(), None)), ["B028"]);
}

#[test]
fn a_deleted_month_is_found_open_or_closed_first_or_last() {
    for month in ["2026-01", "2026-02", "2026-03"] {
        let dir = scratch();
        three_months(dir.path());
        fs::remove_dir_all(dir.path().join("periods").join(month)).unwrap();
        assert_eq!(failure(verify(dir.path(), None)), ["B020"], "{month}");
    }
}

/// Rewrites `book.json` as the program would have written it.
fn forge(dir: &Path, change: impl FnOnce(&mut Vec<PeriodEntry>)) {
    let path = dir.join("book.json");
    let mut index: Index = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut index.periods);
    fs::write(&path, index.to_bytes()).unwrap();
}

#[test]
fn a_closed_month_deleted_from_the_list_too_is_found() {
    for (month, found_by) in [("2026-01", "B026"), ("2026-02", "B027")] {
        let dir = scratch();
        three_months(dir.path());
        let kept = verify(dir.path(), None).unwrap().head.unwrap();
        fs::remove_dir_all(dir.path().join("periods").join(month)).unwrap();
        forge(dir.path(), |periods| periods.retain(|entry| entry.period != period(month)));
        let found = failure(verify(dir.path(), Some(&kept.sha256)));
        assert!(found.contains(&"B008"), "the month after still names {month}: {found:?}");
        assert!(found.contains(&found_by), "{month}: {found:?}");
    }
}

#[test]
fn a_reopened_month_is_found_by_the_seal_kept_outside() {
    let dir = scratch();
    three_months(dir.path());
    let head = verify(dir.path(), None).unwrap().head.unwrap();
    assert!(verify(dir.path(), Some(&head.sha256)).is_ok());
    forge(dir.path(), |periods| periods[1].seal = None);
    assert_eq!(failure(verify(dir.path(), Some(&head.sha256))), ["B027"]);
}

#[test]
fn forged_seals_do_not_hold() {
    let dir = scratch();
    three_months(dir.path());
    let list = fs::read(dir.path().join("book.json")).unwrap();
    let forgeries: [fn(&mut Vec<PeriodEntry>); 4] = [
        |periods| periods[0].seal.as_mut().unwrap().number = 3,
        |periods| periods[0].seal = None,
        |periods| periods[1].seal = periods[0].seal.clone(),
        |periods| periods[2].seal = Some(Seal { number: 3, sha256: "0".repeat(64) }),
    ];
    for forgery in forgeries {
        forge(dir.path(), forgery);
        assert_eq!(failure(verify(dir.path(), None)), ["B026"]);
        assert_eq!(failure(Writer::open(dir.path())), ["B026"], "nothing is built on it");
        fs::write(dir.path().join("book.json"), &list).unwrap();
    }
}
