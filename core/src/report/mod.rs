//! Results for people: the terminal, statements, workbooks.

mod grid;

pub use grid::{Align, Grid};
