//! Books from outside: real processes, the command line.

pub mod city;
mod commands;
mod explained;
mod full_disk;
mod killed;
mod month;
mod reversed;
mod small;
mod stopped;
mod together;
mod two_years;
mod year;
