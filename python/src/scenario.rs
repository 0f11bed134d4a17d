//! Scenarios: studies from files or texts, and what they come to.

use std::path::PathBuf;

use dianzhi::job::{Studied, StudyFile};
use dianzhi::problem::Problems;
use dianzhi::report::xlsx;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::problems::{Failure, records};
use super::scheme::lang_of;
use super::stream::rows_by_name;
use super::watch::watched;

/// A baseline and what is compared with it.
#[pyclass(frozen, module = "dianzhi._native")]
pub struct Study {
    file: StudyFile,
}

#[pymethods]
impl Study {
    /// Reads a scenario file.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Study> {
        py.detach(|| StudyFile::read(&path)).map(|file| Study { file }).map_err(|problems| refused(py, problems))
    }

    /// Reads the text of a scenario file, whose paths start from the folder.
    #[staticmethod]
    fn of(py: Python<'_>, text: &str, folder: PathBuf) -> PyResult<Study> {
        let read = py.detach(|| StudyFile::of("scenario", text, folder));
        read.map(|file| Study { file }).map_err(|problems| refused(py, problems))
    }

    /// Checks packs, paths and values without settling; returns how many scenarios there are.
    fn check(&self, py: Python<'_>) -> PyResult<usize> {
        py.detach(|| self.file.check()).map_err(|problems| refused(py, problems))
    }

    /// How many scenarios there are.
    fn points(&self, py: Python<'_>) -> PyResult<usize> {
        let points = py.detach(|| self.file.points());
        Ok(points.map_err(|problems| refused(py, problems))?.len())
    }

    /// Evaluates every scenario. Returns the results and what to warn of. `tell` hears how many are done.
    #[pyo3(signature = (tell=None))]
    fn run<'py>(&self, py: Python<'py>, tell: Option<Py<PyAny>>) -> PyResult<(Comparison, Bound<'py, PyAny>)> {
        let studied = watched(py, tell.as_ref(), |heard| self.file.run_until(heard))?;
        let warnings = records(py, &studied.warnings)?;
        Ok((Comparison { studied }, warnings))
    }
}

fn refused(py: Python<'_>, problems: Problems) -> PyErr {
    Failure::from(problems).raise(py)
}

/// What a study came to.
#[pyclass(frozen, module = "dianzhi._native")]
pub struct Comparison {
    studied: Studied,
}

#[pymethods]
impl Comparison {
    #[getter]
    fn title(&self) -> String {
        self.studied.title.clone()
    }

    /// The tables by name.
    fn tables<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        rows_by_name(py, &self.studied.tables)
    }

    /// Writes a workbook (.xlsx), a sheet a table.
    #[pyo3(signature = (path, lang="zh"))]
    fn workbook(&self, py: Python<'_>, path: PathBuf, lang: &str) -> PyResult<()> {
        let lang = lang_of(lang);
        let sheets = self.studied.documents(lang);
        py.detach(|| xlsx::write(&path, &sheets, lang)).map_err(|problems| refused(py, problems))
    }
}
