//! Filled-in forms → [`Inputs`]. Every cell that is wrong is told.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::facts::{
    Event, Indicator, Inputs, Origin, PaidFor, Party, Payment, Revocation, RevokedTitle, Succession, Title,
};
use super::forms::{self, EVENTS, FORMS, HISTORY, INDICATORS, JOINT, PAYMENTS, REVOCATIONS, SUCCESSIONS};
use super::model::{Policy, SubjectKind};
use crate::problem::catalogue::{awards as a, workbook as w};
use crate::problem::{Problem, Problems};
use crate::workbook::{Form, Lists, Row, Rows, Sheet};

/// Reads the sheets, each with the number of its form in [`FORMS`]. Warnings come with the result.
pub fn read(policy: &Policy, sheets: &[(usize, Sheet)]) -> Result<(Inputs, Problems), Problems> {
    let mut reading = Reading {
        policy,
        lists: forms::lists(policy),
        problems: Problems::new(),
        inputs: Inputs::default(),
        subjects: BTreeMap::new(),
        seen: BTreeMap::new(),
        events: BTreeMap::new(),
        vouchers: BTreeMap::new(),
        indicators: BTreeMap::new(),
    };
    for sheet in of(sheets, &EVENTS) {
        reading.sheet(&EVENTS, sheet, |reading, row| reading.event(row));
    }
    for sheet in of(sheets, &JOINT) {
        reading.sheet(&JOINT, sheet, |reading, row| reading.joint(row));
    }
    for sheet in of(sheets, &HISTORY) {
        reading.sheet(&HISTORY, sheet, |reading, row| reading.title(row));
    }
    for sheet in of(sheets, &SUCCESSIONS) {
        reading.sheet(&SUCCESSIONS, sheet, |reading, row| reading.succession(row));
    }
    for sheet in of(sheets, &PAYMENTS) {
        reading.sheet(&PAYMENTS, sheet, |reading, row| reading.payment(row));
    }
    for sheet in of(sheets, &REVOCATIONS) {
        reading.sheet(&REVOCATIONS, sheet, |reading, row| reading.revocation(row));
    }
    for sheet in of(sheets, &INDICATORS) {
        reading.sheet(&INDICATORS, sheet, |reading, row| reading.indicator(row));
    }
    // Whoever leads stands first; the others by their codes, so that the order of rows decides nothing.
    for event in &mut reading.inputs.events {
        event.parties[1..].sort_by(|one, other| one.id.cmp(&other.id));
    }
    reading.problems.or(reading.inputs)
}

/// The sheets of a form.
fn of<'s>(sheets: &'s [(usize, Sheet)], form: &'s Form) -> impl Iterator<Item = &'s Sheet> {
    sheets.iter().filter(|(at, _)| FORMS[*at].key == form.key).map(|(_, sheet)| sheet)
}

struct Reading<'p> {
    policy: &'p Policy,
    lists: Lists,
    problems: Problems,
    inputs: Inputs,
    /// How each subject was first described, and where.
    subjects: BTreeMap<String, (Party, String)>,
    /// The row of each event, also of one that cannot be read; and the place among the inputs of those that can.
    seen: BTreeMap<String, u64>,
    events: BTreeMap<String, usize>,
    /// The row of each voucher, and of each indicator of a subject and year.
    vouchers: BTreeMap<String, u64>,
    indicators: BTreeMap<(String, i32, String), u64>,
}

impl Reading<'_> {
    fn sheet(&mut self, form: &Form, sheet: &Sheet, mut read: impl FnMut(&mut Self, &Row<'_, '_>) -> Option<()>) {
        let lists = std::mem::take(&mut self.lists);
        let rows = Rows::new(form, sheet, &lists);
        for row in rows.iter() {
            // A row that cannot be read has told why.
            let _ = read(self, &row);
        }
        self.problems.append(rows.into_problems());
        self.lists = lists;
    }

    fn party(&mut self, row: &Row<'_, '_>) -> Option<Party> {
        let (id, name) = (row.given("subject_id"), row.given("subject_name"));
        let kind = row.choice("subject_kind");
        let place = row.choice("place");
        let kind = SubjectKind::ALL.into_iter().find(|known| kind.as_deref() == Some(known.code()))?;
        let party = Party { id: id?, name: name?, kind, place: place?, share: None };
        let (file, number) = row.place();
        let Some((known, at)) = self.subjects.get(&party.id) else {
            self.subjects.insert(party.id.clone(), (party.clone(), format!("{file}:{number}")));
            return Some(party);
        };
        let words = |party: &Party| format!("{} {} {}", party.name, party.kind.chinese(), party.place);
        if words(known) != words(&party) {
            let problem = Problem::new(&a::INCONSISTENT_SUBJECT).with("subject", &party.id).with("one", words(known));
            row.refuse("subject_id", problem.with("other", words(&party)).with("place", at));
        }
        Some(party)
    }

    /// The grade must be one of the achievement's own, and must be there when it has any.
    fn grade(&self, row: &Row<'_, '_>, achievement: Option<&str>, required: bool) -> Option<String> {
        let text = row.text("grade");
        let known = self.policy.achievements.iter().find(|known| Some(known.code.as_str()) == achievement);
        let Some(known) = known.filter(|known| !known.grades.is_empty()) else { return Some(text) };
        if text.is_empty() {
            if required {
                row.refuse("grade", Problem::new(&w::REQUIRED_CELL));
                return None;
            }
            return Some(text);
        }
        let grades: Vec<(String, String)> = known.grades.iter().map(|grade| (grade.clone(), grade.clone())).collect();
        row.one_of("grade", &text, &grades)
    }

    /// A number that may not be negative.
    fn positive(&self, row: &Row<'_, '_>, key: &str) -> Option<Decimal> {
        let number = row.number(key)?;
        if number < Decimal::ZERO {
            row.refuse(key, Problem::new(&w::NEGATIVE).with("value", number));
            return None;
        }
        Some(number)
    }

    fn event(&mut self, row: &Row<'_, '_>) -> Option<()> {
        let (id, achievement) = (row.given("event_id"), row.choice("achievement"));
        let grade = self.grade(row, achievement.as_deref(), true);
        let party = self.party(row);
        let named = row.date("named");
        let (applied, paid, reviewed) = (row.date("applied"), row.date("paid"), row.date("reviewed"));
        let (quantity, share) = (self.positive(row, "quantity"), self.positive(row, "share"));
        let (base, higher_award) = (row.money("base"), row.money("higher_award"));
        let public = row.choice("ownership").map(|ownership| ownership == "public");
        let id = id?;
        if let Some(first) = self.seen.get(&id) {
            row.refuse("event_id", Problem::new(&w::TWICE).with("value", &id).with("row", first));
        }
        self.seen.entry(id.clone()).or_insert(row.place().1);
        let (achievement, grade, party, named) = (achievement?, grade?, party?, named?);
        self.events.entry(id.clone()).or_insert(self.inputs.events.len());
        self.inputs.events.push(Event {
            id,
            achievement,
            grade,
            item: row.text("item"),
            parties: vec![Party { share, ..party }],
            public,
            named,
            applied,
            paid,
            reviewed,
            document: row.text("document"),
            quantity,
            base,
            higher_award,
            rank: None,
            origin: origin(row),
        });
        Some(())
    }

    fn joint(&mut self, row: &Row<'_, '_>) -> Option<()> {
        let event = row.given("event_id");
        let party = self.party(row);
        let share = row.number("share");
        let (event, party) = (event?, party?);
        if !self.seen.contains_key(&event) {
            row.refuse("event_id", Problem::new(&w::NO_SUCH_ROW).with("value", event).with("sheet", &EVENTS.zh));
            return None;
        }
        let event = self.events.get(&event).and_then(|at| self.inputs.events.get_mut(*at))?;
        if event.parties.iter().any(|known| known.id == party.id) {
            let first = event.origin.row;
            row.refuse("subject_id", Problem::new(&w::TWICE).with("value", &party.id).with("row", first));
            return None;
        }
        event.parties.push(Party { share, ..party });
        Some(())
    }

    fn title(&mut self, row: &Row<'_, '_>) -> Option<()> {
        let (subject, achievement) = (row.given("subject_id"), row.choice("achievement"));
        let grade = self.grade(row, achievement.as_deref(), true);
        let (named, lost) = (row.date("named"), row.date("lost"));
        self.inputs.history.push(Title {
            subject: subject?,
            achievement: achievement?,
            grade: grade?,
            item: row.text("item"),
            named: named?,
            lost,
        });
        Some(())
    }

    fn succession(&mut self, row: &Row<'_, '_>) -> Option<()> {
        let (subject, predecessor) = (row.given("subject_id"), row.given("predecessor"));
        self.inputs.successions.push(Succession { subject: subject?, predecessor: predecessor? });
        Some(())
    }

    fn payment(&mut self, row: &Row<'_, '_>) -> Option<()> {
        let (id, place) = (row.given("payment_id"), row.choice("place"));
        let (date, amount) = (row.date("date"), row.money("amount"));
        let (event, award, year) = (row.given("event_id"), row.given("award_id"), row.year("year"));
        let (id, place) = (id?, place?);
        if let Some(first) = self.vouchers.insert(id.clone(), row.place().1) {
            row.refuse("payment_id", Problem::new(&w::TWICE).with("value", &id).with("row", first));
        }
        let paid_for = match (event, award, year) {
            (Some(event), None, None) => PaidFor::Event(event),
            (None, Some(award), None) => PaidFor::Award(award),
            (None, None, Some(year)) => PaidFor::PlaceYear { place: place.clone(), year },
            _ => {
                row.refuse("event_id", one_of(&PAYMENTS, &["event_id", "award_id", "year"]));
                return None;
            }
        };
        let level = self.policy.place(&place)?.level;
        let payment = Payment { id, paid_for, level, place, date: date?, amount: amount?, origin: origin(row) };
        self.inputs.payments.push(payment);
        Some(())
    }

    fn revocation(&mut self, row: &Row<'_, '_>) -> Option<()> {
        let date = row.date("date");
        let (event, award, subject) = (row.given("event_id"), row.given("award_id"), row.given("subject_id"));
        let achievement = row.choice("achievement");
        let target = match (event, award, subject) {
            (Some(event), None, None) => RevokedTitle::Event(event),
            (None, Some(award), None) => RevokedTitle::Award(award),
            (None, None, Some(subject)) => {
                let Some(achievement) = achievement else {
                    row.refuse("achievement", Problem::new(&w::REQUIRED_CELL));
                    return None;
                };
                let grade = self.grade(row, Some(&achievement), false)?;
                RevokedTitle::Title { subject, achievement, grade, item: row.text("item") }
            }
            _ => {
                row.refuse("event_id", one_of(&REVOCATIONS, &["event_id", "award_id", "subject_id"]));
                return None;
            }
        };
        let document = row.text("document");
        self.inputs.revocations.push(Revocation { target, date: date?, document, origin: origin(row) });
        Some(())
    }

    fn indicator(&mut self, row: &Row<'_, '_>) -> Option<()> {
        let party = self.party(row);
        let (year, name, value) = (row.year("year"), row.given("indicator"), row.number("value"));
        let public = row.choice("ownership").map(|ownership| ownership == "public");
        let (party, year, name) = (party?, year?, name?);
        let same = (party.id.clone(), year, name.clone());
        if let Some(first) = self.indicators.insert(same, row.place().1) {
            row.refuse("indicator", Problem::new(&w::TWICE).with("value", &name).with("row", first));
        }
        self.inputs.indicators.push(Indicator { party, public, year, name, value: value?, origin: origin(row) });
        Some(())
    }
}

fn origin(row: &Row<'_, '_>) -> Origin {
    let (file, row): (Arc<str>, u64) = row.place();
    Origin { file, row }
}

fn one_of(form: &Form, keys: &[&str]) -> Problem {
    let names: Vec<&str> = form.fields.iter().filter(|f| keys.contains(&&*f.key)).map(|f| &*f.zh).collect();
    Problem::new(&w::ONE_OF_THESE).with("fields", names.join("、"))
}
