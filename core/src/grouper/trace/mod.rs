//! Why a claim got its group: made on demand for one claim, by walking the compiled rules again and writing down what
//! each test saw.

mod nearest;
mod render;
mod steps;
mod walk;

pub use nearest::{Change, Neighbour, one_row};
pub use steps::{Attempt, DrgStep, Ending, Finding, MdcStep, RuleStep, SeverityStep, Trace, Translation};
