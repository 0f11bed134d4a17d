//! The figures of each group before adjustment.

use std::collections::BTreeMap;

use super::centre::{YearCosts, centre, median};
use super::plan::{Centre, Combine, Few, Formula, Instead, Plan, PoolOf, Stability, Unit};
use super::ratio::Ratio;
use super::sample::{Case, Group, Sample};
use super::sums::{Sum, by_year, total};

/// The pool whose mean cost is weight 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// By year: cases and cost.
    pub years: Vec<(i64, i128)>,
    /// Mean cost of all years together, in fen.
    pub mean: Ratio,
}

/// What a weight comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    Mean,
    Median,
    CarriedOver,
    Adrg,
    /// There is no weight.
    Nothing,
}

/// A group's figures.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupWeight {
    pub group: Group,
    /// Cases left after trimming, by year.
    pub years: Vec<Sum>,
    /// Grouped cases before trimming, by year.
    pub before: Vec<i64>,
    pub mean_fen: Option<i64>,
    pub median_fen: Option<i64>,
    pub sd_fen: Option<i64>,
    /// Coefficient of variation, in ten-thousandths.
    pub cv_e4: Option<i64>,
    pub stable: bool,
    pub basis: Basis,
    /// The cost that the weight stands for before any adjustment, in fen.
    pub reference_fen: Option<i64>,
    /// Weight or base points as [`Formula::unit`] says, in ten-thousandths, before adjustment.
    pub measured_e4: Option<i64>,
    /// The same after adjustment: what is published.
    pub value_e4: Option<i64>,
    /// Last year's.
    pub previous_e4: Option<i64>,
}

impl GroupWeight {
    #[must_use]
    pub fn cases(&self) -> i64 {
        self.years.iter().map(|sum| sum.cases).sum()
    }

    /// The weight in ten-thousandths.
    #[must_use]
    pub fn weight_e4(&self, formula: &Formula) -> Option<i64> {
        let value = self.value_e4?;
        match formula.unit {
            Unit::Weight => Some(value),
            Unit::BasePoints => Ratio::new(value, formula.scale)?.half_up(0),
        }
    }

    /// The base points in ten-thousandths.
    #[must_use]
    pub fn base_points_e4(&self, formula: &Formula) -> Option<i64> {
        let value = self.value_e4?;
        match formula.unit {
            Unit::Weight => value.checked_mul(formula.scale),
            Unit::BasePoints => Some(value),
        }
    }
}

/// The pool of a sample: `grouped` before trimming, `kept` after.
pub fn pool(sample: &Sample, grouped: &[Case], kept: &[Case], plan: &Plan) -> Option<Pool> {
    let mut years = vec![(0i64, 0i128); sample.years.len()];
    if plan.formula.pool == PoolOf::All {
        years.clone_from(&sample.ungrouped);
    }
    let counted = if plan.formula.pool == PoolOf::Kept { kept } else { grouped };
    for case in counted {
        let (cases, fen) = &mut years[usize::from(case.year)];
        (*cases, *fen) = (*cases + 1, *fen + i128::from(case.cost_fen));
    }
    let as_group: Vec<YearCosts> = (years.iter())
        .map(|&(cases, cost_fen)| YearCosts { sum: Sum { cases, cost_fen, ..Sum::default() }, costs: Vec::new() })
        .collect();
    let combine = match plan.years.combine {
        Combine::Cases => Combine::Cases,
        Combine::Means | Combine::Ratios => Combine::Means,
    };
    let plain = super::plan::Years { combine, ..plan.years.clone() };
    let mean = centre(&as_group, &plain, Centre::Mean, &[]).filter(Ratio::is_positive)?;
    Some(Pool { years, mean })
}

/// The figures of all groups of the scheme, in the order of codes. `None` when a figure does not fit.
pub fn measure(sample: &Sample, grouped: &[Case], kept: &[Case], pool: &Pool, plan: &Plan) -> Option<Vec<GroupWeight>> {
    let years = sample.years.len();
    let before = by_year(grouped, years, |case| case.group);
    let costs = costs_by_group(kept, sample.groups.len(), years);
    let mut by_adrg: BTreeMap<&str, Vec<YearCosts>> = BTreeMap::new();
    for (group, own) in sample.groups.iter().zip(&costs) {
        let adrg = by_adrg.entry(&group.adrg).or_insert_with(|| vec![YearCosts::default(); years]);
        adrg.iter_mut().zip(own).for_each(|(all, one)| all.sum.merge(&one.sum));
    }
    let measure = Measure { plan, pool, pool_means: pool.years.iter().map(|&(n, sum)| Ratio::new(sum, n)).collect() };
    let of_group = |(at, group): (usize, &Group)| {
        let before =
            before.get(&(at as u16)).map_or_else(|| vec![0; years], |sums| sums.iter().map(|s| s.cases).collect());
        measure.group(group, &costs[at], &by_adrg[group.adrg.as_str()], before)
    };
    sample.groups.iter().enumerate().map(of_group).collect()
}

/// Sums and ascending costs by group and year.
fn costs_by_group(kept: &[Case], groups: usize, years: usize) -> Vec<Vec<YearCosts>> {
    let mut costs = vec![vec![YearCosts::default(); years]; groups];
    for case in kept {
        let cell = &mut costs[usize::from(case.group)][usize::from(case.year)];
        cell.sum.add(case.cost_fen, case.days);
        cell.costs.push(case.cost_fen);
    }
    costs.iter_mut().flatten().for_each(|cell| cell.costs.sort_unstable());
    costs
}

struct Measure<'a> {
    plan: &'a Plan,
    pool: &'a Pool,
    pool_means: Vec<Option<Ratio>>,
}

impl Measure<'_> {
    fn group(&self, group: &Group, own: &[YearCosts], adrg: &[YearCosts], before: Vec<i64>) -> Option<GroupWeight> {
        let sums: Vec<Sum> = own.iter().map(|year| year.sum).collect();
        let all = total(&sums);
        let spread = self.plan.formula.spread;
        let variance = all.variance(spread);
        let cv_squared = match (&variance, all.mean()) {
            (Some(variance), Some(mean)) => variance.over(&(&mean * &mean)),
            _ => None,
        };
        let stable = is_stable(all.cases, cv_squared.as_ref(), &self.plan.stability);
        let previous_e4 = self.plan.previous.as_ref().and_then(|table| table.get(&group.drg)).copied();
        let (basis, share) = self.share(own, adrg, stable, previous_e4);
        let measured_e4 = match (&share, basis) {
            (_, Basis::CarriedOver) => previous_e4,
            (Some(share), _) => Some(self.in_unit(share)?),
            (None, _) => None,
        };
        let mut merged: Vec<i64> = own.iter().flat_map(|year| year.costs.iter().copied()).collect();
        merged.sort_unstable();
        let fen = |ratio: Option<Ratio>| ratio.map(|ratio| ratio.half_up(0).ok_or(())).transpose().ok();
        Some(GroupWeight {
            group: group.clone(),
            years: sums,
            before,
            mean_fen: fen(self.relative(own, Centre::Mean).map(|share| &share * &self.pool.mean))?,
            median_fen: fen(median(&merged))?,
            sd_fen: variance.and_then(|variance| variance.root_half_up(0)),
            cv_e4: cv_squared.and_then(|squared| squared.root_half_up(4)),
            stable,
            basis,
            reference_fen: fen(share.map(|share| &share * &self.pool.mean))?,
            measured_e4,
            value_e4: measured_e4,
            previous_e4,
        })
    }

    /// The group's cost as a share of the pool mean, and what it comes from.
    fn share(
        &self,
        own: &[YearCosts],
        adrg: &[YearCosts],
        stable: bool,
        previous_e4: Option<i64>,
    ) -> (Basis, Option<Ratio>) {
        let Few { below, then } = &self.plan.few;
        let cases = |years: &[YearCosts]| years.iter().map(|year| year.sum.cases).sum::<i64>();
        let measured = || {
            let centre = if stable { Centre::Mean } else { self.plan.stability.unstable };
            let basis = if centre == Centre::Mean { Basis::Mean } else { Basis::Median };
            self.relative(own, centre).map(|share| (basis, Some(share)))
        };
        if cases(own) >= (*below).max(1) {
            return measured().unwrap_or((Basis::Nothing, None));
        }
        let instead = |instead: &Instead| match instead {
            Instead::CarryOver => previous_e4.map(|value| (Basis::CarriedOver, self.out_of_unit(value))),
            Instead::Adrg if cases(adrg) >= (*below).max(1) => {
                self.relative(adrg, Centre::Mean).map(|share| (Basis::Adrg, Some(share)))
            }
            Instead::Adrg => None,
            Instead::Own => measured(),
        };
        then.iter().find_map(instead).unwrap_or((Basis::Nothing, None))
    }

    /// Mean or median ÷ pool mean.
    fn relative(&self, costs: &[YearCosts], of: Centre) -> Option<Ratio> {
        let middle = centre(costs, &self.plan.years, of, &self.pool_means)?;
        match self.plan.years.combine {
            Combine::Ratios => Some(middle),
            Combine::Means | Combine::Cases => middle.over(&self.pool.mean),
        }
    }

    fn in_unit(&self, share: &Ratio) -> Option<i64> {
        match self.plan.formula.unit {
            Unit::Weight => share.half_up(4),
            Unit::BasePoints => (share * &Ratio::whole(self.plan.formula.scale)).half_up(4),
        }
    }

    fn out_of_unit(&self, value_e4: i64) -> Option<Ratio> {
        let value = Ratio::scaled(value_e4, 4);
        match self.plan.formula.unit {
            Unit::Weight => Some(value),
            Unit::BasePoints => value.over(&Ratio::whole(self.plan.formula.scale)),
        }
    }
}

/// Both tests hold; equality is stable. Without a CV (a single case) a group is not stable.
fn is_stable(cases: i64, cv_squared: Option<&Ratio>, stability: &Stability) -> bool {
    let most = Ratio::scaled(stability.max_cv_e6, 6);
    cases >= stability.min_cases && cv_squared.is_some_and(|squared| *squared <= &most * &most)
}
