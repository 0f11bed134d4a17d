//! A pack resolved to the dictionaries of a batch of claims.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;

use super::exact::Exact;
use super::lines::{Listed, listed};
use super::plain::SiteTable;
use super::when::Test;
use crate::claims::Claims;
use crate::grouper::{Outcome, Status};
use crate::money::Rounding;
use crate::policy::rules::{
    Budget, Coefficient, Counted, DateBasis, DueBasis, Institutions, Method, MissingWeight, OtherTypes, PointValue,
    PoolMean, Pools, Readmission, RoundingRule, Scope,
};
use crate::policy::{Factor, Policy, RuleNo, Yuan};

/// What an insurance type belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PoolOf {
    Pool(u8),
    Excluded,
    Unknown,
}

/// An institution with the level that its coefficients go by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Site {
    pub institution: u32,
    pub level: String,
    pub consortium: Option<Arc<str>>,
    /// Its own coefficient in the register.
    pub coefficient: Option<Factor>,
    /// First and last day of its row in the register.
    pub days: (i32, i32),
}

/// Which site a row belongs to.
#[derive(Clone, Debug)]
enum SiteOf {
    /// By institution: the sites of its rows in the register.
    Register(Vec<Vec<u32>>),
    /// By institution and level as written.
    Claims(HashMap<(u32, u32), u32, foldhash::fast::FixedState>),
}

/// Scope conditions by dictionary number.
#[derive(Clone, Debug)]
pub(super) struct ScopeTest {
    pub date: DateBasis,
    pub earlier: Counted,
    pub here: Option<Vec<bool>>,
    pub med_types: Option<Vec<bool>>,
    pub min_days: Option<i32>,
    pub max_days: Option<i32>,
    pub min_total_fen: Option<i64>,
}

/// What of a pack depends on the dictionaries of the claims.
#[derive(Clone, Debug)]
pub(super) struct Resolved {
    sites: Vec<Site>,
    site_of: SiteOf,
    pool_of: Vec<PoolOf>,
    scope: ScopeTest,
    specials: Vec<Test>,
    adjusts: Vec<Test>,
    exempt: Vec<Test>,
    left_out: Vec<bool>,
}

impl Resolved {
    /// For cases whose site, pool and rule are found already.
    pub(super) fn of_sites(sites: Vec<Site>) -> Resolved {
        Resolved {
            sites,
            site_of: SiteOf::Register(Vec::new()),
            pool_of: Vec::new(),
            scope: ScopeTest {
                date: DateBasis::Settlement,
                earlier: Counted::Include,
                here: None,
                med_types: None,
                min_days: None,
                max_days: None,
                min_total_fen: None,
            },
            specials: Vec::new(),
            adjusts: Vec::new(),
            exempt: Vec::new(),
            left_out: Vec::new(),
        }
    }
}

/// A pack ready for pricing a batch.
#[derive(Clone, Debug)]
pub(super) struct Prepared<'p> {
    pub policy: &'p Policy,
    pub pack: u8,
    /// What its rule numbers begin at among all packs'.
    pub rule_base: u16,
    pub scale: Exact,
    /// Fen a weight, by pool; empty for the points method.
    pub rates: Option<Vec<Option<Exact>>>,
    /// Whether amounts are the fund's own (`fund`), not the whole bill's.
    pub fund_basis: bool,
    /// The amounts a claim must state: fund, patient, other funds.
    pub needs: (bool, bool, bool),
    pub points_digits: u32,
    pub points_rounding: Rounding,
    pub money_rounding: Rounding,
    pub pool_of: Vec<PoolOf>,
    pub sites: Vec<Site>,
    site_of: SiteOf,
    pub scope: ScopeTest,
    /// Coefficients by rule, group and institution.
    pub by_group: BTreeMap<(RuleNo, &'p str, &'p str), Factor>,
    /// Multiples of lines listed by group.
    pub listed: Listed<'p>,
    pub specials: Vec<Test>,
    pub adjusts: Vec<Test>,
    /// Conditions that exempt a readmission.
    pub exempt: Vec<Test>,
    /// By outcome: its group has no weight, and the rules leave such cases out.
    pub left_out: Vec<bool>,
    /// The ungrouped rule of each status.
    pub ungrouped: BTreeMap<Status, usize>,
    /// M in fen, by pool; filled in after the first pass when it is measured.
    pub pool_means: Vec<Option<Exact>>,
}

impl<'p> Prepared<'p> {
    pub(super) fn new(
        policy: &'p Policy,
        pack: u8,
        rule_base: u16,
        pools: &[String],
        claims: &Claims,
        outcomes: &[Outcome],
    ) -> Prepared<'p> {
        let (sites, site_of) = sites(policy, claims);
        let resolved = Resolved {
            sites,
            site_of,
            pool_of: pool_of(&policy.pools.value, pools, claims),
            scope: scope(&policy.scope.value, claims),
            specials: policy.special.iter().map(|rule| Test::new(rule.value.when(), claims, outcomes)).collect(),
            adjusts: policy.adjust.iter().map(|rule| Test::new(rule.value.when(), claims, outcomes)).collect(),
            exempt: match policy.readmission.as_ref().map(|rule| &rule.value) {
                Some(Readmission::Within { exempt: Some(exempt), .. }) => {
                    exempt.iter().map(|when| Test::new(when, claims, outcomes)).collect()
                }
                _ => Vec::new(),
            },
            left_out: left_out(policy, outcomes),
        };
        Prepared::with(policy, pack, rule_base, pools, resolved)
    }

    /// A pack whose sites and conditions are resolved already.
    pub(super) fn with(
        policy: &'p Policy,
        pack: u8,
        rule_base: u16,
        pools: &[String],
        resolved: Resolved,
    ) -> Prepared<'p> {
        let Resolved { sites, site_of, pool_of, scope, specials, adjusts, exempt, left_out } = resolved;
        let RoundingRule::Digits { points_digits, points, money, .. } = &policy.rounding.value;
        let (scale, rates) = match &policy.method.value {
            Method::Points { scale } => (scale.0, None),
            Method::Rate { rates, scale, .. } => (scale.0, Some(by_pool(rates, pools))),
        };
        let basis = due_basis(policy);
        let statuses = policy.ungrouped.iter().enumerate();
        let ungrouped =
            statuses.flat_map(|(at, rule)| rule.value.statuses().iter().map(move |s| (s.status(), at))).collect();
        Prepared {
            policy,
            pack,
            rule_base,
            scale: Exact::whole(scale.into()),
            rates,
            fund_basis: basis == DueBasis::Fund,
            needs: (
                basis == DueBasis::Fund || matches!(policy.budget.value, Budget::AsPaid {}),
                basis == DueBasis::Gross,
                basis == DueBasis::Gross,
            ),
            points_digits: u32::try_from(points_digits.0).unwrap_or(4),
            points_rounding: *points,
            money_rounding: *money,
            pool_of,
            sites,
            site_of,
            scope,
            by_group: by_group(policy),
            listed: listed(policy),
            specials,
            adjusts,
            exempt,
            left_out,
            ungrouped,
            pool_means: match policy.pool_mean.as_ref().map(|rule| &rule.value) {
                Some(PoolMean::Fixed { values }) => by_pool(values, pools),
                _ => vec![None; pools.len()],
            },
        }
    }

    /// M where the rules say it is measured.
    pub(super) fn measure(&mut self, means: &[Option<Exact>]) {
        if matches!(self.policy.pool_mean.as_ref().map(|rule| &rule.value), Some(PoolMean::Current {})) {
            self.pool_means = means.to_vec();
        }
    }

    pub(super) fn site(&self, claims: &Claims, row: usize) -> Option<u32> {
        let institution = claims.institution.id(row);
        match &self.site_of {
            SiteOf::Register(sites) => {
                let day = claims.discharged[row];
                let holds = |site: &&u32| {
                    let (from, to) = self.sites[**site as usize].days;
                    from <= day && day <= to
                };
                sites[institution as usize].iter().find(holds).copied()
            }
            SiteOf::Claims(sites) => sites.get(&(institution, level_id(claims, row))).copied(),
        }
    }

    /// By site: the first of those with the same prices.
    pub(super) fn alike(&self) -> Vec<u32> {
        let mut firsts: HashMap<_, u32> = HashMap::new();
        let sites = self.sites.iter().enumerate();
        let first = |(at, site): (usize, &Site)| {
            // Where groups have coefficients of institutions, no two are alike.
            let own = (!self.by_group.is_empty()).then_some(at);
            *firsts.entry((site.level.clone(), site.coefficient.map(|factor| factor.0), own)).or_insert(at as u32)
        };
        sites.map(first).collect()
    }

    /// The sites by institution and level, of a pack with this first and last day.
    pub(super) fn site_table(&self, texts: &Claims, (first, last): (i32, i32)) -> SiteTable {
        let always = |site: u32| {
            let (from, to) = self.sites[site as usize].days;
            from <= first && last <= to
        };
        match &self.site_of {
            SiteOf::Register(of) => {
                let only = |own: &Vec<u32>| own.first().copied().filter(|site| own.len() == 1 && always(*site));
                SiteTable { levels: 1, sites: of.iter().map(only).collect() }
            }
            SiteOf::Claims(of) => {
                let levels = texts.hospital_level.texts().len() + 1;
                let mut sites = vec![None; texts.institution.texts().len() * levels];
                for (&(institution, level), &site) in of {
                    sites[institution as usize * levels + (level as usize).min(levels - 1)] = Some(site);
                }
                SiteTable { levels, sites }
            }
        }
    }

    pub(super) fn rule(&self, number: RuleNo) -> u16 {
        self.rule_base + number.0
    }
}

/// By outcome: whether its group has no weight, and the rules leave such cases out.
pub(super) fn left_out(policy: &Policy, outcomes: &[Outcome]) -> Vec<bool> {
    let excludes = matches!(policy.missing_weight.value, MissingWeight::Exclude {});
    let weighted =
        |outcome: &Outcome| policy.weight_table.rows.get(&outcome.drg).is_some_and(|row| row.value.is_some());
    let out = |outcome: &Outcome| excludes && outcome.status == Status::Grouped && !weighted(outcome);
    outcomes.iter().map(out).collect()
}

/// What of a standard the fund owes, by the rules of a pack.
#[must_use]
pub(crate) fn due_basis(policy: &Policy) -> DueBasis {
    match (&policy.method.value, policy.point_value.as_ref().map(|rule| &rule.value)) {
        (Method::Rate { due, .. }, _) | (_, Some(PointValue::Fixed { due, .. })) => *due,
        (_, Some(PointValue::Fund {})) => DueBasis::Fund,
        _ => DueBasis::Gross,
    }
}

/// A value of each pool; `*` stands for those not named.
fn by_pool(values: &BTreeMap<String, Yuan>, pools: &[String]) -> Vec<Option<Exact>> {
    let value = |pool: &String| values.get(pool).or_else(|| values.get("*"));
    pools.iter().map(|pool| value(pool).map(|yuan| Exact::whole(yuan.0.0.into()))).collect()
}

fn pool_of(rule: &Pools, pools: &[String], claims: &Claims) -> Vec<PoolOf> {
    let (Pools::ByInsuranceType { others, .. } | Pools::Merged { others, .. }) = rule;
    let own = rule.pools();
    let find = |insutype: &String| {
        let name = own.iter().find(|(_, types)| types.contains(&insutype.as_str())).map(|(name, _)| name);
        let number = name.and_then(|name| pools.iter().position(|pool| pool == name));
        match (number.and_then(|n| u8::try_from(n).ok()), others) {
            (Some(pool), _) => PoolOf::Pool(pool),
            (None, OtherTypes::Exclude) => PoolOf::Excluded,
            (None, OtherTypes::Refuse) => PoolOf::Unknown,
        }
    };
    claims.insurance_type.texts().iter().map(find).collect()
}

fn scope(rule: &Scope, claims: &Claims) -> ScopeTest {
    let Scope::Inpatient { date, earlier, out_of_area, local_places, med_types, min_days, max_days, min_total } = rule;
    let here = local_places.as_ref().filter(|_| *out_of_area == Counted::Exclude).map(|places| {
        claims.insured_place.texts().iter().map(|place| place.is_empty() || places.contains(place)).collect()
    });
    let wanted = |types: &Vec<String>| claims.stays.med_type.texts().iter().map(|t| types.contains(t)).collect();
    ScopeTest {
        date: *date,
        earlier: *earlier,
        here,
        med_types: med_types.as_ref().map(wanted),
        min_days: min_days.and_then(|days| i32::try_from(days.0).ok()),
        max_days: max_days.and_then(|days| i32::try_from(days.0).ok()),
        min_total_fen: min_total.map(|yuan| yuan.0.0),
    }
}

fn by_group(policy: &Policy) -> BTreeMap<(RuleNo, &str, &str), Factor> {
    let tables = policy.coefficients.iter().filter_map(|rule| match &rule.value {
        Coefficient::DrgInstitution { table, .. } => Some((rule.rule, table)),
        _ => None,
    });
    let rows = tables.flat_map(|(rule, table)| table.0.iter().map(move |(row, _)| (rule, row)));
    rows.map(|(rule, row)| ((rule, row.drg.as_str(), row.fixmedins_code.as_str()), row.coefficient)).collect()
}

fn level_id(claims: &Claims, row: usize) -> u32 {
    if claims.hospital_level.is_empty() { u32::MAX } else { claims.hospital_level.id(row) }
}

fn sites(policy: &Policy, claims: &Claims) -> (Vec<Site>, SiteOf) {
    let mut sites = Vec::new();
    match &policy.institutions.value {
        Institutions::Register { .. } => {
            let mut of = vec![Vec::new(); claims.institution.texts().len()];
            for row in policy.register() {
                if let Some(institution) = claims.institution.find(&row.fixmedins_code) {
                    of[institution as usize].push(sites.len() as u32);
                    sites.push(Site {
                        institution,
                        level: row.hosp_lv.clone(),
                        consortium: row.consortium.as_deref().map(Arc::from),
                        coefficient: row.coefficient,
                        days: row.days(),
                    });
                }
            }
            (sites, SiteOf::Register(of))
        }
        Institutions::FromClaims { levels } => {
            let mut of: HashMap<(u32, u32), u32, foldhash::fast::FixedState> = HashMap::default();
            for row in 0..claims.len() {
                let (institution, level) = (claims.institution.id(row), level_id(claims, row));
                of.entry((institution, level)).or_insert_with(|| {
                    let written = claims.hospital_level.texts().get(level as usize).map_or("", String::as_str);
                    let named = levels.as_ref().and_then(|names| names.get(written));
                    let level = named.map_or(written, String::as_str).to_owned();
                    let days = (i32::MIN, i32::MAX);
                    sites.push(Site { institution, level, consortium: None, coefficient: None, days });
                    sites.len() as u32 - 1
                });
            }
            (sites, SiteOf::Claims(of))
        }
    }
}
