//! The whole computation again, in plain loops over fractions that are never shortened: nothing of the engine but its
//! types.

use super::laws::{Drawn, built, drawn};
use super::*;
use num_bigint::BigInt;
use proptest::prelude::*;

/// A fraction.
#[derive(Clone, Debug)]
struct F(BigInt, BigInt);

impl F {
    fn of(a: impl Into<BigInt>, b: impl Into<BigInt>) -> F {
        F(a.into(), b.into())
    }
    fn whole(a: i64) -> F {
        F::of(a, 1)
    }
    fn plus(&self, o: &F) -> F {
        F(&self.0 * &o.1 + &o.0 * &self.1, &self.1 * &o.1)
    }
    fn times(&self, o: &F) -> F {
        F(&self.0 * &o.0, &self.1 * &o.1)
    }
    fn over(&self, o: &F) -> F {
        F(&self.0 * &o.1, &self.1 * &o.0)
    }
    fn less(&self, o: &F) -> F {
        self.plus(&o.times(&F::whole(-1)))
    }
    /// Positive fractions only.
    fn half_up(&self, scale: i64) -> i64 {
        let two = BigInt::from(2);
        i64::try_from((&self.0 * &two * scale + &self.1) / (&self.1 * &two)).unwrap()
    }
    fn at_most(&self, o: &F) -> bool {
        &self.0 * &o.1 <= &o.0 * &self.1
    }
}

#[derive(Clone, Copy, Debug)]
struct Plain {
    row: usize,
    year: usize,
    group: usize,
    level: &'static str,
    cost: i64,
}

const SHARES: [i64; 3] = [1, 2, 7];

fn plain(claims: &Claims, grouped: &Grouped) -> Vec<Plain> {
    let case = |row: usize| Plain {
        row,
        year: [Y2023, Y2024, Y2025].iter().position(|day| *day == claims.discharged[row]).unwrap(),
        group: usize::from(grouped.outcomes[row]),
        level: if claims.institution.get(row) == "H1" { "三级" } else { "二级" },
        cost: claims.total_fen[row],
    };
    (0..claims.len()).map(case).collect()
}

/// The quantile at (n − 1)·p.
fn quantile(sorted: &[i64], percent: i64) -> F {
    let place = (sorted.len() as i64 - 1) * percent;
    let (at, part) = ((place / 100) as usize, place % 100);
    let next = sorted[(at + 1).min(sorted.len() - 1)];
    F::whole(sorted[at]).plus(&F::of(part * (next - sorted[at]), 100))
}

/// (n·c − Σ)², which is n² times the square of the distance to the mean.
fn around(cost: i64, n: i64, sum: i64) -> i128 {
    let distance = i128::from(n) * i128::from(cost) - i128::from(sum);
    distance * distance
}

/// Whether a cost stays in a cell, by the definition of each way of trimming.
fn stays(cost: i64, cell: &[i64], lines: Lines) -> bool {
    let mut sorted = cell.to_vec();
    sorted.sort_unstable();
    let between = |low: F, high: F| low.at_most(&F::whole(cost)) && F::whole(cost).at_most(&high);
    let (n, sum) = (cell.len() as i64, cell.iter().sum::<i64>());
    match lines {
        Lines::Iqr { domain: Domain::Cost, .. } => {
            let (low, high) = (quantile(&sorted, 25), quantile(&sorted, 75));
            let reach = high.less(&low).times(&F::of(3, 2));
            between(low.less(&reach), high.plus(&reach))
        }
        Lines::Percentile { .. } => between(quantile(&sorted, 5), quantile(&sorted, 95)),
        Lines::Multiple { .. } => between(F::of(sum * 2, n * 5), F::of(sum * 3, n)),
        Lines::Deviations { domain: Domain::Cost, .. } => {
            // (c − mean)² ≤ k²·Σ(c − mean)² ÷ (n − 1), k = 1.5; n² times both sides.
            n == 1
                || around(cost, n, sum) * 4 * i128::from(n - 1)
                    <= 9 * cell.iter().map(|c| around(*c, n, sum)).sum::<i128>()
        }
        Lines::Iqr { .. } | Lines::Deviations { .. } => {
            let logs: Vec<f64> = sorted.iter().map(|c| (*c as f64).ln()).collect();
            let mean = logs.iter().sum::<f64>() / n as f64;
            let squares: f64 = logs.iter().map(|log| (log - mean).powi(2)).sum();
            let reach = 1.5 * (squares / (n - 1).max(1) as f64).sqrt();
            n == 1 || ((cost as f64).ln() - mean).abs() <= reach + 1e-9
        }
    }
}

/// Rows that stay, after up to two passes, in cells of at least three.
fn trimmed(cases: &[Plain], lines: Lines, within: Within) -> Vec<Plain> {
    let cell = |case: &Plain| match within {
        Within::Group => (case.group, 9, ""),
        Within::GroupYear => (case.group, case.year, ""),
        Within::GroupLevel => (case.group, 9, case.level),
    };
    let mut left = cases.to_vec();
    for _ in 0..2 {
        let before = left.clone();
        left.retain(|case| {
            let costs: Vec<i64> = before.iter().filter(|o| cell(o) == cell(case)).map(|o| o.cost).collect();
            costs.len() < 3 || stays(case.cost, &costs, lines)
        });
    }
    left
}

fn mean(costs: &[i64]) -> Option<F> {
    (!costs.is_empty()).then(|| F::of(costs.iter().sum::<i64>(), costs.len()))
}

fn median(costs: &[i64]) -> Option<F> {
    let mut sorted = costs.to_vec();
    sorted.sort_unstable();
    let last = sorted.len().checked_sub(1)?;
    Some(F::of(sorted[last / 2] + sorted[sorted.len() / 2], 2))
}

/// One figure of several years: the shares are counted out, case by case or year by year.
fn combined(by_year: &[Vec<i64>; 3], combine: Combine, of: Centre, pool: &[Option<F>; 3]) -> Option<F> {
    let middle = |costs: &[i64]| if of == Centre::Mean { mean(costs) } else { median(costs) };
    if combine == Combine::Cases {
        let times = |(year, costs): (usize, &Vec<i64>)| costs.repeat(SHARES[year] as usize);
        return middle(&by_year.iter().enumerate().flat_map(times).collect::<Vec<_>>());
    }
    let (mut sum, mut shares) = (F::whole(0), 0);
    for year in 0..3 {
        let Some(own) = middle(&by_year[year]) else { continue };
        let own = if combine == Combine::Ratios { own.over(pool[year].as_ref()?) } else { own };
        sum = sum.plus(&own.times(&F::whole(SHARES[year])));
        shares += SHARES[year];
    }
    (shares > 0).then(|| sum.over(&F::whole(shares)))
}

fn by_year(cases: &[Plain], take: impl Fn(&Plain) -> bool) -> [Vec<i64>; 3] {
    [0, 1, 2].map(|year| cases.iter().filter(|c| c.year == year && take(c)).map(|c| c.cost).collect())
}

/// What the plain computation finds, in ten-thousandths.
#[derive(Debug, PartialEq)]
struct Found {
    kept: Vec<usize>,
    stable: Vec<bool>,
    values: Vec<Option<i64>>,
    levels: Vec<(String, i64)>,
}

fn naive(cases: &[Plain], plan: &Plan) -> Option<Found> {
    let grouped: Vec<Plain> = cases.iter().filter(|case| case.group < 4).copied().collect();
    let trim = &plan.trims[0];
    let kept = trimmed(&grouped, trim.lines, trim.within);
    if (0..3).any(|year| kept.iter().all(|case| case.year != year)) {
        return None;
    }
    let counted = match plan.formula.pool {
        PoolOf::Kept => &kept[..],
        PoolOf::Grouped => &grouped,
        PoolOf::All => cases,
    };
    let combine = plan.years.combine;
    let pool_years = by_year(counted, |_| true);
    let pool_means = [0, 1, 2].map(|year| mean(&pool_years[year]));
    let plainly = if combine == Combine::Cases { Combine::Cases } else { Combine::Means };
    let pool = combined(&pool_years, plainly, Centre::Mean, &pool_means)?;
    let share = |costs: &[Vec<i64>; 3], of| {
        let figure = combined(costs, combine, of, &pool_means)?;
        Some(if combine == Combine::Ratios { figure } else { figure.over(&pool) })
    };
    let mut found =
        Found { kept: kept.iter().map(|case| case.row).collect(), stable: vec![], values: vec![], levels: vec![] };
    for group in 0..4 {
        let own = by_year(&kept, |case| case.group == group);
        let all: Vec<i64> = own.concat();
        let n = all.len() as i64;
        // Σ(c − mean)² ÷ (n − 1) ≤ (0.6 · mean)²; n² times both sides.
        let sum = all.iter().sum::<i64>();
        let squares: i128 = all.iter().map(|c| around(*c, n, sum)).sum();
        let stable = n >= 5 && squares * 100 <= 36 * i128::from(n - 1) * i128::from(sum) * i128::from(sum);
        let of = if stable { Centre::Mean } else { plan.stability.unstable };
        // AA11 and AA15 are of one ADRG; the others are alone in theirs.
        let adrg = by_year(&kept, |case| case.group == group || (case.group < 2 && group < 2));
        let figure = if n >= 3 {
            share(&own, of)
        } else if adrg.concat().len() >= 3 {
            share(&adrg, Centre::Mean)
        } else {
            None
        };
        found.stable.push(stable);
        found.values.push(figure.map(|figure| figure.half_up(10_000)));
    }
    for level in ["三级", "二级"] {
        let (mut cost, mut expected) = (0i64, 0i64);
        for case in kept.iter().filter(|case| case.level == level) {
            let alike = by_year(&kept, |other| other.group == case.group);
            cost += SHARES[case.year] * case.cost;
            expected += SHARES[case.year] * mean(&alike[case.year])?.half_up(1);
        }
        if expected > 0 {
            let clamped = F::of(cost, expected).half_up(10_000).clamp(8_000, 12_000);
            found.levels.push((level.to_owned(), clamped));
        }
    }
    Some(found)
}

fn plans() -> impl Strategy<Value = Plan> {
    let lines = prop_oneof![
        Just(Lines::Iqr { k_e6: 1_500_000, domain: Domain::Cost, quantile: Quantile::Inclusive }),
        Just(Lines::Percentile { low_e6: 50_000, high_e6: 950_000, quantile: Quantile::Inclusive }),
        Just(Lines::Multiple { low_e6: Some(400_000), high_e6: Some(3_000_000), of: Centre::Mean }),
        Just(Lines::Deviations { k_e6: 1_500_000, domain: Domain::Cost, spread: Spread::Sample }),
        Just(Lines::Deviations { k_e6: 1_500_000, domain: Domain::Ln, spread: Spread::Sample }),
    ];
    let combine = prop_oneof![Just(Combine::Means), Just(Combine::Cases), Just(Combine::Ratios)];
    let pool = prop_oneof![Just(PoolOf::Kept), Just(PoolOf::Grouped), Just(PoolOf::All)];
    let within = prop_oneof![Just(Within::Group), Just(Within::GroupYear), Just(Within::GroupLevel)];
    let centre = prop_oneof![Just(Centre::Mean), Just(Centre::Median)];
    (lines, combine, pool, within, centre).prop_map(|(lines, combine, pool, within, unstable)| Plan {
        years: Years { shares: [(2023, 1), (2024, 2), (2025, 7)].into(), combine, ..plan().years },
        trims: vec![Trim { rule: "t".into(), lines, within, passes: 2, min_cases: 3 }],
        formula: Formula { pool, ..plan().formula },
        stability: Stability { min_cases: 5, max_cv_e6: 600_000, unstable },
        few: Few { below: 3, then: vec![Instead::Adrg] },
        level: Some(LevelCoefficient {
            by_group: None,
            clamp: Clamp { low_e6: Some(800_000), high_e6: Some(1_200_000) },
        }),
        ..plan()
    })
}

proptest! {
    #[test]
    fn a_plain_computation_finds_the_same(rows in drawn(), plan in plans()) {
        let rows: Vec<Drawn> = rows;
        let (claims, grouped) = built(&rows, |_| {});
        let weighed = weigh(&claims, &grouped, &outcomes(), &plan);
        let expected = naive(&plain(&claims, &grouped), &plan);
        let Ok((weighed, _)) = weighed else {
            prop_assert_eq!(expected, None, "refused: a year lost its cases");
            return Ok(());
        };
        let expected = expected.expect("weighed by the engine");
        let gone: std::collections::BTreeSet<usize> = weighed.left_out.iter().map(|left| left.row as usize).collect();
        let kept: Vec<usize> = (0..claims.len()).filter(|row| !gone.contains(row)).collect();
        prop_assert_eq!(&kept, &expected.kept);
        let values: Vec<Option<i64>> = weighed.groups.iter().map(|group| group.value_e4).collect();
        prop_assert_eq!(&values, &expected.values);
        prop_assert_eq!(weighed.groups.iter().map(|group| group.stable).collect::<Vec<_>>(), expected.stable);
        let levels: Vec<(String, i64)> = (weighed.levels.iter())
            .filter_map(|level| Some((level.level.clone(), level.overall_e4?)))
            .collect();
        prop_assert_eq!(levels, expected.levels);
    }
}
