//! How far a change reaches: the shortest way to its result.

use crate::policy::{Bundle, Change, Place};
use crate::scenario::change::Move;

/// What has to be done again for a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// Point values, dues and sharing, from the sums of the baseline.
    Sums,
    /// What each cell (institution, group) is worth, and its outliers.
    Cells,
    /// The price of every case.
    Prices,
}

impl Way {
    /// From the shortest.
    pub const ALL: [Way; 3] = [Way::Sums, Way::Cells, Way::Prices];
}

/// Families of rules that stand after the prices of cases.
const AFTER_PRICES: [&str; 15] = [
    "budget",
    "deduction",
    "point_value",
    "point_value_limit",
    "prepay",
    "deposit",
    "deposit_return",
    "penalty",
    "sharing",
    "reasonable_overrun",
    "reserve",
    "consortium_total",
    "outside_care",
    "referral",
    "distribution",
];

/// Families that decide what a cell is worth, but not which cases are in it.
const IN_CELLS: [&str; 8] =
    ["low_line", "high_line", "low_case", "high_case", "weights", "coefficient", "same_price", "pool_mean"];

/// Families that settlement does not read.
const ELSEWHERE: [&str; 2] = ["weight_", "recognition_"];

/// The shortest way that is exact for all of `moves`.
pub(super) fn way(bundle: &Bundle, moves: &[Move]) -> Way {
    moves.iter().map(|change| of_one(bundle, change)).max().unwrap_or(Way::Sums)
}

fn of_one(bundle: &Bundle, change: &Move) -> Way {
    let places = bundle.find(&change.path);
    let after = |family: &str| {
        AFTER_PRICES.contains(&family)
            || family == "overrun_split"
            || ELSEWHERE.iter().any(|prefix| family.starts_with(prefix))
    };
    // Another kind of rule, or another basis of dues, decides which amounts a claim must state.
    let is_value = |field: &str| !matches!(field, "" | "kind" | "due" | "fund_share") || is_number(change);
    let in_cells = |family: &str, field: &str| {
        IN_CELLS.contains(&family) || (family == "method" && matches!(field, "rates" | "scale"))
    };
    let of_place = |place: &Place| {
        if after(&place.family) && is_value(&place.field) {
            Way::Sums
        } else if in_cells(&place.family, &place.field) {
            Way::Cells
        } else {
            Way::Prices
        }
    };
    places.iter().map(of_place).max().unwrap_or(Way::Prices)
}

fn is_number(change: &Move) -> bool {
    !matches!(change.change, Change::Set(_))
}
