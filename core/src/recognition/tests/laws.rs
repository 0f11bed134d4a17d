//! What holds for any records.

use super::*;
use crate::table::cell::plain;
use proptest::prelude::*;

pub(super) type Drawn = (u8, u8, u8, u8, u8, u8, bool);

pub(super) fn built((id, person, item, recogniser, issuer, day, accepted): Drawn) -> Record {
    let code = |number: u8| ["A", "B", "B2", "C", "X"][usize::from(number)].to_owned();
    let reported = Moment { day: MARCH + i32::from(day) / 2, second: None };
    Record {
        id: format!("{id}"),
        person: format!("P{person}"),
        item: ["CT", "US", "MRI"][usize::from(item)].to_owned(),
        recogniser: code(recogniser),
        issuer: code(issuer),
        report: format!("R{}", day / 8),
        reported,
        recognised: Moment { day: MARCH + i32::from(day), second: Some(u32::from(day)) },
        accepted,
        ..record("")
    }
}

pub(super) fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let row = (0u8..40, 0u8..3, 0u8..3, 0u8..5, 0u8..5, 0u8..34, proptest::bool::weighted(0.9));
    proptest::collection::vec(row, 0..40)
}

fn policies() -> Vec<String> {
    let rule = |family: &str, rest: &str| {
        format!("[rules.recognition_{family}]\nkind = \"recognition_{family}.{rest}\nplaceholder = \"t\"\n")
    };
    let caps = [
        String::new(),
        rule("cap", "per_patient\"\namount = 120.03"),
        rule("cap", "budget\"\ntable = [{ period = \"2026\", amount = 333.33 }]"),
    ];
    let payees = [String::new(), rule("payee", "split\"\nrecogniser = 0.333333"), rule("payee", "issuer\"")];
    let units = [String::new(), rule("unit", "per_report\""), rule("unit", "per_visit\"")];
    caps.iter().zip(payees).zip(units).map(|((cap, payee), unit)| format!("{cap}{payee}{unit}")).collect()
}

/// All tables as texts.
fn shown(recognised: &Recognised<'_>, packs: &[Rules<'_>]) -> Vec<String> {
    let lines = |table: &crate::table::Table| {
        let line = |row| table.columns.iter().map(|column| plain(&column.values, row) + "|").collect::<String>();
        (0..table.rows()).map(line).collect::<Vec<_>>()
    };
    tables(recognised, packs).iter().flat_map(|(_, table)| lines(table)).collect()
}

proptest! {
    #[test]
    fn every_record_is_paid_or_refused_and_the_order_of_records_changes_nothing(
        rows in drawn(),
        swaps in proptest::collection::vec((0usize..40, 0usize..40), 0..60),
    ) {
        let records: Vec<Record> = rows.iter().copied().map(built).collect();
        let mut moved = records.clone();
        for (a, b) in swaps {
            if a < moved.len() && b < moved.len() {
                moved.swap(a, b);
            }
        }
        for policy in policies() {
            let see = |r: &Recognised<'_>, packs: &[Rules<'_>]| {
                assert_eq!(r.paid.len() + r.refused.len(), records.len());
                let lines: i64 = r.paid.iter().map(|line| line.amount_fen).sum();
                let parts: i64 = r.paid.iter().map(|line| line.recogniser.fen + line.issuer.fen).sum();
                let sums: i64 = r.institutions.iter().map(InstitutionSum::due_fen).sum();
                assert_eq!((lines, lines, lines), (parts, sums, r.total_fen));
                assert!(r.paid.iter().all(|line| 0 <= line.amount_fen && line.amount_fen <= line.worth.award_fen));
                shown(r, packs)
            };
            let first = World::of(&records).with(&policy, see).unwrap();
            prop_assert_eq!(first, World::of(&moved).with(&policy, see).unwrap());
        }
    }

    /// What is written to a book comes back as the awards of an earlier period, and pays nothing again.
    #[test]
    fn nothing_is_paid_twice(rows in drawn()) {
        let records: Vec<Record> = rows.into_iter().map(built).collect();
        for policy in policies() {
            let earlier = World::of(&records).with(&policy, |r, packs| {
                let period = "2026-02".parse().unwrap();
                let tables = tables(r, packs).into_iter().take(1).map(|(_, table)| (period, table));
                (earlier_of(&tables.collect::<Vec<_>>()), r.paid.len())
            });
            let (earlier, paid) = earlier.unwrap();
            prop_assert_eq!(earlier.len(), paid);
            let again = World { earlier: &earlier, ..World::of(&records) }.came(&policy);
            prop_assert_eq!(again.paid, []);
        }
    }
}
