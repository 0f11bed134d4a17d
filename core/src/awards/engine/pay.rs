//! Awards → lines: phases, joint winners, treasuries, and what is taken back. Every split is by largest remainder, so
//! Σ lines of an award = the phases of it that are due.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Months;
use rust_decimal::Decimal;

use super::decide::{Decisions, Draft};
use super::reverse;
use super::trigger::refusal;
use super::{by_award, decided_by, note, of, split, too_large};
use crate::awards::facts::{Event, Party};
use crate::awards::model::{Phase, Policy, Rule, SubjectKind};
use crate::awards::outcome::{Award, Decided, Line, LineKind, Outcome, Prior, Step};
use crate::awards::switches::JointWinners;
use crate::money::Fen;
use crate::problem::catalogue::awards as a;
use crate::problem::{Problem, Problems};

/// What each party gets, by the switch `joint_winners`.
fn party_parts<'e>(rule: &Rule, event: &'e Event, amount: Fen) -> Result<Vec<(&'e Party, Fen)>, Problems> {
    let parties = &event.parties;
    let shares: Vec<Decimal> = match rule.switches.joint_winners {
        _ if parties.len() == 1 => vec![Decimal::ONE],
        JointWinners::Equal => vec![Decimal::ONE; parties.len()],
        JointWinners::LeadOnly => {
            (0..parties.len()).map(|at| if at == 0 { Decimal::ONE } else { Decimal::ZERO }).collect()
        }
        JointWinners::AgreedShares => {
            let shares: Option<Vec<Decimal>> = parties.iter().map(|party| party.share).collect();
            let sums = |shares: &Vec<Decimal>| {
                shares.iter().all(|share| *share > Decimal::ZERO)
                    && shares.iter().sum::<Decimal>() == Decimal::ONE_HUNDRED
            };
            let missing = || Problems::from(event.origin.at(Problem::new(&a::NEEDS_SHARES).rule(event.id.as_str())));
            shares.filter(sums).ok_or_else(missing)?
        }
    };
    let parts = split(amount, &shares).ok_or_else(too_large)?;
    Ok(parties.iter().zip(parts).filter(|(_, part)| *part > Fen::ZERO).collect())
}

/// The persons among the parties and what each gets.
pub(super) fn person_parts(rule: &Rule, event: &Event, amount: Fen) -> Result<Vec<(String, Fen)>, Problems> {
    let parts = party_parts(rule, event, amount)?;
    let persons = parts.into_iter().filter(|(party, _)| party.kind == SubjectKind::Person);
    Ok(persons.map(|(party, part)| (party.id.clone(), part)).collect())
}

/// The treasuries that pay a party, with their shares in the order of the rule.
fn treasuries<'p>(
    policy: &'p Policy,
    rule: &Rule,
    party: &Party,
    event: &Event,
) -> Result<Vec<(&'p crate::awards::model::PlaceInfo, Decimal)>, Problems> {
    let missing = |level: &str| {
        let problem = Problem::new(&a::NO_TREASURY).with("place", &party.place).with("level", level);
        Problems::from(event.origin.at(problem))
    };
    let own = policy.place(&party.place).ok_or_else(|| missing("-"))?;
    let Some(shares) = rule.funding.by_level.get(&own.level) else { return Ok(vec![(own, Decimal::ONE)]) };
    let of_level = |(level, share): &(crate::awards::model::Level, Decimal)| {
        let place = policy.place_at(&party.place, *level).ok_or_else(|| missing(level.chinese()))?;
        Ok((place, *share))
    };
    shares.iter().map(of_level).collect()
}

pub(super) fn pay(policy: &Policy, prior: &Prior, decisions: Decisions<'_>) -> Result<Outcome, Problems> {
    let Decisions { drafts, again, reversals, refusals, steps, warnings } = decisions;
    let mut outcome = Outcome { refusals, steps, warnings, ..Outcome::default() };
    let mut problems = Problems::new();
    for draft in drafts {
        if let Err(found) = new_award(policy, draft, &mut outcome) {
            problems.append(found);
        }
    }
    let booked = by_award(&prior.lines);
    let known: BTreeMap<&str, &Award> = prior.awards.iter().rev().map(|award| (award.id.as_str(), award)).collect();
    // Phases that an event which came again has brought in this run: another event of the same achievement does not.
    let mut brought: BTreeSet<(&str, u32)> = BTreeSet::new();
    for again in again {
        let award =
            *known.get(again.award.as_str()).expect("Invariant: an event comes again only for an award of the book");
        let lines = of(&booked, &award.id);
        let stopped = lines.iter().any(|line| line.kind.takes_back());
        let before = outcome.lines.len();
        for (phase, number) in again.rule.phases.iter().zip(1..) {
            let paid = lines.iter().any(|line| line.kind == LineKind::Award && line.phase == number);
            if !(paid || stopped || brought.contains(&(award.id.as_str(), number))) {
                let so_far = outcome.lines.len();
                one_phase(policy, again.rule, &again.event, award, (phase, number), lines.len(), &mut outcome)?;
                if outcome.lines.len() > so_far {
                    brought.insert((&award.id, number));
                }
            }
        }
        if outcome.lines.len() == before {
            let reason = Problem::new(&a::IN_BOOK).with("award", &award.id);
            outcome.refusals.push(refusal(&again.event, &again.rule.id, reason, Decided::new()));
        }
    }
    if problems.has_errors() {
        return Err(problems);
    }
    let rules: BTreeMap<String, String> =
        outcome.awards.iter().map(|award| (award.id.clone(), award.rule.clone())).collect();
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, line) in outcome.lines.iter().enumerate() {
        places.entry(line.award.clone()).or_default().push(at);
    }
    for reversal in &reversals {
        let own = places.entry(reversal.award.clone()).or_default();
        let of_run = own.iter().map(|at| &outcome.lines[*at]);
        let of_award: Vec<&Line> = of(&booked, &reversal.award).iter().copied().chain(of_run).collect();
        let mut lines = reverse::lines(reversal, &of_award)?;
        own.extend(outcome.lines.len()..outcome.lines.len() + lines.len());
        outcome.steps.push(Step {
            award: reversal.award.clone(),
            rule: rules.get(&reversal.award).cloned().unwrap_or_default(),
            note: reversal.note.clone(),
            amount: Fen::sum(lines.iter().map(|line| line.amount)),
            citation: reversal.citation.clone(),
        });
        outcome.lines.append(&mut lines);
    }
    Ok(outcome)
}

fn new_award(policy: &Policy, draft: Draft<'_>, outcome: &mut Outcome) -> Result<(), Problems> {
    let Draft { mut award, event, rule } = draft;
    if event.parties.len() > 1 {
        decided_by(&mut award.switches, "joint_winners", rule.switches.get("joint_winners").unwrap_or_default());
        let parts = party_parts(rule, &event, award.amount)?;
        let text: Vec<String> = parts.iter().map(|(p, part)| format!("{} {}", p.name, part.grouped())).collect();
        outcome.steps.push(Step {
            award: award.id.clone(),
            rule: rule.id.clone(),
            note: note(
                format!("共同获奖分配：{} 元", text.join("，")),
                format!("joint winners: {} yuan", text.join(", ")),
            ),
            amount: Some(award.amount),
            citation: award.citation.clone(),
        });
    }
    for (phase, number) in rule.phases.iter().zip(1..) {
        one_phase(policy, rule, &event, &award, (phase, number), 0, outcome)?;
    }
    outcome.awards.push(award);
    Ok(())
}

/// The lines of one phase, or the note that it waits. `in_book` lines of the award exist already.
fn one_phase(
    policy: &Policy,
    rule: &Rule,
    event: &Event,
    award: &Award,
    (phase, number): (&Phase, u32),
    in_book: usize,
    outcome: &mut Outcome,
) -> Result<(), Problems> {
    if phase.needs_review && event.reviewed.is_none() {
        let reason = Problem::new(&a::PHASE_WAITS).with("award", &award.id).with("phase", number);
        outcome.refusals.push(refusal(event, &rule.id, reason, Decided::new()));
        return Ok(());
    }
    let shares: Vec<Decimal> = rule.phases.iter().map(|phase| phase.share).collect();
    let amounts = split(award.amount, &shares).ok_or_else(too_large)?;
    let amount = amounts[number as usize - 1];
    let payable_on = event.named.checked_add_months(Months::new(phase.after_months)).ok_or_else(too_large)?;
    let payable_on = event.reviewed.filter(|_| phase.needs_review).map_or(payable_on, |day| day.max(payable_on));
    // Those of this run stand at the end: awards are paid one after the other.
    let mut next = in_book + outcome.lines.iter().rev().take_while(|line| line.award == award.id).count();
    for (party, part) in party_parts(rule, event, amount)? {
        let paying = treasuries(policy, rule, party, event)?;
        let shares: Vec<Decimal> = paying.iter().map(|(_, share)| *share).collect();
        for ((place, _), fen) in paying.iter().zip(split(part, &shares).ok_or_else(too_large)?) {
            if fen == Fen::ZERO {
                continue;
            }
            next += 1;
            outcome.lines.push(Line {
                id: format!("{}/{next}", award.id),
                award: award.id.clone(),
                rule: rule.id.clone(),
                kind: LineKind::Award,
                phase: number,
                payee: party.id.clone(),
                payee_name: party.name.clone(),
                payee_kind: party.kind,
                payee_place: party.place.clone(),
                treasury_level: place.level,
                treasury: place.name.clone(),
                amount: fen,
                payable_on,
                year: award.year,
                corrects: String::new(),
                switches: award.switches.clone(),
                citation: award.citation.clone(),
                simulation: award.simulation,
            });
        }
    }
    Ok(())
}
