//! Changes of parameters as a scenario writes them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::edit::{ADD, REMOVE};
use super::file::{ChangeKind, Number, Scenario, Value};
use crate::policy::{Change, Patch};

/// A change of one parameter, or of all that a path with `*` names.
pub type Move = Patch;

/// The change a kind and a value make. `None` when a number is needed and the value is none.
pub(super) fn of(kind: ChangeKind, path: &str, value: &Value) -> Option<Move> {
    let number = || value.0.as_written().and_then(|text| crate::policy::node::plain_decimal(text.trim()));
    let change = match kind {
        ChangeKind::Set => Change::Set(value.0.to_string()),
        ChangeKind::Times => Change::Times(number()?),
        ChangeKind::Plus => Change::Plus(number()?),
    };
    Some(Move { path: path.to_owned(), change })
}

/// The change a kind and a number make.
pub(super) fn of_number(kind: ChangeKind, path: &str, number: Decimal) -> Move {
    let change = match kind {
        ChangeKind::Set => Change::Set(number.normalize().to_string()),
        ChangeKind::Times => Change::Times(number),
        ChangeKind::Plus => Change::Plus(number),
    };
    Move { path: path.to_owned(), change }
}

/// The changes of a scenario.
#[must_use]
pub fn moves(scenario: &Scenario) -> Vec<Move> {
    let Scenario { set, times, plus, add, remove, .. } = scenario;
    Changes { set, times, plus, add, remove }.moves()
}

/// The changes of a scenario or of a projection as they are written.
pub(super) struct Changes<'f> {
    pub set: &'f Option<BTreeMap<String, Value>>,
    pub times: &'f Option<BTreeMap<String, Number>>,
    pub plus: &'f Option<BTreeMap<String, Number>>,
    pub add: &'f Option<BTreeMap<String, Vec<Value>>>,
    pub remove: &'f Option<BTreeMap<String, Vec<Value>>>,
}

impl Changes<'_> {
    /// `remove`, `set`, `times`, `plus`, `add`, each in the order of paths: a row that is added is as it was written.
    pub(super) fn moves(&self) -> Vec<Move> {
        let numbers = |kind: ChangeKind, numbers: &Option<BTreeMap<String, Number>>| -> Vec<Move> {
            let numbers = numbers.iter().flatten();
            numbers.map(|(path, Number(number))| of_number(kind, path, *number)).collect()
        };
        let rows = |end: &str, forms: &Option<BTreeMap<String, Vec<Value>>>| -> Vec<Move> {
            let list = |rows: &[Value]| rows.iter().map(|row| row.0.to_string()).collect::<Vec<_>>().join(", ");
            let forms = forms.iter().flatten();
            forms.map(|(form, rows)| Move::new(&format!("{form}{end}"), &format!("[{}]", list(rows)))).collect()
        };
        let mut moves = rows(REMOVE, self.remove);
        moves.extend(self.set.iter().flatten().map(|(path, value)| Move::new(path, &value.0.to_string())));
        moves.extend(numbers(ChangeKind::Times, self.times));
        moves.extend(numbers(ChangeKind::Plus, self.plus));
        moves.extend(rows(ADD, self.add));
        moves
    }
}

/// A change for people: `rules.low_line.ratio = 0.4`, `… × 1.05`, `… + 3`.
#[must_use]
pub(super) fn shown(change: &Move) -> String {
    match &change.change {
        Change::Set(value) => format!("{} = {value}", change.path),
        Change::Times(factor) => format!("{} × {}", change.path, factor.normalize()),
        Change::Plus(addend) => format!("{} + {}", change.path, addend.normalize()),
    }
}
