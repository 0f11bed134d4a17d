//! The auditor: the whole settlement a second time, in plain loops over exact fractions, written from
//! `docs/policy/` and sharing no code with pricing and settlement. What it finds must be what the tables say, to the
//! last digit; each difference is a problem.
//!
//! `facts` makes a plain record of each claim; `place`, `formulas` and `linked` price it; `clearing` prices as clearing
//! will, `joined` over several months; `sums` makes the money of pools; `month`, `year`, `consortia` and `members`
//! settle; `entries` books; `record` reads the months of a year; `told` tells the
//! steps of one price; `compare` holds the figures against the tables.

mod clearing;
mod compare;
mod consortia;
mod entries;
mod facts;
mod formulas;
mod joined;
mod lines;
mod linked;
mod members;
mod month;
mod place;
mod points;
mod price;
mod ratio;
mod record;
mod reduced;
mod sums;
mod told;
mod year;

pub use compare::Audited;
pub use joined::{JoinedFacts, JoinedStay, Stood};
pub use month::{MonthAudit, month};
pub use record::record;
pub use reduced::ReducedFacts;
pub(crate) use told::{Told, ToldClaim, ToldStep, told, told_chain};
pub use year::year;

use crate::policy::{Policy, RuleNo};

/// What the auditor cannot find though the engine has a result.
type Found<T> = Result<T, String>;

fn rule_name(policy: &Policy, number: RuleNo) -> String {
    policy.rule(number).name.clone()
}
