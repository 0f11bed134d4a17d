//! Conditions as bit tests.

use std::cell::Cell;

use super::codes::has;
use crate::claims::{Sex, UNKNOWN};
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
    /// A referenced code has the bit: of the MDC at hand when `local`, else of the whole scheme.
    Bit {
        of: Ref,
        local: bool,
        bit: u16,
    },
    Number(NumberField, Comparison, i32),
    Sex(Sex),
    Text(TextField, Box<[String]>),
    /// The number of different regions, of the MDC's range of region bits in the global space.
    Regions {
        first_bit: u16,
        bits: u16,
        op: Comparison,
        value: i32,
    },
}

/// The words of a claim's codes: principal diagnosis, other diagnoses, main procedure, other procedures.
#[derive(Clone, Debug, Default)]
pub struct Words {
    words: Vec<u64>,
    width: usize,
}

/// Places of the four parts in [`Words`].
pub const PRINCIPAL: usize = 0;
pub const OTHER_DIAGNOSES: usize = 1;
pub const MAIN_PROCEDURE: usize = 2;
pub const OTHER_PROCEDURES: usize = 3;

impl Words {
    /// Empties all parts and sets their width.
    #[inline]
    pub fn reset(&mut self, width: usize) {
        self.width = width;
        self.words.clear();
        self.words.resize(4 * width, 0);
    }

    #[inline]
    pub fn part(&mut self, part: usize) -> &mut [u64] {
        &mut self.words[part * self.width..][..self.width]
    }

    #[inline]
    fn has(&self, of: Ref, bit: u16) -> bool {
        let first = match of.kind {
            Kind::Diagnosis => PRINCIPAL,
            Kind::Procedure => MAIN_PROCEDURE,
        };
        let part = |part: usize| &self.words[part * self.width..][..self.width];
        match of.reach {
            Reach::First => has(part(first), bit),
            Reach::Others => has(part(first + 1), bit),
            Reach::Any => has(part(first), bit) || has(part(first + 1), bit),
        }
    }
}

/// What is known of a claim beside its codes.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub sex: Sex,
    pub icu: bool,
    /// By [`NumberField`]; missing ones are [`UNKNOWN`] or 0, as the scheme says.
    pub numbers: [i32; NumberField::WORDS.len()],
    /// By [`TextField`].
    pub texts: [&'a str; TextField::WORDS.len()],
}

/// Everything a condition can look at.
pub struct View<'a> {
    pub facts: &'a Facts<'a>,
    pub global: &'a Words,
    pub local: &'a Words,
    /// `(has an MCC, has a CC)`, found when first asked for.
    pub severity: &'a dyn Fn() -> (bool, bool),
    pub found_severity: &'a Cell<Option<(bool, bool)>>,
}

impl View<'_> {
    fn severity(&self) -> (bool, bool) {
        if let Some(found) = self.found_severity.get() {
            return found;
        }
        let found = (self.severity)();
        self.found_severity.set(Some(found));
        found
    }

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
            Test::Mcc => self.severity().0,
            Test::Cc => self.severity().1,
            Test::Icu => self.facts.icu,
            Test::Bit { of, local: true, bit } => self.local.has(*of, *bit),
            Test::Bit { of, local: false, bit } => self.global.has(*of, *bit),
            Test::Number(field, op, value) => {
                let number = self.facts.numbers[*field as usize];
                number != UNKNOWN && op.holds(number, *value)
            }
            Test::Sex(sex) => self.facts.sex == *sex,
            Test::Text(field, words) => words.iter().any(|word| word == self.facts.texts[*field as usize]),
            Test::Regions { first_bit, bits, op, value } => op.holds(self.regions(*first_bit, *bits), *value),
        }
    }

    /// How many of a range of region bits any diagnosis has.
    pub fn regions(&self, first_bit: u16, bits: u16) -> i32 {
        let any = Ref { kind: Kind::Diagnosis, reach: Reach::Any };
        (first_bit..first_bit + bits).map(|bit| i32::from(self.global.has(any, bit))).sum()
    }
}
