//! `dianzhi settle month` from claims to statements, on the demonstration city.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dianzhi::explain::{Subject, claim, subject};
use dianzhi::ledger::{Book, Period, verify};
use dianzhi::money::Fen;
use dianzhi::problem::Lang;
use dianzhi::table::cell::plain;
use dianzhi::table::sums::control_sums;
use dianzhi_tests::{child, orders};

fn run(words: &[&str]) -> i32 {
    dianzhi::cli::run(std::iter::once(&"dianzhi").chain(words))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Claims of a month, made by the program.
fn claims(dir: &Path, count: &str, month: &str, seed: &str) -> PathBuf {
    let file = dir.join(format!("claims-{month}-{seed}.csv"));
    let words =
        ["synth", "--claims", count, "--scheme", "demo", "--seed", seed, "--period", month, "--out", text(&file)];
    assert_eq!(run(&words), 0);
    file
}

fn settle(book: &Path, month: &str, files: &[&Path]) -> i32 {
    let mut words =
        vec!["settle", "month", "--scheme", "demo", "--policy", "demo", "--period", month, "--book", text(book)];
    words.push("--claims");
    words.extend(files.iter().map(|file| text(file)));
    run(&words)
}

fn hash(book: &Path) -> String {
    Book::open(book).unwrap().info(march()).unwrap().manifest_sha256
}

fn march() -> Period {
    "2026-03".parse().unwrap()
}

#[test]
fn the_demonstration_runs_and_its_book_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(run(&["demo", "--out", text(dir.path())]), 0);
    assert_eq!(run(&["--lang", "en", "demo", "--out", text(dir.path())]), 0, "again, over the first");
    let path = dir.path().join("book");
    assert_eq!(verify(&path, None).unwrap().periods, 1);
    let book = Book::open(&path).unwrap();
    let sums = |table: &str| control_sums(&book.table(march(), table).unwrap()).unwrap();
    assert_eq!(sums("claims")["due"], sums("institutions")["due"]);
    assert_eq!(sums("claims")["due"], sums("pools")["due"]);
    let totals = &book.manifest(march()).unwrap().runs["month"].totals;
    let count = |part: &str| totals[&format!("claims_{part}")].parse::<i64>().unwrap();
    let bills = |part: &str| totals[&format!("medfee_{part}")].parse::<Fen>().unwrap().0;
    let parts = ["rejected", "left_out", "excluded", "unpaid", "paid"];
    assert_eq!(count("in"), 10_000);
    assert_eq!(count("in"), parts.map(count).iter().sum::<i64>());
    assert_eq!(bills("in"), parts.map(bills).iter().sum::<i64>());
    for file in ["month.txt", "month.xlsx", "institution_H99010100001.txt", "consortium_演示东河县医共体.xlsx"]
    {
        assert!(dir.path().join("statements").join(file).is_file(), "{file}");
    }
}

#[test]
fn demo_is_what_comes_with_the_program_whatever_lies_in_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("demo")).unwrap();
    let here =
        child("book::month::in_a_folder_with_a_demo", text(dir.path())).current_dir(dir.path()).output().unwrap();
    assert!(here.status.success(), "{}", String::from_utf8_lossy(&here.stderr));
    assert_eq!(verify(&dir.path().join("out/book"), None).unwrap().periods, 1);
}

/// In the child, which works in a folder that has a folder `demo`.
#[test]
fn in_a_folder_with_a_demo() {
    if orders().is_some() {
        assert_eq!(run(&["demo", "--out", "out"]), 0);
    }
}

#[test]
fn every_claim_institution_consortium_and_pool_can_be_explained() {
    let dir = tempfile::tempdir().unwrap();
    let file = claims(dir.path(), "400", "2026-03", "7");
    let path = dir.path().join("book");
    assert_eq!(settle(&path, "2026-03", &[&file]), 0);
    let book = Book::open(&path).unwrap();
    let table = book.table(march(), "claims").unwrap();
    let cell = |column: &str, row| plain(table.column(column).unwrap(), row);
    for row in (0..table.rows()).step_by(13) {
        let explained = claim(&book, &cell("setl_id", row), None, Lang::Zh).unwrap();
        assert!(explained.grouping.contains(&cell("drg", row)), "the trace names the group");
        let last = explained.steps.last().unwrap();
        if cell("state", row) == "paid" {
            assert_eq!(last.value.replace(',', ""), cell("due", row));
            assert!(explained.steps.iter().filter(|step| step.rules.is_empty()).count() <= 1, "{explained:?}");
        }
        let english = claim(&book, &cell("setl_id", row), Some(march()), Lang::En).unwrap().render(Lang::En);
        assert!(english.contains("due = "));
    }
    let institutions = book.table(march(), "institutions").unwrap();
    for (of, table, column) in [
        (Subject::Institution, &institutions, "fixmedins_code"),
        (Subject::Consortium, &book.table(march(), "consortia").unwrap(), "consortium"),
        (Subject::Pool, &book.table(march(), "pools").unwrap(), "insutype"),
    ] {
        for name in table.rows_by(column).keys() {
            let explained = subject(&book, of, name, None, Lang::Zh).unwrap();
            assert!(!explained.steps.is_empty() && explained.steps.iter().all(|step| !step.rules.is_empty()), "{name}");
        }
    }
    assert!(claim(&book, "nobody", None, Lang::Zh).is_err_and(|problems| problems.0[0].entry.code == "B019"));
    assert!(subject(&book, Subject::Pool, "999", None, Lang::Zh).is_err());
    let words = ["explain", "institution", "H99010100001", "--book", text(&path)];
    assert_eq!(run(&words), 0);
    assert_eq!(run(&["--json", "explain", "claim", &cell("setl_id", 0), "--book", text(&path)]), 0);
}

#[test]
fn the_order_of_rows_and_files_changes_no_table() {
    let dir = tempfile::tempdir().unwrap();
    let file = claims(dir.path(), "600", "2026-03", "3");
    let whole = fs::read_to_string(&file).unwrap();
    let (head, rows) = whole.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    let parts = rows.split_at(200);
    let files = [dir.path().join("b.csv"), dir.path().join("a.csv")];
    fs::write(&files[0], format!("{head}\n{}\n", parts.0.join("\n"))).unwrap();
    fs::write(&files[1], format!("{head}\n{}\n", parts.1.join("\n"))).unwrap();
    let (one, other) = (dir.path().join("one"), dir.path().join("other"));
    assert_eq!(settle(&one, "2026-03", &[&file]), 0);
    assert_eq!(settle(&other, "2026-03", &[&files[0], &files[1]]), 0);
    for table in ["claims", "stays", "institutions", "pools", "consortia", "entries", "placeholders", "rules"] {
        let bytes = |book: &Path| fs::read(book.join(format!("periods/2026-03/{table}.parquet"))).unwrap();
        assert!(bytes(&one) == bytes(&other), "{table}");
    }
    let sealed = hash(&other);
    assert_eq!(settle(&other, "2026-03", &[&files[1], &files[0]]), 0);
    assert_eq!(hash(&other), sealed, "files in another order are the same inputs");
}

#[test]
fn the_same_inputs_elsewhere_give_the_same_manifest() {
    let dir = tempfile::tempdir().unwrap();
    let file = claims(dir.path(), "300", "2026-03", "5");
    let deep = dir.path().join("another/place");
    fs::create_dir_all(&deep).unwrap();
    let copy = deep.join(file.file_name().unwrap());
    fs::copy(&file, &copy).unwrap();
    let (one, other) = (dir.path().join("one"), deep.join("book"));
    assert_eq!(settle(&one, "2026-03", &[&file]), 0);
    assert_eq!(settle(&other, "2026-03", &[&copy]), 0);
    assert_eq!(hash(&one), hash(&other));
    let names: Vec<_> = fs::read_dir(one.join("periods/2026-03")).unwrap().map(|e| e.unwrap().file_name()).collect();
    for name in names {
        let bytes = |book: &Path| fs::read(book.join("periods/2026-03").join(&name)).unwrap();
        assert!(bytes(&one) == bytes(&other), "{name:?}");
    }
}

#[test]
fn a_closed_month_refuses_and_a_claim_is_paid_once() {
    let dir = tempfile::tempdir().unwrap();
    let (march_claims, april_claims) =
        (claims(dir.path(), "300", "2026-03", "1"), claims(dir.path(), "300", "2026-04", "1"));
    let book = dir.path().join("book");
    let policy = a_policy(dir.path());
    let settle = |month: &str, files: &[&Path]| {
        let mut words = vec!["settle", "month", "--scheme", "demo", "--policy", text(&policy), "--period", month];
        words.extend(["--book", text(&book), "--claims"]);
        words.extend(files.iter().map(|file| text(file)));
        run(&words)
    };
    assert_eq!(settle("2026-03", &[&march_claims]), 0);
    assert_eq!(run(&["book", "close", text(&book), "--period", "2026-03"]), 0);
    assert_eq!(settle("2026-03", &[&march_claims]), 1, "closed");
    assert_eq!(settle("2026-04", &[&april_claims, &march_claims]), 0);
    let opened = Book::open(&book).unwrap();
    let april: Period = "2026-04".parse().unwrap();
    let ids = |period| -> BTreeMap<String, String> {
        let table = opened.table(period, "claims").unwrap();
        let cell = |column: &str, row| plain(table.column(column).unwrap(), row);
        (0..table.rows()).map(|row| (cell("setl_id", row), cell("state", row))).collect()
    };
    let (before, after) = (ids(march()), ids(april));
    assert!(before.iter().filter(|(_, state)| *state != "excluded").all(|(id, _)| !after.contains_key(id)));
    let rejects = opened.table(april, "rejects").unwrap();
    assert_eq!(rejects.find("code", "B018").len(), before.values().filter(|state| *state != "excluded").count());
    drop(opened);
    verify(&book, None).unwrap();
}

/// A policy that needs no budget table.
fn a_policy(dir: &Path) -> PathBuf {
    let path = dir.join("policy.toml");
    let pack = "id = \"test\"\ntitle = \"test\"\nplace = \"test\"\nvalid_from = 2024-01-01\nextends = \"base\"\n\
        [rules.coefficient]\nkind = \"coefficient.fixed\"\nvalue = 1\nplaceholder = \"test\"\n";
    fs::write(&path, pack).unwrap();
    path
}

#[test]
fn what_is_refused_leaves_no_period() {
    let dir = tempfile::tempdir().unwrap();
    let file = claims(dir.path(), "50", "2026-05", "1");
    let book = dir.path().join("book");
    assert_eq!(settle(&book, "2026-05", &[&file]), 1, "the demonstration city has no budget for May");
    assert_eq!(settle(&book, "2026-05", &[&dir.path().join("nothing.csv")]), 1);
    assert_eq!(settle(&book, "2026", &[&file]), 2, "a year is no month");
    assert_eq!(Book::open(&book).unwrap().periods().count(), 0);
    assert!(!book.join(".dianzhi/next").exists());
}
