//! Claims → MDC → ADRG → DRG.
//!
//! A scheme is compiled once ([`Grouper`]): every code gets a number and, for each MDC that knows it, a bitset of the
//! lists it stands in. Grouping a claim looks its codes up, joins their bitsets, and walks the rules as bit tests.

mod codes;
mod compile;
mod eval;
mod kernel;
mod outcome;
pub mod trace;
mod translate;

pub use compile::Grouper;
pub use outcome::{Grouped, Outcome, Status};
