//! Exhaustive small worlds at the lines: cost on, one fen under and one fen over every edge.

use dianzhi::pricing::CaseKind;
use rust_decimal::Decimal;

use super::world::{World, case, compile, pack};

/// What a person would say: compare the cost with the multiple of the reference.
fn by_hand(cost: i64, low: Decimal, high: Decimal, reference: Decimal, equal_normal: bool) -> CaseKind {
    let cost = Decimal::new(cost, 2);
    let (low, high) = (low * reference, high * reference);
    if cost < low || (!equal_normal && cost == low) {
        CaseKind::Low
    } else if cost > high || (!equal_normal && cost == high) {
        CaseKind::High
    } else {
        CaseKind::Normal
    }
}

#[test]
fn every_cost_around_every_line_falls_on_the_stated_side() {
    let means = ["1000", "999.99", "1234.57", "3.01"];
    let lows = ["0", "0.3", "0.35", "0.333333", "0.5"];
    let highs = ["1.3", "2", "2.999999", "3"];
    for equal in ["normal", "outlier"] {
        for mean in means {
            for (low, high) in lows.iter().flat_map(|low| highs.iter().map(move |high| (*low, *high))) {
                let rules = format!(
                    "[rules.low_line]\nkind = \"low_line.flat\"\nratio = {low}\nequal = \"{equal}\"\n\
                     [rules.high_line]\nkind = \"high_line.flat\"\nratio = {high}\nequal = \"{equal}\"\n"
                );
                let weights = format!("table = [{{ drg = \"A\", weight = 1, mean = {mean} }}]\nmean_cost = \"mean\"");
                let set = compile(&pack(&weights, &rules));
                let reference: Decimal = mean.parse().unwrap();
                let (low, high): (Decimal, Decimal) = (low.parse().unwrap(), high.parse().unwrap());
                let hundred = Decimal::from(100);
                let edges = [low * reference * hundred, high * reference * hundred];
                let around = edges.iter().flat_map(|edge| {
                    let floor = i64::try_from(edge.floor()).unwrap();
                    (floor - 2).max(1)..=floor + 2
                });
                let costs: Vec<i64> = around.collect();
                let cases: Vec<_> = costs
                    .iter()
                    .map(|cost| super::world::Case { total: *cost, fund: *cost, ..case("A", "1") })
                    .collect();
                let priced = World::new(&cases).price(&set, None).unwrap();
                for (cost, kind) in costs.iter().zip(&priced.case_kind) {
                    let expected = by_hand(*cost, low, high, reference, equal == "normal");
                    assert_eq!(*kind, expected, "cost {cost} fen, mean {mean}, L {low}, K {high}, equal = {equal}");
                }
            }
        }
    }
}

/// The line of 达州's kind: by bands of weight, whose upper ends are exclusive.
#[test]
fn bands_of_weight_are_open_above() {
    let weights = "table = [
        { drg = \"A\", weight = 0.9999 }, { drg = \"B\", weight = 1 }, { drg = \"C\", weight = 1.999999 },
        { drg = \"D\", weight = 2 }, { drg = \"E\", weight = 5 }, { drg = \"F\", weight = 4.9999 } ]";
    let rules = "[rules.pool_mean]\nkind = \"pool_mean.fixed\"\nvalues = { \"*\" = 1000 }\n";
    let set = compile(&pack(weights, rules));
    let drgs = ["A", "B", "C", "D", "E", "F"];
    let priced = World::new(&drgs.map(|drg| case(drg, "1000"))).price(&set, None).unwrap();
    let lines: Vec<i64> = (0..6).map(|row| priced.cell_of(row).unwrap().high.unwrap().0.0).collect();
    assert_eq!(lines, [3_000_000, 2_500_000, 2_500_000, 2_000_000, 1_300_000, 1_500_000]);
}

#[test]
fn lines_by_level() {
    let rules = r#"
[rules.low_line]
kind = "low_line.by_level"
levels = { "三级" = 0.4, "二级" = 0.3 }
equal = "normal"
[rules.high_line]
kind = "high_line.by_level"
levels = { "三级" = 3, "二级" = 2 }
equal = "normal"
"#;
    let weights = "table = [{ drg = \"A\", weight = 1, mean = 1000 }]\nmean_cost = \"mean\"";
    let set = compile(&pack(weights, rules));
    let cases = ["399.99", "400", "3000", "3000.01"].map(|yuan| case("A", yuan).at("H1", "三级"));
    let others = ["299.99", "300", "2000", "2000.01"].map(|yuan| case("A", yuan).at("H2", "二级"));
    let priced = World::new(&[cases.to_vec(), others.to_vec()].concat()).price(&set, None).unwrap();
    use CaseKind::{High, Low, Normal};
    assert_eq!(priced.case_kind, [Low, Normal, Normal, High, Low, Normal, Normal, High]);
    let problems = World::new(&[case("A", "1").at("H3", "一级")]).price(&set, None).unwrap_err();
    assert_eq!(problems.0[0].entry.code, "M003");
}

const GROUPED: &str = "table = [
    { drg = \"A\", weight = 0.9, mean = 1000, kl = 1.5 }, { drg = \"B\", weight = 1, mean = 2000, kl = 1.8, kl3 = 2.2 },
    { drg = \"C\", weight = 3, mean = 3000 }]\nmean_cost = \"mean\"";

fn kinds(rules: &str, cases: &[super::world::Case]) -> Vec<CaseKind> {
    let set = compile(&pack(GROUPED, rules));
    World::new(cases).price(&set, None).unwrap_or_else(|problems| panic!("{problems}")).case_kind
}

#[test]
fn lines_listed_by_group_and_level() {
    use CaseKind::{High, Low, Normal};
    let rules = r#"
[rules.low_line]
kind = "low_line.by_group"
table = [{ drg = "A", ratio = 0.5 }, { drg = "A", level = "三级", ratio = 0.6 }]
others = "bands"
bands = [{ level = "二级", ratio = 0.2 }, { below = 2, ratio = 0.4 }, { ratio = 0.3 }]
equal = "normal"
[rules.high_line]
kind = "high_line.by_group"
column = "kl"
columns = { "三级" = "kl3" }
others = "no_line"
equal = "outlier"
"#;
    // A at 三级: L 600.00 (its own row); K: kl3 is blank for A, and columns names the level: no line.
    // A at 一级: L 500.00; K by column kl 1,500.00, on it an outlier.
    let a = [
        ("三级", "599.99"),
        ("三级", "600"),
        ("三级", "99999"),
        ("一级", "499.99"),
        ("一级", "1499.99"),
        ("一级", "1500"),
    ];
    let cases = a.map(|(level, yuan)| case("A", yuan).at("H1", level));
    assert_eq!(kinds(rules, &cases), [Low, Normal, Normal, Low, Normal, High]);
    // B (not in the table, RW 1): bands 0.4 × 2,000 = 800.00 at 三级, 0.2 × 2,000 = 400.00 at 二级; K 4,400.00 and
    // 3,600.00.
    let b = [
        ("三级", "799.99"),
        ("三级", "4399.99"),
        ("三级", "4400"),
        ("二级", "399.99"),
        ("二级", "400"),
        ("二级", "3600"),
    ];
    let cases = b.map(|(level, yuan)| case("B", yuan).at("H1", level));
    assert_eq!(kinds(rules, &cases), [Low, Normal, High, Low, Normal, High]);
    // C (RW 3, not below 2): 0.3 × 3,000 = 900.00; no K at all.
    let c = [("三级", "899.99"), ("三级", "900"), ("三级", "999999")];
    assert_eq!(kinds(rules, &c.map(|(level, yuan)| case("C", yuan).at("H1", level))), [Low, Normal, Normal]);
}

#[test]
fn lines_by_level_and_weight() {
    use CaseKind::{High, Normal};
    let rules = r#"
[rules.high_line]
kind = "high_line.by_level_weight"
bands = [
  { level = "三级", below = 1, ratio = 3 }, { level = "三级", ratio = 2 },
  { level = "二级", ratio = 1.5 },
]
equal = "normal"
"#;
    // A (RW 0.9) at 三级 K 3,000.00; B (RW 1 is not below 1) 4,000.00; A at 二级 1,500.00.
    let cases = [
        case("A", "3000").at("H1", "三级"),
        case("A", "3000.01").at("H1", "三级"),
        case("B", "4000").at("H1", "三级"),
        case("B", "4000.01").at("H1", "三级"),
        case("A", "1500.01").at("H2", "二级"),
    ];
    assert_eq!(kinds(rules, &cases), [Normal, High, Normal, High, High]);
    let set = compile(&pack(GROUPED, rules));
    let problems = World::new(&[case("A", "1").at("H3", "一级")]).price(&set, None).unwrap_err();
    assert_eq!(problems.0[0].entry.code, "M003");
    assert!(problems.to_string().contains("high_line"), "{problems}");
}

#[test]
fn a_group_without_a_line_is_told_where_the_rules_refuse_it() {
    let rules = "[rules.high_line]\nkind = \"high_line.by_group\"\ntable = [{ drg = \"A\", ratio = 2 }]\n\
        others = \"refuse\"\nequal = \"normal\"\n";
    let set = compile(&pack(GROUPED, rules));
    let problems = World::new(&[case("A", "1"), case("C", "1")]).price(&set, None).unwrap_err();
    assert_eq!(problems.0.iter().map(|problem| problem.entry.code).collect::<Vec<_>>(), ["M040"]);
    // A patch reaches a row by group and level.
    let patch = |path: &str, value: &str| dianzhi::policy::Patch::new(path, value);
    let changed = super::world::compile_with(&pack(GROUPED, rules), &[patch("rules.high_line.table[A].ratio", "3")]);
    let priced = World::new(&[case("A", "3000.01"), case("A", "3000")]).price(&changed.unwrap(), None).unwrap();
    assert_eq!(priced.case_kind, [CaseKind::High, CaseKind::Normal]);
}
