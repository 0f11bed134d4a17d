//! The list of a book's periods, `book.json`, with the chain of seals.

use serde::{Deserialize, Serialize};

use super::digest::sha256_hex;
use super::manifest::{FORMAT, Kind, Link, canonical};
use super::{Period, Status};

/// `book.json`: the one file whose replacement makes a run or a closing count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Index {
    pub format: u32,
    pub kind: Kind,
    /// In order of time.
    pub periods: Vec<PeriodEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeriodEntry {
    pub period: Period,
    pub manifest_sha256: String,
    /// Present when the period is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<Seal>,
}

/// A closing. Each seal covers the one before it, so that the last stands for all closed periods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Closings are counted from 1.
    pub number: u32,
    pub sha256: String,
}

impl PeriodEntry {
    pub fn status(&self) -> Status {
        if self.seal.is_some() { Status::Closed } else { Status::Open }
    }

    fn link(&self) -> Link {
        Link { period: self.period, manifest_sha256: self.manifest_sha256.clone() }
    }
}

impl Index {
    pub fn new(kind: Kind) -> Index {
        Index { format: FORMAT, kind, periods: Vec::new() }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        canonical(self)
    }

    pub fn entry(&self, period: Period) -> Option<&PeriodEntry> {
        self.periods.iter().find(|e| e.period == period)
    }

    pub fn entry_mut(&mut self, period: Period) -> Option<&mut PeriodEntry> {
        self.periods.iter_mut().find(|e| e.period == period)
    }

    /// Notes the manifest of a run.
    pub fn set(&mut self, period: Period, manifest_sha256: String) {
        match self.periods.binary_search_by_key(&period, |e| e.period) {
            Ok(at) => self.periods[at].manifest_sha256 = manifest_sha256,
            Err(at) => self.periods.insert(at, PeriodEntry { period, manifest_sha256, seal: None }),
        }
    }

    /// Periods of the same length that come before `period`.
    pub fn earlier(&self, period: Period) -> impl DoubleEndedIterator<Item = &PeriodEntry> {
        self.periods.iter().filter(move |e| e.period < period && e.period.is_year() == period.is_year())
    }

    /// What the manifest of `period` has to name as `previous`: of a month, the month before it in this book; of a
    /// year, its months and the year before.
    pub fn links(&self, period: Period) -> Vec<Link> {
        let months = self.periods.iter().filter(|e| period.is_year() && !e.period.is_year());
        let mut links: Vec<Link> = months.filter(|e| e.period.whole_year() == period).map(PeriodEntry::link).collect();
        links.extend(self.earlier(period).next_back().map(PeriodEntry::link));
        links
    }

    /// The closed periods in order of closing, or `None` when the numbers of their seals are not 1, 2, 3 …
    pub fn sealed(&self) -> Option<Vec<(&PeriodEntry, &Seal)>> {
        let mut sealed: Vec<_> = self.periods.iter().filter_map(|e| Some((e, e.seal.as_ref()?))).collect();
        sealed.sort_by_key(|(_, seal)| seal.number);
        sealed.iter().zip(1..).all(|((_, seal), number)| seal.number == number).then_some(sealed)
    }

    /// The seal that closing this entry now would give it; `None` when the chain so far is broken.
    pub fn next_seal(&self, entry: &PeriodEntry) -> Option<Seal> {
        let sealed = self.sealed()?;
        let before = sealed.last().map(|(_, seal)| *seal);
        let number = before.map_or(0, |seal| seal.number).checked_add(1)?;
        Some(Seal { number, sha256: seal_hash(number, before, entry) })
    }

    /// Whether every seal is what its predecessor and its period make of it.
    pub fn seals_hold(&self) -> bool {
        let Some(sealed) = self.sealed() else { return false };
        let before = std::iter::once(None).chain(sealed.iter().map(|(_, seal)| Some(*seal)));
        sealed.iter().zip(before).all(|((entry, seal), before)| seal.sha256 == seal_hash(seal.number, before, entry))
    }

    /// The last seal: whoever keeps it can show later that nothing closed until then has changed.
    pub fn head(&self) -> Option<&Seal> {
        self.sealed()?.pop().map(|(_, seal)| seal)
    }
}

/// SHA-256 of five lines: a word and version, the number, the seal before (or `-`), the period, its manifest's hash.
fn seal_hash(number: u32, before: Option<&Seal>, entry: &PeriodEntry) -> String {
    let before = before.map_or("-", |seal| &seal.sha256);
    let text = format!("dianzhi seal 1\n{number}\n{before}\n{}\n{}\n", entry.period, entry.manifest_sha256);
    sha256_hex(text.as_bytes())
}
