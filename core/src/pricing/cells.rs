//! All cells of a run, built side by side.

use hashbrown::HashMap;
use rayon::prelude::*;

use super::assign::Key;
use super::cell::{Cell, What, build};
use super::fault::{Fault, Faults};
use super::prepare::Prepared;
use crate::grouper::Outcome;

/// The cells of keys, in their order, but for those that have a fault.
pub(super) fn build_cells(
    prepared: &[Prepared<'_>],
    keys: &[(Key, u64)],
    institutions: &[String],
    outcomes: &[Outcome],
    pools: &[String],
    faults: &mut Faults,
) -> Vec<Cell> {
    let build_one = |(key, _): &(Key, u64)| {
        build(&prepared[usize::from(key.pack)], key.pool, key.site, key.what, outcomes, institutions, pools)
    };
    // Institutions that no rule of prices tells apart share what a cell is worth; each of a cell that has a fault is
    // built by itself, so that the fault names it.
    let alike: Vec<Vec<u32>> = prepared.iter().map(Prepared::alike).collect();
    let mut first_of: HashMap<Key, usize, foldhash::fast::FixedState> = HashMap::default();
    let mut firsts = Vec::new();
    let shared: Vec<usize> = keys
        .iter()
        .map(|(key, _)| {
            let site = alike[usize::from(key.pack)][key.site as usize];
            *first_of.entry(Key { site, ..*key }).or_insert_with(|| {
                firsts.push(Key { site, ..*key });
                firsts.len() - 1
            })
        })
        .collect();
    let firsts: Vec<Option<Cell>> = firsts.into_par_iter().map(|key| build_one(&(key, 0)).ok()).collect();
    let of_site = |((key, cases), shared): (&(Key, u64), &usize)| match &firsts[*shared] {
        Some(cell) => Ok(cell.at(&prepared[usize::from(key.pack)].sites[key.site as usize])),
        None => build_one(&(*key, *cases)),
    };
    let built: Vec<Result<Cell, Fault>> = keys.par_iter().zip(&shared).map(of_site).collect();
    let mut cells = Vec::with_capacity(keys.len());
    for ((key, cases), cell) in keys.iter().zip(built) {
        match cell {
            Ok(cell) => cells.push(cell),
            Err(fault) => {
                let site = &prepared[usize::from(key.pack)].sites[key.site as usize];
                let drg = match key.what {
                    What::Group(number) => outcomes[usize::from(number)].drg.as_str(),
                    _ => "",
                };
                faults.add(fault, *cases, (&institutions[site.institution as usize], drg));
            }
        }
    }
    cells
}
