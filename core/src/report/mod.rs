//! Results for people: the terminal, statements, workbooks.

mod document;
mod grid;
pub mod labels;
pub mod text;
pub mod xlsx;

pub use document::{Document, Section};
pub use grid::{Align, Grid};
