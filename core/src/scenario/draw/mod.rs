//! Draws from stated distributions: the same seed gives the same decimals on every machine.
//!
//! This is the only folder of scenarios that knows binary fractions. They are computed with the basic operations, which
//! every processor rounds alike, and with software functions (`libm`); each draw is rounded to its stated number of
//! decimals before anybody sees it.

mod distribution;
mod random;

pub use distribution::Distribution;
pub(super) use random::Random;
