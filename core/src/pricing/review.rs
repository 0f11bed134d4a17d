//! Special review: results that replace the price of a case.

use std::collections::BTreeMap;

use super::exact::Exact;
use super::kind::{CaseKind, State};
use super::prepare::Prepared;
use super::priced::Priced;
use crate::claims::Claims;
use crate::money::Fen;
use crate::policy::rules::{PaidFrom, Review, ReviewPay, SpecialReview};
use crate::policy::{Factor, RuleNo, Share};
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};

/// By pack and institution: cases in scope, and reviews of them.
#[derive(Debug, Default)]
pub(super) struct Reviews(BTreeMap<(u8, String), (i64, i64)>);

/// The reviews of a pack by `setl_id`.
fn of_pack<'p>(pack: &Prepared<'p>) -> Option<(BTreeMap<&'p str, &'p Review>, RuleNo, &'p SpecialReview)> {
    let rule = pack.policy.special_review.as_ref()?;
    let SpecialReview::Quota { table, .. } = &rule.value else { return None };
    let reviews = table.0.iter().map(|(review, _)| (review.setl_id.as_str(), review)).collect();
    Some((reviews, rule.rule, &rule.value))
}

/// Whether a pack has reviews.
pub(super) fn is_asked(pack: &Prepared<'_>) -> bool {
    of_pack(pack).is_some()
}

impl Reviews {
    /// Counts the cases of a chunk; returns the rows that were reviewed.
    pub(super) fn count(&mut self, priced: &Priced, claims: &Claims, prepared: &[Prepared<'_>]) -> Vec<usize> {
        let mut reviewed = Vec::new();
        for pack in prepared {
            let Some((reviews, ..)) = of_pack(pack) else { continue };
            for row in (0..claims.len()).filter(|row| is_own(priced, pack, *row)) {
                let is_reviewed = reviews.contains_key(claims.stays.setl_id.get(row));
                reviewed.extend(is_reviewed.then_some(row));
                let count = self.0.entry((pack.pack, claims.institution.get(row).to_owned())).or_default();
                *count = (count.0 + 1, count.1 + i64::from(is_reviewed));
            }
        }
        reviewed
    }

    pub(super) fn append(&mut self, more: Reviews) {
        for (place, (cases, reviews)) in more.0 {
            let own = self.0.entry(place).or_default();
            *own = (own.0 + cases, own.1 + reviews);
        }
    }
}

/// Whether a case is in the scope of a pack.
fn is_own(priced: &Priced, pack: &Prepared<'_>, row: usize) -> bool {
    let own = priced.rules[usize::from(priced.rule[row])].0 == usize::from(pack.pack);
    own && priced.state[row] != State::Excluded
}

/// Checks the reviews of this run's cases, with `counts` also how many they are, and puts their results in place.
/// `priced` and `claims` hold at least the cases that were reviewed.
pub(super) fn apply(
    priced: &mut Priced,
    claims: &Claims,
    counts: Option<&Reviews>,
    prepared: &[Prepared<'_>],
) -> Result<(), Problems> {
    let mut problems = Problems::new();
    for pack in prepared {
        let Some((reviews, rule, SpecialReview::Quota { share, pay, from, .. })) = of_pack(pack) else { continue };
        let counts = counts.into_iter().flat_map(|counts| &counts.0).filter(|((of, _), _)| *of == pack.pack);
        problems.0.extend(counts.filter_map(|((_, institution), count)| over_quota(institution, *count, *share)));
        let is_reviewed = |row: &usize| is_own(priced, pack, *row);
        let found: Vec<usize> = (0..claims.stays.len()).filter(is_reviewed).collect();
        for row in found {
            let Some(review) = reviews.get(claims.stays.setl_id.get(row)) else { continue };
            check(claims.institution.get(row), review, &mut problems);
            if set(priced, pack, rule, row, review.amount_1.0, (*pay, *from)).is_none() {
                problems.push(Problem::new(&m::OVERFLOW).with("what", &review.setl_id));
            }
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(()) }
}

/// Whether an institution has more reviews than a share of its cases.
pub(super) fn over_quota(institution: &str, (cases, reviews): (i64, i64), share: Share) -> Option<Problem> {
    let quota = i128::from(cases) * i128::from(share.0) / i128::from(Factor::ONE.0);
    let problem = Problem::new(&m::REVIEW_QUOTA).with("institution", institution).with("reviews", reviews);
    (i128::from(reviews) > quota).then(|| problem.with("quota", quota).with("cases", cases))
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
