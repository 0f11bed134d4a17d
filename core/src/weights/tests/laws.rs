//! What holds for any claims.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

pub(super) type Drawn = (u8, u8, u16, u8, i64, i32);

pub(super) fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let row = (0u8..3, 0u8..3, 0u16..5, 0u8..3, 1i64..2_000_000, 0i32..90);
    proptest::collection::vec(row, 12..80)
}

/// A case of every year in every group, so that each run has something to weigh.
pub(super) fn built(rows: &[Drawn], order: impl Fn(&mut Vec<usize>)) -> (Claims, Grouped) {
    let names: Vec<String> = (0..rows.len()).map(|at| format!("S{at:04}")).collect();
    let days = [Y2023, Y2024, Y2025];
    let mut numbers: Vec<usize> = (0..rows.len()).collect();
    order(&mut numbers);
    let row = |&at: &usize| {
        let (institution, _, group, year, cost, stay) = rows[at];
        let (institution, level) = [("H1", "三级"), ("H2", "二级"), ("H3", "二级")][usize::from(institution)];
        let year = if at < 12 { (at % 3) as u8 } else { year };
        let group = if at < 12 { (at / 3) as u16 } else { group };
        (names[at].as_str(), institution, level, group, days[usize::from(year)], cost, stay)
    };
    let rows: Vec<Row<'_>> = numbers.iter().map(row).collect();
    claims(&rows)
}

fn full_plan(combine: Combine, pool: PoolOf) -> Plan {
    let trim = |rule: &str, lines, within| Trim { rule: rule.into(), lines, within, passes: 2, min_cases: 3 };
    Plan {
        years: Years { shares: [(2023, 1), (2024, 2), (2025, 7)].into(), combine, ..plan().years },
        exclusions: vec![Exclusion {
            rule: "stay".into(),
            when: Exclude::Stay { below_days: None, above_days: Some(80) },
        }],
        trims: vec![
            trim(
                "a",
                Lines::Iqr { k_e6: 1_500_000, domain: Domain::Ln, quantile: Quantile::Inclusive },
                Within::GroupLevel,
            ),
            trim("b", Lines::Deviations { k_e6: 2_000_000, domain: Domain::Ln, spread: Spread::Sample }, Within::Group),
        ],
        formula: Formula { pool, ..plan().formula },
        few: Few { below: 3, then: vec![Instead::CarryOver, Instead::Adrg, Instead::Own] },
        previous: Some([("CC11".to_owned(), 9_000)].into()),
        level: Some(LevelCoefficient {
            by_group: Some(ByGroup { min_cases: 2, otherwise: Otherwise::Overall }),
            clamp: Clamp { low_e6: Some(500_000), high_e6: Some(2_000_000) },
        }),
        institution: Some(InstitutionCoefficient {
            own_share_e6: 500_000,
            min_cases: 2,
            by_group: Some(ByGroup { min_cases: 1, otherwise: Otherwise::One }),
            clamp: Clamp::default(),
        }),
        ..plan()
    }
}

/// All tables as text, or the codes of what was refused.
fn shown(claims: &Claims, grouped: &Grouped, plan: &Plan) -> Vec<String> {
    let outcomes = outcomes();
    match weigh(claims, grouped, &outcomes, plan) {
        Ok((weighed, _)) => {
            let tables = tables(&weighed, plan, claims, grouped, &outcomes, &BTreeMap::new());
            let cells = |table: &crate::table::Table| {
                let rows = 0..table.rows();
                let line =
                    |row| table.columns.iter().map(|c| crate::table::cell::plain(&c.values, row) + "|").collect();
                rows.map(line).collect::<Vec<String>>()
            };
            tables.iter().flat_map(|(name, table)| [vec![(*name).to_owned()], cells(table)].concat()).collect()
        }
        Err(problems) => problems.0.iter().map(|problem| problem.to_string()).collect(),
    }
}

proptest! {
    #[test]
    fn row_order_changes_nothing(rows in drawn(), seed in any::<u64>()) {
        let shuffle = |numbers: &mut Vec<usize>| {
            let mut state = seed;
            for at in (1..numbers.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                numbers.swap(at, (state >> 33) as usize % (at + 1));
            }
        };
        for combine in [Combine::Means, Combine::Cases, Combine::Ratios] {
            let plan = full_plan(combine, PoolOf::All);
            let (claims, grouped) = built(&rows, |_| {});
            let (moved, regrouped) = built(&rows, shuffle);
            prop_assert_eq!(shown(&claims, &grouped, &plan), shown(&moved, &regrouped, &plan));
        }
    }

    /// In one year, with the kept cases as pool: Σ RW·n = n, but for the fourth decimals.
    #[test]
    fn weights_average_one(rows in drawn()) {
        let (claims, grouped) = built(&rows, |_| {});
        let years = Years { shares: [(2025, 1)].into(), ..plan().years };
        let (weighed, _) = weigh(&claims, &grouped, &outcomes(), &Plan { years, ..plan() }).unwrap();
        let sum: i64 = weighed.groups.iter().map(|g| g.value_e4.unwrap_or(0) * g.cases()).sum();
        let n: i64 = weighed.groups.iter().map(GroupWeight::cases).sum();
        prop_assert_eq!(n as u64, weighed.kept);
        prop_assert!((sum - n * 10_000).abs() * 2 <= n, "{} of {}", sum, n);
    }

    /// A claim is weighed or left out, never both, never neither.
    #[test]
    fn nobody_is_lost(rows in drawn()) {
        let (claims, grouped) = built(&rows, |_| {});
        let plan = full_plan(Combine::Means, PoolOf::Kept);
        if let Ok((weighed, _)) = weigh(&claims, &grouped, &outcomes(), &plan) {
            let kept: i64 = weighed.groups.iter().map(GroupWeight::cases).sum();
            prop_assert_eq!(kept as usize + weighed.left_out.len(), rows.len());
            let mut left: Vec<u32> = weighed.left_out.iter().map(|left| left.row).collect();
            left.sort_unstable();
            left.dedup();
            prop_assert_eq!(left.len(), weighed.left_out.len());
        }
    }

    /// Σ over institutions of index × cases = cases.
    #[test]
    fn cost_indices_average_one(rows in drawn()) {
        let (claims, grouped) = built(&rows, |_| {});
        let (weighed, _) = weigh(&claims, &grouped, &outcomes(), &full_plan(Combine::Means, PoolOf::Kept))
            .map_err(|_| TestCaseError::reject("nothing to weigh"))?;
        let sum: i64 = weighed.benchmarks.iter().map(|b| b.cost_index_e4.unwrap_or(0) * b.cases).sum();
        let n: i64 = weighed.benchmarks.iter().map(|b| b.cases).sum();
        prop_assert!((sum - n * 10_000).abs() * 2 <= n);
    }

    /// Multiplying every cost by the same moves no weight.
    #[test]
    fn weights_do_not_depend_on_the_currency(rows in drawn(), times in 2i64..50) {
        let grown: Vec<Drawn> = rows.iter().map(|&(a, b, c, d, cost, e)| (a, b, c, d, cost * times, e)).collect();
        let plan = Plan { trims: Vec::new(), ..full_plan(Combine::Ratios, PoolOf::Kept) };
        let of = |rows: &[Drawn]| {
            let (claims, grouped) = built(rows, |_| {});
            weigh(&claims, &grouped, &outcomes(), &plan)
                .map(|(w, _)| w.groups.iter().map(|g| g.value_e4).collect::<Vec<_>>())
                .map_err(|problems| problems.0.len())
        };
        prop_assert_eq!(of(&rows), of(&grown));
    }

    /// Every group within one RW ten-thousandth of a plain computation in decimals.
    #[test]
    fn agrees_with_decimals(rows in drawn()) {
        use rust_decimal::{Decimal, RoundingStrategy};
        let (claims, grouped) = built(&rows, |_| {});
        let years = Years { shares: [(2024, 3), (2025, 4)].into(), ..plan().years };
        let (weighed, _) = weigh(&claims, &grouped, &outcomes(), &Plan { years, ..plan() }).unwrap();
        let mean = |day: i32, group: Option<u16>| {
            let of = |row: &usize| {
                claims.discharged[*row] == day
                    && group.map_or(grouped.outcomes[*row] < 4, |group| grouped.outcomes[*row] == group)
            };
            let costs: Vec<Decimal> =
                (0..claims.len()).filter(of).map(|row| Decimal::from(claims.total_fen[row])).collect();
            costs.iter().sum::<Decimal>() / Decimal::from(costs.len())
        };
        let times = |year, group, share: u32| mean(year, group) * Decimal::from(share);
        let both = |group| (times(Y2024, group, 3) + times(Y2025, group, 4)) / Decimal::from(7);
        for (at, group) in weighed.groups.iter().enumerate() {
            let ratio = both(Some(at as u16)) / both(None);
            let expected = ratio.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero);
            prop_assert_eq!(Decimal::new(group.value_e4.unwrap(), 4), expected);
        }
    }
    /// An adjustment keeps Σ RW·n but for the fourth decimals; where the others carry, what was decided stands.
    #[test]
    fn adjustment_keeps_the_sum(rows in drawn(), factor_e6 in 500_000i64..2_000_000, group in 0usize..4) {
        let (claims, grouped) = built(&rows, |_| {});
        let years = Years { shares: [(2023, 1), (2024, 1), (2025, 1)].into(), ..plan().years };
        for keep in [Keep::All, Keep::Others] {
            let drg = ["AA11", "AA15", "BB11", "CC11"][group];
            let decision = super::adjusting::decision(drg, Step::Policy, AdjustTo::Factor { e6: factor_e6 });
            let adjustment = Some(Adjustment { rows: vec![decision], keep, count: CountOf::Kept });
            let plan = Plan { years: years.clone(), adjustment, ..plan() };
            // Refused only where the others have nothing left to carry.
            let Ok((weighed, _)) = weigh(&claims, &grouped, &outcomes(), &plan) else {
                prop_assert_eq!(keep, Keep::Others);
                continue;
            };
            let balance = weighed.balance.unwrap();
            let n: i64 = weighed.groups.iter().map(GroupWeight::cases).sum();
            prop_assert!((balance.after - balance.before).abs() * 2 <= i128::from(n));
            let own = &weighed.groups[group];
            let decided = (own.measured_e4.unwrap() * factor_e6 * 2 + 1_000_000) / 2_000_000;
            prop_assert!(keep == Keep::All || own.value_e4 == Some(decided));
        }
    }
}
