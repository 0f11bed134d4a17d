//! What a programmer writes in an afternoon: a `String` a code, `HashMap<String, …>` and `HashSet<String>`, the
//! conditions walked as trees. The groups are the same as the engine's.

use std::collections::{HashMap, HashSet};

use dianzhi::claims::{Sex, Stays, UNKNOWN};
use dianzhi::scheme::condition::{Atom, Codes, Condition, Kind, NumberField, Reach, Ref};
use dianzhi::scheme::{Definition, Level, MissingNumber, NoDrg, RuleKind, SeverityScan};
use dianzhi::text::TextList;

/// A claim as a record of texts.
pub struct Record {
    pub sex: Sex,
    pub age_years: i32,
    pub los_days: i32,
    pub diagnoses: Vec<String>,
    pub procedures: Vec<String>,
}

/// The tables of a scheme by text.
pub struct Naive<'a> {
    scheme: &'a Definition,
    lists: HashMap<(String, String), HashSet<String>>,
    mdcs: Vec<HashMap<String, HashSet<String>>>,
    valid: HashSet<String>,
    severity: HashMap<String, Vec<(Level, String)>>,
    exclusions: HashMap<String, HashSet<String>>,
}

/// Where a condition is asked.
#[derive(Clone, Copy)]
struct Asked<'a> {
    record: &'a Record,
    adrg: &'a str,
    mdc: usize,
}

/// The first claims of stays.
#[must_use]
pub fn records(stays: &Stays, count: usize) -> Vec<Record> {
    let texts = |codes: &TextList, row| codes.get(row).map(str::to_owned).collect();
    let record = |row: usize| Record {
        sex: stays.sex[row],
        age_years: stays.age_years[row],
        los_days: stays.los_days[row],
        diagnoses: texts(&stays.diagnoses, row),
        procedures: texts(&stays.procedures, row),
    };
    (0..count).map(record).collect()
}

impl<'a> Naive<'a> {
    #[must_use]
    pub fn new(scheme: &'a Definition) -> Naive<'a> {
        let set = |codes: &Vec<String>| codes.iter().cloned().collect::<HashSet<String>>();
        let mut severity: HashMap<String, Vec<(Level, String)>> = HashMap::new();
        for entry in &scheme.cc {
            severity.entry(entry.code.clone()).or_default().push((entry.level, entry.group.clone()));
        }
        Naive {
            scheme,
            lists: scheme.lists.iter().map(|(key, codes)| (key.clone(), set(codes))).collect(),
            mdcs: scheme.mdcs.iter().map(|mdc| mdc.lists.iter().map(|(l, c)| (l.clone(), set(c))).collect()).collect(),
            valid: set(&scheme.valid_procedures),
            severity,
            exclusions: scheme.exclusions.iter().map(|(code, groups)| (code.clone(), set(groups))).collect(),
        }
    }

    /// The DRG of an adult's claim; `0000` for none.
    #[must_use]
    pub fn group(&self, record: &Record) -> String {
        for (at, mdc) in self.scheme.mdcs.iter().enumerate() {
            if !self.holds(&mdc.condition, Asked { record, adrg: &mdc.code, mdc: at }) {
                continue;
            }
            for rule in self.scheme.rules.iter().filter(|rule| rule.mdc == at) {
                let asked = Asked { record, adrg: &rule.adrg, mdc: at };
                if !self.holds(&rule.condition, asked) {
                    continue;
                }
                if rule.kind == RuleKind::Ambiguous {
                    return rule.adrg.clone();
                }
                let mut drgs = self.scheme.drgs_of(&rule.adrg);
                if let Some(drg) = drgs.find(|drg| self.holds(&drg.condition, asked)) {
                    return drg.code.clone();
                }
                if rule.no_drg == NoDrg::Adrg {
                    return rule.adrg.clone();
                }
            }
        }
        "0000".to_owned()
    }

    fn holds(&self, condition: &Condition, asked: Asked<'_>) -> bool {
        match condition {
            Condition::Always => true,
            Condition::Never => false,
            Condition::And(parts) => parts.iter().all(|part| self.holds(part, asked)),
            Condition::Or(parts) => parts.iter().any(|part| self.holds(part, asked)),
            Condition::Not(inner) => !self.holds(inner, asked),
            Condition::Atom(atom) => self.passes(atom, asked),
        }
    }

    fn passes(&self, atom: &Atom, asked: Asked<'_>) -> bool {
        match atom {
            Atom::Mcc => self.has(Level::Mcc, asked.record),
            Atom::Cc => self.has(Level::Cc, asked.record),
            Atom::Codes(of, codes) => referenced(asked.record, *of).iter().any(|code| self.among(codes, code, asked)),
            Atom::Number(field, op, value) => {
                let number = match field {
                    NumberField::AgeYears => asked.record.age_years,
                    NumberField::LosDays => asked.record.los_days,
                    NumberField::DiagnosisCount => asked.record.diagnoses.len() as i32,
                    NumberField::ProcedureCount => asked.record.procedures.len() as i32,
                    _ => self.missing(),
                };
                number != UNKNOWN && op.holds(number, *value)
            }
            Atom::Sex(sex) => asked.record.sex == *sex,
            Atom::TraumaRegions(op, value) => {
                let lists = self.mdcs[asked.mdc].values();
                let met = lists.filter(|list| asked.record.diagnoses.iter().any(|code| list.contains(code)));
                op.holds(met.count() as i32, *value)
            }
            Atom::Icu | Atom::Text(..) => false,
        }
    }

    /// What an adult's weight and age in days are taken for.
    fn missing(&self) -> i32 {
        match self.scheme.options.missing_number {
            MissingNumber::Unknown => UNKNOWN,
            MissingNumber::Zero => 0,
        }
    }

    fn among(&self, codes: &Codes, code: &String, asked: Asked<'_>) -> bool {
        match codes {
            Codes::List(list) => {
                let list = self.lists.get(&(asked.adrg.to_owned(), list.clone()));
                list.is_some_and(|list| list.contains(code))
            }
            Codes::Mdc => self.mdcs[asked.mdc].values().any(|list| list.contains(code)),
            Codes::Valid => self.valid.contains(code),
            Codes::These(codes) => codes.contains(code),
            Codes::StartsWith(prefix) => code.starts_with(prefix),
        }
    }

    fn has(&self, level: Level, record: &Record) -> bool {
        let options = &self.scheme.options;
        let all = options.severity_scan == SeverityScan::All && record.diagnoses.len() > 1;
        let excluded = record.diagnoses.first().and_then(|code| self.exclusions.get(code));
        let counts = |(own, group): &(Level, String)| {
            let out =
                options.cc_exclusion && !group.is_empty() && excluded.is_some_and(|groups| groups.contains(group));
            *own == level && !out
        };
        let scanned = record.diagnoses.iter().skip(usize::from(!all));
        scanned.filter_map(|code| self.severity.get(code)).flatten().any(counts)
    }
}

fn referenced(record: &Record, of: Ref) -> &[String] {
    let codes = match of.kind {
        Kind::Diagnosis => &record.diagnoses,
        Kind::Procedure => &record.procedures,
    };
    let first = codes.len().min(1);
    match of.reach {
        Reach::First => &codes[..first],
        Reach::Others => &codes[first..],
        Reach::Any => codes,
    }
}
