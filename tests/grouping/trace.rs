//! Explanations: they end where the engine ended, and what they say of other groups is what the naive evaluator finds.

use dianzhi::grouper::Grouper;
use dianzhi::grouper::trace::{Change, Ending, Trace};
use dianzhi::problem::Lang;
use dianzhi::scheme::Definition;

use super::SCHEMES;
use super::naive::Naive;
use super::records::{Record, stays};
use super::vectors;
use dianzhi_tests::{root, shared};

#[test]
fn a_trace_ends_at_the_result_and_its_neighbours_are_real() {
    let (Some(schemes), Some(vectors)) = (shared("schemes"), shared("vectors")) else { return };
    for name in SCHEMES {
        let grouper = Grouper::new(Definition::read(&schemes.join(name)).unwrap().0);
        let naive = Naive::read(&schemes.join(name));
        let (records, expected) = vectors::read(&vectors.join(format!("{name}.csv")));
        let columns = stays(&records);
        for row in (0..records.len()).step_by(211) {
            let trace = grouper.explain(&columns, row, false);
            assert_eq!(trace.outcome.drg, expected[row][3], "{name} {:?}", records[row]);
            ends_at_its_outcome(&trace);
            for neighbour in &trace.nearest {
                let changed = changed(&records[row], neighbour.change, &neighbour.code);
                let group = naive.group(&changed);
                assert_eq!(group[3], neighbour.outcome.drg, "{name} {neighbour:?} of {:?}", records[row]);
            }
        }
    }
}

fn ends_at_its_outcome(trace: &Trace) {
    let Some(last) = trace.attempts.last() else {
        assert!(trace.refused_for.is_some());
        return;
    };
    let rule = last.mdcs.last().and_then(|mdc| mdc.rules.last());
    let end = match rule {
        Some(rule) => match rule.ending {
            Ending::Drg => rule.drgs.last().map(|drg| &*drg.drg),
            Ending::BareAdrg | Ending::Ambiguous => Some(&*rule.adrg),
            Ending::Failed | Ending::Next => None,
        },
        None => None,
    };
    assert_eq!(end.unwrap_or("0000"), trace.outcome.drg);
}

fn changed(record: &Record, change: Change, code: &str) -> Record {
    let mut record = record.clone();
    let lead = |codes: &mut Vec<String>, take: bool| {
        if let Some(at) = codes.iter().rposition(|c| c == code).filter(|_| take) {
            codes.remove(at);
        }
        codes.insert(0, code.to_owned());
    };
    match change {
        Change::Without => {
            if let Some(at) = record.diagnoses.iter().skip(1).position(|c| c == code) {
                record.diagnoses.remove(at + 1);
            } else {
                record.procedures.retain(|c| c != code);
            }
        }
        Change::WithDiagnosis => record.diagnoses.push(code.to_owned()),
        Change::WithProcedure => record.procedures.push(code.to_owned()),
        Change::AsPrincipal => lead(&mut record.diagnoses, true),
        Change::AsMain => {
            let has = record.procedures.iter().skip(1).any(|c| c == code);
            lead(&mut record.procedures, has);
        }
    }
    record
}

/// A case of acute myocardial infarction with a stent, heart failure and pneumonia; read by a person in both languages.
#[test]
fn a_trace_reads_well_in_both_languages() {
    let (definition, _) = Definition::read(&root().join("fixtures/demo_scheme")).unwrap();
    let grouper = Grouper::new(definition);
    let codes = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let record = Record {
        id: "S1".to_owned(),
        sex: "1".to_owned(),
        age: "63".to_owned(),
        los_days: "9".to_owned(),
        diagnoses: codes(&["I21.000", "I50.900", "J18.900", "I21.100"]),
        procedures: codes(&["36.0600", "88.5500"]),
        ..Record::default()
    };
    let trace = grouper.explain(&stays(&[record]), 0, false);
    insta::assert_snapshot!("trace_zh", trace.render(&grouper, Lang::Zh));
    insta::assert_snapshot!("trace_en", trace.render(&grouper, Lang::En));
}
