//! Results for people: the terminal, statements, workbooks.

pub mod cell;
mod grid;

pub use grid::{Align, Grid};
