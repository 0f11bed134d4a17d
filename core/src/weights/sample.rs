//! From claims to the cases that are weighed: who is kept out, and why.

use std::collections::BTreeMap;

use chrono::Datelike;

use super::plan::{CodeOf, Exclude, LevelsFrom, Plan, Within, YearOf};
use crate::claims::{Claims, UNKNOWN};
use crate::grouper::{Grouped, Outcome, Status};
use crate::money::Fen;
use crate::problem::catalogue::weights as w;
use crate::problem::{Problem, Problems};
use crate::table::cell::date;

/// The most a claim may cost, in fen: squares of millions of such amounts still fit the machine.
const COST_FEN_MAX: i64 = 10_000_000_000_000;

/// A case that is weighed, with the numbers of its group, year, level and institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    pub row: u32,
    pub group: u16,
    pub year: u8,
    pub level: u16,
    pub institution: u32,
    pub cost_fen: i64,
    /// [`UNKNOWN`] when not given.
    pub days: i32,
}

/// Why a claim is no part of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    NoDate,
    OtherYear(i32),
    NotPositive,
    /// By the exclusion of this number.
    NoStay(usize),
    Excluded(usize),
    NotGrouped(Status),
    /// By the trim of this number, in this pass, at a line of so many fen.
    Trimmed {
        trim: usize,
        pass: u32,
        low: bool,
        line_fen: i64,
    },
}

/// A claim that is no part of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    pub row: u32,
    pub reason: Reason,
}

/// A group of the scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub drg: String,
    pub adrg: String,
}

/// The cases to be weighed, and the names behind their numbers.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// Grouped cases that no exclusion keeps out.
    pub cases: Vec<Case>,
    pub left_out: Vec<LeftOut>,
    /// Cost of the cases without a group that no exclusion keeps out, by year: (cases, fen).
    pub ungrouped: Vec<(i64, i128)>,
    /// In the order of codes.
    pub groups: Vec<Group>,
    pub years: Vec<i32>,
    /// In the order of names.
    pub levels: Vec<String>,
    pub institutions: Vec<String>,
    /// Level of each institution.
    pub level_of: Vec<u16>,
}

impl Sample {
    /// Takes from the claims what the plan weighs.
    pub fn take(claims: &Claims, grouped: &Grouped, outcomes: &[Outcome], plan: &Plan) -> Result<Sample, Problems> {
        check_lengths(claims, grouped)?;
        let mut sample = Sample { years: plan.years.shares.keys().copied().collect(), ..Sample::default() };
        sample.ungrouped = vec![(0, 0); sample.years.len()];
        let group_of = sample.number_groups(outcomes);
        let institution_of = sample.number_institutions(claims, plan)?;
        let mut problems = Problems::new();
        for row in 0..claims.len() {
            let outcome = &outcomes[usize::from(grouped.outcomes[row])];
            let cost_fen = claims.total_fen[row];
            if cost_fen > COST_FEN_MAX {
                let problem = Problem::new(&w::TOO_LARGE).with("claim", claims.stays.setl_id.get(row));
                problems.push(problem.with("amount", Fen(cost_fen)));
            }
            let kept_out = |reason| LeftOut { row: row as u32, reason };
            let year = match year_of(claims, row, plan, &sample.years) {
                Ok(year) => year,
                Err(reason) => {
                    sample.left_out.push(kept_out(reason));
                    continue;
                }
            };
            if let Some(reason) = excluded(claims, row, outcome, plan) {
                sample.left_out.push(kept_out(reason));
                continue;
            }
            let Some(group) = group_of[usize::from(grouped.outcomes[row])] else {
                let (cases, fen) = &mut sample.ungrouped[usize::from(year)];
                (*cases, *fen) = (*cases + 1, *fen + i128::from(cost_fen));
                sample.left_out.push(kept_out(Reason::NotGrouped(outcome.status)));
                continue;
            };
            let institution = institution_of[claims.institution.id(row) as usize];
            let level = sample.level_of[institution as usize];
            let days = claims.stays.los_days[row];
            sample.cases.push(Case { row: row as u32, group, year, level, institution, cost_fen, days });
        }
        problems.or(sample).map(|(sample, _)| sample)
    }

    /// The number of each outcome's group; `None` for those that are no group.
    fn number_groups(&mut self, outcomes: &[Outcome]) -> Vec<Option<u16>> {
        let grouped = |outcome: &&Outcome| outcome.status == Status::Grouped;
        let codes: BTreeMap<&str, &str> =
            outcomes.iter().filter(grouped).map(|o| (o.drg.as_str(), o.adrg.as_str())).collect();
        let numbers: BTreeMap<&str, u16> = codes.keys().enumerate().map(|(at, drg)| (*drg, at as u16)).collect();
        self.groups = codes.iter().map(|(&drg, &adrg)| Group { drg: drg.into(), adrg: adrg.into() }).collect();
        let number = |outcome: &Outcome| grouped(&outcome).then(|| numbers[outcome.drg.as_str()]);
        outcomes.iter().map(number).collect()
    }

    /// The number of each institution, by its number in the claims.
    fn number_institutions(&mut self, claims: &Claims, plan: &Plan) -> Result<Vec<u32>, Problems> {
        let mut problems = Problems::new();
        let mut levels: BTreeMap<&str, &str> = BTreeMap::new();
        let mut cases: BTreeMap<&str, u64> = BTreeMap::new();
        for row in 0..claims.len() {
            let institution = claims.institution.get(row);
            *cases.entry(institution).or_default() += 1;
            let level = match &plan.levels {
                LevelsFrom::Register(register) => register.get(institution).map_or("", String::as_str),
                LevelsFrom::Claims(words) => {
                    let written = claims.hospital_level.get(row);
                    words.get(written).map_or(written, String::as_str)
                }
            };
            let known = levels.entry(institution).or_insert(level);
            if known.is_empty() {
                *known = level;
            } else if !level.is_empty() && *known != level {
                let (first, second) = if *known < level { (*known, level) } else { (level, *known) };
                let problem = Problem::new(&w::TWO_LEVELS).with("institution", institution);
                let problem = problem.with("first", first).with("second", second);
                if !problems.0.contains(&problem) {
                    problems.push(problem);
                }
            }
        }
        if let Some(rule) = needs_levels(plan) {
            for (institution, _) in levels.iter().filter(|(_, level)| level.is_empty()) {
                let problem = Problem::new(&w::NO_LEVEL).with("institution", institution).with("rule", rule);
                problems.push(problem.with("cases", cases[institution]));
            }
        }
        self.institutions = levels.keys().map(|code| (*code).to_owned()).collect();
        self.levels = levels.values().map(|level| (*level).to_owned()).collect();
        self.levels.sort();
        self.levels.dedup();
        let number = |level: &&str| self.levels.binary_search_by(|own| own.as_str().cmp(level)).unwrap_or(0) as u16;
        self.level_of = levels.values().map(number).collect();
        let place = |code: &String| self.institutions.binary_search(code).unwrap_or(0) as u32;
        let numbers = claims.institution.texts().iter().map(place).collect();
        problems.or(numbers).map(|(numbers, _)| numbers)
    }
}

fn check_lengths(claims: &Claims, grouped: &Grouped) -> Result<(), Problems> {
    let expected = claims.len();
    let lengths = [
        ("drg", grouped.outcomes.len()),
        ("fixmedins_code", claims.institution.len()),
        ("hosp_lv", claims.hospital_level.len()),
        ("medfee_sumamt", claims.total_fen.len()),
        ("act_ipt_days", claims.stays.los_days.len()),
    ];
    let problems = lengths.into_iter().filter(|(_, found)| *found != expected).map(|(what, found)| {
        Problem::new(&w::LENGTHS).with("what", what).with("found", found).with("expected", expected)
    });
    Problems(problems.collect()).or(()).map(|_| ())
}

/// The name of the rule that needs the level of every institution.
fn needs_levels(plan: &Plan) -> Option<&str> {
    let by_level = plan.trims.iter().find(|trim| trim.within == Within::GroupLevel).map(|trim| trim.rule.as_str());
    let level = plan.level.as_ref().map(|_| "weight_level");
    by_level.or(level).or(plan.institution.as_ref().map(|_| "weight_institution"))
}

fn year_of(claims: &Claims, row: usize, plan: &Plan, years: &[i32]) -> Result<u8, Reason> {
    let column = match plan.years.date {
        YearOf::Discharge => &claims.discharged,
        YearOf::Settlement => &claims.settled,
    };
    let days = column.get(row).copied().filter(|&days| days != UNKNOWN).ok_or(Reason::NoDate)?;
    let year = date(days).ok_or(Reason::NoDate)?.year();
    years.binary_search(&year).map(|at| at as u8).map_err(|_| Reason::OtherYear(year))
}

fn excluded(claims: &Claims, row: usize, outcome: &Outcome, plan: &Plan) -> Option<Reason> {
    let cost = claims.total_fen[row];
    if cost <= 0 {
        return Some(Reason::NotPositive);
    }
    let days = claims.stays.los_days[row];
    plan.exclusions.iter().enumerate().find_map(|(at, exclusion)| match &exclusion.when {
        Exclude::Stay { .. } if days == UNKNOWN => Some(Reason::NoStay(at)),
        Exclude::Stay { below_days, above_days } => (below_days.is_some_and(|bound| days < bound)
            || above_days.is_some_and(|bound| days > bound))
        .then_some(Reason::Excluded(at)),
        Exclude::Cost { below_fen, above_fen } => (below_fen.is_some_and(|bound| cost < bound)
            || above_fen.is_some_and(|bound| cost > bound))
        .then_some(Reason::Excluded(at)),
        Exclude::Codes { of, codes } => {
            codes.contains(code_of(claims, row, outcome, *of)).then_some(Reason::Excluded(at))
        }
    })
}

/// The code that an exclusion looks at; empty when it was not given.
pub(super) fn code_of<'a>(claims: &'a Claims, row: usize, outcome: &'a Outcome, of: CodeOf) -> &'a str {
    let column = match of {
        CodeOf::Drg => return &outcome.drg,
        CodeOf::Adrg => return &outcome.adrg,
        CodeOf::Mdc => return &outcome.mdc,
        CodeOf::Department => &claims.stays.department,
        CodeOf::MedType => &claims.stays.med_type,
        CodeOf::DischargeWay => &claims.stays.discharge_way,
        CodeOf::Institution => &claims.institution,
        CodeOf::InsuranceType => &claims.insurance_type,
    };
    if row < column.len() { column.get(row) } else { "" }
}
