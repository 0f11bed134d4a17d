//! Results for people: the terminal, statements, workbooks.

mod chart;
mod columns;
mod document;
mod grid;
pub mod html;
pub mod labels;
mod month;
mod statement;
pub mod text;
pub mod xlsx;

pub use chart::{Chart, Picture, Step};
pub use document::{Document, Section};
pub use grid::{Align, Grid};
pub use month::MonthView;
pub use statement::{Statement, Statements};
