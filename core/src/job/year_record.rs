//! The settled months of a year, read back for clearing: each case with every correction of it, wherever it was made.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::corrections::{CLEARING, CORRECTIONS, clearing_of, state_of};
use super::history::settled_months;
use super::recognition::recognised_points;
use super::rows::Rows;
use crate::ledger::{Book, Period};
use crate::policy::Policy;
use crate::pricing::{CaseKind, State};
use crate::problem::catalogue::settlement::{NO_AMOUNT, OVERFLOW};
use crate::problem::{Problem, Problems};
use crate::settlement::{Action, Cases, Details, PaidMonth, PointLine, RECOGNITION_POINTS, Worth, keep};
use crate::table::{Table, Values};
use crate::text::{Dictionary, Text};

/// What the months of a year left, one row a case.
#[derive(Clone, Debug, Default)]
pub(super) struct YearRecord {
    pub setl_id: Text,
    /// The month that settled the case.
    pub period: Dictionary,
    pub drg: Dictionary,
    pub case_kind: Dictionary,
    /// What was due by the month's point value.
    pub monthly_due_fen: Vec<i64>,
    /// What corrections paid or took back since, and the months that did.
    pub corrected_fen: Vec<i64>,
    pub corrected_in: Vec<String>,
    /// As corrections left them.
    pub cases: Cases<'static>,
    pub details: Option<Details>,
    /// Of cases of TCM advantage groups and their chains, what they are worth at clearing; `None` where the costs are
    /// not known.
    pub clearing: BTreeMap<usize, Option<Worth>>,
    pub paid: Vec<PaidMonth>,
    /// Every correction of a case of this year.
    pub corrections: Vec<Corrected>,
    /// Months after the year that corrected cases of it.
    pub later: Vec<Period>,
    /// Points of recognised exams of every month as they stand in the book, whether its settlement took them or not.
    pub recognised: Vec<PointLine>,
}

/// A row of the table `corrections` of some month.
#[derive(Clone, Debug)]
pub(super) struct Corrected {
    pub setl_id: String,
    pub period: String,
    pub made_in: Period,
    pub institution: String,
    pub insutype: String,
    pub action: String,
    pub points_e4: i64,
    pub amount_fen: i64,
    pub outside_fen: i64,
    pub fen: i64,
    pub state: State,
    pub drg: String,
    pub weight_e6: Option<i64>,
    pub kept_e6: Option<i64>,
    pub case_kind: String,
    pub clearing: Option<Worth>,
    pub reason: String,
    pub document: String,
}

impl YearRecord {
    /// Reads the months of a year that the book has, and what other months corrected of them.
    pub(super) fn read(book: &Book, year: Period, policy: &Policy) -> Result<YearRecord, Problems> {
        let months = settled_months(book)?;
        let mut record = YearRecord::default();
        let mut pools: Vec<String> = Vec::new();
        for &month in months.iter().filter(|month| month.whole_year() == year) {
            record.add_claims(book, month, &mut pools)?;
            record.add_payments(book, month)?;
        }
        record.add_points(book, year)?;
        for line in &record.recognised {
            let own = policy.pools.value.pools();
            let name = own.into_iter().find(|(_, types)| types.contains(&line.insutype.as_str()));
            pools.extend(name.map(|(name, _)| name).filter(|name| !pools.contains(name)));
        }
        record.order_pools(pools);
        for &month in months.iter().filter(|month| month.whole_year() >= year) {
            record.add_corrections(book, month, year)?;
        }
        record.apply_corrections(policy)?;
        let complete = record.details.as_ref().is_some_and(|details| details.own_pay_fen.len() == record.len());
        record.details = record.details.take().filter(|_| complete);
        Ok(record)
    }

    /// Numbers the pools in the order of their names: which month met one first must not show.
    fn order_pools(&mut self, met: Vec<String>) {
        let mut names = met.clone();
        names.sort();
        let place = |name: &String| names.binary_search(name).ok().and_then(|at| u8::try_from(at).ok());
        let numbers: Vec<u8> = met.iter().map(|name| place(name).unwrap_or(u8::MAX)).collect();
        for pool in self.cases.pool.to_mut() {
            *pool = numbers.get(usize::from(*pool)).copied().unwrap_or(u8::MAX);
        }
        self.cases.pools = Cow::Owned(names);
    }

    pub(super) fn len(&self) -> usize {
        self.setl_id.len()
    }

    fn add_claims(&mut self, book: &Book, month: Period, pools: &mut Vec<String>) -> Result<(), Problems> {
        let claims = Rows::read(book, month, "claims", &CLAIMS)?;
        let name = month.to_string();
        let details = self.details.get_or_insert_default();
        for row in 0..claims.len() {
            let state = state_of(claims.str("state", row));
            if state == State::Excluded {
                continue;
            }
            let pool = claims.str("pool", row);
            let number = pools.iter().position(|known| known == pool).unwrap_or_else(|| {
                pools.push(pool.to_owned());
                pools.len() - 1
            });
            let units = |column| claims.units(column, row);
            self.setl_id.push(claims.str("setl_id", row));
            self.period.push(&name);
            self.drg.push(claims.str("drg", row));
            self.case_kind.push(claims.str("case_kind", row));
            self.monthly_due_fen.push(units("due").unwrap_or_default());
            let clearing = clearing_of(&claims, row);
            if clearing.is_some() || claims.str("case_kind", row) == CaseKind::Tcm.code() {
                self.clearing.insert(self.setl_id.len() - 1, clearing);
            }
            self.corrected_fen.push(0);
            self.corrected_in.push(String::new());
            let cases = &mut self.cases;
            cases.institution.to_mut().push(claims.str("fixmedins_code", row));
            cases.insutype.to_mut().push(claims.str("insutype", row));
            cases.consortium.to_mut().push(claims.str("consortium", row));
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
            let own = ["fulamt_ownpay_amt", "preselfpay_amt", "dedc_std"].map(units);
            if let [Some(full), Some(first), Some(deductible)] = own {
                details.own_pay_fen.push(full);
                details.first_own_pay_fen.push(first);
                details.deductible_fen.push(deductible);
            }
        }
        Ok(())
    }

    /// Points of recognised exams, and what their month paid for them.
    fn add_points(&mut self, book: &Book, year: Period) -> Result<(), Problems> {
        let months = book.periods().map(|info| info.period);
        for month in months.filter(|month| !month.is_year() && month.whole_year() == year) {
            let mut lines = recognised_points(book, month)?;
            let columns = ["fixmedins_code", "insutype", "pack", "due"];
            if let Some(paid) = Rows::read_if_any(book, month, RECOGNITION_POINTS, &columns)? {
                let key = |row| ["fixmedins_code", "insutype", "pack"].map(|column| paid.text(column, row));
                let due = |row| paid.units("due", row).unwrap_or_default();
                let dues: BTreeMap<_, i64> = (0..paid.len()).map(|row| (key(row), due(row))).collect();
                for line in &mut lines {
                    let key = [line.institution.clone(), line.insutype.clone(), line.pack.clone()];
                    line.monthly_due_fen = dues.get(&key).copied().unwrap_or_default();
                }
            }
            self.recognised.extend(lines);
        }
        Ok(())
    }

    /// What a month paid for itself: its payments without what it carried in and with what it carries out. What it
    /// corrected of other years is taken out in [`YearRecord::add_corrections`].
    fn add_payments(&mut self, book: &Book, month: Period) -> Result<(), Problems> {
        let columns = ["fixmedins_code", "insutype", "withheld", "payable", "carried_in", "carried_out"];
        let lines = Rows::read(book, month, "institutions", &columns)?;
        for row in 0..lines.len() {
            let units = |column| lines.units(column, row).unwrap_or_default();
            self.paid.push(PaidMonth {
                institution: lines.text("fixmedins_code", row),
                insutype: lines.text("insutype", row),
                withheld_fen: units("withheld"),
                payable_fen: units("payable") + units("carried_out") - units("carried_in"),
            });
        }
        Ok(())
    }

    fn add_corrections(&mut self, book: &Book, month: Period, year: Period) -> Result<(), Problems> {
        let Some(made) = Rows::read_if_any(book, month, CORRECTIONS, &MADE)? else { return Ok(()) };
        let mut any = false;
        for row in 0..made.len() {
            let text = |column| made.text(column, row);
            let units = |column| made.units(column, row).unwrap_or_default();
            let of_year = made.str("period", row).parse::<Period>().is_ok_and(|period| period.whole_year() == year);
            let paid = |fen| PaidMonth {
                institution: text("fixmedins_code"),
                insutype: text("insutype"),
                withheld_fen: 0,
                payable_fen: fen,
            };
            match (of_year, month.whole_year() == year) {
                // Paid by this year's months for another year: none of this year's.
                (false, true) => self.paid.push(paid(-units("amount"))),
                (true, false) => self.paid.push(paid(units("amount"))),
                _ => {}
            }
            if !of_year {
                continue;
            }
            any = true;
            self.corrections.push(Corrected {
                setl_id: text("setl_id"),
                period: text("period"),
                made_in: month,
                institution: text("fixmedins_code"),
                insutype: text("insutype"),
                action: text("action"),
                points_e4: units("points"),
                amount_fen: units("by_amount"),
                outside_fen: units("outside_budget"),
                fen: units("amount"),
                state: state_of(made.str("state", row)),
                drg: text("drg"),
                weight_e6: made.units("weight", row),
                kept_e6: made.units("kept", row),
                case_kind: text("case_kind"),
                clearing: clearing_of(&made, row),
                reason: text("reason"),
                document: text("document"),
            });
        }
        if any && month.whole_year() != year {
            self.later.push(month);
        }
        Ok(())
    }

    /// Puts the corrections into their cases.
    fn apply_corrections(&mut self, policy: &Policy) -> Result<(), Problems> {
        let mut wanted: HashMap<(&str, &str), Option<usize>> = HashMap::new();
        for one in &self.corrections {
            wanted.insert((&one.setl_id, &one.period), None);
        }
        for row in 0..self.setl_id.len() {
            if let Some(place) = wanted.get_mut(&(self.setl_id.get(row), self.period.get(row))) {
                *place = Some(row);
            }
        }
        let mut named: BTreeMap<usize, (String, String)> = BTreeMap::new();
        for one in &self.corrections {
            let Some(Some(row)) = wanted.get(&(one.setl_id.as_str(), one.period.as_str())).copied() else { continue };
            let cases = &mut self.cases;
            let sums = [
                (&mut cases.points_e4, one.points_e4),
                (&mut cases.amount_fen, one.amount_fen),
                (&mut cases.outside_fen, one.outside_fen),
            ];
            for (column, more) in sums {
                let value = &mut column.to_mut()[row];
                *value = value.checked_add(more).ok_or_else(|| overflow(one))?;
            }
            cases.state.to_mut()[row] = one.state;
            if one.state != State::Paid {
                // After a clearing, differences are to what the case was worth there, which may be another figure.
                for column in [&mut cases.points_e4, &mut cases.amount_fen, &mut cases.outside_fen] {
                    column.to_mut()[row] = 0;
                }
            }
            if let Some(weight) = one.weight_e6 {
                cases.weight_e6.to_mut()[row] = weight;
            }
            match one.kept_e6.filter(|_| one.action == Action::Readmission.code()) {
                Some(_) if one.clearing.is_some() => _ = self.clearing.insert(row, one.clearing),
                // A readmission leaves the same share of what the case has at clearing.
                Some(kept) => {
                    if let Some(Some(worth)) = self.clearing.get_mut(&row) {
                        *worth = keep(policy, *worth, kept).ok_or_else(|| overflow(one))?;
                    }
                }
                None if one.clearing.is_some() || one.case_kind == CaseKind::Tcm.code() => {
                    self.clearing.insert(row, one.clearing);
                }
                None => _ = self.clearing.remove(&row),
            }
            let (drg, kind) = named.entry(row).or_insert_with(|| (String::new(), self.case_kind.get(row).to_owned()));
            drg.clone_from(&one.drg);
            if !one.case_kind.is_empty() {
                kind.clone_from(&one.case_kind);
            }
            let corrected = &mut self.corrected_fen[row];
            *corrected = corrected.checked_add(one.fen).ok_or_else(|| overflow(one))?;
            let months = &mut self.corrected_in[row];
            let gap = if months.is_empty() { "" } else { " " };
            *months = format!("{months}{gap}{}", one.made_in);
        }
        if !named.is_empty() {
            let (mut drgs, mut kinds) = (Dictionary::default(), Dictionary::default());
            for row in 0..self.drg.len() {
                let own = named.get(&row);
                drgs.push(own.map_or(self.drg.get(row), |(drg, _)| drg));
                kinds.push(own.map_or(self.case_kind.get(row), |(_, kind)| kind));
            }
            (self.drg, self.case_kind) = (drgs, kinds);
        }
        self.look_at_tcm()
    }

    /// Gives cases of TCM advantage groups, and the stays of their chains, what they are worth once the share of TCM is
    /// looked at.
    fn look_at_tcm(&mut self) -> Result<(), Problems> {
        let paid = |row: &usize| self.cases.state[*row] == State::Paid;
        let unknown = self.clearing.iter().filter(|(row, worth)| worth.is_none() && paid(row));
        let unknown: Vec<usize> = unknown.map(|(row, _)| *row).collect();
        if let Some(first) = unknown.first() {
            let problem = Problem::new(&NO_AMOUNT).with("cases", unknown.len()).with("column", "tcm_amt, tcm_base_amt");
            return Err(problem.with("claim", self.setl_id.get(*first)).into());
        }
        for (row, worth) in std::mem::take(&mut self.clearing) {
            if let (State::Paid, Some(worth)) = (self.cases.state[row], worth) {
                self.cases.points_e4.to_mut()[row] = worth.points_e4;
                self.cases.amount_fen.to_mut()[row] = worth.amount_fen;
                self.cases.outside_fen.to_mut()[row] = worth.outside_fen;
            }
        }
        Ok(())
    }

    /// The table `corrections` of the year.
    #[must_use]
    pub(super) fn corrections_table(&self) -> Table {
        let rows = &self.corrections;
        let words = |of: fn(&Corrected) -> &str| Values::keywords(rows.iter().map(of));
        Table::new()
            .with("setl_id", Values::texts(rows.iter().map(|one| one.setl_id.as_str())))
            .with("period", words(|one| &one.period))
            .with("made_in", Values::keywords(rows.iter().map(|one| one.made_in.to_string())))
            .with("fixmedins_code", words(|one| &one.institution))
            .with("insutype", words(|one| &one.insutype))
            .with("action", words(|one| &one.action))
            .with("points", Values::points(rows.iter().map(|one| one.points_e4)))
            .with("amount", Values::money(rows.iter().map(|one| one.fen)))
            .with("state", words(|one| one.state.code()))
            .with("drg", words(|one| &one.drg))
            .with("reason", Values::texts(rows.iter().map(|one| one.reason.as_str())))
            .with("document", words(|one| &one.document))
    }
}

const CLAIMS: [&str; 23] = [
    "setl_id",
    "fixmedins_code",
    "insutype",
    "consortium",
    "pool",
    "drg",
    "case_kind",
    "state",
    "points",
    "by_amount",
    "outside_budget",
    "due",
    "medfee_sumamt",
    "hifp_pay",
    "psn_pay",
    "oth_fund_pay",
    "weight",
    CLEARING[0],
    CLEARING[1],
    CLEARING[2],
    "fulamt_ownpay_amt",
    "preselfpay_amt",
    "dedc_std",
];
const MADE: [&str; 19] = [
    "setl_id",
    "period",
    "fixmedins_code",
    "insutype",
    "action",
    "points",
    "by_amount",
    "outside_budget",
    "amount",
    "state",
    "drg",
    "weight",
    "kept",
    "case_kind",
    CLEARING[0],
    CLEARING[1],
    CLEARING[2],
    "reason",
    "document",
];

fn overflow(one: &Corrected) -> Problems {
    Problem::new(&OVERFLOW).with("what", &one.setl_id).into()
}
