//! Parquet columns of all the types that fields are stored in.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{LargeListBuilder, ListBuilder, StringBuilder, StringDictionaryBuilder, StringViewBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, Float64Array, Int64Array, LargeStringArray, RecordBatch,
    RecordBatchIterator, StringArray, TimestampMillisecondArray, TimestampNanosecondArray, UInt8Array,
};
use dianzhi::claims::{ReadOptions, UNKNOWN, UNKNOWN_FEN, claims_of, stays_of};
use dianzhi::frame::Source;
use dianzhi::money::Rounding;
use parquet::arrow::ArrowWriter;

use super::{Folder, codes, read_file, read_rows, refused, row, said};

fn write(path: &Path, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn texts(values: [&str; 2]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn keywords(values: [&str; 2]) -> ArrayRef {
    let mut builder = StringDictionaryBuilder::<Int32Type>::new();
    values.iter().for_each(|value| builder.append_value(value));
    Arc::new(builder.finish())
}

fn money(units: [Option<i128>; 2], digits: u8, scale: i8) -> ArrayRef {
    Arc::new(Decimal128Array::from(units.to_vec()).with_precision_and_scale(digits, scale).unwrap())
}

/// Two claims in order, all columns of the plainest type.
fn plain() -> Vec<(&'static str, ArrayRef)> {
    vec![
        ("setl_id", texts(["S1", "S2"])),
        ("fixmedins_code", texts(["H51190200001"; 2])),
        ("insutype", texts(["310"; 2])),
        ("gend", texts(["1"; 2])),
        ("age", texts(["55", ""])),
        ("dscg_time", texts(["2026-03-15"; 2])),
        ("diag_codes", texts(["I21.000|I10.x00", ""])),
        ("oprn_codes", texts(["36.0700", ""])),
        ("medfee_sumamt", texts(["1000.00", "12.30"])),
    ]
}

fn with(changes: Vec<(&'static str, ArrayRef)>) -> Vec<(&'static str, ArrayRef)> {
    let mut columns = plain();
    for (name, array) in changes {
        match columns.iter_mut().find(|(column, _)| *column == name) {
            Some((_, old)) => *old = array,
            None => columns.push((name, array)),
        }
    }
    columns
}

fn rows(columns: Vec<(&'static str, ArrayRef)>) -> Vec<String> {
    let folder = Folder::new();
    let path = folder.path("claims.parquet");
    write(&path, columns);
    let read = read_file(&path, &ReadOptions::default()).unwrap();
    assert_eq!(read.reasons(), []);
    said(&read.claims)
}

#[test]
fn every_way_to_store_a_field_says_the_same() {
    let codes = |items: [&[&str]; 2]| items.map(|list| list.iter().map(|&c| c.to_owned()).collect::<Vec<_>>());
    let lists = codes([&["I21.000", "I10.x00"], &[]]);
    let mut list = ListBuilder::new(StringBuilder::new());
    let mut large = LargeListBuilder::new(StringViewBuilder::new());
    for items in &lists {
        items.iter().for_each(|code| list.values().append_value(code));
        items.iter().for_each(|code| large.values().append_value(code));
        list.append(true);
        large.append(true);
    }
    let mut view = StringViewBuilder::new();
    ["36.0700", ""].into_iter().for_each(|code| view.append_value(code));
    let zone = TimestampMillisecondArray::from(vec![1_773_504_000_000; 2]).with_timezone("Asia/Shanghai");
    let changes: Vec<(&'static str, ArrayRef)> = vec![
        ("setl_id", Arc::new(LargeStringArray::from(vec!["S1", "S2"]))),
        ("fixmedins_code", keywords(["H51190200001"; 2])),
        ("insutype", Arc::new(Int64Array::from(vec![310; 2]))),
        ("insutype", keywords(["310"; 2])),
        ("gend", Arc::new(UInt8Array::from(vec![1; 2]))),
        ("gend", Arc::new(Float64Array::from(vec![1.0; 2]))),
        ("hosp_lv", Arc::new(Float64Array::from(vec![f64::NAN; 2]))),
        ("age", Arc::new(Int64Array::from(vec![Some(55), None]))),
        ("age", Arc::new(Float64Array::from(vec![55.0, f64::NAN]))),
        ("age", money([Some(550), None], 10, 1)),
        ("dscg_time", Arc::new(Date32Array::from(vec![20_527; 2]))),
        ("dscg_time", Arc::new(TimestampNanosecondArray::from(vec![20_527 * 86_400_000_000_000 + 5; 2]))),
        ("dscg_time", Arc::new(Int64Array::from(vec![20_260_315; 2]))),
        ("dscg_time", Arc::new(zone)),
        ("diag_codes", Arc::new(list.finish())),
        ("diag_codes", Arc::new(large.finish())),
        ("oprn_codes", Arc::new(view.finish())),
        ("medfee_sumamt", money([Some(100_000), Some(1_230)], 18, 2)),
        ("medfee_sumamt", money([Some(10_000), Some(123)], 9, 1)),
        ("medfee_sumamt", money([Some(10_000_000), Some(123_000)], 38, 4)),
    ];
    let expected = rows(plain());
    for (name, array) in changes {
        let kind = array.data_type().clone();
        assert_eq!(rows(with(vec![(name, array)])), expected, "{name} as {kind}");
    }
}

#[test]
fn amounts_in_whole_yuan() {
    let columns = with(vec![("medfee_sumamt", Arc::new(Int64Array::from(vec![Some(1000), Some(12)])))]);
    let folder = Folder::new();
    write(&folder.path("c.parquet"), columns);
    let read = read_file(&folder.path("c.parquet"), &ReadOptions::default()).unwrap();
    assert_eq!(read.claims.total_fen, [100_000, 1_200]);
}

#[test]
fn digits_below_the_fen_are_never_cut_off() {
    let folder = Folder::new();
    write(&folder.path("c.parquet"), with(vec![("medfee_sumamt", money([Some(10_000_001), Some(123_000)], 38, 4))]));
    let read = read_file(&folder.path("c.parquet"), &ReadOptions::default()).unwrap();
    assert_eq!(read.reasons(), [(2, "C014", "medfee_sumamt")]);
    assert_eq!(read.rejects.rows[0].value, "1000.0001");
    assert_eq!(read.accepted(), ["S2"]);
}

#[test]
fn float_money_is_refused_unless_a_rounding_is_stated() {
    let folder = Folder::new();
    let path = folder.path("c.parquet");
    let total = Float64Array::from(vec![0.1 + 0.2, 12.345]);
    write(
        &path,
        with(vec![("medfee_sumamt", Arc::new(total)), ("psn_pay", Arc::new(Float64Array::from(vec![0.1, f64::NAN])))]),
    );
    assert_eq!(refused(&path, &ReadOptions::default()), ["C005", "C005"], "all such columns at once");
    let options = ReadOptions { float_money: Some(Rounding::HalfUp), ..ReadOptions::default() };
    let read = read_file(&path, &options).unwrap();
    assert_eq!(read.claims.total_fen, [30, 1_235]);
    assert_eq!(read.claims.patient_fen, [10, UNKNOWN_FEN]);
    let counted: Vec<_> = read.report.floats_changed.iter().map(|(field, count)| (field.name(), *count)).collect();
    assert_eq!(counted, [("medfee_sumamt", 2)]);
    assert!(codes(&read.report.warnings).contains(&"C006"));
}

#[test]
fn days_that_no_claim_has() {
    let folder = Folder::new();
    let path = folder.path("c.parquet");
    write(&path, with(vec![("dscg_time", Arc::new(Date32Array::from(vec![i32::MAX, i32::MIN])))]));
    let read = read_file(&path, &ReadOptions::default()).unwrap();
    assert_eq!(read.reasons(), [(2, "C019", "dscg_time"), (3, "C019", "dscg_time")]);
    let admitted = TimestampMillisecondArray::from(vec![i64::MIN, i64::MAX]);
    write(&path, with(vec![("adm_time", Arc::new(admitted))]));
    assert_eq!(refused(&path, &ReadOptions::default()), ["F005"], "no such moment in microseconds");
}

#[test]
fn columns_of_a_type_that_cannot_hold_the_field() {
    let refusal = |name: &'static str, array: ArrayRef| {
        let folder = Folder::new();
        write(&folder.path("c.parquet"), with(vec![(name, array)]));
        refused(&folder.path("c.parquet"), &ReadOptions::default())
    };
    assert_eq!(refusal("setl_id", Arc::new(Float64Array::from(vec![1.0, 2.0]))), ["C004"], "digits may be lost");
    assert_eq!(refusal("age", Arc::new(Date32Array::from(vec![1; 2]))), ["C004"]);
    assert_eq!(refusal("diag_codes", Arc::new(Int64Array::from(vec![1; 2]))), ["C004"]);
    assert_eq!(refusal("dscg_time", Arc::new(Float64Array::from(vec![1.0; 2]))), ["C004"]);
    let structs = arrow_array::StructArray::from(vec![(
        Arc::new(arrow_schema::Field::new("a", arrow_schema::DataType::Utf8, false)),
        texts(["x", "y"]),
    )]);
    assert_eq!(refusal("gend", Arc::new(structs)), ["C004"]);
}

#[test]
fn parquet_and_csv_and_any_split_of_files_say_the_same() {
    let lines: Vec<String> = (0..50)
        .map(|n| row(&[("setl_id", &format!("S{:02}", n * 37 % 50)), ("age", &(n % 7 * 13).to_string())]))
        .collect();
    let whole = read_rows(&lines, &ReadOptions::default());
    let folder = Folder::new();
    let header = super::HEADER;
    let columns: Vec<&str> = header.split(',').collect();
    let mut parts = Vec::new();
    for (at, part) in lines.chunks(17).enumerate() {
        if at % 2 == 0 {
            parts.push(folder.write(&format!("{at}.csv"), format!("{header}\n{}\n", part.join("\n"))));
        } else {
            let cells: Vec<Vec<&str>> = part.iter().map(|line| line.split(',').collect()).collect();
            let arrays = columns.iter().enumerate().map(|(c, name)| {
                let values: StringArray = cells.iter().map(|cells| Some(cells[c]).filter(|v| !v.is_empty())).collect();
                (*name, Arc::new(values) as ArrayRef)
            });
            let path = folder.path(&format!("{at}.parquet"));
            write(&path, arrays.collect());
            parts.push(path);
        }
    }
    for order in [[0, 1, 2], [2, 0, 1]] {
        let paths: Vec<_> = order.iter().map(|&at| parts[at].clone()).collect();
        let (claims, rejects, report) = dianzhi::claims::read(&paths, &ReadOptions::default()).unwrap();
        assert_eq!(said(&claims), said(&whole.claims));
        assert!(rejects.rows.is_empty());
        assert_eq!(report.accepted, whole.report.accepted);
        assert!(claims.stays.age_years.iter().all(|&age| age != UNKNOWN));
    }
}

#[test]
fn rows_in_memory_read_like_those_of_a_file() {
    let expected = rows(plain());
    let batch = RecordBatch::try_from_iter(plain()).unwrap();
    let halves = [batch.slice(0, 1), batch.slice(1, 1)];
    let reader = || RecordBatchIterator::new(halves.clone().map(Ok), batch.schema());
    let options = ReadOptions::default();
    let (claims, rejects, _) = claims_of("claims", Source::stream("claims", Box::new(reader())), &options).unwrap();
    assert!(rejects.rows.is_empty());
    assert_eq!(said(&claims), expected);
    let source = Source::stream("claims", Box::new(reader()));
    let stays: Vec<_> = stays_of("claims", source, &options).unwrap().map(Result::unwrap).collect();
    assert_eq!(stays.iter().map(|batch| batch.stays.len()).collect::<Vec<_>>(), [1, 1]);
    assert_eq!((stays[1].batch.row_number(0), stays[1].batch.columns()), (2, 9));
}
