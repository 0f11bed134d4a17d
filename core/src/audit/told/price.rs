//! From the weight to the rounded price: the formula of each rule with the symbols of `docs/policy/`.

use super::{Found, Ratio, Teller, Told};
use crate::audit::place::Way;
use crate::policy::rules::{
    Adjust, DayBand, DueBasis, Equal, HighCase, LowCase, PaidFrom, Reference, ReviewPay, RoundingRule, Special,
    SpecialReview, Ungrouped, UnstablePay,
};
use crate::policy::{Factor, Rows, RuleNo, Share};
use crate::pricing::CaseKind;

const NORMAL: &str = "RW × s × f";

/// What pays a case: points, an amount, or both.
struct Formulas {
    kind: CaseKind,
    rule: RuleNo,
    points: Option<String>,
    amount: Option<(String, PaidFrom)>,
}

impl Teller<'_, '_, '_> {
    pub(super) fn price(&mut self) -> Found<Told> {
        let policy = self.placed.policy;
        self.symbols.set("s", self.terms.scale.clone());
        self.symbols.set("C", self.terms.total.clone());
        if let Some(cost) = self.case.fund.clone() {
            self.symbols.set("hifp_pay", cost);
        }
        if let Some(rate) = &self.terms.rate {
            self.symbols.set("rate", rate.clone());
        }
        if let Some(reviewed) = self.reviewed()? {
            return Ok(reviewed);
        }
        if self.terms.weight.is_some() && !matches!(self.placed.way, Way::Special(_)) {
            self.provide(NORMAL)?;
        }
        if matches!(self.placed.way, Way::Group) {
            self.lines()?;
        }
        let formulas = match self.placed.way {
            Way::Group => match self.terms.kind(policy) {
                CaseKind::Low => self.low(&policy.low_case.value, policy.low_case.rule),
                CaseKind::High => self.high(&policy.high_case.value, policy.high_case.rule),
                _ => points(CaseKind::Normal, policy.method.rule, NORMAL),
            },
            Way::Special(rule) => self.special(&rule.value, rule.rule)?,
            Way::Ungrouped(rule) => self.ungrouped(&rule.value, rule.rule),
            Way::Out(_) => return Err("out".to_owned()),
        };
        let (mut outside, mut paid) = (false, true);
        if formulas.points.is_none() && formulas.amount.is_none() {
            paid = false;
            let words = ("暂不支付", "not paid yet");
            self.given("P", words, Ratio::zero(), formulas.rule);
        }
        if let Some(points) = &formulas.points {
            self.step("P", ("点数（取位前）", "points, not rounded"), points, Some(formulas.rule))?;
        }
        if let Some((amount, from)) = &formulas.amount {
            outside = *from == PaidFrom::Outside;
            let words = if outside {
                ("预算外支付的金额", "amount paid outside the budget")
            } else {
                ("从预算中按金额支付", "amount paid out of the budget")
            };
            self.step("amount", words, amount, Some(formulas.rule))?;
        }
        if paid {
            self.adjust(formulas.kind)?;
        }
        self.finish(paid, outside)
    }

    /// The result of a special review in place of a price.
    fn reviewed(&mut self) -> Found<Option<Told>> {
        let Some(rule) = &self.placed.policy.special_review else { return Ok(None) };
        let SpecialReview::Quota { pay, from, table, .. } = &rule.value else { return Ok(None) };
        let Some((review, _)) = table.0.iter().find(|(review, _)| review.setl_id == self.case.id) else {
            return Ok(None);
        };
        let found = ("特病单议认定的金额", "amount found by special review");
        self.given("amount", found, Ratio::yuan(review.amount_1.0.0), rule.rule);
        self.beside("reviewer_1", format!("{}（{}）", review.reviewer_1, review.institution_1));
        self.beside("reviewer_2", format!("{}（{}）", review.reviewer_2, review.institution_2));
        let outside = (*pay, *from) == (ReviewPay::Amount, PaidFrom::Outside);
        if *pay == ReviewPay::Points {
            let words = ("折算为点数（取位前）", "as points, not rounded");
            self.step("P", words, "amount ÷ M × s", Some(rule.rule))?;
            let amount = self.symbols.get("amount").cloned().unwrap_or_else(Ratio::zero);
            let mut told = self.rounded()?;
            // By rate the amount is the standard, and points measure work.
            told.amount = if self.terms.rate.is_some() { amount } else { Ratio::zero() };
            return Ok(Some(told));
        }
        self.finish_amount(outside).map(Some)
    }

    fn low(&self, rule: &LowCase, number: RuleNo) -> Formulas {
        let found = |formula: &str| points(CaseKind::Low, number, formula);
        match rule {
            LowCase::AsNormal {} => found(NORMAL),
            LowCase::Cost { from } => self.by_cost(CaseKind::Low, number, None, *from),
            LowCase::PoolRatio { .. } => found("C ÷ M × s × share"),
            LowCase::StayRatio { coefficient } => found(&format!("min({} × C ÷ A, RW × s)", base(*coefficient))),
            LowCase::Review {} => nothing(CaseKind::Low, number),
        }
    }

    fn high(&self, rule: &HighCase, number: RuleNo) -> Formulas {
        let found = |formula: &str| points(CaseKind::High, number, formula);
        match rule {
            HighCase::AsNormal {} => found(NORMAL),
            HighCase::LinearAdd { coefficient, .. } => {
                found(&format!("{NORMAL} + share × (C ÷ R − K) × {}", base(*coefficient)))
            }
            HighCase::ExcessPoints { coefficient, .. } => {
                let factor = if *coefficient { " × f" } else { "" };
                found(&format!("{NORMAL} + share × (C − K × R) ÷ M × s{factor}"))
            }
            HighCase::Deduct {} => found("max((C ÷ M − (K − 1) × RW × f) × s, 0)"),
            HighCase::Cap {} => found("A × K × f ÷ M × s"),
            HighCase::ExcessCost { from, .. } => {
                Formulas { amount: Some(("share × (C − K × R)".to_owned(), *from)), ..found(NORMAL) }
            }
            HighCase::Cost { from } => self.by_cost(CaseKind::High, number, None, *from),
            HighCase::Review {} => nothing(CaseKind::High, number),
        }
    }

    fn ungrouped(&self, rule: &Ungrouped, number: RuleNo) -> Formulas {
        match rule {
            Ungrouped::PoolRatio { .. } => points(CaseKind::Ungrouped, number, "C ÷ M × s × share"),
            Ungrouped::Cost { share, from, .. } => self.by_cost(CaseKind::Ungrouped, number, Some(*share), *from),
            Ungrouped::Unpaid { .. } => nothing(CaseKind::Ungrouped, number),
        }
    }

    fn special(&mut self, rule: &Special, number: RuleNo) -> Found<Formulas> {
        Ok(match rule {
            Special::PerDiemPoints { daily, daily_by_level, bands, .. } => {
                let own = daily_by_level.as_ref().and_then(|levels| levels.get(&self.placed.level));
                let daily = Ratio::scaled(own.or(daily.as_ref()).ok_or("daily")?.0, 4);
                points(CaseKind::PerDiem, number, &self.days(daily, bands.as_ref())?)
            }
            Special::PerDiemAmount { daily, daily_by_level, bands, from, .. } => {
                let own = daily_by_level.as_ref().and_then(|levels| levels.get(&self.placed.level));
                let daily = Ratio::yuan(own.or(daily.as_ref()).ok_or("daily")?.0.0);
                amount(CaseKind::PerDiem, number, &self.days(daily, bands.as_ref())?, *from)
            }
            Special::DaySurgery { coefficient, .. } => {
                points(CaseKind::DaySurgery, number, &format!("{} × share", base(*coefficient)))
            }
            Special::Unstable { pay, share, from, .. } => match pay {
                UnstablePay::AsNormal => points(CaseKind::Unstable, number, &format!("{NORMAL} × share")),
                UnstablePay::PoolRatio => points(CaseKind::Unstable, number, "C ÷ M × s × share"),
                UnstablePay::Cost => self.by_cost(CaseKind::Unstable, number, Some(*share), *from),
                UnstablePay::Review => nothing(CaseKind::Unstable, number),
            },
            Special::NewTechnology { share, from, .. } => {
                self.by_cost(CaseKind::NewTechnology, number, Some(*share), *from)
            }
            Special::Cost { share, from, .. } => self.by_cost(CaseKind::ByItem, number, Some(*share), *from),
            Special::TcmAdvantage { .. } => points(CaseKind::Tcm, number, NORMAL),
            Special::Exclude { .. } => return Err("special".to_owned()),
        })
    }

    /// What payment by cost pays: the bill, or of it what the fund paid.
    fn by_cost(&self, kind: CaseKind, rule: RuleNo, share: Option<Share>, from: PaidFrom) -> Formulas {
        let fund = crate::audit::formulas::basis(self.placed.policy) == DueBasis::Fund;
        let cost = if fund { "hifp_pay" } else { "C" };
        let share = if share.is_some() { " × share" } else { "" };
        amount(kind, rule, &format!("{cost}{share}"), from)
    }

    /// Each band of days at its share.
    fn days(&mut self, daily: Ratio, bands: Option<&Rows<DayBand>>) -> Found<String> {
        let days = i64::from(self.case.days.ok_or("act_ipt_days")?);
        self.symbols.set("daily", daily);
        self.symbols.set("days", Ratio::whole(days));
        let Some(bands) = bands else { return Ok("daily × days".to_owned()) };
        let (mut parts, mut from) = (Vec::new(), 0);
        for (at, (band, _)) in (1..).zip(&bands.0) {
            let to = band.to.as_ref().map_or(days, |to| to.0.min(days)).max(from);
            self.symbols.set(&format!("days{at}"), Ratio::whole(to - from));
            self.symbols.set(&format!("share{at}"), part(band.share));
            parts.push(format!("days{at} × share{at}"));
            from = to;
        }
        Ok(format!("daily × ({})", parts.join(" + ")))
    }

    pub(super) fn reference(&self, of: Reference) -> &'static str {
        match of {
            Reference::GroupMean => "A",
            Reference::PoolMean => "RW × M",
            Reference::PaymentStandard if self.terms.rate.is_some() => "RW × f × rate",
            Reference::PaymentStandard => "RW × f × M",
        }
    }

    /// Where the lines of the case's group lie.
    fn lines(&mut self) -> Found<()> {
        let policy = self.placed.policy;
        if let (Some((ratio, _)), Some(line)) = (&self.terms.low, policy.low_line.value.line()) {
            self.symbols.set("L", ratio.clone());
            let lower = if line.lower_of { " × min(f, 1)" } else { "" };
            let formula = format!("L × {}{lower}", self.reference(line.reference));
            let words = match line.equal {
                Equal::Normal => ("低倍率线（C < 此数为低倍率）", "low line (low when C < it)"),
                Equal::Outlier => ("低倍率线（C ≤ 此数为低倍率）", "low line (low when C ≤ it)"),
            };
            self.step("low_edge", words, &formula, Some(policy.low_line.rule))?;
        }
        if let (Some((ratio, _)), Some(line)) = (&self.terms.high, policy.high_line.value.line()) {
            self.symbols.set("K", ratio.clone());
            let words = match line.equal {
                Equal::Normal => ("高倍率线（C > 此数为高倍率）", "high line (high when C > it)"),
                Equal::Outlier => ("高倍率线（C ≥ 此数为高倍率）", "high line (high when C ≥ it)"),
            };
            let formula = format!("K × {}", self.reference(line.reference));
            self.step("high_edge", words, &formula, Some(policy.high_line.rule))?;
        }
        Ok(())
    }

    /// Uplifts in their order, then what a readmission keeps.
    fn adjust(&mut self, kind: CaseKind) -> Found<()> {
        let policy = self.placed.policy;
        let mut rules: Vec<_> = policy.adjust.iter().collect();
        rules.sort_by_key(|rule| rule.value.order());
        if self.symbols.get("P").is_none() {
            self.symbols.set("P", Ratio::zero());
        }
        for rule in rules {
            if !self.case.meets(rule.value.when(), &self.placed.level) || !rule.value.kinds().contains(&kind) {
                continue;
            }
            match &rule.value {
                Adjust::Uplift { factor, .. } => {
                    self.symbols.set("factor", Ratio::scaled(factor.0, Factor::DIGITS));
                    self.step("P", ("加成后的点数", "points with the uplift"), "P × factor", Some(rule.rule))?;
                }
                Adjust::ExtraPoints { points, .. } => {
                    self.symbols.set("extra", Ratio::scaled(points.0, 4));
                    self.step("P", ("追加后的点数", "points with those added"), "P + extra", Some(rule.rule))?;
                }
            }
            if rule.value.is_last() {
                break;
            }
        }
        if let (Some(other), Some(rule)) = (self.readmission, &policy.readmission)
            && let crate::policy::rules::Readmission::Within { share, .. } = &rule.value
        {
            self.symbols.set("share", part(*share));
            self.step("P", ("再入院减付后的点数", "points kept after a readmission"), "P × share", Some(rule.rule))?;
            other.iter().for_each(|(name, value)| self.beside(name, value.clone()));
        }
        Ok(())
    }

    /// Points to their digits, money to the fen. By rate the standard comes from unrounded points.
    fn finish(&mut self, paid: bool, outside: bool) -> Found<Told> {
        let RoundingRule::Digits { money, .. } = &self.placed.policy.rounding.value;
        if !paid {
            return self.rounded();
        }
        if self.terms.rate.is_none() {
            return match self.symbols.get("amount") {
                None => self.rounded(),
                Some(_) => self.finish_amount(outside),
            };
        }
        let within = if self.symbols.get("amount").is_some() && !outside { " + amount" } else { "" };
        let formula = format!("P × rate ÷ s{within}");
        let words = ("支付标准（费率法，舍入到分）", "standard by rate, to the fen");
        let amount = self.round("standard", words, &formula, (2, *money))?;
        let mut told = match outside {
            true => self.finish_amount(true)?,
            false => self.rounded()?,
        };
        told.amount = amount;
        Ok(told)
    }

    /// An amount to the fen, beside rounded points.
    fn finish_amount(&mut self, outside: bool) -> Found<Told> {
        let RoundingRule::Digits { money, .. } = &self.placed.policy.rounding.value;
        let amount = self.symbols.get("amount").cloned().unwrap_or_else(Ratio::zero);
        let rounded = match amount.round(2, *money) == amount {
            true => amount,
            false => self.round("amount", ("金额（舍入到分）", "amount to the fen"), "amount", (2, *money))?,
        };
        let mut told = self.rounded()?;
        if outside {
            told.outside = rounded
        } else {
            told.amount = rounded
        }
        Ok(told)
    }

    /// What has been found, with points of the pack's digits and no amount.
    fn rounded(&mut self) -> Found<Told> {
        let RoundingRule::Digits { points_digits, points: rounding, .. } = &self.placed.policy.rounding.value;
        let digits = u32::try_from(points_digits.0).unwrap_or(4);
        let exact = self.symbols.get("P").cloned().unwrap_or_else(Ratio::zero);
        let points = match exact.round(digits, *rounding) == exact {
            true => exact,
            false => self.round("points", ("点数（取位）", "points, rounded"), "P", (digits, *rounding))?,
        };
        let (steps, bill) = (std::mem::take(&mut self.steps), self.terms.total.clone());
        Ok(Told {
            steps,
            points,
            amount: Ratio::zero(),
            outside: Ratio::zero(),
            bill,
            by_rate: self.terms.rate.is_some(),
            point_of_a_yuan: self.terms.pool_mean.as_ref().and_then(|mean| self.terms.scale.over(mean)),
        })
    }
}

fn base(coefficient: bool) -> &'static str {
    if coefficient { NORMAL } else { "RW × s" }
}

pub(super) fn part(share: Share) -> Ratio {
    Ratio::scaled(share.0, Factor::DIGITS)
}

fn points(kind: CaseKind, rule: RuleNo, formula: &str) -> Formulas {
    Formulas { kind, rule, points: Some(formula.to_owned()), amount: None }
}

fn amount(kind: CaseKind, rule: RuleNo, formula: &str, from: PaidFrom) -> Formulas {
    Formulas { kind, rule, points: None, amount: Some((formula.to_owned(), from)) }
}

fn nothing(kind: CaseKind, rule: RuleNo) -> Formulas {
    Formulas { kind, rule, points: None, amount: None }
}
