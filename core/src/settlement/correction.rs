//! What a period pays or takes back for an earlier one.

use super::due::points_fen;
use super::point_value::money_rounding;
use crate::claims::Claims;
use crate::ledger::Period;
use crate::money::div_round_i64;
use crate::policy::rules::RoundingRule;
use crate::policy::{PackId, PolicySet, RuleNo};
use crate::pricing::{PastStay, Priced};

/// A correction: it names the claim and the period that it corrects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    pub institution: String,
    pub insutype: String,
    /// The claim corrected; empty when the correction is of no single claim.
    pub setl_id: String,
    pub period: Period,
    pub fen: i64,
    /// What changes in points, in ten-thousandths.
    pub points_e4: i64,
    /// Why, for people: the second stay of a readmission, an appeal, a reversal.
    pub reason: String,
    /// The rule it rests on, where it is one of the packs.
    pub rule: Option<(PackId, RuleNo)>,
}

/// The corrections of earlier stays that a readmission reduces: new points × the point value of that period, less what
/// was paid for the old. `None` when an amount does not fit.
pub(super) fn of_past(priced: &Priced, claims: &Claims, past: &[PastStay], set: &PolicySet) -> Option<Vec<Correction>> {
    let one = |reduction: &crate::pricing::PastReduction| {
        let stay = past.get(reduction.past)?;
        let (pack, rule) = priced.rules[usize::from(reduction.rule)];
        let policy = &set.packs[pack];
        let RoundingRule::Digits { points_digits, points, .. } = &policy.rounding.value;
        let unit = 10i64.checked_pow(u32::try_from(4 - points_digits.0).ok()?)?;
        let exact = i128::from(stay.points_e4) * i128::from(reduction.kept.0);
        let kept = div_round_i64(exact, i128::from(unit) * 1_000_000, *points)?.checked_mul(unit)?;
        let money = |points| points_fen(points, stay.point_value_e6, money_rounding(policy));
        Some(Correction {
            institution: stay.institution.clone(),
            insutype: stay.insutype.clone(),
            setl_id: stay.setl_id.clone(),
            period: stay.period,
            fen: money(kept)?.checked_sub(money(stay.points_e4)?)?,
            points_e4: kept.checked_sub(stay.points_e4)?,
            reason: claims.stays.setl_id.get(reduction.row).to_owned(),
            rule: Some((pack, rule)),
        })
    };
    priced.past.iter().map(one).collect()
}
