//! `dianzhi settle year`: twelve settled months, cleared, closed, verified and explained, by both kinds of seed.

use std::fs;

use dianzhi::explain::{Subject, claim, subject};
use dianzhi::ledger::verify;
use dianzhi::problem::Lang;
use dianzhi::settlement::Action;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::city::{City, months, period, run, text};

const MONTHLY: u32 = 60;
/// Deposits and penalties for a clearing that has everything.
const MORE: &str = r#"
[rules.prepay]
kind = "prepay.share"
share = 0.9
placeholder = "试验"
[rules.deposit]
kind = "deposit.share"
share = 0.05
of = "prepaid"
placeholder = "试验"
[rules.deposit_return]
kind = "deposit_return.bands"
bands = [{ from = 60, share = 0.6 }, { from = 90, share = 1 }]
scores = "scores.csv"
snapshot = "2026"
placeholder = "试验"
[rules.penalty]
kind = "penalty.table"
table = [{ fixmedins_code = "H99010100001", insutype = "310", amount = 1234.56, reason = "分解住院; 低码高编" }]
placeholder = "试验"
[rules.fund_reserve]
kind = "deduction.share"
order = 1
share = 0.05
of = "budget"
to = "reserve"
placeholder = "试验"
[rules.reserve_ledger]
kind = "reserve.ledger"
opening = { "310" = 50000, "390" = 0 }
limited = true
placeholder = "试验"
"#;

fn a_city(extends: &str, rules: &str) -> City {
    let city = City::new(extends, &format!("{MORE}{rules}"));
    let register = fs::read_to_string(city.path("institutions.csv")).unwrap();
    let scores = register
        .lines()
        .skip(1)
        .enumerate()
        .map(|(at, line)| format!("{},{},2026\n", line.split(',').next().unwrap(), 88 + at % 4));
    fs::write(city.path("scores.csv"), "subject,score,snapshot\n".to_owned() + &scores.collect::<String>()).unwrap();
    city
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Rounded to the fen, half away from zero.
fn to_fen(yuan: Decimal) -> i64 {
    (yuan * Decimal::ONE_HUNDRED).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64().unwrap()
}

/// What must hold of any cleared year, from its tables alone.
fn check_whole(city: &City) {
    let (claims, pools) = (city.table("2026", "claims"), city.table("2026", "pools"));
    let institutions = city.table("2026", "institutions");
    assert_eq!(claims.sum("due"), institutions.sum("due"));
    assert_eq!(claims.sum("due"), pools.sum("due"));
    for row in 0..pools.len() {
        // PV = N ÷ Σ points, to four digits; and each due by it.
        let (shared_out, points) = (decimal(&pools.text("shared_out", row)), decimal(&pools.text("points", row)));
        let value = (shared_out / points).round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero);
        assert_eq!(value, decimal(&pools.text("point_value", row)));
        let own = claims.0.find("pool", &pools.text("insutype", row));
        for case in own.into_iter().filter(|case| claims.text("state", *case) == "paid") {
            let standard = to_fen(decimal(&claims.text("points", case)) * value) + claims.fen("by_amount", case);
            assert_eq!(standard, claims.fen("standard", case));
            let others = claims.fen("psn_pay", case) + claims.fen("oth_fund_pay", case);
            assert_eq!(standard - others, claims.fen("due", case));
        }
    }
    for row in 0..institutions.len() {
        let fen = |column| institutions.fen(column, row);
        let owed = fen("due") + fen("adjustment") + fen("member_share") - fen("penalty") - fen("withheld")
            + fen("redistributed");
        assert_eq!(owed - fen("prepaid"), fen("payable"), "pay or recover");
        assert_eq!(fen("monthly_due") + fen("corrections"), fen("net_due"));
        assert_eq!(fen("deposit") - fen("returned"), fen("withheld"));
    }
    let (members, consortia) = (city.table("2026", "members"), city.table("2026", "consortia"));
    assert_eq!(members.sum("share"), institutions.sum("member_share"));
    assert_eq!(members.sum("share"), consortia.sum("adjustment"));
    let reserves = city.table("2026", "reserves");
    for row in 0..reserves.len() {
        let fen = |column| reserves.fen(column, row);
        let flows = ["deducted", "point_value_limit", "penalties", "forfeited", "given_back"];
        let available = fen("opening") + flows.iter().map(|column| fen(column)).sum::<i64>();
        assert_eq!(available - fen("paid"), fen("closing"));
        assert!(fen("closing") >= 0);
    }
    let paid: i64 = months()
        .map(|month| {
            let lines = city.table(&month, "institutions");
            lines.sum("payable") + lines.sum("carried_out") - lines.sum("carried_in")
        })
        .sum();
    assert_eq!(institutions.sum("prepaid"), paid);
}

fn close_and_verify(city: &City) {
    let book = city.book();
    assert_eq!(run(&["book", "close", text(&book), "--period", "2026"]), 1, "the months first");
    for month in months() {
        assert_eq!(run(&["book", "close", text(&book), "--period", &month]), 0);
    }
    assert_eq!(run(&["book", "close", text(&book), "--period", "2026"]), 0);
    assert_eq!(city.clear(), 1, "closed");
    let seal = city.open().head().unwrap().sha256.clone();
    assert_eq!(run(&["book", "verify", text(&book), "--seal", &seal]), 0);
    assert_eq!(verify(&book, Some(&seal)).unwrap().closed, 13);
}

/// Every figure of the year answers with rule and numbers, in both languages.
fn explain_all(city: &City) {
    let book = city.open();
    for (of, table, column) in [
        (Subject::Institution, "institutions", "fixmedins_code"),
        (Subject::Consortium, "consortia", "consortium"),
        (Subject::Pool, "pools", "insutype"),
    ] {
        for name in city.table("2026", table).0.rows_by(column).keys() {
            let explained = subject(&book, of, name, Some(period("2026")), Lang::Zh).unwrap();
            assert!(!explained.steps.is_empty() && explained.steps.iter().all(|step| !step.rules.is_empty()), "{name}");
            let english = subject(&book, of, name, None, Lang::En).unwrap();
            assert!(english.title.contains("2026"), "the year is the last period");
        }
    }
    let claims = city.table("2026", "claims");
    for row in (0..claims.len()).step_by(97) {
        let explained = claim(&book, &claims.text("setl_id", row), None, Lang::Zh).unwrap();
        let last = explained.steps.last().unwrap();
        assert_eq!(last.value.replace(',', ""), claims.text("due", row), "the last step is the final due");
        assert!(last.what.starts_with("2026 ") && !last.rules.is_empty());
    }
    let code = city.table("2026", "institutions").text("fixmedins_code", 0);
    let path = city.book();
    for words in [["institution", &code], ["consortium", "演示城市医疗集团"], ["claim", &claims.text("setl_id", 0)]]
    {
        let words = [&["explain"], &words[..], &["--book", text(&path), "--period", "2026"]].concat();
        assert_eq!(run(&words), 0);
    }
}

fn statements(city: &City) {
    let (book, zh, en) = (city.book(), city.path("zh"), city.path("en"));
    let words = ["book", "statements", text(&book), "--period", "2026", "--out"];
    assert_eq!(run(&[&words[..], &[text(&zh)]].concat()), 0);
    assert_eq!(run(&[&["--lang", "en"], &words[..], &[text(&en)]].concat()), 0);
    let institutions = city.table("2026", "institutions");
    let row = institutions.only(&[("fixmedins_code", "H99010100001"), ("insutype", "310")]);
    let statement = fs::read_to_string(zh.join("institution_H99010100001.txt")).unwrap();
    assert!(statement.starts_with("医疗机构年度清算单"));
    let last = dianzhi::table::cell::group_thousands(&institutions.text("payable", row));
    for part in [last.as_str(), "1,234.56", "分解住院； 低码高编", "医共体成员"] {
        assert!(statement.contains(part), "{part} in\n{statement}");
    }
    let consortium = fs::read_to_string(en.join("consortium_演示城市医疗集团.txt")).unwrap();
    assert!(consortium.starts_with("Annual clearing: statement of a consortium"));
    let whole = fs::read_to_string(en.join("year.txt")).unwrap();
    assert!(whole.contains("Reserves") && whole.contains("Members"));
    assert!(zh.join("year.xlsx").is_file() && en.join("institution_H99010100001.xlsx").is_file());
}

/// 超支不补: without 五统一 a consortium is not cleared; with it its members bear the whole overrun.
#[test]
fn a_year_where_overruns_are_not_paid() {
    let city = a_city("yaan-2022", "");
    city.settle_all(MONTHLY);
    assert_eq!(city.clear(), 0);
    let before = city.table("2026", "consortia");
    assert!((0..before.len()).all(|row| before.text("cleared", row) == "false" && before.fen("adjustment", row) == 0));
    check_whole(&city);
    let gates = r#"[rules.consortium_sharing]
kind = "sharing.bands"
subject = "consortium"
surplus = [{ share = 1 }]
overrun = [{ share = 0 }]
mode = "marginal"
edge = "lower"
gate = "五统一"
gates = [{ subject = "演示城市医疗集团", gate = "五统一", met = true }, { subject = "演示东河县医共体", gate = "五统一", met = true }]
placeholder = "试验"
"#;
    city.policy("policy.toml", "yaan-2022", &format!("{MORE}{gates}"));
    assert_eq!(city.clear(), 0, "an open year may be cleared again");
    check_whole(&city);
    let after = city.table("2026", "consortia");
    let (mut kept, mut borne) = (0, 0);
    for row in (0..after.len()).filter(|&row| after.text("cleared", row) == "true") {
        assert_eq!(after.fen("borne", row), 0);
        let (balance, change) = (after.fen("balance", row), after.fen("adjustment", row));
        if balance < 0 {
            borne += 1;
            assert_eq!(change, balance, "超支不补");
        } else {
            kept += 1;
            // 结余留用, as far as the reserve reaches.
            assert!((0..=balance).contains(&change) && after.fen("kept", row) == balance);
        }
    }
    assert!(kept > 0 && borne > 0, "{kept} with a surplus, {borne} with an overrun");
    close_and_verify(&city);
    explain_all(&city);
    statements(&city);
}

/// 合理超支分担: the fund bears half of the first 10 % of an overrun and 30 % of the next.
#[test]
fn a_year_where_overruns_are_shared() {
    let city = a_city("bazhong-draft", "[rules.reserve_ledger]\nkind = \"none\"\n");
    let mut rules = MORE.replace("limited = true", "limited = false");
    city.policy("policy.toml", "bazhong-draft", &rules);
    city.settle_all(MONTHLY);
    assert_eq!(city.clear(), 0);
    let consortia = city.table("2026", "consortia");
    let mut shared = 0;
    for row in (0..consortia.len()).filter(|&row| consortia.fen("balance", row) < 0) {
        let (total, over) = (consortia.fen("total", row), -consortia.fen("balance", row));
        let (first, second) = ((total / 10).min(over), (total / 5).min(over) - (total / 10).min(over));
        let borne = to_fen(
            (Decimal::from(first) * decimal("0.5") + Decimal::from(second) * decimal("0.3")) / Decimal::ONE_HUNDRED,
        );
        assert_eq!(consortia.fen("borne", row), borne);
        assert_eq!(consortia.fen("adjustment", row), borne - over);
        shared += 1;
    }
    assert!(shared > 0);
    rules = rules.replace("limited = false", "limited = true");
    city.policy("policy.toml", "bazhong-draft", &rules);
    assert_eq!(city.clear(), 0);
    check_whole(&city);
    close_and_verify(&city);
    explain_all(&city);
}

/// A claim of January to appeal for, with a group it might have had, and another to be taken back.
struct Appeal {
    row: usize,
    id: String,
    old: String,
    new: String,
    gone_row: usize,
    gone: String,
}

fn an_appeal(january: &super::city::Rows) -> Appeal {
    let is = |row: &usize, kind: &str| january.text("case_kind", *row) == kind && january.text("state", *row) == "paid";
    let row = (0..january.len()).find(|row| is(row, "normal")).unwrap();
    let gone_row = (row + 1..january.len()).find(|row| is(row, "normal")).unwrap();
    let old = january.text("drg", row);
    let new = (row + 1..january.len()).filter(|row| is(row, "normal")).map(|row| january.text("drg", row));
    let new = new.into_iter().find(|drg| *drg != old).unwrap();
    let (id, gone) = (january.text("setl_id", row), january.text("setl_id", gone_row));
    Appeal { row, id, old, new, gone_row, gone }
}

/// Appeals and reversals are entries of later months; clearing shows original, corrections and net.
#[test]
fn corrections_are_entries_of_a_later_month() {
    let city = a_city("yaan-2022", "");
    let claims: Vec<_> = months().map(|month| city.synth(&month, MONTHLY)).collect();
    for (month, file) in months().zip(&claims).take(4) {
        assert_eq!(city.settle(&month, std::slice::from_ref(file)), 0);
    }
    let january = city.table("2026-01", "claims");
    let Appeal { row, id, old, new, gone_row, gone } = an_appeal(&january);
    let rows = format!("{id},,改组,{new},主要诊断有误,申诉决定 7 号\n{gone},,撤销,,重复住院,稽核通知 3 号\n");
    assert_eq!(city.settle_by("policy.toml", "2026-05", &claims[4..5], Some(&rows)), 0);
    let made = city.table("2026-05", "corrections");
    assert_eq!(made.len(), 2);
    let regrouped = made.only(&[("setl_id", &id), ("action", "regroup")]);
    assert_eq!((made.text("drg", regrouped), made.text("period", regrouped)), (new.clone(), "2026-01".to_owned()));
    // New points × the point value of January, to the fen, less what was due for the old.
    let pools = city.table("2026-01", "pools");
    let pool = pools.only(&[("insutype", &january.text("pool", row))]);
    let value = decimal(&pools.text("point_value", pool));
    let points = decimal(&january.text("points", row)) + decimal(&made.text("points", regrouped));
    assert_eq!(made.fen("amount", regrouped), to_fen(points * value) - january.fen("standard", row));
    let reversed = made.only(&[("setl_id", &gone), ("action", "reverse")]);
    assert_eq!(made.fen("amount", reversed), -january.fen("due", gone_row));
    assert_eq!(city.table("2026-05", "institutions").sum("corrections"), made.sum("amount"));
    // Reversed already: nothing is left to correct. The group it has now: nothing changes.
    let june = |rows: &str| city.refused("2026-06", &claims[5], rows);
    assert_eq!(june(&format!("{gone},,撤销,,x,y\n")), ["B034"]);
    assert!(june(&format!("{id},,改组,{new},x,y\n")).contains(&"B037"));
    assert_eq!(city.table("2026-06", "corrections").len(), 0);
    // Back to the old group: the two corrections cancel out.
    let rows = format!("{id},,改组,{old},复议,复议决定 2 号\n");
    assert_eq!(city.settle_by("policy.toml", "2026-06", &claims[5..6], Some(&rows)), 0);
    let back = city.table("2026-06", "corrections");
    assert_eq!(back.fen("amount", 0), -made.fen("amount", regrouped));
    for (month, file) in months().zip(&claims).skip(6) {
        assert_eq!(city.settle(&month, std::slice::from_ref(file)), 0);
    }
    assert_eq!(city.clear(), 0);
    check_whole(&city);
    cleared_with_corrections(&city, &january, &an_appeal(&january));
}

fn cleared_with_corrections(city: &City, january: &super::city::Rows, appeal: &Appeal) {
    let year = city.table("2026", "claims");
    let row = year.only(&[("setl_id", &appeal.id)]);
    assert_eq!((year.text("drg", row), year.fen("corrections", row)), (appeal.old.clone(), 0));
    assert_eq!(year.text("corrected_in", row), "2026-05 2026-06");
    assert_eq!(year.text("points", row), january.text("points", appeal.row));
    let row = year.only(&[("setl_id", &appeal.gone)]);
    assert_eq!((year.text("state", row), year.fen("due", row)), ("excluded".to_owned(), 0));
    assert_eq!(year.fen("corrections", row), -year.fen("monthly_due", row));
    assert_eq!(city.table("2026", "corrections").len(), 3);
    let explained = claim(&city.open(), &appeal.id, None, Lang::Zh).unwrap().render(Lang::Zh);
    for part in ["申诉决定 7 号", "主要诊断有误", "2026-05", "2026-06", "清算应付", "改组"] {
        assert!(explained.contains(part), "{part} in\n{explained}");
    }
    assert_eq!(Action::ALL.map(Action::code), ["reverse", "readmission", "regroup", "reprice", "relink"]);
}

#[test]
fn corrections_that_cannot_be_are_refused() {
    let city = a_city("yaan-2022", "");
    let claims = ["2026-01", "2026-02"].map(|month| city.synth(month, MONTHLY));
    assert_eq!(city.settle("2026-01", &claims[..1]), 0);
    let Appeal { id, new, .. } = an_appeal(&city.table("2026-01", "claims"));
    for (rows, code) in [
        (format!("nobody,,改组,{new},x,y\n"), "B032"),
        (",2026-02,重新计价,,x,y\n".to_owned(), "B032"),
        (format!("{id},,改组,{new},x,y\n{id},,撤销,,x,y\n"), "B033"),
        (format!("{id},,改组,ZZ99,x,y\n"), "B035"),
        (format!("{id},,改组,,x,y\n"), "B036"),
        (format!("{id},,撤销,{new},x,y\n"), "B036"),
        (format!("{id},2026-01,改组,{new},x,y\n"), "B036"),
        (",,重新计价,,x,y\n".to_owned(), "B036"),
    ] {
        assert_eq!(city.refused("2026-02", &claims[1], &rows), [code], "{rows}");
    }
    assert!(!city.refused("2026-02", &claims[1], &format!("{id},,改组,{new},,y\n")).is_empty(), "why?");
    assert!(!city.refused("2026-02", &claims[1], &format!("{id},,重审,{new},x,y\n")).is_empty(), "what?");
    assert_eq!(city.open().periods().count(), 1, "nothing was settled");
}

/// Corrected weights: a whole month priced anew. Doubled weights double the points of normal cases.
#[test]
fn corrected_weights_reprice_a_month() {
    let city = a_city("yaan-2022", "");
    for month in ["2026-01", "2026-02"] {
        let file = city.synth(month, MONTHLY);
        assert_eq!(city.settle(month, &[file]), 0);
    }
    let weights = fs::read_to_string(dianzhi_tests::root().join("fixtures/demo_scheme/drg_weights.csv")).unwrap();
    let doubled: Vec<String> = weights
        .lines()
        .enumerate()
        .map(|(at, line)| {
            let mut record = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
            let mut cells: Vec<String> = record.records().next().unwrap().unwrap().iter().map(str::to_owned).collect();
            if at > 0 {
                cells[1] = String::new();
                cells[2] = (decimal(&cells[2]) * Decimal::TWO).to_string();
            }
            cells.join(",")
        })
        .collect();
    fs::write(city.path("weights.csv"), doubled.join("\n")).unwrap();
    let rules = format!(
        "{MORE}[rules.weights]\nkind = \"weights.table\"\ntable = \"weights.csv\"\nplaceholder = \"试验\"\n\
         [rules.low_line]\nkind = \"low_line.none\"\nplaceholder = \"试验\"\n\
         [rules.high_line]\nkind = \"high_line.none\"\nplaceholder = \"试验\"\n"
    );
    city.policy("corrected.toml", "yaan-2022", &rules);
    let march = city.synth("2026-03", MONTHLY);
    let rows = ",2026-01,重新计价,,权重表勘误,勘误 1 号\n";
    assert_eq!(city.settle_by("corrected.toml", "2026-03", &[march], Some(rows)), 0);
    let (made, january) = (city.table("2026-03", "corrections"), city.table("2026-01", "claims"));
    assert!(made.len() > 20);
    let mut normal = 0;
    for row in 0..made.len() {
        let claim = january.only(&[("setl_id", &made.text("setl_id", row))]);
        assert_eq!(made.text("action", row), "reprice");
        if january.text("case_kind", claim) == "normal" {
            normal += 1;
            assert_eq!(made.text("points", row), january.text("points", claim), "twice the points, so as many more");
        }
    }
    assert!(normal > 20);
}
