//! The year a second time.

use std::collections::{BTreeMap, BTreeSet};

use super::Found;
use super::compare::{Audited, Row, Sheet, cannot, compare};
use super::consortia::{Consortium, borne, clear, share_of, sharing_of};
use super::entries::Entries;
use super::members::{Member, divide};
use super::month::pool_row;
use super::place::pool_of;
use super::points::{point_lines, point_sheet, value_of};
use super::ratio::Ratio;
use super::sums::{Line, PoolMoney, Sum, open, settle, sum_of, to_fen};
use crate::ledger::Period;
use crate::policy::Policy;
use crate::policy::rules::{
    DeductionTo, DepositReturn, Forfeited, Penalty, Pools, Reserve, Score, Sharing, SharingSubject,
};
use crate::pricing::State;
use crate::problem::Problems;
use crate::settlement::{Cases, Openings, YearInput};
use crate::table::Table;

/// An institution's year.
#[derive(Clone, Debug)]
struct Institution {
    code: String,
    insutype: String,
    pool: String,
    value: Option<Ratio>,
    sum: Sum,
    entitled: Ratio,
    cost: Ratio,
    kept: Ratio,
    borne: Ratio,
    reasonable: Option<(Ratio, Ratio)>,
    adjustment: Ratio,
    member_share: Ratio,
    penalty: Ratio,
    withheld: Ratio,
    returned: Ratio,
    full: bool,
    redistributed: Ratio,
    paid: Ratio,
}

impl Institution {
    fn forfeited(&self) -> Ratio {
        &self.withheld - &self.returned
    }

    /// Something of it goes into a reserve or comes out of one.
    fn moves(&self) -> bool {
        !self.penalty.is_zero() || !self.forfeited().is_zero() || !self.adjustment.is_zero()
    }
}

/// Clears the year again and compares every figure of its tables.
pub fn year(input: &YearInput<'_>, tables: &BTreeMap<String, Table>) -> Result<Audited, Problems> {
    let sheets = sheets(input).map_err(cannot)?;
    compare(&sheets, tables)
}

fn sheets(input: &YearInput<'_>) -> Found<Vec<Sheet>> {
    let last = input.period.last_day();
    let valid = |policy: &&Policy| policy.valid_from <= last && policy.valid_to.is_none_or(|to| last <= to);
    let policy = input.set.packs.iter().find(valid).ok_or("pack")?;
    let mut lines = lines_of(input.cases);
    let cases = lines.len();
    lines.extend(point_lines(policy, input.set, input.recognised)?);
    let mut pools = Vec::new();
    for name in input.cases.pools.iter() {
        pools.push(open(policy, name, &lines, input.period)?);
    }
    settle(policy, &mut pools, &mut lines)?;
    let mut consortia = clear(policy, input.period, &lines)?;
    let mut rows = institutions(input, policy, &pools, &lines);
    for row in &mut rows {
        shared(policy, input.period, &lines, &consortia, row);
    }
    deposits(policy, &mut rows)?;
    penalties(policy, input.period, &mut rows);
    let reserves = reserves(policy, (&pools, input.openings), &mut rows, &mut consortia)?;
    let members = divide(policy, input.period, &consortia, &lines)?;
    add_members(policy, &members, &mut rows);
    hand_down(&members, &mut rows)?;
    let claims = lines[..cases]
        .iter()
        .map(|line| Row::new(&[&line.institution]).money("standard", &line.standard).money("due", &line.due));
    let pool_rows: Vec<Row> = pools.iter().map(pool_row).collect();
    let institutions: Vec<Row> = rows.iter().map(institution_row).collect();
    let consortia: Vec<Row> = consortia.iter().map(Consortium::row).collect();
    let members: Vec<Row> = members.iter().map(Member::row).collect();
    let year = input.period.year();
    let mut entries = Entries::new(policy);
    pools.iter().zip(&pool_rows).for_each(|(pool, row)| entries.pool(pool, row));
    for (own, line) in input.recognised.iter().zip(&lines[cases..]) {
        entries.recognised(own, value_of(&pools, line).as_deref(), &line.due.text(2));
    }
    for row in &reserves {
        let pool = row.named::<1>()[0];
        entries.reserve(pool, row, input.openings.get(pool).map(|(year, _)| *year));
    }
    for (own, row) in rows.iter().zip(&institutions) {
        entries.institution_year(row.named::<2>().into(), &own.sum.standard.text(2), year, row);
    }
    consortia.iter().for_each(|row| entries.consortium_year(row.named::<2>().into(), year, row));
    members.iter().for_each(|row| entries.member(row.named::<3>().into(), row));
    let mut sheets = vec![
        Sheet::new("claims", &[], claims.collect()),
        Sheet::new("pools", &["insutype"], pool_rows),
        Sheet::new("institutions", &["fixmedins_code", "insutype"], institutions),
        Sheet::new("consortia", &["consortium", "insutype"], consortia),
        Sheet::new("members", &["consortium", "insutype", "fixmedins_code"], members),
        Sheet::new("reserves", &["insutype"], reserves),
        point_sheet(&pools, input.recognised, &lines[cases..]),
    ];
    sheets.extend(entries.sheets());
    Ok(sheets)
}

fn lines_of(cases: &Cases<'_>) -> Vec<Line> {
    let known = |fen: i64| Some(fen).filter(|fen| *fen != i64::MIN).map(Ratio::yuan);
    let mut lines = Vec::new();
    for row in 0..cases.len() {
        let weight = Some(cases.weight_e6[row]).filter(|weight| *weight != i64::MIN);
        let own = cases.details.map(|own| {
            [&own.own_pay_fen, &own.first_own_pay_fen, &own.deductible_fen].map(|column| Ratio::yuan(column[row]))
        });
        lines.push(Line {
            institution: cases.institution.get(row).to_owned(),
            insutype: cases.insutype.get(row).to_owned(),
            consortium: cases.consortium.get(row).to_owned(),
            pool: cases.pools.get(usize::from(cases.pool[row])).cloned().unwrap_or_default(),
            state: cases.state[row],
            count: cases.count[row].into(),
            points: Ratio::scaled(cases.points_e4[row], 4),
            amount: Ratio::yuan(cases.amount_fen[row]),
            outside: Ratio::yuan(cases.outside_fen[row]),
            total: Ratio::yuan(cases.total_fen[row]),
            fund: known(cases.fund_fen[row]),
            patient: known(cases.patient_fen[row]),
            other: known(cases.other_fund_fen[row]),
            weight: weight.map(|weight| Ratio::scaled(weight, 6)),
            own,
            standard: Ratio::zero(),
            due: Ratio::zero(),
            recognised: false,
        });
    }
    lines
}

fn empty(code: &str, insutype: &str, policy: &Policy) -> Institution {
    let zero = Ratio::zero;
    Institution {
        code: code.to_owned(),
        insutype: insutype.to_owned(),
        pool: pool_of(&policy.pools.value, insutype).unwrap_or_else(|| insutype.to_owned()),
        value: None,
        sum: Sum::zero(),
        entitled: zero(),
        cost: zero(),
        kept: zero(),
        borne: zero(),
        reasonable: None,
        adjustment: zero(),
        member_share: zero(),
        penalty: zero(),
        withheld: zero(),
        returned: zero(),
        full: false,
        redistributed: zero(),
        paid: zero(),
    }
}

fn institutions(input: &YearInput<'_>, policy: &Policy, pools: &[PoolMoney], lines: &[Line]) -> Vec<Institution> {
    let mut names: BTreeSet<(&str, &str)> = BTreeSet::new();
    for line in lines.iter().filter(|line| line.state != State::Excluded) {
        names.insert((&line.institution, &line.insutype));
    }
    names.extend(input.paid.iter().map(|paid| (paid.institution.as_str(), paid.insutype.as_str())));
    for rule in &policy.penalties {
        let Penalty::Table { table } = &rule.value;
        for (row, _) in &table.0 {
            if row.year.is_none_or(|year| year.0 == i64::from(input.period.year())) {
                names.insert((row.fixmedins_code.as_str(), row.insutype.as_str()));
            }
        }
    }
    let mut rows = Vec::new();
    for (code, insutype) in names {
        let mut row = empty(code, insutype, policy);
        let own: Vec<&Line> = lines
            .iter()
            .filter(|line| line.state != State::Excluded && line.institution == code && line.insutype == insutype)
            .collect();
        if let Some(line) = own.last() {
            row.pool.clone_from(&line.pool);
            row.value = pools.iter().find(|pool| pool.name == line.pool).and_then(|pool| pool.value.clone());
        }
        row.sum = sum_of(own);
        for paid in input.paid.iter().filter(|paid| paid.institution == code && paid.insutype == insutype) {
            row.withheld = row.withheld + Ratio::yuan(paid.withheld_fen);
            row.paid = row.paid + Ratio::yuan(paid.payable_fen);
        }
        rows.push(row);
    }
    rows
}

/// Surplus and overrun over the cases outside cleared consortia.
fn shared(policy: &Policy, period: Period, lines: &[Line], consortia: &[Consortium], row: &mut Institution) {
    let cleared =
        |line: &Line| consortia.iter().any(|one| one.cleared && one.name == line.consortium && one.pool == line.pool);
    let own = lines.iter().filter(|line| line.state != State::Excluded && line.institution == row.code);
    let sum = sum_of(own.filter(|line| line.insutype == row.insutype && !cleared(line)));
    (row.entitled, row.cost) = (sum.due - sum.recognised_due, sum.cost);
    let Some(rule) = sharing_of(policy, SharingSubject::Institution, &row.code, &row.pool) else { return };
    let Sharing::Bands { surplus, mode, edge, .. } = rule;
    let balance = &row.entitled - &row.cost;
    let over = balance.opposite().most(Ratio::zero());
    let (fund, reasonable) = borne(policy, period, rule, (&row.code, &row.insutype), &over, &row.entitled);
    row.reasonable = reasonable;
    if !row.entitled.is_positive() {
        return;
    }
    if balance.is_positive() {
        row.kept = to_fen(policy, &share_of(surplus, *mode, *edge, &balance, &row.entitled));
        row.adjustment = &row.kept - balance;
    } else {
        row.borne = fund;
        row.adjustment = row.borne.clone();
    }
}

/// The score of a subject in the snapshot of a rule.
pub(super) fn score_of<'s>(scores: impl IntoIterator<Item = &'s Score>, snapshot: &str, subject: &str) -> Found<Ratio> {
    let own = scores.into_iter().find(|score| score.subject == subject && score.snapshot == snapshot);
    own.map(|score| Ratio::scaled(score.score.0, 6)).ok_or_else(|| format!("score {subject}"))
}

fn deposits(policy: &Policy, rows: &mut [Institution]) -> Found<()> {
    let mut forfeited_to = Forfeited::Reserve;
    for row in rows.iter_mut() {
        row.returned = row.withheld.clone();
        if row.withheld.is_zero() {
            continue;
        }
        let share = match policy.deposit_return.as_ref().map(|rule| &rule.value) {
            None | Some(DepositReturn::Full {}) => continue,
            Some(DepositReturn::Linear { full, scores, snapshot, forfeited }) => {
                forfeited_to = *forfeited;
                let score = score_of(scores.0.iter().map(|(score, _)| score), snapshot, &row.code)?;
                score.over(&Ratio::scaled(full.0, 6)).ok_or("full")?.least(Ratio::one())
            }
            Some(DepositReturn::Bands { bands, scores, snapshot, forfeited }) => {
                forfeited_to = *forfeited;
                let score = score_of(scores.0.iter().map(|(score, _)| score), snapshot, &row.code)?;
                let (mut best, mut share) = (Ratio::whole(-1), Ratio::zero());
                for (band, _) in &bands.0 {
                    let from = Ratio::scaled(band.from.0, 6);
                    if from <= score && from > best {
                        (best, share) = (from, Ratio::scaled(band.share.0, 6));
                    }
                }
                share
            }
        };
        row.full = share == Ratio::one();
        row.returned = to_fen(policy, &(&row.withheld * share));
    }
    if forfeited_to == Forfeited::Redistribute {
        redistribute(rows)?;
    }
    Ok(())
}

/// Forfeits of each pool to those with a full return, by points; where a pool has forfeits and nobody such, all stay.
fn redistribute(rows: &mut [Institution]) -> Found<()> {
    let pools: BTreeSet<String> = rows.iter().map(|row| row.pool.clone()).collect();
    let mut plan = Vec::new();
    for pool in pools {
        let own: Vec<usize> = (0..rows.len()).filter(|at| rows[*at].pool == pool).collect();
        let whole = own.iter().fold(Ratio::zero(), |sum, at| sum + rows[*at].forfeited());
        let any = own.iter().any(|at| !rows[*at].forfeited().is_zero());
        let mut good = own;
        good.retain(|at| {
            let row = &rows[*at];
            row.withheld.is_positive() && row.full && row.sum.points.is_positive()
        });
        if any && good.is_empty() {
            return Ok(());
        }
        if !whole.is_zero() {
            plan.push((whole, good));
        }
    }
    for (whole, good) in plan {
        let points: Vec<Ratio> = good.iter().map(|at| rows[*at].sum.points.clone()).collect();
        for (at, part) in good.iter().zip(whole.divide(&points, 2).ok_or("redistribute")?) {
            rows[*at].redistributed = part;
        }
    }
    Ok(())
}

fn penalties(policy: &Policy, period: Period, rows: &mut [Institution]) {
    for rule in &policy.penalties {
        let Penalty::Table { table } = &rule.value;
        for (penalty, _) in &table.0 {
            if penalty.year.is_some_and(|year| year.0 != i64::from(period.year())) {
                continue;
            }
            for row in rows.iter_mut() {
                if row.code == penalty.fixmedins_code && row.insutype == penalty.insutype {
                    row.penalty = &row.penalty + Ratio::yuan(penalty.amount.0.0);
                }
            }
        }
    }
}

/// Opening + in − out of each pool; a limited reserve cuts what it cannot pay, pro rata.
fn reserves(
    policy: &Policy,
    (pools, openings): (&[PoolMoney], &Openings),
    rows: &mut [Institution],
    consortia: &mut [Consortium],
) -> Found<Vec<Row>> {
    let Some(rule) = &policy.reserve else { return Ok(Vec::new()) };
    let Reserve::Ledger { opening, limited } = &rule.value;
    let zero = Ratio::zero;
    let redistributed = rows.iter().any(|row| !row.redistributed.is_zero());
    let mut out = Vec::new();
    let mut names: BTreeSet<String> = pools.iter().map(|pool| pool.name.clone()).collect();
    names.extend(opening.keys().filter(|name| *name != "*").chain(openings.keys()).cloned());
    names.extend(rows.iter().filter(|row| row.moves()).map(|row| row.pool.clone()));
    for name in &names {
        let opening = match openings.get(name) {
            Some((_, closing)) => Ratio::yuan(*closing),
            None => super::place::of_pool(opening, name).unwrap_or_else(zero),
        };
        let (mut deducted, mut limit) = (zero(), zero());
        for pool in pools.iter().filter(|pool| pool.name == *name) {
            for (_, to, part) in &pool.deducted {
                if *to == DeductionTo::Reserve {
                    deducted = deducted + part;
                }
            }
            limit = pool.balance.clone().filter(|_| pool.limited).unwrap_or_else(zero);
        }
        let (mut penalties, mut forfeited) = (zero(), zero());
        let mut changes: Vec<&mut Ratio> = Vec::new();
        for row in rows.iter_mut().filter(|row| row.pool == *name) {
            penalties = penalties + &row.penalty;
            if !redistributed {
                forfeited = forfeited + row.forfeited();
            }
            changes.push(&mut row.adjustment);
        }
        changes.extend(consortia.iter_mut().filter(|one| one.pool == *name).map(|one| &mut one.adjustment));
        let given_back = changes.iter().fold(zero(), |sum, change| sum - (**change).clone().least(zero()));
        let asked = changes.iter().fold(zero(), |sum, change| sum + (**change).clone().most(zero()));
        let available = &opening + &deducted + &limit + &penalties + &forfeited + &given_back;
        let mut paid = asked.clone();
        if *limited && available < asked {
            paid = available.clone().most(zero());
            let weights: Vec<Ratio> = changes.iter().map(|change| (**change).clone().most(zero())).collect();
            let parts = paid.divide(&weights, 2).ok_or("reserve")?;
            for (change, part) in changes.into_iter().zip(parts) {
                if change.is_positive() {
                    *change = part;
                }
            }
        }
        out.push(
            Row::new(&[name])
                .money("opening", &opening)
                .money("deducted", &deducted)
                .money("point_value_limit", &limit)
                .money("penalties", &penalties)
                .money("forfeited", &forfeited)
                .money("given_back", &given_back)
                .money("asked", &asked)
                .money("paid", &paid)
                .money("closing", &(available - &paid)),
        );
    }
    Ok(out)
}

/// Who gets a part and has no case has a row too, of the pool's first insurance type.
fn add_members(policy: &Policy, members: &[Member], rows: &mut Vec<Institution>) {
    for member in members.iter().filter(|member| !member.share.is_zero()) {
        if rows.iter().any(|row| row.code == member.institution && row.pool == member.pool) {
            continue;
        }
        let types = match &policy.pools.value {
            Pools::ByInsuranceType { .. } => None,
            Pools::Merged { pools, .. } => pools.get(&member.pool).and_then(|types| types.first()),
        };
        rows.push(empty(&member.institution, types.unwrap_or(&member.pool), policy));
    }
}

/// A member's share goes to its rows of the pool, by points; to all alike where there are none.
fn hand_down(members: &[Member], rows: &mut [Institution]) -> Found<()> {
    for member in members {
        let own: Vec<usize> = (0..rows.len())
            .filter(|at| rows[*at].code == member.institution && rows[*at].pool == member.pool)
            .collect();
        let mut weights: Vec<Ratio> = own.iter().map(|at| rows[*at].sum.points.clone().most(Ratio::zero())).collect();
        if weights.iter().all(Ratio::is_zero) {
            weights.fill(Ratio::one());
        }
        for (at, part) in own.iter().zip(member.share.divide(&weights, 2).ok_or("member")?) {
            rows[*at].member_share = &rows[*at].member_share + part;
        }
    }
    Ok(())
}

fn institution_row(row: &Institution) -> Row {
    let forfeited = row.forfeited();
    let due = &row.sum.due + &row.adjustment + &row.member_share;
    let last = due - &row.penalty - &forfeited + &row.redistributed - &row.paid;
    Row::new(&[&row.code, &row.insutype])
        .number("cases", Some(&row.sum.cases), 0)
        .number("points", Some(&row.sum.points), 4)
        .number("point_value", row.value.as_ref(), 6)
        .money("due", &row.sum.due)
        .money("prepaid", &row.paid)
        .money("withheld", &forfeited)
        .money("payable", &last)
        .money("entitled", &row.entitled)
        .money("cost", &row.cost)
        .money("kept", &row.kept)
        .money("borne", &row.borne)
        .money("adjustment", &row.adjustment)
        .money("member_share", &row.member_share)
        .money("penalty", &row.penalty)
        .money("deposit", &row.withheld)
        .money("returned", &row.returned)
        .money("redistributed", &row.redistributed)
        .number("cmi", row.sum.cmi().as_ref(), 4)
        .text("pool", &row.pool)
        .number("recognition_points", Some(&row.sum.recognised_points), 4)
        .money("recognition_due", &row.sum.recognised_due)
        .number("approved_overrun", row.reasonable.as_ref().map(|of| &of.0), 2)
        .number("reasonable_overrun", row.reasonable.as_ref().map(|of| &of.1), 2)
}
