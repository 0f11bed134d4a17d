//! The formulas of `docs/policy/`, one function a family.

use super::facts::Case;
use super::lines::multiple;
use super::place::{Placed, Way, of_pool, table_weight};
use super::ratio::Ratio;
use super::{Found, rule_name};
use crate::policy::rules::{
    Coefficient, DayBand, DueBasis, Equal, HighCase, LowCase, Method, PaidFrom, PointValue, Reference, SamePrice,
    Special, Ungrouped, UnstablePay, WeightUnit,
};
use crate::policy::{Factor, Policy, Rows, Share};
use crate::pricing::CaseKind;

/// What a case's formula works with. Money in yuan.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    /// s
    pub scale: Ratio,
    /// Yuan a weight, by rate.
    pub rate: Option<Ratio>,
    /// RW
    pub weight: Option<Ratio>,
    /// f
    pub coefficient: Ratio,
    /// A
    pub mean: Option<Ratio>,
    /// M
    pub pool_mean: Option<Ratio>,
    /// L and its R, K and its R.
    pub low: Option<(Ratio, Ratio)>,
    pub high: Option<(Ratio, Ratio)>,
    /// What payment by cost pays.
    pub cost: Option<Ratio>,
    pub total: Ratio,
}

/// A price before rounding; `None` for what is not paid yet.
pub(super) type Value = Option<Unrounded>;

/// Points, yuan out of the pool, yuan beside it.
#[derive(Clone, Debug)]
pub(super) struct Unrounded {
    pub points: Ratio,
    pub amount: Ratio,
    pub outside: Ratio,
}

fn points(points: Ratio) -> Value {
    Some(Unrounded { points, amount: Ratio::zero(), outside: Ratio::zero() })
}

fn money(points: Ratio, yuan: Ratio, from: PaidFrom) -> Value {
    Some(match from {
        PaidFrom::Budget => Unrounded { points, amount: yuan, outside: Ratio::zero() },
        PaidFrom::Outside => Unrounded { points, amount: Ratio::zero(), outside: yuan },
    })
}

fn share(share: Share) -> Ratio {
    Ratio::scaled(share.0, 6)
}

fn factor(factor: Factor) -> Ratio {
    Ratio::scaled(factor.0, 6)
}

/// The basis of what the fund owes.
pub(super) fn basis(policy: &Policy) -> DueBasis {
    if let Method::Rate { due, .. } = &policy.method.value {
        return *due;
    }
    match policy.point_value.as_ref().map(|rule| &rule.value) {
        Some(PointValue::Fixed { due, .. }) => *due,
        Some(PointValue::Fund {}) => DueBasis::Fund,
        Some(PointValue::Gross {}) | None => DueBasis::Gross,
    }
}

impl Terms {
    /// The terms of a placed case; M is that of its pool.
    pub(super) fn new(placed: &Placed<'_>, case: &Case<'_>, pool_mean: Option<Ratio>) -> Found<Terms> {
        let policy = placed.policy;
        let pool = placed.pool.as_deref().unwrap_or_default();
        let (scale, rate) = match &policy.method.value {
            Method::Points { scale } => (scale.0, None),
            Method::Rate { rates, scale, .. } => {
                (scale.0, Some(of_pool(rates, pool).ok_or_else(|| format!("rate {pool}"))?))
            }
        };
        let total = case.total.clone().ok_or_else(|| format!("medfee_sumamt {}", case.id))?;
        let mut terms = Terms {
            scale: Ratio::whole(scale),
            rate,
            weight: None,
            coefficient: Ratio::one(),
            mean: None,
            pool_mean,
            low: None,
            high: None,
            cost: if basis(policy) == DueBasis::Fund { case.fund.clone() } else { Some(total.clone()) },
            total,
        };
        match placed.way {
            Way::Group => {
                terms.group(placed, case)?;
                terms.lines(placed, case.drg)?;
            }
            Way::Special(rule) if rule.value.by_group() => terms.group(placed, case)?,
            Way::Special(rule) => {
                if let Special::TcmAdvantage { weight, fallback, .. } = &rule.value {
                    terms.weight = Some(factor(*weight));
                    terms.coefficient = coefficient(placed, case, fallback)?;
                }
            }
            Way::Ungrouped(_) | Way::Out(_) => {}
        }
        Ok(terms)
    }

    /// RW, f and A of the case's own group.
    fn group(&mut self, placed: &Placed<'_>, case: &Case<'_>) -> Found<()> {
        let weight = self.weight_of(placed.policy, case.drg)?;
        self.coefficient = coefficient(placed, case, case.drg)?;
        let row = placed.policy.weight_table.rows.get(case.drg);
        self.mean = match row.and_then(|row| row.mean_cost) {
            Some(fen) => Some(Ratio::yuan(fen.0)),
            None => self.pool_mean.as_ref().map(|mean| &weight * mean),
        };
        self.weight = Some(weight);
        Ok(())
    }

    fn weight_of(&self, policy: &Policy, drg: &str) -> Found<Ratio> {
        let written = factor(table_weight(policy, drg).ok_or_else(|| format!("weight {drg}"))?);
        match policy.weight_table.unit {
            WeightUnit::Weight => Ok(written),
            WeightUnit::BasePoints => written.over(&self.scale).ok_or_else(|| "scale".to_owned()),
        }
    }

    fn rw(&self) -> Found<&Ratio> {
        self.weight.as_ref().ok_or_else(|| "RW".to_owned())
    }

    /// RW × s
    fn base(&self) -> Found<Ratio> {
        Ok(self.rw()? * &self.scale)
    }

    /// RW × s × f
    fn normal(&self) -> Found<Ratio> {
        Ok(self.base()? * &self.coefficient)
    }

    /// C ÷ M × s
    fn by_pool_mean(&self, yuan: &Ratio) -> Found<Ratio> {
        let mean = self.pool_mean.as_ref().ok_or_else(|| "M".to_owned())?;
        Ok(yuan.over(mean).ok_or_else(|| "M".to_owned())? * &self.scale)
    }

    fn reference(&self, of: Reference) -> Found<Ratio> {
        let found = match of {
            Reference::GroupMean => self.mean.clone(),
            Reference::PoolMean => self.pool_mean.as_ref().map(|mean| self.rw().map(|rw| rw * mean)).transpose()?,
            Reference::PaymentStandard => {
                let unit = self.rate.as_ref().or(self.pool_mean.as_ref());
                unit.map(|unit| self.rw().map(|rw| rw * &self.coefficient * unit)).transpose()?
            }
        };
        found.ok_or_else(|| "R".to_owned())
    }

    fn lines(&mut self, placed: &Placed<'_>, drg: &str) -> Found<()> {
        let policy = placed.policy;
        if let Some(line) = policy.low_line.value.line()
            && let Some(ratio) = multiple(placed, &line.multiple, drg, self.rw()?)?
        {
            self.low = Some((factor(ratio), self.reference(line.reference)?));
        }
        if let Some(line) = policy.high_line.value.line()
            && let Some(ratio) = multiple(placed, &line.multiple, drg, self.rw()?)?
        {
            self.high = Some((factor(ratio), self.reference(line.reference)?));
        }
        Ok(())
    }

    /// The low line first, then the high line.
    pub(super) fn kind(&self, policy: &Policy) -> CaseKind {
        if let (Some((ratio, reference)), Some(line)) = (&self.low, policy.low_line.value.line()) {
            let mut edge = ratio * reference;
            if line.lower_of {
                edge = edge * self.coefficient.clone().least(Ratio::one());
            }
            if self.total < edge || (self.total == edge && line.equal == Equal::Outlier) {
                return CaseKind::Low;
            }
        }
        if let (Some((ratio, reference)), Some(line)) = (&self.high, policy.high_line.value.line()) {
            let edge = ratio * reference;
            if self.total > edge || (self.total == edge && line.equal == Equal::Outlier) {
                return CaseKind::High;
            }
        }
        CaseKind::Normal
    }

    pub(super) fn as_normal(&self) -> Found<Value> {
        Ok(points(self.normal()?))
    }

    fn paid_cost(&self) -> Found<Ratio> {
        self.cost.clone().ok_or_else(|| "hifp_pay".to_owned())
    }

    fn base_with(&self, coefficient: bool) -> Found<Ratio> {
        if coefficient { self.normal() } else { self.base() }
    }

    pub(super) fn low_case(&self, rule: &LowCase) -> Found<Value> {
        Ok(match rule {
            LowCase::AsNormal {} => points(self.normal()?),
            LowCase::Cost { from } => money(Ratio::zero(), self.paid_cost()?, *from),
            LowCase::PoolRatio { share: part } => points(self.by_pool_mean(&self.total)? * share(*part)),
            LowCase::StayRatio { coefficient } => {
                let mean = self.mean.as_ref().ok_or_else(|| "A".to_owned())?;
                let stay = self.total.over(mean).ok_or_else(|| "A".to_owned())?;
                points((self.base_with(*coefficient)? * stay).least(self.base()?))
            }
            LowCase::Review {} => None,
        })
    }

    pub(super) fn high_case(&self, rule: &HighCase) -> Found<Value> {
        let (line, reference) = self.high.as_ref().ok_or_else(|| "K".to_owned())?;
        Ok(match rule {
            HighCase::AsNormal {} => points(self.normal()?),
            HighCase::LinearAdd { share: part, coefficient } => {
                let excess = self.total.over(reference).ok_or_else(|| "R".to_owned())? - line;
                points(self.normal()? + excess * self.base_with(*coefficient)? * share(*part))
            }
            HighCase::ExcessPoints { share: part, coefficient } => {
                let excess = self.by_pool_mean(&(&self.total - line * reference))? * share(*part);
                let factor = if *coefficient { self.coefficient.clone() } else { Ratio::one() };
                points(self.normal()? + excess * factor)
            }
            HighCase::Deduct {} => {
                let within = (line - Ratio::one()) * self.normal()?;
                points((self.by_pool_mean(&self.total)? - within).most(Ratio::zero()))
            }
            HighCase::Cap {} => {
                let mean = self.mean.as_ref().ok_or_else(|| "A".to_owned())?;
                points(self.by_pool_mean(&(mean * line * &self.coefficient))?)
            }
            HighCase::ExcessCost { share: part, from } => {
                money(self.normal()?, (&self.total - line * reference) * share(*part), *from)
            }
            HighCase::Cost { from } => money(Ratio::zero(), self.paid_cost()?, *from),
            HighCase::Review {} => None,
        })
    }

    pub(super) fn ungrouped(&self, rule: &Ungrouped) -> Found<Value> {
        Ok(match rule {
            Ungrouped::PoolRatio { share: part, .. } => points(self.by_pool_mean(&self.total)? * share(*part)),
            Ungrouped::Cost { share: part, from, .. } => money(Ratio::zero(), self.paid_cost()? * share(*part), *from),
            Ungrouped::Unpaid { .. } => None,
        })
    }

    pub(super) fn special(&self, rule: &Special, placed: &Placed<'_>, case: &Case<'_>) -> Found<(CaseKind, Value)> {
        let by_cost =
            |part: Share, from| Ok::<Value, String>(money(Ratio::zero(), self.paid_cost()? * share(part), from));
        let daily = || format!("daily {}", placed.level);
        Ok(match rule {
            Special::PerDiemPoints { daily: one, daily_by_level, bands, .. } => {
                let level = daily_by_level.as_ref().and_then(|levels| levels.get(&placed.level));
                let price = Ratio::scaled(level.or(one.as_ref()).ok_or_else(daily)?.0, 4);
                (CaseKind::PerDiem, points(price * paid_days(bands.as_ref(), case)?))
            }
            Special::PerDiemAmount { daily: one, daily_by_level, bands, from, .. } => {
                let level = daily_by_level.as_ref().and_then(|levels| levels.get(&placed.level));
                let price = Ratio::yuan(level.or(one.as_ref()).ok_or_else(daily)?.0.0);
                (CaseKind::PerDiem, money(Ratio::zero(), price * paid_days(bands.as_ref(), case)?, *from))
            }
            Special::DaySurgery { share: part, coefficient, .. } => {
                (CaseKind::DaySurgery, points(self.base_with(*coefficient)? * share(*part)))
            }
            Special::Unstable { pay, share: part, from, .. } => {
                let value = match pay {
                    UnstablePay::AsNormal => points(self.normal()? * share(*part)),
                    UnstablePay::PoolRatio => points(self.by_pool_mean(&self.total)? * share(*part)),
                    UnstablePay::Cost => by_cost(*part, *from)?,
                    UnstablePay::Review => None,
                };
                (CaseKind::Unstable, value)
            }
            Special::NewTechnology { share: part, from, .. } => (CaseKind::NewTechnology, by_cost(*part, *from)?),
            Special::Cost { share: part, from, .. } => (CaseKind::ByItem, by_cost(*part, *from)?),
            Special::TcmAdvantage { gate, fallback, .. } => {
                let missed = case.tcm.as_ref().is_some_and(|(tcm, base)| {
                    !base.is_positive() || tcm.over(base).is_none_or(|ratio| ratio < share(*gate))
                });
                let weight = if missed { self.weight_of(placed.policy, fallback)? } else { self.rw()?.clone() };
                (CaseKind::Tcm, points(weight * &self.scale * &self.coefficient))
            }
            Special::Exclude { .. } => return Err("special".to_owned()),
        })
    }
}

/// Each day at the share of its band.
fn paid_days(bands: Option<&Rows<DayBand>>, case: &Case<'_>) -> Found<Ratio> {
    let days = i64::from(case.days.ok_or_else(|| format!("act_ipt_days {}", case.id))?);
    let Some(bands) = bands else { return Ok(Ratio::whole(days)) };
    let mut paid = Ratio::zero();
    for day in 1..=days {
        let own = bands.0.iter().find(|(band, _)| band.to.as_ref().is_none_or(|to| day <= to.0));
        if let Some((band, _)) = own {
            paid = paid + share(band.share);
        }
    }
    Ok(paid)
}

/// f of a group at the case's institution.
fn coefficient(placed: &Placed<'_>, case: &Case<'_>, drg: &str) -> Found<Ratio> {
    let policy = placed.policy;
    for rule in &policy.same_price {
        let SamePrice::Groups { drgs, levels } = &rule.value;
        let here = levels.as_ref().is_none_or(|levels| levels.contains(&placed.level));
        if here && drgs.0.iter().any(|own| own == drg) {
            return Ok(Ratio::one());
        }
    }
    let mut product = Ratio::one();
    for rule in &policy.coefficients {
        let found = match &rule.value {
            Coefficient::Fixed { value } => Some(*value),
            Coefficient::Institution { default } => placed.coefficient.or(*default),
            Coefficient::DrgInstitution { table, default } => {
                let own = table.0.iter().find(|(row, _)| row.drg == drg && row.fixmedins_code == case.institution);
                own.map(|(row, _)| row.coefficient).or(*default)
            }
            Coefficient::Level { columns, levels, default } => {
                let column = columns.as_ref().and_then(|columns| columns.get(&placed.level));
                let own = column.and_then(|column| policy.weight_table.figure(drg, column));
                own.or_else(|| levels.as_ref().and_then(|levels| levels.get(&placed.level).copied())).or(*default)
            }
        };
        let found = found.ok_or_else(|| format!("{} {}", rule_name(policy, rule.rule), case.institution))?;
        product = product * factor(found);
    }
    Ok(product)
}
