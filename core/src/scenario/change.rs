//! Changes of parameters as a scenario writes them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

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
    changes_of(scenario.set.as_ref(), scenario.times.as_ref(), scenario.plus.as_ref())
}

type Numbers = BTreeMap<String, Number>;

/// `set`, then `times`, then `plus`, each in the order of paths.
pub(super) fn changes_of(
    set: Option<&BTreeMap<String, Value>>,
    times: Option<&Numbers>,
    plus: Option<&Numbers>,
) -> Vec<Move> {
    let set = set.into_iter().flatten().map(|(path, value)| Move::new(path, &value.0.to_string()));
    let of = |kind: ChangeKind, numbers: Option<&Numbers>| -> Vec<Move> {
        let numbers = numbers.into_iter().flatten();
        numbers.map(|(path, Number(number))| of_number(kind, path, *number)).collect()
    };
    set.chain(of(ChangeKind::Times, times)).chain(of(ChangeKind::Plus, plus)).collect()
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
