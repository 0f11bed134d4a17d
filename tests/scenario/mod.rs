//! Scenarios: every short way is exact, order and threads change nothing, and what is wrong is told.

mod answers;
mod command;
mod docs;
mod faults;
mod fiscal;
mod laws;
mod sheets;
mod support;
