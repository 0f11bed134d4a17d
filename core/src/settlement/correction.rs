//! What a period pays or takes back for an earlier one.

use super::due::{Terms, Worth, due_of};
use super::point_value::money_rounding;
use super::pool::terms_of;
use crate::ledger::Period;
use crate::money::{Rounding, div_round_i64};
use crate::policy::rules::{Method, RoundingRule};
use crate::policy::{PackId, Policy, PolicySet, RuleNo};
use crate::pricing::{Bill, CaseKind, Left, PastReduction, PastStay, State};

/// Why an earlier claim is corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// The settlement is reversed (冲正): all of it is taken back.
    Reverse,
    /// A later stay is a readmission that reduces it.
    Readmission,
    /// Another group after an appeal.
    Regroup,
    /// Other weights, coefficients or a late review: priced anew in its group.
    Reprice,
    /// Its person's stays are others than they were: which of them are readmissions and transfers is found again.
    Relink,
}

impl Action {
    pub const ALL: [Action; 5] =
        [Action::Reverse, Action::Readmission, Action::Regroup, Action::Reprice, Action::Relink];

    /// The code written to files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Action::Reverse => "reverse",
            Action::Readmission => "readmission",
            Action::Regroup => "regroup",
            Action::Reprice => "reprice",
            Action::Relink => "relink",
        }
    }
}

/// A correction: it names the claim and the period that it corrects. Amounts and points are differences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    pub institution: String,
    pub insutype: String,
    pub setl_id: String,
    pub period: Period,
    pub action: Action,
    pub fen: i64,
    /// What changes in points, in ten-thousandths.
    pub points_e4: i64,
    /// What changes in the amounts paid within and outside the pool.
    pub amount_fen: i64,
    pub outside_fen: i64,
    /// The state, the group and the weight (millionths) of the case after it.
    pub state: State,
    pub drg: String,
    pub weight_e6: Option<i64>,
    /// The share of points a readmission keeps, in millionths. Of a readmission it is of what the case had before, of
    /// any other correction of all that it has by itself.
    pub kept_e6: Option<i64>,
    /// Of a case priced anew: its kind after it, and what it is worth at clearing, where the share of TCM is looked at.
    pub case_kind: Option<CaseKind>,
    pub clearing: Option<Worth>,
    /// What it rests on: the second stay of a readmission, the settlement that reverses, the reason of an appeal.
    pub reason: String,
    /// The decision, where there is one.
    pub document: String,
    /// The rule it rests on, where it is one of the packs.
    pub rule: Option<(PackId, RuleNo)>,
}

/// What a settled case is worth, and what a correction makes of it.
#[derive(Clone, Copy, Debug)]
pub struct Revaluation {
    /// State, points and amounts after the correction.
    pub worth: Worth,
    pub bill: Bill,
    /// The point value it was, or is, paid by.
    pub point_value_e6: Option<i64>,
}

/// What a case is due by the rules of a pack. `None` when an amount does not fit or is not known.
#[must_use]
pub fn due_after(policy: &Policy, value: &Revaluation) -> Option<i64> {
    let terms: Terms = terms_of(policy, value.point_value_e6);
    match value.worth.state {
        State::Paid => due_of(&terms, &value.worth, &value.bill).map(|(_, due)| due),
        State::Unpaid | State::Excluded => Some(0),
    }
}

/// What a readmission leaves of a stay: its share of the points, and by rate of the standard they give.
#[must_use]
pub fn keep(policy: &Policy, worth: Worth, kept_e6: i64) -> Option<Worth> {
    let RoundingRule::Digits { points_digits, points, .. } = &policy.rounding.value;
    let points_e4 = round_points(i128::from(worth.points_e4) * i128::from(kept_e6), points_digits.0, *points)?;
    let part = |fen: i64| div_round_i64(i128::from(fen) * i128::from(kept_e6), 1_000_000, money_rounding(policy));
    let by_rate = matches!(policy.method.value, Method::Rate { .. });
    let amount_fen = if by_rate { part(worth.amount_fen)? } else { worth.amount_fen };
    Some(Worth { points_e4, amount_fen, ..worth })
}

fn round_points(exact_e10: i128, digits: i64, rounding: Rounding) -> Option<i64> {
    let unit = 10i64.checked_pow(u32::try_from(4 - digits).ok()?)?;
    div_round_i64(exact_e10, i128::from(unit) * 1_000_000, rounding)?.checked_mul(unit)
}

/// The corrections of earlier stays that a readmission reduces: new points × the point value of that period, less what
/// was paid for the old. `None` when an amount does not fit.
#[must_use]
pub fn of_past(
    reductions: &[PastReduction],
    rules: &[(PackId, RuleNo)],
    past: &[PastStay],
    set: &PolicySet,
) -> Option<Vec<Correction>> {
    let one = |reduction: &PastReduction| {
        let stay = past.get(reduction.past)?;
        let (pack, rule) = rules[usize::from(reduction.rule)];
        let policy = &set.packs[pack];
        let before =
            Worth { state: State::Paid, points_e4: stay.points_e4, amount_fen: stay.amount_fen, outside_fen: 0 };
        let after = match reduction.left {
            Some(Left { points_e4, amount_fen, .. }) => Worth { points_e4, amount_fen, ..before },
            None => keep(policy, before, reduction.kept.0)?,
        };
        let clearing = reduction.left.and_then(|left| left.clearing);
        let due = |worth| {
            let (bill, point_value_e6) = (stay.bill, Some(stay.point_value_e6));
            due_after(policy, &Revaluation { worth, bill, point_value_e6 })
        };
        Some(Correction {
            institution: stay.institution.clone(),
            insutype: stay.insutype.clone(),
            setl_id: stay.setl_id.clone(),
            period: stay.period,
            action: Action::Readmission,
            fen: due(after)?.checked_sub(due(before)?)?,
            points_e4: after.points_e4.checked_sub(before.points_e4)?,
            amount_fen: after.amount_fen.checked_sub(before.amount_fen)?,
            outside_fen: 0,
            state: State::Paid,
            drg: stay.drg.clone(),
            weight_e6: None,
            kept_e6: Some(reduction.kept.0),
            case_kind: None,
            clearing: clearing.map(|[points_e4, amount_fen, outside_fen]| Worth {
                points_e4,
                amount_fen,
                outside_fen,
                ..before
            }),
            reason: reduction.later.clone(),
            document: String::new(),
            rule: Some((pack, rule)),
        })
    };
    reductions.iter().map(one).collect()
}
