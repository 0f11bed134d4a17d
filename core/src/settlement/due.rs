//! What the fund owes for each case.

use rayon::prelude::*;

use super::cases::Cases;
use crate::money::{Rounding, div_round_i64};
use crate::policy::Share;
use crate::policy::rules::DueBasis;
use crate::pricing::State;

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
pub(super) struct Dues {
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
    let terms = &terms[usize::from(cases.pool[row])];
    let points = match (terms.by_points, cases.points_e4[row]) {
        (false, _) | (true, 0) => 0,
        (true, points) => points_fen(points, terms.point_value_e6?, terms.rounding)?,
    };
    let standard = points.checked_add(cases.amount_fen[row])?.checked_add(cases.outside_fen[row])?;
    let due = match terms.basis {
        DueBasis::Fund => standard,
        DueBasis::Gross => standard.checked_sub(cases.patient_fen[row])?.checked_sub(cases.other_fund_fen[row])?,
        DueBasis::Case => {
            let details = cases.details?;
            let own = [&details.own_pay_fen, &details.first_own_pay_fen, &details.deductible_fen];
            let covered = own.into_iter().try_fold(standard, |rest, column| rest.checked_sub(column[row]))?;
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
