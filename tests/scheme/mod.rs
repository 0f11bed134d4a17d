//! Schemes: what `check` finds, what containers hold, what `show` and `diff` say.

mod commands;
mod findings;
mod reachable;
mod tables;
