//! A claim as one plain record.

use super::ratio::Ratio;
use crate::claims::{Claims, UNKNOWN, UNKNOWN_FEN};
use crate::grouper::{Grouped, Outcome, Status};
use crate::policy::rules::When;
use crate::pricing::Options;
use crate::settlement::Details;
use crate::text::Dictionary;

/// What the auditor knows of a claim: amounts in yuan, days counted from 1970-01-01.
#[derive(Clone, Debug)]
pub(super) struct Case<'a> {
    pub id: &'a str,
    pub person: &'a str,
    pub institution: &'a str,
    pub written_level: &'a str,
    pub insutype: &'a str,
    /// `None` where the claims have no such column at all.
    pub place: Option<&'a str>,
    pub med_type: Option<&'a str>,
    pub status: Status,
    pub drg: &'a str,
    pub adrg: &'a str,
    pub mdc: &'a str,
    pub admitted: Option<i32>,
    pub discharged: Option<i32>,
    pub settled: Option<i32>,
    pub days: Option<i32>,
    pub age: Option<i32>,
    pub age_days: Option<i32>,
    pub birth_weight: Option<i32>,
    pub department: &'a str,
    pub way: &'a str,
    pub admission_weight: Option<i32>,
    /// 1 with intensive care, 0 without.
    pub icu: Option<i32>,
    pub icu_hours: Option<i32>,
    pub vent_hours: Option<i32>,
    /// The principal one first.
    pub diagnoses: Vec<&'a str>,
    pub procedures: Vec<&'a str>,
    pub total: Option<Ratio>,
    pub fund: Option<Ratio>,
    pub patient: Option<Ratio>,
    pub other: Option<Ratio>,
    /// Full own pay, first own pay, deductible.
    pub own: Option<[Ratio; 3]>,
    /// TCM cost, and what it is a share of.
    pub tcm: Option<(Ratio, Ratio)>,
}

/// Every claim, in order.
pub(super) fn cases<'a>(
    claims: &'a Claims,
    grouped: &'a Grouped,
    outcomes: &'a [Outcome],
    options: &Options<'_>,
    details: Option<&Details>,
) -> Vec<Case<'a>> {
    let mut out = Vec::new();
    for row in 0..claims.len() {
        let stays = &claims.stays;
        let outcome = &outcomes[usize::from(grouped.outcomes[row])];
        let own = details.and_then(|own| {
            let columns = [&own.own_pay_fen, &own.first_own_pay_fen, &own.deductible_fen];
            let [full, first, deductible] = columns.map(|column| amount(column, row));
            Some([full?, first?, deductible?])
        });
        out.push(Case {
            id: stays.setl_id.get(row),
            person: if row < claims.psn_no.len() { claims.psn_no.get(row) } else { "" },
            institution: claims.institution.get(row),
            written_level: text(&claims.hospital_level, row).unwrap_or_default(),
            insutype: claims.insurance_type.get(row),
            place: text(&claims.insured_place, row),
            med_type: text(&stays.med_type, row),
            status: outcome.status,
            drg: &outcome.drg,
            adrg: &outcome.adrg,
            mdc: &outcome.mdc,
            admitted: number(&claims.admitted, row),
            discharged: number(&claims.discharged, row),
            settled: number(&claims.settled, row),
            days: number(&stays.los_days, row),
            age: number(&stays.age_years, row),
            age_days: number(&stays.age_days, row),
            birth_weight: number(&stays.birth_weight_g, row),
            department: text(&stays.department, row).unwrap_or_default(),
            way: text(&stays.discharge_way, row).unwrap_or_default(),
            admission_weight: number(&stays.admission_weight_g, row),
            icu: number(&stays.icu, row),
            icu_hours: number(&stays.icu_hours, row),
            vent_hours: number(&stays.vent_hours, row),
            diagnoses: if row < stays.diagnoses.len() { stays.diagnoses.get(row).collect() } else { Vec::new() },
            procedures: if row < stays.procedures.len() { stays.procedures.get(row).collect() } else { Vec::new() },
            total: amount(&claims.total_fen, row),
            fund: amount(&claims.fund_fen, row),
            patient: amount(&claims.patient_fen, row),
            other: amount(&claims.other_fund_fen, row),
            own,
            tcm: options.tcm.map(|tcm| (Ratio::yuan(tcm.tcm_fen[row]), Ratio::yuan(tcm.base_fen[row]))),
        });
    }
    out
}

fn text(column: &Dictionary, row: usize) -> Option<&str> {
    if column.is_empty() { None } else { Some(column.get(row)) }
}

fn number(column: &[i32], row: usize) -> Option<i32> {
    column.get(row).copied().filter(|number| *number != UNKNOWN)
}

fn amount(column: &[i64], row: usize) -> Option<Ratio> {
    column.get(row).copied().filter(|fen| *fen != UNKNOWN_FEN).map(Ratio::yuan)
}

impl Case<'_> {
    /// Whether the case, at an institution of this level, meets every stated condition.
    pub(super) fn meets(&self, when: &When, level: &str) -> bool {
        let codes = [(&when.drgs, self.drg), (&when.adrgs, self.adrg), (&when.mdcs, self.mdc)];
        for (wanted, own) in codes {
            if let Some(wanted) = wanted
                && !wanted.0.iter().any(|code| code == own)
            {
                return false;
            }
        }
        let lists = [
            (&when.departments, self.department),
            (&when.med_types, self.med_type.unwrap_or_default()),
            (&when.discharge_ways, self.way),
            (&when.institutions, self.institution),
            (&when.levels, level),
            (&when.insutypes, self.insutype),
        ];
        for (wanted, own) in lists {
            if let Some(wanted) = wanted
                && !wanted.iter().any(|text| text == own)
            {
                return false;
            }
        }
        let day = |day: &Option<chrono::NaiveDate>| day.map(|day| i64::from(day.to_epoch_days()));
        let below = when.birth_weight_below.as_ref().map(|below| below.0 - 1);
        let light = when.admission_weight_below.as_ref().map(|below| below.0 - 1);
        let icu = when.icu.map(i64::from);
        let bounds = [
            (day(&when.discharged_from), day(&when.discharged_to), self.discharged),
            (when.days_from.as_ref().map(|n| n.0), when.days_to.as_ref().map(|n| n.0), self.days),
            (when.age_from.as_ref().map(|n| n.0), when.age_to.as_ref().map(|n| n.0), self.age),
            (None, when.age_days_to.as_ref().map(|n| n.0), self.age_days.filter(|days| *days >= 0)),
            (None, below, self.birth_weight.filter(|grams| *grams >= 1)),
            (None, light, self.admission_weight.filter(|grams| *grams >= 1)),
            (day(&when.settled_from), day(&when.settled_to), self.settled),
            (icu, icu, self.icu),
            (when.icu_hours_from.as_ref().map(|n| n.0), None, self.icu_hours),
            (when.vent_hours_from.as_ref().map(|n| n.0), None, self.vent_hours),
        ];
        for (from, to, own) in bounds {
            if from.is_none() && to.is_none() {
                continue;
            }
            // What is not known fails a stated bound.
            let Some(own) = own.map(i64::from) else { return false };
            if from.is_some_and(|from| own < from) || to.is_some_and(|to| own > to) {
                return false;
            }
        }
        let begins = |wanted: &[String], code: &str| wanted.iter().any(|prefix| code.starts_with(prefix.as_str()));
        let principal = self.diagnoses.first();
        let diagnosed = when.diagnoses.as_ref().is_none_or(|wanted| principal.is_some_and(|c| begins(wanted, c)))
            && when.any_diagnoses.as_ref().is_none_or(|wanted| self.diagnoses.iter().any(|c| begins(wanted, c)));
        let operated = when.procedures.as_ref().is_none_or(|wanted| self.procedures.iter().any(|c| begins(wanted, c)));
        let mut classes = 0;
        for class in when.procedure_classes.iter().flatten() {
            classes += i64::from(self.procedures.iter().any(|code| begins(class, code)));
        }
        let least = when
            .procedure_classes
            .as_ref()
            .map_or(0, |all| when.procedure_classes_from.as_ref().map_or(all.len() as i64, |least| least.0));
        diagnosed && operated && classes >= least
    }
}
