//! Stays that an earlier month has settled, and that come once more under another `setl_id`: only the last settlement
//! of a stay counts, in whichever month it comes.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use foldhash::quality::FixedState;

use super::history::{hash_of, months_before};
use super::month_claims::Looked;
use super::passes::ranges;
use super::settled::SettledBefore;
use super::standing::{Standing, standings};
use crate::claims::{ClaimStore, UNKNOWN};
use crate::frame::{Batch, Cell, Source};
use crate::ledger::{Book, Period};
use crate::pricing::State;
use crate::problem::Problem;
use crate::problem::Problems;
use crate::problem::catalogue::files::BROKEN_FILE;
use crate::settlement::{Action, Correction, Worth};

/// A stay that is settled again.
#[derive(Clone, Debug)]
pub(super) struct Again {
    /// Its row among the claims now.
    pub row: usize,
    /// The settlement now.
    pub setl_id: String,
    fen: i64,
    settled: i32,
    /// The settlement that the book has, and how it stands.
    before: String,
    standing: Standing,
    /// The day of that settlement.
    day: i32,
}

/// The claims of stays that earlier months have settled under another `setl_id`, and no correction took back.
pub(super) fn settled_again(book: &Book, period: Period, claims: &ClaimStore) -> Result<Vec<Again>, Problems> {
    let months = months_before(book, period)?;
    if months.is_empty() {
        return Ok(Vec::new());
    }
    let mut own: HashSet<u64, FixedState> = HashSet::default();
    for rows in ranges(claims.len()) {
        let chunk = claims.chunk(rows)?;
        own.extend(chunk.mdtrt_id.iter().filter(|id| !id.is_empty()).map(hash_of));
    }
    if own.is_empty() {
        return Ok(Vec::new());
    }
    // By mdtrt_id: settlements of the book.
    let mut before: BTreeMap<String, Vec<(String, i32)>> = BTreeMap::new();
    for month in months {
        of_month(book, month, &own, &mut before)?;
    }
    if before.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: BTreeSet<&str> = before.values().flatten().map(|(setl_id, _)| setl_id.as_str()).collect();
    let standing = standings(book, period, &|id| wanted.contains(id))?;
    let mut found = Vec::new();
    for rows in ranges(claims.len()) {
        let first = rows.start;
        let chunk = claims.chunk(rows)?;
        for at in 0..chunk.mdtrt_id.len() {
            let setl_id = chunk.stays.setl_id.get(at);
            for (id, day) in before.get(chunk.mdtrt_id.get(at)).into_iter().flatten() {
                let Some(standing) = standing.get(id) else { continue };
                let in_force = !standing.reversed && standing.worth.state != State::Excluded;
                if !in_force || id == setl_id || standing.institution != chunk.institution.get(at) {
                    continue;
                }
                found.push(Again {
                    row: first + at,
                    setl_id: setl_id.to_owned(),
                    fen: chunk.total_fen[at],
                    settled: chunk.settled.get(at).copied().unwrap_or(UNKNOWN),
                    before: id.clone(),
                    standing: standing.clone(),
                    day: *day,
                });
            }
        }
    }
    Ok(found)
}

/// The settlements of a month whose `mdtrt_id` is among those of this run.
fn of_month(
    book: &Book,
    month: Period,
    own: &HashSet<u64, FixedState>,
    before: &mut BTreeMap<String, Vec<(String, i32)>>,
) -> Result<(), Problems> {
    let source = Source::open(&book.table_path(month, "stays")?)?;
    let wanted = ["setl_id", "mdtrt_id", "setl_time"];
    let heads = source.heads().iter().enumerate();
    let wanted: Vec<usize> = heads.filter(|(_, head)| wanted.contains(&head.name.as_str())).map(|(at, _)| at).collect();
    for batch in source.batches(&wanted)? {
        let batch = batch?;
        let column = |name: &str| column_of(&batch, name, month);
        let [ids, stays, days] = [column("setl_id")?, column("mdtrt_id")?, column("setl_time")?];
        let (ids, stays, days) = (batch.cells(ids)?, batch.cells(stays)?, batch.cells(days)?);
        for row in 0..batch.len() {
            let Cell::Text(stay) = stays.get(row) else { continue };
            let Cell::Text(id) = ids.get(row) else { continue };
            if own.contains(&hash_of(stay)) {
                let day = if let Cell::Date(day) = days.get(row) { day } else { UNKNOWN };
                before.entry(stay.to_owned()).or_default().push((id.to_owned(), day));
            }
        }
    }
    Ok(())
}

fn column_of(batch: &Batch, name: &str, month: Period) -> Result<usize, Problem> {
    let broken = || Problem::new(&BROKEN_FILE).with("reason", name).file(format!("periods/{month}/stays.parquet"));
    batch.find(name).ok_or_else(broken)
}

impl Again {
    /// The settlement that the book has is the later one, by days: what comes now is older, and does not count.
    fn is_older(&self) -> bool {
        self.settled != UNKNOWN && self.day != UNKNOWN && self.settled < self.day
    }

    /// Takes back what was due for the settlement before.
    fn taken_back(&self) -> Correction {
        let own = &self.standing;
        let Worth { points_e4, amount_fen, outside_fen, .. } = own.worth;
        Correction {
            institution: own.institution.clone(),
            insutype: own.insutype.clone(),
            setl_id: self.before.clone(),
            period: own.period,
            action: Action::Reverse,
            fen: -own.due_fen,
            points_e4: -points_e4,
            amount_fen: -amount_fen,
            outside_fen: -outside_fen,
            state: State::Excluded,
            drg: own.drg.clone(),
            weight_e6: None,
            kept_e6: None,
            case_kind: None,
            clearing: None,
            reason: self.setl_id.clone(),
            document: String::new(),
            rule: None,
        }
    }
}

/// Those of the claims now that are older than what the book has, by `setl_id`; the others stay in `found`, with their
/// rows among the claims that are left.
pub(super) fn older(found: &mut Vec<Again>) -> BTreeMap<String, SettledBefore> {
    let is_older = |one: &&Again| one.is_older();
    let older: BTreeMap<String, SettledBefore> = found
        .iter()
        .filter(is_older)
        .map(|one| (one.setl_id.clone(), SettledBefore { period: one.standing.period, row: one.row, fen: one.fen }))
        .collect();
    found.retain(|one| !older.contains_key(&one.setl_id));
    for one in found {
        one.row -= older.values().filter(|gone| gone.row < one.row).count();
    }
    older
}

/// The corrections that take back what this run settles again; where a claim is out of the scope of this run, what was
/// settled before stays. What is reversed otherwise is not taken back twice.
pub(super) fn taken_back(
    found: &[Again],
    reversed: &[Correction],
    looked: &Looked<'_>,
) -> Result<Vec<Correction>, Problems> {
    let mut gone: BTreeSet<&str> = reversed.iter().map(|one| one.setl_id.as_str()).collect();
    let in_scope = looked.in_scope(&found.iter().map(|one| one.row).collect())?;
    let mut own: Vec<&Again> = found.iter().filter(|one| in_scope.contains(&one.row)).collect();
    own.retain(|one| gone.insert(&one.before));
    Ok(own.into_iter().map(Again::taken_back).collect())
}
