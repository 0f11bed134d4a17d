//! Each Bazhong rule once, and the county hospital's year.

use dianzhi::awards::{LineKind, SubjectKind};

use super::support::{
    awarded, by_payee, decide, event, events, party, payment, person, policy, prize, refused, total, yuan,
};

#[test]
fn every_rule_pays_its_amount() {
    let team = || vec![party("T", SubjectKind::Team, "巴中市")];
    let named = "2025-06-30";
    let inputs = events(vec![
        person("e01", "national_talent", "P1", named),
        person("e02", "provincial_talent", "P2", named),
        dianzhi::awards::Event {
            achievement: "national_science".to_owned(),
            ..prize("e03", "二等奖", "甲", team(), named)
        },
        prize("e04", "一等奖", "乙", team(), named),
        prize("e05", "二等奖", "丙", team(), named),
        event("e06", "regional_centre", "", "H1", named),
        dianzhi::awards::Event { item: "心内科".to_owned(), ..event("e07", "national_specialty", "", "H1", named) },
        dianzhi::awards::Event { item: "骨科".to_owned(), ..event("e07b", "national_specialty", "", "H1", named) },
        event("e08", "hospital_grade", "三级甲等", "H1", named),
        event("e09", "cdc_grade", "三级乙等", "C1", named),
        event("e10", "national_exam", "A", "H1", named),
        event("e11", "smart_hospital", "三星", "H1", named),
        event("e12", "smart_hospital", "四星", "H2", named),
        event("e13", "chronic_area", "", "C1", named),
    ]);
    let outcome = decide(&policy(&[]), &inputs);
    let expected = [
        ("A1:P1", 100_000),
        ("A2:P2", 50_000),
        ("A3:甲", 2_000_000),
        ("A4:乙", 1_000_000),
        ("A5:丙", 500_000),
        ("A6:H1:中心", 3_000_000),
        ("A7:H1:心内科", 2_000_000),
        ("A7:H1:骨科", 2_000_000),
        ("A8:H1", 1_000_000),
        ("A9:C1", 1_000_000),
        ("A10:H1", 2_000_000),
        ("A11:H1", 1_000_000),
        ("A12:H2", 2_000_000),
        ("A13:C1", 500_000),
    ];
    assert_eq!(awarded(&outcome), expected.map(|(id, amount)| (id, yuan(amount))));
    assert_eq!(refused(&outcome), []);
    let city: Vec<_> = outcome.lines.iter().filter(|line| line.treasury == "巴中市").map(|line| &*line.award).collect();
    assert_eq!(city, ["A3:甲", "A4:乙", "A5:丙"], "the city pays its own teams, the county the rest");
    assert!(outcome.awards.iter().all(|award| award.simulation) && outcome.lines.iter().all(|line| line.simulation));
}

/// Tertiary-A and three stars in one year, with two provincial experts: 1,000,000 + 1,000,000 + 2 × 50,000; once the
/// county has paid all of it, the city adds a tenth.
#[test]
fn the_county_hospitals_year() {
    let mut inputs = events(vec![
        event("grade", "hospital_grade", "三级甲等", "H", "2025-03-01"),
        event("stars", "smart_hospital", "三星", "H", "2025-09-01"),
        person("one", "provincial_talent", "P1", "2025-04-01"),
        person("two", "provincial_talent", "P2", "2025-04-01"),
    ]);
    let county = decide(&policy(&[]), &inputs);
    assert_eq!(total(&county.lines), yuan(2_100_000));
    assert!(county.lines.iter().all(|line| line.treasury == "通江县" && line.kind == LineKind::Award));
    inputs.payments = vec![
        payment("v1", "grade", "通江县", "2025-11-01", yuan(1_000_000)),
        payment("v2", "stars", "通江县", "2025-11-01", yuan(1_000_000)),
        payment("v3", "one", "通江县", "2025-11-01", yuan(50_000)),
        payment("v4", "two", "通江县", "2025-12-01", yuan(50_000)),
    ];
    let all = decide(&policy(&[]), &inputs);
    let expected = [("H", 200_000), ("P1", 5_000), ("P2", 5_000)];
    assert_eq!(by_payee(&all, LineKind::Second), expected.map(|(id, amount)| (id.to_owned(), yuan(amount))));
    assert!(all.lines.iter().filter(|line| line.kind == LineKind::Second).all(|line| line.treasury == "巴中市"));
    assert_eq!(total(&all.lines), yuan(2_310_000));

    let finance = decide(&policy(&[("second_payee", "county_finance")]), &inputs);
    assert_eq!(by_payee(&finance, LineKind::Second), [("通江县".to_owned(), yuan(210_000))]);
    for (switch, reading) in [
        ("second_gate", "county_year"),
        ("second_base", "whole_item"),
        ("second_base", "with_city_paid"),
        ("second_base", "county_year_total"),
    ] {
        let other = decide(&policy(&[(switch, reading)]), &inputs);
        assert_eq!(by_payee(&other, LineKind::Second), by_payee(&all, LineKind::Second), "{switch}={reading}");
    }
}

#[test]
fn classes_of_the_national_prize_are_a_reading() {
    let special = dianzhi::awards::Event {
        achievement: "national_science".to_owned(),
        ..prize("e", "特等奖", "甲", vec![party("T", SubjectKind::Team, "巴中市")], "2025-01-08")
    };
    let inputs = events(vec![special]);
    let any = decide(&policy(&[]), &inputs);
    assert_eq!(awarded(&any), [("A3:甲", yuan(2_000_000))]);
    assert!(any.awards[0].switches.contains("national_science_classes=any_class"));
    let only = decide(&policy(&[("national_science_classes", "first_second_only")]), &inputs);
    assert_eq!(refused(&only), [("e", "A118")]);
    assert!(only.refusals[0].switches.contains("national_science_classes=first_second_only"));
}

#[test]
fn an_award_of_a_higher_level_reduces() {
    let higher = |amount| dianzhi::awards::Event {
        higher_award: Some(yuan(amount)),
        ..event("e", "regional_centre", "", "H", "2025-01-08")
    };
    let reduced = decide(&policy(&[]), &events(vec![higher(1_200_000)]));
    assert_eq!(awarded(&reduced), [("A6:H:中心", yuan(1_800_000))]);
    assert!(reduced.awards[0].switches.contains("double_funding=reduce"));
    let kept = decide(&policy(&[("double_funding", "keep")]), &events(vec![higher(1_200_000)]));
    assert_eq!(awarded(&kept), [("A6:H:中心", yuan(3_000_000))]);
    let nothing = decide(&policy(&[]), &events(vec![higher(3_000_000)]));
    assert_eq!(refused(&nothing), [("e", "A114")]);
}

#[test]
fn what_no_rule_pays_is_refused_with_a_reason() {
    let private = dianzhi::awards::Event {
        public: Some(false),
        ..event("e1", "hospital_grade", "三级甲等", "H1", "2025-01-08")
    };
    let inputs = events(vec![
        private,
        event("e2", "hospital_grade", "三级乙等", "H2", "2025-01-08"),
        event("e3", "x", "", "H3", "2025-01-08"),
        event("e4", "regional_centre", "", "H4", "2028-01-01"),
        event("e5", "national_talent", "", "H5", "2025-01-08"),
    ]);
    let mut found = decide(&policy(&[]), &inputs);
    found.refusals.sort_by(|x, y| x.event.cmp(&y.event));
    assert_eq!(refused(&found), [("e1", "A105"), ("e2", "A102"), ("e3", "A101"), ("e4", "A104"), ("e5", "A103")]);
    assert_eq!(found.lines, []);
}

#[test]
fn the_award_year_follows_the_chosen_date() {
    let late = dianzhi::awards::Event {
        applied: Some(super::support::day("2026-02-01")),
        paid: Some(super::support::day("2027-01-15")),
        ..event("e", "regional_centre", "", "H", "2025-12-30")
    };
    for (reading, year) in [("named", 2025), ("applied", 2026), ("paid", 2027)] {
        let outcome = decide(&policy(&[("award_year", reading)]), &events(vec![late.clone()]));
        assert_eq!(outcome.lines[0].year, year);
        assert!(outcome.awards[0].switches.contains(&format!("award_year={reading}")));
    }
    let unknown = events(vec![event("e", "regional_centre", "", "H", "2025-12-30")]);
    let problems = dianzhi::awards::run(&policy(&[("award_year", "paid")]), &unknown, &Default::default()).unwrap_err();
    assert_eq!(problems.0[0].entry.code, "A017");
}
