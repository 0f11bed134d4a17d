//! What a scheme holds, and what it says of one code, ADRG, DRG or MDC.

mod cards;
mod find;
mod render;
mod summary;

pub use cards::{AdrgCard, Card, CodeCard, DrgCard, MdcCard, Words};
pub use find::show;
pub use summary::{Summary, summary};
