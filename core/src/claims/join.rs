//! The long form made wide: what the other tables say of a claim as columns beside `setlinfo`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use hashbrown::HashMap;

use super::column::{BatchReader, Fault};
use super::columns::{UNKNOWN, UNKNOWN_FEN};
use super::fields::Field;
use super::mapping::PaidBy;
use super::options::ReadOptions;
use super::plan::Plan;
use super::tables::TableKind;
use crate::frame::{Added, Batch, Head, Kind, Source};
use crate::money::Fen;
use crate::problem::catalogue::claims::{
    AMOUNT_TOO_LARGE, PAYINFO_NOT_USED, PRINCIPAL_UNCLEAR, ROWS_WITHOUT_CLAIM, UNKNOWN_COLUMN, UNKNOWN_FUND_PAY_TYPE,
};
use crate::problem::catalogue::files::BROKEN_FILE;
use crate::problem::{Problem, Problems};
use crate::text::{Text, TextList};

/// The column that a mapping can name in `[sums]`: Σ `amt` of `iteminfo`.
const ITEM_SUM: &str = "iteminfo.amt";

/// What the tables beside `setlinfo` say.
#[derive(Debug, Default)]
pub(super) struct Join {
    numbers: HashMap<String, u32>,
    diagnoses: Option<Ranked>,
    procedures: Option<Ranked>,
    /// Amounts by the name of their column; [`UNKNOWN_FEN`] where nothing is said.
    amounts: BTreeMap<&'static str, Vec<i64>>,
    /// Hours of intensive care.
    icu_hours: Option<Vec<i64>>,
    faults: BTreeMap<u32, Vec<Fault>>,
    pub(super) normalised: BTreeMap<Field, u64>,
    found: Vec<AtomicBool>,
    pub(super) warnings: Problems,
}

/// Codes with their claims and ranks, in the order read.
#[derive(Debug, Default)]
struct Ranked {
    claims: Vec<u32>,
    /// 0 for the main one, then by number where there are numbers.
    ranks: Vec<(u8, u32)>,
    codes: Text,
    /// `starts[claim]..starts[claim + 1]` are the codes of a claim, when all are read.
    starts: Vec<u32>,
}

impl Ranked {
    fn push(&mut self, claim: u32, main: bool, number: i32, code: &str) {
        self.claims.push(claim);
        self.ranks.push((u8::from(!main), u32::try_from(number).unwrap_or(u32::MAX)));
        self.codes.push(code);
    }

    /// Puts the codes in order: by claim, the main one first, then by number, then as read. With `once`, the copy of a
    /// row is left out, which must not look like more illness; a code that stands in rows of its own is as often there
    /// as in the wide form.
    fn sort(&mut self, claims: usize, once: bool) {
        let mut order: Vec<u32> = (0..self.claims.len() as u32).collect();
        order.sort_by_key(|&at| (self.claims[at as usize], self.ranks[at as usize]));
        if once {
            let (mut claim, mut seen) = (None, BTreeSet::new());
            order.retain(|&at| {
                let at = at as usize;
                if claim.replace(self.claims[at]) != Some(self.claims[at]) {
                    seen.clear();
                }
                let (rank, number) = self.ranks[at];
                seen.insert((rank, if rank == 0 { 0 } else { number }, self.codes.bytes(at)))
            });
        }
        self.claims = order.iter().map(|&at| self.claims[at as usize]).collect();
        self.ranks = order.iter().map(|&at| self.ranks[at as usize]).collect();
        self.codes = std::mem::take(&mut self.codes).take(&order);
        let mut starts = vec![0; claims + 1];
        self.claims.iter().for_each(|&claim| starts[claim as usize + 1] += 1);
        (0..claims).for_each(|claim| starts[claim + 1] += starts[claim]);
        self.starts = starts;
    }

    fn range(&self, claim: u32) -> std::ops::Range<usize> {
        self.starts[claim as usize] as usize..self.starts[claim as usize + 1] as usize
    }

    fn get(&self, claim: u32) -> impl Iterator<Item = &str> {
        self.range(claim).map(|at| self.codes.get(at))
    }

    /// How many codes of a claim are marked as the main one.
    fn mains(&self, claim: u32) -> usize {
        self.range(claim).filter(|&at| self.ranks[at].0 == 0).count()
    }
}

impl Join {
    /// Reads all tables beside `setlinfo`. What is wrong with their headers is told at once.
    pub(super) fn read(tables: &[(TableKind, impl AsRef<Path>)], options: &ReadOptions) -> Result<Join, Problems> {
        let mut problems = Problems::new();
        let mut join = Join::default();
        for (kind, path) in tables {
            if let Err(more) = join.read_table(*kind, path.as_ref(), options) {
                problems.append(more);
            }
        }
        join.finish();
        problems.or(join).map(|(join, _)| join)
    }

    fn read_table(&mut self, kind: TableKind, path: &Path, options: &ReadOptions) -> Result<(), Problems> {
        let file = path.display().to_string();
        let source = Source::open(path)?;
        let (fields, needed) = kind.fields();
        let mut plan = Plan::of(source.heads(), &[], &file, fields, needed, options)?;
        // Most columns of these tables are of no use here; that needs no warning.
        plan.warnings.0.retain(|warning| warning.entry != &UNKNOWN_COLUMN);
        self.warnings.append(std::mem::take(&mut plan.warnings));
        if kind == TableKind::Payinfo && options.mapping.payinfo.is_empty() {
            self.warnings.push(Problem::new(&PAYINFO_NOT_USED).file(file));
            return Ok(());
        }
        self.begin(kind, options);
        let wanted = plan.wanted(source.heads());
        for batch in source.batches(&wanted)? {
            self.read_batch(kind, &batch?, &plan, options)?;
        }
        Ok(())
    }

    /// A table that is there says of every claim at least that it has nothing.
    fn begin(&mut self, kind: TableKind, options: &ReadOptions) {
        match kind {
            TableKind::Diseinfo => _ = self.diagnoses.get_or_insert_default(),
            TableKind::Oprninfo => _ = self.procedures.get_or_insert_default(),
            TableKind::Icuinfo => _ = self.icu_hours.get_or_insert_default(),
            TableKind::Iteminfo => _ = self.amounts.entry(ITEM_SUM).or_default(),
            TableKind::Payinfo => {
                let fields: BTreeSet<Field> = options.mapping.payinfo.values().filter_map(|by| by.field()).collect();
                fields.into_iter().for_each(|field| _ = self.amounts.entry(field.name()).or_default());
            }
            TableKind::Setlinfo | TableKind::Other => {}
        }
    }

    fn read_batch(
        &mut self,
        kind: TableKind,
        batch: &Batch,
        plan: &Plan,
        options: &ReadOptions,
    ) -> Result<(), Problem> {
        let mut reader = BatchReader::new(batch, plan, options);
        let ids = reader.texts(Field::SetlId)?;
        let valid = reader.flags(Field::ValiFlag)?;
        let claims: Vec<Option<u32>> = (0..ids.len())
            .map(|row| (valid[row] != 0 && !ids.bytes(row).is_empty()).then(|| self.number(ids.get(row))))
            .collect();
        match kind {
            TableKind::Diseinfo => self.take_diagnoses(&mut reader, &claims, options)?,
            TableKind::Oprninfo => self.take_procedures(&mut reader, &claims)?,
            TableKind::Payinfo => self.take_payments(&mut reader, &claims, options)?,
            TableKind::Iteminfo => {
                let amounts = reader.amounts(Field::Amt)?;
                for (row, claim) in claims.iter().enumerate() {
                    self.add(&mut reader, row, *claim, ITEM_SUM, Field::Amt, amounts[row]);
                }
            }
            TableKind::Icuinfo => {
                let hours = reader.wholes(Field::ScsCutdSumDura)?;
                let sums = self.icu_hours.get_or_insert_default();
                for (claim, hours) in claims.iter().zip(hours).filter_map(|(c, h)| c.map(|c| (c as usize, h))) {
                    sums.resize(sums.len().max(claim + 1), -1);
                    sums[claim] = sums[claim].max(0) + i64::from(if hours == UNKNOWN { 0 } else { hours });
                }
            }
            TableKind::Setlinfo | TableKind::Other => {}
        }
        for (field, count) in reader.findings.normalised {
            *self.normalised.entry(field).or_default() += count;
        }
        for mut fault in reader.findings.faults {
            if let Some(claim) = claims[fault.row] {
                fault.elsewhere = Some((batch.file().clone(), batch.row_number(fault.row)));
                self.faults.entry(claim).or_default().push(fault);
            }
        }
        Ok(())
    }

    fn number(&mut self, setl_id: &str) -> u32 {
        if let Some(&number) = self.numbers.get(setl_id) {
            return number;
        }
        let number = self.numbers.len() as u32;
        self.numbers.insert(setl_id.to_owned(), number);
        number
    }

    fn take_diagnoses(
        &mut self,
        reader: &mut BatchReader<'_>,
        claims: &[Option<u32>],
        options: &ReadOptions,
    ) -> Result<(), Problem> {
        let types = &options.mapping.diagnoses.types;
        let (codes, kinds) = (reader.codes(Field::DiagCode)?, reader.keywords(Field::DiagType)?);
        let (mains, numbers) = (reader.flags(Field::MaindiagFlag)?, reader.wholes(Field::DiagSrtNo)?);
        let ranked = self.diagnoses.get_or_insert_default();
        for (row, claim) in claims.iter().enumerate() {
            let counts = types.is_empty() || types.iter().any(|kind| kind == kinds.get(row));
            if let Some(claim) = claim.filter(|_| counts) {
                codes.get(row).for_each(|code| ranked.push(claim, mains[row] == 1, numbers[row], code));
            }
        }
        Ok(())
    }

    /// `oprn_oprt_type` 1 is the main procedure. Where several or none are so marked, number and order decide.
    fn take_procedures(&mut self, reader: &mut BatchReader<'_>, claims: &[Option<u32>]) -> Result<(), Problem> {
        let (codes, kinds) = (reader.codes(Field::OprnOprtCode)?, reader.keywords(Field::OprnOprtType)?);
        let numbers = reader.wholes(Field::OprnSrtNo)?;
        let ranked = self.procedures.get_or_insert_default();
        for (row, claim) in claims.iter().enumerate() {
            if let Some(claim) = *claim {
                codes.get(row).for_each(|code| ranked.push(claim, kinds.get(row) == "1", numbers[row], code));
            }
        }
        Ok(())
    }

    fn take_payments(
        &mut self,
        reader: &mut BatchReader<'_>,
        claims: &[Option<u32>],
        options: &ReadOptions,
    ) -> Result<(), Problem> {
        let (kinds, amounts) = (reader.keywords(Field::FundPayType)?, reader.amounts(Field::FundPayamt)?);
        let by: Vec<Option<&PaidBy>> = kinds.texts().iter().map(|kind| options.mapping.payinfo.get(kind)).collect();
        let names: Vec<&'static str> = self.amounts.keys().copied().filter(|&name| name != ITEM_SUM).collect();
        for (row, claim) in claims.iter().enumerate() {
            match by[kinds.id(row) as usize] {
                // A claim with any payment has a known sum of each kind, if only of nothing.
                Some(by) => {
                    for &name in &names {
                        let here = by.field().is_some_and(|field| field.name() == name);
                        let amount = if here { amounts[row] } else { 0 };
                        self.add(reader, row, *claim, name, Field::FundPayamt, amount);
                    }
                }
                None => {
                    let kind = kinds.get(row);
                    let fault = Fault::new(row, Field::FundPayType, &UNKNOWN_FUND_PAY_TYPE, kind);
                    reader.fault(fault.with("value", kind));
                }
            }
        }
        Ok(())
    }

    fn add(
        &mut self,
        reader: &mut BatchReader<'_>,
        row: usize,
        claim: Option<u32>,
        name: &'static str,
        field: Field,
        amount: i64,
    ) {
        let Some(claim) = claim.map(|claim| claim as usize).filter(|_| amount != UNKNOWN_FEN) else { return };
        let sums = self.amounts.entry(name).or_default();
        sums.resize(sums.len().max(claim + 1), UNKNOWN_FEN);
        let sum = Fen(if sums[claim] == UNKNOWN_FEN { 0 } else { sums[claim] });
        match sum.checked_add(Fen(amount)) {
            Some(sum) => sums[claim] = sum.0,
            None => reader.fault(Fault::new(row, field, &AMOUNT_TOO_LARGE, &Fen(amount).to_string())),
        }
    }

    fn finish(&mut self) {
        let claims = self.numbers.len();
        self.found = (0..claims).map(|_| AtomicBool::new(false)).collect();
        self.amounts.values_mut().for_each(|sums| sums.resize(claims, UNKNOWN_FEN));
        if let Some(hours) = &mut self.icu_hours {
            hours.resize(claims, -1);
        }
        if let Some(procedures) = &mut self.procedures {
            procedures.sort(claims, false);
        }
        let Some(diagnoses) = &mut self.diagnoses else { return };
        diagnoses.sort(claims, true);
        for claim in 0..claims as u32 {
            let (all, mains) = (diagnoses.range(claim).len(), diagnoses.mains(claim));
            if all > 0 && mains != 1 {
                let fault = Fault::new(0, Field::MaindiagFlag, &PRINCIPAL_UNCLEAR, "").with("count", mains);
                self.faults.entry(claim).or_default().push(fault);
            }
        }
    }

    /// The columns that are added to these of `setlinfo`: those it does not have itself.
    pub(super) fn heads(&self, own: &[Head], options: &ReadOptions) -> Vec<Head> {
        let has = |name: &str| {
            let header = Field::of_name(name).and_then(|field| options.mapping.columns.get(&field));
            own.iter().any(|head| head.name == *header.map_or(name, |header| header.as_str()))
        };
        let mut heads = Vec::new();
        let mut add = |name: &str, kind: Kind, there: bool| {
            if there && !has(name) {
                heads.push(Head { name: name.to_owned(), kind: Some(kind) });
            }
        };
        add(Field::DiagCodes.name(), Kind::Texts, self.diagnoses.is_some());
        add(Field::OprnCodes.name(), Kind::Texts, self.procedures.is_some());
        add(Field::Icu.name(), Kind::Whole, self.icu_hours.is_some());
        add(Field::IcuHours.name(), Kind::Whole, self.icu_hours.is_some());
        self.amounts.keys().for_each(|name| add(name, Kind::Decimal, true));
        heads
    }

    /// The batch with these columns at its end. `claims` are the numbers that [`Join::claims`] gave.
    pub(super) fn widen(&self, batch: Batch, heads: &[Head], claims: &[Option<u32>]) -> Result<Batch, Problem> {
        let file = batch.file().clone();
        let column = |head: &Head| match Field::of_name(&head.name) {
            Some(Field::DiagCodes) => Added::Codes(lists(self.diagnoses.as_ref(), claims)),
            Some(Field::OprnCodes) => Added::Codes(lists(self.procedures.as_ref(), claims)),
            Some(Field::Icu) => Added::Whole(claims.iter().map(|&c| Some(i64::from(self.hours(c) >= 0))).collect()),
            Some(Field::IcuHours) => {
                Added::Whole(claims.iter().map(|&c| Some(self.hours(c)).filter(|&hours| hours >= 0)).collect())
            }
            _ => {
                let sums = &self.amounts[head.name.as_str()];
                let amount = |claim: &Option<u32>| claim.map(|c| sums[c as usize]).filter(|&fen| fen != UNKNOWN_FEN);
                Added::Money(claims.iter().map(amount).collect())
            }
        };
        let added = heads.iter().map(|head| (head.name.as_str(), column(head))).collect();
        batch.with(added).map_err(|error| Problem::new(&BROKEN_FILE).file(file).with("reason", error))
    }

    /// The numbers of the claims of a batch; `None` where the other tables say nothing.
    pub(super) fn claims(&self, setl_ids: &Text) -> Vec<Option<u32>> {
        let claims = setl_ids.iter().map(|setl_id| self.numbers.get(setl_id).copied());
        claims
            .inspect(|claim| claim.iter().for_each(|&c| self.found[c as usize].store(true, Ordering::Relaxed)))
            .collect()
    }

    fn hours(&self, claim: Option<u32>) -> i64 {
        claim.zip(self.icu_hours.as_ref()).map_or(-1, |(claim, hours)| hours[claim as usize])
    }

    /// What is wrong with the rows of other tables that belong to these claims.
    pub(super) fn faults(&self, claims: &[Option<u32>]) -> Vec<Fault> {
        if self.faults.is_empty() {
            return Vec::new();
        }
        let mut all = Vec::new();
        for (row, claim) in claims.iter().enumerate() {
            let faults = claim.and_then(|claim| self.faults.get(&claim));
            all.extend(faults.into_iter().flatten().map(|fault| Fault { row, ..fault.clone() }));
        }
        all
    }

    /// What is left when all of `setlinfo` is read.
    pub(super) fn orphans(&self) -> Problems {
        let orphans = self.numbers.iter().filter(|(_, number)| !self.found[**number as usize].load(Ordering::Relaxed));
        let (count, first) = orphans.fold((0u64, None::<&str>), |(count, first), (setl_id, _)| {
            (count + 1, Some(first.map_or(setl_id.as_str(), |first| first.min(setl_id))))
        });
        match first {
            Some(setl_id) => Problem::new(&ROWS_WITHOUT_CLAIM).with("count", count).with("setl_id", setl_id).into(),
            None => Problems::new(),
        }
    }
}

fn lists(ranked: Option<&Ranked>, claims: &[Option<u32>]) -> TextList {
    let mut lists = TextList::default();
    for claim in claims {
        if let Some((claim, ranked)) = claim.zip(ranked) {
            ranked.get(claim).for_each(|code| lists.push_item(code));
        }
        lists.end_row();
    }
    lists
}
