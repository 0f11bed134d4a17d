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

/// The period that `threads` make of a file.
fn settle(dir: &Path, name: &str, claims: &Path, threads: usize) -> PathBuf {
    let book = dir.join(name);
    let (book_text, claims) = (book.to_str().unwrap(), claims.to_str().unwrap());
    run(
        threads,
        &[
            "settle", "month", "--scheme", "demo", "--policy", "demo", "--claims", claims, "--period", "2026-03",
            "--book", book_text,
        ],
    );
    book.join("periods/2026-03")
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
    let mut compared = 0;
    for file in fs::read_dir(&one).unwrap() {
        let name = file.unwrap().file_name();
        let name = name.to_str().unwrap();
        let bytes = fs::read(one.join(name)).unwrap();
        // Of the bytes read, only the manifest tells; rejects name rows.
        let of_the_file = ["manifest.json", "rejects.parquet"].contains(&name);
        assert!(bytes == fs::read(two.join(name)).unwrap(), "{name}: another number of threads");
        assert!(of_the_file || bytes == fs::read(other.join(name)).unwrap(), "{name}: another order of rows");
        compared += usize::from(!of_the_file);
    }
    assert!(compared >= 6, "the tables of a month");
    let table = |name: &str| read_table(&one.join(name)).unwrap();
    let claims = money(&table("claims.parquet"), "due");
    assert!(claims > Decimal::ZERO);
    assert_eq!(claims, money(&table("institutions.parquet"), "due"), "Σ claims = Σ institutions");
    assert_eq!(claims, money(&table("pools.parquet"), "due"), "Σ claims = Σ pools");
}
