//! Cases that leave the way of a normal case. The applying rule of lowest order decides.

use std::collections::BTreeMap;

use crate::policy::rules::{PaidFrom, When};
use crate::policy::spec::{Factor, Points, Rows, Share, Text, Whole, Yuan, choice, family, record};

record! {
    /// A share of the daily price for days up to an end.
    DayBand key "to" {
        to: Whole<1, 36_500> [optional], "到第几天（含）；最后一段不写", "up to this day (inclusive); absent in the last band";
        share: Share [required], "该段每日价格的支付份额", "share of the daily price in this band";
    }
}

choice! {
    /// How an unstable group is paid.
    UnstablePay {
        AsNormal = "as_normal", "按正常病例，不判倍率（权重按中位费用测算）", "as a normal case without lines (weight from the median cost)";
        PoolRatio = "pool_ratio", "点数 = 费用 ÷ 池例均 × s × 折扣", "points by cost against the pool mean, at a discount";
        Cost = "cost", "按实际费用 × 折扣", "actual cost, at a discount";
        Review = "review", "待特病单议，评审前不付", "under special review, unpaid until then";
    }
}

family! {
    /// Rules that take a case out of the normal way.
    Special = "special", Any, "特殊病例", "special cases";
    PerDiemPoints = "per_diem_points", "床日付费（点数）", "per diem, in points",
        "points = daily × Σ over bands of share × days in the band" {
        when: When [required], "适用条件", "when it applies";
        order: Whole<1, 1_000> [optional], "次序；可能同时适用的规则必须不同", "order; must differ among rules that can meet";
        daily: Points [optional], "每床日点数", "points a day";
        daily_by_level: BTreeMap<String, Points> [optional], "等级 → 每床日点数", "level → points a day";
        bands: Rows<DayBand> [optional], "按天数分段；不写则每天全额", "bands of days; every day in full without them";
    }
    PerDiemAmount = "per_diem_amount", "床日付费（金额）", "per diem, in yuan",
        "amount = daily × Σ over bands of share × days in the band" {
        when: When [required], "适用条件", "when it applies";
        order: Whole<1, 1_000> [optional], "次序", "order";
        daily: Yuan [optional], "每床日元", "yuan a day";
        daily_by_level: BTreeMap<String, Yuan> [optional], "等级 → 每床日元", "level → yuan a day";
        bands: Rows<DayBand> [optional], "按天数分段；不写则每天全额", "bands of days; every day in full without them";
        from: PaidFrom [= "budget"], "资金来源", "the money that pays";
    }
    DaySurgery = "day_surgery", "日间手术：病组价格 × 份额，不判倍率", "day surgery: the group's price × share, without lines",
        "RW × s × [f] × share" {
        when: When [required], "适用条件", "when it applies";
        order: Whole<1, 1_000> [optional], "次序", "order";
        share: Share [= "1"], "份额", "the share";
        coefficient: bool [= "true"], "是否乘系数 f", "whether f multiplies";
    }
    Unstable = "unstable", "非稳定病组", "unstable groups",
        "RW × s × f, or C ÷ M × s × share, or amount = C × share" {
        when: When [required], "适用条件（通常为 drgs）", "when it applies (usually drgs)";
        order: Whole<1, 1_000> [optional], "次序", "order";
        pay: UnstablePay [required], "支付方式", "how it is paid";
        share: Share [= "1"], "折扣", "share paid";
        from: PaidFrom [= "budget"], "按费用支付时的资金来源", "the money that pays by cost";
    }
    NewTechnology = "new_technology", "新技术：按实际费用", "new technology: its actual cost", "amount = C × share" {
        when: When [required], "适用条件（通常为 procedures 与出院日）", "when it applies (usually procedures and dates)";
        order: Whole<1, 1_000> [optional], "次序", "order";
        share: Share [= "1"], "支付份额", "share paid";
        from: PaidFrom [= "budget"], "资金来源", "the money that pays";
    }
    TcmAdvantage = "tcm_advantage", "中医优势病组：按自有权重；清算时中治率不足则按对应病组重新计价",
        "TCM advantage group: its own weight; at clearing a case whose TCM share is too low is priced as another group",
        "RW_tcm × s × f; at clearing, if TCM cost ÷ base < gate: RW_fallback × s × f" {
        when: When [required], "入组条件", "when it applies";
        order: Whole<1, 1_000> [optional], "次序", "order";
        weight: Factor [required], "中医优势病组的权重", "weight of the TCM group";
        gate: Share [required], "中治率下限（恰为下限即达标）", "least TCM share of cost (equal is enough)";
        fallback: Text [required], "未达标时对应的病组；系数亦取自它", "the group priced otherwise; coefficients come from it";
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
        self.head().0
    }

    /// Its place among the rules that can apply to a case.
    #[must_use]
    pub fn order(&self) -> Option<i64> {
        self.head().1
    }

    fn head(&self) -> (&When, Option<i64>) {
        let (when, order) = match self {
            Special::PerDiemPoints { when, order, .. }
            | Special::PerDiemAmount { when, order, .. }
            | Special::DaySurgery { when, order, .. }
            | Special::Unstable { when, order, .. }
            | Special::NewTechnology { when, order, .. }
            | Special::TcmAdvantage { when, order, .. }
            | Special::Cost { when, order, .. }
            | Special::Exclude { when, order } => (when, order),
        };
        (when, order.map(|order| order.0))
    }

    /// Whether its price goes by the length of stay.
    #[must_use]
    pub fn by_day(&self) -> bool {
        matches!(self, Special::PerDiemPoints { .. } | Special::PerDiemAmount { .. })
    }

    /// Whether its price needs the weight of the case's group.
    #[must_use]
    pub fn by_group(&self) -> bool {
        matches!(self, Special::DaySurgery { .. } | Special::Unstable { pay: UnstablePay::AsNormal, .. })
    }

    /// The bands of days, if it has some.
    #[must_use]
    pub fn bands(&self) -> Option<&Rows<DayBand>> {
        match self {
            Special::PerDiemPoints { bands, .. } | Special::PerDiemAmount { bands, .. } => bands.as_ref(),
            _ => None,
        }
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
