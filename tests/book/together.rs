//! What a year comes to does not depend on the way it got there; parts of bills that few rules need.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dianzhi::ledger::Writer;
use dianzhi::ledger::manifest::Run;
use dianzhi::table::{Table, Values};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::city::{City, months, run, text};

/// Nothing in these rules depends on the month that settles a case: M is given.
const STEADY: &str =
    "[rules.pool_mean]\nkind = \"pool_mean.fixed\"\nvalues = { \"*\" = 8000 }\nplaceholder = \"试验\"\n";

/// Due and points by claim, and the point values, of a cleared year.
fn outcome(city: &City) -> (BTreeMap<String, (String, String)>, Vec<String>) {
    assert_eq!(city.clear(), 0);
    let (claims, pools) = (city.table("2026", "claims"), city.table("2026", "pools"));
    let row = |row| (claims.text("setl_id", row), (claims.text("points", row), claims.text("due", row)));
    let values = (0..pools.len()).map(|row| pools.text("point_value", row)).collect();
    ((0..claims.len()).map(row).collect(), values)
}

/// Every third claim of a file, and the others.
fn split(city: &City, file: &Path, name: &str) -> [PathBuf; 2] {
    let whole = fs::read_to_string(file).unwrap();
    let (head, rows) = whole.split_once('\n').unwrap();
    ["in-time", "late"].map(|part| {
        let own = rows.lines().enumerate().filter(|(at, _)| (at % 3 == 0) == (part == "late"));
        let rows: String = own.map(|(_, line)| format!("{line}\n")).collect();
        let path = city.path(&format!("{part}-{name}.csv"));
        fs::write(&path, format!("{head}\n{rows}")).unwrap();
        path
    })
}

/// Month by month, all at once, with claims that come late by one month or by two, in another order: the same year.
#[test]
fn late_claims_in_any_order_and_months_at_once_give_the_same_year() {
    let names = ["2026-01", "2026-02", "2026-03"];
    let mut years = Vec::new();
    for way in 0..4 {
        let city = City::new("yaan-2022", STEADY);
        let files = names.map(|month| city.synth(month, 80));
        let [early, late] = split(&city, &files[0], "1");
        let plan: [Vec<PathBuf>; 3] = match way {
            0 => files.clone().map(|file| vec![file]),
            1 => [vec![early], vec![files[1].clone(), late], vec![files[2].clone()]],
            2 => [vec![early], vec![files[1].clone()], vec![late, files[2].clone()]],
            _ => [vec![], vec![], vec![files[2].clone(), files[0].clone(), files[1].clone()]],
        };
        for (month, files) in names.iter().zip(plan).filter(|(_, files)| !files.is_empty()) {
            assert_eq!(city.settle(month, &files), 0, "{way} {month}");
        }
        years.push(outcome(&city));
    }
    for (way, other) in years.iter().enumerate().skip(1) {
        assert!(years[0].0.len() > 200);
        assert_eq!(years[0], *other, "way {way}");
    }
}

/// Appends cells to each row of a file of claims.
fn widen(file: &Path, heads: &str, cells: impl Fn(usize) -> String) {
    let whole = fs::read_to_string(file).unwrap();
    let lines = whole.lines().enumerate();
    let lines =
        lines.map(|(at, line)| if at == 0 { format!("{line},{heads}") } else { format!("{line},{}", cells(at)) });
    fs::write(file, lines.collect::<Vec<_>>().join("\n") + "\n").unwrap();
}

/// By case: due = max(0, standard − full own pay − first own pay − deductible) × 85 %. A year of it is the sum of its
/// months, since there is no point value to wait for.
#[test]
fn a_rate_paid_by_case_through_the_year() {
    let rules = "[rules.method]\nkind = \"method.rate\"\nrates = { \"*\" = 8000 }\ndue = \"case\"\nfund_share = 0.85\n\
         placeholder = \"试验\"\n[rules.point_value]\nkind = \"none\"\n[rules.point_value_limit]\nkind = \"none\"\n";
    let city = City::new("yaan-2022", rules);
    let file = city.synth("2026-01", 60);
    assert_eq!(city.settle("2026-01", std::slice::from_ref(&file)), 1, "the columns are needed");
    widen(&file, "fulamt_ownpay_amt,preselfpay_amt,dedc_std", |at| format!("{at}.10,50.05,800"));
    assert_eq!(city.settle("2026-01", &[file]), 0);
    let claims = city.table("2026-01", "claims");
    let mut paid = 0;
    for row in (0..claims.len()).filter(|&row| claims.text("state", row) == "paid") {
        let own: i64 = ["fulamt_ownpay_amt", "preselfpay_amt", "dedc_std"].iter().map(|c| claims.fen(c, row)).sum();
        let covered = Decimal::from((claims.fen("standard", row) - own).max(0)) * "0.85".parse::<Decimal>().unwrap();
        let due = covered.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64();
        assert_eq!(due, Some(claims.fen("due", row)));
        paid += 1;
    }
    assert!(paid > 40);
    let (year, _) = outcome(&city);
    let dues: BTreeMap<String, String> = year.into_iter().map(|(id, (_, due))| (id, due)).collect();
    for row in (0..claims.len()).filter(|&row| claims.text("state", row) == "paid") {
        assert_eq!(dues[&claims.text("setl_id", row)], claims.text("due", row));
    }
}

/// Weight 2 during the year; at clearing 59.99 % of TCM is too little and 60 % is enough.
#[test]
fn tcm_groups_are_looked_at_again_at_clearing() {
    let rules = "[rules.tcm]\nkind = \"special.tcm_advantage\"\nwhen = { age_from = 40 }\norder = 1\nweight = 2\n\
         gate = 0.6\nfallback = \"ES31\"\nplaceholder = \"试验\"\n\
         [rules.weights]\nkind = \"weights.table\"\nplaceholder = \"试验\"\ntable = \"weights.csv\"\n\
         [rules.missing_weight]\nkind = \"missing_weight.as_ungrouped\"\nplaceholder = \"试验\"\n\
         [rules.low_line]\nkind = \"low_line.none\"\nplaceholder = \"试验\"\n\
         [rules.high_line]\nkind = \"high_line.none\"\nplaceholder = \"试验\"\n";
    let city = City::new("yaan-2022", &format!("{STEADY}{rules}"));
    fs::write(city.path("weights.csv"), "drg,weight,系数-一级,系数-二级,系数-三级\nES31,0.5,1,1,1\n").unwrap();
    let file = city.synth("2026-01", 60);
    let widened = city.path("widened.csv");
    fs::copy(&file, &widened).unwrap();
    widen(&widened, "tcm_amt,tcm_base_amt", |at| if at % 2 == 0 { "60,100".into() } else { "59.99,100".into() });
    assert_eq!(city.settle("2026-01", &[file]), 0);
    assert_eq!(city.clear(), 1, "the costs are not known");
    assert_eq!(city.settle("2026-01", &[widened]), 0);
    let january = city.table("2026-01", "claims");
    let (year, _) = outcome(&city);
    let mut seen = [0, 0];
    for row in (0..january.len()).filter(|&row| january.text("case_kind", row) == "tcm") {
        assert_eq!(january.text("points", row), "200.0000");
        let enough = january.fen("tcm_amt", row) == 6_000;
        seen[usize::from(enough)] += 1;
        assert_eq!(year[&january.text("setl_id", row)].0, if enough { "200.0000" } else { "50.0000" });
    }
    assert!(seen.iter().all(|count| *count > 5), "{seen:?}");
}

/// What recognition paid in the months stands in the year as lines of its own: no due and no point value knows it.
#[test]
fn recognition_has_its_own_lines_in_the_year() {
    let city = City::new("yaan-2022", "");
    let files = ["2026-01", "2026-02"].map(|month| city.synth(month, 40));
    for (month, file) in ["2026-01", "2026-02"].iter().zip(&files) {
        assert_eq!(city.settle(month, std::slice::from_ref(file)), 0);
    }
    assert_eq!(city.clear(), 0);
    let before = city.table("2026", "institutions").sum("payable");
    for month in ["2026-01", "2026-02"] {
        let lines = Table::new()
            .with("fixmedins_code", Values::keywords(["H99010100001"]))
            .with("insutype", Values::keywords(["310"]))
            .with("cases", Values::ints([3]))
            .with("amount", Values::money([9_050]))
            .with("taken_back", Values::money([1_000]))
            .with("due", Values::money([8_050]));
        let mut writer = Writer::open(&city.book()).unwrap();
        let mut draft = writer.draft(super::city::period(month), "recognition").unwrap();
        draft.add_table("recognition_institutions", &lines).unwrap();
        draft.commit(Run::default()).unwrap();
    }
    assert_eq!(city.clear(), 0);
    let lines = city.table("2026", "recognition_year");
    assert_eq!((lines.text("cases", 0), lines.text("due", 0)), ("6".to_owned(), "161.00".to_owned()));
    assert_eq!(city.table("2026", "institutions").sum("payable"), before);
    let manifest = city.open().manifest(super::city::period("2026")).unwrap();
    assert_eq!(manifest.runs["year"].totals["recognition_due"], "161.00");
    let folder = city.path("statements");
    let book = city.book();
    assert_eq!(run(&["book", "statements", text(&book), "--period", "2026", "--out", text(&folder)]), 0);
    let statement = fs::read_to_string(folder.join("institution_H99010100001.txt")).unwrap();
    assert!(statement.contains("检查检验结果互认（单列）") && statement.contains("161.00"));
}

/// The demonstration year at a small size: five counties, 120 institutions, four consortia and an urban group.
#[test]
fn the_demonstration_year_runs() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("year");
    assert_eq!(run(&["demo", "--year", "--claims", "150", "--statements", "--out", text(&out)]), 0);
    let book = dianzhi::ledger::Book::open(&out.join("book")).unwrap();
    assert_eq!(book.periods().count(), 13);
    let year = |name: &str| super::city::Rows(book.table(super::city::period("2026"), name).unwrap());
    let (consortia, members) = (year("consortia"), year("members"));
    assert_eq!(consortia.len(), 10, "four consortia and a group, in two pools");
    assert!((0..10).all(|row| consortia.text("cleared", row) == "true"));
    assert_eq!(members.sum("share"), consortia.sum("adjustment"));
    let balances: Vec<bool> = (0..10).map(|row| consortia.fen("balance", row) >= 0).collect();
    assert!(balances.contains(&true) && balances.contains(&false), "some with a surplus, some with an overrun");
    let institutions = year("institutions");
    assert!(institutions.0.rows_by("fixmedins_code").len() > 100);
    assert_eq!(institutions.sum("due"), year("claims").sum("due"));
    let corrected: usize =
        months().map(|month| book.table(super::city::period(&month), "corrections").unwrap().rows()).sum();
    assert_eq!(year("corrections").len(), corrected);
    assert!(out.join("statements/year.xlsx").is_file());
    assert_eq!(run(&["book", "verify", text(&out.join("book"))]), 0);
}
