//! Which single code would change the group.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::claims::Stays;
use crate::grouper::compile::Grouper;
use crate::grouper::{Outcome, Status};
use crate::scheme::Level;
use crate::scheme::condition::{Atom, Codes, Kind};
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

struct Trial {
    change: Change,
    code: String,
    level: Option<&'static str>,
    diagnoses: Vec<String>,
    procedures: Vec<String>,
}

impl Grouper {
    /// Other groups one code away, nearest first: within the ADRG, within the MDC, elsewhere; each group once, by its
    /// simplest change.
    pub(super) fn nearest(&self, one: &Stays, outcome: u16) -> Vec<Neighbour> {
        let trials = self.trials(one);
        let mut variants = Stays::default();
        for trial in &trials {
            push_row(&mut variants, one, 0, &trial.diagnoses, &trial.procedures);
        }
        let own = &self.outcomes()[usize::from(outcome)];
        let results = self.group(&variants, false).outcomes;
        let mut ranked: Vec<_> = trials
            .into_iter()
            .zip(results)
            .enumerate()
            .filter(|(_, (_, result))| *result != outcome)
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
        ranked.sort_by_key(|(rank, ..)| *rank);
        let mut seen = BTreeSet::new();
        ranked.retain(|(_, _, result)| seen.insert(*result));
        let neighbours = ranked.into_iter().take(SHOWN).map(|(_, trial, result)| Neighbour {
            change: trial.change,
            code: trial.code,
            level: trial.level,
            outcome: self.outcomes()[usize::from(result)].clone(),
        });
        neighbours.collect()
    }

    fn trials(&self, one: &Stays) -> Vec<Trial> {
        let diagnoses: Vec<String> = one.diagnoses.get(0).map(str::to_owned).collect();
        let procedures: Vec<String> = one.procedures.get(0).map(str::to_owned).collect();
        let mut trials = Vec::new();
        let mut add = |change, code: &str, level, diagnoses: Vec<String>, procedures: Vec<String>| {
            trials.push(Trial { change, code: code.to_owned(), level, diagnoses, procedures });
        };
        for at in 1..diagnoses.len() {
            add(Change::Without, &diagnoses[at], None, without(&diagnoses, at), procedures.clone());
            add(Change::AsPrincipal, &diagnoses[at], None, leading(&diagnoses, at), procedures.clone());
        }
        for at in 0..procedures.len() {
            add(Change::Without, &procedures[at], None, diagnoses.clone(), without(&procedures, at));
            if at > 0 {
                add(Change::AsMain, &procedures[at], None, diagnoses.clone(), leading(&procedures, at));
            }
        }
        for (level, word) in [(Level::Mcc, "MCC"), (Level::Cc, "CC")] {
            if let Some(code) = self.unexcluded(&diagnoses, level) {
                let more = with_last(&diagnoses, &code);
                add(Change::WithDiagnosis, &code, Some(word), more, procedures.clone());
            }
        }
        for code in self.asked_procedures(&diagnoses) {
            add(Change::AsMain, &code, None, diagnoses.clone(), with_first(&procedures, &code));
            add(Change::WithProcedure, &code, None, diagnoses.clone(), with_last(&procedures, &code));
        }
        trials
    }

    /// The first CC or MCC of the scheme's table that the principal diagnosis does not exclude and the claim lacks.
    fn unexcluded(&self, diagnoses: &[String], level: Level) -> Option<String> {
        let principal = self.diagnoses.number_of(diagnoses.first()?);
        let free = self.definition.cc.iter().filter(|entry| entry.level == level && !diagnoses.contains(&entry.code));
        let mut free = free.filter(|entry| {
            let mut severities = self.diagnoses.severities(self.diagnoses.number_of(&entry.code));
            severities.all(|(_, group)| !self.excludes(principal, group))
        });
        free.next().map(|entry| entry.code.clone())
    }

    /// One procedure of each list that a rule of the principal diagnosis's MDCs asks for.
    fn asked_procedures(&self, diagnoses: &[String]) -> Vec<String> {
        let Some(principal) = diagnoses.first() else { return Vec::new() };
        let definition = &self.definition;
        let knows = |mdc: usize| definition.mdcs[mdc].lists.values().any(|codes| codes.contains(principal));
        let mdcs: Vec<bool> = (0..definition.mdcs.len()).map(knows).collect();
        let mut codes = BTreeSet::new();
        for rule in definition.rules.iter().filter(|rule| mdcs[rule.mdc]) {
            for atom in rule.condition.atoms() {
                let Atom::Codes(of, Codes::List(list)) = atom else { continue };
                if of.kind == Kind::Procedure {
                    codes.extend(definition.list(&rule.adrg, list).and_then(<[String]>::first).cloned());
                }
            }
        }
        codes.into_iter().collect()
    }
}

fn without(codes: &[String], at: usize) -> Vec<String> {
    codes.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, code)| code.clone()).collect()
}

fn leading(codes: &[String], at: usize) -> Vec<String> {
    with_first(&without(codes, at), &codes[at])
}

fn with_first(codes: &[String], code: &str) -> Vec<String> {
    std::iter::once(code.to_owned()).chain(codes.iter().cloned()).collect()
}

fn with_last(codes: &[String], code: &str) -> Vec<String> {
    codes.iter().cloned().chain([code.to_owned()]).collect()
}

/// A batch of one claim.
pub(super) fn one_row(stays: &Stays, row: usize) -> Stays {
    let texts = |list: &TextList| list.get(row).map(str::to_owned).collect::<Vec<_>>();
    let mut one = Stays::default();
    push_row(&mut one, stays, row, &texts(&stays.diagnoses), &texts(&stays.procedures));
    one
}

/// Appends a claim of another batch with other codes.
fn push_row(to: &mut Stays, from: &Stays, row: usize, diagnoses: &[String], procedures: &[String]) {
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
    to.diagnoses.push(diagnoses.iter().map(String::as_str));
    to.procedures.push(procedures.iter().map(String::as_str));
}
