//! Recognised exams turned into points: the book of a city that settles, recognises, takes back and clears.

use std::fs;
use std::path::Path;

use dianzhi::explain::{Subject, recognition as explain, subject};
use dianzhi::ledger::{Book, verify};
use dianzhi::problem::Lang;
use dianzhi::table::Table;
use dianzhi::table::cell::plain;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{cells, recognise, run, table, text, world};

/// The files of the document, with exams booked as points at 50 yuan; the demonstration city with H1 and H2 in its
/// register and a budget for the year.
fn city(dir: &Path) {
    world(dir);
    let pack = fs::read_to_string(dir.join("city.toml")).unwrap();
    let booking = "\n[rules.recognition_booking]\nkind = \"recognition_booking.points\"\nvalue = 50\n\
                   placeholder = \"50 yuan a point\"\n";
    fs::write(dir.join("city.toml"), pack + booking).unwrap();
    let demo = dianzhi_tests::root().join("fixtures/demo_city");
    let read = |name: &str| fs::read_to_string(demo.join(name)).unwrap();
    let settling = dir.join("settling");
    fs::create_dir(&settling).unwrap();
    let register =
        read("institutions.csv") + "H1,甲院,三级,演示市城关区,,\nH2,乙院,二级,演示市城关区,演示城市医疗集团,\n";
    fs::write(settling.join("institutions.csv"), register).unwrap();
    fs::write(settling.join("budgets.csv"), read("budgets.csv").replace("2026-03,", "2026,")).unwrap();
    fs::write(settling.join("policy.toml"), read("policy.toml")).unwrap();
}

fn settle(dir: &Path, month: &str) -> i32 {
    let (claims, policy, book) =
        (dir.join(format!("{month}.parquet")), dir.join("settling/policy.toml"), dir.join("book"));
    if !claims.exists() {
        let words = ["synth", "--claims", "200", "--scheme", "demo", "--seed", "3", "--period", month];
        assert_eq!(run(&[&words[..], &["--out", text(&claims)]].concat()), 0);
    }
    let words = ["settle", "month", "--scheme", "demo", "--period", month, "--audit", "--claims", text(&claims)];
    run(&[&words[..], &["--policy", text(&policy), "--book", text(&book)]].concat())
}

fn clear(dir: &Path) -> i32 {
    let (policy, book) = (dir.join("settling/policy.toml"), dir.join("book"));
    run(&["settle", "year", "--year", "2026", "--audit", "--policy", text(&policy), "--book", text(&book)])
}

fn sum(table: &Table, column: &str) -> Decimal {
    let values = table.column(column).unwrap();
    (0..table.rows()).map(|row| plain(values, row).parse::<Decimal>().unwrap()).sum()
}

/// Every line is points × value to the fen; claims and lines are what institutions and pools are due.
fn whole(dir: &Path, period: &str) {
    let lines = table(dir, period, "recognition_points");
    for row in 0..lines.rows() {
        let number =
            |name: &str| plain(lines.column(name).unwrap(), row).parse::<Decimal>().unwrap_or_else(|e| panic!("{e}"));
        let due = (number("points") * number("point_value"))
            .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        assert_eq!(due, number("due"));
    }
    let due = sum(&table(dir, period, "claims"), "due") + sum(&lines, "due");
    for name in ["institutions", "pools"] {
        assert_eq!(sum(&table(dir, period, name), "due"), due, "{name}");
        assert_eq!(sum(&table(dir, period, name), "recognition_due"), sum(&lines, "due"), "{name}");
    }
    let points = sum(&table(dir, period, "claims"), "points") + sum(&lines, "points");
    assert_eq!(sum(&table(dir, period, "pools"), "points"), points);
}

fn codes(book: &Path) -> Vec<&'static str> {
    verify(book, None).map_or_else(|found| found.0.iter().map(|p| p.entry.code).collect(), |_| Vec::new())
}

/// R2: 120.01 ÷ 50 = 2.4002 points of H1 (310); R1: 100.00 ÷ 50 = 2 points of H2 (390), taken back in April.
#[test]
fn a_year_of_points_from_the_record_to_the_clearing() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    city(dir);
    let book = dir.join("book");
    assert_eq!(recognise(dir, "2026-03", &["records.csv"], &[]), 0);
    assert_eq!(settle(dir, "2026-03"), 0);
    whole(dir, "2026-03");
    let shown = ["fixmedins_code", "insutype", "period", "records", "points", "consortium", "pack", "rule"];
    let lines = cells(&table(dir, "2026-03", "recognition_points"), &shown);
    let rule = "city-recognition recognition_booking";
    assert_eq!(
        lines,
        [format!("H1 310 2026-03 1 2.4002  {rule}"), format!("H2 390 2026-03 1 2.0000 演示城市医疗集团 {rule}")]
    );
    assert_eq!(recognise(dir, "2026-04", &["records.csv"], &["tests.csv"]), 0);
    assert_eq!(settle(dir, "2026-04"), 0);
    whole(dir, "2026-04");
    let back = cells(&table(dir, "2026-04", "recognition_points"), &shown[..5]);
    assert_eq!(back, ["H2 390 2026-04 -1 -2.0000"]);
    assert_eq!(clear(dir), 0);
    whole(dir, "2026");
    let year = table(dir, "2026", "recognition_points");
    assert_eq!(
        cells(&year, &shown[..5]),
        ["H1 310 2026-03 1 2.4002", "H2 390 2026-03 1 2.0000", "H2 390 2026-04 -1 -2.0000"]
    );
    let monthly = sum(&table(dir, "2026-03", "recognition_points"), "due")
        + sum(&table(dir, "2026-04", "recognition_points"), "due");
    assert_eq!(sum(&year, "monthly_due"), monthly);
    let months =
        sum(&table(dir, "2026-03", "institutions"), "due") + sum(&table(dir, "2026-04", "institutions"), "due");
    assert_eq!(sum(&table(dir, "2026", "institutions"), "monthly_due"), months);
    assert_eq!(codes(&book), [""; 0]);
    told(&book);
}

/// What explanations and statements say.
fn told(path: &Path) {
    let book = Book::open(path).unwrap();
    let march = "2026-03".parse().unwrap();
    let told = subject(&book, Subject::Institution, "H1", Some(march), Lang::En).unwrap();
    let step = told.steps.iter().find(|step| step.what.contains("paid for points of recognised exams")).unwrap();
    assert_eq!(step.rules[0].kind, "recognition_booking.points");
    assert!(step.numbers.iter().any(|(name, value)| name == "points" && value == "2.4002"), "{:?}", step.numbers);
    assert!(told.render(Lang::Zh).contains("2.4002"));
    let record = explain(&book, "R2", None, Lang::En).unwrap();
    let paid = record.steps.iter().find(|step| step.what.contains("to the recogniser")).unwrap();
    assert!(paid.numbers.iter().any(|(name, _)| name == "point value of the month"), "{:?}", paid.numbers);
    let folder = path.parent().unwrap().join("statements");
    let words = ["--lang", "en", "book", "statements", text(path), "--period", "2026", "--out", text(&folder)];
    assert_eq!(run(&words), 0);
    let statement = fs::read_to_string(folder.join("institution_H1.txt")).unwrap();
    assert!(statement.contains("Points of recognised exams") && statement.contains("2.4002"), "{statement}");
}

/// Recognition of a month that was settled before it: the check of the book says so, and the month is not closed; the
/// clearing counts the points all the same.
#[test]
fn points_booked_after_their_month_was_settled() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    city(dir);
    let book = dir.join("book");
    assert_eq!(settle(dir, "2026-03"), 0);
    assert_eq!(recognise(dir, "2026-03", &["records.csv"], &[]), 0);
    assert_eq!(codes(&book), ["B038"]);
    assert_eq!(run(&["book", "close", text(&book), "--period", "2026-03"]), 1);
    assert_eq!(clear(dir), 0);
    let late = table(dir, "2026", "recognition_points");
    assert_eq!(cells(&late, &["fixmedins_code", "points", "monthly_due"]), ["H1 2.4002 0.00", "H2 2.0000 0.00"]);
    whole(dir, "2026");
    let cleared = sum(&table(dir, "2026", "institutions"), "due");
    // Settled again the month has them; the year comes to the same.
    assert_eq!(settle(dir, "2026-03"), 0);
    whole(dir, "2026-03");
    assert_eq!(clear(dir), 0);
    assert_eq!(sum(&table(dir, "2026", "institutions"), "due"), cleared);
    assert_eq!(codes(&book), [""; 0]);
    // Fewer records now: the month rests on what is gone.
    let records = fs::read_to_string(dir.join("records.csv")).unwrap();
    let fewer: Vec<&str> = records.lines().filter(|line| !line.starts_with("R2")).collect();
    fs::write(dir.join("fewer.csv"), fewer.join("\n") + "\n").unwrap();
    assert_eq!(recognise(dir, "2026-03", &["fewer.csv"], &[]), 0);
    assert!(codes(&book).contains(&"B038"), "{:?}", codes(&book));
}

#[test]
fn a_pack_by_rate_cannot_book_points() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    city(dir);
    let pack = fs::read_to_string(dir.join("city.toml")).unwrap();
    let rate = "\n[rules.method]\nkind = \"method.rate\"\nrates = { \"*\" = 9000 }\ndue = \"gross\"\n\
                placeholder = \"t\"\n";
    fs::write(dir.join("city.toml"), pack + rate).unwrap();
    assert_eq!(recognise(dir, "2026-03", &["records.csv"], &[]), 1);
}
