//! Reading whole files of claims.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::columns::{Claims, UNKNOWN_FEN};
use super::cross::{Fate, Pool};
use super::fields::Field;
use super::options::ReadOptions;
use super::parse::parse_claims;
use super::plan::Plan;
use super::rejects::{Reject, RejectKind, Rejects};
use super::report::{FileReport, ReadReport};
use super::sift::{Gathered, Shared, Sifted, sift};
use super::sources::{Input, Reading, open};
use super::spill::Spill;
use super::store::{ClaimStore, TEMPORARY};
use crate::frame::{Batch, Source};
use crate::problem::catalogue::claims::{FLOAT_MONEY_ROUNDED, LOS_INCONSISTENT, NORMALISED, TOO_MUCH};
use crate::problem::catalogue::files::{CANNOT_WRITE, NO_ROWS};
use crate::problem::{Problem, Problems, Severity};

/// What one run can hold: rows, and places in a column of texts, are counted with 32 bits.
#[derive(Clone, Copy, Debug)]
struct Limits {
    rows: u64,
    text_bytes: usize,
}

const LIMITS: Limits = Limits { rows: 1 << 31, text_bytes: 3 << 30 };

/// Reads claims, checks them, and leaves out what does not count. Paths are files in wide form, or the tables of the
/// long form, or folders with either. The claims come sorted by `setl_id`, whatever the order of files and rows.
pub fn read(paths: &[PathBuf], options: &ReadOptions) -> Result<(Claims, Rejects, ReadReport), Problems> {
    let (store, rejects, report) = read_input(Input::Paths(paths), options, None)?;
    Ok((store.into_whole(), rejects, report))
}

/// The same, to be had chunk by chunk. With a folder, what was read goes to a temporary file there and not into memory.
pub fn store(
    paths: &[PathBuf],
    options: &ReadOptions,
    dir: Option<&Path>,
) -> Result<(ClaimStore, Rejects, ReadReport), Problems> {
    read_input(Input::Paths(paths), options, dir)
}

/// The same of rows in memory, in wide form.
pub fn claims_of(name: &str, source: Source, options: &ReadOptions) -> Result<(Claims, Rejects, ReadReport), Problems> {
    let (store, rejects, report) = read_input(Input::Rows(name.to_owned(), source), options, None)?;
    Ok((store.into_whole(), rejects, report))
}

/// The numbers, in the order read, of the rows that [`claims_of`] accepts, sorted by `setl_id`.
pub fn accepted_of(
    name: &str,
    source: Source,
    options: &ReadOptions,
) -> Result<(Vec<u32>, Rejects, ReadReport), Problems> {
    let (store, rejects, report) = read_input(Input::Rows(name.to_owned(), source), options, None)?;
    Ok((store.into_numbers(), rejects, report))
}

fn read_input(
    input: Input<'_>,
    options: &ReadOptions,
    dir: Option<&Path>,
) -> Result<(ClaimStore, Rejects, ReadReport), Problems> {
    let fields: Vec<Field> = Field::of_claims().collect();
    let (opened, join) = open(input, &fields, &needed_columns(options), options)?;
    let spill = dir.map(Spill::in_dir).transpose().map_err(|e| not_spilled(&e))?;
    let mut intake = Intake::new(options, spill);
    let width = intake.width;
    for file in opened {
        intake.start_file(&file.file, &file.reading.plan);
        let (reading, mut batches) = file.needed()?;
        let mut some = batches.some(width)?;
        while !some.is_empty() {
            if batches.can_read_ahead() {
                let (next, added) = rayon::join(|| batches.some(width), || intake.add(some, &reading));
                added?;
                some = next?;
            } else {
                intake.add(some, &reading)?;
                some = batches.some(width)?;
            }
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
    Ok(intake.finish()?)
}

pub(super) fn needed_columns(options: &ReadOptions) -> Vec<Field> {
    let mut needed = Field::NEEDED_TO_PAY.to_vec();
    needed.extend(options.required.iter().filter(|field| !Field::NEEDED_TO_PAY.contains(field)));
    needed
}

/// The temporary file cannot be written.
fn not_spilled(error: &io::Error) -> Problem {
    Problem::new(&CANNOT_WRITE).with("reason", error).file(TEMPORARY)
}

/// A stay of which the length does not agree with the dates: the first that was read, and how many there are.
#[derive(Clone, Debug)]
pub(super) struct OddLos {
    pub count: usize,
    pub file: u32,
    pub line: u64,
    pub days: i32,
    pub admitted: i32,
    pub discharged: i32,
}

/// Claims while they come in.
pub(super) struct Intake<'a> {
    options: &'a ReadOptions,
    /// Batches parsed at a time.
    width: usize,
    limits: Limits,
    spill: Option<Spill>,
    shared: Mutex<Shared>,
    gathered: Gathered,
    /// Rows of all files, and bytes of long texts, so far.
    rows: u64,
    text_bytes: usize,
    files: Vec<Arc<str>>,
    report: ReadReport,
    odd_los: Option<OddLos>,
}

impl<'a> Intake<'a> {
    pub(super) fn new(options: &'a ReadOptions, spill: Option<Spill>) -> Intake<'a> {
        Intake {
            options,
            width: rayon::current_num_threads().max(1) * 2,
            limits: LIMITS,
            spill,
            shared: Mutex::default(),
            gathered: Gathered::default(),
            rows: 0,
            text_bytes: 0,
            files: Vec::new(),
            report: ReadReport::default(),
            odd_los: None,
        }
    }

    pub(super) fn start_file(&mut self, file: &str, plan: &Plan) {
        self.files.push(file.into());
        self.report.files.push(FileReport { name: file.to_owned(), rows: 0 });
        self.report.warnings.append(plan.warnings.clone());
    }

    /// Parses batches of the current file, all at once, and takes them in one after another.
    pub(super) fn add(&mut self, batches: Vec<Batch>, reading: &Reading) -> Result<(), Problem> {
        let file = u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX);
        let mut base = self.rows;
        let mut placed: Vec<(u64, Batch)> = Vec::new();
        for batch in batches {
            let rows = batch.len() as u64;
            placed.push((base, batch));
            base += rows;
        }
        let too_much = |rows: u64| Problem::new(&TOO_MUCH).file(placed[0].1.file().clone()).with("rows", rows);
        if base > self.limits.rows {
            return Err(too_much(self.rows));
        }
        let too_much = too_much(self.rows);
        let (options, shared, spill) = (self.options, &self.shared, self.spill.as_ref());
        let parse = |(base, batch): (u64, Batch)| {
            let (batch, faults) = reading.complete(batch, options)?;
            let part = parse_claims(&batch, faults, reading, options)?;
            sift(part, &batch, (file, base), shared, spill).map_err(|e| not_spilled(&e))
        };
        let parts: Vec<Result<Sifted, Problem>> = placed.into_par_iter().map(parse).collect();
        for part in parts {
            let part = part?;
            self.text_bytes += if self.spill.is_none() { part.text_bytes } else { 0 };
            if self.text_bytes > self.limits.text_bytes {
                return Err(too_much);
            }
            self.take(part);
        }
        Ok(())
    }

    fn take(&mut self, part: Sifted) {
        self.rows += part.rows as u64;
        for (field, count) in &part.normalised {
            *self.report.normalised.entry(*field).or_default() += count;
        }
        for (field, count) in &part.floats_changed {
            *self.report.floats_changed.entry(*field).or_default() += count;
        }
        match (&mut self.odd_los, &part.odd_los) {
            (Some(own), Some(more)) => own.count += more.count,
            (own, more) => *own = own.take().or_else(|| more.clone()),
        }
        self.report.input = self.report.input.plus(part.input);
        if let Some(file) = self.report.files.last_mut() {
            file.rows += part.rows as u64;
        }
        self.gathered.add(part);
    }

    pub(super) fn end_file(&mut self) {
        if let Some(file) = self.report.files.last().filter(|file| file.rows == 0) {
            self.report.warnings.push(Problem::new(&NO_ROWS).file(file.name.as_str()));
        }
    }

    /// Decides on all rows.
    pub(super) fn finish(mut self) -> Result<(ClaimStore, Rejects, ReadReport), Problem> {
        self.warn();
        let Intake { gathered, spill, shared, files, mut report, .. } = self;
        let shared = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut decided = gathered.decide(&files, shared, spill).map_err(|e| not_spilled(&e))?;
        let (pool, places) = (&decided.pool, &decided.places);
        for (row, fate) in pool.fates.iter().enumerate() {
            let amount = Some(pool.claims.total_fen[row]).filter(|&fen| fen != UNKNOWN_FEN);
            match fate {
                Fate::Accepted => {}
                Fate::Rejected => report.rejected.add(amount),
                Fate::Excluded => report.excluded.add(amount),
            }
        }
        report.accepted = report.input.minus(report.rejected.plus(report.excluded));
        report.assert_conserved();
        let rejects = rejects(pool, places, &files);
        decided.pool = Pool::default();
        Ok((ClaimStore::of(decided.store), rejects, report))
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
        if let Some(odd) = &self.odd_los {
            let problem = Problem::new(&LOS_INCONSISTENT)
                .file(self.files[odd.file as usize].clone())
                .row(odd.line)
                .column(Field::ActIptDays.name());
            let problem = problem.with("count", odd.count).with("days", odd.days);
            let problem = problem.with("admitted", day_text(odd.admitted));
            warnings.push(problem.with("discharged", day_text(odd.discharged)));
        }
    }
}

/// The reasons for which rows are not paid. `places`: file, by number, and row in it.
fn rejects(pool: &Pool, places: &[(u32, u64)], files: &[Arc<str>]) -> Rejects {
    let file = |row: usize| files[places[row].0 as usize].clone();
    let rows = pool.faults.iter().map(|fault| Reject {
        file: fault.elsewhere.as_ref().map_or_else(|| file(fault.row), |(file, _)| file.clone()),
        row: fault.elsewhere.as_ref().map_or(places[fault.row].1, |(_, row)| *row),
        setl_id: pool.claims.stays.setl_id.get(fault.row).to_owned(),
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
        let mut intake = Intake { limits, ..Intake::new(&options, None) };
        for opened in opened {
            intake.start_file(&opened.file, &opened.reading.plan);
            let (reading, batches) = opened.needed()?;
            intake.add(batches.collect::<Result<_, _>>()?, &reading)?;
        }
        let (store, rejects, report) = intake.finish()?;
        Ok((store.into_whole(), rejects, report))
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
