//! Cases reduced to what settlement needs of them, so that a month or a year under other budgets, prices or shares
//! costs a pass over groups and not over claims; to the fen the same as [`super::month`] and [`super::year`].
//!
//! A due is `points × point value`, rounded case by case. Cases with the same points have the same rounded amount, so
//! that it is enough to know how often each number of points occurs in a group.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::cases::Cases;
use super::correction::Correction;
use super::due::{Terms, points_fen};
use super::month::{Carried, ConsortiumMonth, InstitutionMonth, consortia, institutions, pack_of, same_terms};
use super::overflow;
use super::pool::{PoolMonth, close, open_all};
use super::recognised::{PaidLine, PointLine, add_points, pay, place};
use super::sums::{Group, Sum, of_row};
use super::year::{Cleared, ConsortiumYear, InstitutionYear, MemberYear, Openings, PaidMonth, ReserveYear, clear};
use crate::ledger::Period;
use crate::policy::rules::DueBasis;
use crate::policy::{PackId, Policy, PolicySet};
use crate::pricing::State;
use crate::problem::catalogue::settlement as m;
use crate::problem::{Problem, Problems};

/// The cases of a month or a year by group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compact {
    /// Names of the pools.
    pub pools: Vec<String>,
    groups: Vec<Part>,
}

/// The cases of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    group: Group,
    /// Sums before the point value is known.
    sum: Sum,
    /// Of paid cases: by amount, within and outside the pool; what patients and other funds paid.
    paid: PaidSum,
    /// Points in ten-thousandths and how many paid cases have them, in order; nothing for none.
    points: Vec<(i64, i64)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct PaidSum {
    amount_fen: i64,
    patient_fen: i64,
    other_fen: i64,
    /// A paid case does not state what the patient or other funds paid.
    unknown: bool,
}

/// Cases of one group that are alike, or the sum of some: what [`Compact::add`] takes.
#[derive(Clone, Copy, Debug)]
pub struct CompactCase {
    /// Sums over the cases.
    pub sum: Sum,
    pub state: State,
    /// Points of each.
    pub points_e4: i64,
    /// How many cases have those points.
    pub rows: i64,
    /// A case does not state what the patient or other funds paid.
    pub unknown: bool,
}

impl Compact {
    /// Reduces cases. `None` when a sum does not fit.
    #[must_use]
    pub fn of(cases: &Cases<'_>) -> Option<Compact> {
        let mut compact = Compact { pools: cases.pools.to_vec(), groups: Vec::new() };
        let mut numbers: HashMap<(u32, u32, u8, u32), usize, foldhash::fast::FixedState> = HashMap::default();
        for row in (0..cases.len()).filter(|&row| cases.state[row] != State::Excluded) {
            let ids = (cases.institution.id(row), cases.insutype.id(row), cases.pool[row], cases.consortium.id(row));
            let number = *numbers.entry(ids).or_insert_with(|| {
                compact.group(Group {
                    institution: cases.institution.get(row).to_owned(),
                    insutype: cases.insutype.get(row).to_owned(),
                    pool: cases.pool[row],
                    consortium: cases.consortium.get(row).to_owned(),
                })
            });
            let unknown = cases.patient_fen[row] == i64::MIN || cases.other_fund_fen[row] == i64::MIN;
            let sum = of_row(cases, None, row)?;
            let (state, points_e4) = (cases.state[row], cases.points_e4[row]);
            compact.add(number, &CompactCase { sum, state, points_e4, rows: 1, unknown })?;
        }
        compact.tidy();
        Some(compact)
    }

    /// No cases yet.
    #[must_use]
    pub fn of_pools(pools: Vec<String>) -> Compact {
        Compact { pools, groups: Vec::new() }
    }

    /// A new group, and its number. The same group may be added twice: [`Compact::tidy`] joins the two.
    pub fn group(&mut self, group: Group) -> usize {
        self.groups.push(Part { group, sum: Sum::default(), paid: PaidSum::default(), points: Vec::new() });
        self.groups.len() - 1
    }

    /// Adds cases to a group. `None` when a sum does not fit.
    pub fn add(&mut self, number: usize, cases: &CompactCase) -> Option<()> {
        let part = &mut self.groups[number];
        part.sum = part.sum.plus(&cases.sum)?;
        if cases.state != State::Paid {
            return Some(());
        }
        let (paid, sum) = (&mut part.paid, &cases.sum);
        paid.amount_fen = paid.amount_fen.checked_add(sum.amount_fen)?.checked_add(sum.outside_fen)?;
        paid.patient_fen = paid.patient_fen.checked_add(sum.patient_fen)?;
        paid.other_fen = paid.other_fen.checked_add(sum.other_fund_fen)?;
        paid.unknown |= cases.unknown;
        if cases.points_e4 != 0 && cases.rows != 0 {
            part.points.push((cases.points_e4, cases.rows));
        }
        Some(())
    }

    /// Adds the groups of another with the same pools. `None` when a sum does not fit.
    pub fn append(&mut self, other: Compact) -> Option<()> {
        if self.pools.is_empty() {
            self.pools.clone_from(&other.pools);
        }
        let pool = |name: &String, pools: &mut Vec<String>| {
            pools.iter().position(|own| own == name).unwrap_or_else(|| {
                pools.push(name.clone());
                pools.len() - 1
            })
        };
        let numbers: Vec<usize> = other.pools.iter().map(|name| pool(name, &mut self.pools)).collect();
        for mut part in other.groups {
            part.group.pool = u8::try_from(*numbers.get(usize::from(part.group.pool))?).ok()?;
            self.groups.push(part);
        }
        Some(())
    }

    /// Joins equal groups and equal points; puts both in order.
    pub fn tidy(&mut self) {
        self.groups.sort_by(|a, b| a.group.cmp(&b.group));
        let mut groups: Vec<Part> = Vec::with_capacity(self.groups.len());
        for part in self.groups.drain(..) {
            match groups.last_mut().filter(|last| last.group == part.group) {
                Some(last) => last.join(part),
                None => groups.push(part),
            }
        }
        for part in &mut groups {
            part.points.sort_unstable();
            part.points.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                kept.1 += if same { next.1 } else { 0 };
                same
            });
            part.points.retain(|(_, rows)| *rows != 0);
        }
        self.groups = groups;
    }

    /// Adds `case`, the only row of its cases. `None` when a sum does not fit.
    pub fn put(&mut self, case: &Cases<'_>) -> Option<()> {
        let (sum, points_e4) = (of_row(case, None, 0)?, case.points_e4[0]);
        self.add_row(case, &CompactCase { sum, state: case.state[0], points_e4, rows: 1, unknown: false })
    }

    /// Takes back `case`, the only row of its cases. `None` when a sum does not fit.
    pub fn take_back(&mut self, case: &Cases<'_>) -> Option<()> {
        let (sum, points_e4) = (of_row(case, None, 0)?.negated()?, case.points_e4[0]);
        self.add_row(case, &CompactCase { sum, state: case.state[0], points_e4, rows: -1, unknown: false })
    }

    fn add_row(&mut self, case: &Cases<'_>, row: &CompactCase) -> Option<()> {
        let name = case.pools.get(usize::from(case.pool[0]))?;
        let pool = self.pools.iter().position(|own| own == name)?;
        let number = self.group(Group {
            institution: case.institution.get(0).to_owned(),
            insutype: case.insutype.get(0).to_owned(),
            pool: u8::try_from(pool).ok()?,
            consortium: case.consortium.get(0).to_owned(),
        });
        self.add(number, row)
    }

    /// What every case standing for `factor_e6` millionths of itself adds up to: each sum of a group is rounded once.
    /// `None` when a sum does not fit.
    #[must_use]
    pub fn times(&self, factor_e6: i64) -> Option<Compact> {
        let groups = self.groups.iter().map(|part| part.times(factor_e6)).collect::<Option<Vec<Part>>>()?;
        Some(Compact { pools: self.pools.clone(), groups })
    }

    /// The first institution and insurance type in which two differ, with the points of both.
    #[must_use]
    pub fn difference(&self, other: &Compact) -> Option<(String, i64, i64)> {
        let (own, others) = (self.named(), other.named());
        let names: BTreeSet<_> = own.keys().chain(others.keys()).copied().collect();
        let points = |part: Option<&&Part>| part.map_or(0, |part| part.sum.points_e4);
        names.into_iter().find_map(|name| {
            let (a, b) = (own.get(&name), others.get(&name));
            // A group whose cases were all taken back is no group.
            let worth =
                |part: Option<&&Part>| part.map_or_else(Default::default, |p| (p.sum, p.paid, p.points.clone()));
            let same = worth(a) == worth(b);
            (!same).then(|| (format!("{} {}", name.0, name.1), points(a), points(b)))
        })
    }

    /// Groups by names alone.
    fn named(&self) -> BTreeMap<(&str, &str, &str, &str), &Part> {
        let name = |part: &'_ Part| -> &str { self.pools.get(usize::from(part.group.pool)).map_or("", String::as_str) };
        let key = |part| {
            let Part { group, .. }: &Part = part;
            (group.institution.as_str(), group.insutype.as_str(), name(part), group.consortium.as_str())
        };
        self.groups.iter().map(|part| (key(part), part)).collect()
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    fn before(&self) -> BTreeMap<Group, Sum> {
        self.groups.iter().map(|part| (part.group.clone(), part.sum)).collect()
    }

    fn settle(&self, policy: &Policy, period: Period, mut lines: Vec<PaidLine>) -> Result<Settled, Problems> {
        let mut problems = Problems::new();
        let mut before = self.before();
        add_points(&lines, &mut before)?;
        let (mut pools, terms) = open_all(policy, &self.pools, &before, period, &mut problems)?;
        if terms.iter().any(|terms| terms.basis == DueBasis::Case) {
            let rows: i64 = self.groups.iter().map(|part| part.sum.cases + part.sum.unpaid).sum();
            problems.push(Problem::new(&m::NEEDS_OWN_PAY).with("cases", rows));
        }
        if problems.has_errors() {
            return Err(problems);
        }
        let after = |part: &Part| Some((part.group.clone(), part.after(&terms[usize::from(part.group.pool)])?));
        let groups = self.groups.iter().map(after).collect::<Option<BTreeMap<Group, Sum>>>();
        let mut groups = groups.ok_or_else(overflow)?;
        pay(&mut lines, &terms, &mut groups)?;
        close(&mut pools, &groups)?;
        Ok(Settled { pools, groups })
    }
}

struct Settled {
    pools: Vec<PoolMonth>,
    groups: BTreeMap<Group, Sum>,
}

impl Part {
    fn join(&mut self, other: Part) {
        self.sum = self.sum.plus(&other.sum).unwrap_or(self.sum);
        self.paid.amount_fen = self.paid.amount_fen.saturating_add(other.paid.amount_fen);
        self.paid.patient_fen = self.paid.patient_fen.saturating_add(other.paid.patient_fen);
        self.paid.other_fen = self.paid.other_fen.saturating_add(other.paid.other_fen);
        self.paid.unknown |= other.paid.unknown;
        self.points.extend(other.points);
    }

    /// The sums with standards and dues. `None` when an amount does not fit, or points have no value.
    fn after(&self, terms: &Terms) -> Option<Sum> {
        let mut points = 0i64;
        if terms.by_points {
            for &(points_e4, rows) in &self.points {
                points = points.checked_add(points_fen_of(points_e4, terms)?.checked_mul(rows)?)?;
            }
        }
        let standard_fen = points.checked_add(self.paid.amount_fen)?;
        let (patient, other) = match terms.basis {
            DueBasis::Gross if self.paid.unknown => return None,
            DueBasis::Gross => (self.paid.patient_fen, self.paid.other_fen),
            _ => (0, 0),
        };
        let due_fen = standard_fen.checked_sub(patient)?.checked_sub(other)?;
        // A case paid wholly outside the pool shares neither its points nor its patients' money.
        let (in_patient, in_other) = match terms.basis {
            DueBasis::Gross => (self.sum.pool_patient_fen, self.sum.pool_other_fen),
            _ => (0, 0),
        };
        let within = points.checked_add(self.sum.amount_fen)?;
        let pool_due_fen = within.checked_sub(in_patient)?.checked_sub(in_other)?;
        Some(Sum { standard_fen, due_fen, pool_due_fen, ..self.sum })
    }

    fn times(&self, factor_e6: i64) -> Option<Part> {
        let of = |number: i64| {
            let exact = i128::from(number).checked_mul(factor_e6.into())?;
            crate::money::div_round_i64(exact, 1_000_000, crate::money::Rounding::HalfUp)
        };
        let sum = &self.sum;
        let paid = &self.paid;
        Some(Part {
            group: self.group.clone(),
            sum: Sum {
                cases: of(sum.cases)?,
                unpaid: of(sum.unpaid)?,
                total_fen: of(sum.total_fen)?,
                fund_fen: of(sum.fund_fen)?,
                cost_fen: of(sum.cost_fen)?,
                patient_fen: of(sum.patient_fen)?,
                other_fund_fen: of(sum.other_fund_fen)?,
                points_e4: of(sum.points_e4)?,
                amount_fen: of(sum.amount_fen)?,
                outside_fen: of(sum.outside_fen)?,
                standard_fen: of(sum.standard_fen)?,
                due_fen: of(sum.due_fen)?,
                pool_patient_fen: of(sum.pool_patient_fen)?,
                pool_other_fen: of(sum.pool_other_fen)?,
                pool_due_fen: of(sum.pool_due_fen)?,
                weighted_cases: of(sum.weighted_cases)?,
                weights_e6: of(sum.weights_e6)?,
                recognised_e4: of(sum.recognised_e4)?,
                recognised_fen: of(sum.recognised_fen)?,
            },
            paid: PaidSum {
                amount_fen: of(sum.amount_fen)?.checked_add(of(sum.outside_fen)?)?,
                patient_fen: of(paid.patient_fen)?,
                other_fen: of(paid.other_fen)?,
                unknown: paid.unknown,
            },
            // The points of the group as one case, so that its due is points × value.
            points: vec![(of(sum.points_e4)?, 1)],
        })
    }
}

/// points × point value, to the fen. Nearly all fit 64 bits, where a division by a constant is cheap.
fn points_fen_of(points_e4: i64, terms: &Terms) -> Option<i64> {
    const FEN: i64 = 100_000_000;
    let value = terms.point_value_e6?;
    match points_e4.checked_mul(value) {
        Some(product) if product >= 0 && terms.rounding == crate::money::Rounding::HalfUp => {
            product.checked_add(FEN / 2).map(|product| product / FEN)
        }
        _ => points_fen(points_e4, value, terms.rounding),
    }
}

/// What a month is settled from when only figures are wanted.
#[derive(Clone, Copy, Debug)]
pub struct CompactMonth<'a> {
    pub period: Period,
    pub set: &'a PolicySet,
    pub cases: &'a Compact,
    /// The packs whose rules priced a case.
    pub used: &'a BTreeSet<PackId>,
    pub carried: &'a [Carried],
    pub corrections: &'a [Correction],
    pub recognised: &'a [PointLine],
}

/// The figures of a month, as [`super::Month`] has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthFigures {
    pub pools: Vec<PoolMonth>,
    pub institutions: Vec<InstitutionMonth>,
    pub consortia: Vec<ConsortiumMonth>,
}

impl CompactMonth<'_> {
    /// Settles, or tells all that is missing.
    pub fn settle(&self) -> Result<MonthFigures, Problems> {
        let pack = pack_of(self.set, self.period, 0)?;
        let problems = same_terms(self.set, pack, self.used);
        if problems.has_errors() {
            return Err(problems);
        }
        let policy = &self.set.packs[pack];
        let lines = place(policy, self.set, &self.cases.pools, self.recognised)?;
        let Settled { pools, groups } = self.cases.settle(policy, self.period, lines)?;
        let institutions = institutions(self.carried, (policy, self.period), &pools, &groups, self.corrections)?;
        let consortia = consortia(policy, self.period, &pools, &groups)?;
        assert_whole(&pools, institutions.iter().map(|row| row.sum.due_fen));
        Ok(MonthFigures { pools, institutions, consortia })
    }
}

/// What a year is cleared from when only figures are wanted.
#[derive(Clone, Copy, Debug)]
pub struct CompactYear<'a> {
    /// A whole year.
    pub period: Period,
    pub set: &'a PolicySet,
    pub cases: &'a Compact,
    pub paid: &'a [PaidMonth],
    pub openings: &'a Openings,
    pub recognised: &'a [PointLine],
}

/// The figures of a year, as [`super::Year`] has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearFigures {
    pub pools: Vec<PoolMonth>,
    pub institutions: Vec<InstitutionYear>,
    pub consortia: Vec<ConsortiumYear>,
    pub members: Vec<MemberYear>,
    pub reserves: Vec<ReserveYear>,
}

impl CompactYear<'_> {
    /// Clears, or tells all that is missing.
    pub fn settle(&self) -> Result<YearFigures, Problems> {
        let pack = pack_of(self.set, self.period, 0)?;
        let policy = &self.set.packs[pack];
        let lines = place(policy, self.set, &self.cases.pools, self.recognised)?;
        let Settled { pools, groups } = self.cases.settle(policy, self.period, lines)?;
        let Cleared { institutions, consortia, members, reserves } =
            clear(policy, self.period, (self.paid, self.openings), &pools, &groups)?;
        assert_whole(&pools, institutions.iter().map(|row| row.sum.due_fen));
        Ok(YearFigures { pools, institutions, consortia, members, reserves })
    }
}

/// Conservation: a fault here is ours.
fn assert_whole(pools: &[PoolMonth], institutions: impl Iterator<Item = i64>) {
    let pools: i128 = pools.iter().map(|pool| i128::from(pool.sum.due_fen)).sum();
    let institutions: i128 = institutions.map(i128::from).sum();
    assert!(pools == institutions, "Invariant: Σ institutions = Σ pools");
}
