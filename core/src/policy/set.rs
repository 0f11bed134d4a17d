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
        packs.sort_by(|a, b| (a.valid_from, &a.id).cmp(&(b.valid_from, &b.id)));
        let mut places: Vec<&str> = packs.iter().map(|pack| pack.place.as_str()).collect();
        places.sort_unstable();
        places.dedup();
        if places.len() > 1 {
            problems.push(Problem::new(&p::TWO_PLACES).with("places", places.join(", ")));
            return PolicySet { packs };
        }
        for pair in packs.windows(2) {
            if let Some(problem) = seam(&pair[0], &pair[1]) {
                problems.push(problem);
            }
        }
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

/// The overlap or gap between two neighbours.
fn seam(first: &Policy, second: &Policy) -> Option<Problem> {
    let names = |entry| Problem::new(entry).with("first", &first.id).with("second", &second.id);
    let next = first.valid_to.and_then(|to| to.checked_add_days(Days::new(1)));
    match next {
        Some(next) if next == second.valid_from => None,
        Some(next) if next < second.valid_from => {
            let last = second.valid_from.checked_sub_days(Days::new(1)).unwrap_or(second.valid_from);
            Some(names(&p::PACKS_GAP).with("from", next).with("to", last))
        }
        _ => {
            let ends = [first.valid_to, second.valid_to].into_iter().flatten().min();
            let to = ends.map_or("∞".to_owned(), |day| day.to_string());
            Some(names(&p::PACKS_OVERLAP).with("from", second.valid_from).with("to", to))
        }
    }
}
