//! From points to money: the month, the year, the consortium.
//!
//! # How figures are rounded
//!
//! 1. Points of a case to `rounding.points_digits`; Σ points is exact.
//! 2. PV = N ÷ Σ points to `rounding.point_value_digits`, once a pool.
//! 3. A case's standard = its published points × the published PV, to the fen, plus what is paid by amount.
//!    Its due = standard − patient − other funds (`gross`), or = standard (`fund`). So each due can be recomputed from
//!    the published columns.
//! 4. What the pool's money leaves against Σ dues is one entry, `rounding_residue` (or `point_value_limit` when floor
//!    or ceiling moved the PV). It is never spread over cases.

mod book;
mod budget;
pub mod calendar;
mod cases;
mod claim_columns;
mod compact;
mod correction;
mod due;
mod entry;
pub mod indicators;
mod month;
mod open_month;
mod part;
mod point_value;
mod pool;
mod recognised;
mod shares;
mod sums;
mod tables;
mod year;

pub(crate) use book::plain_words;
pub use budget::budget_of;
pub use cases::Cases;
pub use claim_columns::ClaimColumns;
pub use compact::{Compact, CompactCase, CompactMonth, CompactYear, MonthFigures, YearFigures};
pub use correction::{Action, Correction, Revaluation, due_after, keep, of_past as corrections_of};
pub use due::{Details, Dues, Worth};
pub use entry::{Account, Entry, SubjectKind};
pub use month::{Carried, ConsortiumMonth, InstitutionMonth, Month, MonthInput, Placeholder, Totals, month};
pub use open_month::{DueSums, MonthCases, MonthTerms, OpenMonth};
pub use part::{dues_at, group_sums};
pub use point_value::Deducted;
pub use pool::PoolMonth;
pub use recognised::{PaidLine, PointLine};
pub use sums::{Group, Sum};
pub use tables::RECOGNITION_POINTS;
pub use year::{
    ConsortiumYear, InstitutionYear, MemberYear, Openings, PaidMonth, Reasonable, ReserveYear, Year, YearInput, year,
};

use crate::problem::catalogue::settlement::OVERFLOW;
use crate::problem::{Problem, Problems};

/// A sum that does not fit.
fn overflow() -> Problems {
    Problem::new(&OVERFLOW).with("what", "Σ").into()
}
