//! The municipal second award.

use dianzhi::awards::Level::{City, County, Province};
use dianzhi::awards::{Funding, Inputs, LineKind, Origin, PaidFor, Payment, Policy, Prior, SubjectKind, run};
use dianzhi::money::Fen;
use rust_decimal::Decimal;

use super::support::{by_payee, decide, event, events, party, payment, policy, total, yuan};

fn seconds(outcome: &dianzhi::awards::Outcome) -> Fen {
    Fen::sum(outcome.lines.iter().filter(|l| l.kind == LineKind::Second).map(|l| l.amount)).unwrap()
}

/// Two items of one county, of which the second lacks a hundred yuan.
fn nearly() -> Inputs {
    let mut inputs = events(vec![
        event("one", "regional_centre", "", "H1", "2025-03-01"),
        event("two", "hospital_grade", "三级甲等", "H2", "2025-04-01"),
    ]);
    inputs.payments = vec![
        payment("v1", "one", "通江县", "2025-06-01", yuan(3_000_000)),
        payment("v2", "two", "通江县", "2025-07-01", yuan(999_900)),
    ];
    inputs
}

#[test]
fn ninety_nine_point_nine_nine_percent_is_not_in_place() {
    let mut inputs = nearly();
    let item = policy(&[]);
    let county = policy(&[("second_gate", "county_year")]);
    assert_eq!(by_payee(&decide(&item, &inputs), LineKind::Second), [("H1".to_owned(), yuan(300_000))]);
    let gates: Vec<_> = decide(&item, &inputs).in_place.into_iter().map(|g| (g.scope, g.paid, g.in_place)).collect();
    let expected = [("A6:H1:中心", 3_000_000, true), ("A8:H2", 999_900, false)];
    assert_eq!(gates, expected.map(|(id, paid, ok)| (id.to_owned(), yuan(paid), ok)));
    assert_eq!(seconds(&decide(&county, &inputs)), Fen::ZERO, "the county's year is not complete");

    inputs.payments.push(payment("v3", "two", "通江县", "2025-12-01", Fen(9_999)));
    assert_eq!(seconds(&decide(&item, &inputs)), yuan(300_000), "one fen is missing");
    inputs.payments.push(payment("v4", "two", "通江县", "2025-12-31", Fen(1)));
    for policy in [item, county] {
        let all = decide(&policy, &inputs);
        assert_eq!(seconds(&all), yuan(400_000));
        let last = all.lines.iter().filter(|l| l.kind == LineKind::Second).map(|l| l.payable_on).max();
        assert_eq!(last, Some(super::support::day("2025-12-31")), "payable once the money is complete");
    }
}

#[test]
fn money_withdrawn_counts_and_an_excess_does_not() {
    let mut inputs = nearly();
    inputs.payments.push(payment("v3", "one", "通江县", "2025-08-01", Fen(-1)));
    assert_eq!(seconds(&decide(&policy(&[]), &inputs)), Fen::ZERO);
    inputs.payments.push(payment("v4", "one", "通江县", "2025-08-01", yuan(50)));
    let outcome = decide(&policy(&[]), &inputs);
    assert_eq!(seconds(&outcome), yuan(300_000));
    assert_eq!(outcome.warnings[0].entry.code, "A033");
}

#[test]
fn payments_by_county_and_year_need_the_county_gate() {
    let mut inputs = nearly();
    let lump = |amount| Payment {
        id: "lump".to_owned(),
        paid_for: PaidFor::PlaceYear { place: "通江县".to_owned(), year: 2025 },
        level: County,
        place: "通江县".to_owned(),
        date: super::support::day("2025-12-20"),
        amount,
        origin: Origin::default(),
    };
    inputs.payments = vec![lump(yuan(4_000_000))];
    assert_eq!(seconds(&decide(&policy(&[("second_gate", "county_year")]), &inputs)), yuan(400_000));
    let by_item = decide(&policy(&[]), &inputs);
    assert_eq!((seconds(&by_item), by_item.warnings[0].entry.code), (Fen::ZERO, "A034"));
    inputs.payments = vec![lump(Fen(399_999_999))];
    assert_eq!(seconds(&decide(&policy(&[("second_gate", "county_year")]), &inputs)), Fen::ZERO);
}

/// A rule that three levels fund: province 30 %, city 30 %, county 40 % of 3,000,000.
fn funded(readings: &[(&str, &str)]) -> Policy {
    let mut policy = policy(readings);
    let share = |tenths| Decimal::new(tenths, 1);
    let shares = vec![(Province, share(3)), (City, share(3)), (County, share(4))];
    let rule = policy.rules.iter_mut().find(|rule| rule.id == "A6").unwrap();
    rule.funding = Funding { by_level: [(County, shares)].into() };
    policy
}

#[test]
fn the_base_under_each_reading() {
    let mut inputs = events(vec![event("e", "regional_centre", "", "H", "2025-03-01")]);
    inputs.payments = vec![
        payment("v1", "e", "通江县", "2025-06-01", yuan(1_200_000)),
        payment("v2", "e", "巴中市", "2025-06-01", yuan(500_000)),
    ];
    let awards = decide(&funded(&[]), &inputs);
    let treasuries: Vec<_> = awards.lines.iter().take(3).map(|l| (l.treasury.as_str(), l.amount)).collect();
    assert_eq!(treasuries, [("四川省", yuan(900_000)), ("巴中市", yuan(900_000)), ("通江县", yuan(1_200_000))]);
    for (reading, amount) in [
        ("county_paid_item", 120_000),
        ("whole_item", 300_000),
        ("with_city_paid", 170_000),
        ("county_year_total", 120_000),
    ] {
        let outcome = decide(&funded(&[("second_base", reading)]), &inputs);
        assert_eq!(seconds(&outcome), yuan(amount), "{reading}");
        let second = outcome.lines.iter().find(|l| l.kind == LineKind::Second).unwrap();
        assert!(second.switches.contains(&format!("second_base={reading}")));
    }
}

#[test]
fn the_whole_county_year_as_one_sum() {
    let policy = policy(&[("second_base", "county_year_total"), ("second_gate", "county_year")]);
    let mut inputs = nearly();
    inputs.payments.push(payment("v3", "two", "通江县", "2025-12-01", yuan(100)));
    let mut book = Prior::default();
    let first = run(&policy, &inputs, &book).unwrap();
    let expected = [("H1".to_owned(), yuan(300_000)), ("H2".to_owned(), yuan(100_000))];
    assert_eq!(by_payee(&first, LineKind::Second), expected);
    assert_eq!(first.awards.last().map(|a| a.id.as_str()), Some("A14:通江县:2025"));
    book.extend(&first, &inputs.payments);

    let mut later = events(vec![event("three", "smart_hospital", "三星", "H3", "2025-10-01")]);
    assert_eq!(run(&policy, &later, &book).unwrap().lines.len(), 1, "the year is open again, nothing is taken back");
    later.payments = vec![payment("v5", "three", "通江县", "2026-01-10", yuan(1_000_000))];
    let second = run(&policy, &later, &book).unwrap();
    assert_eq!(by_payee(&second, LineKind::Second), [("H3".to_owned(), yuan(100_000))]);
    assert_eq!(second.awards.last().map(|a| a.id.as_str()), Some("A14:通江县:2025#2"));
    book.extend(&second, &later.payments);

    let gone = Inputs { revocations: vec![super::support::revoked("two", "2026-06-01")], ..Inputs::default() };
    let back = run(&policy, &gone, &book).unwrap();
    assert_eq!(total(&back.lines), yuan(-1_100_000), "the award and its part of the second award");
}

#[test]
fn units_of_the_city() {
    let mut inputs = events(vec![event("e", "regional_centre", "", "H", "2025-03-01")]);
    inputs.events[0].parties = vec![party("H", SubjectKind::Institution, "巴中市")];
    inputs.payments = vec![payment("v", "e", "巴中市", "2025-06-01", yuan(3_000_000))];
    let own = decide(&policy(&[]), &inputs);
    assert_eq!(seconds(&own), Fen::ZERO);
    assert!(own.awards[0].switches.contains("second_municipal_units=not_eligible"));
    assert_eq!(seconds(&decide(&policy(&[("second_municipal_units", "eligible")]), &inputs)), yuan(300_000));
    inputs.payments[0].amount = yuan(2_999_999);
    assert_eq!(seconds(&decide(&policy(&[("second_municipal_units", "eligible")]), &inputs)), Fen::ZERO);
}

#[test]
fn place_units_and_persons_by_stated_shares() {
    let mut inputs = nearly();
    inputs.payments.truncate(1);
    let mut by_rule = policy(&[("second_payee", "by_rule")]);
    let problem = run(&by_rule, &inputs, &Prior::default()).unwrap_err();
    assert_eq!(problem.0[0].entry.code, "A036");
    by_rule.second.as_mut().unwrap().shares = Some([Decimal::new(2, 1), Decimal::new(6, 1), Decimal::new(2, 1)]);
    // No person takes part: place and unit share 2 : 6 in 300,000.
    let expected = [("H1".to_owned(), yuan(225_000)), ("通江县".to_owned(), yuan(75_000))];
    assert_eq!(by_payee(&decide(&by_rule, &inputs), LineKind::Second), expected);
}

#[test]
fn a_payment_counts_once_and_is_remembered() {
    let policy = policy(&[]);
    let mut inputs = nearly();
    let mut book = Prior::default();
    let first = run(&policy, &inputs, &book).unwrap();
    book.extend(&first, &inputs.payments);
    let again = run(&policy, &inputs, &book).unwrap();
    assert_eq!(again.lines, []);
    inputs.payments = vec![payment("v9", "two", "通江县", "2026-01-05", yuan(100))];
    let rest = run(&policy, &inputs, &book).unwrap();
    assert_eq!(by_payee(&rest, LineKind::Second), [("H2".to_owned(), yuan(100_000))]);
    inputs.payments = vec![payment("v1", "one", "通江县", "2025-06-01", yuan(1))];
    assert_eq!(run(&policy, &inputs, &book).unwrap_err().0[0].entry.code, "A035", "one voucher, two amounts");
    inputs.payments = vec![payment("v8", "nine", "通江县", "2025-06-01", yuan(1))];
    assert_eq!(run(&policy, &inputs, &book).unwrap().warnings[0].entry.code, "A031");
}

/// The city has paid 300,000; then a fen of the county's money leaves again. Nothing is taken back, and it is told.
#[test]
fn money_that_leaves_after_the_second_award_is_told() {
    let policy = policy(&[]);
    let mut inputs = nearly();
    let mut book = Prior::default();
    let first = run(&policy, &inputs, &book).unwrap();
    assert_eq!(first.warnings, []);
    book.extend(&first, &inputs.payments);
    inputs.payments = vec![payment("v7", "one", "通江县", "2026-02-01", Fen(-1))];
    let later = run(&policy, &inputs, &book).unwrap();
    assert_eq!(later.lines, []);
    let told: Vec<&str> = later.warnings.iter().map(|problem| problem.entry.code).collect();
    assert_eq!(told, ["A039"]);
    assert!(later.warnings[0].message(dianzhi::problem::Lang::En).contains("300,000.00"));
}
