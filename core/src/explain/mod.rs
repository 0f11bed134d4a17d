//! Where a figure of a book comes from: the chain of steps, each with rule, numbers put into the formula, and article.

mod award;
mod claim;
mod formulas;
mod price;
mod recognition;
mod rules;
mod shares;
mod step;
mod subject;
mod symbols;

pub use award::{award, decision};
pub use claim::claim;
pub use price::priced;
pub use recognition::recognition;
pub use rules::{RuleText, Rules};
pub use step::{Explanation, Step};
pub use subject::{Subject, subject};
