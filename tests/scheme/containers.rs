//! A folder, a .zip and an .xlsx of the same tables are the same scheme.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use dianzhi::claims::{Sex, Stays, UNKNOWN};
use dianzhi::grouper::Grouper;
use dianzhi::problem::Problems;
use dianzhi::scheme::{Definition, Source};
use rust_xlsxwriter::Workbook;
use zip::write::SimpleFileOptions;

use super::tables::{Tables, places, tables};
use dianzhi_tests::{root, shared};

fn zipped(path: &Path, files: &[(String, Vec<u8>)]) {
    let mut archive = zip::ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in files {
        archive.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
}

/// Cells of a CSV text.
fn cells(text: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// A sheet a table; whole numbers of the column `order` as numbers, everything else as text.
fn workbook<'a>(path: &Path, tables: impl Iterator<Item = (&'a str, &'a [u8])>) {
    let mut book = Workbook::new();
    for (name, text) in tables {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        let rows = cells(text);
        for (row, line) in rows.iter().enumerate() {
            for (column, cell) in line.iter().enumerate() {
                let (row, at) = (row as u32, column as u16);
                match cell.parse::<f64>() {
                    Ok(number) if rows[0][column] == "order" => drop(sheet.write_number(row, at, number).unwrap()),
                    _ => drop(sheet.write_string(row, at, cell).unwrap()),
                }
            }
        }
    }
    book.save(path).unwrap();
}

fn read(path: &Path) -> Definition {
    let (definition, warnings) = Definition::read(path).unwrap();
    assert!(warnings.0.is_empty(), "{warnings}");
    definition
}

/// A claim for each pair of a principal diagnosis and a main procedure that rules ask for.
fn claims(definition: &Definition) -> Stays {
    let first = |kind: char| {
        let lists = definition.lists.iter().filter(move |((_, list), _)| list.starts_with(kind));
        lists.map(|(_, codes)| codes[0].as_str()).collect::<Vec<_>>()
    };
    let mut stays = Stays::default();
    for pdx in first('D') {
        for procedure in first('P').into_iter().step_by(7).map(Some).chain([None]) {
            stays.setl_id.push(pdx);
            stays.sex.push(if stays.len() % 2 == 0 { Sex::Male } else { Sex::Female });
            stays.age_years.push(40);
            for column in [&mut stays.age_days, &mut stays.birth_weight_g, &mut stays.admission_weight_g] {
                column.push(UNKNOWN);
            }
            stays.los_days.push(8);
            for column in [&mut stays.department, &mut stays.discharge_way, &mut stays.med_type] {
                column.push("");
            }
            for column in [&mut stays.icu, &mut stays.icu_hours, &mut stays.vent_hours] {
                column.push(UNKNOWN);
            }
            stays.diagnoses.push([pdx, &definition.cc[0].code]);
            stays.procedures.push(procedure);
        }
    }
    stays
}

/// Reads the scheme in all containers and encodings and compares fingerprints and groups.
fn all_agree(folder: &Path) {
    let dir = tempfile::tempdir().unwrap();
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(".csv") {
            files.push((name, std::fs::read(&path).unwrap()));
        }
    }
    let expected = read(folder);
    let stays = claims(&expected);
    let grouper = Grouper::new(expected);
    let groups = grouper.group(&stays, false);
    let named = |name: &str| -> PathBuf { dir.path().join(name) };

    zipped(&named("flat.zip"), &files);
    let nested: Vec<_> = files.iter().map(|(name, bytes)| (format!("方案/{name}"), bytes.clone())).collect();
    zipped(&named("nested.zip"), &nested);
    workbook(&named("book.xlsx"), files.iter().map(|(name, bytes)| (name.trim_end_matches(".csv"), bytes.as_slice())));
    for folder in ["gbk", "bom"] {
        std::fs::create_dir(named(folder)).unwrap();
        for (name, bytes) in &files {
            let text = std::str::from_utf8(bytes).unwrap();
            let changed = match folder {
                "gbk" => encoding_rs::GB18030.encode(text).0.into_owned(),
                // As spreadsheet programs write it: byte-order mark, CRLF, capital extension.
                _ => format!("\u{FEFF}{}", text.replace('\n', "\r\n")).into_bytes(),
            };
            let name = if folder == "bom" { name.to_uppercase() } else { name.clone() };
            std::fs::write(named(folder).join(name), changed).unwrap();
        }
    }
    for name in ["flat.zip", "nested.zip", "book.xlsx", "gbk", "bom"] {
        let definition = read(&named(name));
        assert_eq!(definition.fingerprint, grouper.definition().fingerprint, "{name} of {}", folder.display());
        let other = Grouper::new(definition);
        assert_eq!(other.outcomes(), grouper.outcomes(), "{name}");
        assert_eq!(other.group(&stays, false), groups, "{name}");
    }
}

#[test]
fn every_container_holds_the_same_scheme() {
    all_agree(&root().join("fixtures/demo_scheme"));
    if let Some(schemes) = shared("schemes") {
        all_agree(&schemes.join("chs_drg_20"));
    }
}

fn problems(result: Result<(Source, Problems), Problems>) -> Vec<String> {
    match result {
        Ok((_, problems)) | Err(problems) => places(&problems),
    }
}

fn book_of(tables: &Tables, path: &Path) {
    workbook(path, tables.texts());
}

/// 32.4100 kept as the number 32.41 has lost what it was.
#[test]
fn a_code_kept_as_a_number_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("book.xlsx");
    let mut book = Workbook::new();
    for (name, text) in tables().texts() {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (row, line) in cells(text).iter().enumerate() {
            for (column, cell) in line.iter().enumerate() {
                let (row, column) = (row as u32, column as u16);
                match cell.parse::<f64>() {
                    Ok(number) => drop(sheet.write_number(row, column, number).unwrap()),
                    Err(_) => drop(sheet.write_string(row, column, cell).unwrap()),
                }
            }
        }
    }
    book.save(&path).unwrap();
    assert_eq!(problems(Source::read(&path)), ["S007 adrg_codes:2 [code]", "S007 valid_procedures:2 [code]"]);
}

/// Rows keep their numbers when a sheet begins with empty ones.
#[test]
fn rows_of_a_sheet_are_counted_from_its_top() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("book.xlsx");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("valid_procedures").unwrap();
    sheet.write_string(3, 0, "code").unwrap();
    sheet.write_number(4, 0, 32.41).unwrap();
    book.save(&path).unwrap();
    assert_eq!(problems(Source::read(&path)), ["S007 valid_procedures:5 [code]"]);
}

#[test]
fn a_table_twice_is_refused_and_an_unknown_one_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("two.zip");
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    zipped(
        &path,
        &[file("a/mdc.csv", "mdc\nA"), file("b/mdc.csv", "mdc\nB"), file("a/extra.csv", "x"), file("a.txt", "")],
    );
    assert_eq!(problems(Source::read(&path)), ["S053 mdc.csv", "S009 extra.csv"]);
}

#[test]
fn what_is_no_scheme_is_refused_with_its_reason() {
    let dir = tempfile::tempdir().unwrap();
    let named = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let code = |path: &Path| problems(Source::read(path))[0][..4].to_owned();
    assert_eq!(code(&dir.path().join("nowhere")), "F001");
    assert_eq!(code(&named("scheme.pdf", b"%PDF")), "F006");
    assert_eq!(code(&named("scheme.zip", b"not a zip")), "F005");
    assert_eq!(code(&named("scheme.xlsx", b"not a workbook")), "F005");
    let whole = dir.path().join("whole.xlsx");
    book_of(&tables(), &whole);
    assert!(Source::read(&whole).is_ok());
    let bytes = std::fs::read(&whole).unwrap();
    assert_eq!(code(&named("cut.xlsx", &bytes[..bytes.len() / 2])), "F005");
    std::fs::create_dir(dir.path().join("folder")).unwrap();
    named("folder/mdc.csv", b"\xFF\xFF\xFF");
    assert_eq!(code(&dir.path().join("folder")), "F007");
}
