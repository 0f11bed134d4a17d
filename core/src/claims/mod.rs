//! Inpatient claims (医疗保障基金结算清单) as plain columns.

mod check;
mod clean;
mod column;
mod columns;
mod cross;
mod fields;
mod intake;
mod join;
mod keys;
mod mapping;
mod options;
mod parse;
mod parts;
mod plan;
mod rejects;
mod report;
mod single;
mod sources;
mod stays;
mod store;
mod tables;
mod values;

pub use columns::{Claims, Sex, Stays, UNKNOWN, UNKNOWN_FEN};
pub use fields::Field;
pub use intake::{accepted_of, claims_of, read, store};
pub use keys::{RowKeys, keys_of};
pub use mapping::{Mapping, PaidBy};
pub use options::{ReadOptions, Registers};
pub use parts::BillParts;
pub use rejects::{Reject, RejectKind, Rejects};
pub use report::{FileReport, ReadReport, Tally};
pub use single::{Given, plain_stay};
pub use stays::{StayBatch, StayReader, read_stays, stays_of};
pub use store::{ClaimIds, ClaimStore};
pub use tables::files;
pub use values::Moment;
