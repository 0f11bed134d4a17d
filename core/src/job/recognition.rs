//! Mutual recognition of a period into a book.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::Parts;
use super::intake::input;
pub use crate::ledger::manifest::RECOGNITION;
use crate::ledger::manifest::{Input as InputFile, POINT_LINES, Run, TableEntry};
use crate::ledger::{Book, Draft, Period, Receipt};
use crate::policy::rules::RecognitionInpatient;
use crate::problem::{Problem, Problems};
use crate::recognition::{
    Earlier, Input, PeriodLine, Rules, Unreadable, cap_rules, earlier_of, lines_of, points_of, read_records,
    read_tests, recognise, rejects, tables,
};
use crate::settlement::PointLine;
use crate::table::Table;
use crate::table::cell::{decimal, plain};
use crate::table::sums::control_sums;

/// The option of a run that names the pack whose cap held.
pub const CAP_PACK: &str = "cap_pack";

/// The table that says what was paid for which record, and that of institutions.
const RECORDS: &str = RECOGNITION;
const INSTITUTIONS: &str = "recognition_institutions";
const RULES: &str = "recognition_rules";

/// Files of recognitions and of tests done.
#[derive(Clone, Debug, Default)]
pub struct RecognitionFiles {
    pub records: Vec<PathBuf>,
    pub tests: Vec<PathBuf>,
}

/// A period that is part of the book.
#[derive(Clone, Debug)]
pub struct RecognisedPeriod {
    pub receipt: Receipt,
    /// By name, as written to the book.
    pub tables: BTreeMap<String, Table>,
    pub total_fen: i64,
}

/// Works out the awards of the draft's period, and makes them part of the book.
pub fn recognise_period(
    mut draft: Draft<'_>,
    parts: &Parts,
    files: &RecognitionFiles,
) -> Result<RecognisedPeriod, Problems> {
    let period = draft.period();
    let rules = all_rules(parts)?;
    let (records, tests) = (read_records(&files.records)?, read_tests(&files.tests)?);
    let earlier = earlier(draft.book(), period)?;
    let drg_paid = drg_paid(draft.book(), &rules)?;
    let input = Input { period, records: &records.rows, tests: &tests.rows, earlier: &earlier, drg_paid: &drg_paid };
    let recognised = recognise(&input, &rules)?;
    let unreadable: Vec<Unreadable> = [records.unreadable.as_slice(), &tests.unreadable].concat();
    let mut written: BTreeMap<String, Table> =
        tables(&recognised, &rules).into_iter().map(|(name, table)| (name.to_owned(), table)).collect();
    written.insert("recognition_rejects".to_owned(), rejects(&unreadable));
    for (name, table) in &written {
        draft.add_table(name, table)?;
    }
    let mut totals = BTreeMap::from([
        ("records_in".to_owned(), (records.rows.len() + records.unreadable.len()).to_string()),
        ("records_paid".to_owned(), recognised.paid.len().to_string()),
        ("records_refused".to_owned(), recognised.refused.len().to_string()),
        ("records_unreadable".to_owned(), records.unreadable.len().to_string()),
        ("taken_back".to_owned(), recognised.taken_back.len().to_string()),
        ("recognition_due".to_owned(), decimal(recognised.total_fen.into(), 2)),
    ]);
    let sums = written.get(INSTITUTIONS).and_then(control_sums).unwrap_or_default();
    totals.extend(sums.get("points").map(|points| ("recognition_points".to_owned(), points.clone())));
    let lines = points_of(period, &written[RECORDS], &written[RULES]).len();
    if lines > 0 {
        totals.insert(POINT_LINES.to_owned(), lines.to_string());
    }
    let used = recognised.packs_used();
    let placeholders = used.iter().flat_map(|pack| placeholders(&rules[*pack])).collect();
    let run = Run {
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        simulation: recognised.is_simulation(&rules),
        inputs: inputs(files)?,
        scheme: None,
        policies: parts.sources(),
        kept: BTreeMap::from([("policy".to_owned(), draft.keep(&parts.texts)?)]),
        options: cap_pack(&rules, period).map(|pack| (CAP_PACK.to_owned(), pack.to_owned())).into_iter().collect(),
        placeholders,
        totals,
    };
    let receipt = draft.commit(run)?;
    Ok(RecognisedPeriod { receipt, tables: written, total_fen: recognised.total_fen })
}

/// The pack whose cap holds.
fn cap_pack<'p>(rules: &[Rules<'p>], period: Period) -> Option<&'p str> {
    cap_rules(rules, period).map(|rules| rules.part.id.as_str())
}

fn all_rules(parts: &Parts) -> Result<Vec<Rules<'_>>, Problems> {
    let mut problems = Problems::new();
    let mut rules = Vec::new();
    for part in &parts.parts {
        match Rules::of(part) {
            Ok(one) => rules.push(one),
            Err(found) => problems.append(found),
        }
    }
    problems.or(rules).map(|(rules, _)| rules)
}

/// The awards of the months before.
fn earlier(book: &Book, period: Period) -> Result<Vec<Earlier>, Problems> {
    let before = book.periods_with(RECORDS)?.into_iter().filter(|other| *other < period);
    Ok(earlier_of(&tables_of(book, before, RECORDS)?))
}

fn tables_of(
    book: &Book,
    periods: impl Iterator<Item = Period>,
    table: &str,
) -> Result<Vec<(Period, Table)>, Problems> {
    periods.map(|period| Ok((period, book.table(period, table)?))).collect()
}

/// The lines of recognition in the months of a year (in one month, where a month is named), for clearing.
pub fn recognition_lines(book: &Book, of: Period) -> Result<Vec<PeriodLine>, Problems> {
    let months = book.periods_with(INSTITUTIONS)?.into_iter();
    let months = months.filter(|month| *month == of || (of.is_year() && month.whole_year() == of));
    Ok(lines_of(&tables_of(book, months, INSTITUTIONS)?))
}

/// The points of a month's recognised exams as they stand in the book; none where recognition is paid by amount.
pub(super) fn recognised_points(book: &Book, month: Period) -> Result<Vec<PointLine>, Problems> {
    let Ok(info) = book.info(month) else { return Ok(Vec::new()) };
    let manifest = book.manifest(info.period)?;
    if !manifest.runs.get(RECOGNITION).is_some_and(|run| run.totals.contains_key(POINT_LINES)) {
        return Ok(Vec::new());
    }
    Ok(points_of(month, &book.table(month, RECORDS)?, &book.table(month, RULES)?))
}

/// The table of records that a month's points were read from, for the manifest of the run that pays them.
pub(super) fn recognised_input(book: &Book, month: Period) -> Result<Option<InputFile>, Problems> {
    let manifest = book.manifest(month)?;
    let table = manifest.tables.get(RECORDS);
    let input = |table: &TableEntry| {
        let (role, sha256) = (RECOGNITION.to_owned(), table.sha256.clone());
        InputFile { role, sha256, bytes: table.bytes }
    };
    Ok(table.map(input))
}

/// The stays that the book has paid under DRG; read only where a policy asks.
fn drg_paid(book: &Book, rules: &[Rules<'_>]) -> Result<BTreeSet<String>, Problems> {
    let mut paid = BTreeSet::new();
    if !rules.iter().any(|rules| rules.inpatient.value == RecognitionInpatient::ExcludedIfDrg {}) {
        return Ok(paid);
    }
    for month in book.periods_with("claims")?.into_iter().filter(|period| !period.is_year()) {
        let table = book.columns(month, "claims", &["setl_id", "state"])?;
        if let (Some(ids), Some(states)) = (table.column("setl_id"), table.column("state")) {
            let rows = (0..table.rows()).filter(|row| plain(states, *row) == "paid");
            paid.extend(rows.map(|row| plain(ids, row)));
        }
    }
    Ok(paid)
}

/// Placeholders of the rules that awards rest on.
fn placeholders(rules: &Rules<'_>) -> Vec<String> {
    let recognition = rules.part.rules.iter().filter(|rule| rule.kind.starts_with("recognition_"));
    let stated = recognition.filter_map(|rule| Some((rule, rule.placeholder.as_ref()?)));
    stated.map(|(rule, why)| format!("{}.{}: {why}", rule.pack, rule.name)).collect()
}

fn inputs(files: &RecognitionFiles) -> Result<Vec<InputFile>, Problem> {
    let records = files.records.iter().map(|path| ("records", path));
    records.chain(files.tests.iter().map(|path| ("tests", path))).map(|(role, path)| input(role, path)).collect()
}
