//! The fiscal sides of a baseline: awards, and spending floors. Changes reach their packs, and the cells of the forms
//! that were handed in: `events[E01].grade`, `accounts[通江县/2025].health`.

use super::change::Move;
use super::figures::{Figures, Kind, Purse};
use super::measure::Measure;
use crate::awards::forms::FORMS;
use crate::awards::{self, Prior};
use crate::fiscal::{self, by_government};
use crate::money::Fen;
use crate::policy::node::plain_decimal;
use crate::policy::{Bundle, Change, FiscalPack};
use crate::problem::catalogue::awards::TOO_LARGE;
use crate::problem::{Problem, Problems};
use crate::text::closest;
use crate::workbook::{Form, Sheet};

/// Award rules and the forms they are put to.
#[derive(Clone, Debug)]
pub struct Awards {
    pub bundle: Bundle,
    /// Each with the number of its form among those of awards.
    pub sheets: Vec<(usize, Sheet)>,
}

/// Floors and the accounts they are put to.
#[derive(Clone, Debug)]
pub struct Floors {
    pub bundle: Bundle,
    pub sheets: Vec<Sheet>,
}

fn too_large() -> Problems {
    Problem::new(&TOO_LARGE).into()
}

impl Awards {
    /// The figures under changes of the pack and of the forms.
    pub fn evaluate(&self, moves: &[Move]) -> Result<Figures, Problems> {
        let (rules, cells): (Vec<Move>, Vec<Move>) = moves.iter().cloned().partition(|change| is_rule(&change.path));
        let packs = self.bundle.fiscal(&rules)?;
        let (policy, _) = awards::compile(&packs)?;
        let mut sheets = self.sheets.clone();
        for change in &cells {
            for (number, sheet) in &mut sheets {
                edit(sheet, FORMS[*number], 1, change);
            }
        }
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

    pub(super) fn names(&self) -> Result<Vec<(String, String)>, Problems> {
        let (policy, _) = awards::compile(&self.bundle.fiscal(&[])?)?;
        let (inputs, _) = awards::read(&policy, &self.sheets)?;
        let parties = inputs.events.iter().flat_map(|event| &event.parties);
        Ok(parties.map(|party| (party.id.clone(), party.name.clone())).collect())
    }

    /// Whether a change names a rule of the pack, or a cell of the forms; else the closest path.
    pub(super) fn reaches(&self, change: &Move) -> Result<(), Option<String>> {
        if is_rule(&change.path) {
            return of_rules(&self.bundle, change);
        }
        let forms = self.sheets.iter().map(|(number, sheet)| (&**FORMS[*number], sheet));
        of_cells(forms, 1, change)
    }
}

impl Floors {
    /// The figures under changes of the pack and of the accounts.
    pub fn evaluate(&self, moves: &[Move]) -> Result<Figures, Problems> {
        let (rules, cells): (Vec<Move>, Vec<Move>) = moves.iter().cloned().partition(|change| is_rule(&change.path));
        let packs: Vec<FiscalPack> = self.bundle.fiscal(&rules)?;
        let (policy, _) = fiscal::compile(&packs)?;
        let form = fiscal::form(&policy);
        let mut sheets = self.sheets.clone();
        for change in &cells {
            for sheet in &mut sheets {
                edit(sheet, &form, 2, change);
            }
        }
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

    pub(super) fn reaches(&self, change: &Move) -> Result<(), Option<String>> {
        if is_rule(&change.path) {
            return of_rules(&self.bundle, change);
        }
        let packs = self.bundle.fiscal(&[]).map_err(|_| None)?;
        let Ok((policy, _)) = fiscal::compile(&packs) else { return Err(None) };
        let form = fiscal::form(&policy);
        of_cells(self.sheets.iter().map(|sheet| (&form, sheet)), 2, change)
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

fn of_cells<'s>(
    forms: impl Iterator<Item = (&'s Form, &'s Sheet)>,
    keys: usize,
    change: &Move,
) -> Result<(), Option<String>> {
    let mut known = Vec::new();
    for (form, sheet) in forms {
        if edit(&mut sheet.clone(), form, keys, change) {
            return Ok(());
        }
        let rows = sheet.rows.iter().map(|(_, texts)| row_name(form, sheet, keys, texts));
        known.extend(rows.flat_map(|row| {
            form.fields.iter().skip(keys).map(move |field| format!("{}[{row}].{}", form.key, field.key))
        }));
    }
    Err(closest(&change.path, known.iter().map(String::as_str)).map(str::to_owned))
}

/// The column of a field of a form in a sheet.
fn column(form: &Form, sheet: &Sheet, field: usize) -> Option<usize> {
    sheet.header.iter().position(|heading| form.fields[field].is(heading))
}

/// The texts of the first columns of a form, joined by `/`.
fn row_name(form: &Form, sheet: &Sheet, keys: usize, texts: &[String]) -> String {
    let text = |field: usize| column(form, sheet, field).and_then(|at| texts.get(at)).map_or("", String::as_str);
    (0..keys).map(text).collect::<Vec<_>>().join("/")
}

/// Makes a change of a cell, `FORM[ROW].FIELD`, or of all rows with `*`. `false`: it names nothing here.
fn edit(sheet: &mut Sheet, form: &Form, keys: usize, change: &Move) -> bool {
    let parts = change.path.split_once('[').and_then(|(name, rest)| {
        let (row, field) = rest.split_once("].")?;
        Some((name, row, field))
    });
    let Some((_, wanted, field)) = parts.filter(|(name, _, _)| form.is(name)) else { return false };
    let Some(field) = form.fields.iter().position(|own| own.is(field)) else { return false };
    let Some(at) = column(form, sheet, field) else { return false };
    let names: Vec<String> = sheet.rows.iter().map(|(_, texts)| row_name(form, sheet, keys, texts)).collect();
    let mut reached = false;
    for ((_, texts), name) in sheet.rows.iter_mut().zip(&names) {
        let Some(cell) = texts.get_mut(at).filter(|_| wanted == "*" || wanted == name) else { continue };
        if let Some(text) = changed(cell, &change.change) {
            *cell = text;
            reached = true;
        }
    }
    reached
}

/// A cell after a change; `None` for a number that is none. Amounts keep two decimals, other numbers six.
fn changed(cell: &str, change: &Change) -> Option<String> {
    let number = || plain_decimal(&cell.replace(',', ""));
    let new = match change {
        Change::Set(value) => return Some(value.trim_matches('"').to_owned()),
        Change::Times(factor) => number()?.checked_mul(*factor)?,
        Change::Plus(addend) => number()?.checked_add(*addend)?,
    };
    let digits = number()?.scale().max(2);
    let rounded = new.round_dp_with_strategy(digits, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    Some(rounded.normalize().to_string())
}
