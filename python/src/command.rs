//! The `dianzhi` program, run from Python.

use pyo3::prelude::*;

/// Runs the program on the words of a command line, the first of which is its name; returns the exit code.
#[pyfunction]
pub fn run(py: Python<'_>, words: Vec<std::ffi::OsString>) -> i32 {
    py.detach(|| dianzhi::cli::run(words))
}
