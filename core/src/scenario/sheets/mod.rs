//! Scenarios as sheets that people fill in: the same [`super::file::Study`] as from a file, and the cell of each part,
//! so that whatever is wrong is told by sheet and cell.

mod cells;
mod forms;
mod read;

pub use cells::Cells;
pub use forms::{ADDED, added_form, forms, lists};
pub use read::{baseline, read};
