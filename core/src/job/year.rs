//! Clearing a year from the settled months of its book.

use std::collections::BTreeMap;

use super::history::YearRecord;
use super::month::with_names;
use super::{Packs, SettledMonth};
use crate::ledger::manifest::Run;
use crate::ledger::{Draft, Period};
use crate::pricing::State;
use crate::problem::catalogue::books;
use crate::problem::{Problem, Problems};
use crate::settlement::{Year, YearInput, year};
use crate::table::sums::{control_sums, units};
use crate::table::{Table, Values};

/// The name of this job in manifests.
pub const YEAR: &str = "year";

/// Clears a year: final point value, sharing, deposits, and what is paid or recovered.
pub fn settle_year(
    mut draft: Draft<'_>,
    packs: &Packs,
    options: BTreeMap<String, String>,
) -> Result<SettledMonth, Problems> {
    let period = draft.period();
    let record = YearRecord::read(draft.book(), period)?;
    if record.cases.is_empty() {
        return Err(Problem::new(&books::NO_MONTHS).with("period", period).into());
    }
    let input = YearInput { period, cases: &record.cases, set: &packs.set, paid: &record.paid };
    let (cleared, warnings) = year(&input)?;
    let mut tables: BTreeMap<String, Table> =
        cleared.tables(&packs.set).into_iter().map(|(name, table)| (name.to_owned(), table)).collect();
    let claims = claims_table(&record, &cleared);
    if let Some(table) = tables.remove("institutions") {
        let table = with_origins(with_names(table, packs), &claims);
        tables.insert("institutions".to_owned(), table);
    }
    tables.insert("claims".to_owned(), claims);
    tables.insert("rules".to_owned(), packs.rules_table());
    for (name, table) in &tables {
        draft.add_table(name, table)?;
    }
    let kept = BTreeMap::from([("policy".to_owned(), draft.keep(&packs.texts)?)]);
    let run = Run {
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        simulation: cleared.simulation || months_are_simulated(&draft, period)?,
        inputs: Vec::new(),
        scheme: None,
        policies: packs.sources(),
        kept,
        options,
        placeholders: cleared.placeholders.iter().map(|p| format!("{}.{}: {}", p.pack, p.rule, p.why)).collect(),
        totals: totals(&tables),
    };
    let receipt = draft.commit(run)?;
    Ok(SettledMonth { receipt, tables, warnings, replaced: None })
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

/// Each case and each correction of one, with what was due in its month and what is due now.
fn claims_table(record: &YearRecord, cleared: &Year) -> Table {
    let cases = &record.cases;
    let pools = cases.pool.iter().map(|pool| cases.pools.get(usize::from(*pool)).map_or("", String::as_str));
    let action = (0..cases.len()).map(|row| match (record.corrects.get(row), cases.count[row]) {
        ("", _) => "case",
        (_, -1) => "reverse",
        _ => "reprice",
    });
    Table::new()
        .with("setl_id", Values::Text(record.setl_id.clone()))
        .with("fixmedins_code", Values::Keyword(cases.institution.clone().into_owned()))
        .with("insutype", Values::Keyword(cases.insutype.clone().into_owned()))
        .with("period", Values::Keyword(record.period.clone()))
        .with("action", Values::keywords(action))
        .with("corrects", Values::Keyword(record.corrects.clone()))
        .with("state", Values::keywords(cases.state.iter().map(|state| state.code())))
        .with("consortium", Values::Keyword(cases.consortium.clone().into_owned()))
        .with("pool", Values::keywords(pools))
        .with("points", Values::points(cases.points_e4.iter().copied()))
        .with("monthly_due", Values::money(record.monthly_due_fen.iter().copied()))
        .with("standard", Values::money(cleared.standard_fen.iter().copied()))
        .with("due", Values::money(cleared.due_fen.iter().copied()))
}

/// What the months said was due, what was corrected since, and the net of both.
fn with_origins(institutions: Table, claims: &Table) -> Table {
    let key = |table: &Table, row: usize| {
        let text = |name| table.column(name).map_or_else(String::new, |values| crate::table::cell::plain(values, row));
        (text("fixmedins_code"), text("insutype"))
    };
    let mut sums: BTreeMap<(String, String), [i64; 2]> = BTreeMap::new();
    let corrections = claims.find("action", "case");
    for row in 0..claims.rows() {
        let fen = claims.column("monthly_due").map_or(0, |values| units(values, row));
        let side = usize::from(corrections.binary_search(&row).is_err());
        let sum = &mut sums.entry(key(claims, row)).or_default()[side];
        *sum = sum.saturating_add(i64::try_from(fen).unwrap_or(i64::MAX));
    }
    let of = |side: usize| {
        Values::money((0..institutions.rows()).map(|row| sums.get(&key(&institutions, row)).map_or(0, |sum| sum[side])))
    };
    let net = (0..institutions.rows())
        .map(|row| sums.get(&key(&institutions, row)).map_or(0, |sum| sum[0].saturating_add(sum[1])));
    let (original, corrected, net) = (of(0), of(1), Values::money(net));
    institutions.with("monthly_due", original).with("corrections", corrected).with("net_due", net)
}

fn totals(tables: &BTreeMap<String, Table>) -> BTreeMap<String, String> {
    let sums = |name: &str| tables.get(name).and_then(control_sums).unwrap_or_default();
    let mut totals = BTreeMap::new();
    let wanted = ["due", "monthly_due", "corrections", "prepaid", "withheld", "payable", "adjustment", "member_share"];
    let institutions = sums("institutions");
    totals.extend(wanted.iter().filter_map(|name| Some(((*name).to_owned(), institutions.get(*name)?.clone()))));
    let count = |state: State| tables.get("claims").map_or(0, |table| table.find("state", state.code()).len());
    totals.insert("claims_paid".to_owned(), count(State::Paid).to_string());
    totals.insert("claims_unpaid".to_owned(), count(State::Unpaid).to_string());
    totals
}
