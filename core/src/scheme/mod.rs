//! Grouping schemes: tables → definition → checks → compiled scheme. A scheme is data; nothing here knows a city.

mod check;
pub mod condition;
mod definition;
mod demo;
pub mod diff;
mod reach;
pub mod show;
mod source;

pub use check::{Checked, check};
pub use definition::{
    AdrgRule, CcEntry, Definition, Drg, InputCheck, Level, Mdc, MissingNumber, NoDrg, Options, RuleKind, SeverityScan,
};
pub use demo::DEMO;
pub use source::{RawTable, Row, Source, TABLES};
