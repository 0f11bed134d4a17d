//! Caps, to the fen.

use super::*;

fn second(id: &str, second: u32) -> Record {
    let recognised = Moment { day: MARCH + 19, second: Some(second) };
    Record { recognised, ..record(id) }
}

fn amounts(records: &[Record], changes: &str) -> Vec<i64> {
    World::of(records).came(changes).paid.iter().map(|(_, fen)| *fen).collect()
}

#[test]
fn a_person_has_so_much() {
    let cap = |amount: &str| {
        format!(
            "[rules.recognition_cap]\nkind = \"recognition_cap.per_patient\"\namount = {amount}\nplaceholder = \"t\"\n"
        )
    };
    let records = [second("b", 1), second("a", 2), second("c", 3), Record { person: "Q".into(), ..second("d", 0) }];
    // Each is worth 100 yuan: in the order of time P gets 100, 50, nothing; Q has its own.
    assert_eq!(amounts(&records, &cap("150")), [10_000, 10_000, 5_000, 0]);
    assert_eq!(amounts(&records, &cap("300")), [10_000; 4]);
    assert_eq!(amounts(&records, &cap("0")), [0; 4]);
    let changes = cap("150") + "per = \"year\"\n";
    let earlier = Earlier {
        period: "2026-02".parse().unwrap(),
        record: second("old", 0),
        amount_fen: 12_000,
        recogniser: Part { fen: 12_000, points_e4: 0 },
        issuer: Part::default(),
        taken_back: false,
    };
    let left = |earlier: Earlier| {
        let world = World { earlier: &[earlier], ..World::of(&records) };
        world.came(&changes).paid.iter().map(|(_, fen)| *fen).collect::<Vec<_>>()
    };
    assert_eq!(left(earlier.clone()), [10_000, 3_000, 0, 0]);
    assert_eq!(left(Earlier { taken_back: true, ..earlier.clone() }), [10_000, 10_000, 5_000, 0]);
    let last_year = Earlier { period: "2025-12".parse().unwrap(), ..earlier };
    assert_eq!(left(last_year), [10_000, 10_000, 5_000, 0]);
}

#[test]
fn a_budget_cuts_all_in_proportion() {
    let cap = |rows: &str, share: &str| {
        format!(
            "[rules.recognition_cap]\nkind = \"recognition_cap.budget\"\ntable = [{rows}]\nshare = {share}\n\
                placeholder = \"t\"\n"
        )
    };
    let march = |yuan: &str| format!("{{ period = \"2026-03\", amount = {yuan} }}");
    let records = [second("a", 1), second("b", 2), second("c", 3)];
    // 3 × 100 yuan out of 100 yuan: 33.34, 33.33, 33.33, the fen left over to the earliest.
    assert_eq!(amounts(&records, &cap(&march("100"), "1")), [3_334, 3_333, 3_333]);
    assert_eq!(amounts(&records, &cap(&march("100"), "0.5")), [1_667, 1_667, 1_666]);
    assert_eq!(amounts(&records, &cap(&march("300"), "1")), [10_000; 3], "just enough");
    let world = World::of(&records);
    assert_eq!(world.stopped(&cap("{ period = \"2026-02\", amount = 1 }", "1")), "R003");
    let both = format!("{}, {{ period = \"2026\", amount = 1 }}", march("1"));
    assert_eq!(world.stopped(&cap(&both, "1")), "R004");
    assert_eq!(world.stopped(&cap("{ period = \"March\", amount = 1 }", "1")), "R009");
}

#[test]
fn a_years_budget_is_less_by_what_was_paid() {
    let changes = "[rules.recognition_cap]\nkind = \"recognition_cap.budget\"\nplaceholder = \"t\"\n\
                   table = [{ period = \"2026\", amount = 250 }]\n";
    let paid = Earlier {
        period: "2026-01".parse().unwrap(),
        record: second("old", 0),
        amount_fen: 15_001,
        recogniser: Part { fen: 15_001, points_e4: 0 },
        issuer: Part::default(),
        taken_back: false,
    };
    let came = World { earlier: &[paid], ..World::of(&[second("a", 1), second("b", 2)]) }.came(changes);
    assert_eq!(came.total_fen, 9_999);
    assert_eq!(came.paid, [("a".to_owned(), 5_000), ("b".to_owned(), 4_999)]);
}
