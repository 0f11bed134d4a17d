//! Fiscal floors from filled-in accounts, alone or into a fiscal book.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::FiscalPacks;
use super::award::only_year;
use super::intake::input;
use crate::fiscal::{
    self, FloorLine, GovernmentSum, Plan, PlanLine, Policy, Standing, Year, by_government, check, floor_table, plan,
    plan_table,
};
use crate::ledger::manifest::{Input, Run};
use crate::ledger::{Draft, Period, Receipt};
use crate::money::Fen;
use crate::policy::Patch;
use crate::problem::catalogue::awards as a;
use crate::problem::{Lang, Problem, Problems};
use crate::workbook::read_files;

/// The name of this job in manifests.
pub const FISCAL: &str = "fiscal";

/// A policy of floors with the parameters chosen.
#[derive(Clone, Debug)]
pub struct FloorPack {
    pub policy: Policy,
    pub packs: FiscalPacks,
    /// The parameters chosen for this run, for the manifest.
    pub options: BTreeMap<String, String>,
    pub warnings: Problems,
}

impl FloorPack {
    /// Reads a pack, a folder of packs, or a pack that comes with the program by its name. `parameters` change single
    /// ones: `("B14-2.bound", "exact")`.
    ///
    /// # Errors
    /// What is wrong with the pack; parameters that do not exist.
    pub fn read(name: &Path, parameters: &[(String, String)]) -> Result<FloorPack, Problems> {
        let patches: Vec<Patch> =
            parameters.iter().map(|(name, value)| Patch::new(&format!("rules.{name}"), value)).collect();
        let packs = FiscalPacks::read(name, &patches)?;
        let (policy, warnings) = fiscal::compile(&packs.packs)?;
        let options = parameters.iter().map(|(name, value)| (format!("switch.{name}"), value.clone())).collect();
        Ok(FloorPack { policy, packs, options, warnings })
    }
}

/// Filled-in accounts as read.
#[derive(Clone, Debug, Default)]
pub struct FloorFiles {
    pub years: Vec<Year>,
    /// The files, for the manifest.
    pub files: Vec<Input>,
    pub warnings: Problems,
}

impl FloorFiles {
    /// The year of a book that the accounts are for, where nobody names one.
    ///
    /// # Errors
    /// Accounts of several years.
    pub fn period(&self) -> Result<Period, Problem> {
        only_year(&self.years.iter().map(|year| year.year).collect())
    }

    /// Reads workbooks and tables of accounts, and folders of them.
    ///
    /// # Errors
    /// Everything that is wrong, by sheet and cell.
    pub fn read(paths: &[PathBuf], policy: &Policy) -> Result<FloorFiles, Problems> {
        let form = fiscal::form(policy);
        let (handed, mut warnings) = read_files(paths, &[&form])?;
        let sheets: Vec<_> = handed.sheets.into_iter().map(|(_, sheet)| sheet).collect();
        let (years, more) = fiscal::read(policy, &sheets)?;
        warnings.append(more);
        let files = handed.files.iter().map(|path| input("accounts", path)).collect::<Result<_, Problem>>()?;
        Ok(FloorFiles { years, files, warnings })
    }
}

/// Every floor of every government and year, and the way to close the gaps.
#[derive(Clone, Debug)]
pub struct FloorRun {
    pub policy: Policy,
    pub lines: Vec<FloorLine>,
    pub governments: Vec<GovernmentSum>,
    /// Empty when nobody asked.
    pub plan: Vec<PlanLine>,
    pub warnings: Problems,
    /// What it was made of.
    pub record: Run,
}

/// Puts the floors to the accounts, and plans how the gaps are closed.
///
/// # Errors
/// Accounts that contradict each other, amounts too large.
pub fn check_floors(pack: &FloorPack, files: &FloorFiles, closing: Option<Plan>) -> Result<FloorRun, Problems> {
    let lines = check(&pack.policy, &files.years)?;
    let too_large = || Problems::from(Problem::new(&a::TOO_LARGE));
    let governments = by_government(&lines).ok_or_else(too_large)?;
    let planned = closing.map_or_else(|| Ok(Vec::new()), |closing| plan(&lines, closing))?;
    let mut warnings = pack.warnings.clone();
    warnings.append(files.warnings.clone());
    let mut options = pack.options.clone();
    if let Some(closing) = closing {
        options.insert("close_over".to_owned(), closing.years.to_string());
        options.insert("growth".to_owned(), closing.growth.normalize().to_string());
    }
    let count = |standing| lines.iter().filter(|line| line.standing == standing).count().to_string();
    let sum = |of: &dyn Fn(&FloorLine) -> Fen| {
        Fen::sum(lines.iter().map(of)).map(|fen| fen.to_string()).ok_or_else(too_large)
    };
    let mut totals = BTreeMap::from([
        ("floors".to_owned(), lines.len().to_string()),
        ("gap".to_owned(), sum(&|line| line.gap)?),
        ("cost".to_owned(), sum(&|line| line.cost)?),
    ]);
    for standing in [Standing::Met, Standing::Short, Standing::Above, Standing::Unknown] {
        totals.insert(standing.code().to_owned(), count(standing));
    }
    let record = Run {
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        simulation: pack.policy.simulation,
        inputs: files.files.clone(),
        scheme: None,
        policies: pack.packs.sources(),
        kept: BTreeMap::new(),
        options,
        placeholders: pack.policy.placeholders.iter().map(|text| format!("{}.{text}", pack.policy.id)).collect(),
        totals,
    };
    Ok(FloorRun { policy: pack.policy.clone(), lines, governments, plan: planned, warnings, record })
}

/// Puts the floors to the accounts up to the draft's year, and makes the result part of the book.
///
/// # Errors
/// As [`check_floors`].
pub fn floor_period(
    mut draft: Draft<'_>,
    pack: &FloorPack,
    files: &FloorFiles,
    closing: Option<Plan>,
) -> Result<(FloorRun, Receipt), Problems> {
    let files = until(files, draft.period());
    let mut run = check_floors(pack, &files, closing)?;
    draft.add_table("floors", &floor_table(&run.lines, Lang::Zh))?;
    draft.add_table("floor_plan", &plan_table(&run.plan))?;
    draft.add_table("floor_rules", &pack.packs.rules_table())?;
    run.record.kept.insert("policy".to_owned(), draft.keep(&pack.packs.texts)?);
    let receipt = draft.commit(run.record.clone())?;
    Ok((run, receipt))
}

/// The accounts up to a year.
fn until(files: &FloorFiles, period: Period) -> FloorFiles {
    let mut kept = files.clone();
    kept.years.retain(|year| year.year <= i32::from(period.year()));
    let left = files.years.len() - kept.years.len();
    if left > 0 {
        kept.warnings.push(Problem::new(&a::AFTER_PERIOD).with("period", period).with("rows", left));
    }
    kept
}
