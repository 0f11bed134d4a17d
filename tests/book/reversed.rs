//! Reversals (冲正) of claims that an earlier month settled, and kill -9 on the real job.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use dianzhi::ledger::{Book, verify};
use dianzhi::money::Fen;
use dianzhi_tests::{child, orders};

use super::city::{City, period, run, text};

const AMOUNTS: [&str; 4] = ["medfee_sumamt", "hifp_pay", "psn_pay", "oth_fund_pay"];

/// The claims of a file, and after them the reversal `R1` of the claim `id` of another, settled on `day`. It gives back
/// the bill, and `more` of it.
fn with_reversal(into: &Path, of: &Path, id: &str, day: &str, more: Fen) -> PathBuf {
    let mut source = csv::Reader::from_path(of).unwrap();
    let headers: Vec<String> =
        source.headers().unwrap().iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect();
    let at = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let row = source.records().map(Result::unwrap).find(|row| &row[at("setl_id")] == id).unwrap();
    let mut row: Vec<String> = row.iter().map(str::to_owned).collect();
    for name in AMOUNTS {
        let fen: Fen = row[at(name)].parse().unwrap();
        row[at(name)] = Fen(-fen.0).to_string();
    }
    for name in ["medfee_sumamt", "psn_pay"] {
        let fen: Fen = row[at(name)].parse().unwrap();
        row[at(name)] = Fen(fen.0 - more.0).to_string();
    }
    for (name, value) in [("setl_id", "R1"), ("setl_time", day), ("refd_setl_flag", "1"), ("init_setl_id", id)] {
        row[at(name)] = value.to_owned();
    }
    let file = into.with_extension("reversed.csv");
    fs::write(&file, fs::read_to_string(into).unwrap() + &row.join(",") + "\n").unwrap();
    file
}

#[test]
fn a_reversal_of_an_earlier_month_is_a_correction_when_it_gives_back_the_bill() {
    let city = City::new("yaan-2022", "");
    let (january, february) = (city.synth("2026-01", 60), city.synth("2026-02", 60));
    assert_eq!(city.settle("2026-01", std::slice::from_ref(&january)), 0);
    let settled = city.table("2026-01", "claims");
    let gone = (0..settled.len()).find(|row| settled.text("state", *row) == "paid").unwrap();
    let id = settled.text("setl_id", gone);

    let odd = with_reversal(&february, &january, &id, "2026-02-20", Fen(1));
    assert_eq!(city.settle("2026-02", &[odd]), 0);
    let rejects = city.table("2026-02", "rejects");
    rejects.only(&[("setl_id", "R1"), ("code", "C044"), ("kind", "rejected")]);
    assert_eq!(city.table("2026-02", "corrections").len(), 0, "a fen too much is given back");

    let file = with_reversal(&february, &january, &id, "2026-02-20", Fen(0));
    assert_eq!(city.settle("2026-02", &[file]), 0);
    let rejects = city.table("2026-02", "rejects");
    rejects.only(&[("setl_id", "R1"), ("code", "B030"), ("kind", "excluded")]);
    let made = city.table("2026-02", "corrections");
    let reversed = made.only(&[("setl_id", &id), ("action", "reverse"), ("period", "2026-01")]);
    assert_eq!(made.fen("amount", reversed), -settled.fen("due", gone));
    assert_eq!(city.table("2026-02", "institutions").sum("corrections"), -settled.fen("due", gone));
}

/// In the child: settles one file and another, again and again.
#[test]
fn settles_without_pause() {
    let Some(dir) = orders() else { return };
    let dir = Path::new(&dir);
    let book = dir.join("book");
    println!("settling");
    for turn in 0.. {
        let file = dir.join(["one.csv", "two.csv"][turn % 2]);
        let words = ["settle", "month", "--scheme", "demo", "--policy", "demo", "--period", "2026-03"];
        assert_eq!(run(&[&words[..], &["--claims", text(&file), "--book", text(&book)]].concat()), 0);
    }
}

#[test]
fn a_settlement_killed_at_any_moment_leaves_one_of_the_two() {
    let dir = tempfile::tempdir().unwrap();
    let synth = |name: &str, count: &str| {
        let words = ["synth", "--scheme", "demo", "--seed", "3", "--bad-share", "0", "--claims", count];
        let file = dir.path().join(name);
        assert_eq!(run(&[&words[..], &["--period", "2026-03", "--out", text(&file)]].concat()), 0);
    };
    synth("one.csv", "200");
    synth("two.csv", "300");
    let book = dir.path().join("book");
    let words = ["settle", "month", "--scheme", "demo", "--policy", "demo", "--period", "2026-03"];
    let begin = Instant::now();
    assert_eq!(run(&[&words[..], &["--claims", text(&dir.path().join("one.csv")), "--book", text(&book)]].concat()), 0);
    let once = begin.elapsed();
    // Moments all over the first settlement and half of the second, however fast the machine is.
    for part in (0u32..16).map(|turn| turn * 7 % 16) {
        let mut process = child("book::reversed::settles_without_pause", text(dir.path()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().contains("settling")), "the child starts");
        // What it prints has to go somewhere while it lives.
        let drain = std::thread::spawn(move || lines.count());
        std::thread::sleep(once * 3 * part / 32);
        process.kill().unwrap();
        process.wait().unwrap();
        drain.join().unwrap();
        let open = Book::open(&book).unwrap();
        verify(&book, None).unwrap();
        let totals = &open.manifest(period("2026-03")).unwrap().runs["month"].totals;
        let rows = open.table(period("2026-03"), "claims").unwrap().rows();
        assert!(["200", "300"].contains(&totals["claims_in"].as_str()), "{totals:?}");
        assert!(rows <= totals["claims_in"].parse().unwrap(), "the table is that of the manifest");
    }
}
