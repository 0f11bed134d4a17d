//! What a run needs of the months that the book has settled already.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Intake;
use crate::ledger::{Book, Period};
use crate::policy::PolicySet;
use crate::pricing::{PastStay, State};
use crate::problem::Problems;
use crate::problem::catalogue::claims::REVERSAL_OF_NOTHING;
use crate::settlement::{Carried, Cases, Correction, PaidMonth};
use crate::table::cell::plain;
use crate::table::sums::units;
use crate::table::{Table, Values};
use crate::text::{Dictionary, Text};

/// How far back stays are looked for that a readmission may reduce: no rule reaches further.
const PAST_DAYS: i64 = 366;

/// The months of a book before `period`, in order of time.
fn months_before(book: &Book, period: Period) -> Vec<Period> {
    book.periods().map(|info| info.period).filter(|month| !month.is_year() && *month < period).collect()
}

/// A table with access to its cells.
struct Rows {
    table: Table,
}

impl Rows {
    fn read(book: &Book, period: Period, table: &str, columns: &[&str]) -> Result<Rows, Problems> {
        Ok(Rows { table: book.columns(period, table, columns)? })
    }

    fn text(&self, column: &str, row: usize) -> String {
        self.table.column(column).map_or_else(String::new, |values| plain(values, row))
    }

    /// Money in fen, points in ten-thousandths, factors in millionths; nothing where it is not known.
    fn units(&self, column: &str, row: usize) -> Option<i64> {
        let values = self.table.column(column)?;
        if plain(values, row).is_empty() { None } else { i64::try_from(units(values, row)).ok() }
    }
}

/// What the month before left to be carried on: negative amounts.
pub(super) fn carried(book: &Book, period: Period) -> Result<Vec<Carried>, Problems> {
    let Some(before) = months_before(book, period).pop() else { return Ok(Vec::new()) };
    let lines = Rows::read(book, before, "institutions", &["fixmedins_code", "insutype", "carried_out"])?;
    let left = (0..lines.table.rows()).filter_map(|row| {
        let fen = lines.units("carried_out", row).filter(|fen| *fen != 0)?;
        Some(Carried { institution: lines.text("fixmedins_code", row), insutype: lines.text("insutype", row), fen })
    });
    Ok(left.collect())
}

/// Paid stays of the months before that a readmission in `period` may reduce; none where no rule asks.
pub(super) fn past_stays(book: &Book, period: Period, set: &PolicySet) -> Result<Vec<PastStay>, Problems> {
    if set.packs.iter().all(|pack| pack.readmission.is_none()) {
        return Ok(Vec::new());
    }
    let near = |month: &Period| (period.first_day() - month.last_day()).num_days() <= PAST_DAYS;
    let mut past = Vec::new();
    for month in months_before(book, period).into_iter().filter(near) {
        let claims = Rows::read(
            book,
            month,
            "claims",
            &["setl_id", "fixmedins_code", "consortium", "insutype", "drg", "state", "points"],
        )?;
        let stays = Rows::read(book, month, "stays", &["psn_no", "mdc", "adrg", "dscg_time"])?;
        let lines = Rows::read(book, month, "institutions", &["fixmedins_code", "insutype", "point_value"])?;
        let values: BTreeMap<(String, String), i64> = (0..lines.table.rows())
            .filter_map(|row| {
                let key = (lines.text("fixmedins_code", row), lines.text("insutype", row));
                Some((key, lines.units("point_value", row)?))
            })
            .collect();
        for row in (0..claims.table.rows()).filter(|&row| claims.text("state", row) == State::Paid.code()) {
            let (institution, insutype) = (claims.text("fixmedins_code", row), claims.text("insutype", row));
            let key = (institution, insutype);
            let (Some(&point_value_e6), Some(Values::Date(days))) = (values.get(&key), stays.table.column("dscg_time"))
            else {
                continue;
            };
            let Some(discharged) = days[row] else { continue };
            past.push(PastStay {
                setl_id: claims.text("setl_id", row),
                person: stays.text("psn_no", row),
                institution: key.0,
                consortium: Some(claims.text("consortium", row)).filter(|name| !name.is_empty()),
                drg: claims.text("drg", row),
                adrg: stays.text("adrg", row),
                mdc: stays.text("mdc", row),
                discharged,
                insutype: key.1,
                period: month,
                points_e4: claims.units("points", row).unwrap_or_default(),
                point_value_e6,
            });
        }
    }
    Ok(past)
}

/// The settled months of a year, read back for clearing.
#[derive(Clone, Debug, Default)]
pub struct YearRecord {
    pub setl_id: Text,
    /// The month that settled the case or made the correction.
    pub period: Dictionary,
    /// Of a correction, the period it corrects; empty for a case.
    pub corrects: Dictionary,
    /// What was due by the month's point value.
    pub monthly_due_fen: Vec<i64>,
    pub cases: Cases<'static>,
    pub paid: Vec<PaidMonth>,
}

impl YearRecord {
    /// Reads the months of a year that the book has.
    pub(super) fn read(book: &Book, year: Period) -> Result<YearRecord, Problems> {
        let months = book.periods().map(|info| info.period);
        let months: Vec<Period> = months.filter(|month| !month.is_year() && month.whole_year() == year).collect();
        let mut record = YearRecord::default();
        let mut pools: Vec<String> = Vec::new();
        for month in months {
            record.add_claims(book, month, &mut pools)?;
            record.add_corrections(book, month)?;
            record.add_payments(book, month)?;
        }
        record.cases.pools = Cow::Owned(pools);
        Ok(record)
    }

    fn add_claims(&mut self, book: &Book, month: Period, pools: &mut Vec<String>) -> Result<(), Problems> {
        let claims = Rows { table: book.table(month, "claims")? };
        for row in 0..claims.table.rows() {
            let state = claims.text("state", row);
            let Some(state) = [State::Paid, State::Unpaid].into_iter().find(|known| known.code() == state) else {
                continue;
            };
            let pool = claims.text("pool", row);
            let number = pools.iter().position(|known| *known == pool).unwrap_or_else(|| {
                pools.push(pool);
                pools.len() - 1
            });
            let units = |column| claims.units(column, row);
            self.push_names(
                &claims.text("setl_id", row),
                month,
                "",
                [&claims.text("fixmedins_code", row), &claims.text("insutype", row), &claims.text("consortium", row)],
            );
            self.monthly_due_fen.push(units("due").unwrap_or_default());
            let cases = &mut self.cases;
            cases.pool.to_mut().push(u8::try_from(number).unwrap_or(u8::MAX));
            cases.state.to_mut().push(state);
            cases.count.to_mut().push(1);
            cases.points_e4.to_mut().push(units("points").unwrap_or_default());
            cases.amount_fen.to_mut().push(units("by_amount").unwrap_or_default());
            cases.outside_fen.to_mut().push(units("outside_budget").unwrap_or_default());
            cases.total_fen.to_mut().push(units("medfee_sumamt").unwrap_or_default());
            cases.fund_fen.to_mut().push(units("hifp_pay").unwrap_or(i64::MIN));
            cases.patient_fen.to_mut().push(units("psn_pay").unwrap_or(i64::MIN));
            cases.other_fund_fen.to_mut().push(units("oth_fund_pay").unwrap_or(i64::MIN));
            cases.weight_e6.to_mut().push(units("weight").unwrap_or(i64::MIN));
        }
        Ok(())
    }

    /// Corrections change points and amounts of a case that the year has already; the case itself is not counted again.
    fn add_corrections(&mut self, book: &Book, month: Period) -> Result<(), Problems> {
        if !book.manifest(month)?.tables.contains_key(CORRECTIONS) {
            return Ok(());
        }
        let table = Rows { table: book.table(month, CORRECTIONS)? };
        let places: BTreeMap<String, usize> = (0..self.setl_id.len())
            .filter(|&row| self.corrects.get(row).is_empty())
            .map(|row| (self.setl_id.get(row).to_owned(), row))
            .collect();
        for row in 0..table.table.rows() {
            let id = table.text("setl_id", row);
            let Some(&place) = places.get(&id) else { continue };
            let reversed = table.text("action", row) == REVERSE;
            let names = [
                self.cases.institution.get(place).to_owned(),
                self.cases.insutype.get(place).to_owned(),
                self.cases.consortium.get(place).to_owned(),
            ];
            self.push_names(&id, month, &table.text("period", row), [&names[0], &names[1], &names[2]]);
            self.monthly_due_fen.push(table.units("amount", row).unwrap_or_default());
            let points = table.units("points", row).unwrap_or_default();
            let cases = &mut self.cases;
            let back = |fen: i64| match (reversed, fen) {
                (true, i64::MIN) => i64::MIN,
                (true, fen) => -fen,
                (false, _) => 0,
            };
            let (pool, state) = (cases.pool[place], cases.state[place]);
            let amounts = [cases.amount_fen[place], cases.outside_fen[place], cases.total_fen[place]].map(back);
            let shares = [cases.fund_fen[place], cases.patient_fen[place], cases.other_fund_fen[place]].map(back);
            let weight = cases.weight_e6[place];
            cases.pool.to_mut().push(pool);
            cases.state.to_mut().push(state);
            cases.count.to_mut().push(if reversed { -1 } else { 0 });
            cases.points_e4.to_mut().push(points);
            cases.amount_fen.to_mut().push(amounts[0]);
            cases.outside_fen.to_mut().push(amounts[1]);
            cases.total_fen.to_mut().push(amounts[2]);
            cases.fund_fen.to_mut().push(shares[0]);
            cases.patient_fen.to_mut().push(shares[1]);
            cases.other_fund_fen.to_mut().push(shares[2]);
            cases.weight_e6.to_mut().push(weight);
        }
        Ok(())
    }

    fn push_names(&mut self, setl_id: &str, period: Period, corrects: &str, names: [&str; 3]) {
        self.setl_id.push(setl_id);
        self.period.push(&period.to_string());
        self.corrects.push(corrects);
        self.cases.institution.to_mut().push(names[0]);
        self.cases.insutype.to_mut().push(names[1]);
        self.cases.consortium.to_mut().push(names[2]);
    }

    fn add_payments(&mut self, book: &Book, month: Period) -> Result<(), Problems> {
        let lines = Rows::read(book, month, "institutions", &["fixmedins_code", "insutype", "withheld", "payable"])?;
        self.paid.extend((0..lines.table.rows()).map(|row| PaidMonth {
            institution: lines.text("fixmedins_code", row),
            insutype: lines.text("insutype", row),
            withheld_fen: lines.units("withheld", row).unwrap_or_default(),
            payable_fen: lines.units("payable", row).unwrap_or_default(),
        }));
        Ok(())
    }
}

/// The table of what a month pays or takes back for earlier ones.
pub(super) const CORRECTIONS: &str = "corrections";
const REVERSE: &str = "reverse";

/// Why a case goes altogether; the reason of any other correction is in words.
pub(super) const REVERSED_BY: &str = "冲正 ";

/// The table `corrections` of a month.
#[must_use]
pub(super) fn corrections_table(corrections: &[Correction]) -> Table {
    let action = |one: &Correction| if one.reason.starts_with(REVERSED_BY) { REVERSE } else { "reprice" };
    Table::new()
        .with("setl_id", Values::texts(corrections.iter().map(|one| one.setl_id.as_str())))
        .with("period", Values::keywords(corrections.iter().map(|one| one.period.to_string())))
        .with("fixmedins_code", Values::keywords(corrections.iter().map(|one| one.institution.as_str())))
        .with("insutype", Values::keywords(corrections.iter().map(|one| one.insutype.as_str())))
        .with("action", Values::keywords(corrections.iter().map(action)))
        .with("points", Values::points(corrections.iter().map(|one| one.points_e4)))
        .with("amount", Values::money(corrections.iter().map(|one| one.fen)))
        .with("reason", Values::texts(corrections.iter().map(|one| one.reason.as_str())))
}

/// Reversals (冲正) among the rejects that name a claim an earlier month has paid: its due is taken back in full. The
/// rejected rows become rows rightly left out.
pub(super) fn reversals(book: &Book, period: Period, intake: &mut Intake) -> Result<Vec<Correction>, Problems> {
    let of_nothing = &REVERSAL_OF_NOTHING;
    let wanted: BTreeSet<String> = intake
        .rejects
        .rows
        .iter()
        .filter(|reject| reject.entry == of_nothing)
        .map(|reject| reject.value.clone())
        .collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut corrections = BTreeMap::new();
    let mut done: BTreeSet<String> = BTreeSet::new();
    for month in months_before(book, period) {
        let columns = ["setl_id", "fixmedins_code", "insutype", "state", "points", "due", "medfee_sumamt"];
        let claims = Rows::read(book, month, "claims", &columns)?;
        for row in (0..claims.table.rows()).filter(|&row| claims.text("state", row) == State::Paid.code()) {
            let setl_id = claims.text("setl_id", row);
            if wanted.contains(&setl_id) {
                let correction = Correction {
                    institution: claims.text("fixmedins_code", row),
                    insutype: claims.text("insutype", row),
                    setl_id: setl_id.clone(),
                    period: month,
                    fen: -claims.units("due", row).unwrap_or_default(),
                    points_e4: -claims.units("points", row).unwrap_or_default(),
                    reason: String::new(),
                    rule: None,
                };
                corrections.insert(setl_id, (correction, claims.units("medfee_sumamt", row).unwrap_or_default()));
            }
        }
        if book.manifest(month)?.tables.contains_key(CORRECTIONS) {
            let made = Rows::read(book, month, CORRECTIONS, &["setl_id", "action"])?;
            let reversed = (0..made.table.rows()).filter(|&row| made.text("action", row) == REVERSE);
            done.extend(reversed.map(|row| made.text("setl_id", row)));
        }
    }
    corrections.retain(|setl_id, _| !done.contains(setl_id));
    Ok(intake.take_reversals(&corrections))
}
