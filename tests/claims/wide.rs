//! Claims in wide form.

use dianzhi::claims::{Mapping, ReadOptions, Sex, UNKNOWN, read_stays};
use dianzhi_tests::{root, shared};

use super::{Folder, HEADER, codes, read_file, read_rows, row};

#[test]
fn a_claim_is_read_field_by_field() {
    let read = read_rows(&[row(&[])], &ReadOptions::default());
    assert_eq!(read.reasons(), []);
    let (claims, stays) = (&read.claims, &read.claims.stays);
    assert_eq!(stays.setl_id.get(0), "S1");
    assert_eq!(stays.sex, [Sex::Male]);
    assert_eq!((stays.age_years[0], stays.age_days[0], stays.los_days[0]), (55, UNKNOWN, 5));
    assert_eq!(stays.diagnoses.get(0).collect::<Vec<_>>(), ["I21.000", "I10.x00"]);
    assert_eq!(stays.procedures.get(0).collect::<Vec<_>>(), ["36.0700"]);
    assert_eq!((claims.admitted[0], claims.discharged[0], claims.settled[0]), (20_522, 20_527, 20_527));
    assert_eq!((claims.total_fen[0], claims.fund_fen[0]), (100_000, 60_000));
    assert_eq!((claims.patient_fen[0], claims.other_fund_fen[0]), (30_000, 10_000));
    assert_eq!(claims.institution.get(0), "H51190200001");
    assert_eq!((read.report.input.rows, read.report.input.fen), (1, 100_000));
}

#[test]
fn all_missing_columns_are_told_at_once_with_the_nearest_header() {
    let folder = Folder::new();
    let path = folder.write("claims.csv", "SETL_ID,gend,medfee_sumamount,name\n1,1,5,x\n");
    let problems = read_file(&path, &ReadOptions::default()).map(|_| ()).unwrap_err();
    let missing: Vec<String> = problems.errors().map(|p| p.args[0].1.clone()).collect();
    assert_eq!(problems.errors().count(), 8);
    assert_eq!(missing.iter().filter(|near| ["SETL_ID", "medfee_sumamount"].contains(&near.as_str())).count(), 2);
    assert!(codes(&problems).contains(&"C003"));
}

#[test]
fn every_record_of_the_vectors_is_a_stay() {
    let Some(folder) = shared("vectors") else { return };
    let mapping = Mapping::load(&root().join("fixtures/mappings/vectors.toml")).unwrap();
    let options = ReadOptions { mapping, ..ReadOptions::default() };
    let path = folder.join("chs_drg_11.csv");
    let mut rows = csv::Reader::from_path(&path).unwrap();
    let mut expected = rows.records().map(Result::unwrap);
    let mut reader = read_stays(&[path], &options).unwrap();
    let mut count = 0;
    for batch in reader.by_ref() {
        let batch = batch.unwrap();
        for at in 0..batch.stays.len() {
            let record = expected.next().unwrap();
            let number = |text: &str| text.parse().unwrap_or(UNKNOWN);
            assert_eq!(batch.stays.setl_id.get(at), &record[0]);
            assert_eq!(batch.stays.age_years[at], number(&record[2]));
            assert_eq!(batch.stays.age_days[at], number(&record[3]));
            assert_eq!(batch.stays.birth_weight_g[at], number(&record[4]));
            assert_eq!(batch.stays.department.get(at), &record[5]);
            assert_eq!(batch.stays.los_days[at], number(&record[6]));
            assert_eq!(batch.stays.discharge_way.get(at), &record[7]);
            assert_eq!(batch.stays.diagnoses.get(at).collect::<Vec<_>>().join("|"), record[8]);
            assert_eq!(batch.stays.procedures.get(at).collect::<Vec<_>>().join("|"), record[9]);
            count += 1;
        }
        assert!(!batch.unreadable.contains(&true));
    }
    assert_eq!(count, 20_000);
    assert!(expected.next().is_none());
    assert!(reader.finish().0.rows.is_empty());
}

#[test]
fn another_header_is_read_through_its_mapping() {
    let mapping = Mapping::load(&root().join("fixtures/mappings/chinese_headers.toml")).unwrap();
    let headers: Vec<&str> = HEADER.split(',').collect();
    let written = |name: &&str| {
        let field = dianzhi::claims::Field::of_name(name).unwrap();
        mapping.columns.get(&field).cloned().unwrap_or_else(|| (*name).to_owned())
    };
    let header = headers.iter().map(written).collect::<Vec<_>>().join(",");
    let line = row(&[("gend", "女"), ("insutype", "居民"), ("diag_codes", "I21.000;I10.x00")]);
    let folder = Folder::new();
    // The columns that only these tests write have their national names.
    let path = folder.write("claims.csv", format!("{header}\n{line}\n"));
    let mut options = ReadOptions { mapping, ..ReadOptions::default() };
    options.mapping.columns.remove(&dianzhi::claims::Field::PsnNo);
    options.mapping.columns.remove(&dianzhi::claims::Field::DscgCaty);
    options.mapping.columns.remove(&dianzhi::claims::Field::DscgWay);
    let read = read_file(&path, &options).unwrap();
    assert_eq!(read.reasons(), []);
    assert_eq!(read.claims.stays.sex, [Sex::Female]);
    assert_eq!(read.claims.insurance_type.get(0), "390");
    assert_eq!(read.claims.insured_place.get(0), "511900");
    assert_eq!(read.claims.stays.diagnoses.get(0).len(), 2);
}

#[test]
fn a_spreadsheets_empty_columns_do_no_harm() {
    let folder = Folder::new();
    let path = folder.write("claims.csv", format!("{HEADER},,\n{},,\n", row(&[])));
    assert_eq!(read_file(&path, &ReadOptions::default()).unwrap().accepted(), ["S1"]);
}
