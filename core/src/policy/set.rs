//! The dated packs of one place: the discharge date picks the pack.

use chrono::{Days, NaiveDate};

use super::Policy;
use crate::problem::catalogue::policy as p;
use crate::problem::{Problem, Problems};

/// The number of a pack in a [`PolicySet`].
pub type PackId = usize;

/// Packs in the order of their dates, without overlap or gap.
#[derive(Clone, Debug)]
pub struct PolicySet {
    pub packs: Vec<Policy>,
}

impl PolicySet {
    pub(super) fn new(mut packs: Vec<Policy>, problems: &mut Problems) -> PolicySet {
        check_dates(&mut packs, problems);
        PolicySet { packs }
    }

    /// The pack valid on a day.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> Option<PackId> {
        self.packs.iter().position(|pack| pack.valid_from <= day && pack.valid_to.is_none_or(|to| day <= to))
    }

    /// `2022-12-29 … 2024-12-31`, for messages.
    #[must_use]
    pub fn covered(&self) -> String {
        let from = self.packs.first().map(|pack| pack.valid_from.to_string()).unwrap_or_default();
        let to = self.packs.last().and_then(|pack| pack.valid_to).map_or("∞".to_owned(), |day| day.to_string());
        format!("{from} … {to}")
    }
}

/// What is valid in a place from one day to another.
pub(super) trait Dated {
    fn id(&self) -> &str;
    fn place(&self) -> &str;
    /// First and last day, both inclusive.
    fn days(&self) -> (NaiveDate, Option<NaiveDate>);
}

impl Dated for Policy {
    fn id(&self) -> &str {
        &self.id
    }
    fn place(&self) -> &str {
        &self.place
    }
    fn days(&self) -> (NaiveDate, Option<NaiveDate>) {
        (self.valid_from, self.valid_to)
    }
}

/// Puts packs into the order of their dates; two places, overlaps and gaps are told.
pub(super) fn check_dates<T: Dated>(packs: &mut [T], problems: &mut Problems) {
    packs.sort_by(|a, b| (a.days().0, a.id()).cmp(&(b.days().0, b.id())));
    let mut places: Vec<&str> = packs.iter().map(T::place).collect();
    places.sort_unstable();
    places.dedup();
    if places.len() > 1 {
        problems.push(Problem::new(&p::TWO_PLACES).with("places", places.join(", ")));
        return;
    }
    for pair in packs.windows(2) {
        if let Some(problem) = seam(&pair[0], &pair[1]) {
            problems.push(problem);
        }
    }
}

/// The overlap or gap between two neighbours.
fn seam(first: &impl Dated, second: &impl Dated) -> Option<Problem> {
    let names = |entry| Problem::new(entry).with("first", first.id()).with("second", second.id());
    let (from, end) = (second.days().0, first.days().1);
    match end.and_then(|to| to.checked_add_days(Days::new(1))) {
        Some(next) if next == from => None,
        Some(next) if next < from => {
            let last = from.checked_sub_days(Days::new(1)).unwrap_or(from);
            Some(names(&p::PACKS_GAP).with("from", next).with("to", last))
        }
        _ => {
            let ends = [end, second.days().1].into_iter().flatten().min();
            let to = ends.map_or("∞".to_owned(), |day| day.to_string());
            Some(names(&p::PACKS_OVERLAP).with("from", from).with("to", to))
        }
    }
}
