//! 20,000 records a scheme with the groups an independent grouper gave them.

use std::path::Path;

use dianzhi::grouper::Grouper;
use dianzhi::scheme::Definition;

use super::SCHEMES;
use super::records::{Record, stays};
use dianzhi_tests::shared;

/// Records of a vector file and `[status, mdc, adrg, drg]` expected of each.
pub fn read(path: &Path) -> (Vec<Record>, Vec<[String; 4]>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let codes = |joined: &str| joined.split('|').filter(|code| !code.is_empty()).map(str::to_owned).collect();
    let mut records = Vec::new();
    let mut expected = Vec::new();
    for row in reader.records() {
        let row = row.unwrap();
        let cell = |at: usize| row[at].to_owned();
        records.push(Record {
            id: cell(0),
            sex: cell(1),
            age: cell(2),
            age_days: cell(3),
            birth_weight_g: cell(4),
            dept: cell(5),
            los_days: cell(6),
            discharge_way: cell(7),
            icu: String::new(),
            diagnoses: codes(&row[8]),
            procedures: codes(&row[9]),
        });
        expected.push([cell(10), cell(11), cell(12), cell(13)]);
    }
    (records, expected)
}

#[test]
fn every_record_gets_the_expected_group() {
    let (Some(schemes), Some(vectors)) = (shared("schemes"), shared("vectors")) else { return };
    for name in SCHEMES {
        let (definition, _) = Definition::read(&schemes.join(name)).unwrap();
        let grouper = Grouper::new(definition);
        let (records, expected) = read(&vectors.join(format!("{name}.csv")));
        assert_eq!(records.len(), 20_000);
        let grouped = grouper.group(&stays(&records), false);
        for ((record, expected), outcome) in records.iter().zip(&expected).zip(grouped.outcomes) {
            let got = &grouper.outcomes()[usize::from(outcome)];
            let got = [got.status.chinese(), &got.mdc, &got.adrg, &got.drg];
            assert_eq!(got, expected.each_ref().map(String::as_str), "{name} {record:?}");
        }
    }
}
