//! Books and what is settled into them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dianzhi::explain::{self, Explanation, Subject};
use dianzhi::job::{
    ClaimFiles, MONTH, MonthJob, Parts, RECOGNITION, RecognitionFiles, Step, YEAR, recognise_period, settle_month,
    settle_year,
};
use dianzhi::ledger::manifest::Run;
use dianzhi::ledger::{self, Kind, Period, Receipt, Writer, compare_periods};
use dianzhi::money::Rounding;
use dianzhi::problem::catalogue::usage::STOPPED;
use dianzhi::problem::{Lang, Problem, Problems};
use dianzhi::recognition::{FAMILIES, Rules};
use dianzhi::report::MonthView;
use dianzhi::table::Table;
use pyo3::prelude::*;
use serde_json::{Value, json};

use super::convert::to_python;
use super::policy::Policy;
use super::problems::{Failure, records};
use super::said::value_error;
use super::scheme::{Scheme, lang_of};
use super::stream::Stop;

/// A folder of settled periods. Each call sees what is on disk.
#[pyclass(frozen, module = "dianzhi._native")]
pub struct Book {
    dir: PathBuf,
}

#[pymethods]
impl Book {
    #[new]
    fn new(folder: PathBuf) -> Book {
        Book { dir: folder }
    }

    /// Settles claims into the book. Returns what became of it and what to warn of. `tell` hears the name of each step
    /// before it is done; what it raises ends the run and leaves the book as it was.
    #[pyo3(signature = (
        scheme, policy, claims, period, mapping=None, float_money=None, clinical=false, tell=None, corrections=None
    ))]
    #[expect(clippy::too_many_arguments, reason = "keywords of a Python call")]
    fn settle_month<'py>(
        &self,
        py: Python<'py>,
        scheme: &Scheme,
        policy: &Policy,
        claims: Vec<PathBuf>,
        period: &str,
        mapping: Option<PathBuf>,
        float_money: Option<&str>,
        clinical: bool,
        tell: Option<Py<PyAny>>,
        corrections: Option<Vec<PathBuf>>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let period = month_of(period)?;
        let rounding = float_money.map(rounding_of).transpose()?;
        let files = ClaimFiles { claims, mapping, float_money: rounding };
        let options = float_money.map(|name| ("float_money".to_owned(), name.to_owned())).into_iter().collect();
        let job = MonthJob { scheme: &scheme.scheme, packs: &policy.packs, clinical, audit: false, options };
        let stop = Stop::default();
        let done = py.detach(|| {
            let mut writer = Writer::open_or_create(&self.dir, Kind::Insurance)?;
            let draft = writer.draft(period, MONTH)?;
            let hear = |step| hear(step, tell.as_ref(), &stop);
            hear(Step::Reading)?;
            let mut intake = files.read_into(&draft.work_dir(), job.packs)?;
            intake.read_corrections(&corrections.unwrap_or_default())?;
            settle_month(draft, &job, intake, &hear)
        });
        let settled = done.map_err(|problems| stop.or(problems).raise(py))?;
        told(py, &settled.receipt, &settled.warnings)
    }

    /// Clears a year from its settled months. As of a month, `tell` can stop it.
    #[pyo3(signature = (policy, year, tell=None))]
    fn settle_year<'py>(
        &self,
        py: Python<'py>,
        policy: &Policy,
        year: &str,
        tell: Option<Py<PyAny>>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let year = year_of(year)?;
        let stop = Stop::default();
        let done = py.detach(|| {
            let mut writer = Writer::open(&self.dir)?;
            let draft = writer.draft(year, YEAR)?;
            hear(Step::Settling, tell.as_ref(), &stop)?;
            settle_year(draft, &policy.packs, false, BTreeMap::new())
        });
        let settled = done.map_err(|problems| stop.or(problems).raise(py))?;
        told(py, &settled.receipt, &settled.warnings)
    }

    /// Pays a month's recognitions of exams into the book.
    #[pyo3(signature = (policy, records, tests, period, tell=None))]
    fn recognize<'py>(
        &self,
        py: Python<'py>,
        policy: PathBuf,
        records: Vec<PathBuf>,
        tests: Vec<PathBuf>,
        period: &str,
        tell: Option<Py<PyAny>>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let period = month_of(period)?;
        let stop = Stop::default();
        let done = py.detach(|| {
            let mut writer = Writer::open_or_create(&self.dir, Kind::Insurance)?;
            let draft = writer.draft(period, RECOGNITION)?;
            hear(Step::Reading, tell.as_ref(), &stop)?;
            let (parts, warnings) = Parts::read(&policy, None, &FAMILIES, &Rules::needed())?;
            let done = recognise_period(draft, &parts, &RecognitionFiles { records, tests })?;
            Ok((done.receipt, warnings))
        });
        let (receipt, warnings) = done.map_err(|problems: Problems| stop.or(problems).raise(py))?;
        told(py, &receipt, &warnings)
    }

    /// What another state of a period has otherwise: what the runs were made of, and the rows that differ.
    fn diff<'py>(&self, py: Python<'py>, period: &str, other: &Book, against: &str) -> PyResult<Bound<'py, PyAny>> {
        let (period, against) = (period_of(period)?, period_of(against)?);
        let compared = py.detach(|| {
            let (before, after) = (ledger::Book::open(&self.dir)?, ledger::Book::open(&other.dir)?);
            compare_periods((&before, period), (&after, against))
        });
        to_python(py, &json!(compared.map_err(|problems| Failure::Refused(problems).raise(py))?))
    }

    /// The periods: status, manifest, seal and runs of each.
    fn periods<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let periods = py.detach(|| {
            let book = ledger::Book::open(&self.dir)?;
            let periods = book.periods().map(|info| {
                let manifest = book.manifest(info.period)?;
                let (simulation, tables) = (manifest.is_simulation(), manifest.tables.keys().collect::<Vec<_>>());
                Ok(json!({
                    "period": info.period,
                    "status": info.status,
                    "simulation": simulation,
                    "manifest_sha256": info.manifest_sha256,
                    "seal": info.seal.map(|seal| seal.sha256),
                    "tables": tables,
                    "runs": manifest.runs,
                }))
            });
            periods.collect::<Result<Value, Problems>>()
        });
        to_python(py, &periods.map_err(|problems| Failure::Refused(problems).raise(py))?)
    }

    /// The Parquet file of a table of a period.
    fn table_path(&self, py: Python<'_>, period: &str, table: &str) -> PyResult<PathBuf> {
        let period = period_of(period)?;
        let path = py.detach(|| ledger::Book::open(&self.dir)?.table_path(period, table));
        path.map_err(|problems| Failure::Refused(problems).raise(py))
    }

    /// The settled month or year as people read it.
    #[pyo3(signature = (period, lang="zh"))]
    fn text(&self, py: Python<'_>, period: &str, lang: &str) -> PyResult<String> {
        let (period, lang) = (period_of(period)?, lang_of(lang));
        let text = py.detach(|| period_text(&self.dir, period, lang));
        text.map_err(|problems| Failure::Refused(problems).raise(py))
    }

    /// Where a figure comes from, as a record and as text.
    #[pyo3(signature = (what, name, period=None, lang="zh"))]
    fn explain<'py>(
        &self,
        py: Python<'py>,
        what: &str,
        name: &str,
        period: Option<&str>,
        lang: &str,
    ) -> PyResult<(Bound<'py, PyAny>, String)> {
        let (period, lang) = (period.map(period_of).transpose()?, lang_of(lang));
        let of = |subject| move |book: &_, name: &_, period, lang| explain::subject(book, subject, name, period, lang);
        let explain: &(dyn Fn(&ledger::Book, &str, Option<Period>, Lang) -> _ + Sync) = match what {
            "claim" => &explain::claim,
            "award" => &explain::award,
            "recognition" => &explain::recognition,
            "institution" => &of(Subject::Institution),
            "consortium" => &of(Subject::Consortium),
            "pool" => &of(Subject::Pool),
            other => return Err(value_error("subject", &[("given", &format!("{other:?}"))])),
        };
        let found: Result<Explanation, Problems> =
            py.detach(|| explain(&ledger::Book::open(&self.dir)?, name, period, lang));
        let found = found.map_err(|problems| Failure::Refused(problems).raise(py))?;
        Ok((to_python(py, &json!(found))?, found.render(lang)))
    }

    /// Checks every byte of the book.
    #[pyo3(signature = (seal=None))]
    fn verify<'py>(&self, py: Python<'py>, seal: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
        let verified = py.detach(|| ledger::verify(&self.dir, seal));
        to_python(py, &json!(verified.map_err(|problems| Failure::Refused(problems).raise(py))?))
    }

    /// Closes a period for good; returns the seal.
    fn close(&self, py: Python<'_>, period: &str) -> PyResult<String> {
        let period = period_of(period)?;
        let seal = py.detach(|| Writer::open(&self.dir)?.close(period));
        Ok(seal.map_err(|problems| Failure::Refused(problems).raise(py))?.sha256)
    }
}

/// What a run tells: what became of it, and what to warn of.
fn told<'py>(
    py: Python<'py>,
    receipt: &Receipt,
    warnings: &Problems,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let told = json!({ "manifest_sha256": receipt.manifest_sha256, "replaced": receipt.replaced });
    Ok((to_python(py, &told)?, records(py, warnings)?))
}

/// A period such as `2026-03` or `2026`.
pub fn period_of(text: &str) -> PyResult<Period> {
    text.parse().map_err(|_| value_error("period", &[("given", &format!("{text:?}"))]))
}

/// A month such as `2026-03`.
fn month_of(text: &str) -> PyResult<Period> {
    let period = period_of(text)?;
    if period.is_year() { Err(value_error("month", &[("given", text)])) } else { Ok(period) }
}

/// A year such as `2026`.
pub fn year_of(text: &str) -> PyResult<Period> {
    let period = period_of(text)?;
    if period.is_year() { Ok(period) } else { Err(value_error("year", &[("given", text)])) }
}

/// The rounding of this name in policy packs.
pub fn rounding_of(name: &str) -> PyResult<Rounding> {
    let known = "half_up, half_even, toward_zero, floor, ceiling";
    serde_json::from_value(name.into())
        .map_err(|_| value_error("float_money", &[("known", known), ("given", &format!("{name:?}"))]))
}

/// Tells Python of a step and asks whether to go on.
fn hear(step: Step, tell: Option<&Py<PyAny>>, stop: &Stop) -> Result<(), Problems> {
    let name = match step {
        Step::Reading => "reading",
        Step::Grouping => "grouping",
        Step::Pricing => "pricing",
        Step::Settling => "settling",
        Step::Auditing => "auditing",
        Step::Writing => "writing",
    };
    let answer = Python::attach(|py| {
        py.check_signals()?;
        tell.map(|tell| tell.call1(py, (name,))).transpose()
    });
    answer.map(|_| ()).map_err(|error| {
        stop.set(error);
        Problem::new(&STOPPED).into()
    })
}

fn period_text(dir: &Path, period: Period, lang: Lang) -> Result<String, Problems> {
    let book = ledger::Book::open(dir)?;
    let manifest = book.manifest(period)?;
    let none = Run::default();
    let held = MonthView::TABLES.iter().filter(|name| manifest.tables.contains_key(**name));
    let tables = held.map(|name| Ok(((*name).to_owned(), book.table(period, name)?)));
    let tables: BTreeMap<String, Table> = tables.collect::<Result<_, Problems>>()?;
    let dir = book.period_dir(period)?;
    let job = if period.is_year() { YEAR } else { MONTH };
    let run = manifest.runs.get(job).unwrap_or(&none);
    Ok(MonthView { period, run, tables: &tables, dir: &dir }.render(lang))
}
