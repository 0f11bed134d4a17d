//! What is wrong with a scheme, or looks wrong: everything found in one run, with its place.

mod leaves;
mod lists;
mod names;
mod overlap;
mod places;
mod reachable;
mod rows;
mod structure;

use super::reach::Search;
use super::{Definition, Source};
use crate::problem::Problems;
use places::Places;

/// The findings of a check.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// What could be built; `None` when a whole table is missing.
    pub definition: Option<Definition>,
    pub problems: Problems,
    /// Codes of DRGs that no claim can get to.
    pub unreachable_drgs: Vec<String>,
    /// ADRG and row of rules that take no claim.
    pub unreachable_rules: Vec<(String, u64)>,
}

/// Checks a scheme. Errors are what [`Definition::from_source`] refuses; while there are any, only the tables are
/// looked at, since rules that could not be read take no claims.
#[must_use]
pub fn check(source: &Source) -> Checked {
    let (definition, mut problems) = Definition::assemble(source);
    problems.append(rows::check(source));
    let Some(definition) = definition else {
        return Checked { problems, ..Checked::default() };
    };
    let places = Places::new(source);
    problems.append(names::check(&definition, &places));
    problems.append(structure::check(&definition, &places));
    problems.append(lists::check(&definition, &places));
    let mut checked = Checked::default();
    if !problems.has_errors() {
        let mut search = Search::new(&definition);
        reachable::check(&mut search, &places, &mut checked);
        problems.append(std::mem::take(&mut checked.problems));
        problems.append(leaves::check(&search, &places, &checked));
        problems.append(overlap::check(&search, &places));
    }
    Checked { problems, definition: Some(definition), ..checked }
}
