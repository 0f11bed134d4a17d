//! Batches of claims: each priced wherever it is, and brought together by sums.

use std::path::PathBuf;

use dianzhi::frame::Source;
use dianzhi::job::{Kit, KitOptions, Sums};
use dianzhi::problem::catalogue::files::CANNOT_READ;
use dianzhi::problem::{Problem, Problems};
use dianzhi::table::{Table, Values};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use super::book::{period_of, rounding_of};
use super::frames::table_of;
use super::policy::Policy;
use super::problems::{Failure, records};
use super::scheme::Scheme;
use super::stream::{Frames, Rows};

/// What rows are called in messages.
const FRAME: &str = "frame";

/// The rules of a month, compiled.
#[pyclass(frozen, module = "dianzhi._native")]
pub struct Batch {
    kit: Kit,
}

/// Tables of a month, its totals, whether it is a simulation, and what is told.
type Closed<'py> = (Bound<'py, PyDict>, Bound<'py, PyDict>, bool, Bound<'py, PyAny>);

/// Claims, rejects and sums of a batch, and what to warn of.
type Parts<'py> = (Rows, Rows, Rows, Bound<'py, PyAny>);

#[pymethods]
impl Batch {
    /// The rules of a month as bytes.
    #[staticmethod]
    #[pyo3(signature = (scheme, policy, period, clinical=false, mapping=None, float_money=None))]
    fn pack<'py>(
        py: Python<'py>,
        scheme: &Scheme,
        policy: &Policy,
        period: &str,
        clinical: bool,
        mapping: Option<PathBuf>,
        float_money: Option<&str>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let period = period_of(period)?;
        let float_money = float_money.map(rounding_of).transpose()?;
        let packed = py.detach(|| {
            let read = |path: PathBuf| {
                let cannot =
                    |error| Problem::new(&CANNOT_READ).file(path.to_string_lossy().as_ref()).with("reason", error);
                std::fs::read_to_string(&path).map_err(cannot)
            };
            let options = KitOptions { period, clinical, mapping: mapping.map(read).transpose()?, float_money };
            Kit::pack(&scheme.scheme, policy.open(), policy.changed(), options)
        });
        let bytes = packed.map_err(|problems: Problems| Failure::Refused(problems).raise(py))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// The rules that bytes hold.
    #[staticmethod]
    fn unpack(py: Python<'_>, packed: &[u8]) -> PyResult<Batch> {
        let kit = py.detach(|| Kit::unpack(packed));
        Ok(Batch { kit: kit.map_err(|problems| Failure::Refused(problems).raise(py))? })
    }

    /// The rules that look beyond one claim: `persons`, `means`.
    #[getter]
    fn across(&self) -> (Option<&str>, Option<&str>) {
        (self.kit.across.persons.as_deref(), self.kit.across.means.as_deref())
    }

    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        records(py, &self.kit.warnings)
    }

    /// What may relate each row to others, and sums of the rows as given.
    fn keys(&self, py: Python<'_>, frames: &Bound<'_, PyAny>) -> PyResult<(Rows, Rows)> {
        let source = Rowed::open(frames)?;
        let done = source.run(py, |source| self.kit.keys(source))?;
        Ok((rows(py, &done.0)?, sums(py, &done.1)?))
    }

    /// Which rows, by number in the order given, are to be priced; rejects; sums of those that are not; warnings.
    fn decide<'py>(&self, py: Python<'py>, frames: &Bound<'py, PyAny>) -> PyResult<Parts<'py>> {
        let source = Rowed::open(frames)?;
        let done = source.run(py, |source| self.kit.decide(source))?;
        let numbers = Values::ints(done.accepted.iter().map(|row| i64::from(*row)));
        let accepted = Table::new().with("row", numbers);
        Ok((rows(py, &accepted)?, rows(py, &done.rejects)?, sums(py, &done.sums)?, records(py, &done.warnings)?))
    }

    /// Sums that measured means rest on.
    fn measure(&self, py: Python<'_>, frames: &Bound<'_, PyAny>) -> PyResult<Rows> {
        let source = Rowed::open(frames)?;
        let done = source.run(py, |source| self.kit.measure(source))?;
        sums(py, &done)
    }

    /// Priced claims, rejects, sums, warnings.
    #[pyo3(signature = (frames, measured=None, persons_together=false))]
    fn price<'py>(
        &self,
        py: Python<'py>,
        frames: &Bound<'py, PyAny>,
        measured: Option<&Bound<'py, PyAny>>,
        persons_together: bool,
    ) -> PyResult<Parts<'py>> {
        let measured = measured.map(|frames| sums_of(py, frames)).transpose()?;
        let source = Rowed::open(frames)?;
        let done = source.run(py, |source| self.kit.price(source, measured.as_ref(), persons_together))?;
        Ok((rows(py, &done.claims)?, rows(py, &done.rejects)?, sums(py, &done.sums)?, records(py, &done.warnings)?))
    }

    /// Point values by pool, from the sums of all batches.
    fn values(&self, py: Python<'_>, frames: &Bound<'_, PyAny>) -> PyResult<Rows> {
        let all = sums_of(py, frames)?;
        let done = py.detach(|| self.kit.values(&all));
        rows(py, &done.map_err(|problems| Failure::Refused(problems).raise(py))?)
    }

    /// Priced claims with standards and dues, and their sums.
    fn due(&self, py: Python<'_>, frames: &Bound<'_, PyAny>, values: &Bound<'_, PyAny>) -> PyResult<(Rows, Rows)> {
        let (claims, values) = (table(py, frames)?, table(py, values)?);
        let done = py.detach(|| self.kit.due(claims, &values));
        let (claims, found) = done.map_err(|problems| Failure::Refused(problems).raise(py))?;
        Ok((rows(py, &claims)?, sums(py, &found)?))
    }

    /// Tables by name, totals, whether a draft took part, and warnings.
    #[pyo3(signature = (frames, before=None))]
    fn close<'py>(
        &self,
        py: Python<'py>,
        frames: &Bound<'py, PyAny>,
        before: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Closed<'py>> {
        let all = sums_of(py, frames)?;
        let before = before.map(|frames| table(py, frames)).transpose()?;
        let done = py.detach(|| self.kit.close(&all, before.as_ref()));
        let month = done.map_err(|problems| Failure::Refused(problems).raise(py))?;
        let (tables, totals) = (PyDict::new(py), PyDict::new(py));
        for (name, table) in &month.tables {
            tables.set_item(name, rows(py, table)?)?;
        }
        for (name, total) in &month.totals {
            totals.set_item(name, total)?;
        }
        Ok((tables, totals, month.simulation, records(py, &month.warnings)?))
    }
}

/// Rows on their way to the engine.
struct Rowed(Frames);

impl Rowed {
    fn open(frames: &Bound<'_, PyAny>) -> PyResult<Rowed> {
        Frames::open(frames).map(Rowed)
    }

    fn run<T: Send>(self, py: Python<'_>, call: impl FnOnce(Source) -> Result<T, Problems> + Send) -> PyResult<T> {
        let stop = self.0.stop();
        let done = py.detach(|| call(Source::stream(FRAME, Box::new(self.0))));
        done.map_err(|problems| stop.or(problems).raise(py))
    }
}

fn rows(py: Python<'_>, table: &Table) -> PyResult<Rows> {
    Rows::of(table).map_err(|failure| failure.raise(py))
}

fn sums(py: Python<'_>, sums: &Sums) -> PyResult<Rows> {
    let table = sums.table().map_err(|problems| Failure::Refused(problems).raise(py))?;
    rows(py, &table)
}

fn table(py: Python<'_>, frames: &Bound<'_, PyAny>) -> PyResult<Table> {
    let frames = Frames::open(frames)?;
    py.detach(|| table_of(frames)).map_err(|failure| failure.raise(py))
}

fn sums_of(py: Python<'_>, frames: &Bound<'_, PyAny>) -> PyResult<Sums> {
    let table = table(py, frames)?;
    Sums::of_table(&table).map_err(|problems| Failure::Refused(problems).raise(py))
}
