//! What all cases of one group at one institution share.

use std::ops::Deref;
use std::sync::Arc;

use super::exact::Exact;
use super::fault::Fault;
use super::prepare::{Prepared, Site};
use crate::grouper::Outcome;
use crate::policy::Factor;
use crate::policy::rules::{Coefficient, MissingWeight, Reference, SamePrice, Special, WeightUnit};

/// Which rule prices the cases of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum What {
    /// The outcome's group.
    Group(u16),
    /// A special rule of the pack, by position, and the group whose weight it needs ([`NO_GROUP`] for none).
    Special(u16, u16),
    /// An ungrouped rule of the pack, by position.
    Ungrouped(u16),
}

/// Stands for the group of a rule that needs none.
pub(super) const NO_GROUP: u16 = u16::MAX;

/// Cases with one pack, pool, institution and group: the institution, and what they share with those of every other
/// institution that no rule of prices tells apart.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Number of the institution among the claims' institutions.
    pub institution: u32,
    pub consortium: Option<Arc<str>>,
    values: Arc<CellValues>,
}

impl Cell {
    /// The cell of a site.
    pub(super) fn new(site: &Site, values: Arc<CellValues>) -> Cell {
        Cell { institution: site.institution, consortium: site.consortium.clone(), values }
    }
}

impl Deref for Cell {
    type Target = CellValues;

    fn deref(&self) -> &CellValues {
        &self.values
    }
}

/// The common values of cases of a cell. The symbols are those of `docs/policy.md`.
#[derive(Clone, Debug)]
pub struct CellValues {
    pub pack: u8,
    pub pool: u8,
    pub level: String,
    /// RW.
    pub weight: Option<Exact>,
    /// f.
    pub coefficient: Exact,
    /// A in fen.
    pub mean_fen: Option<Exact>,
    /// M in fen.
    pub pool_mean_fen: Option<Exact>,
    /// L and its reference R in fen.
    pub low: Option<(Factor, Exact)>,
    /// K and its reference R in fen.
    pub high: Option<(Factor, Exact)>,
    /// The dearest low outlier.
    pub low_max_fen: i64,
    /// The cheapest high outlier.
    pub high_min_fen: i64,
    weight_e6: Option<i64>,
    /// RW of the group that prices the case when a TCM gate is missed.
    pub(super) fallback: Option<Exact>,
    pub(super) what: What,
    /// Points and amount of a normal case.
    pub(super) normal: (i64, i64),
}

impl CellValues {
    /// RW in millionths, as weight tables have it.
    #[must_use]
    pub fn weight_e6(&self) -> Option<i64> {
        self.weight_e6
    }
}

/// Computes the values of `what` at a site.
pub(super) fn build(
    prepared: &Prepared<'_>,
    pool: u8,
    site: u32,
    what: What,
    outcomes: &[Outcome],
    institutions: &[String],
    pools: &[String],
) -> Result<CellValues, Fault> {
    let place = &prepared.sites[site as usize];
    let pool_mean_fen = prepared.pool_means[usize::from(pool)];
    let mut cell = CellValues {
        pack: prepared.pack,
        pool,
        level: place.level.clone(),
        weight: None,
        coefficient: Exact::ONE,
        mean_fen: None,
        pool_mean_fen,
        low: None,
        high: None,
        low_max_fen: i64::MIN,
        high_min_fen: i64::MAX,
        weight_e6: None,
        fallback: None,
        what,
        normal: (0, 0),
    };
    if let Some(rates) = &prepared.rates
        && rates[usize::from(pool)].is_none()
    {
        return Err(Fault::NoRate(pools[usize::from(pool)].clone()));
    }
    let institution = &institutions[place.institution as usize];
    match what {
        What::Group(number) => {
            let drg = outcomes[usize::from(number)].drg.as_str();
            if !weigh(prepared, &mut cell, institution, place, drg)? {
                return Ok(cell);
            }
            super::lines::draw(prepared, &mut cell, drg)?;
            cell.normal = super::evaluate::normal(prepared, &cell).ok_or(Fault::Overflow)?;
        }
        What::Special(at, number) if number != NO_GROUP => {
            let drg = outcomes[usize::from(number)].drg.as_str();
            if !weigh(prepared, &mut cell, institution, place, drg)? {
                return Ok(cell);
            }
            cell.what = What::Special(at, number);
        }
        What::Special(at, _) => {
            if let Special::TcmAdvantage { weight, fallback, .. } = &prepared.policy.special[usize::from(at)].value {
                let row = prepared.policy.weight_table.rows.get(fallback).and_then(|row| row.value);
                let value = row.ok_or_else(|| Fault::MissingWeight(fallback.clone()))?;
                cell.fallback = Some(rw(prepared, value)?);
                let weight = Exact::scaled(weight.0, Factor::DIGITS);
                cell.weight = Some(weight);
                cell.weight_e6 = weight.round(6, crate::money::Rounding::HalfUp);
                cell.coefficient = coefficient(prepared, institution, place, fallback)?;
            }
        }
        What::Ungrouped(_) => {}
    }
    Ok(cell)
}

/// A value of the weight table as RW.
fn rw(prepared: &Prepared<'_>, value: Factor) -> Result<Exact, Fault> {
    let value = Exact::scaled(value.0, Factor::DIGITS);
    match prepared.policy.weight_table.unit {
        WeightUnit::Weight => Ok(value),
        WeightUnit::BasePoints => value.over(prepared.scale).ok_or(Fault::Overflow),
    }
}

/// Gives the cell RW, f and A of a group. `false`: the group has no weight, and the rules say what becomes of the cell.
fn weigh(
    prepared: &Prepared<'_>,
    cell: &mut CellValues,
    institution: &str,
    place: &Site,
    drg: &str,
) -> Result<bool, Fault> {
    let row = prepared.policy.weight_table.rows.get(drg);
    let Some(value) = row.and_then(|row| row.value) else {
        cell.what = match &prepared.policy.missing_weight.value {
            // Cases that the rules leave out have no cell.
            MissingWeight::Refuse {} | MissingWeight::Exclude {} => return Err(Fault::MissingWeight(drg.to_owned())),
            MissingWeight::AsUngrouped {} => {
                let rule = prepared.ungrouped.get(&crate::grouper::Status::Ungroupable).copied().unwrap_or_default();
                What::Ungrouped(rule as u16)
            }
        };
        return Ok(false);
    };
    let weight = rw(prepared, value)?;
    cell.weight = Some(weight);
    cell.weight_e6 = weight.round(6, crate::money::Rounding::HalfUp);
    cell.coefficient = coefficient(prepared, institution, place, drg)?;
    cell.mean_fen = match row.and_then(|row| row.mean_cost) {
        Some(mean) if mean.0 == 0 => return Err(Fault::ZeroReference(drg.to_owned())),
        Some(mean) => Some(Exact::whole(mean.0.into())),
        None => cell.pool_mean_fen.and_then(|mean| mean.times(weight)),
    };
    Ok(true)
}

/// f: the product of every coefficient rule, or 1 for a group of one price.
fn coefficient(prepared: &Prepared<'_>, institution: &str, place: &Site, drg: &str) -> Result<Exact, Fault> {
    let policy = prepared.policy;
    let level = place.level.as_str();
    let same = policy.same_price.iter().any(|rule| {
        let SamePrice::Groups { drgs, levels } = &rule.value;
        drgs.contains(drg) && levels.as_ref().is_none_or(|levels| levels.iter().any(|own| own == level))
    });
    if same {
        return Ok(Exact::ONE);
    }
    let mut product = Exact::ONE;
    for rule in &policy.coefficients {
        let name = || Fault::Coefficient { rule: policy.rule(rule.rule).name.clone() };
        let factor = match &rule.value {
            Coefficient::Fixed { value } => *value,
            Coefficient::Institution { default } => place.coefficient.or(*default).ok_or_else(name)?,
            Coefficient::DrgInstitution { default, .. } => {
                prepared.by_group.get(&(rule.rule, drg, institution)).copied().or(*default).ok_or_else(name)?
            }
            Coefficient::Level { columns, levels, default } => {
                let column = columns.as_ref().and_then(|columns| columns.get(level));
                let own = column.and_then(|column| policy.weight_table.figure(drg, column));
                let global = || levels.as_ref().and_then(|levels| levels.get(level)).copied();
                own.or_else(global).or(*default).ok_or_else(|| {
                    let names = columns.iter().flat_map(|c| c.keys()).chain(levels.iter().flat_map(|l| l.keys()));
                    let mut known: Vec<&str> = names.map(String::as_str).collect();
                    known.sort_unstable();
                    known.dedup();
                    Fault::Level {
                        level: level.to_owned(),
                        known: known.join(", "),
                        rule: policy.rule(rule.rule).name.clone(),
                    }
                })?
            }
        };
        product = product.times(Exact::scaled(factor.0, Factor::DIGITS)).ok_or(Fault::Overflow)?;
    }
    Ok(product)
}

pub(super) fn reference_fen(
    prepared: &Prepared<'_>,
    cell: &CellValues,
    reference: Reference,
    drg: &str,
) -> Result<Exact, Fault> {
    let weight = cell.weight.ok_or(Fault::Overflow)?;
    let rate = prepared.rates.as_ref().and_then(|rates| rates[usize::from(cell.pool)]);
    let value = match reference {
        Reference::GroupMean => cell.mean_fen,
        Reference::PoolMean => cell.pool_mean_fen.and_then(|mean| mean.times(weight)),
        Reference::PaymentStandard => {
            rate.or(cell.pool_mean_fen).and_then(|unit| unit.times(weight)).and_then(|v| v.times(cell.coefficient))
        }
    };
    match value {
        None => Err(Fault::NoReference(drg.to_owned())),
        Some(value) if value.is_zero() => Err(Fault::ZeroReference(drg.to_owned())),
        Some(value) => Ok(value),
    }
}
