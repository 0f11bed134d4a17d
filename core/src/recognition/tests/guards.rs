//! Every guard, at its edges.

use super::*;

fn on(day: i32) -> Moment {
    Moment { day, second: None }
}

fn at(day: i32, second: u32) -> Moment {
    Moment { day, second: Some(second) }
}

#[test]
fn a_report_is_valid_to_its_last_day() {
    let aged = |days| Record { reported: on(MARCH + 19 - days), ..record("1") };
    assert_eq!(refused(aged(30), ""), "");
    assert_eq!(refused(aged(31), ""), "R112");
    let ultrasound = |days| Record { item: "US".into(), ..aged(days) };
    assert_eq!((refused(ultrasound(7), ""), refused(ultrasound(8), "")), ("", "R112"), "its own days");
}

#[test]
fn recognition_follows_the_report() {
    let reported = |reported| Record { reported, ..record("1") };
    assert_eq!(refused(reported(at(MARCH + 19, 36_000)), ""), "", "at the same second");
    assert_eq!(refused(reported(at(MARCH + 19, 36_001)), ""), "R111");
    assert_eq!(refused(reported(on(MARCH + 19)), ""), "", "on the same day, at an unknown time");
    assert_eq!(refused(reported(on(MARCH + 20)), ""), "R111");
}

#[test]
fn only_what_was_recognised_is_on_the_list_and_certified() {
    assert_eq!(refused(Record { accepted: false, ..record("1") }, ""), "R104");
    assert_eq!(refused(Record { item: "MRI".into(), ..record("1") }, ""), "R110");
    for quality in [None, Some(false)] {
        assert_eq!(refused(Record { quality, ..record("1") }, ""), "R113");
        assert_eq!(refused(Record { quality, ..record("1") }, "[rules.recognition_quality]\nkind = \"none\"\n"), "");
    }
    let listed = "[rules.recognition_items]\nkind = \"recognition_items.table\"\nplaceholder = \"t\"\n\
                  table = [{ item_code = \"CT\", valid_from = 2026-03-20, valid_to = 2026-03-21 }]\n";
    let recognised = |day| Record { recognised: at(day, 1), ..record("1") };
    let codes = [18, 19, 20, 21].map(|day| refused(recognised(MARCH + day), listed));
    assert_eq!(codes, ["R110", "", "", "R110"]);
}

#[test]
fn an_institution_does_not_recognise_itself() {
    assert_eq!(refused(Record { issuer: "B".into(), ..record("1") }, ""), "R108");
    let branch = || Record { issuer: "B2".into(), ..record("1") };
    assert_eq!(refused(branch(), ""), "", "apart unless the policy says otherwise");
    let campuses =
        "[rules.campuses]\nkind = \"recognition_guard.campuses\"\nmain = { B2 = \"B\" }\nplaceholder = \"t\"\n";
    assert_eq!(refused(branch(), campuses), "R108");
    assert_eq!(refused(Record { recogniser: "X".into(), ..record("1") }, ""), "R107");
    assert_eq!(refused(Record { issuer: "X".into(), ..record("1") }, ""), "R107");
}

#[test]
fn recognition_may_be_bound_to_level_consortium_or_county() {
    let between = |scope: &str| {
        format!("[rules.between]\nkind = \"recognition_guard.between\"\nscope = \"{scope}\"\nplaceholder = \"t\"\n")
    };
    let from = |issuer: &str, scope| refused(Record { issuer: issuer.into(), ..record("1") }, &between(scope));
    assert_eq!(["A", "B2", "C"].map(|issuer| from(issuer, "same_level")), ["R109", "", ""]);
    assert_eq!(["A", "B2", "C"].map(|issuer| from(issuer, "same_consortium")), ["", "R109", "R109"]);
    assert_eq!(["A", "B2", "C"].map(|issuer| from(issuer, "same_county")), ["", "", "R109"]);
}

fn test(institution: &str, visit: &str, done: Moment) -> Test {
    Test { person: "P".into(), institution: institution.into(), visit: visit.into(), item: "CT".into(), done }
}

fn after(test: Test, changes: &str) -> Vec<(String, &'static str)> {
    World { tests: &[test], ..World::of(&[record("1")]) }.came(changes).refused
}

#[test]
fn a_test_repeated_in_the_episode_undoes_the_recognition() {
    let not_billed = "[rules.recognition_not_billed]\nkind = \"none\"\n";
    let code = |test| after(test, not_billed).first().map_or("", |(_, code)| *code);
    assert_eq!(code(test("B", "V", at(MARCH + 19, 36_000))), "R116");
    assert_eq!(code(test("B", "V", at(MARCH + 19, 35_999))), "", "before the recognition");
    assert_eq!(code(test("B", "V", on(MARCH + 19))), "R116", "on the day, at an unknown time");
    assert_eq!(code(test("B", "V", on(MARCH + 90))), "R116", "whenever in the episode");
    assert_eq!(code(test("B", "W", on(MARCH + 20))), "", "another visit");
    assert_eq!(code(test("C", "V", on(MARCH + 20))), "", "elsewhere");
    let told = Record { retested: Some(on(MARCH + 21)), ..record("1") };
    assert_eq!(refused(told.clone(), ""), "R116");
    let ignore = "[rules.recognition_retest]\nkind = \"recognition_retest.ignore\"\nplaceholder = \"t\"\n";
    assert_eq!(refused(told, ignore), "");
}

#[test]
fn what_was_billed_while_the_report_was_valid_is_not_paid() {
    // Reported on day 9, valid to day 39.
    let code = |day| after(test("B", "W", on(MARCH + day)), "").first().map_or("", |(_, code)| *code);
    assert_eq!([8, 9, 15, 39, 40].map(code), ["", "R115", "R115", "R115", ""]);
    assert_eq!(after(test("A", "W", on(MARCH + 9)), ""), [], "the issuer's own test");
    assert_eq!(after(test("B", "W", on(MARCH + 15)), "[rules.recognition_not_billed]\nkind = \"none\"\n"), []);
}

#[test]
fn the_earliest_record_of_a_report_wins_then_the_smaller_id() {
    let of = |id: &str, second| Record { report: "R".into(), recognised: at(MARCH + 19, second), ..record(id) };
    let records = [of("a", 3), of("c", 2), of("b", 2)];
    let came = World::of(&records).came("");
    assert_eq!(came.paid, [("b".to_owned(), 10_000)]);
    assert_eq!(came.refused, [("c".to_owned(), "R119"), ("a".to_owned(), "R119")]);
    let another = Record { recogniser: "C".into(), ..of("d", 9) };
    assert_eq!(World::of(&[of("a", 1), another]).came("").paid.len(), 2, "another recogniser has its own");
}

#[test]
fn ids_are_unique() {
    let other = Record { item: "US".into(), ..record("1") };
    let came = World::of(&[record("1"), other, record("2"), record("2")]).came("");
    assert_eq!(came.paid, [("2".to_owned(), 10_000)]);
    assert_eq!(came.refused, [("1", "R102"), ("1", "R102"), ("2", "R103")].map(|(id, code)| (id.to_owned(), code)));
}

/// Record "old", paid in February.
fn earlier() -> Earlier {
    let mut record = record("old");
    (record.recognised.day, record.reported.day) = (MARCH - 10, MARCH - 12);
    record.report = "R-old".into();
    let recogniser = Part { fen: 9_000, points_e4: 0 };
    Earlier {
        period: "2026-02".parse().unwrap(),
        record,
        amount_fen: 9_000,
        recogniser,
        issuer: Part::default(),
        taken_back: false,
    }
}

#[test]
fn earlier_periods_are_not_paid_again() {
    let earlier = [earlier()];
    let came = |record: Record| World { earlier: &earlier, ..World::of(&[record]) }.came("").refused;
    assert_eq!(came(Record { id: "old".into(), ..record("1") }), [("old".to_owned(), "R117")]);
    let same_report = Record { report: "R-old".into(), ..record("1") };
    assert_eq!(came(same_report.clone()), [("1".to_owned(), "R117")]);
    let back = [Earlier { taken_back: true, ..earlier[0].clone() }];
    assert_eq!(World { earlier: &back, ..World::of(&[same_report]) }.came("").total_fen, 10_000);
}

#[test]
fn two_institutions_do_not_recognise_in_turn() {
    let guard = "[rules.ping_pong]\nkind = \"recognition_guard.ping_pong\"\ndays = 29\nplaceholder = \"t\"\n";
    let turned = Record { recogniser: "A".into(), issuer: "B".into(), ..record("1") };
    let earlier = [earlier()];
    let world = World { earlier: &earlier, ..World::of(std::slice::from_ref(&turned)) };
    assert_eq!(world.came(guard).refused, [("1".to_owned(), "R118")], "29 days after");
    assert_eq!(world.came(&guard.replace("29", "28")).refused, []);
    let first = Record { recognised: at(MARCH + 18, 1), ..record("0") };
    assert_eq!(World::of(&[turned.clone(), first]).came(guard).refused, [("1".to_owned(), "R118")]);
    let other_person = Record { person: "Q".into(), ..record("0") };
    assert_eq!(World::of(&[turned, other_person]).came(guard).refused, []);
}

#[test]
fn a_paid_award_is_taken_back_when_the_test_was_repeated() {
    let earlier = [earlier()];
    let tests = [test("B", "V", on(MARCH - 9))];
    let came = |world: &World<'_>, changes: &str| {
        let see = |r: &Recognised<'_>, packs: &[Rules<'_>]| {
            let tables = tables(r, packs);
            let rows = tables[0].1.rows();
            let cell = |column: &str| crate::table::cell::plain(tables[0].1.column(column).unwrap(), rows - 1);
            let due: Vec<_> = r.institutions.iter().map(|s| (s.institution.clone(), s.due_fen())).collect();
            let shown =
                if rows == 0 { String::new() } else { [cell("corrects"), cell("amount"), cell("code")].join(" ") };
            (r.total_fen, due, shown)
        };
        world.with(changes, see).unwrap()
    };
    let expected = (-9_000, vec![("B".to_owned(), -9_000)], "2026-02/old -90.00 R123".to_owned());
    let world = World { tests: &tests, earlier: &earlier, ..World::of(&[]) };
    assert_eq!(came(&world, ""), expected);
    let ignore = "[rules.recognition_retest]\nkind = \"recognition_retest.ignore\"\nplaceholder = \"t\"\n";
    assert_eq!(came(&world, ignore).0, 0);
    let back = [Earlier { taken_back: true, ..earlier[0].clone() }];
    assert_eq!(came(&World { tests: &tests, earlier: &back, ..World::of(&[]) }, "").0, 0, "once only");
    let told = [Record { retested: Some(on(MARCH - 9)), ..earlier[0].record.clone() }];
    let world = World { earlier: &earlier, ..World::of(&told) };
    assert_eq!(came(&world, "").0, -9_000, "the record given again tells of the test");
}
