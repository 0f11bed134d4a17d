//! Accounts from files: what is noted, what is null, and the year of the book.

use std::fs;
use std::path::Path;

use dianzhi::awards::Level;
use dianzhi::fiscal::{Standing, check, floor_codes, floor_table};
use dianzhi::job::{FloorFiles, FloorPack, fiscal_summary};
use dianzhi::ledger::Book;
use dianzhi::problem::Lang;
use dianzhi::report::text;
use dianzhi::table::cell::plain;

use super::support::{policy, year};

fn read(dir: &Path, table: &str) -> Result<FloorFiles, Vec<String>> {
    fs::write(dir.join("accounts.csv"), table).unwrap();
    let pack = FloorPack::read(Path::new("bazhong_fiscal"), &[]).unwrap();
    let read = FloorFiles::read(&[dir.join("accounts.csv")], &pack.policy);
    read.map_err(|problems| problems.0.iter().map(|p| format!("{} {}", p.entry.code, p.place)).collect())
}

/// 5.5 typed for 5.5 % would be 550 %: it is taken as written, and noted.
#[test]
fn a_rate_above_one_is_noted() {
    let dir = tempfile::tempdir().unwrap();
    let with = |rate: &str| format!("政府,年度,经济增长率\n通江县,2025,{rate}\n");
    for (rate, noted) in
        [("5.5", true), ("-1.2", true), ("550%", true), ("5.5%", false), ("0.055", false), ("1", false)]
    {
        let found = read(dir.path(), &with(rate)).unwrap().warnings;
        let told: Vec<String> = found.0.iter().map(|p| format!("{} {}", p.entry.code, p.place)).collect();
        let expected = if noted { vec!["K023 accounts.csv:2 [经济增长率]"] } else { vec![] };
        assert_eq!(told, expected, "{rate}");
    }
    let warning = &read(dir.path(), &with("5.5")).unwrap().warnings.0[0];
    assert!(warning.message(Lang::Zh).contains("550%"), "{}", warning.message(Lang::Zh));
}

/// New capacity can fall, other amounts cannot be negative.
#[test]
fn only_a_signed_account_takes_a_negative_amount() {
    let dir = tempfile::tempdir().unwrap();
    assert!(read(dir.path(), "政府,年度,新增财力\n通江县,2025,-100\n").is_ok());
    let refused = read(dir.path(), "政府,年度,一般公共预算支出\n通江县,2025,-100\n").unwrap_err();
    assert_eq!(refused, ["K011 accounts.csv:2 [一般公共预算支出]"]);
}

/// What is not known is null in every figure, and programs get codes in every language.
#[test]
fn unknown_floors_have_no_figures() {
    let years = [year("通江县", 2025, &[("renewal_fund", "4000000")])];
    let lines = check(&policy(&[]), &years).unwrap();
    let at = |floor: &str| lines.iter().position(|line| line.floor == floor).unwrap();
    let cells = |lang, row: usize| {
        let table = floor_table(&lines, lang);
        ["standing", "required", "gap", "surplus", "cost"].map(|name| plain(table.column(name).unwrap(), row))
    };
    assert_eq!(cells(Lang::Zh, at("B14-1")), ["缺数据", "", "", "", ""]);
    assert_eq!(cells(Lang::Zh, at("B14-7")), ["未达标", "5000000.00", "1000000.00", "0.00", "1000000.00"]);
    for lang in [Lang::Zh, Lang::En] {
        let codes = floor_codes(&lines, lang);
        let cell = |name: &str| plain(codes.column(name).unwrap(), at("B14-7"));
        assert_eq!([cell("standing"), cell("level")], [Standing::Short.code(), Level::County.code()]);
    }
}

/// Accounts of one year name the year of the book; those of two do not. The year is shown by governments, not claims.
#[test]
fn the_year_of_the_book_follows_the_accounts() {
    let dir = tempfile::tempdir().unwrap();
    let (accounts, book) = (dir.path().join("accounts.csv"), dir.path().join("book"));
    let run = |table: &str, words: &[&str]| {
        fs::write(&accounts, table).unwrap();
        let all = ["dianzhi", "fiscal", accounts.to_str().unwrap(), "--book", book.to_str().unwrap()];
        dianzhi::cli::run(all.iter().chain(words))
    };
    let one = "政府,年度,乡村机构改造提升专项\n通江县,2025,4000000\n";
    let two = format!("{one}通江县,2026,5000000\n");
    assert_eq!(run(&two, &[]), 1, "A040");
    assert!(!book.join("periods").join("2026").exists());
    assert_eq!(run(one, &[]), 0);
    assert_eq!(run(&two, &["--period", "2026"]), 0);
    let opened = Book::open(&book).unwrap();
    let shown = text::render(&fiscal_summary(&opened, "2025".parse().unwrap(), Lang::Zh).unwrap(), Lang::Zh);
    for part in ["通江县", "B14-7", "1,000,000.00", "2025"] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
    let path = book.to_str().unwrap();
    assert_eq!(dianzhi::cli::run(["dianzhi", "book", "show", path, "--period", "2025"]), 0);
    assert_eq!(dianzhi::cli::run(["dianzhi", "--json", "book", "show", path, "--period", "2026"]), 0);
    assert_eq!(dianzhi::cli::run(["dianzhi", "book", "list", path]), 0);
}
