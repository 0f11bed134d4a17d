//! The lines of the second award: to whom, and only what has not been paid before.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::second::Item;
use super::{decided_by, note, of, split, too_large};
use crate::awards::model::{Policy, SecondAward, SubjectKind};
use crate::awards::outcome::{Award, Decided, Line, LineKind, Step};
use crate::awards::switches::SecondPayee;
use crate::money::{Fen, allocate};
use crate::problem::catalogue::awards as a;
use crate::problem::{Problem, Problems};

/// What the second award comes to.
#[derive(Clone, Copy)]
pub(super) struct Due {
    pub base: Fen,
    pub amount: Fen,
    /// Digits were rounded away.
    pub rounded: bool,
}

/// Somebody who shares in a second award.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Payee {
    id: String,
    name: String,
    kind: SubjectKind,
}

pub(super) struct Made<'x> {
    policy: &'x Policy,
    second: &'x SecondAward,
    /// All lines before this stage, and those of each award.
    before: &'x [Line],
    by_award: &'x BTreeMap<&'x str, Vec<&'x Line>>,
    /// How many lines of each award this stage has made.
    made: BTreeMap<String, usize>,
    pub awards: Vec<Award>,
    pub lines: Vec<Line>,
    pub steps: Vec<Step>,
}

/// What the stage has added.
pub(super) struct Finished {
    pub awards: Vec<Award>,
    pub lines: Vec<Line>,
    pub steps: Vec<Step>,
}

impl<'x> Made<'x> {
    pub fn new(
        policy: &'x Policy,
        second: &'x SecondAward,
        before: &'x [Line],
        by_award: &'x BTreeMap<&'x str, Vec<&'x Line>>,
    ) -> Made<'x> {
        Made {
            policy,
            second,
            before,
            by_award,
            made: BTreeMap::new(),
            awards: Vec::new(),
            lines: Vec::new(),
            steps: Vec::new(),
        }
    }

    pub fn finish(self) -> Finished {
        Finished { awards: self.awards, lines: self.lines, steps: self.steps }
    }

    /// Tells that more was paid for an item than what is in place now earns.
    pub fn not_backed(&self, item: &Item<'_>, due: Fen, warnings: &mut Vec<Problem>) -> Result<(), Problems> {
        let before = of(self.by_award, &item.award.id);
        let of_place = |line: &&&Line| line.kind == LineKind::Second && line.payee_place == item.place;
        let seconds: BTreeSet<&str> = before.iter().filter(of_place).map(|line| line.id.as_str()).collect();
        let kept = before.iter().filter(|l| seconds.contains(l.id.as_str()) || seconds.contains(l.corrects.as_str()));
        let paid = Fen::sum(kept.map(|line| line.amount)).ok_or_else(too_large)?;
        if paid > due {
            let problem = Problem::new(&a::SECOND_NOT_BACKED).with("scope", &item.award.id);
            warnings.push(problem.with("paid", paid.grouped()).with("due", due.grouped()));
        }
        Ok(())
    }

    /// The second award of one item: what is due by now, less what was paid before.
    pub fn item(&mut self, item: &Item<'_>, due: Due) -> Result<(), Problems> {
        let before = of(self.by_award, &item.award.id);
        let reversed = before.iter().any(|line| !line.corrects.is_empty());
        let of_place = |line: &&&Line| line.kind == LineKind::Second && line.payee_place == item.place;
        let earlier = before.iter().filter(of_place);
        let paid = Fen::sum(earlier.map(|line| line.amount)).ok_or_else(too_large)?;
        let more = due.amount.checked_sub(paid).ok_or_else(too_large)?;
        if more <= Fen::ZERO || (reversed && paid > Fen::ZERO) {
            return Ok(());
        }
        let parts = self.parts(item.place, &[item], more)?;
        self.explain(&item.award.id, due, more);
        let made = self.made.entry(item.award.id.clone()).or_default();
        let first = before.len() + *made + 1;
        *made += parts.len();
        self.push(&item.award.id, first, item.award.year, item, &parts, due, LineKind::Second)
    }

    /// The second award of a place's year as one sum. When an award in it was taken back, so is its part.
    pub fn county_year(&mut self, place: &str, year: i32, items: &[Item<'_>], due: Due) -> Result<(), Problems> {
        let key = format!("{}:{place}:{year}", self.second.id);
        let numbered = format!("{key}#");
        let earlier = |line: &&Line| line.award == key || line.award.starts_with(&numbered);
        let mut paid: BTreeMap<Payee, Fen> = BTreeMap::new();
        for line in self.before.iter().filter(earlier) {
            let payee = Payee { id: line.payee.clone(), name: line.payee_name.clone(), kind: line.payee_kind };
            let sum = paid.entry(payee).or_default();
            *sum = sum.checked_add(line.amount).ok_or_else(too_large)?;
        }
        let runs: std::collections::BTreeSet<&str> =
            self.before.iter().filter(earlier).map(|line| line.award.as_str()).collect();
        let items: Vec<&Item<'_>> = items.iter().collect();
        let Some(last) = items.iter().copied().max_by_key(|item| item.complete_on()) else { return Ok(()) };
        let mut change: BTreeMap<Payee, Fen> = self.parts(place, &items, due.amount)?.into_iter().collect();
        for (payee, fen) in paid {
            let part = change.entry(payee).or_default();
            *part = part.checked_sub(fen).ok_or_else(too_large)?;
        }
        change.retain(|_, fen| *fen != Fen::ZERO);
        let total = Fen::sum(change.values().copied()).ok_or_else(too_large)?;
        if change.is_empty() {
            return Ok(());
        }
        let id = if runs.is_empty() { key } else { format!("{key}#{}", runs.len() + 1) };
        self.explain(&id, due, total);
        self.awards.push(self.header(&id, place, year, last, total));
        let (more, less): (Vec<_>, Vec<_>) = change.into_iter().partition(|(_, fen)| *fen > Fen::ZERO);
        self.push(&id, 1, year, last, &more, due, LineKind::Second)?;
        self.push(&id, more.len() + 1, year, last, &less, due, LineKind::ClawBack)
    }

    fn header(&self, id: &str, place: &str, year: i32, last: &Item<'_>, total: Fen) -> Award {
        Award {
            id: id.to_owned(),
            rule: self.second.id.clone(),
            event: String::new(),
            achievement: String::new(),
            grade: String::new(),
            item: String::new(),
            subject: place.to_owned(),
            subject_name: place.to_owned(),
            place: place.to_owned(),
            named: last.complete_on(),
            year,
            gross: total,
            offset: Fen::ZERO,
            amount: total,
            switches: self.switches(false),
            citation: self.second.citation.to_string(),
            simulation: self.policy.simulation,
        }
    }

    fn switches(&self, rounded: bool) -> Decided {
        let mut decided = Decided::new();
        for switch in ["second_base", "second_gate", "second_payee"] {
            decided_by(&mut decided, switch, self.second.switches.get(switch).unwrap_or_default());
        }
        if rounded {
            decided_by(&mut decided, "rounding", self.second.switches.get("rounding").unwrap_or_default());
        }
        decided
    }

    fn explain(&mut self, award: &str, due: Due, more: Fen) {
        let (base, rate) = (due.base.grouped(), self.second.rate);
        let zh = format!("{}：基数 {base} 元 × {rate} = {} 元", self.second.title, due.amount.grouped());
        let en = format!("{}: {base} yuan × {rate} = {} yuan", self.second.title, due.amount.grouped());
        self.steps.push(Step {
            award: award.to_owned(),
            rule: self.second.id.clone(),
            note: note(zh, en),
            amount: Some(more),
            citation: self.second.citation.to_string(),
        });
    }

    /// Splits a sum among the payees, by the switch `second_payee`.
    fn parts(&self, place: &str, items: &[&Item<'_>], sum: Fen) -> Result<Vec<(Payee, Fen)>, Problems> {
        let mut payees: BTreeMap<Payee, Fen> = BTreeMap::new();
        for (line, left) in items.iter().flat_map(|item| &item.lines) {
            let payee = Payee { id: line.payee.clone(), name: line.payee_name.clone(), kind: line.payee_kind };
            let part = payees.entry(payee).or_default();
            *part = part.checked_add(*left).ok_or_else(too_large)?;
        }
        let finance = Payee { id: place.to_owned(), name: place.to_owned(), kind: SubjectKind::Place };
        let parts = match self.second.switches.second_payee {
            SecondPayee::CountyFinance => vec![(finance, sum)],
            SecondPayee::Original => pro_rata(sum, &payees.into_iter().collect::<Vec<_>>())?,
            SecondPayee::ByRule => self.by_rule(&finance, &payees, sum)?,
        };
        Ok(parts.into_iter().filter(|(_, fen)| *fen > Fen::ZERO).collect())
    }

    /// Place, institutions (with teams) and persons take their shares; the shares of those absent go to the others.
    fn by_rule(&self, finance: &Payee, payees: &BTreeMap<Payee, Fen>, sum: Fen) -> Result<Vec<(Payee, Fen)>, Problems> {
        let shares = self
            .second
            .shares
            .ok_or_else(|| Problems::from(Problem::new(&a::NEEDS_SECOND_SHARES).rule(self.second.id.as_str())))?;
        let class = |kind: SubjectKind| match kind {
            SubjectKind::Place => 0,
            SubjectKind::Institution | SubjectKind::Team => 1,
            SubjectKind::Person => 2,
        };
        let mut members: [Vec<(Payee, Fen)>; 3] = [vec![(finance.clone(), Fen(1))], Vec::new(), Vec::new()];
        for (payee, fen) in payees.iter().filter(|(payee, _)| payee.kind != SubjectKind::Place) {
            members[class(payee.kind)].push((payee.clone(), *fen));
        }
        let weights: Vec<Decimal> =
            (0..3).map(|at| if members[at].is_empty() { Decimal::ZERO } else { shares[at] }).collect();
        let sums = split(sum, &weights).ok_or_else(too_large)?;
        let mut parts = Vec::new();
        for (sum, members) in sums.into_iter().zip(&members) {
            if sum > Fen::ZERO {
                parts.append(&mut pro_rata(sum, members)?);
            }
        }
        Ok(parts)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a line")]
    fn push(
        &mut self,
        award: &str,
        first: usize,
        year: i32,
        item: &Item<'_>,
        parts: &[(Payee, Fen)],
        due: Due,
        kind: LineKind,
    ) -> Result<(), Problems> {
        let treasury = self.policy.place_at(item.place, self.second.pays_level).ok_or_else(|| {
            let problem = Problem::new(&a::NO_TREASURY).with("place", item.place);
            Problems::from(problem.with("level", self.second.pays_level.chinese()))
        })?;
        for ((payee, fen), number) in parts.iter().zip(first..) {
            self.lines.push(Line {
                id: format!("{award}/{number}"),
                award: award.to_owned(),
                rule: self.second.id.clone(),
                kind,
                phase: 1,
                payee: payee.id.clone(),
                payee_name: payee.name.clone(),
                payee_kind: payee.kind,
                payee_place: item.place.to_owned(),
                treasury_level: treasury.level,
                treasury: treasury.name.clone(),
                amount: *fen,
                payable_on: item.complete_on(),
                year,
                corrects: String::new(),
                switches: self.switches(due.rounded),
                citation: self.second.citation.to_string(),
                simulation: self.policy.simulation,
            });
        }
        Ok(())
    }
}

fn pro_rata(sum: Fen, payees: &[(Payee, Fen)]) -> Result<Vec<(Payee, Fen)>, Problems> {
    let weights: Vec<i128> = payees.iter().map(|(_, fen)| fen.0.into()).collect();
    let parts = allocate(sum, &weights).ok_or_else(too_large)?;
    Ok(payees.iter().map(|(payee, _)| payee.clone()).zip(parts).collect())
}
