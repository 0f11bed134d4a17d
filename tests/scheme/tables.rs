//! A small scheme as texts, to be changed for a test.

use std::collections::BTreeMap;

use dianzhi::problem::{Problem, Problems};
use dianzhi::scheme::{Checked, Source, check};

/// CSV texts by table.
#[derive(Clone)]
pub struct Tables(BTreeMap<&'static str, String>);

/// A scheme of one MDC, two ADRGs and five DRGs in which nothing is wrong.
pub fn tables() -> Tables {
    let texts = [
        (
            "scheme",
            "key,value\nscheme,small\nretry_other_procedures,no\nmissing_number,unknown\n\
             severity_scan,secondary\ncc_exclusion,yes\ninput_check,sex_and_diagnosis\n",
        ),
        ("mdc", "mdc,name,order,kind,condition\nMDCE,呼吸系统,1,body_system,pdx in MDC\n"),
        ("mdc_diagnoses", "mdc,list,icd10\nMDCE,D,J18.900\nMDCE,D,J44.900\n"),
        (
            "adrg",
            "adrg,mdc,name,order,kind,condition,no_drg\nEB1,MDCE,肺手术,1,surgical,main_proc in P1,adrg\n\
             ES2,MDCE,肺炎,2,medical,pdx in D1,adrg\n",
        ),
        ("adrg_codes", "adrg,list,code\nEB1,P1,32.4100\nES2,D1,J18.900\nES2,D1,J44.900\n"),
        (
            "drg",
            "drg,adrg,name,order,condition\nEB13,EB1,肺手术，伴并发症,1,mcc or cc\nEB15,EB1,肺手术,2,always\n\
             ES21,ES2,肺炎，伴严重并发症,1,mcc\nES23,ES2,肺炎，伴并发症,2,cc\nES25,ES2,肺炎,3,always\n",
        ),
        ("cc", "icd10,level,exclusion_group\nA41.900,MCC,1\nI50.900,CC,2\n"),
        ("cc_exclusions", "pdx,exclusion_group\nJ18.900,1\nI50.900,2\n"),
        ("valid_procedures", "code\n32.4100\n"),
    ];
    Tables(texts.into_iter().map(|(name, text)| (name, text.to_owned())).collect())
}

impl Tables {
    /// With further rows at the end of a table; a table that is not there yet begins with them.
    pub fn add(mut self, table: &'static str, rows: &str) -> Tables {
        self.0.entry(table).or_default().push_str(&format!("{rows}\n"));
        self
    }

    /// With a text in place of another, which must be there.
    pub fn set(mut self, table: &'static str, from: &str, to: &str) -> Tables {
        let text = self.0.get_mut(table).unwrap();
        assert!(text.contains(from), "{table} has no {from:?}");
        *text = text.replace(from, to);
        self
    }

    pub fn without(mut self, table: &str) -> Tables {
        self.0.remove(table);
        self
    }

    pub fn texts(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(name, text)| (*name, text.as_bytes()))
    }

    pub fn source(&self) -> Source {
        Source::from_texts(self.texts()).unwrap().0
    }

    /// The problems of reading, or of the check.
    pub fn check(&self) -> Checked {
        match Source::from_texts(self.texts()) {
            Ok((source, mut problems)) => {
                let mut checked = check(&source);
                problems.append(std::mem::take(&mut checked.problems));
                Checked { problems, ..checked }
            }
            Err(problems) => Checked { problems, ..Checked::default() },
        }
    }

    /// Writes the tables as CSV files.
    pub fn write(&self, folder: &std::path::Path) {
        for (name, text) in self.texts() {
            std::fs::write(folder.join(format!("{name}.csv")), text).unwrap();
        }
    }
}

/// Code and place of each problem, e.g. `S028 adrg.csv:3 [condition]`.
pub fn places(problems: &Problems) -> Vec<String> {
    let place = |problem: &Problem| {
        let mut place = problem.place.clone();
        place.rule = None;
        format!("{} {place}", problem.entry.code)
    };
    problems.0.iter().map(place).collect()
}
