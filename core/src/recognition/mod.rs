//! Mutual recognition of exams (检查检验结果互认): what is paid for a test that was not repeated.
//!
//! `award = share × fee`, each record rounded half up to the fen, then summed. Every record is paid or refused with a
//! reason; what an earlier period paid is taken back when the test was repeated after all. It is insurance money, on
//! lines of its own: never part of points or of a point value unless a policy turns it into points, which the
//! settlement of the month then pays.

mod amounts;
mod award;
mod cap;
mod earlier;
mod entries;
mod guard;
mod lines;
mod lists;
mod parties;
mod points;
mod read;
mod reason;
mod record;
mod rules;
mod sums;
mod tables;
mod take_back;

#[cfg(test)]
mod tests;

pub use amounts::Worth;
pub use award::{Input, Line, Recognised, Refused, cap_rules, recognise};
pub use earlier::earlier_of;
pub use lines::{PeriodLine, lines_of, summed};
pub use points::points_of;
pub use read::{Read, Unreadable, read_records, read_tests, rejects};
pub use reason::Reason;
pub use record::{Earlier, Moment, Part, Record, Test};
pub use rules::{FAMILIES, Rules};
pub use sums::InstitutionSum;
pub use tables::tables;
pub use take_back::TakenBack;
