//! Conditions as bit tests.
//!
//! The bitsets of a claim's codes lie in one run of words: six parts (first, others, any of the diagnoses, then of the
//! procedures) over the global sets, then six parts over the lists of the MDC at hand. A test of codes is one word and
//! one mask. Most conditions look at first codes only, so the parts of the others are joined only where a plan says
//! that they are looked at ([`Rest`]).

use std::cell::Cell;
use std::sync::Arc;

use super::codes::Layout;
use super::kernel::CaseCodes;
use crate::claims::{Sex, Stays, UNKNOWN};
use crate::scheme::condition::{Atom, Comparison, Kind, NumberField, Reach, Ref, TextField};
use crate::text::Prefix;

/// A compiled condition, of the same shape as the tree it comes from.
#[derive(Clone, Debug)]
pub enum Node {
    Always,
    Never,
    And(Box<[Node]>),
    Or(Box<[Node]>),
    Not(Box<Node>),
    /// A test, and what it was written as.
    Test(Test, Arc<Atom>),
}

/// A compiled test.
#[derive(Clone, Debug)]
pub enum Test {
    Mcc,
    Cc,
    Icu,
    /// A referenced code is in the set.
    Bit(Gate),
    /// A referenced code begins so.
    StartsWith(Ref, Prefix),
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
    pub fn new(first_bit: u16, bits: u16, layout: Layout) -> Regions {
        let space = Space::global(layout);
        Regions { part: space.start + (DIAGNOSES + ANY) * space.width, first_bit, bits }
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

    /// The gate of a bit of a space.
    pub fn new(of: Ref, bit: u16, space: Space) -> Gate {
        let part = kind_part(of.kind)
            + match of.reach {
                Reach::First => FIRST,
                Reach::Others => OTHERS,
                Reach::Any => ANY,
            };
        let word = space.start + part * space.width + usize::from(bit / 64);
        Gate { word: word as u32, mask: 1 << (bit % 64) }
    }

    /// The gate, if it looks at first codes only; else one that is always open.
    pub fn of_first(self, layout: Layout) -> Gate {
        let (word, local) = (self.word as usize, Space::local(layout));
        let space = if word < local.start { Space::global(layout) } else { local };
        let behind = word.checked_sub(space.start);
        if behind.is_some_and(|words| words / space.width % KIND_PARTS == FIRST) { self } else { Gate::OPEN }
    }

    /// Of a gate on lists of the MDC that looks at the first code of a kind: the kind, the word among those lists, the
    /// bits.
    pub fn on_first_list(self, layout: Layout) -> Option<(Kind, usize, u64)> {
        let behind = (self.word as usize).checked_sub(Space::local(layout).start)?;
        let (part, word) = (behind / layout.local, behind % layout.local);
        let kind = [Kind::Diagnosis, Kind::Procedure].into_iter().find(|kind| kind_part(*kind) + FIRST == part)?;
        (word < layout.lists).then_some((kind, word, self.mask))
    }

    /// Whether a code has one of the bits: by its global words, and those for the MDC at hand.
    pub fn has(self, layout: Layout, global: &[u64], local: Option<&[u64]>) -> bool {
        let (space, words) = match (self.word as usize).checked_sub(Space::local(layout).start) {
            Some(_) => (Space::local(layout), local),
            None => (Space::global(layout), Some(global)),
        };
        let at = (self.word as usize).checked_sub(space.start).map(|behind| behind % space.width);
        at.zip(words).is_some_and(|(at, words)| words[at] & self.mask != 0)
    }

    #[inline]
    pub fn is_open(self, words: &Words) -> bool {
        words.0[self.word as usize] & self.mask != 0
    }
}

/// Where the six parts of a space lie in [`Words`].
#[derive(Clone, Copy, Debug)]
pub struct Space {
    start: usize,
    width: usize,
}

impl Space {
    /// Behind the word that is all ones.
    const START: usize = 1;

    pub const fn global(layout: Layout) -> Space {
        Space { start: Self::START, width: layout.global }
    }

    pub const fn local(layout: Layout) -> Space {
        Space { start: Self::START + PARTS * layout.global, width: layout.local }
    }
}

const PARTS: usize = 2 * KIND_PARTS;
const KIND_PARTS: usize = 3;
const FIRST: usize = 0;
const OTHERS: usize = 1;
const ANY: usize = 2;

/// Where the three parts of a kind of codes start.
const fn kind_part(kind: Kind) -> usize {
    match kind {
        Kind::Diagnosis => 0,
        Kind::Procedure => KIND_PARTS,
    }
}
const DIAGNOSES: usize = kind_part(Kind::Diagnosis);

/// Of which kind conditions look at codes beside the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rest {
    pub diagnoses: bool,
    pub procedures: bool,
}

impl Rest {
    pub fn add(&mut self, kind: Kind) {
        match kind {
            Kind::Diagnosis => self.diagnoses = true,
            Kind::Procedure => self.procedures = true,
        }
    }

    /// The kinds looked at.
    #[inline]
    pub fn kinds(self) -> impl Iterator<Item = Kind> {
        let diagnoses = self.diagnoses.then_some(Kind::Diagnosis);
        diagnoses.into_iter().chain(self.procedures.then_some(Kind::Procedure))
    }

    /// Whether all of `wanted` is there.
    #[inline]
    pub const fn covers(self, wanted: Rest) -> bool {
        (self.diagnoses || !wanted.diagnoses) && (self.procedures || !wanted.procedures)
    }

    pub fn or(self, other: Rest) -> Rest {
        Rest { diagnoses: self.diagnoses || other.diagnoses, procedures: self.procedures || other.procedures }
    }
}

/// The words of a claim's codes.
#[derive(Clone, Debug)]
pub struct Words(Vec<u64>);

impl Words {
    pub fn new(layout: Layout) -> Words {
        let mut words = vec![0; Space::START + PARTS * (layout.global + layout.local)];
        words[0] = u64::MAX;
        Words(words)
    }

    /// The first global word of the principal diagnosis.
    #[inline]
    pub fn principal(&self) -> u64 {
        self.0[Space::START]
    }

    /// A word of the rules that the first codes open.
    #[inline]
    pub fn opened(&self, layout: Layout, word: usize) -> u64 {
        let first = |kind| {
            let space = Space::local(layout);
            self.0[space.start + (kind_part(kind) + FIRST) * space.width + layout.lists + word]
        };
        first(Kind::Diagnosis) | first(Kind::Procedure)
    }

    /// Sets the part of the first code of a kind.
    #[inline]
    pub fn set_first(&mut self, space: Space, kind: Kind, words: Option<&[u64]>) {
        let start = space.start + (kind_part(kind) + FIRST) * space.width;
        let part = &mut self.0[start..start + space.width];
        match words {
            // Few words, for which a call that copies is slower than the copy.
            Some([a]) if part.len() == 1 => part[0] = *a,
            Some([a, b]) if part.len() == 2 => (part[0], part[1]) = (*a, *b),
            Some([a, b, c]) if part.len() == 3 => (part[0], part[1], part[2]) = (*a, *b, *c),
            Some(words) => part.copy_from_slice(words),
            None => part.iter_mut().for_each(|word| *word = 0),
        }
    }

    /// Sets the parts of the codes after the first, and of all, when the first is set.
    #[inline]
    pub fn set_rest<'a>(&mut self, space: Space, kind: Kind, others: impl Iterator<Item = Option<&'a [u64]>>) {
        let (start, width) = (space.start + kind_part(kind) * space.width, space.width);
        let parts = &mut self.0[start..start + KIND_PARTS * width];
        parts[OTHERS * width..ANY * width].fill(0);
        for words in others.flatten() {
            parts[OTHERS * width..ANY * width].iter_mut().zip(words).for_each(|(word, more)| *word |= more);
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

/// A condition of severity alone: one of these is enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quick {
    always: bool,
    mcc: bool,
    cc: bool,
}

impl Quick {
    #[inline]
    pub fn holds(self, severity: &LazySeverity<'_>) -> bool {
        self.always || {
            let (mcc, cc) = severity.get();
            (self.mcc && mcc) || (self.cc && cc)
        }
    }
}

/// Everything a condition can look at.
#[derive(Clone, Copy)]
pub struct Sight<'a> {
    pub facts: Facts<'a>,
    pub codes: CaseCodes<'a>,
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

    pub fn get(&self) -> (bool, bool) {
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
            Node::Test(test, _) => self.passes(test),
        }
    }

    /// Whether a test passes.
    pub fn passes(&self, test: &Test) -> bool {
        match test {
            Test::Mcc => self.severity.get().0,
            Test::Cc => self.severity.get().1,
            Test::Icu => self.facts.stays.icu[self.facts.row] == 1,
            Test::Bit(gate) => gate.is_open(self.words),
            Test::StartsWith(of, prefix) => self.codes.any_starts_with(*of, prefix),
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
    /// Whether the condition is this gate and nothing more.
    pub fn is(&self, gate: Gate) -> bool {
        matches!(self, Node::Test(Test::Bit(own), _) if *own == gate)
    }

    /// The condition, where it asks for nothing or for severity alone.
    pub fn quick(&self) -> Option<Quick> {
        match self {
            Node::Always => Some(Quick { always: true, mcc: false, cc: false }),
            Node::Test(Test::Mcc, _) => Some(Quick { always: false, mcc: true, cc: false }),
            Node::Test(Test::Cc, _) => Some(Quick { always: false, mcc: false, cc: true }),
            Node::Or(parts) => parts.iter().map(Node::quick).try_fold(Quick::default(), |all, part| {
                let part = part?;
                Some(Quick { always: all.always || part.always, mcc: all.mcc || part.mcc, cc: all.cc || part.cc })
            }),
            _ => None,
        }
    }

    /// A test that fails quickly, of what must all hold: of the sex or a number.
    pub fn guard(&self) -> Option<&Test> {
        let Node::And(parts) = self else { return None };
        parts.iter().find_map(|part| match part {
            Node::Test(test @ (Test::Sex(_) | Test::Number(..)), _) => Some(test),
            _ => None,
        })
    }

    /// A gate that is open whenever the condition holds: a quick way to pass most rules by.
    pub fn gate(&self) -> Gate {
        match self {
            Node::Test(Test::Bit(gate), _) => *gate,
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
