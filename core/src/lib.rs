//! 点值 dianzhi: DRG grouping, payment, settlement and fiscal incentives.
//!
//! Data goes one way: claims → grouping → pricing → settlement → ledger → report. Each stage is a function of plain
//! columns and a compiled, immutable rule object; files and frames are at the edges.

pub mod audit;
pub mod awards;
pub mod claims;
pub mod cli;
pub mod explain;
pub mod fiscal;
pub mod frame;
pub mod grouper;
pub mod job;
pub mod ledger;
pub mod money;
pub mod policy;
pub mod pricing;
pub mod problem;
pub mod recognition;
pub mod report;
pub mod scenario;
pub mod scheme;
pub mod settlement;
pub mod synth;
pub mod table;
pub mod text;
pub mod weights;
pub mod workbook;
