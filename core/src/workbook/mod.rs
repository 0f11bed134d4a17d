//! Workbooks that people fill in: forms, templates with drop-down lists and notes, and reading them back with every
//! problem named by sheet and cell. A form can be handed in as a sheet of an .xlsx workbook or as a CSV file. And the
//! workbooks that come back: [`result`].

mod files;
mod form;
pub mod result;
mod rows;
mod sheet;
mod template;

pub use files::{HandedIn, read_files};
pub use form::{Field, Form, Kind, Lists, Notes, Texts, texts};
pub use rows::{Row, Rows};
pub use sheet::{GUIDE_SHEETS, Sheet};
pub use template::{Filled, Reference, Template};
