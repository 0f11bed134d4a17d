//! Towns of a few claims: stays, corrections and clearing over months, with figures worked out by hand. Each month and
//! each year is settled with `--audit`.

use std::collections::BTreeMap;
use std::fs;

use super::city::{Rows, run, text};
use dianzhi::job::{Packs, Scheme, YEAR, settle_year};
use dianzhi::ledger::{Book, Writer};

const HEAD: &str = "id = \"town\"\ntitle = \"试验\"\nplace = \"试验县\"\nvalid_from = 2026-01-01\n\
    status = \"in_force\"\nextends = \"base\"\n";
/// By points; 100 points a weight of one.
pub(super) const POINTS: &str = "[rules.method]\nkind = \"method.points\"\nscale = 100\nplaceholder = \"试验\"\n";
/// A point is worth 100 yuan, and the fund owes the standard.
pub(super) const FIXED: &str = "[rules.point_value]\nkind = \"point_value.fixed\"\nvalues = { \"*\" = 100 }\n\
    due = \"fund\"\nplaceholder = \"试验\"\n";
pub(super) const HALVED: &str = "[rules.readmission]\nkind = \"readmission.within\"\ndays = 15\n\
    same = \"drg\"\nplace = \"institution\"\nreduces = \"earlier\"\nshare = 0.5\nplaceholder = \"试验\"\n";
pub(super) const ONCE: &str = "[rules.transfer]\nkind = \"transfer.count_once\"\ndays = 1\nways = [\"2\"]\n\
    counts = \"highest\"\nplaceholder = \"试验\"\n";
pub(super) const GATE: &str = "[rules.tcm]\nkind = \"special.tcm_advantage\"\n\
    when = { diagnoses = [\"S32\"] }\norder = 1\n\
    weight = 0.92\ngate = 0.6\nfallback = \"IR15\"\nplaceholder = \"试验\"\n";
/// ES25 has weight 0.8, FV25 1.2, IR15 1.05.
const CITY: &str = r#"
[rules.institutions]
kind = "institutions.register"
table = [
  { fixmedins_code = "H1", fixmedins_name = "县医院", hosp_lv = "三级", consortium = "县医共体" },
  { fixmedins_code = "H2", fixmedins_name = "镇卫生院", hosp_lv = "一级", consortium = "县医共体" },
]
placeholder = "试验"
[rules.weights]
kind = "weights.table"
table = [{ drg = "ES25", weight = 0.8 }, { drg = "FV25", weight = 1.2 }, { drg = "IR15", weight = 1.05 }]
placeholder = "试验"
[rules.pool_mean]
kind = "pool_mean.fixed"
values = { "*" = 8000 }
placeholder = "试验"
[rules.low_line]
kind = "low_line.none"
placeholder = "试验"
[rules.high_line]
kind = "high_line.none"
placeholder = "试验"
[rules.budget]
kind = "budget.table"
table = [
  { period = "2026", pool = "390", fund_budget = 120000 },
  { period = "2027", pool = "390", fund_budget = 240000 },
]
placeholder = "试验"
"#;

pub(super) struct Town {
    pub(super) dir: tempfile::TempDir,
}

/// A claim; days are within the month where they have no month of their own.
#[derive(Clone, Copy)]
pub(super) struct Claim<'a> {
    pub(super) id: &'a str,
    pub(super) person: &'a str,
    pub(super) house: &'a str,
    pub(super) drg: &'a str,
    pub(super) admitted: &'a str,
    pub(super) discharged: &'a str,
    pub(super) bill: i64,
    pub(super) way: &'a str,
    pub(super) tcm: &'a str,
    pub(super) stay: &'a str,
    pub(super) settled: &'a str,
}

pub(super) const CLAIM: Claim<'static> = Claim {
    id: "",
    person: "p",
    house: "H1",
    drg: "ES25",
    admitted: "",
    discharged: "",
    bill: 9_000,
    way: "1",
    tcm: "4800,8000",
    stay: "",
    settled: "",
};

impl Town {
    pub(super) fn new(rules: &[&str]) -> Town {
        let town = Town { dir: tempfile::tempdir().unwrap() };
        town.policy(rules);
        town
    }

    pub(super) fn policy(&self, rules: &[&str]) {
        fs::write(self.dir.path().join("pack.toml"), format!("{HEAD}{CITY}{}", rules.concat())).unwrap();
    }

    /// Puts something in place of a part of the pack.
    pub(super) fn put(&self, part: &str, other: &str) {
        let path = self.dir.path().join("pack.toml");
        let pack = fs::read_to_string(&path).unwrap();
        assert!(pack.contains(part));
        fs::write(&path, pack.replace(part, other)).unwrap();
    }

    /// Settles a month with corrections, rows of `setl_id,period,action,drg`.
    pub(super) fn month(&self, month: &str, claims: &[Claim<'_>], corrections: &[&str]) -> i32 {
        let mut rows = "setl_id,mdtrt_id,psn_no,fixmedins_code,insutype,gend,age,adm_time,dscg_time,setl_time,\
            act_ipt_days,dscg_way,diag_codes,oprn_codes,medfee_sumamt,hifp_pay,psn_pay,oth_fund_pay,tcm_amt,\
            tcm_base_amt\n"
            .to_owned();
        for one in claims {
            let code = match one.drg {
                "ES25" => "J12.000",
                "FV25" => "I10.x00",
                _ => "S32.000",
            };
            let Claim { id, person, house, admitted, discharged, bill, way, tcm, .. } = one;
            let stay = if one.stay.is_empty() { id } else { one.stay };
            let settled = if one.settled.is_empty() { discharged } else { one.settled };
            rows += &format!(
                "{id},{stay},{person},{house},390,1,50,{admitted},{discharged},{settled},9,{way},{code},,{bill}.00,\
                 {bill}.00,0.00,0.00,{tcm}\n"
            );
        }
        let path = |name: &str| self.dir.path().join(name);
        fs::write(path("claims.csv"), rows).unwrap();
        let (book, pack, claims) = (path("book"), path("pack.toml"), path("claims.csv"));
        let mut words = vec!["settle", "month", "--scheme", "demo", "--policy", text(&pack), "--period", month];
        words.extend(["--claims", text(&claims), "--book", text(&book), "--audit"]);
        let file = path("corrections.csv");
        if !corrections.is_empty() {
            let rows: String = corrections.iter().map(|row| format!("{row},理由,决定\n")).collect();
            fs::write(&file, format!("setl_id,period,action,drg,reason,document\n{rows}")).unwrap();
            words.extend(["--corrections", text(&file)]);
        }
        run(&words)
    }

    pub(super) fn settle(&self, month: &str, claims: &[Claim<'_>], corrections: &[&str]) {
        assert_eq!(self.month(month, claims, corrections), 0, "{month}");
    }

    pub(super) fn clear(&self) {
        assert_eq!(self.clear_year("2026"), Vec::<&str>::new());
    }

    /// The codes of what the clearing of a year tells, of errors where it is refused; without those of months that the
    /// book lacks.
    pub(super) fn clear_year(&self, year: &str) -> Vec<&'static str> {
        let (pack, book) = (self.dir.path().join("pack.toml"), self.dir.path().join("book"));
        let mut writer = Writer::open(&book).unwrap();
        let year = year.parse().unwrap();
        let (scheme, _) = Scheme::of_book(writer.book(), year).unwrap();
        let (packs, _) = Packs::read(&pack, &scheme).unwrap();
        let draft = writer.draft(year, YEAR).unwrap();
        let told = match settle_year(draft, &packs, true, BTreeMap::new()) {
            Ok(cleared) => cleared.warnings,
            Err(told) => told,
        };
        told.0.iter().map(|problem| problem.entry.code).filter(|code| *code != "B039").collect()
    }

    fn book(&self, words: &[&str]) -> i32 {
        let book = self.dir.path().join("book");
        run(&[&["book", words[0], text(&book)], &words[1..]].concat())
    }

    pub(super) fn table(&self, period: &str, name: &str) -> Rows {
        let book = Book::open(&self.dir.path().join("book")).unwrap();
        Rows(book.table(period.parse().unwrap(), name).unwrap())
    }

    /// Points and due of a claim.
    pub(super) fn claim(&self, period: &str, id: &str) -> (String, String) {
        let claims = self.table(period, "claims");
        let row = claims.only(&[("setl_id", id)]);
        (claims.text("points", row), claims.text("due", row))
    }

    /// `setl_id action points amount` of the corrections of a month, in order.
    pub(super) fn corrections(&self, month: &str) -> Vec<String> {
        let made = self.table(month, "corrections");
        let one = |row| ["setl_id", "action", "points", "amount"].map(|column| made.text(column, row)).join(" ");
        (0..made.len()).map(one).collect()
    }
}

pub(super) fn stay<'a>(id: &'a str, drg: &'a str, admitted: &'a str, discharged: &'a str) -> Claim<'a> {
    Claim { id, drg, admitted, discharged, ..CLAIM }
}

/// Somebody else's stay, so that a month has a claim.
pub(super) fn other<'a>(id: &'a str, admitted: &'a str, discharged: &'a str) -> Claim<'a> {
    Claim { id, person: id, drg: "FV25", admitted, discharged, ..CLAIM }
}

pub(super) fn pair(points: &str, due: &str) -> (String, String) {
    (points.to_owned(), due.to_owned())
}

/// R has 80 points, X 120, in a year of 120,000 yuan: 600 yuan a point, and 50 in its month. Half of R is taken after
/// the clearing: 40 × 600 = 24,000.
#[test]
fn a_readmission_found_after_the_clearing_is_booked_by_the_final_point_value() {
    let fund = "[rules.point_value]\nkind = \"point_value.fund\"\nplaceholder = \"试验\"\n";
    let town = Town::new(&[POINTS, fund, HALVED]);
    let december = [stay("R", "ES25", "2026-12-20", "2026-12-29"), other("X", "2026-12-01", "2026-12-10")];
    town.settle("2026-12", &december, &[]);
    assert_eq!(town.claim("2026-12", "R"), pair("80.0000", "4000.00"));
    town.clear();
    assert_eq!(town.claim("2026", "R"), pair("80.0000", "48000.00"));
    town.settle("2027-01", &[stay("R2", "ES25", "2027-01-05", "2027-01-12")], &[]);
    assert_eq!(town.corrections("2027-01"), ["R readmission -40.0000 -24000.00"]);
}

/// By rate of 10,000: 0.92 × 10,000 in the month; a share of 4,799 ÷ 8,000 misses the gate: 1.05 × 10,000. A reprice
/// that changes nothing, before and after the clearing, neither lets it escape nor undoes it.
#[test]
fn by_rate_a_case_below_the_gate_is_paid_as_the_other_group() {
    let rate = "[rules.method]\nkind = \"method.rate\"\nrates = { \"*\" = 10000 }\ndue = \"fund\"\n\
        placeholder = \"试验\"\n";
    let town = Town::new(&[rate, GATE]);
    let tcm = |id, tcm| Claim { tcm, person: id, ..stay(id, "IR15", "2026-12-01", "2026-12-10") };
    town.settle("2026-12", &[tcm("T1", "4800,8000"), tcm("T2", "4799,8000")], &[]);
    assert_eq!(town.claim("2026-12", "T2").1, "9200.00");
    town.clear();
    assert_eq!(town.claim("2026", "T1").1, "9200.00");
    assert_eq!(town.claim("2026", "T2").1, "10500.00");
    town.settle("2027-01", &[other("Y", "2027-01-01", "2027-01-10")], &["T2,,reprice,", "T1,,reprice,"]);
    assert_eq!(town.corrections("2027-01"), Vec::<String>::new());
}

/// The weight of TCM is mended to 0.95 in January: 92 → 95 points, and at clearing 105 for who missed the gate.
#[test]
fn a_correction_is_no_way_around_the_gate() {
    let town = Town::new(&[POINTS, FIXED, GATE]);
    let tcm = |id, tcm| Claim { tcm, person: id, ..stay(id, "IR15", "2026-12-01", "2026-12-10") };
    town.settle("2026-12", &[tcm("T1", "4800,8000"), tcm("T2", "4799,8000")], &[]);
    town.policy(&[POINTS, FIXED, &GATE.replace("0.92", "0.95")]);
    town.settle("2027-01", &[other("Y", "2027-01-01", "2027-01-10")], &["T1,,reprice,", "T2,,reprice,"]);
    assert_eq!(town.corrections("2027-01"), ["T1 reprice 3.0000 300.00", "T2 reprice 3.0000 300.00"]);
    town.clear();
    assert_eq!(town.claim("2026", "T1"), pair("95.0000", "9500.00"));
    assert_eq!(town.claim("2026", "T2"), pair("105.0000", "10500.00"));
}

/// A is 120 points by TCM, B 80; sent on, they are one of 120, by bills of 3,000 and 9,000 30 and 90. Below the gate A
/// is 105: 26.25 and 78.75.
#[test]
fn a_chain_with_a_case_below_the_gate_is_split_again() {
    let town = Town::new(&[POINTS, FIXED, &GATE.replace("0.92", "1.2"), ONCE]);
    let first =
        Claim { house: "H2", way: "2", bill: 3_000, tcm: "100,8000", ..stay("A", "IR15", "2026-12-01", "2026-12-10") };
    town.settle("2026-12", &[first, stay("B", "ES25", "2026-12-10", "2026-12-20")], &[]);
    assert_eq!(town.claim("2026-12", "A").0, "30.0000");
    assert_eq!(town.claim("2026-12", "B").0, "90.0000");
    town.clear();
    assert_eq!(town.claim("2026", "A"), pair("26.2500", "2625.00"));
    assert_eq!(town.claim("2026", "B"), pair("78.7500", "7875.00"));
}

/// December pays A 80 × 50; January regroups it, +40 points by 50 yuan = 2,000. The clearing counts that. January again
/// makes the same correction, and other ones are refused once the year is closed.
#[test]
fn what_a_clearing_has_counted_stays() {
    let fund = "[rules.point_value]\nkind = \"point_value.fund\"\nplaceholder = \"试验\"\n";
    let town = Town::new(&[POINTS, fund]);
    let december = [stay("A", "ES25", "2026-12-01", "2026-12-10"), other("X", "2026-12-01", "2026-12-10")];
    let january = [other("Y", "2027-01-01", "2027-01-10")];
    town.settle("2026-12", &december, &[]);
    town.settle("2027-01", &january, &["A,,regroup,FV25"]);
    let made = ["A regroup 40.0000 2000.00"];
    assert_eq!(town.corrections("2027-01"), made);
    town.clear();
    assert_eq!(town.claim("2026", "A"), pair("120.0000", "60000.00"));
    town.settle("2027-01", &january, &["A,,regroup,FV25"]);
    assert_eq!(town.corrections("2027-01"), made);
    assert_eq!(town.book(&["verify"]), 0);
    town.settle("2027-01", &january, &[]);
    assert_eq!(town.book(&["verify"]), 1, "the clearing has counted what is no more");
    town.settle("2027-01", &january, &["A,,regroup,FV25"]);
    assert_eq!(town.book(&["verify"]), 0);
    assert_eq!(town.book(&["close", "--period", "2026-12"]), 0);
    assert_eq!(town.book(&["close", "--period", "2026"]), 0);
    assert_eq!(town.month("2027-01", &january, &[]), 1, "B042");
    town.settle("2027-01", &january, &["A,,regroup,FV25"]);
    assert_eq!(town.book(&["verify"]), 0);
}

#[test]
fn of_a_stay_settled_in_two_months_only_the_last_settlement_counts() {
    let town = Town::new(&[POINTS, FIXED]);
    let first = Claim { stay: "M5", ..stay("J5", "ES25", "2026-01-01", "2026-01-10") };
    town.settle("2026-01", &[first], &[]);
    let again = Claim { id: "J5x", drg: "FV25", settled: "2026-02-03", ..first };
    let elsewhere = Claim { id: "K5", house: "H2", person: "q", settled: "2026-02-03", ..first };
    town.settle("2026-02", &[again, elsewhere], &[]);
    assert_eq!(town.corrections("2026-02"), ["J5 reverse -80.0000 -8000.00"]);
    let made = town.table("2026-02", "corrections");
    assert_eq!(made.text("reason", 0), "J5x");
    let older = Claim { id: "J5w", settled: "2026-01-20", ..first };
    town.settle("2026-03", &[older, other("Y", "2026-03-01", "2026-03-10")], &[]);
    town.table("2026-03", "rejects").only(&[("setl_id", "J5w"), ("code", "B043"), ("kind", "excluded")]);
    assert!(town.corrections("2026-03").is_empty());
    town.clear();
    assert_eq!(town.claim("2026", "J5x").1, "12000.00");
    assert_eq!(town.claim("2026", "K5").1, "8000.00");
    assert_eq!(town.table("2026", "institutions").sum("due"), 3_200_000, "8,000 + 12,000 + 12,000");
}

/// A readmission halves A of January: 80 → 40. When it is reversed, or regrouped, A has all of it again.
#[test]
fn a_readmission_that_is_no_more_gives_back_what_it_took() {
    for (order, later) in
        [("B,,reverse,", "B reverse -80.0000 -8000.00"), ("B,,regroup,FV25", "B regroup 40.0000 4000.00")]
    {
        let town = Town::new(&[POINTS, FIXED, HALVED]);
        town.settle("2026-01", &[stay("A", "ES25", "2026-01-10", "2026-01-20")], &[]);
        town.settle("2026-02", &[stay("B", "ES25", "2026-02-01", "2026-02-05")], &[]);
        assert_eq!(town.corrections("2026-02"), ["A readmission -40.0000 -4000.00"]);
        town.settle("2026-03", &[other("Y", "2026-03-01", "2026-03-10")], &[order]);
        assert_eq!(town.corrections("2026-03"), [later, "A relink 40.0000 4000.00"]);
        assert_eq!(town.table("2026-03", "corrections").text("reason", 1), "B");
        town.clear();
        assert_eq!(town.claim("2026", "A"), pair("80.0000", "8000.00"));
    }
}

/// Both in one month: the later stay is reversed a month later.
#[test]
fn within_a_month_as_well() {
    let town = Town::new(&[POINTS, FIXED, HALVED]);
    let both = [stay("A", "ES25", "2026-01-01", "2026-01-10"), stay("B", "ES25", "2026-01-15", "2026-01-20")];
    town.settle("2026-01", &both, &[]);
    assert_eq!(town.claim("2026-01", "A").0, "40.0000");
    town.settle("2026-02", &[other("Y", "2026-02-01", "2026-02-10")], &["B,,reverse,"]);
    assert_eq!(town.corrections("2026-02"), ["B reverse -80.0000 -8000.00", "A relink 40.0000 4000.00"]);
    town.clear();
    assert_eq!(town.claim("2026", "A"), pair("80.0000", "8000.00"));
}

/// B becomes a readmission of A by an appeal, and is one no more when A is regrouped away.
#[test]
fn a_stay_regrouped_into_the_group_is_a_readmission() {
    let town = Town::new(&[POINTS, FIXED, HALVED]);
    town.settle("2026-01", &[stay("A", "ES25", "2026-01-10", "2026-01-20")], &[]);
    town.settle("2026-02", &[stay("B", "FV25", "2026-02-01", "2026-02-05")], &[]);
    assert!(town.corrections("2026-02").is_empty());
    town.settle("2026-03", &[other("Y", "2026-03-01", "2026-03-10")], &["B,,regroup,ES25"]);
    assert_eq!(town.corrections("2026-03"), ["B regroup -40.0000 -4000.00", "A relink -40.0000 -4000.00"]);
    town.settle("2026-04", &[other("Z", "2026-04-01", "2026-04-10")], &["A,,regroup,FV25"]);
    assert_eq!(town.corrections("2026-04"), ["A regroup 80.0000 8000.00"]);
    town.clear();
    assert_eq!(town.claim("2026", "A"), pair("120.0000", "12000.00"));
    assert_eq!(town.claim("2026", "B"), pair("80.0000", "8000.00"));
}

/// A comes a month late, before B that January settled: the earlier is halved in its own month, the later by a
/// correction.
#[test]
fn a_late_stay_is_linked_like_others() {
    let late = stay("A", "ES25", "2026-01-01", "2026-01-10");
    let january = [stay("B", "ES25", "2026-01-15", "2026-01-20")];
    let town = Town::new(&[POINTS, FIXED, HALVED]);
    town.settle("2026-01", &january, &[]);
    town.settle("2026-02", &[late], &[]);
    assert_eq!(town.claim("2026-02", "A"), pair("40.0000", "4000.00"));
    assert!(town.corrections("2026-02").is_empty());

    let town = Town::new(&[POINTS, FIXED, &HALVED.replace("earlier", "later")]);
    town.settle("2026-01", &january, &[]);
    town.settle("2026-02", &[late], &[]);
    assert_eq!(town.claim("2026-02", "A"), pair("80.0000", "8000.00"));
    assert_eq!(town.corrections("2026-02"), ["B relink -40.0000 -4000.00"]);
    town.clear();
    assert_eq!(town.claim("2026", "B"), pair("40.0000", "4000.00"));
}

/// A, 80 points and a bill of 3,000, is sent on to B, 120 and 9,000: 30 and 90. A month's end between them changes
/// nothing, and when one is reversed the other has its own price.
#[test]
fn a_chain_of_transfers_goes_over_the_end_of_a_month() {
    let first = Claim { house: "H2", way: "2", bill: 3_000, ..stay("A", "ES25", "2026-01-20", "2026-01-31") };
    let second = stay("B", "FV25", "2026-01-31", "2026-02-10");
    for (order, reversed, other_one) in [
        ("B,,reverse,", "B reverse -90.0000 -9000.00", "A relink 50.0000 5000.00"),
        ("A,,reverse,", "A reverse -30.0000 -3000.00", "B relink 30.0000 3000.00"),
    ] {
        let town = Town::new(&[POINTS, FIXED, HALVED, ONCE]);
        town.settle("2026-01", &[first], &[]);
        assert_eq!(town.claim("2026-01", "A").0, "80.0000");
        town.settle("2026-02", &[second], &[]);
        assert_eq!(town.claim("2026-02", "B"), pair("90.0000", "9000.00"));
        assert_eq!(town.corrections("2026-02"), ["A relink -50.0000 -5000.00"]);
        town.settle("2026-03", &[other("Y", "2026-03-01", "2026-03-10")], &[order]);
        assert_eq!(town.corrections("2026-03"), [reversed, other_one]);
    }
}
