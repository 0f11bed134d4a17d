//! Two passes over chunks of claims: assign cells, then price. Nothing depends on chunks, threads or row order.

use rayon::prelude::*;

use super::assign::{Assigned, Input, Key, Way};
use super::cell::{Cell, build};
use super::evaluate::{Case, Price, excluded, price as evaluate};
use super::exact::Exact;
use super::fault::{Fault, Faults};
use super::prepare::Prepared;
use super::priced::Priced;
use crate::claims::Claims;
use crate::grouper::{Grouped, Outcome};
use crate::ledger::Period;
use crate::money::{Rounding, div_round};
use crate::policy::rules::PoolMean;
use crate::policy::{Policy, PolicySet, RuleNo};
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};

const CHUNK: usize = 16_384;

/// What a run asks beside the claims.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The period to settle; without one every claim is in time.
    pub period: Option<Period>,
}

/// Prices every claim, or tells all that is missing.
pub fn price(
    claims: &Claims,
    grouped: &Grouped,
    outcomes: &[Outcome],
    set: &PolicySet,
    options: &Options,
) -> Result<Priced, Problems> {
    check_lengths(claims, grouped)?;
    let mut pools: Vec<String> = set.packs.iter().flat_map(|p| p.pools.value.pools()).map(|(pool, _)| pool).collect();
    pools.sort();
    pools.dedup();
    let mut rules = Vec::new();
    let mut prepared = Vec::new();
    for (pack, policy) in set.packs.iter().enumerate() {
        let base = rules.len() as u16;
        rules.extend((0..policy.rules.len()).map(|rule| (pack, RuleNo(rule as u16))));
        prepared.push(Prepared::new(policy, pack as u8, base, &pools, claims, outcomes));
    }
    let validity: Vec<(i32, i32)> = set.packs.iter().map(validity).collect();
    let input = Input {
        claims,
        grouped,
        outcomes,
        prepared: &prepared,
        validity: &validity,
        period: options.period,
        pools: &pools,
    };
    let starts: Vec<usize> = (0..claims.len()).step_by(CHUNK).collect();
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
    let work: Vec<(usize, &Assigned)> = starts.iter().copied().zip(&chunks).collect();
    let prices: Vec<Result<Priced, Fault>> = work
        .par_iter()
        .map(|(start, chunk)| price_chunk(*start, chunk, &keys, &cells, &prepared, claims, &pools))
        .collect();
    let mut whole = Priced { rules, pools: pools.clone(), ..Priced::default() };
    for chunk in prices {
        match chunk {
            Ok(chunk) => append(&mut whole, chunk),
            Err(fault) => faults.add(fault, 1, ("", "")),
        }
    }
    if !faults.is_empty() {
        return Err(faults.problems(set));
    }
    whole.cells = cells;
    Ok(whole)
}

fn check_lengths(claims: &Claims, grouped: &Grouped) -> Result<(), Problems> {
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
    ];
    for (what, found) in columns.into_iter().filter(|(_, found)| *found != expected) {
        let problem = Problem::new(&m::LENGTHS).with("what", what).with("found", found);
        problems.push(problem.with("expected", expected));
    }
    if problems.has_errors() { Err(problems) } else { Ok(()) }
}

/// First and last day, counted from 1970-01-01.
fn validity(policy: &Policy) -> (i32, i32) {
    (policy.valid_from.to_epoch_days(), policy.valid_to.map_or(i32::MAX, |day| day.to_epoch_days()))
}

/// M where the rules say it is measured: Σ C ÷ n of the pool's cases, to the fen.
fn measured_means(prepared: &mut [Prepared<'_>], chunks: &[Assigned], pools: usize) {
    let mut sums = vec![(0i128, 0i128); pools];
    for chunk in chunks {
        sums.iter_mut().zip(&chunk.sums).for_each(|(sum, own)| *sum = (sum.0 + own.0, sum.1 + own.1));
    }
    let means: Vec<Option<Exact>> =
        sums.iter().map(|(cost, cases)| div_round(*cost, *cases, Rounding::HalfUp).map(Exact::whole)).collect();
    for pack in prepared {
        if matches!(pack.policy.pool_mean.as_ref().map(|rule| &rule.value), Some(PoolMean::Current {})) {
            pack.pool_means.clone_from(&means);
        }
    }
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

fn price_chunk(
    start: usize,
    chunk: &Assigned,
    keys: &[(Key, u64)],
    cells: &[Cell],
    prepared: &[Prepared<'_>],
    claims: &Claims,
    pools: &[String],
) -> Result<Priced, Fault> {
    let find = |key: &Key| keys.binary_search_by_key(key, |(own, _)| *own).map_or(0, |at| at as u32);
    let numbers: Vec<u32> = chunk.keys.iter().map(|(key, _)| find(key)).collect();
    let mut out = Priced::default();
    for (row, way) in (start..).zip(&chunk.ways) {
        let (price, pool, number) = match *way {
            Way::Cell(local) => {
                let number = numbers[local as usize];
                let cell = &cells[number as usize];
                let case = Case {
                    total_fen: claims.total_fen[row],
                    fund_fen: claims.fund_fen[row],
                    los_days: claims.stays.los_days.get(row).copied().unwrap_or_default(),
                };
                let price =
                    evaluate(&prepared[usize::from(cell.pack)], cell, case).ok_or_else(|| cause(cell, pools))?;
                (price, cell.pool, number)
            }
            Way::Out { pack, reason } => {
                let prepared = &prepared[usize::from(pack)];
                (excluded(reason, prepared.rule(scope_rule(prepared, reason))), Priced::NO_POOL, Priced::NO_CELL)
            }
            Way::Faulty => return Err(Fault::Overflow),
        };
        push(&mut out, price, pool, number);
    }
    Ok(out)
}

/// Why a formula has no value: a missing pool mean is the only reason beside overflow.
fn cause(cell: &Cell, pools: &[String]) -> Fault {
    match cell.pool_mean_fen {
        None => Fault::NoPoolMean(pools[usize::from(cell.pool)].clone()),
        Some(_) => Fault::Overflow,
    }
}

fn scope_rule(prepared: &Prepared<'_>, reason: super::kind::Reason) -> RuleNo {
    match reason {
        super::kind::Reason::InsuranceType => prepared.policy.pools.rule,
        _ => prepared.policy.scope.rule,
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
}
