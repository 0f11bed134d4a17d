//! Conditions of special rules, resolved to the dictionaries of a batch of claims.

use chrono::NaiveDate;

use crate::claims::{Claims, UNKNOWN};
use crate::grouper::Outcome;
use crate::policy::rules::When;
use crate::text::Dictionary;

/// A [`When`] with its texts as flags by dictionary number. `None` asks nothing.
#[derive(Clone, Debug)]
pub(super) struct Test {
    outcomes: Option<Vec<bool>>,
    departments: Option<Vec<bool>>,
    med_types: Option<Vec<bool>>,
    discharge_ways: Option<Vec<bool>>,
    institutions: Option<Vec<bool>>,
    insutypes: Option<Vec<bool>>,
    levels: Option<Vec<String>>,
    diagnoses: Option<Vec<String>>,
    any_diagnoses: Option<Vec<String>>,
    procedures: Option<Vec<String>>,
    /// Classes of procedures, and how many of them there must be.
    classes: Option<(Vec<Vec<String>>, usize)>,
    discharged: (i32, i32),
    settled: (i32, i32),
    days: (i32, i32),
    ages: (i32, i32),
    age_days_to: Option<i32>,
    birth_weight_below: Option<i32>,
    admission_weight_below: Option<i32>,
    icu: Option<bool>,
    icu_hours_from: Option<i32>,
    vent_hours_from: Option<i32>,
}

/// How many classes of procedures there must be: all, unless a number is stated.
fn least_classes(when: &When, classes: &[Vec<String>]) -> usize {
    when.procedure_classes_from.and_then(|least| usize::try_from(least.0).ok()).unwrap_or(classes.len())
}

impl Test {
    pub(super) fn new(when: &When, claims: &Claims, outcomes: &[Outcome]) -> Test {
        let flags = |column: &Dictionary, wanted: &Option<Vec<String>>| {
            wanted.as_ref().map(|wanted| column.texts().iter().map(|text| wanted.contains(text)).collect())
        };
        let between = |from: Option<NaiveDate>, to: Option<NaiveDate>| {
            let day = |day: Option<NaiveDate>, open| day.map_or(open, |day| day.to_epoch_days());
            (day(from, UNKNOWN), day(to, i32::MAX))
        };
        let end = |bound: i64| i32::try_from(bound).unwrap_or(i32::MAX);
        let asks_group = when.drgs.is_some() || when.adrgs.is_some() || when.mdcs.is_some();
        let fits = |outcome: &Outcome| {
            when.drgs.as_ref().is_none_or(|codes| codes.contains(&outcome.drg))
                && when.adrgs.as_ref().is_none_or(|codes| codes.contains(&outcome.adrg))
                && when.mdcs.as_ref().is_none_or(|codes| codes.contains(&outcome.mdc))
        };
        Test {
            outcomes: asks_group.then(|| outcomes.iter().map(fits).collect()),
            departments: flags(&claims.stays.department, &when.departments),
            med_types: flags(&claims.stays.med_type, &when.med_types),
            discharge_ways: flags(&claims.stays.discharge_way, &when.discharge_ways),
            institutions: flags(&claims.institution, &when.institutions),
            insutypes: flags(&claims.insurance_type, &when.insutypes),
            levels: when.levels.clone(),
            diagnoses: when.diagnoses.clone(),
            any_diagnoses: when.any_diagnoses.clone(),
            procedures: when.procedures.clone(),
            classes: when.procedure_classes.as_ref().map(|classes| (classes.clone(), least_classes(when, classes))),
            discharged: between(when.discharged_from, when.discharged_to),
            settled: between(when.settled_from, when.settled_to),
            days: (when.days_from.map_or(UNKNOWN, |d| end(d.0)), when.days_to.map_or(i32::MAX, |d| end(d.0))),
            ages: (when.age_from.map_or(UNKNOWN, |a| end(a.0)), when.age_to.map_or(i32::MAX, |a| end(a.0))),
            age_days_to: when.age_days_to.map(|d| end(d.0)),
            birth_weight_below: when.birth_weight_below.map(|g| end(g.0)),
            admission_weight_below: when.admission_weight_below.map(|g| end(g.0)),
            icu: when.icu,
            icu_hours_from: when.icu_hours_from.map(|hours| end(hours.0)),
            vent_hours_from: when.vent_hours_from.map(|hours| end(hours.0)),
        }
    }

    /// Whether the claim in `row`, with its outcome and its institution's level, meets every condition.
    pub(super) fn holds(&self, claims: &Claims, row: usize, outcome: usize, level: &str) -> bool {
        let stays = &claims.stays;
        let flagged = |flags: &Option<Vec<bool>>, column: &Dictionary| {
            flags.as_ref().is_none_or(|flags| !column.is_empty() && flags[column.id(row) as usize])
        };
        // A bound that is stated fails an unknown number; one that is not stated lets it pass.
        let within = |column: &[i32], (from, to): (i32, i32)| {
            let value = column.get(row).copied().unwrap_or(UNKNOWN);
            (from == UNKNOWN && to == i32::MAX) || (value != UNKNOWN && from <= value && value <= to)
        };
        self.outcomes.as_ref().is_none_or(|flags| flags[outcome])
            && within(&claims.discharged, self.discharged)
            && within(&claims.settled, self.settled)
            && within(&stays.los_days, self.days)
            && within(&stays.age_years, self.ages)
            && flagged(&self.departments, &stays.department)
            && flagged(&self.med_types, &stays.med_type)
            && flagged(&self.discharge_ways, &stays.discharge_way)
            && flagged(&self.institutions, &claims.institution)
            && flagged(&self.insutypes, &claims.insurance_type)
            && self.levels.as_ref().is_none_or(|levels| levels.iter().any(|own| own == level))
            && self.age_days_to.is_none_or(|to| within(&stays.age_days, (0, to)))
            && self.birth_weight_below.is_none_or(|below| within(&stays.birth_weight_g, (1, below - 1)))
            && self.admission_weight_below.is_none_or(|below| within(&stays.admission_weight_g, (1, below - 1)))
            && self.icu.is_none_or(|icu| within(&stays.icu, (i32::from(icu), i32::from(icu))))
            && self.icu_hours_from.is_none_or(|least| within(&stays.icu_hours, (least, i32::MAX)))
            && self.vent_hours_from.is_none_or(|least| within(&stays.vent_hours, (least, i32::MAX)))
            && self.diagnoses.as_ref().is_none_or(|prefixes| {
                let principal = (row < stays.diagnoses.len()).then(|| stays.diagnoses.get(row).next()).flatten();
                principal.is_some_and(|code| prefixes.iter().any(|prefix| code.starts_with(prefix.as_str())))
            })
            && self.any_diagnoses.as_ref().is_none_or(|prefixes| {
                let begins = |code: &str| prefixes.iter().any(|prefix| code.starts_with(prefix.as_str()));
                row < stays.diagnoses.len() && stays.diagnoses.get(row).any(begins)
            })
            && self.procedures.as_ref().is_none_or(|prefixes| {
                let begins = |code: &str| prefixes.iter().any(|prefix| code.starts_with(prefix.as_str()));
                row < stays.procedures.len() && stays.procedures.get(row).any(begins)
            })
            && self.classes.as_ref().is_none_or(|(classes, least)| {
                let of = |class: &&Vec<String>| {
                    let begins = |code: &str| class.iter().any(|prefix| code.starts_with(prefix.as_str()));
                    row < stays.procedures.len() && stays.procedures.get(row).any(begins)
                };
                classes.iter().filter(of).count() >= *least
            })
    }
}
