//! One county's years under every reading of every switch, each against the default, worked by hand.

use std::collections::BTreeMap;

use dianzhi::awards::{Event, Inputs, Policy, SubjectKind, Succession, alternatives, switches};
use dianzhi::problem::Lang;
use dianzhi::workbook::result::word;
use rust_decimal::Decimal;

use super::support::{
    awarded, day, decide, event, events, held, party, payment, person, policy, prize, revoked, stopped, total, yuan,
};

/// Events that each open question of the text is about.
fn world() -> Inputs {
    let share =
        |party: dianzhi::awards::Party, share| dianzhi::awards::Party { share: Some(Decimal::from(share)), ..party };
    let special = Event {
        achievement: "national_science".to_owned(),
        ..prize("special", "特等奖", "甲", vec![party("T1", SubjectKind::Team, "巴中市")], "2025-01-10")
    };
    let team = vec![
        share(party("T2", SubjectKind::Team, "通江县"), 70),
        share(party("P1", SubjectKind::Person, "通江县"), 30),
    ];
    let mut inputs = events(vec![
        special,
        // Shared by a team and the expert P1.
        prize("second", "二等奖", "乙", team, "2025-02-10"),
        person("expert", "national_talent", "P1", "2025-03-10"),
        // Three stars, then four in the year after.
        event("three", "smart_hospital", "三星", "H1", "2025-04-10"),
        event("four", "smart_hospital", "四星", "H1", "2026-04-10"),
        // Held until 2020, and named anew.
        event("again", "hospital_grade", "三级甲等", "H2", "2025-05-10"),
        // The new hospital came out of one that had the grade A.
        event("exam", "national_exam", "A", "H3", "2025-06-10"),
        // Built a month before the policy starts.
        event("early", "smart_hospital", "三星", "H4", "2023-12-10"),
        // The province has paid 1,000,000 for the same fact.
        Event { higher_award: Some(yuan(1_000_000)), ..event("centre", "regional_centre", "", "H5", "2025-07-10") },
        // Revoked within three years.
        event("area", "chronic_area", "", "C1", "2025-08-10"),
        // Two of one year, where the text does not say "each".
        event("cdc1", "cdc_grade", "三级乙等", "C2", "2025-09-10"),
        event("cdc2", "cdc_grade", "三级甲等", "C3", "2025-10-10"),
    ]);
    inputs.history = vec![
        held("H2", "hospital_grade", "三级甲等", "2015-01-01", Some("2020-01-01")),
        held("H0", "national_exam", "A", "2021-01-01", None),
    ];
    inputs.successions = vec![Succession { subject: "H3".to_owned(), predecessor: "H0".to_owned() }];
    inputs.revocations = vec![revoked("area", "2026-08-10")];
    inputs.payments = vec![
        payment("v1", "three", "通江县", "2025-12-01", yuan(1_000_000)),
        payment("v2", "special", "巴中市", "2025-12-01", yuan(2_000_000)),
    ];
    inputs
}

/// Default: A3 2,000,000 + A5 500,000 + A1 100,000 + A11 1,000,000 + A12 2,000,000 + A6 3,000,000 − 1,000,000 +
/// A13 500,000 − 500,000 + A9 2 × 1,000,000, and 10 % of the 1,000,000 in place.
const DEFAULT: i64 = 2_000_000 + 500_000 + 100_000 + 1_000_000 + 2_000_000 + 2_000_000 + 2_000_000 + 100_000;

#[test]
fn every_reading_of_every_switch() {
    let inputs = world();
    assert_eq!(total(&decide(&policy(&[]), &inputs).lines), yuan(DEFAULT));
    let others = alternatives(&policy(&[]), &inputs, &Default::default());
    let mut expected: BTreeMap<(&str, &str), i64> = [
        // The special prize is neither first nor second class; what the city paid is for nothing.
        (("national_science_classes", "first_second_only"), -2_000_000),
        // One million for both centres of disease control.
        (("unit_not_stated", "one_sum_a_year"), -1_000_000),
        (("tiers", "difference"), -1_000_000),
        // The three stars are taken back, and with them their second award.
        (("tiers", "highest"), -1_000_000 - 100_000),
        // Alone it changes nothing: each tier is paid.
        (("tiers_window", "award_year"), 0),
        (("newly_created", "dated"), 1_000_000),
        // H2 has held it before, and everything else is dated within the policy.
        (("newly_created", "never_held"), 0),
        // The three stars of 2023.
        (("built", "any_date"), 1_000_000),
        // H0 had its A in 2021, before the policy starts.
        (("first_time", "since_start"), 2_000_000),
        (("succession", "starts_afresh"), 2_000_000),
        // 500,000 go to the team alone or 70 : 30; the sum stays.
        (("joint_winners", "lead_only"), 0),
        (("joint_winners", "agreed_shares"), 0),
        // P1 has 250,000 of the team's prize: the own 100,000 are less.
        (("person_and_team", "offset"), -100_000),
        (("double_funding", "keep"), 1_000_000),
        (("rounding", "half_even"), 0),
        (("rounding", "toward_zero"), 0),
        (("clawback", "none"), 500_000),
        (("second_base", "whole_item"), 0),
        (("second_base", "county_year_total"), 0),
        (("second_base", "with_city_paid"), 0),
        // Other awards of 2025 are not paid yet: the county's year is not complete.
        (("second_gate", "county_year"), -100_000),
        // 10 % of the 2,000,000 that the city has paid its own team.
        (("second_municipal_units", "eligible"), 200_000),
        (("second_payee", "county_finance"), 0),
    ]
    .into();
    for other in &others {
        let key = (other.switch.as_str(), other.reading.as_str());
        let Ok(sum) = &other.total else {
            // What these readings need, no input says.
            let needs = [("award_year", "paid"), ("award_year", "applied"), ("second_payee", "by_rule")];
            assert!(needs.contains(&key), "{key:?}");
            continue;
        };
        let change = expected.remove(&key).unwrap_or_else(|| panic!("{key:?} is not worked out"));
        assert_eq!(sum.checked_sub(yuan(DEFAULT)), Some(yuan(change)), "{key:?}");
    }
    assert!(expected.is_empty(), "{expected:?}");
}

/// Readings stand in workbooks as they are written on the command line: none of them is the code of something else.
#[test]
fn readings_are_no_words() {
    for switch in switches::ALL {
        for reading in switch.readings {
            for lang in [Lang::Zh, Lang::En] {
                assert_eq!(word(reading.name, lang), reading.name, "{}", switch.name);
            }
        }
    }
}

#[test]
fn readings_can_be_chosen_for_the_pack_or_for_one_rule() {
    let base = policy(&[]);
    let inputs = world();
    let amounts = |policy: &Policy| decide(policy, &inputs);
    // A13 says itself that the lead unit is paid; the pack's reading does not change that.
    let agreed = base.with_switches([("joint_winners", "agreed_shares")]).unwrap();
    let own = |policy: &Policy| policy.rule("A13").unwrap().switches.get("joint_winners").unwrap().to_owned();
    assert_eq!((own(&agreed).as_str(), own(&base).as_str()), ("lead_only", "lead_only"));
    assert_eq!(own(&base.with_switches([("A13.joint_winners", "equal")]).unwrap()), "equal");
    // 70 % and 30 % of 500,000.
    let parts = amounts(&agreed).lines.into_iter().filter(|line| line.rule == "A5");
    assert_eq!(parts.map(|line| line.amount).collect::<Vec<_>>(), [yuan(350_000), yuan(150_000)]);
    // Only A11 and A12 are read otherwise.
    let one = base.with_switches([("A12.tiers", "difference")]).unwrap();
    assert!(awarded(&amounts(&one)).contains(&("A12:H1", yuan(1_000_000))));
    // The same as patching the pack.
    assert_eq!(total(&amounts(&policy(&[("tiers", "highest")])).lines), {
        let chosen = base.with_switches([("tiers", "highest")]).unwrap();
        total(&amounts(&chosen).lines)
    });
    assert_eq!(base.in_force().len(), switches::ALL.len() + 2 + 1, "the engine's, the pack's own, and that of A13");
}

#[test]
fn readings_that_do_not_exist_are_told_together() {
    let codes = |readings: &[(&str, &str)]| -> Vec<&str> {
        let problems = policy(&[]).with_switches(readings.iter().copied()).unwrap_err();
        problems.0.iter().map(|problem| problem.entry.code).collect()
    };
    assert_eq!(codes(&[("teirs", "each"), ("tiers", "ech"), ("unit_not_stated", "eech")]), ["A203", "A204", "A204"]);
    assert_eq!(codes(&[("A15.tiers", "each"), ("A12.teirs", "each"), ("A12.tiers", "x")]), ["A214", "A203", "A204"]);
}

/// What is dated after a day is left for a later period.
#[test]
fn later_rows_are_left_out() {
    let (kept, left) = world().until(day("2025-12-31"));
    assert_eq!((kept.events.len(), kept.payments.len(), kept.revocations.len(), left), (11, 2, 0, 2));
    let (_, none) = world().until(day("2026-12-31"));
    assert_eq!(none, 0);
    assert_eq!(stopped(&policy(&[("award_year", "paid")]), &kept).first(), Some(&"A017"));
}
