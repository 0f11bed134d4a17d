//! Closing gaps over several years.

use dianzhi::fiscal::{Plan, by_government, check, plan};
use dianzhi::money::Fen;
use rust_decimal::Decimal;

use super::support::{policy, year, yuan};

fn percent(percent: i64) -> Decimal {
    Decimal::new(percent, 2)
}

/// A gap of 3,000,000 over three years with budgets growing by 5 %: 3,150,000, 3,307,500, 3,472,875; a third of the
/// first, two thirds of the second, all of the third.
#[test]
fn a_share_grows_with_the_budget() {
    let years = [year("通江县", 2025, &[("general_budget", "3600000000"), ("health_spending", "393000000")])];
    let lines: Vec<_> = check(&policy(&[]), &years).unwrap().into_iter().filter(|line| line.floor == "B14-1").collect();
    let planned = plan(&lines, Plan { years: 3, growth: percent(5) }).unwrap();
    let rows: Vec<_> = planned.iter().map(|row| (row.year, row.gap, row.extra, row.left)).collect();
    let expected = [
        (2026, yuan(3_150_000), yuan(1_050_000), yuan(2_100_000)),
        (2027, yuan(3_307_500), yuan(2_205_000), yuan(1_102_500)),
        (2028, yuan(3_472_875), yuan(3_472_875), Fen(0)),
    ];
    assert_eq!(rows, expected);
}

/// A fixed sum does not grow: 1,000,000 short of 5,000,000, in three steps 333,333.33, 666,666.67, 1,000,000.
#[test]
fn a_fixed_sum_does_not_grow() {
    let years = [year("通江县", 2024, &[("renewal_fund", "0")]), year("通江县", 2025, &[("renewal_fund", "4000000")])];
    let lines = check(&policy(&[]), &years).unwrap();
    let lines: Vec<_> = lines.into_iter().filter(|line| line.floor == "B14-7").collect();
    let planned = plan(&lines, Plan { years: 3, growth: percent(5) }).unwrap();
    let extra: Vec<_> = planned.iter().map(|row| (row.year, row.extra)).collect();
    assert_eq!(
        extra,
        [(2026, Fen(33_333_333)), (2027, Fen(66_666_667)), (2028, yuan(1_000_000))],
        "the latest year only"
    );
}

/// Closing every gap costs between the largest and the sum: spending on posts is health spending too.
#[test]
fn gaps_of_a_government_overlap() {
    let figures = [
        ("general_budget", "3600000000"),
        ("health_spending", "393000000"),
        ("posts", "125"),
        ("post_subsidy", "7800000"),
        ("renewal_fund", "5000000"),
    ];
    let sums = by_government(&check(&policy(&[]), &[year("通江县", 2025, &figures)]).unwrap()).unwrap();
    let sum = &sums[0];
    // 3,000,000 of health spending, 325,000 of 125 posts.
    assert_eq!((sum.largest, sum.sum, sum.met, sum.short), (yuan(3_000_000), yuan(3_325_000), 1, 2));
}
