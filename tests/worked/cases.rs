//! Every kind of case by hand. Throughout RW = 1.5, A = 12,000, M = 8,000, s = 100, f = 0.9, L = 0.35, K = 2, so that
//! base points are 150, a normal case has 135, a case is low under 4,200 and high over 24,000.

use dianzhi::policy::PolicySet;
use dianzhi::pricing::{CaseKind, State};

use crate::settlement::world::{Case, World, case, compile, fen, pack};

const WEIGHTS: &str = "table = [{ drg = \"ES31\", weight = 1.5, mean = 12000 }]\nmean_cost = \"mean\"";
const COMMON: &str = r#"
[rules.pool_mean]
kind = "pool_mean.fixed"
values = { "*" = 8000 }
[rules.level]
kind = "coefficient.level"
levels = { "三级" = 0.9, "一级" = 4 }
"#;
const LOW: &str = "[rules.low_line]\nkind = \"low_line.flat\"\nratio = 0.35\nequal = \"normal\"\n";
const HIGH: &str = "[rules.high_line]\nkind = \"high_line.flat\"\nratio = 2\nequal = \"normal\"\n";

fn set(rules: &str) -> PolicySet {
    let lines = [("low_line", LOW), ("high_line", HIGH)];
    let lines: String =
        lines.iter().filter(|(name, _)| !rules.contains(&format!("[rules.{name}]"))).map(|(_, text)| *text).collect();
    compile(&pack(WEIGHTS, &format!("{COMMON}{lines}{rules}")))
}

/// (kind, state, points, amount in the pool, amount outside)
type Price = (CaseKind, State, i64, String, String);

fn price(rules: &str, case: Case) -> Price {
    let priced = World::new(&[case]).price(&set(rules), None).unwrap_or_else(|problems| panic!("{problems}\n{rules}"));
    let yuan = |fen: i64| dianzhi::money::Fen(fen).to_string();
    let amounts = (yuan(priced.amount_fen[0]), yuan(priced.outside_fen[0]));
    (priced.case_kind[0], priced.state[0], priced.points_e4[0], amounts.0, amounts.1)
}

fn check(rules: &str, case: Case, kind: CaseKind, points_e4: i64, amount: &str) {
    let expected = (kind, State::Paid, points_e4, amount.to_owned(), "0.00".to_owned());
    assert_eq!(price(rules, case), expected, "{rules}");
}

use CaseKind::{ByItem, High, Low, Normal, PerDiem, Ungrouped};

#[test]
fn normal() {
    check("", case("ES31", "10000"), Normal, 1_350_000, "0.00");
    // Base points instead of weights: 160 × 0.9 = 144.
    let weights =
        "table = [{ \"组\" = \"ES31\", \"点\" = 160 }]\ndrg = \"组\"\nweight = \"点\"\nunit = \"base_points\"";
    let set = compile(&pack(weights, &format!("{COMMON}{LOW}{HIGH}")));
    let priced = World::new(&[case("ES31", "10000")]).price(&set, None).unwrap();
    assert_eq!(priced.points_e4, [1_440_000]);
}

#[test]
fn low_outliers() {
    let low = |kind: &str| format!("[rules.low_case]\nkind = \"low_case.{kind}\n");
    check(&low("as_normal\""), case("ES31", "3000"), Low, 1_350_000, "0.00");
    check(&low("cost\""), case("ES31", "3000"), Low, 0, "3000.00");
    // 3,000 ÷ 8,000 × 100 = 37.5; at 80 % 30
    check(&low("pool_ratio\""), case("ES31", "3000"), Low, 375_000, "0.00");
    check(&low("pool_ratio\"\nshare = 0.8"), case("ES31", "3000"), Low, 300_000, "0.00");
    // 150 × 0.9 × 3,000 ÷ 12,000 = 33.75; without f 37.5
    check(&low("stay_ratio\"\ncoefficient = true"), case("ES31", "3000"), Low, 337_500, "0.00");
    check(&low("stay_ratio\"\ncoefficient = false"), case("ES31", "3000"), Low, 375_000, "0.00");
    // f = 4: 150 × 4 × 4,100 ÷ 12,000 = 205, capped at the base points 150
    check(&low("stay_ratio\"\ncoefficient = true"), case("ES31", "4100").at("H2", "一级"), Low, 1_500_000, "0.00");
    let outside = price(&low("cost\"\nfrom = \"outside\""), case("ES31", "3000"));
    assert_eq!(outside, (Low, State::Paid, 0, "0.00".into(), "3000.00".into()));
    let review = price(&low("review\""), case("ES31", "3000"));
    assert_eq!(review, (Low, State::Unpaid, 0, "0.00".into(), "0.00".into()));
    // 3,333.33 ÷ 8,000 × 100 = 41.666625
    check(&low("pool_ratio\""), case("ES31", "3333.33"), Low, 416_666, "0.00");
}

#[test]
fn high_outliers() {
    let high = |kind: &str| format!("[rules.high_case]\nkind = \"high_case.{kind}\n");
    let c = || case("ES31", "36000");
    check(&high("as_normal\""), c(), High, 1_350_000, "0.00");
    // 135 + (36,000 ÷ 12,000 − 2) × 150 = 285; with f on the excess 135 + 135 = 270; at 70 % 135 + 105 = 240
    check(&high("linear_add\""), c(), High, 2_850_000, "0.00");
    check(&high("linear_add\"\ncoefficient = true"), c(), High, 2_700_000, "0.00");
    check(&high("linear_add\"\nshare = 0.7"), c(), High, 2_400_000, "0.00");
    // 36,000 ÷ 8,000 × 100 − (2 − 1) × 135 = 315
    check(&high("deduct\""), c(), High, 3_150_000, "0.00");
    // f = 4: 24,001 ÷ 8,000 × 100 − 600 = −299.9875, at least nothing
    check(&high("deduct\""), case("ES31", "24001").at("H2", "一级"), High, 0, "0.00");
    // 12,000 × 2 × 0.9 ÷ 8,000 × 100 = 270
    check(&high("cap\""), c(), High, 2_700_000, "0.00");
    // 135 points and 0.7 × (36,000 − 24,000) = 8,400 yuan
    check(&high("excess_cost\"\nshare = 0.7"), c(), High, 1_350_000, "8400.00");
    let outside = price(&high("excess_cost\"\nshare = 0.7\nfrom = \"outside\""), c());
    assert_eq!(outside, (High, State::Paid, 1_350_000, "0.00".into(), "8400.00".into()));
    check(&high("cost\""), c(), High, 0, "36000.00");
    let review = price(&high("review\""), c());
    assert_eq!(review, (High, State::Unpaid, 0, "0.00".into(), "0.00".into()));
    // 0.333333 × (30,000.01 − 24,000) = 1,999.9999…33 → 2,000.00 (6,000.01 × 0.333333 = 2,000.00133…)
    check(&high("excess_cost\"\nshare = 0.333333"), case("ES31", "30000.01"), High, 1_350_000, "2000.00");
}

#[test]
fn references() {
    let line = |reference: &str| {
        format!(
            "[rules.high_line]\nkind = \"high_line.flat\"\nratio = 2\nequal = \"normal\"\nreference = \"{reference}\"\n"
        )
    };
    let kind = |rules: &str, yuan: &str| price(rules, case("ES31", yuan)).0;
    // Payment standard by points: 1.5 × 0.9 × 8,000 = 10,800, doubled 21,600.
    assert_eq!(kind(&line("payment_standard"), "21600.00"), Normal);
    assert_eq!(kind(&line("payment_standard"), "21600.01"), High);
    // RW × M = 12,000, doubled 24,000.
    assert_eq!(kind(&line("pool_mean"), "24000.00"), Normal);
    assert_eq!(kind(&line("pool_mean"), "24000.01"), High);
    // The excess is counted from the same reference: 135 + (32,400 ÷ 10,800 − 2) × 150 = 285.
    check(&line("payment_standard"), case("ES31", "32400"), High, 2_850_000, "0.00");
    // Lower of: 0.35 × 12,000 × min(1, 0.9) = 3,780; with f = 4 it stays 4,200.
    let low = "[rules.low_line]\nkind = \"low_line.flat\"\nratio = 0.35\nequal = \"normal\"\nlower_of = true\n";
    assert_eq!(kind(low, "3779.99"), Low);
    assert_eq!(kind(low, "3780.00"), Normal);
    assert_eq!(price(low, case("ES31", "4199.99").at("H2", "一级")).0, Low);
    assert_eq!(price(low, case("ES31", "4200.00").at("H2", "一级")).0, Normal);
}

#[test]
fn without_a_group() {
    let rules = r#"
[rules.ungrouped]
kind = "ungrouped.pool_ratio"
statuses = ["ungroupable"]
share = 0.7
[rules.ambiguous]
kind = "ungrouped.cost"
statuses = ["ambiguous"]
share = 0.9
"#;
    // 5,000 ÷ 8,000 × 100 × 0.7 = 43.75
    check(rules, case("0000", "5000"), Ungrouped, 437_500, "0.00");
    check(rules, case("BQY", "5000"), Ungrouped, 0, "4500.00");
    assert_eq!(price(rules, case("", "5000")).1, State::Unpaid);
    let as_ungrouped = format!("{rules}[rules.missing_weight]\nkind = \"missing_weight.as_ungrouped\"\n");
    check(&as_ungrouped, case("ZZ11", "5000"), Ungrouped, 437_500, "0.00");
    let excluded = format!("{rules}[rules.missing_weight]\nkind = \"missing_weight.exclude\"\n");
    assert_eq!(price(&excluded, case("ZZ11", "5000")).1, State::Excluded);
}

#[test]
fn by_the_day_and_by_item() {
    let rules = r#"
[rules.nursing]
kind = "special.per_diem_points"
when = { departments = ["A15"] }
daily = 3.25
[rules.psychiatry]
kind = "special.per_diem_amount"
when = { departments = ["A16"] }
daily_by_level = { "三级" = 180, "二级" = 150 }
[rules.device]
kind = "special.cost"
when = { departments = ["A17"], days_from = 10 }
"#;
    // 3.25 × 30 = 97.5 points; 180 × 30 = 5,400 yuan; all days of the stay
    check(rules, case("ES31", "9000").department("A15").days(30), PerDiem, 975_000, "0.00");
    check(rules, case("ES31", "9000").department("A16").days(30), PerDiem, 0, "5400.00");
    check(rules, case("0000", "9000").department("A15").days(1), PerDiem, 32_500, "0.00");
    check(rules, case("ES31", "9000").department("A17").days(10), ByItem, 0, "9000.00");
    check(rules, case("ES31", "9000").department("A17").days(9), Normal, 1_350_000, "0.00");
    // An unknown stay fails a test of days.
    let unknown = case("ES31", "9000").department("A17").days(i32::MIN);
    check(rules, unknown, Normal, 1_350_000, "0.00");
}

#[test]
fn coefficients() {
    let weights =
        "table = [{ drg = \"ES31\", weight = 1.5, c1 = 1.0342 }, { drg = \"ES35\", weight = 1, c1 = 0.7697 }]";
    let rules = r#"
[rules.low_line]
kind = "low_line.none"
[rules.high_line]
kind = "high_line.none"
[rules.level]
kind = "coefficient.level"
columns = { "三级" = "c1" }
levels = { "二级" = 0.95 }
[rules.own]
kind = "coefficient.drg_institution"
table = [{ drg = "ES31", fixmedins_code = "H1", coefficient = 1.25 }]
default = 1
[rules.same]
kind = "same_price.groups"
drgs = ["ES35"]
levels = ["二级"]
"#;
    let set = compile(&pack(weights, rules));
    let cases = [
        case("ES31", "1").at("H1", "三级"), // 150 × 1.0342 × 1.25 = 193.9125
        case("ES31", "1").at("H2", "三级"), // 150 × 1.0342 = 155.13
        case("ES31", "1").at("H1", "二级"), // 150 × 0.95 × 1.25 = 178.125
        case("ES35", "1").at("H1", "三级"), // 100 × 0.7697 = 76.97
        case("ES35", "1").at("H1", "二级"), // one price: 100
    ];
    let priced = World::new(&cases).price(&set, None).unwrap();
    assert_eq!(priced.points_e4, [1_939_125, 1_551_300, 1_781_250, 769_700, 1_000_000]);
    let problems = World::new(&[case("ES31", "1").at("H1", "四级")]).price(&set, None).unwrap_err();
    assert_eq!(problems.0.iter().map(|p| p.entry.code).collect::<Vec<_>>(), ["M003"]);
}

#[test]
fn by_rate() {
    let rules = |rest: &str| {
        format!(
            "[rules.method]\nkind = \"method.rate\"\nrates = {{ \"*\" = 9575.25 }}\ndue = \"gross\"\n{rest}\
             [rules.level]\nkind = \"coefficient.fixed\"\nvalue = 0.92\n"
        )
    };
    let set = |rest: &str| compile(&pack(WEIGHTS, &format!("{LOW}{HIGH}{}", rules(rest))));
    let standard = |rest: &str, case: Case| World::new(&[case]).price(&set(rest), None).unwrap().amount_fen[0];
    // 1.5 × 9,575.25 × 0.92 = 13,213.845
    assert_eq!(standard("", case("ES31", "10000")), fen("13213.85"));
    let truncated = "[rules.rounding]\nkind = \"rounding.digits\"\nmoney = \"toward_zero\"\n";
    assert_eq!(standard(truncated, case("ES31", "10000")), fen("13213.84"));
    // (1.38 + (3 − 2) × 1.5) × 9,575.25 = 27,576.72
    assert_eq!(standard("", case("ES31", "36000")), fen("27576.72"));
    // 13,213.845 + 0.7 × 12,000 = 21,613.845, rounded once
    let excess = "[rules.high_case]\nkind = \"high_case.excess_cost\"\nshare = 0.7\n";
    assert_eq!(standard(excess, case("ES31", "36000")), fen("21613.85"));
    // Work is still measured: 1.5 × 0.92 = 1.38 points of scale 1.
    assert_eq!(World::new(&[case("ES31", "10000")]).price(&set(""), None).unwrap().points_e4, [13_800]);
}
