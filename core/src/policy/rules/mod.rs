//! Every rule kind there is, a file a topic.

mod adjust;
mod basics;
mod clearing;
mod coefficients;
mod consortium;
mod lines;
mod month;
mod outliers;
mod recognition;
mod special;
mod weighing;
mod when;

pub use adjust::{
    Adjust, Counts, Readmission, Reduces, Review, ReviewPay, SameGroup, SamePlace, SpecialReview, Transfer,
};
pub use basics::{
    Counted, DateBasis, InstitutionRow, Institutions, Method, MissingWeight, OtherTypes, PoolMean, Pools, RoundingRule,
    Scope, WeightUnit, Weights,
};
pub use clearing::{
    ApprovedRow, ApprovedTo, BandMode, DepositReturn, Edge, Forfeited, Gate, Penalty, PenaltyRow, ReasonableOverrun,
    Reserve, Score, ScoreBand, Sharing, SharingSubject, Slice, Unlisted,
};
pub use coefficients::{Coefficient, DrgInstitutionRow, SamePrice};
pub use consortium::{
    ClassRow, ConsortiumTotal, Distribution, EmptyClass, FactorRow, HeadsRow, Measure, MemberClass, MemberShare, Mix,
    OutsideCare, OutsideRow, OverrunSplit, RateRow, Referral, TwoLevels,
};
pub use lines::{
    Band, Equal, GroupLine, GroupLines, HighLine, LevelBand, Line, LowLine, Multiple, OtherGroups, Reference, bands_of,
};
pub use month::{
    Budget, BudgetRow, Deduction, DeductionOf, DeductionTo, Deposit, DepositOf, DueBasis, PointValue, PointValueLimit,
    Prepay, ShareRow,
};
pub use outliers::{CaseStatus, HighCase, LowCase, PaidFrom, Ungrouped};
pub use recognition::{
    Between, CapPer, RecognitionBooking, RecognitionBudgetRow, RecognitionCap, RecognitionFee, RecognitionGuard,
    RecognitionInpatient, RecognitionItemRow, RecognitionItems, RecognitionPatient, RecognitionPayee,
    RecognitionPeriod, RecognitionPriceRow, RecognitionPrices, RecognitionRetest, RecognitionShare, RecognitionUnit,
};
pub use special::{DayBand, Special, UnstablePay};
pub use weighing::{
    WeightAdjust, WeightAdjustRow, WeightExclude, WeightFew, WeightFormula, WeightInstitution, WeightLevel,
    WeightPrevious, WeightStability, WeightTrim, WeightYears,
};
pub use when::When;

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
    adjust: Adjust,
    readmission: Readmission,
    transfer: Transfer,
    special_review: SpecialReview,
    budget: Budget,
    deduction: Deduction,
    point_value: PointValue,
    point_value_limit: PointValueLimit,
    prepay: Prepay,
    deposit: Deposit,
    deposit_return: DepositReturn,
    penalty: Penalty,
    sharing: Sharing,
    reasonable_overrun: ReasonableOverrun,
    reserve: Reserve,
    consortium_total: ConsortiumTotal,
    outside_care: OutsideCare,
    referral: Referral,
    distribution: Distribution,
    overrun_split: OverrunSplit,
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
