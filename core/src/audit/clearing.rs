//! What cases will be worth at clearing, when the share of TCM in their cost is looked at.

use super::Found;
use super::compare::Row;
use super::facts::Case;
use super::month::MonthAudit;
use super::price::{Price, Prices, prices};
use super::ratio::Ratio;
use crate::claims::{Claims, UNKNOWN_FEN};
use crate::policy::rules::Special;
use crate::pricing::CaseKind;

/// The prices of all cases at clearing; nothing where no pack has a gate.
pub(super) fn at_clearing<'p>(input: &MonthAudit<'p>, cases: &[Case<'_>]) -> Found<Option<Vec<Price<'p>>>> {
    let mut gated = false;
    for policy in &input.set.packs {
        gated |= policy.special.iter().any(|rule| matches!(rule.value, Special::TcmAdvantage { .. }));
    }
    if !gated {
        return Ok(None);
    }
    let mut then = cases.to_vec();
    for (row, case) in then.iter_mut().enumerate() {
        case.tcm = Some(costs(input.claims, row).unwrap_or((Ratio::zero(), Ratio::zero())));
    }
    let Prices { cases: prices, .. } = prices(input.set, input.options.period, input.options.past, &then)?;
    Ok(Some(prices))
}

/// TCM cost and what it is a share of, where both are known.
pub(super) fn costs(claims: &Claims, row: usize) -> Option<(Ratio, Ratio)> {
    let known = |column: &[i64]| column.get(row).copied().filter(|fen| *fen != UNKNOWN_FEN).map(Ratio::yuan);
    Some((known(&claims.parts.tcm_fen)?, known(&claims.parts.tcm_base_fen)?))
}

/// Adds what the claim is worth at clearing: of cases of TCM advantage groups whose costs are known, and of others
/// where it differs.
pub(super) fn with_clearing(row: Row, (claims, at): (&Claims, usize), now: &Price<'_>, then: &Price<'_>) -> Row {
    let differs = now.points != then.points || now.amount != then.amount || now.outside != then.outside;
    let stated = if now.kind == CaseKind::Tcm { costs(claims, at).is_some() } else { differs };
    let own = Some(then).filter(|_| stated);
    row.number("clearing_points", own.map(|price| &price.points), 4)
        .number("clearing_by_amount", own.map(|price| &price.amount), 2)
        .number("clearing_outside", own.map(|price| &price.outside), 2)
}
