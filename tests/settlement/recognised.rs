//! Points of recognised exams in a month and a year, by hand. A case of group A has 100 points, budgets are small.

use std::collections::BTreeMap;

use dianzhi::policy::{Citation, PolicySet, RuleRef};
use dianzhi::pricing::{Options, price};
use dianzhi::problem::Problems;
use dianzhi::settlement::{
    Account, Cases, Compact, CompactMonth, CompactYear, Month, MonthInput, PointLine, Year, YearInput, month, year,
};
use dianzhi::table::cell::plain;

use super::world::{Case, World, case, compile, compile_with, fen, pack};

const WEIGHTS: &str = "table = [{ drg = \"A\", weight = 1 }]";
const COMMON: &str = r#"
[rules.low_line]
kind = "low_line.none"
[rules.high_line]
kind = "high_line.none"
[rules.point_value]
kind = "point_value.fund"
[rules.budget]
kind = "budget.table"
table = [
  { period = "2026-03", pool = "310", fund_budget = 10000 },
  { period = "2026-03", pool = "390", fund_budget = 500 } ]
"#;
const YEARLY: &str = r#"
[rules.low_line]
kind = "low_line.none"
[rules.high_line]
kind = "high_line.none"
[rules.point_value]
kind = "point_value.fund"
[rules.budget]
kind = "budget.table"
table = [{ period = "2026", pool = "310", fund_budget = 10000 }, { period = "2026", pool = "390", fund_budget = 500 }]
"#;

fn line(institution: &str, insutype: &str, points_e4: i64) -> PointLine {
    let citation = Citation { document: "互认办法".into(), number: None, date: None, article: "第九条".into() };
    let rule = RuleRef {
        name: "booking".into(),
        kind: "recognition_booking.points",
        pack: "exams".into(),
        citation: Some(citation),
        placeholder: None,
        parameters: Vec::new(),
    };
    PointLine {
        institution: institution.into(),
        insutype: insutype.into(),
        period: "2026-03".parse().unwrap(),
        records: 1,
        points_e4,
        pack: "exams-2026".into(),
        rule,
        monthly_due_fen: 0,
    }
}

fn settle(set: &PolicySet, cases: &[Case], recognised: &[PointLine]) -> Result<Month, Problems> {
    let world = World::new(cases);
    let priced = world.price(set, Some("2026-03"))?;
    let input = MonthInput {
        period: "2026-03".parse().unwrap(),
        claims: &world.claims,
        priced: &priced,
        set,
        carried: &[],
        details: None,
        past: &[],
        corrections: &[],
        recognised,
    };
    let (settled, _) = month(&input)?;
    // The figures of scenarios are the same.
    let compact = Compact::of(&Cases::of(&world.claims, &priced, None)).unwrap();
    let used = [0].into();
    let (carried, corrections) = (&[], &[]);
    let figures =
        CompactMonth { period: input.period, set, cases: &compact, used: &used, carried, corrections, recognised };
    let figures = figures.settle()?;
    assert_eq!((&figures.pools, &figures.institutions), (&settled.pools, &settled.institutions));
    Ok(settled)
}

fn clear(set: &PolicySet, cases: &[Case], recognised: &[PointLine]) -> Result<Year, Problems> {
    let world = World::new(cases);
    let period = "2026".parse().unwrap();
    let options = Options { period: Some(period), ..Options::default() };
    let priced = price(&world.claims, &world.grouped, &world.outcomes, set, &options)?;
    let cases = Cases::of(&world.claims, &priced, None);
    let compact = Compact::of(&cases).unwrap();
    let (cleared, _) =
        year(&YearInput { period, cases: &cases, set, paid: &[], openings: &BTreeMap::new(), recognised })?;
    let figures =
        CompactYear { period, set, cases: &compact, paid: &[], openings: &BTreeMap::new(), recognised }.settle()?;
    assert_eq!((&figures.pools, &figures.institutions), (&cleared.pools, &cleared.institutions));
    Ok(cleared)
}

fn codes(problems: &Problems) -> Vec<&'static str> {
    problems.0.iter().map(|problem| problem.entry.code).collect()
}

/// 310: 10,000 ÷ (100 + 100 + 12.3456) = 47.09304 → 47.0930. Cases 4,709.30 each; H1's line 12.3456 × 47.0930 =
/// 581.39134 → 581.39; 9,999.99 in all, 0.01 left. 390 has no case: H3's 4 points share its 500 by themselves.
#[test]
fn points_lower_the_value_and_are_paid_on_their_own_lines() {
    let set = compile(&pack(WEIGHTS, COMMON));
    let cases = [case("A", "8000"), case("A", "9000").at("H2", "二级")];
    let lines = [line("H1", "310", 123_456), line("H3", "390", 40_000)];
    let month = settle(&set, &cases, &lines).unwrap();
    let values: Vec<_> = month.pools.iter().map(|pool| pool.point_value_e6).collect();
    assert_eq!(values, [Some(47_093_000), Some(125_000_000)]);
    assert_eq!(month.due_fen, [fen("4709.30"); 2]);
    let dues: Vec<_> = month.recognised.iter().map(|line| line.due_fen).collect();
    assert_eq!(dues, [fen("581.39"), fen("500")]);
    let rows: Vec<_> = month
        .institutions
        .iter()
        .map(|row| (row.institution.as_str(), row.sum.cases, row.sum.due_fen, row.sum.recognised_fen))
        .collect();
    let expected =
        [("H1", 1, fen("5290.69"), fen("581.39")), ("H2", 1, fen("4709.30"), 0), ("H3", 0, fen("500"), fen("500"))];
    assert_eq!(rows, expected);
    assert_eq!((month.pools[0].sum.due_fen, month.pools[0].balance_fen), (fen("9999.99"), Some(1)));
    let own = |subject: &str, account| month.entries.iter().find(|e| e.subject == subject && e.account == account);
    assert_eq!(own("310", Account::PaidByPoints).unwrap().fen, fen("9418.60"));
    assert_eq!(own("310", Account::Recognised).unwrap().fen, fen("581.39"));
    let entry = own("H1", Account::Recognised).unwrap();
    let numbers: Vec<_> = entry.numbers.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(numbers, ["recognised_in=2026-03", "records=1", "points=12.3456", "point_value=47.093"]);
    let world = World::new(&cases);
    let priced = world.price(&set, Some("2026-03")).unwrap();
    let tables = month.tables(&world.claims, &world.grouped, &world.outcomes, &priced, &set);
    let table = |name: &str| tables.iter().find(|(own, _)| *own == name).map(|(_, table)| table).unwrap();
    let entries = table("entries");
    let row = entries.find("account", "recognition_points")[2];
    let cited = ["pack", "rule", "kind", "document", "article"].map(|name| plain(entries.column(name).unwrap(), row));
    assert_eq!(cited, ["exams-2026", "booking", "recognition_booking.points", "互认办法", "第九条"]);
    let points = table("recognition_points");
    let first = ["fixmedins_code", "insutype", "period", "points", "point_value", "due"];
    let first = first.map(|name| plain(points.column(name).unwrap(), 0));
    assert_eq!(first, ["H1", "310", "2026-03", "12.3456", "47.093000", "581.39"]);
}

/// Taken back: 200 − 20 points, 55.5556; −20 × 55.5556 = −1,111.11.
#[test]
fn points_taken_back_raise_the_value() {
    let set = compile(&pack(WEIGHTS, COMMON));
    let cases = [case("A", "8000"), case("A", "9000").at("H2", "二级")];
    let month = settle(&set, &cases, &[line("H1", "310", -200_000)]).unwrap();
    assert_eq!(month.pools[0].point_value_e6, Some(55_555_600));
    assert_eq!(month.recognised[0].due_fen, fen("-1111.11"));
    assert_eq!(month.institutions[0].sum.due_fen, fen("4444.45"));
    // In a pool without any other point there is no value yet: the year takes it back.
    let month = settle(&set, &cases, &[line("H1", "390", -200_000)]).unwrap();
    assert_eq!((month.pools[1].point_value_e6, month.recognised[0].due_fen), (None, 0));
}

/// The year: 10,000 ÷ 225 = 44.4444; lines of two months, each rounded by itself: 444.44, 666.67; nothing of them is
/// surplus to be shared: entitled are 4,444.44, which cost 4,000.00, half of 444.44 is kept.
#[test]
fn the_year_pays_every_line_by_the_final_value_and_shares_none_of_it() {
    const BANDS: &str = r#"
[rules.sharing]
kind = "sharing.bands"
subject = "institution"
surplus = [{ share = 0.5 }]
overrun = [{ share = 0 }]
mode = "marginal"
edge = "lower"
"#;
    let set = compile(&pack(WEIGHTS, &format!("{YEARLY}{BANDS}")));
    let cases = [case("A", "4000"), case("A", "4000").at("H2", "二级")];
    let late = PointLine { period: "2026-11".parse().unwrap(), ..line("H1", "310", 150_000) };
    let year = clear(&set, &cases, &[line("H1", "310", 100_000), late]).unwrap();
    assert_eq!(year.pools[0].point_value_e6, Some(44_444_400));
    let dues: Vec<_> = year.recognised.iter().map(|line| line.due_fen).collect();
    assert_eq!(dues, [fen("444.44"), fen("666.67")]);
    let row = &year.institutions[0];
    assert_eq!([row.sum.due_fen, row.entitled_fen, row.cost_fen], ["5555.55", "4444.44", "4000"].map(fen));
    assert_eq!([row.kept_fen, row.adjustment_fen, row.final_fen], ["222.22", "-222.22", "5333.33"].map(fen));
}

/// The consortium pays for what its members recognise: 10,000 are shared by 100 + 100 + 50 points, 40 each.
#[test]
fn a_consortium_has_the_lines_of_its_members_on_the_last_day_of_their_month() {
    const REGISTER: &str = r#"
[rules.institutions]
kind = "institutions.register"
table = [
  { fixmedins_code = "H1", hosp_lv = "三级", consortium = "甲", valid_to = 2026-03-30 },
  { fixmedins_code = "H1", hosp_lv = "三级", valid_from = 2026-03-31 },
  { fixmedins_code = "H2", hosp_lv = "二级", consortium = "甲" } ]
"#;
    let set = compile(&pack(WEIGHTS, &format!("{COMMON}{REGISTER}")));
    let cases = [case("A", "8000"), case("A", "9000").at("H2", "二级")];
    let lines = [line("H1", "310", 200_000), line("H2", "310", 300_000)];
    let month = settle(&set, &cases, &lines).unwrap();
    let groups: Vec<_> = month.recognised.iter().map(|line| line.group.consortium.as_str()).collect();
    assert_eq!(groups, ["", "甲"]);
    assert_eq!(month.consortia[0].sum.due_fen, fen("9200"));
    let nobody = settle(&set, &cases, &[line("H9", "310", 200_000)]).unwrap_err();
    assert_eq!(codes(&nobody), ["M002"]);
    let no_pool = settle(&set, &cases, &[line("H2", "340", 200_000)]).unwrap_err();
    assert_eq!(codes(&no_pool), ["M005"]);
}

/// By rate a point is worth nothing: a pack that says both is refused, and so is a settlement of points of another.
#[test]
fn points_have_no_value_where_cases_are_paid_by_rate() {
    const RATE: &str = r#"
[rules.method]
kind = "method.rate"
rates = { "*" = 9000 }
due = "gross"
"#;
    let booking = "[rules.recognition_booking]\nkind = \"recognition_booking.points\"\nvalue = 50\n";
    let problems = compile_with(&pack(WEIGHTS, &format!("{RATE}{booking}")), &[]).unwrap_err();
    assert_eq!(codes(&problems), ["P033"]);
    assert_eq!(problems.0[0].place.rule.as_deref(), Some("rules.recognition_booking"));
    let set = compile(&pack(WEIGHTS, RATE));
    assert_eq!(codes(&settle(&set, &[case("A", "8000")], &[line("H1", "310", 1)]).unwrap_err()), ["M034"]);
}
