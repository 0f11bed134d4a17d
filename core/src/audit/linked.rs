//! Stays of one person that belong together, and prices that a review replaces.

use std::collections::BTreeMap;

use super::facts::Case;
use super::place::Placed;
use super::price::{Price, round_points};
use super::ratio::Ratio;
use super::{Found, rule_name};
use crate::policy::rules::{
    Counts, PaidFrom, Readmission, Reduces, ReviewPay, SameGroup, SamePlace, SpecialReview, Transfer,
};
use crate::policy::{Policy, PolicySet, RuleNo};
use crate::pricing::{CaseKind, PastStay, State};

/// A chain of transfers: rows in the order of time.
pub(super) struct Chain<'p> {
    policy: &'p Policy,
    rule: RuleNo,
    counts: Counts,
    rows: Vec<usize>,
}

/// A stay of an earlier period that a stay of this one reduces.
pub(super) struct PastCut<'p> {
    pub past: usize,
    pub policy: &'p Policy,
    pub share: Ratio,
}

/// What belongs together.
#[derive(Default)]
pub(super) struct Links<'p> {
    /// By row: the rule that reduces it, and the share of points kept.
    pub kept: BTreeMap<usize, (String, Ratio)>,
    pub past: Vec<PastCut<'p>>,
    pub chains: Vec<Chain<'p>>,
}

/// A stay as readmissions see it.
struct Stay<'a> {
    row: Option<usize>,
    past: usize,
    id: &'a str,
    institution: &'a str,
    consortium: &'a str,
    groups: [&'a str; 3],
    discharged: i32,
}

/// Links the stays of each person.
pub(super) fn link<'p>(placed: &[Placed<'p>], cases: &[Case<'_>], past: &[PastStay]) -> Links<'p> {
    let mut people: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (row, case) in cases.iter().enumerate() {
        if placed[row].pool.is_some() && !case.person.is_empty() && case.admitted.is_some() {
            people.entry(case.person).or_default().push(row);
        }
    }
    let mut links = Links::default();
    for (person, mut rows) in people {
        rows.sort_by_key(|row| (cases[*row].admitted, cases[*row].discharged, cases[*row].id));
        let chained = transfers(placed, cases, &rows, &mut links);
        let before: Vec<usize> = (0..past.len()).filter(|at| past[*at].person == person).collect();
        for (at, later) in rows.iter().enumerate() {
            if chained.contains(later) {
                continue;
            }
            let mut earlier = Vec::new();
            for row in rows[..at].iter().filter(|row| !chained.contains(row)) {
                earlier.push(stay_of(&placed[*row], &cases[*row], *row));
            }
            for at in &before {
                earlier.push(past_stay(&past[*at], *at));
            }
            readmission(&placed[*later], &cases[*later], *later, &earlier, &mut links);
        }
    }
    links.past.sort_by_key(|cut| cut.past);
    links.past.dedup_by_key(|cut| cut.past);
    links
}

fn stay_of<'a>(placed: &'a Placed<'_>, case: &Case<'a>, row: usize) -> Stay<'a> {
    Stay {
        row: Some(row),
        past: 0,
        id: case.id,
        institution: case.institution,
        consortium: &placed.consortium,
        groups: [case.drg, case.adrg, case.mdc],
        discharged: case.discharged.unwrap_or_default(),
    }
}

fn past_stay(stay: &PastStay, at: usize) -> Stay<'_> {
    Stay {
        row: None,
        past: at,
        id: &stay.setl_id,
        institution: &stay.institution,
        consortium: stay.consortium.as_deref().unwrap_or_default(),
        groups: [&stay.drg, &stay.adrg, &stay.mdc],
        discharged: stay.discharged,
    }
}

fn readmission<'p>(placed: &Placed<'p>, case: &Case<'_>, row: usize, earlier: &[Stay<'_>], links: &mut Links<'p>) {
    let Some(rule) = &placed.policy.readmission else { return };
    let Readmission::Within { days, same, place, reduces, share, exempt } = &rule.value else { return };
    if exempt.iter().flatten().any(|when| case.meets(when, &placed.level)) {
        return;
    }
    let mut last: Option<&Stay<'_>> = None;
    for stay in earlier {
        let gap = i64::from(case.admitted.unwrap_or_default()) - i64::from(stay.discharged);
        let group = match same {
            SameGroup::Drg => stay.groups[0] == case.drg,
            SameGroup::Adrg => stay.groups[1] == case.adrg,
            SameGroup::Mdc => stay.groups[2] == case.mdc,
            SameGroup::Any => true,
        };
        let house = stay.institution == case.institution;
        let family = !placed.consortium.is_empty() && stay.consortium == placed.consortium;
        let here = match place {
            SamePlace::Institution => house,
            SamePlace::Consortium => house || family,
            SamePlace::Anywhere => true,
        };
        let later_than_last = last.is_none_or(|last| (stay.discharged, stay.id) >= (last.discharged, last.id));
        if gap >= 0 && gap <= days.0 && group && here && later_than_last {
            last = Some(stay);
        }
    }
    let Some(last) = last else { return };
    let kept = Ratio::scaled(share.0, 6);
    let name = rule_name(placed.policy, rule.rule);
    match (reduces, last.row) {
        (Reduces::Later, _) => _ = links.kept.insert(row, (name, kept)),
        (Reduces::Earlier, Some(row)) => _ = links.kept.insert(row, (name, kept)),
        (Reduces::Earlier, None) => links.past.push(PastCut { past: last.past, policy: placed.policy, share: kept }),
    }
}

/// Chains of neighbouring stays, each sent on to another institution of the same consortium. Gives the rows in one.
fn transfers<'p>(placed: &[Placed<'p>], cases: &[Case<'_>], rows: &[usize], links: &mut Links<'p>) -> Vec<usize> {
    let mut chained = Vec::new();
    let mut open = false;
    for pair in rows.windows(2) {
        let (first, second) = (pair[0], pair[1]);
        let joined = passed_on(&placed[first], &placed[second], &cases[first], &cases[second]);
        let Some((rule, counts)) = joined else {
            open = false;
            continue;
        };
        match links.chains.last_mut().filter(|_| open) {
            Some(chain) => chain.rows.push(second),
            None => {
                let policy = placed[second].policy;
                links.chains.push(Chain { policy, rule, counts, rows: vec![first, second] });
            }
        }
        open = true;
        chained.extend([first, second]);
    }
    chained
}

fn passed_on(from: &Placed<'_>, to: &Placed<'_>, first: &Case<'_>, second: &Case<'_>) -> Option<(RuleNo, Counts)> {
    let rule = to.policy.transfer.as_ref()?;
    let Transfer::CountOnce { days, ways, counts } = &rule.value else { return None };
    let gap = i64::from(second.admitted?) - i64::from(first.discharged?);
    let inside = !from.consortium.is_empty() && from.consortium == to.consortium;
    let sent = ways.iter().any(|way| way == first.way);
    let fits = inside && first.institution != second.institution && sent && gap >= 0 && gap <= days.0;
    fits.then_some((rule.rule, *counts))
}

/// Gives the price of the counted stay to its chain, divided by the bills. A chain with a stay that is not paid is
/// left.
pub(super) fn count_once(chain: &Chain<'_>, cases: &[Case<'_>], prices: &mut [Price<'_>]) -> Found<()> {
    if chain.rows.iter().any(|row| prices[*row].state != State::Paid) {
        return Ok(());
    }
    let mut counted = match chain.counts {
        Counts::First | Counts::Highest => chain.rows[0],
        Counts::Last => chain.rows[chain.rows.len() - 1],
    };
    if chain.counts == Counts::Highest {
        let mut best: Option<Ratio> = None;
        let money = chain.rows.iter().all(|row| prices[*row].points.is_zero() || by_rate(&prices[*row]));
        for row in &chain.rows {
            let own = worth(&prices[*row], money)?;
            if best.as_ref().is_none_or(|best| own > *best) {
                (best, counted) = (Some(own), *row);
            }
        }
    }
    let bill = |row: &usize| cases[*row].total.clone().unwrap_or_else(Ratio::zero).most(Ratio::zero());
    let mut bills: Vec<Ratio> = chain.rows.iter().map(bill).collect();
    if bills.iter().all(Ratio::is_zero) {
        bills.fill(Ratio::one());
    }
    let crate::policy::rules::RoundingRule::Digits { points_digits, .. } = &chain.policy.rounding.value;
    let digits = u32::try_from(points_digits.0).unwrap_or(4);
    let whole = bills.iter().fold(Ratio::zero(), |sum, bill| sum + bill);
    let split = |whole: &Ratio, digits| whole.divide(&bills, digits).ok_or_else(|| "transfer".to_owned());
    let points = split(&prices[counted].points, digits)?;
    let amounts = split(&prices[counted].amount, 2)?;
    let outside = split(&prices[counted].outside, 2)?;
    for (at, row) in chain.rows.iter().enumerate() {
        let price = &mut prices[*row];
        price.points = points[at].clone();
        price.amount = amounts[at].clone();
        price.outside = outside[at].clone();
        price.adjusted.push((rule_name(chain.policy, chain.rule), bills[at].over(&whole)));
    }
    Ok(())
}

fn by_rate(price: &Price<'_>) -> bool {
    price.terms.as_ref().is_some_and(|terms| terms.rate.is_some())
}

/// What a stay is worth beside others of its chain: points, and amounts turned into points by M; or amounts alone.
fn worth(price: &Price<'_>, money: bool) -> Found<Ratio> {
    let amount = &price.amount + &price.outside;
    if money {
        return Ok(amount);
    }
    if amount.is_zero() {
        return Ok(price.points.clone());
    }
    let terms = price.terms.as_ref().ok_or("transfer")?;
    let mean = terms.pool_mean.as_ref().ok_or("M")?;
    Ok(&price.points + amount.over(mean).ok_or("M")? * &terms.scale)
}

/// The results of special reviews take the place of prices.
pub(super) fn reviews(set: &PolicySet, cases: &[Case<'_>], prices: &mut [Price<'_>], quotas: bool) -> Found<()> {
    for policy in &set.packs {
        let Some(rule) = &policy.special_review else { continue };
        let SpecialReview::Quota { share, pay, from, table } = &rule.value else { continue };
        let mut counts: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
        for (case, price) in cases.iter().zip(prices.iter_mut()) {
            if price.placed.policy.id != policy.id || price.state == State::Excluded {
                continue;
            }
            let count = counts.entry(case.institution).or_default();
            count.0 += 1;
            let Some((review, _)) = table.0.iter().find(|(review, _)| review.setl_id == case.id) else { continue };
            count.1 += 1;
            let yuan = Ratio::yuan(review.amount_1.0.0);
            let zero = Ratio::zero;
            let by_rate = price.terms.as_ref().is_some_and(|terms| terms.rate.is_some());
            (price.points, price.amount, price.outside) = match (pay, from) {
                (ReviewPay::Amount, PaidFrom::Budget) => (zero(), yuan, zero()),
                (ReviewPay::Amount, PaidFrom::Outside) => (zero(), zero(), yuan),
                (ReviewPay::Points, _) => {
                    let terms = price.terms.as_ref().ok_or("review")?;
                    let mean = terms.pool_mean.as_ref().ok_or("M")?;
                    let points = yuan.over(mean).ok_or("M")? * &terms.scale;
                    (round_points(policy, &points), if by_rate { yuan } else { zero() }, zero())
                }
            };
            price.kind = CaseKind::Reviewed;
            price.state = State::Paid;
            price.rule = rule_name(policy, rule.rule);
            price.adjusted.clear();
        }
        for (institution, (cases, reviews)) in counts {
            if quotas && Ratio::whole(reviews) > Ratio::whole(cases) * Ratio::scaled(share.0, 6) {
                return Err(format!("review quota {institution}"));
            }
        }
    }
    Ok(())
}
