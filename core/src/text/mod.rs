//! Columns of short texts, laid out like Arrow string views so that either side can be read in place.

mod closest;
mod column;
mod dictionary;
mod list;
mod prefix;

pub use closest::closest;
pub(crate) use column::view_bytes;
pub use column::{Text, View};
pub use dictionary::{Dictionary, Names};
pub use list::TextList;
pub use prefix::Prefix;
