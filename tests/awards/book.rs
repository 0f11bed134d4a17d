//! Awards in a fiscal book: over two years, taken back, explained, verified.

use std::fs;
use std::path::Path;

use dianzhi::awards::Prior;
use dianzhi::explain::award;
use dianzhi::job::{AWARD, AwardFiles, AwardPack, award_period, decide_awards, fiscal_summary};
use dianzhi::ledger::{Book, Kind, Writer, verify};
use dianzhi::problem::Lang;
use dianzhi::report;
use dianzhi::table::cell::plain;

const HEAD: &str = "event_id,achievement,grade,subject_id,subject_name,subject_kind,place,ownership,named\n";
const THREE: &str = "E1,智慧医院,三星,H1,某院,单位,通江县,公立,2025-05-01\n";
const FOUR: &str = "E2,智慧医院,四星,H1,某院,单位,通江县,公立,2026-05-01\n";
const PAYMENTS: &str = "payment_id,place,date,amount,event_id\n";

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Runs a year with these rows.
fn run(dir: &Path, year: &str, events: &str, others: &[(&str, &str)], words: &[&str]) -> i32 {
    let folder = dir.join("in");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("events.csv"), format!("{HEAD}{events}")).unwrap();
    for (name, content) in others {
        fs::write(folder.join(name), content).unwrap();
    }
    let book = dir.join("book");
    let all = ["dianzhi", "award", text(&folder), "--book", text(&book), "--period", year];
    dianzhi::cli::run(all.iter().chain(words))
}

/// `entry amount kind corrects` of a year.
fn entries(dir: &Path, year: &str) -> Vec<String> {
    let table = Book::open(&dir.join("book")).unwrap().table(year.parse().unwrap(), "award_entries").unwrap();
    let cell = |name: &str, row| plain(table.column(name).unwrap(), row);
    let columns = ["entry", "amount", "kind", "corrects"];
    let row = |row| columns.map(|name| cell(name, row)).join(" ").trim_end().to_owned();
    (0..table.rows()).map(row).collect()
}

fn explained(dir: &Path, id: &str, lang: Lang) -> String {
    award(&Book::open(&dir.join("book")).unwrap(), id, None, lang).unwrap().render(lang)
}

/// Three stars in 2025, four in 2026; all events are handed in again, and only the new one pays.
#[test]
fn the_next_year_pays_only_what_is_new() {
    for (reading, second) in [
        ("each", &["A12:H1/1 2000000.00 award"][..]),
        ("difference", &["A12:H1/1 1000000.00 award"]),
        ("highest", &["A12:H1/1 2000000.00 award", "A11:H1/2 -1000000.00 replaced A11:H1/1"]),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let switch = format!("tiers={reading}");
        let words = ["--switch", switch.as_str()];
        assert_eq!(run(dir.path(), "2025", &format!("{THREE}{FOUR}"), &[], &words), 0);
        assert_eq!(entries(dir.path(), "2025"), ["A11:H1/1 1000000.00 award"], "the later event waits for its year");
        assert_eq!(run(dir.path(), "2026", &format!("{THREE}{FOUR}"), &[], &words), 0);
        assert_eq!(entries(dir.path(), "2026"), second, "{reading}");
        assert_eq!(run(dir.path(), "2026", &format!("{THREE}{FOUR}"), &[], &words), 0, "a year can be run again");
        assert_eq!(entries(dir.path(), "2026"), second, "{reading}");
        assert_eq!(verify(&dir.path().join("book"), None).unwrap().periods, 2);
    }
}

/// 99.99 % in 2025, the rest in 2026: the second award comes with the last fen, in the later year.
#[test]
fn the_second_award_follows_the_payments_of_both_years() {
    let dir = tempfile::tempdir().unwrap();
    let early = format!("{PAYMENTS}V1,通江县,2025-12-01,999900,E1\n");
    assert_eq!(run(dir.path(), "2025", THREE, &[("payments.csv", &early)], &[]), 0);
    assert_eq!(entries(dir.path(), "2025"), ["A11:H1/1 1000000.00 award"]);
    let late = format!("{PAYMENTS}V2,通江县,2026-01-05,100,E1\n");
    assert_eq!(run(dir.path(), "2026", THREE, &[("payments.csv", &late)], &[]), 0);
    assert_eq!(entries(dir.path(), "2026"), ["A11:H1/2 100000.00 second"]);
    let told = explained(dir.path(), "A11:H1/2", Lang::Zh);
    for part in
        ["奖补 A11:H1", "基数 1,000,000.00 元 × 0.1 = 100,000.00 元", "记入年度 = 2026", "巴中市财政", "（十七）"]
    {
        assert!(told.contains(part), "{part} in\n{told}");
    }
}

/// A title revoked in 2027 is taken back by entries of 2027; the years before stay as they are.
#[test]
fn a_revocation_is_entered_in_its_own_year() {
    let dir = tempfile::tempdir().unwrap();
    let paid = format!("{PAYMENTS}V1,通江县,2025-12-01,1000000,E1\n");
    assert_eq!(run(dir.path(), "2025", THREE, &[("payments.csv", &paid)], &[]), 0);
    let before = entries(dir.path(), "2025");
    assert_eq!(before, ["A11:H1/1 1000000.00 award", "A11:H1/2 100000.00 second"]);
    let gone = "date,document,award_id\n2027-03-01,某函〔2027〕1号,A11:H1\n";
    assert_eq!(run(dir.path(), "2027", "", &[("revocations.csv", gone)], &[]), 0);
    let back = ["A11:H1/3 -1000000.00 claw_back A11:H1/1", "A11:H1/4 -100000.00 claw_back A11:H1/2"];
    assert_eq!(entries(dir.path(), "2027"), back);
    assert_eq!(entries(dir.path(), "2025"), before);
    let told = explained(dir.path(), "A11:H1", Lang::En);
    for part in ["the title was revoked: taken back 某函〔2027〕1号", "takes back = A11:H1/1", "clawback=within_years"]
    {
        assert!(told.contains(part), "{part} in\n{told}");
    }
}

#[test]
fn an_earlier_year_is_not_run_under_a_later_one() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(run(dir.path(), "2026", FOUR, &[], &[]), 0);
    assert_eq!(run(dir.path(), "2025", THREE, &[], &[]), 1);
    assert!(!dir.path().join("book/periods/2025").exists(), "nothing was written");
    let pack = AwardPack::read(Path::new("bazhong-awards"), &[]).unwrap();
    let files = AwardFiles::read(&[dir.path().join("in")], &pack.policy).unwrap();
    let mut writer = Writer::open(&dir.path().join("book")).unwrap();
    let problems = award_period(writer.draft("2025".parse().unwrap(), AWARD).unwrap(), &pack, &files).unwrap_err();
    assert_eq!(problems.0[0].entry.code, "A037");
}

#[test]
fn rows_of_a_later_year_are_counted() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("events.csv"), format!("{HEAD}{THREE}{FOUR}")).unwrap();
    let pack = AwardPack::read(Path::new("bazhong_awards"), &[]).unwrap();
    let files = AwardFiles::read(&[dir.path().to_owned()], &pack.policy).unwrap();
    let run = decide_awards(&pack, &files, &Prior::default(), "2025".parse().ok()).unwrap();
    assert_eq!((run.outcome.awards.len(), run.warnings.0[0].entry.code), (1, "A038"));
    let all = decide_awards(&pack, &files, &Prior::default(), None).unwrap();
    assert_eq!((all.outcome.awards.len(), all.warnings.0.len()), (2, 0));
}

/// Without `--period` the year is that of all dates. Of several years it must be named, and nothing is written.
#[test]
fn the_year_of_the_book_follows_the_dates() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("in");
    let without_period = |events: &str| {
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("events.csv"), format!("{HEAD}{events}")).unwrap();
        dianzhi::cli::run(["dianzhi", "award", text(&folder), "--book", text(&dir.path().join("book"))])
    };
    assert_eq!(without_period(&format!("{THREE}{FOUR}")), 1);
    let pack = AwardPack::read(Path::new("bazhong_awards"), &[]).unwrap();
    let files = AwardFiles::read(std::slice::from_ref(&folder), &pack.policy).unwrap();
    let problem = files.period().unwrap_err();
    assert_eq!((problem.entry.code, problem.args[0].1.as_str()), ("A040", "2025、2026"));
    assert!(!dir.path().join("book/periods").exists(), "nothing was written");
    assert_eq!(without_period(THREE), 0);
    assert_eq!(entries(dir.path(), "2025"), ["A11:H1/1 1000000.00 award"]);
    assert_eq!(without_period(""), 1, "no dates, no year");
    let summary = fiscal_summary(&Book::open(&dir.path().join("book")).unwrap(), "2025".parse().unwrap(), Lang::Zh);
    let shown = report::text::render(&summary.unwrap(), Lang::Zh);
    assert!(shown.contains("通江县") && shown.contains("A11:H1") && shown.contains("1,000,000.00"), "{shown}");
    let shown = |words: &[&str]| dianzhi::cli::run([&["dianzhi", "book"], words].concat());
    assert_eq!(shown(&["show", text(&dir.path().join("book")), "--period", "2025"]), 0);
    assert_eq!(shown(&["list", text(&dir.path().join("book"))]), 0);
}

#[test]
fn an_event_that_was_not_paid_is_explained_too() {
    let dir = tempfile::tempdir().unwrap();
    let private = THREE.replace("智慧医院,三星", "医院等级评审,三级甲等").replace("公立", "非公立");
    assert_eq!(run(dir.path(), "2025", &private, &[], &[]), 0);
    assert_eq!(entries(dir.path(), "2025"), [""; 0]);
    let told = explained(dir.path(), "E1", Lang::Zh);
    assert!(told.contains("A105") && told.contains("规则只奖补公立机构"), "{told}");
    let book = Book::open(&dir.path().join("book")).unwrap();
    assert_eq!(award(&book, "E9", None, Lang::Zh).unwrap_err().0[0].entry.code, "B019");
}

/// Fiscal and insurance money never share a book.
#[test]
fn a_book_of_insurance_money_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let book = dir.path().join("book");
    drop(Writer::open_or_create(&book, Kind::Insurance).unwrap());
    assert_eq!(run(dir.path(), "2025", THREE, &[], &[]), 1);
    assert_eq!(Book::open(&book).unwrap().periods().count(), 0);
}
