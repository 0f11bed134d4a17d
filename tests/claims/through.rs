//! Stays that go through with all columns of their files, as grouping hands them on.

use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, Decimal128Array, RecordBatch, StringArray, TimestampSecondArray};
use dianzhi::claims::{Mapping, ReadOptions, Sex, UNKNOWN, read_stays};
use dianzhi::frame::{Sink, Source, read_table};
use dianzhi::table::cell::plain;
use dianzhi::table::{Table, Values};
use parquet::arrow::ArrowWriter;

use super::{Folder, codes};

/// Reads a file of stays and writes it with two more columns.
fn through(from: &Path, to: &Path, options: &ReadOptions) -> (Vec<bool>, Vec<&'static str>) {
    let mut reader = read_stays(&[from.to_owned()], options).unwrap();
    let mut sink = Sink::create(to).unwrap();
    let mut unreadable = Vec::new();
    for batch in reader.by_ref() {
        let batch = batch.unwrap();
        let drg = batch.unreadable.iter().map(|&bad| if bad { "" } else { "ES25" });
        let added = Table::new().with("status", Values::keywords(drg.clone())).with("drg", Values::keywords(drg));
        sink.write(&batch.batch, &added).unwrap();
        unreadable.extend(batch.unreadable);
    }
    sink.finish().unwrap();
    let (rejects, report) = reader.finish();
    assert_eq!(report.input.rows as usize, unreadable.len());
    assert_eq!(report.rejected.rows as usize, unreadable.iter().filter(|&&bad| bad).count());
    (unreadable, rejects.rows.iter().map(|r| r.entry.code).collect())
}

#[test]
fn every_row_stays_in_its_place_with_all_its_columns() {
    let folder = Folder::new();
    let text = "note,setl_id,gend,age,diag_codes,drg\n\
        \"a, b\",S2,1,abc,I21.000,old\n\
        =1+1,S1,9,55,\"i21.000|I10.x00\",\n\
        ,S2,,,,\n\
        x,S3\n";
    let from = folder.write("stays.csv", text);
    let (unreadable, reasons) = through(&from, &folder.path("out.csv"), &ReadOptions::default());
    assert_eq!(unreadable, [true, false, false, true]);
    assert_eq!(reasons, ["C011", "F008"]);
    let written = std::fs::read_to_string(folder.path("out.csv")).unwrap();
    let expected = "\u{FEFF}note,setl_id,gend,age,diag_codes,input_drg,status,drg\n\
        \"a, b\",S2,1,abc,I21.000,old,,\n\
        =1+1,S1,9,55,i21.000|I10.x00,,ES25,ES25\n\
        ,S2,,,,,ES25,ES25\n\
        x,S3,,,,,,\n";
    assert_eq!(written, expected);
}

#[test]
fn parquet_columns_keep_their_types_and_lists_are_joined_in_text() {
    let folder = Folder::new();
    let mut list = ListBuilder::new(StringBuilder::new());
    for codes in [&["I21.000", "I10.x00"][..], &[]] {
        codes.iter().for_each(|code| list.values().append_value(code));
        list.append(true);
    }
    let fee = Decimal128Array::from(vec![Some(12_345), None]).with_precision_and_scale(16, 2).unwrap();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("setl_id", Arc::new(StringArray::from(vec!["S1", "S2"]))),
        ("gend", Arc::new(StringArray::from(vec!["1", "2"]))),
        ("diag_codes", Arc::new(list.finish())),
        ("fee", Arc::new(fee)),
        ("at", Arc::new(TimestampSecondArray::from(vec![Some(1_773_570_030), None]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let from = folder.path("stays.parquet");
    let mut writer = ArrowWriter::try_new(std::fs::File::create(&from).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    through(&from, &folder.path("out.csv"), &ReadOptions::default());
    let text = std::fs::read_to_string(folder.path("out.csv")).unwrap();
    let expected = "\u{FEFF}setl_id,gend,diag_codes,fee,at,status,drg\n\
        S1,1,I21.000|I10.x00,123.45,2026-03-15 10:20:30,ES25,ES25\n\
        S2,2,,,,ES25,ES25\n";
    assert_eq!(text, expected);
    through(&from, &folder.path("out.parquet"), &ReadOptions::default());
    let back = Source::open(&folder.path("out.parquet")).unwrap();
    let kinds: Vec<String> = back.heads().iter().map(|head| head.kind.unwrap().to_string()).collect();
    assert_eq!(kinds, ["string", "string", "list<string>", "decimal", "timestamp", "string", "string"]);
    assert_eq!(read_table(&folder.path("out.parquet")).unwrap_err().entry.code, "F010", "a table holds no lists");
}

#[test]
fn only_three_columns_are_needed() {
    let folder = Folder::new();
    let from = folder.write("s.csv", "gend,setl_id,diag_codes\n男,S1,\"I21.000,I10.x00\"\n");
    let options = ReadOptions::default();
    let mut reader = read_stays(std::slice::from_ref(&from), &options).unwrap();
    let batch = reader.next().unwrap().unwrap();
    assert_eq!(batch.unreadable, [false], "grouping itself says that they are invalid");
    assert_eq!(batch.stays.sex, [Sex::Other]);
    assert_eq!((batch.stays.age_years[0], batch.stays.icu[0]), (UNKNOWN, UNKNOWN));
    assert_eq!(batch.stays.procedures.get(0).len(), 0);
    assert!(reader.next().is_none());
    let warnings = codes(&reader.finish().1.warnings);
    assert!(warnings.contains(&"C033") && warnings.contains(&"C055"), "{warnings:?}");
    let missing = read_stays(&[folder.write("t.csv", "setl_id,gender\n")], &options).map(|_| ()).unwrap_err();
    assert_eq!(missing.errors().map(|p| p.entry.code).collect::<Vec<_>>(), ["C002", "C001"]);
}

#[test]
fn codes_are_taken_as_written_when_the_mapping_says_so() {
    let folder = Folder::new();
    let from = folder.write("s.csv", "gend,setl_id,diag_codes\n1, S1 , i21.000 ||I10.X00\n");
    let exact = "[codes]\nnormalise = false";
    for (text, wanted) in [("", &["I21.000", "I10.x00"][..]), (exact, &[" i21.000 ", "", "I10.X00"])] {
        let options = ReadOptions { mapping: Mapping::parse(text, "m.toml").unwrap(), ..ReadOptions::default() };
        let batch = read_stays(std::slice::from_ref(&from), &options).unwrap().next().unwrap().unwrap();
        assert_eq!(batch.stays.diagnoses.get(0).collect::<Vec<_>>(), wanted);
        assert_eq!(batch.stays.setl_id.get(0), "S1");
    }
}

#[test]
fn files_with_other_columns_cannot_go_into_one_result() {
    let folder = Folder::new();
    let a = folder.write("a.csv", "setl_id,gend,diag_codes\nS1,1,I21.000\n");
    let b = folder.write("b.csv", "setl_id,gend,diag_codes,more\nS1,1,I21.000,x\n");
    let options = ReadOptions::default();
    let mut sink = Sink::create(&folder.path("out.parquet")).unwrap();
    let written: Vec<_> = read_stays(&[a, b], &options)
        .unwrap()
        .map(|batch| {
            let batch = batch.unwrap().batch;
            sink.write(&batch, &Table::new().with("drg", Values::keywords(vec!["X"; batch.len()])))
        })
        .collect();
    assert!(written[0].is_ok());
    assert_eq!(written[1].as_ref().unwrap_err().entry.code, "F011");
    drop(sink);
    let left: Vec<_> = std::fs::read_dir(folder.path("")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "of a run that fails nothing stays: {left:?}");
}

#[test]
fn a_file_without_rows_gives_a_file_without_rows() {
    let folder = Folder::new();
    let from = folder.write("s.csv", "setl_id,gend,diag_codes\n");
    through(&from, &folder.path("out.parquet"), &ReadOptions::default());
    let table = read_table(&folder.path("out.parquet")).unwrap();
    assert_eq!((table.rows(), table.columns.len()), (0, 5));
    through(&folder.path("out.parquet"), &folder.path("again.parquet"), &ReadOptions::default());
    assert_eq!(read_table(&folder.path("again.parquet")).unwrap().columns.len(), 7);
}

#[test]
fn many_batches_keep_their_order() {
    let folder = Folder::new();
    let rows = 100_000;
    let mut text = "setl_id,gend,age,diag_codes\n".to_owned();
    (0..rows).for_each(|n| text += &format!("S{},1,{},I21.000\n", rows - n, if n % 1000 == 7 { "x" } else { "5" }));
    let from = folder.write("s.csv", text);
    let (unreadable, reasons) = through(&from, &folder.path("out.parquet"), &ReadOptions::default());
    assert_eq!(reasons.len(), 100);
    let table = read_table(&folder.path("out.parquet")).unwrap();
    let ids = table.column("setl_id").unwrap();
    assert!((0..rows).all(|n| plain(ids, n) == format!("S{}", rows - n)));
    assert!((0..rows).all(|n| unreadable[n] == (n % 1000 == 7)));
}
