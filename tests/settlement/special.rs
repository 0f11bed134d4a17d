//! Special cases by hand: RW 1.5 (base points 150), f = 0.9, M = 8,000, s = 100.

use dianzhi::policy::PolicySet;
use dianzhi::pricing::{Bill, CaseKind, Options, PastStay, Priced, State, TcmCosts, price};
use dianzhi::settlement::{Account, MonthInput, month};

use super::world::{Case, World, case, compile, compile_with, days, fen, pack};

const WEIGHTS: &str = "table = [{ drg = \"ES31\", weight = 1.5 }, { drg = \"ES35\", weight = 1 }]";
const COMMON: &str = r#"
[rules.low_line]
kind = "low_line.none"
[rules.high_line]
kind = "high_line.none"
[rules.pool_mean]
kind = "pool_mean.fixed"
values = { "*" = 8000 }
[rules.f]
kind = "coefficient.fixed"
value = 0.9
"#;

fn set(rules: &str) -> PolicySet {
    compile(&pack(WEIGHTS, &format!("{COMMON}{rules}")))
}

fn priced(rules: &str, cases: &[Case]) -> Priced {
    World::new(cases).price(&set(rules), None).unwrap_or_else(|problems| panic!("{problems}"))
}

fn one(rules: &str, case: Case) -> (CaseKind, i64, i64) {
    let priced = priced(rules, &[case]);
    (priced.case_kind[0], priced.points_e4[0], priced.amount_fen[0])
}

#[test]
fn day_surgery_unstable_groups_and_new_technology() {
    let day =
        |rest: &str| format!("[rules.day]\nkind = \"special.day_surgery\"\nwhen = {{ med_types = [\"28\"] }}\n{rest}");
    let surgery = || Case { med_type: "28".into(), ..case("ES31", "5000") };
    assert_eq!(one(&day(""), surgery()), (CaseKind::DaySurgery, 1_350_000, 0));
    // 150 × 0.9 × 0.8 = 108; without f 120
    assert_eq!(one(&day("share = 0.8"), surgery()), (CaseKind::DaySurgery, 1_080_000, 0));
    assert_eq!(one(&day("share = 0.8\ncoefficient = false"), surgery()), (CaseKind::DaySurgery, 1_200_000, 0));
    // A case without a group stays without one.
    assert_eq!(one(&day(""), Case { drg: "0000".into(), ..surgery() }).0, CaseKind::Ungrouped);

    let unstable = |pay: &str| {
        format!(
            "[rules.u]\nkind = \"special.unstable\"\nwhen = {{ drgs = [\"ES31\"] }}\npay = \"{pay}\"\nshare = 0.9\n"
        )
    };
    // 135 × 0.9 = 121.5; 6,000 ÷ 8,000 × 100 × 0.9 = 67.5; 6,000 × 0.9 = 5,400
    assert_eq!(one(&unstable("as_normal"), case("ES31", "6000")), (CaseKind::Unstable, 1_215_000, 0));
    assert_eq!(one(&unstable("pool_ratio"), case("ES31", "6000")), (CaseKind::Unstable, 675_000, 0));
    assert_eq!(one(&unstable("cost"), case("ES31", "6000")), (CaseKind::Unstable, 0, fen("5400")));
    assert_eq!(one(&unstable("cost"), case("ES35", "6000")).0, CaseKind::Normal);
    // Fewer than five cases a year: unpaid until the review decides.
    let waiting = priced(&unstable("review"), &[case("ES31", "6000"), case("ES35", "6000")]);
    assert_eq!(waiting.state, [State::Unpaid, State::Paid]);
    assert_eq!((waiting.case_kind[0], waiting.points_e4[0], waiting.amount_fen[0]), (CaseKind::Unstable, 0, 0));
    let decided = format!(
        "{}[rules.reviews]\nkind = \"special_review.quota\"\nshare = 1\npay = \"amount\"\n\
         table = [{{ setl_id = \"S000001\", reviewer_1 = \"甲\", institution_1 = \"H8\", amount_1 = 5500.05, \
         reviewer_2 = \"乙\", institution_2 = \"H9\", amount_2 = 5500.05 }}]\n",
        unstable("review")
    );
    let paid = priced(&decided, &[case("ES31", "6000")]);
    assert_eq!((paid.state[0], paid.amount_fen[0]), (State::Paid, fen("5500.05")));

    let new = "[rules.new]\nkind = \"special.new_technology\"\n\
         when = { diagnoses = [\"A00\"], discharged_from = 2026-03-10, discharged_to = 2026-03-10 }\n";
    assert_eq!(one(new, case("ES31", "70000")), (CaseKind::NewTechnology, 0, fen("70000")));
    assert_eq!(one(new, case("ES31", "70000").discharged("2026-03-11")).0, CaseKind::Normal);
}

/// 3 points a day in full up to day 30, 80 % up to day 60, half after: 61 days are 30 + 24 + 0.5 = 54.5 days.
#[test]
fn long_stays_by_bands_of_days() {
    let rules = "[rules.nursing]\nkind = \"special.per_diem_points\"\nwhen = { departments = [\"A15\"] }\ndaily = 3\n\
         bands = [{ to = 30, share = 1 }, { to = 60, share = 0.8 }, { share = 0.5 }]\n";
    let points = |days| one(rules, case("ES31", "9000").department("A15").days(days)).1;
    assert_eq!([1, 30, 31, 60, 61, 100].map(points), [30_000, 900_000, 924_000, 1_620_000, 1_635_000, 2_220_000]);
    let open = "[rules.nursing]\nkind = \"special.per_diem_points\"\nwhen = { departments = [\"A15\"] }\ndaily = 3\n\
         bands = [{ to = 30, share = 1 }]\n";
    let problems = compile_with(&pack(WEIGHTS, &format!("{COMMON}{open}")), &[]).unwrap_err();
    assert_eq!(problems.0[0].entry.code, "P032");
}

/// Children 1.2, and under 2,500 g 1.1 more: 135 × 1.2 = 162, × 1.1 = 178.2. `last` ends the chain.
#[test]
fn uplifts_apply_in_their_order() {
    let rules = |last: &str| {
        format!(
            "[rules.child]\nkind = \"adjust.uplift\"\nwhen = {{ age_to = 6 }}\nfactor = 1.2\norder = 1\n{last}\
             [rules.light]\nkind = \"adjust.uplift\"\nwhen = {{ birth_weight_below = 2500 }}\nfactor = 1.1\norder = 2\n\
             [rules.device]\nkind = \"adjust.extra_points\"\nwhen = {{ departments = [\"X\"] }}\n\
                 points = 12.5\norder = 3\n"
        )
    };
    let child = |grams: i32| {
        let mut world = World::new(&[Case { age: 6, ..case("ES31", "9000") }]);
        world.claims.stays.birth_weight_g[0] = grams;
        world
    };
    let set_of = |last: &str| set(&rules(last));
    let points = |world: World, last: &str| world.price(&set_of(last), None).unwrap();
    let both = points(child(2_499), "");
    assert_eq!(both.points_e4, [1_782_000]);
    assert_eq!(both.adjusted_of(0).len(), 2);
    assert_eq!(points(child(2_500), "").points_e4, [1_620_000]);
    assert_eq!(points(child(2_499), "last = true\n").points_e4, [1_620_000]);
    let old = points(World::new(&[Case { age: 7, ..case("ES31", "9000") }]), "");
    assert_eq!((old.points_e4.as_slice(), old.adjusted.len()), ([1_350_000].as_slice(), 0));
    let device = points(World::new(&[case("ES31", "9000").department("X")]), "");
    assert_eq!(device.points_e4, [1_475_000]);
    // Only the kinds named: an ungrouped case is not uplifted.
    let ungrouped = Case { age: 3, ..case("0000", "8000") };
    assert_eq!(points(World::new(&[ungrouped]), "").points_e4, [700_000]);
    let unordered = rules("").replace("order = 2\n", "");
    let problems = compile_with(&pack(WEIGHTS, &format!("{COMMON}{unordered}")), &[]).unwrap_err();
    assert!(problems.0.iter().all(|problem| problem.entry.code == "P026") && problems.has_errors());
}

/// TCM group of weight 1.1: 110 × 0.9 = 99. At clearing 59.99 % falls back to ES35: 100 × 0.9 = 90; 60 % stands.
#[test]
fn tcm_groups_are_priced_again_when_their_gate_is_missed() {
    let rules = "[rules.tcm]\nkind = \"special.tcm_advantage\"\nwhen = { diagnoses = [\"M\"], days_from = 7 }\n\
         weight = 1.1\ngate = 0.6\nfallback = \"ES35\"\n";
    let bone = || Case { diagnosis: "M54.500".into(), ..case("ES31", "9000") };
    assert_eq!(one(rules, bone()), (CaseKind::Tcm, 990_000, 0));
    assert_eq!(one(rules, bone().days(6)).0, CaseKind::Normal);
    let world = World::new(&[bone(), bone(), bone()]);
    let costs = TcmCosts { tcm_fen: &[fen("5999"), fen("6000"), 0], base_fen: &[fen("10000"), fen("10000"), 0] };
    let options = Options { tcm: Some(costs), ..Options::default() };
    let priced = price(&world.claims, &world.grouped, &world.outcomes, &set(rules), &options).unwrap();
    assert_eq!(priced.points_e4, [900_000, 990_000, 900_000]);
    let missing = rules.replace("ES35", "ES99");
    let problems = World::new(&[bone()]).price(&set(&missing), None).unwrap_err();
    assert_eq!(problems.0[0].entry.code, "M001");
}

fn stay(id: &str, drg: &str, person: &str, from: &str, to: &str) -> Case {
    let length = days(to) - days(from);
    Case { id: id.into(), person: person.into(), ..case(drg, "9000").days(length).discharged(to) }
}

fn readmission(rest: &str) -> String {
    format!(
        "[rules.again]\nkind = \"readmission.within\"\ndays = 15\nsame = \"drg\"\nplace = \"institution\"\n\
            share = 0.5\n{rest}"
    )
}

/// Discharged on the 1st, back on the 16th: 15 days, the earlier stay is halved to 67.5. On the 17th it is not.
#[test]
fn readmission_halves_the_earlier_stay() {
    let earlier = || stay("A", "ES31", "p", "2026-02-20", "2026-03-01");
    let halves = readmission("reduces = \"earlier\"\n");
    let points = |rules: &str, later: Case| priced(rules, &[later, earlier()]).points_e4;
    assert_eq!(points(&halves, stay("B", "ES31", "p", "2026-03-16", "2026-03-20")), [1_350_000, 675_000]);
    assert_eq!(points(&halves, stay("B", "ES31", "p", "2026-03-17", "2026-03-20")), [1_350_000, 1_350_000]);
    assert_eq!(points(&halves, stay("B", "ES35", "p", "2026-03-16", "2026-03-20")), [900_000, 1_350_000]);
    assert_eq!(points(&halves, stay("B", "ES31", "q", "2026-03-16", "2026-03-20")), [1_350_000, 1_350_000]);
    let elsewhere = stay("B", "ES31", "p", "2026-03-16", "2026-03-20").at("H2", "三级");
    assert_eq!(points(&halves, elsewhere.clone()), [1_350_000, 1_350_000]);
    assert_eq!(points(&halves.replace("institution", "anywhere"), elsewhere), [1_350_000, 675_000]);
    let later = readmission("reduces = \"later\"\n");
    assert_eq!(points(&later, stay("B", "ES31", "p", "2026-03-16", "2026-03-20")), [675_000, 1_350_000]);
    let exempt =
        readmission("reduces = \"earlier\"\nexempt = [{ departments = [\"X\"] }, { diagnoses = [\"Z51\"] }]\n");
    let chemo = Case { diagnosis: "Z51.100".into(), ..stay("B", "ES31", "p", "2026-03-10", "2026-03-20") };
    assert_eq!(points(&exempt, chemo), [1_350_000, 1_350_000]);
    let adrg = halves.replace("same = \"drg\"", "same = \"adrg\"");
    assert_eq!(points(&adrg, stay("B", "ES35", "p", "2026-03-16", "2026-03-20")), [900_000, 675_000]);
    // Three in a row: the first two are each followed too soon, and each is halved once.
    let three = [
        earlier(),
        stay("B", "ES31", "p", "2026-03-05", "2026-03-08"),
        stay("C", "ES31", "p", "2026-03-09", "2026-03-12"),
    ];
    assert_eq!(priced(&halves, &three).points_e4, [675_000, 675_000, 1_350_000]);
    let problems = World::new(&[Case { person: String::new(), ..earlier() }]).price(&set(&halves), None).unwrap_err();
    assert_eq!(problems.0[0].entry.code, "M024");
}

/// The earlier stay was settled in February with 135 points at 80.50: half of it, 67.5 × 80.50 = 5,433.75, is taken
/// back.
#[test]
fn a_readmission_corrects_a_settled_month() {
    let rules = readmission("reduces = \"earlier\"\n");
    let past = [PastStay {
        setl_id: "OLD".into(),
        person: "p".into(),
        institution: "H1".into(),
        consortium: None,
        drg: "ES31".into(),
        adrg: "ES3".into(),
        mdc: "MDCE".into(),
        discharged: days("2026-02-26"),
        insutype: "310".into(),
        period: "2026-02".parse().unwrap(),
        points_e4: 1_350_000,
        point_value_e6: 80_500_000,
        amount_fen: 0,
        bill: Bill::default(),
    }];
    let world = World::new(&[stay("B", "ES31", "p", "2026-03-02", "2026-03-09")]);
    let set = set(&rules);
    let period = "2026-03".parse().unwrap();
    let options = Options { period: Some(period), past: &past, tcm: None };
    let priced = price(&world.claims, &world.grouped, &world.outcomes, &set, &options).unwrap();
    assert_eq!((priced.past.len(), priced.points_e4[0]), (1, 1_350_000));
    let claims = &world.claims;
    let (priced, set) = (&priced, &set);
    let input = MonthInput {
        period,
        claims,
        priced,
        set,
        carried: &[],
        details: None,
        past: &past,
        corrections: &[],
        recognised: &[],
    };
    let (settled, _) = month(&input).unwrap();
    assert_eq!(settled.corrections[0].fen, fen("-5433.75"));
    let row = &settled.institutions[0];
    assert_eq!((row.corrections_fen, row.payable_fen), (fen("-5433.75"), row.sum.due_fen - fen("5433.75")));
    let entry = settled.entries.iter().find(|entry| entry.account == Account::Correction).unwrap();
    assert!(entry.numbers.contains(&("setl_id", "OLD".to_owned())), "the correction names what it corrects");
    assert!(entry.numbers.contains(&("period", "2026-02".to_owned())));
}

/// H2 (90 points) sends the patient to H1 (135): one price of 135, split 3,000 : 9,000 into 33.75 and 101.25.
#[test]
fn a_transfer_inside_a_consortium_counts_once() {
    let register = "[rules.institutions]\nkind = \"institutions.register\"\ntable = [\n\
         { fixmedins_code = \"H1\", hosp_lv = \"三级\", consortium = \"甲\" },\n\
         { fixmedins_code = \"H2\", hosp_lv = \"三级\", consortium = \"甲\" },\n\
         { fixmedins_code = \"H3\", hosp_lv = \"三级\", consortium = \"乙\" }]\n";
    let rules = |counts: &str| {
        format!(
            "{register}[rules.moved]\nkind = \"transfer.count_once\"\ndays = 1\nways = [\"2\"]\ncounts = \"{counts}\"\n"
        )
    };
    let cases = |to: &str, day: &str| {
        let first = Case { total: fen("3000"), ..stay("A", "ES35", "p", "2026-03-01", "2026-03-04") };
        [first.at("H2", "三级"), stay("B", "ES31", "p", day, "2026-03-12").at(to, "三级")]
    };
    let points = |counts: &str, to: &str, day: &str, way: &str| {
        let mut world = World::default();
        world.push_all(&cases(to, day));
        world.set_discharge_way(0, way);
        world.price(&set(&rules(counts)), None).unwrap().points_e4
    };
    assert_eq!(points("highest", "H1", "2026-03-04", "2"), [337_500, 1_012_500]);
    assert_eq!(points("highest", "H1", "2026-03-05", "2"), [337_500, 1_012_500]);
    assert_eq!(points("first", "H1", "2026-03-04", "2"), [225_000, 675_000]);
    assert_eq!(points("last", "H1", "2026-03-04", "2"), [337_500, 1_012_500]);
    let apart = [900_000, 1_350_000];
    assert_eq!(points("highest", "H1", "2026-03-06", "2"), apart, "too late");
    assert_eq!(points("highest", "H3", "2026-03-04", "2"), apart, "another consortium");
    assert_eq!(points("highest", "H2", "2026-03-04", "2"), apart, "the same institution");
    assert_eq!(points("highest", "H1", "2026-03-04", "1"), apart, "not sent on");
}

#[test]
fn special_review_replaces_the_price_within_its_quota() {
    let review = |id: &str, first: (&str, &str, &str), second: (&str, &str, &str)| {
        format!(
            "{{ setl_id = \"{id}\", reviewer_1 = \"{}\", institution_1 = \"{}\", amount_1 = {}, \
             reviewer_2 = \"{}\", institution_2 = \"{}\", amount_2 = {} }}",
            first.0, first.1, first.2, second.0, second.1, second.2
        )
    };
    let rules = |pay: &str, share: &str, rows: &[String]| {
        format!(
            "[rules.review]\nkind = \"special_review.quota\"\nshare = {share}\npay = \"{pay}\"\ntable = [{}]\n",
            rows.join(", ")
        )
    };
    let (a, b) = (("甲", "H8", "20000"), ("乙", "H9", "20000"));
    let cases = vec![case("ES31", "50000"); 20];
    let ok = [review("S000001", a, b)];
    let by_amount = priced(&rules("amount", "0.05", &ok), &cases);
    assert_eq!(
        (by_amount.case_kind[0], by_amount.points_e4[0], by_amount.amount_fen[0]),
        (CaseKind::Reviewed, 0, 2_000_000)
    );
    assert_eq!(by_amount.state[0], State::Paid);
    // 20,000 ÷ 8,000 × 100 = 250
    let by_points = priced(&rules("points", "0.05", &ok), &cases);
    assert_eq!((by_points.points_e4[0], by_points.amount_fen[0]), (2_500_000, 0));
    let refused = |rows: &[String], cases: &[Case]| -> Vec<&'static str> {
        let problems = World::new(cases).price(&set(&rules("amount", "0.05", rows)), None).unwrap_err();
        problems.0.iter().map(|problem| problem.entry.code).collect()
    };
    assert_eq!(refused(&ok, &cases[..19]), ["M028"], "5 % of 19 cases is none");
    let two = [review("S000001", a, b), review("S000002", a, b)];
    assert_eq!(refused(&two, &cases), ["M028"]);
    assert_eq!(refused(&[review("S000001", a, ("甲", "H9", "20000"))], &cases), ["M025"]);
    assert_eq!(refused(&[review("S000001", ("甲", "H1", "20000"), b)], &cases), ["M026"]);
    assert_eq!(refused(&[review("S000001", a, ("乙", "H9", "20000.01"))], &cases), ["M027"]);
    // A review of a claim that is not of this run changes nothing.
    assert_eq!(priced(&rules("amount", "0.05", &[review("ELSE", a, b)]), &cases[..1]).case_kind[0], CaseKind::Normal);
}

/// Conditions of what a claim says beside its group. What it does not say meets none.
#[test]
fn conditions_of_insurance_diagnoses_weight_and_intensive_care() {
    let holds = |when: &str, world: &World| {
        let set = set(&format!("[rules.c]\nkind = \"special.cost\"\nwhen = {{ {when} }}\n"));
        let kinds = world.price(&set, None).unwrap_or_else(|problems| panic!("{when}\n{problems}")).case_kind;
        kinds.iter().map(|kind| *kind == CaseKind::ByItem).collect::<Vec<_>>()
    };
    let cases = [case("ES31", "5000"), case("ES31", "5000").of("390"), case("ES31", "5000").settled("2026-03-13")];
    let mut world = World::new(&cases);
    assert_eq!(holds("insutypes = [\"390\"]", &world), [false, true, false]);
    assert_eq!(holds("settled_from = 2026-03-13", &world), [false, false, true]);
    assert_eq!(holds("settled_to = 2026-03-12", &world), [true, true, false]);
    // No column at all: nothing is known, and nothing holds.
    for when in
        ["icu = true", "icu = false", "icu_hours_from = 1", "vent_hours_from = 1", "admission_weight_below = 9999"]
    {
        assert_eq!(holds(when, &world), [false; 3], "{when}");
    }
    let stays = &mut world.claims.stays;
    stays.icu = vec![1, 0, dianzhi::claims::UNKNOWN];
    stays.icu_hours = vec![24, 0, dianzhi::claims::UNKNOWN];
    stays.vent_hours = vec![96, 95, dianzhi::claims::UNKNOWN];
    stays.admission_weight_g = vec![1_499, 1_500, 0];
    assert_eq!(holds("icu = true", &world), [true, false, false]);
    assert_eq!(holds("icu = false", &world), [false, true, false]);
    assert_eq!(holds("icu_hours_from = 24", &world), [true, false, false]);
    assert_eq!(holds("vent_hours_from = 96", &world), [true, false, false]);
    assert_eq!(holds("admission_weight_below = 1500", &world), [true, false, false]);
    let mut diagnoses = dianzhi::text::TextList::default();
    diagnoses.push(["A00.000", "J96.000"]);
    diagnoses.push(["J96.100"]);
    diagnoses.push(["A00.000"]);
    world.claims.stays.diagnoses = diagnoses;
    assert_eq!(holds("any_diagnoses = [\"J96\"]", &world), [true, true, false]);
    assert_eq!(holds("diagnoses = [\"J96\"]", &world), [false, true, false]);
}
