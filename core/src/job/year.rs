//! Clearing a year from the settled months of its book.

use std::collections::BTreeMap;

use super::corrections::CORRECTIONS;
use super::history::settled_months;
use super::month::{note_audit, with_names};
use super::year_before::{counted_before, openings};
use super::year_record::YearRecord;
use super::{Packs, SettledMonth, recognition_lines};
use crate::audit::{self, Audited};
use crate::ledger::manifest::{COUNTED, Input, Run};
use crate::ledger::{Book, Draft, Period};
use crate::pricing::State;
use crate::problem::catalogue::books;
use crate::problem::{Problem, Problems};
use crate::recognition::{InstitutionSum, summed};
use crate::settlement::{Cases, Year, YearInput, year};
use crate::table::cell::{decimal, plain};
use crate::table::sums::control_sums;
use crate::table::{Table, Values};

/// The name of this job in manifests.
pub const YEAR: &str = "year";

/// The table of what mutual recognition paid in a year.
const RECOGNITION_YEAR: &str = "recognition_year";

/// Clears a year: final point value, sharing, deposits, and what is paid or recovered. With `audit` a second time, and
/// the run is refused when a figure differs.
pub fn settle_year(
    mut draft: Draft<'_>,
    packs: &Packs,
    audit: bool,
    options: BTreeMap<String, String>,
) -> Result<SettledMonth, Problems> {
    let period = draft.period();
    let policy = packs.set.on(period.last_day()).map(|pack| &packs.set.packs[pack]);
    let record = match policy {
        Some(policy) => YearRecord::read(draft.book(), period, policy)?,
        None => YearRecord::default(),
    };
    if record.cases.is_empty() && policy.is_some() {
        return Err(Problem::new(&books::NO_MONTHS).with("period", period).into());
    }
    let cases = Cases { details: record.details.as_ref(), ..record.cases.clone() };
    let openings = openings(draft.book(), period)?;
    let (set, paid, recognised) = (&packs.set, &record.paid, &record.recognised);
    let input = YearInput { period, cases: &cases, set, paid, openings: &openings, recognised };
    let (cleared, mut warnings) = year(&input)?;
    if let Some(policy) = policy {
        warnings.append(counted_before(draft.book(), period, policy)?);
    }
    warnings.0.extend(missing_months(draft.book(), period)?);
    let mut tables: BTreeMap<String, Table> =
        cleared.tables(&packs.set).into_iter().map(|(name, table)| (name.to_owned(), table)).collect();
    let claims = claims_table(&record, &cleared);
    if let Some(table) = tables.remove("institutions") {
        let table = with_origins(with_names(table, packs), &record);
        tables.insert("institutions".to_owned(), table);
    }
    tables.insert("claims".to_owned(), claims);
    tables.insert(CORRECTIONS.to_owned(), record.corrections_table());
    tables.insert("rules".to_owned(), packs.rules_table_with(record.recognised.iter()));
    if let Some(lines) = recognition_of_year(draft.book(), period)? {
        tables.insert(RECOGNITION_YEAR.to_owned(), lines);
    }
    let audited = if audit {
        let record = audit::record(draft.book(), period, &packs.set, &tables)?;
        Some(Audited { figures: audit::year(&input, &tables)?.figures + record.figures })
    } else {
        None
    };
    for (name, table) in &tables {
        draft.add_table(name, table)?;
    }
    let kept = BTreeMap::from([("policy".to_owned(), draft.keep(&packs.texts)?)]);
    let mut run = Run {
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        simulation: cleared.simulation || months_are_simulated(&draft, period)?,
        inputs: later_months(draft.book(), &record.later)?,
        scheme: None,
        policies: packs.sources(),
        kept,
        options,
        placeholders: cleared.placeholders.iter().map(|p| format!("{}.{}: {}", p.pack, p.rule, p.why)).collect(),
        totals: totals(&tables, &record),
    };
    note_audit(&mut run, audited);
    let receipt = draft.commit(run)?;
    let first_claim = tables.get("claims").filter(|claims| claims.rows() > 0);
    let first_claim = first_claim.and_then(|claims| Some(plain(claims.column("setl_id")?, 0)));
    Ok(SettledMonth { receipt, tables, first_claim, warnings, audited, replaced: None })
}

/// The months of the year that no settlement of the book is of.
fn missing_months(book: &Book, year: Period) -> Result<Option<Problem>, Problems> {
    let settled = settled_months(book)?;
    let name = |month: u32| format!("{year}-{month:02}");
    let missing = (1..=12).map(name).filter(|name| !settled.iter().any(|month| month.to_string() == *name));
    let missing: Vec<String> = missing.collect();
    let problem = || Problem::new(&books::MONTHS_MISSING).with("year", year).with("months", missing.join(", "));
    Ok((!missing.is_empty()).then(problem))
}

/// A year of simulated months is a simulation.
fn months_are_simulated(draft: &Draft<'_>, year: Period) -> Result<bool, Problems> {
    let book = draft.book();
    let months = book.periods().map(|info| info.period).filter(|month| month.whole_year() == year && !month.is_year());
    let mut simulated = false;
    for month in months {
        simulated |= book.manifest(month)?.is_simulation();
    }
    Ok(simulated)
}

/// What mutual recognition paid in the months, a row an institution and insurance type: own lines, in no point value
/// and no due. Nothing where no month has any.
fn recognition_of_year(book: &Book, year: Period) -> Result<Option<Table>, Problems> {
    let sums = summed(&recognition_lines(book, year)?)?;
    let money = |of: fn(&InstitutionSum) -> i64| Values::money(sums.iter().map(of));
    let table = Table::new()
        .with("fixmedins_code", Values::keywords(sums.iter().map(|sum| &sum.institution)))
        .with("insutype", Values::keywords(sums.iter().map(|sum| &sum.insutype)))
        .with("cases", Values::ints(sums.iter().map(|sum| sum.cases)))
        .with("amount", money(|sum| sum.amount_fen))
        .with("taken_back", money(|sum| sum.taken_back_fen))
        .with("due", money(InstitutionSum::due_fen));
    Ok((!sums.is_empty()).then_some(table))
}

/// Months after the year whose corrections were taken in, by the hashes of their tables.
fn later_months(book: &Book, months: &[Period]) -> Result<Vec<Input>, Problems> {
    let mut inputs = Vec::new();
    for month in months {
        let table = book.manifest(*month)?.tables.remove(CORRECTIONS);
        inputs.extend(table.map(|table| Input {
            role: format!("{COUNTED}{month}"),
            sha256: table.sha256,
            bytes: table.bytes,
        }));
    }
    Ok(inputs)
}

/// The months after a cleared year whose corrections its clearing has counted, with the hashes of their tables.
pub(super) fn clearing_counts(book: &Book, year: Period) -> Result<Vec<(Period, String)>, Problems> {
    Ok(book.manifest(year)?.counted().map(|(month, sha256)| (month, sha256.to_owned())).collect())
}

/// Each case: what was due in its month, what was corrected since, and what is due now.
fn claims_table(record: &YearRecord, cleared: &Year) -> Table {
    let cases = &record.cases;
    let pools = cases.pool.iter().map(|pool| cases.pools.get(usize::from(*pool)).map_or("", String::as_str));
    let known =
        |column: &[i64]| Values::Money(column.iter().map(|fen| Some(*fen).filter(|fen| *fen != i64::MIN)).collect());
    Table::new()
        .with("setl_id", Values::Text(record.setl_id.clone()))
        .with("fixmedins_code", Values::Keyword(cases.institution.clone().into_owned()))
        .with("insutype", Values::Keyword(cases.insutype.clone().into_owned()))
        .with("drg", Values::Keyword(record.drg.clone()))
        .with("case_kind", Values::Keyword(record.case_kind.clone()))
        .with("points", Values::points(cases.points_e4.iter().copied()))
        .with("due", Values::money(cleared.due_fen.iter().copied()))
        .with("period", Values::Keyword(record.period.clone()))
        .with("state", Values::keywords(cases.state.iter().map(|state| state.code())))
        .with("standard", Values::money(cleared.standard_fen.iter().copied()))
        .with("monthly_due", Values::money(record.monthly_due_fen.iter().copied()))
        .with("corrections", Values::money(record.corrected_fen.iter().copied()))
        .with("corrected_in", Values::keywords(&record.corrected_in))
        .with("medfee_sumamt", known(&cases.total_fen))
        .with("hifp_pay", known(&cases.fund_fen))
        .with("psn_pay", known(&cases.patient_fen))
        .with("oth_fund_pay", known(&cases.other_fund_fen))
        .with("by_amount", Values::money(cases.amount_fen.iter().copied()))
        .with("outside_budget", Values::money(cases.outside_fen.iter().copied()))
        .with("consortium", Values::Keyword(cases.consortium.clone().into_owned()))
        .with("pool", Values::keywords(pools))
}

/// What the months said was due, what was corrected since, and the net of both.
fn with_origins(institutions: Table, record: &YearRecord) -> Table {
    let cases = &record.cases;
    let mut sums: BTreeMap<(&str, &str), (i64, i64)> = BTreeMap::new();
    for row in 0..record.len() {
        let sum = sums.entry((cases.institution.get(row), cases.insutype.get(row))).or_default();
        sum.0 = sum.0.saturating_add(record.monthly_due_fen[row]);
        sum.1 = sum.1.saturating_add(record.corrected_fen[row]);
    }
    for line in &record.recognised {
        let sum = sums.entry((&line.institution, &line.insutype)).or_default();
        sum.0 = sum.0.saturating_add(line.monthly_due_fen);
    }
    let keys: Vec<(String, String)> = {
        let text = |name: &str, row| institutions.column(name).map_or_else(String::new, |values| plain(values, row));
        (0..institutions.rows()).map(|row| (text("fixmedins_code", row), text("insutype", row))).collect()
    };
    let own: Vec<(i64, i64)> =
        keys.iter().map(|(code, insutype)| sums.get(&(&**code, &**insutype)).copied().unwrap_or_default()).collect();
    institutions
        .with("monthly_due", Values::money(own.iter().map(|sum| sum.0)))
        .with("corrections", Values::money(own.iter().map(|sum| sum.1)))
        .with("net_due", Values::money(own.iter().map(|sum| sum.0.saturating_add(sum.1))))
}

fn totals(tables: &BTreeMap<String, Table>, record: &YearRecord) -> BTreeMap<String, String> {
    let sums = |name: &str| tables.get(name).and_then(control_sums).unwrap_or_default();
    let mut totals = BTreeMap::new();
    let wanted = ["due", "monthly_due", "corrections", "prepaid", "withheld", "payable", "adjustment", "member_share"];
    let institutions = sums("institutions");
    totals.extend(wanted.iter().filter_map(|name| Some(((*name).to_owned(), institutions.get(*name)?.clone()))));
    let bills = sums("claims").remove("medfee_sumamt").unwrap_or_default();
    totals.extend(sums(RECOGNITION_YEAR).remove("due").map(|due| ("recognition_due".to_owned(), due)));
    totals.insert("claims_in".to_owned(), record.len().to_string());
    totals.insert("medfee_in".to_owned(), bills);
    for (state, name) in [(State::Paid, "paid"), (State::Unpaid, "unpaid"), (State::Excluded, "reversed")] {
        let rows = (0..record.len()).filter(|&row| record.cases.state[row] == state);
        let (count, fen) =
            rows.fold((0u64, 0i128), |(count, fen), row| (count + 1, fen + i128::from(record.cases.total_fen[row])));
        totals.insert(format!("claims_{name}"), count.to_string());
        totals.insert(format!("medfee_{name}"), decimal(fen, 2));
    }
    totals
}
