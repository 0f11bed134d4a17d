//! The table of claims. What all cases of an outcome, a cell or a rule have in common is made a text once.

use std::sync::Arc;

use rayon::prelude::*;

use super::due::Dues;
use crate::claims::Claims;
use crate::grouper::{Grouped, Outcome};
use crate::money::Rounding;
use crate::policy::PolicySet;
use crate::pricing::{Cell, Exact, Priced};
use crate::table::{Table, Values};
use crate::text::{Dictionary, Names};

/// Texts that numbers stand for.
struct Numbered {
    names: Arc<Names>,
    ids: Vec<u32>,
}

impl Numbered {
    fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Numbered {
        let mut column = Dictionary::default();
        texts.for_each(|text| column.push(text));
        Numbered { names: column.names().clone(), ids: column.ids().to_vec() }
    }

    fn column(&self, numbers: impl Iterator<Item = usize>) -> Values {
        Values::Keyword(Dictionary::of(&self.names, numbers.map(|number| self.ids[number]).collect()))
    }
}

/// Figures of a cell as they are written, in the units of their columns.
#[derive(Clone, Copy, Default)]
struct Figures {
    weight_e6: Option<i64>,
    coefficient_e6: Option<i64>,
    mean_fen: Option<i64>,
    pool_mean_fen: Option<i64>,
    low_e6: Option<i64>,
    high_e6: Option<i64>,
}

impl Figures {
    fn of(cell: &Cell) -> Figures {
        let e6 = |value: Option<Exact>| value.and_then(|value| value.round(6, Rounding::HalfUp));
        let fen = |value: Option<Exact>| value?.over(Exact::whole(100))?.round(2, Rounding::HalfUp);
        Figures {
            weight_e6: e6(cell.weight),
            coefficient_e6: e6(cell.weight.and(Some(cell.coefficient))),
            mean_fen: fen(cell.mean_fen),
            pool_mean_fen: fen(cell.pool_mean_fen),
            low_e6: cell.low.and_then(|low| e6(Some(Exact::scaled(low.0.0, 6)))),
            high_e6: cell.high.and_then(|high| e6(Some(Exact::scaled(high.0.0, 6)))),
        }
    }
}

/// What the columns of a run's claims are made with.
pub struct ClaimColumns<'a> {
    set: &'a PolicySet,
    drg: Numbered,
    status: Numbered,
    level: Numbered,
    consortium: Numbered,
    pool: Numbered,
    pack: Numbered,
    rule: Numbered,
    /// By cell; the last stands for none.
    figures: Vec<Figures>,
}

impl<'a> ClaimColumns<'a> {
    /// `priced`: prices of the run, whatever the claims.
    #[must_use]
    pub fn new(outcomes: &[Outcome], priced: &Priced, set: &'a PolicySet) -> ClaimColumns<'a> {
        let cells = || priced.cells.iter();
        let of_rule = |at: usize| {
            let (pack, rule) = priced.rules[at];
            (set.packs[pack].id.as_str(), set.packs[pack].rule(rule).name.as_str())
        };
        let rules = 0..priced.rules.len();
        let mut figures: Vec<Figures> = priced.cells.par_iter().map(Figures::of).collect();
        figures.push(Figures::default());
        ClaimColumns {
            set,
            drg: Numbered::new(outcomes.iter().map(|outcome| outcome.drg.as_str())),
            status: Numbered::new(outcomes.iter().map(|outcome| outcome.status.code())),
            level: Numbered::new(cells().map(|cell| cell.level.as_str()).chain([""])),
            consortium: Numbered::new(cells().map(|cell| cell.consortium.as_deref().unwrap_or("")).chain([""])),
            pool: Numbered::new(priced.pools.iter().map(String::as_str).chain([""])),
            pack: Numbered::new(rules.clone().map(|at| of_rule(at).0)),
            rule: Numbered::new(rules.map(|at| of_rule(at).1)),
            figures,
        }
    }

    /// The table `claims` of some of the run's claims.
    #[must_use]
    pub fn table(&self, claims: &Claims, grouped: &Grouped, priced: &Priced, dues: &Dues) -> Table {
        let known = |column: &[i64]| {
            Values::Money(column.iter().map(|fen| Some(*fen).filter(|fen| *fen != i64::MIN)).collect())
        };
        let outcomes = || grouped.outcomes.iter().map(|outcome| usize::from(*outcome));
        let none = self.figures.len() - 1;
        let cells = || priced.cell.iter().map(|cell| (*cell as usize).min(none));
        let rules = || priced.rule.iter().map(|rule| usize::from(*rule));
        let exact = |scale: u8, of: fn(&Figures) -> Option<i64>| Values::Decimal {
            units: cells().map(|cell| of(&self.figures[cell]).map(i128::from)).collect(),
            scale,
            wide: false,
        };
        Table::new()
            .with("setl_id", Values::Text(claims.stays.setl_id.clone()))
            .with("fixmedins_code", Values::Keyword(claims.institution.clone()))
            .with("insutype", Values::Keyword(claims.insurance_type.clone()))
            .with("drg", self.drg.column(outcomes()))
            .with("case_kind", coded(priced.case_kind.iter().map(|kind| (*kind as usize, kind.code()))))
            .with("points", Values::points(priced.points_e4.iter().copied()))
            .with("due", Values::money(dues.due_fen.iter().copied()))
            .with("status", self.status.column(outcomes()))
            .with("state", coded(priced.state.iter().map(|state| (*state as usize, state.code()))))
            .with("reason", coded(priced.reason.iter().map(|reason| (*reason as usize, reason.code()))))
            .with("standard", Values::money(dues.standard_fen.iter().copied()))
            .with("medfee_sumamt", known(&claims.total_fen))
            .with("hifp_pay", known(&claims.fund_fen))
            .with("psn_pay", known(&claims.patient_fen))
            .with("oth_fund_pay", known(&claims.other_fund_fen))
            .with("by_amount", Values::money(priced.amount_fen.iter().copied()))
            .with("outside_budget", Values::money(priced.outside_fen.iter().copied()))
            .with("hosp_lv", self.level.column(cells()))
            .with("consortium", self.consortium.column(cells()))
            .with("weight", exact(6, |figures| figures.weight_e6))
            .with("coefficient", exact(6, |figures| figures.coefficient_e6))
            .with("mean_cost", exact(2, |figures| figures.mean_fen))
            .with("pool_mean", exact(2, |figures| figures.pool_mean_fen))
            .with("low_line", exact(6, |figures| figures.low_e6))
            .with("high_line", exact(6, |figures| figures.high_e6))
            .with("adjusted_by", self.adjusted_by(priced))
            .with("factor", factors(priced))
            .with("pack", self.pack.column(rules()))
            .with("rule", self.rule.column(rules()))
    }

    /// The names of the pools of claims.
    #[must_use]
    pub fn pools(&self, priced: &Priced) -> Values {
        let none = priced.pools.len();
        self.pool.column(priced.pool.iter().map(|pool| usize::from(*pool).min(none)))
    }

    /// The rules that changed each case's price after its kind was found.
    fn adjusted_by(&self, priced: &Priced) -> Values {
        let name = |rule: u16| {
            let (pack, rule) = priced.rules[usize::from(rule)];
            self.set.packs[pack].rule(rule).name.as_str()
        };
        let mut column = Dictionary::default();
        let nothing = column.intern("");
        let mut adjusted = priced.adjusted.chunk_by(|a, b| a.row == b.row).peekable();
        for row in 0..priced.len() {
            match adjusted.next_if(|those| those[0].row == row) {
                None => column.push_id(nothing),
                Some(those) => column.push(&those.iter().map(|one| name(one.rule)).collect::<Vec<_>>().join("+")),
            }
        }
        Values::Keyword(column)
    }
}

/// Codes of which there are few.
fn coded(rows: impl Iterator<Item = (usize, &'static str)>) -> Values {
    let mut known: [Option<u32>; 64] = [None; 64];
    let mut column = Dictionary::default();
    for (number, code) in rows {
        let id = *known[number].get_or_insert_with(|| column.intern(code));
        column.push_id(id);
    }
    Values::Keyword(column)
}

/// The product of the factors that changed each case's points.
fn factors(priced: &Priced) -> Values {
    let mut units = vec![None; priced.len()];
    for those in priced.adjusted.chunk_by(|a, b| a.row == b.row) {
        let mut factors = those.iter().filter_map(|one| one.factor).peekable();
        if factors.peek().is_some() {
            let product = factors.try_fold(Exact::ONE, Exact::times);
            let rounded = product.and_then(|product| product.round(6, Rounding::HalfUp));
            units[those[0].row] = rounded.map(i128::from);
        }
    }
    Values::Decimal { units, scale: 6, wide: false }
}
