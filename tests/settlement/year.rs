//! Annual clearing by hand and by law. Points are worth 100 yuan each unless said otherwise: a case of group A is due
//! 10,000, and what the fund paid by item is the whole bill.

use std::collections::BTreeMap;

use dianzhi::policy::PolicySet;
use dianzhi::pricing::{Options, price};
use dianzhi::problem::Problems;
use dianzhi::settlement::{Account, Cases, InstitutionYear, PaidMonth, Year, YearInput, year};
use proptest::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};

use super::world::{Case, World, case, compile, compile_with, fen, pack};

pub(super) const WEIGHTS: &str = "table = [{ drg = \"A\", weight = 1 }]";
pub(super) const COMMON: &str = r#"
[rules.low_line]
kind = "low_line.none"
[rules.high_line]
kind = "high_line.none"
[rules.point_value]
kind = "point_value.fixed"
values = { "*" = 100 }
due = "fund"
"#;
const BANDS: &str = r#"
[rules.sharing]
kind = "sharing.bands"
subject = "institution"
surplus = [{ to = 0.05, share = 1 }, { to = 0.15, share = 0.5 }]
overrun = [{ to = 0.10, share = 0.6 }, { to = 0.20, share = 0.3 }]
mode = "marginal"
edge = "lower"
"#;

pub(super) fn set(rules: &str) -> PolicySet {
    compile(&pack(WEIGHTS, &format!("{COMMON}{rules}")))
}

fn paid(institution: &str, withheld: &str, payable: &str) -> PaidMonth {
    PaidMonth {
        institution: institution.into(),
        insutype: "310".into(),
        withheld_fen: fen(withheld),
        payable_fen: fen(payable),
    }
}

pub(super) fn clear(set: &PolicySet, cases: &[Case], paid: &[PaidMonth]) -> Result<Year, Problems> {
    cleared(set, cases, paid).map(|(year, _)| year)
}

/// The same with the codes of its warnings.
pub(super) fn cleared(
    set: &PolicySet,
    cases: &[Case],
    paid: &[PaidMonth],
) -> Result<(Year, Vec<&'static str>), Problems> {
    let world = World::new(cases);
    let period = "2026".parse().unwrap();
    let options = Options { period: Some(period), ..Options::default() };
    let priced = price(&world.claims, &world.grouped, &world.outcomes, set, &options)?;
    let cases = Cases::of(&world.claims, &priced, None);
    let input = YearInput { period, cases: &cases, set, paid, openings: &BTreeMap::new(), recognised: &[] };
    year(&input).map(|(year, warnings)| (year, codes(&warnings)))
}

pub(super) fn row<'y>(year: &'y Year, institution: &str) -> &'y InstitutionYear {
    year.institutions.iter().find(|row| row.institution == institution).unwrap()
}

pub(super) fn yuan(fen: i64) -> String {
    dianzhi::money::Fen(fen).to_string()
}

pub(super) fn codes(problems: &Problems) -> Vec<&'static str> {
    problems.0.iter().map(|problem| problem.entry.code).collect()
}

/// H1 is due 10,000 and cost 8,000: a surplus of 20 %, of which 5 % in full and 10 % by half are kept: 1,000; it gives
/// back 1,000. H2 cost 11,500: an overrun of 15 %, of which the fund bears 600 + 150 = 750.
/// Deposits: H1 scores 85 and gets back 90 % of 500; H2 scores 90 and gets all. H2 pays a penalty of 100.
/// H1: 10,000 − 1,000 − 50 − 8,500 = 450. H2: 10,000 + 750 − 100 − 9,000 = 1,650.
/// Reserve: 1,000 + 100 + 50 + 1,000 − 750 = 1,400.
#[test]
fn surplus_overrun_deposit_penalty_and_reserve() {
    let rules = r#"
[rules.deposit_return]
kind = "deposit_return.bands"
bands = [{ from = 80, share = 0.9 }, { from = 90, share = 1 }]
scores = [{ subject = "H1", score = 85, snapshot = "2026" }, { subject = "H2", score = 90, snapshot = "2026" }]
snapshot = "2026"
[rules.penalty]
kind = "penalty.table"
table = [{ fixmedins_code = "H2", insutype = "310", amount = 100, reason = "违规" }]
[rules.reserve]
kind = "reserve.ledger"
opening = { "310" = 1000 }
limited = true
"#;
    let set = set(&format!("{BANDS}{rules}"));
    let cases = [case("A", "8000"), case("A", "11500").at("H2", "二级")];
    let year = clear(&set, &cases, &[paid("H1", "500", "8500"), paid("H2", "0", "9000")]).unwrap();
    let (first, second) = (row(&year, "H1"), row(&year, "H2"));
    assert_eq!([first.kept_fen, first.adjustment_fen, first.returned_fen].map(yuan), ["1000.00", "-1000.00", "450.00"]);
    assert_eq!(yuan(first.final_fen), "450.00");
    assert_eq!([second.borne_fen, second.adjustment_fen, second.penalty_fen].map(yuan), ["750.00", "750.00", "100.00"]);
    assert_eq!(yuan(second.final_fen), "1650.00");
    let reserve = &year.reserves[0];
    assert_eq!((reserve.pool.as_str(), reserve.closing_fen().map(yuan)), ("310", Some("1400.00".into())));
    let booked = |subject: &str, account| {
        year.entries.iter().find(|e| e.subject == subject && e.account == account).map(|e| yuan(e.fen))
    };
    assert_eq!(booked("H1", Account::Final), Some("450.00".into()));
    assert_eq!(booked("310", Account::ReserveClosing), Some("1400.00".into()));
}

/// Nothing but 100 of penalties is there to pay 750 + 600 with: 55.56 and 44.44.
#[test]
fn a_reserve_that_does_not_reach_is_divided_pro_rata() {
    let rules = r#"
[rules.penalty]
kind = "penalty.table"
table = [{ fixmedins_code = "H1", insutype = "310", amount = 100, reason = "违规" }]
[rules.reserve]
kind = "reserve.ledger"
opening = { "*" = 0 }
limited = true
"#;
    let cases = [case("A", "11500"), case("A", "11000").at("H2", "二级")];
    let cut = clear(&set(&format!("{BANDS}{rules}")), &cases, &[]).unwrap();
    let adjustments = |year: &Year| year.institutions.iter().map(|row| yuan(row.adjustment_fen)).collect::<Vec<_>>();
    assert_eq!(adjustments(&cut), ["55.56", "44.44"]);
    assert_eq!((cut.reserves[0].asked_fen, cut.reserves[0].closing_fen()), (fen("1350"), Some(0)));
    let open = rules.replace("limited = true", "limited = false");
    let whole = clear(&set(&format!("{BANDS}{open}")), &cases, &[]).unwrap();
    assert_eq!(adjustments(&whole), ["750.00", "600.00"]);
    assert_eq!(whole.reserves[0].closing_fen(), Some(fen("-1250")));
    let told = |rules: &str| cleared(&set(&format!("{BANDS}{rules}")), &cases, &[]).unwrap().1;
    assert_eq!((told(rules), told(&open)), (vec![], vec!["M038"]), "a reserve below zero is told");
}

#[test]
fn deposits_by_linear_score_and_forfeits_shared() {
    let rules = |kind: &str| {
        format!(
            "[rules.deposit_return]\nkind = \"deposit_return.{kind}\"\nsnapshot = \"s\"\nforfeited = \"redistribute\"\n\
             scores = [{{ subject = \"H1\", score = 72.5, snapshot = \"s\" }}, \
             {{ subject = \"H2\", score = 100, snapshot = \"s\" }}, {{ subject = \"H3\", score = 120, \
                 snapshot = \"s\" }}]\n"
        )
    };
    let cases = [
        case("A", "9000"),
        case("A", "9000").at("H2", "二级"),
        case("A", "9000").at("H3", "二级"),
        case("A", "9000").at("H3", "二级"),
    ];
    let months = [paid("H1", "1000.01", "0"), paid("H2", "10", "0"), paid("H3", "10", "0")];
    let year = clear(&set(&rules("linear")), &cases, &months).unwrap();
    // 1,000.01 × 0.725 = 725.00725; 275.00 are forfeited and go 1 : 2 to H2 and H3.
    assert_eq!(yuan(row(&year, "H1").returned_fen), "725.01");
    let shares = ["H2", "H3"].map(|name| yuan(row(&year, name).redistributed_fen));
    assert_eq!(shares, ["91.67", "183.33"]);
    let missing =
        rules("linear").replace("\"H1\", score = 72.5, snapshot = \"s\"", "\"H1\", score = 72.5, snapshot = \"t\"");
    assert_eq!(codes(&clear(&set(&missing), &cases, &months).unwrap_err()), ["M030"]);
    let nobody = rules("linear").replace("\"H1\"", "\"H7\"");
    assert_eq!(codes(&clear(&set(&nobody), &cases, &months).unwrap_err()), ["M029"]);
}

pub(super) const CONSORTIUM: &str = r#"
[rules.institutions]
kind = "institutions.register"
table = [
  { fixmedins_code = "H1", hosp_lv = "三级", consortium = "甲县医共体" },
  { fixmedins_code = "H2", hosp_lv = "二级", consortium = "甲县医共体" },
  { fixmedins_code = "H3", hosp_lv = "二级" } ]
[rules.total]
kind = "consortium_total.per_head"
table = [{ consortium = "甲县医共体", pool = "310", heads = 1000, per_head = 25, reserve = 500 }]
[rules.referral]
kind = "referral.linear"
beta = 2
target = 0.10
rates = [{ consortium = "甲县医共体", actual = 0.15 }]
floor = 0.95
ceiling = 1.05
[rules.distribution]
kind = "distribution.mix"
[rules.distribution.mix]
points = 0.5
score = 0.3
fixed = 0.2
scores = [{ subject = "H1", score = 80, snapshot = "q4" }, { subject = "H2", score = 60, snapshot = "q4" }]
snapshot = "q4"
weights = [{ fixmedins_code = "H1", weight = 3 }, { fixmedins_code = "H2", weight = 1 }]
[rules.overrun_split]
kind = "overrun_split.by_due"
"#;

fn consortium(overrun: &str, outside: &str, met: bool) -> PolicySet {
    set(&format!(
        "{CONSORTIUM}[rules.outside]\nkind = \"outside_care.table\"\n\
         table = [{{ consortium = \"甲县医共体\", pool = \"310\", amount = {outside} }}]\n\
         [rules.shared]\nkind = \"sharing.bands\"\nsubject = \"consortium\"\nmode = \"marginal\"\nedge = \"lower\"\n\
         surplus = [{{ share = 1 }}]\noverrun = [{overrun}]\ngate = \"五统一\"\n\
         gates = [{{ subject = \"甲县医共体\", gate = \"五统一\", met = {met} }}]\n"
    ))
}

pub(super) fn members(year: &Year) -> Vec<String> {
    year.members.iter().map(|member| yuan(member.share_fen)).collect()
}

pub(super) fn town() -> [Case; 3] {
    [case("A", "9000"), case("A", "9000").at("H2", "二级"), case("A", "9000").at("H3", "二级")]
}

/// T = 1,000 × 25 − 500 = 24,500. 1 + 2 × (10 % − 15 %) = 0.9, held at 0.95: T' = 23,275. Dues 20,000, outside 1,000:
/// 2,275 are left and kept. By points 1,137.50 in halves of 568.75; by score 682.50 as 80 : 60, 390 and 292.50; fixed
/// 455 as 3 : 1, 341.25 and 113.75. H1 1,300.00, H2 975.00. H3 is in no consortium.
#[test]
fn a_surplus_is_kept_and_divided_by_a_mix() {
    let year = clear(&consortium("{ share = 0 }", "1000", true), &town(), &[]).unwrap();
    let own = &year.consortia[0];
    assert_eq!(
        [own.base_fen, own.total_fen, own.balance_fen].map(|f| f.map(yuan)),
        [Some("24500.00".into()), Some("23275.00".into()), Some("2275.00".into())]
    );
    assert_eq!((own.referral_e6, own.cleared), (950_000, true));
    assert_eq!(members(&year), ["1300.00", "975.00"]);
    let finals: Vec<String> = year.institutions.iter().map(|row| yuan(row.final_fen)).collect();
    assert_eq!(finals, ["11300.00", "10975.00", "10000.00"]);
    assert_eq!(year.due_fen, [1_000_000; 3], "dues of cases do not change");
}

/// Outside 5,000: 1,725 too much. 超支不补: the members bear it all, by dues. With the fund bearing 60 % up to 5 % of T':
/// 23,275 × 5 % × 60 % = 698.25, and the members 1,026.75.
#[test]
fn an_overrun_is_borne_by_the_rules() {
    let alone = clear(&consortium("{ share = 0 }", "5000", true), &town(), &[]).unwrap();
    assert_eq!(members(&alone), ["-862.50", "-862.50"]);
    let shared = clear(&consortium("{ to = 0.05, share = 0.6 }", "5000", true), &town(), &[]).unwrap();
    assert_eq!(yuan(shared.consortia[0].borne_fen), "698.25");
    assert_eq!(members(&shared), ["-513.38", "-513.37"]);
}

#[test]
fn without_its_gate_a_consortium_is_not_cleared() {
    let year = clear(&consortium("{ share = 0 }", "5000", false), &town(), &[]).unwrap();
    assert_eq!((year.consortia[0].cleared, year.consortia[0].adjustment_fen, year.members.len()), (false, 0, 0));
    assert_eq!(yuan(year.consortia[0].balance_fen.unwrap()), "-1725.00", "the balance is told all the same");
}

#[test]
fn what_clearing_lacks_is_told() {
    let base = consortium("{ share = 0 }", "1000", true);
    assert!(clear(&base, &town(), &[]).is_ok());
    let text = |from: &str, to: &str| {
        let rules = format!(
            "{CONSORTIUM}[rules.shared]\nkind = \"sharing.bands\"\nsubject = \"consortium\"\nmode = \"marginal\"\n\
             edge = \"lower\"\nsurplus = [{{ share = 1 }}]\noverrun = [{{ share = 0 }}]\n"
        );
        assert!(rules.contains(from), "{from}");
        pack(WEIGHTS, &format!("{COMMON}{}", rules.replace(from, to)))
    };
    let run = |from: &str, to: &str| codes(&clear(&compile(&text(from, to)), &town(), &[]).unwrap_err());
    assert_eq!(run("[{ consortium = \"甲县医共体\", actual", "[{ consortium = \"乙\", actual"), ["M031"]);
    let start = CONSORTIUM.find("[rules.distribution]").unwrap();
    let end = CONSORTIUM.find("[rules.overrun_split]").unwrap();
    // The shared defaults have a distribution: a pack takes it away by name.
    assert_eq!(run(&CONSORTIUM[start..end], "[rules.distribution]\nkind = \"none\"\n"), ["M032"]);
    assert_eq!(
        run(
            "weight = 3 }, { fixmedins_code = \"H2\", weight = 1",
            "weight = 0 }, { fixmedins_code = \"H2\", weight = 0"
        ),
        ["M033"]
    );
    let refused = |from: &str, to: &str| codes(&compile_with(&text(from, to), &[]).unwrap_err());
    assert_eq!(refused("points = 0.5", "points = 0.4"), ["P036"]);
    assert_eq!(refused("snapshot = \"q4\"\nweights", "weights"), ["P033"]);
    assert_eq!(refused("floor = 0.95", "floor = 1.06"), ["P007"]);
    assert_eq!(refused("surplus = [{ share = 1 }]", "surplus = [{ share = 1 }, { to = 0.1, share = 1 }]"), ["P032"]);
    let twice = format!("{BANDS}{}", BANDS.replace("[rules.sharing]", "[rules.second]"));
    let problems = compile_with(&pack(WEIGHTS, &format!("{COMMON}{twice}")), &[]).unwrap_err();
    assert_eq!(codes(&problems), ["P011"]);
}

/// Bands by a person: slices by hand with decimals.
fn by_hand(
    bands: &[(Option<Decimal>, Decimal)],
    whole_mode: bool,
    upper: bool,
    part: Decimal,
    base: Decimal,
) -> Decimal {
    if part <= Decimal::ZERO {
        return Decimal::ZERO;
    }
    let mut from = Decimal::ZERO;
    let mut sum = Decimal::ZERO;
    for (to, share) in bands {
        let end = to.map_or(Decimal::MAX, |to| to * base);
        if whole_mode {
            let inside = part > from || from.is_zero() || (upper && part == from);
            if inside && (part < end || (!upper && part == end)) {
                return part * share;
            }
        } else {
            sum += (part.min(end) - from).max(Decimal::ZERO) * share;
        }
        from = end;
    }
    if whole_mode { Decimal::ZERO } else { sum }
}

/// Every set of bands at every edge, one fen under and over it, both modes and both sides.
#[test]
fn exhaustive_bands() {
    let sets =
        ["1", "0.05:1", "0.05:1 0.15:0.5", "0.1:0.6 0.2:0.3 0.333333:0.123456", "0.05:0 0.5", "0.1:0.7 0.2:0.7 1"];
    let base = fen("10000");
    for bands in sets {
        let parsed: Vec<(Option<Decimal>, Decimal)> = bands
            .split(' ')
            .map(|band| match band.split_once(':') {
                Some((to, share)) => (Some(to.parse().unwrap()), share.parse().unwrap()),
                None => (None, band.parse().unwrap()),
            })
            .collect();
        let row = |(to, share): &(Option<Decimal>, Decimal)| match to {
            Some(to) => format!("{{ to = {to}, share = {share} }}"),
            None => format!("{{ share = {share} }}"),
        };
        let toml: Vec<String> = parsed.iter().map(row).collect();
        let edges = parsed.iter().filter_map(|(to, _)| *to);
        let parts: Vec<i64> = edges
            .flat_map(|to| {
                let edge = i64::try_from((to * Decimal::from(base)).trunc()).unwrap();
                [edge - 1, edge, edge + 1]
            })
            .chain([0, 1, base / 2, base - 1])
            .collect();
        for (mode, edge) in [("marginal", "lower"), ("marginal", "upper"), ("whole", "lower"), ("whole", "upper")] {
            let toml = toml.join(", ");
            let set = set(&format!(
                "[rules.s]\nkind = \"sharing.bands\"\nsubject = \"institution\"\nsurplus = [{toml}]\n\
                    overrun = [{toml}]\n\
                 mode = \"{mode}\"\nedge = \"{edge}\"\n"
            ));
            for part in &parts {
                let one = |total: i64| clear(&set, &[Case { total, fund: total, ..case("A", "1") }], &[]).unwrap();
                let exact = by_hand(&parsed, mode == "whole", edge == "upper", (*part).into(), base.into());
                let expected = exact.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
                let (kept, borne) =
                    (one(base - part).institutions[0].kept_fen, one(base + part).institutions[0].borne_fen);
                assert_eq!(Decimal::from(kept), expected, "surplus {part} of {base}, {bands}, {mode}, {edge}");
                assert_eq!(Decimal::from(borne), expected, "overrun {part} of {base}, {bands}, {mode}, {edge}");
            }
        }
    }
}

/// With a value that does not depend on the period, the months' dues are the year's.
#[test]
fn a_year_by_months_is_the_year_at_once() {
    let set = set("");
    let months = ["2026-01", "2026-02", "2026-11"];
    let cases: Vec<Case> = (0..60)
        .map(|at| {
            let day = format!("{}-15", months[at % 3]);
            case("A", "9000").at(["H1", "H2"][at % 2], "三级").discharged(&day).settled(&day)
        })
        .collect();
    let mut dues = 0;
    for month in months {
        let own: Vec<Case> = cases.iter().filter(|case| case.settled.starts_with(month)).cloned().collect();
        dues += World::new(&own).settle(&set, month).unwrap().1.due_fen.iter().sum::<i64>();
    }
    let year = clear(&set, &cases, &[]).unwrap();
    assert_eq!(year.due_fen.iter().sum::<i64>(), dues);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever the bands and costs, what is kept is at most the surplus, what is borne at most the overrun, marginal
    /// shares
    /// never fall when the surplus grows, and the sum of finals is what the rules say.
    #[test]
    fn clearing_conserves(costs in prop::collection::vec(1i64..3_000_000, 1..6), opening in 0i64..500_000) {
        let reserve = format!(
            "[rules.reserve]\nkind = \"reserve.ledger\"\nopening = {{ \"310\" = {} }}\nlimited = true\n", yuan(opening)
        );
        let set = set(&format!("{BANDS}{reserve}"));
        let cases: Vec<Case> = costs
            .iter()
            .enumerate()
            .map(|(at, cost)| Case { total: *cost, fund: *cost, ..case("A", "1") }.at(&format!("H{at}"), "三级"))
            .collect();
        let year = clear(&set, &cases, &[]).unwrap();
        for row in &year.institutions {
            let balance = row.entitled_fen - row.cost_fen;
            prop_assert!((0..=balance.max(0)).contains(&row.kept_fen));
            prop_assert!((0..=(-balance).max(0)).contains(&row.borne_fen));
        }
        let mut by_cost: Vec<(i64, i64)> = year.institutions.iter().map(|row| (row.cost_fen, row.kept_fen)).collect();
        by_cost.sort();
        prop_assert!(by_cost.windows(2).all(|pair| pair[0].1 >= pair[1].1), "dearer, so less kept");
        let reserve = &year.reserves[0];
        prop_assert!(reserve.closing_fen().unwrap() >= 0, "a limited reserve is never overdrawn");
        let finals: i64 = year.institutions.iter().map(|row| row.final_fen).sum();
        prop_assert_eq!(finals, year.due_fen.iter().sum::<i64>() - reserve.given_back_fen + reserve.paid_fen);
    }
}

/// The seeds' own rules: in Ya'an an overrun is not paid, in Bazhong it is shared (with placeholder bands).
#[test]
fn the_seed_rules_clear_a_consortium() {
    let register = "[rules.institutions]\nkind = \"institutions.register\"\n\
         table = [{ fixmedins_code = \"H1\", hosp_lv = \"三级\", consortium = \"甲\" }]\n";
    let run = |base: &str, gates: &str| {
        let rules = format!(
            "{COMMON}{register}[rules.budget]\nkind = \"budget.table\"\ntable = [\n\
             {{ period = \"2026\", pool = \"310\", fund_budget = 50000 }},\n\
             {{ period = \"2026\", pool = \"310\", consortium = \"甲\", fund_budget = 8000 }}]\n\
             [rules.coefficient]\nkind = \"coefficient.fixed\"\nvalue = 1\n"
        );
        let text = pack(WEIGHTS, &rules).replace("extends = \"base\"", &format!("extends = \"{base}\""));
        let patch = dianzhi::policy::Patch::new("rules.consortium_sharing.gates", gates);
        let patches = if gates.is_empty() { vec![] } else { vec![patch] };
        let set = compile_with(&text, &patches).unwrap_or_else(|problems| panic!("{problems}"));
        let year = clear(&set, &[case("A", "9000")], &[]).unwrap();
        (year.consortia[0].cleared, yuan(year.consortia[0].borne_fen), yuan(year.institutions[0].final_fen))
    };
    let met = "[{ subject = \"甲\", gate = \"五统一\", met = true }]";
    // 10,000 due against a total of 8,000: without the gate nothing happens, with it all 2,000 are the members'.
    assert_eq!(run("yaan-2022", ""), (false, "0.00".into(), "10000.00".into()));
    assert_eq!(run("yaan-2022", met), (true, "0.00".into(), "8000.00".into()));
    // 25 % over: 10 % of 8,000 by half and 10 % by 30 %: 400 + 240 = 640 are borne, 1,360 are the members'.
    assert_eq!(run("bazhong-draft", ""), (true, "640.00".into(), "8640.00".into()));
}
