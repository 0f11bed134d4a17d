//! The engine against the naive evaluator on random claims.

use std::collections::BTreeSet;
use std::path::Path;

use dianzhi::grouper::Grouper;
use dianzhi::scheme::{Definition, Source};
use rayon::prelude::*;

use super::SCHEMES;
use super::naive::Naive;
use super::random::{Pool, Random};
use super::records::{Record, stays};
use dianzhi_tests::shared;

/// Claims compared for each scheme.
const CLAIMS: usize = 200_000;

/// Compares both sides on `count` claims; options of the scheme may be changed on both. Returns the share of the
/// scheme's DRGs that the claims reach, in percent.
fn compare(folder: &Path, options: &[(&str, &str)], count: usize, seed: u64) -> usize {
    let (mut source, _) = Source::read(folder).unwrap();
    let mut naive = Naive::read(folder);
    for (key, value) in options {
        naive.option(key, value);
        let table = source.tables.get_mut("scheme").unwrap();
        let row = table.rows.iter_mut().find(|row| row.cells[0] == *key).unwrap();
        row.cells[1] = (*value).to_owned();
    }
    let grouper = Grouper::new(Definition::from_source(&source).unwrap().0);
    let pool = Pool::read(folder);
    let mut random = Random(seed);
    let records: Vec<Record> = (0..count).map(|_| pool.claim(&mut random)).collect();
    let grouped = grouper.group(&stays(&records), false);
    records.par_iter().zip(&grouped.outcomes).for_each(|(record, outcome)| {
        let got = &grouper.outcomes()[usize::from(*outcome)];
        let got = [got.status.chinese(), &got.mdc, &got.adrg, &got.drg];
        let expected = naive.group(record);
        assert_eq!(got, expected.each_ref().map(String::as_str), "{options:?} {record:?}");
    });
    let reached: BTreeSet<u16> = grouped.outcomes.into_iter().collect();
    let reached: BTreeSet<&str> = reached.iter().map(|at| grouper.outcomes()[usize::from(*at)].drg.as_str()).collect();
    let drgs = &grouper.definition().drgs;
    drgs.iter().filter(|drg| reached.contains(drg.code.as_str())).count() * 100 / drgs.len()
}

#[test]
fn both_evaluators_agree_on_random_claims() {
    let Some(schemes) = shared("schemes") else { return };
    for (at, name) in SCHEMES.into_iter().enumerate() {
        let reached = compare(&schemes.join(name), &[], CLAIMS, at as u64);
        assert!(reached > 80, "the claims reach {reached} % of the DRGs of {name}");
    }
}

/// Every combination of the options that a scheme may have, not only those of the schemes at hand.
#[test]
fn both_evaluators_agree_under_every_combination_of_options() {
    let Some(schemes) = shared("schemes") else { return };
    let mut seed = 100;
    for retry in ["yes", "no"] {
        for missing in ["unknown", "zero"] {
            for scan in ["secondary", "all"] {
                for exclusion in ["yes", "no"] {
                    for check in ["full", "sex_and_diagnosis", "sex_given"] {
                        seed += 1;
                        let options = [
                            ("retry_other_procedures", retry),
                            ("missing_number", missing),
                            ("severity_scan", scan),
                            ("cc_exclusion", exclusion),
                            ("input_check", check),
                        ];
                        compare(&schemes.join("chs_drg_20"), &options, 2_000, seed);
                    }
                }
            }
        }
    }
}
