//! What rows say together: copies, reversals, several settlements of one stay.

use dianzhi::claims::{ReadOptions, Rejects, store};
use proptest::prelude::*;

use super::{Folder, HEADER, Outcome, read_rows, row, said};

fn read(rows: &[&[(&str, &str)]]) -> Outcome {
    let rows: Vec<String> = rows.iter().map(|changes| row(changes)).collect();
    read_rows(&rows, &ReadOptions::default())
}

/// What cancels the usual claim.
const BACK: [(&str, &str); 5] = [
    ("refd_setl_flag", "1"),
    ("medfee_sumamt", "-1000.00"),
    ("hifp_pay", "-600.00"),
    ("psn_pay", "-300.00"),
    ("oth_fund_pay", "-100.00"),
];

fn reversal<'a>(setl_id: &'a str, of: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut changes = vec![("setl_id", setl_id), ("init_setl_id", of)];
    changes.extend(BACK);
    changes
}

#[test]
fn equal_copies_count_once() {
    let read = read(&[&[], &[("setl_id", "S2")], &[], &[("setl_id", " S1")]]);
    assert_eq!(read.accepted(), ["S1", "S2"]);
    assert_eq!(read.reasons(), [(4, "C040", "setl_id"), (5, "C040", "setl_id")]);
    assert_eq!((read.report.excluded.rows, read.report.excluded.fen), (2, 200_000));
}

#[test]
fn copies_that_differ_do_not_count() {
    for changes in [&[("age", "56")][..], &[("setl_time", "2026-03-15 10:00:01")], &[("age", "abc")], &[("age", "")]] {
        for swapped in [false, true] {
            let rows: [&[(&str, &str)]; 3] = if swapped { [changes, &[], &[]] } else { [&[], &[], changes] };
            let read = read(&rows);
            assert_eq!(read.accepted(), [""; 0], "{changes:?}");
            assert_eq!(read.reasons().iter().filter(|r| r.1 == "C041").count(), 3);
            assert_eq!((read.report.rejected.rows, read.report.rejected.fen), (3, 300_000));
        }
    }
}

#[test]
fn a_reversal_and_what_it_reverses_drop_out() {
    let read = read(&[&reversal("R1", "S1"), &[], &[("setl_id", "S2")]]);
    assert_eq!(read.accepted(), ["S2"]);
    assert_eq!(read.reasons(), [(2, "C043", "init_setl_id"), (3, "C042", "setl_id")]);
    assert_eq!((read.report.input.fen, read.report.excluded.rows, read.report.excluded.fen), (100_000, 2, 0));
}

#[test]
fn a_pair_drops_out_whatever_else_is_wrong_with_it() {
    let mut back = reversal("R1", "S1");
    back.push(("age", "abc"));
    let read = read(&[&back, &[("gend", "男")]]);
    assert_eq!(read.reasons(), [(2, "C043", "init_setl_id"), (3, "C042", "setl_id")]);
}

#[test]
fn after_a_reversal_the_new_settlement_counts() {
    let stay = ("mdtrt_id", "M1");
    let mut back = reversal("R1", "S1");
    back.push(stay);
    let read = read(&[&[stay], &back, &[("setl_id", "S2"), stay, ("setl_time", "2026-03-15 09:00:00")]]);
    assert_eq!(read.accepted(), ["S2"], "though its time is before that of the reversed one");
    assert_eq!(read.excluded(), ["S1", "R1"]);
}

#[test]
fn reversals_that_do_not_fit() {
    let cases = [
        (vec![("medfee_sumamt", "-999.99"), ("hifp_pay", "-599.99")], vec!["C045", "C045"]),
        (vec![("fixmedins_code", "H2")], vec!["C045", "C045"]),
        (vec![("init_setl_id", "S9")], vec!["C044"]),
        (vec![("init_setl_id", "")], vec!["C010"]),
        (vec![("init_setl_id", "R1")], vec!["C050"]),
        (vec![("medfee_sumamt", "x")], vec!["C013", "C049"]),
    ];
    for (changes, wanted) in cases {
        let mut back = changes.clone();
        back.extend(reversal("R1", "S1"));
        let read = read(&[&back, &[]]);
        let found: Vec<&str> = read.reasons().iter().map(|r| r.1).collect();
        assert_eq!(found, wanted, "{changes:?}");
        let reversed_stays = wanted.len() == 1;
        assert_eq!(read.accepted().len(), usize::from(reversed_stays), "{changes:?}");
    }
}

#[test]
fn a_flag_that_cannot_be_read_stops_the_settlement_it_names() {
    let mut back = vec![("refd_setl_flag", "Y")];
    back.extend(reversal("R1", "S1"));
    let read = read(&[&back, &[]]);
    assert!(read.accepted().is_empty());
    assert!(read.reasons().contains(&(3, "C049", "setl_id")));
}

#[test]
fn a_reversal_of_rows_that_differ_is_unclear() {
    let read = read(&[&reversal("R1", "S1"), &[], &[("age", "56")]]);
    assert_eq!(read.reasons(), [(2, "C052", "init_setl_id"), (3, "C041", "setl_id"), (4, "C041", "setl_id")]);
}

#[test]
fn a_settlement_reversed_twice_does_not_count() {
    let read = read(&[&reversal("R1", "S1"), &reversal("R2", "S1"), &[]]);
    let found: Vec<&str> = read.reasons().iter().map(|r| r.1).collect();
    assert_eq!(found, ["C046", "C046", "C046"]);
    assert_eq!(read.report.rejected.rows, 3);
}

#[test]
fn of_several_settlements_of_a_stay_the_last_counts() {
    let stay = ("mdtrt_id", "M1");
    let rows: [&[(&str, &str)]; 4] = [
        &[("setl_id", "S3"), stay, ("setl_time", "2026-03-16 08:00:00")],
        &[("setl_id", "S1"), stay],
        &[("setl_id", "S2"), stay, ("setl_time", "2026-03-15 11:00")],
        &[("setl_id", "S4"), stay, ("fixmedins_code", "H2")],
    ];
    let read = read(&rows);
    assert_eq!(read.accepted(), ["S3", "S4"], "another institution's stays are others");
    assert_eq!(read.excluded(), ["S1", "S2"]);
}

#[test]
fn when_the_last_settlement_is_unclear_none_counts() {
    let stay = ("mdtrt_id", "M1");
    for time in ["2026-03-15 10:00:00", "2026-03-15", ""] {
        let earlier = [("setl_id", "S0"), stay, ("setl_time", "2026-03-14")];
        let read = read(&[&[stay], &[("setl_id", "S2"), stay, ("setl_time", time)], &earlier]);
        assert!(read.accepted().is_empty(), "{time}");
        let unclear = read.reasons().iter().filter(|r| r.1 == "C048").count();
        assert_eq!(unclear, if time.is_empty() { 3 } else { 2 }, "{time}");
    }
}

#[test]
fn a_faulty_last_settlement_does_not_bring_back_the_one_before() {
    let stay = ("mdtrt_id", "M1");
    let read = read(&[&[stay], &[("setl_id", "S2"), stay, ("setl_time", "2026-03-16"), ("age", "abc")]]);
    assert!(read.accepted().is_empty());
    assert_eq!(read.reasons(), [(2, "C047", "setl_time"), (3, "C011", "age")]);
}

#[test]
fn a_withdrawn_record_is_left_out_before_all_else() {
    let read = read(&[&[("vali_flag", "1")], &[("vali_flag", "0"), ("age", "abc")]]);
    assert_eq!(read.accepted(), ["S1"]);
    assert_eq!(read.reasons(), [(3, "C051", "vali_flag")]);
}

/// Rows of which many concern each other.
fn any_row() -> impl Strategy<Value = String> {
    let pick = |values: &'static [&'static str]| proptest::sample::select(values);
    (
        pick(&["S1", "S2", "S3", "S4", "S5", "S6", ""]),
        pick(&["", "", "M1", "M2"]),
        pick(&["55", "55", "55", "55", "56", "abc"]),
        pick(&["2026-03-15", "2026-03-15 08:00:00", "2026-03-16", ""]),
        pick(&["", "", "", "0", "1", "1", "?"]),
        pick(&["", "S1", "S2", "S3"]),
        pick(&["", "", "", "", "1", "0"]),
    )
        .prop_map(|(setl_id, mdtrt_id, age, setl_time, flag, of, valid)| {
            let mut changes = vec![
                ("setl_id", setl_id),
                ("mdtrt_id", mdtrt_id),
                ("age", age),
                ("setl_time", setl_time),
                ("init_setl_id", of),
                ("vali_flag", valid),
            ];
            if flag == "1" {
                changes.extend(BACK)
            } else {
                changes.push(("refd_setl_flag", flag))
            }
            row(&changes)
        })
}

proptest! {
    #[test]
    fn no_decision_depends_on_the_order_of_rows(
        (rows, shuffled) in proptest::collection::vec(any_row(), 1..14)
            .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))
    ) {
        let (a, b) = (read_rows(&rows, &ReadOptions::default()), read_rows(&shuffled, &ReadOptions::default()));
        prop_assert_eq!(said(&a.claims), said(&b.claims));
        prop_assert_eq!(a.report.input, b.report.input);
        prop_assert_eq!(a.report.rejected, b.report.rejected);
        prop_assert_eq!(a.report.excluded, b.report.excluded);
        let sorted = |outcome: &Outcome| {
            let reject = |r: &dianzhi::claims::Reject| (r.setl_id.clone(), r.entry.code, r.field, r.value.clone());
            let mut all: Vec<_> = outcome.rejects.rows.iter().map(reject).collect();
            all.sort();
            all
        };
        prop_assert_eq!(sorted(&a), sorted(&b));
    }

    #[test]
    fn files_that_overlap_read_from_a_temporary_file_like_one_file_in_memory(
        rows in proptest::collection::vec(any_row(), 1..24), files in 1usize..5, size in 1usize..9,
    ) {
        let whole = read_rows(&rows, &ReadOptions::default());
        let folder = Folder::new();
        let file = |number: usize| {
            let own: Vec<&str> = rows.iter().skip(number).step_by(files).map(String::as_str).collect();
            folder.write(&format!("{number}.csv"), format!("{HEADER}\n{}\n", own.join("\n")))
        };
        let paths: Vec<_> = (0..files).map(file).collect();
        let (store, rejects, report) = store(&paths, &ReadOptions::default(), Some(&folder.path("."))).unwrap();
        prop_assert_eq!(store.len(), whole.claims.len());
        let chunks = (0..store.len()).step_by(size).map(|from| from..(from + size).min(store.len()));
        let chunks: Vec<String> = chunks.flat_map(|rows| said(&store.chunk(rows).unwrap())).collect();
        prop_assert_eq!(chunks, said(&whole.claims));
        let ids = store.ids(0..store.len()).unwrap();
        prop_assert_eq!(ids.setl_id.iter().collect::<Vec<_>>(), whole.accepted());
        prop_assert_eq!(&ids.total_fen, &whole.claims.total_fen);
        prop_assert_eq!((report.input, report.accepted), (whole.report.input, whole.report.accepted));
        prop_assert_eq!((report.rejected, report.excluded), (whole.report.rejected, whole.report.excluded));
        let sorted = |rejects: &Rejects| {
            let mut all: Vec<_> = rejects.rows.iter().map(|r| (r.setl_id.clone(), r.entry.code, r.field)).collect();
            all.sort();
            all
        };
        prop_assert_eq!(sorted(&rejects), sorted(&whole.rejects));
    }

    #[test]
    fn claims_left_out_of_a_store_are_those_named(
        rows in proptest::collection::vec(any_row(), 1..24), out in proptest::collection::btree_set(0usize..24, 0..6),
    ) {
        let folder = Folder::new();
        let paths: Vec<_> = [0, 1].map(|number| {
            let own: Vec<&str> = rows.iter().skip(number).step_by(2).map(String::as_str).collect();
            folder.write(&format!("{number}.csv"), format!("{HEADER}\n{}\n", own.join("\n")))
        }).to_vec();
        let (mut store, ..) = store(&paths, &ReadOptions::default(), Some(&folder.path("."))).unwrap();
        let before = said(&store.chunk(0..store.len()).unwrap());
        let out = out.into_iter().filter(|row| *row < store.len()).collect();
        store.leave_out(&out).unwrap();
        let kept = before.into_iter().enumerate().filter(|(row, _)| !out.contains(row)).map(|(_, claim)| claim);
        prop_assert_eq!(said(&store.chunk(0..store.len()).unwrap()), kept.collect::<Vec<_>>());
    }
}
