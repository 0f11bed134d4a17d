//! Schemes: what `check` finds, what containers hold, what `show` and `diff` say.

mod commands;
mod containers;
mod diff;
mod findings;
mod reachable;
mod show;
mod tables;
