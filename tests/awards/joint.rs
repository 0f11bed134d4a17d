//! Joint winners.

use dianzhi::awards::{LineKind, Party, Prior, SubjectKind, run};
use dianzhi::money::Fen;
use rust_decimal::Decimal;

use super::support::{by_payee, decide, events, party, payment, policy, prize, yuan};

fn three() -> Vec<Party> {
    let share = |party: Party, share| Party { share: Some(Decimal::new(share, 1)), ..party };
    vec![
        share(party("T1", SubjectKind::Team, "通江县"), 500),
        share(party("T2", SubjectKind::Team, "南江县"), 333),
        share(party("T3", SubjectKind::Team, "巴中市"), 167),
    ]
}

fn parts(reading: &str, amounts: &[(&str, i64)]) {
    let inputs = events(vec![prize("e", "一等奖", "甲", three(), "2025-06-01")]);
    let outcome = decide(&policy(&[("joint_winners", reading)]), &inputs);
    let expected: Vec<_> = amounts.iter().map(|(id, fen)| ((*id).to_owned(), Fen(*fen))).collect();
    assert_eq!(by_payee(&outcome, LineKind::Award), expected, "{reading}");
    assert!(outcome.awards[0].switches.contains(&format!("joint_winners={reading}")));
    for line in &outcome.lines {
        assert_eq!(line.treasury, line.payee_place, "each is paid by the treasury of its own level");
    }
}

#[test]
fn one_million_among_three() {
    parts("equal", &[("T1", 33_333_334), ("T2", 33_333_333), ("T3", 33_333_333)]);
    parts("lead_only", &[("T1", 100_000_000)]);
    parts("agreed_shares", &[("T1", 50_000_000), ("T2", 33_300_000), ("T3", 16_700_000)]);
}

#[test]
fn agreed_shares_must_be_complete() {
    let mut parties = three();
    parties[2].share = Some(Decimal::new(166, 1));
    let mut inputs = events(vec![prize("e", "一等奖", "甲", parties, "2025-06-01")]);
    let policy = policy(&[("joint_winners", "agreed_shares")]);
    let code = |inputs: &dianzhi::awards::Inputs| run(&policy, inputs, &Prior::default()).unwrap_err().0[0].entry.code;
    assert_eq!(code(&inputs), "A018", "99.9 is not all");
    inputs.events[0].parties[2].share = None;
    assert_eq!(code(&inputs), "A018");
}

/// Each county's part is an item of its own at the gate: one county late does not hold up the other.
#[test]
fn the_second_award_goes_place_by_place() {
    let mut inputs = events(vec![prize("e", "一等奖", "甲", three(), "2025-06-01")]);
    inputs.payments = vec![
        payment("v1", "e", "通江县", "2025-09-01", Fen(33_333_334)),
        payment("v2", "e", "南江县", "2025-09-01", Fen(33_333_332)),
        payment("v3", "e", "巴中市", "2025-09-01", Fen(33_333_333)),
    ];
    let outcome = decide(&policy(&[]), &inputs);
    // 333,333.34 × 10 % = 33,333.334 → 33,333.33
    assert_eq!(by_payee(&outcome, LineKind::Second), [("T1".to_owned(), Fen(3_333_333))]);
    assert!(outcome.lines.iter().any(|line| line.switches.contains("rounding=half_up")));
    let municipal = decide(&policy(&[("second_municipal_units", "eligible")]), &inputs);
    let expected = [("T1".to_owned(), Fen(3_333_333)), ("T3".to_owned(), Fen(3_333_333))];
    assert_eq!(by_payee(&municipal, LineKind::Second), expected);
    assert_eq!(yuan(1), Fen(100));
}
