//! Every award that stands, from the book and from this run, with what is left of it.

use chrono::NaiveDate;

use crate::awards::model::SubjectKind;
use crate::awards::outcome::{Award, LineKind, Prior};
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
    /// After what was taken back.
    pub net: Fen,
    /// Taken back because the title was revoked.
    pub clawed_back: bool,
    pub from_book: bool,
    /// Persons paid by it, and how much.
    pub persons: Vec<(String, Fen)>,
}

#[derive(Default)]
pub(super) struct Tally {
    pub all: Vec<Standing>,
}

impl Tally {
    /// `None` on overflow.
    pub fn of_book(prior: &Prior) -> Option<Tally> {
        let mut tally = Tally::default();
        for award in &prior.awards {
            let lines = prior.lines.iter().filter(|line| line.award == award.id);
            let back = lines.clone().filter(|l| matches!(l.kind, LineKind::ClawBack | LineKind::Replaced));
            // What was taken back of a second award does not count against the award.
            let second: Vec<&str> =
                lines.clone().filter(|l| l.kind == LineKind::Second).map(|l| l.id.as_str()).collect();
            let back = Fen::sum(back.filter(|l| !second.contains(&l.corrects.as_str())).map(|l| l.amount))?;
            let persons = lines
                .clone()
                .filter(|l| l.kind == LineKind::Award && l.payee_kind == SubjectKind::Person)
                .map(|l| (l.payee.clone(), l.amount))
                .collect();
            let clawed_back = lines.clone().any(|l| l.kind == LineKind::ClawBack);
            tally.all.push(Standing {
                net: award.amount.checked_add(back)?,
                clawed_back,
                from_book: true,
                ..Standing::new(award, persons)
            });
        }
        Some(tally)
    }

    pub fn find(&mut self, id: &str) -> Option<&mut Standing> {
        self.all.iter_mut().find(|standing| standing.id == id)
    }

    /// The latest award of the same achievement.
    pub fn same(&self, key: &str) -> Option<&Standing> {
        self.all.iter().rfind(|standing| standing.key == key)
    }

    pub fn count(&self, key: &str) -> usize {
        self.all.iter().filter(|standing| standing.key == key).count()
    }
}

impl Standing {
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
            net: award.amount,
            clawed_back: false,
            from_book: false,
            persons,
        }
    }
}
