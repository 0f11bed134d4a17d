//! Stays of some persons over several months, priced as if all had come at once.

use std::collections::{BTreeMap, BTreeSet};

use super::clearing::costs;
use super::facts::{Case, cases};
use super::price::{Part, Price, prices_of_part};
use super::ratio::Ratio;
use super::sums::{Line, due};
use super::{Found, month::Corrected};
use crate::claims::Claims;
use crate::grouper::{Grouped, Outcome};
use crate::ledger::Period;
use crate::policy::{Policy, PolicySet};
use crate::pricing::{Bill, Means, Options, State};
use crate::settlement::{Correction, Worth};

/// What is known of stays that are joined over months.
#[derive(Clone, Copy, Debug)]
pub struct JoinedFacts<'a> {
    /// A row a stay.
    pub claims: &'a Claims,
    pub outcomes: &'a [Outcome],
    pub stays: &'a [JoinedStay],
    /// By month, what it measured.
    pub means: &'a BTreeMap<Period, Means>,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct JoinedStay {
    /// The month that settles it.
    pub month: Period,
    /// Its row in the run; nothing for a stay of an earlier month.
    pub row: Option<usize>,
    /// Its group after the corrections of the run; nothing where it is not in force.
    pub group: Option<u16>,
    /// As it stood before the run.
    pub now: Option<Stood>,
}

/// How a stay of an earlier month stands.
#[derive(Clone, Copy, Debug)]
pub struct Stood {
    pub worth: Worth,
    pub bill: Bill,
    pub due_fen: i64,
    pub point_value_e6: Option<i64>,
    /// Its year is cleared, and it stands as cleared.
    pub cleared: bool,
}

/// A stay that is joined, with its prices of the month and of clearing.
pub(super) struct JoinedPrice<'p> {
    stay: usize,
    pub row: Option<usize>,
    id: String,
    pub now: Price<'p>,
    pub then: Price<'p>,
}

/// The prices of all that is in force.
pub(super) fn joined<'p>(set: &'p PolicySet, facts: &JoinedFacts<'_>) -> Found<Vec<JoinedPrice<'p>>> {
    let places: Vec<usize> = (0..facts.stays.len()).filter(|at| facts.stays[*at].group.is_some()).collect();
    let rows: Vec<u32> = places.iter().map(|at| *at as u32).collect();
    let claims = facts.claims.clone().take(&rows);
    let grouped = Grouped { outcomes: places.iter().filter_map(|at| facts.stays[*at].group).collect() };
    let now = cases(&claims, &grouped, facts.outcomes, &Options::default(), None);
    let mut then = now.clone();
    for (row, case) in then.iter_mut().enumerate() {
        case.tcm = Some(costs(&claims, row).unwrap_or((Ratio::zero(), Ratio::zero())));
    }
    let mut out = Vec::new();
    let months: BTreeSet<Period> = places.iter().map(|at| facts.stays[*at].month).collect();
    for month in months {
        let means = means_of(&facts.means[&month]);
        let price = |cases: &[Case<'_>]| prices_of_part(set, &Part { means: &means }, cases);
        let (of_month, at_clearing) = (price(&now)?, price(&then)?);
        let pairs = of_month.into_iter().zip(at_clearing).zip(&places).zip(&now);
        for (((now, then), place), case) in pairs.filter(|((_, place), _)| facts.stays[**place].month == month) {
            let stay = &facts.stays[*place];
            out.push(JoinedPrice { stay: *place, row: stay.row, id: case.id.to_owned(), now, then });
        }
    }
    Ok(out)
}

pub(super) fn means_of(means: &Means) -> BTreeMap<String, Ratio> {
    let mut out = BTreeMap::new();
    for (pool, (cost, cases)) in means {
        let whole = Ratio::whole(i64::try_from(*cost).unwrap_or_default());
        if let Some(mean) = whole.over(&(Ratio::whole(*cases as i64) * Ratio::whole(100))) {
            out.insert(pool.clone(), mean.round(2, crate::money::Rounding::HalfUp));
        }
    }
    out
}

/// What is booked of a stay of an earlier month; nothing for one that is not joined, or taken back.
pub(super) fn booked<'a>(
    set: &PolicySet,
    facts: &JoinedFacts<'_>,
    prices: &[JoinedPrice<'_>],
    one: &'a Correction,
) -> Found<Option<Corrected<'a>>> {
    let is_own = |price: &&JoinedPrice<'_>| price.id == one.setl_id && facts.stays[price.stay].month == one.period;
    let Some(price) = prices.iter().find(is_own) else { return Ok(None) };
    let Some(stood) = &facts.stays[price.stay].now else { return Ok(None) };
    let worth = if stood.cleared { &price.then } else { &price.now };
    if worth.state == State::Excluded {
        return Ok(None);
    }
    let last = one.period.last_day();
    let valid = |policy: &&Policy| policy.valid_from <= last && policy.valid_to.is_none_or(|to| last <= to);
    let policy = set.packs.iter().find(valid).ok_or("pack")?;
    let zero = Ratio::zero;
    let mut line = Line {
        institution: one.institution.clone(),
        insutype: one.insutype.clone(),
        consortium: String::new(),
        pool: String::new(),
        state: worth.state,
        count: 1,
        points: worth.points.clone(),
        amount: worth.amount.clone(),
        outside: worth.outside.clone(),
        total: zero(),
        fund: None,
        patient: Some(Ratio::yuan(stood.bill.patient_fen)),
        other: Some(Ratio::yuan(stood.bill.other_fund_fen)),
        weight: None,
        own: stood.bill.own_pay_fen.map(|own| own.map(Ratio::yuan)),
        standard: zero(),
        due: zero(),
        recognised: false,
    };
    let value = stood.point_value_e6.map(|value| Ratio::scaled(value, 6));
    if worth.state == State::Paid {
        due(policy, value.as_ref(), &mut line)?;
    }
    Ok(Some(Corrected {
        institution: &one.institution,
        insutype: &one.insutype,
        setl_id: &one.setl_id,
        period: one.period,
        points: &line.points - Ratio::scaled(stood.worth.points_e4, 4),
        yuan: &line.due - Ratio::yuan(stood.due_fen),
    }))
}
