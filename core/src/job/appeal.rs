//! Corrections that somebody asks for: claims of earlier months in another group, or priced by rules corrected since.
//!
//! The whole month of a claim is priced again from what the book keeps of it, by the packs of this run, and the
//! difference to how the claim stands is the correction, at the point value the claim was paid by.

use std::collections::{BTreeMap, BTreeSet};

use super::Packs;
use super::corrections::{CORRECTIONS, Order};
use super::history::{Persons, months_before, past_stays};
use super::month_claims::{Tcm, asks_clearing};
use super::record::settled_claims;
use super::rows::Rows;
use super::standing::{Standing, is_cleared, standings};
use crate::claims::Claims;
use crate::grouper::{Grouped, Outcome};
use crate::ledger::{Book, Period};
use crate::policy::{PackId, Policy};
use crate::pricing::{CaseKind, Options, Priced, State, price};
use crate::problem::catalogue::{books as b, settlement as m};
use crate::problem::{Problem, Problems};
use crate::settlement::{Action, Correction, Revaluation, Worth, due_after, keep};

/// What is asked of a run.
pub(super) struct Asked<'a> {
    pub book: &'a Book,
    /// The period that enters the corrections.
    pub period: Period,
    pub orders: &'a [Order],
    /// What the run takes back already.
    pub reversed: &'a [Correction],
    pub packs: &'a Packs,
    /// The groups of the scheme.
    pub outcomes: &'a [Outcome],
}

impl Asked<'_> {
    /// The corrections, in the order of their claims. What changes nothing is told as a warning.
    pub(super) fn corrections(&self) -> Result<(Vec<Correction>, Problems), Problems> {
        let mut problems = Problems::new();
        if self.orders.is_empty() {
            return Ok((Vec::new(), problems));
        }
        let named = self.named(&months_before(self.book, self.period)?, &mut problems);
        let ids: BTreeSet<&str> = named.keys().copied().collect();
        let mut standing = standings(self.book, self.period, &|id| ids.contains(id))?;
        self.check(&named, &standing, &mut problems);
        if problems.has_errors() {
            return Err(problems);
        }
        let mut out = Vec::new();
        let mut months: BTreeMap<Period, Vec<&Order>> = BTreeMap::new();
        for (id, order) in &named {
            match order.action {
                Action::Reverse => out.push(reverse(&standing[*id], order)),
                _ => months.entry(standing[*id].period).or_default().push(order),
            }
        }
        let whole = self.orders.iter().filter_map(|order| Some((order.period?, order)));
        let whole: BTreeMap<Period, &Order> = whole.collect();
        whole.keys().for_each(|month| _ = months.entry(*month).or_default());
        for (month, orders) in months {
            let cleared = is_cleared(self.book, month.whole_year(), self.period)?;
            let job = Month::read(self, month, cleared)?;
            match job.corrections(&orders, whole.get(&month).copied(), &mut standing) {
                Ok((mut found, warnings)) => {
                    out.append(&mut found);
                    problems.append(warnings);
                }
                Err(found) => problems.append(found),
            }
        }
        out.sort_by(|a, b| (a.period, &a.setl_id).cmp(&(b.period, &b.setl_id)));
        problems.or(out)
    }

    /// The orders by claim; a claim named twice is a problem.
    fn named(&self, months: &[Period], problems: &mut Problems) -> BTreeMap<&str, &Order> {
        let mut named: BTreeMap<&str, &Order> = BTreeMap::new();
        let mut whole = BTreeSet::new();
        for order in self.orders {
            let twice = match order.period {
                Some(month) => !whole.insert(month),
                None => named.insert(&order.setl_id, order).is_some() || self.is_reversed(&order.setl_id),
            };
            if twice {
                let what = order.period.map_or_else(|| order.setl_id.clone(), |month| month.to_string());
                problems.push(order.problem(Problem::new(&b::CORRECTED_TWICE).with("what", what)));
            }
            if let Some(month) = order.period.filter(|month| !months.contains(month)) {
                problems.push(order.problem(Problem::new(&b::CORRECTS_NOTHING).with("what", month)));
            }
        }
        named
    }

    fn is_reversed(&self, setl_id: &str) -> bool {
        self.reversed.iter().any(|one| one.setl_id == setl_id)
    }

    fn check(&self, named: &BTreeMap<&str, &Order>, standing: &BTreeMap<String, Standing>, problems: &mut Problems) {
        for (id, order) in named {
            match standing.get(*id) {
                None => problems.push(order.problem(Problem::new(&b::CORRECTS_NOTHING).with("what", id))),
                Some(own) if own.reversed || own.worth.state == State::Excluded => {
                    problems.push(order.problem(Problem::new(&b::NOT_IN_FORCE).with("claim", id)));
                }
                Some(_) => {}
            }
            let known = |drg: &str| self.outcomes.iter().any(|outcome| outcome.drg == drg);
            if order.action == Action::Regroup && !known(&order.drg) {
                problems.push(order.problem(Problem::new(&b::UNKNOWN_GROUP).with("drg", &order.drg)));
            }
        }
    }
}

/// Takes back all that was due for a claim.
fn reverse(own: &Standing, order: &Order) -> Correction {
    let after = Worth { state: State::Excluded, points_e4: 0, amount_fen: 0, outside_fen: 0 };
    let drg = own.drg.clone();
    let change = Change { after, due_fen: 0, drg, weight_e6: None, case_kind: None, clearing: None, rule: None };
    change.of(own, order, &order.setl_id)
}

/// What becomes of a claim.
struct Change {
    after: Worth,
    due_fen: i64,
    drg: String,
    weight_e6: Option<i64>,
    case_kind: Option<CaseKind>,
    /// What it is worth at clearing, where a rule asks.
    clearing: Option<Worth>,
    rule: Option<(PackId, crate::policy::RuleNo)>,
}

impl Change {
    fn changes_nothing(&self, own: &Standing) -> bool {
        let then = own.cleared || self.clearing.is_none_or(|worth| worth == own.clearing.unwrap_or(own.worth));
        then && self.after == own.worth && self.drg == own.drg && self.due_fen == own.due_fen
    }

    fn of(self, own: &Standing, order: &Order, setl_id: &str) -> Correction {
        let (before, after) = (own.worth, self.after);
        Correction {
            institution: own.institution.clone(),
            insutype: own.insutype.clone(),
            setl_id: setl_id.to_owned(),
            period: own.period,
            action: order.action,
            fen: self.due_fen - own.due_fen,
            points_e4: after.points_e4 - before.points_e4,
            amount_fen: after.amount_fen - before.amount_fen,
            outside_fen: after.outside_fen - before.outside_fen,
            state: after.state,
            drg: self.drg,
            weight_e6: self.weight_e6,
            kept_e6: None,
            case_kind: self.case_kind,
            clearing: self.clearing,
            reason: order.reason.clone(),
            document: order.document.clone(),
            rule: self.rule,
        }
    }
}

/// A settled month, read back to be priced again.
struct Month<'a> {
    asked: &'a Asked<'a>,
    month: Period,
    policy: &'a Policy,
    claims: Claims,
    outcomes: Vec<Outcome>,
    /// The groups as they stand.
    grouped: Grouped,
    rows: BTreeMap<String, usize>,
    /// The year is cleared: cases stand as they were cleared.
    cleared: bool,
    tcm: Tcm,
}

/// The prices of a month: as the month pays, and as clearing does where a rule asks for that.
struct Anew {
    month: Priced,
    clearing: Option<Priced>,
}

impl<'a> Month<'a> {
    fn read(asked: &'a Asked<'a>, month: Period, cleared: bool) -> Result<Month<'a>, Problems> {
        let (claims, mut outcomes, mut grouped) = settled_claims(asked.book, month)?;
        let rows: BTreeMap<String, usize> =
            claims.stays.setl_id.iter().enumerate().map(|(row, id)| (id.to_owned(), row)).collect();
        for (id, drg) in regrouped(asked.book, month, asked.period)? {
            if let Some(&row) = rows.get(&id) {
                grouped.outcomes[row] = number_of(&mut outcomes, asked.outcomes, &drg);
            }
        }
        let set = &asked.packs.set;
        let pack = set.on(month.last_day()).ok_or_else(|| {
            let problem = Problem::new(&m::NO_PACK_FOR_DATE).with("cases", claims.len());
            let problem = problem.with("from", month.first_day()).with("to", month.last_day());
            Problems::from(problem.with("covered", set.covered()))
        })?;
        let tcm = Tcm::of(&claims);
        Ok(Month { asked, month, policy: &set.packs[pack], claims, outcomes, grouped, rows, cleared, tcm })
    }

    fn corrections(
        mut self,
        orders: &[&Order],
        whole: Option<&Order>,
        standing: &mut BTreeMap<String, Standing>,
    ) -> Result<(Vec<Correction>, Problems), Problems> {
        let mut grouped = self.grouped.clone();
        for order in orders.iter().filter(|order| order.action == Action::Regroup) {
            grouped.outcomes[self.rows[&order.setl_id]] =
                number_of(&mut self.outcomes, self.asked.outcomes, &order.drg);
        }
        let anew = self.price(&grouped)?;
        let mut due: BTreeMap<usize, &Order> = match whole {
            Some(order) => (0..self.claims.len()).map(|row| (row, order)).collect(),
            None => self.consequences(orders, &grouped, &anew)?,
        };
        due.extend(orders.iter().map(|order| (self.rows[&order.setl_id], *order)));
        let missing: BTreeSet<&str> = due.keys().map(|row| self.id(*row)).collect();
        let missing = |id: &str| missing.contains(id) && !standing.contains_key(id);
        let more = standings(self.asked.book, self.asked.period, &missing)?;
        standing.extend(more);
        let mut warnings = Problems::new();
        let mut out = Vec::new();
        for (row, order) in due {
            let id = self.id(row);
            let Some(own) = standing.get(id) else { continue };
            let taken_back = own.reversed || own.period != self.month || self.asked.is_reversed(id);
            if taken_back || (order.setl_id != id && own.worth.state == State::Excluded) {
                continue;
            }
            let drg = self.outcomes[usize::from(grouped.outcomes[row])].drg.clone();
            let change = self.change(&anew, row, own, drg)?;
            if change.changes_nothing(own) {
                if order.setl_id == id {
                    warnings.push(order.problem(Problem::new(&b::CHANGES_NOTHING).with("claim", id)));
                }
                continue;
            }
            let mut correction = change.of(own, order, id);
            if order.setl_id != id && whole.is_none() {
                (correction.action, correction.reason) = (Action::Reprice, order.setl_id.clone());
            }
            out.push(correction);
        }
        Ok((out, warnings))
    }

    /// Other stays of the patients regrouped whose price changes with it, such as the other part of a transfer.
    fn consequences<'o>(
        &self,
        orders: &[&'o Order],
        grouped: &Grouped,
        anew: &Anew,
    ) -> Result<BTreeMap<usize, &'o Order>, Problems> {
        let mut patients: BTreeMap<&str, &'o Order> = BTreeMap::new();
        for order in orders.iter().filter(|order| order.action == Action::Regroup) {
            patients.insert(self.claims.psn_no.get(self.rows[&order.setl_id]), order);
        }
        patients.remove("");
        let of_patient = |row: &usize| patients.get(self.claims.psn_no.get(*row)).map(|order| (*row, *order));
        let others: Vec<(usize, &Order)> = (0..self.claims.len()).filter_map(|row| of_patient(&row)).collect();
        if others.len() <= patients.len() {
            return Ok(BTreeMap::new());
        }
        debug_assert_eq!(grouped.outcomes.len(), self.claims.len());
        let before = self.price(&self.grouped)?;
        let differs = |row: usize| {
            let then = before.clearing.as_ref().zip(anew.clearing.as_ref());
            Worth::of(&before.month, row) != Worth::of(&anew.month, row)
                || then.is_some_and(|(before, anew)| Worth::of(before, row) != Worth::of(anew, row))
        };
        Ok(others.into_iter().filter(|(row, _)| differs(*row)).collect())
    }

    fn price(&self, grouped: &Grouped) -> Result<Anew, Problems> {
        let set = &self.asked.packs.set;
        let past = past_stays(self.asked.book, self.month, set, || Ok(Persons::among(&self.claims.psn_no)))?;
        let options = Options { period: Some(self.month), past: &past, ..Options::default() };
        let priced = |options: Options<'_>| price(&self.claims, grouped, &self.outcomes, set, &options);
        let then = Options { tcm: Some(self.tcm.costs()), ..options };
        Ok(Anew { month: priced(options)?, clearing: if asks_clearing(set) { Some(priced(then)?) } else { None } })
    }

    fn id(&self, row: usize) -> &str {
        self.claims.stays.setl_id.get(row)
    }

    /// What pricing makes of a claim; what readmissions took from it stays taken.
    fn change(&self, anew: &Anew, row: usize, own: &Standing, drg: String) -> Result<Change, Problems> {
        let overflow = || Problems::from(Problem::new(&m::OVERFLOW).with("what", self.id(row)));
        let kept = |priced: &Priced| {
            let all = own.kept_e6.iter();
            all.clone()
                .try_fold(Worth::of(priced, row), |worth, kept| keep(self.policy, worth, *kept))
                .ok_or_else(overflow)
        };
        let case_kind = anew.month.case_kind[row];
        let unknown = case_kind == CaseKind::Tcm && !self.tcm.is_known(row);
        if unknown && self.cleared {
            let problem = Problem::new(&m::NO_AMOUNT).with("cases", 1).with("column", "tcm_amt, tcm_base_amt");
            return Err(problem.with("claim", self.id(row)).into());
        }
        let clearing = anew.clearing.as_ref().filter(|_| !unknown).map(kept).transpose()?;
        let clearing = clearing.filter(|worth| worth.state == State::Paid);
        let priced = anew.clearing.as_ref().filter(|_| self.cleared).unwrap_or(&anew.month);
        let after = kept(priced)?;
        let value = Revaluation { worth: after, bill: own.bill, point_value_e6: own.point_value_e6 };
        let due_fen = due_after(self.policy, &value).ok_or_else(overflow)?;
        let weight_e6 = priced.cell_of(row).and_then(|cell| cell.weight_e6());
        let rule = Some(priced.rules[usize::from(priced.rule[row])]);
        Ok(Change { after, due_fen, drg, weight_e6, case_kind: Some(case_kind), clearing, rule })
    }
}

/// The groups that corrections before `period` gave to claims of a month, the last of each.
fn regrouped(book: &Book, month: Period, period: Period) -> Result<BTreeMap<String, String>, Problems> {
    let mut groups = BTreeMap::new();
    for made_in in months_before(book, period)? {
        let columns = ["setl_id", "period", "action", "drg"];
        let Some(made) = Rows::read_if_any(book, made_in, CORRECTIONS, &columns)? else { continue };
        let own = (0..made.len()).filter(|&row| made.str("action", row) == Action::Regroup.code());
        for row in own.filter(|&row| made.str("period", row) == month.to_string()) {
            groups.insert(made.text("setl_id", row), made.text("drg", row));
        }
    }
    Ok(groups)
}

/// The number of a group, among those met or from the scheme.
fn number_of(outcomes: &mut Vec<Outcome>, scheme: &[Outcome], drg: &str) -> u16 {
    let at = outcomes.iter().position(|outcome| outcome.drg == drg).unwrap_or_else(|| {
        outcomes.extend(scheme.iter().find(|outcome| outcome.drg == drg).cloned());
        outcomes.len() - 1
    });
    u16::try_from(at).expect("Invariant: a scheme has under 2^16 outcomes")
}
