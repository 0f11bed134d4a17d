//! What the fund owes for each case.

use rayon::prelude::*;

use super::cases::Cases;
use crate::money::{Rounding, div_round_i64};
use crate::policy::Share;
use crate::policy::rules::DueBasis;
use crate::pricing::{Bill, Priced, State};

/// Parts of a bill that only `due = "case"` needs, in fen, one row a claim.
#[derive(Clone, Debug, Default)]
pub struct Details {
    /// `fulamt_ownpay_amt`: what insurance does not cover at all
    pub own_pay_fen: Vec<i64>,
    /// `preselfpay_amt`: what the patient pays first of partly covered items
    pub first_own_pay_fen: Vec<i64>,
    /// `dedc_std`: the deductible
    pub deductible_fen: Vec<i64>,
}

impl Details {
    /// Appends the rows of another.
    pub fn append(&mut self, more: Details) {
        self.own_pay_fen.extend(more.own_pay_fen);
        self.first_own_pay_fen.extend(more.first_own_pay_fen);
        self.deductible_fen.extend(more.deductible_fen);
    }
}

/// What a case is worth before the point value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worth {
    pub state: State,
    pub points_e4: i64,
    /// Paid by amount within and outside the pool.
    pub amount_fen: i64,
    pub outside_fen: i64,
}

impl Worth {
    /// The price of a row; nothing but its state where it is not paid.
    #[must_use]
    pub fn of(priced: &Priced, row: usize) -> Worth {
        let state = priced.state[row];
        let paid = |amount: i64| if state == State::Paid { amount } else { 0 };
        Worth {
            state,
            points_e4: paid(priced.points_e4[row]),
            amount_fen: paid(priced.amount_fen[row]),
            outside_fen: paid(priced.outside_fen[row]),
        }
    }
}

/// How a pool turns points into money.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub basis: DueBasis,
    pub fund_share: Option<Share>,
    /// Millionths of a yuan a point; `None` by rate, or without points.
    pub point_value_e6: Option<i64>,
    pub by_points: bool,
    pub rounding: Rounding,
}

/// Standard and due of each case, in fen.
#[derive(Clone, Debug, Default)]
pub struct Dues {
    pub standard_fen: Vec<i64>,
    pub due_fen: Vec<i64>,
}

/// `None` when an amount does not fit, or a pool with points has no value.
pub(super) fn dues(cases: &Cases<'_>, terms: &[Terms]) -> Option<Dues> {
    let rows = (0..cases.len()).into_par_iter().with_min_len(8_192).map(|row| one(cases, terms, row));
    let rows: Option<Vec<(i64, i64)>> = rows.collect();
    let (standard_fen, due_fen) = rows?.into_iter().unzip();
    Some(Dues { standard_fen, due_fen })
}

fn one(cases: &Cases<'_>, terms: &[Terms], row: usize) -> Option<(i64, i64)> {
    if cases.state[row] != State::Paid {
        return Some((0, 0));
    }
    let worth = Worth {
        state: State::Paid,
        points_e4: cases.points_e4[row],
        amount_fen: cases.amount_fen[row],
        outside_fen: cases.outside_fen[row],
    };
    let own_pay = |details: &Details| {
        let columns = [&details.own_pay_fen, &details.first_own_pay_fen, &details.deductible_fen];
        columns.map(|column| column[row])
    };
    let bill = Bill {
        patient_fen: cases.patient_fen[row],
        other_fund_fen: cases.other_fund_fen[row],
        own_pay_fen: cases.details.map(own_pay),
    };
    due_of(&terms[usize::from(cases.pool[row])], &worth, &bill)
}

/// Standard and due of a paid case. `None` when an amount does not fit or is not known.
pub(super) fn due_of(terms: &Terms, worth: &Worth, bill: &Bill) -> Option<(i64, i64)> {
    let points = match (terms.by_points, worth.points_e4) {
        (false, _) | (true, 0) => 0,
        (true, points) => points_fen(points, terms.point_value_e6?, terms.rounding)?,
    };
    let standard = points.checked_add(worth.amount_fen)?.checked_add(worth.outside_fen)?;
    let due = match terms.basis {
        DueBasis::Fund => standard,
        DueBasis::Gross => standard.checked_sub(bill.patient_fen)?.checked_sub(bill.other_fund_fen)?,
        DueBasis::Case => {
            let covered = bill.own_pay_fen?.into_iter().try_fold(standard, i64::checked_sub)?;
            let share = i128::from(terms.fund_share?.0);
            div_round_i64(i128::from(covered.max(0)).checked_mul(share)?, 1_000_000, terms.rounding)?
        }
    };
    Some((standard, due))
}

/// points × point value, to the fen.
pub(super) fn points_fen(points_e4: i64, point_value_e6: i64, rounding: Rounding) -> Option<i64> {
    // Ten-thousandths of a point × millionths of a yuan = 10⁻¹⁰ yuan = 10⁻⁸ fen.
    div_round_i64(i128::from(points_e4) * i128::from(point_value_e6), 100_000_000, rounding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_times_value_to_the_fen() {
        // 0.4527 × 6495.34 = 2940.440418
        assert_eq!(points_fen(4_527, 6_495_340_000, Rounding::HalfUp), Some(294_044));
        // 0.0001 × 50 = 0.005 exactly half a fen
        assert_eq!(points_fen(1, 50_000_000, Rounding::HalfUp), Some(1));
        assert_eq!(points_fen(1, 50_000_000, Rounding::HalfEven), Some(0));
        assert_eq!(points_fen(-1, 50_000_000, Rounding::HalfUp), Some(-1));
    }
}
