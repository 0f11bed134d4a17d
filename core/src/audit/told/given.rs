//! What formulas are made of: each figure told once, when the first formula needs it.

use super::price::part;
use super::{Found, Ratio, Teller, rule_name, words};
use crate::audit::place::{Way, table_weight};
use crate::policy::rules::{
    Coefficient, DrgInstitutionRow, HighCase, LowCase, PoolMean, SamePrice, Special, Ungrouped, WeightUnit,
};
use crate::policy::{Factor, RuleNo, Share};
use crate::pricing::CaseKind;

impl Teller<'_, '_, '_> {
    /// Makes sure that every symbol of a formula has been told.
    pub(super) fn provide(&mut self, formula: &str) -> Found<()> {
        for symbol in words(formula) {
            if self.symbols.get(symbol).is_none() {
                self.provide_one(symbol)?;
            }
        }
        Ok(())
    }

    fn provide_one(&mut self, symbol: &str) -> Found<()> {
        let policy = self.placed.policy;
        match symbol {
            "RW" => self.weight(),
            "f" => self.coefficient(),
            "A" => {
                let row = policy.weight_table.rows.get(self.case.drg);
                match row.and_then(|row| row.mean_cost) {
                    Some(mean) => {
                        self.given(
                            "A",
                            ("病组例均费用 A", "mean cost of the group A"),
                            Ratio::yuan(mean.0),
                            policy.weights.rule,
                        );
                    }
                    None => {
                        let words =
                            ("病组例均费用 A（权重表没有，按 RW × M）", "mean cost of the group A, not in the table");
                        self.step("A", words, "RW × M", Some(policy.weights.rule))?;
                    }
                }
                Ok(())
            }
            "M" => {
                let (mean, rule) = self.terms.pool_mean.clone().zip(policy.pool_mean.as_ref()).ok_or("M")?;
                let words = match rule.value {
                    PoolMean::Fixed { .. } => ("基金池例均费用 M", "mean cost of the pool M"),
                    PoolMean::Current {} => {
                        ("基金池本期例均费用 M（Σ C ÷ n，舍入到分）", "mean cost of the pool in this period M")
                    }
                };
                self.given("M", words, mean, rule.rule);
                Ok(())
            }
            "R" => {
                let line = policy.high_line.value.line().ok_or("R")?;
                let formula = self.reference(line.reference);
                self.step("R", ("高倍率参照 R", "reference of the high line R"), formula, Some(policy.high_line.rule))?;
                Ok(())
            }
            "share" => {
                let share = self.share().ok_or("share")?;
                self.symbols.set("share", part(share));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The share of the rule that prices the case.
    fn share(&self) -> Option<Share> {
        let policy = self.placed.policy;
        match self.placed.way {
            Way::Group => match (self.terms.kind(policy), &policy.low_case.value, &policy.high_case.value) {
                (CaseKind::Low, LowCase::PoolRatio { share }, _) => Some(*share),
                (
                    CaseKind::High,
                    _,
                    HighCase::LinearAdd { share, .. }
                    | HighCase::ExcessPoints { share, .. }
                    | HighCase::ExcessCost { share, .. },
                ) => Some(*share),
                _ => None,
            },
            Way::Ungrouped(rule) => match &rule.value {
                Ungrouped::PoolRatio { share, .. } | Ungrouped::Cost { share, .. } => Some(*share),
                Ungrouped::Unpaid { .. } => None,
            },
            Way::Special(rule) => match &rule.value {
                Special::DaySurgery { share, .. }
                | Special::Unstable { share, .. }
                | Special::NewTechnology { share, .. }
                | Special::Cost { share, .. } => Some(*share),
                _ => None,
            },
            Way::Out(_) => None,
        }
    }

    fn weight(&mut self) -> Found<()> {
        if let Way::Special(rule) = self.placed.way
            && let Special::TcmAdvantage { weight, gate, fallback, .. } = &rule.value
        {
            if self.misses(*gate, rule.rule)? {
                return self.group_weight(
                    fallback,
                    ("未达标：按对应病组的权重 RW", "gate missed: weight RW of the other group"),
                );
            }
            let words = ("中医优势病组的权重 RW", "weight RW of the TCM group");
            self.given("RW", words, Ratio::scaled(weight.0, Factor::DIGITS), rule.rule);
            return Ok(());
        }
        self.group_weight(self.case.drg, ("权重 RW", "weight RW"))
    }

    /// Whether a case of a TCM advantage group is looked at, and has too little of TCM in its cost.
    fn misses(&mut self, gate: Share, rule: RuleNo) -> Found<bool> {
        let Some((tcm, base)) = self.case.tcm.clone() else { return Ok(false) };
        self.symbols.set("tcm_amt", tcm);
        self.symbols.set("tcm_base_amt", base.clone());
        if !base.is_positive() {
            return Ok(true);
        }
        let words = ("中治率（达到下限才按中医优势病组）", "share of TCM in the cost, to be at least the gate");
        let share = self.step("tcm_share", words, "tcm_amt ÷ tcm_base_amt", Some(rule))?;
        self.beside("gate", super::shown(&part(gate)));
        Ok(share < part(gate))
    }

    /// RW of a group, from the weight table.
    fn group_weight(&mut self, drg: &str, words: (&str, &str)) -> Found<()> {
        let policy = self.placed.policy;
        let written = table_weight(policy, drg).ok_or("weight")?;
        let written = Ratio::scaled(written.0, Factor::DIGITS);
        match policy.weight_table.unit {
            WeightUnit::Weight => self.given("RW", words, written, policy.weights.rule),
            WeightUnit::BasePoints => {
                self.symbols.set("base_points", written);
                self.step("RW", words, "base_points ÷ s", Some(policy.weights.rule))?;
            }
        }
        Ok(())
    }

    fn coefficient(&mut self) -> Found<()> {
        let policy = self.placed.policy;
        let words = ("系数 f", "coefficient f");
        let drg = match self.placed.way {
            Way::Special(rule) => match &rule.value {
                Special::TcmAdvantage { fallback, .. } => fallback.as_str(),
                _ => self.case.drg,
            },
            _ => self.case.drg,
        };
        for rule in &policy.same_price {
            let SamePrice::Groups { drgs, levels } = &rule.value;
            let here = levels.as_ref().is_none_or(|levels| levels.contains(&self.placed.level));
            if here && drgs.0.iter().any(|own| own == drg) {
                self.given("f", words, Ratio::one(), rule.rule);
                return Ok(());
            }
        }
        let mut names = Vec::new();
        for rule in &policy.coefficients {
            let name = format!("f_{}", rule_name(policy, rule.rule));
            let value = match &rule.value {
                Coefficient::Fixed { value } => Some(*value),
                Coefficient::Institution { default } => self.placed.coefficient.or(*default),
                Coefficient::DrgInstitution { table, default } => {
                    let own = |(row, _): &&(DrgInstitutionRow, _)| {
                        row.drg == drg && row.fixmedins_code == self.case.institution
                    };
                    table.0.iter().find(own).map(|(row, _)| row.coefficient).or(*default)
                }
                Coefficient::Level { columns, levels, default } => {
                    let column = columns.as_ref().and_then(|columns| columns.get(&self.placed.level));
                    let own = column.and_then(|column| policy.weight_table.figure(drg, column));
                    own.or_else(|| levels.as_ref().and_then(|levels| levels.get(&self.placed.level).copied()))
                        .or(*default)
                }
            };
            self.symbols.set(&name, Ratio::scaled(value.ok_or_else(|| name.clone())?.0, Factor::DIGITS));
            names.push(name);
        }
        if names.is_empty() {
            self.symbols.set("f", Ratio::one());
            return Ok(());
        }
        self.step("f", words, &names.join(" × "), None)?;
        if let Some(step) = self.steps.last_mut() {
            step.rules = policy.coefficients.iter().map(|rule| rule_name(policy, rule.rule)).collect();
        }
        Ok(())
    }
}
