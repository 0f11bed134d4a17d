//! Reading stays only to group them: every row is kept, in order, with all columns of its file.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::column::{BatchReader, Findings};
use super::columns::{Sex, Stays};
use super::fields::Field;
use super::join::Join;
use super::options::ReadOptions;
use super::parse::{note_ragged, parse_stays};
use super::rejects::{Reject, RejectKind, Rejects};
use super::report::{FileReport, ReadReport};
use super::sources::{Input, Opened, Reading, open};
use crate::frame::{Batch, Batches, Source};
use crate::problem::catalogue::claims::{CODES_NOT_SEPARATED, CODES_NOT_SEPARATED_ROWS, NORMALISED, UNUSUAL_SEX};
use crate::problem::catalogue::files::NO_ROWS;
use crate::problem::{Problem, Problems};
use crate::text::Dictionary;

/// Rows of one file: as they were read, and as grouping needs them.
#[derive(Clone, Debug)]
pub struct StayBatch {
    pub batch: Batch,
    pub stays: Stays,
    /// Rows of which a field could not be read, such as an age of `abc`: they group as `invalid`.
    pub unreadable: Vec<bool>,
}

/// Stays, some at a time. When all are read, [`StayReader::finish`] tells what was found.
pub struct StayReader<'a> {
    options: &'a ReadOptions,
    waiting: std::vec::IntoIter<Opened>,
    current: Option<(Reading, Batches)>,
    ready: VecDeque<Result<StayBatch, Problem>>,
    join: Option<Arc<Join>>,
    rejects: Rejects,
    report: ReadReport,
    unusual_sex: (u64, String),
    not_separated: (u64, String),
}

/// Opens files of stays, in wide or long form. Only `setl_id`, `gend` and `diag_codes` must be there.
pub fn read_stays<'a>(paths: &[PathBuf], options: &'a ReadOptions) -> Result<StayReader<'a>, Problems> {
    let (opened, join) = open(Input::Paths(paths), Field::OF_STAYS, Field::NEEDED_TO_GROUP, options)?;
    Ok(StayReader::new(opened, join, options))
}

/// The same of rows in memory, in wide form.
pub fn stays_of<'a>(name: &str, source: Source, options: &'a ReadOptions) -> Result<StayReader<'a>, Problems> {
    let input = Input::Rows(name.to_owned(), source);
    let (opened, join) = open(input, Field::OF_STAYS, Field::NEEDED_TO_GROUP, options)?;
    Ok(StayReader::new(opened, join, options))
}

impl Iterator for StayReader<'_> {
    type Item = Result<StayBatch, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            if let Err(problem) = self.fill()? {
                self.current = None;
                self.waiting = Vec::new().into_iter();
                return Some(Err(problem));
            }
        }
    }
}

/// A batch with its stays and what was found in it.
struct Parsed {
    batch: StayBatch,
    gend: Dictionary,
    findings: Findings,
}

impl<'a> StayReader<'a> {
    fn new(opened: Vec<Opened>, join: Option<Arc<Join>>, options: &'a ReadOptions) -> StayReader<'a> {
        let mut report = ReadReport::default();
        opened.iter().for_each(|file| report.warnings.append(file.reading.plan.warnings.clone()));
        StayReader {
            options,
            waiting: opened.into_iter(),
            current: None,
            ready: VecDeque::new(),
            join,
            rejects: Rejects::default(),
            report,
            unusual_sex: (0, String::new()),
            not_separated: (0, String::new()),
        }
    }

    /// Reads some more batches. `None` when all files are read.
    fn fill(&mut self) -> Option<Result<(), Problem>> {
        let Some((reading, mut batches)) = self.current.take() else {
            let file = self.waiting.next()?;
            self.report.files.push(FileReport { name: file.file.clone(), rows: 0 });
            return Some(file.whole().map(|opened| self.current = Some(opened)));
        };
        let width = rayon::current_num_threads().max(1);
        let some: Vec<Result<Batch, Problem>> = batches.by_ref().take(width).collect();
        if some.is_empty() {
            self.end_file();
            return Some(Ok(()));
        }
        let options = self.options;
        let parsed: Vec<Result<Parsed, Problem>> =
            some.into_par_iter().map(|batch| parse(batch?, &reading, options)).collect();
        for parsed in parsed {
            let taken = parsed.map(|parsed| self.take(parsed));
            self.ready.push_back(taken);
        }
        self.current = Some((reading, batches));
        Some(Ok(()))
    }

    fn end_file(&mut self) {
        if let Some(file) = self.report.files.last().filter(|file| file.rows == 0) {
            self.report.warnings.push(Problem::new(&NO_ROWS).file(file.name.as_str()));
        }
    }

    fn take(&mut self, parsed: Parsed) -> StayBatch {
        let Parsed { mut batch, gend, findings } = parsed;
        for fault in findings.faults {
            if fault.entry == &CODES_NOT_SEPARATED {
                count(&mut self.not_separated, &fault.value);
                continue;
            }
            batch.unreadable[fault.row] = true;
            let (file, row) =
                fault.elsewhere.unwrap_or_else(|| (batch.batch.file().clone(), batch.batch.row_number(fault.row)));
            self.rejects.rows.push(Reject {
                file,
                row,
                setl_id: batch.stays.setl_id.get(fault.row).to_owned(),
                field: fault.field,
                entry: fault.entry,
                value: fault.value,
                args: fault.args,
                kind: RejectKind::Rejected,
            });
        }
        for (row, _) in batch.stays.sex.iter().enumerate().filter(|(_, sex)| **sex == Sex::Other) {
            count(&mut self.unusual_sex, gend.get(row));
        }
        for (field, count) in findings.normalised {
            *self.report.normalised.entry(field).or_default() += count;
        }
        let unreadable = batch.unreadable.iter().filter(|unreadable| **unreadable).count() as u64;
        let rows = batch.unreadable.len() as u64;
        self.report.input.add_without_amount(rows);
        self.report.rejected.add_without_amount(unreadable);
        self.report.accepted.add_without_amount(rows - unreadable);
        if let Some(file) = self.report.files.last_mut() {
            file.rows += batch.stays.len() as u64;
        }
        batch
    }

    /// What was found in the rows read.
    #[must_use]
    pub fn finish(mut self) -> (Rejects, ReadReport) {
        if let Some(join) = &self.join {
            for (&field, count) in &join.normalised {
                *self.report.normalised.entry(field).or_default() += count;
            }
        }
        let warnings = &mut self.report.warnings;
        for (field, count) in &self.report.normalised {
            let problem = Problem::new(&NORMALISED).column(field.name());
            warnings.push(problem.with("field", field.name()).with("count", count));
        }
        for (entry, (count, first)) in
            [(&UNUSUAL_SEX, self.unusual_sex), (&CODES_NOT_SEPARATED_ROWS, self.not_separated)]
        {
            if count > 0 {
                warnings.push(Problem::new(entry).with("count", count).with("value", first));
            }
        }
        if let Some(join) = &self.join {
            warnings.append(join.warnings.clone());
            warnings.append(join.orphans());
        }
        self.report.assert_conserved();
        (self.rejects, self.report)
    }
}

fn count(seen: &mut (u64, String), value: &str) {
    if seen.0 == 0 {
        value.clone_into(&mut seen.1);
    }
    seen.0 += 1;
}

fn parse(batch: Batch, reading: &Reading, options: &ReadOptions) -> Result<Parsed, Problem> {
    let (batch, faults) = reading.complete(batch, options)?;
    let mut reader = BatchReader::new(&batch, &reading.plan, options);
    reader.findings.faults = faults;
    note_ragged(&batch, reading.columns, &mut reader);
    let (stays, gend) = parse_stays(&mut reader)?;
    let mut findings = reader.findings;
    findings.faults.sort_by_key(|fault| fault.row);
    let unreadable = vec![false; batch.len()];
    Ok(Parsed { batch: StayBatch { batch, stays, unreadable }, gend, findings })
}
