//! Awards from filled-in forms, alone or into a fiscal book.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::FiscalPacks;
use super::intake::input;
use crate::awards::{
    self, Alternative, Inputs, LineKind, Outcome, Policy, Prior, alternatives, award_table, decided_table,
    in_place_table, line_table, payment_table, refusal_table, step_table, switch_table,
};
use crate::ledger::manifest::{Input, Run};
use crate::ledger::{Book, Draft, Period, Receipt};
use crate::money::Fen;
use crate::problem::catalogue::awards as a;
use crate::problem::{Problem, Problems};
use crate::table::Table;
use crate::workbook::{Form, read_files};

/// The name of this job in manifests.
pub const AWARD: &str = "award";

/// An award policy under the readings chosen.
#[derive(Clone, Debug)]
pub struct AwardPack {
    pub policy: Policy,
    pub packs: FiscalPacks,
    /// The readings chosen for this run, for the manifest.
    pub options: BTreeMap<String, String>,
    pub warnings: Problems,
}

impl AwardPack {
    /// Reads a pack, a folder of packs, or a pack that comes with the program by its name, and puts readings in force.
    ///
    /// # Errors
    /// What is wrong with the pack; switches and readings that do not exist.
    pub fn read(name: &Path, switches: &[(String, String)]) -> Result<AwardPack, Problems> {
        let packs = FiscalPacks::read(name, &[])?;
        let (policy, warnings) = awards::compile(&packs.packs)?;
        let policy = policy.with_switches(switches.iter().map(|(name, reading)| (name.as_str(), reading.as_str())))?;
        let options = switches.iter().map(|(name, reading)| (format!("switch.{name}"), reading.clone())).collect();
        Ok(AwardPack { policy, packs, options, warnings })
    }
}

/// Filled-in forms as read.
#[derive(Clone, Debug, Default)]
pub struct AwardFiles {
    pub inputs: Inputs,
    /// The files, for the manifest.
    pub files: Vec<Input>,
    pub warnings: Problems,
}

/// The year of rows that are all of one.
///
/// # Errors
/// Rows of several years, or none at all.
pub(super) fn only_year(years: &BTreeSet<i32>) -> Result<Period, Problem> {
    if let [year] = years.iter().collect::<Vec<_>>().as_slice()
        && let Ok(period) = year.to_string().parse()
    {
        return Ok(period);
    }
    let named: Vec<String> = years.iter().map(i32::to_string).collect();
    let named = if named.is_empty() { "-".to_owned() } else { named.join("、") };
    Err(Problem::new(&a::SEVERAL_YEARS).with("years", named))
}

impl AwardFiles {
    /// The year of a book that the rows are for, where nobody names one: that of all dates.
    ///
    /// # Errors
    /// Dates of several years.
    pub fn period(&self) -> Result<Period, Problem> {
        only_year(&self.inputs.years())
    }

    /// Reads workbooks, tables named as the forms, and folders of them.
    ///
    /// # Errors
    /// Everything that is wrong, by sheet and cell.
    pub fn read(paths: &[PathBuf], policy: &Policy) -> Result<AwardFiles, Problems> {
        let forms: Vec<&Form> = awards::forms::FORMS.iter().map(|form| &***form).collect();
        let (handed, mut warnings) = read_files(paths, &forms)?;
        let (inputs, more) = awards::read(policy, &handed.sheets)?;
        warnings.append(more);
        let files = handed.files.iter().map(|path| input("awards", path)).collect::<Result<_, Problem>>()?;
        Ok(AwardFiles { inputs, files, warnings })
    }
}

/// A run of award rules.
#[derive(Clone, Debug)]
pub struct AwardRun {
    pub policy: Policy,
    /// What was put to the rules.
    pub inputs: Inputs,
    pub outcome: Outcome,
    /// What the run would come to under every other reading, one at a time.
    pub alternatives: Vec<Alternative>,
    pub warnings: Problems,
    /// What it was made of.
    pub record: Run,
    tables: Vec<(&'static str, Table)>,
}

impl AwardRun {
    /// Its tables by name, as a book holds them.
    #[must_use]
    pub fn tables(&self) -> &[(&'static str, Table)] {
        &self.tables
    }
}

/// A run that is part of a book.
#[derive(Clone, Debug)]
pub struct Awarded {
    pub run: AwardRun,
    pub receipt: Receipt,
}

/// Puts the rules to the forms; what is dated after the period is left for a later one.
///
/// # Errors
/// What the rules need and the forms lack.
pub fn decide_awards(
    pack: &AwardPack,
    files: &AwardFiles,
    prior: &Prior,
    period: Option<Period>,
) -> Result<AwardRun, Problems> {
    let mut warnings = pack.warnings.clone();
    warnings.append(files.warnings.clone());
    let mut inputs = files.inputs.clone();
    if let Some(period) = period {
        let (kept, left) = inputs.until(period.last_day());
        inputs = kept;
        if left > 0 {
            warnings.push(Problem::new(&a::AFTER_PERIOD).with("period", period).with("rows", left));
        }
    }
    let outcome = awards::run(&pack.policy, &inputs, prior)?;
    warnings.0.extend(outcome.warnings.iter().cloned());
    let known: BTreeSet<&str> = prior.payments.iter().map(|payment| payment.id.as_str()).collect();
    let mut payments: Vec<_> = inputs.payments.iter().filter(|one| !known.contains(one.id.as_str())).cloned().collect();
    payments.sort_by(|one, other| one.id.cmp(&other.id));
    let tables = vec![
        ("awards", award_table(&outcome.awards)),
        (ENTRIES, line_table(&outcome.lines)),
        ("award_steps", step_table(&outcome.steps)),
        ("award_refusals", refusal_table(&outcome.refusals)),
        ("award_in_place", in_place_table(&outcome.in_place)),
        (PAYMENTS, payment_table(&payments)),
        ("award_switches", switch_table(&pack.policy, &outcome)),
        ("award_decided", decided_table(&outcome)),
        ("award_rules", pack.packs.rules_table()),
    ];
    let record = Run {
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        simulation: pack.policy.simulation,
        inputs: files.files.clone(),
        scheme: None,
        policies: pack.packs.sources(),
        kept: BTreeMap::new(),
        options: pack.options.clone(),
        placeholders: placeholders(&pack.policy, &outcome),
        totals: totals(&inputs, &outcome)?,
    };
    Ok(AwardRun {
        alternatives: alternatives(&pack.policy, &inputs, prior),
        policy: pack.policy.clone(),
        inputs,
        outcome,
        warnings,
        record,
        tables,
    })
}

const ENTRIES: &str = "award_entries";
const PAYMENTS: &str = "award_payments";

/// Decides the awards of the draft's year with what the book has of earlier years, and makes them part of the book.
///
/// # Errors
/// As [`decide_awards`]; a book that has awards of a later year, which rest on this one.
pub fn award_period(mut draft: Draft<'_>, pack: &AwardPack, files: &AwardFiles) -> Result<Awarded, Problems> {
    let period = draft.period();
    let prior = prior(draft.book(), period)?;
    let mut run = decide_awards(pack, files, &prior, Some(period))?;
    for (name, table) in &run.tables {
        draft.add_table(name, table)?;
    }
    run.record.kept.insert("policy".to_owned(), draft.keep(&pack.packs.texts)?);
    let receipt = draft.commit(run.record.clone())?;
    Ok(Awarded { run, receipt })
}

/// What the book has decided in earlier years.
fn prior(book: &Book, period: Period) -> Result<Prior, Problems> {
    let mut prior = Prior::default();
    for info in book.periods().filter(|info| info.period != period) {
        if !book.manifest(info.period)?.tables.contains_key(ENTRIES) {
            continue;
        }
        if info.period > period {
            return Err(Problem::new(&a::LATER_AWARDS).with("later", info.period).into());
        }
        let table = |name| book.table(info.period, name);
        let added = prior.add_tables(&table("awards")?, &table(ENTRIES)?, &table(PAYMENTS)?);
        added.map_err(|problem| problem.file(format!("periods/{}", info.period)))?;
    }
    Ok(prior)
}

/// Placeholders of the rules and switches that decided something.
fn placeholders(policy: &Policy, outcome: &Outcome) -> Vec<String> {
    let decided = outcome.lines.iter().map(|line| &line.switches);
    let decided: Vec<&str> = decided
        .chain(outcome.refusals.iter().map(|refusal| &refusal.switches))
        .flatten()
        .filter_map(|switch| Some(switch.split_once('=')?.0))
        .collect();
    let rules: Vec<&str> = outcome.lines.iter().map(|line| line.rule.as_str()).collect();
    let used = |name: &str| decided.contains(&name) || rules.contains(&name);
    let stated = policy.placeholders.iter().filter_map(|text| text.split_once('：'));
    stated.filter(|(name, _)| used(name)).map(|(name, why)| format!("{}.{name}: {why}", policy.id)).collect()
}

fn totals(inputs: &Inputs, outcome: &Outcome) -> Result<BTreeMap<String, String>, Problems> {
    let mut totals = BTreeMap::from([
        ("events".to_owned(), inputs.events.len().to_string()),
        ("awards".to_owned(), outcome.awards.len().to_string()),
        ("refused".to_owned(), outcome.refusals.len().to_string()),
        ("entries".to_owned(), outcome.lines.len().to_string()),
    ]);
    let sum = |of: &dyn Fn(LineKind) -> bool| -> Result<String, Problems> {
        let lines = outcome.lines.iter().filter(|line| of(line.kind));
        let sum = Fen::sum(lines.map(|line| line.amount)).ok_or_else(|| Problem::new(&a::TOO_LARGE))?;
        Ok(sum.to_string())
    };
    for kind in LineKind::ALL {
        totals.insert(format!("amount_{}", kind.code()), sum(&|other| other == kind)?);
    }
    totals.insert("amount".to_owned(), sum(&|_| true)?);
    Ok(totals)
}
