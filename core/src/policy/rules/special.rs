//! Cases that leave the way of a normal case.

use std::collections::BTreeMap;

use crate::policy::rules::PaidFrom;
use crate::policy::spec::{Codes, Points, Share, Whole, Yuan, family, record};

record! {
    /// To which cases a rule applies: all that is stated must hold. An absent key holds always, an unknown value never.
    When {
        drgs: Codes [optional], "病组", "groups";
        adrgs: Codes [optional], "核心病组", "ADRGs";
        mdcs: Codes [optional], "主要诊断大类", "MDCs";
        departments: Vec<String> [optional], "出院科别（dscg_caty）", "departments (dscg_caty)";
        med_types: Vec<String> [optional], "医疗类别（med_type）", "kinds of care (med_type)";
        discharge_ways: Vec<String> [optional], "离院方式（dscg_way）", "ways of discharge (dscg_way)";
        institutions: Vec<String> [optional], "定点机构编码", "institutions";
        levels: Vec<String> [optional], "机构等级", "levels of institution";
        diagnoses: Vec<String> [optional], "主要诊断编码前缀", "prefixes of the principal diagnosis";
        days_from: Whole<0, 36_500> [optional], "住院天数不少于（含）", "stays of at least so many days (inclusive)";
        days_to: Whole<0, 36_500> [optional], "住院天数不多于（含）", "stays of at most so many days (inclusive)";
        age_from: Whole<0, 150> [optional], "年龄不小于（含）", "ages from (inclusive)";
        age_to: Whole<0, 150> [optional], "年龄不大于（含）", "ages to (inclusive)";
        age_days_to: Whole<0, 366> [optional], "日龄不大于（含）", "age in days up to (inclusive)";
        birth_weight_below: Whole<0, 20_000> [optional], "出生体重低于（克，不含）", "birth weight below (grams, exclusive)";
    }
}

family! {
    /// Rules that take a case out of the normal way. The applying rule of lowest order decides.
    Special = "special", Any, "特殊病例", "special cases";
    PerDiemPoints = "per_diem_points", "床日付费（点数）", "per diem, in points", "points = daily × days" {
        when: When [required], "适用条件", "when it applies";
        order: Whole<1, 1_000> [optional], "次序；可能同时适用的规则必须不同", "order; must differ among rules that can both apply";
        daily: Points [optional], "每床日点数", "points a day";
        daily_by_level: BTreeMap<String, Points> [optional], "等级 → 每床日点数", "level → points a day";
    }
    PerDiemAmount = "per_diem_amount", "床日付费（金额）", "per diem, in yuan", "amount = daily × days" {
        when: When [required], "适用条件", "when it applies";
        order: Whole<1, 1_000> [optional], "次序", "order";
        daily: Yuan [optional], "每床日元", "yuan a day";
        daily_by_level: BTreeMap<String, Yuan> [optional], "等级 → 每床日元", "level → yuan a day";
        from: PaidFrom [= "budget"], "资金来源", "the money that pays";
    }
    Cost = "cost", "按项目付费", "paid by item", "amount = C × share" {
        when: When [required], "适用条件", "when it applies";
        order: Whole<1, 1_000> [optional], "次序", "order";
        share: Share [= "1"], "支付份额", "share paid";
        from: PaidFrom [= "budget"], "资金来源", "the money that pays";
    }
    Exclude = "exclude", "不纳入 DRG，另行支付", "outside DRG, paid otherwise", "" {
        when: When [required], "适用条件", "when it applies";
        order: Whole<1, 1_000> [optional], "次序", "order";
    }
}

impl Special {
    /// To which cases it applies.
    #[must_use]
    pub fn when(&self) -> &When {
        match self {
            Special::PerDiemPoints { when, .. }
            | Special::PerDiemAmount { when, .. }
            | Special::Cost { when, .. }
            | Special::Exclude { when, .. } => when,
        }
    }

    /// Its place among the rules that can apply to a case.
    #[must_use]
    pub fn order(&self) -> Option<i64> {
        match self {
            Special::PerDiemPoints { order, .. }
            | Special::PerDiemAmount { order, .. }
            | Special::Cost { order, .. }
            | Special::Exclude { order, .. } => order.map(|order| order.0),
        }
    }
}

impl Special {
    /// Whether its price goes by the length of stay.
    #[must_use]
    pub fn by_day(&self) -> bool {
        matches!(self, Special::PerDiemPoints { .. } | Special::PerDiemAmount { .. })
    }

    /// The levels its prices are given for.
    #[must_use]
    pub fn levels(&self) -> Vec<&str> {
        match self {
            Special::PerDiemPoints { daily_by_level: Some(levels), .. } => levels.keys().map(String::as_str).collect(),
            Special::PerDiemAmount { daily_by_level: Some(levels), .. } => levels.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it has a price for a level.
    #[must_use]
    pub fn knows_level(&self, level: &str) -> bool {
        match self {
            Special::PerDiemPoints { daily: None, .. } | Special::PerDiemAmount { daily: None, .. } => {
                self.levels().contains(&level)
            }
            _ => true,
        }
    }
}
