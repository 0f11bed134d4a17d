//! How weights are made: what a policy says, as plain values. Factors are in millionths, amounts in fen.

use std::collections::{BTreeMap, BTreeSet};

pub use crate::policy::rules::{DateBasis as YearOf, WeightUnit as Unit};

/// Everything [`super::weigh`] is told beside the claims.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub years: Years,
    /// Tried in this order; the first that applies is the reason.
    pub exclusions: Vec<Exclusion>,
    /// Applied in this order.
    pub trims: Vec<Trim>,
    pub formula: Formula,
    pub stability: Stability,
    pub few: Few,
    /// Last year's table: values in the unit of [`Formula::unit`], in ten-thousandths, by group.
    pub previous: Option<BTreeMap<String, i64>>,
    pub adjustment: Option<Adjustment>,
    pub level: Option<LevelCoefficient>,
    pub institution: Option<InstitutionCoefficient>,
    pub levels: LevelsFrom,
}

/// Where the level of an institution comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LevelsFrom {
    /// The level written in the claims; a word that is a key here means the level beside it.
    Claims(BTreeMap<String, String>),
    /// Level by institution.
    Register(BTreeMap<String, String>),
}

/// The years of the data and what each counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Years {
    /// Year → its share, e.g. 2023 → 1, 2024 → 2, 2025 → 7.
    pub shares: BTreeMap<i32, i64>,
    pub date: YearOf,
    pub combine: Combine,
}

/// How several years become one figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combine {
    /// The weighted mean of the years' means; a year without cases of the group drops out.
    Means,
    /// All cases together, each counted with the share of its year.
    Cases,
    /// The weighted mean of the years' ratios to the pool mean of the same year, so that inflation does not count.
    Ratios,
}

/// A rule that keeps claims out of the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    pub rule: String,
    pub when: Exclude,
}

/// What is kept out. The bounds themselves stay in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exclude {
    Stay { below_days: Option<i32>, above_days: Option<i32> },
    Cost { below_fen: Option<i64>, above_fen: Option<i64> },
    Codes { of: CodeOf, codes: BTreeSet<String> },
}

/// Which code of a claim is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeOf {
    Drg,
    Adrg,
    Mdc,
    Department,
    MedType,
    DischargeWay,
    Institution,
    InsuranceType,
}

/// A rule that cuts off the extreme cases of each cell. The lines themselves stay in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trim {
    pub rule: String,
    pub lines: Lines,
    pub within: Within,
    /// Times it is applied, each time to what is left; it ends early when nothing more goes.
    pub passes: u32,
    /// Cells with fewer cases are left alone.
    pub min_cases: usize,
}

/// What a cell of trimming is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    Group,
    GroupYear,
    GroupLevel,
}

/// How the lines of a cell are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// P25 − k·IQR … P75 + k·IQR.
    Iqr { k_e6: i64, domain: Domain, quantile: Quantile },
    /// From one quantile to another.
    Percentile { low_e6: i64, high_e6: i64, quantile: Quantile },
    /// Multiples of the mean or median of the cell.
    Multiple { low_e6: Option<i64>, high_e6: Option<i64>, of: Centre },
    /// Mean ± k·SD.
    Deviations { k_e6: i64, domain: Domain, spread: Spread },
}

/// In which values the lines are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    Cost,
    /// The natural logarithm of the cost.
    Ln,
}

/// How a quantile between two cases is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantile {
    /// Interpolated at (n − 1)·p, as QUARTILE.INC of Excel.
    Inclusive,
    /// Interpolated at (n + 1)·p − 1, as QUARTILE.EXC of Excel, and the end values beyond.
    Exclusive,
    /// The ⌈n·p⌉-th case.
    NearestRank,
}

/// The middle of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Centre {
    Mean,
    Median,
}

/// Division of the squares by n − 1 or by n.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    Sample,
    Population,
}

/// What a weight is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Formula {
    /// Weight 1 is so many base points.
    pub scale: i64,
    /// The figure that is rounded once, half up to four decimals; the other follows from it.
    pub unit: Unit,
    pub pool: PoolOf,
    /// For SD and CV.
    pub spread: Spread,
}

/// Whose mean cost is weight 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolOf {
    /// Grouped cases left after trimming.
    Kept,
    /// Grouped cases before trimming.
    Grouped,
    /// All cases that no exclusion keeps out, grouped or not.
    All,
}

/// When a group is stable (稳定病组): both hold; equality is stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stability {
    pub min_cases: i64,
    pub max_cv_e6: i64,
    /// What stands for the mean of an unstable group.
    pub unstable: Centre,
}

/// What groups with too few cases get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Few {
    /// Fewer kept cases than this are too few.
    pub below: i64,
    /// The first that there is; nothing when none is.
    pub then: Vec<Instead>,
}

/// A figure in place of a group's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instead {
    /// Last year's.
    CarryOver,
    /// That of all cases of its ADRG, when these are enough.
    Adrg,
    /// Its own after all.
    Own,
}

/// Adjustment by hand (权重调整).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjustment {
    pub rows: Vec<Adjust>,
    pub keep: Keep,
    pub count: CountOf,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjust {
    pub drg: String,
    pub step: Step,
    pub to: AdjustTo,
    pub who: String,
    pub why: String,
    pub decided: String,
}

/// The steps of adjustment, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Resource structure (资源消耗结构).
    Resource,
    /// Clinical difficulty (临床难度).
    Clinical,
    /// Policy aim (政策导向).
    Policy,
}

/// A new value in ten-thousandths, or a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdjustTo {
    Value { e4: i64 },
    Factor { e6: i64 },
}

/// What keeps Σ(RW·n) as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// One factor on all groups.
    All,
    /// One factor on the groups that were not adjusted: a decided value stands as decided.
    Others,
    /// Nothing: the sum moves.
    Nothing,
}

/// The n of Σ(RW·n).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountOf {
    /// Cases left after trimming, of all years.
    Kept,
    /// Grouped cases before trimming, of all years.
    Grouped,
    /// Grouped cases before trimming, of the last year.
    LastYear,
}

/// Coefficients of hospital levels (等级系数).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelCoefficient {
    /// One for each group and level, or one a level.
    pub by_group: Option<ByGroup>,
    pub clamp: Clamp,
}

/// Coefficients by group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByGroup {
    /// Fewer kept cases of the group than this give no coefficient of their own.
    pub min_cases: i64,
    pub otherwise: Otherwise,
}

/// What stands where cases are too few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Otherwise {
    One,
    /// The coefficient over all groups.
    Overall,
    /// Nothing: the cell is blank.
    Blank,
}

/// Coefficients of institutions (机构系数).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionCoefficient {
    /// α: what its own figure counts; the rest is its level's.
    pub own_share_e6: i64,
    /// Institutions with fewer kept cases get their level's.
    pub min_cases: i64,
    /// Also one for each group (成本系数: own group mean ÷ that of all).
    pub by_group: Option<ByGroup>,
    pub clamp: Clamp,
}

/// Ends that a coefficient does not pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clamp {
    pub low_e6: Option<i64>,
    pub high_e6: Option<i64>,
}
