//! Books: settled periods as a folder of plain Parquet files that nobody can change unnoticed.
//!
//! ```text
//! BOOK/
//!   book.json                  the list of periods: hash of each manifest, seals of the closed ones
//!   periods/2026-03/           one complete period: NAME.parquet … and manifest.json
//!   sources/                   the schemes and policies the periods rest on, each under its SHA-256
//!   .dianzhi/                  locks, and runs in the making
//! ```
//!
//! # How a run replaces a period
//!
//! One run at a time: [`Writer`] holds an operating-system lock on `.dianzhi/write.lock`, which vanishes with its
//! process. A [`Draft`] then goes these steps; `⏎` is a wait until the disk has it.
//!
//! 1. tables and `manifest.json` into `.dianzhi/next/2026-03/` ⏎
//! 2. the `book.json` to come into `.dianzhi/book.json.next` ⏎ (the *intent*)
//! 3. `.dianzhi/next/2026-03` and `periods/2026-03` change places in one step ⏎ (a rename when the period is new)
//! 4. `.dianzhi/book.json.next` renamed over `book.json` ⏎: from here on the run counts
//! 5. what was replaced is removed.
//!
//! Readers hold `.dianzhi/swap.lock` shared, steps 2 to 4 hold it exclusively: nobody sees a half. Whoever opens a book
//! and finds an intent finishes what a killed run began: when the folder already is the one the intent names, step 4
//! is done; otherwise the intent and the staged folder are removed. So a kill at any moment leaves either the old
//! period or the new one, whole. Where the file system cannot exchange two folders, step 3 is two renames (old aside,
//! new in), and a folder aside whose place is empty is moved back first. A write error before step 3 removes the
//! staged folder and changes nothing else.
//!
//! # What makes a change visible
//!
//! A manifest holds the SHA-256 of each table file and of the manifests it builds on; `book.json` holds the SHA-256 of
//! each manifest. Closing a period adds a seal: SHA-256 over the seal before, the period and its manifest's hash. Who
//! keeps the last seal outside the book can show later that nothing closed until then was changed or removed.

mod book;
mod compare;
mod diff;
mod digest;
mod disk;
mod draft;
mod index;
mod layout;
pub mod manifest;
mod period;
mod recover;
mod tables;
mod verify;
mod writer;

#[cfg(test)]
mod tests;

pub use book::{Book, PeriodInfo, Status};
pub use compare::{PeriodDiff, compare_periods};
pub use diff::{Change, Difference, SumChange, TableDiff, compare};
pub use digest::{Fingerprint, Hashing, fingerprint_file, sha256_hex};
pub use draft::{Draft, GrowingTable, Receipt};
pub use index::Seal;
pub use manifest::{Kind, Manifest};
pub use period::{ParsePeriodError, Period};
pub use tables::key_of;
pub use verify::{Verified, verify};
pub use writer::Writer;
