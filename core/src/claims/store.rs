//! The accepted claims of a run, given out chunk by chunk in the order of `setl_id`.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;

use super::columns::Claims;
use super::order::{Block, Order};
use super::run::{Rows, Run, SharedNames, Wanted, complete_parts};
use super::spill::Spill;
use crate::problem::Problem;
use crate::problem::catalogue::files::CANNOT_READ;
use crate::text::{Dictionary, Text};

/// What the file without a name is called.
pub(super) const TEMPORARY: &str = "(temporary file)";

/// Accepted claims by `setl_id`, in memory or in a temporary file. The dictionaries of all chunks have the same texts.
#[derive(Debug, Default)]
pub struct ClaimStore {
    runs: Vec<Run>,
    spill: Option<Spill>,
    names: SharedNames,
    /// Pairs of institution and level that occur.
    sites: BTreeSet<(u32, u32)>,
    has_parts: [bool; 5],
    blocks: Vec<Block>,
    /// By run, rows that are not accepted.
    dropped: BTreeMap<u32, BTreeSet<usize>>,
    /// Accepted claims before each block, and all.
    before: Vec<usize>,
}

/// What names claims, and their bills.
#[derive(Clone, Debug, Default)]
pub struct ClaimIds {
    pub setl_id: Text,
    pub total_fen: Vec<i64>,
}

/// What a store is made of.
pub(super) struct Parts {
    pub runs: Vec<Run>,
    pub spill: Option<Spill>,
    pub names: SharedNames,
    pub sites: BTreeSet<(u32, u32)>,
    pub has_parts: [bool; 5],
    pub order: Order,
    pub dropped: BTreeMap<u32, BTreeSet<usize>>,
}

impl ClaimStore {
    pub(super) fn of(parts: Parts) -> ClaimStore {
        let Parts { runs, spill, names, sites, has_parts, order, dropped } = parts;
        let mut store =
            ClaimStore { runs, spill, names, sites, has_parts, blocks: order.blocks, dropped, before: Vec::new() };
        store.count();
        store
    }

    fn count(&mut self) {
        let mut before = 0;
        self.before = vec![0];
        for block in &self.blocks {
            before += block.parts.iter().map(|(run, rows)| self.kept(*run, rows)).sum::<usize>();
            self.before.push(before);
        }
    }

    /// How many of the rows of a run are accepted.
    fn kept(&self, run: u32, rows: &Range<usize>) -> usize {
        rows.len() - self.dropped.get(&run).map_or(0, |dropped| dropped.range(rows.clone()).count())
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.before.last().copied().unwrap_or_default()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Which of the parts of bills any file has, in the order of [`super::BillParts::columns`].
    #[must_use]
    pub fn has_parts(&self) -> [bool; 5] {
        self.has_parts.map(|has| has && !self.is_empty())
    }

    /// Some of the claims.
    pub fn chunk(&self, rows: Range<usize>) -> Result<Claims, Problem> {
        let mut claims = self.load(rows, Wanted::Claims)?;
        complete_parts(&mut claims, self.has_parts());
        Ok(claims)
    }

    /// Only the columns `setl_id` and `medfee_sumamt` of some of the claims.
    pub fn ids(&self, rows: Range<usize>) -> Result<ClaimIds, Problem> {
        let claims = self.load(rows, Wanted::Ids)?;
        Ok(ClaimIds { setl_id: claims.stays.setl_id, total_fen: claims.total_fen })
    }

    /// Only the column `psn_no` of some of the claims.
    pub fn persons(&self, rows: Range<usize>) -> Result<Text, Problem> {
        Ok(self.load(rows, Wanted::Persons)?.psn_no)
    }

    /// The dictionaries of all claims, with a row for each pair of institution and level that occurs; the other columns
    /// have no rows.
    #[must_use]
    pub fn texts(&self) -> Claims {
        let mut texts = self.none();
        for &(institution, level) in &self.sites {
            texts.stays.setl_id.push("");
            texts.institution.push_id(institution);
            texts.hospital_level.push_id(level);
        }
        texts
    }

    /// No claims, with the dictionaries of all.
    fn none(&self) -> Claims {
        let mut none = Claims::default();
        for (column, names) in none.dictionaries_mut().into_iter().zip(&self.names) {
            *column = Dictionary::of(names, Vec::new());
        }
        none
    }

    fn load(&self, rows: Range<usize>, wanted: Wanted) -> Result<Claims, Problem> {
        let mut parts = Vec::new();
        let mut at = self.before.partition_point(|before| *before <= rows.start).saturating_sub(1);
        while at < self.blocks.len() && self.before[at] < rows.end {
            let start = rows.start.max(self.before[at]) - self.before[at];
            let end = rows.end.min(self.before[at + 1]) - self.before[at];
            parts.push(self.block(&self.blocks[at], start..end, wanted).map_err(|e| unreadable(&e))?);
            at += 1;
        }
        match parts.len() {
            1 => Ok(parts.swap_remove(0)),
            _ => Ok(self.joined(parts)),
        }
    }

    fn joined(&self, parts: Vec<Claims>) -> Claims {
        let mut all = self.none();
        for mut part in parts {
            complete_parts(&mut part, self.has_parts());
            all.append(&part);
        }
        all
    }

    /// Some of the accepted rows of a block.
    fn block(&self, block: &Block, numbers: Range<usize>, wanted: Wanted) -> io::Result<Claims> {
        if let [(run, rows)] = block.parts.as_slice() {
            return self.part(*run, rows, numbers, wanted);
        }
        let by_id = if wanted == Wanted::Persons { Wanted::Claims } else { wanted };
        let whole = |(run, rows): &(u32, Range<usize>)| self.part(*run, rows, 0..self.kept(*run, rows), by_id);
        let all = self.joined(block.parts.iter().map(whole).collect::<io::Result<_>>()?);
        let ids = &all.stays.setl_id;
        let mut order: Vec<u32> = (0u32..).take(ids.len()).collect();
        order.sort_by(|&a, &b| ids.bytes(a as usize).cmp(ids.bytes(b as usize)));
        Ok(all.pick(&order[numbers]))
    }

    /// Of the accepted among these rows of a run, those with these numbers.
    fn part(&self, run: u32, rows: &Range<usize>, numbers: Range<usize>, wanted: Wanted) -> io::Result<Claims> {
        let nothing = BTreeSet::new();
        let dropped = self.dropped.get(&run).unwrap_or(&nothing);
        // The row of an accepted claim with this number.
        let row_of = |number: usize| {
            let own = dropped.range(rows.clone());
            own.fold(rows.start + number, |row, dropped| if *dropped <= row { row + 1 } else { row })
        };
        let wanted_rows = match numbers.len() {
            0 => rows.start..rows.start,
            _ => row_of(numbers.start)..row_of(numbers.end - 1) + 1,
        };
        let first = wanted_rows.start;
        let loaded =
            self.runs[run as usize].load(wanted_rows.clone(), wanted, &self.names, self.spill.as_ref())?.claims;
        if loaded.len() == numbers.len() {
            return Ok(loaded);
        }
        let kept = wanted_rows.filter(|row| !dropped.contains(row)).map(|row| (row - first) as u32);
        Ok(loaded.pick(&kept.collect::<Vec<u32>>()))
    }

    /// Leaves out the claims of these rows.
    pub fn leave_out(&mut self, rows: &BTreeSet<usize>) -> Result<(), Problem> {
        let mut out: Vec<(u32, usize)> = Vec::new();
        for &row in rows {
            out.push(self.place(row)?);
        }
        for (run, row) in out {
            self.dropped.entry(run).or_default().insert(row);
        }
        self.count();
        Ok(())
    }

    /// The run of a claim, and its row there.
    fn place(&self, row: usize) -> Result<(u32, usize), Problem> {
        let block = self.before.partition_point(|before| *before <= row).saturating_sub(1);
        let id = self.ids(row..row + 1)?.setl_id;
        for (run, rows) in &self.blocks[block].parts {
            let own = self.runs[*run as usize].load(rows.clone(), Wanted::Ids, &self.names, self.spill.as_ref());
            let own = own.map_err(|e| unreadable(&e))?.claims.stays.setl_id;
            let found = (0..own.len()).filter(|at| own.bytes(*at) == id.bytes(0)).map(|at| rows.start + at);
            let dropped = self.dropped.get(run);
            if let Some(at) = found.into_iter().find(|at| dropped.is_none_or(|dropped| !dropped.contains(at))) {
                return Ok((*run, at));
            }
        }
        unreachable!("Invariant: a claim is among the rows of its block")
    }

    /// The numbers of all claims in the order read, by `setl_id`. Only of a store in memory.
    #[must_use]
    pub(super) fn into_numbers(self) -> Vec<u32> {
        let mut found: Vec<(String, u32)> = Vec::new();
        for (number, run) in (0u32..).zip(self.runs) {
            let (base, dropped) = (run.base, self.dropped.get(&number));
            let rows = run.into_rows().expect("Invariant: a store taken whole is in memory");
            let kept = (0..rows.lines.len()).filter(|row| dropped.is_none_or(|dropped| !dropped.contains(row)));
            let id = |row: usize| rows.claims.stays.setl_id.get(row).to_owned();
            found.extend(kept.map(|row| (id(row), base as u32 + rows.origin[row])));
        }
        found.sort();
        found.into_iter().map(|(_, row)| row).collect()
    }

    /// All claims, with dictionaries in the order of their texts. Only of a store in memory.
    #[must_use]
    pub fn into_whole(self) -> Claims {
        let (has, empty) = (self.has_parts, self.is_empty());
        let mut all = Rows::default();
        let mut kept: Vec<u32> = Vec::new();
        for (number, run) in (0u32..).zip(self.runs) {
            let base = all.lines.len();
            let dropped = self.dropped.get(&number);
            let rows = (0..run.rows).filter(|row| dropped.is_none_or(|dropped| !dropped.contains(row)));
            kept.extend(rows.map(|row| (base + row) as u32));
            all.append(&run.into_rows().expect("Invariant: a store taken whole is in memory"));
        }
        let mut claims = all.claims;
        complete_parts(&mut claims, has.map(|has| has && !empty));
        let ids = &claims.stays.setl_id;
        let key = |row: u32| ids.bytes(row as usize);
        if !kept.is_sorted_by(|&a, &b| key(a) <= key(b)) {
            kept.sort_by(|&a, &b| key(a).cmp(key(b)));
        }
        claims.take(&kept)
    }
}

/// A temporary file that cannot be read.
pub(super) fn unreadable(error: &io::Error) -> Problem {
    Problem::new(&CANNOT_READ).with("reason", error).file(TEMPORARY)
}
