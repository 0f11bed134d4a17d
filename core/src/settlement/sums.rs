//! Sums by institution and insurance type, by consortium and by pool. Integers, so that their order does not matter.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::due::{Dues, in_pool};
use crate::claims::Claims;
use crate::money::{Rounding, div_round_i64};
use crate::pricing::{Cell, Priced, State};

/// What a group of cases adds up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Paid cases.
    pub cases: i64,
    /// Cases in scope that are not paid yet.
    pub unpaid: i64,
    pub total_fen: i64,
    pub fund_fen: i64,
    pub patient_fen: i64,
    pub other_fund_fen: i64,
    pub points_e4: i64,
    /// Paid by amount within the pool.
    pub amount_fen: i64,
    /// Paid outside the pool.
    pub outside_fen: i64,
    pub standard_fen: i64,
    pub due_fen: i64,
    /// Of the cases that share the pool's money: patient share, other funds, due less what is paid outside.
    pub pool_patient_fen: i64,
    pub pool_other_fen: i64,
    pub pool_due_fen: i64,
    /// Cases whose group has a weight, and the sum of their weights in millionths.
    pub weighted_cases: i64,
    pub weights_e6: i64,
}

impl Sum {
    /// Σ RW ÷ cases with a weight (病例组合指数), in ten-thousandths; `None` without such a case.
    #[must_use]
    pub fn cmi_e4(&self) -> Option<i64> {
        let numerator = i128::from(self.weights_e6);
        div_round_i64(numerator, i128::from(self.weighted_cases).checked_mul(100)?, Rounding::HalfUp)
    }

    /// `None` when a sum does not fit.
    #[must_use]
    pub fn plus(&self, other: &Sum) -> Option<Sum> {
        Some(Sum {
            cases: self.cases.checked_add(other.cases)?,
            unpaid: self.unpaid.checked_add(other.unpaid)?,
            total_fen: self.total_fen.checked_add(other.total_fen)?,
            fund_fen: self.fund_fen.checked_add(other.fund_fen)?,
            patient_fen: self.patient_fen.checked_add(other.patient_fen)?,
            other_fund_fen: self.other_fund_fen.checked_add(other.other_fund_fen)?,
            points_e4: self.points_e4.checked_add(other.points_e4)?,
            amount_fen: self.amount_fen.checked_add(other.amount_fen)?,
            outside_fen: self.outside_fen.checked_add(other.outside_fen)?,
            standard_fen: self.standard_fen.checked_add(other.standard_fen)?,
            due_fen: self.due_fen.checked_add(other.due_fen)?,
            pool_patient_fen: self.pool_patient_fen.checked_add(other.pool_patient_fen)?,
            pool_other_fen: self.pool_other_fen.checked_add(other.pool_other_fen)?,
            pool_due_fen: self.pool_due_fen.checked_add(other.pool_due_fen)?,
            weighted_cases: self.weighted_cases.checked_add(other.weighted_cases)?,
            weights_e6: self.weights_e6.checked_add(other.weights_e6)?,
        })
    }
}

/// Which cases are summed together: institution and insurance type by their numbers, pool, consortium.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Group {
    pub pool: u8,
    pub institution: u32,
    pub insutype: u32,
    pub consortium: Option<String>,
}

/// Sums of all cases that are not left out. `dues` is absent before the point value is known.
pub(super) fn sums(claims: &Claims, priced: &Priced, dues: Option<&Dues>) -> Option<BTreeMap<Group, Sum>> {
    const CHUNK: usize = 65_536;
    let place = |cell: &Cell| (cell.pool, cell.institution, cell.consortium.clone());
    let mut places: Vec<(u8, u32, Option<String>)> = priced.cells.iter().map(place).collect();
    places.sort();
    places.dedup();
    let number = |cell: &Cell| places.binary_search(&place(cell)).unwrap_or_default();
    let place_of: Vec<usize> = priced.cells.par_iter().map(number).collect();
    let types = claims.insurance_type.texts().len();
    let starts: Vec<usize> = (0..claims.len()).step_by(CHUNK).collect();
    let parts: Option<Vec<Vec<Sum>>> = starts
        .par_iter()
        .map(|&start| {
            let mut part = vec![Sum::default(); places.len() * types];
            for row in start..(start + CHUNK).min(claims.len()) {
                if priced.state[row] != State::Excluded {
                    let at = place_of[priced.cell[row] as usize] * types + claims.insurance_type.id(row) as usize;
                    part[at] = part[at].plus(&of_row(claims, priced, dues, row))?;
                }
            }
            Some(part)
        })
        .collect();
    let mut whole: BTreeMap<Group, Sum> = BTreeMap::new();
    for part in parts? {
        for (at, sum) in part.into_iter().enumerate().filter(|(_, sum)| *sum != Sum::default()) {
            let (pool, institution, consortium) = places[at / types].clone();
            let own = whole.entry(Group { pool, institution, insutype: (at % types) as u32, consortium }).or_default();
            *own = own.plus(&sum)?;
        }
    }
    Some(whole)
}

fn of_row(claims: &Claims, priced: &Priced, dues: Option<&Dues>, row: usize) -> Sum {
    let paid = priced.state[row] == State::Paid;
    let shares = in_pool(priced, row);
    let known = |fen: i64| if fen == i64::MIN { 0 } else { fen };
    let (patient, other) = (known(claims.patient_fen[row]), known(claims.other_fund_fen[row]));
    let weight_e6 = priced.cells[priced.cell[row] as usize].weight_e6();
    let due = dues.map_or(0, |dues| dues.due_fen[row]);
    Sum {
        cases: i64::from(paid),
        unpaid: i64::from(!paid),
        total_fen: claims.total_fen[row],
        fund_fen: known(claims.fund_fen[row]),
        patient_fen: patient,
        other_fund_fen: other,
        points_e4: priced.points_e4[row],
        amount_fen: priced.amount_fen[row],
        outside_fen: priced.outside_fen[row],
        standard_fen: dues.map_or(0, |dues| dues.standard_fen[row]),
        due_fen: due,
        pool_patient_fen: if shares { patient } else { 0 },
        pool_other_fen: if shares { other } else { 0 },
        pool_due_fen: if shares { due - priced.outside_fen[row] } else { 0 },
        weighted_cases: i64::from(weight_e6.is_some()),
        weights_e6: weight_e6.unwrap_or_default(),
    }
}
