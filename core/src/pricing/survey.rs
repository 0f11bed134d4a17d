//! The first pass: which cells the cases of a chunk have.

use std::ops::Range;

use hashbrown::HashMap;
use rayon::prelude::*;

use super::assign::{Assigned, Input, Key, Way};
use super::engine::{CHUNK, Chunk, Pricing};
use super::fault::{Fault, Faults};
use super::link::LinkRows;

/// What a first look at claims finds.
#[derive(Default)]
pub struct Survey {
    /// Cases with a short way to their cell, by pack and place.
    pub(super) cases: Vec<Vec<u32>>,
    /// The cells of the others, with their number of cases.
    pub(super) keys: HashMap<Key, u64, foldhash::fast::FixedState>,
    /// By pool: Σ C and cases, for the measured mean.
    pub(super) sums: Vec<(i128, i128)>,
    pub(super) stays: LinkRows,
    pub(super) faults: Faults,
    pub(super) persons: Faults,
}

impl Survey {
    /// Σ C and cases by pool, as [`Pricing::pools`] has them.
    #[must_use]
    pub fn sums(&self) -> &[(i128, i128)] {
        &self.sums
    }

    /// With the sums of all cases, where only some are surveyed here.
    #[must_use]
    pub fn measured(self, sums: Vec<(i128, i128)>) -> Survey {
        Survey { sums, ..self }
    }

    /// Takes in what was found in the chunk after these.
    pub fn append(&mut self, more: Survey) {
        if self.cases.is_empty() {
            self.cases = more.cases;
        } else {
            let all = self.cases.iter_mut().flatten();
            all.zip(more.cases.iter().flatten()).for_each(|(sum, cases)| *sum += cases);
        }
        if self.keys.is_empty() {
            self.keys = more.keys;
        } else {
            more.keys.into_iter().for_each(|(key, cases)| *self.keys.entry(key).or_default() += cases);
        }
        add_sums(&mut self.sums, &more.sums);
        self.stays.append(more.stays);
        self.faults.append(more.faults);
        self.persons.append(more.persons);
    }
}

fn add_sums(all: &mut Vec<(i128, i128)>, more: &[(i128, i128)]) {
    all.resize(all.len().max(more.len()), (0, 0));
    all.iter_mut().zip(more).for_each(|(sum, own)| *sum = (sum.0 + own.0, sum.1 + own.1));
}

impl Pricing<'_> {
    /// The first pass over a chunk.
    #[must_use]
    pub fn survey(&self, chunk: &Chunk<'_>) -> Survey {
        let input = self.input(chunk);
        let places = self.plain.places_of_all();
        if self.joins.is_none() && places > 0 && places <= MOST_PLACES_A_ROW * chunk.claims.len() {
            return self.survey_plain(chunk, &input);
        }
        let parts: Vec<Survey> =
            parts(chunk).into_par_iter().map(|rows| self.look(chunk, rows.start, input.assign(rows))).collect();
        let mut whole = Survey { sums: vec![(0, 0); self.pools.len()], ..Survey::default() };
        parts.into_iter().for_each(|part| whole.append(part));
        whole
    }

    /// The same where most cases have a short way to their cell: they are counted in arrays.
    fn survey_plain(&self, chunk: &Chunk<'_>, input: &Input<'_>) -> Survey {
        let share = chunk.claims.len().div_ceil(rayon::current_num_threads().max(1)).max(CHUNK);
        let shares: Vec<Range<usize>> = shares(chunk.claims.len(), share);
        let counted: Vec<Counted> = shares.into_par_iter().map(|rows| self.count(chunk, rows)).collect();
        let mut whole = Survey { sums: vec![(0, 0); self.pools.len()], ..Survey::default() };
        for Counted { cases, sums, others } in counted {
            let rest = self.look(chunk, 0, input.assign(others));
            whole.append(Survey { cases, sums, ..Survey::default() });
            whole.append(rest);
        }
        whole
    }

    fn count(&self, chunk: &Chunk<'_>, rows: Range<usize>) -> Counted {
        let places = |pack| vec![0; self.plain.places(pack)];
        let cases = (0..self.prepared.len()).map(places).collect();
        let mut out = Counted { cases, sums: vec![(0, 0); self.pools.len()], others: Vec::new() };
        for row in rows {
            let Some(spot) = self.plain.find(chunk.claims, row, chunk.grouped.outcomes[row]) else {
                out.others.push(row);
                continue;
            };
            out.cases[spot.pack][spot.place] += 1;
            let sum = &mut out.sums[self.plain.pool(spot)];
            *sum = (sum.0 + i128::from(chunk.claims.total_fen[row]), sum.1 + 1);
        }
        out
    }

    fn look(&self, chunk: &Chunk<'_>, start: usize, found: Assigned) -> Survey {
        let Assigned { ways, keys, sums, faults } = found;
        let mut out = Survey { sums, faults, ..Survey::default() };
        if let Some(rule) = &self.joins {
            for (at, way) in (start..).zip(&ways) {
                let Way::Cell(number) = way else { continue };
                let key = keys[*number as usize].0;
                let pack = &self.prepared[usize::from(key.pack)];
                if !out.stays.push((chunk.claims, chunk.grouped), at, chunk.first + at, key, pack) {
                    let id = chunk.claims.stays.setl_id.get(at);
                    out.persons.add(Fault::Person(rule.clone()), 1, (id, ""));
                }
            }
        }
        out.keys = keys.into_iter().collect();
        out
    }
}

/// What is counted of some cases.
struct Counted {
    /// By pack and place.
    cases: Vec<Vec<u32>>,
    sums: Vec<(i128, i128)>,
    /// Rows that must go the long way.
    others: Vec<usize>,
}

/// Places of arrays for each case that a survey may count in: with more, the arrays cost more than they save.
const MOST_PLACES_A_ROW: usize = 16;

/// The parts of a chunk that tasks take.
pub(super) fn parts(chunk: &Chunk<'_>) -> Vec<Range<usize>> {
    shares(chunk.claims.len(), CHUNK)
}

fn shares(rows: usize, share: usize) -> Vec<Range<usize>> {
    (0..rows).step_by(share).map(|start| start..(start + share).min(rows)).collect()
}
