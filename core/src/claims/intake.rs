//! Reading whole files of claims.

use std::path::PathBuf;
use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::columns::{Claims, UNKNOWN_FEN};
use super::cross::{Fate, Pool};
use super::fields::Field;
use super::options::ReadOptions;
use super::parse::{Part, parse_claims};
use super::plan::Plan;
use super::rejects::{Reject, RejectKind, Rejects};
use super::report::{FileReport, ReadReport};
use crate::frame::{Batch, Source};
use crate::problem::catalogue::claims::{FLOAT_MONEY_ROUNDED, LOS_INCONSISTENT, NORMALISED, TOO_MUCH};
use crate::problem::catalogue::files::NO_ROWS;
use crate::problem::{Problem, Problems, Severity};

/// Bytes that one column of texts may take: places in it are counted with 32 bits.
const TEXT_BYTES_MAX: usize = 3 << 30;
const ROWS_MAX: usize = 1 << 31;

/// Reads claims in wide form, checks them, and leaves out what does not count. The claims come sorted by `setl_id`,
/// whatever the order of files and rows.
pub fn read(paths: &[PathBuf], options: &ReadOptions) -> Result<(Claims, Rejects, ReadReport), Problems> {
    let mut problems = Problems::new();
    let mut opened = Vec::new();
    let needed = needed_columns(options);
    for path in paths {
        let file = path.display().to_string();
        match Source::open(path) {
            Ok(source) => match Plan::of(source.heads(), &file, Field::ALL, &needed, options) {
                Ok(plan) => opened.push((file, source, plan)),
                Err(more) => problems.append(more),
            },
            Err(problem) => problems.push(problem),
        }
    }
    if problems.has_errors() {
        return Err(problems);
    }
    let mut intake = Intake::new(options);
    for (file, source, plan) in opened {
        let columns = source.heads().len();
        let wanted = plan.wanted(source.heads());
        intake.start_file(&file, &plan);
        let mut batches = source.batches(&wanted)?;
        loop {
            let some = batches.by_ref().take(intake.width).collect::<Result<Vec<Batch>, Problem>>()?;
            if some.is_empty() {
                break;
            }
            intake.add(&some, columns, &plan)?;
        }
        intake.end_file();
    }
    Ok(intake.finish())
}

fn needed_columns(options: &ReadOptions) -> Vec<Field> {
    let mut needed = Field::NEEDED_TO_PAY.to_vec();
    needed.extend(options.required.iter().filter(|field| !Field::NEEDED_TO_PAY.contains(field)));
    needed
}

/// Claims while they come in.
pub(super) struct Intake<'a> {
    options: &'a ReadOptions,
    /// Batches parsed at a time.
    width: usize,
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
    pub(super) fn add(&mut self, batches: &[Batch], columns: usize, plan: &Plan) -> Result<(), Problem> {
        let parse = |batch: &Batch| parse_claims(batch, columns, plan, self.options);
        let parts: Vec<Result<Part, Problem>> = batches.par_iter().map(parse).collect();
        for (batch, part) in batches.iter().zip(parts) {
            self.take(batch, part?)?;
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
        if base + batch.len() > ROWS_MAX || heaps.iter().any(|(all, more)| all.len() + more.len() > TEXT_BYTES_MAX) {
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

    /// Decides on all rows.
    pub(super) fn finish(mut self) -> (Claims, Rejects, ReadReport) {
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
        (pool.claims.take(&accepted), rejects, report)
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

    fn rejects(&self) -> Rejects {
        let rows = self.pool.faults.iter().map(|fault| Reject {
            file: self.files[self.places[fault.row].0 as usize].clone(),
            row: self.places[fault.row].1,
            setl_id: self.pool.claims.stays.setl_id.get(fault.row).to_owned(),
            field: fault.field.map_or("", Field::name),
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
                warnings.push(problem.with("rounding", format!("{rounding:?}")).with("count", count));
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
