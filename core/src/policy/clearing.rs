//! What must hold between the rules of clearing.

use std::collections::BTreeSet;

use super::check::rule;
use super::rules::{
    Distribution, Institutions, Measure, Mix, OverrunSplit, ReasonableOverrun, Referral, Sharing, SharingSubject,
    TwoLevels,
};
use super::{Factor, Policy, RuleNo, Share};
use crate::ledger::Period;
use crate::problem::catalogue::policy as p;
use crate::problem::{Problem, Problems};
use crate::table::cell::decimal;

/// Tells everything that does not fit together.
pub(super) fn check(policy: &Policy, problems: &mut Problems) {
    sharing(policy, problems);
    if let Some(own) = &policy.distribution {
        match &own.value {
            Distribution::Mix { mix: parts } => mix(policy, own.rule, parts, problems),
            Distribution::Classes { split } => classes(policy, own.rule, split, problems),
        }
    }
    if let Some(own) = &policy.overrun_split {
        match &own.value {
            OverrunSplit::ByDue {} => {}
            OverrunSplit::Mix { mix: parts } => mix(policy, own.rule, parts, problems),
            OverrunSplit::Classes { split } => classes(policy, own.rule, split, problems),
        }
    }
    if let Some(own) = &policy.reasonable_overrun
        && let ReasonableOverrun::List { table, .. } = &own.value
    {
        for (row, origin) in &table.0 {
            if row.year.parse::<Period>().is_ok_and(|year| year.is_year()) {
                continue;
            }
            let problem = Problem::new(&p::OUT_OF_RANGE).with("value", &row.year).with("range", "2026");
            problems.push(rule(policy, own.rule, problem).file(origin.file.clone()).row(origin.line));
        }
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

/// Bands ascend; at most one rule is for a subject in a pool.
fn sharing(policy: &Policy, problems: &mut Problems) {
    let from_claims = matches!(policy.institutions.value, Institutions::FromClaims { .. });
    for (at, own) in policy.sharing.iter().enumerate() {
        let Sharing::Bands { surplus, overrun, .. } = &own.value;
        for bands in [surplus, overrun] {
            let ends: Vec<Option<Factor>> = bands.0.iter().map(|(slice, _)| slice.to).collect();
            let closed = &ends[..ends.len().saturating_sub(1)];
            let last = ends.last().copied().flatten();
            let rising = ends.iter().flatten().collect::<Vec<_>>().windows(2).all(|pair| pair[0] < pair[1]);
            if !closed.iter().all(Option::is_some) || !rising || last == Some(Factor(0)) {
                problems.push(rule(policy, own.rule, Problem::new(&p::BANDS_NOT_ASCENDING)));
            }
        }
        let Sharing::Bands { gate, gate_met, levels, subject, .. } = &own.value;
        let needs = [
            (gate.is_none() && !gate_met, "gate_met = false", "gate"),
            (levels.is_some() && *subject == SharingSubject::Consortium, "levels", "subject = \"institution\""),
            (levels.is_some() && from_claims, "sharing.bands levels", "institutions.register"),
        ];
        for (_, what, needs) in needs.into_iter().filter(|(missing, _, _)| *missing) {
            problems.push(rule(policy, own.rule, Problem::new(&p::NEEDS).with("what", what).with("needs", needs)));
        }
        for other in &policy.sharing[at + 1..] {
            if let Some(name) = both_fit(policy, &own.value, &other.value) {
                let names = [own.rule, other.rule].map(|number| policy.rule(number).name.as_str()).join(", ");
                let problem = Problem::new(&p::TWO_RULES).with("family", format!("sharing {name}").trim());
                problems.push(rule(policy, other.rule, problem.with("rules", names)));
            }
        }
    }
}

/// A subject that both rules are for: of those that either names or the register has, or (empty) any other.
fn both_fit<'p>(policy: &'p Policy, first: &'p Sharing, second: &'p Sharing) -> Option<&'p str> {
    let named = |rule: &'p Sharing| {
        let Sharing::Bands { subjects, gates, .. } = rule;
        let gates = gates.iter().flat_map(|gates| gates.0.iter().map(|(row, _)| row.subject.as_str()));
        gates.chain(subjects.iter().flatten().map(String::as_str)).collect::<Vec<_>>()
    };
    let Sharing::Bands { subject, pools, .. } = first;
    let known = policy.pools.value.pools();
    let pools: Vec<&str> = match pools {
        Some(pools) => pools.iter().map(String::as_str).collect(),
        None => known.iter().map(|(pool, _)| pool.as_str()).collect(),
    };
    let register = policy.register().map(|row| row.fixmedins_code.as_str());
    let mut names: BTreeSet<&str> = named(first).into_iter().chain(named(second)).chain(register).collect();
    names.insert("");
    names.into_iter().find(|name| {
        let level = policy.last_level(name);
        pools.iter().any(|pool| first.fits(*subject, name, level, pool) && second.fits(*subject, name, level, pool))
    })
}

impl Sharing {
    /// Whether the rule is for a subject, an institution of this level, in a pool.
    #[must_use]
    pub fn fits(&self, of: SharingSubject, name: &str, level: Option<&str>, pool: &str) -> bool {
        let Sharing::Bands { subject, subjects, levels, gate, gate_met, gates, pools, .. } = self;
        let here = |list: &Option<Vec<String>>, own: Option<&str>| {
            list.as_ref().is_none_or(|list| list.iter().any(|one| Some(one.as_str()) == own))
        };
        let has_met = |gate: &String| {
            let mut rows = gates.iter().flat_map(|gates| gates.0.iter().map(|(row, _)| row));
            rows.any(|row| row.subject == name && row.gate == *gate && row.met)
        };
        *subject == of
            && here(pools, Some(pool))
            && here(subjects, Some(name))
            && here(levels, level)
            && gate.as_ref().is_none_or(|gate| has_met(gate) == *gate_met)
    }
}

/// The parts sum to one, and each has its measure.
fn mix(policy: &Policy, number: RuleNo, mix: &Mix, problems: &mut Problems) {
    sum_to_one(policy, number, mix.points.0 + mix.score.0 + mix.points_score.0 + mix.fixed.0, problems);
    let scored = mix.score.0 + mix.points_score.0 > 0;
    measures(policy, number, Some(mix), (scored, mix.fixed.0 > 0), problems);
}

fn sum_to_one(policy: &Policy, number: RuleNo, sum: i64, problems: &mut Problems) {
    if sum != Share::ONE.0 {
        let problem = Problem::new(&p::SHARES_NOT_ONE).with("sum", decimal(sum.into(), 6));
        problems.push(rule(policy, number, problem));
    }
}

/// Shares of classes sum to one, members are of known classes, and each class has what it is measured by.
fn classes(policy: &Policy, number: RuleNo, split: &TwoLevels, problems: &mut Problems) {
    let classes = || split.classes.0.iter().map(|(class, _)| class);
    sum_to_one(policy, number, classes().map(|class| class.share.0).sum(), problems);
    for (member, origin) in split.members.iter().flat_map(|members| &members.0) {
        if !classes().any(|class| class.class == member.class) {
            let known: Vec<&str> = classes().map(|class| class.class.as_str()).collect();
            let problem = Problem::new(&p::UNKNOWN_CHOICE).with("value", &member.class);
            let problem = problem.with("known", known.join(", ")).with("closest", "—");
            problems.push(rule(policy, number, problem).file(origin.file.clone()).row(origin.line));
        }
    }
    if split.members.is_none() && !matches!(policy.institutions.value, Institutions::Register { .. }) {
        let problem = Problem::new(&p::NEEDS).with("what", "split").with("needs", "members | institutions.register");
        problems.push(rule(policy, number, problem));
    }
    let by = |measures: &[Measure]| classes().any(|class| class.by.is_some_and(|own| measures.contains(&own)));
    let needed = (by(&[Measure::Score, Measure::PointsScore]), by(&[Measure::Fixed]));
    match &split.mix {
        Some(own) if classes().any(|class| class.by.is_none()) => mix(policy, number, own, problems),
        _ => {}
    }
    measures(policy, number, split.mix.as_ref(), needed, problems);
}

/// Scores and weights where something is divided by them.
fn measures(
    policy: &Policy,
    number: RuleNo,
    mix: Option<&Mix>,
    (scored, weighted): (bool, bool),
    problems: &mut Problems,
) {
    let has = |of: fn(&Mix) -> bool| mix.is_some_and(of);
    let needs = [
        (scored && !has(|mix| mix.scores.is_some()), "score", "scores"),
        (scored && !has(|mix| mix.snapshot.is_some()), "score", "snapshot"),
        (weighted && !has(|mix| mix.weights.is_some()), "fixed", "weights"),
    ];
    for (_, what, needed) in needs.into_iter().filter(|(missing, _, _)| *missing) {
        let problem = Problem::new(&p::NEEDS).with("what", what).with("needs", needed);
        problems.push(rule(policy, number, problem));
    }
}
