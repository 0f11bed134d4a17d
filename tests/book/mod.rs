//! Books from outside: real processes, the command line.

mod commands;
mod killed;
mod month;
