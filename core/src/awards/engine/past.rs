//! Who held what, when: the history handed in, the events themselves, and the awards of earlier runs.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::trigger::Triggered;
use crate::awards::facts::{Event, Inputs, RevokedTitle, Title};
use crate::awards::outcome::{LineKind, Prior};
use crate::awards::switches::Succession;

pub(super) struct Past<'a> {
    titles: Vec<Title>,
    /// The places of a subject's titles.
    by_subject: BTreeMap<String, Vec<usize>>,
    predecessors: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Past<'a> {
    pub fn new(inputs: &'a Inputs, prior: &Prior, triggered: &[Triggered<'_>]) -> Past<'a> {
        let mut titles = inputs.history.clone();
        inputs.events.iter().for_each(|event| titles.extend(titles_of(event)));
        let back = prior.lines.iter().rev().filter(|line| line.kind == LineKind::ClawBack);
        let back: BTreeMap<&str, NaiveDate> = back.map(|line| (line.award.as_str(), line.payable_on)).collect();
        for award in &prior.awards {
            titles.push(Title {
                subject: award.subject.clone(),
                achievement: award.achievement.clone(),
                grade: award.grade.clone(),
                item: award.item.clone(),
                named: award.named,
                lost: back.get(award.id.as_str()).copied(),
            });
        }
        let mut by_subject: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, title) in titles.iter().enumerate() {
            by_subject.entry(title.subject.clone()).or_default().push(at);
        }
        for revocation in &inputs.revocations {
            let gone = revoked_titles(&revocation.target, inputs, prior, triggered);
            for gone in &gone {
                for &at in by_subject.get(&gone.subject).into_iter().flatten() {
                    let title = &mut titles[at];
                    let held = title.named <= revocation.date && title.lost.is_none_or(|lost| lost > revocation.date);
                    if held && same_title(gone, title) {
                        title.lost = Some(revocation.date);
                    }
                }
            }
        }
        let mut predecessors: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for row in &inputs.successions {
            predecessors.entry(&row.subject).or_default().push(&row.predecessor);
        }
        Past { titles, by_subject, predecessors }
    }

    /// A subject and, where history is kept, all its predecessors.
    pub fn lineage<'s>(&'s self, subject: &'s str, succession: Succession) -> BTreeSet<&'s str> {
        let mut lineage = BTreeSet::from([subject]);
        if succession == Succession::StartsAfresh {
            return lineage;
        }
        let mut open = vec![subject];
        while let Some(one) = open.pop() {
            for &predecessor in self.predecessors.get(one).into_iter().flatten() {
                if lineage.insert(predecessor) {
                    open.push(predecessor);
                }
            }
        }
        lineage
    }

    /// Titles of an achievement obtained before a day, the earliest first.
    pub fn before<'s>(
        &'s self,
        subjects: &'s BTreeSet<&str>,
        achievement: &'s str,
        day: NaiveDate,
    ) -> impl Iterator<Item = &'s Title> {
        let of_subject = |subject: &&str| self.by_subject.get(*subject);
        let mut places: Vec<usize> = subjects.iter().filter_map(of_subject).flatten().copied().collect();
        places.sort_unstable();
        let titles = places.into_iter().map(|at| &self.titles[at]);
        let mut found: Vec<&Title> = titles.filter(|t| t.achievement == achievement && t.named < day).collect();
        found.sort_by_key(|title| title.named);
        found.into_iter()
    }

    /// Whether a subject holds a title on a day.
    pub fn holds(&self, subject: &str, achievement: &str, grade: Option<&str>, day: NaiveDate) -> bool {
        self.by_subject.get(subject).into_iter().flatten().map(|at| &self.titles[*at]).any(|t| {
            t.achievement == achievement
                && grade.is_none_or(|grade| t.grade == grade)
                && t.named <= day
                && t.lost.is_none_or(|lost| lost > day)
        })
    }
}

fn titles_of(event: &Event) -> impl Iterator<Item = Title> {
    event.parties.iter().map(|party| Title {
        subject: party.id.clone(),
        achievement: event.achievement.clone(),
        grade: event.grade.clone(),
        item: event.item.clone(),
        named: event.named,
        lost: None,
    })
}

fn revoked_titles(target: &RevokedTitle, inputs: &Inputs, prior: &Prior, triggered: &[Triggered<'_>]) -> Vec<Title> {
    let of_event = |id: &str| -> Vec<Title> {
        let event = inputs.events.iter().find(|event| event.id == id);
        event.map(|event| titles_of(event).collect()).unwrap_or_default()
    };
    let title = |subject: &str, achievement: &str, grade: &str, item: &str| Title {
        subject: subject.to_owned(),
        achievement: achievement.to_owned(),
        grade: grade.to_owned(),
        item: item.to_owned(),
        named: NaiveDate::MIN,
        lost: None,
    };
    match target {
        RevokedTitle::Title { subject, achievement, grade, item } => vec![title(subject, achievement, grade, item)],
        RevokedTitle::Event(id) if inputs.events.iter().any(|event| event.id == *id) => of_event(id),
        RevokedTitle::Event(id) => {
            let prior = prior.awards.iter().filter(|award| award.event == *id);
            prior.map(|a| title(&a.subject, &a.achievement, &a.grade, &a.item)).collect()
        }
        RevokedTitle::Award(id) => {
            let prior = prior.awards.iter().filter(|award| award.id == *id);
            let prior = prior.map(|a| title(&a.subject, &a.achievement, &a.grade, &a.item));
            let new = triggered.iter().filter(|t| t.key == *id);
            prior.chain(new.flat_map(|t| titles_of(&t.event))).collect()
        }
    }
}

/// An empty grade or item of the revocation stands for any.
fn same_title(gone: &Title, title: &Title) -> bool {
    gone.subject == title.subject
        && gone.achievement == title.achievement
        && (gone.grade.is_empty() || gone.grade == title.grade)
        && (gone.item.is_empty() || gone.item == title.item)
}
