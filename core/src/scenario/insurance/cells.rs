//! Pricing by cells: all that a change of lines, weights, coefficients or rates needs.

use crate::policy::PolicySet;
use crate::pricing::{Options, Piece, Replay, State};
use crate::problem::Problems;
use crate::settlement::{Compact, CompactCase, Group, Sum};

use super::{InsuranceInput, Unit};

/// The claims of every unit, sorted into cells.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    units: Vec<Sorted>,
}

/// A unit's cells, with running sums of what its cases paid.
#[derive(Clone, Debug)]
struct Sorted {
    replay: Replay,
    /// The groups of cases, and the one of each place.
    groups: Vec<Group>,
    group_of: Vec<usize>,
    /// Before each case: sums of bills, fund, patient, other funds, and how many do not state the last two.
    before: Vec<[i64; 5]>,
}

impl Cells {
    /// Sorts the claims. `Ok(None)` where prices are not a matter of cells alone.
    pub(super) fn new(input: &InsuranceInput, set: &PolicySet) -> Result<Option<Cells>, Problems> {
        if !input.revisions.is_empty() {
            return Ok(None);
        }
        let mut units = Vec::with_capacity(input.units.len());
        for unit in &input.units {
            let options = Options { period: Some(unit.period), past: &unit.past, tcm: None };
            let Some(replay) = Replay::new(&unit.claims, &unit.grouped, &unit.outcomes, set, &options)? else {
                return Ok(None);
            };
            let Some(sorted) = Sorted::new(unit, replay) else { return Ok(None) };
            units.push(sorted);
        }
        Ok(Some(Cells { units }))
    }

    /// The sums under changed rules. `None`: something has no price.
    pub(super) fn price(&self, input: &InsuranceInput, set: &PolicySet) -> Option<Compact> {
        let mut whole = Compact::default();
        for (sorted, unit) in self.units.iter().zip(&input.units) {
            whole.append(sorted.price(unit, set)?)?;
        }
        whole.tidy();
        Some(whole)
    }
}

impl Sorted {
    fn new(unit: &Unit, replay: Replay) -> Option<Sorted> {
        let claims = &unit.claims;
        let mut groups: Vec<Group> = Vec::new();
        let mut numbers = std::collections::BTreeMap::new();
        let mut group_of = Vec::with_capacity(replay.places.len());
        for place in &replay.places {
            let group = Group {
                institution: claims.institution.texts()[place.institution as usize].clone(),
                insutype: claims.insurance_type.texts()[place.insutype as usize].clone(),
                pool: place.pool,
                consortium: place.consortium.clone().unwrap_or_default(),
            };
            let next = groups.len();
            let number = *numbers.entry(group.clone()).or_insert(next);
            if number == next {
                groups.push(group);
            }
            group_of.push(number);
        }
        let mut before = Vec::with_capacity(replay.rows.len() + 1);
        let mut sums = [0i64; 5];
        before.push(sums);
        for &row in &replay.rows {
            let row = row as usize;
            let stated = |fen: i64| Some(fen).filter(|fen| *fen != i64::MIN);
            let (total, patient) = (claims.total_fen[row], stated(claims.patient_fen[row]));
            let other = stated(claims.other_fund_fen[row]);
            let rest = || total.checked_sub(patient?)?.checked_sub(other?);
            let fund = stated(claims.fund_fen[row]).or_else(rest).unwrap_or_default();
            let unknown = i64::from(patient.is_none() || other.is_none());
            let own = [total, fund, patient.unwrap_or_default(), other.unwrap_or_default(), unknown];
            for (sum, own) in sums.iter_mut().zip(own) {
                *sum = sum.checked_add(own)?;
            }
            before.push(sums);
        }
        Some(Sorted { replay, groups, group_of, before })
    }

    fn price(&self, unit: &Unit, set: &PolicySet) -> Option<Compact> {
        let mut compact = Compact::of_pools(self.replay.pools.clone());
        for group in &self.groups {
            compact.group(group.clone());
        }
        let take = &mut |piece: Piece| {
            if piece.state == State::Excluded {
                return Some(());
            }
            compact.add(self.group_of[piece.place], &self.cases(&piece)?)
        };
        self.replay.price(&unit.claims, &unit.outcomes, set, take)?;
        Some(compact)
    }

    /// The sums of a piece.
    fn cases(&self, piece: &Piece) -> Option<CompactCase> {
        let rows = i64::try_from(piece.rows.len()).ok()?;
        let (from, to) = (&self.before[piece.rows.start], &self.before[piece.rows.end]);
        let [total_fen, fund_fen, patient_fen, other_fund_fen, unknown] = std::array::from_fn(|at| to[at] - from[at]);
        let paid = piece.state == State::Paid;
        let by_points = piece.points_e4 != 0 || piece.amount_fen != 0;
        let shares = paid && (piece.outside_fen == 0 || by_points);
        let weighted = i64::from(piece.weight_e6.is_some());
        let sum = Sum {
            cases: if paid { rows } else { 0 },
            unpaid: if paid { 0 } else { rows },
            total_fen,
            fund_fen,
            cost_fen: if paid { fund_fen } else { 0 },
            patient_fen,
            other_fund_fen,
            points_e4: piece.points_e4.checked_mul(rows)?,
            amount_fen: piece.amount_fen.checked_mul(rows)?,
            outside_fen: piece.outside_fen.checked_mul(rows)?,
            pool_patient_fen: if shares { patient_fen } else { 0 },
            pool_other_fen: if shares { other_fund_fen } else { 0 },
            weighted_cases: weighted.checked_mul(rows)?,
            weights_e6: piece.weight_e6.unwrap_or_default().checked_mul(rows)?,
            ..Sum::default()
        };
        Some(CompactCase { sum, state: piece.state, points_e4: piece.points_e4, rows, unknown: unknown > 0 })
    }
}
