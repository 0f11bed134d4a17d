//! Conditions as and/or trees of resolved tests, with `not` pushed down to the tests.

use std::sync::Arc;

use super::bits::Bits;
use super::universe::{Dim, Universe};
use crate::scheme::Level;
use crate::scheme::condition::{Atom, Comparison, Condition, Kind, NumberField, Reach};

/// A test, or its opposite, with the sets it means.
#[derive(Clone, Debug)]
pub enum Literal {
    /// The value of the dimension is one of the set.
    Within(Dim, Arc<Bits>),
    /// A code after the first is in the set.
    HasOther(Kind, Arc<Bits>),
    /// No code after the first is in the set.
    NoOther(Kind, Arc<Bits>),
    Severity(Level, bool),
    /// Body regions of an MDC compare so, or not.
    Regions(usize, Comparison, i32, bool),
    /// The number of codes of a kind compares so, or not.
    Count(Kind, Comparison, i32, bool),
}

#[derive(Clone, Debug)]
pub enum Formula {
    Literal(Literal),
    /// All hold; none of none: always.
    All(Vec<Formula>),
    /// One holds; of none: never.
    Any(Vec<Formula>),
}

/// Where a condition stands.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    pub universe: &'a Universe<'a>,
    pub adrg: &'a str,
    pub mdc: usize,
}

impl Site<'_> {
    /// The formula of a condition, or of its opposite when not `wanted`.
    #[must_use]
    pub fn formula(self, condition: &Condition, wanted: bool) -> Formula {
        let each = |parts: &[Condition]| parts.iter().map(|part| self.formula(part, wanted)).collect();
        match (condition, wanted) {
            (Condition::Always, true) | (Condition::Never, false) => Formula::All(Vec::new()),
            (Condition::Always, false) | (Condition::Never, true) => Formula::Any(Vec::new()),
            (Condition::And(parts), true) | (Condition::Or(parts), false) => Formula::All(each(parts)),
            (Condition::Or(parts), true) | (Condition::And(parts), false) => Formula::Any(each(parts)),
            (Condition::Not(inner), _) => self.formula(inner, !wanted),
            (Condition::Atom(atom), _) => self.atom(atom, wanted),
        }
    }

    fn atom(self, atom: &Atom, wanted: bool) -> Formula {
        let universe = self.universe;
        let within = |dim: Dim, set: Bits| {
            let set = if wanted { set } else { Bits::all(universe.size(dim)).minus(&set) };
            Formula::Literal(Literal::Within(dim, Arc::new(set)))
        };
        match atom {
            Atom::Mcc => Formula::Literal(Literal::Severity(Level::Mcc, wanted)),
            Atom::Cc => Formula::Literal(Literal::Severity(Level::Cc, wanted)),
            Atom::Icu => within(Dim::Icu, Bits::of(2, [1])),
            Atom::Sex(sex) => {
                let same = universe.sexes.iter().enumerate().filter(|(_, other)| *other == sex).map(|(at, _)| at);
                within(Dim::Sex, Bits::of(universe.sexes.len(), same))
            }
            Atom::Text(field, words) => {
                let dim = [Dim::Department, Dim::DischargeWay, Dim::MedType][*field as usize];
                let known = universe.texts[*field as usize].iter().enumerate();
                let among = known.filter(|(_, word)| words.contains(word)).map(|(at, _)| at);
                within(dim, Bits::of(universe.size(dim), among))
            }
            Atom::TraumaRegions(op, value) => Formula::Literal(Literal::Regions(self.mdc, *op, *value, wanted)),
            Atom::Number(field, op, value) => match universe.compared(*field, *op, *value) {
                Some((dim, set)) => within(dim, set),
                None => {
                    let of = [Kind::Diagnosis, Kind::Procedure][usize::from(*field == NumberField::ProcedureCount)];
                    Formula::Literal(Literal::Count(of, *op, *value, wanted))
                }
            },
            Atom::Codes(of, codes) => {
                let set = universe.resolve(of.kind, codes, self.adrg, self.mdc);
                let first = || within(Dim::first(of.kind), (*set).clone());
                let other = || match wanted {
                    true => Formula::Literal(Literal::HasOther(of.kind, set.clone())),
                    false => Formula::Literal(Literal::NoOther(of.kind, set.clone())),
                };
                match (of.reach, wanted) {
                    (Reach::First, _) => first(),
                    (Reach::Others, _) => other(),
                    (Reach::Any, true) => Formula::Any(vec![first(), other()]),
                    (Reach::Any, false) => Formula::All(vec![first(), other()]),
                }
            }
        }
    }
}
