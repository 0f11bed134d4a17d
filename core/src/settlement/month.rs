//! The settled month.

use std::collections::{BTreeMap, BTreeSet};

use super::budget::budget_of;
use super::correction::Correction;
use super::due::{Details, Dues};
use super::entry::Entry;
use super::open_month::{MonthCases, MonthTerms, OpenMonth};
use super::overflow;
use super::point_value::money_rounding;
use super::pool::PoolMonth;
use super::recognised::{PaidLine, PointLine};
use super::shares::Shares;
use super::sums::{Group, Sum};
use crate::claims::Claims;
use crate::ledger::Period;
use crate::money::div_round_i64;
use crate::policy::rules::{DepositOf, Method};
use crate::policy::{PackId, Policy, PolicySet, RuleNo, Share, Status};
use crate::pricing::{PastStay, Priced, State, due_basis};
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};

/// A negative amount that an earlier period left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    pub institution: String,
    pub insutype: String,
    pub fen: i64,
}

/// What a month is settled from.
#[derive(Clone, Copy, Debug)]
pub struct MonthInput<'a> {
    pub period: Period,
    pub claims: &'a Claims,
    pub priced: &'a Priced,
    pub set: &'a PolicySet,
    /// Opening balances, from the book.
    pub carried: &'a [Carried],
    /// Needed where the rules pay by case (`due = "case"`).
    pub details: Option<&'a Details>,
    /// The stays that pricing was given as [`crate::pricing::Options::past`].
    pub past: &'a [PastStay],
    /// Corrections of earlier periods that are paid or taken back now.
    pub corrections: &'a [Correction],
    /// Points of the month's recognised exams.
    pub recognised: &'a [PointLine],
}

/// An institution's month, a row an insurance type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionMonth {
    pub institution: String,
    pub insutype: String,
    pub pool: String,
    pub sum: Sum,
    pub point_value_e6: Option<i64>,
    pub prepaid_fen: i64,
    pub withheld_fen: i64,
    /// Corrections of earlier periods, of either sign.
    pub corrections_fen: i64,
    /// What earlier periods left, never positive.
    pub carried_in_fen: i64,
    /// What is paid now, never negative.
    pub payable_fen: i64,
    /// What is left for later periods, never positive.
    pub carried_out_fen: i64,
}

/// A consortium's month, a row a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsortiumMonth {
    pub consortium: String,
    pub pool: String,
    /// Its total, where the budget table has one.
    pub total_fen: Option<i64>,
    pub sum: Sum,
    pub balance_fen: Option<i64>,
}

/// Cases and fen: what came in, was priced, was left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub cases_in: i64,
    pub cases_paid: i64,
    pub cases_unpaid: i64,
    pub cases_excluded: i64,
    pub total_in_fen: i64,
    pub total_paid_fen: i64,
    pub total_unpaid_fen: i64,
    pub total_excluded_fen: i64,
}

impl Totals {
    #[must_use]
    pub(super) fn plus(&self, more: &Totals) -> Totals {
        Totals {
            cases_in: self.cases_in + more.cases_in,
            cases_paid: self.cases_paid + more.cases_paid,
            cases_unpaid: self.cases_unpaid + more.cases_unpaid,
            cases_excluded: self.cases_excluded + more.cases_excluded,
            total_in_fen: self.total_in_fen.saturating_add(more.total_in_fen),
            total_paid_fen: self.total_paid_fen.saturating_add(more.total_paid_fen),
            total_unpaid_fen: self.total_unpaid_fen.saturating_add(more.total_unpaid_fen),
            total_excluded_fen: self.total_excluded_fen.saturating_add(more.total_excluded_fen),
        }
    }
}

/// A rule without a source that a run relied on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Placeholder {
    pub pack: String,
    pub rule: String,
    pub why: String,
}

/// The settled month.
#[derive(Clone, Debug)]
pub struct Month {
    pub period: Period,
    /// The pack whose rules settle the pools: that of the period's last day.
    pub pack: PackId,
    /// A draft took part: nothing here may be paid.
    pub simulation: bool,
    /// Standard and due of each claim, in the order of the claims; empty where they were had chunk by chunk.
    pub standard_fen: Vec<i64>,
    pub due_fen: Vec<i64>,
    pub institutions: Vec<InstitutionMonth>,
    pub pools: Vec<PoolMonth>,
    pub consortia: Vec<ConsortiumMonth>,
    pub corrections: Vec<Correction>,
    /// Points of recognised exams and what is due for them.
    pub recognised: Vec<PaidLine>,
    pub entries: Vec<Entry>,
    pub placeholders: Vec<Placeholder>,
    pub totals: Totals,
}

/// Settles a month, or tells all that is missing. Warnings come with the result.
pub fn month(input: &MonthInput<'_>) -> Result<(Month, Problems), Problems> {
    let MonthInput { claims, priced, details, .. } = *input;
    let terms = MonthTerms {
        period: input.period,
        set: input.set,
        rules: &priced.rules,
        pools: &priced.pools,
        carried: input.carried,
        past: input.past,
        reductions: &priced.past,
        corrections: input.corrections,
        recognised: input.recognised,
    };
    let open = OpenMonth::new(terms, MonthCases::of(claims, priced, details)?)?;
    let (dues, sums) = open.dues(claims, priced, details)?;
    let (month, problems) = open.close(sums)?;
    let Dues { standard_fen, due_fen } = dues;
    Ok((Month { standard_fen, due_fen, ..month }, problems))
}

/// The pack whose rules settle the pools: that of the last day.
pub(super) fn pack_of(set: &PolicySet, period: Period, cases: usize) -> Result<PackId, Problems> {
    let last = period.last_day();
    set.on(last).ok_or_else(|| {
        let problem = Problem::new(&m::NO_PACK_FOR_DATE).with("cases", cases).with("from", last).with("to", last);
        problem.with("covered", set.covered()).into()
    })
}

/// A warning for each draft among the packs.
pub(super) fn drafts(set: &PolicySet, packs: impl Iterator<Item = PackId>) -> Problems {
    let packs: BTreeSet<PackId> = packs.collect();
    let drafts = packs.into_iter().map(|pack| &set.packs[pack]).filter(|policy| policy.status == Status::Draft);
    Problems(drafts.map(|policy| Problem::new(&m::PROVISIONAL).with("pack", &policy.id)).collect())
}

/// Points add only between packs of one method, scale and basis.
pub(super) fn same_terms(set: &PolicySet, pack: PackId, used: &BTreeSet<PackId>) -> Problems {
    let terms = |policy: &Policy| {
        let by_points = matches!(policy.method.value, Method::Points { .. });
        let (Method::Points { scale } | Method::Rate { scale, .. }) = &policy.method.value;
        (by_points, scale.0, due_basis(policy))
    };
    let own = &set.packs[pack];
    let odd = used.iter().map(|pack| &set.packs[*pack]).filter(|other| terms(other) != terms(own));
    let problem = |other: &Policy| Problem::new(&m::DIFFERENT_SCALES).with("first", &other.id).with("second", &own.id);
    Problems(odd.map(problem).collect())
}

pub(super) fn institutions(
    carried: &[Carried],
    (policy, period): (&Policy, Period),
    pools: &[PoolMonth],
    groups: &BTreeMap<Group, Sum>,
    corrections: &[Correction],
) -> Result<Vec<InstitutionMonth>, Problems> {
    let mut rows: BTreeMap<(&str, &str), Row<'_>> = BTreeMap::new();
    for (group, sum) in groups {
        let row = rows.entry((&group.institution, &group.insutype)).or_default();
        row.pool = Some(&pools[usize::from(group.pool)]);
        row.sum = row.sum.plus(sum).ok_or_else(overflow)?;
    }
    // A debt or a correction of an institution without cases this month counts all the same.
    for open in carried {
        let row = rows.entry((&open.institution, &open.insutype)).or_default();
        row.carried_fen = row.carried_fen.checked_add(open.fen).ok_or_else(overflow)?;
    }
    for correction in corrections {
        let row = rows.entry((&correction.institution, &correction.insutype)).or_default();
        row.corrections_fen = row.corrections_fen.checked_add(correction.fen).ok_or_else(overflow)?;
    }
    let (mut out, mut problems) = (Vec::with_capacity(rows.len()), Problems::new());
    for ((institution, insutype), row) in &rows {
        let shares = match (row.sum.due_fen > 0).then(|| Shares::of(policy, institution, period)).transpose() {
            Ok(shares) => shares.unwrap_or_default(),
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        out.push(pay(policy, institution, insutype, row, &shares).ok_or_else(overflow)?);
    }
    problems.or(out).map(|(out, _)| out)
}

/// What an institution's line is made of.
#[derive(Clone, Copy, Default)]
struct Row<'a> {
    pool: Option<&'a PoolMonth>,
    sum: Sum,
    carried_fen: i64,
    corrections_fen: i64,
}

/// The pool of an insurance type; its own name for one that belongs to none.
pub(super) fn pool_name(policy: &Policy, insutype: &str) -> String {
    let pools = policy.pools.value.pools();
    let own = pools.into_iter().find(|(_, types)| types.contains(&insutype));
    own.map_or_else(|| insutype.to_owned(), |(name, _)| name)
}

/// due → prepaid → withheld → payable; what is negative is carried on. A negative due is taken back in full, and
/// nothing is withheld from it. Corrections are paid or taken back in full.
fn pay(policy: &Policy, institution: &str, insutype: &str, row: &Row<'_>, shares: &Shares) -> Option<InstitutionMonth> {
    let rounding = money_rounding(policy);
    let part = |fen: i64, share: Share| div_round_i64(i128::from(fen) * i128::from(share.0), 1_000_000, rounding);
    let due = row.sum.due_fen;
    let (mut prepaid_fen, mut withheld_fen) = (due, 0);
    if due > 0 {
        prepaid_fen = part(due, shares.prepaid)?;
        withheld_fen = match shares.of {
            DepositOf::Prepaid => part(prepaid_fen, shares.withheld)?,
            DepositOf::Due => part(due, shares.withheld)?,
        };
    }
    let owed = prepaid_fen.checked_sub(withheld_fen)?.checked_add(row.corrections_fen)?;
    let net = owed.checked_add(row.carried_fen)?;
    Some(InstitutionMonth {
        institution: institution.to_owned(),
        insutype: insutype.to_owned(),
        pool: row.pool.map_or_else(|| pool_name(policy, insutype), |pool| pool.pool.clone()),
        sum: row.sum,
        point_value_e6: row.pool.and_then(|pool| pool.point_value_e6),
        prepaid_fen,
        withheld_fen,
        corrections_fen: row.corrections_fen,
        carried_in_fen: row.carried_fen,
        payable_fen: net.max(0),
        carried_out_fen: net.min(0),
    })
}

pub(super) fn consortia(
    policy: &Policy,
    period: Period,
    pools: &[PoolMonth],
    groups: &BTreeMap<Group, Sum>,
) -> Result<Vec<ConsortiumMonth>, Problems> {
    let mut rows: BTreeMap<(String, u8), Sum> = BTreeMap::new();
    for (group, sum) in groups {
        if !group.consortium.is_empty() {
            let row = rows.entry((group.consortium.clone(), group.pool)).or_default();
            *row = row.plus(sum).ok_or_else(overflow)?;
        }
    }
    let mut out = Vec::new();
    for ((consortium, number), sum) in rows {
        let pool = pools[usize::from(number)].pool.clone();
        let total_fen = budget_of(policy, &pool, Some(&consortium), period)?.map(|fen| fen.0);
        let balance_fen = match total_fen {
            Some(total) => Some(total.checked_sub(sum.due_fen).ok_or_else(overflow)?),
            None => None,
        };
        out.push(ConsortiumMonth { consortium, pool, total_fen, sum, balance_fen });
    }
    Ok(out)
}

pub(super) fn totals(claims: &Claims, priced: &Priced) -> Totals {
    let mut totals = Totals::default();
    for (row, state) in priced.state.iter().enumerate() {
        let fen = claims.total_fen[row];
        let (cases, sum) = match state {
            State::Paid => (&mut totals.cases_paid, &mut totals.total_paid_fen),
            State::Unpaid => (&mut totals.cases_unpaid, &mut totals.total_unpaid_fen),
            State::Excluded => (&mut totals.cases_excluded, &mut totals.total_excluded_fen),
        };
        *cases += 1;
        *sum = sum.saturating_add(fen);
        totals.cases_in += 1;
        totals.total_in_fen = totals.total_in_fen.saturating_add(fen);
    }
    totals
}

/// Families that a month relies on only where a case met them: those of single cases, of the year, and of other jobs.
const NOT_OF_EVERY_MONTH: [&str; 16] = [
    "special.",
    "ungrouped.",
    "low_case.",
    "high_case.",
    "missing_weight.",
    "deposit_return.",
    "penalty.",
    "sharing.",
    "reasonable_overrun.",
    "consortium_total.",
    "outside_care.",
    "referral.",
    "distribution.",
    "overrun_split.",
    "recognition_",
    "weight_",
];

/// Placeholders of the packs in use; those of rules for single cases only where a case met them.
pub(super) fn placeholders(
    rules: &[(PackId, RuleNo)],
    met: &BTreeSet<u16>,
    set: &PolicySet,
    pack: PackId,
) -> Vec<Placeholder> {
    let packs: BTreeSet<PackId> = met.iter().map(|rule| rules[usize::from(*rule)].0).chain([pack]).collect();
    let mut out = BTreeSet::new();
    for (number, (pack, rule)) in (0u16..).zip(rules) {
        let rule = set.packs[*pack].rule(*rule);
        let relied = !NOT_OF_EVERY_MONTH.iter().any(|family| rule.kind.starts_with(family)) || met.contains(&number);
        if let (true, true, Some(why)) = (packs.contains(pack), relied, &rule.placeholder) {
            out.insert(Placeholder { pack: rule.pack.clone(), rule: rule.name.clone(), why: why.clone() });
        }
    }
    out.into_iter().collect()
}

/// Conservation between claims, lines of recognised exams, institutions and pools, and of cases: a fault here is ours.
pub(super) fn assert_whole(month: &Month, claims: i128) {
    let sum = |fen: &mut dyn Iterator<Item = i64>| fen.map(i128::from).sum::<i128>();
    let claims = claims + sum(&mut month.recognised.iter().map(|line| line.due_fen));
    let institutions = sum(&mut month.institutions.iter().map(|row| row.sum.due_fen));
    let pools = sum(&mut month.pools.iter().map(|pool| pool.sum.due_fen));
    assert!(claims == institutions && claims == pools, "Invariant: Σ claims and lines = Σ institutions = Σ pools");
    let totals = &month.totals;
    let cases = totals.cases_paid + totals.cases_unpaid + totals.cases_excluded;
    assert_eq!(totals.cases_in, cases, "Invariant: claims in = paid + unpaid + excluded");
    for row in &month.institutions {
        let paid = i128::from(row.payable_fen) + i128::from(row.carried_out_fen);
        let net = i128::from(row.prepaid_fen) - i128::from(row.withheld_fen) + i128::from(row.corrections_fen);
        let owed = net + i128::from(row.carried_in_fen);
        assert_eq!(paid, owed, "Invariant: payable + carried out = prepaid − withheld + corrections + carried in");
    }
}
