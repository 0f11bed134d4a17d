//! A small world as a baseline, and the long way to its figures.

use std::collections::BTreeMap;

use dianzhi::ledger::Period;
use dianzhi::policy::{Bundle, MemoryFiles, Patch, open};
use dianzhi::problem::Problems;
use dianzhi::scenario::{Base, Figures, Insurance, InsuranceInput, Kind, Measure, Unit};
use dianzhi::settlement::{Month, PaidMonth, Year, YearInput, year};

use crate::settlement::world::{Case, World, case, pack};

/// A city with every stage: coefficients, outliers, per-diem, cost from outside, consortia, deposits, sharing.
pub fn city() -> String {
    let weights = "table = [
        { drg = \"A\", weight = 0.4527, mean = 3100.07, c = 0.9 },
        { drg = \"B\", weight = 1.5, mean = 12000, c = 1.0342 },
        { drg = \"C\", weight = 7.25, c = 1 } ]\nmean_cost = \"mean\"";
    let rules = r#"
[rules.institutions]
kind = "institutions.register"
table = [
    { fixmedins_code = "H1", hosp_lv = "三级", county = "甲县", consortium = "甲县医共体" },
    { fixmedins_code = "H2", hosp_lv = "二级", county = "甲县", consortium = "甲县医共体" },
    { fixmedins_code = "H3", hosp_lv = "一级", county = "乙县" },
    { fixmedins_code = "H4", hosp_lv = "三级", county = "乙县" } ]
[rules.budget]
kind = "budget.table"
table = [
    { period = "2026", pool = "310", fund_budget = 4000000 },
    { period = "2026", pool = "390", fund_budget = 3000000 },
    { period = "2026", pool = "310", consortium = "甲县医共体", fund_budget = 2500000 },
    { period = "2026", pool = "390", consortium = "甲县医共体", fund_budget = 1500000 } ]
[rules.level]
kind = "coefficient.level"
columns = { "三级" = "c" }
levels = { "二级" = 0.93, "一级" = 0.85 }
[rules.low_line]
kind = "low_line.flat"
ratio = 0.4
equal = "normal"
[rules.high_line]
kind = "high_line.flat"
ratio = 2.5
equal = "normal"
[rules.reserve]
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
[rules.nursing]
kind = "special.per_diem_points"
when = { departments = ["A15"] }
daily = 2.5
[rules.high_case]
kind = "high_case.excess_cost"
share = 0.7
[rules.ambiguous]
kind = "ungrouped.cost"
statuses = ["ambiguous"]
from = "outside"
[rules.ungrouped]
kind = "ungrouped.pool_ratio"
statuses = ["ungroupable"]
share = 0.7
[rules.consortium_total]
kind = "consortium_total.budget"
[rules.consortium_sharing]
kind = "sharing.bands"
subject = "consortium"
mode = "marginal"
edge = "lower"
surplus = [{ to = 0.1, share = 1 }, { share = 0.5 }]
overrun = [{ to = 0.1, share = 0.6 }]
[rules.distribution]
kind = "distribution.mix"
mix = { points = 1 }
[rules.overrun_split]
kind = "overrun_split.by_due"
[rules.sharing]
kind = "sharing.bands"
subject = "institution"
mode = "marginal"
edge = "lower"
surplus = [{ to = 0.05, share = 1 }]
overrun = [{ to = 0.1, share = 0.5 }]
"#;
    pack(weights, rules)
}

pub fn bundle(pack: &str) -> Bundle {
    let files = MemoryFiles::default().with("test.toml", pack);
    open(&["test.toml".to_owned()], &files).unwrap_or_else(|problems| panic!("{problems}"))
}

fn unit(world: &World, period: Period) -> Unit {
    let World { claims, grouped, outcomes } = world.clone();
    Unit { period, claims, grouped, outcomes, past: Vec::new() }
}

pub fn input(world: &World, pack: &str, period: &str) -> InsuranceInput {
    let period: Period = period.parse().unwrap();
    InsuranceInput {
        period,
        units: vec![unit(world, period)],
        bundle: bundle(pack),
        carried: Vec::new(),
        corrections: Vec::new(),
        paid: Vec::new(),
        openings: BTreeMap::new(),
        revisions: Vec::new(),
        recognised: Vec::new(),
        booked: None,
    }
}

pub fn insurance(world: &World, pack: &str, period: &str) -> Insurance {
    Insurance::new(input(world, pack, period)).unwrap_or_else(|problems| panic!("{problems}")).0
}

pub fn base(world: &World, pack: &str, period: &str) -> Base {
    Base { insurance: Some(insurance(world, pack, period)), ..Base::default() }
}

/// The month settled from the beginning under patches.
pub fn long_month(world: &World, pack: &str, period: &str, patches: &[Patch]) -> Result<Month, Problems> {
    let (set, _) = bundle(pack).compile(patches)?;
    Ok(world.settle(&set, period)?.1)
}

/// The year cleared from the beginning under patches.
pub fn long_year(world: &World, pack: &str, patches: &[Patch], paid: &[PaidMonth]) -> Result<Year, Problems> {
    let (set, _) = bundle(pack).compile(patches)?;
    let priced = world.price(&set, Some("2026"))?;
    let cases = dianzhi::settlement::Cases::of(&world.claims, &priced, None);
    let (cleared, _) = year(&YearInput {
        period: "2026".parse().unwrap(),
        cases: &cases,
        set: &set,
        paid,
        openings: &BTreeMap::new(),
        recognised: &[],
    })?;
    Ok(cleared)
}

/// A figure, or nothing.
pub fn figure(figures: &Figures, kind: Kind, subject: &str, part: &str, measure: Measure) -> Option<i64> {
    let found = figures
        .0
        .iter()
        .find(|(key, _)| key.kind == kind && key.subject == subject && key.part == part && key.measure == measure);
    found.map(|(_, units)| *units)
}

/// Panics unless the figures are those of the month.
pub fn same_as_month(figures: &Figures, month: &Month) {
    let get = |kind, subject: &str, part: &str, measure| figure(figures, kind, subject, part, measure);
    for row in &month.institutions {
        let own = |measure| get(Kind::Institution, &row.institution, &row.insutype, measure);
        assert_eq!(own(Measure::Due), Some(row.sum.due_fen));
        assert_eq!(own(Measure::Payable), Some(row.payable_fen));
        assert_eq!(own(Measure::Prepaid), Some(row.prepaid_fen));
        assert_eq!(own(Measure::Withheld), Some(row.withheld_fen));
        assert_eq!(own(Measure::Points), Some(row.sum.points_e4));
        assert_eq!(own(Measure::Unpaid), Some(row.sum.unpaid));
    }
    for pool in &month.pools {
        let own = |measure| get(Kind::Pool, &pool.pool, "", measure);
        assert_eq!(own(Measure::Budget), pool.budget_fen);
        assert_eq!(own(Measure::PointValue), pool.point_value_e6);
        assert_eq!(own(Measure::Due), Some(pool.sum.due_fen));
        assert_eq!(own(Measure::Balance), pool.balance_fen);
        assert_eq!(own(Measure::Cases), Some(pool.sum.cases));
    }
    for row in &month.consortia {
        let own = |measure| get(Kind::Consortium, &row.consortium, &row.pool, measure);
        assert_eq!(own(Measure::Due), Some(row.sum.due_fen));
        assert_eq!(own(Measure::Balance), row.balance_fen);
    }
    let due: i64 = month.due_fen.iter().sum();
    assert_eq!(get(Kind::Total, "", "", Measure::Due).unwrap_or_default(), due);
    for kind in [Kind::Level, Kind::Place] {
        let of_kind = |key: &dianzhi::scenario::Key| key.kind == kind && key.measure == Measure::Due;
        let sum: i64 = figures.0.iter().filter(|(key, _)| of_kind(key)).map(|(_, units)| units).sum();
        assert_eq!(sum, due, "{kind:?}");
    }
}

/// Panics unless the figures are those of the year.
pub fn same_as_year(figures: &Figures, year: &Year) {
    let get = |kind, subject: &str, part: &str, measure| figure(figures, kind, subject, part, measure);
    for row in &year.institutions {
        let own = |measure| get(Kind::Institution, &row.institution, &row.insutype, measure);
        assert_eq!(own(Measure::Due), Some(row.sum.due_fen));
        assert_eq!(own(Measure::Adjustment), Some(row.adjustment_fen));
        assert_eq!(own(Measure::MemberShare), Some(row.member_share_fen));
        assert_eq!(own(Measure::Final), Some(row.final_fen));
        assert_eq!(own(Measure::Net), Some(row.final_fen + row.paid_fen));
    }
    let mut shared: BTreeMap<&str, i64> = BTreeMap::new();
    for (pool, fen) in year.institutions.iter().map(|row| (&row.pool, row.adjustment_fen)) {
        *shared.entry(pool).or_default() += fen;
    }
    for row in &year.consortia {
        *shared.entry(&row.pool).or_default() += row.adjustment_fen;
        let own = |measure| get(Kind::Consortium, &row.consortium, &row.pool, measure);
        assert_eq!(own(Measure::Balance), row.balance_fen);
        assert_eq!(own(Measure::Kept), Some(row.kept_fen));
        assert_eq!(own(Measure::Borne), Some(row.borne_fen));
    }
    for pool in &year.pools {
        let after = pool.balance_fen.map(|fen| fen - shared.get(pool.pool.as_str()).copied().unwrap_or_default());
        assert_eq!(get(Kind::Pool, &pool.pool, "", Measure::AfterSharing), after);
    }
}

/// Some cases of every kind.
pub fn some_cases() -> Vec<Case> {
    let places = [("H1", "三级"), ("H2", "二级"), ("H3", "一级"), ("H4", "三级")];
    (0..200usize)
        .map(|at| {
            let (institution, level) = places[at % 4];
            let drg = ["A", "B", "C", "A", "B", "0000", "AQY"][at % 7];
            let mut one = case(drg, "1").at(institution, level).of(["310", "390"][at % 2]);
            one.total = 50_000 + (at as i64 * 7_919_003) % 4_000_000;
            one.patient = one.total / 4;
            one.fund = one.total - one.patient;
            if at % 31 == 0 { one.department("A15") } else { one }
        })
        .collect()
}
