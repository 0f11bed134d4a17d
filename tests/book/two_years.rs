//! What one year has to do with the next, and what reaches a reserve: towns of a few claims, with figures worked out by
//! hand, each settled with `--audit`.

use super::small::{CLAIM, Claim, FIXED, HALVED, ONCE, POINTS, Town, other, pair, stay};

const FUND: &str = "[rules.point_value]\nkind = \"point_value.fund\"\nplaceholder = \"试验\"\n";
const FIVE: &str = "[rules.five]\nkind = \"deduction.share\"\norder = 1\nshare = 0.05\nto = \"reserve\"\n\
    placeholder = \"试验\"\n";
const RESERVE: &str = "[rules.reserve]\nkind = \"reserve.ledger\"\nopening = { \"*\" = 100 }\nlimited = true\n\
    placeholder = \"试验\"\n";

/// A stay in the last month of one year, another in the first of the next.
fn two_years(town: &Town) {
    town.settle("2026-12", &[other("A", "2026-12-01", "2026-12-10")], &[]);
    town.settle("2027-01", &[other("N", "2027-01-01", "2027-01-10")], &[]);
}

fn penalty(year: &str) -> String {
    format!(
        "[rules.penalty]\nkind = \"penalty.table\"\ntable = [{{ fixmedins_code = \"H1\", insutype = \"390\", \
         amount = 77, reason = \"分解住院\"{year} }}]\nplaceholder = \"试验\"\n"
    )
}

/// 2026: 100 + 5 % of 120,000 = 6,100. That opens 2027, whatever the pack says, and is told: + 12,000 = 18,100.
#[test]
fn a_reserve_opens_with_what_the_year_before_left() {
    let town = Town::new(&[POINTS, FUND, FIVE, RESERVE]);
    two_years(&town);
    assert_eq!(town.clear_year("2026"), Vec::<&str>::new());
    assert_eq!(town.clear_year("2027"), ["M039"]);
    for (year, opening, closing) in [("2026", "100.00", "6100.00"), ("2027", "6100.00", "18100.00")] {
        let reserves = town.table(year, "reserves");
        let row = reserves.only(&[("insutype", "390")]);
        assert_eq!(
            (reserves.text("opening", row).as_str(), reserves.text("closing", row).as_str()),
            (opening, closing)
        );
    }
    let entries = town.table("2027", "entries");
    let row = entries.only(&[("account", "reserve_opening"), ("subject", "390")]);
    assert_eq!(entries.text("numbers", row), "carried_from=2026");
    town.policy(&[POINTS, FUND, FIVE, &RESERVE.replace("\"*\" = 100", "\"*\" = 6100")]);
    assert_eq!(town.clear_year("2027"), Vec::<&str>::new(), "the pack says the same");
}

/// 77 yuan are taken once: the clearing of another year refuses the row without a year, and passes by one of 2026.
#[test]
fn a_penalty_is_taken_by_one_clearing_only() {
    let town = Town::new(&[POINTS, FUND, RESERVE, &penalty("")]);
    two_years(&town);
    let taken = |year: &str| {
        let rows = town.table(year, "institutions");
        rows.text("penalty", rows.only(&[("fixmedins_code", "H1"), ("insutype", "390")]))
    };
    assert_eq!(town.clear_year("2026"), Vec::<&str>::new());
    assert_eq!(taken("2026"), "77.00");
    assert_eq!(town.clear_year("2027"), ["B044"]);
    town.policy(&[POINTS, FUND, RESERVE, &penalty(", year = 2026")]);
    assert_eq!(town.clear_year("2026"), Vec::<&str>::new());
    assert_eq!(town.clear_year("2027"), ["M039"]);
    assert_eq!((taken("2026").as_str(), taken("2027").as_str()), ("77.00", "0.00"));
    assert_eq!(town.table("2026", "reserves").text("penalties", 0), "77.00");
    assert_eq!(town.table("2027", "reserves").text("opening", 0), "177.00");
}

/// A total of 1,000 heads × 200 = 200,000 less 10,000 of care outside: as it was in 2026, which is told; with rows of
/// their years 150,000 less 10,000.
#[test]
fn figures_of_a_year_that_stand_unchanged_are_told() {
    let rules = |heads: &str, outside: &str| {
        format!(
            "[rules.total]\nkind = \"consortium_total.per_head\"\nplaceholder = \"试验\"\ntable = [{heads}]\n\
             [rules.outside]\nkind = \"outside_care.table\"\nplaceholder = \"试验\"\ntable = [{outside}]\n\
             [rules.referral]\nkind = \"referral.table\"\nplaceholder = \"试验\"\n\
             table = [{{ consortium = \"县医共体\", factor = 1, year = 2026 }}, \
             {{ consortium = \"县医共体\", factor = 1 }}]\n"
        )
    };
    let heads = |per_head: i64, year: &str| {
        format!("{{ consortium = \"县医共体\", pool = \"390\", heads = 1000, per_head = {per_head}{year} }}")
    };
    let outside = |year: &str| format!("{{ consortium = \"县医共体\", pool = \"390\", amount = 10000{year} }}");
    let town = Town::new(&[POINTS, FIXED, &rules(&heads(200, ""), &outside(""))]);
    two_years(&town);
    assert_eq!(town.clear_year("2026"), Vec::<&str>::new());
    assert_eq!(town.clear_year("2027"), ["B045", "B045", "B045"]);
    let balance = |year: &str| town.table(year, "consortia").text("balance", 0);
    // One case of 120 points × 100.
    assert_eq!((balance("2026").as_str(), balance("2027").as_str()), ("178000.00", "178000.00"));
    let both = format!("{}, {}", heads(200, ", year = 2026"), heads(150, ", year = 2027"));
    town.policy(&[POINTS, FIXED, &rules(&both, &outside(", year = 2026"))]);
    assert_eq!(town.clear_year("2026"), Vec::<&str>::new());
    assert_eq!(town.clear_year("2027"), ["B045"], "the factor has no year");
    assert_eq!((balance("2026").as_str(), balance("2027").as_str()), ("178000.00", "138000.00"));
}

/// 7 yuan of an institution without cases in pool 310, which opens with 10: 17 yuan.
#[test]
fn a_penalty_in_a_pool_without_cases_reaches_its_reserve() {
    let penalty = "[rules.penalty]\nkind = \"penalty.table\"\nplaceholder = \"试验\"\ntable = [\
        { fixmedins_code = \"H1\", insutype = \"390\", amount = 100, reason = \"甲\" }, \
        { fixmedins_code = \"H2\", insutype = \"310\", amount = 7, reason = \"乙\" }]\n";
    let town = Town::new(&[POINTS, FUND, &RESERVE.replace("\"*\" = 100", "\"310\" = 10"), penalty]);
    town.settle("2026-12", &[other("A", "2026-12-01", "2026-12-10")], &[]);
    assert_eq!(town.clear_year("2026"), Vec::<&str>::new());
    let reserves = town.table("2026", "reserves");
    let row = |pool| {
        let row = reserves.only(&[("insutype", pool)]);
        ["opening", "penalties", "closing"].map(|column| reserves.text(column, row))
    };
    assert_eq!(row("310"), ["10.00", "7.00", "17.00"]);
    assert_eq!(row("390"), ["0.00", "100.00", "100.00"]);
    assert_eq!(reserves.sum("penalties"), town.table("2026", "institutions").sum("penalty"));
}

/// A has 80 points; B is paid by item, and M is 8,000: 50,000 are worth 625 points, so that the chain is paid B's
/// 50,000, by bills of 3,000 and 50,000 2,830.19 and 47,169.81. 6,000 are worth 75: then it is A's 80 points, 26.6667
/// and 53.3333. Without M the two cannot be held against each other.
#[test]
fn the_highest_stay_of_a_chain_is_that_of_most_worth() {
    let by_item = "[rules.item]\nkind = \"special.cost\"\nwhen = { diagnoses = [\"S32\"] }\norder = 1\n\
        placeholder = \"试验\"\n";
    let chain = |bill| {
        let first = Claim { house: "H2", way: "2", bill: 3_000, ..stay("A", "ES25", "2026-12-01", "2026-12-10") };
        [first, Claim { bill, id: "B", drg: "IR15", admitted: "2026-12-10", discharged: "2026-12-20", ..CLAIM }]
    };
    for (bill, first, second) in [
        (50_000, pair("0.0000", "2830.19"), pair("0.0000", "47169.81")),
        (6_000, pair("26.6667", "2666.67"), pair("53.3333", "5333.33")),
    ] {
        let town = Town::new(&[POINTS, FIXED, HALVED, ONCE, by_item]);
        town.settle("2026-12", &chain(bill), &[]);
        assert_eq!((town.claim("2026-12", "A"), town.claim("2026-12", "B")), (first, second));
    }
    let town = Town::new(&[POINTS, FIXED, HALVED, ONCE, by_item]);
    town.put("kind = \"pool_mean.fixed\"\nvalues = { \"*\" = 8000 }", "kind = \"none\"");
    assert_eq!(town.month("2026-12", &chain(6_000), &[]), 1, "M011");
}

/// 1.2345 × 100 × 1.0333 = 127.560885 points, published as 127.5609; half of it is 63.7804425, rounded once 63.7804, be
/// it within a month or over its end: 12,756.09 − 6,378.05 = 6,378.04. By a rate of 10,000 the half is 6,378.04425.
#[test]
fn a_readmission_over_months_leaves_a_share_of_unrounded_points() {
    let level = "[rules.coefficient]\nkind = \"coefficient.level\"\nlevels = { \"三级\" = 1.0333, \"一级\" = 1 }\n\
        placeholder = \"试验\"\n";
    let rate = "[rules.method]\nkind = \"method.rate\"\nrates = { \"*\" = 10000 }\ndue = \"fund\"\n\
        placeholder = \"试验\"\n";
    let first = stay("A", "ES25", "2026-01-10", "2026-01-20");
    let second = stay("B", "ES25", "2026-01-25", "2026-01-30");
    let by_points = [POINTS, FIXED, HALVED, level].concat();
    for (rules, points, correction) in [
        (by_points, "63.7804", "A readmission -63.7805 -6378.05"),
        ([rate, HALVED, level].concat(), "0.6378", "A readmission -0.6378 -6378.05"),
    ] {
        let town = |claims: &[Claim<'_>]| {
            let town = Town::new(&[&rules]);
            town.put("\"ES25\", weight = 0.8", "\"ES25\", weight = 1.2345");
            town.settle("2026-01", claims, &[]);
            town
        };
        assert_eq!(town(&[first, second]).claim("2026-01", "A"), pair(points, "6378.04"));
        let over = town(&[first]);
        assert_eq!(over.claim("2026-01", "A").1, "12756.09");
        over.settle("2026-02", &[Claim { admitted: "2026-02-01", discharged: "2026-02-05", ..second }], &[]);
        assert_eq!(over.corrections("2026-02"), [correction]);
        assert_eq!(over.clear_year("2026"), Vec::<&str>::new());
        assert_eq!(over.claim("2026", "A").1, "6378.04");
    }
}
