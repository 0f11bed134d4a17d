//! Grouping against records with known groups, and against a second evaluator that shares no code with the engine.

mod command;
mod differential;
mod naive;
mod random;
mod records;
mod trace;
mod vectors;

/// The schemes kept beside the project.
const SCHEMES: [&str; 5] = ["bazhong_2023", "beijing_2022", "chs_drg_10", "chs_drg_11", "chs_drg_20"];
