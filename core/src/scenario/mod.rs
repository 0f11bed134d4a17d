//! Scenarios (政策测算): what a settled period, awards or fiscal floors would be under other parameters.
//!
//! A file names a baseline and changes to it. Each scenario is a [`Point`]: a name and [`Move`]s, changes of parameters
//! by path. Grouping is never repeated. A point goes the shortest way that gives the same fen as a full settlement:
//!
//! 1. Budgets, point values, shares: sums of the baseline by group, and how often each number of points occurs in one.
//! 2. Whatever decides the price of a case: the baseline's grouped claims are priced again.
//!
//! Insurance money and fiscal money are reported beside each other and never summed.

mod change;
pub mod document;
pub mod draw;
mod drawn;
mod edit;
mod evaluate;
mod figures;
pub mod file;
mod fiscal;
mod goal;
mod insurance;
mod measure;
mod point;
mod projection;
mod run;
pub mod sheets;
mod spread;
mod summary;
mod tables;
mod target;

pub use change::{Move, moves};
pub use drawn::{of_draws, of_tornado};
pub use evaluate::check_points;
pub use figures::{Figures, Key, Kind, Purse};
pub use fiscal::{Awards, Floors};
pub use goal::{Answer, Found, bounds, seek};
pub use insurance::{Insurance, InsuranceInput, Revision, Unit, Way};
pub use measure::{Measure, Scale};
pub use point::{Point, points};
pub use projection::{Year, project};
pub use run::{Base, Evaluation, GoOn, Heard, Results, Told, run, run_until};
pub use spread::Extra;
pub use summary::{Stake, purses, stakes};
pub use target::Target;
