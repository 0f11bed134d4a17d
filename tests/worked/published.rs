//! Published examples (D1–D7 of the domain notes), to the last fen.

use chrono::NaiveDate;
use dianzhi::grouper::{Grouped, Outcome, Status};
use dianzhi::money::Fen;
use dianzhi::settlement::calendar::Calendar;
use dianzhi::settlement::indicators::{fund_share_e6, grouping_rate_e6, surplus};

use crate::settlement::world::{World, case, compile, fen, pack};

/// D1. A: RW 1.2 × 50; B: 0.8 × 30; C: 2.5 × 20. Σ = 60 + 24 + 50 = 134 over 100 cases.
#[test]
fn d1_case_mix_index() {
    let weights =
        "table = [{ drg = \"A\", weight = 1.2 }, { drg = \"B\", weight = 0.8 }, { drg = \"C\", weight = 2.5 }]";
    let set = compile(&pack(
        weights,
        "[rules.low_line]\nkind = \"low_line.none\"\n[rules.high_line]\nkind = \"high_line.none\"",
    ));
    let mut cases = vec![case("A", "100"); 50];
    cases.extend(vec![case("B", "100"); 30]);
    cases.extend(vec![case("C", "100"); 20]);
    let (_, month) = World::new(&cases).settle(&set, "2026-03").unwrap();
    assert_eq!(month.institutions[0].sum.cmi_e4(), Some(13_400));
}

const RATE: &str = r#"
[rules.method]
kind = "method.rate"
rates = { "*" = 6495.34 }
due = "gross"
[rules.low_line]
kind = "low_line.flat"
ratio = 0.4
equal = "normal"
[rules.high_line]
kind = "high_line.flat"
ratio = 3
equal = "normal"
[rules.high_case]
kind = "high_case.as_normal"
[rules.low_case]
kind = "low_case.cost"
"#;

/// D2. 0.4527 × 6,495.34 = 2,940.440418 → 2,940.44; against a fee of 66,789.00 that loses 63,848.56. The lines 599.85
/// and 4,498.87 are 0.4 and 3 times a mean of 1,499.62(5): 0.4 × 1,499.62 = 599.848, 3 × 1,499.62 = 4,498.86.
#[test]
fn d2_points_to_money() {
    let weights = "table = [{ drg = \"ES3X\", weight = \"0.4527\", mean = \"1499.62\" }]\nmean_cost = \"mean\"";
    let set = compile(&pack(weights, RATE));
    let cases = [case("ES3X", "66789.00"), case("ES3X", "599.85"), case("ES3X", "599.84")];
    let (priced, month) = World::new(&cases).settle(&set, "2026-03").unwrap();
    assert_eq!(month.standard_fen[0], fen("2940.44"));
    assert_eq!(surplus(Fen(month.standard_fen[0]), Fen(fen("66789.00"))), Some(Fen(fen("-63848.56"))));
    let kinds: Vec<&str> = priced.case_kind.iter().map(|kind| kind.code()).collect();
    assert_eq!(kinds, ["high", "normal", "low"]);
}

/// D3. 2.5 × 12,000 × 1.1 × 1 = 33,000.
#[test]
fn d3_fixed_rate() {
    let rules = r#"
[rules.method]
kind = "method.rate"
rates = { "310" = 12000, "390" = 9000 }
due = "fund"
[rules.institutions]
kind = "institutions.register"
table = [{ fixmedins_code = "H1", hosp_lv = "三级", coefficient = 1.1 }]
[rules.own]
kind = "coefficient.institution"
[rules.adjustment]
kind = "coefficient.fixed"
value = 1
[rules.low_line]
kind = "low_line.none"
[rules.high_line]
kind = "high_line.none"
"#;
    let set = compile(&pack("table = [{ drg = \"X\", weight = 2.5 }]", rules));
    let (_, month) = World::new(&[case("X", "20000")]).settle(&set, "2026-03").unwrap();
    assert_eq!(month.due_fen, [fen("33000")]);
}

/// D4. A standard of 8,000: a cost of 7,000 keeps 1,000, a cost of 9,000 loses 1,000.
#[test]
fn d4_flat_price() {
    assert_eq!(surplus(Fen(fen("8000")), Fen(fen("7000"))), Some(Fen(fen("1000"))));
    assert_eq!(surplus(Fen(fen("8000")), Fen(fen("9000"))), Some(Fen(fen("-1000"))));
}

/// D5. 718 of 1,372 neonates: 718 ÷ 1,372 = 0.523323… = 52.33 %.
#[test]
fn d5_rate_of_a_part() {
    let outcome = |status| Outcome { status, mdc: String::new(), adrg: String::new(), drg: String::new() };
    let outcomes = [outcome(Status::Grouped), outcome(Status::Ungroupable)];
    let mut grouped = Grouped { outcomes: vec![1; 718] };
    grouped.outcomes.extend(vec![0; 1_372 - 718]);
    let rate = grouping_rate_e6(&grouped, &outcomes, |_| true).unwrap();
    assert_eq!(1_000_000 - rate, 523_324);
    assert_eq!(grouping_rate_e6(&grouped, &outcomes, |_| false), None);
}

/// D6. Friday 2026-07-10 and one working day, Monday the 13th being off: the 14th.
#[test]
fn d6_working_days() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let calendar = Calendar { holidays: [day("2026-07-13")].into(), ..Calendar::default() };
    assert_eq!(calendar.after(day("2026-07-10"), 1), Some(day("2026-07-14")));
}

/// D7. Of an overrun of 6 million the hospital bears 3: the fund bears 50 %.
#[test]
fn d7_share_of_an_overrun() {
    assert_eq!(fund_share_e6(Fen(fen("6000000")), Fen(fen("3000000"))), Some(500_000));
}
