//! Policy packs.

use std::path::PathBuf;

use dianzhi::job::Packs;
use dianzhi::problem::Problems;
use pyo3::prelude::*;

use super::convert::to_python;
use super::problems::{Failure, records};
use super::scheme::Scheme;
use super::stream::Rows;

/// Compiled packs of one place.
#[pyclass(frozen, module = "dianzhi._native")]
pub struct Policy {
    pub packs: Packs,
    warnings: Problems,
}

#[pymethods]
impl Policy {
    /// Reads a pack, a folder of dated packs, or a pack that comes with the program.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf, scheme: &Scheme) -> PyResult<Policy> {
        let read = py.detach(|| Packs::read(&path, &scheme.scheme));
        let (packs, warnings) = read.map_err(|problems| Failure::Refused(problems).raise(py))?;
        Ok(Policy { packs, warnings })
    }

    /// Every pack: its id and what of its text a manifest names.
    #[getter]
    fn sources<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &serde_json::json!(self.packs.sources()))
    }

    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        records(py, &self.warnings)
    }

    /// Every rule with its parameters and what it rests on.
    fn rules(&self, py: Python<'_>) -> PyResult<Rows> {
        Rows::of(&self.packs.rules_table()).map_err(|failure| failure.raise(py))
    }
}
