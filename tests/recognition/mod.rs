//! `dianzhi recognize` from outside.

mod points;

use std::fs;
use std::path::Path;

use dianzhi::explain::recognition as explain;
use dianzhi::job::recognition_lines;
use dianzhi::ledger::{Book, verify};
use dianzhi::problem::Lang;
use dianzhi::recognition::{PeriodLine, summed};
use dianzhi::table::Table;
use dianzhi::table::cell::plain;
use dianzhi_tests::files_of;

fn run(words: &[&str]) -> i32 {
    dianzhi::cli::run(std::iter::once(&"dianzhi").chain(words))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The files of the document.
fn world(dir: &Path) {
    for (name, content) in files_of("recognition.md") {
        fs::write(dir.join(name), content).unwrap();
    }
}

fn recognise(dir: &Path, period: &str, records: &[&str], tests: &[&str]) -> i32 {
    let (policy, book) = (dir.join("city.toml"), dir.join("book"));
    let mut words = vec!["--lang", "en", "recognize", "--policy", text(&policy), "--book", text(&book)];
    let paths = |names: &[&str]| names.iter().map(|name| dir.join(name)).collect::<Vec<_>>();
    let (records, tests) = (paths(records), paths(tests));
    words.extend(["--period", period, "--records"]);
    words.extend(records.iter().map(|path| text(path)));
    if !tests.is_empty() {
        words.push("--tests");
        words.extend(tests.iter().map(|path| text(path)));
    }
    run(&words)
}

fn table(dir: &Path, period: &str, name: &str) -> Table {
    Book::open(&dir.join("book")).unwrap().table(period.parse().unwrap(), name).unwrap()
}

/// Some columns of every row.
fn cells(table: &Table, columns: &[&str]) -> Vec<String> {
    let cell = |name: &str, row| plain(table.column(name).unwrap(), row);
    (0..table.rows()).map(|row| columns.iter().map(|name| cell(name, row)).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn the_example_of_the_document_to_the_fen() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    world(dir);
    assert_eq!(recognise(dir, "2026-03", &["records.csv"], &[]), 0);
    let records = cells(&table(dir, "2026-03", "recognition"), &["record_id", "state", "amount", "code"]);
    let expected = [
        "R2 paid 120.01 ",
        "R1 paid 100.00 ",
        "R5 refused 0.00 R114",
        "R6 refused 0.00 R104",
        "R4 refused 0.00 R112",
        "R3 refused 0.00 R119",
    ];
    assert_eq!(records, expected);
    let sums =
        cells(&table(dir, "2026-03", "recognition_institutions"), &["fixmedins_code", "insutype", "cases", "due"]);
    assert_eq!(sums, ["H1 310 1 120.01", "H2 390 1 100.00"]);
    let entries = table(dir, "2026-03", "recognition_entries");
    let booked = cells(&entries, &["subject", "account", "amount", "rule", "article"]);
    let article = "recognition_share 五（十六）坚持三医联动";
    assert_eq!(booked, [format!("H1 recognition 120.01 {article}"), format!("H2 recognition 100.00 {article}")]);
    let book = Book::open(&dir.join("book")).unwrap();
    let run = &book.manifest("2026-03".parse().unwrap()).unwrap().runs["recognition"];
    assert!(run.simulation, "the policy is a draft");
    assert_eq!((run.totals["records_in"].as_str(), run.totals["recognition_due"].as_str()), ("6", "220.01"));
    assert!(run.placeholders.iter().any(|line| line.contains("recognition_payee")), "{:?}", run.placeholders);
    assert!(!run.placeholders.iter().any(|line| line.contains("recognition_share")), "the share has a source");
    assert_eq!(verify(&dir.join("book"), None).unwrap().periods, 1);
}

#[test]
fn a_later_month_pays_nothing_twice_and_takes_back() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    world(dir);
    assert_eq!(recognise(dir, "2026-03", &["records.csv"], &[]), 0);
    assert_eq!(recognise(dir, "2026-04", &["records.csv"], &["tests.csv"]), 0);
    let april = table(dir, "2026-04", "recognition");
    let shown = cells(&april, &["record_id", "state", "amount", "code", "corrects"]);
    // R1 and R3: tested again. R2 is paid already: the test of P2 was done elsewhere.
    assert!(shown.contains(&"R2 refused 0.00 R117 ".to_owned()), "{shown:?}");
    assert!(shown.contains(&"R1 refused 0.00 R116 ".to_owned()), "{shown:?}");
    assert_eq!(shown.last().unwrap(), "R1 taken_back -100.00 R123 2026-03/R1");
    let booked = cells(&table(dir, "2026-04", "recognition_entries"), &["subject", "account", "amount"]);
    assert_eq!(booked, ["H2 recognition_taken_back -100.00"]);
    assert_eq!(recognise(dir, "2026-05", &["records.csv"], &["tests.csv"]), 0);
    let may = table(dir, "2026-05", "recognition");
    assert!(cells(&may, &["state"]).iter().all(|state| state == "refused"), "once only");
    let book = dir.join("book");
    assert_eq!(run(&["book", "close", text(&book), "--period", "2026-03"]), 0);
    assert_eq!(recognise(dir, "2026-03", &["records.csv"], &[]), 1, "closed");
    verify(&book, None).unwrap();
}

#[test]
fn order_of_rows_and_files_changes_no_byte_of_the_tables() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    world(dir);
    let content = fs::read_to_string(dir.join("records.csv")).unwrap();
    let (head, body) = content.split_once('\n').unwrap();
    let lines: Vec<&str> = body.lines().rev().collect();
    fs::write(dir.join("a.csv"), format!("{head}\n{}\n", lines[..2].join("\n"))).unwrap();
    fs::write(dir.join("b.csv"), format!("{head}\n{}\n", lines[2..].join("\n"))).unwrap();
    let mut seen = Vec::new();
    for files in [&["records.csv"][..], &["a.csv", "b.csv"], &["b.csv", "a.csv"]] {
        assert_eq!(recognise(dir, "2026-03", files, &[]), 0);
        let read = |name: &str| fs::read(dir.join(format!("book/periods/2026-03/{name}.parquet"))).unwrap();
        seen.push(["recognition", "recognition_institutions", "recognition_entries"].map(read));
    }
    assert!(seen[0] == seen[1] && seen[1] == seen[2]);
}

#[test]
fn rows_that_cannot_be_read_are_listed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    world(dir);
    let content = fs::read_to_string(dir.join("records.csv")).unwrap();
    let broken =
        content.replace("R4,P3", "R4,").replace("2026-03-20 09:00:00", "20 March").replace(",0,1\n", ",perhaps,1\n");
    fs::write(dir.join("broken.csv"), broken).unwrap();
    assert_eq!(recognise(dir, "2026-03", &["broken.csv"], &[]), 0);
    let rejects =
        cells(&table(dir, "2026-03", "recognition_rejects"), &["row", "record_id", "field", "code", "reason_en"]);
    let expected = [
        "3 R2 recog_time R101 recog_time is missing or cannot be read: \"20 March\"",
        "5 R4 psn_no R101 psn_no is missing or cannot be read: \"\"",
        "7 R6 recog_flag R101 recog_flag is missing or cannot be read: \"perhaps\"",
    ];
    assert_eq!(rejects, expected);
    assert_eq!(table(dir, "2026-03", "recognition").rows(), 3);
    fs::write(dir.join("narrow.csv"), "record_id,psn_no\n1,2\n").unwrap();
    assert_eq!(recognise(dir, "2026-03", &["narrow.csv"], &[]), 1);
    use dianzhi::recognition::read_records;
    let problems = read_records(&[dir.join("narrow.csv")]).unwrap_err();
    assert!(problems.0.iter().all(|problem| problem.entry.code == "R001"));
    assert_eq!(problems.0.len(), 10, "every column that is missing");
}

#[test]
fn recognition_and_settlement_share_a_book_and_not_a_sum() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    world(dir);
    let (claims, book) = (dir.join("claims.parquet"), dir.join("book"));
    let words = ["synth", "--claims", "300", "--scheme", "demo", "--seed", "3", "--out", text(&claims)];
    assert_eq!(run(&words), 0);
    let words = ["settle", "month", "--scheme", "demo", "--policy", "demo", "--period", "2026-03"];
    let settle = [&words[..], &["--book", text(&book), "--claims", text(&claims)]].concat();
    assert_eq!(run(&settle), 0);
    let before = cells(&table(dir, "2026-03", "institutions"), &["fixmedins_code", "due"]);
    assert_eq!(recognise(dir, "2026-03", &["records.csv"], &[]), 0);
    assert_eq!(cells(&table(dir, "2026-03", "institutions"), &["fixmedins_code", "due"]), before);
    assert_eq!(run(&settle), 0, "settled again");
    assert_eq!(table(dir, "2026-03", "recognition").rows(), 6, "recognition stays");
    let open = Book::open(&book).unwrap();
    let manifest = open.manifest("2026-03".parse().unwrap()).unwrap();
    assert_eq!(manifest.runs.keys().collect::<Vec<_>>(), ["month", "recognition"]);
    drop(open);
    // A stay that the book has paid under DRG is not paid again.
    let claims = table(dir, "2026-03", "claims");
    let paid = (0..claims.rows()).find(|row| plain(claims.column("state").unwrap(), *row) == "paid").unwrap();
    let stay = plain(claims.column("setl_id").unwrap(), paid);
    let pack = fs::read_to_string(dir.join("city.toml")).unwrap();
    let rule =
        "\n[rules.recognition_inpatient]\nkind = \"recognition_inpatient.excluded_if_drg\"\nplaceholder = \"t\"\n";
    fs::write(dir.join("city.toml"), pack + rule).unwrap();
    let records = fs::read_to_string(dir.join("records.csv")).unwrap();
    let with_stay = records.replace(",quality\n", ",quality,setl_id\n").replace(",1,1\n", ",1,1,none\n");
    let with_stay = with_stay.replace(",0,1\n", ",0,1,\n").replacen(",1,1,none\n", &format!(",1,1,{stay}\n"), 1);
    fs::write(dir.join("stays.csv"), with_stay).unwrap();
    assert_eq!(recognise(dir, "2026-03", &["stays.csv"], &[]), 0);
    let shown = cells(&table(dir, "2026-03", "recognition"), &["record_id", "state", "code"]);
    assert!(shown.contains(&"R1 refused R114".to_owned()) && shown.contains(&"R5 paid ".to_owned()), "{shown:?}");
}

#[test]
fn explain_tells_all_that_became_of_a_record() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    world(dir);
    assert_eq!(recognise(dir, "2026-03", &["records.csv"], &[]), 0);
    assert_eq!(recognise(dir, "2026-04", &["records.csv"], &["tests.csv"]), 0);
    let book = Book::open(&dir.join("book")).unwrap();
    let told = explain(&book, "R1", None, Lang::En).unwrap();
    let steps: Vec<(&str, &str)> = told.steps.iter().map(|step| (step.what.as_str(), step.value.as_str())).collect();
    let back = "2026-04 · taken back: R123: paid in 2026-03; the test was repeated on 2026-03-21 in the same episode: \
                taken back";
    let expected = [
        ("2026-03 · fee", "200.00"),
        ("2026-03 · award", "100.00"),
        ("2026-03 · to the recogniser", "100.00"),
        ("2026-04 · refused: R116: the test was repeated on 2026-03-21, in the same episode", ""),
        (back, "-100.00"),
    ];
    assert_eq!(steps, expected);
    let pairs = |at: usize| {
        let numbers = told.steps[at].numbers.iter();
        numbers.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(pairs(0), "item CT01, level 二级, day 2026-03-20");
    assert_eq!(pairs(1), "share 0.50, fee 200.00");
    assert_eq!(pairs(4), "corrects 2026-03/R1");
    let rules: Vec<&str> = told.steps.iter().map(|step| step.rules[0].kind.as_str()).collect();
    let kinds = ["fee.recogniser_list", "share.fixed", "payee.recogniser", "retest.claw_back", "retest.claw_back"];
    assert_eq!(rules, kinds.map(|kind| format!("recognition_{kind}")));
    assert_eq!(told.steps[1].rules[0].article, "五（十六）坚持三医联动");
    let march = explain(&book, "R1", Some("2026-03".parse().unwrap()), Lang::Zh).unwrap();
    assert_eq!(march.steps.len(), 3);
    assert!(march.render(Lang::Zh).contains("比例 = 0.5"), "{}", march.render(Lang::Zh));
    let unknown = explain(&book, "R99", None, Lang::Zh).unwrap_err();
    assert!(unknown.0[0].entry == &dianzhi::problem::catalogue::books::NOT_IN_BOOK);
    let path = dir.join("book");
    assert_eq!(run(&["explain", "recognition", "R4", "--book", text(&path), "--period", "2026-03"]), 0);
}

#[test]
fn a_cap_is_explained_by_the_pack_that_cut() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    world(dir);
    let pack = fs::read_to_string(dir.join("city.toml")).unwrap();
    let cap = "\n[rules.recognition_cap]\nkind = \"recognition_cap.budget\"\nplaceholder = \"t\"\n\
               table = [{ period = \"2026-03\", amount = 110 }]\n";
    fs::write(dir.join("city.toml"), pack + cap).unwrap();
    assert_eq!(recognise(dir, "2026-03", &["records.csv"], &[]), 0);
    let book = Book::open(&dir.join("book")).unwrap();
    let told = explain(&book, "R2", None, Lang::En).unwrap();
    // 220.01 are due and 110.00 are there: 120.01 × 110 ÷ 220.01 = 60.0022…, 100.00 × 110 ÷ 220.01 = 49.9977…: the
    // fen left over goes to the larger remainder, that of R1.
    let cut = &told.steps[2];
    assert_eq!((cut.value.as_str(), cut.rules[0].kind.as_str()), ("60.00", "recognition_cap.budget"));
    let numbers: Vec<&str> = cut.numbers.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(numbers, ["120.01", "60.01"]);
}

#[test]
fn clearing_reads_the_lines_of_a_year() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    world(dir);
    assert_eq!(recognise(dir, "2026-03", &["records.csv"], &[]), 0);
    assert_eq!(recognise(dir, "2026-04", &["records.csv"], &["tests.csv"]), 0);
    let book = Book::open(&dir.join("book")).unwrap();
    let read = |of: &str| recognition_lines(&book, of.parse().unwrap()).unwrap();
    let shown = |lines: &[PeriodLine]| {
        let sums = summed(lines).unwrap().into_iter();
        sums.map(|s| (s.institution.clone(), s.insutype.clone(), s.cases, s.amount_fen, s.taken_back_fen, s.due_fen()))
            .collect::<Vec<_>>()
    };
    let line = |code: &str, insutype: &str, cases, amount, back, due| {
        (code.to_owned(), insutype.to_owned(), cases, amount, back, due)
    };
    let year = read("2026");
    assert_eq!(year.iter().map(|line| line.period.to_string()).collect::<Vec<_>>()[..2], ["2026-03", "2026-03"]);
    assert_eq!(shown(&year), [line("H1", "310", 1, 12_001, 0, 12_001), line("H2", "390", 1, 10_000, 10_000, 0)]);
    assert_eq!(shown(&read("2026-03"))[1], line("H2", "390", 1, 10_000, 0, 10_000));
    assert_eq!(read("2025"), []);
}

#[test]
fn a_month_of_recognition_only_is_passed_by() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    world(dir);
    assert_eq!(recognise(dir, "2026-02", &["records.csv"], &[]), 0);
    let (claims, book) = (dir.join("claims.parquet"), dir.join("book"));
    assert_eq!(run(&["synth", "--claims", "200", "--scheme", "demo", "--seed", "3", "--out", text(&claims)]), 0);
    let words = ["settle", "month", "--scheme", "demo", "--policy", "demo", "--period", "2026-03"];
    assert_eq!(run(&[&words[..], &["--book", text(&book), "--claims", text(&claims)]].concat()), 0);
    let settled = plain(table(dir, "2026-03", "claims").column("setl_id").unwrap(), 0);
    assert_eq!(run(&["explain", "claim", &settled, "--book", text(&book)]), 0);
    assert_eq!(run(&["explain", "claim", "nobody", "--book", text(&book)]), 1);
    verify(&book, None).unwrap();
}
