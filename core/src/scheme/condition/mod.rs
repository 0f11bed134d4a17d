//! The condition language of scheme tables: text → tokens → typed tree, with the place of every mistake.
//!
//! ```text
//! condition := and_part { "or" and_part }
//! and_part  := not_part { "and" not_part }
//! not_part  := "not" not_part | "(" condition ")" | atom
//! atom      := "always" | "never" | "mcc" | "cc" | "icu"
//!            | ref "in" list | ref "in" "{" code "," … "}" | ref "==" code | ref "startswith" prefix
//!            | number op whole | "sex" "==" ("male" | "female")
//!            | text "==" word | text "in" "{" word "," … "}" | "trauma_regions" op whole
//! ```

mod lexer;
mod parser;
mod tree;
mod words;

pub use lexer::place_of;
pub use parser::parse;
pub use tree::{Atom, Codes, Comparison, Condition, Kind, NumberField, Reach, Ref, TextField};
