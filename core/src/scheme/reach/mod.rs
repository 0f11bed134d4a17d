//! Which rules and DRGs a claim can get to. Claims are made up to satisfy a rule, grouped by the engine itself, and
//! what earlier rules take is set aside, until one claim arrives or it is shown that none can.

mod bits;
mod cell;
mod formula;
mod probe;
mod search;
mod universe;
mod witness;

pub use bits::Bits;
pub use search::{Search, Why};
pub use universe::Dim;
