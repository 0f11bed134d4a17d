//! Which single code would change the group.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::claims::Stays;
use crate::grouper::compile::Grouper;
use crate::grouper::{Outcome, Status};
use crate::scheme::Level;
use crate::text::TextList;

/// Neighbours shown.
const SHOWN: usize = 6;

/// Changes to one code of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Without this secondary diagnosis or procedure.
    Without,
    /// With this diagnosis as a further secondary one.
    WithDiagnosis,
    /// With this procedure as a further one.
    WithProcedure,
    /// With this secondary diagnosis as the principal one.
    AsPrincipal,
    /// With this procedure as the main one.
    AsMain,
}

/// Another group and the change of one code that leads there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Neighbour {
    pub change: Change,
    pub code: String,
    /// For an added CC or MCC, its level: any other of the level that is not excluded does the same.
    pub level: Option<&'static str>,
    pub outcome: Outcome,
}

/// A code of a changed claim: one of its own by place, or another.
#[derive(Clone, Copy)]
enum Item<'a> {
    Own(usize),
    Other(&'a str),
}

struct Trial<'a> {
    change: Change,
    code: &'a str,
    level: Option<&'static str>,
}

/// Changes of one claim, and the claims they make.
struct Trials<'a> {
    one: &'a Stays,
    trials: Vec<Trial<'a>>,
    claims: Stays,
}

impl<'a> Trials<'a> {
    fn add(
        &mut self,
        change: Change,
        code: &'a str,
        level: Option<&'static str>,
        diagnoses: impl Iterator<Item = Item<'a>>,
        procedures: impl Iterator<Item = Item<'a>>,
    ) {
        self.trials.push(Trial { change, code, level });
        push_facts(&mut self.claims, self.one, 0);
        put(&mut self.claims.diagnoses, &self.one.diagnoses, diagnoses);
        put(&mut self.claims.procedures, &self.one.procedures, procedures);
    }
}

fn put<'a>(to: &mut TextList, own: &TextList, items: impl Iterator<Item = Item<'a>>) {
    for item in items {
        match item {
            Item::Own(at) => to.push_item_of(own, 0, at),
            Item::Other(code) => to.push_item(code),
        }
    }
    to.end_row();
}

impl Grouper {
    /// Other groups one code away, nearest first: within the ADRG, within the MDC, elsewhere; each group once, by its
    /// simplest change.
    pub(super) fn nearest(&self, one: &Stays, own: &Outcome) -> Vec<Neighbour> {
        let Trials { trials, claims, .. } = self.trials(one);
        let results = self.group(&claims, false).outcomes;
        let mut ranked: Vec<_> = trials
            .into_iter()
            .zip(results)
            .enumerate()
            .filter(|(_, (_, result))| self.outcomes()[usize::from(*result)] != *own)
            .map(|(at, (trial, result))| {
                let found = &self.outcomes()[usize::from(result)];
                let distance = match found.status {
                    Status::Grouped if found.adrg == own.adrg => 0,
                    Status::Grouped if found.mdc == own.mdc => 1,
                    Status::Grouped => 2,
                    _ => 3,
                };
                ((distance, trial.change, at), trial, result)
            })
            .collect();
        ranked.sort_unstable_by_key(|(rank, ..)| *rank);
        let mut seen = BTreeSet::new();
        ranked.retain(|(_, _, result)| seen.insert(*result));
        let neighbours = ranked.into_iter().take(SHOWN).map(|(_, trial, result)| Neighbour {
            change: trial.change,
            code: trial.code.to_owned(),
            level: trial.level,
            outcome: self.outcomes()[usize::from(result)].clone(),
        });
        neighbours.collect()
    }

    fn trials<'a>(&'a self, one: &'a Stays) -> Trials<'a> {
        let diagnoses: Vec<&str> = one.diagnoses.get(0).collect();
        let procedures: Vec<&str> = one.procedures.get(0).collect();
        let all = |codes: &[&str]| (0..codes.len()).map(Item::Own);
        let mut trials = Trials { one, trials: Vec::new(), claims: Stays::default() };
        for (at, code) in diagnoses.iter().copied().enumerate().skip(1) {
            trials.add(Change::Without, code, None, without(diagnoses.len(), at), all(&procedures));
            trials.add(Change::AsPrincipal, code, None, leading(diagnoses.len(), at), all(&procedures));
        }
        for (at, code) in procedures.iter().copied().enumerate() {
            trials.add(Change::Without, code, None, all(&diagnoses), without(procedures.len(), at));
            if at > 0 {
                trials.add(Change::AsMain, code, None, all(&diagnoses), leading(procedures.len(), at));
            }
        }
        for (level, word) in [(Level::Mcc, "MCC"), (Level::Cc, "CC")] {
            if let Some(code) = self.unexcluded(&diagnoses, level) {
                let more = all(&diagnoses).chain([Item::Other(code)]);
                trials.add(Change::WithDiagnosis, code, Some(word), more, all(&procedures));
            }
        }
        for code in self.asked_procedures(diagnoses.first().copied()) {
            let (first, last) = ([Item::Other(code)], [Item::Other(code)]);
            let leading = first.into_iter().chain(all(&procedures));
            trials.add(Change::AsMain, code, None, all(&diagnoses), leading);
            let more = all(&procedures).chain(last);
            trials.add(Change::WithProcedure, code, None, all(&diagnoses), more);
        }
        trials
    }

    /// The first CC or MCC of the scheme's table that the principal diagnosis does not exclude and the claim lacks.
    fn unexcluded(&self, diagnoses: &[&str], level: Level) -> Option<&str> {
        let principal = self.diagnoses.number_of(diagnoses.first()?);
        let free = self.definition.cc.iter().filter(|entry| entry.level == level && !diagnoses.contains(&&*entry.code));
        let mut free = free.filter(|entry| {
            let mut severities = self.diagnoses.severities(self.diagnoses.number_of(&entry.code));
            severities.all(|(_, group)| !self.excludes(principal, group))
        });
        free.next().map(|entry| entry.code.as_str())
    }

    /// One procedure of each list that a rule of the principal diagnosis's MDCs asks for.
    fn asked_procedures(&self, principal: Option<&str>) -> BTreeSet<&str> {
        let Some(principal) = principal else { return BTreeSet::new() };
        let principal = self.diagnoses.slot_of(principal);
        let known = self.diagnoses.global(&principal);
        // The first global sets are the diagnoses of the MDCs.
        let knows = |mdc: &usize| known[mdc / 64] >> (mdc % 64) & 1 == 1;
        let mdcs = (0..self.mdcs.len()).filter(knows);
        mdcs.flat_map(|mdc| &self.mdcs[mdc].procedures).map(String::as_str).collect()
    }
}

fn without<'a>(count: usize, at: usize) -> impl Iterator<Item = Item<'a>> {
    (0..count).filter(move |place| *place != at).map(Item::Own)
}

fn leading<'a>(count: usize, at: usize) -> impl Iterator<Item = Item<'a>> {
    std::iter::once(Item::Own(at)).chain(without(count, at))
}

/// A batch of one claim of another.
#[must_use]
pub fn one_row(stays: &Stays, row: usize) -> Stays {
    let rows = row..row + 1;
    Stays {
        setl_id: stays.setl_id.slice(rows.clone()),
        sex: vec![stays.sex[row]],
        age_years: vec![stays.age_years[row]],
        age_days: vec![stays.age_days[row]],
        birth_weight_g: vec![stays.birth_weight_g[row]],
        admission_weight_g: vec![stays.admission_weight_g[row]],
        los_days: vec![stays.los_days[row]],
        department: stays.department.slice(rows.clone()),
        discharge_way: stays.discharge_way.slice(rows.clone()),
        med_type: stays.med_type.slice(rows.clone()),
        icu: vec![stays.icu[row]],
        icu_hours: vec![stays.icu_hours[row]],
        vent_hours: vec![stays.vent_hours[row]],
        diagnoses: stays.diagnoses.slice(rows.clone()),
        procedures: stays.procedures.slice(rows),
    }
}

/// Appends what a claim of another batch states beside its codes.
fn push_facts(to: &mut Stays, from: &Stays, row: usize) {
    to.setl_id.push(from.setl_id.get(row));
    to.sex.push(from.sex[row]);
    to.age_years.push(from.age_years[row]);
    to.age_days.push(from.age_days[row]);
    to.birth_weight_g.push(from.birth_weight_g[row]);
    to.admission_weight_g.push(from.admission_weight_g[row]);
    to.los_days.push(from.los_days[row]);
    to.department.push(from.department.get(row));
    to.discharge_way.push(from.discharge_way.get(row));
    to.med_type.push(from.med_type.get(row));
    to.icu.push(from.icu[row]);
    to.icu_hours.push(from.icu_hours[row]);
    to.vent_hours.push(from.vent_hours[row]);
}
