//! The default policy again, in one plain loop.

use super::laws::{built, drawn};
use super::*;
use proptest::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};

type Done = (u8, u8, u8, u8, bool);

/// Tests of the same persons, items and institutions, in the visit of the records or in another.
fn tests() -> impl Strategy<Value = Vec<Done>> {
    proptest::collection::vec((0u8..3, 0u8..2, 0u8..4, 0u8..40, any::<bool>()), 0..6)
}

fn done((person, item, institution, day, same_visit): Done) -> Test {
    Test {
        person: format!("P{person}"),
        institution: ["A", "B", "B2", "C"][usize::from(institution)].to_owned(),
        visit: if same_visit { "V" } else { "W" }.to_owned(),
        item: ["CT", "US"][usize::from(item)].to_owned(),
        done: Moment { day: MARCH + i32::from(day), second: None },
    }
}

/// Yuan by item, level and day of March.
fn price(item: &str, recogniser: &str, day: i32) -> Decimal {
    let yuan = match (item, recogniser) {
        ("US", _) => "80",
        (_, "A") => "240.01",
        _ if day < MARCH + 15 => "180",
        _ => "200",
    };
    yuan.parse().unwrap()
}

/// Each record with its award in fen, or the code of what refuses it.
fn naive(records: &[Record], tests: &[Test]) -> Vec<(String, Result<i64, &'static str>)> {
    let mut sorted = records.to_vec();
    sorted.sort();
    sorted.sort_by_key(|r| (r.recognised.day, r.recognised.second, r.id.clone()));
    let mut counted: Vec<[String; 4]> = Vec::new();
    let mut out: Vec<(String, Result<i64, &'static str>)> = Vec::new();
    for (at, r) in sorted.iter().enumerate() {
        let days = if r.item == "US" { 7 } else { 30 };
        let age = r.recognised.day - r.reported.day;
        let own = |t: &&Test| t.person == r.person && t.item == r.item && t.institution == r.recogniser;
        let unit = [&r.report, &r.item, &r.issuer, &r.recogniser].map(Clone::clone);
        let verdict = if records.iter().any(|o| o.id == r.id && o != r) {
            Err("R102")
        } else if sorted[..at].contains(r) {
            Err("R103")
        } else if r.recognised.day > MARCH + 30 {
            Err("R105")
        } else if !r.accepted {
            Err("R104")
        } else if r.recogniser == "X" || r.issuer == "X" {
            Err("R107")
        } else if r.recogniser == r.issuer {
            Err("R108")
        } else if r.item == "MRI" {
            Err("R110")
        } else if age < 0 {
            Err("R111")
        } else if age > days {
            Err("R112")
        } else if tests.iter().filter(own).any(|t| t.visit == "V" && t.done.day >= r.recognised.day) {
            Err("R116")
        } else if tests.iter().filter(own).any(|t| (0..=days).contains(&(t.done.day - r.reported.day))) {
            Err("R115")
        } else if counted.contains(&unit) {
            Err("R119")
        } else {
            counted.push(unit);
            let half = price(&r.item, &r.recogniser, r.recognised.day) / Decimal::TWO;
            let yuan = half.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
            Ok((yuan * Decimal::ONE_HUNDRED).trunc().to_string().parse().unwrap())
        };
        out.push((r.id.clone(), verdict));
    }
    out.sort();
    out
}

proptest! {
    #[test]
    fn a_plain_loop_decides_the_same(rows in drawn(), done_rows in tests()) {
        let records: Vec<Record> = rows.into_iter().map(built).collect();
        let tests: Vec<Test> = done_rows.into_iter().map(done).collect();
        let came = World { tests: &tests, ..World::of(&records) }.came("");
        let paid = came.paid.into_iter().map(|(id, fen)| (id, Ok(fen)));
        let refused = came.refused.into_iter().map(|(id, code)| (id, Err(code)));
        let mut found: Vec<(String, Result<i64, &'static str>)> = paid.chain(refused).collect();
        found.sort();
        let expected = naive(&records, &tests);
        prop_assert_eq!(came.total_fen, expected.iter().filter_map(|(_, verdict)| verdict.ok()).sum::<i64>());
        prop_assert_eq!(found, expected);
    }
}
