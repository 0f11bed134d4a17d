//! Adjustment of weights by hand, with Σ(RW·n) as it was.

use std::collections::BTreeMap;

use super::groups::GroupWeight;
use super::plan::{AdjustTo, Adjustment, CountOf, Keep};
use super::ratio::Ratio;
use crate::problem::catalogue::weights as w;
use crate::problem::{Problem, Problems};

/// What one decision did to a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjusted {
    /// The number of the decision in [`Adjustment::rows`].
    pub row: usize,
    /// Before and after this decision, in ten-thousandths, rounded for people.
    pub before_e4: i64,
    pub after_e4: i64,
}

/// Σ(RW·n) in ten-thousandths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    pub before: i128,
    /// After the decisions, before the factor that makes up for them, rounded.
    pub decided: i128,
    /// As published. Four decimals of each weight leave a small difference to `before`.
    pub after: i128,
    /// The factor on the groups that carry the difference, in millionths, rounded for people.
    pub factor_e6: i64,
}

/// Applies the decisions to the groups' values.
pub fn adjust(groups: &mut [GroupWeight], adjustment: &Adjustment) -> Result<(Vec<Adjusted>, Balance), Problems> {
    let overflow = || Problems::from(Problem::new(&w::OVERFLOW).with("what", "Σ(RW·n)"));
    let (decided, log) = decide(groups, adjustment)?;
    let counts: Vec<i64> = groups.iter().map(|group| count(group, adjustment.count)).collect();
    let before = sum_published(groups, &counts);
    let decided_sum = sum_exact(groups, &decided, &counts, |_| true);
    let factor = match adjustment.keep {
        Keep::Nothing => Ratio::one(),
        Keep::All => keep_factor(&Ratio::whole(before), &decided_sum)?,
        Keep::Others => {
            let fixed = sum_rounded(groups, &decided, &counts).ok_or_else(overflow)?;
            let others = sum_exact(groups, &decided, &counts, |at| !decided.contains_key(&at));
            keep_factor(&(&Ratio::whole(before) - &fixed), &others)?
        }
    };
    for (at, group) in groups.iter_mut().enumerate() {
        let Some(measured) = group.measured_e4 else { continue };
        let value = decided.get(&at).cloned().unwrap_or_else(|| Ratio::whole(measured));
        let carries = adjustment.keep == Keep::All || (adjustment.keep == Keep::Others && !decided.contains_key(&at));
        let value = if carries { &value * &factor } else { value };
        group.value_e4 = Some(value.half_up(0).ok_or_else(overflow)?);
    }
    let after = sum_published(groups, &counts);
    let decided = decided_sum.half_up(0).map(i128::from).ok_or_else(overflow)?;
    let factor_e6 = factor.half_up(6).ok_or_else(overflow)?;
    Ok((log, Balance { before, decided, after, factor_e6 }))
}

type Decided = BTreeMap<usize, Ratio>;

/// The values after all decisions, exact; several of one group in the order of their steps, then as written.
fn decide(groups: &[GroupWeight], adjustment: &Adjustment) -> Result<(Decided, Vec<Adjusted>), Problems> {
    let mut problems = Problems::new();
    let mut decided = Decided::new();
    let mut log = Vec::new();
    let mut order: Vec<usize> = (0..adjustment.rows.len()).collect();
    order.sort_by_key(|&row| (&adjustment.rows[row].drg, adjustment.rows[row].step, row));
    for row in order {
        let decision = &adjustment.rows[row];
        let place = groups.binary_search_by(|group| group.group.drg.as_str().cmp(&decision.drg)).ok();
        let Some((at, measured)) = place.and_then(|at| Some((at, groups[at].measured_e4?))) else {
            problems.push(Problem::new(&w::UNKNOWN_GROUP).with("what", "weight_adjust").with("drg", &decision.drg));
            continue;
        };
        let before = decided.get(&at).cloned().unwrap_or_else(|| Ratio::whole(measured));
        let after = match decision.to {
            AdjustTo::Value { e4 } => Ratio::whole(e4),
            AdjustTo::Factor { e6 } => &before * &Ratio::scaled(e6, 6),
        };
        match (before.half_up(0), after.half_up(0)) {
            (Some(before_e4), Some(after_e4)) => log.push(Adjusted { row, before_e4, after_e4 }),
            _ => problems.push(Problem::new(&w::OVERFLOW).with("what", &decision.drg)),
        }
        decided.insert(at, after);
    }
    problems.or((decided, log)).map(|(result, _)| result)
}

fn count(group: &GroupWeight, of: CountOf) -> i64 {
    match of {
        CountOf::Kept => group.cases(),
        CountOf::Grouped => group.before.iter().sum(),
        CountOf::LastYear => group.before.last().copied().unwrap_or(0),
    }
}

fn sum_published(groups: &[GroupWeight], counts: &[i64]) -> i128 {
    groups.iter().zip(counts).map(|(group, &n)| i128::from(group.value_e4.unwrap_or(0)) * i128::from(n)).sum()
}

fn sum_exact(groups: &[GroupWeight], decided: &Decided, counts: &[i64], take: impl Fn(usize) -> bool) -> Ratio {
    let whole: i128 = (groups.iter().enumerate())
        .filter(|(at, _)| take(*at) && !decided.contains_key(at))
        .map(|(at, group)| i128::from(group.measured_e4.unwrap_or(0)) * i128::from(counts[at]))
        .sum();
    let decided = decided.iter().filter(|(at, _)| take(**at));
    decided.fold(Ratio::whole(whole), |sum, (&at, value)| &sum + &(value * &Ratio::whole(counts[at])))
}

/// Σ of the decided groups as they will be published.
fn sum_rounded(groups: &[GroupWeight], decided: &Decided, counts: &[i64]) -> Option<Ratio> {
    debug_assert!(decided.keys().all(|at| *at < groups.len()), "Invariant: decisions name groups");
    decided.iter().try_fold(Ratio::zero(), |sum, (&at, value)| {
        Some(&sum + &Ratio::whole(i128::from(value.half_up(0)?) * i128::from(counts[at])))
    })
}

/// What the carriers are multiplied by; refused where they cannot carry the difference.
fn keep_factor(wanted: &Ratio, carriers: &Ratio) -> Result<Ratio, Problems> {
    if *wanted == *carriers {
        return Ok(Ratio::one());
    }
    let factor = wanted.over(carriers).filter(Ratio::is_positive);
    factor.ok_or_else(|| Problem::new(&w::NOTHING_TO_SCALE).into())
}
