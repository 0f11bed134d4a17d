//! Coefficients of levels and institutions (等级系数, 机构系数), out of the cases left after trimming.

use std::collections::BTreeMap;

use super::plan::{ByGroup, Clamp, Combine, InstitutionCoefficient, Otherwise, Plan, Years};
use super::ratio::Ratio;
use super::sample::{Case, Sample};
use super::sums::{Sum, by_year, total};

/// A level's coefficients, in ten-thousandths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelResult {
    pub level: String,
    pub cases: i64,
    /// Over all groups: cost ÷ what the same cases cost at the mean of their group and year.
    pub overall_e4: Option<i64>,
    /// By group, in the order of groups; empty without [`super::plan::LevelCoefficient::by_group`].
    pub by_group_e4: Vec<Option<i64>>,
}

/// An institution's coefficients, in ten-thousandths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionResult {
    pub institution: String,
    pub level: String,
    pub cases: i64,
    /// Its own figure over all groups, before blend and clamp.
    pub own_e4: Option<i64>,
    pub coefficient_e4: Option<i64>,
    /// Too few cases: the level's stands.
    pub too_few: bool,
    /// The groups it has a coefficient in: number of the group, coefficient.
    pub by_group_e4: Vec<(u16, i64)>,
}

/// Sums by year.
type ByYear = Vec<Sum>;

/// What all coefficients are measured against.
pub struct Measured<'a> {
    sample: &'a Sample,
    years: &'a Years,
    kept: &'a [Case],
    groups: BTreeMap<u16, ByYear>,
}

impl<'a> Measured<'a> {
    #[must_use]
    pub fn new(sample: &'a Sample, kept: &'a [Case], plan: &'a Plan) -> Measured<'a> {
        Measured { sample, years: &plan.years, kept, groups: by_year(kept, sample.years.len(), |case| case.group) }
    }

    /// The coefficients of every level. Without a rule: unclamped and over all groups.
    #[must_use]
    pub fn levels(&self, plan: &Plan) -> Vec<LevelResult> {
        let clamp = plan.level.as_ref().map(|rule| rule.clamp).unwrap_or_default();
        let by_group = plan.level.as_ref().and_then(|rule| rule.by_group);
        let cells = by_year(self.kept, self.sample.years.len(), |case| (case.level, case.group));
        let level = |(at, name): (usize, &String)| {
            let at = at as u16;
            let own = of_key(&cells, at);
            let overall = self.overall(&own);
            let overall_e4 = overall.as_ref().and_then(|ratio| clamped(ratio, clamp).half_up(4));
            let groups = 0..self.sample.groups.len() as u16;
            let by_group_e4 = match by_group {
                None => Vec::new(),
                Some(rule) => {
                    groups.map(|group| self.in_group(group, own.get(&group), rule, overall.as_ref(), clamp)).collect()
                }
            };
            LevelResult { level: name.clone(), cases: cases(&own), overall_e4, by_group_e4 }
        };
        self.sample.levels.iter().enumerate().map(level).collect()
    }

    /// The coefficients of every institution.
    #[must_use]
    pub fn institutions(&self, rule: &InstitutionCoefficient, levels: &[LevelResult]) -> Vec<InstitutionResult> {
        let cells = by_year(self.kept, self.sample.years.len(), |case| (case.institution, case.group));
        let institution = |(at, name): (usize, &String)| {
            let own = of_key(&cells, at as u32);
            let level = &levels[usize::from(self.sample.level_of[at])];
            let overall = self.overall(&own);
            let too_few = cases(&own) < rule.min_cases.max(1);
            let level_ratio = level.overall_e4.map(|units| Ratio::scaled(units, 4));
            let blend = match (&overall, &level_ratio) {
                (Some(own), Some(level)) if !too_few => {
                    let share = Ratio::scaled(rule.own_share_e6, 6);
                    Some(&(&share * own) + &(&(&Ratio::one() - &share) * level))
                }
                _ => level_ratio,
            };
            let by_group_e4 = match rule.by_group {
                None => Vec::new(),
                Some(by_group) => (own.iter())
                    .filter_map(|(&group, sums)| {
                        let found = self.in_group(group, Some(sums), by_group, overall.as_ref(), rule.clamp);
                        Some((group, found?))
                    })
                    .collect(),
            };
            InstitutionResult {
                institution: name.clone(),
                level: level.level.clone(),
                cases: cases(&own),
                own_e4: overall.and_then(|ratio| ratio.half_up(4)),
                coefficient_e4: blend.and_then(|ratio| clamped(&ratio, rule.clamp).half_up(4)),
                too_few,
                by_group_e4,
            }
        };
        self.sample.institutions.iter().enumerate().map(institution).collect()
    }

    /// Cost ÷ Σ cases × mean cost of their group and year (in fen, as published), years by their shares.
    fn overall(&self, own: &BTreeMap<u16, ByYear>) -> Option<Ratio> {
        let (mut cost, mut expected) = (0i128, 0i128);
        for (group, sums) in own {
            for ((sum, all), &share) in sums.iter().zip(&self.groups[group]).zip(self.years.shares.values()) {
                if let Some(mean) = all.mean_fen() {
                    cost += i128::from(share) * sum.cost_fen;
                    expected += i128::from(share) * i128::from(sum.cases) * i128::from(mean);
                }
            }
        }
        Ratio::new(cost, expected)
    }

    /// The coefficient in one group.
    fn in_group(
        &self,
        group: u16,
        own: Option<&ByYear>,
        rule: ByGroup,
        overall: Option<&Ratio>,
        clamp: Clamp,
    ) -> Option<i64> {
        let enough = own.filter(|sums| total(*sums).cases >= rule.min_cases.max(1));
        let ratio = match (enough, rule.otherwise) {
            (Some(own), _) => self.relative(own, &self.groups[&group]),
            (None, Otherwise::Overall) => overall.cloned(),
            (None, Otherwise::One) => Some(Ratio::one()),
            (None, Otherwise::Blank) => None,
        };
        clamped(&ratio?, clamp).half_up(4)
    }

    /// Own mean ÷ mean of all, over the years in which there are own cases.
    fn relative(&self, own: &[Sum], all: &[Sum]) -> Option<Ratio> {
        let (mut above, mut below) = (Ratio::zero(), Ratio::zero());
        for ((own, all), &share) in own.iter().zip(all).zip(self.years.shares.values()) {
            let (Some(own_mean), Some(all_mean)) = (own.mean(), all.mean()) else { continue };
            let count = |number: &Ratio, times: i64| number * &(&Ratio::whole(share) * &Ratio::whole(times));
            let (a, b) = match self.years.combine {
                Combine::Means => (count(&own_mean, 1), count(&all_mean, 1)),
                Combine::Cases => (count(&own_mean, own.cases), count(&all_mean, own.cases)),
                Combine::Ratios => (count(&own_mean.over(&all_mean)?, 1), count(&Ratio::one(), 1)),
            };
            (above, below) = (&above + &a, &below + &b);
        }
        above.over(&below)
    }
}

fn of_key<K: Ord + Copy>(cells: &BTreeMap<(K, u16), ByYear>, key: K) -> BTreeMap<u16, ByYear> {
    cells.range((key, 0)..=(key, u16::MAX)).map(|(&(_, group), sums)| (group, sums.clone())).collect()
}

fn cases(own: &BTreeMap<u16, ByYear>) -> i64 {
    own.values().flatten().map(|sum| sum.cases).sum()
}

fn clamped(ratio: &Ratio, clamp: Clamp) -> Ratio {
    let end = |units: Option<i64>| units.map(|units| Ratio::scaled(units, 6));
    let raised = end(clamp.low_e6).filter(|low| low > ratio).unwrap_or_else(|| ratio.clone());
    end(clamp.high_e6).filter(|high| *high < raised).unwrap_or(raised)
}
