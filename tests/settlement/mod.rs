//! Policy packs, pricing and the settled month, from outside.

mod docs;
mod lines;
mod looked_at;
mod missing;
mod month;
mod packs;
mod properties;
mod reasonable;
mod recognised;
mod seeds;
mod sharing;
mod special;
mod whole;
pub mod world;
mod year;
