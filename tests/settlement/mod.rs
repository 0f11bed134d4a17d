//! Policy packs, pricing and the settled month, from outside.

mod lines;
mod missing;
mod month;
mod packs;
mod properties;
mod seeds;
pub mod world;
