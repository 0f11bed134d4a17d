//! Grouped claims → points and amounts, by the rules of the pack valid on the day of discharge.
//!
//! Pricing is exact: values are rational numbers of integers until the one rounding of points (`rounding.digits`) or of
//! money. What every case of one group at one institution shares is a [`Cell`], computed once.

mod aside;
mod assign;
mod cell;
mod cells;
mod engine;
mod evaluate;
mod exact;
mod fault;
mod kind;
mod lines;
mod link;
mod part;
mod plain;
mod prepare;
mod priced;
mod quick;
mod replay;
mod review;
mod survey;
mod transfer;
mod when;

pub use aside::Aside;
pub use cell::{Cell, CellValues};
pub use engine::{Chunk, Options, Prices, Pricing, TcmCosts, price};
pub use exact::Exact;
pub use kind::{CaseKind, Reason, State};
pub use link::{Bill, PastStay};
pub use part::{
    LooksAcross, Means, ReviewCounts, all_rules, check_quotas, measure, price_kept, price_part, review_counts,
    rules_met,
};
pub(crate) use prepare::due_basis;
pub use priced::{Adjusted, Left, PastReduction, Priced};
pub(crate) use replay::pool_names;
pub use replay::{Piece, Replay, ReplayPlace};
pub use survey::Survey;
