//! All tests that run the engine from outside, in one binary.

mod audit;
mod awards;
mod book;
mod chinese_pages;
mod claims;
mod examples;
mod fiscal;
mod grouping;
mod recognition;
mod report;
mod scenario;
mod scheme;
mod settlement;
mod synth;
mod tidy;
mod weights;
mod workbook;
mod worked;
