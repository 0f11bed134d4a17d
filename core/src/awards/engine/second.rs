//! The municipal second award (二次奖补): a share of the money that has arrived, once all of it has.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::second_lines::{Due, Made};
use super::{by_award, mode, of, times, too_large};
use crate::awards::facts::{Event, Inputs, PaidFor, Payment};
use crate::awards::model::{Level, Policy, SecondAward};
use crate::awards::outcome::{Award, InPlace, Line, LineKind, Outcome, Prior};
use crate::awards::switches::{SecondBase, SecondGate, SecondMunicipalUnits};
use crate::money::{Fen, allocate};
use crate::problem::catalogue::awards as a;
use crate::problem::{Problem, Problems};

/// What one place owes for one award, and what it has paid.
pub(super) struct Item<'x> {
    pub award: &'x Award,
    pub place: &'x str,
    /// The award's lines to payees of the place, with what is left of each.
    pub lines: Vec<(&'x Line, Fen)>,
    due: Fen,
    /// Paid, at most what is due.
    paid: Fen,
    last_payment: Option<NaiveDate>,
}

/// What a treasury has paid for an award.
#[derive(Default)]
struct Paid {
    amount: Fen,
    last: Option<NaiveDate>,
}

impl Paid {
    fn add(&mut self, payment: &Payment) -> Result<(), Problems> {
        self.amount = self.amount.checked_add(payment.amount).ok_or_else(too_large)?;
        self.last = self.last.max(Some(payment.date));
        Ok(())
    }
}

/// Payments told apart by award and paying place, and those told apart only by place and year.
#[derive(Default)]
struct Received<'x> {
    by_award: BTreeMap<(&'x str, &'x str), Paid>,
    by_year: BTreeMap<(&'x str, i32), Paid>,
}

/// Pays what the payments received have earned.
pub(super) fn pay(policy: &Policy, inputs: &Inputs, prior: &Prior, outcome: &mut Outcome) -> Result<(), Problems> {
    let Some(second) = &policy.second else { return Ok(()) };
    let payments = all_payments(inputs, prior)?;
    let awards: Vec<Award> = prior.awards.iter().chain(&outcome.awards).cloned().collect();
    let lines: Vec<Line> = prior.lines.iter().chain(&outcome.lines).cloned().collect();
    let by_award = by_award(&lines);
    let received = receive(second, &inputs.events, &awards, &by_award, &payments, &mut outcome.warnings)?;
    let items = items(policy, second, &awards, &by_award, &received)?;
    let groups = groups(second, items);
    let mut made = Made::new(policy, second, &lines, &by_award);
    let mut county_years: BTreeMap<(String, i32), Vec<Item<'_>>> = BTreeMap::new();
    for (scope, mut group) in groups {
        let in_place = gate(second, &scope, &mut group, &received, &mut outcome.warnings)?;
        let passed = in_place.in_place;
        outcome.in_place.push(in_place);
        if !passed {
            group.iter().try_for_each(|item| made.not_backed(item, Fen::ZERO, &mut outcome.warnings))?;
            continue;
        }
        for item in group {
            if second.switches.second_base == SecondBase::CountyYearTotal {
                county_years.entry((item.place.to_owned(), item.award.year)).or_default().push(item);
                continue;
            }
            let base = base(policy, second, &item, &received)?;
            let due = share(second, base)?;
            made.not_backed(&item, due.amount, &mut outcome.warnings)?;
            made.item(&item, due)?;
        }
    }
    for ((place, year), items) in county_years {
        let base = Fen::sum(items.iter().map(|item| item.paid)).ok_or_else(too_large)?;
        made.county_year(&place, year, &items, share(second, base)?)?;
    }
    let made = made.finish();
    mark_municipal(policy, second, outcome);
    outcome.awards.extend(made.awards);
    outcome.lines.extend(made.lines);
    outcome.steps.extend(made.steps);
    Ok(())
}

/// Payments of earlier runs and of this one; the same voucher counts once.
fn all_payments(inputs: &Inputs, prior: &Prior) -> Result<Vec<Payment>, Problems> {
    let mut all = prior.payments.clone();
    let mut problems = Problems::new();
    let known: BTreeMap<&str, &Payment> = prior.payments.iter().rev().map(|one| (one.id.as_str(), one)).collect();
    for payment in &inputs.payments {
        let content = |p: &Payment| (p.paid_for.clone(), p.level, p.place.clone(), p.date, p.amount);
        match known.get(payment.id.as_str()).copied() {
            None => all.push(payment.clone()),
            Some(known) if content(known) == content(payment) => {}
            Some(_) => {
                problems.push(payment.origin.at(Problem::new(&a::PAYMENT_CHANGED).with("id", &payment.id)));
            }
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(all) }
}

/// Awards by their id, or by their event.
type ByText<'x> = BTreeMap<&'x str, Vec<&'x Award>>;

fn receive<'x>(
    second: &SecondAward,
    events: &[Event],
    awards: &'x [Award],
    lines: &BTreeMap<&str, Vec<&Line>>,
    payments: &'x [Payment],
    warnings: &mut Vec<Problem>,
) -> Result<Received<'x>, Problems> {
    let mut received = Received::default();
    let mut problems = Problems::new();
    let (mut by_id, mut by_event): (ByText<'x>, ByText<'x>) = (BTreeMap::new(), BTreeMap::new());
    for award in awards {
        by_id.entry(&award.id).or_default().push(award);
        by_event.entry(&award.event).or_default().push(award);
    }
    let events: BTreeMap<&str, &Event> = events.iter().rev().map(|event| (event.id.as_str(), event)).collect();
    for payment in payments {
        let owes = |award: &&&'x Award| of(lines, &award.id).iter().any(|line| line.treasury == payment.place);
        let fits: Vec<&Award> = match &payment.paid_for {
            PaidFor::Award(id) => by_id.get(id.as_str()).into_iter().flatten().filter(owes).copied().collect(),
            PaidFor::Event(id) => {
                let event = events.get(id.as_str());
                let is_it = |award: &&&'x Award| event.is_none_or(|event| event.is_of(&award.subject, award.named));
                by_event.get(id.as_str()).into_iter().flatten().filter(is_it).filter(owes).copied().collect()
            }
            PaidFor::PlaceYear { place, year } => {
                if second.switches.second_gate == SecondGate::PerItem {
                    warnings.push(payment.origin.at(Problem::new(&a::NOT_TOLD_APART)));
                } else {
                    received.by_year.entry((place.as_str(), *year)).or_default().add(payment)?;
                }
                continue;
            }
        };
        match (fits.as_slice(), &payment.paid_for) {
            ([award], _) => {
                received.by_award.entry((award.id.as_str(), payment.place.as_str())).or_default().add(payment)?;
            }
            ([], PaidFor::Award(id) | PaidFor::Event(id)) => {
                let problem = Problem::new(&a::PAYMENT_FITS_NOTHING).with("what", format!("{id} {}", payment.place));
                warnings.push(payment.origin.at(problem));
            }
            (several, PaidFor::Event(id)) => {
                let known: Vec<&str> = several.iter().map(|award| award.id.as_str()).collect();
                let problem = Problem::new(&a::EVENTS_AMBIGUOUS).with("event", id);
                problems.push(payment.origin.at(problem.with("awards", known.join(", "))));
            }
            _ => {}
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(received) }
}

/// What is left of a line after corrections, out of the lines of its award. `None` on overflow.
fn left_of(line: &Line, lines: &[&Line]) -> Option<Fen> {
    let corrections = lines.iter().filter(|other| other.corrects == line.id);
    Fen::sum(corrections.map(|other| other.amount).chain([line.amount]))
}

fn items<'x>(
    policy: &Policy,
    second: &SecondAward,
    awards: &'x [Award],
    by_award: &BTreeMap<&'x str, Vec<&'x Line>>,
    received: &Received<'_>,
) -> Result<Vec<Item<'x>>, Problems> {
    let mut items = Vec::new();
    for award in awards.iter().filter(|award| award.rule != second.id) {
        let mut places: BTreeMap<&str, Vec<(&Line, Fen)>> = BTreeMap::new();
        let lines = of(by_award, &award.id);
        for &line in lines.iter().filter(|line| line.kind == LineKind::Award) {
            let left = left_of(line, lines).ok_or_else(too_large)?;
            if left > Fen::ZERO {
                places.entry(&line.payee_place).or_default().push((line, left));
            }
        }
        for (place, lines) in places {
            let Some(level) = eligible(policy, second, place) else { continue };
            let owed = lines.iter().filter(|(line, _)| line.treasury_level == level && line.treasury == place);
            let due = Fen::sum(owed.map(|(_, left)| *left)).ok_or_else(too_large)?;
            if due == Fen::ZERO {
                continue;
            }
            let paid = received.by_award.get(&(award.id.as_str(), place));
            items.push(Item {
                award,
                place,
                lines,
                due,
                paid: paid.map_or(Fen::ZERO, |paid| paid.amount),
                last_payment: paid.and_then(|paid| paid.last),
            });
        }
    }
    Ok(items)
}

/// The level whose money must be in place for payees of a place; `None`: no second award for them.
fn eligible(policy: &Policy, second: &SecondAward, place: &str) -> Option<Level> {
    let level = policy.place(place)?.level;
    let municipal = second.switches.second_municipal_units == SecondMunicipalUnits::Eligible;
    (level == second.gate_level || (level == second.pays_level && municipal)).then_some(level)
}

/// The scopes that the gate is applied to, in order.
fn groups<'x>(second: &SecondAward, items: Vec<Item<'x>>) -> Vec<((String, i32), Vec<Item<'x>>)> {
    let mut groups: BTreeMap<(String, i32), Vec<Item<'x>>> = BTreeMap::new();
    for item in items {
        let scope = match second.switches.second_gate {
            SecondGate::PerItem => item.award.id.clone(),
            SecondGate::CountyYear => item.place.to_owned(),
        };
        let number = match second.switches.second_gate {
            // An award with payees of several places is gated place by place.
            SecondGate::PerItem => groups.range((scope.clone(), 0)..=(scope.clone(), i32::MAX)).count() as i32,
            SecondGate::CountyYear => item.award.year,
        };
        groups.entry((scope, number)).or_default().push(item);
    }
    groups.into_iter().collect()
}

/// Applies the gate, and counts at most what is due as paid.
fn gate(
    second: &SecondAward,
    (scope, number): &(String, i32),
    group: &mut [Item<'_>],
    received: &Received<'_>,
    warnings: &mut Vec<Problem>,
) -> Result<InPlace, Problems> {
    let (place, year) = (group[0].place.to_owned(), group[0].award.year);
    let due = Fen::sum(group.iter().map(|item| item.due)).ok_or_else(too_large)?;
    let mut paid = Fen::sum(group.iter().map(|item| item.paid)).ok_or_else(too_large)?;
    let mut scope = scope.clone();
    if second.switches.second_gate == SecondGate::CountyYear {
        let lump = received.by_year.get(&(place.as_str(), *number));
        paid = paid.checked_add(lump.map_or(Fen::ZERO, |lump| lump.amount)).ok_or_else(too_large)?;
        scope = format!("{scope} {number}");
        for item in group.iter_mut() {
            item.last_payment = item.last_payment.max(lump.and_then(|lump| lump.last));
        }
    }
    if paid > due {
        let problem = Problem::new(&a::OVERPAID).with("scope", &scope).with("paid", paid.grouped());
        warnings.push(problem.with("due", due.grouped()));
    }
    // paid ≥ due × threshold, exactly.
    let threshold = second.threshold.normalize();
    let scale = 10i128.checked_pow(threshold.scale()).ok_or_else(too_large)?;
    let have = i128::from(paid.0).checked_mul(scale).ok_or_else(too_large)?;
    let in_place = have >= i128::from(due.0).checked_mul(threshold.mantissa()).ok_or_else(too_large)?;
    let weights: Vec<i128> = group.iter().map(|item| item.due.0.into()).collect();
    let counted = allocate(paid.min(due).max(Fen::ZERO), &weights).ok_or_else(too_large)?;
    for (item, counted) in group.iter_mut().zip(counted) {
        item.paid = counted;
    }
    Ok(InPlace { scope, place, year, due, paid, in_place })
}

/// What the second award is a share of, for one item.
fn base(policy: &Policy, second: &SecondAward, item: &Item<'_>, received: &Received<'_>) -> Result<Fen, Problems> {
    match second.switches.second_base {
        SecondBase::CountyPaidItem | SecondBase::CountyYearTotal => Ok(item.paid),
        SecondBase::WholeItem => Fen::sum(item.lines.iter().map(|(_, left)| *left)).ok_or_else(too_large),
        SecondBase::WithCityPaid => {
            let city = policy.place_at(item.place, second.pays_level).map_or("", |place| place.name.as_str());
            let owed = item.lines.iter().filter(|(line, _)| line.treasury == city && item.place != city);
            let due = Fen::sum(owed.map(|(_, left)| *left)).ok_or_else(too_large)?;
            let paid = received.by_award.get(&(item.award.id.as_str(), city)).map_or(Fen::ZERO, |paid| paid.amount);
            item.paid.checked_add(paid.min(due).max(Fen::ZERO)).ok_or_else(too_large)
        }
    }
}

fn share(second: &SecondAward, base: Fen) -> Result<Due, Problems> {
    let (amount, rounded) = times(base, second.rate, mode(second.switches.rounding)).ok_or_else(too_large)?;
    Ok(Due { base, amount, rounded })
}

/// Units of the paying level itself: the switch decides whether they get a second award at all.
fn mark_municipal(policy: &Policy, second: &SecondAward, outcome: &mut Outcome) {
    let of_city = |place: &str| policy.place(place).is_some_and(|place| place.level == second.pays_level);
    let reading = second.switches.get("second_municipal_units").unwrap_or_default();
    let lines = outcome.lines.iter().filter(|line| of_city(&line.payee_place));
    let municipal: BTreeSet<&str> = lines.map(|line| line.award.as_str()).collect();
    for award in &mut outcome.awards {
        if municipal.contains(award.id.as_str()) {
            super::decided_by(&mut award.switches, "second_municipal_units", reading);
        }
    }
}

impl Item<'_> {
    /// The day the money was complete.
    pub fn complete_on(&self) -> NaiveDate {
        self.last_payment.unwrap_or(self.award.named)
    }
}
