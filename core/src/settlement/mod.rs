//! From points to money: the month, the year, the consortium.

mod period;

pub use period::Period;
