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
    paths: &[PathBuf],
    fields: &[Field],
    needed: &[Field],
    options: &ReadOptions,
) -> Result<(Vec<Opened>, Option<Arc<Join>>), Problems> {
    let mut tables = vec![TableKind::Setlinfo, TableKind::Diseinfo];
    if needed.contains(&Field::OprnCodes) {
        tables.push(TableKind::Oprninfo);
    }
    let mut problems = Problems::new();
    let (files, join) = match sort_out(paths, &tables)? {
        Form::Wide(files) => (files, None),
        Form::Long { setlinfo, others } => match Join::read(&others, options) {
            Ok(join) => (setlinfo, Some(Arc::new(join))),
            Err(more) => {
                problems.append(more);
                (setlinfo, None)
            }
        },
    };
    let broken_join = problems.has_errors();
    let mut opened = Vec::new();
    for path in files {
        let file = path.display().to_string();
        match Source::open(&path) {
            // Without the other tables it cannot be told what is missing.
            Ok(_) if broken_join => {}
            Ok(source) => {
                let added = join.as_ref().map_or_else(Vec::new, |join| join.heads(source.heads(), options));
                let heads: Vec<Head> = source.heads().iter().chain(&added).cloned().collect();
                match Plan::of(&heads, &file, fields, needed, options) {
                    Ok(plan) => {
                        let columns = source.heads().len();
                        let join = join.clone().map(|join| (join, added));
                        opened.push(Opened { file, source, reading: Reading { plan, columns, join } });
                    }
                    Err(more) => problems.append(more),
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    problems.or((opened, join)).map(|(opened, _)| opened)
}

/// One source in wide form.
pub(super) fn wide(
    file: String,
    source: Source,
    fields: &[Field],
    needed: &[Field],
    options: &ReadOptions,
) -> Result<Opened, Problems> {
    let plan = Plan::of(source.heads(), &file, fields, needed, options)?;
    let columns = source.heads().len();
    Ok(Opened { file, source, reading: Reading { plan, columns, join: None } })
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
