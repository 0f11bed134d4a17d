//! Pricing a part of a period's claims: what rules ask of all of them, and how it is brought together.

use std::collections::{BTreeMap, BTreeSet};

use super::engine::{Chunk, Pricing};
use super::kind::{CaseKind, State};
use super::priced::Priced;
use super::review::over_quota;
use crate::claims::Claims;
use crate::grouper::Outcome;
use crate::ledger::Period;
use crate::policy::rules::{PoolMean, Readmission, SpecialReview, Transfer};
use crate::policy::{PackId, PolicySet, RuleNo, Share};
use crate::problem::Problems;

/// The rules of packs that look beyond one claim, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LooksAcross {
    /// One that looks at all stays of a person.
    pub persons: Option<String>,
    /// One that measures all cases of a pool.
    pub means: Option<String>,
}

impl LooksAcross {
    #[must_use]
    pub fn of(set: &PolicySet) -> LooksAcross {
        let mut found = LooksAcross::default();
        for pack in &set.packs {
            let readmission = pack.readmission.as_ref().filter(|rule| !matches!(rule.value, Readmission::None {}));
            let transfer = pack.transfer.as_ref().filter(|rule| !matches!(rule.value, Transfer::None {}));
            let mean = pack.pool_mean.as_ref().filter(|rule| matches!(rule.value, PoolMean::Current {}));
            let name = |rule| pack.rule(rule).name.clone();
            let persons = readmission.map(|rule| rule.rule).or(transfer.map(|rule| rule.rule));
            found.persons = found.persons.or(persons.map(name));
            found.means = found.means.or(mean.map(|rule| name(rule.rule)));
        }
        found
    }
}

/// Σ C and cases of pools, by name: what measured means are made of. Those of parts add up to those of the whole.
pub type Means = BTreeMap<String, (i128, i128)>;

/// What a part of a period's claims adds to the means. Faults are left to [`price_part`], which tells them.
#[must_use]
pub fn measure(chunk: &Chunk<'_>, outcomes: &[Outcome], set: &PolicySet, period: Period) -> Means {
    let pricing = Pricing::new(chunk.claims, outcomes, set, Some(period));
    let survey = pricing.survey(chunk);
    pricing.pools().iter().cloned().zip(survey.sums().iter().copied()).collect()
}

/// [`super::price`] of a part of the period's claims, of which `means` are measured over all. Without a period every
/// claim is in time.
pub fn price_part(
    chunk: &Chunk<'_>,
    outcomes: &[Outcome],
    set: &PolicySet,
    period: impl Into<Option<Period>>,
    means: &Means,
) -> Result<Priced, Problems> {
    priced(chunk, outcomes, set, period.into(), means, &BTreeMap::new())
}

/// The same where it is decided already what readmissions leave: by row, the rule as prices number them, and the share.
pub fn price_kept(
    chunk: &Chunk<'_>,
    outcomes: &[Outcome],
    set: &PolicySet,
    means: &Means,
    kept: &BTreeMap<usize, (u16, Share)>,
) -> Result<Priced, Problems> {
    priced(chunk, outcomes, set, None, means, kept)
}

fn priced(
    chunk: &Chunk<'_>,
    outcomes: &[Outcome],
    set: &PolicySet,
    period: Option<Period>,
    means: &Means,
    kept: &BTreeMap<usize, (u16, Share)>,
) -> Result<Priced, Problems> {
    let pricing = Pricing::new(chunk.claims, outcomes, set, period);
    let survey = pricing.survey(chunk);
    let sums = pricing.pools().iter().map(|pool| means.get(pool).copied().unwrap_or_default()).collect();
    let mut prices = pricing.ready(survey.measured(sums), &[])?;
    prices.links.kept.extend(kept);
    if prices.needs_aside() {
        let aside = prices.set_aside(chunk)?;
        prices.decide_part(aside)?;
    }
    prices.of(chunk)
}

/// Every rule of every pack, as prices number them.
#[must_use]
pub fn all_rules(set: &PolicySet) -> Vec<(PackId, RuleNo)> {
    let packs = set.packs.iter().enumerate();
    packs.flat_map(|(pack, policy)| (0..policy.rules.len()).map(move |rule| (pack, RuleNo(rule as u16)))).collect()
}

/// The rules that decided a price.
#[must_use]
pub fn rules_met(priced: &Priced) -> BTreeSet<(PackId, RuleNo)> {
    let numbers: BTreeSet<u16> = priced.rule.iter().copied().collect();
    numbers.into_iter().map(|number| priced.rules[usize::from(number)]).collect()
}

/// Cases in scope and reviewed cases, by pack and institution, of packs that limit reviews: counts of parts add up.
pub type ReviewCounts = BTreeMap<(PackId, String), (i64, i64)>;

/// Counts what [`check_quotas`] compares.
#[must_use]
pub fn review_counts(priced: &Priced, claims: &Claims, set: &PolicySet) -> ReviewCounts {
    let limits = |pack: PackId| {
        let rule = set.packs[pack].special_review.as_ref();
        rule.is_some_and(|rule| matches!(rule.value, SpecialReview::Quota { .. }))
    };
    let mut counts = ReviewCounts::new();
    if !(0..set.packs.len()).any(limits) {
        return counts;
    }
    for row in 0..priced.len() {
        let pack = priced.rules[usize::from(priced.rule[row])].0;
        if limits(pack) && priced.state[row] != State::Excluded {
            let count = counts.entry((pack, claims.institution.get(row).to_owned())).or_default();
            count.0 += 1;
            count.1 += i64::from(priced.case_kind[row] == CaseKind::Reviewed);
        }
    }
    counts
}

/// Whether an institution has more special reviews than its quota.
#[must_use]
pub fn check_quotas(set: &PolicySet, counts: &ReviewCounts) -> Problems {
    let over = counts.iter().filter_map(|((pack, institution), count)| {
        match set.packs[*pack].special_review.as_ref().map(|rule| &rule.value) {
            Some(SpecialReview::Quota { share, .. }) => over_quota(institution, *count, *share),
            _ => None,
        }
    });
    Problems(over.collect())
}
