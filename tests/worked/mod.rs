//! Examples worked by hand, to the last fen.

mod cases;
mod golden;
mod published;
