//! Rows in and out of Python by the Arrow C stream interface, in capsules. Only pointers cross; no value is copied.
//! This is the only file with `unsafe` in it.
#![allow(unsafe_code)]

use std::ffi::CStr;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use dianzhi::frame::to_batch;
use dianzhi::problem::catalogue::files::BROKEN_FILE;
use dianzhi::problem::{Problem, Problems};
use dianzhi::table::Table;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyIterator};

use super::problems::Failure;
use super::said::{type_error, value_error};

/// The name that the interface prescribes.
const NAME: &CStr = c"arrow_array_stream";

/// Takes the rows that an object offers by `__arrow_c_stream__`.
fn open(frame: &Bound<'_, PyAny>) -> PyResult<RecordBatchStreamReader> {
    let offered = frame.call_method0("__arrow_c_stream__")?;
    let capsule = offered.cast::<PyCapsule>().map_err(|_| type_error("no_stream", &[]))?;
    let pointer = capsule.pointer_checked(Some(NAME))?;
    // SAFETY: by the Arrow PyCapsule interface a capsule of this name, which `pointer_checked` has compared, points to
    // a valid stream for as long as it lives, and `offered` keeps it alive. `from_raw` moves the stream out and leaves
    // it marked as released, so that it is released once: here, or not at all when it was taken before. The lock of the
    // interpreter is held, so nobody else takes it meanwhile. Miri cannot run foreign code;
    // `tests/python/test_streams.py` offers streams rightly and wrongly.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.cast().as_ptr()) };
    if stream.release().is_none() {
        return Err(value_error("stream_read", &[]));
    }
    let opened = frame.py().detach(|| RecordBatchStreamReader::try_new(stream));
    opened.map_err(|error| type_error("no_columns", &[("why", &error.to_string())]))
}

/// What stopped a call from the side of Python.
#[derive(Clone, Default)]
pub struct Stop(Arc<Mutex<Option<PyErr>>>);

impl Stop {
    pub fn set(&self, error: PyErr) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    /// What was set, once.
    pub fn taken(&self) -> Option<PyErr> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Why reading ended: what Python says, else what the engine says.
    pub fn or(&self, problems: impl Into<Problems>) -> Failure {
        self.taken().map_or_else(|| Failure::Refused(problems.into()), Failure::Stopped)
    }
}

/// The rows of several frames, one after another, each asked for when those before it have been read.
pub struct Frames {
    waiting: Py<PyIterator>,
    current: RecordBatchStreamReader,
    schema: SchemaRef,
    stop: Stop,
}

impl Frames {
    /// Takes the first of the frames, which has the columns that all must have.
    pub fn open(frames: &Bound<'_, PyAny>) -> PyResult<Frames> {
        let mut waiting = frames.try_iter()?;
        let first = waiting.next().ok_or_else(|| value_error("nothing", &[]))??;
        let current = open(&first)?;
        let schema = current.schema();
        Ok(Frames { waiting: waiting.unbind(), current, schema, stop: Stop::default() })
    }

    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// The next batch; `None` after the last.
    fn step(&mut self) -> PyResult<Option<Result<RecordBatch, ArrowError>>> {
        loop {
            Python::attach(|py| py.check_signals())?;
            if let Some(batch) = self.current.next() {
                return Ok(Some(batch));
            }
            let more = Python::attach(|py| {
                let Some(frame) = self.waiting.bind(py).clone().next() else { return Ok(false) };
                self.current = open(&frame?)?;
                if self.current.schema().fields() != self.schema.fields() {
                    return Err(type_error("other_columns", &[]));
                }
                Ok(true)
            })?;
            if !more {
                return Ok(None);
            }
        }
    }
}

impl Iterator for Frames {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().unwrap_or_else(|error| {
            let text = error.to_string();
            self.stop.set(error);
            Some(Err(ArrowError::CDataInterface(text)))
        })
    }
}

impl RecordBatchReader for Frames {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

/// Rows that any Arrow consumer can take, as often as it likes.
#[pyclass(frozen, module = "dianzhi._native")]
pub struct Rows {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Rows {
    pub fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Rows {
        Rows { schema, batches }
    }

    /// A table of the engine.
    pub fn of(table: &Table) -> Result<Rows, Failure> {
        let batch = to_batch(table).map_err(|error| Problem::new(&BROKEN_FILE).with("reason", error))?;
        Ok(Rows { schema: batch.schema(), batches: vec![batch] })
    }
}

/// Tables of the engine by their names.
pub fn rows_by_name<'py>(py: Python<'py>, tables: &[(&str, Table)]) -> PyResult<Bound<'py, PyDict>> {
    let named = PyDict::new(py);
    for (name, table) in tables {
        named.set_item(name, Rows::of(table).map_err(|failure| failure.raise(py))?)?;
    }
    Ok(named)
}

#[pymethods]
impl Rows {
    /// The rows as an Arrow C stream. A requested schema is not honoured, as the interface allows.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let batches = self.batches.clone().into_iter().map(Ok);
        let reader = RecordBatchIterator::new(batches, self.schema.clone());
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), NAME)
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}
