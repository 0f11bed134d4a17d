//! Two passes over chunks of claims: assign cells, then price. Nothing depends on chunks, threads or row order.

use rayon::prelude::*;

use super::assign::{Assigned, Input, Key, Way};
use super::cell::{Cell, build};
use super::evaluate::{Case, Changes, Made, Price, excluded, price as evaluate};
use super::exact::Exact;
use super::fault::{Fault, Faults};
use super::link::{Linker, Links, PastStay};
use super::prepare::Prepared;
use super::priced::{Adjusted, Priced};
use super::replay::pool_names;
use super::review;
use super::transfer::count_once;
use super::when::Test;
use crate::claims::Claims;
use crate::grouper::{Grouped, Outcome};
use crate::ledger::Period;
use crate::money::{Rounding, div_round};
use crate::policy::{PackId, Policy, PolicySet, RuleNo};
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};

pub(super) const CHUNK: usize = 16_384;

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
    let pools = pool_names(set);
    let (rules, mut prepared) = prepare(claims, outcomes, set, &pools);
    let validity: Vec<(i32, i32)> = set.packs.iter().map(validity).collect();
    let starts: Vec<usize> = (0..claims.len()).step_by(CHUNK).collect();
    let input = Input {
        claims,
        grouped,
        outcomes,
        prepared: &prepared,
        validity: &validity,
        period: options.period,
        pools: &pools,
    };
    let mut chunks: Vec<Assigned> =
        starts.par_iter().map(|&start| input.assign(start..(start + CHUNK).min(claims.len()))).collect();
    let mut faults = Faults::default();
    chunks.iter_mut().for_each(|chunk| faults.append(std::mem::take(&mut chunk.faults)));
    measured_means(&mut prepared, &chunks, pools.len());
    let keys = all_keys(&chunks);
    let cells = build_cells(&prepared, &keys, claims, outcomes, &pools, &mut faults);
    if !faults.is_empty() {
        return Err(faults.problems(set));
    }
    let links = link(claims, grouped, outcomes, &prepared, &chunks, options.past, &mut faults);
    if !faults.is_empty() {
        return Err(faults.problems(set));
    }
    let pass = Pass {
        claims,
        grouped,
        options,
        prepared: &prepared,
        keys: &keys,
        cells: &cells,
        links: &links,
        pools: &pools,
    };
    let work: Vec<(usize, &Assigned)> = starts.iter().copied().zip(&chunks).collect();
    let prices: Vec<Result<Priced, Fault>> = work.par_iter().map(|(start, chunk)| pass.chunk(*start, chunk)).collect();
    let mut whole = Priced { rules, pools: pools.clone(), past: links.past.clone(), ..Priced::default() };
    for chunk in prices {
        match chunk {
            Ok(chunk) => append(&mut whole, chunk),
            Err(fault) => faults.add(fault, 1, ("", "")),
        }
    }
    count_transfers(&mut whole, &links, &prepared, claims, &mut faults);
    if !faults.is_empty() {
        return Err(faults.problems(set));
    }
    whole.cells = cells;
    review::apply(&mut whole, claims, &prepared)?;
    whole.adjusted.sort_by_key(|one| one.row);
    Ok(whole)
}

/// Prices each chain of transfers once.
fn count_transfers(whole: &mut Priced, links: &Links, prepared: &[Prepared<'_>], claims: &Claims, faults: &mut Faults) {
    for chain in &links.chains {
        let pack = whole.rules[usize::from(chain.rule)].0;
        if count_once(whole, chain, claims, prepared[pack].points_digits).is_none() {
            faults.add(Fault::Overflow, 1, (claims.stays.setl_id.get(chain.rows[0]), ""));
        }
    }
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
    claims: &Claims,
    grouped: &Grouped,
    outcomes: &[Outcome],
    prepared: &[Prepared<'_>],
    chunks: &[Assigned],
    past: &[PastStay],
    faults: &mut Faults,
) -> Links {
    if prepared.iter().all(|pack| pack.policy.readmission.is_none() && pack.policy.transfer.is_none()) {
        return Links::default();
    }
    let key = |chunk: &Assigned, way: &Way| match way {
        Way::Cell(number) => Some(chunk.keys[*number as usize].0),
        _ => None,
    };
    let keys: Vec<Option<Key>> =
        chunks.iter().flat_map(|chunk| chunk.ways.iter().map(move |way| key(chunk, way))).collect();
    Linker { claims, grouped, outcomes, prepared, keys: &keys, past }.link(faults)
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

/// M where the rules say it is measured: Σ C ÷ n of the pool's cases, to the fen.
fn measured_means(prepared: &mut [Prepared<'_>], chunks: &[Assigned], pools: usize) {
    let mut sums = vec![(0i128, 0i128); pools];
    for chunk in chunks {
        sums.iter_mut().zip(&chunk.sums).for_each(|(sum, own)| *sum = (sum.0 + own.0, sum.1 + own.1));
    }
    let means = means(&sums);
    prepared.iter_mut().for_each(|pack| pack.measure(&means));
}

/// Σ C ÷ n by pool, to the fen; nothing for an empty pool.
pub(super) fn means(sums: &[(i128, i128)]) -> Vec<Option<Exact>> {
    sums.iter().map(|(cost, cases)| div_round(*cost, *cases, Rounding::HalfUp).map(Exact::whole)).collect()
}

/// Every cell met, in the order of keys, with its number of cases.
fn all_keys(chunks: &[Assigned]) -> Vec<(Key, u64)> {
    let mut keys: Vec<(Key, u64)> = chunks.iter().flat_map(|chunk| chunk.keys.iter().copied()).collect();
    keys.sort_unstable_by_key(|(key, _)| *key);
    keys.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        kept.1 += if same { next.1 } else { 0 };
        same
    });
    keys
}

fn build_cells(
    prepared: &[Prepared<'_>],
    keys: &[(Key, u64)],
    claims: &Claims,
    outcomes: &[Outcome],
    pools: &[String],
    faults: &mut Faults,
) -> Vec<Cell> {
    let institutions = claims.institution.texts();
    let build_one = |(key, _): &(Key, u64)| {
        build(&prepared[usize::from(key.pack)], key.pool, key.site, key.what, outcomes, institutions, pools)
    };
    let built: Vec<Result<Cell, Fault>> = keys.par_iter().map(build_one).collect();
    let mut cells = Vec::with_capacity(keys.len());
    for ((key, cases), cell) in keys.iter().zip(built) {
        match cell {
            Ok(cell) => cells.push(cell),
            Err(fault) => {
                let site = &prepared[usize::from(key.pack)].sites[key.site as usize];
                let drg = match key.what {
                    super::cell::What::Group(number) => outcomes[usize::from(number)].drg.as_str(),
                    _ => "",
                };
                faults.add(fault, *cases, (&institutions[site.institution as usize], drg));
            }
        }
    }
    cells
}

/// Second pass: prices.
struct Pass<'a> {
    claims: &'a Claims,
    grouped: &'a Grouped,
    options: &'a Options<'a>,
    prepared: &'a [Prepared<'a>],
    keys: &'a [(Key, u64)],
    cells: &'a [Cell],
    links: &'a Links,
    pools: &'a [String],
}

impl Pass<'_> {
    fn chunk(&self, start: usize, chunk: &Assigned) -> Result<Priced, Fault> {
        let find = |key: &Key| self.keys.binary_search_by_key(key, |(own, _)| *own).map_or(0, |at| at as u32);
        let numbers: Vec<u32> = chunk.keys.iter().map(|(key, _)| find(key)).collect();
        let mut out = Priced::default();
        let mut made = Vec::new();
        for (row, way) in (start..).zip(&chunk.ways) {
            let (price, pool, number) = match *way {
                Way::Cell(local) => {
                    let number = numbers[local as usize];
                    let cell = &self.cells[number as usize];
                    let price = self.one(row, cell, &mut made).ok_or_else(|| cause(cell, self.pools))?;
                    out.adjusted.extend(made.drain(..).map(|(rule, factor)| Adjusted { row, rule, factor }));
                    (price, cell.pool, number)
                }
                Way::Out { pack, reason, rule } => {
                    let rule = self.prepared[usize::from(pack)].rule(rule);
                    (excluded(reason, rule), Priced::NO_POOL, Priced::NO_CELL)
                }
                Way::Faulty => return Err(Fault::Overflow),
            };
            push(&mut out, price, pool, number);
        }
        Ok(out)
    }

    fn one(&self, row: usize, cell: &Cell, made: &mut Vec<Made>) -> Option<Price> {
        let (claims, prepared) = (self.claims, &self.prepared[usize::from(cell.pack)]);
        let case = Case {
            total_fen: claims.total_fen[row],
            fund_fen: claims.fund_fen[row],
            los_days: claims.stays.los_days.get(row).copied().unwrap_or_default(),
            tcm: self.options.tcm.map(|tcm| (tcm.tcm_fen[row], tcm.base_fen[row])),
        };
        let outcome = usize::from(self.grouped.outcomes[row]);
        let holds = |(_, test): &(usize, &Test)| test.holds(claims, row, outcome, &cell.level);
        let changes = Changes {
            adjust: prepared.adjusts.iter().enumerate().filter(holds).map(|(at, _)| at).collect(),
            kept: self.links.kept.get(&row).copied(),
        };
        evaluate(prepared, cell, case, &changes, made)
    }
}

/// Why a formula has no value: a missing pool mean is the only reason beside overflow.
fn cause(cell: &Cell, pools: &[String]) -> Fault {
    match cell.pool_mean_fen {
        None => Fault::NoPoolMean(pools[usize::from(cell.pool)].clone()),
        Some(_) => Fault::Overflow,
    }
}

fn push(out: &mut Priced, price: Price, pool: u8, cell: u32) {
    out.case_kind.push(price.kind);
    out.state.push(price.state);
    out.reason.push(price.reason);
    out.points_e4.push(price.points_e4);
    out.amount_fen.push(price.amount_fen);
    out.outside_fen.push(price.outside_fen);
    out.rule.push(price.rule);
    out.pool.push(pool);
    out.cell.push(cell);
}

fn append(whole: &mut Priced, part: Priced) {
    whole.case_kind.extend(part.case_kind);
    whole.state.extend(part.state);
    whole.reason.extend(part.reason);
    whole.points_e4.extend(part.points_e4);
    whole.amount_fen.extend(part.amount_fen);
    whole.outside_fen.extend(part.outside_fen);
    whole.rule.extend(part.rule);
    whole.pool.extend(part.pool);
    whole.cell.extend(part.cell);
    whole.adjusted.extend(part.adjusted);
}
