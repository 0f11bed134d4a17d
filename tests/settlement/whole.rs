//! The whole job, by the program: the same claims in another order, read by one thread or by two, make the same bytes.
//!
//! `DIANZHI_CLAIMS=1000000 cargo test -p dianzhi-tests settlement::whole` runs it on a million claims.

use std::fs;
use std::path::{Path, PathBuf};

use dianzhi::frame::read_table;
use dianzhi::table::Table;
use dianzhi::table::cell::plain;
use rayon::ThreadPoolBuilder;
use rust_decimal::Decimal;

fn claims() -> u64 {
    std::env::var("DIANZHI_CLAIMS").map_or(3_000, |text| text.parse().unwrap())
}

fn run(threads: usize, words: &[&str]) {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let code = pool.install(|| dianzhi::cli::run(["dianzhi", "--json"].iter().chain(words)));
    assert_eq!(code, 0, "dianzhi {}", words.join(" "));
}

/// The period that `threads` make of a file or a folder.
fn settle(dir: &Path, name: &str, claims: &Path, threads: usize) -> PathBuf {
    settle_by(dir, name, claims, threads, &["demo", "--period", "2026-03"])
}

/// The same by a policy and a period.
fn settle_by(dir: &Path, name: &str, claims: &Path, threads: usize, policy: &[&str]) -> PathBuf {
    let book = dir.join(name);
    let (book_text, claims) = (book.to_str().unwrap(), claims.to_str().unwrap());
    let words = ["settle", "month", "--scheme", "demo", "--claims", claims, "--book", book_text, "--policy"];
    run(threads, &[&words, policy].concat());
    book.join("periods/2026-03")
}

/// Whether every table of a period has the same bytes as in another, but for the rejects, which name files and rows.
fn same_tables(one: &Path, other: &Path, why: &str) {
    let mut compared = 0;
    for file in fs::read_dir(one).unwrap() {
        let name = file.unwrap().file_name();
        let name = name.to_str().unwrap();
        if !["manifest.json", "rejects.parquet"].contains(&name) {
            assert!(fs::read(one.join(name)).unwrap() == fs::read(other.join(name)).unwrap(), "{name}: {why}");
            compared += 1;
        }
    }
    assert!(compared >= 6, "the tables of a month");
}

/// The rows of a file in another order.
fn shuffle(from: &Path, to: &Path) {
    let text = fs::read_to_string(from).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    let step = rows.len() / 3 + 1;
    rows.rotate_left(step);
    rows.chunks_mut(7).for_each(<[&str]>::reverse);
    rows.reverse();
    fs::write(to, [header, rows.join("\n").as_str()].join("\n") + "\n").unwrap();
}

fn money(table: &Table, column: &str) -> Decimal {
    let values = table.column(column).unwrap();
    (0..values.len())
        .map(|row| plain(values, row))
        .filter(|text| !text.is_empty())
        .map(|text| text.parse::<Decimal>().unwrap())
        .sum()
}

#[test]
fn rows_and_threads_change_no_byte_and_every_sum_is_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let (sorted, shuffled) = (dir.path().join("claims.csv"), dir.path().join("shuffled.csv"));
    let count = claims().to_string();
    run(2, &["synth", "--scheme", "demo", "--claims", &count, "--seed", "7", "--out", sorted.to_str().unwrap()]);
    shuffle(&sorted, &shuffled);
    let one = settle(dir.path(), "one", &sorted, 1);
    let two = settle(dir.path(), "two", &sorted, 2);
    let other = settle(dir.path(), "other", &shuffled, 2);
    for name in ["manifest.json", "rejects.parquet"] {
        assert!(fs::read(one.join(name)).unwrap() == fs::read(two.join(name)).unwrap(), "{name}: more threads");
    }
    same_tables(&one, &two, "another number of threads");
    same_tables(&one, &other, "another order of rows");
    let table = |name: &str| read_table(&one.join(name)).unwrap();
    let claims = money(&table("claims.parquet"), "due");
    assert!(claims > Decimal::ZERO);
    assert_eq!(claims, money(&table("institutions.parquet"), "due"), "Σ claims = Σ institutions");
    assert_eq!(claims, money(&table("pools.parquet"), "due"), "Σ claims = Σ pools");
}

/// Rows dealt out to many small files, so that each overlaps with all others.
fn deal(from: &Path, to: &Path, files: usize) {
    let text = fs::read_to_string(from).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    fs::create_dir(to).unwrap();
    for number in 0..files {
        let own: Vec<&str> = rows.lines().skip(number).step_by(files).collect();
        fs::write(to.join(format!("{number:02}.csv")), [header, own.join("\r\n").as_str()].join("\n")).unwrap();
    }
}

#[test]
fn formats_and_numbers_of_files_change_no_byte() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let (csv, parquet, dealt) = (path("claims.csv"), path("claims.parquet"), path("dealt"));
    let count = claims().to_string();
    for file in [&csv, &parquet] {
        let words = ["synth", "--scheme", "demo", "--claims", &count, "--seed", "7", "--bad-share", "0.05", "--out"];
        run(2, &[&words[..], &[file.to_str().unwrap()]].concat());
    }
    deal(&csv, &dealt, 40);
    let plain = ["demo", "--period", "2026-03"];
    let one = settle_by(dir.path(), "of_csv", &csv, 2, &plain);
    same_tables(&one, &settle_by(dir.path(), "of_parquet", &parquet, 1, &plain), "Parquet instead of CSV");
    same_tables(&one, &settle_by(dir.path(), "many", &dealt, 2, &plain), "many files that overlap");
    let audited = [&plain[..], &["--audit"]].concat();
    same_tables(&one, &settle_by(dir.path(), "audited", &parquet, 2, &audited), "with an audit");
}

/// A month goes through in chunks of 131,072 claims; the audit computes it in one.
#[test]
fn a_month_of_several_chunks_is_that_of_one() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("claims.parquet");
    let count = claims().max(270_000).to_string();
    run(2, &["synth", "--scheme", "demo", "--claims", &count, "--seed", "11", "--out", file.to_str().unwrap()]);
    let audited = settle_by(dir.path(), "book", &file, 2, &["demo", "--period", "2026-03", "--audit"]);
    let claims = read_table(&audited.join("claims.parquet")).unwrap();
    assert!(claims.rows() > 2 * 131_072, "{} rows", claims.rows());
    let institutions = read_table(&audited.join("institutions.parquet")).unwrap();
    assert_eq!(money(&claims, "due"), money(&institutions, "due"), "Σ claims = Σ institutions");
}
