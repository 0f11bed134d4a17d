//! The short way to a cell: three places in one array, instead of rules asked one by one.
//!
//! Where a pack asks nothing of a case but its day, its pool, its institution and its group, the cell follows from
//! numbers alone. A case about which anything else is asked, or of which anything is unknown, has no place here and
//! goes the long way (`assign.rs`), which also tells what is wrong with it; both ways lead to the same cell.

use std::collections::BTreeMap;

use super::assign::{Key, UNKNOWN_FEN};
use super::cell::What;
use super::prepare::{PoolOf, Prepared};
use crate::claims::{Claims, UNKNOWN};
use crate::grouper::{Outcome, Status};
use crate::ledger::Period;
use crate::policy::rules::{Counted, DateBasis};

/// Most places of a pack: beyond, the array would cost more memory than it saves time.
const MOST_PLACES: usize = 1 << 24;

/// The packs of a run that have a short way.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    packs: Vec<Option<Table>>,
    /// First and last day of each pack.
    validity: Vec<(i32, i32)>,
}

/// The numbers that lead to a cell of one pack.
#[derive(Clone, Debug)]
struct Table {
    pack: u8,
    by_settlement: bool,
    /// Days on which a case is in time.
    days: (i32, i32),
    /// By insurance type: the pool.
    pools: Vec<Option<u8>>,
    /// By institution and level: the site.
    sites: SiteTable,
    site_count: usize,
    /// By outcome: what prices it. `None`: the rules leave it out.
    whats: Vec<Option<What>>,
    /// The amounts a claim must state: fund, patient, other funds.
    needs: (bool, bool, bool),
    pool_count: usize,
}

/// The only site of an institution at a level, if it has one on every day of the pack.
#[derive(Clone, Debug)]
pub(super) struct SiteTable {
    /// Levels of an institution; the last stands for claims without one.
    pub levels: usize,
    pub sites: Vec<Option<u32>>,
}

/// The place of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub pack: usize,
    pub place: usize,
}

impl Plain {
    pub(super) fn new(
        prepared: &[Prepared<'_>],
        validity: &[(i32, i32)],
        texts: &Claims,
        outcomes: &[Outcome],
        period: Option<Period>,
        pools: usize,
    ) -> Plain {
        let table = |(pack, validity): (&Prepared<'_>, &(i32, i32))| {
            let table = Table::new(pack, *validity, texts, outcomes, period, pools);
            table.filter(|table| table.places() <= MOST_PLACES)
        };
        let packs = prepared.iter().zip(validity).map(table).collect();
        Plain { packs, validity: validity.to_vec() }
    }

    /// Places of a pack.
    pub(super) fn places(&self, pack: usize) -> usize {
        self.packs[pack].as_ref().map_or(0, Table::places)
    }

    pub(super) fn places_of_all(&self) -> usize {
        (0..self.packs.len()).map(|pack| self.places(pack)).sum()
    }

    /// Where a case stands; `None` when it must go the long way.
    #[inline]
    pub(super) fn find(&self, claims: &Claims, row: usize, outcome: u16) -> Option<Spot> {
        let discharged = claims.discharged[row];
        let pack = self.validity.iter().position(|(from, to)| *from <= discharged && discharged <= *to)?;
        let place = self.packs[pack].as_ref()?.find(claims, row, outcome, discharged)?;
        Some(Spot { pack, place })
    }

    /// The pool of a place.
    #[inline]
    pub(super) fn pool(&self, spot: Spot) -> usize {
        self.packs[spot.pack].as_ref().map_or(0, |table| spot.place / (table.site_count * table.whats.len()))
    }

    /// The keys of cells that have cases, in order, with their cases, of counts by pack and place.
    pub(super) fn keys(&self, cases: &[Vec<u32>]) -> Vec<(Key, u64)> {
        let tables = self.packs.iter().zip(cases).filter_map(|(table, cases)| Some((table.as_ref()?, cases)));
        tables.flat_map(|(table, cases)| table.keys(cases)).collect()
    }

    /// By pack and place: the cell.
    pub(super) fn cells(&self, keys: &[(Key, u64)], quick_of: &[u32]) -> Vec<Vec<Place>> {
        let mut cells: Vec<Vec<Place>> =
            (0..self.packs.len()).map(|pack| vec![Place::NONE; self.places(pack)]).collect();
        for (number, ((key, _), quick)) in keys.iter().zip(quick_of).enumerate() {
            let pack = usize::from(key.pack);
            let Some(table) = &self.packs[pack] else { continue };
            let first = (usize::from(key.pool) * table.site_count + key.site as usize) * table.whats.len();
            let mut set = |outcome: usize| cells[pack][first + outcome] = Place { cell: number as u32, quick: *quick };
            match key.what {
                What::Group(outcome) => set(outcome.into()),
                what => (0..table.whats.len()).filter(|at| table.whats[*at] == Some(what)).for_each(set),
            }
        }
        cells
    }
}

/// What stands at a place: numbers of a cell, and of what its normal cases are worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub cell: u32,
    pub quick: u32,
}

impl Place {
    /// No case has this place.
    pub(super) const NONE: Place = Place { cell: u32::MAX, quick: u32::MAX };
}

impl Table {
    fn new(
        pack: &Prepared<'_>,
        validity: (i32, i32),
        texts: &Claims,
        outcomes: &[Outcome],
        period: Option<Period>,
        pools: usize,
    ) -> Option<Table> {
        let scope = &pack.scope;
        let asks = scope.here.is_some()
            || scope.med_types.is_some()
            || scope.min_days.is_some()
            || scope.max_days.is_some()
            || scope.min_total_fen.is_some();
        if asks || !pack.specials.is_empty() || !pack.adjusts.is_empty() {
            return None;
        }
        let first = |period: Period| match scope.earlier {
            Counted::Include => UNKNOWN + 1,
            Counted::Exclude => period.first_day().to_epoch_days(),
        };
        let last = |period: Period| period.last_day().to_epoch_days();
        let what = |(number, outcome): (usize, &Outcome)| match outcome.status {
            Status::Grouped if pack.left_out[number] => None,
            Status::Grouped => u16::try_from(number).ok().map(What::Group),
            // Every status has its rule: checked when the pack was compiled.
            status => Some(What::Ungrouped(pack.ungrouped.get(&status).copied().unwrap_or_default() as u16)),
        };
        let pool = |of: &PoolOf| if let PoolOf::Pool(pool) = of { Some(*pool) } else { None };
        Some(Table {
            pack: pack.pack,
            by_settlement: period.is_some() && scope.date == DateBasis::Settlement,
            days: period.map_or((UNKNOWN + 1, i32::MAX), |period| (first(period), last(period))),
            pools: pack.pool_of.iter().map(pool).collect(),
            sites: pack.site_table(texts, validity),
            site_count: pack.sites.len(),
            whats: outcomes.iter().enumerate().map(what).collect(),
            needs: pack.needs,
            pool_count: pools,
        })
    }

    fn places(&self) -> usize {
        self.pool_count * self.site_count * self.whats.len()
    }

    #[inline]
    fn find(&self, claims: &Claims, row: usize, outcome: u16, discharged: i32) -> Option<usize> {
        let day = if self.by_settlement { *claims.settled.get(row)? } else { discharged };
        if day < self.days.0 || day > self.days.1 {
            return None;
        }
        let pool = (*self.pools.get(claims.insurance_type.id(row) as usize)?)?;
        let site = self.sites.find(claims, row)?;
        self.whats[usize::from(outcome)]?;
        let (fund, patient, other) = self.needs;
        let unknown = claims.total_fen[row] == UNKNOWN_FEN
            || (fund && claims.fund_fen[row] == UNKNOWN_FEN)
            || (patient && claims.patient_fen[row] == UNKNOWN_FEN)
            || (other && claims.other_fund_fen[row] == UNKNOWN_FEN);
        let place = (usize::from(pool) * self.site_count + site as usize) * self.whats.len() + usize::from(outcome);
        (!unknown).then_some(place)
    }

    fn keys(&self, cases: &[u32]) -> Vec<(Key, u64)> {
        let mut keys = Vec::new();
        for (at, cases) in cases.chunks(self.whats.len()).enumerate() {
            let (pool, site) = (at / self.site_count, at % self.site_count);
            let mut others: BTreeMap<What, u64> = BTreeMap::new();
            let key = |what| Key { pack: self.pack, pool: pool as u8, site: site as u32, what };
            for (what, cases) in self.whats.iter().zip(cases).filter(|(_, cases)| **cases > 0) {
                match what {
                    // Outcomes are in the order of groups, and groups stand before all else.
                    Some(what @ What::Group(_)) => keys.push((key(*what), u64::from(*cases))),
                    Some(what) => *others.entry(*what).or_default() += u64::from(*cases),
                    None => {}
                }
            }
            keys.extend(others.into_iter().map(|(what, cases)| (key(what), cases)));
        }
        keys
    }
}

impl SiteTable {
    #[inline]
    fn find(&self, claims: &Claims, row: usize) -> Option<u32> {
        let level =
            if claims.hospital_level.is_empty() { self.levels - 1 } else { claims.hospital_level.id(row) as usize };
        *self.sites.get(claims.institution.id(row) as usize * self.levels + level.min(self.levels - 1))?
    }
}
