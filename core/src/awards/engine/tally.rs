//! Every award that stands, from the book and from this run, with what is left of it.

use chrono::NaiveDate;

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
    pub amount: Fen,
    /// What was taken back, why and when.
    pub taken_back: Vec<(LineKind, NaiveDate, Fen)>,
    pub from_book: bool,
    /// Persons paid by it, and how much.
    pub persons: Vec<(String, Fen)>,
    pub switches: Decided,
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
            tally.all.push(Standing { taken_back, from_book: true, ..Standing::new(award, persons) });
        }
        Some(tally)
    }

    /// The latest award of the same achievement.
    pub fn same(&self, key: &str) -> Option<&Standing> {
        self.all.iter().rfind(|standing| standing.key == key)
    }

    /// The award of the same achievement, named on the same day.
    pub fn same_naming(&self, key: &str, named: NaiveDate) -> Option<&Standing> {
        self.all.iter().find(|standing| standing.key == key && standing.named == named)
    }

    pub fn count(&self, key: &str) -> usize {
        self.all.iter().filter(|standing| standing.key == key).count()
    }
}

impl Standing {
    /// What is left for an event named on a day: an award that replaces it counts from that day on, a revocation from
    /// the day after. So an event that comes again later is decided as it was.
    pub fn net_on(&self, day: NaiveDate) -> Fen {
        let gone = self.taken_back.iter().filter(|(kind, date, _)| match kind {
            LineKind::Replaced => *date <= day,
            _ => *date < day,
        });
        Fen(gone.fold(self.amount.0, |left, (_, _, fen)| left.saturating_sub(fen.0)))
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
            amount: award.amount,
            taken_back: Vec::new(),
            from_book: false,
            persons,
            switches: award.switches.clone(),
        }
    }
}
