//! Tables to files and back.

use dianzhi::frame::{from_batch, read_table, to_batch, write_table};
use dianzhi::table::cell::plain;
use dianzhi::table::{Table, Values};
use proptest::prelude::*;

use super::Folder;

/// What a table says: names, kinds and values.
fn said(table: &Table) -> Vec<(String, String, Vec<String>)> {
    let column = |c: &dianzhi::table::Column| {
        let kind = format!("{:?}", std::mem::discriminant(&c.values));
        (c.name.clone(), kind, (0..c.values.len()).map(|row| plain(&c.values, row)).collect())
    };
    table.columns.iter().map(column).collect()
}

fn table() -> Table {
    Table::new()
        .with("setl_id", Values::texts(["S1", "a text of more than twelve bytes", ""]))
        .with("drg", Values::keywords(["ES25", "ES25", ""]))
        .with("cases", Values::Int(vec![Some(1), None, Some(-3)]))
        .with("due", Values::Money(vec![Some(123_450), Some(-5), None]))
        .with("points", Values::points([1_000_000, 5, -1]))
        .with("rate", Values::Decimal { units: vec![Some(10i128.pow(30)), None, Some(-1)], scale: 10, wide: true })
        .with("day", Values::Date(vec![Some(20_527), None, Some(-1)]))
        .with("flag", Values::Flag(vec![Some(true), Some(false), None]))
}

#[test]
fn a_table_survives_parquet_and_arrow() {
    let folder = Folder::new();
    let path = folder.path("table.parquet");
    write_table(&path, &table()).unwrap();
    assert_eq!(said(&read_table(&path).unwrap()), said(&table()));
    let batch = to_batch(&table()).unwrap();
    assert_eq!(said(&from_batch(&batch).unwrap()), said(&table()));
}

#[test]
fn an_empty_table_keeps_its_columns() {
    let folder = Folder::new();
    let path = folder.path("table.parquet");
    let empty = Table::new().with("drg", Values::keywords([""; 0])).with("due", Values::money([]));
    write_table(&path, &empty).unwrap();
    let back = read_table(&path).unwrap();
    assert_eq!(back.rows(), 0);
    assert!(matches!(back.column("drg"), Some(Values::Keyword(_))));
    assert!(matches!(back.column("due"), Some(Values::Money(_))));
}

#[test]
fn equal_tables_give_equal_bytes_and_nothing_else_is_left() {
    let folder = Folder::new();
    let bytes = ["a.parquet", "b.parquet"].map(|name| {
        write_table(&folder.path(name), &table()).unwrap();
        std::fs::read(folder.path(name)).unwrap()
    });
    assert_eq!(bytes[0], bytes[1]);
    let parent = folder.path("a.parquet").parent().unwrap().to_owned();
    assert_eq!(std::fs::read_dir(parent).unwrap().count(), 2);
}

#[test]
fn csv_opens_in_excel() {
    let folder = Folder::new();
    let path = folder.path("table.csv");
    write_table(&path, &table()).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let expected = "\u{FEFF}setl_id,drg,cases,due,points,rate,day,flag\n\
        S1,ES25,1,1234.50,100.0000,100000000000000000000.0000000000,2026-03-15,true\n\
        a text of more than twelve bytes,ES25,,-0.05,0.0005,,,false\n\
        ,,-3,,-0.0001,-0.0000000001,1969-12-31,\n";
    assert_eq!(text, expected);
}

#[test]
fn an_amount_too_large_for_its_column_is_refused() {
    let folder = Folder::new();
    let table = Table::new().with("due", Values::money([i64::MAX]));
    let problem = write_table(&folder.path("t.parquet"), &table).unwrap_err();
    assert_eq!(problem.entry.code, "F002");
    assert!(!folder.path("t.parquet").exists());
}

proptest! {
    #[test]
    fn any_texts_and_amounts_survive(
        rows in proptest::collection::vec(
            (".{0,20}", ".{0,3}", proptest::option::of(-10i64.pow(17)..10i64.pow(17))),
            0..60,
        )
    ) {
        let folder = Folder::new();
        let path = folder.path("t.parquet");
        let table = Table::new()
            .with("a", Values::texts(rows.iter().map(|r| &r.0)))
            .with("b", Values::keywords(rows.iter().map(|r| &r.1)))
            .with("c", Values::Money(rows.iter().map(|r| r.2).collect()));
        write_table(&path, &table).unwrap();
        prop_assert_eq!(said(&read_table(&path).unwrap()), said(&table));
    }
}
