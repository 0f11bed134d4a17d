//! Problems of the engine as Python exceptions and records: the one place where they are mapped.

use dianzhi::cli::problem_json;
use dianzhi::problem::{Problem, Problems, catalogue};
use pyo3::prelude::*;
use serde_json::{Value, json};

use super::convert::to_python;

/// Why a call does not return what it was asked for.
pub enum Failure {
    /// The engine refuses the data.
    Refused(Problems),
    /// Python stopped the call: Ctrl-C, or an exception of whatever makes the rows.
    Stopped(PyErr),
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Failure {
        Failure::Refused(problems)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        Failure::Refused(problem.into())
    }
}

impl Failure {
    /// As a Python exception; `dianzhi._errors.error_for` chooses the class of problems by their codes.
    pub fn raise(self, py: Python<'_>) -> PyErr {
        let problems = match self {
            Failure::Refused(problems) => problems,
            Failure::Stopped(error) => return error,
        };
        let raised = records(py, &problems).and_then(|records| {
            let module = py.import("dianzhi._errors")?;
            module.getattr("error_for")?.call1((records,))
        });
        raised.map_or_else(|error| error, PyErr::from_value)
    }
}

/// Problems as a list of dicts: code, severity, place, zh, en.
pub fn records<'py>(py: Python<'py>, problems: &Problems) -> PyResult<Bound<'py, PyAny>> {
    to_python(py, &problems.0.iter().map(problem_json).collect::<Value>())
}

/// Every problem there can be: code, severity, and the templates in Chinese and English.
#[pyfunction]
pub fn errors(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    let entries = catalogue::all()
        .map(|entry| json!({ "code": entry.code, "severity": entry.severity, "zh": entry.zh, "en": entry.en }));
    to_python(py, &entries.collect::<Value>())
}
