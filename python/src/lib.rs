//! `dianzhi._native`: what the typed Python layer calls. A file a topic; nothing is reckoned here.

mod batch;
mod book;
mod command;
mod convert;
mod fiscal;
mod frames;
mod policy;
mod problems;
mod said;
mod scenario;
mod scheme;
mod stream;
mod synth;
mod watch;
mod weights;

use pyo3::prelude::*;

/// The engine. Use it through the package `dianzhi`.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::batch::Batch;
    #[pymodule_export]
    use super::book::Book;
    #[pymodule_export]
    use super::command::run;
    #[pymodule_export]
    use super::fiscal::{Awards, Floors, award, fiscal};
    #[pymodule_export]
    use super::frames::{heading, store, word, workbook};
    #[pymodule_export]
    use super::policy::Policy;
    #[pymodule_export]
    use super::problems::errors;
    #[pymodule_export]
    use super::scenario::{Comparison, Study};
    #[pymodule_export]
    use super::scheme::{Scheme, Trace};
    #[pymodule_export]
    use super::stream::Rows;
    #[pymodule_export]
    use super::synth::synth;
    #[pymodule_export]
    use super::weights::weights;
}
