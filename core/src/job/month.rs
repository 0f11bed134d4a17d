//! Settling a month into a book.

use std::collections::{BTreeMap, BTreeSet};

use super::appeal::Asked;
use super::corrections::{CORRECTIONS, corrections_table};
use super::history::{carried, months_before, past_stays, reversals, settled_months};
use super::record::stays_table;
use super::rows::Rows;
use super::{Intake, Packs, Scheme};
use crate::audit::{self, Audited, MonthAudit};
use crate::claims::{Claims, Tally, UNKNOWN_FEN};
use crate::grouper::{Grouped, Outcome};
use crate::ledger::manifest::{Run, Source};
use crate::ledger::{Book, Draft, Period, Receipt, TableDiff, compare, key_of};
use crate::policy::PolicySet;
use crate::policy::rules::Special;
use crate::pricing::{CaseKind, Options, Priced, TcmCosts, price};
use crate::problem::Problems;
use crate::settlement::{Action, Details, Month, MonthInput, month};
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
    /// By name, as written to the book.
    pub tables: BTreeMap<String, Table>,
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
    let settled_before = leave_out_settled(draft.book(), period, &mut intake)?;
    let mut corrections = reversals(draft.book(), period, &mut intake)?;
    let claims = &intake.claims;
    tell(Step::Grouping)?;
    let grouper = &job.scheme.grouper;
    let (book, outcomes) = (draft.book(), grouper.outcomes());
    let asked = Asked { book, period, orders: &intake.orders, reversed: &corrections, packs, outcomes };
    let (mut asked, unchanged) = asked.corrections()?;
    corrections.append(&mut asked);
    let grouped = grouper.group(&claims.stays, job.clinical);
    tell(Step::Pricing)?;
    let mut past = past_stays(draft.book(), period, &packs.set, claims)?;
    // What this run corrects otherwise is not reduced by a readmission as well.
    let corrected: BTreeSet<&str> = corrections.iter().map(|one| one.setl_id.as_str()).collect();
    past.retain(|stay| !corrected.contains(stay.setl_id.as_str()));
    let options = Options { period: Some(period), past: &past, ..Options::default() };
    let priced = price(claims, &grouped, grouper.outcomes(), &packs.set, &options)?;
    tell(Step::Settling)?;
    let carried = carried(draft.book(), period)?;
    let details = details(claims);
    let input = MonthInput {
        period,
        claims,
        priced: &priced,
        set: &packs.set,
        carried: &carried,
        details: details.as_ref(),
        past: &past,
        corrections: &corrections,
    };
    let (month, mut warnings) = month(&input)?;
    warnings.append(unchanged);
    let at_clearing = clearing_points(claims, &grouped, outcomes, &packs.set, &options, &priced)?;
    let own = month.tables(claims, &grouped, outcomes, &priced, &packs.set);
    let mut tables = settled_tables(own, claims, &priced, packs, at_clearing);
    let outcome = |row: usize| -> Outcome { grouper.outcomes()[usize::from(grouped.outcomes[row])].clone() };
    tables.insert("rejects".to_owned(), intake.rejects.table());
    tables.insert("rules".to_owned(), packs.rules_table());
    tables.insert("stays".to_owned(), stays_table(claims, &outcome));
    tables.insert(CORRECTIONS.to_owned(), corrections_table(&month.corrections));
    let input = MonthAudit {
        period,
        claims,
        grouped: &grouped,
        outcomes,
        set: &packs.set,
        options: &options,
        carried: &carried,
        details: details.as_ref(),
        corrections: &corrections,
    };
    let audited = audited(job, &input, &tables, tell)?;
    tell(Step::Writing)?;
    for (name, table) in &tables {
        draft.add_table(name, table)?;
    }
    let replaced = against_earlier(draft.book(), period, &tables)?;
    let mut run = run(&mut draft, job, &intake, &month, &tables, settled_before)?;
    note_audit(&mut run, audited);
    let receipt = draft.commit(run)?;
    warnings.append(intake.report.warnings);
    Ok(SettledMonth { receipt, tables, warnings, audited, replaced })
}

/// The tables of the month by name, with what only a run knows: names of institutions, pools and bills of claims.
fn settled_tables(
    tables: Vec<(&'static str, Table)>,
    claims: &Claims,
    priced: &Priced,
    packs: &Packs,
    at_clearing: Option<Values>,
) -> BTreeMap<String, Table> {
    let mut tables: BTreeMap<String, Table> =
        tables.into_iter().map(|(name, table)| (name.to_owned(), table)).collect();
    if let Some(table) = tables.remove("institutions") {
        tables.insert("institutions".to_owned(), with_names(table, packs));
    }
    if let Some(table) = tables.remove("claims") {
        let pool = |row: usize| priced.pools.get(usize::from(priced.pool[row])).map_or("", String::as_str);
        let pools = Values::keywords((0..priced.len()).map(pool));
        let table = with_parts(table.with("pool", pools), claims);
        let table = at_clearing.into_iter().fold(table, |table, points| table.with("clearing_points", points));
        tables.insert("claims".to_owned(), table);
    }
    tables
}

/// The audit of a month, where one is asked for.
fn audited(
    job: &MonthJob<'_>,
    input: &MonthAudit<'_>,
    tables: &BTreeMap<String, Table>,
    tell: &dyn Fn(Step) -> Result<(), Problems>,
) -> Result<Option<Audited>, Problems> {
    if !job.audit {
        return Ok(None);
    }
    tell(Step::Auditing)?;
    audit::month(input, tables).map(Some)
}

/// In the manifest: that an audit was asked for, and how many figures it compared.
pub(super) fn note_audit(run: &mut Run, audited: Option<Audited>) {
    if let Some(Audited { figures }) = audited {
        run.options.insert("audit".to_owned(), "true".to_owned());
        run.totals.insert("audited_figures".to_owned(), figures.to_string());
    }
}

/// Own pay and deductibles, where a file has them.
fn details(claims: &Claims) -> Option<Details> {
    let parts = &claims.parts;
    (!parts.own_pay_fen.is_empty()).then(|| Details {
        own_pay_fen: parts.own_pay_fen.clone(),
        first_own_pay_fen: parts.first_own_pay_fen.clone(),
        deductible_fen: parts.deductible_fen.clone(),
    })
}

/// The parts of bills that the files have.
fn with_parts(table: Table, claims: &Claims) -> Table {
    let names = ["fulamt_ownpay_amt", "preselfpay_amt", "dedc_std", "tcm_amt", "tcm_base_amt"];
    let columns = names.into_iter().zip(claims.parts.columns()).filter(|(_, column)| !column.is_empty());
    columns.fold(table, |table, (name, column)| {
        let known = column.iter().map(|fen| Some(*fen).filter(|fen| *fen != UNKNOWN_FEN));
        table.with(name, Values::Money(known.collect()))
    })
}

/// What cases of TCM advantage groups will have at clearing, when the share of TCM in their cost is looked at; nothing
/// where it is not known. No column where no rule asks.
fn clearing_points(
    claims: &Claims,
    grouped: &Grouped,
    outcomes: &[Outcome],
    set: &PolicySet,
    options: &Options<'_>,
    priced: &Priced,
) -> Result<Option<Values>, Problems> {
    let mut special = set.packs.iter().flat_map(|pack| &pack.special);
    if !special.any(|rule| matches!(rule.value, Special::TcmAdvantage { .. })) {
        return Ok(None);
    }
    let parts = &claims.parts;
    let known = |row: usize| {
        let amount = |column: &[i64]| column.get(row).is_some_and(|fen| *fen != UNKNOWN_FEN);
        amount(&parts.tcm_fen) && amount(&parts.tcm_base_fen)
    };
    let filled = |column: &[i64]| (0..claims.len()).map(|row| if known(row) { column[row] } else { 0 }).collect();
    let (tcm_fen, base_fen): (Vec<i64>, Vec<i64>) = (filled(&parts.tcm_fen), filled(&parts.tcm_base_fen));
    let tcm = Some(TcmCosts { tcm_fen: &tcm_fen, base_fen: &base_fen });
    let then = price(claims, grouped, outcomes, set, &Options { tcm, ..*options })?;
    let is_tcm = |row: usize| priced.case_kind[row] == CaseKind::Tcm && known(row);
    let units = (0..claims.len()).map(|row| is_tcm(row).then(|| i128::from(then.points_e4[row])));
    Ok(Some(Values::Decimal { units: units.collect(), scale: 4, wide: false }))
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
    let others = settled_months(book)?.into_iter().filter(|other| *other != period);
    let mut settled: BTreeMap<String, Period> = BTreeMap::new();
    let ours: BTreeSet<String> = intake.claims.stays.setl_id.iter().map(str::to_owned).collect();
    for other in others {
        let table = book.columns(other, "claims", &["setl_id", "state"])?;
        let claims = Rows { table };
        for row in (0..claims.len()).filter(|&row| claims.str("state", row) != "excluded") {
            let id = claims.str("setl_id", row);
            if ours.contains(id) {
                settled.insert(id.to_owned(), other);
            }
        }
    }
    // What was taken back may come again.
    for made_in in months_before(book, period)? {
        let Some(made) = Rows::read_if_any(book, made_in, CORRECTIONS, &["setl_id", "period", "action"])? else {
            continue;
        };
        for row in (0..made.len()).filter(|&row| made.str("action", row) == Action::Reverse.code()) {
            let id = made.str("setl_id", row);
            if settled.get(id).is_some_and(|month| month.to_string() == made.str("period", row)) {
                settled.remove(id);
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
    let wanted = ["due", "prepaid", "withheld", "payable", "corrections", "carried_in", "carried_out"];
    totals.extend(wanted.iter().filter_map(|name| Some(((*name).to_owned(), sums.get(*name)?.clone()))));
    totals
}
