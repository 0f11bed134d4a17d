//! Annual clearing.
//!
//! 1. Final point value over the year's cases, corrections and points of recognised exams; each due by it.
//! 2. Consortia: total, referral link, care outside, balance; bands; what is kept or borne.
//! 3. Institutions outside cleared consortia: surplus and overrun against what the fund paid by item; bands.
//! 4. The reserve limits what is paid beyond dues, where the rules say so.
//! 5. A consortium's adjustment is divided among its members; dues of cases never change.
//! 6. Deposit returned by score, forfeits, penalties; less what was paid: pay or recover.

mod adjust;
mod bands;
mod book;
mod classes;
mod consortium;
mod deposit;
mod members;
mod reasonable;
mod reserve;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

pub use consortium::ConsortiumYear;
pub use members::MemberYear;
pub use reasonable::Reasonable;
pub use reserve::ReserveYear;

use super::cases::Cases;
use super::entry::Entry;
use super::month::{Placeholder, drafts, pack_of, pool_name};
use super::overflow;
use super::pool::{PoolMonth, Settled, settle};
use super::recognised::{PaidLine, PointLine, place};
use super::sums::{Group, Sum};
use crate::ledger::Period;
use crate::money::{Fen, allocate};
use crate::policy::rules::{ApprovedRow, ReasonableOverrun, SharingSubject};
use crate::policy::{PackId, Policy, PolicySet};
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};

/// What an institution was paid, and what was withheld from it, in one month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidMonth {
    pub institution: String,
    pub insutype: String,
    pub withheld_fen: i64,
    pub payable_fen: i64,
}

/// What a year is cleared from.
#[derive(Clone, Copy, Debug)]
pub struct YearInput<'a> {
    /// A whole year.
    pub period: Period,
    /// The year's cases with their corrections.
    pub cases: &'a Cases<'a>,
    pub set: &'a PolicySet,
    pub paid: &'a [PaidMonth],
    /// What the year before left in the reserves.
    pub openings: &'a Openings,
    /// Points of recognised exams, of every month of the year.
    pub recognised: &'a [PointLine],
}

/// By pool, the year that the book has cleared last before, and what its reserve closed with.
pub type Openings = BTreeMap<String, (Period, i64)>;

/// An institution's year, a row an insurance type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InstitutionYear {
    pub institution: String,
    pub insutype: String,
    pub pool: String,
    pub sum: Sum,
    pub point_value_e6: Option<i64>,
    /// Entitlement and cost of what is shared by institution: cases outside cleared consortia.
    pub entitled_fen: i64,
    pub cost_fen: i64,
    /// Of the surplus, what is kept; of the overrun, what the fund bears.
    pub kept_fen: i64,
    pub borne_fen: i64,
    /// What of its overrun is approved, where a list is in force.
    pub reasonable: Option<Reasonable>,
    /// What surplus and overrun change in the due.
    pub adjustment_fen: i64,
    /// The part of its consortium's balance.
    pub member_share_fen: i64,
    pub penalty_fen: i64,
    pub withheld_fen: i64,
    pub returned_fen: i64,
    /// The score returns all of it, whatever rounding does.
    pub full_return: bool,
    /// A part of the deposits that others forfeited.
    pub redistributed_fen: i64,
    pub paid_fen: i64,
    /// Pay, or recover when negative.
    pub final_fen: i64,
}

impl InstitutionYear {
    /// The deposit that does not come back.
    #[must_use]
    pub fn forfeited_fen(&self) -> i64 {
        self.withheld_fen - self.returned_fen
    }
}

/// The cleared year.
#[derive(Clone, Debug)]
pub struct Year {
    pub period: Period,
    pub pack: PackId,
    pub simulation: bool,
    /// Standard and final due of each case, in the order of the cases.
    pub standard_fen: Vec<i64>,
    pub due_fen: Vec<i64>,
    pub institutions: Vec<InstitutionYear>,
    pub pools: Vec<PoolMonth>,
    pub consortia: Vec<ConsortiumYear>,
    pub members: Vec<MemberYear>,
    pub reserves: Vec<ReserveYear>,
    /// Points of recognised exams and what is due for them by the final point value.
    pub recognised: Vec<PaidLine>,
    pub entries: Vec<Entry>,
    pub placeholders: Vec<Placeholder>,
}

/// Clears a year, or tells all that is missing. Warnings come with the result.
pub fn year(input: &YearInput<'_>) -> Result<(Year, Problems), Problems> {
    let pack = pack_of(input.set, input.period, input.cases.len())?;
    let policy = &input.set.packs[pack];
    let lines = place(policy, input.set, &input.cases.pools, input.recognised)?;
    let Settled { pools, dues, groups, lines } = settle(policy, input.cases, lines, input.period)?;
    let cleared = clear(policy, input.period, (input.paid, input.openings), &pools, &groups)?;
    let mut problems = drafts(input.set, std::iter::once(pack));
    let simulation = !problems.0.is_empty();
    problems.append(notes(policy, input.period, &cleared));
    let mut year = Year {
        period: input.period,
        pack,
        simulation,
        placeholders: placeholders(policy),
        standard_fen: dues.standard_fen,
        due_fen: dues.due_fen,
        institutions: cleared.institutions,
        pools,
        consortia: cleared.consortia,
        members: cleared.members,
        reserves: cleared.reserves,
        recognised: lines,
        entries: Vec::new(),
    };
    assert_whole(&year);
    year.entries = book::entries(&year, policy);
    Ok((year, problems))
}

/// What a clearing should tell though it changes nothing: approvals that no rule shares, reserves below zero.
fn notes(policy: &Policy, period: Period, cleared: &Cleared) -> Problems {
    let mut problems = Problems::new();
    if let Some(rule) = &policy.reasonable_overrun
        && let ReasonableOverrun::List { table, .. } = &rule.value
    {
        let shared = |row: &&ApprovedRow| {
            let institution = |own: &InstitutionYear| {
                let found = adjust::sharing_of(policy, SharingSubject::Institution, &row.subject, &own.pool);
                own.institution == row.subject && own.insutype == row.insutype && found.is_some()
            };
            let consortium =
                |own: &ConsortiumYear| own.consortium == row.subject && own.pool == row.insutype && own.cleared;
            cleared.institutions.iter().any(institution) || cleared.consortia.iter().any(consortium)
        };
        let own = table.0.iter().map(|(row, _)| row).filter(|row| row.year == period.to_string());
        for row in own.filter(|row| !shared(row)) {
            let problem = Problem::new(&m::APPROVED_FOR_NOTHING).with("rule", &policy.rule(rule.rule).name);
            let problem = problem.with("subject", &row.subject).with("insutype", &row.insutype);
            problems.push(problem.with("year", &row.year));
        }
    }
    for reserve in &cleared.reserves {
        if let Some(year) = reserve.carried_from.filter(|_| reserve.opening_fen != reserve.stated_fen) {
            let problem = Problem::new(&m::OPENING_CARRIED).with("pool", &reserve.pool).with("year", year);
            let problem = problem.with("amount", Fen(reserve.opening_fen));
            problems.push(problem.with("stated", Fen(reserve.stated_fen)));
        }
        if let Some(closing) = reserve.closing_fen().filter(|closing| *closing < 0) {
            let problem = Problem::new(&m::RESERVE_BELOW_ZERO).with("pool", &reserve.pool);
            problems.push(problem.with("amount", Fen(closing)));
        }
    }
    problems
}

/// What clearing finds beyond the dues of cases.
pub(super) struct Cleared {
    pub institutions: Vec<InstitutionYear>,
    pub consortia: Vec<ConsortiumYear>,
    pub members: Vec<MemberYear>,
    pub reserves: Vec<ReserveYear>,
}

/// Clears what the pools and the sums of dues are known of.
pub(super) fn clear(
    policy: &Policy,
    period: Period,
    (paid, openings): (&[PaidMonth], &Openings),
    pools: &[PoolMonth],
    groups: &BTreeMap<Group, Sum>,
) -> Result<Cleared, Problems> {
    let mut consortia = consortium::clear(policy, period, pools, groups)?;
    let mut institutions = rows(paid, policy, pools, groups).ok_or_else(overflow)?;
    adjust::institutions(policy, period, groups, &consortia, pools, &mut institutions).ok_or_else(overflow)?;
    deposit::settle(policy, &mut institutions)?;
    deposit::penalties(policy, period, &mut institutions).ok_or_else(overflow)?;
    let reserves =
        reserve::settle(policy, (pools, openings), &mut consortia, &mut institutions).ok_or_else(overflow)?;
    let members = members::divide(policy, period, &consortia, groups, pools)?;
    add_members(policy, &members, &mut institutions);
    hand_down(&members, &mut institutions).ok_or_else(overflow)?;
    institutions.iter_mut().try_for_each(finish).ok_or_else(overflow)?;
    Ok(Cleared { institutions, consortia, members, reserves })
}

/// One row an institution and insurance type that has cases or was paid.
fn rows(
    paid: &[PaidMonth],
    policy: &Policy,
    pools: &[PoolMonth],
    groups: &BTreeMap<Group, Sum>,
) -> Option<Vec<InstitutionYear>> {
    let mut rows: BTreeMap<(String, String), InstitutionYear> = BTreeMap::new();
    for (group, sum) in groups {
        let row = rows.entry((group.institution.clone(), group.insutype.clone())).or_default();
        let pool = &pools[usize::from(group.pool)];
        row.pool.clone_from(&pool.pool);
        row.point_value_e6 = pool.point_value_e6;
        row.sum = row.sum.plus(sum)?;
    }
    for paid in paid {
        let row = rows.entry((paid.institution.clone(), paid.insutype.clone())).or_default();
        row.withheld_fen = row.withheld_fen.checked_add(paid.withheld_fen)?;
        row.paid_fen = row.paid_fen.checked_add(paid.payable_fen)?;
    }
    let named = |((institution, insutype), row): ((String, String), InstitutionYear)| {
        let pool = if row.pool.is_empty() { pool_name(policy, &insutype) } else { row.pool };
        InstitutionYear { institution, insutype, pool, ..row }
    };
    Some(rows.into_iter().map(named).collect())
}

/// A row for each member with a part and without cases, of the first insurance type of its pool.
fn add_members(policy: &Policy, members: &[MemberYear], institutions: &mut Vec<InstitutionYear>) {
    for member in members.iter().filter(|member| member.share_fen != 0) {
        let is_own = |row: &InstitutionYear| row.institution == member.institution && row.pool == member.pool;
        if institutions.iter().any(is_own) {
            continue;
        }
        let pools = policy.pools.value.pools();
        let types = pools.iter().find(|(pool, _)| *pool == member.pool).map(|(_, types)| types.as_slice());
        let insutype = types.and_then(|types| types.first()).map_or(member.pool.as_str(), |own| *own);
        institutions.push(InstitutionYear {
            institution: member.institution.clone(),
            insutype: insutype.to_owned(),
            pool: member.pool.clone(),
            ..InstitutionYear::default()
        });
    }
    institutions.sort_by(|a, b| (&a.institution, &a.insutype).cmp(&(&b.institution, &b.insutype)));
}

/// Puts the members' parts into the institutions' rows; of several insurance types in a pool, by points.
fn hand_down(members: &[MemberYear], institutions: &mut [InstitutionYear]) -> Option<()> {
    for member in members {
        let own: Vec<usize> = (0..institutions.len())
            .filter(|at| institutions[*at].institution == member.institution && institutions[*at].pool == member.pool)
            .collect();
        let mut weights: Vec<i128> = own.iter().map(|at| institutions[*at].sum.points_e4.max(0).into()).collect();
        if weights.iter().all(|weight| *weight == 0) {
            weights.fill(1);
        }
        for (at, part) in own.iter().zip(allocate(Fen(member.share_fen), &weights)?) {
            let row = &mut institutions[*at];
            row.member_share_fen = row.member_share_fen.checked_add(part.0)?;
        }
    }
    Some(())
}

/// due + adjustments − penalty − forfeited + redistributed − paid.
fn finish(row: &mut InstitutionYear) -> Option<()> {
    let due = row.sum.due_fen.checked_add(row.adjustment_fen)?.checked_add(row.member_share_fen)?;
    let after = due.checked_sub(row.penalty_fen)?.checked_sub(row.forfeited_fen())?;
    row.final_fen = after.checked_add(row.redistributed_fen)?.checked_sub(row.paid_fen)?;
    Some(())
}

fn placeholders(policy: &Policy) -> Vec<Placeholder> {
    let by_case = [
        "special.",
        "ungrouped.",
        "low_",
        "high_",
        "missing_weight.",
        "coefficient.",
        "adjust.",
        "scope.",
        "recognition_",
        "weight_",
    ];
    let relied = policy.rules.iter().filter(|rule| !by_case.iter().any(|family| rule.kind.starts_with(family)));
    let found: BTreeSet<Placeholder> = relied
        .filter_map(|rule| {
            let why = rule.placeholder.clone()?;
            Some(Placeholder { pack: rule.pack.clone(), rule: rule.name.clone(), why })
        })
        .collect();
    found.into_iter().collect()
}

/// Conservation: a fault here is ours.
fn assert_whole(year: &Year) {
    let sum = |fen: &mut dyn Iterator<Item = i64>| fen.map(i128::from).sum::<i128>();
    let recognised = year.recognised.iter().map(|line| line.due_fen);
    let cases = sum(&mut year.due_fen.iter().copied().chain(recognised));
    let institutions = sum(&mut year.institutions.iter().map(|row| row.sum.due_fen));
    let pools = sum(&mut year.pools.iter().map(|pool| pool.sum.due_fen));
    assert!(cases == institutions && cases == pools, "Invariant: Σ cases and lines = Σ institutions = Σ pools");
    let shares = sum(&mut year.institutions.iter().map(|row| row.member_share_fen));
    let members = sum(&mut year.members.iter().map(|member| member.share_fen));
    let balances = sum(&mut year.consortia.iter().map(|row| row.adjustment_fen));
    assert!(shares == members && members == balances, "Invariant: Σ members = Σ consortia, to the fen");
    let forfeited = sum(&mut year.institutions.iter().map(InstitutionYear::forfeited_fen));
    let redistributed = sum(&mut year.institutions.iter().map(|row| row.redistributed_fen));
    if !year.reserves.is_empty() {
        let penalties = sum(&mut year.institutions.iter().map(|row| row.penalty_fen));
        let reserved = sum(&mut year.reserves.iter().map(|row| row.penalties_fen));
        assert!(penalties == reserved, "Invariant: every penalty reaches the reserve of its pool");
        let reserved = sum(&mut year.reserves.iter().map(|row| row.forfeited_fen));
        assert!(redistributed + reserved == forfeited, "Invariant: every forfeit reaches a reserve or others");
    }
    assert!(redistributed == 0 || redistributed == forfeited, "Invariant: forfeits are divided whole or kept whole");
}
