//! Weights out of claims: exclusions, trimming, group statistics, relative weights, coefficients, benchmarks.
//!
//! Every figure that later pays is computed in exact fractions and rounded once: weights and base points half up to
//! four decimals. Floats appear only where a trimming rule draws its lines in logarithms, and those lines become whole
//! fen before anybody is compared with them.

mod adjust;
mod benchmark;
mod centre;
mod coefficients;
mod compile;
mod groups;
mod plan;
mod ratio;
mod reasons;
mod sample;
mod sums;
mod tables;
mod trim;
mod weigh;

#[cfg(test)]
mod tests;

pub use adjust::{Adjusted, Balance};
pub use benchmark::{Benchmark, benchmarks};
pub use coefficients::{InstitutionResult, LevelResult};
pub use compile::FAMILIES;
pub use groups::{Basis, GroupWeight, Pool};
pub use plan::{
    Adjust, AdjustTo, Adjustment, ByGroup, Centre, Clamp, CodeOf, Combine, CountOf, Domain, Exclude, Exclusion, Few,
    Formula, Instead, InstitutionCoefficient, Keep, LevelCoefficient, LevelsFrom, Lines, Otherwise, Plan, PoolOf,
    Quantile, Spread, Stability, Step, Trim, Unit, Within, YearOf, Years,
};
pub use ratio::Ratio;
pub use sample::{Case, Group, LeftOut, Reason};
pub use sums::Sum;
pub use tables::tables;
pub use weigh::{Weighed, weigh};
