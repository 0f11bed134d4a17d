//! What must hold between the rules of clearing.

use super::check::rule;
use super::rules::{Distribution, Mix, OverrunSplit, Referral, Sharing};
use super::{Factor, Policy, RuleNo};
use crate::problem::catalogue::policy as p;
use crate::problem::{Problem, Problems};
use crate::table::cell::decimal;

/// Tells everything that does not fit together.
pub(super) fn check(policy: &Policy, problems: &mut Problems) {
    sharing(policy, problems);
    if let Some(own) = &policy.distribution {
        let Distribution::Mix { mix: parts } = &own.value;
        mix(policy, own.rule, parts, problems);
    }
    if let Some(own) = &policy.overrun_split
        && let OverrunSplit::Mix { mix: parts } = &own.value
    {
        mix(policy, own.rule, parts, problems);
    }
    if let Some(own) = &policy.referral
        && let Referral::Linear { floor, ceiling, .. } = &own.value
        && floor > ceiling
    {
        let shown = |factor: &Factor| decimal(factor.0.into(), 6);
        let problem = Problem::new(&p::OUT_OF_RANGE).with("value", shown(floor));
        problems.push(rule(policy, own.rule, problem.with("range", format!("≤ ceiling {}", shown(ceiling)))));
    }
}

/// Bands ascend; one rule a subject and pool.
fn sharing(policy: &Policy, problems: &mut Problems) {
    for (at, own) in policy.sharing.iter().enumerate() {
        let Sharing::Bands { subject, surplus, overrun, pools, .. } = &own.value;
        for bands in [surplus, overrun] {
            let ends: Vec<Option<Factor>> = bands.0.iter().map(|(slice, _)| slice.to).collect();
            let closed = &ends[..ends.len().saturating_sub(1)];
            let last = ends.last().copied().flatten();
            let rising = ends.iter().flatten().collect::<Vec<_>>().windows(2).all(|pair| pair[0] < pair[1]);
            if !closed.iter().all(Option::is_some) || !rising || last == Some(Factor(0)) {
                problems.push(rule(policy, own.rule, Problem::new(&p::BANDS_NOT_ASCENDING)));
            }
        }
        for other in &policy.sharing[at + 1..] {
            let Sharing::Bands { subject: second, pools: theirs, .. } = &other.value;
            let apart = matches!((pools, theirs), (Some(a), Some(b)) if !a.iter().any(|pool| b.contains(pool)));
            if subject == second && !apart {
                let names = [own.rule, other.rule].map(|number| policy.rule(number).name.as_str()).join(", ");
                let problem = Problem::new(&p::TWO_RULES).with("family", "sharing").with("rules", names);
                problems.push(rule(policy, other.rule, problem));
            }
        }
    }
}

/// The parts sum to one, and each has its measure.
fn mix(policy: &Policy, number: RuleNo, mix: &Mix, problems: &mut Problems) {
    let sum = mix.points.0 + mix.score.0 + mix.points_score.0 + mix.fixed.0;
    if sum != Factor::ONE.0 {
        let problem = Problem::new(&p::SHARES_NOT_ONE).with("sum", decimal(sum.into(), 6));
        problems.push(rule(policy, number, problem));
    }
    let scored = mix.score.0 + mix.points_score.0 > 0;
    let needs = [
        (scored && mix.scores.is_none(), "score", "scores"),
        (scored && mix.snapshot.is_none(), "score", "snapshot"),
        (mix.fixed.0 > 0 && mix.weights.is_none(), "fixed", "weights"),
    ];
    for (_, what, needed) in needs.into_iter().filter(|(missing, _, _)| *missing) {
        let problem = Problem::new(&p::NEEDS).with("what", what).with("needs", needed);
        problems.push(rule(policy, number, problem));
    }
}
