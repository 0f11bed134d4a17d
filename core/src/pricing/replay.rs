//! Pricing the same claims again under rules that leave every case in its cell.
//!
//! Which rule prices a case, and with which cases it shares a cell, is found once. In a cell the cases stand in the
//! order of their costs: all between the two lines have one price, found by two searches, and only the outliers are
//! priced one by one. A piece of the result is a run of cases with one price.

use std::ops::Range;

use rayon::prelude::*;

use super::assign::{Assigned, Input, Key, Way};
use super::cell::{CellValues, What, build};
use super::engine::{CHUNK, Chunk, Options, check_lengths, link, means, prepare, validity};
use super::evaluate::{Case, Changes, Price, price};
use super::fault::Faults;
use super::kind::State;
use super::prepare::{Prepared, Resolved, Site, left_out};
use crate::claims::Claims;
use crate::grouper::{Grouped, Outcome};
use crate::policy::rules::{HighCase, LowCase, SpecialReview};
use crate::policy::{Policy, PolicySet};
use crate::problem::Problems;

/// Claims sorted into cells, ready to be priced again.
#[derive(Clone, Debug)]
pub struct Replay {
    /// Rows of the claims: by cell, in each those that nothing adjusts first, by cost.
    pub rows: Vec<u32>,
    /// The bill of each of them, in fen.
    costs: Vec<i64>,
    pub places: Vec<ReplayPlace>,
    pub pools: Vec<String>,
    /// Of each cell, its key and the end of the cases that nothing adjusts.
    cells: Vec<(Key, usize)>,
    /// What is adjusted, by position in `rows`.
    changes: Vec<(usize, Changes)>,
    /// The sites of each pack, and the outcomes whose cases it leaves out for want of a weight.
    sites: Vec<Vec<Site>>,
    left_out: Vec<Vec<bool>>,
    /// By pool: Σ C and cases, for the measured mean.
    sums: Vec<(i128, i128)>,
}

/// The cases of a cell of one insurance type.
#[derive(Clone, Debug)]
pub struct ReplayPlace {
    /// Numbers in the claims' dictionaries.
    pub institution: u32,
    pub insutype: u32,
    pub pool: u8,
    pub consortium: Option<String>,
    /// Its cases in [`Replay::rows`].
    pub rows: Range<usize>,
}

/// Cases of one place with one price.
#[derive(Clone, Debug)]
pub struct Piece {
    /// A number in [`Replay::places`].
    pub place: usize,
    /// Positions in [`Replay::rows`].
    pub rows: Range<usize>,
    pub state: State,
    /// Of each case.
    pub points_e4: i64,
    pub amount_fen: i64,
    pub outside_fen: i64,
    pub weight_e6: Option<i64>,
}

impl Replay {
    /// Sorts claims into the cells that the rules give them. `Ok(None)`: the rules join stays or review cases, so that
    /// a price is not a matter of its cell alone.
    pub fn new(
        claims: &Claims,
        grouped: &Grouped,
        outcomes: &[Outcome],
        set: &PolicySet,
        options: &Options<'_>,
    ) -> Result<Option<Replay>, Problems> {
        check_lengths(claims, grouped, options)?;
        let pools = pool_names(set);
        let (_, prepared) = prepare(claims, outcomes, set, &pools);
        let validity: Vec<(i32, i32)> = set.packs.iter().map(validity).collect();
        let period = options.period;
        let input =
            Input { claims, grouped, outcomes, prepared: &prepared, validity: &validity, period, pools: &pools };
        let starts: Vec<usize> = (0..claims.len()).step_by(CHUNK).collect();
        let mut chunks: Vec<Assigned> =
            starts.par_iter().map(|&start| input.assign(start..(start + CHUNK).min(claims.len()))).collect();
        let mut faults = Faults::default();
        chunks.iter_mut().for_each(|chunk| faults.append(std::mem::take(&mut chunk.faults)));
        let whole = Chunk { first: 0, claims, grouped, tcm: None };
        let links = link(&whole, outcomes, &prepared, &chunks, options.past, &mut faults);
        if !faults.is_empty() {
            return Err(faults.problems(set));
        }
        let reviewed = |rule: &SpecialReview| matches!(rule, SpecialReview::Quota { .. });
        let reviews =
            set.packs.iter().filter_map(|pack| pack.special_review.as_ref()).any(|rule| reviewed(&rule.value));
        if reviews || !links.chains.is_empty() || !links.past.is_empty() {
            return Ok(None);
        }
        let key_of = |chunk: &Assigned, way: &Way| match way {
            Way::Cell(number) => Some(chunk.keys[*number as usize].0),
            _ => None,
        };
        let keys = chunks.iter().flat_map(|chunk| chunk.ways.iter().map(move |way| key_of(chunk, way)));
        let mut sorted: Vec<Row> = Vec::with_capacity(claims.len());
        let mut changed: Vec<Changes> = Vec::new();
        for (row, key) in keys.enumerate() {
            let Some(key) = key else { continue };
            let changes = changes_of(&prepared[usize::from(key.pack)], key, claims, grouped, row, links.kept.get(&row));
            let change = changes.map_or(0, |changes| {
                changed.push(changes);
                changed.len() as u32
            });
            let insutype = claims.insurance_type.id(row);
            sorted.push(Row { key, insutype, cost: claims.total_fen[row], row: row as u32, change });
        }
        sorted.par_sort_unstable_by_key(|one| (one.key, one.insutype, one.change != 0, one.cost, one.row));
        let mut sums = vec![(0i128, 0i128); pools.len()];
        for chunk in &chunks {
            sums.iter_mut().zip(&chunk.sums).for_each(|(sum, own)| *sum = (sum.0 + own.0, sum.1 + own.1));
        }
        let sites = prepared.iter().map(|pack| pack.sites.clone()).collect();
        let left_out = prepared.iter().map(|pack| pack.left_out.clone()).collect();
        Ok(Some(Replay { left_out, ..Replay::of(&sorted, &changed, pools, sites, sums) }))
    }

    fn of(
        sorted: &[Row],
        changed: &[Changes],
        pools: Vec<String>,
        sites: Vec<Vec<Site>>,
        sums: Vec<(i128, i128)>,
    ) -> Replay {
        let mut replay = Replay {
            rows: sorted.iter().map(|one| one.row).collect(),
            costs: sorted.iter().map(|one| one.cost).collect(),
            places: Vec::new(),
            pools,
            cells: Vec::new(),
            changes: Vec::new(),
            sites,
            left_out: Vec::new(),
            sums,
        };
        let mut start = 0;
        for cell in sorted.chunk_by(|a, b| a.key == b.key && a.insutype == b.insutype) {
            let plain = cell.iter().take_while(|one| one.change == 0).count();
            for (at, one) in cell.iter().enumerate().skip(plain) {
                replay.changes.push((start + at, changed[one.change as usize - 1].clone()));
            }
            let (key, insutype) = (cell[0].key, cell[0].insutype);
            let site = &replay.sites[usize::from(key.pack)][key.site as usize];
            let (institution, consortium) = (site.institution, site.consortium.as_deref().map(str::to_owned));
            let rows = start..start + cell.len();
            replay.places.push(ReplayPlace { institution, insutype, pool: key.pool, consortium, rows });
            replay.cells.push((key, start + plain));
            start += cell.len();
        }
        replay
    }

    /// Prices every case by rules that differ from the first only in what a cell is worth, and hands over the pieces.
    /// `None`: something has no price; pricing from the beginning tells what.
    #[must_use]
    pub fn price(
        &self,
        claims: &Claims,
        outcomes: &[Outcome],
        set: &PolicySet,
        take: &mut dyn FnMut(Piece) -> Option<()>,
    ) -> Option<()> {
        let same_cases = |(own, policy): (&Vec<bool>, &Policy)| *own == left_out(policy, outcomes);
        if set.packs.len() != self.sites.len() || !self.left_out.iter().zip(&set.packs).all(same_cases) {
            return None;
        }
        let mut base = 0;
        let mut prepared: Vec<Prepared<'_>> = Vec::with_capacity(set.packs.len());
        for (number, policy) in set.packs.iter().enumerate() {
            let resolved = Resolved::of_sites(self.sites[number].clone());
            prepared.push(Prepared::with(policy, number as u8, base, &self.pools, resolved));
            base += policy.rules.len() as u16;
        }
        let measured = means(&self.sums);
        prepared.iter_mut().for_each(|pack| pack.measure(&measured));
        let institutions = claims.institution.texts();
        let mut changes = self.changes.as_slice();
        // Cells of several insurance types are built once.
        let mut last: Option<(Key, CellValues)> = None;
        for (number, (key, plain_end)) in self.cells.iter().enumerate() {
            let pack = &prepared[usize::from(key.pack)];
            let cell = match last.take() {
                Some((own, cell)) if own == *key => cell,
                _ => build(pack, key.pool, key.site, key.what, outcomes, institutions, &self.pools).ok()?,
            };
            let all = self.places[number].rows.clone();
            let (own, rest) = changes.split_at(all.end - plain_end);
            changes = rest;
            let mut run = Run { replay: self, claims, pack, cell: &cell, place: number, take: &mut *take };
            run.plain(all.start..*plain_end)?;
            for (at, change) in own {
                run.one(*at, change)?;
            }
            last = Some((*key, cell));
        }
        Some(())
    }
}

struct Row {
    key: Key,
    insutype: u32,
    cost: i64,
    row: u32,
    /// From 1; 0 for none.
    change: u32,
}

/// What changes a row's price beside its cell; `None` for nothing.
fn changes_of(
    pack: &Prepared<'_>,
    key: Key,
    claims: &Claims,
    grouped: &Grouped,
    row: usize,
    kept: Option<&(u16, crate::policy::Share)>,
) -> Option<Changes> {
    let level = pack.sites[key.site as usize].level.as_str();
    let outcome = usize::from(grouped.outcomes[row]);
    let tests = pack.adjusts.iter().enumerate();
    let adjust: Vec<usize> =
        tests.filter(|(_, test)| test.holds(claims, row, outcome, level)).map(|(at, _)| at).collect();
    (!adjust.is_empty() || kept.is_some()).then(|| Changes { adjust, kept: kept.copied() })
}

/// The names of all pools of all packs.
pub(crate) fn pool_names(set: &PolicySet) -> Vec<String> {
    let mut pools: Vec<String> = set.packs.iter().flat_map(|p| p.pools.value.pools()).map(|(pool, _)| pool).collect();
    pools.sort();
    pools.dedup();
    pools
}

/// One cell being priced.
struct Run<'r> {
    replay: &'r Replay,
    claims: &'r Claims,
    pack: &'r Prepared<'r>,
    cell: &'r CellValues,
    place: usize,
    take: &'r mut dyn FnMut(Piece) -> Option<()>,
}

impl Run<'_> {
    /// Cases that nothing adjusts, in the order of their costs.
    fn plain(&mut self, rows: Range<usize>) -> Option<()> {
        let cell = self.cell;
        if !matches!(cell.what, What::Group(_)) {
            return self.each(rows);
        }
        let costs = &self.replay.costs[rows.clone()];
        let low = rows.start + costs.partition_point(|cost| *cost <= cell.low_max_fen);
        let high = (rows.start + costs.partition_point(|cost| *cost < cell.high_min_fen)).max(low);
        let policy = self.pack.policy;
        let low_alike = matches!(policy.low_case.value, LowCase::AsNormal {} | LowCase::Review {});
        self.outliers(rows.start..low, low_alike)?;
        if low < high {
            self.alike(low..high)?;
        }
        let alike = matches!(policy.high_case.value, HighCase::AsNormal {} | HighCase::Cap {} | HighCase::Review {});
        self.outliers(high..rows.end, alike)
    }

    fn outliers(&mut self, rows: Range<usize>, alike: bool) -> Option<()> {
        if rows.is_empty() {
            return Some(());
        }
        if alike { self.alike(rows) } else { self.each(rows) }
    }

    /// Cases that all have the price of the first.
    fn alike(&mut self, rows: Range<usize>) -> Option<()> {
        let price = self.price(rows.start, &Changes::default())?;
        self.give(rows, price)
    }

    fn each(&mut self, rows: Range<usize>) -> Option<()> {
        for at in rows {
            let price = self.price(at, &Changes::default())?;
            self.give(at..at + 1, price)?;
        }
        Some(())
    }

    fn one(&mut self, at: usize, changes: &Changes) -> Option<()> {
        let price = self.price(at, changes)?;
        self.give(at..at + 1, price)
    }

    fn price(&self, at: usize, changes: &Changes) -> Option<Price> {
        let row = self.replay.rows[at] as usize;
        let case = Case {
            total_fen: self.replay.costs[at],
            fund_fen: self.claims.fund_fen[row],
            los_days: self.claims.stays.los_days.get(row).copied().unwrap_or_default(),
            tcm: None,
        };
        price(self.pack, self.cell, case, changes, &mut Vec::new())
    }

    fn give(&mut self, rows: Range<usize>, price: Price) -> Option<()> {
        let Price { state, points_e4, amount_fen, outside_fen, .. } = price;
        let weight_e6 = self.cell.weight_e6();
        (self.take)(Piece { place: self.place, rows, state, points_e4, amount_fen, outside_fen, weight_e6 })
    }
}
