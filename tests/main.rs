//! All tests that run the engine from outside, in one binary.

mod awards;
mod book;
mod claims;
mod grouping;
mod settlement;
mod synth;
mod scheme;
mod tidy;
mod worked;
