//! `--audit` in the program: months and the year of the demonstration city; a run that stops at the audit leaves the
//! book as it was.

use std::collections::BTreeMap;
use std::path::Path;

use dianzhi::job::{ClaimFiles, MONTH, MonthJob, Packs, Scheme, Step, settle_month};
use dianzhi::ledger::{Book, Kind, Period, Writer, verify};
use dianzhi::problem::catalogue::audit::CANNOT_AUDIT;
use dianzhi::problem::{Problem, Problems};

pub(super) fn run(words: &[&str]) -> i32 {
    dianzhi::cli::run(std::iter::once(&"dianzhi").chain(words))
}

pub(super) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

pub(super) fn claims(dir: &Path, count: &str, month: &str) -> std::path::PathBuf {
    let file = dir.join(format!("claims-{month}.csv"));
    let words =
        ["synth", "--claims", count, "--scheme", "demo", "--seed", "11", "--period", month, "--out", text(&file)];
    assert_eq!(run(&words), 0);
    file
}

/// The demonstration city with a budget for the year, and rules for its end.
pub(super) fn city(dir: &Path) -> std::path::PathBuf {
    const MORE: &str = r#"
[rules.shared]
kind = "sharing.bands"
subject = "institution"
surplus = [{ to = 0.10, share = 1 }, { to = 0.15, share = 0.5 }]
overrun = [{ to = 0.05, share = 0.7 }, { to = 0.10, share = 0.5 }]
mode = "marginal"
edge = "lower"
placeholder = "试验"
[rules.shared_by_consortia]
kind = "sharing.bands"
subject = "consortium"
surplus = [{ share = 1 }]
overrun = [{ to = 0.10, share = 0.5 }]
mode = "whole"
edge = "upper"
placeholder = "试验"
[rules.ledger]
kind = "reserve.ledger"
opening = { "*" = 50000 }
limited = true
placeholder = "试验"
[rules.total]
kind = "consortium_total.budget"
placeholder = "试验"
"#;
    let demo = dianzhi_tests::root().join("fixtures/demo_city");
    let read = |name: &str| std::fs::read_to_string(demo.join(name)).unwrap();
    std::fs::write(dir.join("institutions.csv"), read("institutions.csv")).unwrap();
    let year = read("budgets.csv").replace("2026-03,", "2026,");
    std::fs::write(dir.join("budgets.csv"), year).unwrap();
    let policy = dir.join("policy.toml");
    std::fs::write(&policy, read("policy.toml") + MORE).unwrap();
    policy
}

fn figures(book: &Path, period: &str, job: &str) -> u64 {
    let period: Period = period.parse().unwrap();
    let manifest = Book::open(book).unwrap().manifest(period).unwrap();
    assert_eq!(manifest.runs[job].options["audit"], "true");
    manifest.runs[job].totals["audited_figures"].parse().unwrap()
}

#[test]
fn twelve_months_and_their_year_agree() {
    let dir = tempfile::tempdir().unwrap();
    let (book, policy) = (dir.path().join("book"), city(dir.path()));
    for month in 1..=12 {
        let period = format!("2026-{month:02}");
        let file = claims(dir.path(), "120", &period);
        let words = ["settle", "month", "--scheme", "demo", "--period", &period, "--audit"];
        let files = ["--policy", text(&policy), "--book", text(&book), "--claims", text(&file)];
        assert_eq!(run(&[words.as_slice(), &files].concat()), 0, "{period}");
        assert!(figures(&book, &period, "month") > 120 * 25);
    }
    let words = ["settle", "year", "--policy", text(&policy), "--year", "2026", "--book", text(&book), "--audit"];
    assert_eq!(run(&words), 0);
    assert!(figures(&book, "2026", "year") > 12 * 100 * 2);
    assert_eq!(verify(&book, None).unwrap().periods, 13);
}

#[test]
fn the_demonstration_agrees() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(run(&["--lang", "en", "demo", "--audit", "--out", text(dir.path())]), 0);
    assert!(figures(&dir.path().join("book"), "2026-03", "month") > 9_000 * 25);
}

#[test]
fn a_run_that_stops_at_the_audit_leaves_the_book_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("book");
    let file = claims(dir.path(), "50", "2026-03");
    let march: Period = "2026-03".parse().unwrap();
    let (scheme, _) = Scheme::read(Path::new("demo")).unwrap();
    let (packs, _) = Packs::read(Path::new("demo"), &scheme).unwrap();
    let files = ClaimFiles { claims: vec![file], mapping: None, float_money: None };
    let job = MonthJob { scheme: &scheme, packs: &packs, clinical: false, audit: true, options: BTreeMap::new() };
    let settle = |stop: bool| -> Result<String, Problems> {
        let mut writer = Writer::open_or_create(&path, Kind::Insurance)?;
        let settled = settle_month(writer.draft(march, MONTH)?, &job, files.read(&packs)?, &|step| {
            let stops = stop && step == Step::Auditing;
            if stops { Err(Problem::new(&CANNOT_AUDIT).with("what", "试验").into()) } else { Ok(()) }
        })?;
        Ok(settled.receipt.manifest_sha256)
    };
    let first = settle(false).unwrap();
    assert_eq!(settle(true).unwrap_err().0[0].entry.code, "V005");
    assert_eq!(Book::open(&path).unwrap().info(march).unwrap().manifest_sha256, first);
    assert_eq!(settle(false).unwrap(), first, "the same figures again");
}
