//! Reading stays only to group them: every row is kept, in order, with all columns of its file.

use std::path::PathBuf;

use super::column::BatchReader;
use super::columns::{Sex, Stays};
use super::fields::Field;
use super::options::ReadOptions;
use super::parse::{note_ragged, parse_stays};
use super::plan::Plan;
use super::rejects::{Reject, RejectKind, Rejects};
use super::report::{FileReport, ReadReport};
use crate::frame::{Batch, Batches, Source};
use crate::problem::catalogue::claims::{NORMALISED, UNUSUAL_SEX};
use crate::problem::catalogue::files::NO_ROWS;
use crate::problem::{Problem, Problems};

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
    waiting: std::vec::IntoIter<(String, Source, Plan)>,
    current: Option<(Plan, usize, Batches)>,
    rejects: Rejects,
    report: ReadReport,
    unusual_sex: (u64, String),
}

/// Opens files of stays. Only `setl_id`, `gend` and `diag_codes` must be there.
pub fn read_stays<'a>(paths: &[PathBuf], options: &'a ReadOptions) -> Result<StayReader<'a>, Problems> {
    let mut problems = Problems::new();
    let mut waiting = Vec::new();
    let mut report = ReadReport::default();
    for path in paths {
        let file = path.display().to_string();
        match Source::open(path) {
            Ok(source) => match Plan::of(source.heads(), &file, Field::OF_STAYS, Field::NEEDED_TO_GROUP, options) {
                Ok(plan) => {
                    report.warnings.append(plan.warnings.clone());
                    waiting.push((file, source, plan));
                }
                Err(more) => problems.append(more),
            },
            Err(problem) => problems.push(problem),
        }
    }
    problems.or(()).map(|_| StayReader {
        options,
        waiting: waiting.into_iter(),
        current: None,
        rejects: Rejects::default(),
        report,
        unusual_sex: (0, String::new()),
    })
}

impl Iterator for StayReader<'_> {
    type Item = Result<StayBatch, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((plan, columns, mut batches)) = self.current.take() {
                match batches.next() {
                    Some(Ok(batch)) => {
                        let parsed = self.parse(batch, &plan, columns);
                        self.current = Some((plan, columns, batches));
                        return Some(parsed);
                    }
                    Some(Err(problem)) => return Some(Err(problem)),
                    None => self.end_file(),
                }
            }
            let (file, source, plan) = self.waiting.next()?;
            self.report.files.push(FileReport { name: file, rows: 0 });
            let columns = source.heads().len();
            match source.all() {
                Ok(batches) => self.current = Some((plan, columns, batches)),
                Err(problem) => return Some(Err(problem)),
            }
        }
    }
}

impl StayReader<'_> {
    fn end_file(&mut self) {
        if let Some(file) = self.report.files.last().filter(|file| file.rows == 0) {
            self.report.warnings.push(Problem::new(&NO_ROWS).file(file.name.as_str()));
        }
    }

    fn parse(&mut self, batch: Batch, plan: &Plan, columns: usize) -> Result<StayBatch, Problem> {
        let mut reader = BatchReader::new(&batch, plan, self.options);
        note_ragged(&batch, columns, &mut reader);
        let (stays, gend) = parse_stays(&mut reader)?;
        let mut findings = reader.findings;
        findings.faults.sort_by_key(|fault| fault.row);
        let mut unreadable = vec![false; batch.len()];
        for fault in findings.faults {
            unreadable[fault.row] = true;
            self.rejects.rows.push(Reject {
                file: batch.file().clone(),
                row: batch.row_number(fault.row),
                setl_id: stays.setl_id.get(fault.row).to_owned(),
                field: fault.field.map_or("", Field::name),
                entry: fault.entry,
                value: fault.value,
                args: fault.args,
                kind: RejectKind::Rejected,
            });
        }
        for (row, _) in stays.sex.iter().enumerate().filter(|(_, sex)| **sex == Sex::Other) {
            if self.unusual_sex.0 == 0 {
                self.unusual_sex.1 = gend.get(row).to_owned();
            }
            self.unusual_sex.0 += 1;
        }
        for (field, count) in findings.normalised {
            *self.report.normalised.entry(field).or_default() += count;
        }
        for &faulty in &unreadable {
            self.report.input.add(None);
            if faulty { self.report.rejected.add(None) } else { self.report.accepted.add(None) }
        }
        if let Some(file) = self.report.files.last_mut() {
            file.rows += batch.len() as u64;
        }
        Ok(StayBatch { batch, stays, unreadable })
    }

    /// What was found in the rows read.
    #[must_use]
    pub fn finish(mut self) -> (Rejects, ReadReport) {
        for (field, count) in &self.report.normalised {
            let problem = Problem::new(&NORMALISED).column(field.name());
            self.report.warnings.push(problem.with("field", field.name()).with("count", count));
        }
        let (count, first) = self.unusual_sex;
        if count > 0 {
            let problem = Problem::new(&UNUSUAL_SEX).column(Field::Gend.name());
            self.report.warnings.push(problem.with("count", count).with("value", first));
        }
        self.report.assert_conserved();
        (self.rejects, self.report)
    }
}
