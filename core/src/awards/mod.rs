//! Fiscal awards (激励奖补): who is paid what, from which treasury, under which rule and reading of the policy.
//!
//! [`run`] puts a compiled [`Policy`] to [`Inputs`] and what earlier runs have decided. Fiscal money has its own book
//! and never meets insurance money in a sum.

mod compile;
mod engine;
mod facts;
pub mod forms;
mod model;
mod outcome;
mod read;
pub mod switches;

pub use compile::compile;
pub use engine::run;
pub use facts::{
    Event, Indicator, Inputs, Origin, PaidFor, Party, Payment, Ranked, Revocation, RevokedTitle, Succession, Title,
};
pub use model::{
    Achievement, Amount, Band, Cap, CapScope, Citation, Clawback, ClawbackPart, Comparison, Declared, Funding,
    GroupRank, HistoryTest, Level, OncePer, Phase, PlaceInfo, Policy, Precondition, Rule, SecondAward, SubjectKind,
    Tier, Ties, Trigger, When,
};
pub use outcome::{Award, Decided, InPlace, Line, LineKind, Note, Outcome, Prior, Refusal, Step};
pub use read::read;
