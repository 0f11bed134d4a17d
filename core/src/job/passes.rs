//! Going over the claims of a month chunk by chunk.

use std::ops::Range;

use rayon::prelude::*;

use crate::frame::GROUP_ROWS;
use crate::problem::{Problem, Problems};

/// The rows of the chunks of so many claims; of none one chunk without rows. A chunk is a row group of the tables that
/// come of it.
pub(super) fn ranges(claims: usize) -> impl Iterator<Item = Range<usize>> {
    (0..claims.max(1)).step_by(GROUP_ROWS).map(move |start| start..(start + GROUP_ROWS).min(claims))
}

/// Does `work` on every chunk, as many at a time as there are threads, and gives the results to `take` in the order of
/// the chunks, while work on the next goes on. All that is wrong is told, of all chunks.
pub(super) fn over_chunks<T: Send>(
    claims: usize,
    work: impl Fn(Range<usize>) -> Result<T, Problems> + Sync,
    mut take: impl FnMut(T) -> Result<(), Problems> + Send,
) -> Result<(), Problems> {
    let all: Vec<Range<usize>> = ranges(claims).collect();
    let mut problems: Vec<Problem> = Vec::new();
    let mut done: Vec<T> = Vec::new();
    for some in all.chunks(rayon::current_num_threads().max(1)) {
        let work_on = || some.par_iter().map(|rows| work(rows.clone())).collect::<Vec<_>>();
        let (next, taken) = rayon::join(work_on, || done.drain(..).try_for_each(&mut take));
        taken?;
        for result in next {
            match result {
                Ok(result) => done.push(result),
                Err(more) => {
                    let new: Vec<Problem> = more.into_iter().filter(|one| !problems.contains(one)).collect();
                    problems.extend(new);
                }
            }
        }
        if !problems.is_empty() {
            done.clear();
        }
    }
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    done.into_iter().try_for_each(take)
}
