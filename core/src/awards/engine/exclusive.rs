//! Awards that exclude or reduce each other: tiers of a group, and a person's own award beside a team's.

use super::decide::{Deciding, Making, Reason};
use super::reverse::Reversal;
use super::{note, pay, too_large};
use crate::awards::model::{GroupRank, Rule, SubjectKind};
use crate::awards::outcome::LineKind;
use crate::awards::switches::{PersonAndTeam, Tiers, TiersWindow};
use crate::money::Fen;
use crate::problem::catalogue::awards as a;
use crate::problem::{Problem, Problems};

/// The switch `tiers`.
pub(super) fn apply(deciding: &mut Deciding<'_, '_>, making: &mut Making<'_>) -> Result<Result<(), Reason>, Problems> {
    let Some(group) = &making.rule.group else { return Ok(Ok(())) };
    if let Err(reason) = step_up(deciding, making, group) {
        return Ok(Err(reason));
    }
    let rules = group_rules(deciding, group);
    let (subject, day) = (&making.event.lead().id, making.event.named);
    let reading = making.rule.switches.tiers;
    let mut everybody = Vec::new();
    for &at in deciding.tally.of_subject(subject) {
        let standing = &deciding.tally.all[at];
        if !rules.contains(&standing.rule.as_str()) {
            continue;
        }
        if reading != Tiers::Each {
            // What decided the earlier amount decides what is left of this one.
            making.decided.extend(standing.switches.iter().cloned());
        }
        if standing.worth_on(day) > Fen::ZERO {
            everybody.push(at);
        }
    }
    if everybody.is_empty() {
        return Ok(Ok(()));
    }
    making.by("tiers");
    mark(deciding, &everybody, making.rule, "tiers");
    let window = making.rule.switches.tiers_window;
    let in_window = |&at: &usize| window == TiersWindow::Ever || deciding.tally.all[at].year == making.year;
    let others: Vec<usize> = everybody.iter().copied().filter(in_window).collect();
    if reading != Tiers::Each && everybody.iter().any(|&at| deciding.tally.all[at].year != making.year) {
        making.by("tiers_window");
        mark(deciding, &everybody, making.rule, "tiers_window");
    }
    match reading {
        Tiers::Each => {
            making.step("同组各等次分别计奖".to_owned(), "each tier of the group is paid".to_owned());
            Ok(Ok(()))
        }
        Tiers::Difference => difference(deciding, making, &others),
        Tiers::Highest => Ok(highest(deciding, making, &others)),
    }
}

/// A tier at or below one that was reached before is no step up.
fn step_up(deciding: &Deciding<'_, '_>, making: &Making<'_>, group: &GroupRank) -> Result<(), Reason> {
    if !group.steps {
        return Ok(());
    }
    let event = making.event;
    let lineage = deciding.past.lineage(&event.lead().id, making.rule.switches.succession);
    let as_high =
        deciding.policy.rules.iter().filter(|rule| {
            rule.group.as_ref().is_some_and(|other| other.group == group.group && other.rank >= group.rank)
        });
    let mut earlier = as_high.flat_map(|rule| {
        let titles = deciding.past.before(&lineage, &event.achievement, event.named);
        titles.filter(|title| rule.covers_grade(&title.grade)).map(|title| title.named).collect::<Vec<_>>()
    });
    match earlier.next() {
        Some(date) => Err(Problem::new(&a::NO_STEP_UP).with("date", date)),
        None => Ok(()),
    }
}

fn group_rules<'r>(deciding: &Deciding<'r, '_>, group: &GroupRank) -> Vec<&'r str> {
    let of_group = |rule: &&'r Rule| rule.group.as_ref().is_some_and(|other| other.group == group.group);
    deciding.policy.rules.iter().filter(of_group).map(|rule| rule.id.as_str()).collect()
}

/// A later award makes the switch decide the earlier ones too.
fn mark(deciding: &mut Deciding<'_, '_>, standings: &[usize], rule: &Rule, switch: &str) {
    let reading = rule.switches.get(switch).unwrap_or_default();
    for &at in standings {
        if let Some(draft) = deciding.tally.all[at].draft {
            super::decided_by(&mut deciding.out.drafts[draft].award.switches, switch, reading);
        }
    }
}

fn difference(
    deciding: &Deciding<'_, '_>,
    making: &mut Making<'_>,
    others: &[usize],
) -> Result<Result<(), Reason>, Problems> {
    let paid =
        Fen::sum(others.iter().map(|&at| deciding.tally.all[at].worth_on(making.event.named))).ok_or_else(too_large)?;
    if paid >= making.amount {
        let problem = Problem::new(&a::NO_DIFFERENCE).with("paid", paid.grouped());
        return Ok(Err(problem.with("gross", making.amount.grouped())));
    }
    if paid > Fen::ZERO {
        making.amount = making.amount.checked_sub(paid).ok_or_else(too_large)?;
        let text = paid.grouped();
        making.step(format!("减去同组已计奖 {text} 元"), format!("less {text} yuan awarded in the group before"));
    }
    Ok(Ok(()))
}

fn highest(deciding: &Deciding<'_, '_>, making: &mut Making<'_>, others: &[usize]) -> Result<(), Reason> {
    let as_high = |&&at: &&usize| deciding.tally.all[at].gross >= making.gross;
    if let Some(&higher) = others.iter().find(as_high) {
        return Err(Problem::new(&a::HIGHER_TIER).with("award", &deciding.tally.all[higher].id));
    }
    for &lower in others {
        let standing = &deciding.tally.all[lower];
        making.takes_back.push(Reversal {
            award: standing.id.clone(),
            kind: LineKind::Replaced,
            amount: None,
            date: making.event.named,
            year: making.year,
            switches: making.decided.clone(),
            note: note(format!("由更高等次 {} 取代，冲回", making.id), format!("replaced by {}", making.id)),
            citation: making.rule.citation.to_string(),
        });
    }
    Ok(())
}

/// The switch `person_and_team`: with `offset` a person's own awards and the shares in team awards of one year come to
/// the larger of the two.
pub(super) fn person_and_team(deciding: &mut Deciding<'_, '_>, making: &mut Making<'_>) -> Result<(), Problems> {
    match making.rule.subject {
        SubjectKind::Person => own_after_team(deciding, making),
        SubjectKind::Team => team_after_own(deciding, making),
        SubjectKind::Institution | SubjectKind::Place => Ok(()),
    }
}

fn is_team(deciding: &Deciding<'_, '_>, rule: &str) -> bool {
    deciding.policy.rule(rule).is_some_and(|rule| rule.subject == SubjectKind::Team)
}

fn own_after_team(deciding: &mut Deciding<'_, '_>, making: &mut Making<'_>) -> Result<(), Problems> {
    let (person, day) = (&making.event.lead().id, making.event.named);
    let in_year = |&at: &usize| {
        let standing = &deciding.tally.all[at];
        standing.year == making.year && standing.net_on(day) > Fen::ZERO && is_team(deciding, &standing.rule)
    };
    let team: Vec<usize> = deciding.tally.of_person(person).iter().copied().filter(in_year).collect();
    if team.is_empty() {
        return Ok(());
    }
    making.by("person_and_team");
    making.by("joint_winners");
    let decided = team.iter().flat_map(|&at| deciding.tally.all[at].switches.iter().cloned());
    making.decided.extend(decided);
    if making.rule.switches.person_and_team == PersonAndTeam::Independent {
        return Ok(());
    }
    let persons = team.iter().flat_map(|&at| &deciding.tally.all[at].persons);
    let share = Fen::sum(persons.filter(|(id, _)| id == person).map(|(_, part)| *part)).ok_or_else(too_large)?;
    // A share reduces the own awards of the year once: what it took off another one takes nothing off this one.
    let replaced = |id: &str| making.takes_back.iter().any(|reversal| reversal.award == id);
    let own = deciding.tally.of_subject(person).iter().map(|&at| &deciding.tally.all[at]);
    let own = own.filter(|own| own.year == making.year && !is_team(deciding, &own.rule) && !replaced(&own.id));
    let used = Fen::sum(own.map(|own| own.offset_on(day))).ok_or_else(too_large)?;
    making.offset = share.checked_sub(used).ok_or_else(too_large)?.clamp(Fen::ZERO, making.amount);
    making.amount = making.amount.checked_sub(making.offset).ok_or_else(too_large)?;
    let text = making.offset.grouped();
    making.step(format!("扣减团队奖中本人份额 {text} 元"), format!("less the share of {text} yuan in a team's award"));
    Ok(())
}

fn team_after_own(deciding: &mut Deciding<'_, '_>, making: &mut Making<'_>) -> Result<(), Problems> {
    for (person, share) in pay::person_parts(making.rule, making.event, making.amount)? {
        let in_year = |&at: &usize| {
            let standing = &deciding.tally.all[at];
            let left = standing.net_on(making.event.named) > Fen::ZERO;
            standing.year == making.year && left && !is_team(deciding, &standing.rule)
        };
        let own: Vec<usize> = deciding.tally.of_subject(&person).iter().copied().filter(in_year).collect();
        if own.is_empty() {
            continue;
        }
        making.by("person_and_team");
        mark(deciding, &own, making.rule, "person_and_team");
        mark(deciding, &own, making.rule, "joint_winners");
        if making.rule.switches.person_and_team == PersonAndTeam::Independent {
            continue;
        }
        let mut left = share;
        for at in own {
            let standing = &deciding.tally.all[at];
            let back = standing.net_on(making.event.named).min(left);
            left = left.checked_sub(back).ok_or_else(too_large)?;
            if back > Fen::ZERO {
                making.takes_back.push(Reversal {
                    award: standing.id.clone(),
                    kind: LineKind::Offset,
                    amount: Some(back),
                    date: making.event.named,
                    year: making.year,
                    switches: making.decided.clone(),
                    note: note(
                        format!("扣减团队奖 {} 中本人份额", making.id),
                        format!("less the share in the team's award {}", making.id),
                    ),
                    citation: making.rule.citation.to_string(),
                });
            }
        }
    }
    Ok(())
}
