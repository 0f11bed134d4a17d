//! Exact money and rates. No float in this module or in any module that pays.
//!
//! | operation | type | on failure |
//! |---|---|---|
//! | `Fen + Fen`, `Fen - Fen` | [`Fen::checked_add`], [`Fen::checked_sub`] | `None` on overflow |
//! | sum of many | [`Fen::sum`] | `None` on overflow |
//! | multiply / divide | [`div_round`] over `i128`, the rounding named in the call | `None` on overflow, divisor 0 |
//! | split a whole into parts | [`allocate`] by largest remainder; Σ parts = whole | `None` if no weight is positive |
//! | read a parameter | [`scaled`] a `Decimal` to an integer at a fixed scale | `None` when digits would be lost |
//!
//! There are no arithmetic operators on [`Fen`]: every place that adds money says what happens on overflow.

mod allocate;
mod fen;
mod round;

pub use allocate::allocate;
pub use fen::{Fen, ParseFenError};
pub use round::{Rounding, descaled, div_round, div_round_i64, scaled};
