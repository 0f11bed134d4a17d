//! First pass: which rule and cell each claim goes to.

use hashbrown::HashMap;

use super::cell::{NO_GROUP, What};
use super::fault::{Fault, Faults};
use super::kind::Reason;
use super::prepare::{PoolOf, Prepared};
use crate::claims::{Claims, UNKNOWN};
use crate::grouper::{Grouped, Outcome, Status};
use crate::ledger::Period;
use crate::policy::RuleNo;
use crate::policy::rules::{Counted, DateBasis, Special};

/// An amount that a claim does not state.
pub(super) const UNKNOWN_FEN: i64 = i64::MIN;

/// What identifies a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub pack: u8,
    pub pool: u8,
    pub site: u32,
    pub what: What,
}

impl std::hash::Hash for Key {
    /// In two words: cells are looked up for every case.
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        let (kind, first, second) = match self.what {
            What::Group(group) => (0, group, 0),
            What::Special(rule, group) => (1, rule, group),
            What::Ungrouped(rule) => (2, rule, 0),
        };
        state.write_u64(u64::from(self.pack) | u64::from(self.pool) << 8 | u64::from(self.site) << 16);
        state.write_u64(u64::from(first) | u64::from(second) << 16 | kind << 32);
    }
}

/// Where a claim goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way {
    Cell(u32),
    Out {
        pack: u8,
        reason: Reason,
        /// The rule that leaves it out.
        rule: RuleNo,
    },
    Faulty,
}

/// The first pass over a chunk.
#[derive(Default)]
pub(super) struct Assigned {
    pub ways: Vec<Way>,
    /// The cells met, in order of appearance, with their number of cases.
    pub keys: Vec<(Key, u64)>,
    /// By pool: Σ C and cases, for the measured mean.
    pub sums: Vec<(i128, i128)>,
    pub faults: Faults,
}

/// What the first pass reads.
pub(super) struct Input<'a> {
    pub claims: &'a Claims,
    pub grouped: &'a Grouped,
    pub outcomes: &'a [Outcome],
    pub prepared: &'a [Prepared<'a>],
    /// First and last day of each pack, counted from 1970-01-01.
    pub validity: &'a [(i32, i32)],
    pub period: Option<Period>,
    pub pools: &'a [String],
}

impl Input<'_> {
    pub(super) fn assign(&self, rows: impl IntoIterator<Item = usize>) -> Assigned {
        let mut out = Assigned { sums: vec![(0, 0); self.pools.len()], ..Assigned::default() };
        let mut numbers: HashMap<Key, u32, foldhash::fast::FixedState> = HashMap::default();
        let days = self.period.map(|period| (period.first_day().to_epoch_days(), period.last_day().to_epoch_days()));
        for row in rows {
            let way = match self.way(row, days, &mut out.faults) {
                Ok(key) => {
                    let total = &mut out.sums[usize::from(key.pool)];
                    *total = (total.0 + i128::from(self.claims.total_fen[row]), total.1 + 1);
                    let next = out.keys.len() as u32;
                    let number = *numbers.entry(key).or_insert_with(|| {
                        out.keys.push((key, 0));
                        next
                    });
                    out.keys[number as usize].1 += 1;
                    Way::Cell(number)
                }
                Err(way) => way,
            };
            out.ways.push(way);
        }
        out
    }

    fn way(&self, row: usize, period: Option<(i32, i32)>, faults: &mut Faults) -> Result<Key, Way> {
        let claims = self.claims;
        let id = || claims.stays.setl_id.get(row);
        let discharged = claims.discharged[row];
        if discharged == UNKNOWN {
            faults.add(Fault::NoDischargeDate, 1, (id(), ""));
            return Err(Way::Faulty);
        }
        let Some(pack) = self.validity.iter().position(|(from, to)| *from <= discharged && discharged <= *to) else {
            faults.add_day(Fault::NoPack, discharged, id());
            return Err(Way::Faulty);
        };
        let prepared = &self.prepared[pack];
        let scope = prepared.policy.scope.rule;
        if let Some(reason) = self.out_of_period(prepared, row, period, faults)? {
            return Err(prepared.out(reason, scope));
        }
        if let Some(reason) = self.out_of_scope(prepared, row, faults)? {
            return Err(prepared.out(reason, scope));
        }
        let pool = match prepared.pool_of[claims.insurance_type.id(row) as usize] {
            PoolOf::Pool(pool) => pool,
            PoolOf::Excluded => return Err(prepared.out(Reason::InsuranceType, prepared.policy.pools.rule)),
            PoolOf::Unknown => {
                let insutype = claims.insurance_type.get(row).to_owned();
                faults.add(Fault::InsuranceType(insutype), 1, (id(), ""));
                return Err(Way::Faulty);
            }
        };
        let Some(site) = prepared.site(claims, row) else {
            faults.add(Fault::Institution(claims.institution.get(row).to_owned()), 1, (id(), ""));
            return Err(Way::Faulty);
        };
        let what = self.what(prepared, row, site, faults)?;
        self.amounts(prepared, row, faults)?;
        Ok(Key { pack: prepared.pack, pool, site, what })
    }

    fn out_of_period(
        &self,
        prepared: &Prepared<'_>,
        row: usize,
        period: Option<(i32, i32)>,
        faults: &mut Faults,
    ) -> Result<Option<Reason>, Way> {
        let Some((first, last)) = period else {
            return Ok(None);
        };
        let day = match prepared.scope.date {
            DateBasis::Settlement => self.claims.settled.get(row).copied().unwrap_or(UNKNOWN),
            DateBasis::Discharge => self.claims.discharged[row],
        };
        if day == UNKNOWN {
            faults.add(Fault::NoSettlementDate, 1, (self.claims.stays.setl_id.get(row), ""));
            return Err(Way::Faulty);
        }
        Ok(match prepared.scope.earlier {
            _ if day > last => Some(Reason::Later),
            Counted::Exclude if day < first => Some(Reason::Earlier),
            _ => None,
        })
    }

    fn out_of_scope(&self, prepared: &Prepared<'_>, row: usize, faults: &mut Faults) -> Result<Option<Reason>, Way> {
        let (scope, claims) = (&prepared.scope, self.claims);
        let flagged = |flags: &Option<Vec<bool>>, column: &crate::text::Dictionary| {
            flags.as_ref().is_none_or(|flags| column.is_empty() || flags[column.id(row) as usize])
        };
        if !flagged(&scope.here, &claims.insured_place) {
            return Ok(Some(Reason::Elsewhere));
        }
        if !flagged(&scope.med_types, &claims.stays.med_type) {
            return Ok(Some(Reason::MedType));
        }
        if scope.min_days.is_some() || scope.max_days.is_some() {
            let days = self.days(row, || prepared.policy.rule(prepared.policy.scope.rule).name.clone(), faults)?;
            if scope.min_days.is_some_and(|least| days < least) {
                return Ok(Some(Reason::TooShort));
            }
            if scope.max_days.is_some_and(|most| days > most) {
                return Ok(Some(Reason::TooLong));
            }
        }
        Ok(scope.min_total_fen.filter(|least| claims.total_fen[row] < *least).map(|_| Reason::TooSmall))
    }

    /// Every amount that the rules need must be stated.
    fn amounts(&self, prepared: &Prepared<'_>, row: usize, faults: &mut Faults) -> Result<(), Way> {
        let claims = self.claims;
        let (fund, patient, other) = prepared.needs;
        let columns = [
            (true, "medfee_sumamt", claims.total_fen[row]),
            (fund, "hifp_pay", claims.fund_fen[row]),
            (patient, "psn_pay", claims.patient_fen[row]),
            (other, "oth_fund_pay", claims.other_fund_fen[row]),
        ];
        match columns.into_iter().find(|(needed, _, fen)| *needed && *fen == UNKNOWN_FEN) {
            None => Ok(()),
            Some((_, column, _)) => {
                faults.add(Fault::Amount(column), 1, (claims.stays.setl_id.get(row), ""));
                Err(Way::Faulty)
            }
        }
    }

    /// The length of stay, which a rule needs.
    fn days(&self, row: usize, rule: impl Fn() -> String, faults: &mut Faults) -> Result<i32, Way> {
        match self.claims.stays.los_days.get(row).copied().unwrap_or(UNKNOWN) {
            UNKNOWN => {
                faults.add(Fault::LengthOfStay(rule()), 1, (self.claims.stays.setl_id.get(row), ""));
                Err(Way::Faulty)
            }
            days => Ok(days),
        }
    }

    fn what(&self, prepared: &Prepared<'_>, row: usize, site: u32, faults: &mut Faults) -> Result<What, Way> {
        let number = self.grouped.outcomes[row];
        let policy = prepared.policy;
        for (at, test) in prepared.specials.iter().enumerate() {
            let level = prepared.sites[site as usize].level.as_str();
            let rule = &policy.special[at];
            let grouped = self.outcomes[usize::from(number)].status == Status::Grouped;
            if (grouped || !rule.value.by_group()) && test.holds(self.claims, row, usize::from(number), level) {
                if matches!(rule.value, Special::Exclude { .. }) {
                    return Err(prepared.out(Reason::Special, rule.rule));
                }
                if rule.value.by_day() {
                    self.days(row, || policy.rule(rule.rule).name.clone(), faults)?;
                }
                if !rule.value.knows_level(level) {
                    let (level, known) = (level.to_owned(), rule.value.levels().join(", "));
                    let rule = policy.rule(rule.rule).name.clone();
                    faults.add(Fault::Level { level, known, rule }, 1, (self.claims.institution.get(row), ""));
                    return Err(Way::Faulty);
                }
                if !rule.value.by_group() {
                    return Ok(What::Special(at as u16, NO_GROUP));
                }
                return self.weighted(prepared, number).map(|number| What::Special(at as u16, number));
            }
        }
        let outcome = &self.outcomes[usize::from(number)];
        if outcome.status == Status::Grouped {
            return self.weighted(prepared, number).map(What::Group);
        }
        // Every status has its rule: checked when the pack was compiled.
        Ok(What::Ungrouped(prepared.ungrouped.get(&outcome.status).copied().unwrap_or_default() as u16))
    }

    /// The group itself, unless it has no weight and the rules leave such cases out.
    fn weighted(&self, prepared: &Prepared<'_>, number: u16) -> Result<u16, Way> {
        if prepared.left_out[usize::from(number)] {
            return Err(prepared.out(Reason::NoWeight, prepared.policy.missing_weight.rule));
        }
        Ok(number)
    }
}

impl Prepared<'_> {
    fn out(&self, reason: Reason, rule: RuleNo) -> Way {
        Way::Out { pack: self.pack, reason, rule }
    }
}
