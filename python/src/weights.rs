//! Weights made of claims.

use std::path::PathBuf;

use dianzhi::job::{ClaimFiles, WeightsJob, weigh_files};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::book::rounding_of;
use super::problems::{Failure, records};
use super::said::value_error;
use super::scheme::Scheme;
use super::stream::rows_by_name;

/// Reads, groups and weighs claims. Returns the pack that says how, the tables by name, and what to warn of.
#[pyfunction]
#[pyo3(signature = (scheme, policy, claims, on=None, mapping=None, float_money=None, clinical=false))]
#[expect(clippy::too_many_arguments, reason = "keywords of a Python call")]
pub fn weights<'py>(
    py: Python<'py>,
    scheme: &Scheme,
    policy: PathBuf,
    claims: Vec<PathBuf>,
    on: Option<&str>,
    mapping: Option<PathBuf>,
    float_money: Option<&str>,
    clinical: bool,
) -> PyResult<(String, Bound<'py, PyDict>, Bound<'py, PyAny>)> {
    let day = |text: &str| text.parse().map_err(|_| value_error("day", &[("given", &format!("{text:?}"))]));
    let on = on.map(day).transpose()?;
    let float_money = float_money.map(rounding_of).transpose()?;
    let files = ClaimFiles { claims, mapping, float_money };
    let job = WeightsJob { scheme: &scheme.scheme, policy: &policy, files, clinical, on };
    let weighed = py.detach(|| weigh_files(&job)).map_err(|problems| Failure::Refused(problems).raise(py))?;
    Ok((weighed.pack, rows_by_name(py, &weighed.tables)?, records(py, &weighed.warnings)?))
}
