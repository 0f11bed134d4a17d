//! Workbooks that people fill in, and the workbooks that come back.

mod cells;
mod round;
pub mod support;
