//! Tier tables, preconditions, funding, phases and caps of a rule.

use rust_decimal::Decimal;

use super::{Compiling, decimal};
use crate::awards::model::{Amount, Band, Cap, Funding, Level, Phase, Precondition, Tier, Trigger};
use crate::policy::RuleNo;
use crate::policy::fiscal::{Requirement, Terms, TierRow};
use crate::problem::Problem;
use crate::problem::catalogue::awards as a;
use crate::text::closest;

impl Compiling<'_> {
    pub(super) fn known_achievement(&mut self, number: RuleNo, code: &str) {
        if !self.achievements.iter().any(|known| known.code == code) {
            let near = closest(code, self.achievements.iter().map(|known| known.code.as_str())).unwrap_or("-");
            let problem = Problem::new(&a::UNKNOWN_ACHIEVEMENT).with("achievement", code).with("closest", near);
            self.tell(number, problem);
        }
    }

    pub(super) fn tiers(&mut self, number: RuleNo, trigger: &Trigger, terms: &Terms<'_>) -> Vec<Tier> {
        let rows = match (terms.yuan, terms.tiers) {
            (Some(yuan), None) => {
                let amount = Amount::Fixed(yuan.0);
                return vec![Tier { grades: Vec::new(), ranks: None, amount, when: None }];
            }
            (None, Some(rows)) if !rows.is_empty() => rows,
            _ => {
                self.tell(number, Problem::new(&a::ONE_OF_KEYS).with("keys", "yuan | tiers"));
                return Vec::new();
            }
        };
        rows.iter().filter_map(|row| self.tier(number, trigger, row)).collect()
    }

    fn tier(&mut self, number: RuleNo, trigger: &Trigger, row: &TierRow) -> Option<Tier> {
        let amounts = [
            row.yuan.map(|yuan| Amount::Fixed(yuan.0)),
            row.per_unit.map(|yuan| Amount::PerUnit(yuan.0)),
            row.each.map(|each| Amount::Steps {
                from: decimal(row.from.map_or(0, |from| from.0)),
                step: decimal(row.step.map_or(1_000_000, |step| step.0)),
                each: each.0,
            }),
            row.matching.map(|share| Amount::Matching { rate: decimal(share.0) }),
            row.coefficient_base.map(|base| Amount::Coefficient { base: base.0 }),
            row.bands.as_ref().map(|bands| Amount::Bands(bands.iter().map(band).collect())),
        ];
        let mut given: Vec<Amount> = amounts.into_iter().flatten().collect();
        let steps_fit = row.each.is_some() || (row.step.is_none() && row.from.is_none());
        let step_fits = row.step.is_none_or(|step| step.0 > 0);
        let (Some(amount), true, true, true) = (given.pop(), given.is_empty(), steps_fit, step_fits) else {
            let keys = "yuan | per_unit | each + step > 0 (+ from) | matching | coefficient_base | bands";
            self.tell(number, Problem::new(&a::ONE_OF_KEYS).with("keys", keys));
            return None;
        };
        if let Amount::Bands(bands) = &amount
            && !bands.windows(2).all(|pair| pair[0].to.is_some_and(|to| to <= pair[1].from))
        {
            self.tell(number, Problem::new(&a::BANDS_OVERLAP));
        }
        let grades = row.grades.clone().unwrap_or_default();
        if let Trigger::Event { achievement } = trigger
            && let Some(known) = self.achievements.iter().find(|known| known.code == *achievement)
            && let Some(odd) = grades.iter().find(|grade| !known.grades.contains(grade))
        {
            let near = closest(odd, known.grades.iter().map(String::as_str)).unwrap_or("-");
            let problem = Problem::new(&a::UNKNOWN_GRADE).with("grade", odd).with("achievement", &known.name);
            let problem = problem.with("closest", near);
            self.tell(number, problem);
        }
        let rank = |rank: i64| u32::try_from(rank).unwrap_or(1);
        let ranks = match (row.from_rank, row.to_rank) {
            (None, None) => None,
            (from, to) => Some((from.map_or(1, |from| rank(from.0)), to.map_or(u32::MAX, |to| rank(to.0)))),
        };
        Some(Tier { grades, ranks, amount, when: row.when.as_deref().and_then(|when| self.when(number, when)) })
    }

    pub(super) fn preconditions(&mut self, number: RuleNo, terms: &Terms<'_>) -> Vec<Precondition> {
        let mut conditions = Vec::new();
        if terms.public {
            conditions.push(Precondition::Public);
        }
        for row in terms.requires.iter().flatten() {
            let Requirement { achievement, grade, indicator, test, threshold } = row;
            match (achievement, indicator, threshold) {
                (Some(achievement), None, None) => {
                    self.known_achievement(number, achievement);
                    conditions.push(Precondition::Holds { achievement: achievement.clone(), grade: grade.clone() });
                }
                (None, Some(indicator), Some(threshold)) => conditions.push(Precondition::Indicator {
                    indicator: indicator.clone(),
                    test: *test,
                    threshold: decimal(threshold.0),
                }),
                _ => {
                    let keys = "achievement | indicator + threshold";
                    self.tell(number, Problem::new(&a::ONE_OF_KEYS).with("keys", keys));
                }
            }
        }
        conditions
    }

    pub(super) fn funding(&mut self, number: RuleNo, terms: &Terms<'_>) -> Funding {
        let mut funding = Funding::default();
        for (of, shares) in terms.funding.iter().flatten() {
            let Some(of) = self.level(number, of) else { continue };
            let shares: Vec<(Level, Decimal)> = shares
                .iter()
                .filter_map(|(level, share)| Some((self.level(number, level)?, decimal(share.0))))
                .collect();
            self.whole(number, "funding", shares.iter().map(|(_, share)| *share));
            if let Some((level, _)) = shares.iter().find(|(level, _)| *level > of) {
                let problem = Problem::new(&a::LEVEL_BELOW).with("level", level.chinese()).with("of", of.chinese());
                self.tell(number, problem);
            }
            let mut shares = shares;
            shares.sort_by_key(|(level, _)| *level);
            funding.by_level.insert(of, shares);
        }
        funding
    }

    fn level(&mut self, number: RuleNo, word: &str) -> Option<Level> {
        let found = Level::ALL.into_iter().find(|level| level.code() == word);
        if found.is_none() {
            let near = closest(word, Level::ALL.map(Level::code)).unwrap_or("-");
            self.tell(number, Problem::new(&a::UNKNOWN_LEVEL).with("level", word).with("closest", near));
        }
        found
    }

    pub(super) fn phases(&mut self, number: RuleNo, terms: &Terms<'_>) -> Vec<Phase> {
        let rows = terms.phases.iter().flatten().map(|row| Phase {
            share: decimal(row.share.0),
            after_months: u32::try_from(row.after_months.0).unwrap_or(0),
            needs_review: row.review,
        });
        let phases: Vec<Phase> = rows.collect();
        if phases.is_empty() {
            return vec![Phase { share: Decimal::ONE, after_months: 0, needs_review: false }];
        }
        self.whole(number, "phases", phases.iter().map(|phase| phase.share));
        phases
    }

    fn whole(&mut self, number: RuleNo, what: &str, shares: impl Iterator<Item = Decimal>) {
        let sum: Decimal = shares.sum();
        if sum != Decimal::ONE {
            self.tell(number, Problem::new(&a::SHARES_NOT_WHOLE).with("what", what).with("sum", sum.normalize()));
        }
    }

    pub(super) fn caps(&mut self, number: RuleNo, terms: &Terms<'_>) -> Vec<Cap> {
        let mut caps = Vec::new();
        for row in terms.caps.iter().flatten() {
            let when = row.when.as_deref().and_then(|when| self.when(number, when));
            caps.push(Cap { scope: row.scope, limit: row.yuan.0, when });
        }
        caps
    }
}

fn band(row: &crate::policy::fiscal::Band) -> Band {
    Band { from: decimal(row.from.0), to: row.to.map(|to| decimal(to.0)), pays: row.yuan.0 }
}
