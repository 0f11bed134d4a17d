//! Books from outside: real processes, the command line.

pub mod city;
mod commands;
mod killed;
mod month;
mod reversed;
mod stopped;
mod together;
mod year;
