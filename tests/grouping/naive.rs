//! A deliberately naive evaluator of scheme tables: sets of strings, conditions read anew as text at each step of a
//! recursive walk. It shares nothing with the engine, so that the same mistake is unlikely to be made twice.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::records::Record;

type Rows = Vec<HashMap<String, String>>;

pub struct Naive {
    options: HashMap<String, String>,
    mdcs: Rows,
    mdc_codes: HashMap<String, HashMap<String, HashSet<String>>>,
    rules: Rows,
    drgs: Rows,
    lists: HashMap<(String, String), HashSet<String>>,
    severity: HashMap<String, Vec<(String, String)>>,
    exclusions: HashMap<String, HashSet<String>>,
    valid: HashSet<String>,
}

/// Where a condition is asked: the claim, its ADRG and its MDC.
struct Asked<'a> {
    record: &'a Record,
    adrg: &'a str,
    mdc: &'a str,
}

fn rows(folder: &Path, table: &str) -> Rows {
    let mut reader = csv::Reader::from_path(folder.join(format!("{table}.csv"))).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn in_order(mut rows: Rows) -> Rows {
    rows.sort_by_key(|row| row["order"].parse::<u32>().unwrap());
    rows
}

impl Naive {
    pub fn read(folder: &Path) -> Naive {
        let mut mdc_codes: HashMap<String, HashMap<String, HashSet<String>>> = HashMap::new();
        for row in rows(folder, "mdc_diagnoses") {
            let lists = mdc_codes.entry(row["mdc"].clone()).or_default();
            lists.entry(row["list"].clone()).or_default().insert(row["icd10"].clone());
        }
        let mut lists: HashMap<(String, String), HashSet<String>> = HashMap::new();
        for row in rows(folder, "adrg_codes") {
            let list = lists.entry((row["adrg"].clone(), row["list"].clone())).or_default();
            list.insert(row["code"].trim().to_owned());
        }
        let mut severity: HashMap<String, Vec<(String, String)>> = HashMap::new();
        for row in rows(folder, "cc") {
            let entries = severity.entry(row["icd10"].clone()).or_default();
            entries.push((row["level"].clone(), row["exclusion_group"].clone()));
        }
        let mut exclusions: HashMap<String, HashSet<String>> = HashMap::new();
        for row in rows(folder, "cc_exclusions") {
            exclusions.entry(row["pdx"].clone()).or_default().insert(row["exclusion_group"].clone());
        }
        Naive {
            options: rows(folder, "scheme").into_iter().map(|r| (r["key"].clone(), r["value"].clone())).collect(),
            mdcs: in_order(rows(folder, "mdc")),
            mdc_codes,
            rules: in_order(rows(folder, "adrg")),
            drgs: in_order(rows(folder, "drg")),
            lists,
            severity,
            exclusions,
            valid: rows(folder, "valid_procedures").into_iter().map(|row| row["code"].clone()).collect(),
        }
    }

    pub fn option(&mut self, key: &str, value: &str) {
        self.options.insert(key.to_owned(), value.to_owned());
    }

    /// `[status, mdc, adrg, drg]` of a claim.
    pub fn group(&self, record: &Record) -> [String; 4] {
        let answer = |parts: [&str; 4]| parts.map(str::to_owned);
        if !self.accepted(record) {
            return match self.options["input_check"].as_str() {
                "full" => answer(["信息校验不通过", "0000", "00", "0000"]),
                _ => answer(["信息校验不通过", "", "", ""]),
            };
        }
        if let Some(found) = self.walk(record) {
            return found;
        }
        if self.options["retry_other_procedures"] == "yes" && record.procedures.len() > 1 {
            for only in &record.procedures[1..] {
                let changed = Record { procedures: vec![only.clone()], ..record.clone() };
                if let Some(found) = self.walk(&changed) {
                    return found;
                }
            }
        }
        answer(["无法入组", "0000", "00", "0000"])
    }

    fn accepted(&self, record: &Record) -> bool {
        let one_or_two = record.sex == "1" || record.sex == "2";
        match self.options["input_check"].as_str() {
            "sex_given" => !record.sex.is_empty(),
            "sex_and_diagnosis" => one_or_two && !record.diagnoses.is_empty(),
            _ => {
                if !one_or_two || record.age.is_empty() {
                    return false;
                }
                if record.age != "0" {
                    return true;
                }
                if record.age_days.is_empty() {
                    return false;
                }
                record.age_days.parse::<i32>().unwrap() > 28 || !record.birth_weight_g.is_empty()
            }
        }
    }

    fn walk(&self, record: &Record) -> Option<[String; 4]> {
        for mdc in &self.mdcs {
            let code = mdc["mdc"].as_str();
            if !self.ask(&mdc["condition"], &Asked { record, adrg: "", mdc: code }) {
                continue;
            }
            for rule in self.rules.iter().filter(|rule| rule["mdc"] == code) {
                let adrg = rule["adrg"].as_str();
                let asked = Asked { record, adrg, mdc: code };
                if !self.ask(&rule["condition"], &asked) {
                    continue;
                }
                if rule["kind"] == "ambiguous" {
                    return Some(["歧义病案".into(), format!("MDC{}", &adrg[..1]), "QY".into(), adrg.into()]);
                }
                let mut drgs = self.drgs.iter().filter(|drg| drg["adrg"] == adrg);
                if let Some(drg) = drgs.find(|drg| self.ask(&drg["condition"], &asked)) {
                    let drg = &drg["drg"];
                    return Some(["分组成功".into(), format!("MDC{}", &drg[..1]), drg[..3].into(), drg.clone()]);
                }
                if rule["no_drg"] == "adrg" {
                    let bare = &adrg[..3];
                    return Some(["分组成功".into(), format!("MDC{}", &adrg[..1]), bare.into(), bare.into()]);
                }
            }
        }
        None
    }

    /// Splits at the loosest word outside brackets: `or`, then `and`, then `not`.
    fn ask(&self, condition: &str, asked: &Asked<'_>) -> bool {
        let condition = condition.trim();
        if let Some(parts) = split(condition, " or ") {
            return parts.iter().any(|part| self.ask(part, asked));
        }
        if let Some(parts) = split(condition, " and ") {
            return parts.iter().all(|part| self.ask(part, asked));
        }
        if let Some(rest) = condition.strip_prefix("not ") {
            return !self.ask(rest, asked);
        }
        if condition.starts_with('(') && condition.ends_with(')') {
            return self.ask(&condition[1..condition.len() - 1], asked);
        }
        self.test(condition, asked)
    }

    fn test(&self, test: &str, asked: &Asked<'_>) -> bool {
        let record = asked.record;
        let words: Vec<&str> = test.split_whitespace().collect();
        match words.as_slice() {
            ["always"] => true,
            ["never"] => false,
            ["mcc"] => self.has_severity("MCC", record),
            ["cc"] => self.has_severity("CC", record),
            ["icu"] => record.icu == "1",
            ["sex", "==", "male"] => record.sex == "1",
            ["sex", "==", "female"] => record.sex == "2",
            ["dept", "==", value] => record.dept == *value,
            ["discharge_way", "in", ..] => braces(test).contains(&record.discharge_way),
            ["trauma_regions", op, value] => {
                let hit = |codes: &HashSet<String>| record.diagnoses.iter().any(|code| codes.contains(code));
                let regions = self.mdc_codes[asked.mdc].values().filter(|codes| hit(codes)).count();
                compare(regions as i64, op, value)
            }
            ["age" | "age_days" | "birth_weight_g" | "los_days", op, value] => {
                let text = match words[0] {
                    "age" => &record.age,
                    "age_days" => &record.age_days,
                    "birth_weight_g" => &record.birth_weight_g,
                    _ => &record.los_days,
                };
                let missing = text.is_empty() || (words[0] == "birth_weight_g" && text == "0");
                match (missing, self.options["missing_number"] == "zero") {
                    (true, false) => false,
                    (true, true) => compare(0, op, value),
                    (false, _) => compare(text.parse().unwrap(), op, value),
                }
            }
            [who, "in", ..] if test.contains('{') => {
                let set = braces(test);
                referenced(who, record).iter().any(|code| set.contains(code))
            }
            [who, "in", "MDC"] => {
                let lists = self.mdc_codes.get(asked.mdc);
                let known = |code: &String| lists.is_some_and(|lists| lists.values().any(|codes| codes.contains(code)));
                referenced(who, record).iter().any(known)
            }
            [who, "in", "VALID"] => referenced(who, record).iter().any(|code| self.valid.contains(code)),
            [who, "in", list] => {
                let codes = &self.lists[&(asked.adrg.to_owned(), (*list).to_owned())];
                referenced(who, record).iter().any(|code| codes.contains(code))
            }
            [who, "==", code] => referenced(who, record).iter().any(|c| c == code),
            [who, "startswith", prefix] => referenced(who, record).iter().any(|code| code.starts_with(prefix)),
            _ => panic!("the naive evaluator does not know {test:?}"),
        }
    }

    fn has_severity(&self, level: &str, record: &Record) -> bool {
        if record.diagnoses.len() < 2 {
            return false;
        }
        let from = usize::from(self.options["severity_scan"] == "secondary");
        let nothing = HashSet::new();
        let excluded = match self.options["cc_exclusion"].as_str() {
            "yes" => self.exclusions.get(&record.diagnoses[0]).unwrap_or(&nothing),
            _ => &nothing,
        };
        let counts = |(found, group): &(String, String)| found == level && !excluded.contains(group);
        record.diagnoses[from..]
            .iter()
            .any(|code| self.severity.get(code).is_some_and(|entries| entries.iter().any(counts)))
    }
}

fn referenced(who: &str, record: &Record) -> Vec<String> {
    let codes = if who.ends_with("dx") { &record.diagnoses } else { &record.procedures };
    match who {
        "pdx" | "main_proc" => codes.iter().take(1).cloned().collect(),
        "other_dx" | "other_proc" => codes.iter().skip(1).cloned().collect(),
        "any_dx" | "any_proc" => codes.clone(),
        _ => panic!("{who}"),
    }
}

fn braces(test: &str) -> HashSet<String> {
    let inside = test.split(['{', '}']).nth(1).unwrap();
    inside.split(',').map(|code| code.trim().to_owned()).collect()
}

fn compare(left: i64, op: &str, right: &str) -> bool {
    let right: i64 = right.parse().unwrap();
    match op {
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        ">=" => left >= right,
        "==" => left == right,
        _ => panic!("{op}"),
    }
}

/// The parts around a word outside brackets, when it occurs there.
fn split<'a>(condition: &'a str, word: &str) -> Option<Vec<&'a str>> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, character) in condition.char_indices() {
        match character {
            '(' | '{' => depth += 1,
            ')' | '}' => depth -= 1,
            _ if depth == 0 && at >= start && condition[at..].starts_with(word) => {
                parts.push(&condition[start..at]);
                start = at + word.len();
            }
            _ => {}
        }
    }
    if parts.is_empty() {
        return None;
    }
    parts.push(&condition[start..]);
    Some(parts)
}
