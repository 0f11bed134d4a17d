//! Scenarios from a file: the baseline read, every point evaluated, the results written.

mod book;
mod fiscal;
mod inputs;
mod record;
mod sheets;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{PackFiles, Scheme};
use crate::awards::InForce;
use crate::frame::{Format, write_table};
use crate::ledger::Period;
use crate::ledger::manifest::Run;
use crate::policy::{Bundle, open};
use crate::problem::catalogue::{files, scenario as x};
use crate::problem::{Lang, Problem, Problems};
use crate::report::xlsx;
use crate::scenario::file::{Baseline, Study, read};
use crate::scenario::sheets::Cells;
use crate::scenario::{
    Awards, Base, Extra, Heard, Insurance, InsuranceInput, Point, Results, Told, bounds, check_points, points,
    run_until,
};
use crate::table::Table;
use crate::workbook::result::{NamedSheet, ScenarioView, Source, scenario_documents};

/// A scenario file or workbook, and the folder its paths start from.
#[derive(Clone, Debug)]
pub struct StudyFile {
    pub study: Study,
    folder: PathBuf,
    /// Of a workbook: where each part of the study stands.
    cells: Cells,
    /// The bytes of the file, and what reading it told.
    source: Vec<u8>,
    warnings: Problems,
}

/// Results of a scenario file.
#[derive(Clone, Debug)]
pub struct Studied {
    pub title: String,
    pub results: Results,
    pub tables: Vec<(&'static str, Table)>,
    pub warnings: Problems,
    /// What it was made of.
    pub record: Run,
    /// How award rules read the questions that the text leaves open, in the baseline.
    switches: Vec<InForce>,
    names: BTreeMap<String, String>,
}

impl StudyFile {
    /// Reads a scenario file (.toml), or a workbook that was filled in (.xlsx).
    ///
    /// # Errors
    /// Everything that is wrong, by line, or by sheet and cell.
    pub fn read(path: &Path) -> Result<StudyFile, Problems> {
        let shown = path.display().to_string();
        let source = std::fs::read(path)
            .map_err(|error| Problem::new(&files::CANNOT_READ).file(shown.as_str()).with("reason", error))?;
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        if is_workbook(path) {
            return StudyFile::of_workbook(path, source, folder);
        }
        StudyFile::of(&shown, &String::from_utf8_lossy(&source), folder)
    }

    /// Reads the text of a scenario file; its paths start from the folder.
    pub fn of(name: &str, text: &str, folder: PathBuf) -> Result<StudyFile, Problems> {
        let (study, source) = (read(name, text)?, text.as_bytes().to_vec());
        Ok(StudyFile { study, folder, cells: Cells::default(), source, warnings: Problems::new() })
    }

    /// A path of the file, as seen from where the program runs.
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The points of the file.
    pub fn points(&self) -> Result<Vec<Point>, Problems> {
        let study = &self.study;
        let points = points(study).map_err(|problems| self.cells.locate(problems))?;
        let more = study.goal.iter().flatten().count() + study.projection.iter().flatten().count();
        if points.is_empty() && more == 0 { Err(Problem::new(&x::NO_POINTS).into()) } else { Ok(points) }
    }

    /// Checks what can be known without settling: packs, paths and values. Returns the number of points.
    pub fn check(&self) -> Result<usize, Problems> {
        self.check_points().map_err(|problems| self.cells.locate(problems))
    }

    fn check_points(&self) -> Result<usize, Problems> {
        let points = self.points()?;
        let mut base = self.fiscal_base()?;
        if self.has_insurance() {
            // Without claims: only packs are needed to know paths and values.
            let input = InsuranceInput::alone(self.period()?, Vec::new(), self.bundle()?);
            base.insurance = Some(Insurance::new(input)?.0);
        }
        check_points(&base, &[points.clone(), bounds(&self.study)].concat())?;
        Ok(points.len())
    }

    /// Reads the baseline.
    pub fn base(&self) -> Result<(Base, Problems), Problems> {
        let mut base = self.fiscal_base()?;
        base.name_subjects(&points(&self.study).unwrap_or_default());
        if !self.has_insurance() {
            return Ok((base, Problems::new()));
        }
        let (input, check) = match &self.study.baseline.book {
            Some(_) => book::input(self)?,
            None => (inputs::input(self)?, None),
        };
        let (insurance, warnings) = Insurance::new(input)?;
        if let Some(booked) = check {
            booked.check(&insurance)?;
        }
        base.names.extend(insurance.names());
        base.insurance = Some(insurance);
        Ok((base, warnings))
    }

    /// Whether the baseline has an insurance side: it does unless it states fiscal sides only.
    fn has_insurance(&self) -> bool {
        let Baseline { book, scheme, policy, claims, awards, floors, .. } = self.baseline();
        let stated = book.is_some() || scheme.is_some() || policy.is_some() || claims.is_some();
        stated || (awards.is_none() && floors.is_none())
    }

    /// The fiscal sides.
    fn fiscal_base(&self) -> Result<Base, Problems> {
        let mut base = Base::default();
        if let Some(files) = &self.baseline().awards {
            base.awards = Some(fiscal::awards(self, files)?);
        }
        if let Some(files) = &self.baseline().floors {
            base.floors = Some(fiscal::floors(self, files)?);
        }
        Ok(base)
    }

    /// Evaluates every point, then goals and projections.
    pub fn run(&self, tell: &Told<'_>) -> Result<Studied, Problems> {
        self.run_until(&|done| {
            tell(done);
            Ok(())
        })
    }

    /// As [`StudyFile::run`], until `tell` refuses to go on.
    pub fn run_until(&self, tell: &Heard<'_>) -> Result<Studied, Problems> {
        self.evaluate(tell).map_err(|problems| self.cells.locate(problems))
    }

    fn evaluate(&self, tell: &Heard<'_>) -> Result<Studied, Problems> {
        let points = self.points()?;
        tell(0)?;
        let (base, found) = self.base()?;
        let mut warnings = self.warnings.clone();
        warnings.append(found);
        if let Err(found) = check_points(&base, &bounds(&self.study)) {
            let mut problems = check_points(&base, &points).err().unwrap_or_default();
            problems.append(found);
            return Err(problems);
        }
        tell(0)?;
        let results = run_until(&base, &points, tell)?;
        tell(points.len())?;
        warnings.append(results.warnings.clone());
        let (extra, more) = Extra::until(&base, &self.study, &|| tell(points.len()))?;
        warnings.append(more);
        let mut tables = results.tables(&base.names, &self.study);
        tables.extend(results.spread(&self.study, &base.names)?);
        tables.extend(extra.tables(&base.names));
        let title = self.study.title.clone().unwrap_or_default();
        let record = record::of(self, &base, &results, &tables)?;
        let switches = base.awards.as_ref().map_or_else(|| Ok(Vec::new()), Awards::in_force)?;
        let warnings = self.cells.locate(warnings);
        Ok(Studied { title, results, tables, warnings, record, switches, names: base.names })
    }

    fn baseline(&self) -> &Baseline {
        &self.study.baseline
    }

    fn period(&self) -> Result<Period, Problems> {
        let text = self.baseline().period.as_deref().ok_or_else(|| missing("period"))?;
        text.parse().map_err(|_| Problem::new(&x::BAD_PERIOD).with("period", text).into())
    }

    /// The packs, without the claims.
    fn bundle(&self) -> Result<Bundle, Problems> {
        match &self.baseline().book {
            Some(_) => book::bundle(self).map(|(bundle, _)| bundle),
            None => {
                let (scheme, _) = Scheme::read(&self.named(self.baseline().scheme.as_deref(), "scheme")?)?;
                self.given_bundle(&scheme)
            }
        }
    }

    /// The packs that the file names.
    fn given_bundle(&self, scheme: &Scheme) -> Result<Bundle, Problems> {
        let policy = self.named(self.baseline().policy.as_deref(), "policy")?;
        let files = PackFiles::find(&policy, Some(&scheme.source))?;
        open(&files.packs, &files)
    }

    /// A file beside the scenario file, or else a name that comes with the program.
    fn named(&self, name: Option<&str>, key: &str) -> Result<PathBuf, Problems> {
        let name = name.ok_or_else(|| missing(key))?;
        let beside = self.path(name);
        Ok(if beside.exists() { beside } else { PathBuf::from(name) })
    }
}

/// Whether a file is a workbook, by its name.
pub(super) fn is_workbook(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx"))
}

fn missing(what: &str) -> Problems {
    Problem::new(&x::NO_BASELINE).with("what", what).into()
}

impl Studied {
    /// The sheets of the result workbook.
    #[must_use]
    pub fn documents(&self, lang: Lang) -> Vec<NamedSheet> {
        let Studied { title, results, tables, warnings, record, switches, names } = self;
        let source = Source { record, book: None, warnings };
        scenario_documents(&ScenarioView { title, results, tables, names, switches, source }, lang)
    }

    /// Writes one .xlsx workbook, or a .csv and a .parquet file a table into a folder. Returns the paths.
    pub fn write(&self, out: &Path, lang: Lang) -> Result<Vec<PathBuf>, Problems> {
        let cannot = |path: &Path, reason: &dyn std::fmt::Display| {
            Problem::new(&files::CANNOT_WRITE).with("reason", reason).file(path.display().to_string())
        };
        if is_workbook(out) {
            xlsx::write(out, &self.documents(lang), lang)?;
            return Ok(vec![out.to_owned()]);
        }
        std::fs::create_dir_all(out).map_err(|error| cannot(out, &error))?;
        let mut written = Vec::new();
        for (name, table) in &self.tables {
            for extension in ["csv", "parquet"] {
                let path = out.join(format!("{name}.{extension}"));
                Format::of_name(&path)?;
                write_table(&path, table)?;
                written.push(path);
            }
        }
        Ok(written)
    }
}

impl InsuranceInput {
    /// A baseline of one period without anything from earlier ones.
    fn alone(period: Period, units: Vec<crate::scenario::Unit>, bundle: Bundle) -> InsuranceInput {
        InsuranceInput {
            period,
            units,
            bundle,
            carried: Vec::new(),
            corrections: Vec::new(),
            paid: Vec::new(),
            openings: BTreeMap::new(),
            revisions: Vec::new(),
            recognised: Vec::new(),
            booked: None,
        }
    }
}
