//! Surplus and overrun of institutions.

use std::collections::BTreeMap;

use super::InstitutionYear;
use super::bands::share_fen;
use super::consortium::ConsortiumYear;
use super::reasonable::borne;
use crate::ledger::Period;
use crate::policy::rules::{Sharing, SharingSubject};
use crate::policy::{Policy, Ruled};
use crate::settlement::point_value::money_rounding;
use crate::settlement::pool::PoolMonth;
use crate::settlement::sums::{Group, Sum};

/// The sharing rule of a subject in a pool, when one is for it: at most one is, which the pack was checked for.
pub(super) fn sharing_of<'p>(
    policy: &'p Policy,
    of: SharingSubject,
    name: &str,
    pool: &str,
) -> Option<&'p Ruled<Sharing>> {
    policy.sharing.iter().find(|rule| rule.value.fits(of, name, policy.last_level(name), pool))
}

/// Entitlement, cost and adjustment of each institution, over the cases outside cleared consortia.
pub(super) fn institutions(
    policy: &Policy,
    period: Period,
    groups: &BTreeMap<Group, Sum>,
    consortia: &[ConsortiumYear],
    pools: &[PoolMonth],
    rows: &mut [InstitutionYear],
) -> Option<()> {
    let cleared = |group: &Group| {
        let pool = &pools[usize::from(group.pool)].pool;
        consortia.iter().any(|row| row.cleared && row.consortium == group.consortium && row.pool == *pool)
    };
    let mut own: BTreeMap<(&str, &str), (i64, i64)> = BTreeMap::new();
    for (group, sum) in groups.iter().filter(|(group, _)| !cleared(group)) {
        let row = own.entry((&group.institution, &group.insutype)).or_default();
        // What is paid for recognised exams is no stay: it has no cost by item to be held against.
        let due = sum.due_fen.checked_sub(sum.recognised_fen)?;
        *row = (row.0.checked_add(due)?, row.1.checked_add(sum.cost_fen)?);
    }
    for row in rows {
        (row.entitled_fen, row.cost_fen) =
            own.get(&(row.institution.as_str(), row.insutype.as_str())).copied().unwrap_or_default();
        let Some(rule) = sharing_of(policy, SharingSubject::Institution, &row.institution, &row.pool) else {
            continue;
        };
        let Sharing::Bands { surplus, mode, edge, .. } = &rule.value;
        let rounding = money_rounding(policy);
        let balance = row.entitled_fen.checked_sub(row.cost_fen)?;
        let over = balance.min(0).checked_neg()?;
        row.kept_fen = share_fen(surplus, *mode, *edge, balance.max(0), row.entitled_fen, rounding)?;
        let subject = (row.institution.as_str(), row.insutype.as_str(), period);
        (row.borne_fen, row.reasonable) = borne(policy, &rule.value, subject, (over, row.entitled_fen), rounding)?;
        row.adjustment_fen = match balance > 0 && row.entitled_fen > 0 {
            true => row.kept_fen.checked_sub(balance)?,
            false => row.borne_fen,
        };
    }
    Some(())
}
