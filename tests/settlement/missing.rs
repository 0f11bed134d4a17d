//! What a run lacks is told by code, with the number of cases; and the two warnings.

use dianzhi::pricing::{Options, price};
use dianzhi::settlement::{Details, MonthInput, month};

use super::world::{Case, World, case, compile, fen, pack};

const WEIGHTS: &str = "table = [{ drg = \"A\", weight = 1 }]";
const FLAT: &str = "[rules.low_line]\nkind = \"low_line.none\"\n[rules.high_line]\nkind = \"high_line.none\"\n";

fn refused(weights: &str, rules: &str, cases: &[Case]) -> Vec<&'static str> {
    let problems = World::new(cases).settle(&compile(&pack(weights, rules)), "2026-03").unwrap_err();
    problems.0.iter().map(|problem| problem.entry.code).collect()
}

#[test]
fn coefficients_rates_and_means() {
    let register = "[rules.institutions]\nkind = \"institutions.register\"\n\
         table = [{ fixmedins_code = \"H1\", hosp_lv = \"三级\" }]\n[rules.own]\nkind = \"coefficient.institution\"\n";
    assert_eq!(refused(WEIGHTS, &format!("{FLAT}{register}"), &[case("A", "1")]), ["M004"]);
    let rate = "[rules.method]\nkind = \"method.rate\"\nrates = { \"310\" = 1 }\ndue = \"gross\"\n";
    assert_eq!(refused(WEIGHTS, &format!("{FLAT}{rate}"), &[case("A", "1").of("390")]), ["M010"]);
    let mean = "[rules.pool_mean]\nkind = \"pool_mean.fixed\"\nvalues = { \"310\" = 1000 }\n";
    assert_eq!(refused(WEIGHTS, &format!("{FLAT}{mean}"), &[case("0000", "1").of("390")]), ["M011"]);
    assert_eq!(refused(WEIGHTS, mean, &[case("A", "1").of("390")]), ["M019"]);
    let zero = "table = [{ drg = \"A\", weight = 1, mean = 0 }]\nmean_cost = \"mean\"";
    assert_eq!(refused(zero, "", &[case("A", "1")]), ["M022"]);
}

#[test]
fn budgets_and_point_values() {
    let row = |period: &str| format!("{{ period = \"{period}\", pool = \"310\", fund_budget = 1 }}");
    let rows = format!("{}, {}", row("2026"), row("2026-03"));
    let budget = format!("[rules.budget]\nkind = \"budget.table\"\ntable = [{rows}]\n");
    assert_eq!(refused(WEIGHTS, &format!("{FLAT}{budget}"), &[case("A", "1")]), ["M014"]);
    let fixed = "[rules.point_value]\nkind = \"point_value.fixed\"\nvalues = { \"310\" = 100 }\ndue = \"fund\"\n";
    assert_eq!(refused(WEIGHTS, &format!("{FLAT}{fixed}"), &[case("A", "1").of("390")]), ["M016"]);
}

#[test]
fn columns_and_amounts() {
    let nursing = "[rules.nursing]\nkind = \"special.per_diem_points\"\nwhen = { levels = [\"三级\"] }\ndaily = 1\n";
    assert_eq!(refused(WEIGHTS, nursing, &[case("A", "1").days(i32::MIN)]), ["M021"]);
    let unknown = Case { patient: i64::MIN, ..case("A", "1") };
    assert_eq!(refused(WEIGHTS, FLAT, &[unknown]), ["M023"]);
    let large = "table = [{ drg = \"A\", weight = 1000000 }]";
    let factor = "[rules.f]\nkind = \"coefficient.fixed\"\nvalue = 1000000\n";
    let scale = "[rules.method]\nkind = \"method.points\"\nscale = 100000\n";
    assert_eq!(refused(large, &format!("{FLAT}{factor}{scale}"), &[case("A", "1")]), ["M009"]);
    let world = World::new(&[case("A", "1")]);
    let grouped = dianzhi::grouper::Grouped::default();
    let set = compile(&pack(WEIGHTS, FLAT));
    let problems = price(&world.claims, &grouped, &world.outcomes, &set, &Options::default()).unwrap_err();
    assert_eq!(problems.0[0].entry.code, "M018");
}

/// 1.5 × 9,575.25 × 0.92 = 13,213.845 → 13,213.85; less own pay 1,000, first own pay 500 and deductible 600 that is
/// 11,113.85, of which the fund pays 80 %: 8,891.08. When the deductible swallows all, nothing is due.
#[test]
fn by_case_the_deductions_of_the_patient_count() {
    let rules = "[rules.method]\nkind = \"method.rate\"\nrates = { \"*\" = 9575.25 }\ndue = \"case\"\n\
         fund_share = 0.8\n\
         [rules.f]\nkind = \"coefficient.fixed\"\nvalue = 0.92\n";
    let set = compile(&pack("table = [{ drg = \"A\", weight = 1.5 }]", &format!("{FLAT}{rules}")));
    let world = World::new(&[case("A", "15000"), case("A", "15000")]);
    let priced = world.price(&set, None).unwrap();
    let details = Details {
        own_pay_fen: vec![fen("1000"), 0],
        first_own_pay_fen: vec![fen("500"), 0],
        deductible_fen: vec![fen("600"), fen("13213.86")],
    };
    let period = "2026-03".parse().unwrap();
    let claims = &world.claims;
    let (priced, set) = (&priced, &set);
    let details = Some(&details);
    let input =
        MonthInput { period, claims, priced, set, carried: &[], details, past: &[], corrections: &[], recognised: &[] };
    let (settled, _) = month(&input).unwrap();
    assert_eq!(settled.due_fen, [fen("8891.08"), 0]);
    let problems = month(&MonthInput { details: None, ..input }).unwrap_err();
    assert_eq!(problems.0[0].entry.code, "M017");
}

#[test]
fn a_draft_marks_the_month_a_simulation() {
    let text = pack(WEIGHTS, FLAT).replace("in_force", "draft");
    let set = compile(&text);
    let world = World::new(&[case("A", "1")]);
    let priced = world.price(&set, None).unwrap();
    let period = "2026-03".parse().unwrap();
    let claims = &world.claims;
    let (priced, set) = (&priced, &set);
    let input = MonthInput {
        period,
        claims,
        priced,
        set,
        carried: &[],
        details: None,
        past: &[],
        corrections: &[],
        recognised: &[],
    };
    let (settled, warnings) = month(&input).unwrap();
    assert!(settled.simulation);
    assert_eq!(warnings.0.iter().map(|problem| problem.entry.code).collect::<Vec<_>>(), ["M020"]);
}
