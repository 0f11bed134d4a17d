//! Damaged files must not stop the program: what a decoder panics on becomes a problem of that file.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::problem::Problem;
use crate::problem::catalogue::files::BROKEN_FILE;

/// Runs a decoder. A panic inside it, as some give on damaged bytes, is reported like its errors.
pub(super) fn decode<T, E: Display>(file: &str, work: impl FnOnce() -> Result<T, E>) -> Result<T, Problem> {
    let broken = |reason: String| Problem::new(&BROKEN_FILE).file(file).with("reason", reason);
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(broken(error.to_string())),
        Err(_) => Err(broken("damaged data".to_owned())),
    }
}
