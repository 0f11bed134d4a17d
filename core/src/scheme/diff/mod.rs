//! What differs between two schemes, and which claims move with it.

mod change;
mod claims;
mod codes;
mod order;
mod rules;
mod tables;

pub use change::{Change, Section, What};
pub use claims::{ClaimMoves, Move, Side, moves};

use super::Definition;

/// Every difference between two schemes, by section, in the order of the tables.
#[must_use]
pub fn diff(before: &Definition, after: &Definition) -> Vec<Change> {
    let mut changes = tables::options(before, after);
    changes.extend(rules::mdcs(before, after));
    changes.extend(rules::rules(before, after));
    changes.extend(rules::drgs(before, after));
    changes.extend(codes::lists(before, after));
    changes.extend(codes::mdc_diagnoses(before, after));
    changes.extend(codes::operations(before, after));
    changes.extend(codes::levels(before, after));
    changes.extend(codes::groups(before, after));
    changes.extend(codes::exclusions(before, after));
    changes.extend(tables::weights(before, after));
    changes.extend(tables::code_maps(before, after));
    changes.extend(tables::names(before, after));
    changes
}
