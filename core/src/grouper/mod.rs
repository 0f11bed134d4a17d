//! Claims → MDC → ADRG → DRG.

mod outcome;

pub use outcome::{Grouped, Outcome, Status};
