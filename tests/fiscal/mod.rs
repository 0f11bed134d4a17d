//! Fiscal floors, each worked by hand at its edge.

mod command;
mod floors;
mod packs;
mod planned;
mod support;
