//! Each way of trimming, at its lines.

use super::super::trim::trim;
use super::*;

const MILLION: i64 = 1_000_000;

fn one(lines: Lines) -> Trim {
    Trim { rule: "t".into(), lines, within: Within::Group, passes: 1, min_cases: 1 }
}

fn cases(costs: &[i64]) -> Vec<Case> {
    let case = |(row, &cost_fen): (usize, &i64)| Case {
        row: row as u32,
        group: 0,
        year: 0,
        level: 0,
        institution: 0,
        cost_fen,
        days: 1,
    };
    costs.iter().enumerate().map(case).collect()
}

/// Costs that stay, in ascending order.
fn left(costs: &[i64], trims: &[Trim]) -> Vec<i64> {
    let mut kept = cases(costs);
    let gone = trim(&mut kept, trims);
    assert_eq!(kept.len() + gone.len(), costs.len(), "nobody is lost");
    let mut left: Vec<i64> = kept.iter().map(|case| case.cost_fen).collect();
    left.sort_unstable();
    left
}

const FIVE: [i64; 5] = [1000, 400, 300, 200, 100];

fn iqr(k_e6: i64, domain: Domain, quantile: Quantile) -> Lines {
    Lines::Iqr { k_e6, domain, quantile }
}

#[test]
fn interquartile_range_of_costs() {
    // Quartiles 200 and 400: −100 … 700.
    assert_eq!(left(&FIVE, &[one(iqr(1_500_000, Domain::Cost, Quantile::Inclusive))]), [100, 200, 300, 400]);
    // Quartiles 150 and 700: up to 1525.
    assert_eq!(left(&FIVE, &[one(iqr(1_500_000, Domain::Cost, Quantile::Exclusive))]).len(), 5);
    // The second and the fourth case, as with 200 and 400; k = 0.5 gives 100 … 500 and 100 is on the line.
    assert_eq!(left(&FIVE, &[one(iqr(500_000, Domain::Cost, Quantile::NearestRank))]), [100, 200, 300, 400]);
    assert_eq!(left(&FIVE, &[one(iqr(499_999, Domain::Cost, Quantile::NearestRank))]), [200, 300, 400]);
}

#[test]
fn interquartile_range_of_logarithms() {
    // Quartiles √(100·1000) = 316.2 and √(1000·10000) = 3162.3, k = 0.
    let lines = iqr(0, Domain::Ln, Quantile::Inclusive);
    assert_eq!(left(&[100, 316, 317, 1000, 3162, 3163, 10_000], &[one(lines)]), [317, 1000, 3162]);
    let mut kept = cases(&[100, 1000, 10_000]);
    let gone = trim(&mut kept, &[one(lines)]);
    let lines: Vec<Reason> = gone.iter().map(|left| left.reason).collect();
    let expected = [(true, 317), (false, 3162)];
    assert_eq!(lines, expected.map(|(low, line_fen)| Reason::Trimmed { trim: 0, pass: 1, low, line_fen }));
}

#[test]
fn percentiles() {
    let lines = Lines::Percentile { low_e6: 100_000, high_e6: 900_000, quantile: Quantile::Inclusive };
    // 100 + 0.4·100 = 140 and 400 + 0.6·600 = 760.
    assert_eq!(left(&FIVE, &[one(lines)]), [200, 300, 400]);
    let all = Lines::Percentile { low_e6: 0, high_e6: MILLION, quantile: Quantile::Inclusive };
    assert_eq!(left(&FIVE, &[one(all)]).len(), 5);
}

#[test]
fn multiples_of_mean_and_median() {
    let of = |of| Lines::Multiple { low_e6: Some(500_000), high_e6: Some(2 * MILLION), of };
    // Mean 400: 200 … 800. Both ends stay.
    assert_eq!(left(&FIVE, &[one(of(Centre::Mean))]), [200, 300, 400]);
    // Median 300: 150 … 600.
    assert_eq!(left(&FIVE, &[one(of(Centre::Median))]), [200, 300, 400]);
    let open = Lines::Multiple { low_e6: None, high_e6: Some(2_500_000), of: Centre::Mean };
    assert_eq!(left(&FIVE, &[one(open)]), [100, 200, 300, 400, 1000], "1000 is 2.5 times the mean: on the line");
}

#[test]
fn standard_deviations_of_costs() {
    let lines = |k_e6, spread| one(Lines::Deviations { k_e6, domain: Domain::Cost, spread });
    // Mean 200, population SD 100: 100 … 300 exactly.
    assert_eq!(left(&[100, 300], &[lines(MILLION, Spread::Population)]), [100, 300]);
    assert_eq!(left(&[100, 300], &[lines(999_999, Spread::Population)]), Vec::<i64>::new());
    // Mean 400, squares 500 000: sample SD 353.55 gives 46.4 … 753.6.
    assert_eq!(left(&FIVE, &[lines(MILLION, Spread::Sample)]), [100, 200, 300, 400]);
    assert_eq!(left(&[7], &[lines(MILLION, Spread::Sample)]), [7], "one case has no sample SD");
}

#[test]
fn standard_deviations_of_logarithms() {
    let lines = |k_e6| one(Lines::Deviations { k_e6, domain: Domain::Ln, spread: Spread::Population });
    // ln 100, ln 10 000: mean ln 1000, SD ln 10: both are on the lines.
    assert_eq!(left(&[100, 10_000], &[lines(MILLION)]), [100, 10_000]);
    assert_eq!(left(&[100, 10_000], &[lines(990_000)]), Vec::<i64>::new());
    for cost in [1, 12_345, 999_999_999_999] {
        assert_eq!(left(&[cost; 7], &[lines(0)]).len(), 7, "equal costs are all on the line");
    }
}

#[test]
fn passes_go_on_with_what_is_left() {
    let costs = [10, 10, 10, 10, 50, 1000];
    let lines = Lines::Multiple { low_e6: None, high_e6: Some(2 * MILLION), of: Centre::Mean };
    // Mean 181.7: 1000 goes. Then mean 18: 50 goes. Then mean 10.
    assert_eq!(left(&costs, &[one(lines)]), [10, 10, 10, 10, 50]);
    assert_eq!(left(&costs, &[Trim { passes: 2, ..one(lines) }]), [10, 10, 10, 10]);
    assert_eq!(left(&costs, &[Trim { passes: 9, ..one(lines) }]), [10, 10, 10, 10]);
    assert_eq!(left(&costs, &[Trim { passes: 9, min_cases: 6, ..one(lines) }]), [10, 10, 10, 10, 50]);
    assert_eq!(left(&costs, &[Trim { min_cases: 7, ..one(lines) }]).len(), 6);
}

#[test]
fn rules_apply_in_their_order() {
    let high = one(Lines::Multiple { low_e6: None, high_e6: Some(2 * MILLION), of: Centre::Mean });
    let low = one(Lines::Multiple { low_e6: Some(500_000), high_e6: None, of: Centre::Mean });
    let costs = [10, 40, 50, 400];
    // Mean 125: 400 goes; mean 33.3: 10 goes.
    assert_eq!(left(&costs, &[high.clone(), low.clone()]), [40, 50]);
    // Mean 125: 10, 40 and 50 go; 400 stays alone.
    assert_eq!(left(&costs, &[low, high]), [400]);
}

#[test]
fn cells_are_apart() {
    let mut kept = cases(&[10, 10, 100, 1000, 1000, 10]);
    kept.iter_mut().skip(3).for_each(|case| case.year = 1);
    kept.iter_mut().skip(3).for_each(|case| case.level = 1);
    let lines = Lines::Multiple { low_e6: Some(500_000), high_e6: Some(2 * MILLION), of: Centre::Mean };
    for within in [Within::GroupYear, Within::GroupLevel] {
        let mut kept = kept.clone();
        let gone = trim(&mut kept, &[Trim { within, ..one(lines) }]);
        let mut rows: Vec<u32> = gone.iter().map(|left| left.row).collect();
        rows.sort_unstable();
        // Means 40 and 670.
        assert_eq!(rows, [0, 1, 2, 5]);
    }
    // Mean 355: 177.5 … 710 takes everything.
    assert_eq!(trim(&mut kept, &[one(lines)]).len(), 6);
}
