//! ValueError and TypeError in the language of the user: their texts stand in `dianzhi._said`, and nowhere else.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// The text of a name, with values in it.
fn said(py: Python<'_>, name: &str, values: &[(&str, &str)]) -> PyResult<String> {
    let given = PyDict::new(py);
    for (field, value) in values {
        given.set_item(field, value)?;
    }
    py.import("dianzhi._said")?.getattr("said")?.call((name,), Some(&given))?.extract()
}

/// A value that is not among those that may be given.
pub fn value_error(name: &str, values: &[(&str, &str)]) -> PyErr {
    Python::attach(|py| said(py, name, values).map_or_else(|error| error, PyValueError::new_err))
}

/// An object that is not what is needed.
pub fn type_error(name: &str, values: &[(&str, &str)]) -> PyErr {
    Python::attach(|py| said(py, name, values).map_or_else(|error| error, PyTypeError::new_err))
}
