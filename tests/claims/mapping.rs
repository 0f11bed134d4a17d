//! Mapping files.

use dianzhi::claims::{Mapping, ReadOptions};

use super::{Folder, read_file, read_rows, refused, row};

fn options(text: &str) -> ReadOptions {
    ReadOptions { mapping: Mapping::parse(text, "mapping.toml").unwrap(), ..ReadOptions::default() }
}

#[test]
fn a_mapping_that_is_not_valid() {
    let bad = [
        "[columns]\nsetl_idd = \"x\"",
        "[column]\nsetl_id = \"x\"",
        "[columns\n",
        "[separator]\ncodes = \"\"",
        "[columns]\ninsutype = \"x\"\n[constants]\ninsutype = \"310\"",
        "[sums]\nage = [\"a\"]",
        "[sums]\npsn_pay = []",
        "[payinfo]\n\"310100\" = \"hifp\"",
    ];
    for text in bad {
        let problems = Mapping::parse(text, "mapping.toml").unwrap_err();
        assert!(problems.0.iter().all(|p| p.entry.code == "C009"), "{text}");
        assert_eq!(problems.0[0].place.file.as_deref(), Some("mapping.toml"));
    }
    let place = Mapping::parse("[columns]\nsetl_id = \"x\"\nage = 5", "m.toml").unwrap_err().0[0].place.row;
    assert_eq!(place, Some(3));
    assert_eq!(Mapping::load(&Folder::new().path("none.toml")).unwrap_err().0[0].entry.code, "F001");
}

#[test]
fn a_header_that_the_mapping_names_must_be_there_once() {
    let folder = Folder::new();
    let text = format!("{}\n{}\n", super::HEADER, row(&[]));
    let path = folder.write("c.csv", &text);
    let mapped = options("[columns]\nage = \"years\"\n[sums]\npsn_pay = [\"a\", \"hifp_pay\", \"b\"]");
    assert_eq!(refused(&path, &mapped), ["C008", "C008", "C008"]);
    let twice = folder.write("d.csv", text.replacen("hosp_lv", "gend", 1));
    assert_eq!(refused(&twice, &ReadOptions::default()), ["C007"]);
}

#[test]
fn values_constants_and_separators() {
    let text = "[values.gend]\n\"M\" = \"1\"\n\"-\" = \"\"\n[constants]\nhosp_lv = \"2\"\n[separator]\ncodes = \"/\"";
    let rows = [
        row(&[("gend", "Ｍ"), ("diag_codes", "I21.000/I10.x00"), ("hosp_lv", "3")]),
        row(&[("setl_id", "S2"), ("gend", "-"), ("diag_codes", "I21.000")]),
        row(&[("setl_id", "S3"), ("gend", "F"), ("diag_codes", "I21.000|I10.x00")]),
    ];
    let read = read_rows(&rows, &options(text));
    assert_eq!(read.accepted(), ["S1", "S2"]);
    assert_eq!(read.claims.hospital_level.get(0), "2");
    assert_eq!(read.claims.stays.diagnoses.get(0).len(), 2);
    assert_eq!(read.reasons(), [(4, "C056", "diag_codes"), (4, "C023", "gend")]);
}

#[test]
fn an_amount_can_be_the_sum_of_columns() {
    let sums = options("[sums]\noth_fund_pay = [\"hifob_pay\", \"hifmi_pay\", \"maf_pay\"]");
    let header = super::HEADER.replace("oth_fund_pay", "hifob_pay,hifmi_pay,maf_pay");
    let line = |id: &str, parts: &str, total: &str| {
        let usual = row(&[("setl_id", id), ("medfee_sumamt", total), ("oth_fund_pay", "@")]);
        usual.replace('@', parts)
    };
    let rows = [
        line("S1", "50.00,,50", "1000.00"),
        line("S2", ",,", "900.00"),
        line("S3", "1,x,", "901.00"),
        line("S4", "90000000000000000,90000000000000000,", "1"),
    ];
    let folder = Folder::new();
    let path = folder.write("c.csv", format!("{header}\n{}\n", rows.join("\n")));
    let read = read_file(&path, &sums).unwrap();
    assert_eq!(read.accepted(), ["S1", "S2"]);
    assert_eq!(read.claims.other_fund_fen, [10_000, dianzhi::claims::UNKNOWN_FEN]);
    assert!(read.reasons().contains(&(4, "C013", "oth_fund_pay")));
    assert!(read.reasons().contains(&(5, "C015", "oth_fund_pay")));
}

#[test]
fn durations_are_days_hours_and_minutes() {
    let folder = Folder::new();
    let header = super::HEADER.to_owned() + ",vent_used_dura";
    let rows = [row(&[]) + ",4/0/0", row(&[("setl_id", "S2")]) + ",4/0"];
    let path = folder.write("c.csv", format!("{header}\n{}\n", rows.join("\n")));
    let read = read_file(&path, &ReadOptions::default()).unwrap();
    assert_eq!(read.claims.stays.vent_hours, [96]);
    assert_eq!(read.reasons(), [(3, "C032", "vent_used_dura")]);
}
