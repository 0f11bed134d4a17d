//! Frames that become files: claims for a run, workbooks for people.

use std::path::{Path, PathBuf};

use arrow_array::{RecordBatch, RecordBatchReader};
use dianzhi::frame::{Batch, Sink, from_batch};
use dianzhi::problem::Problem;
use dianzhi::problem::catalogue::files::CANNOT_WRITE;
use dianzhi::report::{Document, Section, labels, xlsx};
use dianzhi::scenario::document;
use dianzhi::table::Table;
use dianzhi::workbook::result as fiscal;
use pyo3::prelude::*;

use super::problems::Failure;
use super::scheme::lang_of;
use super::stream::Frames;

/// What rows are called in messages.
const FRAME: &str = "frame";

/// A sheet: its name and title, facts by name, tables by heading.
type Sheet<'py> = (String, String, Vec<(String, String)>, Vec<(String, Bound<'py, PyAny>)>);

/// Writes the rows of frames to a Parquet file, batch by batch: equal rows and types give equal bytes. Returns how many
/// rows there were.
#[pyfunction]
pub fn store(py: Python<'_>, frames: &Bound<'_, PyAny>, path: PathBuf) -> PyResult<usize> {
    let frames = Frames::open(frames)?;
    py.detach(|| write(frames, &path)).map_err(|failure| failure.raise(py))
}

fn write(frames: Frames, path: &Path) -> Result<usize, Failure> {
    let stop = frames.stop();
    let mut sink = Sink::create(path)?;
    let mut append = |rows: RecordBatch, first: usize| {
        let batch = Batch::new(rows, FRAME.into(), first as u64 + 1);
        sink.write_rows(&batch)
    };
    append(RecordBatch::new_empty(frames.schema()), 0)?;
    let mut count = 0;
    for rows in frames {
        let broken = |error| Problem::new(&CANNOT_WRITE).file(FRAME).with("reason", error);
        let rows = rows.map_err(|error| stop.or(broken(error)))?;
        let length = rows.num_rows();
        append(rows, count)?;
        count += length;
    }
    sink.finish()?;
    Ok(count)
}

/// Writes a workbook (.xlsx); columns get the headings that print has for them, amounts stay numbers with two decimals.
#[pyfunction]
#[pyo3(signature = (sheets, path, lang="zh"))]
pub fn workbook(py: Python<'_>, sheets: Vec<Sheet<'_>>, path: PathBuf, lang: &str) -> PyResult<()> {
    let lang = lang_of(lang);
    let mut documents = Vec::new();
    for (name, title, facts, tables) in sheets {
        let mut sections = Vec::new();
        for (heading, rows) in tables {
            let one = pyo3::types::PyList::new(py, [rows])?;
            let table = table_of(Frames::open(one.as_any())?).map_err(|failure| failure.raise(py))?;
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            sections.push(Section::of(&heading, &table, &columns, lang));
        }
        documents.push((name, Document { title, facts, sections, notes: Vec::new() }));
    }
    py.detach(|| xlsx::write(&path, &documents, lang)).map_err(|problems| Failure::from(problems).raise(py))
}

/// All rows as a table of the engine.
pub fn table_of(frames: Frames) -> Result<Table, Failure> {
    let stop = frames.stop();
    let mut whole = from_batch(&RecordBatch::new_empty(frames.schema()))?;
    for rows in frames {
        let broken = |error| Problem::new(&CANNOT_WRITE).file(FRAME).with("reason", error);
        let part = from_batch(&rows.map_err(|error| stop.or(broken(error)))?)?;
        for (column, more) in whole.columns.iter_mut().zip(part.columns) {
            column.values.append(more.values);
        }
    }
    Ok(whole)
}

/// What print calls a column of `insurance`, `fiscal` or `scenario` results; its own name where there is none.
#[pyfunction]
#[pyo3(signature = (name, lang="zh", topic="insurance"))]
pub fn heading(name: &str, lang: &str, topic: &str) -> String {
    let lang = lang_of(lang);
    let found = match topic {
        "fiscal" => fiscal::heading(name, lang),
        "scenario" => document::called("column", name, lang),
        _ => None,
    };
    found.unwrap_or_else(|| labels::column(name, lang)).to_owned()
}

/// What print calls a code that stands in a column, such as an insurance type; the code itself where there is none.
#[pyfunction]
#[pyo3(signature = (code, lang="zh", topic="insurance", column=""))]
pub fn word(code: &str, lang: &str, topic: &str, column: &str) -> String {
    let lang = lang_of(lang);
    let found = match topic {
        "fiscal" => fiscal::word(code, lang),
        "scenario" => document::called(column, code, lang).unwrap_or(code),
        _ => labels::word(code, lang),
    };
    found.to_owned()
}
