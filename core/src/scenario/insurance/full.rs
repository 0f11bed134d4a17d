//! Pricing all claims again, grouped as they are.

use std::collections::{BTreeMap, BTreeSet};

use super::{InsuranceInput, Reduced, Unit};
use crate::money::{Rounding, div_round_i64};
use crate::policy::PolicySet;
use crate::pricing::{Options, PastStay, Priced, State, price};
use crate::problem::catalogue::settlement::OVERFLOW;
use crate::problem::{Problem, Problems};
use crate::settlement::{Cases, Compact, Correction, corrections_of};

pub(super) fn overflow() -> Problems {
    Problem::new(&OVERFLOW).with("what", "Σ").into()
}

/// Prices every unit, in order of time: a stay that a later month reduces has the points of this pricing.
pub(super) fn price_all(input: &InsuranceInput, set: &PolicySet) -> Result<Reduced, Problems> {
    let mut reduced = Reduced { corrections: input.corrections.clone(), ..Reduced::default() };
    let mut year = Year::new(input);
    for (number, unit) in input.units.iter().enumerate() {
        let past = year.past_of(unit);
        let options = Options { period: Some(unit.period), past: &past, tcm: None };
        let priced = price(&unit.claims, &unit.grouped, &unit.outcomes, set, &options)?;
        let used: BTreeSet<u16> = priced.rule.iter().copied().collect();
        reduced.used.extend(used.iter().map(|rule| priced.rules[usize::from(*rule)].0));
        let cases = Compact::of(&Cases::of(&unit.claims, &priced, None)).ok_or_else(overflow)?;
        reduced.cases.append(cases).ok_or_else(overflow)?;
        let corrections = corrections_of(&priced.past, &priced.rules, &past, set).ok_or_else(overflow)?;
        if input.period.is_year() {
            year.correct(&corrections, &mut reduced.cases).ok_or_else(overflow)?;
        } else {
            reduced.corrections.extend(corrections);
        }
        year.keep(number, unit, priced);
    }
    year.take_back(input, &mut reduced.cases).ok_or_else(overflow)?;
    reduced.cases.tidy();
    Ok(reduced)
}

/// The same claims at other costs: every amount of every case times a factor, to the fen. What the patient and other
/// funds pay and the fund's part sum to the bill as before, the fund's part taking the rounding.
pub(super) fn grow(input: &InsuranceInput, cost_e6: i64) -> Result<InsuranceInput, Problems> {
    let times = |fen: i64| {
        let exact = i128::from(fen) * i128::from(cost_e6);
        if fen == i64::MIN { Some(fen) } else { div_round_i64(exact, 1_000_000, Rounding::HalfUp) }
    };
    let mut grown = input.clone();
    for unit in &mut grown.units {
        let claims = &mut unit.claims;
        for row in 0..claims.len() {
            let (total, fund) = (claims.total_fen[row], claims.fund_fen[row]);
            let whole = [total, fund, claims.patient_fen[row], claims.other_fund_fen[row]];
            let [new_total, new_fund, patient, other] = whole.map(times);
            let (Some(new_total), Some(new_fund)) = (new_total, new_fund) else { return Err(overflow()) };
            let (Some(patient), Some(other)) = (patient, other) else { return Err(overflow()) };
            let stated = whole.iter().all(|fen| *fen != i64::MIN);
            let sums = stated && i128::from(total) == whole[1..].iter().map(|fen| i128::from(*fen)).sum::<i128>();
            claims.total_fen[row] = new_total;
            claims.fund_fen[row] = if sums { new_total - patient - other } else { new_fund };
            claims.patient_fen[row] = patient;
            claims.other_fund_fen[row] = other;
        }
    }
    Ok(grown)
}

/// The prices of earlier months of a year, where later months correct them.
struct Year<'a> {
    input: &'a InsuranceInput,
    /// Unit and row by claim; empty where no month corrects another.
    rows: BTreeMap<&'a str, (usize, usize)>,
    priced: Vec<Priced>,
}

impl<'a> Year<'a> {
    fn new(input: &'a InsuranceInput) -> Year<'a> {
        let mut rows = BTreeMap::new();
        let is_needed = !input.revisions.is_empty() || input.units.iter().any(|unit| !unit.past.is_empty());
        if input.period.is_year() && is_needed {
            for (number, unit) in input.units.iter().enumerate() {
                let ids = &unit.claims.stays.setl_id;
                rows.extend((0..ids.len()).map(|row| (ids.get(row), (number, row))));
            }
        }
        Year { input, rows, priced: Vec::new() }
    }

    fn keep(&mut self, number: usize, _: &Unit, priced: Priced) {
        if !self.rows.is_empty() {
            debug_assert_eq!(number, self.priced.len());
            self.priced.push(priced);
        }
    }

    fn find(&self, setl_id: &str) -> Option<(usize, usize)> {
        self.rows.get(setl_id).copied().filter(|(unit, _)| *unit < self.priced.len())
    }

    /// Earlier stays with the points they have now.
    fn past_of(&self, unit: &Unit) -> Vec<PastStay> {
        let mut past = unit.past.clone();
        for stay in &mut past {
            if let Some((number, row)) = self.find(&stay.setl_id) {
                stay.points_e4 = self.priced[number].points_e4[row];
                stay.amount_fen = self.priced[number].amount_fen[row];
            }
        }
        past
    }

    /// Adds what a month changes in the points of earlier months of the year.
    fn correct(&self, corrections: &[Correction], cases: &mut Compact) -> Option<()> {
        for correction in corrections {
            let Some((number, row)) = self.find(&correction.setl_id) else { continue };
            let unit = &self.input.units[number];
            let mut case = Cases::of_row(&unit.claims, &self.priced[number], row);
            cases.take_back(&case)?;
            let sums = [(&mut case.points_e4, correction.points_e4), (&mut case.amount_fen, correction.amount_fen)];
            for (column, more) in sums {
                let value = &mut column.to_mut()[0];
                *value = value.checked_add(more)?;
            }
            cases.put(&case)?;
        }
        Some(())
    }

    /// Takes back the cases that later months reversed.
    fn take_back(&self, input: &InsuranceInput, cases: &mut Compact) -> Option<()> {
        for revision in &input.revisions {
            let Some((number, row)) = self.find(&revision.setl_id) else { continue };
            let unit = &input.units[number];
            if self.priced[number].state[row] != State::Excluded {
                cases.take_back(&Cases::of_row(&unit.claims, &self.priced[number], row))?;
            }
        }
        Some(())
    }
}
