//! Fiscal floors (投入底线): for each government and year what must be spent, what was, the gap and what closing it
//! costs. Fiscal money only; nothing here meets insurance money.

mod compile;
mod floors;
mod forms;
mod model;
mod plan;
mod read;
mod tables;

pub use compile::compile;
pub use floors::{FloorLine, Standing, check};
pub use forms::{ACCOUNTS_KEY, form, lists};
pub use model::{Account, Figure, Floor, FloorKind, Government, Policy, Year};
pub use plan::{Plan, PlanLine, plan};
pub use read::read;
pub use tables::{GovernmentSum, by_government, floor_codes, floor_table, government_table, plan_table};
