//! Random claims that come near the rules of a scheme.

use std::collections::BTreeMap;
use std::path::Path;

use super::records::Record;

/// A small generator of random numbers (SplitMix64), so that a seed names a run.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// What claims of a scheme are drawn from.
pub struct Pool {
    /// For each ADRG its lists: whether they hold diagnoses, and their codes.
    adrgs: Vec<Vec<(bool, Vec<String>)>>,
    mdc_diagnoses: Vec<String>,
    severe: Vec<String>,
    valid: Vec<String>,
}

impl Pool {
    pub fn read(folder: &Path) -> Pool {
        let column = |table: &str, at: usize| -> Vec<String> {
            let mut reader = csv::Reader::from_path(folder.join(format!("{table}.csv"))).unwrap();
            reader.records().map(|row| row.unwrap()[at].trim().to_owned()).collect()
        };
        let mut lists: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
        let names = column("adrg_codes", 0).into_iter().zip(column("adrg_codes", 1));
        for ((adrg, list), code) in names.zip(column("adrg_codes", 2)) {
            lists.entry(adrg).or_default().entry(list).or_default().push(code);
        }
        let of_kind = |lists: BTreeMap<String, Vec<String>>| {
            lists.into_iter().map(|(list, codes)| (list.starts_with('D'), codes)).collect()
        };
        Pool {
            adrgs: lists.into_values().map(of_kind).collect(),
            mdc_diagnoses: column("mdc_diagnoses", 2),
            severe: column("cc", 0),
            valid: column("valid_procedures", 0),
        }
    }

    /// A claim that often satisfies the rules of one ADRG and is sometimes spoilt.
    pub fn claim(&self, random: &mut Random) -> Record {
        let mut record = Record { id: random.next().to_string(), ..Record::default() };
        let lists = random.pick(&self.adrgs);
        for (is_diagnosis, codes) in lists {
            let target = if *is_diagnosis { &mut record.diagnoses } else { &mut record.procedures };
            if random.chance(80) {
                target.push(random.pick(codes).clone());
            }
        }
        if record.diagnoses.is_empty() || random.chance(20) {
            record.diagnoses.insert(0, random.pick(&self.mdc_diagnoses).clone());
        }
        for _ in 0..random.below(5) {
            let pool = if random.chance(70) { &self.severe } else { &self.mdc_diagnoses };
            record.diagnoses.push(random.pick(pool).clone());
        }
        for _ in 0..random.below(3) {
            record.procedures.push(random.pick(&self.valid).clone());
        }
        for code in ["P07.300x002", "Z37.900x001", "39.6500", "96.7201"] {
            if random.chance(2) {
                let is_diagnosis = code.starts_with(char::is_alphabetic);
                if is_diagnosis { &mut record.diagnoses } else { &mut record.procedures }.push(code.to_owned());
            }
        }
        if random.chance(10) && record.procedures.len() > 1 {
            record.procedures.reverse();
        }
        if random.chance(10) {
            record.diagnoses.reverse();
        }
        self.person(&mut record, random);
        spoil(&mut record, random);
        record
    }

    fn person(&self, record: &mut Record, random: &mut Random) {
        record.sex = random.pick(&["1", "2"]).to_string();
        record.los_days = random.pick(&["0", "1", "2", "7", "29", "30", "60", "61", "90", "365"]).to_string();
        record.dept = random.pick(&["0201", "ICU", "1901", "03"]).to_string();
        record.discharge_way = random.pick(&["1", "2", "3", "4", "5", "9"]).to_string();
        record.icu = random.pick(&["", "0", "1"]).to_string();
        if random.chance(25) {
            record.age = "0".to_owned();
            record.age_days = random.pick(&["0", "1", "7", "27", "28", "29", "30", "200"]).to_string();
            let weights = ["0", "700", "999", "1000", "1499", "1500", "1999", "2000", "2499", "2500", "3999", "4000"];
            record.birth_weight_g = random.pick(&weights).to_string();
        } else {
            record.age = random.pick(&["1", "5", "6", "13", "16", "17", "18", "40", "65", "75", "99"]).to_string();
        }
    }
}

fn spoil(record: &mut Record, random: &mut Random) {
    if !random.chance(6) {
        return;
    }
    match random.below(7) {
        0 => record.sex = random.pick(&["", "3", "9"]).to_string(),
        1 => record.age = String::new(),
        2 => record.age_days = String::new(),
        3 => record.birth_weight_g = String::new(),
        4 => record.diagnoses.clear(),
        5 => record.diagnoses[0] = "Z99.999x999".to_owned(),
        _ => record.diagnoses[0].truncate(3),
    }
}
