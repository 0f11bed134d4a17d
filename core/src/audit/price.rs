//! The price of each case, and the roundings of points and money.

use std::collections::BTreeMap;

use super::facts::Case;
use super::formulas::{Terms, Unrounded};
use super::linked::{Links, count_once, link, reviews};
use super::place::{Placed, Way, of_pool, place};
use super::ratio::Ratio;
use super::{Found, rule_name};
use crate::ledger::Period;
use crate::money::Rounding;
use crate::policy::rules::{Adjust, PoolMean, RoundingRule};
use crate::policy::{Policy, PolicySet};
use crate::pricing::{CaseKind, PastStay, Reason, State};

/// What a case is paid, with the figures its formula used.
#[derive(Clone, Debug)]
pub(super) struct Price<'p> {
    pub placed: Placed<'p>,
    pub kind: CaseKind,
    pub state: State,
    pub reason: Reason,
    pub rule: String,
    pub terms: Option<Terms>,
    /// Rounded.
    pub points: Ratio,
    pub amount: Ratio,
    pub outside: Ratio,
    /// Rules that changed the price, with their factors.
    pub adjusted: Vec<(String, Option<Ratio>)>,
}

/// The prices of all cases.
pub(super) struct Prices<'p> {
    pub cases: Vec<Price<'p>>,
    pub links: Links<'p>,
}

/// What is known where the cases are not all that a period has.
pub(super) struct Part<'a> {
    /// By pool, what was measured of all.
    pub means: &'a BTreeMap<String, Ratio>,
}

/// Prices every case.
pub(super) fn prices<'p>(
    set: &'p PolicySet,
    period: Option<Period>,
    past: &[PastStay],
    cases: &[Case<'_>],
) -> Found<Prices<'p>> {
    all(set, period, past, cases, None)
}

/// Prices cases of several periods as if all had come at once.
pub(super) fn prices_of_part<'p>(set: &'p PolicySet, part: &Part<'_>, cases: &[Case<'_>]) -> Found<Vec<Price<'p>>> {
    Ok(all(set, None, &[], cases, Some(part))?.cases)
}

fn all<'p>(
    set: &'p PolicySet,
    period: Option<Period>,
    past: &[PastStay],
    cases: &[Case<'_>],
    part: Option<&Part<'_>>,
) -> Found<Prices<'p>> {
    let mut placed = Vec::new();
    for case in cases {
        placed.push(place(set, period, case)?);
    }
    let means = match part {
        Some(part) => part.means.clone(),
        None => measured_means(&placed, cases),
    };
    let links = link(&placed, cases, past);
    let mut out = Vec::new();
    for (row, case) in cases.iter().enumerate() {
        let pool = placed[row].pool.clone().unwrap_or_default();
        let mean = mean_of(&placed[row], &means, &pool);
        let kept = links.kept.get(&row).cloned();
        out.push(price(placed[row].clone(), case, mean, kept).map_err(|what| format!("{what} ({})", case.id))?);
    }
    for chain in &links.chains {
        count_once(chain, cases, &mut out)?;
    }
    reviews(set, cases, &mut out, part.is_none())?;
    Ok(Prices { cases: out, links })
}

/// The price of one stay by itself; of a readmission that is decided already, with the share it leaves.
pub(super) fn alone<'p>(
    set: &'p PolicySet,
    means: &BTreeMap<String, Ratio>,
    case: &Case<'_>,
    kept: Option<Ratio>,
) -> Found<Price<'p>> {
    let placed = place(set, None, case)?;
    let pool = placed.pool.clone().unwrap_or_default();
    let mean = mean_of(&placed, means, &pool);
    price(placed, case, mean, kept.map(|share| (String::new(), share)))
}

fn mean_of(placed: &Placed<'_>, means: &BTreeMap<String, Ratio>, pool: &str) -> Option<Ratio> {
    match placed.policy.pool_mean.as_ref().map(|rule| &rule.value) {
        None => None,
        Some(PoolMean::Fixed { values }) => of_pool(values, pool),
        Some(PoolMean::Current {}) => means.get(pool).cloned(),
    }
}

/// M where it is measured: the mean bill of a pool's cases, to the fen.
fn measured_means(placed: &[Placed<'_>], cases: &[Case<'_>]) -> BTreeMap<String, Ratio> {
    let mut sums: BTreeMap<String, (Ratio, i64)> = BTreeMap::new();
    for (place, case) in placed.iter().zip(cases) {
        if let (Some(pool), Some(total)) = (&place.pool, &case.total) {
            let sum = sums.entry(pool.clone()).or_insert((Ratio::zero(), 0));
            *sum = (&sum.0 + total, sum.1 + 1);
        }
    }
    let mut means = BTreeMap::new();
    for (pool, (sum, count)) in sums {
        if let Some(mean) = sum.over(&Ratio::whole(count)) {
            means.insert(pool, mean.round(2, Rounding::HalfUp));
        }
    }
    means
}

fn price<'p>(
    placed: Placed<'p>,
    case: &Case<'_>,
    pool_mean: Option<Ratio>,
    kept: Option<(String, Ratio)>,
) -> Found<Price<'p>> {
    let policy = placed.policy;
    if let Way::Out(reason) = placed.way {
        let rule = placed.out_by.clone();
        return Ok(Price { kind: CaseKind::Excluded, state: State::Excluded, reason, rule, ..nothing(placed) });
    }
    let terms = Terms::new(&placed, case, pool_mean)?;
    let (kind, rule, value) = match placed.way {
        Way::Group => match terms.kind(policy) {
            CaseKind::Low => (CaseKind::Low, policy.low_case.rule, terms.low_case(&policy.low_case.value)?),
            CaseKind::High => (CaseKind::High, policy.high_case.rule, terms.high_case(&policy.high_case.value)?),
            _ => (CaseKind::Normal, policy.method.rule, terms.as_normal()?),
        },
        Way::Ungrouped(rule) => (CaseKind::Ungrouped, rule.rule, terms.ungrouped(&rule.value)?),
        Way::Special(rule) => {
            let (kind, value) = terms.special(&rule.value, &placed, case)?;
            (kind, rule.rule, value)
        }
        Way::Out(_) => return Err("way".to_owned()),
    };
    let state = if value.is_some() { State::Paid } else { State::Unpaid };
    let mut price = Price { kind, state, rule: rule_name(policy, rule), terms: Some(terms), ..nothing(placed) };
    if let Some(mut value) = value {
        price.adjusted = adjust(policy, &price, case, &mut value, kept);
        round(&mut price, &value)?;
    }
    Ok(price)
}

fn nothing(placed: Placed<'_>) -> Price<'_> {
    Price {
        placed,
        kind: CaseKind::Excluded,
        state: State::Excluded,
        reason: Reason::None,
        rule: String::new(),
        terms: None,
        points: Ratio::zero(),
        amount: Ratio::zero(),
        outside: Ratio::zero(),
        adjusted: Vec::new(),
    }
}

/// Uplifts in their order, until one that is the last; then what a readmission keeps.
fn adjust(
    policy: &Policy,
    price: &Price<'_>,
    case: &Case<'_>,
    value: &mut Unrounded,
    kept: Option<(String, Ratio)>,
) -> Vec<(String, Option<Ratio>)> {
    let mut rules: Vec<_> = policy.adjust.iter().collect();
    rules.sort_by_key(|rule| rule.value.order());
    let mut made = Vec::new();
    for rule in rules {
        if !case.meets(rule.value.when(), &price.placed.level) || !rule.value.kinds().contains(&price.kind) {
            continue;
        }
        let name = rule_name(policy, rule.rule);
        match &rule.value {
            Adjust::Uplift { factor, .. } => {
                let factor = Ratio::scaled(factor.0, 6);
                value.points = &value.points * &factor;
                made.push((name, Some(factor)));
            }
            Adjust::ExtraPoints { points, .. } => {
                value.points = &value.points + Ratio::scaled(points.0, 4);
                made.push((name, None));
            }
        }
        if rule.value.is_last() {
            break;
        }
    }
    if let Some((name, share)) = kept {
        value.points = &value.points * &share;
        made.push((name, Some(share)));
    }
    made
}

/// Points to their decimals, money to the fen. By rate the standard comes from unrounded points.
fn round(price: &mut Price<'_>, value: &Unrounded) -> Found<()> {
    let RoundingRule::Digits { money, .. } = &price.placed.policy.rounding.value;
    let mut amount = value.amount.clone();
    if let Some(terms) = &price.terms
        && let Some(rate) = &terms.rate
    {
        amount = amount + &value.points * rate.over(&terms.scale).ok_or("scale")?;
    }
    price.points = round_points(price.placed.policy, &value.points);
    price.amount = amount.round(2, *money);
    price.outside = value.outside.round(2, *money);
    Ok(())
}

/// Points to the decimals of the pack.
pub(super) fn round_points(policy: &Policy, points: &Ratio) -> Ratio {
    let RoundingRule::Digits { points_digits, points: rounding, .. } = &policy.rounding.value;
    points.round(u32::try_from(points_digits.0).unwrap_or(4), *rounding)
}
