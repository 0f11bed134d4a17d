//! Claims in long form: the 4101 tables.

use std::path::PathBuf;

use dianzhi::claims::{Field, Mapping, ReadOptions, UNKNOWN, UNKNOWN_FEN, read_stays};
use dianzhi_tests::root;

use super::{Folder, Outcome, codes, read_file, read_rows, refused, row};

const SETLINFO: &str = "setl_id,fixmedins_code,insutype,gend,age,dscg_time,acct_pay,psn_cashpay,vent_used_dura
S2,H1,390,2,30,2026-03-16,0.00,40.00,1/13/24
S1,H1,310,1,55,2026-03-15,100.00,200.00,
";
const DISEINFO: &str = "setl_id,diag_type,maindiag_flag,diag_code,diag_name
S1,1,0,i10.x00,高血压
S2,1,1,O80.000,顺产
S1,1,1,I21.000,心肌梗死
S1,1,0,E11.900,糖尿病
";
const OPRNINFO: &str = "setl_id,oprn_oprt_type,oprn_oprt_code
S1,2,88.5500
S1,1,36.0700
";
const PAYINFO: &str = "setl_id,fund_pay_type,fund_payamt
S1,310100,600.00
S1,330100,60.00
S1,330100,40.00
S1,310200,100.00
S2,390100,60.00
";
const ITEMINFO: &str = "setl_id,med_chrgitm,amt
S1,01,400.00
S1,02,600.00
S2,01,100.00
";
const ICUINFO: &str = "setl_id,scs_cutd_ward_type,scs_cutd_sum_dura
S1,1,0/12/30
S1,2,1/0/0
";

fn mapping() -> Mapping {
    Mapping::load(&root().join("fixtures/mappings/long_4101.toml")).unwrap()
}

fn write(folder: &Folder, changes: &[(&str, &str)]) {
    let usual = [
        ("setlinfo.csv", SETLINFO),
        ("diseinfo.csv", DISEINFO),
        ("oprninfo.csv", OPRNINFO),
        ("payinfo.csv", PAYINFO),
        ("iteminfo.csv", ITEMINFO),
        ("icuinfo.csv", ICUINFO),
    ];
    let kept = usual.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    for (name, text) in kept.chain(changes).filter(|(_, text)| !text.is_empty()) {
        folder.write(name, text);
    }
}

fn read_with(changes: &[(&str, &str)], options: &ReadOptions) -> Result<Outcome, Vec<&'static str>> {
    let folder = Folder::new();
    write(&folder, changes);
    read_file(&folder.path(""), options).map_err(|problems| codes(&problems))
}

fn read(changes: &[(&str, &str)]) -> Outcome {
    read_with(changes, &ReadOptions { mapping: mapping(), ..ReadOptions::default() }).unwrap()
}

#[test]
fn the_tables_are_joined_into_claims() {
    let read = read(&[]);
    assert_eq!(read.reasons(), []);
    assert_eq!(read.accepted(), ["S1", "S2"]);
    let (claims, stays) = (&read.claims, &read.claims.stays);
    assert_eq!(stays.diagnoses.get(0).collect::<Vec<_>>(), ["I21.000", "I10.x00", "E11.900"]);
    assert_eq!(stays.procedures.get(0).collect::<Vec<_>>(), ["36.0700", "88.5500"]);
    assert_eq!(stays.procedures.get(1).len(), 0);
    assert_eq!((stays.icu[0], stays.icu_hours[0]), (1, 36), "12 hours and a half, and a day");
    assert_eq!((stays.icu[1], stays.icu_hours[1]), (0, UNKNOWN));
    assert_eq!(stays.vent_hours, [UNKNOWN, 37]);
    assert_eq!(claims.total_fen, [100_000, 10_000]);
    assert_eq!(claims.fund_fen, [60_000, 6_000]);
    assert_eq!(claims.patient_fen, [30_000, 4_000]);
    assert_eq!(claims.other_fund_fen, [10_000, 0]);
    assert_eq!(read.report.normalised.get(&Field::DiagCode), Some(&1));
}

#[test]
fn amounts_of_the_claim_itself_go_before_those_of_payinfo() {
    let setlinfo = "setl_id,fixmedins_code,insutype,gend,age,dscg_time,acct_pay,psn_cashpay,hifp_pay
S1,H1,310,1,55,2026-03-15,100.00,200.00,599.99
S2,H1,390,2,30,2026-03-16,0.00,40.00,60.00
";
    let read = read(&[("setlinfo.csv", setlinfo)]);
    assert_eq!(read.reasons(), [(2, "C017", "medfee_sumamt")]);
    assert_eq!(read.claims.fund_fen, [6_000]);
}

#[test]
fn what_the_mapping_does_not_say_of_payments_is_not_guessed() {
    let mut options = ReadOptions { mapping: mapping(), ..ReadOptions::default() };
    options.mapping.payinfo.remove("330100");
    let outcome = read_with(&[], &options).unwrap();
    assert_eq!(outcome.accepted(), ["S2"]);
    let unknown = (3, "C065", "fund_pay_type");
    assert_eq!(outcome.reasons(), [unknown, (4, "C065", "fund_pay_type"), (3, "C017", "medfee_sumamt")]);
    assert!(outcome.rejects.rows[0].file.ends_with("payinfo.csv"), "the fault stands in that table");
    options.mapping.payinfo.clear();
    let outcome = read_with(&[], &options).unwrap();
    assert!(codes(&outcome.report.warnings).contains(&"C064"));
    assert_eq!(outcome.claims.fund_fen, [UNKNOWN_FEN; 2]);
}

#[test]
fn exactly_one_diagnosis_is_the_principal_one() {
    let none = DISEINFO.replace("S1,1,1,I21.000", "S1,1,0,I21.000");
    let two = DISEINFO.replace("S1,1,0,E11.900", "S1,1,1,E11.900");
    for text in [none, two] {
        let read = read(&[("diseinfo.csv", &text)]);
        assert_eq!(read.reasons(), [(3, "C066", "maindiag_flag")]);
        assert_eq!(read.accepted(), ["S2"]);
    }
    let copies = DISEINFO.to_owned() + "S1,1,1,I21.000,again\nS1,1,0,E11.900,again\n";
    let outcome = read(&[("diseinfo.csv", &copies)]);
    assert_eq!(outcome.claims.stays.diagnoses.get(0).len(), 3, "a copy of a row adds nothing");
    let repeated = DISEINFO.to_owned() + "S1,1,0,I21.000,again\n";
    let outcome = read(&[("diseinfo.csv", &repeated)]);
    let diagnoses: Vec<&str> = outcome.claims.stays.diagnoses.get(0).collect();
    assert_eq!((diagnoses.len(), diagnoses[0], diagnoses[3]), (4, "I21.000", "I21.000"), "as in the wide form");
    let chinese = DISEINFO.to_owned() + "S1,2,1,A04.01.01,胸痹\n";
    let mut options = ReadOptions { mapping: mapping(), ..ReadOptions::default() };
    assert_eq!(read_with(&[("diseinfo.csv", &chinese)], &options).unwrap().accepted(), ["S2"]);
    options.mapping.diagnoses.types = vec!["1".to_owned()];
    assert_eq!(read_with(&[("diseinfo.csv", &chinese)], &options).unwrap().accepted(), ["S1", "S2"]);
}

#[test]
fn numbers_decide_before_the_order_of_the_file() {
    let diseinfo = "setl_id,maindiag_flag,diag_code,diag_srt_no\nS1,0,C,3\nS1,0,B,2\nS1,1,A,9\nS2,1,D,1\nS1,0,E,\n";
    let read = read(&[("diseinfo.csv", diseinfo)]);
    assert_eq!(read.claims.stays.diagnoses.get(0).collect::<Vec<_>>(), ["A", "B", "C", "E"]);
}

#[test]
fn rows_of_other_tables_can_be_faulty_or_without_a_claim() {
    let read = read(&[("iteminfo.csv", &(ITEMINFO.to_owned() + "S2,09,x\nS7,01,5\nS8,01,5\n"))]);
    assert_eq!(read.accepted(), ["S1"]);
    assert_eq!(read.reasons(), [(5, "C013", "amt")]);
    let orphans = read.report.warnings.0.iter().find(|w| w.entry.code == "C063").unwrap();
    assert_eq!(orphans.args[0].1, "2");
    assert_eq!(orphans.args[1].1, "S7");
}

#[test]
fn several_files_a_table_and_no_table_at_all() {
    let half = |text: &str, rows: &[usize]| {
        let lines: Vec<&str> = text.lines().collect();
        let kept = rows.iter().map(|&row| lines[row]);
        std::iter::once(lines[0]).chain(kept).collect::<Vec<_>>().join("\n")
    };
    let split = read(&[
        ("setlinfo.csv", ""),
        ("setlinfo_2026-03-a.csv", &half(SETLINFO, &[1])),
        ("SETLINFO2.csv", &half(SETLINFO, &[2])),
        ("diseinfo.csv", ""),
        ("diseinfo-1.csv", &half(DISEINFO, &[1, 2])),
        ("diseinfo-2.csv", &half(DISEINFO, &[3, 4])),
        ("opspdiseinfo.csv", "setl_id\n"),
        ("readme.md", "not read"),
    ]);
    assert_eq!(split.accepted(), read(&[]).accepted());
    assert_eq!(split.claims.total_fen, read(&[]).claims.total_fen);
    let refusal = |changes: &[(&str, &str)]| {
        let folder = Folder::new();
        write(&folder, changes);
        refused(&folder.path(""), &ReadOptions::default())
    };
    assert_eq!(refusal(&[("diseinfo.csv", ""), ("oprninfo.csv", "")]), ["C061", "C061"]);
    assert_eq!(refusal(&[("claims.csv", SETLINFO)]), ["C062"]);
    let empty = Folder::new();
    assert_eq!(refused(&empty.path(""), &ReadOptions::default()), ["C060"]);
    let header = "setl_id,maindiag_flag,diag_cod\n";
    assert_eq!(refusal(&[("diseinfo.csv", header)]), ["C002"]);
}

#[test]
fn the_long_form_says_what_the_wide_one_says() {
    let wide = read_rows(
        &[row(&[
            ("fixmedins_code", "H1"),
            ("hosp_lv", ""),
            ("adm_time", ""),
            ("setl_time", ""),
            ("act_ipt_days", ""),
            ("diag_codes", "I21.000|I10.x00|E11.900"),
            ("oprn_codes", "36.0700|88.5500"),
        ])],
        &ReadOptions::default(),
    );
    let setlinfo = SETLINFO.lines().filter(|line| !line.starts_with("S2")).collect::<Vec<_>>().join("\n");
    let mut long = read(&[("setlinfo.csv", &setlinfo), ("icuinfo.csv", "")]);
    long.claims.stays.vent_hours = vec![UNKNOWN];
    assert_eq!(super::said(&long.claims), super::said(&wide.claims));
}

#[test]
fn stays_are_read_from_the_tables_with_all_columns_of_setlinfo() {
    let folder = Folder::new();
    write(&folder, &[]);
    let paths: Vec<PathBuf> = ["setlinfo.csv", "diseinfo.csv"].map(|name| folder.path(name)).to_vec();
    let options = ReadOptions::default();
    let batches: Vec<_> = read_stays(&paths, &options).unwrap().collect::<Result<_, _>>().unwrap();
    assert_eq!(batches.len(), 1);
    assert_eq!(batches[0].stays.setl_id.iter().collect::<Vec<_>>(), ["S2", "S1"], "in the order of setlinfo");
    assert_eq!(batches[0].stays.diagnoses.get(1).next(), Some("I21.000"));
    let columns: Vec<String> = (0..batches[0].batch.columns()).map(|c| batches[0].batch.name(c)).collect();
    assert_eq!(columns.last().map(String::as_str), Some("diag_codes"));
    assert!(columns.contains(&"psn_cashpay".to_owned()));
}
