//! `dianzhi scenario` over a book and over files.

use std::fs;
use std::path::{Path, PathBuf};

use dianzhi::job::StudyFile;
use dianzhi::table::Table;
use dianzhi::table::cell::plain;

use crate::book::city::City;

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

/// A case of the first month goes into another group in the second: priced again, the year is not what the book has.
#[test]
fn a_year_whose_cases_were_corrected_moves_only_after_prices() {
    let city = City::new("base", "");
    let files = ["2026-03", "2026-04"].map(|month| city.synth(month, 60));
    assert_eq!(city.settle("2026-03", &files[..1]), 0);
    let claims = city.open().table("2026-03".parse().unwrap(), "claims").unwrap();
    let cell = |name: &str, row| plain(claims.column(name).unwrap(), row);
    let grouped: Vec<usize> = (0..claims.rows()).filter(|row| cell("status", *row) == "grouped").collect();
    let (one, drg) = (grouped[0], cell("drg", grouped[0]));
    let other = grouped.iter().map(|row| cell("drg", *row)).find(|other| *other != drg).unwrap();
    let order = format!("{},,改组,{other},主要诊断选择错误,申诉决定 2026-7\n", cell("setl_id", one));
    assert_eq!(city.settle_by("policy.toml", "2026-04", &files[1..], Some(&order)), 0);
    let code = |change: &str| {
        let head = "[baseline]\nbook = \"book\"\nperiod = \"2026\"\n[[scenario]]\nname = \"a\"\n";
        let file = write(city.dir.path(), &format!("{head}{change}\n"));
        let found = StudyFile::read(&file).and_then(|study| study.run(&|_| ()));
        found.map(|_| "").unwrap_or_else(|problems| problems.0[0].entry.code)
    };
    assert_eq!(code("times = { \"rules.high_line.bands[*].ratio\" = 0.9 }"), "X017");
    assert_eq!(code("times = { \"rules.budget.table[*].fund_budget\" = 1.1 }"), "");
}
