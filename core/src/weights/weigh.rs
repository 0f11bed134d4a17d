//! From claims to weights: the steps in their one order.
//!
//! 1. year of the claim
//! 2. exclusions
//! 3. group
//! 4. trimming: the only step that, in logarithms, touches floats
//! 5. pool mean
//! 6. figures of each group, with what stands in for too few cases
//! 7. adjustment
//! 8. coefficients and benchmarks

use super::adjust::{Adjusted, Balance, adjust};
use super::benchmark::{Benchmark, benchmarks};
use super::coefficients::{InstitutionResult, LevelResult, Measured};
use super::groups::{GroupWeight, Pool, measure, pool};
use super::plan::{Instead, Plan};
use super::sample::{LeftOut, Sample};
use super::sums::{by_year, riv, total};
use super::trim::trim;
use crate::claims::Claims;
use crate::grouper::{Grouped, Outcome};
use crate::problem::catalogue::weights as w;
use crate::problem::{Problem, Problems};

/// Weights and all that led to them.
#[derive(Clone, Debug)]
pub struct Weighed {
    /// Every group of the scheme, in the order of codes.
    pub groups: Vec<GroupWeight>,
    pub years: Vec<i32>,
    pub pool: Pool,
    /// Share of variance that grouping explains, in ten-thousandths.
    pub riv_e4: Option<i64>,
    /// Claims that are no part of the data, in the order of `setl_id`.
    pub left_out: Vec<LeftOut>,
    pub claims: u64,
    pub kept: u64,
    pub adjusted: Vec<Adjusted>,
    pub balance: Option<Balance>,
    pub levels: Vec<LevelResult>,
    pub institutions: Vec<InstitutionResult>,
    pub benchmarks: Vec<Benchmark>,
}

/// Makes weights of claims that were grouped with the scheme of `outcomes`. The order of claims changes nothing.
pub fn weigh(
    claims: &Claims,
    grouped: &Grouped,
    outcomes: &[Outcome],
    plan: &Plan,
) -> Result<(Weighed, Problems), Problems> {
    if plan.previous.is_none() && plan.few.then.contains(&Instead::CarryOver) {
        return Err(Problem::new(&w::NO_PREVIOUS).into());
    }
    let mut sample = Sample::take(claims, grouped, outcomes, plan)?;
    let before = std::mem::take(&mut sample.cases);
    let mut kept = before.clone();
    let mut left_out = std::mem::take(&mut sample.left_out);
    left_out.extend(trim(&mut kept, &plan.trims));
    left_out.sort_by(|a, b| order(claims, a).cmp(&order(claims, b)));
    assert_eq!(kept.len() + left_out.len(), claims.len(), "Invariant: a claim is either weighed or left out");
    check_years(&sample, &kept, claims)?;
    let overflow = |what: &'static str| move || Problems::from(Problem::new(&w::OVERFLOW).with("what", what));
    let pool = pool(&sample, &before, &kept, plan).ok_or_else(overflow("M"))?;
    let mut groups = measure(&sample, &before, &kept, &pool, plan).ok_or_else(overflow("RW"))?;
    let sums: Vec<_> = groups.iter().map(|group| total(&group.years)).filter(|sum| sum.cases > 0).collect();
    let mut warnings = Problems::new();
    let (mut adjusted, mut balance) = (Vec::new(), None);
    if let Some(adjustment) = &plan.adjustment {
        let (log, sums) = adjust(&mut groups, adjustment)?;
        warnings.0.extend(residue(&sums, adjustment.keep));
        (adjusted, balance) = (log, Some(sums));
    }
    let measured = Measured::new(&sample, &kept, plan);
    let levels = measured.levels(plan);
    let institutions = plan.institution.as_ref().map_or_else(Vec::new, |rule| measured.institutions(rule, &levels));
    let cells = by_year(&before, sample.years.len(), |case| (case.institution, case.group));
    let cells = cells.into_iter().map(|(key, years)| (key, total(&years))).collect();
    let weights: Vec<Option<i64>> = groups.iter().map(|group| group.weight_e4(&plan.formula)).collect();
    let weighed = Weighed {
        benchmarks: benchmarks(&cells, &sample.institutions, &weights),
        riv_e4: riv(&sums).and_then(|riv| riv.half_up(4)),
        claims: claims.len() as u64,
        kept: kept.len() as u64,
        years: sample.years,
        groups,
        pool,
        left_out,
        adjusted,
        balance,
        levels,
        institutions,
    };
    Ok((weighed, warnings))
}

/// By `setl_id`; rows with the same one, which the reader refuses, in their order.
fn order<'a>(claims: &'a Claims, left_out: &LeftOut) -> (&'a [u8], u32) {
    (claims.stays.setl_id.bytes(left_out.row as usize), left_out.row)
}

/// Every year that counts needs cases.
fn check_years(sample: &Sample, kept: &[super::Case], claims: &Claims) -> Result<(), Problems> {
    if kept.is_empty() {
        return Err(Problem::new(&w::NO_CASES).with("claims", claims.len()).into());
    }
    let empty =
        sample.years.iter().enumerate().filter(|(at, _)| !kept.iter().any(|case| usize::from(case.year) == *at));
    let problems = empty.map(|(_, year)| Problem::new(&w::YEAR_WITHOUT_CASES).with("year", year));
    Problems(problems.collect()).or(()).map(|_| ())
}

fn residue(balance: &Balance, keep: super::plan::Keep) -> Option<Problem> {
    let difference = balance.after - balance.before;
    (keep != super::plan::Keep::Nothing && difference != 0)
        .then(|| Problem::new(&w::RESIDUE).with("difference", crate::table::cell::decimal(difference, 4)))
}
