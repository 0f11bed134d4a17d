//! Conditions as bit tests.
//!
//! The bitsets of a claim's codes lie in one run of words: six parts (first, others, any of the diagnoses, then of the
//! procedures) over the global sets, then six parts over the lists of the MDC at hand. A test of codes is one word and
//! one mask.

use std::cell::Cell;

use crate::claims::{Sex, Stays, UNKNOWN};
use crate::scheme::condition::{Comparison, Kind, NumberField, Reach, Ref, TextField};

/// A compiled condition, of the same shape as the tree it comes from.
#[derive(Clone, Debug)]
pub enum Node {
    Always,
    Never,
    And(Box<[Node]>),
    Or(Box<[Node]>),
    Not(Box<Node>),
    Test(Test),
}

/// A compiled test.
#[derive(Clone, Debug)]
pub enum Test {
    Mcc,
    Cc,
    Icu,
    /// A referenced code is in the set.
    Bit(Gate),
    Number(NumberField, Comparison, i32),
    Sex(Sex),
    Text(TextField, Box<[String]>),
    /// The number of different regions, of the MDC's run of region bits in the global space.
    Regions {
        regions: Regions,
        op: Comparison,
        value: i32,
    },
}

/// A run of region bits of all diagnoses, in the global space.
#[derive(Clone, Copy, Debug)]
pub struct Regions {
    part: usize,
    first_bit: u16,
    bits: u16,
}

impl Regions {
    pub fn new(first_bit: u16, bits: u16, global_width: usize) -> Regions {
        let space = Space::Global { width: global_width };
        Regions { part: space.start() + (DIAGNOSES + ANY) * space.width(), first_bit, bits }
    }

    /// How many of the regions any diagnosis belongs to.
    pub fn count(self, words: &Words) -> i32 {
        let has = |bit: u16| words.0[self.part + usize::from(bit / 64)] >> (bit % 64) & 1;
        (self.first_bit..self.first_bit + self.bits).map(|bit| has(bit) as i32).sum()
    }
}

/// Some bits of one word: open when one of them is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    word: u32,
    mask: u64,
}

impl Gate {
    /// Always open: [`Words`] keeps its first word all ones.
    pub const OPEN: Gate = Gate { word: 0, mask: 1 };

    /// The gate of a bit: of the global space, or of the MDC at hand behind `global_width` words a part.
    pub fn new(of: Ref, bit: u16, space: Space) -> Gate {
        let part = match of.kind {
            Kind::Diagnosis => DIAGNOSES,
            Kind::Procedure => PROCEDURES,
        } + match of.reach {
            Reach::First => FIRST,
            Reach::Others => OTHERS,
            Reach::Any => ANY,
        };
        let word = space.start() + part * space.width() + usize::from(bit / 64);
        Gate { word: word as u32, mask: 1 << (bit % 64) }
    }

    #[inline]
    pub fn is_open(self, words: &Words) -> bool {
        words.0[self.word as usize] & self.mask != 0
    }
}

/// Where the six parts of a space lie in [`Words`].
#[derive(Clone, Copy, Debug)]
pub enum Space {
    Global { width: usize },
    Local { width: usize, global_width: usize },
}

impl Space {
    const fn start(self) -> usize {
        match self {
            Space::Global { .. } => 1,
            Space::Local { global_width, .. } => 1 + PARTS * global_width,
        }
    }

    const fn width(self) -> usize {
        match self {
            Space::Global { width } | Space::Local { width, .. } => width,
        }
    }
}

const PARTS: usize = 6;
/// The three parts of a kind of codes start here.
pub const DIAGNOSES: usize = 0;
pub const PROCEDURES: usize = 3;
const FIRST: usize = 0;
const OTHERS: usize = 1;
const ANY: usize = 2;

/// The words of a claim's codes.
#[derive(Clone, Debug, Default)]
pub struct Words(Vec<u64>);

impl Words {
    /// Empties a space and all that lies behind it.
    #[inline]
    pub fn reset(&mut self, space: Space) {
        self.0.truncate(space.start());
        if self.0.is_empty() {
            self.0.push(u64::MAX);
        }
        self.0.resize(space.start() + PARTS * space.width(), 0);
    }

    /// Fills the three parts of a kind: `join(place, words)` adds the words of the code at a place.
    #[inline]
    pub fn fill(&mut self, space: Space, kind: usize, codes: usize, mut join: impl FnMut(usize, &mut [u64])) {
        let width = space.width();
        let start = space.start() + kind * width;
        let parts = &mut self.0[start..start + 3 * width];
        for at in 0..codes {
            let part = if at == 0 { FIRST } else { OTHERS };
            join(at, &mut parts[part * width..][..width]);
        }
        for at in 0..width {
            parts[ANY * width + at] = parts[FIRST * width + at] | parts[OTHERS * width + at];
        }
    }
}

/// What is known of a claim beside its codes, read only when a condition asks.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    pub stays: &'a Stays,
    pub row: usize,
    /// What a missing number is: [`UNKNOWN`] or 0.
    pub missing: i32,
}

impl<'a> Facts<'a> {
    /// A number, or [`UNKNOWN`].
    pub fn number(&self, field: NumberField) -> i32 {
        let (stays, row) = (self.stays, self.row);
        let given = |number: i32| if number == UNKNOWN { self.missing } else { number };
        // A weight of 0 is how some systems write "not weighed".
        let weight = |grams: i32| if grams == 0 { self.missing } else { given(grams) };
        match field {
            NumberField::AgeYears => given(stays.age_years[row]),
            NumberField::AgeDays => given(stays.age_days[row]),
            NumberField::BirthWeightG => weight(stays.birth_weight_g[row]),
            NumberField::AdmissionWeightG => weight(stays.admission_weight_g[row]),
            NumberField::LosDays => given(stays.los_days[row]),
            NumberField::IcuHours => given(stays.icu_hours[row]),
            NumberField::VentHours => given(stays.vent_hours[row]),
            NumberField::DiagnosisCount => stays.diagnoses.views(row).len() as i32,
            NumberField::ProcedureCount => stays.procedures.views(row).len() as i32,
        }
    }

    pub fn text(&self, field: TextField) -> &'a str {
        match field {
            TextField::Department => self.stays.department.get(self.row),
            TextField::DischargeWay => self.stays.discharge_way.get(self.row),
            TextField::MedType => self.stays.med_type.get(self.row),
        }
    }
}

/// Everything a condition can look at.
pub struct Sight<'a> {
    pub facts: Facts<'a>,
    pub words: &'a Words,
    pub severity: &'a LazySeverity<'a>,
}

/// `(has an MCC, has a CC)`, found when first asked for.
pub struct LazySeverity<'a> {
    find: &'a dyn Fn() -> (bool, bool),
    found: Cell<Option<(bool, bool)>>,
}

impl<'a> LazySeverity<'a> {
    pub fn new(find: &'a dyn Fn() -> (bool, bool)) -> LazySeverity<'a> {
        LazySeverity { find, found: Cell::new(None) }
    }

    fn get(&self) -> (bool, bool) {
        self.found.get().unwrap_or_else(|| {
            let found = (self.find)();
            self.found.set(Some(found));
            found
        })
    }
}

impl Sight<'_> {
    /// Whether a condition holds.
    pub fn holds(&self, node: &Node) -> bool {
        match node {
            Node::Always => true,
            Node::Never => false,
            Node::And(parts) => parts.iter().all(|part| self.holds(part)),
            Node::Or(parts) => parts.iter().any(|part| self.holds(part)),
            Node::Not(inner) => !self.holds(inner),
            Node::Test(test) => self.passes(test),
        }
    }

    /// Whether a test passes.
    pub fn passes(&self, test: &Test) -> bool {
        match test {
            Test::Mcc => self.severity.get().0,
            Test::Cc => self.severity.get().1,
            Test::Icu => self.facts.stays.icu[self.facts.row] == 1,
            Test::Bit(gate) => gate.is_open(self.words),
            Test::Number(field, op, value) => {
                let number = self.facts.number(*field);
                number != UNKNOWN && op.holds(number, *value)
            }
            Test::Sex(sex) => self.facts.stays.sex[self.facts.row] == *sex,
            Test::Text(field, words) => words.iter().any(|word| word == self.facts.text(*field)),
            Test::Regions { regions, op, value } => op.holds(regions.count(self.words), *value),
        }
    }
}

impl Node {
    /// A gate that is open whenever the condition holds: a quick way to pass most rules by.
    pub fn gate(&self) -> Gate {
        match self {
            Node::Test(Test::Bit(gate)) => *gate,
            Node::And(parts) => parts.iter().map(Node::gate).find(|gate| *gate != Gate::OPEN).unwrap_or(Gate::OPEN),
            Node::Or(parts) => {
                let mut gates = parts.iter().map(Node::gate);
                let first = gates.next().unwrap_or(Gate::OPEN);
                gates.fold(first, |all, gate| match all.word == gate.word {
                    true => Gate { word: all.word, mask: all.mask | gate.mask },
                    false => Gate::OPEN,
                })
            }
            _ => Gate::OPEN,
        }
    }
}
