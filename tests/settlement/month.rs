//! The settled month by hand.

use dianzhi::settlement::{Account, Carried, Month};

use super::world::{World, case, compile, fen, pack};

const WEIGHTS: &str = "table = [{ drg = \"A\", weight = 1 }, { drg = \"B\", weight = 2.5 }]";
const FLAT: &str = "[rules.low_line]\nkind = \"low_line.none\"\n[rules.high_line]\nkind = \"high_line.none\"\n";

fn budget(fund: &str) -> String {
    format!(
        "[rules.budget]\nkind = \"budget.table\"\n\
             table = [\n\
         {{ period = \"2026-03\", pool = \"310\", fund_budget = {fund} }},\n\
         {{ period = \"2026-03\", pool = \"390\", fund_budget = 0 }}]\n"
    )
}

fn yuan(fen: i64) -> String {
    dianzhi::money::Fen(fen).to_string()
}

fn entry(month: &Month, subject: &str, account: Account) -> Option<i64> {
    month.entries.iter().find(|e| e.subject == subject && e.account == account).map(|e| e.fen)
}

/// Fund budget 10,000; H1 has A (100 points) and B (250), H2 has A (100): 450 points.
/// Patients paid 1,000 + 2,000 + 500, other funds 100. N = 10,000 + 3,500 + 100 = 13,600.
/// PV = 13,600 ÷ 450 = 30.2222; standards 3,022.22, 7,555.55, 3,022.22, together 13,599.99: 0.01 is left.
#[test]
fn gross_point_value() {
    let set = compile(&pack(WEIGHTS, &format!("{FLAT}{}", budget("10000"))));
    let cases = [
        case("A", "4000").paid("1000", "100"),
        case("B", "9000").paid("2000", "0"),
        case("A", "3000").at("H2", "二级").paid("500", "0"),
    ];
    let (_, month) = World::new(&cases).settle(&set, "2026-03").unwrap();
    let pool = &month.pools[0];
    assert_eq!((pool.pool.as_str(), pool.point_value_e6), ("310", Some(30_222_200)));
    assert_eq!(month.standard_fen.iter().map(|f| yuan(*f)).collect::<Vec<_>>(), ["3022.22", "7555.55", "3022.22"]);
    assert_eq!(month.due_fen.iter().map(|f| yuan(*f)).collect::<Vec<_>>(), ["1922.22", "5555.55", "2522.22"]);
    let dues: Vec<_> = month.institutions.iter().map(|row| (row.institution.as_str(), yuan(row.sum.due_fen))).collect();
    assert_eq!(dues, [("H1", "7477.77".to_owned()), ("H2", "2522.22".to_owned())]);
    assert_eq!(yuan(pool.sum.due_fen), "9999.99");
    assert_eq!(entry(&month, "310", Account::Residue), Some(1));
}

/// 10,000 ÷ 450 = 22.2222; 2,222.22 + 5,555.55 + 2,222.22 = 9,999.99.
#[test]
fn fund_point_value() {
    let rules = format!("{FLAT}{}[rules.point_value]\nkind = \"point_value.fund\"\n", budget("10000"));
    let set = compile(&pack(WEIGHTS, &rules));
    let cases = [case("A", "4000").paid("1000", "100"), case("B", "9000"), case("A", "3000").at("H2", "二级")];
    let (_, month) = World::new(&cases).settle(&set, "2026-03").unwrap();
    assert_eq!(month.pools[0].point_value_e6, Some(22_222_200));
    assert_eq!(month.due_fen, [222_222, 555_555, 222_222]);
    assert_eq!(entry(&month, "310", Account::Residue), Some(1));
}

/// Reserve 5 % of 10,000 = 500, then 10 % of the rest 950, then 50 fixed: 8,500 left.
/// Paid by cost 1,000 from the budget, 400 outside. N = 8,500 − 1,000 = 7,500 over 250 points: 30.
#[test]
fn deductions_come_in_their_order_and_cost_comes_first() {
    let rules = format!(
        "{FLAT}{}[rules.point_value]\nkind = \"point_value.fund\"\n\
         [rules.fixed]\nkind = \"deduction.amount\"\norder = 3\namounts = {{ \"310\" = 50 }}\nto = \"spent\"\n\
         [rules.reserve]\nkind = \"deduction.share\"\norder = 1\nshare = 0.05\nto = \"reserve\"\n\
         [rules.other]\nkind = \"deduction.share\"\norder = 2\nshare = 0.1\nof = \"rest\"\nto = \"spent\"\n\
         [rules.ungrouped]\nkind = \"ungrouped.cost\"\nstatuses = [\"ungroupable\"]\n\
         [rules.ambiguous]\nkind = \"ungrouped.cost\"\nstatuses = [\"ambiguous\"]\nfrom = \"outside\"\n",
        budget("10000")
    );
    let set = compile(&pack(WEIGHTS, &rules));
    let cases = [case("B", "9000"), case("0000", "1000"), case("AQY", "400")];
    let (_, month) = World::new(&cases).settle(&set, "2026-03").unwrap();
    let pool = &month.pools[0];
    assert_eq!(pool.deducted.iter().map(|d| yuan(d.fen)).collect::<Vec<_>>(), ["500.00", "950.00", "50.00"]);
    assert_eq!(pool.point_value_e6, Some(30_000_000));
    assert_eq!(month.due_fen, [fen("7500"), fen("1000"), fen("400")]);
    assert_eq!(pool.balance_fen, Some(0));
    assert_eq!(pool.sum.outside_fen, fen("400"));
}

/// 10,000 ÷ 100 points = 100; the reference 80 allows 72 to 88, so 88 pays 8,800 and 1,200 stay. A value on a bound
/// stands.
#[test]
fn floor_and_ceiling() {
    let limit = "[rules.point_value]\nkind = \"point_value.fund\"\n[rules.point_value_limit]\n\
         kind = \"point_value_limit.band\"\nreference = { \"*\" = 80 }\nfloor = 0.9\nceiling = 1.1\n";
    let settle = |money: &str| {
        let set = compile(&pack(WEIGHTS, &format!("{FLAT}{}{limit}", budget(money))));
        let (_, month) = World::new(&[case("A", "4000")]).settle(&set, "2026-03").unwrap();
        (month.pools[0].point_value_e6, month.pools[0].limited, month.pools[0].balance_fen)
    };
    assert_eq!(settle("10000"), (Some(88_000_000), true, Some(fen("1200"))));
    assert_eq!(settle("8800"), (Some(88_000_000), false, Some(0)));
    assert_eq!(settle("8800.01"), (Some(88_000_000), true, Some(1)));
    assert_eq!(settle("7200"), (Some(72_000_000), false, Some(0)));
    assert_eq!(settle("7199.99"), (Some(72_000_000), true, Some(-1)));
}

/// Due 10,000.01: 85 % prepaid 8,500.0085 → 8,500.01; deposit 10 % of it 850.001 → 850.00; of due 1,000.00.
#[test]
fn prepayment_and_deposit() {
    let settle = |of: &str, carried: &str| {
        let rules = format!(
            "{FLAT}{}[rules.point_value]\nkind = \"point_value.fixed\"\nvalues = {{ \"*\" = 100.0001 }}\n\
                 due = \"fund\"\n\
             [rules.prepay]\nkind = \"prepay.share\"\nshare = 0.85\n\
             [rules.deposit]\nkind = \"deposit.share\"\nshare = 0.1\nof = \"{of}\"\n",
            budget("12000")
        );
        let set = compile(&pack(WEIGHTS, &rules));
        let carried = Carried { institution: "H1".into(), insutype: "310".into(), fen: fen(carried) };
        let (_, month) = World::new(&[case("A", "9000")]).settle_with(&set, "2026-03", &[carried]).unwrap();
        let row = month.institutions[0].clone();
        [row.sum.due_fen, row.prepaid_fen, row.withheld_fen, row.payable_fen, row.carried_out_fen].map(yuan)
    };
    assert_eq!(settle("prepaid", "0"), ["10000.01", "8500.01", "850.00", "7650.01", "0.00"]);
    assert_eq!(settle("due", "0"), ["10000.01", "8500.01", "1000.00", "7500.01", "0.00"]);
    assert_eq!(settle("due", "-500"), ["10000.01", "8500.01", "1000.00", "7000.01", "0.00"]);
    assert_eq!(settle("due", "-8000"), ["10000.01", "8500.01", "1000.00", "0.00", "-499.99"]);
}

/// Patients paid more than the standard: the due is negative and taken back in full; what is not paid is carried on.
/// An institution with an old debt and no cases keeps it.
#[test]
fn negative_months_are_carried_forward() {
    let set = compile(&pack(WEIGHTS, &format!("{FLAT}{}", budget("100"))));
    let cases = [case("A", "4000").paid("3000", "0"), case("B", "100").at("H2", "二级").paid("0", "0")];
    // N = 100 + 3,000 over 350 points: 8.8571; A 885.71 − 3,000 = −2,114.29
    let carried = [
        Carried { institution: "H1".into(), insutype: "310".into(), fen: fen("-10") },
        Carried { institution: "H9".into(), insutype: "390".into(), fen: fen("-7.77") },
    ];
    let (_, month) = World::new(&cases).settle_with(&set, "2026-03", &carried).unwrap();
    let row = &month.institutions[0];
    assert_eq!(
        (yuan(row.sum.due_fen), yuan(row.payable_fen), yuan(row.carried_out_fen)),
        ("-2114.29".into(), "0.00".into(), "-2124.29".into())
    );
    let old = month.institutions.iter().find(|row| row.institution == "H9").unwrap();
    assert_eq!((old.pool.as_str(), old.sum.cases, yuan(old.carried_out_fen)), ("390", 0, "-7.77".into()));
    assert_eq!(entry(&month, "H9", Account::CarriedOut), Some(-777));
}

/// A year's 100.00 over twelve months: 8.34 four times, then 8.33. With a double January 100 × 2 ÷ 13 = 15.3846…, which
/// has the largest remainder; the months still sum to the year.
#[test]
fn a_yearly_budget_is_split_over_its_months() {
    let rules = |weights: &str| {
        format!(
            "{FLAT}[rules.budget]\nkind = \"budget.table\"\n\
                 table = [{{ period = \"2026\", pool = \"310\", fund_budget = 100 }}]\n{weights}"
        )
    };
    let months = |weights: &str| -> Vec<i64> {
        let set = compile(&pack(WEIGHTS, &rules(weights)));
        let one = |month| {
            let period = format!("2026-{month:02}").parse().unwrap();
            dianzhi::settlement::budget_of(&set.packs[0], "310", None, period).unwrap().unwrap().0
        };
        (1..=12).map(one).collect()
    };
    assert_eq!(months(""), [834, 834, 834, 834, 833, 833, 833, 833, 833, 833, 833, 833]);
    let weighted = months("month_weights = [2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]");
    assert_eq!((weighted[0], weighted.iter().sum::<i64>()), (1_539, 10_000));
    let set = compile(&pack(WEIGHTS, &rules("")));
    let problems = World::new(&[case("A", "1").discharged("2027-01-05").settled("2027-01-05")])
        .settle(&set, "2027-01")
        .unwrap_err();
    assert_eq!(problems.0[0].entry.code, "M013");
}

#[test]
fn a_consortium_is_summed_and_compared_with_its_total() {
    let rules = format!(
        "{FLAT}[rules.budget]\nkind = \"budget.table\"\ntable = [
           {{ period = \"2026-03\", pool = \"310\", fund_budget = 450 }},
           {{ period = \"2026-03\", pool = \"310\", consortium = \"甲县医共体\", fund_budget = 400 }} ]\n\
         [rules.point_value]\nkind = \"point_value.fund\"\n\
         [rules.institutions]\nkind = \"institutions.register\"\ntable = [
           {{ fixmedins_code = \"H1\", hosp_lv = \"三级\", consortium = \"甲县医共体\", valid_to = 2026-03-09 }},
           {{ fixmedins_code = \"H1\", hosp_lv = \"三级\", valid_from = 2026-03-10 }},
           {{ fixmedins_code = \"H2\", hosp_lv = \"二级\", consortium = \"甲县医共体\" }} ]\n"
    );
    let set = compile(&pack(WEIGHTS, &rules));
    // H1 leaves the consortium on the 10th.
    let cases = [
        case("A", "1").discharged("2026-03-09"),
        case("A", "1").discharged("2026-03-10"),
        case("B", "1").at("H2", "二级"),
    ];
    let (_, month) = World::new(&cases).settle(&set, "2026-03").unwrap();
    let rows: Vec<_> =
        month.consortia.iter().map(|c| (c.sum.cases, yuan(c.sum.due_fen), c.balance_fen.map(yuan))).collect();
    assert_eq!(rows, [(2, "350.00".to_owned(), Some("50.00".to_owned()))]);
    let problems = World::new(&[case("A", "1").at("H7", "三级")]).settle(&set, "2026-03").unwrap_err();
    assert_eq!(problems.0[0].entry.code, "M002");
}

#[test]
fn late_and_later_cases_and_scope() {
    let rules = format!(
        "{FLAT}{}[rules.scope]\nkind = \"scope.inpatient\"\nearlier = \"exclude\"\nmin_days = 2\nmax_days = 60\n\
             min_total = 5\nmed_types = [\"21\"]\n",
        budget("1000")
    );
    let set = compile(&pack(WEIGHTS, &rules));
    let cases = [
        case("A", "100").settled("2026-02-28"),
        case("A", "100").settled("2026-04-01"),
        case("A", "100").days(1),
        case("A", "100").days(2),
        case("A", "100").days(60),
        case("A", "100").days(61),
        case("A", "4.99"),
        case("A", "5.00"),
        super::world::Case { med_type: "52".into(), ..case("A", "100") },
    ];
    let (priced, month) = World::new(&cases).settle(&set, "2026-03").unwrap();
    let reasons: Vec<&str> = priced.reason.iter().map(|reason| reason.code()).collect();
    assert_eq!(reasons, ["earlier", "later", "too_short", "", "", "too_long", "too_small", "", "med_type"]);
    assert_eq!((month.totals.cases_in, month.totals.cases_paid, month.totals.cases_excluded), (9, 3, 6));
    assert_eq!(month.totals.total_in_fen, month.totals.total_paid_fen + month.totals.total_excluded_fen);
}

#[test]
fn what_is_missing_is_told_all_at_once() {
    let set = compile(&pack(WEIGHTS, &format!("{FLAT}{}", budget("1000"))));
    let cases = [
        case("Z1", "100"),
        case("Z2", "100"),
        case("Z2", "100"),
        case("A", "100").of("999"),
        case("A", "100").discharged("2019-12-31"),
        case("A", "100").discharged(""),
        case("A", "100").settled(""),
    ];
    let problems = World::new(&cases).settle(&set, "2026-03").unwrap_err();
    let mut codes: Vec<&str> = problems.0.iter().map(|problem| problem.entry.code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["M001", "M001", "M005", "M006", "M007", "M008"]);
}

/// A budget that cost already overdraws leaves no point value.
#[test]
fn an_overdrawn_budget_is_refused() {
    let rules = format!(
        "{FLAT}{}[rules.point_value]\nkind = \"point_value.fund\"\n[rules.ungrouped]\nkind = \"ungrouped.cost\"\n\
             statuses = [\"ungroupable\", \"ambiguous\"]\n",
        budget("1000")
    );
    let set = compile(&pack(WEIGHTS, &rules));
    let cases = [case("A", "100"), case("0000", "1000.01")];
    assert_eq!(World::new(&cases).settle(&set, "2026-03").unwrap_err().0[0].entry.code, "M015");
}

/// H1 (三级, its own row 95 %), H2 (二级) 90 %, H3 (一级, no row of its own) 80 % of 10,000.00 each; the deposit goes by
/// level only: 3 % at 三级, 5 % for all others. H4 was 二级 until the 15th and is 三级 on the last day.
#[test]
fn shares_by_institution_and_level() {
    let rules = |rows: &str| {
        format!(
            "{FLAT}{}[rules.point_value]\nkind = \"point_value.fixed\"\nvalues = {{ \"*\" = 100 }}\ndue = \"fund\"\n\
             [rules.institutions]\nkind = \"institutions.register\"\ntable = [\n\
               {{ fixmedins_code = \"H1\", hosp_lv = \"三级\" }}, {{ fixmedins_code = \"H2\", hosp_lv = \"二级\" }},\n\
               {{ fixmedins_code = \"H3\", hosp_lv = \"一级\" }},\n\
               {{ fixmedins_code = \"H4\", hosp_lv = \"二级\", valid_to = 2026-03-15 }},\n\
               {{ fixmedins_code = \"H4\", hosp_lv = \"三级\", valid_from = 2026-03-16 }}]\n\
             [rules.prepay]\nkind = \"prepay.table\"\ntable = [{rows}{{ level = \"二级\", share = 0.9 }},\n\
               {{ fixmedins_code = \"H1\", share = 0.95 }}, {{ fixmedins_code = \"H4\", level = \"三级\", share = 1 }},\n\
               {{ fixmedins_code = \"H4\", share = 0.5 }}]\n\
             [rules.deposit]\nkind = \"deposit.table\"\nof = \"due\"\n\
             table = [{{ level = \"三级\", share = 0.03 }}, {{ share = 0.05 }}]\n",
            budget("60000")
        )
    };
    let cases = ["H1", "H2", "H3", "H4"].map(|code| case("A", "9000").at(code, ""));
    let set = compile(&pack(WEIGHTS, &rules("{ share = 0.8 }, ")));
    let (_, month) = World::new(&cases).settle(&set, "2026-03").unwrap();
    let rows: Vec<_> =
        month.institutions.iter().map(|row| [row.prepaid_fen, row.withheld_fen, row.payable_fen].map(yuan)).collect();
    let expected = [
        ["9500.00", "300.00", "9200.00"],
        ["9000.00", "500.00", "8500.00"],
        ["8000.00", "500.00", "7500.00"],
        ["10000.00", "300.00", "9700.00"],
    ];
    assert_eq!(rows, expected);
    // Without the row for all others H3 has no share: an error that names it, never a silent one.
    let set = compile(&pack(WEIGHTS, &rules("")));
    let problems = World::new(&cases).settle(&set, "2026-03").unwrap_err();
    assert_eq!(problems.0.iter().map(|one| one.entry.code).collect::<Vec<_>>(), ["M041"]);
    assert!(problems.to_string().contains("H3"), "{problems}");
}
