//! Every rule kind there is, a file a topic.

mod basics;
mod coefficients;
mod month;
mod outliers;
mod special;

pub use basics::{
    Counted, DateBasis, InstitutionRow, Institutions, Method, MissingWeight, OtherTypes, PoolMean, Pools, RoundingRule,
    Scope, WeightUnit, Weights,
};
pub use coefficients::{Coefficient, DrgInstitutionRow, SamePrice};
pub use month::{
    Budget, BudgetRow, Deduction, DeductionOf, DeductionTo, Deposit, DepositOf, DueBasis, PointValue, PointValueLimit,
    Prepay,
};
pub use outliers::{Band, CaseStatus, Equal, HighCase, HighLine, LowCase, LowLine, PaidFrom, Reference, Ungrouped};
pub use special::{Special, When};

use super::spec::families;

families! {
    rounding: RoundingRule,
    method: Method,
    scope: Scope,
    pools: Pools,
    institutions: Institutions,
    weights: Weights,
    missing_weight: MissingWeight,
    pool_mean: PoolMean,
    coefficient: Coefficient,
    same_price: SamePrice,
    low_line: LowLine,
    high_line: HighLine,
    low_case: LowCase,
    high_case: HighCase,
    ungrouped: Ungrouped,
    special: Special,
    budget: Budget,
    deduction: Deduction,
    point_value: PointValue,
    point_value_limit: PointValueLimit,
    prepay: Prepay,
    deposit: Deposit,
}
