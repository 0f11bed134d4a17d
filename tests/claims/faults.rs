//! Rows that are wrong by themselves.

use std::collections::BTreeSet;

use dianzhi::claims::{Field, ReadOptions, Registers, UNKNOWN_FEN};
use dianzhi::problem::Lang;

use super::{codes, read_rows, row};

/// The reasons for which one row with these changes is rejected.
fn faults(changes: &[(&str, &str)]) -> Vec<(&'static str, &'static str)> {
    let read = read_rows(&[row(changes)], &ReadOptions::default());
    assert_eq!(read.claims.is_empty(), !read.rejects.rows.is_empty());
    read.reasons().into_iter().map(|(_, code, field)| (code, field)).collect()
}

#[test]
fn values_that_cannot_be_read() {
    let cases = [
        ("age", "abc", "C011"),
        ("age", "5.5", "C011"),
        ("age", "-1", "C012"),
        ("age", "131", "C012"),
        ("act_ipt_days", "1e2", "C011"),
        ("nwb_bir_wt", "3200g", "C011"),
        ("dscg_time", "2026-02-30", "C019"),
        ("adm_time", "15.03.2026", "C019"),
        ("medfee_sumamt", "1,000.00", "C013"),
        ("medfee_sumamt", "¥1000", "C013"),
        ("medfee_sumamt", "1000.001", "C014"),
        ("medfee_sumamt", "100000000000000000000", "C015"),
        ("refd_setl_flag", "2", "C031"),
        ("gend", "男", "C023"),
        ("gend", "3", "C023"),
        ("insutype", "职工", "C024"),
        ("insutype", "31", "C024"),
        ("hosp_lv", "三级,甲等", "C027"),
        ("diag_codes", "|I10.x00", "C022"),
        ("oprn_codes", " |36.0700", "C022"),
        ("setl_id", "5.119E+29", "C067"),
        ("mdtrt_id", "1E+18", "C067"),
    ];
    for (field, value, code) in cases {
        let quoted = format!("\"{value}\"");
        assert_eq!(faults(&[(field, &quoted)]), [(code, field)], "{field} = {value}");
    }
}

#[test]
fn fields_that_must_not_be_empty() {
    for field in ["setl_id", "fixmedins_code", "insutype", "dscg_time", "medfee_sumamt"] {
        assert_eq!(faults(&[(field, "")]), [("C010", field)]);
        assert_eq!(faults(&[(field, "　")]), [("C010", field)], "a blank is nothing");
    }
    for field in ["gend", "age", "diag_codes", "oprn_codes", "hosp_lv", "hifp_pay", "adm_time", "setl_time"] {
        assert_eq!(faults(&[(field, "")]), [], "{field} may be empty: grouping and policy decide");
    }
    let options = ReadOptions { required: vec![Field::HifpPay, Field::Age], ..ReadOptions::default() };
    let read = read_rows(&[row(&[("hifp_pay", ""), ("age", "")])], &options);
    assert_eq!(read.reasons(), [(2, "C010", "age"), (2, "C010", "hifp_pay")]);
}

#[test]
fn all_faults_of_a_row_are_told() {
    let found = faults(&[("age", "x"), ("dscg_time", ""), ("medfee_sumamt", "-5"), ("gend", "女")]);
    let wanted = [("C011", "age"), ("C010", "dscg_time"), ("C023", "gend"), ("C016", "medfee_sumamt")];
    let found: BTreeSet<_> = found.into_iter().collect();
    for fault in wanted {
        assert!(found.contains(&fault), "{fault:?} in {found:?}");
    }
}

#[test]
fn amounts_must_agree() {
    assert_eq!(faults(&[("medfee_sumamt", "1000.01")]), [("C017", "medfee_sumamt")]);
    assert_eq!(faults(&[("hifp_pay", "600.01")]), [("C017", "medfee_sumamt")]);
    // What is not given is not derived, and only an excess is surely wrong.
    let partly = [("oth_fund_pay", ""), ("medfee_sumamt", "900.00")];
    assert_eq!(faults(&partly), []);
    assert_eq!(faults(&[("oth_fund_pay", ""), ("medfee_sumamt", "899.99")]), [("C018", "medfee_sumamt")]);
    assert_eq!(faults(&[("oth_fund_pay", ""), ("psn_pay", ""), ("hifp_pay", "")]), []);
    let read = read_rows(&[row(&partly)], &ReadOptions::default());
    assert_eq!(read.claims.other_fund_fen, [UNKNOWN_FEN]);
    for field in ["hifp_pay", "psn_pay", "oth_fund_pay"] {
        let found = faults(&[(field, "-0.01")]);
        assert!(found.contains(&("C016", field)), "{found:?}");
    }
    assert_eq!(faults(&[("medfee_sumamt", "1000"), ("hifp_pay", "600.000")]), [], "zeros are no decimals");
}

#[test]
fn dates_and_days_of_stay() {
    assert_eq!(faults(&[("adm_time", "2026-03-16")]), [("C020", "dscg_time")]);
    let odd = |los: &str, admitted: &str| {
        let read = read_rows(&[row(&[("act_ipt_days", los), ("adm_time", admitted)])], &ReadOptions::default());
        assert_eq!(read.reasons(), [], "only noted");
        codes(&read.report.warnings).contains(&"C021")
    };
    assert!(!odd("5", "2026-03-10"));
    assert!(odd("4", "2026-03-10"));
    assert!(odd("6", "2026-03-10"));
    assert!(!odd("0", "2026-03-15") && !odd("1", "2026-03-15"), "within a day: 0 or 1");
    assert!(odd("2", "2026-03-15"));
    assert!(!odd("", "2026-03-10") && !odd("7", ""), "nothing to compare");
}

#[test]
fn newborns_of_a_hundred_years() {
    let newborn =
        |age: &str, days: &str, grams: &str| faults(&[("age", age), ("nwb_age", days), ("nwb_bir_wt", grams)]);
    assert_eq!(newborn("100", "3", "3200"), [("C029", "nwb_age")]);
    assert_eq!(newborn("1", "364", ""), [("C029", "nwb_age")]);
    assert_eq!(newborn("0", "366", ""), [("C029", "nwb_age")]);
    assert_eq!(newborn("", "400", ""), [("C029", "nwb_age")]);
    assert_eq!(newborn("100", "36600", ""), [("C029", "nwb_age")]);
    assert_eq!(newborn("1", "365", ""), [], "the first birthday");
    assert_eq!(newborn("0", "365", ""), []);
    assert_eq!(newborn("0", "0", "3200"), []);
    assert_eq!(newborn("30", "0", "3200"), [], "a mother with the weight of her child; 0 stands for nothing");
    assert_eq!(newborn("0", "3", "99"), [("C030", "nwb_bir_wt")]);
    assert_eq!(newborn("0", "3", "10000"), [("C030", "nwb_bir_wt")]);
    assert_eq!(newborn("0", "3", "100"), []);
    assert_eq!(newborn("0", "3", "9999"), []);
    assert_eq!(newborn("0", "3", "0"), []);
}

#[test]
fn registers_decide_when_they_are_given() {
    let set = |values: &[&str]| Some(values.iter().map(|&v| v.to_owned()).collect());
    let registers = Registers { institutions: set(&["H1"]), levels: set(&["3"]), insurance_types: set(&["310"]) };
    let options = ReadOptions { registers, ..ReadOptions::default() };
    let rows = [
        row(&[("setl_id", "S1"), ("fixmedins_code", "H1")]),
        row(&[("setl_id", "S2"), ("fixmedins_code", "H2")]),
        row(&[("setl_id", "S3"), ("fixmedins_code", "H1"), ("hosp_lv", "2")]),
        row(&[("setl_id", "S4"), ("fixmedins_code", "H1"), ("insutype", "390")]),
        row(&[("setl_id", "S5"), ("fixmedins_code", "H1"), ("hosp_lv", "")]),
    ];
    let read = read_rows(&rows, &options);
    let wanted = [(3, "C026", "fixmedins_code"), (4, "C028", "hosp_lv"), (5, "C025", "insutype")];
    assert_eq!(read.reasons(), wanted);
    assert_eq!(read.accepted(), ["S1", "S5"]);
}

#[test]
fn what_was_normalised_is_counted() {
    let rows = [
        row(&[("setl_id", " Ｓ1"), ("diag_codes", "i21.000｜Ｉ10.X00 "), ("age", "５５")]),
        row(&[("setl_id", "S2"), ("diag_codes", "I21.000||I10.x00"), ("medfee_sumamt", " 1000.00 ")]),
    ];
    let read = read_rows(&rows, &ReadOptions::default());
    assert_eq!(read.accepted(), ["S1", "S2"]);
    assert_eq!(read.reasons(), []);
    for at in 0..2 {
        assert_eq!(read.claims.stays.diagnoses.get(at).collect::<Vec<_>>(), ["I21.000", "I10.x00"]);
        assert_eq!(read.claims.stays.age_years[at], 55);
    }
    let counted: Vec<_> = read.report.normalised.iter().map(|(field, count)| (field.name(), *count)).collect();
    assert_eq!(counted, [("setl_id", 1), ("age", 1), ("diag_codes", 1), ("medfee_sumamt", 1)]);
    assert_eq!(codes(&read.report.warnings).iter().filter(|&&code| code == "C034").count(), 4);
}

#[test]
fn rows_with_too_few_or_too_many_fields() {
    let rows = [row(&[("setl_id", "S1")]), "S2,x".to_owned(), row(&[("setl_id", "S3")]) + ",more"];
    let read = read_rows(&rows, &ReadOptions::default());
    assert_eq!(read.accepted(), ["S1"]);
    assert!(read.reasons().contains(&(3, "F008", "")));
    assert!(read.reasons().contains(&(4, "F008", "")));
    assert_eq!(read.report.rejected.rows, 2);
}

#[test]
fn the_rejects_table_says_all_in_both_languages() {
    let read = read_rows(&[row(&[("age", "abc")])], &ReadOptions::default());
    let table = read.rejects.table();
    let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["file", "row", "setl_id", "field", "code", "value", "reason_zh", "reason_en", "kind"]);
    let reject = &read.rejects.rows[0];
    assert_eq!((reject.row, reject.setl_id.as_str(), reject.value.as_str()), (2, "S1", "abc"));
    assert_eq!(reject.message(Lang::Zh), "age 不是整数");
    assert_eq!(reject.message(Lang::En), "age is not a whole number");
}
