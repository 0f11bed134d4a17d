//! Governments, achievements and switches of a pack.

use std::collections::BTreeMap;

use super::Compiling;
use crate::awards::model::{Achievement, Declared, PlaceInfo, When};
use crate::awards::switches::{self, NotSet, Switches};
use crate::policy::RuleNo;
use crate::policy::fiscal::{Achievements, FiscalPack, Switch, Treasuries};
use crate::problem::Problem;
use crate::problem::catalogue::awards as a;
use crate::text::closest;

pub(super) fn places(pack: &FiscalPack) -> Vec<PlaceInfo> {
    let rows = pack.book.treasury.iter().flat_map(|ruled| {
        let Treasuries::Places { places } = &ruled.value;
        &places.0
    });
    let place = |(row, _): &(crate::policy::fiscal::PlaceRow, _)| PlaceInfo {
        name: row.name.clone(),
        level: row.level,
        parent: row.parent.clone(),
    };
    rows.map(place).collect()
}

pub(super) fn achievements(pack: &FiscalPack) -> Vec<Achievement> {
    let rows = pack.book.achievement.iter().flat_map(|ruled| {
        let Achievements::List { list } = &ruled.value;
        &list.0
    });
    let achievement = |(row, _): &(crate::policy::fiscal::AchievementRow, _)| Achievement {
        code: row.code.clone(),
        name: row.name.clone(),
        grades: row.grades.clone().unwrap_or_default(),
    };
    rows.map(achievement).collect()
}

impl Compiling<'_> {
    pub(super) fn check_places(&mut self) {
        let Some(rule) = self.pack.book.treasury.first().map(|ruled| ruled.rule) else { return };
        for place in self.places.clone() {
            let above = place.parent.as_deref().map(|parent| self.places.iter().find(|other| other.name == parent));
            let fits = match above {
                None => true,
                Some(None) => false,
                Some(Some(parent)) => parent.level < place.level,
            };
            if !fits {
                let problem = Problem::new(&a::BAD_PARENT).with("place", &place.name);
                self.tell(rule, problem.with("parent", place.parent.unwrap_or_default()));
            }
        }
    }

    pub(super) fn read_switches(&mut self) {
        for ruled in &self.pack.book.switch {
            let name = self.name(ruled.rule);
            match &ruled.value {
                Switch::Reading { reading } => {
                    let mut switches = std::mem::take(&mut self.switches);
                    self.set(ruled.rule, &mut switches, &name, reading);
                    self.switches = switches;
                }
                Switch::Declared { title, readings, reading } => {
                    let readings: Vec<(String, String)> =
                        readings.0.iter().map(|(row, _)| (row.name.clone(), row.text.clone())).collect();
                    if !readings.iter().any(|(known, _)| known == reading) {
                        let known: Vec<&str> = readings.iter().map(|(known, _)| known.as_str()).collect();
                        self.tell(ruled.rule, unknown_reading(&name, reading, &known));
                    }
                    let declared = Declared { title: title.clone(), readings, value: reading.clone() };
                    self.declared.insert(name, declared);
                }
            }
        }
    }

    fn set(&mut self, rule: RuleNo, switches: &mut Switches, name: &str, reading: &str) {
        match switches.set(name, reading) {
            Ok(()) => {}
            Err(NotSet::NoSuchSwitch) => {
                let near = closest(name, switches::ALL.iter().map(|switch| switch.name)).unwrap_or("-");
                self.tell(rule, Problem::new(&a::UNKNOWN_SWITCH).with("switch", name).with("closest", near));
            }
            Err(NotSet::NoSuchReading) => {
                let switch = switches::ALL.iter().find(|switch| switch.name == name);
                let known: Vec<&str> = switch.iter().flat_map(|s| s.readings).map(|reading| reading.name).collect();
                self.tell(rule, unknown_reading(name, reading, &known));
            }
        }
    }

    pub(super) fn own_switches(&mut self, rule: RuleNo, own: Option<&BTreeMap<String, String>>) -> Switches {
        let mut switches = self.switches.clone();
        for (name, reading) in own.into_iter().flatten() {
            self.set(rule, &mut switches, name, reading);
        }
        switches
    }

    /// The condition `switch=reading` on a switch that the pack declares.
    pub(super) fn when(&mut self, number: RuleNo, text: &str) -> Option<When> {
        let (switch, reading) = text.split_once('=').map(|(name, reading)| (name.trim(), reading.trim()))?;
        let known = self.declared.get(switch).is_some_and(|d| d.readings.iter().any(|(name, _)| name == reading));
        if !known {
            let names: Vec<&str> = self.declared.keys().map(String::as_str).collect();
            let problem = Problem::new(&a::BAD_WHEN).with("when", text).with("known", names.join(", "));
            self.tell(number, problem);
            return None;
        }
        Some(When { switch: switch.to_owned(), reading: reading.to_owned() })
    }
}

pub(in crate::awards) fn unknown_reading(switch: &str, reading: &str, known: &[&str]) -> Problem {
    let near = closest(reading, known.iter().copied()).unwrap_or("-");
    let problem = Problem::new(&a::UNKNOWN_READING).with("switch", switch).with("reading", reading);
    problem.with("closest", near).with("known", known.join(", "))
}
