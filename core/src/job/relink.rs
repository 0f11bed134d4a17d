//! Stays of persons whose stays a run changes, joined anew over the months of the book: readmissions and transfers are
//! found as if all of them had come at once, and what earlier months paid otherwise is corrected.
//!
//! Whose stays those are: of the claims that the run corrects, of claims that come late, and of patients sent on from
//! an earlier month.

use std::collections::{BTreeMap, BTreeSet};

use super::history::{MONTHS_LATE_DAYS, Persons, months_before};
use super::month_claims::{Looked, PricedClaims, Tcm, asks_clearing};
use super::record::{means_of, settled_rows};
use super::rows::Rows;
use super::standing::{Standing, standings};
use crate::audit::{JoinedFacts, JoinedStay, Stood};
use crate::claims::Claims;
use crate::grouper::{Grouped, Outcome};
use crate::ledger::{Book, Period};
use crate::policy::rules::{Readmission, Transfer};
use crate::policy::{PackId, Policy, PolicySet, RuleNo};
use crate::pricing::{CaseKind, Chunk, Means, Priced, State, price_part};
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};
use crate::settlement::{Action, Correction, Revaluation, Worth, due_after};

/// What is joined.
pub(super) struct Joining<'b, 's> {
    pub book: &'b Book,
    pub period: Period,
    pub set: &'s PolicySet,
    /// The groups of the scheme.
    pub outcomes: &'b [Outcome],
}

/// A stay among those joined.
struct Stay {
    id: String,
    /// The month that settles it.
    month: Period,
    /// Its row in the run; nothing for a stay of an earlier month.
    row: Option<usize>,
    standing: Option<Standing>,
    /// Its group before the corrections of the run, and after them; nothing where it is not in force.
    before: Option<u16>,
    after: Option<u16>,
    /// The place of what the run corrects of it already.
    corrected: Option<usize>,
}

/// Corrections by claim and month: their places.
type Places<'c> = BTreeMap<(&'c str, Period), usize>;

/// Stays of some persons, of earlier months and of this run.
pub(super) struct Joined<'a> {
    period: Period,
    set: &'a PolicySet,
    persons: Persons,
    /// A row a stay.
    claims: Claims,
    outcomes: Vec<Outcome>,
    stays: Vec<Stay>,
    /// By person: the claim that is the reason to join the stays.
    causes: BTreeMap<String, String>,
    means: BTreeMap<Period, Means>,
}

/// Hears of a stay of the run: its row, its place among the prices, those of its month and those of the clearing.
type Told<'a> = dyn FnMut(usize, usize, &Priced, Option<&Priced>) + 'a;

/// What a stay is worth.
#[derive(Clone, Debug, PartialEq)]
struct Value {
    worth: Worth,
    clearing: Option<Worth>,
    case_kind: CaseKind,
    weight_e6: Option<i64>,
    rule: (PackId, RuleNo),
    /// What a readmission leaves, in millionths.
    kept_e6: Option<i64>,
}

impl<'s> Joining<'_, 's> {
    /// Gathers the stays; nothing where no rule joins any, or nobody's stays change.
    pub(super) fn gather(
        &self,
        looked: &Looked<'_>,
        corrections: &[Correction],
    ) -> Result<Option<Joined<'s>>, Problems> {
        let Some(days) = days_joined(self.set) else { return Ok(None) };
        let mut months = months_before(self.book, self.period)?;
        months.retain(|month| (self.period.first_day() - month.last_day()).num_days() <= days + MONTHS_LATE_DAYS);
        if months.is_empty() {
            return Ok(None);
        }
        let places = corrections.iter().enumerate().map(|(at, one)| ((one.setl_id.as_str(), one.period), at));
        let places: Places<'_> = places.collect();
        let mut persons = looked.late(self.period)?;
        self.corrected(&places, &mut persons)?;
        self.sent_on(looked, &months, &mut persons)?;
        if persons.is_empty() {
            return Ok(None);
        }
        let mut joined = Joined {
            period: self.period,
            set: self.set,
            persons,
            claims: Claims::default(),
            outcomes: self.outcomes.to_vec(),
            stays: Vec::new(),
            causes: BTreeMap::new(),
            means: BTreeMap::new(),
        };
        for month in months {
            joined.add_month(self.book, month, corrections, &places)?;
        }
        if joined.stays.is_empty() {
            return Ok(None);
        }
        joined.add_run(looked)?;
        joined.find_causes();
        Ok(Some(joined))
    }

    /// The patients of the claims that the run corrects.
    fn corrected(&self, places: &Places<'_>, persons: &mut Persons) -> Result<(), Problems> {
        let months: BTreeSet<Period> = places.keys().map(|(_, month)| *month).collect();
        for month in months {
            let stays = Rows::read(self.book, month, "stays", &["setl_id", "psn_no"])?;
            let own = (0..stays.len()).filter(|&row| places.contains_key(&(stays.str("setl_id", row), month)));
            own.for_each(|row| persons.insert(stays.str("psn_no", row)));
        }
        Ok(())
    }

    /// The patients of this run whom a stay of an earlier month has sent on.
    fn sent_on(&self, looked: &Looked<'_>, months: &[Period], persons: &mut Persons) -> Result<(), Problems> {
        let rules = self.set.packs.iter().filter_map(|pack| match pack.transfer.as_ref().map(|rule| &rule.value) {
            Some(Transfer::CountOnce { days, ways, .. }) => Some((days.0, ways)),
            _ => None,
        });
        let rules: Vec<_> = rules.collect();
        let Some(days) = rules.iter().map(|(days, _)| *days).max() else { return Ok(()) };
        let admitted = looked.admitted_by(self.period, days)?;
        for &month in months {
            let stays = Rows::read(self.book, month, "stays", &["psn_no", "dscg_way", "dscg_time"])?;
            for row in 0..stays.len() {
                let way = stays.str("dscg_way", row);
                let Some(day) = stays.day("dscg_time", row) else { continue };
                if !rules.iter().any(|(_, ways)| ways.iter().any(|wanted| wanted == way)) {
                    continue;
                }
                let person = stays.str("psn_no", row);
                let soon = |at: &i32| (0..=days).contains(&(i64::from(*at) - i64::from(day)));
                if admitted.get(person).is_some_and(|days| days.iter().any(soon)) {
                    persons.insert(person);
                }
            }
        }
        Ok(())
    }
}

/// The most days between stays that a rule joins; nothing where no rule does.
fn days_joined(set: &PolicySet) -> Option<i64> {
    let of_pack = |pack: &Policy| {
        let readmission = match pack.readmission.as_ref().map(|rule| &rule.value) {
            Some(Readmission::Within { days, .. }) => Some(days.0),
            _ => None,
        };
        let transfer = match pack.transfer.as_ref().map(|rule| &rule.value) {
            Some(Transfer::CountOnce { days, .. }) => Some(days.0),
            _ => None,
        };
        readmission.max(transfer)
    };
    set.packs.iter().filter_map(of_pack).max()
}

impl Joined<'_> {
    /// Whether the stays of a person are joined here.
    pub(super) fn has(&self, person: &str) -> bool {
        self.persons.may_have(person)
    }

    /// The stays of an earlier month that are in force.
    fn add_month(
        &mut self,
        book: &Book,
        month: Period,
        corrections: &[Correction],
        places: &Places<'_>,
    ) -> Result<(), Problems> {
        let people = Rows::read(book, month, "stays", &["psn_no"])?;
        let known = |row: &usize| !people.str("psn_no", *row).is_empty() && self.has(people.str("psn_no", *row));
        let rows: Vec<usize> = (0..people.len()).filter(known).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let (claims, outcomes, grouped) = settled_rows(book, month, &rows)?;
        let ids: BTreeSet<&str> = claims.stays.setl_id.iter().collect();
        let standing = standings(book, self.period, &|id| ids.contains(id))?;
        let mut taken = Vec::new();
        for row in 0..claims.len() {
            let id = claims.stays.setl_id.get(row).to_owned();
            let Some(own) = standing.get(&id).filter(|own| own.period == month) else { continue };
            if own.reversed || own.worth.state == State::Excluded {
                continue;
            }
            let settled = &outcomes[usize::from(grouped.outcomes[row])];
            let before = if settled.drg == own.drg { self.number(settled) } else { self.number_of(&own.drg) };
            let corrected = places.get(&(id.as_str(), month)).copied();
            let after = match corrected.map(|place| &corrections[place]) {
                Some(one) if one.state == State::Excluded => None,
                Some(one) if one.drg != own.drg => Some(self.number_of(&one.drg)),
                _ => Some(before),
            };
            let standing = Some(own.clone());
            self.stays.push(Stay { id, month, row: None, standing, before: Some(before), after, corrected });
            taken.push(row as u32);
        }
        self.claims.append(&claims.take(&taken));
        self.means.insert(month, means_of(book, month)?);
        Ok(())
    }

    /// The stays of this run, of those who have others in the book.
    fn add_run(&mut self, looked: &Looked<'_>) -> Result<(), Problems> {
        let past: BTreeSet<String> = self.claims.psn_no.iter().map(str::to_owned).collect();
        for (row, claims, group) in looked.stays_of(&|person| past.contains(person))? {
            let id = claims.stays.setl_id.get(0).to_owned();
            let (month, row, after) = (self.period, Some(row), Some(group));
            self.stays.push(Stay { id, month, row, standing: None, before: None, after, corrected: None });
            self.claims.append(&claims);
        }
        Ok(())
    }

    fn number(&mut self, wanted: &Outcome) -> u16 {
        let at = self.outcomes.iter().position(|outcome| outcome == wanted).unwrap_or_else(|| {
            self.outcomes.push(wanted.clone());
            self.outcomes.len() - 1
        });
        u16::try_from(at).expect("Invariant: a scheme has under 2^16 outcomes")
    }

    fn number_of(&self, drg: &str) -> u16 {
        let at = self.outcomes.iter().position(|outcome| outcome.drg == drg).unwrap_or_default();
        u16::try_from(at).expect("Invariant: a scheme has under 2^16 outcomes")
    }

    /// By person: the first claim that the run corrects, or else the first of the run itself.
    fn find_causes(&mut self) {
        let (corrected, others) =
            self.stays.iter().enumerate().partition::<Vec<_>, _>(|(_, stay)| stay.corrected.is_some());
        for (at, stay) in corrected.into_iter().chain(others.into_iter().filter(|(_, stay)| stay.row.is_some())) {
            self.causes.entry(self.claims.psn_no.get(at).to_owned()).or_insert_with(|| stay.id.clone());
        }
    }

    /// For an audit: the stays with their groups, as they stood before the run.
    pub(super) fn stood(&self) -> Vec<JoinedStay> {
        let stood = |own: &Standing| Stood {
            worth: own.worth,
            bill: own.bill,
            due_fen: own.due_fen,
            point_value_e6: own.point_value_e6,
            cleared: own.cleared,
        };
        let one = |stay: &Stay| JoinedStay {
            month: stay.month,
            row: stay.row,
            group: stay.after,
            now: stay.standing.as_ref().map(stood),
        };
        self.stays.iter().map(one).collect()
    }

    pub(super) fn facts<'f>(&'f self, stays: &'f [JoinedStay]) -> JoinedFacts<'f> {
        JoinedFacts { claims: &self.claims, outcomes: &self.outcomes, stays, means: &self.means }
    }

    /// Puts the prices of the run's stays in place, and adds what changes of earlier ones to the corrections.
    pub(super) fn settle(
        &mut self,
        priced: &mut PricedClaims<'_>,
        corrections: &mut Vec<Correction>,
    ) -> Result<(), Problems> {
        self.means.insert(self.period, priced.prices.means());
        let before = self.values(|stay| stay.before, &mut |_, _, _, _| {})?;
        let after = self.values(|stay| stay.after, &mut |row, at, now, then| priced.put(row, now, then, at))?;
        let mut found = Vec::new();
        for (at, value) in &after {
            let stay = &self.stays[*at];
            let Some(own) = &stay.standing else { continue };
            if value.worth.state == State::Excluded || (stay.corrected.is_none() && before.get(at) == Some(value)) {
                continue;
            }
            let now = stay.corrected.map(|place| &corrections[place]);
            if let Some(correction) = self.correction(*at, own, value, now)? {
                match stay.corrected {
                    Some(place) => corrections[place] = correction,
                    None => found.push(correction),
                }
            }
        }
        found.sort_by(|a, b| (a.period, &a.setl_id).cmp(&(b.period, &b.setl_id)));
        corrections.append(&mut found);
        Ok(())
    }

    /// The values of the stays that have a group, by their place.
    fn values(
        &self,
        group: impl Fn(&Stay) -> Option<u16>,
        tell: &mut Told<'_>,
    ) -> Result<BTreeMap<usize, Value>, Problems> {
        let set = self.set;
        let places: Vec<usize> = (0..self.stays.len()).filter(|at| group(&self.stays[*at]).is_some()).collect();
        let rows: Vec<u32> = places.iter().map(|at| *at as u32).collect();
        let claims = self.claims.clone().take(&rows);
        let grouped = Grouped { outcomes: places.iter().filter_map(|at| group(&self.stays[*at])).collect() };
        let tcm = Tcm::of(&claims);
        let mut values = BTreeMap::new();
        // Months with the same means have the same prices.
        for means in places.iter().map(|at| &self.means[&self.stays[*at].month]).collect::<BTreeSet<_>>() {
            let chunk = Chunk { first: 0, claims: &claims, grouped: &grouped, tcm: None };
            let price = |chunk: &Chunk<'_>| price_part(chunk, &self.outcomes, set, None, means);
            let now = price(&chunk)?;
            let gated = Chunk { tcm: Some(tcm.costs()), ..chunk };
            let then = if asks_clearing(set) { Some(price(&gated)?) } else { None };
            let own = places.iter().enumerate().filter(|(_, place)| self.means[&self.stays[**place].month] == *means);
            for (at, place) in own {
                if let Some(row) = self.stays[*place].row {
                    tell(row, at, &now, then.as_ref());
                }
                let cleared = self.stays[*place].standing.as_ref().is_some_and(|own| own.cleared);
                let unknown = now.case_kind[at] == CaseKind::Tcm && !tcm.is_known(at);
                let clearing = then.as_ref().filter(|_| !unknown).map(|then| Worth::of(then, at));
                let worth = clearing.filter(|_| cleared).unwrap_or_else(|| Worth::of(&now, at));
                values.insert(
                    *place,
                    Value {
                        worth,
                        clearing: clearing.filter(|worth| worth.state == State::Paid),
                        case_kind: now.case_kind[at],
                        weight_e6: now.cell_of(at).and_then(|cell| cell.weight_e6()),
                        rule: now.rules[usize::from(now.rule[at])],
                        kept_e6: kept_of(&now, at, set),
                    },
                );
            }
        }
        Ok(values)
    }

    /// What is to be booked of an earlier stay; `now` is what the run corrects of it already.
    fn correction(
        &self,
        at: usize,
        own: &Standing,
        value: &Value,
        now: Option<&Correction>,
    ) -> Result<Option<Correction>, Problems> {
        let stay = &self.stays[at];
        let overflow = || Problems::from(Problem::new(&m::OVERFLOW).with("what", &stay.id));
        let set = self.set;
        let pack = set.on(stay.month.last_day()).ok_or_else(overflow)?;
        let worth = value.worth;
        let revalued = Revaluation { worth, bill: own.bill, point_value_e6: own.point_value_e6 };
        let due_fen = due_after(&set.packs[pack], &revalued).ok_or_else(overflow)?;
        let drg = self.outcomes[usize::from(stay.after.unwrap_or_default())].drg.clone();
        let same = worth == own.worth && due_fen == own.due_fen && drg == own.drg;
        let alike = own.cleared || value.clearing.is_none_or(|then| then == own.clearing.unwrap_or(own.worth));
        if now.is_none() && same && alike {
            return Ok(None);
        }
        let cause = self.causes.get(self.claims.psn_no.get(at)).cloned().unwrap_or_default();
        let (action, reason, document) = match now {
            Some(one) => (one.action, one.reason.clone(), one.document.clone()),
            None => (Action::Relink, cause, String::new()),
        };
        Ok(Some(Correction {
            institution: own.institution.clone(),
            insutype: own.insutype.clone(),
            setl_id: stay.id.clone(),
            period: stay.month,
            action,
            fen: due_fen - own.due_fen,
            points_e4: worth.points_e4 - own.worth.points_e4,
            amount_fen: worth.amount_fen - own.worth.amount_fen,
            outside_fen: worth.outside_fen - own.worth.outside_fen,
            state: worth.state,
            drg,
            weight_e6: value.weight_e6,
            kept_e6: Some(value.kept_e6.unwrap_or(1_000_000)),
            case_kind: Some(value.case_kind),
            clearing: value.clearing,
            reason,
            document,
            rule: Some(value.rule),
        }))
    }
}

/// The share of points that a readmission leaves of a row, in millionths.
fn kept_of(priced: &Priced, row: usize, set: &PolicySet) -> Option<i64> {
    let adjusted = priced.adjusted_of(row).iter().find(|one| {
        let (pack, rule) = priced.rules[usize::from(one.rule)];
        set.packs[pack].rule(rule).kind == "readmission.within"
    });
    adjusted?.factor?.round(6, crate::money::Rounding::HalfUp)
}
