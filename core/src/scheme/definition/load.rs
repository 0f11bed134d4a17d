//! Tables of text → typed tables. All mistakes of all tables are found in one run.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::model::{AdrgRule, CcEntry, Definition, Drg, Level, Mdc, NoDrg, RuleKind};
use super::options::Options;
use crate::problem::catalogue::scheme as codes;
use crate::problem::{Problem, Problems};
use crate::scheme::condition::{Atom, Codes, Condition, parse, place_of};
use crate::scheme::source::{REQUIRED_TABLES, RawTable, Row, Source, TABLES};

impl Definition {
    /// Builds the definition from tables. The problems beside it are warnings.
    pub fn from_source(source: &Source) -> Result<(Definition, Problems), Problems> {
        match Definition::assemble(source) {
            (Some(definition), problems) => problems.or(definition),
            (None, problems) => Err(problems),
        }
    }

    /// Builds what can be built: a definition beside errors lacks what the errors name, and is good for further
    /// checks only. `None` when a whole table or the options are missing: the other tables are looked at all the same.
    pub(in crate::scheme) fn assemble(source: &Source) -> (Option<Definition>, Problems) {
        let mut problems = Problems::new();
        for table in &TABLES[..REQUIRED_TABLES] {
            if source.table(table).is_none() {
                problems.push(Problem::new(&codes::MISSING_TABLE).with("table", table));
            }
        }
        let table = |name: &str| source.table(name);
        let options = table("scheme").and_then(|table| keep(Options::load(table), &mut problems));
        let mdcs = table("mdc").and_then(|mdc| load_mdcs(mdc, table("mdc_diagnoses"), &mut problems));
        let lists = table("adrg_codes").and_then(|table| load_lists(table, &mut problems));
        let rules = table("adrg").and_then(|table| load_rules(table, mdcs.as_deref(), &mut problems));
        let drgs = table("drg").and_then(|table| load_drgs(table, &mut problems));
        let cc = table("cc").and_then(|table| load_cc(table, &mut problems));
        let pairs = |name: &str, columns: [&'static str; 2], problems: &mut Problems| {
            source.table(name).map(|table| load_pairs(table, columns, problems)).unwrap_or_default()
        };
        let mut exclusions: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (pdx, group) in pairs("cc_exclusions", ["pdx", "exclusion_group"], &mut problems) {
            exclusions.entry(pdx).or_default().push(group);
        }
        let valid_procedures = table("valid_procedures").and_then(|table| load_valid(table, &mut problems));
        let mut named = |name, columns| pairs(name, columns, &mut problems).into_iter().collect::<BTreeMap<_, _>>();
        let diagnosis_names = named("diagnosis_names", ["code", "name"]);
        let procedure_names = named("procedure_names", ["code", "name"]);
        let diagnosis_map = named("code_map_diagnoses", ["code", "insurance_code"]);
        let procedure_map = named("code_map_procedures", ["code", "insurance_code"]);
        if let Some(lists) = &lists {
            let conditions = Conditions::of(mdcs.as_deref(), rules.as_deref(), drgs.as_deref());
            check_references(&conditions, lists, source, &mut problems);
        }
        let (Some(options), Some(mdcs), Some(lists), Some(rules), Some(drgs), Some(cc), Some(valid_procedures)) =
            (options, mdcs, lists, rules, drgs, cc, valid_procedures)
        else {
            return (None, problems);
        };
        let definition = Definition {
            options,
            mdcs,
            rules,
            drgs,
            lists,
            cc,
            exclusions,
            valid_procedures,
            diagnosis_names,
            procedure_names,
            diagnosis_map,
            procedure_map,
            weights: source.table("drg_weights").cloned(),
            fingerprint: fingerprint(source),
        };
        check_size(&definition, &mut problems);
        (Some(definition), problems)
    }
}

/// The value, or its problems among the others.
fn keep<T>(result: Result<T, Problems>, problems: &mut Problems) -> Option<T> {
    result.map_err(|found| problems.append(found)).ok()
}

/// Without their diagnoses the MDCs have no lists.
fn load_mdcs(table: &RawTable, diagnoses: Option<&RawTable>, problems: &mut Problems) -> Option<Vec<Mdc>> {
    let columns = keep(table.columns(["mdc", "name", "order", "kind", "condition"]), problems);
    let diagnoses = diagnoses.map(|table| (table, keep(table.columns(["mdc", "list", "icd10"]), problems)));
    let [code, name, order, kind, condition] = columns?;
    unique(table, code, problems);
    let mut mdcs = Vec::new();
    for row in &table.rows {
        let condition = read_condition(table, row, condition, problems);
        let order = read_order(table, row, order, problems);
        let mdc = Mdc {
            code: row.cells[code].clone(),
            name: row.cells[name].clone(),
            kind: row.cells[kind].clone(),
            condition,
            lists: BTreeMap::new(),
            line: row.line,
        };
        mdcs.push((order, mdc));
    }
    mdcs.sort_by_key(|(order, _)| *order);
    let mut mdcs: Vec<Mdc> = mdcs.into_iter().map(|(_, mdc)| mdc).collect();
    if let Some((table, columns)) = diagnoses {
        let [of, list, icd10] = columns?;
        for row in &table.rows {
            required(table, row, icd10, problems);
            match mdcs.iter_mut().find(|mdc| mdc.code == row.cells[of]) {
                Some(mdc) => mdc.lists.entry(row.cells[list].clone()).or_default().push(row.cells[icd10].clone()),
                None => problems.push(table.problem(&codes::UNKNOWN_MDC, row, of).with("mdc", &row.cells[of])),
            }
        }
    }
    Some(mdcs)
}

/// Codes by ADRG and list.
type Lists = BTreeMap<(String, String), Vec<String>>;

fn load_lists(table: &RawTable, problems: &mut Problems) -> Option<Lists> {
    let [adrg, list, code] = keep(table.columns(["adrg", "list", "code"]), problems)?;
    let mut lists = Lists::new();
    for row in &table.rows {
        required(table, row, code, problems);
        lists.entry((row.cells[adrg].clone(), row.cells[list].clone())).or_default().push(row.cells[code].clone());
    }
    Some(lists)
}

fn load_rules(table: &RawTable, mdcs: Option<&[Mdc]>, problems: &mut Problems) -> Option<Vec<AdrgRule>> {
    let columns = table.columns(["adrg", "mdc", "name", "order", "kind", "condition", "no_drg"]);
    let [adrg, mdc, name, order, kind, condition, no_drg] = keep(columns, problems)?;
    let mut rules = Vec::new();
    for row in &table.rows {
        required(table, row, adrg, problems);
        let known = mdcs.unwrap_or_default().iter().position(|known| known.code == row.cells[mdc]);
        if known.is_none() && mdcs.is_some() {
            problems.push(table.problem(&codes::UNKNOWN_MDC, row, mdc).with("mdc", &row.cells[mdc]));
        }
        let kinds = ["surgical", "procedure", "medical", "ambiguous"];
        let kind = match one_of(table, row, kind, &kinds, problems) {
            0 => RuleKind::Surgical,
            1 => RuleKind::Procedure,
            2 => RuleKind::Medical,
            _ => RuleKind::Ambiguous,
        };
        // An ambiguous rule has no DRGs, so the column says nothing there.
        let no_drg = match kind {
            RuleKind::Ambiguous => NoDrg::Next,
            _ if one_of(table, row, no_drg, &["adrg", "next"], problems) == 0 => NoDrg::Adrg,
            _ => NoDrg::Next,
        };
        let order = read_order(table, row, order, problems);
        let condition = read_condition(table, row, condition, problems);
        let (adrg, name) = (row.cells[adrg].clone(), row.cells[name].clone());
        let mdc = known.unwrap_or_default();
        rules.push((order, AdrgRule { adrg, mdc, name, kind, condition, no_drg, line: row.line }));
    }
    rules.sort_by_key(|(order, rule)| (rule.mdc, *order));
    Some(rules.into_iter().map(|(_, rule)| rule).collect())
}

fn load_drgs(table: &RawTable, problems: &mut Problems) -> Option<Vec<Drg>> {
    let columns = table.columns(["drg", "adrg", "name", "order", "condition"]);
    let [code, adrg, name, order, condition] = keep(columns, problems)?;
    unique(table, code, problems);
    let mut drgs = Vec::new();
    for row in &table.rows {
        required(table, row, code, problems);
        let order = read_order(table, row, order, problems);
        let condition = read_condition(table, row, condition, problems);
        let (code, adrg, name) = (row.cells[code].clone(), row.cells[adrg].clone(), row.cells[name].clone());
        drgs.push((order, Drg { code, adrg, name, condition, line: row.line }));
    }
    drgs.sort_by(|(a_order, a), (b_order, b)| a.adrg.cmp(&b.adrg).then(a_order.cmp(b_order)));
    Some(drgs.into_iter().map(|(_, drg)| drg).collect())
}

fn load_cc(table: &RawTable, problems: &mut Problems) -> Option<Vec<CcEntry>> {
    let [code, level, group] = keep(table.columns(["icd10", "level", "exclusion_group"]), problems)?;
    let mut entries = Vec::new();
    for row in &table.rows {
        required(table, row, code, problems);
        let level = match row.cells[level].as_str() {
            "MCC" => Level::Mcc,
            "CC" => Level::Cc,
            other => {
                problems.push(table.problem(&codes::CC_LEVEL, row, level).with("value", other));
                continue;
            }
        };
        entries.push(CcEntry { code: row.cells[code].clone(), level, group: row.cells[group].clone(), line: row.line });
    }
    Some(entries)
}

fn load_valid(table: &RawTable, problems: &mut Problems) -> Option<Vec<String>> {
    let [code] = keep(table.columns(["code"]), problems)?;
    table.rows.iter().for_each(|row| required(table, row, code, problems));
    Some(table.rows.iter().map(|row| row.cells[code].clone()).collect())
}

fn load_pairs(table: &RawTable, columns: [&'static str; 2], problems: &mut Problems) -> Vec<(String, String)> {
    let Some([key, value]) = keep(table.columns(columns), problems) else { return Vec::new() };
    table.rows.iter().for_each(|row| required(table, row, key, problems));
    table.rows.iter().map(|row| (row.cells[key].clone(), row.cells[value].clone())).collect()
}

/// Every condition that could be read: its code, its table and its row.
struct Conditions<'a>(Vec<(&'a str, &'a Condition, &'static str, u64)>);

impl<'a> Conditions<'a> {
    fn of(mdcs: Option<&'a [Mdc]>, rules: Option<&'a [AdrgRule]>, drgs: Option<&'a [Drg]>) -> Conditions<'a> {
        let (mdcs, rules, drgs) = (mdcs.unwrap_or_default(), rules.unwrap_or_default(), drgs.unwrap_or_default());
        let mdcs = mdcs.iter().map(|mdc| (mdc.code.as_str(), &mdc.condition, "mdc", mdc.line));
        let rules = rules.iter().map(|rule| (rule.adrg.as_str(), &rule.condition, "adrg", rule.line));
        let drgs = drgs.iter().map(|drg| (drg.adrg.as_str(), &drg.condition, "drg", drg.line));
        Conditions(mdcs.chain(rules).chain(drgs).collect())
    }
}

/// Every list that a condition names must exist.
fn check_references(conditions: &Conditions<'_>, lists: &Lists, source: &Source, problems: &mut Problems) {
    for &(adrg, condition, table, line) in &conditions.0 {
        for atom in condition.atoms() {
            let Atom::Codes(_, Codes::List(list)) = atom else { continue };
            // The lists of adrg_codes belong to ADRGs: the condition of an MDC cannot name one.
            if table == "mdc" || !lists.contains_key(&(adrg.to_owned(), list.clone())) {
                let table = &source.tables[table];
                let mut problem = Problem::new(&codes::UNKNOWN_LIST).file(table.file.clone()).row(line);
                problem.place.offset = table.cell(line, "condition").and_then(|text| place_of(text, list));
                problems.push(problem.column("condition").with("list", list).with("adrg", adrg));
            }
        }
    }
}

/// Sets and outcomes are numbered in 16 bits.
fn check_size(definition: &Definition, problems: &mut Problems) {
    const LIMIT: usize = 30_000;
    let regions: usize = definition.mdcs.iter().map(|mdc| mdc.lists.len()).sum();
    let sizes = [
        ("mdc", definition.mdcs.len()),
        ("mdc_diagnoses.list", regions),
        ("adrg", definition.rules.len()),
        ("drg", definition.drgs.len()),
        ("adrg_codes.list", definition.lists.len()),
    ];
    for (what, _) in sizes.into_iter().filter(|(_, size)| *size > LIMIT) {
        problems.push(Problem::new(&codes::TOO_LARGE).with("what", what).with("limit", LIMIT));
    }
}

fn read_condition(table: &RawTable, row: &Row, column: usize, problems: &mut Problems) -> Condition {
    parse(&row.cells[column]).unwrap_or_else(|mut problem| {
        problem.place.file = Some(table.file.clone());
        problem.place.row = Some(row.line);
        problem.place.column = Some("condition".into());
        problems.push(problem);
        Condition::Never
    })
}

fn read_order(table: &RawTable, row: &Row, column: usize, problems: &mut Problems) -> u32 {
    row.cells[column].parse().unwrap_or_else(|_| {
        let problem = table.problem(&codes::BAD_CELL, row, column).with("value", &row.cells[column]);
        problems.push(problem.with("expected", "a whole number"));
        0
    })
}

fn one_of(table: &RawTable, row: &Row, column: usize, choices: &[&str], problems: &mut Problems) -> usize {
    choices.iter().position(|choice| *choice == row.cells[column]).unwrap_or_else(|| {
        let problem = table.problem(&codes::BAD_CELL, row, column).with("value", &row.cells[column]);
        problems.push(problem.with("expected", choices.join(" | ")));
        0
    })
}

fn required(table: &RawTable, row: &Row, column: usize, problems: &mut Problems) {
    if row.cells[column].is_empty() {
        problems.push(table.problem(&codes::EMPTY_CELL, row, column));
    }
}

/// A key column must not hold a value twice.
fn unique(table: &RawTable, column: usize, problems: &mut Problems) {
    let mut first: BTreeMap<&str, u64> = BTreeMap::new();
    for row in &table.rows {
        let key = row.cells[column].as_str();
        if let Some(line) = first.get(key) {
            let problem = table.problem(&codes::DUPLICATE_KEY, row, column);
            problems.push(problem.with("key", key).with("first", line));
        } else {
            first.insert(key, row.line);
        }
    }
}

/// SHA-256 over table names, headers and cells, so that a folder, a .zip and a workbook of the same tables agree.
fn fingerprint(source: &Source) -> String {
    let mut hash = Sha256::new();
    let mut feed = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    for (name, table) in &source.tables {
        feed(name);
        feed(&table.rows.len().to_string());
        table.header.iter().for_each(|cell| feed(cell));
        table.rows.iter().flat_map(|row| &row.cells).for_each(|cell| feed(cell));
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
