//! From the rules of a pack to a plan.

use std::collections::BTreeMap;

use super::plan::{
    Adjust, AdjustTo, Adjustment, ByGroup, Clamp, Combine, Exclude, Exclusion, Few, Formula, InstitutionCoefficient,
    LevelCoefficient, LevelsFrom, Lines, Plan, Stability, Trim, Unit, Years,
};
use super::ratio::Ratio;
use crate::policy::rules::{
    Institutions, RuleBook, WeightAdjust, WeightExclude, WeightFew, WeightFormula, WeightInstitution, WeightLevel,
    WeightPrevious, WeightStability, WeightTrim, WeightYears,
};
use crate::policy::{Factor, PolicyPart, Ruled, Whole};
use crate::problem::catalogue::policy as p;
use crate::problem::{Problem, Problems};

/// The families that making weights reads.
pub const FAMILIES: [&str; 11] = [
    "weight_years",
    "weight_exclude",
    "weight_trim",
    "weight_formula",
    "weight_stability",
    "weight_few",
    "weight_previous",
    "weight_adjust",
    "weight_level",
    "weight_institution",
    "institutions",
];

/// The families without which there is no plan.
const NEEDED: [&str; 4] = ["weight_years", "weight_formula", "weight_stability", "weight_few"];

impl Plan {
    /// The plan of a pack.
    pub fn of(part: &PolicyPart) -> Result<Plan, Problems> {
        let compiler = Compiler { part };
        let mut problems = Problems::new();
        let book = &part.book;
        let formula = formula(&only(&book.weight_formula, "weight_formula")?.value);
        let years = compiler.years(only(&book.weight_years, "weight_years")?, &mut problems);
        let exclusions = book.weight_exclude.iter().map(|rule| compiler.exclusion(rule, &mut problems)).collect();
        let trims = compiler.trims(&mut problems);
        let previous = book.weight_previous.first().and_then(|rule| compiler.previous(rule, &formula, &mut problems));
        let adjustment = book.weight_adjust.first().map(|rule| compiler.adjustment(rule, &mut problems));
        let plan = Plan {
            years,
            exclusions,
            trims,
            formula,
            stability: stability(&only(&book.weight_stability, "weight_stability")?.value),
            few: few(&only(&book.weight_few, "weight_few")?.value),
            previous,
            adjustment,
            level: book.weight_level.first().map(|rule| level(&rule.value)),
            institution: book.weight_institution.first().map(|rule| institution(&rule.value)),
            levels: levels(book),
        };
        problems.or(plan).map(|(plan, _)| plan)
    }

    /// Whether a pack says how weights are made.
    #[must_use]
    pub fn is_in(part: &PolicyPart) -> bool {
        !part.book.weight_years.is_empty() || !part.book.weight_formula.is_empty()
    }
}

/// The rule of a family that must be there.
fn only<'a, T>(rules: &'a [Ruled<T>], family: &'static str) -> Result<&'a Ruled<T>, Problems> {
    debug_assert!(NEEDED.contains(&family), "Condition failed: the family is needed");
    rules.first().ok_or_else(|| {
        let spec = crate::policy::FAMILIES.iter().find(|spec| spec.family == family);
        let kinds: Vec<&str> = spec.iter().flat_map(|spec| spec.kinds).map(|kind| kind.kind).collect();
        let meaning = spec.map_or_else(String::new, |spec| format!("{} / {}", spec.words.zh, spec.words.en));
        let problem = Problem::new(&p::MISSING_RULE).with("family", family).with("meaning", meaning);
        problem.with("kinds", kinds.join(", ")).into()
    })
}

struct Compiler<'a> {
    part: &'a PolicyPart,
}

impl Compiler<'_> {
    fn name<T>(&self, rule: &Ruled<T>) -> String {
        self.part.rule(rule.rule).name.clone()
    }

    fn refuse<T>(&self, rule: &Ruled<T>, problem: Problem, problems: &mut Problems) {
        problems.push(problem.file(self.part.id.as_str()).rule(format!("rules.{}", self.name(rule))));
    }

    fn years(&self, rule: &Ruled<WeightYears>, problems: &mut Problems) -> Years {
        let (years, date, combine) = match &rule.value {
            WeightYears::Means { years, date } => (years, *date, Combine::Means),
            WeightYears::Cases { years, date } => (years, *date, Combine::Cases),
            WeightYears::Ratios { years, date } => (years, *date, Combine::Ratios),
        };
        let mut shares = BTreeMap::new();
        for (year, share) in years {
            match year.parse::<i32>().ok().filter(|number| (1900..2200).contains(number)) {
                Some(number) => _ = shares.insert(number, share.0),
                None => {
                    let problem = Problem::new(&p::OUT_OF_RANGE).with("value", year).with("range", "1900 … 2199");
                    self.refuse(rule, problem, problems);
                }
            }
        }
        if years.is_empty() || years.len() > 20 {
            let problem = Problem::new(&p::OUT_OF_RANGE).with("value", years.len()).with("range", "1 … 20");
            self.refuse(rule, problem, problems);
        }
        Years { shares, date, combine }
    }

    fn exclusion(&self, rule: &Ruled<WeightExclude>, problems: &mut Problems) -> Exclusion {
        let days = |bound: &Option<Whole<0, 36_500>>| bound.and_then(|bound| i32::try_from(bound.0).ok());
        let when = match &rule.value {
            WeightExclude::Stay { below_days, above_days } => {
                Exclude::Stay { below_days: days(below_days), above_days: days(above_days) }
            }
            WeightExclude::Cost { below, above } => {
                Exclude::Cost { below_fen: below.map(|yuan| yuan.0.0), above_fen: above.map(|yuan| yuan.0.0) }
            }
            WeightExclude::Codes { field, codes } => {
                Exclude::Codes { of: *field, codes: codes.0.iter().cloned().collect() }
            }
        };
        let needs = match when {
            Exclude::Stay { below_days: None, above_days: None } => Some("below_days | above_days"),
            Exclude::Cost { below_fen: None, above_fen: None } => Some("below | above"),
            _ => None,
        };
        if let Some(needs) = needs {
            let problem = Problem::new(&p::NEEDS).with("what", self.part.rule(rule.rule).kind).with("needs", needs);
            self.refuse(rule, problem, problems);
        }
        Exclusion { rule: self.name(rule), when }
    }

    /// In their order; two with the same one are refused.
    fn trims(&self, problems: &mut Problems) -> Vec<Trim> {
        let mut rules: Vec<(i64, &Ruled<WeightTrim>, Trim)> =
            self.part.book.weight_trim.iter().map(|rule| self.trim(rule, problems)).collect();
        rules.sort_by_key(|(order, rule, _)| (*order, rule.rule));
        for pair in rules.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            let problem = Problem::new(&p::NO_ORDER).with("first", &pair[0].2.rule).with("second", &pair[1].2.rule);
            self.refuse(pair[1].1, problem, problems);
        }
        rules.into_iter().map(|(_, _, trim)| trim).collect()
    }

    fn trim<'r>(&self, rule: &'r Ruled<WeightTrim>, problems: &mut Problems) -> (i64, &'r Ruled<WeightTrim>, Trim) {
        let (order, lines, within, passes, min_cases) = match &rule.value {
            WeightTrim::Iqr { order, k, domain, quantile, within, passes, min_cases } => {
                let lines = Lines::Iqr { k_e6: k.0, domain: *domain, quantile: *quantile };
                (order, lines, within, passes, min_cases)
            }
            WeightTrim::Percentile { order, low, high, quantile, within, passes, min_cases } => {
                if low > high {
                    let problem = Problem::new(&p::NEEDS).with("what", "low").with("needs", "low <= high");
                    self.refuse(rule, problem, problems);
                }
                let lines = Lines::Percentile { low_e6: low.0, high_e6: high.0, quantile: *quantile };
                (order, lines, within, passes, min_cases)
            }
            WeightTrim::Multiple { order, low, high, of, within, passes, min_cases } => {
                if low.is_none() && high.is_none() || low.zip(*high).is_some_and(|(low, high)| low > high) {
                    let problem = Problem::new(&p::NEEDS).with("what", "weight_trim.multiple");
                    self.refuse(rule, problem.with("needs", "low | high, low <= high"), problems);
                }
                let e6 = |factor: &Option<Factor>| factor.map(|factor| factor.0);
                let lines = Lines::Multiple { low_e6: e6(low), high_e6: e6(high), of: *of };
                (order, lines, within, passes, min_cases)
            }
            WeightTrim::Deviations { order, k, domain, spread, within, passes, min_cases } => {
                let lines = Lines::Deviations { k_e6: k.0, domain: *domain, spread: *spread };
                (order, lines, within, passes, min_cases)
            }
        };
        let trim = Trim {
            rule: self.name(rule),
            lines,
            within: *within,
            passes: u32::try_from(passes.0).unwrap_or(u32::MAX),
            min_cases: usize::try_from(min_cases.0).unwrap_or(usize::MAX),
        };
        (order.0, rule, trim)
    }

    /// Last year's figures in the unit of the formula.
    fn previous(
        &self,
        rule: &Ruled<WeightPrevious>,
        formula: &Formula,
        problems: &mut Problems,
    ) -> Option<BTreeMap<String, i64>> {
        let WeightPrevious::Table { table, drg, weight, unit } = &rule.value;
        let reference = self.part.rule(rule.rule);
        let rows = crate::policy::group_values(table, drg, weight, reference, problems)?;
        let scale = Ratio::whole(formula.scale);
        let in_unit = |value: Factor| {
            let own = Ratio::scaled(value.0, 6);
            let own = match (unit, formula.unit) {
                (Unit::Weight, Unit::BasePoints) => &own * &scale,
                (Unit::BasePoints, Unit::Weight) => own.over(&scale)?,
                _ => own,
            };
            own.half_up(4)
        };
        Some(rows.into_iter().filter_map(|(drg, value)| Some((drg, in_unit(value)?))).collect())
    }

    fn adjustment(&self, rule: &Ruled<WeightAdjust>, problems: &mut Problems) -> Adjustment {
        let WeightAdjust::Decisions { table, keep, count } = &rule.value;
        let mut rows = Vec::new();
        for (row, origin) in &table.0 {
            let to = match (row.value, row.factor) {
                (Some(value), None) => AdjustTo::Value { e4: value.0 },
                (None, Some(factor)) => AdjustTo::Factor { e6: factor.0 },
                _ => {
                    let problem = Problem::new(&p::NEEDS).with("what", &row.drg).with("needs", "value | factor");
                    let path = format!("rules.{}.table", self.name(rule));
                    problems.push(problem.file(origin.file.clone()).row(origin.line).rule(path));
                    continue;
                }
            };
            rows.push(Adjust {
                drg: row.drg.clone(),
                step: row.step,
                to,
                who: row.who.clone(),
                why: row.why.clone(),
                decided: row.decided.to_string(),
            });
        }
        Adjustment { rows, keep: *keep, count: *count }
    }
}

fn formula(rule: &WeightFormula) -> Formula {
    let WeightFormula::Ratio { scale, unit, pool, spread } = rule;
    Formula { scale: scale.0, unit: *unit, pool: *pool, spread: *spread }
}

fn stability(rule: &WeightStability) -> Stability {
    let WeightStability::Cv { min_cases, max_cv, unstable } = rule;
    Stability { min_cases: min_cases.0, max_cv_e6: max_cv.0, unstable: *unstable }
}

fn few(rule: &WeightFew) -> Few {
    let WeightFew::Below { cases, then } = rule;
    Few { below: cases.0, then: then.clone() }
}

fn clamp(low: &Option<Factor>, high: &Option<Factor>) -> Clamp {
    Clamp { low_e6: low.map(|factor| factor.0), high_e6: high.map(|factor| factor.0) }
}

fn level(rule: &WeightLevel) -> LevelCoefficient {
    match rule {
        WeightLevel::Overall { low, high } => LevelCoefficient { by_group: None, clamp: clamp(low, high) },
        WeightLevel::ByGroup { min_cases, otherwise, low, high } => LevelCoefficient {
            by_group: Some(ByGroup { min_cases: min_cases.0, otherwise: *otherwise }),
            clamp: clamp(low, high),
        },
    }
}

fn institution(rule: &WeightInstitution) -> InstitutionCoefficient {
    match rule {
        WeightInstitution::Blend { own_share, min_cases, low, high } => InstitutionCoefficient {
            own_share_e6: own_share.0,
            min_cases: min_cases.0,
            by_group: None,
            clamp: clamp(low, high),
        },
        WeightInstitution::ByGroup { own_share, min_cases, group_min_cases, otherwise, low, high } => {
            InstitutionCoefficient {
                own_share_e6: own_share.0,
                min_cases: min_cases.0,
                by_group: Some(ByGroup { min_cases: group_min_cases.0, otherwise: *otherwise }),
                clamp: clamp(low, high),
            }
        }
    }
}

/// An institution whose level changed has its last one in all years.
fn levels(book: &RuleBook) -> LevelsFrom {
    match book.institutions.first().map(|rule| &rule.value) {
        Some(Institutions::Register { table }) => {
            let mut rows: Vec<_> = table.0.iter().map(|(row, _)| row).collect();
            rows.sort_by_key(|row| row.valid_from);
            let levels = rows.into_iter().map(|row| (row.fixmedins_code.clone(), row.hosp_lv.clone()));
            LevelsFrom::Register(levels.collect())
        }
        Some(Institutions::FromClaims { levels }) => LevelsFrom::Claims(levels.clone().unwrap_or_default()),
        None => LevelsFrom::Claims(BTreeMap::new()),
    }
}
