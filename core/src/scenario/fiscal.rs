//! The fiscal sides of a baseline: awards, and spending floors. Changes reach their packs, and the forms that were
//! handed in: `events[E01].grade`, `accounts[通江县/2025].health`, rows more `events[+]`, rows less `events[-]`.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::change::Move;
use super::edit::{Edits, Forms, Sheets};
use super::figures::{Figures, Kind, Purse};
use super::measure::Measure;
use crate::awards::forms::FORMS;
use crate::awards::{self, InForce, Prior};
use crate::fiscal::{self, by_government};
use crate::money::Fen;
use crate::policy::Bundle;
use crate::problem::catalogue::awards::TOO_LARGE;
use crate::problem::catalogue::policy::UNKNOWN_PATCH;
use crate::problem::{Problem, Problems};
use crate::workbook::Sheet;

/// Award rules and the forms they are put to.
#[derive(Clone, Debug)]
pub struct Awards {
    pub bundle: Bundle,
    /// Each with the number of its form among those of awards.
    pub sheets: Vec<(usize, Sheet)>,
    baseline: OnceLock<Figures>,
}

/// Floors and the accounts they are put to.
#[derive(Clone, Debug)]
pub struct Floors {
    pub bundle: Bundle,
    pub sheets: Vec<Sheet>,
    baseline: OnceLock<Figures>,
}

fn too_large() -> Problems {
    Problem::new(&TOO_LARGE).into()
}

/// The figures of a baseline, computed once; those of a change each time.
fn of_baseline(
    baseline: &OnceLock<Figures>,
    moves: &[Move],
    compute: impl FnOnce() -> Result<Figures, Problems>,
) -> Result<Figures, Problems> {
    if !moves.is_empty() {
        return compute();
    }
    if let Some(figures) = baseline.get() {
        return Ok(figures.clone());
    }
    let figures = compute()?;
    Ok(baseline.get_or_init(|| figures).clone())
}

/// Changes of a pack, and the sheets after those of forms.
fn divided<'s>(
    forms: &Forms<'_>,
    sheets: &'s Sheets,
    moves: &[Move],
) -> Result<(Vec<Move>, Cow<'s, Sheets>), Problems> {
    let (rules, cells): (Vec<Move>, Vec<Move>) = moves.iter().cloned().partition(|change| is_rule(&change.path));
    let mut sheets = Cow::Borrowed(sheets);
    for change in &cells {
        let edits = forms.find(&sheets, change).map_err(|near| {
            let near = near.unwrap_or_else(|| "-".to_owned());
            Problems::from(Problem::new(&UNKNOWN_PATCH).with("path", &change.path).with("closest", near))
        })?;
        edits.apply(sheets.to_mut());
    }
    Ok((rules, sheets))
}

impl Awards {
    /// Rules, and the sheets of the forms with their numbers among [`FORMS`].
    #[must_use]
    pub fn new(bundle: Bundle, sheets: Vec<(usize, Sheet)>) -> Awards {
        Awards { bundle, sheets, baseline: OnceLock::new() }
    }

    /// How the rules read the questions that their text leaves open.
    pub fn in_force(&self) -> Result<Vec<InForce>, Problems> {
        Ok(awards::compile(&self.bundle.fiscal(&[])?)?.0.in_force())
    }

    fn forms() -> Forms<'static> {
        Forms(FORMS.iter().map(|form| &***form).collect())
    }

    /// The figures under changes of the pack and of the forms.
    pub fn evaluate(&self, moves: &[Move]) -> Result<Figures, Problems> {
        of_baseline(&self.baseline, moves, || self.compute(moves))
    }

    fn compute(&self, moves: &[Move]) -> Result<Figures, Problems> {
        let (rules, sheets) = divided(&Awards::forms(), &self.sheets, moves)?;
        let (policy, _) = awards::compile(&self.bundle.fiscal(&rules)?)?;
        let (inputs, _) = awards::read(&policy, &sheets)?;
        let outcome = awards::run(&policy, &inputs, &Prior::default())?;
        let mut figures = Figures::default();
        for line in &outcome.lines {
            let year = line.year.to_string();
            let subjects = [
                (Kind::Total, "", ""),
                (Kind::Treasury, line.treasury.as_str(), year.as_str()),
                (Kind::Place, line.payee_place.as_str(), year.as_str()),
                (Kind::Payee, line.payee.as_str(), year.as_str()),
                (Kind::Rule, line.rule.as_str(), year.as_str()),
            ];
            for (kind, subject, part) in subjects {
                let added = figures.add((Purse::Awards, kind), subject, part, Measure::Amount, line.amount.0);
                added.ok_or_else(too_large)?;
            }
        }
        Ok(figures)
    }

    /// Code and name of every subject, also of rows that changes add.
    pub(super) fn names(&self, moves: &[Move]) -> Vec<(String, String)> {
        let forms = Awards::forms();
        let added = moves.iter().filter_map(|change| forms.find(&self.sheets, change).ok());
        let added: Sheets = added.flat_map(Edits::into_added).collect();
        let mut names = Vec::new();
        for (number, sheet) in self.sheets.iter().chain(&added) {
            let at = |key: &str| {
                let field = &FORMS[*number].fields[FORMS[*number].field(key)?];
                sheet.header.iter().position(|heading| field.is(heading))
            };
            if let (Some(code), Some(name)) = (at("subject_id"), at("subject_name")) {
                let text = |texts: &[String], at: usize| texts.get(at).cloned().unwrap_or_default();
                names.extend(sheet.rows.iter().map(|(_, texts)| (text(texts, code), text(texts, name))));
            }
        }
        names
    }

    /// Whether a change names a rule of the pack, or something in the forms; else the closest path.
    pub(super) fn reaches(&self, change: &Move) -> Result<Option<Edits>, Option<String>> {
        if is_rule(&change.path) {
            return of_rules(&self.bundle, change).map(|()| None);
        }
        Awards::forms().find(&self.sheets, change).map(Some)
    }
}

impl Floors {
    /// Floors, and the sheets of accounts.
    #[must_use]
    pub fn new(bundle: Bundle, sheets: Vec<Sheet>) -> Floors {
        Floors { bundle, sheets, baseline: OnceLock::new() }
    }

    fn numbered(&self) -> Sheets {
        self.sheets.iter().map(|sheet| (0, sheet.clone())).collect()
    }

    /// The figures under changes of the pack and of the accounts.
    pub fn evaluate(&self, moves: &[Move]) -> Result<Figures, Problems> {
        of_baseline(&self.baseline, moves, || self.compute(moves))
    }

    fn compute(&self, moves: &[Move]) -> Result<Figures, Problems> {
        let rules: Vec<Move> = moves.iter().filter(|change| is_rule(&change.path)).cloned().collect();
        let (policy, _) = fiscal::compile(&self.bundle.fiscal(&rules)?)?;
        let form = fiscal::form(&policy);
        let sheets = self.numbered();
        let (_, sheets) = divided(&Forms(vec![&form]), &sheets, moves)?;
        let sheets: Vec<Sheet> = sheets.iter().map(|(_, sheet)| sheet.clone()).collect();
        let (years, _) = fiscal::read(&policy, &sheets)?;
        let lines = fiscal::check(&policy, &years)?;
        let mut figures = Figures::default();
        for line in &lines {
            let part = format!("{} {}", line.year, line.floor);
            let own = [
                (Measure::Required, line.required),
                (Measure::Balance, line.actual.and_then(|actual| Some(Fen(actual.0.checked_sub(line.required?.0)?)))),
                (Measure::Gap, Some(line.gap)),
            ];
            for (measure, fen) in own {
                if let Some(Fen(fen)) = fen {
                    let added = figures.add((Purse::Floors, Kind::Government), &line.government, &part, measure, fen);
                    added.ok_or_else(too_large)?;
                }
            }
        }
        // One yuan can serve several floors: the cost is what they come to if each is closed by money of its own.
        for sum in by_government(&lines).ok_or_else(too_large)? {
            let (government, year) = (&sum.government, sum.year.to_string());
            for kind in [(Kind::Government, government.as_str(), year.as_str()), (Kind::Total, "", "")] {
                let added = figures.add((Purse::Floors, kind.0), kind.1, kind.2, Measure::Cost, sum.sum.0);
                added.ok_or_else(too_large)?;
            }
        }
        Ok(figures)
    }

    pub(super) fn reaches(&self, change: &Move) -> Result<Option<Edits>, Option<String>> {
        if is_rule(&change.path) {
            return of_rules(&self.bundle, change).map(|()| None);
        }
        let packs = self.bundle.fiscal(&[]).map_err(|_| None)?;
        let Ok((policy, _)) = fiscal::compile(&packs) else { return Err(None) };
        let form = fiscal::form(&policy);
        Forms(vec![&form]).find(&self.numbered(), change).map(Some)
    }
}

/// Whether a path is of a pack.
pub(super) fn is_rule(path: &str) -> bool {
    path.starts_with("rules.") || path.contains(":rules.") || !path.contains('[')
}

fn of_rules(bundle: &Bundle, change: &Move) -> Result<(), Option<String>> {
    if !bundle.find(&change.path).is_empty() {
        return Ok(());
    }
    let found = bundle.fiscal(std::slice::from_ref(change)).err().unwrap_or_default();
    let near = found.0.iter().flat_map(|problem| &problem.args).find(|(name, _)| *name == "closest");
    Err(near.map(|(_, value)| value.clone()).filter(|near| near != "-"))
}
