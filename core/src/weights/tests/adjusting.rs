//! Adjustment by hand.

use super::*;

pub(super) fn decision(drg: &str, step: Step, to: AdjustTo) -> Adjust {
    let (who, why, decided) = ("专家组", "临床论证", "2026-01-15");
    Adjust { drg: drg.into(), step, to, who: who.into(), why: why.into(), decided: decided.into() }
}

/// AA11 0.7101 × 3, AA15 0.3195 × 1, BB11 1.7751 × 2: Σ = 6.0000.
fn rows<'a>() -> Vec<Row<'a>> {
    [(0, 100), (0, 200), (0, 300), (2, 400), (2, 600), (1, 90)]
        .map(|(group, yuan)| ("x", "H", "", group, Y2025, yuan * 100, 1))
        .into()
}

fn adjusted(rows_: Vec<Adjust>, keep: Keep) -> Weighed {
    weighed(&rows(), &Plan { adjustment: Some(Adjustment { rows: rows_, keep, count: CountOf::Kept }), ..plan() })
}

#[test]
fn one_factor_on_all() {
    let to = AdjustTo::Factor { e6: 1_200_000 };
    let weighed = adjusted(vec![decision("BB11", Step::Clinical, to)], Keep::All);
    // 2.1303 + 0.3195 + 2 · 2.13012 = 6.71004; × 6 ÷ 6.71004.
    let expected = [("AA11", Some(6350)), ("AA15", Some(2857)), ("BB11", Some(19_047)), ("CC11", None)];
    assert_eq!(values(&weighed), expected);
    let balance = weighed.balance.unwrap();
    assert_eq!((balance.before, balance.decided, balance.after, balance.factor_e6), (60_000, 67_100, 60_001, 894_182));
    assert_eq!((weighed.adjusted[0].before_e4, weighed.adjusted[0].after_e4), (17_751, 21_301));
}

#[test]
fn what_four_decimals_leave_over_is_told() {
    let rows_ = vec![decision("BB11", Step::Clinical, AdjustTo::Factor { e6: 1_200_000 })];
    let adjustment = Some(Adjustment { rows: rows_, keep: Keep::All, count: CountOf::Kept });
    let (claims, grouped) = claims(&rows());
    let (_, warnings) = weigh(&claims, &grouped, &outcomes(), &Plan { adjustment, ..plan() }).unwrap();
    assert_eq!(warnings.to_string(), "W011: with weights of four decimals Σ(RW·n) differs from before by 0.0001");
}

#[test]
fn decided_values_stand_when_the_others_carry() {
    let to = AdjustTo::Value { e4: 20_000 };
    let weighed = adjusted(vec![decision("BB11", Step::Policy, to)], Keep::Others);
    // 2 ÷ 2.4498 on AA11 and AA15: 0.57972…, 0.26083….
    let expected = [("AA11", Some(5797)), ("AA15", Some(2608)), ("BB11", Some(20_000)), ("CC11", None)];
    assert_eq!(values(&weighed), expected);
    let balance = weighed.balance.unwrap();
    assert_eq!((balance.before, balance.after), (60_000, 59_999));
}

#[test]
fn steps_follow_each_other_whatever_their_rows() {
    let resource = decision("AA11", Step::Resource, AdjustTo::Factor { e6: 2_000_000 });
    let clinical = decision("AA11", Step::Clinical, AdjustTo::Value { e4: 10_000 });
    let policy = decision("AA11", Step::Policy, AdjustTo::Factor { e6: 1_100_000 });
    let weighed = adjusted(vec![policy, clinical, resource], Keep::Nothing);
    assert_eq!(weighed.groups[0].value_e4, Some(11_000));
    assert_eq!(weighed.groups[1].value_e4, Some(3195), "the others stay");
    let steps: Vec<_> = weighed.adjusted.iter().map(|a| (a.row, a.before_e4, a.after_e4)).collect();
    assert_eq!(steps, [(2, 7101, 14_202), (1, 14_202, 10_000), (0, 10_000, 11_000)]);
}

#[test]
fn the_last_year_may_count() {
    let mut rows = rows();
    rows.extend([("y", "H", "", 0, Y2024, 20_000, 1), ("y", "H", "", 2, Y2024, 50_000, 1)]);
    let years = Years { shares: [(2024, 1), (2025, 1)].into(), ..plan().years };
    let sum = |count| {
        let rows_ = vec![decision("AA11", Step::Policy, AdjustTo::Factor { e6: 1_000_000 })];
        let adjustment = Some(Adjustment { rows: rows_, keep: Keep::All, count });
        let weighed = weighed(&rows, &Plan { years: years.clone(), adjustment, ..plan() });
        let weights: Vec<i128> = weighed.groups.iter().map(|g| i128::from(g.value_e4.unwrap_or(0))).collect();
        (weighed.balance.unwrap().before, weights)
    };
    let (all, weights) = sum(CountOf::Kept);
    assert_eq!(all, 4 * weights[0] + weights[1] + 3 * weights[2]);
    assert_eq!(sum(CountOf::LastYear).0, 3 * weights[0] + weights[1] + 2 * weights[2]);
}

#[test]
fn refuses_what_cannot_be() {
    let refused = |drg: &str, value, keep| {
        let rows_ = vec![decision(drg, Step::Policy, AdjustTo::Value { e4: value })];
        let adjustment = Some(Adjustment { rows: rows_, keep, count: CountOf::Kept });
        let (claims, grouped) = claims(&rows());
        weigh(&claims, &grouped, &outcomes(), &Plan { adjustment, ..plan() }).unwrap_err().0[0].entry.code
    };
    assert_eq!(refused("ZZ19", 1, Keep::All), "W008");
    assert_eq!(refused("CC11", 1, Keep::All), "W008", "a group without weight");
    assert_eq!(refused("BB11", 30_001, Keep::Others), "W009", "more than there is to keep");
}
