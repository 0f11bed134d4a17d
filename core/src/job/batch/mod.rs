//! A month settled in parts, on one machine or on many: batches of claims are priced wherever they are, sums travel to
//! one place and point values back, and the figures are those of [`super::settle_month`] to the fen. The sums of
//! batches are one table ([`Sums`]) whose rows anything that can add may bring together.

mod kit;
mod price;
mod settle;
mod sums;

pub use kit::{Kit, KitOptions};
pub use price::{Decided, PricedPart};
pub use settle::ClosedMonth;
pub use sums::Sums;
