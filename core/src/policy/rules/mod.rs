//! Every rule kind there is, a file a topic.

mod basics;
mod coefficients;
mod month;
mod outliers;
mod recognition;
mod special;
mod weighing;

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
pub use recognition::{
    Between, CapPer, RecognitionBooking, RecognitionBudgetRow, RecognitionCap, RecognitionFee, RecognitionGuard,
    RecognitionInpatient, RecognitionItemRow, RecognitionItems, RecognitionPatient, RecognitionPayee,
    RecognitionPeriod, RecognitionPriceRow, RecognitionPrices, RecognitionRetest, RecognitionShare, RecognitionUnit,
};
pub use special::{Special, When};
pub use weighing::{
    WeightAdjust, WeightAdjustRow, WeightExclude, WeightFew, WeightFormula, WeightInstitution, WeightLevel,
    WeightPrevious, WeightStability, WeightTrim, WeightYears,
};

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
    weight_years: WeightYears,
    weight_exclude: WeightExclude,
    weight_trim: WeightTrim,
    weight_formula: WeightFormula,
    weight_stability: WeightStability,
    weight_few: WeightFew,
    weight_previous: WeightPrevious,
    weight_adjust: WeightAdjust,
    weight_level: WeightLevel,
    weight_institution: WeightInstitution,
    recognition_share: RecognitionShare,
    recognition_payee: RecognitionPayee,
    recognition_fee: RecognitionFee,
    recognition_unit: RecognitionUnit,
    recognition_inpatient: RecognitionInpatient,
    recognition_patient: RecognitionPatient,
    recognition_booking: RecognitionBooking,
    recognition_cap: RecognitionCap,
    recognition_items: RecognitionItems,
    recognition_prices: RecognitionPrices,
    recognition_period: RecognitionPeriod,
    recognition_guard: RecognitionGuard,
    recognition_retest: RecognitionRetest,
}
