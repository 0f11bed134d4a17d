//! Settling a month into a book.

use std::collections::{BTreeMap, BTreeSet};

use super::again::{Again, older, settled_again, taken_back};
use super::appeal::Asked;
use super::corrections::{CORRECTIONS, corrections_table};
use super::history::{Persons, carried, past_stays, reversals};
use super::month_claims::{CLAIMS, KeptClaims, Looked, WrittenClaims};
use super::recognition::{recognised_input, recognised_points};
use super::reduced::Reduced;
use super::relink::{Joined, Joining};
use super::settled::settled_before;
use super::year::clearing_counts;
use super::{Intake, Packs, Scheme};
use crate::audit::{self, Audited, MonthAudit};
use crate::claims::Tally;
use crate::grouper::Outcome;
use crate::ledger::manifest::{Run, Source};
use crate::ledger::{Book, Draft, Period, PeriodInfo, Receipt, Status, TableDiff, compare, key_of};
use crate::pricing::{Options, PastStay};
use crate::problem::catalogue::books;
use crate::problem::{Problem, Problems};
use crate::settlement::{Month, MonthTerms};
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
    /// Settle the month a second time, and refuse the run when a figure differs.
    pub audit: bool,
    /// What the user chose, for the manifest.
    pub options: BTreeMap<String, String>,
}

/// A month that is part of the book.
#[derive(Clone, Debug)]
pub struct SettledMonth {
    pub receipt: Receipt,
    /// By name, as written to the book, but for those with a row a claim (`claims`, `stays`), which stand in the book
    /// alone.
    pub tables: BTreeMap<String, Table>,
    /// `setl_id` of the first claim.
    pub first_claim: Option<String>,
    pub warnings: Problems,
    /// How many figures the audit compared, where one was asked for.
    pub audited: Option<Audited>,
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
    Auditing,
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
    let (left_out, again) = leave_out_settled(draft.book(), period, &mut intake)?;
    let mut corrections = reversals(draft.book(), period, &mut intake)?;
    tell(Step::Grouping)?;
    let (book, outcomes) = (draft.book(), job.scheme.grouper.outcomes());
    let looked = Looked::at(job, period, &intake.claims)?;
    let taken_back = taken_back(&again, &corrections, &looked)?;
    corrections.extend(taken_back);
    let asked = Asked { book, period, orders: &intake.orders, reversed: &corrections, packs, outcomes };
    let (mut asked, unchanged) = asked.corrections()?;
    corrections.append(&mut asked);
    tell(Step::Pricing)?;
    let joining = Joining { book: draft.book(), period, set: &packs.set, outcomes };
    let mut joined = joining.gather(&looked, &corrections)?;
    let mut past = past_stays(draft.book(), period, &packs.set, || Persons::of(&intake.claims))?;
    // What this run corrects otherwise is not reduced by a readmission as well.
    let corrected: BTreeSet<&str> = corrections.iter().map(|one| one.setl_id.as_str()).collect();
    let is_joined = |stay: &PastStay| joined.as_ref().is_some_and(|joined| joined.has(&stay.person));
    past.retain(|stay| !corrected.contains(stay.setl_id.as_str()) && !is_joined(stay));
    let mut priced = looked.price(&past)?;
    if let Some(joined) = &mut joined {
        joined.settle(&mut priced, &mut corrections)?;
    }
    let reduced = Reduced::read(draft.book(), outcomes, &past, priced.prices.past())?;
    let reductions = reduced.left(&packs.set, &past, priced.prices.past())?;
    tell(Step::Settling)?;
    let carried = carried(draft.book(), period)?;
    let recognised = recognised_points(draft.book(), period)?;
    let terms = MonthTerms {
        period,
        set: &packs.set,
        rules: priced.prices.rules(),
        pools: priced.prices.pools(),
        carried: &carried,
        past: &past,
        reductions: &reductions,
        corrections: &corrections,
        recognised: &recognised,
    };
    let written = priced.settle(terms, &mut draft)?;
    let WrittenClaims { month, mut warnings, first_claim, kept } = written;
    warnings.append(unchanged);
    let mut tables = sum_tables(&month, packs, &intake);
    let audited = match kept {
        None => None,
        Some(kept) => {
            tell(Step::Auditing)?;
            Some(audited(kept, &terms, outcomes, (joined.as_ref(), &reduced), &mut tables)?)
        }
    };
    tell(Step::Writing)?;
    for (name, table) in &tables {
        draft.add_table(name, table)?;
    }
    check_counted(&draft)?;
    let replaced = against_earlier(draft.book(), period, &tables)?;
    let mut run = run(&mut draft, job, &intake, &month, &tables, left_out)?;
    note_audit(&mut run, audited);
    let receipt = draft.commit(run)?;
    warnings.append(intake.report.warnings);
    Ok(SettledMonth { receipt, tables, first_claim, warnings, audited, replaced })
}

/// Leaves out what other months have settled; the rest of what they have of the same stays comes with its tally.
fn leave_out_settled(book: &Book, period: Period, intake: &mut Intake) -> Result<(Tally, Vec<Again>), Problems> {
    let settled = settled_before(book, period, &intake.claims)?;
    let mut left_out = intake.leave_out(&settled, &books::SETTLED_BEFORE)?;
    let mut again = settled_again(book, period, &intake.claims)?;
    let older = intake.leave_out(&older(&mut again), &books::SETTLED_LATER)?;
    left_out.rows += older.rows;
    left_out.fen += older.fen;
    Ok((left_out, again))
}

/// Settles the month a second time and compares.
fn audited(
    kept: KeptClaims,
    terms: &MonthTerms<'_>,
    outcomes: &[Outcome],
    (joined, reduced): (Option<&Joined<'_>>, &Reduced),
    tables: &mut BTreeMap<String, Table>,
) -> Result<Audited, Problems> {
    let KeptClaims { claims, grouped, table, details } = kept;
    tables.insert(CLAIMS.to_owned(), table);
    let stood = joined.map_or_else(Vec::new, Joined::stood);
    let input = MonthAudit {
        period: terms.period,
        claims: &claims,
        grouped: &grouped,
        outcomes,
        set: terms.set,
        options: &Options { period: Some(terms.period), past: terms.past, tcm: None },
        carried: terms.carried,
        details: details.as_ref(),
        corrections: terms.corrections,
        recognised: terms.recognised,
        joined: joined.map(|joined| joined.facts(&stood)),
        reduced: Some(reduced.facts()),
    };
    let audited = audit::month(&input, tables);
    tables.remove(CLAIMS);
    audited
}

/// What a clearing has counted stays as it is once its year is closed.
fn check_counted(draft: &Draft<'_>) -> Result<(), Problems> {
    let (book, period) = (draft.book(), draft.period());
    let closed = |info: &PeriodInfo| info.status == Status::Closed && info.period.is_year();
    let mut problems = Problems::new();
    for year in book.periods().filter(closed).map(|info| info.period) {
        let counted = clearing_counts(book, year)?;
        let before = counted.iter().find(|(month, _)| *month == period);
        if before.is_some_and(|(_, sha256)| draft.sha256_of(CORRECTIONS) != Some(sha256)) {
            problems.push(Problem::new(&books::COUNTED_BY_CLEARING).with("year", year).with("period", period));
        }
    }
    problems.or(()).map(|_| ())
}

/// The tables of the month but those of single claims, by name.
fn sum_tables(month: &Month, packs: &Packs, intake: &Intake) -> BTreeMap<String, Table> {
    let own = month.sum_tables(&packs.set).into_iter();
    let mut tables: BTreeMap<String, Table> = own.map(|(name, table)| (name.to_owned(), table)).collect();
    if let Some(table) = tables.remove("institutions") {
        tables.insert("institutions".to_owned(), with_names(table, packs));
    }
    tables.insert("rejects".to_owned(), intake.rejects.table());
    let recognised = month.recognised.iter().map(|line| &line.of);
    tables.insert("rules".to_owned(), packs.rules_table_with(recognised));
    tables.insert(CORRECTIONS.to_owned(), corrections_table(&month.corrections));
    tables
}

/// In the manifest: that an audit was asked for, and how many figures it compared.
pub(super) fn note_audit(run: &mut Run, audited: Option<Audited>) {
    if let Some(Audited { figures }) = audited {
        run.options.insert("audit".to_owned(), "true".to_owned());
        run.totals.insert("audited_figures".to_owned(), figures.to_string());
    }
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
    let mut inputs = intake.inputs.clone();
    if !month.recognised.is_empty() {
        inputs.extend(recognised_input(draft.book(), month.period)?);
    }
    Ok(Run {
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        simulation: month.simulation,
        inputs,
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
    let wanted = ["due", "prepaid", "withheld", "payable", "corrections", "carried_in", "carried_out"];
    totals.extend(wanted.iter().filter_map(|name| Some(((*name).to_owned(), sums.get(*name)?.clone()))));
    totals
}
