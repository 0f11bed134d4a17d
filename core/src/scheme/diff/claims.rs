//! Which claims move from group to group, and what moves with them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;

use crate::claims::Stays;
use crate::grouper::{Grouper, Outcome, Status};
use crate::money::scaled;
use crate::problem::catalogue::scheme as codes;
use crate::problem::{Problem, Problems};
use crate::scheme::Definition;
use crate::table::{Table, Values};

/// One of the two schemes, ready to group.
pub struct Side {
    grouper: Grouper,
    /// Relative weight in millionths, by outcome.
    weights_e6: Vec<Option<i64>>,
}

/// Claims that have one group in the first scheme and another in the second.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Move {
    /// DRG, or status where there is none.
    pub from: String,
    pub to: String,
    pub cases: u64,
    /// `medfee_sumamt` of the cases whose amount is known.
    pub medfee_fen: i64,
    pub weight_before_e6: Option<i64>,
    pub weight_after_e6: Option<i64>,
}

/// What became of claims.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ClaimMoves {
    pub claims: u64,
    pub medfee_fen: i64,
    pub moved: u64,
    pub moved_medfee_fen: i64,
    /// Cases with a weight in both schemes, moved or not, and the sums of their weights.
    pub weighted: u64,
    pub weight_before_e6: i64,
    pub weight_after_e6: i64,
    /// The largest number of cases first.
    pub moves: Vec<Move>,
    #[serde(skip)]
    rows: Vec<(usize, u16, u16)>,
}

impl Side {
    /// Compiles a scheme. Fails when a weight is no number.
    pub fn new(definition: Definition) -> Result<Side, Problems> {
        let mut problems = Problems::new();
        let mut by_drg: BTreeMap<&str, i64> = BTreeMap::new();
        if let Some(table) = &definition.weights
            && let (Some(drg), Some(weight)) = (table.column("drg"), table.column("weight"))
        {
            for row in table.rows.iter().filter(|row| !row.cells[weight].is_empty()) {
                let number = row.cells[weight].parse::<Decimal>().ok();
                let units = number.and_then(|number| scaled(number, 6)).and_then(|units| i64::try_from(units).ok());
                match units.filter(|units| *units >= 0) {
                    Some(units) => drop(by_drg.insert(&row.cells[drg], units)),
                    None => {
                        let problem = table.problem(&codes::BAD_CELL, row, weight).with("value", &row.cells[weight]);
                        problems.push(problem.with("expected", "a weight of at most 6 decimals"));
                    }
                }
            }
        }
        let by_drg: BTreeMap<String, i64> = by_drg.into_iter().map(|(drg, units)| (drg.to_owned(), units)).collect();
        let grouper = Grouper::new(definition);
        let weight = |outcome: &Outcome| match outcome.status {
            Status::Grouped => by_drg.get(&outcome.drg).copied(),
            _ => None,
        };
        let weights_e6 = grouper.outcomes().iter().map(weight).collect();
        problems.or(Side { grouper, weights_e6 }).map(|(side, _)| side)
    }

    fn label(&self, outcome: u16) -> String {
        let outcome = &self.grouper.outcomes()[usize::from(outcome)];
        match outcome.status {
            Status::Grouped | Status::Ambiguous => outcome.drg.clone(),
            status => status.code().to_owned(),
        }
    }
}

/// Groups stays by both schemes. `medfee_fen` are their bills, where they are known.
pub fn moves(
    before: &Side,
    after: &Side,
    stays: &Stays,
    medfee_fen: &[Option<i64>],
    translate: bool,
) -> Result<ClaimMoves, Problem> {
    let old = before.grouper.group(stays, translate).outcomes;
    let new = after.grouper.group(stays, translate).outcomes;
    let (old_labels, new_labels) = (labels(before), labels(after));
    let mut result = ClaimMoves { claims: stays.len() as u64, ..ClaimMoves::default() };
    let mut moves: BTreeMap<(&str, &str), Move> = BTreeMap::new();
    let too_large = || Problem::new(&codes::TOO_LARGE).with("what", "Σ medfee_sumamt").with("limit", i64::MAX);
    for (row, (&old, &new)) in old.iter().zip(&new).enumerate() {
        let fen = medfee_fen.get(row).copied().flatten().unwrap_or(0);
        result.medfee_fen = result.medfee_fen.checked_add(fen).ok_or_else(too_large)?;
        let weights = (before.weights_e6[usize::from(old)], after.weights_e6[usize::from(new)]);
        if let (Some(first), Some(second)) = weights {
            result.weighted += 1;
            result.weight_before_e6 = result.weight_before_e6.checked_add(first).ok_or_else(too_large)?;
            result.weight_after_e6 = result.weight_after_e6.checked_add(second).ok_or_else(too_large)?;
        }
        let (from, to) = (old_labels[usize::from(old)].as_str(), new_labels[usize::from(new)].as_str());
        if from == to {
            continue;
        }
        result.moved += 1;
        result.rows.push((row, old, new));
        let entry = moves.entry((from, to)).or_insert_with(|| Move {
            from: from.to_owned(),
            to: to.to_owned(),
            cases: 0,
            medfee_fen: 0,
            weight_before_e6: weights.0,
            weight_after_e6: weights.1,
        });
        entry.cases += 1;
        entry.medfee_fen = entry.medfee_fen.checked_add(fen).ok_or_else(too_large)?;
        result.moved_medfee_fen = result.moved_medfee_fen.checked_add(fen).ok_or_else(too_large)?;
    }
    result.moves = moves.into_values().collect();
    result.moves.sort_by(|a, b| b.cases.cmp(&a.cases).then_with(|| a.cmp(b)));
    let [cases, fen] = [
        result.moves.iter().map(|m| m.cases as i128).sum::<i128>(),
        result.moves.iter().map(|m| i128::from(m.medfee_fen)).sum(),
    ];
    assert_eq!(
        (cases, fen),
        (i128::from(result.moved), i128::from(result.moved_medfee_fen)),
        "Invariant: Σ moves = moved"
    );
    Ok(result)
}

fn labels(side: &Side) -> Vec<String> {
    (0..side.grouper.outcomes().len()).map(|at| side.label(at as u16)).collect()
}

impl ClaimMoves {
    /// The moved claims, one a row.
    #[must_use]
    pub fn table(&self, before: &Side, after: &Side, stays: &Stays, medfee_fen: &[Option<i64>]) -> Table {
        let rows = || self.rows.iter();
        let outcome = |side: &Side, at: u16| side.grouper.outcomes()[usize::from(at)].clone();
        let weight = |side: &Side, at: u16| side.weights_e6[usize::from(at)].map(i128::from);
        let weights = |units: Vec<Option<i128>>| Values::Decimal { units, scale: 6, wide: false };
        Table::new()
            .with("setl_id", Values::texts(rows().map(|(row, ..)| stays.setl_id.get(*row))))
            .with("status_before", Values::keywords(rows().map(|(_, old, _)| outcome(before, *old).status.code())))
            .with("status_after", Values::keywords(rows().map(|(_, _, new)| outcome(after, *new).status.code())))
            .with("adrg_before", Values::keywords(rows().map(|(_, old, _)| outcome(before, *old).adrg)))
            .with("adrg_after", Values::keywords(rows().map(|(_, _, new)| outcome(after, *new).adrg)))
            .with("drg_before", Values::keywords(rows().map(|(_, old, _)| outcome(before, *old).drg)))
            .with("drg_after", Values::keywords(rows().map(|(_, _, new)| outcome(after, *new).drg)))
            .with(
                "medfee_sumamt",
                Values::Money(rows().map(|(row, ..)| medfee_fen.get(*row).copied().flatten()).collect()),
            )
            .with("weight_before", weights(rows().map(|(_, old, _)| weight(before, *old)).collect()))
            .with("weight_after", weights(rows().map(|(_, _, new)| weight(after, *new)).collect()))
    }
}
