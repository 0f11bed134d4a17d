//! Batches of rows sifted: clean ones go to runs, all that is wrong or may have to do with other rows to the pool in
//! which is decided.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::quality::FixedState;
use rayon::prelude::*;

use super::column::Fault;
use super::columns::{Claims, UNKNOWN_FEN};
use super::cross::{Fate, Pool};
use super::fields::Field;
use super::intake::OddLos;
use super::order::Order;
use super::parse::Part;
use super::related::{StayHashes, hash_of, with_one_stay};
use super::report::Tally;
use super::run::{Rows, Run, SharedNames, Wanted};
use super::spill::Spill;
use super::store;
use crate::frame::Batch;
use crate::text::{Dictionary, Text};

/// Texts of all batches, and which institutions and levels occur together.
#[derive(Default)]
pub(super) struct Shared {
    texts: [Dictionary; 7],
    sites: BTreeSet<(u32, u32)>,
}

/// A batch, sifted.
pub(super) struct Sifted {
    pub rows: usize,
    pub input: Tally,
    pub normalised: BTreeMap<Field, u64>,
    pub floats_changed: BTreeMap<Field, u64>,
    pub odd_los: Option<OddLos>,
    pub text_bytes: usize,
    run: Run,
    /// Rows of the run that are in `set_aside` as well.
    dropped: BTreeSet<usize>,
    /// Rows of the run that have a `setl_id` with another in common.
    equal: BTreeSet<usize>,
    set_aside: Rows,
    /// Faults of the rows set aside.
    faults: Vec<Fault>,
    stays: StayHashes,
    has_parts: [bool; 5],
}

/// Sifts a batch of a file; `base` rows were before it.
pub(super) fn sift(
    part: Part,
    batch: &Batch,
    (file, base): (u32, u64),
    shared: &Mutex<Shared>,
    spill: Option<&Spill>,
) -> io::Result<Sifted> {
    let Part { claims, keys, findings, odd_los } = part;
    let count = claims.len();
    let mut input = Tally::default();
    claims.total_fen.iter().for_each(|&fen| input.add(Some(fen).filter(|&fen| fen != UNKNOWN_FEN)));
    let odd_los = odd_los.first().map(|&first| OddLos {
        count: odd_los.len(),
        file,
        line: batch.row_number(first),
        days: claims.stays.los_days[first],
        admitted: claims.admitted[first],
        discharged: claims.discharged[first],
    });
    let mut aside: BTreeSet<usize> = findings.faults.iter().map(|fault| fault.row).collect();
    aside.extend((0..count).filter(|&row| keys.valid[row] == 0 || keys.reversal[row] == 1));
    let counts = |row: usize| keys.valid[row] != 0 && keys.reversal[row] != 1;
    let stays = StayHashes::of(&claims, counts, spill)?;
    let has_parts = claims.parts.columns().map(|column| !column.is_empty());
    let heaps = [&claims.stays.setl_id, &claims.mdtrt_id, &claims.psn_no].map(|column| column.heap().len());
    let codes = claims.stays.diagnoses.heap().len() + claims.stays.procedures.heap().len();
    let numbers = share(&claims, shared);
    let lines = (0..count).map(|row| batch.row_number(row)).collect();
    let origin = (0..count).map(|row| row as u32).collect();
    let rows = Rows { claims, keys, lines, origin };
    let mut set_aside = Rows::default();
    aside.iter().for_each(|&row| set_aside.append(&rows.slice(row..row + 1)));
    let place: BTreeMap<usize, usize> = aside.iter().enumerate().map(|(at, &row)| (row, at)).collect();
    let faults = findings.faults.into_iter().map(|fault| Fault { row: place[&fault.row], ..fault }).collect();
    let (rows, dropped) = in_order(rows, aside);
    let ids = &rows.claims.stays.setl_id;
    let again = (1..ids.len()).filter(|&row| ids.bytes(row) == ids.bytes(row - 1));
    let equal = again.flat_map(|row| [row - 1, row]).collect();
    Ok(Sifted {
        rows: count,
        input,
        normalised: findings.normalised,
        floats_changed: findings.floats_changed,
        odd_los,
        text_bytes: heaps.iter().sum::<usize>() + codes,
        run: Run::of((file, base), rows, &numbers, spill)?,
        dropped,
        equal,
        set_aside,
        faults,
        stays,
        has_parts,
    })
}

/// Rows by `setl_id`, then as read. Those set aside stay among them where all are in order already.
fn in_order(rows: Rows, aside: BTreeSet<usize>) -> (Rows, BTreeSet<usize>) {
    let ids = &rows.claims.stays.setl_id;
    if (1..ids.len()).all(|row| ids.bytes(row - 1) <= ids.bytes(row)) {
        return (rows, aside);
    }
    let mut order: Vec<u32> = (0..ids.len()).filter(|row| !aside.contains(row)).map(|row| row as u32).collect();
    order.sort_by(|&a, &b| ids.bytes(a as usize).cmp(ids.bytes(b as usize)));
    (rows.pick(&order), BTreeSet::new())
}

/// Makes the texts of a batch known to all; returns their numbers there.
fn share(claims: &Claims, shared: &Mutex<Shared>) -> [Vec<u32>; 7] {
    let mut pairs: Vec<(u32, u32)> =
        claims.institution.ids().iter().copied().zip(claims.hospital_level.ids().iter().copied()).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
    let Shared { texts, sites } = &mut *shared;
    let mut numbers: [Vec<u32>; 7] = Default::default();
    for ((column, all), numbers) in claims.dictionaries().into_iter().zip(texts).zip(&mut numbers) {
        *numbers = column.texts().iter().map(|text| all.intern(text)).collect();
    }
    sites.extend(pairs.into_iter().map(|(place, level)| (numbers[3][place as usize], numbers[4][level as usize])));
    numbers
}

/// All batches.
#[derive(Default)]
pub(super) struct Gathered {
    runs: Vec<Run>,
    dropped: BTreeMap<u32, BTreeSet<usize>>,
    /// Rows of runs, with the run, that have a `setl_id` with another row of it in common.
    equal: BTreeSet<(u32, usize)>,
    stays: Vec<StayHashes>,
    has_parts: [bool; 5],
    set_aside: Rows,
    /// Of each row set aside: its row among those of all files, and its file.
    places: Vec<(u64, u32)>,
    faults: Vec<Fault>,
}

/// What was decided: the pool, where its rows were read, and what a store is made of.
pub(super) struct Decided {
    pub pool: Pool,
    pub places: Vec<(u32, u64)>,
    pub store: store::Parts,
}

impl Gathered {
    pub(super) fn add(&mut self, part: Sifted) {
        let number = self.runs.len() as u32;
        let base = self.places.len();
        if !part.dropped.is_empty() {
            self.dropped.insert(number, part.dropped);
        }
        self.equal.extend(part.equal.into_iter().map(|row| (number, row)));
        let place = |origin: &u32| (part.run.base + u64::from(*origin), part.run.file);
        self.places.extend(part.set_aside.origin.iter().map(place));
        self.set_aside.append(&part.set_aside);
        self.faults.extend(part.faults.into_iter().map(|fault| Fault { row: base + fault.row, ..fault }));
        self.stays.push(part.stays);
        self.runs.push(part.run);
        self.has_parts.iter_mut().zip(part.has_parts).for_each(|(all, has)| *all |= has);
    }

    /// Decides on all rows.
    pub(super) fn decide(mut self, files: &[Arc<str>], shared: Shared, spill: Option<Spill>) -> io::Result<Decided> {
        let names: SharedNames = shared.texts.map(|column| column.names().clone());
        self.runs.iter_mut().for_each(|run| run.renumber(&names));
        let load =
            |run: u32, rows: Range<usize>, wanted| self.runs[run as usize].load(rows, wanted, &names, spill.as_ref());
        let ids = |run: u32, rows: Range<usize>| -> io::Result<Text> {
            Ok(load(run, rows, Wanted::Ids)?.claims.stays.setl_id)
        };
        let order = Order::of(&self.runs, &ids)?;
        let mut related: BTreeSet<(u32, usize)> = order.equal.iter().map(|&(run, row)| (run, row as usize)).collect();
        related.extend(self.equal.iter().copied());
        related.extend(self.named(&ids)?);
        related.extend(self.of_one_stay(&load, spill.as_ref())?);
        related.retain(|(run, row)| !self.dropped.get(run).is_some_and(|dropped| dropped.contains(row)));
        let mut rows = std::mem::take(&mut self.set_aside);
        let mut places = std::mem::take(&mut self.places);
        let mut in_runs: Vec<Option<(u32, usize)>> = vec![None; places.len()];
        for &(run, row) in &related {
            let one = load(run, row..row + 1, Wanted::All)?;
            let own = &self.runs[run as usize];
            places.push((own.base + u64::from(one.origin[0]), own.file));
            in_runs.push(Some((run, row)));
            rows.append(&one);
        }
        let mut order_of: Vec<u32> = (0u32..).take(places.len()).collect();
        order_of.sort_by_key(|&at| places[at as usize].0);
        let mut now = vec![0usize; order_of.len()];
        order_of.iter().enumerate().for_each(|(at, &before)| now[before as usize] = at);
        self.faults.iter_mut().for_each(|fault| fault.row = now[fault.row]);
        let Rows { claims, keys, lines, .. } = rows.pick(&order_of);
        let of_file = |at: usize| places[order_of[at] as usize].1;
        let read_at: Vec<(u32, u64)> = lines.into_iter().enumerate().map(|(at, line)| (of_file(at), line)).collect();
        let mut pool = Pool { claims, keys, faults: std::mem::take(&mut self.faults), fates: Vec::new() };
        pool.decide(|row| (files[read_at[row].0 as usize].to_string(), read_at[row].1));
        for (at, fate) in pool.fates.iter().enumerate() {
            match (in_runs[order_of[at] as usize], fate) {
                (Some(_), Fate::Accepted) => {}
                (Some((run, row)), _) => _ = self.dropped.entry(run).or_default().insert(row),
                (None, fate) => assert!(*fate != Fate::Accepted, "Invariant: a row with a fault is not accepted"),
            }
        }
        let Gathered { runs, dropped, has_parts, .. } = self;
        let parts = store::Parts { runs, spill, names, sites: shared.sites, has_parts, order, dropped };
        Ok(Decided { pool, places: read_at, store: parts })
    }

    /// Rows of runs whose `setl_id` a row set aside has or names.
    fn named(&self, ids: &(dyn Fn(u32, Range<usize>) -> io::Result<Text> + Sync)) -> io::Result<Vec<(u32, usize)>> {
        let own = [&self.set_aside.claims.stays.setl_id, &self.set_aside.keys.reverses];
        let texts = own.into_iter().flat_map(|column| (0..column.len()).map(move |row| column.bytes(row)));
        let named: HashSet<u64, FixedState> = texts.filter(|text| !text.is_empty()).map(hash_of).collect();
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let of_run = |(number, run): (usize, &Run)| -> io::Result<Vec<(u32, usize)>> {
            let ids = ids(number as u32, 0..run.rows)?;
            let found = (0..ids.len()).filter(|row| named.contains(&hash_of(ids.bytes(*row))));
            Ok(found.map(|row| (number as u32, row)).collect())
        };
        let found: io::Result<Vec<Vec<(u32, usize)>>> = self.runs.par_iter().enumerate().map(of_run).collect();
        Ok(found?.into_iter().flatten().collect())
    }

    /// Rows of runs that settle the stay of another row as well.
    fn of_one_stay(
        &self,
        load: &dyn Fn(u32, Range<usize>, Wanted) -> io::Result<Rows>,
        spill: Option<&Spill>,
    ) -> io::Result<Vec<(u32, usize)>> {
        let mut by_run: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for (run, origin) in with_one_stay(&self.stays, spill)? {
            by_run.entry(run).or_default().insert(origin);
        }
        let mut rows = Vec::new();
        for (run, origins) in by_run {
            let own = load(run, 0..self.runs[run as usize].rows, Wanted::Origins)?.origin;
            let found = own.iter().enumerate().filter(|(_, origin)| origins.contains(origin));
            rows.extend(found.map(|(row, _)| (run, row)));
        }
        Ok(rows)
    }
}
