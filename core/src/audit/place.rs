//! Which pack, pool, institution and rule a case belongs to.

use std::collections::BTreeMap;

use super::facts::Case;
use super::ratio::Ratio;
use super::{Found, rule_name};
use crate::grouper::Status;
use crate::ledger::Period;
use crate::policy::rules::{
    Counted, DateBasis, InstitutionRow, Institutions, MissingWeight, OtherTypes, Pools, Scope, Special, Ungrouped,
};
use crate::policy::{Factor, Policy, PolicySet, Ruled, Yuan};
use crate::pricing::Reason;

/// What decides the price of a case.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way<'p> {
    Group,
    Special(&'p Ruled<Special>),
    Ungrouped(&'p Ruled<Ungrouped>),
    Out(Reason),
}

/// Where a case belongs.
#[derive(Clone, Debug)]
pub(super) struct Placed<'p> {
    pub policy: &'p Policy,
    pub way: Way<'p>,
    /// The rule that leaves it out.
    pub out_by: String,
    pub pool: Option<String>,
    pub level: String,
    pub consortium: String,
    /// The institution's own coefficient.
    pub coefficient: Option<Factor>,
}

/// The value for a pool; `*` is for all pools not named.
pub(super) fn of_pool(values: &BTreeMap<String, Yuan>, pool: &str) -> Option<Ratio> {
    let own = if values.contains_key(pool) { values.get(pool) } else { values.get("*") };
    own.map(|yuan| Ratio::yuan(yuan.0.0))
}

/// The pool of an insurance type.
pub(super) fn pool_of(rule: &Pools, insutype: &str) -> Option<String> {
    match rule {
        Pools::ByInsuranceType { types, .. } => types.iter().find(|own| *own == insutype).cloned(),
        Pools::Merged { pools, .. } => {
            for (pool, types) in pools {
                if types.iter().any(|own| own == insutype) {
                    return Some(pool.clone());
                }
            }
            None
        }
    }
}

/// The weight table's own figure of a group, where it has one.
pub(super) fn table_weight(policy: &Policy, drg: &str) -> Option<Factor> {
    policy.weight_table.rows.get(drg)?.value
}

/// The row of the register for an institution on a day.
fn register_row<'p>(policy: &'p Policy, case: &Case<'_>) -> Option<&'p InstitutionRow> {
    let day = case.discharged?;
    for row in policy.register() {
        let begun = row.valid_from.is_none_or(|from| from.to_epoch_days() <= day);
        let ended = row.valid_to.is_some_and(|to| day > to.to_epoch_days());
        if row.fixmedins_code == case.institution && begun && !ended {
            return Some(row);
        }
    }
    None
}

/// Finds the place of a case, or why it is left out.
pub(super) fn place<'p>(set: &'p PolicySet, period: Option<Period>, case: &Case<'_>) -> Found<Placed<'p>> {
    let day = case.discharged.ok_or_else(|| format!("dscg_time {}", case.id))?;
    let valid = |policy: &&Policy| {
        policy.valid_from.to_epoch_days() <= day && policy.valid_to.is_none_or(|to| day <= to.to_epoch_days())
    };
    let policy = set.packs.iter().find(valid).ok_or_else(|| format!("pack {}", case.id))?;
    let mut placed = Placed {
        policy,
        way: Way::Group,
        out_by: String::new(),
        pool: None,
        level: String::new(),
        consortium: String::new(),
        coefficient: None,
    };
    if let Some(reason) = out_of_scope(&policy.scope.value, period, case)? {
        placed.out_by = rule_name(policy, policy.scope.rule);
        placed.way = Way::Out(reason);
        return Ok(placed);
    }
    let Some(pool) = pool_of(&policy.pools.value, case.insutype) else {
        let (Pools::ByInsuranceType { others, .. } | Pools::Merged { others, .. }) = &policy.pools.value;
        if *others == OtherTypes::Refuse {
            return Err(format!("pool {}", case.insutype));
        }
        placed.out_by = rule_name(policy, policy.pools.rule);
        placed.way = Way::Out(Reason::InsuranceType);
        return Ok(placed);
    };
    match &policy.institutions.value {
        Institutions::Register { .. } => {
            let row = register_row(policy, case).ok_or_else(|| format!("institution {}", case.institution))?;
            placed.level.clone_from(&row.hosp_lv);
            placed.consortium = row.consortium.clone().unwrap_or_default();
            placed.coefficient = row.coefficient;
        }
        Institutions::FromClaims { levels } => {
            let renamed = levels.as_ref().and_then(|levels| levels.get(case.written_level));
            placed.level = renamed.map_or(case.written_level, String::as_str).to_owned();
        }
    }
    (placed.way, placed.out_by) = way(policy, case, &placed.level)?;
    if !matches!(placed.way, Way::Out(_)) {
        placed.pool = Some(pool);
    } else {
        (placed.level, placed.consortium) = (String::new(), String::new());
    }
    Ok(placed)
}

/// The first reason that leaves a case out of the period or the scope.
fn out_of_scope(scope: &Scope, period: Option<Period>, case: &Case<'_>) -> Found<Option<Reason>> {
    let Scope::Inpatient { date, earlier, out_of_area, local_places, med_types, min_days, max_days, min_total } = scope;
    if let Some(period) = period {
        let day = match date {
            DateBasis::Settlement => case.settled,
            DateBasis::Discharge => case.discharged,
        };
        let day = day.ok_or_else(|| format!("setl_time {}", case.id))?;
        if day > period.last_day().to_epoch_days() {
            return Ok(Some(Reason::Later));
        }
        if day < period.first_day().to_epoch_days() && *earlier == Counted::Exclude {
            return Ok(Some(Reason::Earlier));
        }
    }
    if let (Counted::Exclude, Some(local), Some(place)) = (out_of_area, local_places, case.place)
        && !place.is_empty()
        && !local.iter().any(|own| own == place)
    {
        return Ok(Some(Reason::Elsewhere));
    }
    if let (Some(types), Some(own)) = (med_types, case.med_type)
        && !types.iter().any(|named| named == own)
    {
        return Ok(Some(Reason::MedType));
    }
    if min_days.is_some() || max_days.is_some() {
        let days = i64::from(case.days.ok_or_else(|| format!("act_ipt_days {}", case.id))?);
        if min_days.as_ref().is_some_and(|least| days < least.0) {
            return Ok(Some(Reason::TooShort));
        }
        if max_days.as_ref().is_some_and(|most| days > most.0) {
            return Ok(Some(Reason::TooLong));
        }
    }
    if let (Some(least), Some(total)) = (min_total, &case.total)
        && *total < Ratio::yuan(least.0.0)
    {
        return Ok(Some(Reason::TooSmall));
    }
    Ok(None)
}

/// Special rules by their order, then the group, then what is said of cases without a group or without a weight.
fn way<'p>(policy: &'p Policy, case: &Case<'_>, level: &str) -> Found<(Way<'p>, String)> {
    let grouped = case.status == Status::Grouped;
    let mut best: Option<&Ruled<Special>> = None;
    for rule in &policy.special {
        let needs_group = rule.value.by_group();
        let earlier =
            best.is_none_or(|best| rule.value.order().unwrap_or(i64::MAX) < best.value.order().unwrap_or(i64::MAX));
        if earlier && (grouped || !needs_group) && case.meets(rule.value.when(), level) {
            best = Some(rule);
        }
    }
    if let Some(rule) = best {
        if matches!(rule.value, Special::Exclude { .. }) {
            return Ok((Way::Out(Reason::Special), rule_name(policy, rule.rule)));
        }
        if !rule.value.by_group() || table_weight(policy, case.drg).is_some() {
            return Ok((Way::Special(rule), String::new()));
        }
    }
    if !grouped {
        return Ok((ungrouped(policy, case.status)?, String::new()));
    }
    if table_weight(policy, case.drg).is_some() {
        return Ok((Way::Group, String::new()));
    }
    match policy.missing_weight.value {
        MissingWeight::Refuse {} => Err(format!("weight {}", case.drg)),
        MissingWeight::AsUngrouped {} => Ok((ungrouped(policy, Status::Ungroupable)?, String::new())),
        MissingWeight::Exclude {} => Ok((Way::Out(Reason::NoWeight), rule_name(policy, policy.missing_weight.rule))),
    }
}

fn ungrouped(policy: &Policy, status: Status) -> Found<Way<'_>> {
    for rule in &policy.ungrouped {
        if rule.value.statuses().iter().any(|own| own.status() == status) {
            return Ok(Way::Ungrouped(rule));
        }
    }
    Err(format!("ungrouped {}", status.code()))
}
