//! Claims as the months before left them: as settled, with every correction since.

use std::collections::{BTreeMap, BTreeSet};

use super::corrections::{CLEARING, CORRECTIONS, clearing_of, state_of};
use super::history::months_before;
use super::rows::Rows;
use super::year::clearing_counts;
use crate::ledger::{Book, Period};
use crate::pricing::{Bill, State};
use crate::problem::Problems;
use crate::settlement::{Action, Worth};

/// A claim as it stands.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    /// The month that settled it.
    pub period: Period,
    pub institution: String,
    pub insutype: String,
    pub pool: String,
    pub drg: String,
    pub worth: Worth,
    /// What it is worth at clearing, where that differs or may differ; nothing once its year is cleared: then `worth`
    /// says it.
    pub clearing: Option<Worth>,
    pub cleared: bool,
    pub bill: Bill,
    pub total_fen: i64,
    /// What was due for it in its month and by corrections; by the final point value once its year is cleared.
    pub due_fen: i64,
    /// The point value it was paid by: of its month, or of its cleared year.
    pub point_value_e6: Option<i64>,
    /// The share of points that readmissions leave, in millionths, one a correction.
    pub kept_e6: Vec<i64>,
    pub reversed: bool,
}

const CLAIMS: [&str; 20] = [
    "setl_id",
    "fixmedins_code",
    "insutype",
    "pool",
    "drg",
    "state",
    "points",
    "by_amount",
    "outside_budget",
    CLEARING[0],
    CLEARING[1],
    CLEARING[2],
    "due",
    "medfee_sumamt",
    "psn_pay",
    "oth_fund_pay",
    "fulamt_ownpay_amt",
    "preselfpay_amt",
    "dedc_std",
    "hifp_pay",
];

/// How the claims wanted stand before `period`, by `setl_id`. A claim that no month has settled is not among them.
pub(super) fn standings(
    book: &Book,
    period: Period,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<BTreeMap<String, Standing>, Problems> {
    let mut found = BTreeMap::new();
    let months = months_before(book, period)?;
    for &month in &months {
        let claims = Rows::read(book, month, "claims", &CLAIMS)?;
        let values = point_values(book, month)?;
        for row in (0..claims.len()).filter(|&row| wanted(claims.str("setl_id", row))) {
            let state = state_of(claims.str("state", row));
            if state == State::Excluded && found.contains_key(claims.str("setl_id", row)) {
                continue;
            }
            found.insert(claims.str("setl_id", row).to_owned(), standing(&claims, row, month, state, &values));
        }
    }
    for &month in &months {
        add_corrections(book, month, &mut found)?;
    }
    let years: BTreeSet<Period> = found.values().map(|standing| standing.period.whole_year()).collect();
    for year in years {
        if is_cleared(book, year, period)? {
            by_cleared_year(book, year, &months, &mut found)?;
        }
    }
    Ok(found)
}

/// Whether a year was cleared before `period`: a clearing that has counted what `period` corrects came after it, and
/// what it corrects must not depend on that.
pub(super) fn is_cleared(book: &Book, year: Period, period: Period) -> Result<bool, Problems> {
    if year >= period.whole_year() || book.info(year).is_err() {
        return Ok(false);
    }
    Ok(clearing_counts(book, year)?.iter().all(|(month, _)| *month < period))
}

fn standing(
    claims: &Rows,
    row: usize,
    period: Period,
    state: State,
    values: &BTreeMap<String, Option<i64>>,
) -> Standing {
    let text = |column| claims.str(column, row).to_owned();
    let units = |column| claims.units(column, row);
    let pool = text("pool");
    let own = ["fulamt_ownpay_amt", "preselfpay_amt", "dedc_std"].map(units);
    let own_pay_fen = match own {
        [Some(full), Some(first), Some(deductible)] => Some([full, first, deductible]),
        _ => None,
    };
    Standing {
        period,
        institution: text("fixmedins_code"),
        insutype: text("insutype"),
        drg: text("drg"),
        worth: Worth {
            state,
            points_e4: units("points").unwrap_or_default(),
            amount_fen: units("by_amount").unwrap_or_default(),
            outside_fen: units("outside_budget").unwrap_or_default(),
        },
        clearing: clearing_of(claims, row),
        cleared: false,
        bill: Bill {
            patient_fen: units("psn_pay").unwrap_or(i64::MIN),
            other_fund_fen: units("oth_fund_pay").unwrap_or(i64::MIN),
            own_pay_fen,
        },
        total_fen: units("medfee_sumamt").unwrap_or_default(),
        due_fen: units("due").unwrap_or_default(),
        point_value_e6: values.get(&pool).copied().flatten(),
        pool,
        kept_e6: Vec::new(),
        reversed: false,
    }
}

/// The point value of each pool.
pub(super) fn point_values(book: &Book, period: Period) -> Result<BTreeMap<String, Option<i64>>, Problems> {
    let pools = Rows::read(book, period, "pools", &["insutype", "point_value"])?;
    Ok((0..pools.len()).map(|row| (pools.text("insutype", row), pools.units("point_value", row))).collect())
}

/// Adds what a month corrected. Amounts and points are differences, states and groups are those after it.
fn add_corrections(book: &Book, month: Period, found: &mut BTreeMap<String, Standing>) -> Result<(), Problems> {
    let Some(made) = Rows::read_if_any(book, month, CORRECTIONS, &MADE)? else { return Ok(()) };
    for row in 0..made.len() {
        // A claim that was reversed and sent again stands twice in the book; the correction is of one of the two.
        let own = found.get_mut(made.str("setl_id", row));
        let Some(own) = own.filter(|own| own.period.to_string() == made.str("period", row)) else { continue };
        own.add(&made, row);
        own.drg = made.str("drg", row).to_owned();
        let (kept, readmitted) = (made.units("kept", row), made.str("action", row) == Action::Readmission.code());
        if kept.is_some() && !readmitted {
            // All the stays of the person were joined anew: this is all that readmissions leave.
            own.kept_e6.clear();
        }
        own.kept_e6.extend(kept.filter(|kept| readmitted || *kept < 1_000_000));
        own.reversed |= made.str("action", row) == Action::Reverse.code();
        let clearing = clearing_of(&made, row);
        if !readmitted || clearing.is_some() {
            own.clearing = clearing;
        }
    }
    Ok(())
}

impl Standing {
    /// Adds the difference that a correction makes.
    fn add(&mut self, made: &Rows, row: usize) {
        let units = |column| made.units(column, row).unwrap_or_default();
        self.worth.state = state_of(made.str("state", row));
        self.worth.points_e4 += units("points");
        self.worth.amount_fen += units("by_amount");
        self.worth.outside_fen += units("outside_budget");
        self.due_fen += units("amount");
    }
}

const MADE: [&str; 13] = [
    "setl_id",
    "period",
    "action",
    "points",
    "by_amount",
    "outside_budget",
    "amount",
    "state",
    "drg",
    "kept",
    CLEARING[0],
    CLEARING[1],
    CLEARING[2],
];

/// Once a year is cleared its claims have been paid by the final point value. Corrections that clearing did not know
/// come on top of that.
fn by_cleared_year(
    book: &Book,
    year: Period,
    months: &[Period],
    found: &mut BTreeMap<String, Standing>,
) -> Result<(), Problems> {
    let values = point_values(book, year)?;
    let columns = ["setl_id", "period", "due", "state", "points", "by_amount", "outside_budget"];
    let claims = Rows::read(book, year, "claims", &columns)?;
    for row in 0..claims.len() {
        if let Some(own) = found.get_mut(claims.str("setl_id", row))
            && own.period.to_string() == claims.str("period", row)
        {
            let units = |column| claims.units(column, row).unwrap_or_default();
            own.due_fen = units("due");
            own.worth = Worth {
                state: state_of(claims.str("state", row)),
                points_e4: units("points"),
                amount_fen: units("by_amount"),
                outside_fen: units("outside_budget"),
            };
            (own.clearing, own.cleared) = (None, true);
            own.point_value_e6 = values.get(&own.pool).copied().flatten();
        }
    }
    let known = Rows::read_if_any(book, year, CORRECTIONS, &["setl_id", "made_in"])?;
    let known: BTreeSet<(String, String)> = known.map_or_else(BTreeSet::new, |known| {
        (0..known.len()).map(|row| (known.text("setl_id", row), known.text("made_in", row))).collect()
    });
    for &month in months {
        let Some(made) = Rows::read_if_any(book, month, CORRECTIONS, &MADE)? else { continue };
        for row in 0..made.len() {
            let later = !known.contains(&(made.text("setl_id", row), month.to_string()));
            let own = found.get_mut(made.str("setl_id", row)).filter(|own| own.period.whole_year() == year);
            if let (true, Some(own)) = (later, own.filter(|own| own.period.to_string() == made.str("period", row))) {
                own.add(&made, row);
            }
        }
    }
    Ok(())
}
