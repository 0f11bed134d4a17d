//! `dianzhi group` as a user runs it.

use std::fs;
use std::path::Path;

use dianzhi::cli;
use dianzhi::frame::read_table;
use dianzhi::table::cell::plain;
use dianzhi_tests::{child, orders, root, shared};

fn run(words: &[&str]) -> i32 {
    cli::run(["dianzhi", "--lang", "en"].iter().chain(words))
}

fn group(scheme: &Path, claims: &Path, out: &Path, more: &[&str]) -> i32 {
    let [scheme, claims, out] = [scheme, claims, out].map(|path| path.to_str().unwrap());
    run(&[&["group", "--scheme", scheme, "--claims", claims, "--out", out], more].concat())
}

#[test]
fn the_vectors_come_out_in_order_with_their_groups() {
    let (Some(schemes), Some(vectors)) = (shared("schemes"), shared("vectors")) else { return };
    let dir = tempfile::tempdir().unwrap();
    let mapping = root().join("fixtures/mappings/vectors.toml");
    let mapping = ["--mapping", mapping.to_str().unwrap()];
    let (scheme, claims) = (schemes.join("beijing_2022"), vectors.join("beijing_2022.csv"));
    for name in ["out.parquet", "out.csv"] {
        assert_eq!(group(&scheme, &claims, &dir.path().join(name), &mapping), 0);
    }
    let table = read_table(&dir.path().join("out.parquet")).unwrap();
    let column = |name: &str| table.column(name).unwrap();
    let mut written = csv::Reader::from_path(dir.path().join("out.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = written.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 20_000);
    for (row, in_text) in rows.iter().enumerate() {
        assert_eq!(plain(column("record_id"), row), format!("R{:06}", row + 1));
        for name in ["mdc", "adrg", "drg"] {
            assert_eq!(plain(column(name), row), plain(column(&format!("input_{name}")), row), "row {row}");
        }
        assert_eq!(plain(column("drg"), row), in_text[in_text.len() - 1]);
    }
}

#[test]
fn every_row_is_kept_also_what_cannot_be_read_or_grouped() {
    let dir = tempfile::tempdir().unwrap();
    let (claims, out) = (dir.path().join("claims.csv"), dir.path().join("out.csv"));
    let text = "setl_id,note,gend,age,diag_codes,oprn_codes\n\
                A,first,1,63,I21.000|J18.900,36.0600\n\
                B,second,1,abc,I21.000,\n\
                C,third,,70,I21.000,\n\
                D,fourth,2,40,Z99.999x999,\n";
    fs::write(&claims, text).unwrap();
    let demo = root().join("fixtures/demo_scheme");
    assert_eq!(group(&demo, &claims, &out, &[]), 0);
    let written = fs::read_to_string(&out).unwrap();
    let rows: Vec<&str> = written.lines().skip(1).collect();
    assert_eq!(rows[0], "A,first,1,63,I21.000|J18.900,36.0600,grouped,MDCF,FM1,FM13");
    assert_eq!(rows[1], "B,second,1,abc,I21.000,,invalid,0000,00,0000");
    assert_eq!(rows[2], "C,third,,70,I21.000,,invalid,0000,00,0000");
    assert_eq!(rows[3], "D,fourth,2,40,Z99.999x999,,ungroupable,0000,00,0000");
    let rejects = fs::read_to_string(dir.path().join("out.rejects.csv")).unwrap();
    assert_eq!(rejects.lines().count(), 2, "one field could not be read: {rejects}");
    assert!(rejects.contains(",3,B,age,"), "{rejects}");
}

#[test]
fn a_header_alone_gives_a_header() {
    let dir = tempfile::tempdir().unwrap();
    let (claims, out) = (dir.path().join("claims.csv"), dir.path().join("out.csv"));
    fs::write(&claims, "setl_id,gend,diag_codes\n").unwrap();
    assert_eq!(group(&root().join("fixtures/demo_scheme"), &claims, &out, &[]), 0);
    assert_eq!(
        fs::read_to_string(&out).unwrap().trim_start_matches('\u{feff}').trim_end(),
        "setl_id,gend,diag_codes,status,mdc,adrg,drg"
    );
}

#[test]
fn wrong_usage_is_2_and_refused_data_is_1() {
    let dir = tempfile::tempdir().unwrap();
    let (claims, out) = (dir.path().join("claims.csv"), dir.path().join("out.csv"));
    let demo = root().join("fixtures/demo_scheme");
    assert_eq!(run(&["group"]), 2);
    assert_eq!(group(&demo, &claims, &out, &[]), 1, "no such file");
    fs::write(&claims, "setl_id,gend\nA,1\n").unwrap();
    assert_eq!(group(&demo, &claims, &out, &[]), 1, "no diagnoses");
    assert!(!out.exists(), "a failed run writes nothing");
    fs::write(&claims, "setl_id,gend,diag_codes\nA,1,I21.000\n").unwrap();
    assert_eq!(group(&demo, &claims, &out, &["--trace", "A"]), 0);
    assert_eq!(group(&demo, &claims, &out, &["--trace", "B"]), 1, "C054: no such claim to explain");
}

/// Clinical-edition codes are translated when asked, and say so when they cannot be.
#[test]
fn clinical_codes_are_translated_when_asked() {
    let Some(schemes) = shared("schemes") else { return };
    let scheme = schemes.join("chs_drg_11");
    let mut map = csv::Reader::from_path(scheme.join("code_map_diagnoses.csv")).unwrap();
    let pairs: Vec<(String, String)> = map.deserialize().map(Result::unwrap).collect();
    let dir = tempfile::tempdir().unwrap();
    let claims = |name: &str, codes: &mut dyn Iterator<Item = &str>| {
        let rows: String = codes.enumerate().map(|(at, code)| format!("S{at},1,50,{code},\n")).collect();
        let path = dir.path().join(name);
        fs::write(&path, format!("setl_id,gend,age,diag_codes,oprn_codes\n{rows}")).unwrap();
        path
    };
    let clinical = claims("clinical.csv", &mut pairs.iter().map(|(code, _)| code.as_str()));
    let insurance = claims("insurance.csv", &mut pairs.iter().map(|(_, code)| code.as_str()));
    let (one, two) = (dir.path().join("one.parquet"), dir.path().join("two.parquet"));
    assert_eq!(group(&scheme, &clinical, &one, &["--clinical"]), 0);
    assert_eq!(group(&scheme, &insurance, &two, &[]), 0);
    let (one, two) = (read_table(&one).unwrap(), read_table(&two).unwrap());
    for (row, pair) in pairs.iter().enumerate() {
        let drg = |table: &dianzhi::table::Table| plain(table.column("drg").unwrap(), row);
        assert_eq!(drg(&one), drg(&two), "{pair:?}");
    }
    let unknown = claims("unknown.csv", &mut ["I21.000|Q99.999x999"].into_iter());
    let out = dir.path().join("unknown.parquet");
    assert_eq!(group(&scheme, &unknown, &out, &["--clinical"]), 0);
    assert_eq!(plain(read_table(&out).unwrap().column("status").unwrap(), 0), "dx_unmapped");
}

/// An id that stands twice is explained twice; what is told on standard error says how grave it is.
#[test]
fn a_claim_that_stands_twice_is_explained_twice() {
    if let Some(file) = orders() {
        let demo = root().join("fixtures/demo_scheme");
        let scheme = demo.to_str().unwrap();
        std::process::exit(run(&["group", "--scheme", scheme, "--claims", &file, "--trace", "A", "Z"]));
    }
    let dir = tempfile::tempdir().unwrap();
    let claims = dir.path().join("claims.csv");
    let rows = "A,1,63,I21.000,36.0600\nB,1,63,I21.000,\nA,1,63,J18.900,\n";
    fs::write(&claims, format!("setl_id,gend,age,diag_codes,oprn_codes\n{rows}")).unwrap();
    let test = "grouping::command::a_claim_that_stands_twice_is_explained_twice";
    let output = child(test, claims.to_str().unwrap()).output().unwrap();
    let (out, told) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1), "Z is not there: {told}");
    for part in ["A has 2 rows, each explained:", "I21.000", "J18.900"] {
        assert!(out.contains(part), "{part} in\n{out}");
    }
    assert!(told.lines().any(|line| line.starts_with("error C") && line.contains('Z')), "{told}");
}
