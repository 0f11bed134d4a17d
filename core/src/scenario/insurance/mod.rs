//! The insurance side of a baseline, and its evaluation under changed packs.

mod cells;
mod figures;
mod full;
mod place;
mod way;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use cells::Cells;
pub use way::Way;

use super::change::Move;
use super::figures::Figures;
use super::projection::Growth;
use crate::claims::Claims;
use crate::grouper::{Grouped, Outcome};
use crate::ledger::Period;
use crate::policy::{Bundle, PackId, PolicySet};
use crate::pricing::PastStay;
use crate::problem::catalogue::scenario as x;
use crate::problem::{Problem, Problems};
use crate::settlement::{Carried, Compact, CompactMonth, CompactYear, Correction, Openings, PaidMonth, PointLine};

/// Claims that are priced together: a month, or all there is.
#[derive(Clone, Debug)]
pub struct Unit {
    pub period: Period,
    pub claims: Claims,
    pub grouped: Grouped,
    pub outcomes: Vec<Outcome>,
    /// Stays of earlier periods that a readmission may reduce.
    pub past: Vec<PastStay>,
}

/// A case of the year that a later month took back (冲正).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    pub setl_id: String,
}

/// What the insurance side of a baseline is made of.
#[derive(Clone, Debug)]
pub struct InsuranceInput {
    /// A month, or a year to be cleared.
    pub period: Period,
    /// The month, or the months of the year in order.
    pub units: Vec<Unit>,
    pub bundle: Bundle,
    /// Of a month: opening balances, and what it corrects of earlier months whatever its rules are.
    pub carried: Vec<Carried>,
    pub corrections: Vec<Correction>,
    /// Of a year: what the months paid, which no scenario changes, and the cases they took back.
    pub paid: Vec<PaidMonth>,
    /// Of a year: what the year before left in the reserves.
    pub openings: Openings,
    pub revisions: Vec<Revision>,
    /// Points of recognised exams, which no scenario changes.
    pub recognised: Vec<PointLine>,
    /// Of a year: its cases as a book has them, with every correction. Cases can be priced again only where that gives
    /// the same: appeals and costs looked at in clearing stand in no claim.
    pub booked: Option<Compact>,
}

/// A baseline ready to be evaluated under changes.
#[derive(Clone, Debug)]
pub struct Insurance {
    input: InsuranceInput,
    set: PolicySet,
    /// The baseline's prices, reduced.
    priced: Reduced,
    /// Where pricing again does not give what the book has: the first difference, once a scenario asks.
    differs: OnceLock<Option<(String, i64, i64)>>,
    /// The claims sorted into cells, once a scenario needs it; nothing where that is no way.
    cells: OnceLock<Option<Cells>>,
    places: BTreeMap<String, place::Place>,
}

/// Prices reduced to what settlement needs.
#[derive(Clone, Debug, Default)]
struct Reduced {
    cases: Compact,
    /// The packs whose rules priced a case.
    used: BTreeSet<PackId>,
    /// Of a month: corrections of earlier months.
    corrections: Vec<Correction>,
}

impl Insurance {
    /// Prices the baseline once.
    pub fn new(input: InsuranceInput) -> Result<(Insurance, Problems), Problems> {
        let (set, warnings) = input.bundle.compile(&[])?;
        let priced = match &input.booked {
            Some(cases) => Reduced { cases: cases.clone(), ..Reduced::default() },
            None => full::price_all(&input, &set)?,
        };
        let places = place::places(&set, &input);
        let (differs, cells) = (OnceLock::new(), OnceLock::new());
        Ok((Insurance { input, set, priced, differs, cells, places }, warnings))
    }

    #[must_use]
    pub fn period(&self) -> Period {
        self.input.period
    }

    #[must_use]
    pub fn bundle(&self) -> &Bundle {
        &self.input.bundle
    }

    /// Name of each institution in the registers.
    #[must_use]
    pub fn names(&self) -> BTreeMap<String, String> {
        let rows = self.set.packs.iter().flat_map(crate::policy::Policy::register);
        rows.filter_map(|row| Some((row.fixmedins_code.clone(), row.fixmedins_name.clone()?))).collect()
    }

    /// The sums of the baseline's cases.
    #[must_use]
    pub fn cases(&self) -> &Compact {
        &self.priced.cases
    }

    /// The figures of the baseline.
    pub fn baseline(&self) -> Result<Figures, Problems> {
        self.settle(&self.set, &self.priced)
    }

    /// The figures under changes, by the shortest way.
    pub fn evaluate(&self, moves: &[Move]) -> Result<(Figures, Way), Problems> {
        let way = way::way(&self.input.bundle, moves);
        Ok((self.evaluate_by(way, moves)?, way))
    }

    /// The figures under changes, by a way that is long enough for them.
    pub fn evaluate_by(&self, way: Way, moves: &[Move]) -> Result<Figures, Problems> {
        let (set, _) = self.input.bundle.compile(moves)?;
        if way != Way::Sums {
            self.can_price_again()?;
        }
        match way {
            Way::Sums => self.settle(&set, &self.priced),
            Way::Cells => match self.price_cells(&set) {
                Some(cases) => {
                    let (used, corrections) = (self.priced.used.clone(), self.priced.corrections.clone());
                    self.settle(&set, &Reduced { cases, used, corrections })
                }
                None => self.settle(&set, &full::price_all(&self.input, &set)?),
            },
            Way::Prices => self.settle(&set, &full::price_all(&self.input, &set)?),
        }
    }

    /// The figures under changes when the cost of every case and the number of cases grow by factors in millionths.
    pub(super) fn grown(&self, moves: &[Move], growth: Growth) -> Result<Figures, Problems> {
        let (set, _) = self.input.bundle.compile(moves)?;
        let way = if growth.cost_e6 == 1_000_000 { way::way(&self.input.bundle, moves) } else { Way::Prices };
        if way != Way::Sums {
            self.can_price_again()?;
        }
        let priced = match way {
            Way::Sums => self.priced.clone(),
            _ if growth.cost_e6 == 1_000_000 => full::price_all(&self.input, &set)?,
            _ => full::price_all(&full::grow(&self.input, growth.cost_e6)?, &set)?,
        };
        let cases = priced.cases.times(growth.cases_e6).ok_or_else(full::overflow)?;
        self.settle(&set, &Reduced { cases, ..priced })
    }

    /// Whether pricing again gives the cases that the book has.
    fn can_price_again(&self) -> Result<(), Problems> {
        let Some(booked) = &self.input.booked else { return Ok(()) };
        let difference = || match full::price_all(&self.input, &self.set) {
            Ok(priced) => priced.cases.difference(booked),
            Err(_) => Some((self.input.period.to_string(), 0, 0)),
        };
        match self.differs.get_or_init(difference) {
            None => Ok(()),
            Some((subject, found, booked)) => {
                let points = |units: i64| crate::table::cell::decimal(units.into(), 4);
                let problem = Problem::new(&x::YEAR_DIFFERS).with("subject", subject);
                Err(problem.with("found", points(*found)).with("booked", points(*booked)).into())
            }
        }
    }

    /// Prices by cells; `None` where that is no way, or something has no price.
    fn price_cells(&self, set: &PolicySet) -> Option<Compact> {
        let sort = || Cells::new(&self.input, &self.set).ok().flatten();
        self.cells.get_or_init(sort).as_ref()?.price(&self.input, set)
    }

    fn settle(&self, set: &PolicySet, priced: &Reduced) -> Result<Figures, Problems> {
        let (period, cases) = (self.input.period, &priced.cases);
        let recognised = &self.input.recognised;
        if period.is_year() {
            let figures =
                CompactYear { period, set, cases, paid: &self.input.paid, openings: &self.input.openings, recognised }
                    .settle()?;
            return figures::of_year(&figures, &self.places);
        }
        let (used, carried, corrections) = (&priced.used, &self.input.carried, &priced.corrections);
        let figures = CompactMonth { period, set, cases, used, carried, corrections, recognised }.settle()?;
        figures::of_month(&figures, &self.places)
    }
}
