//! A scheme as typed tables, every condition parsed.

mod load;
mod model;
mod options;

pub use model::{AdrgRule, CcEntry, Definition, Drg, Level, Mdc, NoDrg, RuleKind};
pub use options::{InputCheck, MissingNumber, Options, SeverityScan};
