//! Synthetic claims as a reader sees them.

mod bytes;
mod commands;
mod content;

use dianzhi::grouper::Grouper;
use dianzhi::scheme::Definition;
use dianzhi::synth::{City, Order, Period, Synthesis, claims};

/// An order of claims for March 2026, of which one in a hundred is bad.
fn order(claims: u64, seed: u64) -> Order {
    Order { claims, seed, period: Period::parse("2026-03", None).unwrap(), bad_per_million: 10_000 }
}

fn demo(order: &Order) -> Synthesis {
    claims(&Grouper::new(Definition::demo()), &City::demo(), order).unwrap()
}
