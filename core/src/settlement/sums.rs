//! Sums by institution and insurance type, by consortium and by pool. Integers, so that their order does not matter.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use rayon::prelude::*;

use super::cases::Cases;
use super::due::Dues;
use crate::money::{Rounding, div_round_i64};
use crate::pricing::State;
use crate::text::Dictionary;

/// What a group of cases adds up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Paid cases, less cases taken back.
    pub cases: i64,
    /// Cases in scope that are not paid yet.
    pub unpaid: i64,
    pub total_fen: i64,
    /// What the fund has paid by item, for every case; and for the paid ones alone.
    pub fund_fen: i64,
    pub cost_fen: i64,
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
    /// Of the points and dues above, those of recognised exams.
    pub recognised_e4: i64,
    pub recognised_fen: i64,
}

impl Sum {
    /// How many numbers it is.
    pub const NUMBERS: usize = 19;

    /// Its numbers, in the order of its fields.
    #[must_use]
    pub fn numbers(&self) -> [i64; Sum::NUMBERS] {
        let Sum { cases, unpaid, total_fen, fund_fen, cost_fen, patient_fen, other_fund_fen, points_e4, .. } = *self;
        let Sum { amount_fen, outside_fen, standard_fen, due_fen, pool_patient_fen, pool_other_fen, .. } = *self;
        let Sum { pool_due_fen, weighted_cases, weights_e6, recognised_e4, recognised_fen, .. } = *self;
        [
            cases,
            unpaid,
            total_fen,
            fund_fen,
            cost_fen,
            patient_fen,
            other_fund_fen,
            points_e4,
            amount_fen,
            outside_fen,
            standard_fen,
            due_fen,
            pool_patient_fen,
            pool_other_fen,
            pool_due_fen,
            weighted_cases,
            weights_e6,
            recognised_e4,
            recognised_fen,
        ]
    }

    /// The sum of these numbers.
    #[must_use]
    pub fn of_numbers(numbers: [i64; Sum::NUMBERS]) -> Sum {
        let [cases, unpaid, total_fen, fund_fen, cost_fen, patient_fen, other_fund_fen, rest @ ..] = numbers;
        let [points_e4, amount_fen, outside_fen, standard_fen, due_fen, pool_patient_fen, rest @ ..] = rest;
        let [pool_other_fen, pool_due_fen, weighted_cases, weights_e6, recognised_e4, recognised_fen] = rest;
        Sum {
            cases,
            unpaid,
            total_fen,
            fund_fen,
            cost_fen,
            patient_fen,
            other_fund_fen,
            points_e4,
            amount_fen,
            outside_fen,
            standard_fen,
            due_fen,
            pool_patient_fen,
            pool_other_fen,
            pool_due_fen,
            weighted_cases,
            weights_e6,
            recognised_e4,
            recognised_fen,
        }
    }

    /// Σ RW ÷ cases with a weight (病例组合指数), in ten-thousandths; `None` without such a case.
    #[must_use]
    pub fn cmi_e4(&self) -> Option<i64> {
        let numerator = i128::from(self.weights_e6);
        div_round_i64(numerator, i128::from(self.weighted_cases).checked_mul(100)?, Rounding::HalfUp)
    }

    /// The sum of the same cases taken back. `None` when it does not fit.
    #[must_use]
    pub fn negated(&self) -> Option<Sum> {
        Some(Sum {
            cases: self.cases.checked_neg()?,
            unpaid: self.unpaid.checked_neg()?,
            total_fen: self.total_fen.checked_neg()?,
            fund_fen: self.fund_fen.checked_neg()?,
            cost_fen: self.cost_fen.checked_neg()?,
            patient_fen: self.patient_fen.checked_neg()?,
            other_fund_fen: self.other_fund_fen.checked_neg()?,
            points_e4: self.points_e4.checked_neg()?,
            amount_fen: self.amount_fen.checked_neg()?,
            outside_fen: self.outside_fen.checked_neg()?,
            standard_fen: self.standard_fen.checked_neg()?,
            due_fen: self.due_fen.checked_neg()?,
            pool_patient_fen: self.pool_patient_fen.checked_neg()?,
            pool_other_fen: self.pool_other_fen.checked_neg()?,
            pool_due_fen: self.pool_due_fen.checked_neg()?,
            weighted_cases: self.weighted_cases.checked_neg()?,
            weights_e6: self.weights_e6.checked_neg()?,
            recognised_e4: self.recognised_e4.checked_neg()?,
            recognised_fen: self.recognised_fen.checked_neg()?,
        })
    }

    /// `None` when a sum does not fit.
    #[must_use]
    pub fn plus(&self, other: &Sum) -> Option<Sum> {
        Some(Sum {
            cases: self.cases.checked_add(other.cases)?,
            unpaid: self.unpaid.checked_add(other.unpaid)?,
            total_fen: self.total_fen.checked_add(other.total_fen)?,
            fund_fen: self.fund_fen.checked_add(other.fund_fen)?,
            cost_fen: self.cost_fen.checked_add(other.cost_fen)?,
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
            recognised_e4: self.recognised_e4.checked_add(other.recognised_e4)?,
            recognised_fen: self.recognised_fen.checked_add(other.recognised_fen)?,
        })
    }
}

/// Which cases are summed together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Group {
    pub institution: String,
    pub insutype: String,
    pub pool: u8,
    /// Empty for an institution in none.
    pub consortium: String,
}

/// Sums of all cases that are not left out. `dues` is absent before the point value is known.
pub(super) fn sums(cases: &Cases<'_>, dues: Option<&Dues>) -> Option<BTreeMap<Group, Sum>> {
    const CHUNK: usize = 65_536;
    let key =
        |row: usize| (cases.institution.id(row), cases.insutype.id(row), cases.pool[row], cases.consortium.id(row));
    let starts: Vec<usize> = (0..cases.len()).step_by(CHUNK).collect();
    type Part = HashMap<(u32, u32, u8, u32), Sum, foldhash::fast::FixedState>;
    let parts: Option<Vec<Part>> = starts
        .par_iter()
        .map(|&start| {
            let mut part = Part::default();
            for row in start..(start + CHUNK).min(cases.len()) {
                if cases.state[row] != State::Excluded {
                    let sum = part.entry(key(row)).or_default();
                    *sum = sum.plus(&of_row(cases, dues, row)?)?;
                }
            }
            Some(part)
        })
        .collect();
    let mut whole: BTreeMap<Group, Sum> = BTreeMap::new();
    for ((institution, insutype, pool, consortium), sum) in parts?.into_iter().flatten() {
        let text = |column: &Dictionary, id: u32| column.texts()[id as usize].clone();
        let group = Group {
            institution: text(&cases.institution, institution),
            insutype: text(&cases.insutype, insutype),
            pool,
            consortium: text(&cases.consortium, consortium),
        };
        let own = whole.entry(group).or_default();
        *own = own.plus(&sum)?;
    }
    Some(whole)
}

/// Adds the sums of more cases. `None` when one does not fit.
pub(super) fn add(all: &mut BTreeMap<Group, Sum>, more: BTreeMap<Group, Sum>) -> Option<()> {
    for (group, sum) in more {
        let own = all.entry(group).or_default();
        *own = own.plus(&sum)?;
    }
    Some(())
}

pub(super) fn of_row(cases: &Cases<'_>, dues: Option<&Dues>, row: usize) -> Option<Sum> {
    let paid = cases.state[row] == State::Paid;
    let shares = cases.in_pool(row);
    let count = i64::from(cases.count[row]);
    let known = |fen: i64| if fen == i64::MIN { 0 } else { fen };
    let (patient, other) = (known(cases.patient_fen[row]), known(cases.other_fund_fen[row]));
    let fund = cases.fund_cost_fen(row).unwrap_or_default();
    let due = dues.map_or(0, |dues| dues.due_fen[row]);
    let weight = Some(cases.weight_e6[row]).filter(|weight| *weight != i64::MIN);
    Some(Sum {
        cases: if paid { count } else { 0 },
        unpaid: if paid { 0 } else { count },
        total_fen: cases.total_fen[row],
        fund_fen: fund,
        cost_fen: if paid { fund } else { 0 },
        patient_fen: patient,
        other_fund_fen: other,
        points_e4: cases.points_e4[row],
        amount_fen: cases.amount_fen[row],
        outside_fen: cases.outside_fen[row],
        standard_fen: dues.map_or(0, |dues| dues.standard_fen[row]),
        due_fen: due,
        pool_patient_fen: if shares { patient } else { 0 },
        pool_other_fen: if shares { other } else { 0 },
        pool_due_fen: if shares { due.checked_sub(cases.outside_fen[row])? } else { 0 },
        weighted_cases: if weight.is_some() { count } else { 0 },
        weights_e6: weight.unwrap_or_default().checked_mul(count)?,
        recognised_e4: 0,
        recognised_fen: 0,
    })
}
