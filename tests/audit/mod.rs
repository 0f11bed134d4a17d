//! The auditor against the engine: random packs × random claims, packs that come with the program, published examples,
//! a year of months; and altered results that the auditor must find.

mod agrees;
mod altered;
mod claims;
mod dice;
mod examples;
mod packs;
mod packs_year;
mod record;
mod support;
pub mod told;
mod ways;
mod years;
