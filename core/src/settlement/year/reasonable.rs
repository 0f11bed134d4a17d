//! The reasonable part of an overrun (合理超支): what an approved list says of it.

use super::bands::share_of;
use crate::ledger::Period;
use crate::money::Rounding;
use crate::policy::rules::{ApprovedRow, ApprovedTo, ReasonableOverrun, Sharing, Unlisted};
use crate::policy::{Policy, Ruled};
use crate::pricing::Exact;

/// What of a subject's overrun is approved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reasonable {
    /// Σ approved amounts of the year.
    pub approved_fen: i64,
    /// The part of the overrun that counts: no more than the overrun.
    pub counted_fen: i64,
}

/// The rows of a list that are of a subject and a year.
pub(super) fn rows_of<'p>(
    rule: &'p Ruled<ReasonableOverrun>,
    subject: &str,
    insutype: &str,
    year: Period,
) -> Vec<&'p ApprovedRow> {
    let ReasonableOverrun::List { table, .. } = &rule.value else { return Vec::new() };
    let year = year.to_string();
    let rows = table.0.iter().map(|(row, _)| row);
    rows.filter(|row| row.subject == subject && row.insutype == insutype && row.year == year).collect()
}

/// What the fund bears of an overrun, and what of it is reasonable; nothing said of that without an overrun
/// or a list.
pub(super) fn borne(
    policy: &Policy,
    sharing: &Sharing,
    (subject, insutype, year): (&str, &str, Period),
    (over_fen, base_fen): (i64, i64),
    rounding: Rounding,
) -> Option<(i64, Option<Reasonable>)> {
    let Sharing::Bands { overrun, mode, edge, .. } = sharing;
    let share = |part_fen| share_of(overrun, *mode, *edge, part_fen, base_fen);
    let listed = policy.reasonable_overrun.as_ref();
    let Some((rule, ReasonableOverrun::List { to, unlisted, .. })) = listed.map(|rule| (rule, &rule.value)) else {
        return Some((share(over_fen)?.round(0, rounding)?, None));
    };
    if over_fen == 0 {
        return Some((0, None));
    }
    let rows = rows_of(rule, subject, insutype, year);
    if rows.is_empty() {
        let counted_fen = if *unlisted == Unlisted::All { over_fen } else { 0 };
        let borne = share(counted_fen)?.round(0, rounding)?;
        return Some((borne, Some(Reasonable { approved_fen: 0, counted_fen })));
    }
    let approved_fen = rows.iter().try_fold(0i64, |sum, row| sum.checked_add(row.amount.0.0))?;
    let counted_fen = over_fen.min(approved_fen);
    let whole = |fen: i64| Exact::whole(fen.into());
    let borne = match to {
        ApprovedTo::Part => share(counted_fen)?.round(0, rounding)?,
        ApprovedTo::Cap => share(over_fen)?.round(0, rounding)?.min(approved_fen),
        ApprovedTo::ProRata => share(over_fen)?.times(whole(counted_fen).over(whole(over_fen))?)?.round(0, rounding)?,
    };
    Some((borne, Some(Reasonable { approved_fen, counted_fen })))
}
