//! A compiled policy under other readings of its switches, and what each reading would come to.

use rayon::prelude::*;

use super::compile::unknown_reading;
use super::engine::run;
use super::facts::Inputs;
use super::model::Policy;
use super::outcome::{Note, Prior};
use super::switches::{self, NotSet};
use crate::money::Fen;
use crate::problem::catalogue::awards as a;
use crate::problem::{Problem, Problems};
use crate::text::closest;

/// A switch as a policy reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    pub switch: String,
    /// The rule whose own reading this is; empty: the pack's.
    pub rule: String,
    pub question: Note,
    pub reading: String,
    pub meaning: Note,
    /// The first of the readings.
    pub default: String,
    /// Every reading with its meaning, the default first.
    pub readings: Vec<(String, Note)>,
}

/// What a run would come to under another reading of one switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    pub switch: String,
    pub reading: String,
    pub meaning: Note,
    /// Σ of all lines of the run, or what the reading needs and the inputs lack.
    pub total: Result<Fen, Problems>,
}

impl Policy {
    /// The policy under other readings: `("tiers", "highest")` for all rules but those that state their own reading,
    /// `("A13.joint_winners", "equal")` for one rule. Cheap: nothing is compiled again.
    ///
    /// # Errors
    /// Switches, readings and rules that do not exist, all of them.
    pub fn with_switches<'s>(
        &self,
        readings: impl IntoIterator<Item = (&'s str, &'s str)>,
    ) -> Result<Policy, Problems> {
        let mut policy = self.clone();
        let mut problems = Problems::new();
        for (name, reading) in readings {
            if let Err(problem) = policy.put(name, reading) {
                problems.push(problem);
            }
        }
        problems.or(policy).map(|(policy, _)| policy)
    }

    fn put(&mut self, name: &str, reading: &str) -> Result<(), Problem> {
        if let Some((rule, switch)) = name.split_once('.') {
            return self.put_in_rule(rule, switch, reading);
        }
        if let Some(declared) = self.declared.get_mut(name) {
            let known: Vec<&str> = declared.readings.iter().map(|(known, _)| known.as_str()).collect();
            if !known.contains(&reading) {
                return Err(unknown_reading(name, reading, &known));
            }
            reading.clone_into(&mut declared.value);
            return Ok(());
        }
        self.switches.set(name, reading).map_err(|error| self.not_set(name, reading, error))?;
        let rules = self.rules.iter_mut().map(|rule| (&mut rule.switches, &rule.own));
        let second = self.second.iter_mut().map(|second| (&mut second.switches, &second.own));
        for (switches, _) in rules.chain(second).filter(|(_, own)| !own.contains(name)) {
            switches.set(name, reading).expect("Invariant: the pack's own switches took the reading");
        }
        Ok(())
    }

    fn put_in_rule(&mut self, rule: &str, switch: &str, reading: &str) -> Result<(), Problem> {
        let rules = self.rules.iter_mut().map(|r| (r.id.as_str(), &mut r.switches, &mut r.own));
        let second = self.second.iter_mut().map(|s| (s.id.as_str(), &mut s.switches, &mut s.own));
        let Some((_, switches, own)) = rules.chain(second).find(|(id, ..)| *id == rule) else {
            let ids = self.rules.iter().map(|r| r.id.as_str()).chain(self.second.iter().map(|s| s.id.as_str()));
            let near = closest(rule, ids).unwrap_or("-");
            return Err(Problem::new(&a::NO_SUCH_RULE).with("rule", rule).with("closest", near));
        };
        match switches.set(switch, reading) {
            Ok(()) => {
                own.insert(switch.to_owned());
                Ok(())
            }
            Err(error) => Err(self.not_set(switch, reading, error)),
        }
    }

    fn not_set(&self, name: &str, reading: &str, error: NotSet) -> Problem {
        let engine = switches::ALL.iter().find(|switch| switch.name == name);
        match (error, engine) {
            (NotSet::NoSuchReading, Some(switch)) => {
                let known: Vec<&str> = switch.readings.iter().map(|reading| reading.name).collect();
                unknown_reading(name, reading, &known)
            }
            _ => {
                let known = switches::ALL.iter().map(|switch| switch.name);
                let near = closest(name, known.chain(self.declared.keys().map(String::as_str))).unwrap_or("-");
                Problem::new(&a::UNKNOWN_SWITCH).with("switch", name).with("closest", near)
            }
        }
    }

    /// Every switch with the reading in force: those that the pack declares, those of the engine, then the readings
    /// that single rules state by themselves.
    #[must_use]
    pub fn in_force(&self) -> Vec<InForce> {
        let both = |text: &str| Note { zh: text.to_owned(), en: text.to_owned() };
        let mut all = Vec::new();
        for (name, declared) in &self.declared {
            let readings: Vec<(String, Note)> =
                declared.readings.iter().map(|(name, text)| (name.clone(), both(text))).collect();
            all.extend(in_force(name, "", both(&declared.title), &declared.value, readings));
        }
        let rules = self.rules.iter().map(|rule| (rule.id.as_str(), &rule.switches, &rule.own));
        let second = self.second.iter().map(|second| (second.id.as_str(), &second.switches, &second.own));
        let owners: Vec<_> = rules.chain(second).collect();
        for switch in switches::ALL {
            let readings: Vec<(String, Note)> = switch
                .readings
                .iter()
                .map(|r| (r.name.to_owned(), Note { zh: r.zh.to_owned(), en: r.en.to_owned() }))
                .collect();
            let question = || Note { zh: switch.zh.to_owned(), en: switch.en.to_owned() };
            let pack = self.switches.get(switch.name).unwrap_or_default();
            all.extend(in_force(switch.name, "", question(), pack, readings.clone()));
            for (rule, switches, _) in owners.iter().filter(|(_, _, own)| own.contains(switch.name)) {
                let reading = switches.get(switch.name).unwrap_or_default();
                all.extend(in_force(switch.name, rule, question(), reading, readings.clone()));
            }
        }
        all
    }
}

fn in_force(switch: &str, rule: &str, question: Note, reading: &str, readings: Vec<(String, Note)>) -> Option<InForce> {
    let (default, _) = readings.first()?.clone();
    let (_, meaning) = readings.iter().find(|(name, _)| name == reading)?.clone();
    let (switch, rule, reading) = (switch.to_owned(), rule.to_owned(), reading.to_owned());
    Some(InForce { switch, rule, question, reading, meaning, default, readings })
}

/// Runs the policy once more under every other reading of each of the pack's switches, one at a time.
#[must_use]
pub fn alternatives(policy: &Policy, inputs: &Inputs, prior: &Prior) -> Vec<Alternative> {
    let switches = policy.in_force().into_iter().filter(|switch| switch.rule.is_empty());
    let others = switches.flat_map(|switch| {
        let InForce { switch, reading, readings, .. } = switch;
        let others = readings.into_iter().filter(move |(other, _)| *other != reading);
        others.map(move |(reading, meaning)| (switch.clone(), reading, meaning))
    });
    let others: Vec<(String, String, Note)> = others.collect();
    let total = |switch: &str, reading: &str| {
        let other = policy.with_switches([(switch, reading)])?;
        let outcome = run(&other, inputs, prior)?;
        let sum = Fen::sum(outcome.lines.iter().map(|line| line.amount));
        sum.ok_or_else(|| Problem::new(&a::TOO_LARGE).into())
    };
    let of = |(switch, reading, meaning): (String, String, Note)| {
        let total = total(&switch, &reading);
        Alternative { switch, reading, meaning, total }
    };
    others.into_par_iter().map(of).collect()
}
