//! Upper limits: of one award, of a subject's year, of a rule's year.

use std::collections::{BTreeMap, BTreeSet};

use super::decide::{Decisions, Draft, Making, Reason};
use super::{decided_by, note, too_large};
use crate::awards::model::{Cap, CapScope, Policy};
use crate::awards::outcome::{Decided, LineKind, Prior, Refusal, Step};
use crate::money::{Fen, allocate};
use crate::problem::catalogue::awards as a;
use crate::problem::{Problem, Problems};

/// Whether a cap is in force; a declared switch that decides it is recorded.
fn in_force(policy: &Policy, cap: &Cap, decided: &mut Decided) -> bool {
    let Some(when) = &cap.when else { return true };
    let reading = policy.declared.get(&when.switch).map_or("", |switch| switch.value.as_str());
    decided_by(decided, &when.switch, reading);
    policy.holds(when)
}

/// Limits of one award and of the subject's year, of which `used` is used up.
pub(super) fn of_award(policy: &Policy, used: Fen, making: &mut Making<'_>) -> Result<(), Reason> {
    for cap in &making.rule.caps {
        let left = match cap.scope {
            CapScope::Award => cap.limit,
            CapScope::SubjectYear => Fen(cap.limit.0.saturating_sub(used.0).max(0)),
            CapScope::RuleYear => continue,
        };
        if making.amount <= left || !in_force(policy, cap, &mut making.decided) {
            continue;
        }
        let limit = cap.limit.grouped();
        if left == Fen::ZERO {
            return Err(Problem::new(&a::CAP_EXHAUSTED).with("limit", limit));
        }
        making.amount = left;
        making.step(format!("受上限 {limit} 元限制"), format!("limited by the cap of {limit} yuan"));
    }
    Ok(())
}

/// Limits of a rule's year: what exceeds them is cut pro rata by largest remainder.
pub(super) fn apply(policy: &Policy, prior: &Prior, decisions: &mut Decisions<'_>) -> Result<(), Problems> {
    let nothing_before = |draft: &Draft<'_>| draft.award.amount == Fen::ZERO;
    let used_up: BTreeSet<String> =
        decisions.drafts.iter().filter(|draft| nothing_before(draft)).map(|draft| draft.award.id.clone()).collect();
    for rule in &policy.rules {
        for cap in rule.caps.iter().filter(|cap| cap.scope == CapScope::RuleYear) {
            let mut years: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
            for (at, draft) in decisions.drafts.iter().enumerate().filter(|(_, d)| d.award.rule == rule.id) {
                years.entry(draft.award.year).or_default().push(at);
            }
            for (year, drafts) in years {
                cut(policy, prior, decisions, cap, year, &drafts)?;
            }
        }
    }
    remove_empty(decisions, &used_up);
    Ok(())
}

fn cut(
    policy: &Policy,
    prior: &Prior,
    decisions: &mut Decisions<'_>,
    cap: &Cap,
    year: i32,
    drafts: &[usize],
) -> Result<(), Problems> {
    let rule = &decisions.drafts[drafts[0]].award.rule;
    let earlier: BTreeSet<&str> =
        prior.awards.iter().filter(|a| a.rule == *rule && a.year == year).map(|a| a.id.as_str()).collect();
    let kept = prior.lines.iter().filter(|l| l.kind != LineKind::Second && earlier.contains(l.award.as_str()));
    let used = Fen::sum(kept.map(|line| line.amount)).ok_or_else(too_large)?;
    let amounts: Vec<Fen> = drafts.iter().map(|&at| decisions.drafts[at].award.amount).collect();
    let total = Fen::sum(amounts.iter().copied()).ok_or_else(too_large)?;
    let left = cap.limit.checked_sub(used).ok_or_else(too_large)?.max(Fen::ZERO);
    if total <= left {
        return Ok(());
    }
    let weights: Vec<i128> = amounts.iter().map(|fen| fen.0.into()).collect();
    let parts = allocate(left, &weights).ok_or_else(too_large)?;
    for (&at, part) in drafts.iter().zip(parts) {
        let draft = &mut decisions.drafts[at];
        if !in_force(policy, cap, &mut draft.award.switches) {
            continue;
        }
        draft.award.amount = part;
        let limit = cap.limit.grouped();
        decisions.steps.push(Step {
            award: draft.award.id.clone(),
            rule: draft.award.rule.clone(),
            note: note(
                format!("{year} 年度总额上限 {limit} 元，按比例核减"),
                format!("cut pro rata to the {limit} yuan of {year}"),
            ),
            amount: Some(part),
            citation: draft.award.citation.clone(),
        });
    }
    Ok(())
}

/// Refuses the awards that a cap has cut to nothing.
fn remove_empty(decisions: &mut Decisions<'_>, used_up: &BTreeSet<String>) {
    let cut = |draft: &Draft<'_>| draft.award.amount == Fen::ZERO && !used_up.contains(&draft.award.id);
    let (empty, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut decisions.drafts).into_iter().partition(cut);
    decisions.drafts = kept;
    let gone: BTreeSet<String> = empty.iter().map(|draft| draft.award.id.clone()).collect();
    decisions.steps.retain(|step| !gone.contains(&step.award));
    decisions.reversals.retain(|reversal| !gone.contains(&reversal.award));
    for draft in empty {
        let limit = draft.rule.caps.iter().find(|cap| cap.scope == CapScope::RuleYear).map(|cap| cap.limit.grouped());
        let reason = Problem::new(&a::CAP_EXHAUSTED).with("limit", limit.unwrap_or_default());
        let switches = draft.award.switches;
        decisions.refusals.push(Refusal {
            switches,
            ..super::trigger::refusal(&draft.event, &draft.rule.id, reason, Decided::new())
        });
    }
}
