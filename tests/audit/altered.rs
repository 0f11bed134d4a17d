//! A mutation check: results with one figure altered by its least unit, column by column; the auditor must tell each.

use std::collections::{BTreeMap, BTreeSet};

use dianzhi::problem::Problems;
use dianzhi::settlement::{Carried, PaidMonth};
use dianzhi::table::cell::plain;
use dianzhi::table::{Table, Values};

use super::claims::World;
use super::dice::Dice;
use super::support::{Around, Settled, check, check_year, clear, point_line, settle};
use crate::settlement::world::{compile, pack};

const MONTH: &str = "2026-03";
const WEIGHTS: &str = r#"table = [
  { drg = "ES31", weight = 1.5, mean = 12000 },
  { drg = "ES35", weight = 1, mean = 8000 },
  { drg = "BB13", weight = 0.4527, mean = 3100.07 },
  { drg = "RE15", weight = 2.75, mean = 9999.99 },
]
mean_cost = "mean""#;
/// Rules with as many figures at work as one pack can have.
const RULES: &str = r#"
[rules.pools]
kind = "pools.by_insurance_type"
types = ["310", "390"]
others = "exclude"
[rules.institutions]
kind = "institutions.register"
table = [
  { fixmedins_code = "H1", hosp_lv = "三级", consortium = "甲", coefficient = 1.1 },
  { fixmedins_code = "H2", hosp_lv = "二级", consortium = "甲", coefficient = 0.85 },
  { fixmedins_code = "H3", hosp_lv = "一级", coefficient = 1 },
  { fixmedins_code = "H4", hosp_lv = "二级", coefficient = 1 },
]
[rules.own]
kind = "coefficient.institution"
[rules.missing_weight]
kind = "missing_weight.exclude"
[rules.low_case]
kind = "low_case.cost"
[rules.high_case]
kind = "high_case.excess_cost"
share = 0.7
from = "outside"
[rules.children]
kind = "adjust.uplift"
when = { age_to = 50 }
factor = 1.1
kinds = ["normal", "low", "high", "ungrouped"]
[rules.budget]
kind = "budget.table"
table = [
  { period = "2026", pool = "310", fund_budget = 2400000 },
  { period = "2026", pool = "390", fund_budget = 1200000 },
  { period = "2026", pool = "310", consortium = "甲", fund_budget = 2500000 },
  { period = "2026", pool = "390", consortium = "甲", fund_budget = 90000 },
]
[rules.reserved]
kind = "deduction.share"
order = 1
share = 0.05
to = "reserve"
[rules.prepay]
kind = "prepay.share"
share = 0.95
[rules.deposit]
kind = "deposit.share"
share = 0.05
[rules.shared]
kind = "sharing.bands"
subject = "institution"
surplus = [{ to = 0.15, share = 0.5 }]
overrun = [{ share = 0.6 }]
mode = "marginal"
edge = "lower"
[rules.shared_by]
kind = "sharing.bands"
subject = "consortium"
surplus = [{ share = 0.8 }]
overrun = [{ share = 0.5 }]
mode = "marginal"
edge = "lower"
[rules.reasonable]
kind = "reasonable_overrun.list"
unlisted = "none"
table = [
  { subject = "H3", insutype = "310", year = "2026", reason = "a", amount = 5000, approved_by = "b", document = "c" },
  { subject = "H4", insutype = "310", year = "2026", reason = "a", amount = 1, approved_by = "b", document = "c" },
]
[rules.returned]
kind = "deposit_return.linear"
snapshot = "s"
scores = [
  { subject = "H1", score = 80, snapshot = "s" },
  { subject = "H2", score = 90, snapshot = "s" },
  { subject = "H3", score = 100, snapshot = "s" },
  { subject = "H4", score = 100, snapshot = "s" },
]
[rules.penalty]
kind = "penalty.table"
table = [{ fixmedins_code = "H2", insutype = "310", amount = 100.01, reason = "a" }]
[rules.ledger]
kind = "reserve.ledger"
opening = { "*" = 1000 }
limited = false
[rules.total]
kind = "consortium_total.budget"
[rules.elsewhere]
kind = "outside_care.table"
table = [{ consortium = "甲", pool = "310", amount = 1234.56 }]
[rules.distribution]
kind = "distribution.mix"
[rules.distribution.mix]
score = 1
snapshot = "s"
scores = [{ subject = "H1", score = 80, snapshot = "s" }, { subject = "H2", score = 90, snapshot = "s" }]
"#;

/// The column with one row altered by its least unit; `None` for columns of other than figures.
pub(super) fn altered(values: &Values, row: usize) -> Option<Values> {
    let more = |value: Option<i64>| Some(value.map_or(1, |value| value + 1));
    match values.clone() {
        Values::Money(mut column) => {
            column[row] = more(column[row]);
            Some(Values::Money(column))
        }
        Values::Int(mut column) => {
            column[row] = more(column[row]);
            Some(Values::Int(column))
        }
        Values::Decimal { mut units, scale, wide } => {
            units[row] = Some(units[row].map_or(1, |value| value + 1));
            Some(Values::Decimal { units, scale, wide })
        }
        Values::Flag(mut column) => {
            column[row] = column[row].map(|flag| !flag);
            Some(Values::Flag(column))
        }
        _ => None,
    }
}

/// Alters each figure of each table in turn; every one must be told, and nothing else. Gives the columns tried.
fn each_is_told(
    tables: &BTreeMap<String, Table>,
    skipped: &[&str],
    audit: impl Fn(&BTreeMap<String, Table>) -> Result<dianzhi::audit::Audited, Problems>,
) -> BTreeSet<String> {
    assert!(audit(tables).is_ok());
    let mut tried = BTreeSet::new();
    for (name, table) in tables.iter().filter(|(name, _)| !skipped.contains(&name.as_str())) {
        for at in 0..table.columns.len() {
            for row in [0, table.rows() - 1] {
                let Some(values) = altered(&table.columns[at].values, row) else { continue };
                let mut copy = tables.clone();
                copy.get_mut(name).unwrap().columns[at].values = values;
                let column = format!("{name}.{}", table.columns[at].name);
                let problems = audit(&copy).expect_err(&column);
                assert_eq!(problems.0.len(), 1, "{column}: {problems}");
                assert_eq!(problems.0[0].entry.code, "V001");
                tried.insert(column);
            }
        }
    }
    tried
}

fn world() -> World {
    World::random(&mut Dice::new((0..2_000).map(|at: u32| (at * 7_919 % 65_521) as u16).collect()), 60, MONTH)
}

fn around() -> Around {
    let carried = vec![Carried { institution: "H1".into(), insutype: "310".into(), fen: -50_000 }];
    let recognised = vec![point_line("H1", "310", "2026-03", 123_456), point_line("H3", "390", "2026-03", 50_000)];
    Around { carried, recognised, ..Around::default() }
}

fn settled(world: &World, around: &Around) -> (dianzhi::policy::PolicySet, Settled) {
    let set = compile(&pack(WEIGHTS, RULES));
    let settled = settle(world, &set, MONTH, around).unwrap_or_else(|problems| panic!("{problems}"));
    (set, settled)
}

#[test]
fn in_any_figure_of_a_month() {
    let (world, around) = (world(), around());
    let (set, settled) = settled(&world, &around);
    let tried = each_is_told(&settled.tables, &["placeholders", "corrections"], |tables| {
        check(&world, &set, MONTH, &around, tables)
    });
    let wanted = [
        "claims.points",
        "claims.due",
        "institutions.payable",
        "pools.point_value",
        "consortia.balance",
        "entries.amount",
        "recognition_points.due",
    ];
    assert!(wanted.iter().all(|column| tried.contains(*column)), "{tried:?}");
    assert!(tried.len() > 45, "{tried:?}");
}

#[test]
fn in_any_figure_of_a_year() {
    let (world, around) = (world(), around());
    let (set, settled) = settled(&world, &around);
    let paid = |institution: &str, withheld_fen, payable_fen| PaidMonth {
        institution: institution.into(),
        insutype: "310".into(),
        withheld_fen,
        payable_fen,
    };
    let paid = [paid("H1", 100_001, 5_000_000), paid("H2", 5_000, 777)];
    let (_, tables) = clear(&settled, &world, &set, &paid, &around).unwrap_or_else(|problems| panic!("{problems}"));
    let tried =
        each_is_told(&tables, &["placeholders"], |tables| check_year(&settled, &world, &set, &paid, &around, tables));
    let wanted = [
        "institutions.payable",
        "consortia.approved_overrun",
        "consortia.adjustment",
        "members.share",
        "reserves.closing",
        "pools.balance",
        "entries.amount",
        "entries.entry",
    ];
    assert!(wanted.iter().all(|column| tried.contains(*column)), "{tried:?}");
}

/// A row lost, a row too much, and a word altered are told too.
#[test]
fn in_rows_and_words() {
    let (world, around) = (world(), around());
    let (set, settled) = settled(&world, &around);
    let codes = |tables: &BTreeMap<String, Table>| {
        let problems = check(&world, &set, MONTH, &around, tables).unwrap_err();
        problems.0.iter().map(|problem| problem.entry.code).collect::<BTreeSet<_>>()
    };
    let with = |name: &str, rows: &[usize]| {
        let mut tables = settled.tables.clone();
        let table = tables[name].take(rows);
        tables.insert(name.to_owned(), table);
        tables
    };
    let count = settled.tables["institutions"].rows();
    let all: Vec<usize> = (0..count).collect();
    assert_eq!(codes(&with("institutions", &all[1..])), ["V002"].into());
    let twice: Vec<usize> = all.iter().copied().chain([0]).collect();
    assert_eq!(codes(&with("institutions", &twice)), ["V003"].into());
    let mut tables = settled.tables.clone();
    let claims = tables.get_mut("claims").unwrap();
    let kind = claims.columns.iter_mut().find(|column| column.name == "case_kind").unwrap();
    kind.values = Values::keywords((0..world.claims.len()).map(|_| "normal"));
    assert_eq!(codes(&tables), ["V001"].into());
    // Words of an entry: its numbers, its rule, its article.
    for column in ["numbers", "rule", "article", "placeholder", "account"] {
        let mut tables = settled.tables.clone();
        let entries = tables.get_mut("entries").unwrap();
        let rows = entries.rows();
        let own = entries.columns.iter_mut().find(|own| own.name == column).unwrap();
        let changed = |row: usize| if row == 0 { "x".to_owned() } else { plain(&own.values, row) };
        own.values = Values::keywords((0..rows).map(changed).collect::<Vec<_>>());
        let found = codes(&tables);
        let expected = if column == "account" { BTreeSet::from(["V002", "V003"]) } else { BTreeSet::from(["V001"]) };
        assert_eq!(found, expected, "{column}");
    }
    // Too many to be told one by one.
    let many = World::random(&mut Dice::new(Vec::new()), 1_200, MONTH);
    let many_settled = settle(&many, &set, MONTH, &around).unwrap_or_else(|problems| panic!("{problems}"));
    let mut tables = many_settled.tables;
    let claims = tables.get_mut("claims").unwrap();
    let points = claims.columns.iter_mut().find(|column| column.name == "points").unwrap();
    points.values = Values::points((0..1_200).map(|_| 7));
    let problems = check(&many, &set, MONTH, &around, &tables).unwrap_err();
    assert_eq!((problems.0.len(), problems.0[1_000].entry.code), (1_001, "V004"));
}

/// What the engine settled and the auditor cannot: claims of a day without a pack.
#[test]
fn what_cannot_be_audited_is_told() {
    let (world, around) = (world(), around());
    let (_, settled) = settled(&world, &around);
    let early = pack(WEIGHTS, RULES).replace("valid_from = 2020-01-01", "valid_from = 2030-01-01");
    let problems = check(&world, &compile(&early), MONTH, &around, &settled.tables).unwrap_err();
    assert_eq!(problems.0[0].entry.code, "V005");
}
