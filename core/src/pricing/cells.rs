//! All cells of a run, built side by side.

use std::sync::Arc;

use hashbrown::HashMap;
use rayon::prelude::*;

use super::assign::Key;
use super::cell::{Cell, CellValues, What, build};
use super::fault::{Fault, Faults};
use super::prepare::Prepared;
use super::quick::Quick;
use crate::grouper::Outcome;

/// The cells of a run.
#[derive(Default)]
pub(super) struct Cells {
    /// In the order of keys, but for those that have a fault.
    pub cells: Vec<Cell>,
    /// What cells are worth, and what their normal cases are; then the place of each cell among them.
    pub values: Vec<Arc<CellValues>>,
    pub quicks: Vec<Quick>,
    pub quick_of: Vec<u32>,
}

/// Builds the cells of keys, which are in order.
pub(super) fn build_cells(
    prepared: &[Prepared<'_>],
    keys: &[(Key, u64)],
    institutions: &[String],
    outcomes: &[Outcome],
    pools: &[String],
    faults: &mut Faults,
) -> Cells {
    let build_one = |key: &Key| {
        build(&prepared[usize::from(key.pack)], key.pool, key.site, key.what, outcomes, institutions, pools)
    };
    // Institutions that no rule of prices tells apart share what a cell is worth; each of a cell that has a fault is
    // built by itself, so that the fault names it.
    let mut alike = Alike::new(prepared, outcomes.len());
    let shared: Vec<u32> = keys.iter().map(|(key, _)| alike.number(key)).collect();
    let firsts: Vec<Option<Arc<CellValues>>> =
        alike.firsts.par_iter().map(|key| build_one(key).ok().map(Arc::new)).collect();
    let mut out = Cells { cells: Vec::with_capacity(keys.len()), ..Cells::default() };
    let quick = |cell: &CellValues| Quick::of(cell, &prepared[usize::from(cell.pack)]);
    let mut quick_of_first = vec![0; firsts.len()];
    for (number, first) in quick_of_first.iter_mut().zip(&firsts) {
        *number = out.quicks.len() as u32;
        out.quicks.extend(first.as_deref().map(quick));
        out.values.extend(first.clone());
    }
    for ((key, cases), shared) in keys.iter().zip(shared) {
        let site = &prepared[usize::from(key.pack)].sites[key.site as usize];
        if let Some(values) = &firsts[shared as usize] {
            out.cells.push(Cell::new(site, values.clone()));
            out.quick_of.push(quick_of_first[shared as usize]);
            continue;
        }
        match build_one(key) {
            Ok(values) => {
                let values = Arc::new(values);
                out.quick_of.push(out.quicks.len() as u32);
                out.quicks.push(quick(&values));
                out.values.push(values.clone());
                out.cells.push(Cell::new(site, values));
            }
            Err(fault) => note(faults, fault, *cases, (key, site.institution), institutions, outcomes),
        }
    }
    out
}

fn note(
    faults: &mut Faults,
    fault: Fault,
    cases: u64,
    (key, institution): (&Key, u32),
    institutions: &[String],
    outcomes: &[Outcome],
) {
    let drg = match key.what {
        What::Group(number) => outcomes[usize::from(number)].drg.as_str(),
        _ => "",
    };
    faults.add(fault, cases, (&institutions[institution as usize], drg));
}

/// Keys that share what their cells are worth.
struct Alike {
    /// By pack and site: the first of those with the same prices.
    sites: Vec<Vec<u32>>,
    outcomes: usize,
    /// By pack, pool and first site: the numbers of groups by outcome.
    groups: HashMap<(u8, u8, u32), Vec<u32>, foldhash::fast::FixedState>,
    others: HashMap<Key, u32, foldhash::fast::FixedState>,
    /// A key for each number.
    firsts: Vec<Key>,
}

impl Alike {
    const NONE: u32 = u32::MAX;

    fn new(prepared: &[Prepared<'_>], outcomes: usize) -> Alike {
        let sites = prepared.iter().map(Prepared::alike).collect();
        Alike { sites, outcomes, groups: HashMap::default(), others: HashMap::default(), firsts: Vec::new() }
    }

    fn number(&mut self, key: &Key) -> u32 {
        let site = self.sites[usize::from(key.pack)][key.site as usize];
        let (first, next) = (Key { site, ..*key }, self.firsts.len() as u32);
        let number = match key.what {
            What::Group(outcome) => {
                let outcomes = self.outcomes;
                let groups =
                    self.groups.entry((key.pack, key.pool, site)).or_insert_with(|| vec![Self::NONE; outcomes]);
                &mut groups[usize::from(outcome)]
            }
            _ => self.others.entry(first).or_insert(Self::NONE),
        };
        if *number == Self::NONE {
            *number = next;
            self.firsts.push(first);
        }
        *number
    }
}
