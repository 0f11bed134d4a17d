//! The level and the place of each institution, by which dues are summed.

use std::collections::BTreeMap;

use super::InsuranceInput;
use crate::policy::{Policy, PolicySet};

/// Where an institution belongs, in the baseline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub level: String,
    pub county: String,
}

/// By the register on the last day of the period; without one, by what claims say.
pub(super) fn places(set: &PolicySet, input: &InsuranceInput) -> BTreeMap<String, Place> {
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    for unit in &input.units {
        let claims = &unit.claims;
        for row in 0..claims.len() {
            let institution = claims.institution.get(row);
            if !places.contains_key(institution) {
                let level = if claims.hospital_level.is_empty() { "" } else { claims.hospital_level.get(row) };
                places.insert(institution.to_owned(), Place { level: level.to_owned(), county: String::new() });
            }
        }
    }
    let last = input.period.last_day().to_epoch_days();
    for row in set.packs.iter().flat_map(Policy::register) {
        let (from, to) = row.days();
        let known = places.entry(row.fixmedins_code.clone()).or_default();
        if (from <= last && last <= to) || known.county.is_empty() {
            *known = Place { level: row.hosp_lv.clone(), county: row.county.clone().unwrap_or_default() };
        }
    }
    places
}
