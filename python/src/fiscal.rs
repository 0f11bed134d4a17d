//! Fiscal money: awards and floors, alone or into a fiscal book.

use std::path::PathBuf;

use dianzhi::awards::{Prior, alternative_table};
use dianzhi::explain;
use dianzhi::fiscal::{Plan, floor_table, government_table, plan_table};
use dianzhi::job::{
    AWARD, AwardFiles, AwardPack, AwardRun, Awarded, FISCAL, FloorFiles, FloorPack, FloorRun, award_period,
    check_floors, decide_awards, floor_period,
};
use dianzhi::ledger::manifest::Run;
use dianzhi::ledger::{self, Kind, Period, Receipt, Writer};
use dianzhi::problem::{Lang, Problems};
use dianzhi::report::xlsx;
use dianzhi::table::Table;
use dianzhi::workbook::result::{AwardView, FloorView, NamedSheet, Source, award_documents, floor_documents};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::json;

use super::book::year_of;
use super::convert::to_python;
use super::problems::{Failure, records};
use super::said::value_error;
use super::scheme::lang_of;
use super::stream::rows_by_name;

type Switches = Vec<(String, String)>;

/// Where a run was entered: book, period, and what became of it.
struct Entered {
    book: PathBuf,
    period: Period,
    receipt: Receipt,
}

/// Awards that were decided.
#[pyclass(frozen, module = "dianzhi._native")]
pub struct Awards {
    run: AwardRun,
    entered: Option<Entered>,
}

/// Decides awards from filled-in forms; into a book when one is named. Returns them and what to warn of.
#[pyfunction]
#[pyo3(signature = (policy, forms, switches, period=None, book=None))]
pub fn award<'py>(
    py: Python<'py>,
    policy: PathBuf,
    forms: Vec<PathBuf>,
    switches: Switches,
    period: Option<&str>,
    book: Option<PathBuf>,
) -> PyResult<(Awards, Bound<'py, PyAny>)> {
    let period = period.map(year_of).transpose()?;
    let decided = py.detach(|| {
        let pack = AwardPack::read(&policy, &switches)?;
        let files = AwardFiles::read(&forms, &pack.policy)?;
        let Some(book) = book else {
            let run = decide_awards(&pack, &files, &Prior::default(), period)?;
            return Ok(Awards { run, entered: None });
        };
        let period = period.map_or_else(|| files.period(), Ok)?;
        let mut writer = Writer::open_or_create(&book, Kind::Fiscal)?;
        let Awarded { run, receipt } = award_period(writer.draft(period, AWARD)?, &pack, &files)?;
        Ok(Awards { run, entered: Some(Entered { book, period, receipt }) })
    });
    let awards: Awards = decided.map_err(|problems| refused(py, problems))?;
    let warnings = records(py, &awards.run.warnings)?;
    Ok((awards, warnings))
}

#[pymethods]
impl Awards {
    /// The policy, and what the run was made of.
    fn record<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        record(py, (&self.run.policy.id, &self.run.policy.title), &self.run.record, self.entered.as_ref())
    }

    /// The tables by name.
    #[pyo3(signature = (lang="zh"))]
    fn tables<'py>(&self, py: Python<'py>, lang: &str) -> PyResult<Bound<'py, PyDict>> {
        let mut tables: Vec<(&str, Table)> = self.run.tables().to_vec();
        let others = alternative_table(&self.run.outcome, &self.run.alternatives, lang_of(lang));
        tables.push(("award_alternatives", others));
        rows_by_name(py, &tables)
    }

    /// Writes the result workbook (.xlsx).
    #[pyo3(signature = (path, lang="zh"))]
    fn workbook(&self, py: Python<'_>, path: PathBuf, lang: &str) -> PyResult<()> {
        let AwardRun { policy, outcome, alternatives, warnings, record, .. } = &self.run;
        with_source(self.entered.as_ref(), record, warnings, |source| {
            let sheets = award_documents(AwardView { policy, outcome, alternatives, source }, lang_of(lang));
            write(py, &path, &sheets, lang_of(lang))
        })
    }

    /// Why an award is paid or an event is not, as a record and as text.
    #[pyo3(signature = (name, lang="zh"))]
    fn explain<'py>(&self, py: Python<'py>, name: &str, lang: &str) -> PyResult<(Bound<'py, PyAny>, String)> {
        let lang = lang_of(lang);
        let found = py.detach(|| match &self.entered {
            Some(entered) => explain::award(&ledger::Book::open(&entered.book)?, name, None, lang),
            None => explain::decision(self.run.tables(), self.run.record.simulation, name, lang),
        });
        let found = found.map_err(|problems| refused(py, problems))?;
        Ok((to_python(py, &json!(found))?, found.render(lang)))
    }
}

/// Floors that were checked.
#[pyclass(frozen, module = "dianzhi._native")]
pub struct Floors {
    run: FloorRun,
    entered: Option<Entered>,
}

/// Puts floors to filled-in accounts; into a book when one is named. Returns them and what to warn of.
#[pyfunction]
#[pyo3(signature = (policy, accounts, switches, close_over=None, growth="0", period=None, book=None))]
#[expect(clippy::too_many_arguments, reason = "keywords of a Python call")]
pub fn fiscal<'py>(
    py: Python<'py>,
    policy: PathBuf,
    accounts: Vec<PathBuf>,
    switches: Switches,
    close_over: Option<u32>,
    growth: &str,
    period: Option<&str>,
    book: Option<PathBuf>,
) -> PyResult<(Floors, Bound<'py, PyAny>)> {
    let period = period.map(year_of).transpose()?;
    let closing = plan_of(close_over, growth)?;
    let checked = py.detach(|| {
        let pack = FloorPack::read(&policy, &switches)?;
        let files = FloorFiles::read(&accounts, &pack.policy)?;
        let Some(book) = book else {
            return Ok(Floors { run: check_floors(&pack, &files, closing)?, entered: None });
        };
        let period = period.map_or_else(|| files.period(), Ok)?;
        let mut writer = Writer::open_or_create(&book, Kind::Fiscal)?;
        let (run, receipt) = floor_period(writer.draft(period, FISCAL)?, &pack, &files, closing)?;
        Ok(Floors { run, entered: Some(Entered { book, period, receipt }) })
    });
    let floors: Floors = checked.map_err(|problems| refused(py, problems))?;
    let warnings = records(py, &floors.run.warnings)?;
    Ok((floors, warnings))
}

#[pymethods]
impl Floors {
    /// The policy, and what the run was made of.
    fn record<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        record(py, (&self.run.policy.id, &self.run.policy.title), &self.run.record, self.entered.as_ref())
    }

    /// The tables by name.
    #[pyo3(signature = (lang="zh"))]
    fn tables<'py>(&self, py: Python<'py>, lang: &str) -> PyResult<Bound<'py, PyDict>> {
        let FloorRun { lines, governments, plan, .. } = &self.run;
        let tables = [
            ("floors", floor_table(lines, lang_of(lang))),
            ("floor_governments", government_table(governments)),
            ("floor_plan", plan_table(plan)),
        ];
        rows_by_name(py, &tables)
    }

    /// Writes the result workbook (.xlsx).
    #[pyo3(signature = (path, lang="zh"))]
    fn workbook(&self, py: Python<'_>, path: PathBuf, lang: &str) -> PyResult<()> {
        let FloorRun { policy, lines, governments, plan, warnings, record } = &self.run;
        with_source(self.entered.as_ref(), record, warnings, |source| {
            let sheets = floor_documents(FloorView { policy, lines, governments, plan, source }, lang_of(lang));
            write(py, &path, &sheets, lang_of(lang))
        })
    }
}

fn refused(py: Python<'_>, problems: Problems) -> PyErr {
    Failure::from(problems).raise(py)
}

fn plan_of(years: Option<u32>, growth: &str) -> PyResult<Option<Plan>> {
    let Some(years) = years else { return Ok(None) };
    if !(1..=50).contains(&years) {
        return Err(value_error("close_over", &[]));
    }
    let growth = Plan::rate(growth).ok_or_else(|| value_error("growth", &[]))?;
    Ok(Some(Plan { years, growth }))
}

fn record<'py>(
    py: Python<'py>,
    (id, title): (&str, &str),
    run: &Run,
    entered: Option<&Entered>,
) -> PyResult<Bound<'py, PyAny>> {
    let of = |of: &dyn Fn(&Entered) -> serde_json::Value| entered.map(of);
    to_python(
        py,
        &json!({
            "policy": id,
            "title": title,
            "run": run,
            "period": of(&|entered| json!(entered.period)),
            "manifest_sha256": of(&|entered| json!(entered.receipt.manifest_sha256)),
            "replaced": of(&|entered| json!(entered.receipt.replaced)),
        }),
    )
}

fn with_source<T>(
    entered: Option<&Entered>,
    record: &Run,
    warnings: &Problems,
    make: impl FnOnce(Source<'_>) -> T,
) -> T {
    let period = entered.map(|entered| entered.period.to_string());
    let book = entered.zip(period.as_deref());
    make(Source { record, book: book.map(|(e, period)| (period, e.receipt.manifest_sha256.as_str())), warnings })
}

fn write(py: Python<'_>, path: &std::path::Path, sheets: &[NamedSheet], lang: Lang) -> PyResult<()> {
    py.detach(|| xlsx::write(path, sheets, lang)).map_err(|problems| refused(py, problems))
}
