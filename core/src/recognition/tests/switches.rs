//! Every switch of a policy.

use super::*;

#[test]
fn half_the_price_at_the_recogniser_on_the_day() {
    // 200.00 from 16 March; 180.00 before.
    assert_eq!(paid(record("1"), ""), 10_000);
    let mut early = record("1");
    early.recognised.day = MARCH + 14;
    assert_eq!(paid(early, ""), 9_000);
    // A is 三级: half of 240.01 is 120.005, half up.
    let at_a = Record { recogniser: "A".into(), issuer: "B".into(), ..record("1") };
    assert_eq!(paid(at_a, ""), 12_001);
    assert_eq!(paid(Record { item: "US".into(), reported: record("1").recognised, ..record("1") }, ""), 4_000);
}

#[test]
fn lines_are_rounded_before_they_are_summed() {
    let at_a = |id: &str| Record { recogniser: "A".into(), issuer: "B".into(), ..record(id) };
    let came = World::of(&[at_a("1"), at_a("2")]).came("");
    assert_eq!((came.paid.len(), came.total_fen), (2, 24_002), "2 × 120.01, not 240.01");
}

#[test]
fn the_fee_may_be_the_issuers_or_the_actual_one() {
    let issuer = "[rules.recognition_fee]\nkind = \"recognition_fee.issuer_list\"\nplaceholder = \"t\"\n";
    assert_eq!(paid(record("1"), issuer), 12_001, "A on 10 March");
    let actual = "[rules.recognition_fee]\nkind = \"recognition_fee.actual\"\nplaceholder = \"t\"\n";
    assert_eq!(paid(Record { fee_fen: Some(15_001), ..record("1") }, actual), 7_501);
    assert_eq!(refused(record("1"), actual), "R121");
}

#[test]
fn the_payee_may_be_the_issuer_or_both() {
    let of = |payee: &str| {
        let changes = format!("[rules.recognition_payee]\nkind = \"recognition_payee.{payee}\nplaceholder = \"t\"\n");
        World::of(&[Record { recogniser: "A".into(), issuer: "B".into(), ..record("1") }])
            .with(&changes, |recognised, _| {
                let sums = recognised.institutions.iter();
                sums.map(|sum| (sum.institution.clone(), sum.cases, sum.due_fen())).collect::<Vec<_>>()
            })
            .unwrap()
    };
    assert_eq!(of("recogniser\""), [("A".to_owned(), 1, 12_001)]);
    assert_eq!(of("issuer\""), [("B".to_owned(), 1, 12_001)]);
    // 60 % of 12 001 is 7200.6, the larger remainder.
    let split = of("split\"\nrecogniser = 0.6");
    assert_eq!(split, [("A".to_owned(), 1, 7_201), ("B".to_owned(), 1, 4_800)]);
}

#[test]
fn a_case_is_an_item_a_report_or_a_visit() {
    let us = |id: &str, report: &str, second| Record {
        item: "US".into(),
        report: report.into(),
        reported: Moment { day: MARCH + 18, second: None },
        recognised: Moment { day: MARCH + 19, second: Some(second) },
        ..record(id)
    };
    let ct = |id: &str, report: &str, second| Record { item: "CT".into(), ..us(id, report, second) };
    // One report with two items, the same again, and another report, all in one visit.
    let records = [ct("4", "R1", 40), us("1", "R1", 10), ct("2", "R1", 20), us("3", "R2", 30)];
    let unit = |kind: &str| {
        let changes = format!("[rules.recognition_unit]\nkind = \"recognition_unit.{kind}\"\nplaceholder = \"t\"\n");
        let came = World::of(&records).came(&changes);
        assert!(came.refused.iter().all(|(_, code)| *code == "R119"));
        came.paid
    };
    let amounts = |paid: &[(&str, i64)]| paid.iter().map(|(id, fen)| ((*id).to_owned(), *fen)).collect::<Vec<_>>();
    assert_eq!(unit("per_item"), amounts(&[("1", 4_000), ("2", 10_000), ("3", 4_000)]));
    assert_eq!(unit("per_report"), amounts(&[("1", 4_000), ("3", 4_000)]));
    assert_eq!(unit("per_visit"), amounts(&[("1", 4_000)]));
}

#[test]
fn inpatients_are_paid_as_the_policy_says() {
    let inpatient = || Record { med_type: "21".into(), settlement: "S1".into(), ..record("1") };
    assert_eq!(refused(inpatient(), ""), "R114");
    assert_eq!(refused(Record { settlement: String::new(), ..inpatient() }, ""), "R114");
    assert_eq!(refused(Record { med_type: "11".into(), ..inpatient() }, ""), "R114", "it has a settlement");
    let rule = |kind: &str| {
        format!("[rules.recognition_inpatient]\nkind = \"recognition_inpatient.{kind}\"\nplaceholder = \"t\"\n")
    };
    assert_eq!(paid(inpatient(), &rule("included")), 10_000);
    let records = [inpatient()];
    let world = |drg_paid| World { drg_paid, ..World::of(&records) }.came(&rule("excluded_if_drg"));
    assert_eq!(world(&["S1"]).refused, [("1".to_owned(), "R114")]);
    assert_eq!(world(&["S2"]).total_fen, 10_000);
}

#[test]
fn the_fund_may_pay_its_own_share_only() {
    let changes = "[rules.recognition_patient]\nkind = \"recognition_patient.fund_share\"\nplaceholder = \"t\"\n\
                   shares = { \"390\" = 0.65, \"310\" = 0.8 }\n";
    // 200.00 × 0.5 × 0.65.
    assert_eq!(paid(record("1"), changes), 6_500);
    assert_eq!(refused(Record { insutype: "340".into(), ..record("1") }, changes), "R122");
    let others = changes.replace("\"310\" = 0.8", "\"*\" = 0.7");
    assert_eq!(paid(Record { insutype: "340".into(), ..record("1") }, &others), 7_000);
}

#[test]
fn points_may_stand_for_money() {
    let changes = "[rules.recognition_booking]\nkind = \"recognition_booking.points\"\nplaceholder = \"t\"\n\
        value = 64.9534\n\
                   [rules.recognition_payee]\nkind = \"recognition_payee.split\"\nrecogniser = 0.5\n\
                       placeholder = \"t\"\n";
    let records = [record("1")];
    let world = World::of(&records);
    // 50 yuan ÷ 64.9534 = 0.76978… points for each of the two, and no money.
    let sums =
        world.with(changes, |r, _| r.institutions.iter().map(|s| (s.due_fen(), s.points_e4)).collect::<Vec<_>>());
    assert_eq!(sums.unwrap(), [(0, 7_698), (0, 7_698)]);
    assert_eq!(world.stopped(&changes.replace("64.9534", "0")), "P007");
    let dear = "[rules.recognition_prices]\nkind = \"recognition_prices.table\"\nplaceholder = \"t\"\n\
                table = [{ item_code = \"CT\", price = 10000000000000 }]\n";
    assert_eq!(world.stopped(&format!("{}{dear}", changes.replace("64.9534", "0.000001"))), "R008");
}

#[test]
fn late_records_count_unless_the_policy_leaves_them_out() {
    let late = || {
        let mut late = record("1");
        (late.recognised.day, late.reported.day) = (MARCH - 2, MARCH - 3);
        late
    };
    assert_eq!(paid(late(), ""), 9_000, "at the price of 27 February");
    let rule = "[rules.recognition_period]\nkind = \"recognition_period.by_day\"\nearlier = \"exclude\"\n\
        placeholder = \"t\"\n";
    assert_eq!(refused(late(), rule), "R106");
    let mut after = record("1");
    after.recognised.day = MARCH + 31;
    assert_eq!(refused(after, ""), "R105");
    let mut before_packs = record("1");
    before_packs.recognised.day = MARCH - 100;
    assert_eq!(World::of(&[before_packs]).stopped(""), "R007");
}

#[test]
fn a_missing_price_or_list_stops_the_run() {
    let prices = |rows: &str| {
        format!(
            "[rules.recognition_prices]\nkind = \"recognition_prices.table\"\nplaceholder = \"t\"\ntable = [{rows}]\n"
        )
    };
    let records = [record("1")];
    let world = World::of(&records);
    assert_eq!(world.stopped(&prices("{ item_code = \"CT\", hosp_lv = \"三级\", price = 1 }")), "R002");
    let twice = "{ item_code = \"CT\", price = 1, valid_to = 2026-03-10 }, \
        { item_code = \"CT\", price = 2, valid_from = 2026-03-10 }";
    assert_eq!(world.stopped(&prices(twice)), "R005");
    assert_eq!(world.stopped("[rules.recognition_prices]\nkind = \"none\"\n"), "P028");
    let items = "[rules.recognition_items]\nkind = \"recognition_items.table\"\nplaceholder = \"t\"\n\
                 table = [{ item_code = \"CT\" }, { item_code = \"CT\", valid_from = 2026-01-01 }]\n";
    assert_eq!(world.stopped(items), "R005");
}

#[test]
fn without_a_register_records_say_the_levels() {
    let changes = "[rules.institutions]\nkind = \"institutions.from_claims\"\nlevels = { \"2\" = \"二级\" }\n\
        placeholder = \"t\"\n";
    assert_eq!(paid(Record { recogniser_level: "2".into(), ..record("1") }, changes), 10_000);
    assert_eq!(refused(record("1"), changes), "R120");
    let between =
        "[rules.between]\nkind = \"recognition_guard.between\"\nscope = \"same_county\"\nplaceholder = \"t\"\n";
    assert_eq!(World::of(&[]).stopped(&format!("{changes}{between}")), "R006");
}
