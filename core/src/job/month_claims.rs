//! The claims of a month, chunk by chunk: grouped and looked at, priced, and written with what is due for each. No more
//! than some chunks are in memory at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::corrections::{CLEARING, decimals};
use super::history::Persons;
use super::month::MonthJob;
use super::passes::{over_chunks, ranges};
use super::record::stays_table;
use crate::claims::{ClaimStore, Claims, UNKNOWN, UNKNOWN_FEN};
use crate::frame::{Encoded, GroupEncoder};
use crate::grouper::{Grouped, Outcome};
use crate::ledger::{Draft, GrowingTable, Period};
use crate::policy::PolicySet;
use crate::policy::rules::Special;
use crate::pricing::{Aside, CaseKind, Chunk, PastStay, Priced, Prices, Pricing, Survey, TcmCosts};
use crate::problem::catalogue::books;
use crate::problem::{Problem, Problems};
use crate::settlement::{ClaimColumns, Details, DueSums, Month, MonthCases, MonthTerms, OpenMonth, Worth};
use crate::table::sums::ControlSums;
use crate::table::{Table, Values};

/// The table with a row a claim.
pub(super) const CLAIMS: &str = "claims";
const STAYS: &str = "stays";

/// Claims that are grouped, and surveyed for pricing.
pub(super) struct Looked<'a> {
    job: &'a MonthJob<'a>,
    store: &'a ClaimStore,
    outcomes: &'a [Outcome],
    groups: Vec<u16>,
    pricing: Pricing<'a>,
    survey: Survey,
}

impl<'a> Looked<'a> {
    /// Groups all claims.
    pub(super) fn at(job: &'a MonthJob<'a>, period: Period, store: &'a ClaimStore) -> Result<Looked<'a>, Problems> {
        let grouper = &job.scheme.grouper;
        let outcomes = grouper.outcomes();
        let pricing = Pricing::new(&store.texts(), outcomes, &job.packs.set, Some(period));
        let (mut groups, mut survey) = (Vec::with_capacity(store.len()), Survey::default());
        let work = |rows: Range<usize>| {
            let first = rows.start;
            let claims = store.chunk(rows)?;
            let grouped = grouper.group(&claims.stays, job.clinical);
            let survey = pricing.survey(&Chunk { first, claims: &claims, grouped: &grouped, tcm: None });
            Ok((grouped, survey))
        };
        over_chunks(store.len(), work, |(grouped, found)| {
            groups.extend(grouped.outcomes);
            survey.append(found);
            Ok(())
        })?;
        Ok(Looked { job, store, outcomes, groups, pricing, survey })
    }

    /// Those of some claims that are not left out as of another period or out of scope.
    pub(super) fn in_scope(&self, rows: &BTreeSet<usize>) -> Result<BTreeSet<usize>, Problems> {
        let mut found = BTreeSet::new();
        for chunk in ranges(self.store.len()) {
            let (first, own) = (chunk.start, rows.range(chunk.clone()));
            if own.clone().next().is_some() {
                let claims = self.store.chunk(chunk)?;
                let at = |row: usize| row - first..row - first + 1;
                found.extend(own.filter(|row| self.counts_as(**row, &claims.slice(at(**row)))));
            }
        }
        Ok(found)
    }

    fn counts_as(&self, row: usize, claims: &Claims) -> bool {
        let grouped = Grouped { outcomes: self.groups[row..=row].to_vec() };
        self.pricing.counts(&Chunk { first: row, claims, grouped: &grouped, tcm: None })
    }

    /// The patients of claims that come late: discharged before the period.
    pub(super) fn late(&self, period: Period) -> Result<Persons, Problems> {
        let mut persons = Persons::default();
        let first = first_day(period);
        self.each_stay(&|day, _| day < first, &mut |person, _| persons.insert(person))?;
        Ok(persons)
    }

    /// By patient, the days of admission of stays that an earlier period may have sent on so many days before.
    pub(super) fn admitted_by(&self, period: Period, days: i64) -> Result<BTreeMap<String, Vec<i32>>, Problems> {
        let mut admitted: BTreeMap<String, Vec<i32>> = BTreeMap::new();
        let first = first_day(period);
        let soon = |_, admitted| i64::from(admitted) <= i64::from(first) + days;
        self.each_stay(&soon, &mut |person, day| admitted.entry(person.to_owned()).or_default().push(day))?;
        Ok(admitted)
    }

    /// Tells person and day of admission of the stays wanted by their days of discharge and admission.
    fn each_stay(&self, wanted: &dyn Fn(i32, i32) -> bool, tell: &mut dyn FnMut(&str, i32)) -> Result<(), Problems> {
        for rows in ranges(self.store.len()) {
            let claims = self.store.chunk(rows)?;
            for at in 0..claims.psn_no.len() {
                let day = |column: &[i32]| column.get(at).copied().unwrap_or(UNKNOWN);
                let (discharged, admitted) = (day(&claims.discharged), day(&claims.admitted));
                if discharged != UNKNOWN && admitted != UNKNOWN && wanted(discharged, admitted) {
                    tell(claims.psn_no.get(at), admitted);
                }
            }
        }
        Ok(())
    }

    /// The stays of some persons that are in scope: row, claim and group.
    pub(super) fn stays_of(&self, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<(usize, Claims, u16)>, Problems> {
        let mut found = Vec::new();
        for rows in ranges(self.store.len()) {
            let first = rows.start;
            let claims = self.store.chunk(rows)?;
            let own = (0..claims.psn_no.len()).filter(|at| wanted(claims.psn_no.get(*at)));
            for at in own {
                let (row, claim) = (first + at, claims.slice(at..at + 1));
                if self.counts_as(row, &claim) {
                    found.push((row, claim, self.groups[row]));
                }
            }
        }
        Ok(found)
    }

    /// Finds what all prices depend on.
    pub(super) fn price(self, past: &[PastStay]) -> Result<PricedClaims<'a>, Problems> {
        let Looked { job, store, outcomes, groups, pricing, survey } = self;
        let prices = pricing.ready(survey, past)?;
        let at_clearing = asks_clearing(&job.packs.set).then(|| prices.clone());
        let mut priced = PricedClaims { job, store, outcomes, groups, prices, at_clearing };
        if priced.prices.needs_aside() {
            let aside = priced.set_aside(&priced.prices, false)?;
            priced.prices.decide(aside)?;
            if let Some(mut then) = priced.at_clearing.take() {
                let aside = priced.set_aside(&then, true)?;
                then.decide(aside)?;
                priced.at_clearing = Some(then);
            }
        }
        Ok(priced)
    }
}

/// The first day of a period, counted from 1970-01-01.
fn first_day(period: Period) -> i32 {
    period.first_day().to_epoch_days()
}

/// Whether a pack looks, at clearing, at the share of TCM in the cost of cases.
pub(super) fn asks_clearing(set: &PolicySet) -> bool {
    let mut special = set.packs.iter().flat_map(|pack| &pack.special);
    special.any(|rule| matches!(rule.value, Special::TcmAdvantage { .. }))
}

/// Claims of which every price can be had.
pub(super) struct PricedClaims<'a> {
    job: &'a MonthJob<'a>,
    store: &'a ClaimStore,
    outcomes: &'a [Outcome],
    groups: Vec<u16>,
    pub(super) prices: Prices<'a>,
    /// The prices that cases will have at clearing, where a rule asks.
    at_clearing: Option<Prices<'a>>,
}

/// What is known once all claims are written.
pub(super) struct WrittenClaims {
    pub month: Month,
    pub warnings: Problems,
    /// `setl_id` of the first claim.
    pub first_claim: Option<String>,
    /// All claims and their table, for an audit.
    pub kept: Option<KeptClaims>,
}

/// All claims at once.
#[derive(Default)]
pub(super) struct KeptClaims {
    pub claims: Claims,
    pub grouped: Grouped,
    pub table: Table,
    pub details: Option<Details>,
}

/// A chunk, ready to be put into the files.
struct Written {
    rows: usize,
    first: Option<String>,
    claims: (Encoded, ControlSums),
    stays: (Encoded, ControlSums),
    sums: DueSums,
    kept: Option<KeptClaims>,
}

impl PricedClaims<'_> {
    fn grouped(&self, rows: &Range<usize>) -> Grouped {
        Grouped { outcomes: self.groups[rows.clone()].to_vec() }
    }

    /// Puts other prices in place of those of a row: its own, and that of clearing.
    pub(super) fn put(&mut self, row: usize, now: &Priced, then: Option<&Priced>, at: usize) {
        self.prices.put(row, now, at);
        if let Some((prices, then)) = self.at_clearing.as_mut().zip(then) {
            prices.put(row, then, at);
        }
    }

    /// The cases to be decided on, of all claims.
    fn set_aside(&self, prices: &Prices<'_>, clearing: bool) -> Result<Aside, Problems> {
        let mut aside = Aside::default();
        let work = |rows: Range<usize>| {
            let (first, grouped, claims) = (rows.start, self.grouped(&rows), self.store.chunk(rows)?);
            let tcm = clearing.then(|| Tcm::of(&claims));
            prices.set_aside(&Chunk { first, claims: &claims, grouped: &grouped, tcm: tcm.as_ref().map(Tcm::costs) })
        };
        over_chunks(self.store.len(), work, |found| {
            aside.append(found);
            Ok(())
        })?;
        Ok(aside)
    }

    /// Finds point values from all prices, then writes every claim with what is due for it.
    pub(super) fn settle(&self, terms: MonthTerms<'_>, draft: &mut Draft<'_>) -> Result<WrittenClaims, Problems> {
        let mut cases = MonthCases::default();
        let work = |rows: Range<usize>| {
            let (first, grouped, claims) = (rows.start, self.grouped(&rows), self.store.chunk(rows)?);
            let priced = self.prices.of(&Chunk { first, claims: &claims, grouped: &grouped, tcm: None })?;
            MonthCases::of(&claims, &priced, details(&claims).as_ref())
        };
        over_chunks(self.store.len(), work, |found| cases.append(found))?;
        let open = OpenMonth::new(terms, cases)?;
        let none = self.store.chunk(0..0)?;
        let priced = self.prices.of(&Chunk { first: 0, claims: &none, grouped: &Grouped::default(), tcm: None })?;
        let columns = ClaimColumns::new(self.outcomes, &priced, &self.job.packs.set);
        let like = self.tables(0, &none, &Grouped::default(), &columns, &open)?;
        let (mut claims_file, claims_encoder) = draft.begin_table(CLAIMS, &like.claims)?;
        let (mut stays_file, stays_encoder) = draft.begin_table(STAYS, &like.stays)?;
        let (mut first_claim, mut sums) = (None, DueSums::default());
        let mut kept = self.job.audit.then(KeptClaims::default);
        let work = |rows: Range<usize>| self.write(rows, &columns, &open, (&claims_encoder, &stays_encoder));
        over_chunks(self.store.len(), work, |chunk| {
            put(&mut claims_file, chunk.rows, chunk.claims)?;
            put(&mut stays_file, chunk.rows, chunk.stays)?;
            first_claim = first_claim.take().or(chunk.first);
            if let (Some(kept), Some(more)) = (&mut kept, chunk.kept) {
                kept.append(more);
            }
            sums.append(chunk.sums)
        })?;
        draft.end_table(claims_file)?;
        draft.end_table(stays_file)?;
        let (month, warnings) = open.close(sums)?;
        Ok(WrittenClaims { month, warnings, first_claim, kept })
    }

    /// The tables of a chunk, encoded.
    fn write(
        &self,
        rows: Range<usize>,
        columns: &ClaimColumns<'_>,
        open: &OpenMonth<'_>,
        (of_claims, of_stays): (&GroupEncoder, &GroupEncoder),
    ) -> Result<Written, Problems> {
        let (first, grouped, claims) = (rows.start, self.grouped(&rows), self.store.chunk(rows)?);
        let tables = self.tables(first, &claims, &grouped, columns, open)?;
        let written = Written {
            rows: claims.len(),
            first: claims.stays.setl_id.iter().next().map(str::to_owned),
            claims: encode(CLAIMS, of_claims, &tables.claims)?,
            stays: encode(STAYS, of_stays, &tables.stays)?,
            sums: tables.sums,
            kept: None,
        };
        if !self.job.audit {
            return Ok(written);
        }
        let details = details(&claims);
        Ok(Written { kept: Some(KeptClaims { claims, grouped, table: tables.claims, details }), ..written })
    }

    /// What is due for the claims of a chunk, and their tables.
    fn tables(
        &self,
        first: usize,
        claims: &Claims,
        grouped: &Grouped,
        columns: &ClaimColumns<'_>,
        open: &OpenMonth<'_>,
    ) -> Result<ChunkTables, Problems> {
        let chunk = Chunk { first, claims, grouped, tcm: None };
        let priced = self.prices.of(&chunk)?;
        let (dues, sums) = open.dues(claims, &priced, details(claims).as_ref())?;
        let table = columns.table(claims, grouped, &priced, &dues).with("pool", columns.pools(&priced));
        let mut table = with_parts(table, claims, self.store.has_parts());
        if let Some(then) = &self.at_clearing {
            let tcm = Tcm::of(claims);
            let then = then.of(&Chunk { tcm: Some(tcm.costs()), ..chunk })?;
            for (name, values) in tcm.at_clearing(&priced, &then) {
                table = table.with(name, values);
            }
        }
        Ok(ChunkTables { claims: table, stays: stays_table(claims, grouped, self.outcomes), sums })
    }
}

struct ChunkTables {
    claims: Table,
    stays: Table,
    sums: DueSums,
}

fn encode(name: &str, encoder: &GroupEncoder, table: &Table) -> Result<(Encoded, ControlSums), Problems> {
    let failed = |error: std::io::Error| Problem::new(&books::NOT_WRITTEN).with("reason", error).file(name);
    let sums = ControlSums::of(table).ok_or_else(|| Problem::new(&books::SUM_TOO_LARGE).with("table", name))?;
    Ok((encoder.encode(table).map_err(failed)?, sums))
}

fn put(file: &mut GrowingTable, rows: usize, (encoded, sums): (Encoded, ControlSums)) -> Result<(), Problems> {
    if rows == 0 { Ok(()) } else { file.append(rows, encoded, &sums) }
}

impl KeptClaims {
    fn append(&mut self, more: KeptClaims) {
        self.claims.append(&more.claims);
        self.grouped.outcomes.extend(more.grouped.outcomes);
        if self.table.columns.is_empty() {
            self.table = more.table;
        } else {
            self.table.append(more.table);
        }
        match (&mut self.details, more.details) {
            (Some(own), Some(more)) => own.append(more),
            (own, more) => *own = own.take().or(more),
        }
    }
}

/// Own pay and deductibles, where a file has them.
pub(super) fn details(claims: &Claims) -> Option<Details> {
    let parts = &claims.parts;
    (!parts.own_pay_fen.is_empty()).then(|| Details {
        own_pay_fen: parts.own_pay_fen.clone(),
        first_own_pay_fen: parts.first_own_pay_fen.clone(),
        deductible_fen: parts.deductible_fen.clone(),
    })
}

/// The parts of bills that the files have.
pub(super) fn with_parts(table: Table, claims: &Claims, has: [bool; 5]) -> Table {
    let names = ["fulamt_ownpay_amt", "preselfpay_amt", "dedc_std", "tcm_amt", "tcm_base_amt"];
    let columns = names.into_iter().zip(claims.parts.columns()).zip(has).filter(|(_, has)| *has);
    columns.fold(table, |table, ((name, column), _)| {
        let known = column.iter().map(|fen| Some(*fen).filter(|fen| *fen != UNKNOWN_FEN));
        table.with(name, Values::Money(known.collect()))
    })
}

/// The costs of TCM and what they are a share of; 0 where one is not known.
pub(super) struct Tcm {
    known: Vec<bool>,
    tcm_fen: Vec<i64>,
    base_fen: Vec<i64>,
}

impl Tcm {
    pub(super) fn of(claims: &Claims) -> Tcm {
        let parts = &claims.parts;
        let known = |row: usize| {
            let amount = |column: &[i64]| column.get(row).is_some_and(|fen| *fen != UNKNOWN_FEN);
            amount(&parts.tcm_fen) && amount(&parts.tcm_base_fen)
        };
        let known: Vec<bool> = (0..claims.len()).map(known).collect();
        let filled = |column: &[i64]| {
            known.iter().enumerate().map(|(row, known)| if *known { column[row] } else { 0 }).collect()
        };
        Tcm { tcm_fen: filled(&parts.tcm_fen), base_fen: filled(&parts.tcm_base_fen), known }
    }

    pub(super) fn costs(&self) -> TcmCosts<'_> {
        TcmCosts { tcm_fen: &self.tcm_fen, base_fen: &self.base_fen }
    }

    /// What a case is worth once the share of TCM is looked at; nothing where that is not known, or where it is no
    /// matter: the case is of no TCM advantage group, and in no chain with one.
    pub(super) fn worth(&self, priced: &Priced, then: &Priced, row: usize) -> Option<Worth> {
        let matters = match priced.case_kind[row] {
            CaseKind::Tcm => self.known[row],
            _ => Worth::of(priced, row) != Worth::of(then, row),
        };
        matters.then(|| Worth::of(then, row))
    }

    /// The columns of that.
    pub(super) fn at_clearing(&self, priced: &Priced, then: &Priced) -> [(&'static str, Values); 3] {
        let worths: Vec<Option<Worth>> = (0..priced.len()).map(|row| self.worth(priced, then, row)).collect();
        let money = |of: fn(&Worth) -> i64| Values::Money(worths.iter().map(|worth| worth.as_ref().map(of)).collect());
        let points = decimals(worths.iter().map(|worth| worth.as_ref().map(|worth| worth.points_e4)), 4);
        let (by_amount, outside) = (money(|worth| worth.amount_fen), money(|worth| worth.outside_fen));
        [(CLEARING[0], points), (CLEARING[1], by_amount), (CLEARING[2], outside)]
    }

    /// Whether the costs of a case are known.
    pub(super) fn is_known(&self, row: usize) -> bool {
        self.known[row]
    }
}
