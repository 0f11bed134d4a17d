//! Files that are not what they should be.

use dianzhi::claims::ReadOptions;
use dianzhi::frame::{Source, write_table};
use dianzhi::table::{Table, Values};

use super::{Folder, HEADER, codes, read_file, refused, row, said};

fn refusal(name: &str, bytes: &[u8]) -> Vec<&'static str> {
    let folder = Folder::new();
    refused(&folder.write(name, bytes), &ReadOptions::default())
}

fn parquet() -> Vec<u8> {
    let folder = Folder::new();
    let path = folder.path("t.parquet");
    let column = |text: &str| Values::texts((0..5000).map(|row| format!("{text}{row}")));
    let table = ["setl_id", "fixmedins_code", "insutype", "gend", "age", "dscg_time", "diag_codes", "oprn_codes"]
        .into_iter()
        .fold(Table::new(), |table, name| table.with(name, column(name)));
    write_table(&path, &table.with("medfee_sumamt", Values::money(0..5000))).unwrap();
    std::fs::read(path).unwrap()
}

#[test]
fn a_file_that_is_not_what_its_name_says() {
    assert_eq!(refusal("claims.csv", &parquet()), ["F003"]);
    assert_eq!(refusal("claims.csv", b"PK\x03\x04 a workbook"), ["F003"]);
    assert_eq!(refusal("claims.csv", b"\xFF\xFEs\0e\0t\0"), ["F003"]);
    assert_eq!(refusal("claims.csv", b"setl_id\0,gend"), ["F003"]);
    assert_eq!(refusal("claims.csv", b"<html><table>"), ["F003"]);
    assert_eq!(refusal("claims.parquet", HEADER.as_bytes()), ["F003"]);
    assert_eq!(refusal("claims.parquet", b"PK\x03\x04"), ["F003"]);
    assert_eq!(refusal("claims.xls", b"\xD0\xCF\x11\xE0"), ["F006"]);
}

#[test]
fn empty_missing_and_unreadable_files() {
    assert_eq!(refusal("claims.csv", b""), ["F004"]);
    assert_eq!(refusal("claims.csv", b"\xEF\xBB\xBF \r\n\r\n"), ["F004"]);
    assert_eq!(refusal("claims.parquet", b""), ["F004"]);
    assert_eq!(refusal("claims.csv", b"setl_id,gend\n1,\xFF\xFF\n"), ["F007"]);
    let folder = Folder::new();
    assert_eq!(refused(&folder.path("none.csv"), &ReadOptions::default()), ["F001"]);
}

#[test]
fn a_header_without_rows_is_told() {
    let folder = Folder::new();
    let read = read_file(&folder.write("claims.csv", format!("{HEADER}\n")), &ReadOptions::default()).unwrap();
    assert_eq!(read.report.input.rows, 0);
    assert!(codes(&read.report.warnings).contains(&"F009"));
}

#[test]
fn a_truncated_parquet_file_wherever_it_is_cut() {
    let whole = parquet();
    for cut in [1, 3, 4, 5, 100, whole.len() / 2, whole.len() - 9, whole.len() - 4, whole.len() - 1] {
        assert_eq!(refusal("claims.parquet", &whole[..cut]), ["F005"], "cut at {cut}");
    }
}

#[test]
fn a_parquet_file_with_any_byte_changed_gives_rows_or_a_problem() {
    let whole = parquet();
    let folder = Folder::new();
    std::panic::set_hook(Box::new(|_| {}));
    for at in (0..whole.len()).step_by(whole.len() / 150).chain(whole.len() - 200..whole.len()) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        let path = folder.write("claims.parquet", &bytes);
        if let Ok(source) = Source::open(&path)
            && let Ok(batches) = source.all()
        {
            batches.for_each(|batch| drop(batch.map(|b| (0..b.columns()).for_each(|c| drop(b.cells(c))))));
        }
    }
    let _ = std::panic::take_hook();
}

#[test]
fn gbk_and_utf8_with_a_mark_read_like_utf8() {
    let text = format!("{HEADER}\n{}\n", row(&[("hosp_lv", "三级甲等")]));
    let folder = Folder::new();
    let plain = read_file(&folder.write("a.csv", &text), &ReadOptions::default()).unwrap();
    assert_eq!(plain.claims.hospital_level.get(0), "三级甲等");
    // 三级甲等 in GBK
    let gbk = text.replace("三级甲等", "@").into_bytes();
    let at = gbk.iter().position(|&b| b == b'@').unwrap();
    let gbk = [&gbk[..at], b"\xC8\xFD\xBC\xB6\xBC\xD7\xB5\xC8", &gbk[at + 1..]].concat();
    for bytes in [gbk, [b"\xEF\xBB\xBF", text.as_bytes()].concat()] {
        let read = read_file(&folder.write("b.csv", bytes), &ReadOptions::default()).unwrap();
        assert_eq!(said(&read.claims), said(&plain.claims));
    }
}

#[test]
fn a_quotation_mark_that_nothing_closes_is_refused() {
    let (good, open) = (row(&[]), row(&[("setl_id", "S2"), ("mdtrt_id", "\"M2")]));
    let after = row(&[("setl_id", "S3")]);
    let folder = Folder::new();
    let text = format!("{HEADER}\n{good}\n{open}\n{after}\n");
    let problems = dianzhi::claims::read(&[folder.write("claims.csv", text)], &ReadOptions::default());
    let problems = problems.map(|_| ()).unwrap_err();
    assert_eq!(problems.0.iter().map(|p| (p.entry.code, p.place.row)).collect::<Vec<_>>(), [("F012", Some(3))]);
    let closed = format!("{HEADER}\n{good}\n{open}\"\n{after}\n");
    let read = read_file(&folder.write("claims.csv", closed), &ReadOptions::default()).unwrap();
    assert_eq!(read.report.input.rows, 3, "a mark that is closed in time");
}

#[test]
fn rows_have_the_numbers_of_their_lines_however_lines_end() {
    let (one, two) = (row(&[("age", "abc")]), row(&[("setl_id", "S2"), ("age", "x")]));
    let long = row(&[("setl_id", "S3"), ("age", "\"x\ny\"")]);
    let last = row(&[("setl_id", "S4"), ("age", "x")]);
    let folder = Folder::new();
    for end in ["\n", "\r\n"] {
        let text = [HEADER, &one, "", &two, &long, &last, ""].join(end);
        let read = read_file(&folder.write("claims.csv", text), &ReadOptions::default()).unwrap();
        let rows: Vec<u64> = read.reasons().iter().map(|reason| reason.0).collect();
        assert_eq!(rows, [2, 4, 5, 7], "{end:?}");
    }
}
