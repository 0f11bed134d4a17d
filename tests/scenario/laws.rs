//! The laws that make short ways worth having: each gives the fen of a full settlement.

use dianzhi::policy::{Change, Patch};
use dianzhi::scenario::{Point, Way, run};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::support::{base, city, insurance, long_month, long_year, same_as_month, same_as_year, some_cases};
use crate::settlement::world::{Case, World, case};

fn set(path: &str, value: &str) -> Patch {
    Patch::new(path, value)
}

fn times(path: &str, factor: &str) -> Patch {
    Patch { path: path.to_owned(), change: Change::Times(factor.parse::<Decimal>().unwrap()) }
}

/// Changes of every stage, those of budgets, dues and sharing first.
fn changes() -> Vec<Patch> {
    vec![
        times("rules.budget.table[*].fund_budget", "1.07"),
        times("rules.budget.table[2026/310].fund_budget", "0.9"),
        set("rules.reserve.share", "0.031"),
        set("rules.prepay.share", "0.9"),
        set("rules.deposit.share", "0.1"),
        set("rules.point_value", "{ kind = \"point_value.fund\", placeholder = \"x\" }"),
        set("rules.sharing.overrun", "[{ to = 0.2, share = 0.31 }]"),
        set("rules.consortium_sharing.surplus[0.1].share", "0.77"),
        set("rules.low_line.ratio", "0.55"),
        set("rules.low_line.equal", "outlier"),
        set("rules.high_line.ratio", "1.7"),
        times("rules.high_line.ratio", "1.31"),
        set("rules.high_line", "{ kind = \"high_line.none\", placeholder = \"x\" }"),
        set("rules.low_line.lower_of", "true"),
        set("rules.high_case.share", "0.35"),
        set("rules.low_case", "{ kind = \"low_case.cost\", placeholder = \"x\" }"),
        set("rules.low_case", "{ kind = \"low_case.review\", placeholder = \"x\" }"),
        set("rules.high_case", "{ kind = \"high_case.review\", placeholder = \"x\" }"),
        times("rules.weights.table[*].weight", "1.113"),
        set("rules.weights.table[B].weight", "1.8"),
        times("rules.level.levels.*", "0.97"),
        set("rules.method.scale", "1000"),
        set("rules.rounding.points_digits", "2"),
        set("rules.nursing.daily", "3.1"),
        set("rules.ungrouped.share", "0.5"),
        set("rules.nursing.when", "{ departments = [\"02\"] }"),
        set("rules.ambiguous.from", "budget"),
    ]
}

prop_compose! {
    fn any_case()(
        drg in prop::sample::select(vec!["A", "B", "C", "0000", "AQY", ""]),
        cents in 100i64..9_000_000,
        patient in 0i64..60,
        other in 0i64..40,
        institution in prop::sample::select(vec![("H1", "三级"), ("H2", "二级"), ("H3", "一级"), ("H4", "三级")]),
        insutype in prop::sample::select(vec!["310", "390"]),
        department in prop::sample::select(vec!["01", "02", "A15"]),
        days in 1i32..40,
    ) -> Case {
        let mut case = case(drg, "1").at(institution.0, institution.1).of(insutype).days(days).department(department);
        case.total = cents;
        case.patient = cents * patient / 100;
        case.other = cents * other / 100;
        case.fund = case.total - case.patient - case.other;
        case
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_way_is_to_the_fen_a_full_settlement(
        cases in prop::collection::vec(any_case(), 1..60),
        picked in prop::collection::vec(0..changes().len(), 0..4),
    ) {
        let world = World::new(&cases);
        let patches: Vec<Patch> = picked.iter().map(|at| changes()[*at].clone()).collect();
        let month = insurance(&world, &city(), "2026-03");
        match (month.evaluate(&patches), long_month(&world, &city(), "2026-03", &patches)) {
            (Ok((figures, _)), Ok(long)) => same_as_month(&figures, &long),
            (short, long) => prop_assert_eq!(short.map(|_| ()), long.map(|_| ())),
        }
        let year = insurance(&world, &city(), "2026");
        match (year.evaluate(&patches), long_year(&world, &city(), &patches, &[])) {
            (Ok((figures, _)), Ok(long)) => same_as_year(&figures, &long),
            (short, long) => prop_assert_eq!(short.map(|_| ()), long.map(|_| ())),
        }
    }
}

/// Which change needs which way: budgets, dues and sharing need no prices.
#[test]
fn prices_are_made_again_only_when_a_change_needs_them() {
    let insurance = insurance(&World::new(&some_cases()), &city(), "2026");
    let way = |patch: Patch| insurance.evaluate(&[patch]).unwrap().1;
    for patch in changes().into_iter().take(5) {
        assert_eq!(way(patch.clone()), Way::Sums, "{}", patch.path);
    }
    for path in ["rules.high_line.ratio", "rules.weights.table[A].weight", "rules.level.levels.*"] {
        assert_ne!(way(times(path, "1.01")), Way::Sums, "{path}");
    }
    assert_eq!(insurance.evaluate(&[]).unwrap(), (insurance.baseline().unwrap(), Way::Sums));
}

#[test]
fn without_a_change_every_way_is_the_baseline() {
    for period in ["2026-03", "2026"] {
        let insurance = insurance(&World::new(&some_cases()), &city(), period);
        let baseline = insurance.baseline().unwrap();
        for way in Way::ALL {
            assert_eq!(insurance.evaluate_by(way, &[]).unwrap(), baseline, "{way:?}");
        }
    }
}

#[test]
fn order_and_threads_change_nothing() {
    let base = base(&World::new(&some_cases()), &city(), "2026");
    let point = |patch: &Patch| Point { name: format!("{patch:?}"), group: "g".into(), moves: vec![patch.clone()] };
    let mut points: Vec<Point> = changes().iter().map(point).collect();
    let run_with = |threads: usize, points: &[Point]| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(&base, points, &|_| ()).unwrap())
    };
    let one = run_with(1, &points);
    let many = run_with(3, &points);
    assert_eq!((&one.keys, &one.baseline), (&many.keys, &many.baseline));
    points.reverse();
    let turned = run_with(2, &points);
    for ((a, b), c) in one.points.iter().zip(&many.points).zip(turned.points.iter().rev()) {
        assert_eq!((&a.values, &a.point.name), (&b.values, &b.point.name));
        assert_eq!(a.values, c.values);
    }
}
