//! Revoked titles.

use dianzhi::awards::{Clawback, ClawbackPart, Event, Inputs, LineKind, Prior, run};
use dianzhi::money::Fen;

use super::support::{by_payee, day, decide, event, events, payment, policy, revoked, total, yuan};

fn specialty() -> Inputs {
    let event = Event { item: "骨科".to_owned(), ..event("e", "national_specialty", "", "H", "2025-03-01") };
    let mut inputs = events(vec![event]);
    inputs.payments = vec![payment("v", "e", "通江县", "2025-06-01", yuan(2_000_000))];
    inputs
}

#[test]
fn a_revocation_in_time_takes_back_the_award_and_the_second_award() {
    let policy = policy(&[]);
    let mut book = Prior::default();
    let paid = run(&policy, &specialty(), &book).unwrap();
    assert_eq!(total(&paid.lines), yuan(2_200_000));
    book.extend(&paid, &specialty().payments);
    let mut inputs = specialty();
    inputs.revocations = vec![revoked("e", "2027-01-01")];
    let back = run(&policy, &inputs, &book).unwrap();
    let lines: Vec<_> =
        back.lines.iter().map(|l| (l.kind, l.amount, l.treasury.as_str(), l.corrects.as_str())).collect();
    assert_eq!(
        lines,
        [
            (LineKind::ClawBack, yuan(-2_000_000), "通江县", "A7:H:骨科/1"),
            (LineKind::ClawBack, yuan(-200_000), "巴中市", "A7:H:骨科/2"),
        ]
    );
    assert!(back.lines.iter().all(|line| line.switches.contains("clawback=within_years")));
    book.extend(&back, &[]);
    let again = run(&policy, &inputs, &book).unwrap();
    assert_eq!(again.lines, [], "the same revocation handed in again takes back nothing more");
}

#[test]
fn in_one_run_the_entries_stand_against_each_other() {
    let mut inputs = specialty();
    inputs.revocations = vec![revoked("e", "2027-01-01")];
    let outcome = decide(&policy(&[]), &inputs);
    assert_eq!(total(&outcome.lines), Fen::ZERO);
    assert_eq!(outcome.lines.len(), 2, "a second award is not made for what is taken back: {:?}", outcome.lines);
}

#[test]
fn the_term_ends_on_the_anniversary() {
    for (date, taken) in [("2028-03-01", true), ("2028-03-02", false)] {
        let mut inputs = specialty();
        inputs.payments.clear();
        inputs.revocations = vec![revoked("e", date)];
        let left = if taken { 0 } else { 2_000_000 };
        assert_eq!(total(&decide(&policy(&[]), &inputs).lines), yuan(left), "{date}");
        let none = decide(&policy(&[("clawback", "none")]), &inputs);
        assert_eq!(total(&none.lines), yuan(2_000_000), "{date}");
    }
}

#[test]
fn what_is_left_of_the_term_can_be_the_part() {
    let mut policy = policy(&[]);
    for rule in &mut policy.rules {
        rule.clawback = Clawback { years: Some(2), part: ClawbackPart::Remaining };
    }
    let mut inputs = specialty();
    inputs.revocations = vec![revoked("e", "2026-03-01")];
    let mut book = Prior::default();
    let paid = run(&policy, &specialty(), &book).unwrap();
    book.extend(&paid, &specialty().payments);
    let back = run(&policy, &inputs, &book).unwrap();
    // 2025-03-01 … 2027-03-01 has 730 days, 365 are left.
    assert_eq!(by_payee(&back, LineKind::ClawBack), [("H".to_owned(), yuan(-1_100_000))]);
    assert_eq!(back.lines.len(), 2);
    book.extend(&back, &[]);
    assert_eq!(run(&policy, &inputs, &book).unwrap().lines, [], "once");
}

#[test]
fn a_revocation_without_an_award_is_told() {
    let inputs = Inputs { revocations: vec![revoked("?", "2027-01-01")], ..Inputs::default() };
    let outcome = decide(&policy(&[]), &inputs);
    assert_eq!(outcome.warnings[0].entry.code, "A032");
    let mut early = specialty();
    early.revocations = vec![revoked("e", "2025-02-28")];
    assert_eq!(decide(&policy(&[]), &early).warnings[0].entry.code, "A032", "before it was named");
    assert_eq!(day("2025-03-01"), early.events[0].named);
}
