//! Every award that stands, from the book and from this run, with what is left of it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{by_award, of};
use crate::awards::model::SubjectKind;
use crate::awards::outcome::{Award, Decided, LineKind, Prior};
use crate::money::Fen;

/// One standing award.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub id: String,
    /// The id without `#2`.
    pub key: String,
    pub rule: String,
    pub event: String,
    pub subject: String,
    pub named: NaiveDate,
    pub year: i32,
    pub gross: Fen,
    /// What a team's share took off when the award was made.
    pub offset: Fen,
    pub amount: Fen,
    /// What was taken back, why and when.
    pub taken_back: Vec<(LineKind, NaiveDate, Fen)>,
    pub from_book: bool,
    /// Persons paid by it, and how much.
    pub persons: Vec<(String, Fen)>,
    pub switches: Decided,
    /// Its place among the awards of this run.
    pub draft: Option<usize>,
}

/// Standings in order, and their places by achievement, subject, person and award.
#[derive(Default)]
pub(super) struct Tally {
    pub all: Vec<Standing>,
    by_key: BTreeMap<String, Vec<usize>>,
    by_subject: BTreeMap<String, Vec<usize>>,
    by_person: BTreeMap<String, Vec<usize>>,
    by_id: BTreeMap<String, usize>,
}

impl Tally {
    /// `None` on overflow.
    pub fn of_book(prior: &Prior) -> Option<Tally> {
        let mut tally = Tally::default();
        let by_award = by_award(&prior.lines);
        for award in &prior.awards {
            let lines = of(&by_award, &award.id).iter().copied();
            // What was taken back of a second award does not count against the award.
            let second: Vec<&str> =
                lines.clone().filter(|l| l.kind == LineKind::Second).map(|l| l.id.as_str()).collect();
            let back = lines.clone().filter(|l| !l.corrects.is_empty() && !second.contains(&l.corrects.as_str()));
            let taken_back = back.map(|l| Some((l.kind, l.payable_on, Fen(l.amount.0.checked_neg()?))));
            let taken_back = taken_back.collect::<Option<Vec<_>>>()?;
            let persons = lines
                .clone()
                .filter(|l| l.kind == LineKind::Award && l.payee_kind == SubjectKind::Person)
                .map(|l| (l.payee.clone(), l.amount))
                .collect();
            tally.push(Standing { taken_back, from_book: true, ..Standing::new(award, persons) });
        }
        Some(tally)
    }

    pub fn push(&mut self, standing: Standing) {
        let at = self.all.len();
        self.by_key.entry(standing.key.clone()).or_default().push(at);
        self.by_subject.entry(standing.subject.clone()).or_default().push(at);
        for (person, _) in &standing.persons {
            let places = self.by_person.entry(person.clone()).or_default();
            if places.last() != Some(&at) {
                places.push(at);
            }
        }
        self.by_id.entry(standing.id.clone()).or_insert(at);
        self.all.push(standing);
    }

    /// The places of a subject's own awards.
    pub fn of_subject(&self, subject: &str) -> &[usize] {
        self.by_subject.get(subject).map_or(&[], Vec::as_slice)
    }

    /// The places of the awards that pay a person.
    pub fn of_person(&self, person: &str) -> &[usize] {
        self.by_person.get(person).map_or(&[], Vec::as_slice)
    }

    /// The award of an id.
    pub fn find_mut(&mut self, id: &str) -> Option<&mut Standing> {
        self.by_id.get(id).map(|at| &mut self.all[*at])
    }

    fn of_key(&self, key: &str) -> &[usize] {
        self.by_key.get(key).map_or(&[], Vec::as_slice)
    }

    /// The latest award of the same achievement.
    pub fn same(&self, key: &str) -> Option<&Standing> {
        self.of_key(key).last().map(|at| &self.all[*at])
    }

    /// The award of the same achievement, named on the same day.
    pub fn same_naming(&self, key: &str, named: NaiveDate) -> Option<&Standing> {
        self.of_key(key).iter().map(|at| &self.all[*at]).find(|standing| standing.named == named)
    }

    pub fn count(&self, key: &str) -> usize {
        self.of_key(key).len()
    }
}

impl Standing {
    /// What is left for an event named on a day: an award that replaces it counts from that day on, a revocation from
    /// the day after. So an event that comes again later is decided as it was.
    pub fn net_on(&self, day: NaiveDate) -> Fen {
        let gone = self.taken_back.iter().filter(|(kind, date, _)| match kind {
            LineKind::Replaced | LineKind::Offset => *date <= day,
            _ => *date < day,
        });
        Fen(gone.fold(self.amount.0, |left, (_, _, fen)| left.saturating_sub(fen.0)))
    }

    /// What shares in teams' awards have taken off by a day. Nothing once a higher tier stands in its place or the
    /// title is lost.
    pub fn offset_on(&self, day: NaiveDate) -> Fen {
        let gone = self.taken_back.iter().any(|(kind, date, _)| match kind {
            LineKind::Replaced => *date <= day,
            LineKind::ClawBack => *date < day,
            _ => false,
        });
        if gone {
            return Fen::ZERO;
        }
        let later = self.taken_back.iter().filter(|(kind, date, _)| *kind == LineKind::Offset && *date <= day);
        Fen(later.fold(self.offset.0, |sum, (_, _, fen)| sum.saturating_add(fen.0)))
    }

    /// What the award counts for beside the person's other own awards: what is left and what teams' shares have taken
    /// off. So a team's award makes no room in a group of tiers or under a cap.
    pub fn worth_on(&self, day: NaiveDate) -> Fen {
        Fen(self.net_on(day).0.saturating_add(self.offset_on(day).0))
    }

    /// What is left after everything.
    pub fn net(&self) -> Fen {
        self.net_on(NaiveDate::MAX)
    }

    /// The title was revoked before a day and the award taken back.
    pub fn clawed_back_before(&self, day: NaiveDate) -> bool {
        self.taken_back.iter().any(|(kind, date, _)| *kind == LineKind::ClawBack && *date < day)
    }

    pub fn new(award: &Award, persons: Vec<(String, Fen)>) -> Standing {
        Standing {
            id: award.id.clone(),
            key: award.id.rsplit_once('#').map_or(award.id.as_str(), |(key, _)| key).to_owned(),
            rule: award.rule.clone(),
            event: award.event.clone(),
            subject: award.subject.clone(),
            named: award.named,
            year: award.year,
            gross: award.gross,
            offset: award.offset,
            amount: award.amount,
            taken_back: Vec::new(),
            from_book: false,
            persons,
            switches: award.switches.clone(),
            draft: None,
        }
    }
}
