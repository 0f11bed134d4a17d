//! A pack of award rules → [`Policy`], with everything that does not fit together told at once.

mod head;
mod terms;

pub(super) use head::unknown_reading;

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::model::{
    Achievement, Citation, Clawback, Declared, GroupRank, PlaceInfo, Policy, Rule, SecondAward, Trigger,
};
use super::switches::Switches;
use crate::policy::fiscal::{AwardRule, FiscalPack, SecondAwardRule};
use crate::policy::{RuleNo, Share, Status};
use crate::problem::catalogue::awards as a;
use crate::problem::{Problem, Problems};

/// The award policy among the packs of fiscal money: exactly one must have award rules.
///
/// # Errors
/// No such pack, several, or one whose rules do not fit together.
pub fn compile(packs: &[FiscalPack]) -> Result<(Policy, Problems), Problems> {
    let with_awards: Vec<&FiscalPack> = packs.iter().filter(|pack| !pack.book.award.is_empty()).collect();
    match with_awards.as_slice() {
        [pack] => compile_pack(pack),
        [] => Err(Problem::new(&a::NO_AWARD_PACK).into()),
        several => {
            let known: Vec<&str> = several.iter().map(|pack| pack.header.id.as_str()).collect();
            Err(Problem::new(&a::SEVERAL_AWARD_PACKS).with("packs", known.join(", ")).into())
        }
    }
}

/// A pack being compiled, with the problems so far.
struct Compiling<'p> {
    pack: &'p FiscalPack,
    problems: Problems,
    places: Vec<PlaceInfo>,
    achievements: Vec<Achievement>,
    switches: Switches,
    declared: BTreeMap<String, Declared>,
}

fn compile_pack(pack: &FiscalPack) -> Result<(Policy, Problems), Problems> {
    let mut compiling = Compiling {
        pack,
        problems: Problems::new(),
        places: head::places(pack),
        achievements: head::achievements(pack),
        switches: Switches::default(),
        declared: BTreeMap::new(),
    };
    compiling.check_places();
    compiling.read_switches();
    let rules: Vec<Rule> =
        pack.book.award.iter().filter_map(|ruled| compiling.rule(ruled.rule, &ruled.value)).collect();
    let second = pack.book.second_award.first().map(|ruled| compiling.second(ruled.rule, &ruled.value));
    let Compiling { problems, places, achievements, switches, declared, .. } = compiling;
    let told = |rule: &crate::policy::RuleRef| Some(format!("{}：{}", rule.name, rule.placeholder.as_deref()?));
    let policy = Policy {
        id: pack.header.id.clone(),
        title: pack.header.title.clone(),
        simulation: pack.header.status == Status::Draft,
        from: pack.header.valid_from.unwrap_or(chrono::NaiveDate::MIN),
        to: pack.header.valid_to,
        places,
        achievements,
        rules: in_order(rules),
        second,
        switches,
        declared,
        placeholders: pack.rules.iter().filter_map(told).collect(),
    };
    problems.or(policy)
}

/// Rules in the order of their names, A2 before A10.
fn in_order(mut rules: Vec<Rule>) -> Vec<Rule> {
    rules.sort_by_key(|rule| {
        let letters = rule.id.trim_end_matches(|c: char| c.is_ascii_digit());
        let number: u64 = rule.id[letters.len()..].parse().unwrap_or(0);
        (letters.to_owned(), number, rule.id.clone())
    });
    rules
}

/// A share or factor in millionths as a decimal.
fn decimal(millionths: i64) -> Decimal {
    Decimal::new(millionths, 6).normalize()
}

impl Compiling<'_> {
    fn name(&self, rule: RuleNo) -> String {
        self.pack.rule(rule).name.clone()
    }

    fn tell(&mut self, rule: RuleNo, problem: Problem) {
        let reference = self.pack.rule(rule);
        let place = problem.file(reference.pack.as_str()).rule(format!("rules.{}", reference.name));
        self.problems.push(place);
    }

    fn citation(&self, rule: RuleNo) -> Citation {
        let reference = self.pack.rule(rule);
        match &reference.citation {
            Some(citation) => {
                let number = citation.number.as_deref().map(|number| format!("（{number}）")).unwrap_or_default();
                Citation { document: format!("《{}》{number}", citation.document), article: citation.article.clone() }
            }
            None => Citation {
                document: "无文件依据".to_owned(),
                article: reference.placeholder.clone().unwrap_or_default(),
            },
        }
    }

    fn rule(&mut self, number: RuleNo, rule: &AwardRule) -> Option<Rule> {
        let before = self.problems.0.len();
        let terms = rule.terms();
        let trigger = self.trigger(number, rule);
        let tiers = self.tiers(number, &trigger, &terms);
        let preconditions = self.preconditions(number, &terms);
        let funding = self.funding(number, &terms);
        let caps = self.caps(number, &terms);
        let compiled = Rule {
            id: self.name(number),
            title: terms.title.to_owned(),
            citation: self.citation(number),
            trigger,
            subject: terms.subject,
            tiers,
            once_per: terms.once_per,
            history: terms.history,
            group: terms.group.map(|group| GroupRank {
                group: group.to_owned(),
                rank: u32::try_from(terms.rank).unwrap_or(1),
                steps: terms.steps,
            }),
            preconditions,
            funding,
            caps,
            phases: self.phases(number, &terms),
            decay: terms.decay.iter().flatten().map(|share| decimal(share.0)).collect(),
            deadline_days: terms.deadline_days.and_then(|days| u32::try_from(days).ok()),
            clawback: Clawback {
                years: terms.clawback_years.and_then(|years| u32::try_from(years).ok()),
                part: terms.clawback_part,
            },
            switches: self.own_switches(number, terms.switches.as_ref()),
            own: names(terms.switches.as_ref()),
        };
        (self.problems.0.len() == before).then_some(compiled)
    }

    fn trigger(&mut self, number: RuleNo, rule: &AwardRule) -> Trigger {
        match rule {
            AwardRule::Event { achievement, .. } => {
                self.known_achievement(number, achievement);
                Trigger::Event { achievement: achievement.clone() }
            }
            AwardRule::Indicator { indicator, change, test, threshold, .. } => Trigger::Indicator {
                indicator: indicator.clone(),
                change: *change,
                test: *test,
                threshold: decimal(threshold.0),
            },
            AwardRule::Ranking { indicator, top, highest_first, ties, .. } => Trigger::Ranking {
                indicator: indicator.clone(),
                top: u32::try_from(top.0).unwrap_or(1),
                highest_first: *highest_first,
                ties: *ties,
            },
        }
    }

    fn second(&mut self, number: RuleNo, rule: &SecondAwardRule) -> SecondAward {
        let SecondAwardRule::PaymentsReceived { title, rate, threshold, gate_level, pays_level, shares, switches } =
            rule;
        let share = |share: Share| decimal(share.0);
        SecondAward {
            id: self.name(number),
            title: title.clone(),
            citation: self.citation(number),
            rate: share(*rate),
            threshold: share(*threshold),
            gate_level: *gate_level,
            pays_level: *pays_level,
            shares: shares.as_ref().map(|s| [share(s.place), share(s.institution), share(s.person)]),
            switches: self.own_switches(number, switches.as_ref()),
            own: names(switches.as_ref()),
        }
    }
}

fn names(own: Option<&BTreeMap<String, String>>) -> BTreeSet<String> {
    own.into_iter().flatten().map(|(name, _)| name.clone()).collect()
}
