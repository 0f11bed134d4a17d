//! Laws: conservation, order-independence, monotonicity, points that are never negative.

use dianzhi::policy::PolicySet;
use dianzhi::settlement::Month;
use proptest::prelude::*;

use super::world::{Case, World, case, compile, pack};

fn city() -> PolicySet {
    let weights = "table = [
        { drg = \"A\", weight = 0.4527, mean = 3100.07, c = 0.9 },
        { drg = \"B\", weight = 1.5, mean = 12000, c = 1.0342 },
        { drg = \"C\", weight = 7.25, c = 1 } ]\nmean_cost = \"mean\"";
    let rules = r#"
[rules.level]
kind = "coefficient.level"
columns = { "三级" = "c" }
levels = { "二级" = 0.93, "一级" = 0.85 }
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
"#;
    compile(&pack(weights, rules))
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

fn by_id(world: &World, month: &Month) -> Vec<(String, i64)> {
    let ids = (0..world.claims.len()).map(|row| world.claims.stays.setl_id.get(row).to_owned());
    let mut rows: Vec<_> = ids.zip(month.due_fen.iter().copied()).collect();
    rows.sort();
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn money_is_conserved_and_order_means_nothing(
        mut cases in prop::collection::vec(any_case(), 1..60),
        seed in 0usize..1000,
    ) {
        for (at, case) in cases.iter_mut().enumerate() {
            case.id = format!("S{at:04}");
        }
        let set = city();
        let world = World::new(&cases);
        // `settle` itself asserts Σ claims = Σ institutions = Σ pools.
        let (priced, month) = world.settle(&set, "2026-03").unwrap();
        prop_assert!(priced.points_e4.iter().all(|points| *points >= 0));
        for pool in &month.pools {
            if let (Some(rest), Some(balance)) = (pool.rest_fen(), pool.balance_fen) {
                prop_assert_eq!(rest, pool.sum.pool_due_fen + balance);
                let own = |row: &usize| priced.pools.get(usize::from(priced.pool[*row])) == Some(&pool.pool);
                let wholly = |row: usize| priced.points_e4[row] == 0 && priced.amount_fen[row] == 0;
                let outside = (0..cases.len()).filter(|row| priced.outside_fen[*row] != 0).filter(own);
                let due = |row| if wholly(row) { month.due_fen[row] } else { priced.outside_fen[row] };
                prop_assert_eq!(pool.sum.due_fen - pool.sum.pool_due_fen, outside.map(due).sum::<i64>());
            }
        }
        // Any rotation and reversal of the rows.
        let turn = seed % cases.len();
        cases.rotate_left(turn);
        if seed % 2 == 0 { cases.reverse(); }
        let shuffled = World::new(&cases);
        let (_, again) = shuffled.settle(&set, "2026-03").unwrap();
        prop_assert_eq!(by_id(&world, &month), by_id(&shuffled, &again));
        prop_assert_eq!(&month.institutions, &again.institutions);
        prop_assert_eq!(&month.pools, &again.pools);
        prop_assert_eq!(&month.entries, &again.entries);
        prop_assert_eq!(&month.placeholders, &again.placeholders);
    }

    #[test]
    fn points_do_not_fall_when_cost_rises_within_a_kind(cents in 100i64..9_000_000, more in 0i64..1_000_000) {
        let set = city();
        for drg in ["A", "B", "C", "0000"] {
            let one = |total| Case { total, fund: total, ..case(drg, "1") };
            // The pool mean of this world is fixed by two further cases of the same sum.
            let world = |total: i64| World::new(&[one(total), one(20_000_000 - total)]);
            let (a, b) = (world(cents).price(&set, None).unwrap(), world(cents + more).price(&set, None).unwrap());
            if a.case_kind[0] == b.case_kind[0] {
                prop_assert!(a.points_e4[0] <= b.points_e4[0] && a.amount_fen[0] <= b.amount_fen[0]);
            }
        }
    }
}

/// The same bytes with one thread and with many, over several chunks.
#[test]
fn threads_change_nothing() {
    let drgs = ["A", "B", "C", "0000", "AQY"];
    let cases: Vec<Case> = (0..40_000usize)
        .map(|at| {
            let mut case = case(drgs[at % 5], "1").at(["H1", "H2"][at % 2], ["三级", "二级"][at % 2]);
            case.total = 100_000 + (at as i64 * 7_919) % 3_000_000;
            case.fund = case.total;
            case
        })
        .collect();
    let world = World::new(&cases);
    let set = city();
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| world.settle(&set, "2026-03").unwrap().1)
    };
    let (one, three) = (run(1), run(3));
    assert_eq!(one.due_fen, three.due_fen);
    assert_eq!(one.institutions, three.institutions);
    assert_eq!(one.entries, three.entries);
}
