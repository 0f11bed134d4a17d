//! The record of a year that is read back from its months: every figure of it altered, and told.

use std::collections::BTreeMap;
use std::path::Path;

use dianzhi::audit::record;
use dianzhi::job::{Packs, Scheme, YEAR, settle_year};
use dianzhi::ledger::{Book, Period, Writer};
use dianzhi::table::Table;
use dianzhi::table::cell::plain;

use super::altered::altered;
use super::years::{city, claims, run, text};

fn settle(dir: &Path, policy: &Path, month: &str, more: &[&str]) {
    let (book, file) = (dir.join("book"), claims(dir, "60", month));
    let words = ["settle", "month", "--scheme", "demo", "--period", month, "--policy", text(policy)];
    let words = [&words[..], &["--book", text(&book), "--claims", text(&file), "--audit"], more].concat();
    assert_eq!(run(&words), 0, "{month}");
}

fn cell(table: &Table, column: &str, row: usize) -> String {
    plain(table.column(column).unwrap(), row)
}

/// Two months, the second reversing a claim of the first, and their year; then the record against altered tables.
#[test]
fn any_figure_read_back_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let policy = city(dir);
    let book = dir.join("book");
    settle(dir, &policy, "2026-01", &[]);
    let january: Period = "2026-01".parse().unwrap();
    let settled = Book::open(&book).unwrap().table(january, "claims").unwrap();
    let row = (0..settled.rows()).find(|row| cell(&settled, "state", *row) == "paid").unwrap();
    let corrections = dir.join("corrections.csv");
    let line = format!("{},,reverse,,重复住院,稽核通知\n", cell(&settled, "setl_id", row));
    std::fs::write(&corrections, format!("setl_id,period,action,drg,reason,document\n{line}")).unwrap();
    settle(dir, &policy, "2026-02", &["--corrections", text(&corrections)]);
    let words = ["settle", "year", "--policy", text(&policy), "--year", "2026", "--book", text(&book), "--audit"];
    assert_eq!(run(&words), 0);
    let mut writer = Writer::open(&book).unwrap();
    let (scheme, _) = Scheme::read(Path::new("demo")).unwrap();
    let (packs, _) = Packs::read(&policy, &scheme).unwrap();
    let year: Period = "2026".parse().unwrap();
    let again = settle_year(writer.draft(year, YEAR).unwrap(), &packs, true, BTreeMap::new()).unwrap();
    drop(writer);
    let months: Vec<String> =
        again.warnings.0.iter().filter(|p| p.entry.code == "B039").map(ToString::to_string).collect();
    assert!(
        months.len() == 1 && months[0].contains("2026-03, 2026-04") && !months[0].contains("2026-02"),
        "{months:?}"
    );
    let book = Book::open(&book).unwrap();
    let names = ["claims", "institutions", "corrections"];
    let tables: BTreeMap<String, Table> =
        names.into_iter().map(|name| (name.to_owned(), book.table(year, name).unwrap())).collect();
    assert!(record(&book, year, &packs.set, &tables).unwrap().figures > 1_000);
    let read_back = [
        ("claims", "points"),
        ("claims", "monthly_due"),
        ("claims", "corrections"),
        ("claims", "medfee_sumamt"),
        ("claims", "hifp_pay"),
        ("claims", "by_amount"),
        ("claims", "outside_budget"),
        ("institutions", "prepaid"),
        ("institutions", "deposit"),
        ("institutions", "monthly_due"),
        ("institutions", "corrections"),
        ("institutions", "net_due"),
        ("corrections", "points"),
        ("corrections", "amount"),
    ];
    for (name, column) in read_back {
        let mut changed = tables.clone();
        let own = changed.get_mut(name).unwrap().columns.iter_mut().find(|own| own.name == column).unwrap();
        own.values = altered(&own.values, 0).unwrap();
        let told = record(&book, year, &packs.set, &changed).expect_err(column);
        assert_eq!((told.0.len(), told.0[0].entry.code), (1, "V001"), "{name}.{column}: {told}");
    }
    // A case lost on the way, and a correction.
    for name in ["claims", "corrections"] {
        let mut changed = tables.clone();
        let all: Vec<usize> = (1..tables[name].rows()).collect();
        changed.insert(name.to_owned(), tables[name].take(&all));
        assert!(record(&book, year, &packs.set, &changed).is_err(), "{name}");
    }
}
