//! Overruns of which only the approved part is shared, and balances divided between classes first, by hand.
//! A point is worth 100 yuan: a case of group A is due 10,000.

use dianzhi::policy::PolicySet;
use dianzhi::settlement::{Account, Year};

use super::world::{case, compile, compile_with, fen, pack};
use super::year::{CONSORTIUM, WEIGHTS, clear, cleared, codes, members, row, set, town, yuan};

/// Of an overrun up to 10 % of P the fund bears 60 %, up to 20 % 30 %.
const BANDS: &str = r#"
[rules.sharing]
kind = "sharing.bands"
subject = "institution"
surplus = [{ share = 1 }]
overrun = [{ to = 0.10, share = 0.6 }, { to = 0.20, share = 0.3 }]
mode = "marginal"
edge = "lower"
"#;

fn listed(amounts: &[(&str, &str, &str)], to: &str, unlisted: &str) -> String {
    let row = |(subject, year, amount): &(&str, &str, &str)| {
        format!(
            "{{ subject = \"{subject}\", insutype = \"310\", year = \"{year}\", reason = \"新冠救治 {amount}\", \
             amount = {amount}, approved_by = \"医保局\", document = \"会议纪要〔2027〕3号\" }}"
        )
    };
    let rows: Vec<String> = amounts.iter().map(row).collect();
    format!(
        "[rules.reasonable]\nkind = \"reasonable_overrun.list\"\nto = \"{to}\"\nunlisted = \"{unlisted}\"\n\
         table = [{}]\n",
        rows.join(", ")
    )
}

/// H1 is due 10,000 and cost 11,500: an overrun of 1,500.
fn overrun(amounts: &[(&str, &str, &str)], to: &str, unlisted: &str) -> Year {
    let set = set(&format!("{BANDS}{}", listed(amounts, to, unlisted)));
    clear(&set, &[case("A", "11500")], &[]).unwrap()
}

fn borne(amounts: &[(&str, &str, &str)], to: &str, unlisted: &str) -> String {
    yuan(row(&overrun(amounts, to, unlisted), "H1").borne_fen)
}

/// Without a list 1,000 × 0.6 + 500 × 0.3 = 750. Approved 400 + 800 = 1,200: 600 + 200 × 0.3 = 660; no more than 1,200
/// of the whole 750, so 750; 750 × 1,200 ÷ 1,500 = 600.
#[test]
fn only_the_approved_part_is_shared() {
    let both = [("H1", "2026", "400"), ("H1", "2026", "800")];
    assert_eq!(["part", "cap", "pro_rata"].map(|to| borne(&both, to, "none")), ["660.00", "750.00", "600.00"]);
    // Little of it: 300 × 0.6; 300; 750 × 300 ÷ 1,500.
    let little = [("H1", "2026", "300")];
    assert_eq!(["part", "cap", "pro_rata"].map(|to| borne(&little, to, "none")), ["180.00", "300.00", "150.00"]);
    // A fen under the overrun, exactly the overrun, and more than it.
    let part = |amount| borne(&[("H1", "2026", amount)], "part", "none");
    assert_eq!(["1499.99", "1500", "1500.01", "99999"].map(part), ["750.00"; 4]);
    assert_eq!(["999.98", "1000", "1000.02"].map(part), ["599.99", "600.00", "600.01"]);
    // Looked at and not approved; a row of another year; no row at all.
    assert_eq!(part("0"), "0.00");
    let other = [("H1", "2025", "800")];
    assert_eq!([borne(&other, "part", "none"), borne(&other, "part", "all")], ["0.00", "750.00"]);
}

#[test]
fn what_is_approved_is_booked_with_reason_and_document() {
    let year = overrun(&[("H1", "2026", "400"), ("H1", "2026", "800")], "part", "none");
    let own = |account| year.entries.iter().filter(move |e| e.subject == "H1" && e.account == account);
    let approved: Vec<String> = own(Account::Approved).map(|entry| yuan(entry.fen)).collect();
    assert_eq!(approved, ["400.00", "800.00"]);
    let text = |entry: &dianzhi::settlement::Entry| {
        entry.numbers.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(
        text(own(Account::Approved).next().unwrap()),
        "reason=新冠救治 400; approved_by=医保局; document=会议纪要〔2027〕3号"
    );
    assert_eq!(
        text(own(Account::Borne).next().unwrap()),
        "entitled=10000.00; cost=11500.00; approved=1200.00; reasonable=1200.00"
    );
    // A surplus needs no approval.
    let set = set(&format!("{BANDS}{}", listed(&[("H1", "2026", "400")], "part", "none")));
    let year = clear(&set, &[case("A", "9000")], &[]).unwrap();
    assert_eq!(year.entries.iter().filter(|entry| entry.account == Account::Approved).count(), 0);
}

/// T' 23,275, dues 20,000, outside 5,000: 1,725 too much. Approved 1,000: within 5 % of T' (1,163.75) the fund bears
/// 60 %: 600; the members bear 1,125.
#[test]
fn a_consortium_has_its_list_too() {
    let rules = format!(
        "{CONSORTIUM}[rules.outside]\nkind = \"outside_care.table\"\n\
         table = [{{ consortium = \"甲县医共体\", pool = \"310\", amount = 5000 }}]\n\
         [rules.shared]\nkind = \"sharing.bands\"\nsubject = \"consortium\"\nmode = \"marginal\"\nedge = \"lower\"\n\
         surplus = [{{ share = 1 }}]\noverrun = [{{ to = 0.05, share = 0.6 }}]\n{}",
        listed(&[("甲县医共体", "2026", "1000")], "part", "none")
    );
    let year = clear(&set(&rules), &town(), &[]).unwrap();
    assert_eq!([year.consortia[0].borne_fen, year.consortia[0].adjustment_fen].map(yuan), ["600.00", "-1125.00"]);
    assert_eq!(members(&year), ["-562.50", "-562.50"]);
}

/// H2 has no line, H1 has one; a list of another year says nothing.
#[test]
fn an_approval_without_effect_is_told() {
    let told = |amounts: &[(&str, &str, &str)]| {
        let set = set(&format!("{BANDS}{}", listed(amounts, "part", "none")));
        cleared(&set, &[case("A", "11500")], &[]).unwrap().1
    };
    assert_eq!(told(&[("H1", "2026", "400")]), [""; 0]);
    assert_eq!(told(&[("H1", "2026", "400"), ("H2", "2026", "400"), ("H2", "2025", "1")]), ["M037"]);
}

#[test]
fn a_list_names_a_year() {
    let text = pack(WEIGHTS, &format!("{BANDS}{}", listed(&[("H1", "2026-03", "1")], "part", "none")));
    assert_eq!(codes(&compile_with(&text, &[]).unwrap_err()), ["P007"]);
}

const REGISTER: &str = r#"
[rules.institutions]
kind = "institutions.register"
table = [
  { fixmedins_code = "H1", hosp_lv = "三级", consortium = "甲" },
  { fixmedins_code = "H2", hosp_lv = "二级", consortium = "甲" },
  { fixmedins_code = "H3", hosp_lv = "二级", consortium = "甲" },
  { fixmedins_code = "V1", hosp_lv = "村", consortium = "甲" },
  { fixmedins_code = "V2", hosp_lv = "村", consortium = "甲", valid_to = 2026-06-30 } ]
[rules.total]
kind = "consortium_total.per_head"
table = [{ consortium = "甲", pool = "310", heads = 1, per_head = PERHEAD }]
[rules.shared]
kind = "sharing.bands"
subject = "consortium"
mode = "marginal"
edge = "lower"
surplus = [{ share = 1 }]
overrun = [{ share = 0 }]
"#;

/// Three members with cases are due 40,000: H1 20,000, H2 and H3 10,000 each. Villages have no stays.
fn classes(per_head: &str, family: &str, classes: &str) -> PolicySet {
    let rules = REGISTER.replace("PERHEAD", per_head);
    set(&format!("{rules}[rules.{family}]\nkind = \"{family}.classes\"\n[rules.{family}.split]\n{classes}\n"))
}

fn shares(year: &Year) -> Vec<(String, String)> {
    year.members.iter().map(|member| (member.institution.clone(), yuan(member.share_fen))).collect()
}

fn named(shares: &[(&str, &str)]) -> Vec<(String, String)> {
    shares.iter().map(|(name, share)| ((*name).to_owned(), (*share).to_owned())).collect()
}

/// 1,000.01 left: 60 : 30 : 10 gives 600.01, 300.00, 100.00 (600.006, 300.003, 100.001). Township by points 1 : 1,
/// village by fixed weight: V1 alone is there on the last day. It has no case and a row of its own.
#[test]
fn a_surplus_goes_to_classes_first() {
    let split = r#"
classes = [{ class = "三级", share = 0.6 }, { class = "二级", share = 0.3 }, { class = "村", share = 0.1, by = "fixed" }]
empty = "refuse"
mix = { points = 1, weights = [{ fixmedins_code = "V1", weight = 2 }] }"#;
    let set = classes("41000.01", "distribution", split);
    let cases =
        [case("A", "9000"), case("A", "9000"), case("A", "9000").at("H2", "二级"), case("A", "9000").at("H3", "二级")];
    let year = clear(&set, &cases, &[]).unwrap();
    assert_eq!(shares(&year), named(&[("H1", "600.01"), ("H2", "150.00"), ("H3", "150.00"), ("V1", "100.00")]));
    let village = row(&year, "V1");
    assert_eq!((village.insutype.as_str(), village.sum.due_fen, village.final_fen), ("310", 0, fen("100")));
    let classes: Vec<_> = year.members.iter().map(|member| member.class.as_deref().unwrap()).collect();
    assert_eq!(classes, ["三级", "二级", "二级", "村"]);
}

/// 1,000 too much, by listed classes: 70 : 30; the townships by points × score, 100 × 80 : 100 × 60.
#[test]
fn an_overrun_is_borne_by_classes_first() {
    let split = r#"
classes = [{ class = "县", share = 0.7 }, { class = "乡", share = 0.3, by = "points_score" }, { class = "村", share = 0 }]
members = [
  { fixmedins_code = "H1", class = "县" }, { fixmedins_code = "H2", class = "乡" },
  { fixmedins_code = "H3", class = "乡" }, { fixmedins_code = "V1", class = "村" } ]
empty = "refuse"
mix = { points = 1, snapshot = "q", scores = [
  { subject = "H2", score = 80, snapshot = "q" }, { subject = "H3", score = 60, snapshot = "q" } ] }"#;
    let set = classes("39000", "overrun_split", split);
    let cases =
        [case("A", "9000"), case("A", "9000"), case("A", "9000").at("H2", "二级"), case("A", "9000").at("H3", "二级")];
    let year = clear(&set, &cases, &[]).unwrap();
    assert_eq!(shares(&year), named(&[("H1", "-700.00"), ("H2", "-171.43"), ("H3", "-128.57"), ("V1", "0.00")]));
}

/// Nobody of the county: an error, or 30 : 10 of what is left, 750 and 250.
#[test]
fn a_class_without_members_is_an_error_or_left_to_the_others() {
    let split = |empty: &str| {
        format!(
            "classes = [{{ class = \"县\", share = 0.6 }}, {{ class = \"二级\", share = 0.3 }}, \
             {{ class = \"村\", share = 0.1, by = \"fixed\" }}, {{ class = \"三级\", share = 0 }}]\n\
             empty = \"{empty}\"\nmix = {{ points = 1, weights = [{{ fixmedins_code = \"V1\", weight = 1 }}] }}"
        )
    };
    let cases = [case("A", "9000").at("H2", "二级"), case("A", "9000").at("H3", "二级")];
    let refused = clear(&classes("21000", "distribution", &split("refuse")), &cases, &[]).unwrap_err();
    assert_eq!(codes(&refused), ["M036"]);
    let year = clear(&classes("21000", "distribution", &split("others")), &cases, &[]).unwrap();
    assert_eq!(shares(&year), named(&[("H1", "0.00"), ("H2", "375.00"), ("H3", "375.00"), ("V1", "250.00")]));
    // A member of a class that the rule does not have.
    let known = split("others").replace("{ class = \"三级\", share = 0 }", "{ class = \"四级\", share = 0 }");
    assert_eq!(codes(&clear(&classes("21000", "distribution", &known), &cases, &[]).unwrap_err()), ["M035"]);
}

#[test]
fn classes_that_do_not_fit_are_refused() {
    let refused = |classes_text: &str| {
        let rules = REGISTER.replace("PERHEAD", "1");
        let split = format!(
            "[rules.distribution]\nkind = \"distribution.classes\"\n[rules.distribution.split]\nempty = \"refuse\"\n\
             {classes_text}\n"
        );
        codes(&compile_with(&pack(WEIGHTS, &format!("{rules}{split}")), &[]).unwrap_err())
    };
    assert_eq!(refused("classes = [{ class = \"县\", share = 0.6 }, { class = \"乡\", share = 0.3 }]"), ["P036"]);
    assert_eq!(
        refused("classes = [{ class = \"县\", share = 1 }]\nmembers = [{ fixmedins_code = \"H1\", class = \"乡\" }]"),
        ["P008"]
    );
    assert_eq!(refused("classes = [{ class = \"县\", share = 1, by = \"fixed\" }]"), ["P033"]);
    assert_eq!(refused("classes = [{ class = \"县\", share = 1, by = \"score\" }]"), ["P033", "P033"]);
    assert_eq!(refused("classes = [{ class = \"县\", share = 1 }]\nmix = { points = 0.5 }"), ["P036"]);
    let base = "[rules.distribution]\nkind = \"distribution.classes\"\n[rules.distribution.split]\n\
                empty = \"refuse\"\nclasses = [{ class = \"县\", share = 1 }]\n";
    assert_eq!(codes(&compile_with(&pack(WEIGHTS, base), &[]).unwrap_err()), ["P033"], "levels are in a register");
    let _ = compile(&pack(WEIGHTS, ""));
}
