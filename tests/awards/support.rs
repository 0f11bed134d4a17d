//! The Bazhong rules under chosen readings, and short ways to write events.

use chrono::NaiveDate;
use dianzhi::awards::{
    Event, Inputs, Level, Line, LineKind, Origin, Outcome, PaidFor, Party, Payment, Policy, Prior, Revocation,
    RevokedTitle, SubjectKind, Title, compile, run,
};
use dianzhi::money::Fen;
use dianzhi::policy::{MemoryFiles, Patch, open};

/// An invented place with a city, a county and one achievement of two grades.
pub const HEAD: &str = r#"
id = "x"
title = "x"
place = "某市"
money = "fiscal"
valid_from = 2026-01-01
status = "in_force"
[[source]]
id = "d"
document = "某文件"
[rules.places]
kind = "treasury.places"
source = "d"
article = "一"
places = [{ name = "某市", level = "city" }, { name = "甲县", level = "county", parent = "某市" }]
[rules.achievements]
kind = "achievement.list"
source = "d"
article = "一"
list = [{ code = "star", name = "星级", grades = ["三星", "四星"] }]
"#;

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub const fn yuan(yuan: i64) -> Fen {
    Fen(yuan * 100)
}

/// The Bazhong pack with readings put in force, `("tiers", "highest")`.
pub fn policy(readings: &[(&str, &str)]) -> Policy {
    let patch = |(switch, reading): &(&str, &str)| Patch::new(&format!("rules.{switch}.reading"), reading);
    let patches: Vec<Patch> = readings.iter().map(patch).collect();
    let bundle = open(&["seeds:bazhong_awards.toml".to_owned()], &MemoryFiles::default()).unwrap();
    compile(&bundle.fiscal(&patches).unwrap()).unwrap().0
}

pub fn party(id: &str, kind: SubjectKind, place: &str) -> Party {
    Party { id: id.to_owned(), name: format!("{id}名"), kind, place: place.to_owned(), share: None }
}

/// An event of an institution of 通江县; change what differs.
pub fn event(id: &str, achievement: &str, grade: &str, subject: &str, named: &str) -> Event {
    Event {
        id: id.to_owned(),
        achievement: achievement.to_owned(),
        grade: grade.to_owned(),
        item: if achievement == "regional_centre" { "中心".to_owned() } else { String::new() },
        parties: vec![party(subject, SubjectKind::Institution, "通江县")],
        public: Some(true),
        named: day(named),
        applied: None,
        paid: None,
        reviewed: None,
        document: String::new(),
        quantity: None,
        base: None,
        higher_award: None,
        rank: None,
        origin: Origin::default(),
    }
}

pub fn person(id: &str, achievement: &str, subject: &str, named: &str) -> Event {
    Event {
        parties: vec![party(subject, SubjectKind::Person, "通江县")], ..event(id, achievement, "", subject, named)
    }
}

pub fn prize(id: &str, grade: &str, item: &str, parties: Vec<Party>, named: &str) -> Event {
    Event { parties, item: item.to_owned(), ..event(id, "sichuan_science", grade, "", named) }
}

/// Money of a treasury for an event.
pub fn payment(id: &str, event: &str, place: &str, date: &str, amount: Fen) -> Payment {
    let level = if place == "巴中市" { Level::City } else { Level::County };
    let paid_for = PaidFor::Event(event.to_owned());
    Payment {
        id: id.to_owned(),
        paid_for,
        level,
        place: place.to_owned(),
        date: day(date),
        amount,
        origin: Origin::default(),
    }
}

pub fn revoked(event: &str, date: &str) -> Revocation {
    let target = RevokedTitle::Event(event.to_owned());
    Revocation { target, date: day(date), document: String::new(), origin: Origin::default() }
}

pub fn held(subject: &str, achievement: &str, grade: &str, named: &str, lost: Option<&str>) -> Title {
    Title {
        subject: subject.to_owned(),
        achievement: achievement.to_owned(),
        grade: grade.to_owned(),
        item: String::new(),
        named: day(named),
        lost: lost.map(day),
    }
}

pub fn events(events: Vec<Event>) -> Inputs {
    Inputs { events, ..Inputs::default() }
}

pub fn decide(policy: &Policy, inputs: &Inputs) -> Outcome {
    run(policy, inputs, &Prior::default()).unwrap()
}

/// Σ lines of a kind, by payee, in order of payee; those that come to nothing left out.
pub fn by_payee(outcome: &Outcome, kind: LineKind) -> Vec<(String, Fen)> {
    let mut sums = std::collections::BTreeMap::<String, Fen>::new();
    for line in outcome.lines.iter().filter(|line| line.kind == kind) {
        let sum = sums.entry(line.payee.clone()).or_default();
        *sum = sum.checked_add(line.amount).unwrap();
    }
    sums.into_iter().filter(|(_, fen)| *fen != Fen::ZERO).collect()
}

/// Σ of all lines.
pub fn total(lines: &[Line]) -> Fen {
    Fen::sum(lines.iter().map(|line| line.amount)).unwrap()
}

/// `(event, code of the reason)` of what was not paid.
pub fn refused(outcome: &Outcome) -> Vec<(&str, &str)> {
    outcome.refusals.iter().map(|refusal| (refusal.event.as_str(), refusal.reason.entry.code)).collect()
}

/// `(award, amount)` of a run.
pub fn awarded(outcome: &Outcome) -> Vec<(&str, Fen)> {
    outcome.awards.iter().map(|award| (award.id.as_str(), award.amount)).collect()
}

/// The invented place with rules of its own.
pub fn pack(rules: &str) -> Policy {
    let files = MemoryFiles::default().with("x.toml", &format!("{HEAD}{rules}"));
    let bundle = open(&["x.toml".to_owned()], &files).unwrap();
    compile(&bundle.fiscal(&[]).unwrap()).unwrap().0
}

/// The codes of what stops a run.
pub fn stopped(policy: &Policy, inputs: &Inputs) -> Vec<&'static str> {
    run(policy, inputs, &Prior::default()).unwrap_err().0.iter().map(|problem| problem.entry.code).collect()
}
