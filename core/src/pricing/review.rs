//! Special review: results that replace the price of a case.

use std::collections::BTreeMap;

use super::exact::Exact;
use super::kind::{CaseKind, State};
use super::prepare::Prepared;
use super::priced::Priced;
use crate::claims::Claims;
use crate::money::Fen;
use crate::policy::rules::{PaidFrom, Review, ReviewPay, SpecialReview};
use crate::policy::{Factor, RuleNo};
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};

/// Checks the reviews of this run's cases and puts their results in place.
pub(super) fn apply(priced: &mut Priced, claims: &Claims, prepared: &[Prepared<'_>]) -> Result<(), Problems> {
    let mut problems = Problems::new();
    for pack in prepared {
        let Some(rule) = &pack.policy.special_review else { continue };
        let SpecialReview::Quota { share, pay, from, table } = &rule.value else { continue };
        let reviews: BTreeMap<&str, &Review> =
            table.0.iter().map(|(review, _)| (review.setl_id.as_str(), review)).collect();
        let mut counts: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
        let mut found = Vec::new();
        for row in 0..claims.len() {
            let own = priced.rules[usize::from(priced.rule[row])].0 == usize::from(pack.pack);
            if !own || priced.state[row] == State::Excluded {
                continue;
            }
            let count = counts.entry(claims.institution.get(row)).or_default();
            count.0 += 1;
            if let Some(review) = reviews.get(claims.stays.setl_id.get(row)) {
                count.1 += 1;
                found.push((row, *review));
            }
        }
        for (institution, (cases, reviews)) in counts {
            let quota = i128::from(cases) * i128::from(share.0) / i128::from(Factor::ONE.0);
            if i128::from(reviews) > quota {
                let problem = Problem::new(&m::REVIEW_QUOTA).with("institution", institution).with("reviews", reviews);
                problems.push(problem.with("quota", quota).with("cases", cases));
            }
        }
        for (row, review) in found {
            check(claims.institution.get(row), review, &mut problems);
            if set(priced, pack, rule.rule, row, review.amount_1.0, (*pay, *from)).is_none() {
                problems.push(Problem::new(&m::OVERFLOW).with("what", &review.setl_id));
            }
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(()) }
}

fn check(institution: &str, review: &Review, problems: &mut Problems) {
    let claim = |entry| Problem::new(entry).with("claim", &review.setl_id);
    if review.reviewer_1 == review.reviewer_2 {
        problems.push(claim(&m::SAME_REVIEWER).with("reviewer", &review.reviewer_1));
    }
    for (reviewer, of) in [(&review.reviewer_1, &review.institution_1), (&review.reviewer_2, &review.institution_2)] {
        if of == institution {
            problems.push(claim(&m::OWN_REVIEWER).with("reviewer", reviewer));
        }
    }
    if review.amount_1 != review.amount_2 {
        let problem = claim(&m::REVIEWS_DIFFER).with("first", review.amount_1.0);
        problems.push(problem.with("second", review.amount_2.0));
    }
}

fn set(
    priced: &mut Priced,
    pack: &Prepared<'_>,
    rule: RuleNo,
    row: usize,
    amount: Fen,
    (pay, from): (ReviewPay, PaidFrom),
) -> Option<()> {
    let (mut points_e4, mut amount_fen, mut outside_fen) = (0, 0, 0);
    match (pay, from) {
        (ReviewPay::Amount, PaidFrom::Budget) => amount_fen = amount.0,
        (ReviewPay::Amount, PaidFrom::Outside) => outside_fen = amount.0,
        (ReviewPay::Points, _) => {
            let mean = priced.cell_of(row)?.pool_mean_fen?;
            let exact = Exact::whole(amount.0.into()).over(mean)?.times(pack.scale)?;
            let units = exact.round(pack.points_digits, pack.points_rounding)?;
            points_e4 = units.checked_mul(10i64.checked_pow(4 - pack.points_digits)?)?;
            // By rate, points measure work and the standard is the amount itself.
            amount_fen = if pack.rates.is_some() { amount.0 } else { 0 };
        }
    }
    priced.case_kind[row] = CaseKind::Reviewed;
    priced.state[row] = State::Paid;
    priced.rule[row] = pack.rule(rule);
    priced.points_e4[row] = points_e4;
    priced.amount_fen[row] = amount_fen;
    priced.outside_fen[row] = outside_fen;
    priced.adjusted.retain(|one| one.row != row);
    Some(())
}
