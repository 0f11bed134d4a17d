//! Which rules an event or indicator sets off, and what their tier tables give.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::{decided_by, mode, note, split, times, too_large};
use crate::awards::facts::{Event, Indicator, Inputs, Ranked};
use crate::awards::model::{Amount, OncePer, Policy, Rule, Tier, Ties, Trigger};
use crate::awards::outcome::{Decided, Note, Refusal, Step};
use crate::awards::switches::AwardYear;
use crate::money::Fen;
use crate::problem::catalogue::awards as a;
use crate::problem::{Problem, Problems};

/// An event that met a rule.
pub(super) struct Triggered<'a> {
    pub event: Cow<'a, Event>,
    pub rule: &'a Rule,
    /// What makes the achievement one: the award's id, but for a `#2`.
    pub key: String,
    pub year: i32,
    pub gross: Fen,
    pub decided: Decided,
    pub steps: Vec<Step>,
}

/// All that was set off, in order of naming date, event number and rule; and the events that no rule pays.
pub(super) struct TriggeredAll<'a> {
    pub met: Vec<Triggered<'a>>,
    pub refusals: Vec<Refusal>,
}

pub(super) fn all<'a>(policy: &'a Policy, inputs: &'a Inputs) -> Result<TriggeredAll<'a>, Problems> {
    let mut problems = Problems::new();
    let mut met = Vec::new();
    let mut refusals = Vec::new();
    for event in &inputs.events {
        let of_achievement =
            |rule: &&Rule| matches!(&rule.trigger, Trigger::Event { achievement } if *achievement == event.achievement);
        let rules: Vec<&Rule> = policy.rules.iter().filter(of_achievement).collect();
        let matched: Vec<&Rule> = rules.iter().copied().filter(|rule| rule.covers_grade(&event.grade)).collect();
        if matched.is_empty() {
            refusals.push(unmatched(policy, event, &rules));
        }
        for rule in matched {
            meet(policy, rule, Cow::Borrowed(event), &mut met, &mut refusals, &mut problems);
        }
    }
    for rule in &policy.rules {
        for event in from_indicators(rule, &inputs.indicators) {
            meet(policy, rule, Cow::Owned(event), &mut met, &mut refusals, &mut problems);
        }
    }
    if problems.has_errors() {
        return Err(problems);
    }
    met.sort_by(|x, y| (x.event.named, &x.event.id, &x.rule.id).cmp(&(y.event.named, &y.event.id, &y.rule.id)));
    Ok(TriggeredAll { met, refusals })
}

fn unmatched(policy: &Policy, event: &Event, rules: &[&Rule]) -> Refusal {
    let reason = match rules.first() {
        None => {
            let name = policy.achievements.iter().find(|known| known.code == event.achievement);
            Problem::new(&a::NO_RULE).with("achievement", name.map_or(&event.achievement, |known| &known.name))
        }
        Some(rule) => Problem::new(&a::GRADE_NOT_AWARDED).with("rule", &rule.id).with("grade", &event.grade),
    };
    refusal(event, rules.first().map_or("", |rule| &rule.id), reason, Decided::new())
}

pub(super) fn refusal(event: &Event, rule: &str, reason: Problem, switches: Decided) -> Refusal {
    let lead = event.lead();
    Refusal {
        event: event.id.clone(),
        rule: rule.to_owned(),
        subject: lead.id.clone(),
        subject_name: lead.name.clone(),
        item: event.item.clone(),
        place: lead.place.clone(),
        named: event.named,
        reason: event.origin.at(reason),
        switches,
    }
}

fn meet<'a>(
    policy: &Policy,
    rule: &'a Rule,
    event: Cow<'a, Event>,
    met: &mut Vec<Triggered<'a>>,
    refusals: &mut Vec<Refusal>,
    problems: &mut Problems,
) {
    let mut decided = Decided::new();
    let tier = match find_tier(policy, rule, &event, &mut decided) {
        Ok(tier) => tier,
        Err(reason) => return refusals.push(refusal(&event, &rule.id, reason, decided)),
    };
    let value = match gross(rule, tier, &event, &mut decided) {
        Ok(value) => value,
        Err(found) => return problems.append(found),
    };
    if value.amount == Fen::ZERO {
        return refusals.push(refusal(&event, &rule.id, Problem::new(&a::AMOUNT_IS_ZERO), decided));
    }
    let step = Step {
        award: String::new(),
        rule: rule.id.clone(),
        note: note(
            format!("{}（{}）：{}", rule.title, subject_text(&event), value.formula.zh),
            format!("{} ({}): {}", rule.title, subject_text(&event), value.formula.en),
        ),
        amount: Some(value.amount),
        citation: rule.citation.to_string(),
    };
    match (award_year(rule, &event, &mut decided), item_is_there(rule, &event)) {
        (Ok(year), Ok(())) => {
            let key = key(rule, &event, year);
            met.push(Triggered { event, rule, key, year, gross: value.amount, decided, steps: vec![step] });
        }
        (year, item) => problems.0.extend(year.err().into_iter().chain(item.err())),
    }
}

/// The year of the date that the switch `award_year` names.
fn award_year(rule: &Rule, event: &Event, decided: &mut Decided) -> Result<i32, Problem> {
    let reading = rule.switches.get("award_year").unwrap_or_default();
    let (date, which) = match rule.switches.award_year {
        AwardYear::Named => (Some(event.named), ""),
        AwardYear::Paid => (event.paid, "paid"),
        AwardYear::Applied => (event.applied, "applied"),
    };
    let date = date
        .ok_or_else(|| event.origin.at(Problem::new(&a::NEEDS_DATE).with("which", which).with("reading", reading)))?;
    let others = [Some(event.named), event.paid, event.applied];
    if others.into_iter().flatten().any(|other| other.year() != date.year()) {
        decided_by(decided, "award_year", reading);
    }
    Ok(date.year())
}

fn item_is_there(rule: &Rule, event: &Event) -> Result<(), Problem> {
    let needed = matches!(rule.once_per, OncePer::Item | OncePer::SubjectItem);
    if needed && event.item.is_empty() {
        return Err(event.origin.at(Problem::new(&a::NEEDS_ITEM).with("rule", &rule.id)));
    }
    Ok(())
}

fn key(rule: &Rule, event: &Event, year: i32) -> String {
    let subject = &event.lead().id;
    // `#` opens the number of a repeated award.
    let item = event.item.replace('#', "＃");
    match rule.once_per {
        OncePer::Subject => format!("{}:{subject}", rule.id),
        OncePer::SubjectItem => format!("{}:{subject}:{item}", rule.id),
        OncePer::Item => format!("{}:{item}", rule.id),
        OncePer::SubjectYear => format!("{}:{subject}:{year}", rule.id),
        OncePer::Occurrence if item.is_empty() => format!("{}:{subject}:{}", rule.id, event.named),
        OncePer::Occurrence => format!("{}:{subject}:{item}:{}", rule.id, event.named),
    }
}

fn subject_text(event: &Event) -> String {
    let parts = [event.lead().name.as_str(), &event.item, &event.grade];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The first tier for the event's grade and rank that the declared switches leave.
fn find_tier<'r>(policy: &Policy, rule: &'r Rule, event: &Event, decided: &mut Decided) -> Result<&'r Tier, Problem> {
    let mut excluded = None;
    for tier in &rule.tiers {
        let grade_fits = tier.grades.is_empty() || tier.grades.contains(&event.grade);
        let rank_fits = match (tier.ranks, event.rank) {
            (Some((from, to)), Some(ranked)) => (from..=to).contains(&ranked.rank),
            (None, _) => true,
            (Some(_), None) => false,
        };
        if !(grade_fits && rank_fits) {
            continue;
        }
        let Some(when) = &tier.when else { return Ok(tier) };
        let reading = policy.declared.get(&when.switch).map_or("", |switch| switch.value.as_str());
        decided_by(decided, &when.switch, reading);
        if policy.holds(when) {
            return Ok(tier);
        }
        excluded.get_or_insert_with(|| {
            Problem::new(&a::READING_EXCLUDES).with("switch", &when.switch).with("reading", reading)
        });
    }
    Err(excluded
        .unwrap_or_else(|| Problem::new(&a::GRADE_NOT_AWARDED).with("rule", &rule.id).with("grade", &event.grade)))
}

struct Gross {
    amount: Fen,
    formula: Note,
}

fn gross(rule: &Rule, tier: &Tier, event: &Event, decided: &mut Decided) -> Result<Gross, Problems> {
    let needs = |entry| Problems::from(event.origin.at(Problem::new(entry).with("rule", &rule.id)));
    let quantity = || event.quantity.ok_or_else(|| needs(&a::NEEDS_QUANTITY));
    let mut rounded = |whole: Fen, factor: Decimal| -> Result<Fen, Problems> {
        let (fen, inexact) = times(whole, factor, mode(rule.switches.rounding)).ok_or_else(too_large)?;
        if inexact {
            decided_by(decided, "rounding", rule.switches.get("rounding").unwrap_or_default());
        }
        Ok(fen)
    };
    let product = |amount: Fen, whole: Fen, factor: Decimal| Gross {
        amount,
        formula: note(format!("{} 元 × {factor}", whole.grouped()), format!("{} yuan × {factor}", whole.grouped())),
    };
    Ok(match &tier.amount {
        Amount::Fixed(fen) => {
            let amount = shared_ranks(rule, *fen, event)?;
            Gross { amount, formula: note("按等次定额", "a fixed amount for the tier") }
        }
        Amount::PerUnit(each) => product(rounded(*each, quantity()?)?, *each, quantity()?),
        Amount::Steps { from, step, each } => {
            let over = quantity()?.checked_sub(*from).ok_or_else(too_large)?.max(Decimal::ZERO);
            let steps = over.checked_div(*step).ok_or_else(too_large)?.floor();
            product(rounded(*each, steps)?, *each, steps)
        }
        Amount::Bands(bands) => {
            let value = quantity()?;
            let band = bands.iter().find(|band| band.from <= value && band.to.is_none_or(|to| value < to));
            let formula = note(format!("数值 {value} 所在档"), format!("the band of the value {value}"));
            Gross { amount: band.map_or(Fen::ZERO, |band| band.pays), formula }
        }
        Amount::Matching { rate } => {
            let base = event.base.ok_or_else(|| needs(&a::NEEDS_BASE))?;
            product(rounded(base, *rate)?, base, *rate)
        }
        Amount::Coefficient { base } => product(rounded(*base, quantity()?)?, *base, quantity()?),
    })
}

/// The amount of a rank, or an equal share in the amounts of the ranks that tied subjects occupy.
fn shared_ranks(rule: &Rule, fen: Fen, event: &Event) -> Result<Fen, Problems> {
    let Trigger::Ranking { ties: Ties::Share, top, .. } = rule.trigger else { return Ok(fen) };
    let Some(Ranked { rank, tied, nth }) = event.rank else { return Ok(fen) };
    let of_rank = |rank: u32| {
        let tier = rule.tiers.iter().find(|tier| tier.ranks.is_none_or(|(from, to)| (from..=to).contains(&rank)));
        match tier.map(|tier| &tier.amount) {
            Some(Amount::Fixed(fen)) if rank <= top => *fen,
            _ => Fen::ZERO,
        }
    };
    let pot = Fen::sum((rank..rank + tied).map(of_rank)).ok_or_else(too_large)?;
    let parts = split(pot, &vec![Decimal::ONE; tied as usize]).ok_or_else(too_large)?;
    Ok(parts[nth as usize])
}

/// The events that a rule makes of indicators.
fn from_indicators(rule: &Rule, indicators: &[Indicator]) -> Vec<Event> {
    match &rule.trigger {
        Trigger::Event { .. } => Vec::new(),
        Trigger::Indicator { indicator, change, test, threshold } => {
            let named = indicators.iter().filter(|row| row.name == *indicator);
            let known: BTreeMap<(&str, i32), Decimal> =
                named.clone().rev().map(|row| ((row.party.id.as_str(), row.year), row.value)).collect();
            let mut events = Vec::new();
            for row in named {
                let before = || known.get(&(row.party.id.as_str(), row.year - 1)).copied();
                let value = if *change { before().map(|before| row.value - before) } else { Some(row.value) };
                if let Some(value) = value.filter(|&value| test.holds(value, *threshold)) {
                    events.extend(indicator_event(row, value, None));
                }
            }
            events
        }
        Trigger::Ranking { indicator, top, highest_first, .. } => {
            let mut years: BTreeMap<i32, Vec<&Indicator>> = BTreeMap::new();
            for row in indicators.iter().filter(|row| row.name == *indicator && row.party.kind == rule.subject) {
                years.entry(row.year).or_default().push(row);
            }
            years.into_values().flat_map(|rows| ranked(rows, *top, *highest_first)).collect()
        }
    }
}

fn ranked(mut rows: Vec<&Indicator>, top: u32, highest_first: bool) -> Vec<Event> {
    rows.sort_by(|x, y| {
        let order = if highest_first { y.value.cmp(&x.value) } else { x.value.cmp(&y.value) };
        order.then_with(|| x.party.id.cmp(&y.party.id))
    });
    let mut events = Vec::new();
    let mut rank = 1;
    for tied in rows.chunk_by(|x, y| x.value == y.value) {
        if rank > top {
            break;
        }
        for (nth, row) in (0..).zip(tied) {
            let place = Ranked { rank, tied: tied.len() as u32, nth };
            events.extend(indicator_event(row, row.value, Some(place)));
        }
        rank += tied.len() as u32;
    }
    events
}

/// An indicator of a year counts as named on the year's last day.
fn indicator_event(row: &Indicator, value: Decimal, rank: Option<Ranked>) -> Option<Event> {
    Some(Event {
        id: format!("{}:{}:{}", row.name, row.party.id, row.year),
        achievement: row.name.clone(),
        grade: rank.map(|r| r.rank.to_string()).unwrap_or_default(),
        item: String::new(),
        parties: vec![row.party.clone()],
        public: row.public,
        named: NaiveDate::from_ymd_opt(row.year, 12, 31)?,
        applied: None,
        paid: None,
        reviewed: None,
        document: String::new(),
        quantity: Some(value),
        base: None,
        higher_award: None,
        rank,
        origin: row.origin.clone(),
    })
}
