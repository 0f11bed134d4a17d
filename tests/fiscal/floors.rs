//! Each rule of article fourteen and twelve: just met, one fen short, a figure missing, nothing to start from.

use dianzhi::fiscal::Standing::{Above, Met, Short, Unknown};
use dianzhi::fiscal::{Year, check};
use dianzhi::money::Fen;

use super::support::{county, line, policy, year, yuan};

/// 11 % of 3,600,000,000 is 396,000,000; "以上" includes the figure itself.
#[test]
fn eleven_per_cent_of_the_budget() {
    let with = |health| [("general_budget", "3600000000"), ("health_spending", health)];
    let policy_ = policy(&[]);
    let of = |health| county(&policy_, "B14-1", &with(health));
    assert_eq!(of("396000000"), (Met, Some(yuan(396_000_000)), Fen(0), Fen(0)));
    assert_eq!(of("395999999.99"), (Short, Some(yuan(396_000_000)), Fen(1), Fen(1)));
    assert_eq!(of("400000000"), (Met, Some(yuan(396_000_000)), Fen(0), Fen(0)));
    // 0.11 × 1,000.01 = 110.0011: 110.01 reaches it, 110.00 does not.
    let small = |health| county(&policy_, "B14-1", &[("general_budget", "1000.01"), ("health_spending", health)]);
    assert_eq!((small("110.01").0, small("110").0), (Met, Short));
}

/// By additional spending the base grows with it: 393 m + x = 11 % of (3,600 m + x), so x = 3 m ÷ 0.89 =
/// 3,370,786.516… , rounded up to the fen.
#[test]
fn a_gap_closed_by_additional_spending_costs_more() {
    let figures = [("general_budget", "3600000000"), ("health_spending", "393000000")];
    let within = county(&policy(&[]), "B14-1", &figures);
    assert_eq!((within.2, within.3), (yuan(3_000_000), yuan(3_000_000)));
    let on_top = county(&policy(&[("B14-1.closing", "additional")]), "B14-1", &figures);
    assert_eq!((on_top.2, on_top.3), (yuan(3_000_000), Fen(337_078_652)));
}

#[test]
fn ten_per_cent_of_new_capacity_as_floor_or_exactly() {
    let with = |spent| [("new_capacity", "100000000"), ("new_capacity_health", spent)];
    let (floor, exact) = (policy(&[]), policy(&[("B14-2.bound", "exact")]));
    let of = |policy, spent| county(policy, "B14-2", &with(spent)).0;
    assert_eq!([of(&floor, "9999999.99"), of(&floor, "10000000"), of(&floor, "10000000.01")], [Short, Met, Met]);
    assert_eq!([of(&exact, "9999999.99"), of(&exact, "10000000"), of(&exact, "10000000.01")], [Short, Met, Above]);
    // No new capacity: nothing is asked.
    assert_eq!(county(&floor, "B14-2", &[("new_capacity", "0"), ("new_capacity_health", "0")]).0, Met);
}

/// In a year of decline nothing is asked of what is not there; what is spent all the same is above an exact figure.
#[test]
fn new_capacity_may_be_negative() {
    let figures = [("new_capacity", "-1000000"), ("new_capacity_health", "0")];
    assert_eq!(county(&policy(&[]), "B14-2", &figures), (Met, Some(Fen(0)), Fen(0), Fen(0)));
    let exact = policy(&[("B14-2.bound", "exact")]);
    assert_eq!(county(&exact, "B14-2", &figures).0, Met);
    let figures = [("new_capacity", "-1000000"), ("new_capacity_health", "50000")];
    assert_eq!(county(&exact, "B14-2", &figures).0, Above);
    let additional = policy(&[("B14-2.closing", "additional")]);
    assert_eq!(county(&additional, "B14-2", &figures).3, Fen(0));
}

#[test]
fn earmarked_money_and_township_costs_in_full() {
    let policy = policy(&[]);
    for (floor, needed, given) in
        [("B14-3", "earmarked_received", "earmarked_passed_on"), ("B14-8", "township_needed", "township_provided")]
    {
        let of = |amount| county(&policy, floor, &[(needed, "45000000"), (given, amount)]);
        assert_eq!(of("45000000"), (Met, Some(yuan(45_000_000)), Fen(0), Fen(0)), "{floor}");
        assert_eq!(of("44999999.99"), (Short, Some(yuan(45_000_000)), Fen(1), Fen(1)), "{floor}");
        assert_eq!(county(&policy, floor, &[(needed, "1")]).0, Unknown, "{floor}");
    }
}

/// Last year 18,000,000, growth 5.5 %: 18,990,000.
#[test]
fn hospital_subsidies_grow_with_the_economy() {
    let of = |last: &str, index, now| {
        let before = year("通江县", 2024, &[("hospital_subsidy", last)]);
        let now = year("通江县", 2025, &[("hospital_subsidy", now), ("growth_index", index)]);
        let found = line(&policy(&[]), &[now, before], "通江县", 2025, "B14-4");
        (found.standing, found.required, found.gap)
    };
    assert_eq!(of("18000000", "0.055", "18990000"), (Met, Some(yuan(18_990_000)), Fen(0)));
    assert_eq!(of("18000000", "0.055", "18989999.99"), (Short, Some(yuan(18_990_000)), Fen(1)));
    // 100.01 × 1.055 = 105.51055, rounded up: less would not reach it.
    assert_eq!(of("100.01", "0.055", "105.51").1, Some(Fen(10_552)));
    assert_eq!(of("18000000", "-0.02", "18000000").0, Met, "a fall counts as zero");
    assert_eq!(of("18000000", "-0.02", "17999999.99").0, Short);
    // Nothing last year: growth of nothing asks for nothing.
    assert_eq!(of("0", "0.055", "0"), (Met, Some(Fen(0)), Fen(0)));
}

#[test]
fn a_fall_of_the_index_can_count() {
    let before = year("通江县", 2024, &[("hospital_subsidy", "18000000")]);
    let now = year("通江县", 2025, &[("hospital_subsidy", "17640000"), ("growth_index", "-0.02")]);
    let policy = policy(&[("B14-4.cap_at_zero", "false")]);
    let found = line(&policy, &[before, now], "通江县", 2025, "B14-4");
    // 18,000,000 × 0.98
    assert_eq!((found.standing, found.required), (Met, Some(yuan(17_640_000))));
}

/// 65,000 yuan × 125 posts = 8,125,000; half a post counts by half.
#[test]
fn sixty_five_thousand_a_post() {
    let policy = policy(&[]);
    let of = |posts, paid| county(&policy, "B14-5", &[("posts", posts), ("post_subsidy", paid)]);
    assert_eq!(of("125", "8125000"), (Met, Some(yuan(8_125_000)), Fen(0), Fen(0)));
    assert_eq!(of("125", "8124999.99"), (Short, Some(yuan(8_125_000)), Fen(1), Fen(1)));
    assert_eq!(of("0.5", "0"), (Short, Some(yuan(32_500)), yuan(32_500), yuan(32_500)));
    assert_eq!(of("0", "0").0, Met);
}

#[test]
fn five_million_a_county_and_none_for_the_city() {
    let policy = policy(&[]);
    let of = |fund| county(&policy, "B14-7", &[("renewal_fund", fund)]);
    assert_eq!(of("5000000"), (Met, Some(yuan(5_000_000)), Fen(0), Fen(0)));
    assert_eq!(of("4999999.99"), (Short, Some(yuan(5_000_000)), Fen(1), Fen(1)));
    let city = check(&policy, &[year("巴中市", 2025, &[("renewal_fund", "0")])]).unwrap();
    let floors: Vec<&str> = city.iter().map(|line| line.floor.as_str()).collect();
    assert_eq!(floors, ["B12-1", "B14-1", "B14-2", "B14-3", "B14-4", "B14-5", "B14-6"]);
}

/// Debt must not rise; with a yearly fall of 5 %, 60,000,000 may leave 57,000,000.
#[test]
fn debt_falls() {
    let of = |fall: &str, now| {
        let before = year("通江县", 2024, &[("debt", "60000000")]);
        let now = year("通江县", 2025, &[("debt", now)]);
        let found = line(&policy(&[("B14-6.fall", fall)]), &[before, now], "通江县", 2025, "B14-6");
        (found.standing, found.required, found.gap)
    };
    assert_eq!(of("0", "60000000"), (Met, Some(yuan(60_000_000)), Fen(0)));
    assert_eq!(of("0", "60000000.01"), (Short, Some(yuan(60_000_000)), Fen(1)));
    assert_eq!(of("0.05", "57000000"), (Met, Some(yuan(57_000_000)), Fen(0)));
    assert_eq!(of("0.05", "57000000.01"), (Short, Some(yuan(57_000_000)), Fen(1)));
}

fn platform(shares: [&str; 2], totals: [&str; 2], paid: [&str; 2]) -> [Year; 2] {
    let of = |at: usize| [("platform_total", totals[at]), ("platform_share", shares[at]), ("platform_paid", paid[at])];
    [year("巴中市", 2025, &of(0)), year("通江县", 2025, &of(1))]
}

/// A platform of 1,000.01 yuan: two thirds and one third are 666.67 and 333.34, together the whole.
#[test]
fn the_platform_is_funded_jointly() {
    let policy_ = policy(&[]);
    let years = platform(["0.666666", "0.333334"], ["1000.01", "1000.01"], ["666.67", "333.33"]);
    let of = |government| line(&policy_, &years, government, 2025, "B12-1");
    assert_eq!((of("巴中市").standing, of("巴中市").required), (Met, Some(Fen(66_667))));
    assert_eq!((of("通江县").standing, of("通江县").required, of("通江县").gap), (Short, Some(Fen(33_334)), Fen(1)));

    let code = |years: &[Year]| check(&policy_, years).unwrap_err().0.iter().map(|p| p.entry.code).collect::<Vec<_>>();
    assert_eq!(code(&platform(["0.6", "0.3"], ["100", "100"], ["60", "40"])), ["A307"], "told once");
    assert_eq!(code(&platform(["0.6", "0.4"], ["100", "100.01"], ["60", "40"])), ["A308"]);
}

#[test]
fn a_missing_account_is_named_and_never_taken_for_zero() {
    let found = line(&policy(&[]), &[year("通江县", 2025, &[("health_spending", "1")])], "通江县", 2025, "B14-1");
    assert_eq!((found.standing, found.required, found.gap, found.cost), (Unknown, None, Fen(0), Fen(0)));
    assert_eq!(found.missing, ["一般公共预算支出"]);
    let years = [year("通江县", 2025, &[("hospital_subsidy", "1")])];
    let growth = line(&policy(&[]), &years, "通江县", 2025, "B14-4");
    assert_eq!(growth.missing, ["2024 公立医院定额补助", "经济增长率"]);
    let lines = check(&policy(&[]), &[year("通江县", 2025, &[])]).unwrap();
    assert!(lines.iter().filter(|line| line.floor != "B14-7").all(|line| line.standing == Unknown));
    assert!(lines.iter().all(|line| line.simulation && !line.citation.is_empty()));
}

#[test]
fn the_order_of_accounts_changes_nothing() {
    let mut years = vec![
        year("通江县", 2024, &[("hospital_subsidy", "18000000"), ("debt", "5")]),
        year("通江县", 2025, &[("hospital_subsidy", "18990000"), ("growth_index", "0.055"), ("debt", "4")]),
        year("巴中市", 2025, &[("general_budget", "100"), ("health_spending", "11")]),
    ];
    let lines = check(&policy(&[]), &years).unwrap();
    years.reverse();
    assert_eq!(check(&policy(&[]), &years).unwrap(), lines);
    assert_eq!(lines[0].government, "巴中市", "governments stand in the order of the pack");
}
