//! Synthetic claims: any number of plausible claims for any grouping scheme, the same bytes for the same seed.
//!
//! For every DRG some clinical pictures are drawn that fulfil its conditions, and kept when the grouper agrees. A claim
//! is then an institution, a group of its case mix, a picture of that group, a patient, days, and a log-normal bill;
//! some are readmissions, transfers or reversed settlements, and a stated share of rows is bad on purpose. Only whole
//! numbers are computed with, and each block of rows has its own random ones: machine and threads change nothing.

mod block;
mod city;
mod claim;
mod codes;
mod columns;
mod groups;
mod pattern;
mod period;
mod plausible;
mod random;
mod recipe;
mod spoil;

use rayon::prelude::*;

use block::{BLOCK, Maker};
pub use city::City;
use claim::{Setting, WAY};
use codes::CodeBook;
use columns::Columns;
use groups::Groups;
use pattern::Tests;
pub use period::Period;
use random::mix;
use spoil::BadRows;

use crate::grouper::Grouper;
use crate::problem::catalogue::synth as problems;
use crate::problem::{Problem, Problems};
use crate::scheme::condition::NumberField;
use crate::table::Table;

/// Most claims made at a time: identifiers have eight digits.
pub const CLAIMS_MAX: u64 = 99_000_000;

/// What is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    pub claims: u64,
    pub seed: u64,
    /// The days of discharge and settlement.
    pub period: Period,
    /// Rows that a reader must refuse, of a million.
    pub bad_per_million: u32,
}

/// Claims that were made.
#[derive(Clone, Debug)]
pub struct Synthesis {
    pub table: Table,
    pub bad_rows: u64,
    /// DRGs of the scheme for which no claim could be made.
    pub unreached: Vec<String>,
}

impl Synthesis {
    /// What the user should know beside the claims.
    #[must_use]
    pub fn warning(&self) -> Option<Problem> {
        let problem = Problem::new(&problems::GROUPS_UNREACHED).with("count", self.unreached.len());
        (!self.unreached.is_empty()).then(|| problem.with("drgs", self.unreached.join(", ")))
    }
}

/// Makes claims in wide form.
pub fn claims(grouper: &Grouper, city: &City, order: &Order) -> Result<Synthesis, Problems> {
    if order.claims > CLAIMS_MAX {
        return Err(Problem::new(&problems::TOO_MANY_CLAIMS).with("limit", CLAIMS_MAX).into());
    }
    let book = CodeBook::new(grouper.definition());
    let tests = Tests::of(grouper.definition());
    let groups = Groups::new(grouper, &book, &tests, order.seed);
    if groups.groups.is_empty() {
        let name = &grouper.definition().options.name;
        return Err(Problem::new(&problems::NO_GROUPS).with("scheme", name).into());
    }
    let days = order.period.days();
    // Periods have nothing in common, whatever the seed.
    let seed = mix(&mut (order.seed ^ (days.0 as u64) << 32));
    let bad = BadRows { seed, per_million: order.bad_per_million };
    let setting = Setting {
        city,
        companions: &book.companions(),
        diagnoses_counted: tests.number(NumberField::DiagnosisCount),
        tests_way: tests.texts[WAY],
    };
    let maker = Maker { setting, groups: &groups, book: &book, bad, seed, days };
    let label = order.period.label();
    let blocks: Vec<Columns> = (0..order.claims.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            let rows = (order.claims - block * BLOCK).min(BLOCK);
            Columns::of(&maker.block(block, rows), &label, &book)
        })
        .collect();
    let mut columns = Columns::default();
    blocks.into_iter().for_each(|block| columns.extend(block));
    let table = columns.table(&tests);
    Ok(Synthesis { table, bad_rows: bad.count(order.claims), unreached: groups.unreached })
}
