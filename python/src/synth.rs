//! Synthetic claims.

use dianzhi::money::scaled;
use dianzhi::problem::catalogue::synth::NOT_A_SHARE;
use dianzhi::problem::{Problem, Problems};
use dianzhi::synth::{City, Order, Period, claims};
use pyo3::prelude::*;

use super::problems::{Failure, records};
use super::scheme::Scheme;
use super::stream::Rows;

/// Makes claims of the demonstration city. Returns them and what to warn of.
#[pyfunction]
pub fn synth<'py>(
    py: Python<'py>,
    scheme: &Scheme,
    rows: u64,
    seed: u64,
    period: &str,
    bad_share: &str,
) -> PyResult<(Rows, Bound<'py, PyAny>)> {
    let done = py.detach(|| {
        let not_a_share = || Problem::new(&NOT_A_SHARE).with("value", bad_share);
        let share = bad_share.parse().ok().and_then(|share| scaled(share, 6));
        let share = share.and_then(|parts| u32::try_from(parts).ok()).filter(|parts| *parts <= 1_000_000);
        let bad_per_million = share.ok_or_else(not_a_share)?;
        let order = Order { claims: rows, seed, period: Period::parse(period, None)?, bad_per_million };
        let made = claims(&scheme.scheme.grouper, &City::demo(), &order)?;
        Ok((Rows::of(&made.table)?, Problems(made.warning().into_iter().collect())))
    });
    let (rows, warnings) = done.map_err(|failure: Failure| failure.raise(py))?;
    Ok((rows, records(py, &warnings)?))
}
