//! Files opened and planned, in either form, before any row is read.

use std::path::PathBuf;
use std::sync::Arc;

use super::column::{BatchReader, Fault};
use super::fields::Field;
use super::join::Join;
use super::options::ReadOptions;
use super::plan::Plan;
use super::tables::{Form, TableKind, sort_out};
use crate::frame::{Batch, Batches, Head, Source};
use crate::problem::{Problem, Problems};

/// Where claims are read from.
pub(super) enum Input<'a> {
    /// Files and folders, in wide or long form.
    Paths(&'a [PathBuf]),
    /// Rows in wide form, and what they are called.
    Rows(String, Source),
}

/// A file to read claims from: in wide form, or `setlinfo` with what the other tables say.
pub(super) struct Opened {
    pub file: String,
    source: Source,
    pub reading: Reading,
}

/// How rows of a file are read.
#[derive(Clone)]
pub(super) struct Reading {
    pub plan: Plan,
    /// Columns of the file's header.
    pub columns: usize,
    join: Option<(Arc<Join>, Vec<Head>)>,
}

/// Opens all files. Everything that is wrong with their headers is told at once.
pub(super) fn open(
    input: Input<'_>,
    fields: &[Field],
    needed: &[Field],
    options: &ReadOptions,
) -> Result<(Vec<Opened>, Option<Arc<Join>>), Problems> {
    let mut problems = Problems::new();
    let (files, join) = match input {
        Input::Rows(name, source) => (vec![Ok((name, source))], None),
        Input::Paths(paths) => match sort_out(paths, &needed_tables(needed))? {
            Form::Wide(files) => (open_all(&files), None),
            Form::Long { setlinfo, others } => match Join::read(&others, options) {
                Ok(join) => (open_all(&setlinfo), Some(Arc::new(join))),
                Err(more) => {
                    problems.append(more);
                    // Without the other tables it cannot be told what setlinfo lacks: only whether it can be read.
                    problems.0.extend(open_all(&setlinfo).into_iter().filter_map(Result::err));
                    (Vec::new(), None)
                }
            },
        },
    };
    let mut opened = Vec::new();
    for source in files {
        let file = source.map_err(Problems::from);
        match file.and_then(|(file, source)| plan(file, source, join.as_ref(), fields, needed, options)) {
            Ok(file) => opened.push(file),
            Err(more) => problems.append(more),
        }
    }
    problems.or((opened, join)).map(|(opened, _)| opened)
}

fn needed_tables(needed: &[Field]) -> Vec<TableKind> {
    let mut tables = vec![TableKind::Setlinfo, TableKind::Diseinfo];
    if needed.contains(&Field::OprnCodes) {
        tables.push(TableKind::Oprninfo);
    }
    tables
}

fn open_all(paths: &[PathBuf]) -> Vec<Result<(String, Source), Problem>> {
    paths.iter().map(|path| Ok((path.display().to_string(), Source::open(path)?))).collect()
}

fn plan(
    file: String,
    source: Source,
    join: Option<&Arc<Join>>,
    fields: &[Field],
    needed: &[Field],
    options: &ReadOptions,
) -> Result<Opened, Problems> {
    let added = join.map_or_else(Vec::new, |join| join.heads(source.heads(), options));
    let plan = Plan::of(source.heads(), &added, &file, fields, needed, options)?;
    let reading = Reading { plan, columns: source.heads().len(), join: join.map(|join| (join.clone(), added)) };
    Ok(Opened { file, source, reading })
}

impl Opened {
    /// The rows with the columns that are needed.
    pub(super) fn needed(self) -> Result<(Reading, Batches), Problem> {
        let wanted = self.reading.plan.wanted(self.source.heads());
        Ok((self.reading, self.source.batches(&wanted)?))
    }

    /// The rows with all columns.
    pub(super) fn whole(self) -> Result<(Reading, Batches), Problem> {
        Ok((self.reading, self.source.all()?))
    }
}

impl Reading {
    /// The rows with what other tables say of them, and what is wrong there.
    pub(super) fn complete(&self, batch: Batch, options: &ReadOptions) -> Result<(Batch, Vec<Fault>), Problem> {
        let Some((join, heads)) = &self.join else { return Ok((batch, Vec::new())) };
        let setl_ids = BatchReader::new(&batch, &self.plan, options).texts(Field::SetlId)?;
        let claims = join.claims(&setl_ids);
        Ok((join.widen(batch, heads, &claims)?, join.faults(&claims)))
    }
}
