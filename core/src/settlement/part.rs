//! Cases of a month that are elsewhere: sums of some, and their dues by point values that are known already.

use std::collections::BTreeMap;

use super::cases::Cases;
use super::due::{Dues, Terms, dues};
use super::month::pack_of;
use super::overflow;
use super::pool::terms_of;
use super::sums::{Group, Sum, sums};
use crate::ledger::Period;
use crate::policy::PolicySet;
use crate::problem::Problems;

/// Sums of cases by group, before their dues are known. Those of parts add up to those of the whole.
pub fn group_sums(cases: &Cases<'_>) -> Result<BTreeMap<Group, Sum>, Problems> {
    sums(cases, None).ok_or_else(overflow)
}

/// What is due for cases by the point values of their pools (millionths of a yuan a point), and their sums.
pub fn dues_at(
    cases: &Cases<'_>,
    point_values_e6: &[Option<i64>],
    set: &PolicySet,
    period: Period,
) -> Result<(Dues, BTreeMap<Group, Sum>), Problems> {
    let policy = &set.packs[pack_of(set, period, cases.len())?];
    let terms: Vec<Terms> = point_values_e6.iter().map(|value| terms_of(policy, *value)).collect();
    let dues = dues(cases, &terms).ok_or_else(overflow)?;
    let groups = sums(cases, Some(&dues)).ok_or_else(overflow)?;
    Ok((dues, groups))
}
