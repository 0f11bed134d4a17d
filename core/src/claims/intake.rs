//! Reading whole files of claims.

use std::path::PathBuf;
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::columns::{Claims, UNKNOWN_FEN};
use super::cross::{Fate, Pool};
use super::fields::Field;
use super::options::ReadOptions;
use super::parse::{Part, parse_claims};
use super::plan::Plan;
use super::rejects::{Reject, RejectKind, Rejects};
use super::report::{FileReport, ReadReport};
use super::sources::{Input, Reading, open};
use super::store::ClaimStore;
use crate::frame::{Batch, Source};
use crate::problem::catalogue::claims::{FLOAT_MONEY_ROUNDED, LOS_INCONSISTENT, NORMALISED, TOO_MUCH};
use crate::problem::catalogue::files::NO_ROWS;
use crate::problem::{Problem, Problems, Severity};

/// What one run can hold: rows, and places in a column of texts, are counted with 32 bits.
#[derive(Clone, Copy, Debug)]
struct Limits {
    rows: usize,
    text_bytes: usize,
}

const LIMITS: Limits = Limits { rows: 1 << 31, text_bytes: 3 << 30 };

/// Reads claims, checks them, and leaves out what does not count. Paths are files in wide form, or the tables of the
/// long form, or folders with either. The claims come sorted by `setl_id`, whatever the order of files and rows.
pub fn read(paths: &[PathBuf], options: &ReadOptions) -> Result<(Claims, Rejects, ReadReport), Problems> {
    read_input(Input::Paths(paths), options)
}

/// The same, to be had chunk by chunk.
pub fn store(paths: &[PathBuf], options: &ReadOptions) -> Result<(ClaimStore, Rejects, ReadReport), Problems> {
    let (claims, rejects, report) = read(paths, options)?;
    Ok((ClaimStore::of(claims), rejects, report))
}

/// The same of rows in memory, in wide form.
pub fn claims_of(name: &str, source: Source, options: &ReadOptions) -> Result<(Claims, Rejects, ReadReport), Problems> {
    read_input(Input::Rows(name.to_owned(), source), options)
}

/// The numbers, in the order read, of the rows that [`claims_of`] accepts, sorted by `setl_id`.
pub fn accepted_of(
    name: &str,
    source: Source,
    options: &ReadOptions,
) -> Result<(Vec<u32>, Rejects, ReadReport), Problems> {
    let (accepted, _, rejects, report) = gather(Input::Rows(name.to_owned(), source), options)?.decide();
    Ok((accepted, rejects, report))
}

fn read_input(input: Input<'_>, options: &ReadOptions) -> Result<(Claims, Rejects, ReadReport), Problems> {
    let (accepted, claims, rejects, report) = gather(input, options)?.decide();
    Ok((claims.take(&accepted), rejects, report))
}

fn gather<'a>(input: Input<'_>, options: &'a ReadOptions) -> Result<Intake<'a>, Problems> {
    let fields: Vec<Field> = Field::of_claims().collect();
    let (opened, join) = open(input, &fields, &needed_columns(options), options)?;
    let mut intake = Intake::new(options);
    for file in opened {
        intake.start_file(&file.file, &file.reading.plan);
        let (reading, mut batches) = file.needed()?;
        loop {
            let some = batches.by_ref().take(intake.width).collect::<Result<Vec<Batch>, Problem>>()?;
            if some.is_empty() {
                break;
            }
            intake.add(some, &reading)?;
        }
        intake.end_file();
    }
    if let Some(join) = join {
        intake.report.warnings.append(join.warnings.clone());
        intake.report.warnings.append(join.orphans());
        for (&field, count) in &join.normalised {
            *intake.report.normalised.entry(field).or_default() += count;
        }
    }
    Ok(intake)
}

pub(super) fn needed_columns(options: &ReadOptions) -> Vec<Field> {
    let mut needed = Field::NEEDED_TO_PAY.to_vec();
    needed.extend(options.required.iter().filter(|field| !Field::NEEDED_TO_PAY.contains(field)));
    needed
}

/// Claims while they come in.
pub(super) struct Intake<'a> {
    options: &'a ReadOptions,
    /// Batches parsed at a time.
    width: usize,
    limits: Limits,
    pool: Pool,
    files: Vec<Arc<str>>,
    /// The file, by number, and the row in it of each row.
    places: Vec<(u32, u64)>,
    report: ReadReport,
    odd_los: Vec<usize>,
}

impl<'a> Intake<'a> {
    pub(super) fn new(options: &'a ReadOptions) -> Intake<'a> {
        Intake {
            options,
            width: rayon::current_num_threads().max(1),
            limits: LIMITS,
            pool: Pool::default(),
            files: Vec::new(),
            places: Vec::new(),
            report: ReadReport::default(),
            odd_los: Vec::new(),
        }
    }

    pub(super) fn start_file(&mut self, file: &str, plan: &Plan) {
        self.files.push(file.into());
        self.report.files.push(FileReport { name: file.to_owned(), rows: 0 });
        self.report.warnings.append(plan.warnings.clone());
    }

    /// Parses batches of the current file, all at once, and takes them in one after another.
    pub(super) fn add(&mut self, batches: Vec<Batch>, reading: &Reading) -> Result<(), Problem> {
        let parse = |batch: Batch| {
            let (batch, faults) = reading.complete(batch, self.options)?;
            Ok((parse_claims(&batch, faults, reading, self.options)?, batch))
        };
        let parts: Vec<Result<(Part, Batch), Problem>> = batches.into_par_iter().map(parse).collect();
        for part in parts {
            let (part, batch) = part?;
            self.take(&batch, part)?;
        }
        Ok(())
    }

    fn take(&mut self, batch: &Batch, part: Part) -> Result<(), Problem> {
        let base = self.places.len();
        let file = u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX);
        let claims = &self.pool.claims;
        let heaps = [
            (claims.stays.setl_id.heap(), part.claims.stays.setl_id.heap()),
            (claims.mdtrt_id.heap(), part.claims.mdtrt_id.heap()),
            (claims.psn_no.heap(), part.claims.psn_no.heap()),
            (claims.stays.diagnoses.heap(), part.claims.stays.diagnoses.heap()),
            (claims.stays.procedures.heap(), part.claims.stays.procedures.heap()),
            (self.pool.keys.reverses.heap(), part.keys.reverses.heap()),
        ];
        let too_long = heaps.iter().any(|(all, more)| all.len() + more.len() > self.limits.text_bytes);
        if base + batch.len() > self.limits.rows || too_long {
            return Err(Problem::new(&TOO_MUCH).file(batch.file().clone()).with("rows", base));
        }
        self.places.extend((0..batch.len()).map(|row| (file, batch.row_number(row))));
        self.pool.claims.append(&part.claims);
        self.pool.keys.append(&part.keys);
        for mut fault in part.findings.faults {
            fault.row += base;
            self.pool.faults.push(fault);
        }
        for (field, count) in part.findings.normalised {
            *self.report.normalised.entry(field).or_default() += count;
        }
        for (field, count) in part.findings.floats_changed {
            *self.report.floats_changed.entry(field).or_default() += count;
        }
        self.odd_los.extend(part.odd_los.iter().map(|row| base + row));
        if let Some(file) = self.report.files.last_mut() {
            file.rows += batch.len() as u64;
        }
        Ok(())
    }

    pub(super) fn end_file(&mut self) {
        if let Some(file) = self.report.files.last().filter(|file| file.rows == 0) {
            self.report.warnings.push(Problem::new(&NO_ROWS).file(file.name.as_str()));
        }
    }

    /// Decides on all rows: the accepted ones, by `setl_id`, among all.
    pub(super) fn decide(mut self) -> (Vec<u32>, Claims, Rejects, ReadReport) {
        let (files, places) = (&self.files, &self.places);
        let place = |row: usize| (files[places[row].0 as usize].to_string(), places[row].1);
        let accepted = self.pool.decide(place);
        self.warn();
        self.count();
        let rejects = self.rejects();
        let Intake { pool, mut report, .. } = self;
        report.accepted = Default::default();
        accepted.iter().for_each(|&row| report.accepted.add(Some(pool.claims.total_fen[row as usize])));
        report.assert_conserved();
        (accepted, pool.claims, rejects, report)
    }

    fn count(&mut self) {
        for (row, fate) in self.pool.fates.iter().enumerate() {
            let amount = Some(self.pool.claims.total_fen[row]).filter(|&fen| fen != UNKNOWN_FEN);
            self.report.input.add(amount);
            match fate {
                Fate::Accepted => {}
                Fate::Rejected => self.report.rejected.add(amount),
                Fate::Excluded => self.report.excluded.add(amount),
            }
        }
    }

    fn file(&self, row: usize) -> Arc<str> {
        self.files[self.places[row].0 as usize].clone()
    }

    fn rejects(&self) -> Rejects {
        let rows = self.pool.faults.iter().map(|fault| Reject {
            file: fault.elsewhere.as_ref().map_or_else(|| self.file(fault.row), |(file, _)| file.clone()),
            row: fault.elsewhere.as_ref().map_or(self.places[fault.row].1, |(_, row)| *row),
            setl_id: self.pool.claims.stays.setl_id.get(fault.row).to_owned(),
            field: fault.field,
            entry: fault.entry,
            value: fault.value.clone(),
            args: fault.args.clone(),
            kind: match fault.entry.severity {
                Severity::Error => RejectKind::Rejected,
                Severity::Warning => RejectKind::Excluded,
            },
        });
        Rejects { rows: rows.collect() }
    }

    fn warn(&mut self) {
        use super::check::day_text;
        let warnings = &mut self.report.warnings;
        for (field, count) in &self.report.normalised {
            let problem = Problem::new(&NORMALISED).column(field.name());
            warnings.push(problem.with("field", field.name()).with("count", count));
        }
        if let Some(rounding) = self.options.float_money {
            for (field, count) in &self.report.floats_changed {
                let problem = Problem::new(&FLOAT_MONEY_ROUNDED).column(field.name()).with("column", field.name());
                warnings.push(problem.with("rounding", rounding.code()).with("count", count));
            }
        }
        if let Some(&first) = self.odd_los.first() {
            let claims = &self.pool.claims;
            let problem = Problem::new(&LOS_INCONSISTENT)
                .file(self.files[self.places[first].0 as usize].clone())
                .row(self.places[first].1)
                .column(Field::ActIptDays.name());
            let problem = problem.with("count", self.odd_los.len()).with("days", claims.stays.los_days[first]);
            let problem = problem.with("admitted", day_text(claims.admitted[first]));
            warnings.push(problem.with("discharged", day_text(claims.discharged[first])));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn read_within(limits: Limits) -> Result<(Claims, Rejects, ReadReport), Problems> {
        let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        let header = Field::NEEDED_TO_PAY.iter().map(|field| field.name()).collect::<Vec<_>>().join(",");
        let row = "an identifier of thirty-two bytes,H1,310,1,55,2026-03-15,I21.000,,5";
        write!(file, "{header}\n{row}1\n{row}2\n").unwrap();
        let options = ReadOptions::default();
        let fields: Vec<Field> = Field::of_claims().collect();
        let (opened, _) = open(Input::Paths(&[file.path().to_owned()]), &fields, &needed_columns(&options), &options)?;
        let mut intake = Intake { limits, ..Intake::new(&options) };
        for opened in opened {
            intake.start_file(&opened.file, &opened.reading.plan);
            let (reading, batches) = opened.needed()?;
            intake.add(batches.collect::<Result<_, _>>()?, &reading)?;
        }
        let (_, claims, rejects, report) = intake.decide();
        Ok((claims, rejects, report))
    }

    #[test]
    fn more_than_a_run_can_hold_is_refused() {
        let enough = Limits { rows: 2, text_bytes: 70 };
        assert_eq!(read_within(enough).map(|read| read.2.input.rows), Ok(2));
        for limits in [Limits { rows: 1, ..enough }, Limits { text_bytes: 60, ..enough }] {
            assert_eq!(read_within(limits).map(|_| ()).unwrap_err().0[0].entry, &TOO_MUCH);
        }
    }
}
