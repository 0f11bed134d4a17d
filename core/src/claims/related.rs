//! Which rows may have to do with each other, found without holding all of them: rows with one `setl_id`, reversals and
//! what they name, settlements of one stay. Hashes only suggest: who is suggested is compared exactly.

use std::hash::BuildHasher;
use std::io;
use std::ops::Range;

use foldhash::quality::FixedState;
use rayon::prelude::*;

use super::columns::Claims;
use super::spill::Spill;
use super::stored::{Packed, Packing, Unpacking};

/// Hashes are looked at a part at a time, so that a part fits into memory.
const PARTS: usize = 64;

pub(super) fn hash_of(bytes: &[u8]) -> u64 {
    FixedState::default().hash_one(bytes)
}

/// Hashes of institution and `mdtrt_id` of the rows read at once, by part.
#[derive(Debug)]
pub(super) struct StayHashes {
    starts: [u32; PARTS + 1],
    held: Held,
}

#[derive(Debug)]
enum Held {
    Here(Vec<u64>, Vec<u32>),
    There(Packed),
}

impl StayHashes {
    pub(super) fn of(claims: &Claims, counts: impl Fn(usize) -> bool, spill: Option<&Spill>) -> io::Result<StayHashes> {
        let places: Vec<u64> = claims.institution.texts().iter().map(|text| hash_of(text.as_bytes())).collect();
        let mut found: Vec<(u64, u32)> = Vec::with_capacity(claims.len());
        let state = FixedState::default();
        for row in (0..claims.len()).filter(|row| counts(*row)) {
            let (stay, place) = (claims.mdtrt_id.bytes(row), claims.institution.id(row) as usize);
            if !stay.is_empty() && !claims.institution.texts()[place].is_empty() {
                found.push((state.hash_one((places[place], stay)), row as u32));
            }
        }
        let part = |hash: u64| (hash >> 58) as usize;
        let mut starts = [0u32; PARTS + 1];
        found.iter().for_each(|(hash, _)| starts[part(*hash) + 1] += 1);
        (0..PARTS).for_each(|at| starts[at + 1] += starts[at]);
        let mut next = starts;
        let (mut hashes, mut rows) = (vec![0u64; found.len()], vec![0u32; found.len()]);
        for (hash, row) in found {
            let at = &mut next[part(hash)];
            (hashes[*at as usize], rows[*at as usize]) = (hash, row);
            *at += 1;
        }
        let held = match spill {
            None => Held::Here(hashes, rows),
            Some(spill) => {
                let mut packing = Packing::default();
                packing.plain(&hashes);
                packing.plain(&rows);
                Held::There(packing.write(spill)?)
            }
        };
        Ok(StayHashes { starts, held })
    }

    fn part(&self, part: usize, spill: Option<&Spill>) -> io::Result<(Vec<u64>, Vec<u32>)> {
        let range: Range<usize> = self.starts[part] as usize..self.starts[part + 1] as usize;
        match (&self.held, spill) {
            (Held::Here(hashes, rows), _) => Ok((hashes[range.clone()].to_vec(), rows[range].to_vec())),
            (Held::There(_), None) => Err(io::ErrorKind::NotFound.into()),
            (Held::There(packed), Some(from)) => {
                let from = Unpacking { from, packed };
                Ok((from.plain(0, range.clone())?, from.plain(1, range)?))
            }
        }
    }
}

/// The rows, as (number of the batch, row in it), whose stay may be that of another row; in no order.
pub(super) fn with_one_stay(batches: &[StayHashes], spill: Option<&Spill>) -> io::Result<Vec<(u32, u32)>> {
    let one = |part: usize| -> io::Result<Vec<(u32, u32)>> {
        let mut all: Vec<(u64, u32, u32)> = Vec::new();
        for (number, batch) in (0u32..).zip(batches) {
            let (hashes, rows) = batch.part(part, spill)?;
            all.extend(hashes.into_iter().zip(rows).map(|(hash, row)| (hash, number, row)));
        }
        all.sort_unstable();
        let several = all.chunk_by(|a, b| a.0 == b.0).filter(|those| those.len() > 1);
        Ok(several.flatten().map(|(_, batch, row)| (*batch, *row)).collect())
    };
    let parts: Vec<io::Result<Vec<(u32, u32)>>> = (0..PARTS).into_par_iter().map(one).collect();
    let mut rows = Vec::new();
    for part in parts {
        rows.extend(part?);
    }
    Ok(rows)
}
