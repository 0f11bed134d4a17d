//! Sets of claims as products: every formula is a union of cells.

use std::sync::Arc;

use super::bits::Bits;
use super::formula::{Formula, Literal};
use super::universe::{Dim, Universe};
use crate::scheme::condition::{Comparison, Kind};

/// More cells than this are not looked at; the search then speaks of claims tried, not of all claims.
pub const MAX_CELLS: usize = 1_000;

/// The claims whose values lie in the given sets, with the further codes needed and barred.
#[derive(Clone, Debug)]
pub struct Cell {
    pub dims: [Arc<Bits>; Dim::COUNT],
    /// For each set, one of the further codes must be in it; by [`Kind`].
    pub needs: [Vec<Arc<Bits>>; 2],
    /// Further codes that must not be; by [`Kind`].
    pub barred: [Arc<Bits>; 2],
    /// Whether there must be a CC, an MCC; by level.
    pub severity: [Option<bool>; 2],
    pub regions: Vec<(usize, Comparison, i32, bool)>,
    pub counts: Vec<(Kind, Comparison, i32, bool)>,
}

impl Cell {
    /// All claims that pass the input check.
    #[must_use]
    pub fn full(universe: &Universe<'_>) -> Cell {
        let dims = [
            Dim::Principal,
            Dim::MainProcedure,
            Dim::Person,
            Dim::Sex,
            Dim::Los,
            Dim::Icu,
            Dim::IcuHours,
            Dim::VentHours,
            Dim::Department,
            Dim::DischargeWay,
            Dim::MedType,
        ];
        let dims = dims.map(|dim| {
            let size = universe.size(dim);
            // The last place of the principal diagnoses is that of a claim without any.
            let needed = dim == Dim::Principal && !universe.may_lack_diagnosis();
            Arc::new(Bits::of(size, 0..size - usize::from(needed)))
        });
        let barred = [Kind::Diagnosis, Kind::Procedure].map(|kind| Arc::new(Bits::none(universe.limit(kind))));
        Cell { dims, needs: Default::default(), barred, severity: [None; 2], regions: Vec::new(), counts: Vec::new() }
    }

    /// The part of the cell where the literal holds; `None` when it is empty.
    #[must_use]
    pub fn with(&self, literal: &Literal) -> Option<Cell> {
        let mut cell = self.clone();
        match literal {
            Literal::Within(dim, set) => {
                let left = self.dims[*dim as usize].and(set);
                if left.is_empty() {
                    return None;
                }
                cell.dims[*dim as usize] = Arc::new(left);
            }
            Literal::HasOther(kind, set) => {
                if set.within(&self.barred[*kind as usize]) {
                    return None;
                }
                cell.needs[*kind as usize].push(set.clone());
            }
            Literal::NoOther(kind, set) => {
                let barred = self.barred[*kind as usize].or(set);
                if self.needs[*kind as usize].iter().any(|need| need.within(&barred)) {
                    return None;
                }
                cell.barred[*kind as usize] = Arc::new(barred);
            }
            Literal::Severity(level, wanted) => {
                if self.severity[*level as usize] == Some(!wanted) {
                    return None;
                }
                cell.severity[*level as usize] = Some(*wanted);
            }
            Literal::Regions(mdc, op, value, wanted) => cell.regions.push((*mdc, *op, *value, *wanted)),
            Literal::Count(kind, op, value, wanted) => cell.counts.push((*kind, *op, *value, *wanted)),
        }
        Some(cell)
    }

    /// Whether the literal holds in the whole cell, as far as can be told at once.
    #[must_use]
    pub fn implies(&self, literal: &Literal) -> bool {
        match literal {
            Literal::Within(dim, set) => self.dims[*dim as usize].within(set),
            Literal::HasOther(kind, set) => self.needs[*kind as usize].iter().any(|need| need.within(set)),
            Literal::NoOther(kind, set) => set.within(&self.barred[*kind as usize]),
            Literal::Severity(level, wanted) => self.severity[*level as usize] == Some(*wanted),
            Literal::Regions(..) | Literal::Count(..) => false,
        }
    }

    fn implies_formula(&self, formula: &Formula) -> bool {
        match formula {
            Formula::Literal(literal) => self.implies(literal),
            Formula::All(parts) => parts.iter().all(|part| self.implies_formula(part)),
            Formula::Any(parts) => parts.iter().any(|part| self.implies_formula(part)),
        }
    }

    /// The parts of the cell where the formula holds. They may overlap.
    #[must_use]
    pub fn meet(&self, formula: &Formula) -> Vec<Cell> {
        if self.implies_formula(formula) {
            return vec![self.clone()];
        }
        match formula {
            Formula::Literal(literal) => self.with(literal).into_iter().collect(),
            Formula::All(parts) => meet_all(vec![self.clone()], parts),
            Formula::Any(parts) => {
                let mut cells: Vec<Cell> = parts.iter().flat_map(|part| self.meet(part)).collect();
                cells.truncate(MAX_CELLS + 1);
                cells
            }
        }
    }
}

/// The parts of the cells where all the formulas hold. More than [`MAX_CELLS`] means: not all of them.
#[must_use]
pub fn meet_all<'f>(cells: Vec<Cell>, formulas: impl IntoIterator<Item = &'f Formula>) -> Vec<Cell> {
    formulas.into_iter().fold(cells, |cells, formula| {
        let mut met: Vec<Cell> = cells.iter().flat_map(|cell| cell.meet(formula)).collect();
        met.truncate(MAX_CELLS + 1);
        met
    })
}
