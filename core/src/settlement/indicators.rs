//! Indicators that go with a settlement.

use crate::grouper::{Grouped, Outcome, Status};
use crate::money::{Fen, Rounding, div_round_i64};

/// `part ÷ whole` in millionths; `None` for an empty whole.
#[must_use]
pub fn ratio_e6(part: i64, whole: i64) -> Option<i64> {
    div_round_i64(i128::from(part) * 1_000_000, whole.into(), Rounding::HalfUp)
}

/// Grouped cases ÷ all cases (入组率) of those that `counts` keeps, in millionths.
#[must_use]
pub fn grouping_rate_e6(grouped: &Grouped, outcomes: &[Outcome], counts: impl Fn(usize) -> bool) -> Option<i64> {
    let kept = grouped.outcomes.iter().enumerate().filter(|(row, _)| counts(*row));
    let (mut all, mut inside) = (0, 0);
    for (_, outcome) in kept {
        all += 1;
        inside += i64::from(outcomes[usize::from(*outcome)].status == Status::Grouped);
    }
    ratio_e6(inside, all)
}

/// The share of an overrun that the fund bears when the institution bears `own`, in millionths.
#[must_use]
pub fn fund_share_e6(overrun: Fen, own: Fen) -> Option<i64> {
    ratio_e6(overrun.0.checked_sub(own.0)?, overrun.0)
}

/// What a flat price leaves the institution: standard − cost, negative for a loss.
#[must_use]
pub fn surplus(standard: Fen, cost: Fen) -> Option<Fen> {
    standard.checked_sub(cost)
}
