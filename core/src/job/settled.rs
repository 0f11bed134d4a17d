//! Which claims another month of the book has settled already.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::corrections::CORRECTIONS;
use super::history::{months_before, settled_months};
use super::passes::ranges;
use super::rows::Rows;
use crate::claims::ClaimStore;
use crate::frame::{Batches, Cell, Cells, Source};
use crate::ledger::{Book, Period};
use crate::pricing::State;
use crate::problem::catalogue::files::BROKEN_FILE;
use crate::problem::{Problem, Problems};
use crate::settlement::Action;

/// A claim that another month has settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SettledBefore {
    pub period: Period,
    /// Its row among the claims now, and its bill.
    pub row: usize,
    pub fen: i64,
}

/// The claims, by `setl_id`, that another month has settled and no correction took back. Both are in the order of
/// `setl_id`, so that neither has to be in memory.
pub(super) fn settled_before(
    book: &Book,
    period: Period,
    claims: &ClaimStore,
) -> Result<BTreeMap<String, SettledBefore>, Problems> {
    let mut found = BTreeMap::new();
    let others = settled_months(book)?.into_iter().filter(|other| *other != period);
    let mut months = others.map(|other| Settled::open(book, other)).collect::<Result<Vec<_>, _>>()?;
    if months.is_empty() {
        return Ok(found);
    }
    for rows in ranges(claims.len()) {
        let first = rows.start;
        let chunk = claims.ids(rows)?;
        for month in &mut months {
            for row in 0..chunk.setl_id.len() {
                let id = chunk.setl_id.get(row);
                if month.has(id)? {
                    let own = SettledBefore { period: month.period, row: first + row, fen: chunk.total_fen[row] };
                    found.insert(id.to_owned(), own);
                }
            }
        }
    }
    // What was taken back may come again.
    for made_in in months_before(book, period)? {
        let Some(made) = Rows::read_if_any(book, made_in, CORRECTIONS, &["setl_id", "period", "action"])? else {
            continue;
        };
        for row in (0..made.len()).filter(|&row| made.str("action", row) == Action::Reverse.code()) {
            let id = made.str("setl_id", row);
            if found.get(id).is_some_and(|own| own.period.to_string() == made.str("period", row)) {
                found.remove(id);
            }
        }
    }
    Ok(found)
}

/// The claims that a month has settled, in the order of `setl_id`.
struct Settled {
    period: Period,
    name: String,
    batches: Batches,
    /// Identifiers and states of the current rows, how many, and which is next.
    current: Option<(Cells, Cells, usize)>,
    at: usize,
    last: String,
}

impl Settled {
    fn open(book: &Book, period: Period) -> Result<Settled, Problems> {
        let path = book.table_path(period, "claims")?;
        let source = Source::open(&path)?;
        let wanted = ["setl_id", "state"];
        let wanted: Vec<usize> =
            (0..source.heads().len()).filter(|&at| wanted.contains(&source.heads()[at].name.as_str())).collect();
        let batches = source.batches(&wanted)?;
        let name = format!("periods/{period}/claims.parquet");
        Ok(Settled { period, name, batches, current: None, at: 0, last: String::new() })
    }

    /// Whether the month settled this claim. Claims are to be asked for in the order of their names.
    fn has(&mut self, id: &str) -> Result<bool, Problems> {
        loop {
            let Some((ids, states, rows)) = &self.current else {
                if !self.read()? {
                    return Ok(false);
                }
                continue;
            };
            if self.at >= *rows {
                self.current = None;
                continue;
            }
            let Cell::Text(own) = ids.get(self.at) else { return Err(self.broken().into()) };
            match own.cmp(id) {
                Ordering::Greater => return Ok(false),
                Ordering::Equal => {
                    return Ok(!matches!(states.get(self.at), Cell::Text(state) if state == State::Excluded.code()));
                }
                Ordering::Less if own < self.last.as_str() => return Err(self.broken().into()),
                Ordering::Less => {
                    own.clone_into(&mut self.last);
                    self.at += 1;
                }
            }
        }
    }

    /// Reads some rows; `false` when there are no more.
    fn read(&mut self) -> Result<bool, Problems> {
        let Some(batch) = self.batches.next() else { return Ok(false) };
        let batch = batch?;
        let column = |name: &str| batch.find(name).ok_or_else(|| self.broken());
        let (ids, states) = (batch.cells(column("setl_id")?)?, batch.cells(column("state")?)?);
        self.current = Some((ids, states, batch.len()));
        self.at = 0;
        Ok(true)
    }

    fn broken(&self) -> Problem {
        Problem::new(&BROKEN_FILE).with("reason", "rows out of order").file(self.name.as_str())
    }
}
