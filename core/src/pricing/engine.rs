//! Two passes over chunks of claims: survey them, then price. Nothing depends on chunks, threads or row order.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;
use rayon::prelude::*;

use super::aside::Patch;
use super::assign::{Assigned, Input, Key, Way};
use super::cell::{Cell, CellValues};
use super::cells::{Cells, build_cells};
use super::evaluate::{Case, Changes, Made, Price, excluded, price as evaluate};
use super::exact::Exact;
use super::fault::{Fault, Faults};
use super::kind::{CaseKind, State};
use super::link::{LinkRows, Linker, Links, PastStay, joining_rule};
use super::part::Means;
use super::plain::{Place, Plain};
use super::prepare::Prepared;
use super::priced::{Adjusted, PastReduction, Priced, RowsMut};
use super::quick::Quick;
use super::replay::pool_names;
use super::review::is_asked;
use super::survey::Survey;
use super::when::Test;
use crate::claims::Claims;
use crate::grouper::{Grouped, Outcome};
use crate::ledger::Period;
use crate::money::{Rounding, div_round};
use crate::policy::{PackId, Policy, PolicySet, RuleNo};
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};

pub(super) const CHUNK: usize = 16_384;

/// Cases of which the places are found before they are priced.
const BLOCK: usize = 64;

/// Costs that a TCM gate compares, in fen, one row a claim.
#[derive(Clone, Copy, Debug)]
pub struct TcmCosts<'a> {
    /// TCM treatment, Chinese patent medicine and herbs (`tcm_amt`)
    pub tcm_fen: &'a [i64],
    /// What that is a share of: TCM and Western treatment, drugs, surgery and consumables (`tcm_base_amt`)
    pub base_fen: &'a [i64],
}

/// What a run asks beside the claims.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// The period to settle; without one every claim is in time.
    pub period: Option<Period>,
    /// Stays of earlier periods, for readmissions.
    pub past: &'a [PastStay],
    /// At clearing: cases of TCM advantage groups whose share is too low are priced otherwise.
    pub tcm: Option<TcmCosts<'a>>,
}

/// Prices every claim, or tells all that is missing.
pub fn price(
    claims: &Claims,
    grouped: &Grouped,
    outcomes: &[Outcome],
    set: &PolicySet,
    options: &Options<'_>,
) -> Result<Priced, Problems> {
    check_lengths(claims, grouped, options)?;
    let chunk = Chunk { first: 0, claims, grouped, tcm: options.tcm };
    let pricing = Pricing::new(claims, outcomes, set, options.period);
    let survey = pricing.survey(&chunk);
    let mut prices = pricing.ready(survey, options.past)?;
    if prices.needs_aside() {
        let aside = prices.set_aside(&chunk)?;
        prices.decide(aside)?;
    }
    Ok(Priced { past: prices.past().to_vec(), ..prices.of(&chunk)? })
}

/// Some of a run's claims. All chunks of a run have the same texts in their dictionaries.
#[derive(Clone, Copy, Debug)]
pub struct Chunk<'a> {
    /// Rows of the run before these.
    pub first: usize,
    pub claims: &'a Claims,
    pub grouped: &'a Grouped,
    pub tcm: Option<TcmCosts<'a>>,
}

/// The packs of a run, before its claims are known.
#[derive(Clone)]
pub struct Pricing<'a> {
    outcomes: &'a [Outcome],
    set: &'a PolicySet,
    period: Option<Period>,
    rules: Rules,
    pub(super) prepared: Vec<Prepared<'a>>,
    validity: Vec<(i32, i32)>,
    pub(super) plain: Plain,
    pub(super) pools: Vec<String>,
    institutions: Vec<String>,
    ways: Vec<String>,
    /// The rule for which stays of a person are joined.
    pub(super) joins: Option<String>,
}

impl<'a> Pricing<'a> {
    /// `texts`: the dictionaries of all claims, with a row for each pair of institution and level that occurs.
    #[must_use]
    pub fn new(texts: &Claims, outcomes: &'a [Outcome], set: &'a PolicySet, period: Option<Period>) -> Pricing<'a> {
        let pools = pool_names(set);
        let (rules, prepared) = prepare(texts, outcomes, set, &pools);
        let validity: Vec<(i32, i32)> = set.packs.iter().map(validity).collect();
        Pricing {
            outcomes,
            set,
            period,
            rules,
            plain: Plain::new(&prepared, &validity, texts, outcomes, period, pools.len()),
            validity,
            pools,
            institutions: texts.institution.texts().to_vec(),
            ways: texts.stays.discharge_way.texts().to_vec(),
            joins: joining_rule(&prepared),
            prepared,
        }
    }

    /// Names of the pools.
    #[must_use]
    pub fn pools(&self) -> &[String] {
        &self.pools
    }

    pub(super) fn prepared(&self) -> &[Prepared<'a>] {
        &self.prepared
    }

    pub(super) fn set(&self) -> &'a PolicySet {
        self.set
    }

    /// Whether cases are reviewed.
    pub(super) fn has_reviews(&self) -> bool {
        self.prepared.iter().any(is_asked)
    }

    pub(super) fn input<'s>(&'s self, chunk: &Chunk<'s>) -> Input<'s> {
        Input {
            claims: chunk.claims,
            grouped: chunk.grouped,
            outcomes: self.outcomes,
            prepared: &self.prepared,
            validity: &self.validity,
            period: self.period,
            pools: &self.pools,
        }
    }

    /// Whether no case of a chunk is left out.
    #[must_use]
    pub fn counts(&self, chunk: &Chunk<'_>) -> bool {
        let found = self.input(chunk).assign(0..chunk.claims.len());
        !found.ways.iter().any(|way| matches!(way, Way::Out { .. }))
    }

    /// Computes what all cases of a cell share, and joins the stays of persons; or tells all that is missing.
    pub fn ready(mut self, survey: Survey, past: &[PastStay]) -> Result<Prices<'a>, Problems> {
        let Survey { cases, keys, sums, stays, mut faults, persons } = survey;
        let means = means(&sums);
        self.prepared.iter_mut().for_each(|pack| pack.measure(&means));
        let keys = merged(self.plain.keys(&cases), keys);
        let Cells { cells, quicks, values, quick_of } =
            build_cells(&self.prepared, &keys, &self.institutions, self.outcomes, &self.pools, &mut faults);
        for faults in [faults, persons] {
            if !faults.is_empty() {
                return Err(faults.problems(self.set));
            }
        }
        let links = self.link(&stays, past);
        let places = self.plain.cells(&keys, &quick_of);
        let (cells, patches) = (cells.into(), BTreeMap::new());
        Ok(Prices { pricing: self, sums, keys, cells, quicks, values, places, links, patches })
    }

    fn link(&self, stays: &LinkRows, past: &[PastStay]) -> Links {
        let (institutions, ways) = (self.institutions.as_slice(), self.ways.as_slice());
        Linker { stays, outcomes: self.outcomes, prepared: &self.prepared, institutions, ways, past }.link()
    }
}

/// A run ready to be priced, chunk by chunk in any order.
#[derive(Clone)]
pub struct Prices<'a> {
    pub(super) pricing: Pricing<'a>,
    sums: Vec<(i128, i128)>,
    keys: Vec<(Key, u64)>,
    cells: Arc<[Cell]>,
    quicks: Vec<Quick>,
    /// What cells are worth, as `quicks` are numbered.
    values: Vec<Arc<CellValues>>,
    /// By pack and place.
    places: Vec<Vec<Place>>,
    pub(super) links: Links,
    /// What stands in place of the price that a case has by itself, by row of the run.
    pub(super) patches: BTreeMap<usize, Patch>,
}

impl Prices<'_> {
    /// Every rule of every pack, as prices number them.
    #[must_use]
    pub fn rules(&self) -> &[(PackId, RuleNo)] {
        &self.pricing.rules
    }

    pub(super) fn cells(&self) -> Arc<[Cell]> {
        self.cells.clone()
    }

    /// Names of the pools, as prices number them.
    #[must_use]
    pub fn pools(&self) -> &[String] {
        &self.pricing.pools
    }

    /// What means are measured from, by pool.
    #[must_use]
    pub fn means(&self) -> Means {
        self.pricing.pools.iter().cloned().zip(self.sums.iter().copied()).collect()
    }

    /// Stays of earlier periods that a stay of this run reduces.
    #[must_use]
    pub fn past(&self) -> &[PastReduction] {
        &self.links.past
    }

    /// The prices of a chunk, or all faults in it.
    pub fn of(&self, chunk: &Chunk<'_>) -> Result<Priced, Problems> {
        let input = self.pricing.input(chunk);
        let mut whole = Priced {
            rules: self.pricing.rules.clone(),
            pools: self.pricing.pools.clone(),
            cells: self.cells.clone(),
            ..Priced::with_rows(chunk.claims.len())
        };
        let price = |(part, mut out): (usize, RowsMut<'_>)| self.part(chunk, part * CHUNK, &input, &mut out);
        let parts = whole.parts_mut(CHUNK);
        let adjusted: Vec<Result<Vec<Adjusted>, Fault>> = parts.into_par_iter().enumerate().map(price).collect();
        let mut faults = Faults::default();
        for part in adjusted {
            match part {
                Ok(adjusted) => whole.adjusted.extend(adjusted),
                Err(fault) => faults.add(fault, 1, ("", "")),
            }
        }
        if !faults.is_empty() {
            return Err(faults.problems(self.pricing.set));
        }
        self.patch(chunk, &mut whole);
        Ok(whole)
    }

    /// Prices the rows from `start` on.
    fn part(
        &self,
        chunk: &Chunk<'_>,
        start: usize,
        input: &Input<'_>,
        out: &mut RowsMut<'_>,
    ) -> Result<Vec<Adjusted>, Fault> {
        let (mut others, mut made, mut adjusted) = (Vec::new(), Vec::new(), Vec::new());
        let nothing_kept = self.links.kept.is_empty();
        let mut places = [Place::NONE; BLOCK];
        for first in (0..out.cell.len()).step_by(BLOCK) {
            // All places of a block before what stands there: memory is asked for many at once.
            let block = first..(first + BLOCK).min(out.cell.len());
            for (at, place) in block.clone().zip(&mut places) {
                *place = self.place_of(chunk, start + at);
            }
            for (at, place) in block.zip(places) {
                let row = start + at;
                let Some(quick) = self.quicks.get(place.quick as usize) else {
                    others.push(row);
                    continue;
                };
                if nothing_kept && quick.is_normal(chunk.claims.total_fen[row]) {
                    (out.points_e4[at], out.amount_fen[at]) = (quick.points_e4, quick.amount_fen);
                    (out.case_kind[at], out.state[at]) = (CaseKind::Normal, State::Paid);
                    (out.rule[at], out.pool[at], out.cell[at]) = (quick.rule, quick.pool, place.cell);
                    continue;
                }
                let cell = &self.values[place.quick as usize];
                let price = self.one(chunk, row, cell, &mut made).ok_or_else(|| cause(cell, &self.pricing.pools))?;
                adjusted.extend(made.drain(..).map(|(rule, factor)| Adjusted { row, rule, factor }));
                put(out, at, price, cell.pool, place.cell);
            }
        }
        let assigned = input.assign(others.iter().copied());
        self.long_way(chunk, start, &others, &assigned, out, &mut adjusted)?;
        Ok(adjusted)
    }

    /// The place of a case that has a short way to its cell, else [`Place::NONE`].
    #[inline]
    fn place_of(&self, chunk: &Chunk<'_>, row: usize) -> Place {
        let spot = self.pricing.plain.find(chunk.claims, row, chunk.grouped.outcomes[row]);
        spot.map_or(Place::NONE, |spot| self.places[spot.pack][spot.place])
    }

    /// Prices cases of which everything is asked.
    fn long_way(
        &self,
        chunk: &Chunk<'_>,
        start: usize,
        rows: &[usize],
        assigned: &Assigned,
        out: &mut RowsMut<'_>,
        adjusted: &mut Vec<Adjusted>,
    ) -> Result<(), Fault> {
        let find = |key: &Key| self.keys.binary_search_by_key(key, |(own, _)| *own).map_or(0, |at| at as u32);
        let numbers: Vec<u32> = assigned.keys.iter().map(|(key, _)| find(key)).collect();
        let mut made = Vec::new();
        for (&row, way) in rows.iter().zip(&assigned.ways) {
            let (price, pool, number) = match *way {
                Way::Cell(local) => {
                    let number = numbers[local as usize];
                    let cell = &self.cells[number as usize];
                    let price =
                        self.one(chunk, row, cell, &mut made).ok_or_else(|| cause(cell, &self.pricing.pools))?;
                    adjusted.extend(made.drain(..).map(|(rule, factor)| Adjusted { row, rule, factor }));
                    (price, cell.pool, number)
                }
                Way::Out { pack, reason, rule } => {
                    let rule = self.pricing.prepared[usize::from(pack)].rule(rule);
                    (excluded(reason, rule), Priced::NO_POOL, Priced::NO_CELL)
                }
                Way::Faulty => return Err(Fault::Overflow),
            };
            put(out, row - start, price, pool, number);
        }
        adjusted.sort_by_key(|one| one.row);
        Ok(())
    }

    fn one(&self, chunk: &Chunk<'_>, row: usize, cell: &CellValues, made: &mut Vec<Made>) -> Option<Price> {
        let (claims, prepared) = (chunk.claims, &self.pricing.prepared[usize::from(cell.pack)]);
        let case = Case {
            total_fen: claims.total_fen[row],
            fund_fen: claims.fund_fen[row],
            los_days: claims.stays.los_days.get(row).copied().unwrap_or_default(),
            tcm: chunk.tcm.map(|tcm| (tcm.tcm_fen[row], tcm.base_fen[row])),
        };
        let outcome = usize::from(chunk.grouped.outcomes[row]);
        let holds = |(_, test): &(usize, &Test)| test.holds(claims, row, outcome, &cell.level);
        let changes = Changes {
            adjust: prepared.adjusts.iter().enumerate().filter(holds).map(|(at, _)| at).collect(),
            kept: self.links.kept.get(&(chunk.first + row)).copied(),
        };
        evaluate(prepared, cell, case, &changes, made)
    }
}

/// Keys with their cases, those with a short way in order, in one order.
fn merged(plain: Vec<(Key, u64)>, others: HashMap<Key, u64, foldhash::fast::FixedState>) -> Vec<(Key, u64)> {
    if others.is_empty() {
        return plain;
    }
    let mut keys = plain;
    keys.extend(others);
    keys.sort_by_key(|(key, _)| *key);
    keys.dedup_by(|later, first| {
        let same = later.0 == first.0;
        first.1 += if same { later.1 } else { 0 };
        same
    });
    keys
}

pub(super) type Rules = Vec<(PackId, RuleNo)>;

/// Every rule of every pack in one numbering, and the packs resolved to the claims' dictionaries.
pub(super) fn prepare<'p>(
    claims: &Claims,
    outcomes: &[Outcome],
    set: &'p PolicySet,
    pools: &[String],
) -> (Rules, Vec<Prepared<'p>>) {
    let mut rules = Vec::new();
    let mut prepared = Vec::new();
    for (pack, policy) in set.packs.iter().enumerate() {
        let base = rules.len() as u16;
        rules.extend((0..policy.rules.len()).map(|rule| (pack, RuleNo(rule as u16))));
        prepared.push(Prepared::new(policy, pack as u8, base, pools, claims, outcomes));
    }
    (rules, prepared)
}

/// Readmissions and transfers, where a pack has rules for them.
pub(super) fn link(
    chunk: &Chunk<'_>,
    outcomes: &[Outcome],
    prepared: &[Prepared<'_>],
    chunks: &[Assigned],
    past: &[PastStay],
    faults: &mut Faults,
) -> Links {
    let Some(rule) = joining_rule(prepared) else { return Links::default() };
    let mut stays = LinkRows::default();
    let ways = chunks.iter().flat_map(|part| part.ways.iter().map(move |way| (part, way)));
    for (row, (part, way)) in ways.enumerate() {
        let Way::Cell(number) = way else { continue };
        let key = part.keys[*number as usize].0;
        if !stays.push((chunk.claims, chunk.grouped), row, row, key, &prepared[usize::from(key.pack)]) {
            faults.add(Fault::Person(rule.clone()), 1, (chunk.claims.stays.setl_id.get(row), ""));
        }
    }
    if !faults.is_empty() {
        return Links::default();
    }
    let (institutions, ways) = (chunk.claims.institution.texts(), chunk.claims.stays.discharge_way.texts());
    Linker { stays: &stays, outcomes, prepared, institutions, ways, past }.link()
}

pub(super) fn check_lengths(claims: &Claims, grouped: &Grouped, options: &Options<'_>) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let expected = claims.len();
    let columns = [
        ("outcomes", grouped.outcomes.len()),
        ("fixmedins_code", claims.institution.len()),
        ("insutype", claims.insurance_type.len()),
        ("dscg_time", claims.discharged.len()),
        ("medfee_sumamt", claims.total_fen.len()),
        ("hifp_pay", claims.fund_fen.len()),
        ("psn_pay", claims.patient_fen.len()),
        ("oth_fund_pay", claims.other_fund_fen.len()),
        ("tcm_amt", options.tcm.map_or(expected, |tcm| tcm.tcm_fen.len())),
        ("tcm_base_amt", options.tcm.map_or(expected, |tcm| tcm.base_fen.len())),
    ];
    for (what, found) in columns.into_iter().filter(|(_, found)| *found != expected) {
        let problem = Problem::new(&m::LENGTHS).with("what", what).with("found", found);
        problems.push(problem.with("expected", expected));
    }
    if problems.has_errors() { Err(problems) } else { Ok(()) }
}

/// First and last day, counted from 1970-01-01.
pub(super) fn validity(policy: &Policy) -> (i32, i32) {
    (policy.valid_from.to_epoch_days(), policy.valid_to.map_or(i32::MAX, |day| day.to_epoch_days()))
}

/// Σ C ÷ n by pool, to the fen; nothing for an empty pool.
pub(super) fn means(sums: &[(i128, i128)]) -> Vec<Option<Exact>> {
    sums.iter().map(|(cost, cases)| div_round(*cost, *cases, Rounding::HalfUp).map(Exact::whole)).collect()
}

/// Why a formula has no value: a missing pool mean is the only reason beside overflow.
fn cause(cell: &CellValues, pools: &[String]) -> Fault {
    match cell.pool_mean_fen {
        None => Fault::NoPoolMean(pools[usize::from(cell.pool)].clone()),
        Some(_) => Fault::Overflow,
    }
}

fn put(out: &mut RowsMut<'_>, at: usize, price: Price, pool: u8, cell: u32) {
    out.case_kind[at] = price.kind;
    out.state[at] = price.state;
    out.reason[at] = price.reason;
    out.points_e4[at] = price.points_e4;
    out.amount_fen[at] = price.amount_fen;
    out.outside_fen[at] = price.outside_fen;
    out.rule[at] = price.rule;
    out.pool[at] = pool;
    out.cell[at] = cell;
}
