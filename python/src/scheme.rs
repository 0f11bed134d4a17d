//! Grouping schemes.

use std::path::{Path, PathBuf};

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::ArrowError;
use dianzhi::claims::{Given, Mapping, ReadOptions, Rejects, StayBatch, Stays, plain_stay, stays_of};
use dianzhi::frame::{Batch, Source};
use dianzhi::grouper::{Grouped, trace};
use dianzhi::job;
use dianzhi::problem::catalogue::claims::{NO_SUCH_CLAIM, UNKNOWN_COLUMN};
use dianzhi::problem::catalogue::files::BROKEN_FILE;
use dianzhi::problem::{Lang, Place, Problem, Problems};
use dianzhi::scheme::check;
use dianzhi::scheme::diff::diff;
use dianzhi::scheme::show::{show, summary};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PyList, PyString};
use serde_json::json;

use super::convert::to_python;
use super::problems::{Failure, records};
use super::stream::{Frames, Rows};

/// What rows are called in messages.
const FRAME: &str = "frame";

/// A compiled scheme.
#[pyclass(frozen, module = "dianzhi._native")]
pub struct Scheme {
    pub scheme: job::Scheme,
    warnings: Problems,
}

#[pymethods]
impl Scheme {
    /// Reads and compiles a folder of tables, a .zip, an .xlsx, or `demo`.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Scheme> {
        let read = py.detach(|| job::Scheme::read(&path));
        let (scheme, warnings) = read.map_err(|problems| Failure::Refused(problems).raise(py))?;
        Ok(Scheme { scheme, warnings })
    }

    #[getter]
    fn name(&self) -> &str {
        self.scheme.name()
    }

    #[getter]
    fn fingerprint(&self) -> &str {
        self.scheme.fingerprint()
    }

    /// What the tables of the scheme made the reader warn of.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        records(py, &self.warnings)
    }

    /// All that is wrong with the scheme, or looks wrong.
    fn check<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let checked = py.detach(|| check(&self.scheme.source));
        records(py, &checked.problems)
    }

    /// What a code, ADRG, DRG or MDC is, or what the scheme holds, as a record and as text.
    #[pyo3(signature = (code=None, lang="zh"))]
    fn show<'py>(&self, py: Python<'py>, code: Option<&str>, lang: &str) -> PyResult<(Bound<'py, PyAny>, String)> {
        let definition = self.scheme.grouper.definition();
        let Some(code) = code else {
            let summary = summary(definition);
            return Ok((to_python(py, &json!(summary))?, summary.render(lang_of(lang))));
        };
        let card = show(definition, code).map_err(|problem| Failure::from(problem).raise(py))?;
        Ok((to_python(py, &json!(card))?, card.render(lang_of(lang), true)))
    }

    /// What another scheme has otherwise: section, what, subject, before, after, codes, and a text.
    #[pyo3(signature = (after, lang="zh"))]
    fn diff<'py>(&self, py: Python<'py>, after: &Scheme, lang: &str) -> PyResult<Bound<'py, PyAny>> {
        let changes = py.detach(|| diff(self.scheme.grouper.definition(), after.scheme.grouper.definition()));
        let records = changes.iter().map(|change| {
            let mut record = json!(change);
            record["text"] = change.render(lang_of(lang)).into();
            record
        });
        to_python(py, &records.collect())
    }

    /// Groups the rows of frames. Returns those rows with status, mdc, adrg and drg; what the reader warns of; and
    /// what is wrong with rows that could not be read.
    #[pyo3(signature = (frames, clinical=false, mapping=None))]
    fn group<'py>(
        &self,
        py: Python<'py>,
        frames: &Bound<'py, PyAny>,
        clinical: bool,
        mapping: Option<PathBuf>,
    ) -> PyResult<(Rows, Bound<'py, PyAny>, Rows)> {
        let frames = Frames::open(frames)?;
        let done = py.detach(|| self.group_all(frames, clinical, mapping.as_deref()));
        let (rows, warnings, rejects) = done.map_err(|failure| failure.raise(py))?;
        Ok((rows, records(py, &warnings)?, rejects))
    }

    /// Why a claim gets its group: the claim `setl_id`, or the first row.
    #[pyo3(signature = (frames, setl_id=None, clinical=false, mapping=None))]
    fn explain(
        slf: Bound<'_, Self>,
        frames: &Bound<'_, PyAny>,
        setl_id: Option<&str>,
        clinical: bool,
        mapping: Option<PathBuf>,
    ) -> PyResult<Trace> {
        let (py, scheme) = (slf.py(), slf.get());
        let frames = Frames::open(frames)?;
        let found = py.detach(|| Scheme::find(frames, setl_id, mapping.as_deref()));
        let stay = found.map_err(|failure| failure.raise(py))?;
        let trace = py.detach(|| scheme.scheme.grouper.trace(&stay, 0, clinical));
        Ok(Trace { scheme: slf.unbind(), stay, clinical, trace })
    }

    /// The same of one claim given field by field; `None` when it must be read as a frame.
    #[pyo3(signature = (claim, clinical=false))]
    fn explain_fields(slf: Bound<'_, Self>, claim: &Bound<'_, PyDict>, clinical: bool) -> PyResult<Option<Trace>> {
        let Some(stay) = stay_of(claim)? else { return Ok(None) };
        let trace = slf.get().scheme.grouper.trace(&stay, 0, clinical);
        Ok(Some(Trace { scheme: slf.unbind(), stay, clinical, trace }))
    }
}

/// Why a claim gets its group. Its record and its text are made when they are asked for.
#[pyclass(frozen, module = "dianzhi._native")]
pub struct Trace {
    scheme: Py<Scheme>,
    /// The claim, in one row.
    stay: Stays,
    clinical: bool,
    trace: trace::Trace,
}

#[pymethods]
impl Trace {
    #[getter]
    fn setl_id(&self) -> &str {
        &self.trace.setl_id
    }

    #[getter]
    fn status(&self) -> &str {
        self.trace.outcome.status.code()
    }

    #[getter]
    fn mdc(&self) -> &str {
        &self.trace.outcome.mdc
    }

    #[getter]
    fn adrg(&self) -> &str {
        &self.trace.outcome.adrg
    }

    #[getter]
    fn drg(&self) -> &str {
        &self.trace.outcome.drg
    }

    /// All that was tried, and the nearest other groups, as a record and as text.
    fn told<'py>(&self, py: Python<'py>, lang: &str) -> PyResult<(Bound<'py, PyAny>, String)> {
        let grouper = &self.scheme.get().scheme.grouper;
        let trace = py.detach(|| grouper.explain(&self.stay, 0, self.clinical));
        Ok((to_python(py, &json!(trace))?, trace.render(grouper, lang_of(lang))))
    }
}

/// The stay that a dict of fields says, if all of it is plain.
fn stay_of(claim: &Bound<'_, PyDict>) -> PyResult<Option<Stays>> {
    let mut fields = Vec::with_capacity(claim.len());
    for (name, value) in claim {
        let (Ok(name), Some(given)) = (name.cast_into::<PyString>(), given(&value)?) else { return Ok(None) };
        fields.push((name, given));
    }
    let names = fields.into_iter().map(|(name, given)| Ok((name.to_cow()?.into_owned(), given)));
    let fields: Vec<(String, Given)> = names.collect::<PyResult<_>>()?;
    let fields: Vec<(&str, Given)> = fields.iter().map(|(name, given)| (name.as_str(), given.clone())).collect();
    Ok(plain_stay(&fields))
}

/// A value of a field, if it is one of the simple kinds.
fn given(value: &Bound<'_, PyAny>) -> PyResult<Option<Given>> {
    if value.is_none() {
        return Ok(Some(Given::Nothing));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Some(Given::Text(text.to_cow()?.into_owned())));
    }
    if let Ok(number) = value.cast_exact::<PyInt>() {
        return Ok(number.extract().ok().map(Given::Whole));
    }
    let Ok(items) = value.cast::<PyList>() else { return Ok(None) };
    let texts = items.iter().map(|item| item.cast_into::<PyString>().ok().map(|text| text.to_string()));
    Ok(texts.collect::<Option<Vec<String>>>().map(Given::Texts))
}

impl Scheme {
    fn group_all(
        &self,
        frames: Frames,
        clinical: bool,
        mapping: Option<&Path>,
    ) -> Result<(Rows, Problems, Rows), Failure> {
        let options = options(mapping)?;
        let stop = frames.stop();
        let empty = Batch::new(RecordBatch::new_empty(frames.schema()), FRAME.into(), 1);
        let empty = empty.beside(&self.scheme.grouper.columns(&Grouped::default())).map_err(not_joined)?;
        let mut reader = stays_of(FRAME, Source::stream(FRAME, Box::new(frames)), &options)?;
        let mut batches = Vec::new();
        for read in reader.by_ref() {
            let StayBatch { batch, stays, unreadable } = read.map_err(|problem| stop.or(problem))?;
            let grouped = self.scheme.grouper.group_read(&stays, &unreadable, clinical);
            batches.push(batch.beside(&self.scheme.grouper.columns(&grouped)).map_err(not_joined)?);
        }
        let (rejects, mut report) = reader.finish();
        // Columns that grouping does not need are kept: nothing to warn of.
        report.warnings.0.retain(|problem| problem.entry != &UNKNOWN_COLUMN);
        Ok((Rows::new(empty.schema(), batches), report.warnings, Rows::of(&rejects.table())?))
    }

    /// The wanted claim.
    fn find(frames: Frames, setl_id: Option<&str>, mapping: Option<&Path>) -> Result<Stays, Failure> {
        let options = options(mapping)?;
        let stop = frames.stop();
        let mut reader = stays_of(FRAME, Source::stream(FRAME, Box::new(frames)), &options)?;
        for read in reader.by_ref() {
            let StayBatch { stays, unreadable, .. } = read.map_err(|problem| stop.or(problem))?;
            let found = match setl_id {
                Some(wanted) => stays.setl_id.iter().position(|id| id == wanted),
                None => (!stays.is_empty()).then_some(0),
            };
            match found {
                Some(row) if unreadable[row] => {
                    let id = stays.setl_id.get(row).to_owned();
                    return Err(unreadable_claim(&reader.finish().0, &id).into());
                }
                Some(row) => return Ok(trace::one_row(&stays, row)),
                None => {}
            }
        }
        Err(Problem::new(&NO_SUCH_CLAIM).file(FRAME).with("setl_id", setl_id.unwrap_or_default()).into())
    }
}

/// The language of this name: Chinese unless it is `en`.
pub fn lang_of(name: &str) -> Lang {
    if name == "en" { Lang::En } else { Lang::Zh }
}

fn options(mapping: Option<&Path>) -> Result<ReadOptions, Problems> {
    let mapping = mapping.map_or_else(|| Ok(Mapping::default()), Mapping::load)?;
    Ok(ReadOptions { mapping, ..ReadOptions::default() })
}

fn not_joined(error: ArrowError) -> Failure {
    Problem::new(&BROKEN_FILE).file(FRAME).with("reason", error).into()
}

/// What is wrong with the fields of a claim.
fn unreadable_claim(rejects: &Rejects, setl_id: &str) -> Problems {
    let rejects = rejects.rows.iter().filter(|reject| reject.setl_id == setl_id);
    let problems = rejects.map(|reject| Problem {
        entry: reject.entry,
        place: Place { file: Some(reject.file.clone()), row: Some(reject.row), ..Place::default() },
        args: reject.args.clone(),
    });
    Problems(problems.collect())
}
