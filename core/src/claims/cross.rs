//! What rows say of each other: copies, reversals, several settlements of one stay. No decision depends on the order
//! of the rows.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use rayon::slice::ParallelSliceMut;

use super::column::Fault;
use super::columns::{Claims, UNKNOWN_FEN};
use super::fields::Field;
use super::parse::Keys;
use super::values::Moment;
use crate::money::Fen;
use crate::problem::Severity;
use crate::problem::catalogue::claims as c;

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Accepted,
    Rejected,
    Excluded,
}

/// All rows of a run. `faults` holds reasons for rejection (errors) and for exclusion (warnings).
#[derive(Debug, Default)]
pub(super) struct Pool {
    pub claims: Claims,
    pub keys: Keys,
    pub faults: Vec<Fault>,
    pub fates: Vec<Fate>,
}

impl Pool {
    /// Decides on every row; returns the accepted ones by `setl_id`. `place` names a row for people.
    pub(super) fn decide(&mut self, place: impl Fn(usize) -> (String, u64)) -> Vec<u32> {
        self.fates = vec![Fate::Accepted; self.claims.len()];
        self.faults.iter().for_each(|fault| self.fates[fault.row] = Fate::Rejected);
        self.set_aside_withdrawn();
        let order = self.order();
        self.settle_copies(&order, place);
        self.settle_reversals(&order);
        self.settle_stays();
        let fates = &self.fates;
        // A row that does not count need not be right.
        self.faults.retain(|f| fates[f.row] != Fate::Excluded || f.entry.severity == Severity::Warning);
        self.faults.sort_by_key(|fault| fault.row);
        order.into_iter().filter(|&row| fates[row as usize] == Fate::Accepted).collect()
    }

    fn exclude(&mut self, fault: Fault) {
        self.fates[fault.row] = Fate::Excluded;
        self.faults.push(fault);
    }

    fn reject(&mut self, fault: Fault) {
        self.fates[fault.row] = Fate::Rejected;
        self.faults.push(fault);
    }

    fn setl_id(&self, row: usize) -> &str {
        self.claims.stays.setl_id.get(row)
    }

    fn set_aside_withdrawn(&mut self) {
        for row in 0..self.claims.len() {
            if self.keys.valid[row] == 0 {
                self.exclude(Fault::new(row, Field::ValiFlag, &c::MARKED_INVALID, "0"));
            }
        }
    }

    /// Rows that have a `setl_id` and are not set aside, by `setl_id`, then as read.
    fn order(&self) -> Vec<u32> {
        let ids = &self.claims.stays.setl_id;
        let rows = 0..u32::try_from(ids.len()).expect("Invariant: the intake bounds the number of rows");
        let in_use = |&row: &u32| !ids.bytes(row as usize).is_empty() && self.fates[row as usize] != Fate::Excluded;
        let mut order: Vec<u32> = rows.filter(in_use).collect();
        let key = |row: u32| (ids.bytes(row as usize), row);
        if !order.is_sorted_by(|&a, &b| key(a) <= key(b)) {
            order.par_sort_unstable_by(|&a, &b| key(a).cmp(&key(b)));
        }
        order
    }

    /// Rows with one `setl_id`: equal ones count once, the first as read; different ones not at all.
    fn settle_copies(&mut self, order: &[u32], place: impl Fn(usize) -> (String, u64)) {
        let ids = &self.claims.stays.setl_id;
        let groups = order.chunk_by(|&a, &b| ids.bytes(a as usize) == ids.bytes(b as usize));
        let several: Vec<&[u32]> = groups.filter(|group| group.len() > 1).collect();
        for group in several {
            let (first, others) = (group[0] as usize, &group[1..]);
            let alike = others.iter().all(|&row| self.same(first, row as usize));
            let faulty = group.iter().filter(|&&row| self.fates[row as usize] == Fate::Rejected).count();
            let setl_id = self.setl_id(first).to_owned();
            if alike && faulty == 0 {
                let (file, row) = place(first);
                for &copy in others {
                    let fault = Fault::new(copy as usize, Field::SetlId, &c::DUPLICATE_COPY, &setl_id);
                    self.exclude(fault.with("file", &file).with("row", row));
                }
            } else if !alike || faulty < group.len() {
                for &row in group {
                    let fault = Fault::new(row as usize, Field::SetlId, &c::DUPLICATE_CONFLICT, &setl_id);
                    self.reject(fault.with("setl_id", &setl_id).with("count", group.len()));
                }
            }
        }
    }

    fn same(&self, a: usize, b: usize) -> bool {
        let keys = &self.keys;
        self.claims.same(a, b)
            && keys.settled_at[a] == keys.settled_at[b]
            && keys.reversal[a] == keys.reversal[b]
            && keys.reverses.bytes(a) == keys.reverses.bytes(b)
    }

    /// A reversal and the settlement it names drop out together when they cancel out exactly.
    fn settle_reversals(&mut self, order: &[u32]) {
        const KEYS: [Field; 4] = [Field::SetlId, Field::RefdSetlFlag, Field::FixmedinsCode, Field::MedfeeSumamt];
        let faulty = |fields: &[Field]| -> BTreeSet<usize> {
            let concerned = |fault: &&Fault| fault.field.is_empty() || fields.iter().any(|f| f.name() == fault.field);
            self.faults.iter().filter(concerned).map(|fault| fault.row).collect()
        };
        let (unsure, unreadable) = (faulty(&[Field::RefdSetlFlag]), faulty(&KEYS));
        let rows = (0..self.claims.len()).filter(|&row| self.fates[row] != Fate::Excluded);
        let mut of: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for row in rows {
            let named = self.keys.reverses.get(row);
            if self.keys.reversal[row] == 1 || (!named.is_empty() && unsure.contains(&row)) {
                of.entry(named.to_owned()).or_default().push(row);
            }
        }
        for (original, reversals) in of {
            if original.is_empty() {
                for row in reversals {
                    self.reject(Fault::new(row, Field::InitSetlId, &c::EMPTY_FIELD, ""));
                }
                continue;
            }
            let start = order.partition_point(|&row| self.setl_id(row as usize) < original.as_str());
            let named = order[start..].iter().map(|&row| row as usize).take_while(|&row| self.setl_id(row) == original);
            let targets: Vec<usize> = named.filter(|&row| self.fates[row] != Fate::Excluded).collect();
            self.settle_reversal(&original, &reversals, &targets, &unreadable);
        }
    }

    /// `unreadable`: rows that do not say surely what they reverse. What else is wrong with a reversal does not matter.
    fn settle_reversal(
        &mut self,
        original: &str,
        reversals: &[usize],
        targets: &[usize],
        unreadable: &BTreeSet<usize>,
    ) {
        let reject_all = |pool: &mut Pool, entry| {
            for &row in reversals {
                let fault = Fault::new(row, Field::InitSetlId, entry, original);
                let fault = fault.with("original", original).with("count", reversals.len());
                let amount = amount_text(Fen(pool.claims.total_fen[row]));
                pool.reject(fault.with("amount", amount));
            }
        };
        let &[target] = targets else {
            return reject_all(self, if targets.is_empty() { &c::REVERSAL_OF_NOTHING } else { &c::REVERSAL_UNCLEAR });
        };
        if self.keys.reversal[target] == 1 {
            return reject_all(self, &c::REVERSAL_OF_REVERSAL);
        }
        let &[reversal] = reversals else {
            let fault = Fault::new(target, Field::SetlId, &c::REVERSED_TWICE, original);
            self.reject(fault.with("original", original).with("count", reversals.len()));
            return reject_all(self, &c::REVERSED_TWICE);
        };
        let name = self.setl_id(reversal).to_owned();
        if unreadable.contains(&reversal) {
            let fault = Fault::new(target, Field::SetlId, &c::REVERSAL_UNREADABLE, original);
            return self.reject(fault.with("reversal", name));
        }
        let (back, paid) = (Fen(self.claims.total_fen[reversal]), Fen(self.claims.total_fen[target]));
        let cancels = Fen::ZERO.checked_sub(paid) == Some(back);
        if cancels && self.claims.institution.id(reversal) == self.claims.institution.id(target) {
            self.exclude(Fault::new(target, Field::SetlId, &c::REVERSED, original).with("reversal", &name));
            let fault = Fault::new(reversal, Field::InitSetlId, &c::REVERSAL, original);
            return self.exclude(fault.with("original", original));
        }
        for (row, amount) in [(reversal, back), (target, paid)] {
            let fault = Fault::new(row, Field::MedfeeSumamt, &c::REVERSAL_DIFFERS, &amount_text(amount));
            let fault = fault.with("reversal", &name).with("original", original);
            self.reject(fault.with("reversed_amount", amount_text(back)).with("amount", amount_text(paid)));
        }
    }

    /// Of several settlements of one stay only the last counts.
    fn settle_stays(&mut self) {
        let claims = &self.claims;
        let mut first: HashMap<(u32, &[u8]), usize> = HashMap::new();
        let mut several: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for row in 0..claims.len() {
            let mdtrt_id = claims.mdtrt_id.bytes(row);
            let counts = self.fates[row] != Fate::Excluded && self.keys.reversal[row] != 1;
            if !counts || mdtrt_id.is_empty() || claims.institution.get(row).is_empty() {
                continue;
            }
            let earlier = *first.entry((claims.institution.id(row), mdtrt_id)).or_insert(row);
            if earlier != row {
                several.entry(earlier).or_insert_with(|| vec![earlier]).push(row);
            }
        }
        drop(first);
        for group in several.into_values() {
            self.settle_stay(&group);
        }
    }

    fn settle_stay(&mut self, group: &[usize]) {
        let moment = |row: usize| self.keys.settled_at[row];
        let latest = group.iter().filter_map(|&row| moment(row)).max_by_key(|m| (m.day, m.second.unwrap_or(0)));
        let known = group.iter().all(|&row| moment(row).is_some());
        let (earlier, last): (Vec<usize>, Vec<usize>) = group
            .iter()
            .partition(|&&row| known && moment(row).zip(latest).is_some_and(|(this, latest)| is_before(this, latest)));
        let mdtrt_id = self.claims.mdtrt_id.get(group[0]).to_owned();
        for row in earlier {
            if self.fates[row] == Fate::Accepted {
                let fault = Fault::new(row, Field::SetlTime, &c::SUPERSEDED, "");
                self.exclude(fault.with("mdtrt_id", &mdtrt_id));
            }
        }
        if last.len() > 1 && last.iter().any(|&row| self.fates[row] == Fate::Accepted) {
            for &row in &last {
                let fault = Fault::new(row, Field::SetlTime, &c::LAST_SETTLEMENT_UNCLEAR, "");
                self.reject(fault.with("mdtrt_id", &mdtrt_id).with("count", last.len()));
            }
        }
    }
}

fn amount_text(amount: Fen) -> String {
    if amount.0 == UNKNOWN_FEN { "?".to_owned() } else { amount.to_string() }
}

/// Whether a moment is surely before another: of two on one day both must have a time.
fn is_before(this: Moment, other: Moment) -> bool {
    let times = this.second.zip(other.second);
    this.day < other.day || (this.day == other.day && times.is_some_and(|(this, other)| this < other))
}
