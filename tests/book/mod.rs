//! Books from outside: real processes, the command line.

mod city;
mod commands;
mod killed;
mod month;
mod together;
mod year;
