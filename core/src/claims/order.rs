//! The order of `setl_id` over runs that are each in it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::ops::Range;

use super::run::Run;
use crate::text::Text;

/// Rows of a block.
const BLOCK: usize = 1 << 15;

/// Identifiers read at a time of each of many runs.
const AHEAD: usize = 1 << 10;

/// Rows that follow one another: those of these ranges of runs, merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Block {
    pub parts: Vec<(u32, Range<usize>)>,
}

/// All rows as blocks, in order; and the rows, as (run, row), that have a `setl_id` with another row in common.
#[derive(Debug, Default)]
pub(super) struct Order {
    pub blocks: Vec<Block>,
    pub equal: Vec<(u32, u32)>,
}

/// Reads the `setl_id` of some rows of a run.
pub(super) type ReadIds<'a> = &'a dyn Fn(u32, Range<usize>) -> io::Result<Text>;

impl Order {
    /// Finds the order. Runs that do not overlap, as of files that are in order already, are not looked into.
    pub(super) fn of(runs: &[Run], ids: ReadIds<'_>) -> io::Result<Order> {
        let mut order = Order::default();
        let mut by_first: Vec<u32> = (0u32..).zip(runs).filter(|(_, run)| run.rows > 0).map(|(at, _)| at).collect();
        by_first.sort_by_key(|&run| (runs[run as usize].first.as_str(), run));
        let mut rest = by_first.as_slice();
        while let Some((&first, others)) = rest.split_first() {
            let mut last = runs[first as usize].last.as_str();
            let overlapping = others.iter().take_while(|&&run| {
                let overlaps = runs[run as usize].first.as_str() <= last;
                last = last.max(runs[run as usize].last.as_str());
                overlaps
            });
            let (cluster, after) = rest.split_at(1 + overlapping.count());
            rest = after;
            match cluster {
                [only] => order.blocks.push(Block { parts: vec![(*only, 0..runs[*only as usize].rows)] }),
                several => order.merge(runs, several, ids)?,
            }
        }
        Ok(order)
    }

    fn merge(&mut self, runs: &[Run], cluster: &[u32], ids: ReadIds<'_>) -> io::Result<()> {
        let mut numbers = cluster.to_vec();
        numbers.sort_unstable();
        let mut cursors = Vec::new();
        for &run in &numbers {
            cursors.push(Cursor { run, rows: runs[run as usize].rows, at: 0, from: 0, ids: Text::default() });
        }
        let mut heap = BinaryHeap::new();
        for (number, cursor) in cursors.iter_mut().enumerate() {
            heap.extend(cursor.next(ids)?.map(|id| Reverse((id, number))));
        }
        let mut starts = vec![0; cursors.len()];
        let mut rows = 0;
        let mut before: Option<(Vec<u8>, _)> = None;
        while let Some(Reverse((id, number))) = heap.pop() {
            let cursor = &mut cursors[number];
            let here = (cursor.run, cursor.at as u32 - 1);
            if let Some((_, other)) = before.as_ref().filter(|(own, _)| *own == id) {
                self.equal.extend([*other, here]);
            }
            heap.extend(cursor.next(ids)?.map(|id| Reverse((id, number))));
            before = Some((id, here));
            rows += 1;
            if rows == BLOCK {
                self.blocks.push(block(&cursors, &mut starts, &heap));
                rows = 0;
            }
        }
        if rows > 0 {
            self.blocks.push(block(&cursors, &mut starts, &heap));
        }
        Ok(())
    }
}

/// The rows between `starts` and where the cursors are, without those that wait.
fn block(cursors: &[Cursor], starts: &mut [usize], waiting: &BinaryHeap<Reverse<(Vec<u8>, usize)>>) -> Block {
    let mut ends: Vec<usize> = cursors.iter().map(|cursor| cursor.at).collect();
    waiting.iter().for_each(|Reverse((_, number))| ends[*number] -= 1);
    let parts = cursors.iter().zip(starts.iter_mut()).zip(ends);
    let parts = parts.map(|((cursor, start), end)| (cursor.run, std::mem::replace(start, end)..end));
    Block { parts: parts.filter(|(_, rows)| !rows.is_empty()).collect() }
}

struct Cursor {
    run: u32,
    rows: usize,
    /// The row after the one that was given.
    at: usize,
    /// The row of the first of `ids`.
    from: usize,
    ids: Text,
}

impl Cursor {
    fn next(&mut self, ids: ReadIds<'_>) -> io::Result<Option<Vec<u8>>> {
        if self.at == self.rows {
            return Ok(None);
        }
        if self.at == self.from + self.ids.len() {
            self.from = self.at;
            self.ids = ids(self.run, self.at..(self.at + AHEAD).min(self.rows))?;
        }
        let id = self.ids.bytes(self.at - self.from).to_vec();
        self.at += 1;
        Ok(Some(id))
    }
}
