//! Settling a month into a book.

use std::collections::{BTreeMap, BTreeSet};

use super::history::{CORRECTIONS, carried, corrections_table, past_stays, reversals};
use super::record::stays_table;
use super::{Intake, Packs, Scheme};
use crate::claims::Tally;
use crate::grouper::Outcome;
use crate::ledger::manifest::{Run, Source};
use crate::ledger::{Book, Draft, Period, Receipt, TableDiff, compare, key_of};
use crate::pricing::{Options, price};
use crate::problem::Problems;
use crate::settlement::{Month, MonthInput, month};
use crate::table::cell::{decimal, plain};
use crate::table::sums::control_sums;
use crate::table::{Table, Values};

/// The name of this job in manifests.
pub const MONTH: &str = "month";

/// What a month is settled by.
#[derive(Clone, Debug)]
pub struct MonthJob<'a> {
    pub scheme: &'a Scheme,
    pub packs: &'a Packs,
    /// Codes are of the clinical edition, to be translated first.
    pub clinical: bool,
    /// What the user chose, for the manifest.
    pub options: BTreeMap<String, String>,
}

/// A month that is part of the book.
#[derive(Clone, Debug)]
pub struct SettledMonth {
    pub receipt: Receipt,
    /// By name, as written to the book.
    pub tables: BTreeMap<String, Table>,
    pub warnings: Problems,
    /// How the institutions differ from those of the run that was replaced.
    pub replaced: Option<TableDiff>,
}

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Reading,
    Grouping,
    Pricing,
    Settling,
    Writing,
}

/// Groups, prices and settles claims, and makes the results part of the book. `tell` hears of each step before it is
/// done, and can stop the run: then the book stays as it was.
pub fn settle_month(
    mut draft: Draft<'_>,
    job: &MonthJob<'_>,
    mut intake: Intake,
    tell: &dyn Fn(Step) -> Result<(), Problems>,
) -> Result<SettledMonth, Problems> {
    let (period, packs) = (draft.period(), job.packs);
    let settled_before = leave_out_settled(draft.book(), period, &mut intake)?;
    let reversals = reversals(draft.book(), period, &mut intake)?;
    let claims = &intake.claims;
    tell(Step::Grouping)?;
    let grouper = &job.scheme.grouper;
    let grouped = grouper.group(&claims.stays, job.clinical);
    tell(Step::Pricing)?;
    let past = past_stays(draft.book(), period, &packs.set)?;
    let options = Options { period: Some(period), past: &past, ..Options::default() };
    let priced = price(claims, &grouped, grouper.outcomes(), &packs.set, &options)?;
    tell(Step::Settling)?;
    let carried = carried(draft.book(), period)?;
    let input = MonthInput {
        period,
        claims,
        priced: &priced,
        set: &packs.set,
        carried: &carried,
        details: None,
        past: &past,
        corrections: &reversals,
    };
    let (month, mut warnings) = month(&input)?;
    tell(Step::Writing)?;
    let mut tables: BTreeMap<String, Table> = month
        .tables(claims, &grouped, grouper.outcomes(), &priced, &packs.set)
        .into_iter()
        .map(|(name, table)| (name.to_owned(), table))
        .collect();
    if let Some(table) = tables.remove("institutions") {
        tables.insert("institutions".to_owned(), with_names(table, packs));
    }
    if let Some(table) = tables.remove("claims") {
        let pools =
            (0..priced.len()).map(|row| priced.pools.get(usize::from(priced.pool[row])).map_or("", String::as_str));
        tables.insert("claims".to_owned(), table.with("pool", Values::keywords(pools)));
    }
    let outcome = |row: usize| -> Outcome { grouper.outcomes()[usize::from(grouped.outcomes[row])].clone() };
    tables.insert("rejects".to_owned(), intake.rejects.table());
    tables.insert("rules".to_owned(), packs.rules_table());
    tables.insert("stays".to_owned(), stays_table(claims, &outcome));
    tables.insert(CORRECTIONS.to_owned(), corrections_table(&month.corrections));
    for (name, table) in &tables {
        draft.add_table(name, table)?;
    }
    let replaced = against_earlier(draft.book(), period, &tables)?;
    let run = run(&mut draft, job, &intake, &month, &tables, settled_before)?;
    let receipt = draft.commit(run)?;
    warnings.append(intake.report.warnings);
    Ok(SettledMonth { receipt, tables, warnings, replaced })
}

/// The institutions against those of the run that stands in the book now.
fn against_earlier(
    book: &Book,
    period: Period,
    tables: &BTreeMap<String, Table>,
) -> Result<Option<TableDiff>, Problems> {
    const INSTITUTIONS: &str = "institutions";
    let has = book.info(period).is_ok() && book.manifest(period)?.tables.contains_key(INSTITUTIONS);
    let (true, Some(after)) = (has, tables.get(INSTITUTIONS)) else { return Ok(None) };
    Ok(Some(compare(&book.table(period, INSTITUTIONS)?, after, key_of(INSTITUTIONS).unwrap_or_default())))
}

/// The columns people look for first, then the name.
pub(super) fn with_names(table: Table, packs: &Packs) -> Table {
    let names = packs.institution_names();
    let codes = table.column("fixmedins_code");
    let rows = (0..table.rows()).map(|row| codes.map_or_else(String::new, |codes| plain(codes, row)));
    let column = Values::keywords(rows.map(|code| names.get(code.as_str()).copied().unwrap_or_default()));
    table.with("fixmedins_name", column)
}

/// Leaves out the claims that another month of the book has settled already; each is listed among the rejects.
fn leave_out_settled(book: &Book, period: Period, intake: &mut Intake) -> Result<Tally, Problems> {
    let others = book.periods().map(|info| info.period).filter(|other| !other.is_year() && *other != period);
    let mut settled: BTreeMap<String, Period> = BTreeMap::new();
    for other in others {
        let table = book.columns(other, "claims", &["setl_id", "state"])?;
        let (Some(ids), Some(states)) = (table.column("setl_id"), table.column("state")) else { continue };
        let ours: BTreeSet<&str> = intake.claims.stays.setl_id.iter().collect();
        for row in (0..table.rows()).filter(|&row| plain(states, row) != "excluded") {
            let id = plain(ids, row);
            if ours.contains(id.as_str()) {
                settled.insert(id, other);
            }
        }
    }
    Ok(intake.leave_out(&settled))
}

/// The run for the manifest.
fn run(
    draft: &mut Draft<'_>,
    job: &MonthJob<'_>,
    intake: &Intake,
    month: &Month,
    tables: &BTreeMap<String, Table>,
    settled_before: Tally,
) -> Result<Run, Problems> {
    let kept = [("scheme", &job.scheme.texts()?), ("policy", &job.packs.texts)];
    let kept = kept.into_iter().map(|(name, texts)| Ok((name.to_owned(), draft.keep(texts)?)));
    let kept = kept.collect::<Result<_, Problems>>()?;
    let mut options = job.options.clone();
    if job.clinical {
        options.insert("clinical".to_owned(), "true".to_owned());
    }
    Ok(Run {
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        simulation: month.simulation,
        inputs: intake.inputs.clone(),
        scheme: Some(Source { id: job.scheme.name().to_owned(), sha256: job.scheme.fingerprint().to_owned() }),
        policies: job.packs.sources(),
        kept,
        options,
        placeholders: month.placeholders.iter().map(|p| format!("{}.{}: {}", p.pack, p.rule, p.why)).collect(),
        totals: totals(intake, month, tables, settled_before),
    })
}

/// Claims in = rejected + left out + paid + unpaid + excluded, by count and by amount; and what is due.
fn totals(
    intake: &Intake,
    month: &Month,
    tables: &BTreeMap<String, Table>,
    settled_before: Tally,
) -> BTreeMap<String, String> {
    let (report, own) = (&intake.report, &month.totals);
    let left_out = (report.excluded.rows + settled_before.rows, report.excluded.fen + settled_before.fen);
    let parts: [(&str, i128, i128); 6] = [
        ("in", report.input.rows.into(), report.input.fen),
        ("rejected", report.rejected.rows.into(), report.rejected.fen),
        ("left_out", left_out.0.into(), left_out.1),
        ("paid", own.cases_paid.into(), own.total_paid_fen.into()),
        ("unpaid", own.cases_unpaid.into(), own.total_unpaid_fen.into()),
        ("excluded", own.cases_excluded.into(), own.total_excluded_fen.into()),
    ];
    let sum = |of: fn(&(&str, i128, i128)) -> i128| parts[1..].iter().map(of).sum::<i128>();
    assert!(parts[0].1 == sum(|part| part.1), "Invariant: claims in = rejected + left out + paid + unpaid + excluded");
    assert!(parts[0].2 == sum(|part| part.2), "Invariant: no fen of the bills is lost");
    let mut totals = BTreeMap::new();
    for (part, count, fen) in parts {
        totals.insert(format!("claims_{part}"), count.to_string());
        totals.insert(format!("medfee_{part}"), decimal(fen, 2));
    }
    let sums = tables.get("institutions").and_then(control_sums).unwrap_or_default();
    let wanted = ["due", "prepaid", "withheld", "payable", "carried_in", "carried_out"];
    totals.extend(wanted.iter().filter_map(|name| Some(((*name).to_owned(), sums.get(*name)?.clone()))));
    totals
}
