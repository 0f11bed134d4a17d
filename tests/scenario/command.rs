//! `dianzhi scenario` over a book and over files.

use std::fs;
use std::path::{Path, PathBuf};

use dianzhi::job::StudyFile;
use dianzhi::table::Table;
use dianzhi::table::cell::plain;

fn run(words: &[&str]) -> i32 {
    dianzhi::cli::run(std::iter::once(&"dianzhi").chain(words))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A month of the demonstration city, settled into `book`.
pub fn settled(dir: &Path, claims: &str) -> PathBuf {
    let file = dir.join("claims.csv");
    let words = ["synth", "--claims", claims, "--scheme", "demo", "--seed", "7", "--period", "2026-03", "--out"];
    assert_eq!(run(&[&words[..], &[text(&file)]].concat()), 0);
    let book = dir.join("book");
    let words = ["settle", "month", "--scheme", "demo", "--policy", "demo", "--period", "2026-03", "--book"];
    assert_eq!(run(&[&words[..], &[text(&book), "--claims", text(&file)]].concat()), 0);
    file
}

pub fn write(dir: &Path, body: &str) -> PathBuf {
    let file = dir.join("s.toml");
    fs::write(&file, body).unwrap();
    file
}

pub fn table<'t>(tables: &'t [(&'static str, Table)], name: &str) -> &'t Table {
    &tables.iter().find(|(own, _)| *own == name).unwrap().1
}

const TWO: &str = r#"
[[scenario]]
name = "预算增 5%"
times = { "rules.budget.table[*].fund_budget" = 1.05 }
[[scenario]]
name = "高倍率界限收紧"
times = { "rules.high_line.bands[*].ratio" = 0.9 }
"#;

#[test]
fn a_book_and_its_claims_are_the_same_baseline() {
    let dir = tempfile::tempdir().unwrap();
    settled(dir.path(), "1500");
    let of_book = format!("[baseline]\nbook = \"book\"\nperiod = \"2026-03\"\n{TWO}");
    let of_claims = format!(
        "[baseline]\nscheme = \"demo\"\npolicy = \"demo\"\nclaims = [\"claims.csv\"]\nperiod = \"2026-03\"\n{TWO}"
    );
    let tables = [of_book, of_claims].map(|body| {
        let file = write(dir.path(), &body);
        StudyFile::read(&file).unwrap().run(&|_| ()).unwrap_or_else(|p| panic!("{p}")).tables
    });
    let [book, claims] = tables.each_ref().map(|tables| {
        let amounts = table(tables, "amounts");
        let cell = |name: &str, row| plain(amounts.column(name).unwrap(), row);
        (0..amounts.rows())
            .map(|row| ["scenario", "kind", "subject", "part", "measure", "baseline", "value"].map(|c| cell(c, row)))
            .collect::<Vec<_>>()
    });
    assert_eq!(book, claims);
    assert!(book.iter().any(|row| row[5] != row[6]));
}

#[test]
fn results_are_written_as_files_or_as_a_workbook() {
    let dir = tempfile::tempdir().unwrap();
    settled(dir.path(), "400");
    let file = write(dir.path(), &format!("[baseline]\nbook = \"book\"\nperiod = \"2026-03\"\n{TWO}"));
    assert_eq!(run(&["scenario", "check", text(&file)]), 0);
    let out = dir.path().join("out");
    assert_eq!(run(&["scenario", "run", text(&file), "-o", text(&out)]), 0);
    assert_eq!(run(&["--json", "scenario", text(&file), "--out", text(&out)]), 0);
    for name in ["scenarios", "amounts", "numbers"] {
        assert!(out.join(format!("{name}.csv")).is_file() && out.join(format!("{name}.parquet")).is_file(), "{name}");
    }
    let workbook = dir.path().join("x.xlsx");
    assert_eq!(run(&["--lang", "en", "scenario", "run", text(&file), "-o", text(&workbook)]), 0);
    let first = fs::read(&workbook).unwrap();
    assert_eq!(run(&["--lang", "en", "scenario", "run", text(&file), "-o", text(&workbook)]), 0);
    assert!(first == fs::read(&workbook).unwrap(), "no clock in a workbook");
}

#[test]
fn what_a_baseline_lacks_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let code = |body: &str| {
        let file = write(dir.path(), body);
        let found = StudyFile::read(&file).and_then(|study| study.run(&|_| ()));
        found.map(|_| "").unwrap_or_else(|problems| problems.0[0].entry.code)
    };
    let scenario = "[[scenario]]\nname = \"a\"\nset = { \"rules.prepay.share\" = 0.9 }\n";
    assert_eq!(code(&format!("[baseline]\nscheme = \"demo\"\npolicy = \"demo\"\n{scenario}")), "X001");
    assert_eq!(code(&format!("[baseline]\nperiod = \"2026-3\"\n{scenario}")), "X010");
    assert_eq!(code("[baseline]\nbook = \"b\"\n"), "X002");
    settled(dir.path(), "200");
    // Another policy than the book's is another baseline, and not compared with the book.
    let body = format!("[baseline]\nbook = \"book\"\nperiod = \"2026-03\"\npolicy = \"demo\"\n{scenario}");
    assert_eq!(code(&body), "");
}
