//! Fiscal awards (激励奖补): who is paid what, from which treasury, under which rule and reading of the policy.
//!
//! [`run`] puts a compiled [`Policy`] to [`Inputs`] and what earlier runs have decided; [`Policy::with_switches`]
//! gives the policy under other readings. Both are pure and cheap, so that thousands of scenarios can be run. Fiscal
//! money has its own book and never meets insurance money in a sum.

mod compile;
mod engine;
mod facts;
pub mod forms;
mod model;
mod outcome;
mod read;
mod readings;
pub mod switches;
mod tables;

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
pub use readings::{Alternative, InForce, alternatives};
pub use tables::{
    alternative_table, award_table, decided_table, in_place_table, line_table, payment_table, refusal_table,
    step_table, switch_table, switches_text,
};
