//! Along time: which achievements are paid, how much, and what is taken back.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::past::Past;
use super::tally::{Standing, Tally};
use super::trigger::{Triggered, TriggeredAll, refusal};
use super::{caps, decided_by, exclusive, note, pay, reverse, times, too_large};
use crate::awards::facts::{Event, Inputs};
use crate::awards::model::{HistoryTest, OncePer, Policy, Precondition, Rule};
use crate::awards::outcome::{Award, Decided, Prior, Refusal, Step};
use crate::awards::switches::{Built, DoubleFunding, FirstTime, NewlyCreated, Succession};
use crate::money::{Fen, Rounding};
use crate::problem::catalogue::awards as a;
use crate::problem::{Problem, Problems};

/// An award of this run, before it is split into lines.
pub(super) struct Draft<'a> {
    pub award: Award,
    pub event: Cow<'a, Event>,
    pub rule: &'a Rule,
}

/// An event that came again after its award: phases that waited may now be due.
pub(super) struct Again<'a> {
    pub award: String,
    pub event: Cow<'a, Event>,
    pub rule: &'a Rule,
}

#[derive(Default)]
pub(super) struct Decisions<'a> {
    pub drafts: Vec<Draft<'a>>,
    pub again: Vec<Again<'a>>,
    pub reversals: Vec<reverse::Reversal>,
    pub refusals: Vec<Refusal>,
    pub steps: Vec<Step>,
    pub warnings: Vec<Problem>,
}

/// Why an event is not paid.
pub(super) type Reason = Problem;

pub(super) struct Deciding<'a, 'p> {
    pub policy: &'a Policy,
    pub inputs: &'a Inputs,
    pub prior: &'p Prior,
    pub past: &'p Past<'p>,
    /// By subject, name and year.
    indicators: BTreeMap<(&'a str, &'a str, i32), Decimal>,
    pub tally: Tally,
    pub out: Decisions<'a>,
}

pub(super) fn decide<'a>(
    policy: &'a Policy,
    inputs: &'a Inputs,
    prior: &Prior,
    triggered: TriggeredAll<'a>,
) -> Result<Decisions<'a>, Problems> {
    let past = Past::new(inputs, prior, &triggered.met);
    let tally = Tally::of_book(prior).ok_or_else(too_large)?;
    let out = Decisions { refusals: triggered.refusals, ..Decisions::default() };
    let mut indicators = BTreeMap::new();
    for row in &inputs.indicators {
        indicators.entry((row.party.id.as_str(), row.name.as_str(), row.year)).or_insert(row.value);
    }
    let mut deciding = Deciding { policy, inputs, prior, past: &past, indicators, tally, out };
    let mut revocations: Vec<_> = inputs.revocations.iter().collect();
    revocations.sort_by(|x, y| (x.date, &x.target, &x.document).cmp(&(y.date, &y.target, &y.document)));
    let mut revocations = revocations.into_iter().peekable();
    let mut problems = Problems::new();
    for met in triggered.met {
        while let Some(revocation) = revocations.next_if(|revocation| revocation.date < met.event.named) {
            reverse::revoke(&mut deciding, revocation).unwrap_or_else(|found| problems.append(found));
        }
        deciding.event(met).unwrap_or_else(|found| problems.append(found));
    }
    for revocation in revocations {
        reverse::revoke(&mut deciding, revocation).unwrap_or_else(|found| problems.append(found));
    }
    if problems.has_errors() { Err(problems) } else { Ok(deciding.out) }
}

impl<'a> Deciding<'a, '_> {
    fn event(&mut self, mut met: Triggered<'a>) -> Result<(), Problems> {
        let mut decided = std::mem::take(&mut met.decided);
        match self.id(&met, &mut decided) {
            Ok(Some(id)) => self.award(met, id, decided),
            Ok(None) => Ok(()),
            Err(reason) => {
                self.out.refusals.push(refusal(&met.event, &met.rule.id, reason, decided));
                Ok(())
            }
        }
    }

    /// The id of the new award; `None` when the event is one of an earlier award whose phases may now be due.
    fn id(&mut self, met: &Triggered<'a>, decided: &mut Decided) -> Result<Option<String>, Reason> {
        let (rule, event) = (met.rule, &met.event);
        if let Some(same) = self.tally.same_naming(&met.key, event.named) {
            if !same.from_book {
                let problem = Problem::new(&a::SAME_ACHIEVEMENT).with("award", &same.id);
                return Err(problem.with("event", &same.event));
            }
            if rule.phases.len() > 1 {
                self.out.again.push(Again { award: same.id.clone(), event: event.clone(), rule });
                return Ok(None);
            }
            return Err(Problem::new(&a::IN_BOOK).with("award", &same.id));
        }
        self.eligible(met, decided)?;
        let Some(same) = self.tally.same(&met.key) else { return Ok(Some(met.key.clone())) };
        // What was left of that award to be taken back may be a matter of the team's.
        let switches = same.draft.map_or(&same.switches, |draft| &self.out.drafts[draft].award.switches);
        decided.extend(switches.iter().filter(|switch| switch.starts_with("person_and_team=")).cloned());
        let lost = self.lost_before(met);
        if lost {
            decided_by(decided, "clawback", rule.switches.get("clawback").unwrap_or_default());
        }
        // A title that was lost and is obtained again, if the tests of history have let it pass.
        if same.clawed_back_before(event.named) || (lost && rule.history == HistoryTest::NewlyCreated) {
            return Ok(Some(format!("{}#{}", met.key, self.tally.count(&met.key) + 1)));
        }
        Err(Problem::new(&a::SAME_ACHIEVEMENT).with("award", &same.id).with("event", &same.event))
    }

    /// The title is not held on the day before naming.
    fn lost_before(&self, met: &Triggered<'_>) -> bool {
        let event = &met.event;
        let held = |day| self.past.holds(&event.lead().id, &event.achievement, Some(&event.grade), day);
        event.named.pred_opt().is_some_and(|day| !held(day))
    }

    fn eligible(&self, met: &Triggered<'_>, decided: &mut Decided) -> Result<(), Reason> {
        let (rule, event) = (met.rule, &*met.event);
        let lead = event.lead();
        if lead.kind != rule.subject {
            let problem = Problem::new(&a::WRONG_SUBJECT).with("expected", rule.subject.chinese());
            return Err(problem.with("found", lead.kind.chinese()));
        }
        self.period(rule, event, decided)?;
        if let Some(days) = rule.deadline_days {
            let late = |applied: NaiveDate| (applied - event.named).num_days() > i64::from(days);
            if event.applied.is_none_or(late) {
                let applied = event.applied.map_or("-".to_owned(), |date| date.to_string());
                return Err(Problem::new(&a::TOO_LATE).with("applied", applied).with("days", days));
            }
        }
        for condition in &rule.preconditions {
            self.precondition(condition, event, met.year)?;
        }
        self.history(rule, event, decided)
    }

    fn period(&self, rule: &Rule, event: &Event, decided: &mut Decided) -> Result<(), Reason> {
        let policy = self.policy;
        let outside = || {
            let to = policy.to.map_or("…".to_owned(), |to| to.to_string());
            let problem = Problem::new(&a::OUTSIDE_PERIOD).with("date", event.named).with("from", policy.from);
            Err(problem.with("to", to))
        };
        if policy.to.is_some_and(|to| event.named > to) {
            return outside();
        }
        if event.named >= policy.from {
            return Ok(());
        }
        let switches = &rule.switches;
        let (switch, counts) = match rule.history {
            HistoryTest::NewlyCreated => ("newly_created", switches.newly_created == NewlyCreated::NeverHeld),
            HistoryTest::Built => ("built", switches.built == Built::AnyDate),
            HistoryTest::None | HistoryTest::FirstTime => return outside(),
        };
        decided_by(decided, switch, switches.get(switch).unwrap_or_default());
        if counts { Ok(()) } else { outside() }
    }

    fn precondition(&self, condition: &Precondition, event: &Event, year: i32) -> Result<(), Reason> {
        let lead = event.lead();
        let fails = |text: String| Err(Problem::new(&a::PRECONDITION).with("condition", text));
        match condition {
            Precondition::Public if event.public != Some(true) => Err(Problem::new(&a::NOT_PUBLIC)),
            Precondition::Holds { achievement, grade } => {
                if self.past.holds(&lead.id, achievement, grade.as_deref(), event.named) {
                    return Ok(());
                }
                fails(format!("{achievement} {}", grade.as_deref().unwrap_or_default()))
            }
            Precondition::Indicator { indicator, test, threshold } => {
                let value = self.indicators.get(&(lead.id.as_str(), indicator.as_str(), year)).copied();
                if value.is_some_and(|value| test.holds(value, *threshold)) {
                    return Ok(());
                }
                let value = value.map_or("-".to_owned(), |value| value.to_string());
                fails(format!("{indicator} {value} {} {threshold}", test.sign()))
            }
            Precondition::Public => Ok(()),
        }
    }

    fn history(&self, rule: &Rule, event: &Event, decided: &mut Decided) -> Result<(), Reason> {
        if rule.history == HistoryTest::None {
            return Ok(());
        }
        let switches = &rule.switches;
        let lead = event.lead();
        let earlier = |succession| -> Vec<(NaiveDate, Option<NaiveDate>)> {
            let lineage = self.past.lineage(&lead.id, succession);
            let titles = self.past.before(&lineage, &event.achievement, event.named);
            let by_item = matches!(rule.once_per, OncePer::Item | OncePer::SubjectItem);
            let same = titles.filter(|t| rule.covers_grade(&t.grade) && (!by_item || t.item == event.item));
            same.map(|t| (t.named, t.lost)).collect()
        };
        let titles = earlier(switches.succession);
        let other = match switches.succession {
            Succession::KeepsHistory => Succession::StartsAfresh,
            Succession::StartsAfresh => Succession::KeepsHistory,
        };
        if earlier(other).len() != titles.len() {
            decided_by(decided, "succession", switches.get("succession").unwrap_or_default());
        }
        let Some(&(first, _)) = titles.first() else { return Ok(()) };
        let still_held = titles.iter().any(|(_, lost)| lost.is_none_or(|lost| lost > event.named));
        let since_start = titles.iter().any(|(named, _)| *named >= self.policy.from);
        let mut by = |switch: &str| decided_by(decided, switch, switches.get(switch).unwrap_or_default());
        match rule.history {
            HistoryTest::NewlyCreated => {
                by("newly_created");
                let counts = switches.newly_created == NewlyCreated::Dated && !still_held;
                if counts { Ok(()) } else { Err(Problem::new(&a::HELD_BEFORE).with("date", first)) }
            }
            HistoryTest::FirstTime => {
                by("first_time");
                let counts = switches.first_time == FirstTime::SinceStart && !since_start;
                if counts { Ok(()) } else { Err(Problem::new(&a::NOT_FIRST_TIME).with("date", first)) }
            }
            HistoryTest::Built | HistoryTest::None => Err(Problem::new(&a::HELD_BEFORE).with("date", first)),
        }
    }

    fn award(&mut self, met: Triggered<'a>, id: String, decided: Decided) -> Result<(), Problems> {
        let Triggered { event, rule, gross, year, steps, .. } = met;
        let (takes_back, offset) = (Vec::new(), Fen::ZERO);
        let mut making =
            Making { rule, event: &event, id: &id, year, gross, offset, amount: gross, decided, steps, takes_back };
        let paid = self.reduce(&mut making)?;
        let Making { offset, amount, decided, mut steps, takes_back, .. } = making;
        if let Err(reason) = paid {
            // Reduced to nothing by other money, the achievement is used up all the same: it cannot be claimed again.
            let used_up = reason.entry.code == a::REDUCED_TO_ZERO.code;
            self.out.refusals.push(refusal(&event, &rule.id, reason, decided.clone()));
            if !used_up {
                return Ok(());
            }
        }
        let lead = event.lead();
        let award = Award {
            id: id.clone(),
            rule: rule.id.clone(),
            event: event.id.clone(),
            achievement: event.achievement.clone(),
            grade: event.grade.clone(),
            item: event.item.clone(),
            subject: lead.id.clone(),
            subject_name: lead.name.clone(),
            place: lead.place.clone(),
            named: event.named,
            year,
            gross,
            offset,
            amount,
            switches: decided,
            citation: rule.citation.to_string(),
            simulation: self.policy.simulation,
        };
        self.take_back(takes_back);
        let persons = pay::person_parts(rule, &event, amount)?;
        self.tally.push(Standing { draft: Some(self.out.drafts.len()), ..Standing::new(&award, persons) });
        steps.iter_mut().for_each(|step| step.award.clone_from(&id));
        self.out.steps.append(&mut steps);
        self.out.drafts.push(Draft { award, event, rule });
        Ok(())
    }

    fn take_back(&mut self, reversals: Vec<reverse::Reversal>) {
        for reversal in reversals {
            let standing = self.tally.find_mut(&reversal.award);
            let standing = standing.expect("Invariant: only standing awards are taken back");
            let amount = reversal.amount.unwrap_or_else(|| standing.net());
            standing.taken_back.push((reversal.kind, reversal.date, amount));
            self.out.reversals.push(reversal);
        }
    }

    /// Reductions in order: decay, exclusivity, a higher level's award, the team's award, caps.
    fn reduce(&mut self, making: &mut Making<'_>) -> Result<Result<(), Reason>, Problems> {
        let Making { rule, event, year, gross, .. } = *making;
        let subject = &event.lead().id;
        let earlier = self.tally.of_subject(subject).iter().map(|at| &self.tally.all[*at]);
        let earlier = earlier.filter(|standing| standing.rule == rule.id);
        let count = earlier.clone().count();
        let used = Fen::sum(earlier.filter(|s| s.year == year).map(|s| s.worth_on(event.named)));
        let used = used.ok_or_else(too_large)?;
        if let Some(&share) = rule.decay.get(count).or(rule.decay.last()) {
            making.amount = times(making.amount, share, super::mode(rule.switches.rounding)).ok_or_else(too_large)?.0;
            making.step(format!("第 {} 次，按 {share} 计", count + 1), format!("time {}: × {share}", count + 1));
        }
        if let Err(reason) = exclusive::apply(self, making)? {
            return Ok(Err(reason));
        }
        if let Some(higher) = event.higher_award.filter(|&higher| higher > Fen::ZERO) {
            making.by("double_funding");
            if rule.switches.double_funding == DoubleFunding::Reduce {
                making.amount = making.amount.checked_sub(higher).ok_or_else(too_large)?.max(Fen::ZERO);
                let text = higher.grouped();
                making.step(format!("扣减上级同项奖励 {text} 元"), format!("less the higher award of {text} yuan"));
            }
        }
        exclusive::person_and_team(self, making)?;
        if making.amount == Fen::ZERO {
            return Ok(Err(Problem::new(&a::REDUCED_TO_ZERO).with("gross", gross.grouped())));
        }
        Ok(caps::of_award(self.policy, used, making))
    }
}

/// An award while its amount is found.
pub(super) struct Making<'e> {
    pub rule: &'e Rule,
    pub event: &'e Event,
    pub id: &'e str,
    pub year: i32,
    pub gross: Fen,
    /// What the share in a team's award takes off.
    pub offset: Fen,
    pub amount: Fen,
    pub decided: Decided,
    pub steps: Vec<Step>,
    /// What is taken back when the award is made.
    pub takes_back: Vec<reverse::Reversal>,
}

impl Making<'_> {
    /// Records a step that led to the amount as it is now.
    pub fn step(&mut self, zh: String, en: String) {
        self.steps.push(Step {
            award: String::new(),
            rule: self.rule.id.clone(),
            note: note(zh, en),
            amount: Some(self.amount),
            citation: self.rule.citation.to_string(),
        });
    }

    /// Records that a switch of the rule decided.
    pub fn by(&mut self, switch: &str) {
        decided_by(&mut self.decided, switch, self.rule.switches.get(switch).unwrap_or_default());
    }
}

/// The share of a term that is left on a day, both as whole days.
pub(super) fn remaining_part(whole: Fen, from: NaiveDate, until: NaiveDate, day: NaiveDate) -> Option<Fen> {
    let total = (until - from).num_days();
    let left = (until - day).num_days().clamp(0, total);
    let part = i128::from(whole.0).checked_mul(left.into())?;
    crate::money::div_round_i64(part, total.max(1).into(), Rounding::HalfUp).map(Fen)
}

/// The same day so many years later; 29 February becomes 28 February.
pub(super) fn anniversary(day: NaiveDate, years: u32) -> Option<NaiveDate> {
    let year = day.year().checked_add(i32::try_from(years).ok()?)?;
    NaiveDate::from_ymd_opt(year, day.month(), day.day()).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28))
}
