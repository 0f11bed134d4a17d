//! What very cheap and very expensive cases are paid; cases without a group.

use crate::grouper::Status;
use crate::policy::spec::{Share, choice, family};

choice! {
    /// Which money pays an amount that does not go through points.
    PaidFrom {
        Budget = "budget", "先从基金池预算中扣除，再算点值", "taken from the pool's budget before the point value";
        Outside = "outside", "在预算之外支付", "paid outside the budget";
    }
}

family! {
    /// What a low outlier is paid.
    LowCase = "low_case", One, "低倍率病例", "low outliers";
    AsNormal = "as_normal", "按正常病例", "as a normal case", "RW × s × f" {}
    Cost = "cost", "按实际费用", "its actual cost", "amount = C" {
        from: PaidFrom [= "budget"], "资金来源", "the money that pays";
    }
    PoolRatio = "pool_ratio",
        "点数 = 费用 ÷ 池例均 × s，不乘系数",
        "points by cost against the pool mean, no coefficient",
        "C ÷ M × s × share" {
        share: Share [= "1"], "折扣", "share paid";
    }
    StayRatio = "stay_ratio",
        "不完整病例：基准点数按费用占例均之比折算，封顶基准点数",
        "incomplete stay: base points by C ÷ A, capped at the base points",
        "min(RW × s × [f] × C ÷ A, RW × s)" {
        coefficient: bool [required], "是否乘系数 f", "whether f multiplies";
    }
    Review = "review", "待审核，审核前不付", "under review, unpaid until then", "0" {}
}

family! {
    /// What a high outlier is paid.
    HighCase = "high_case", One, "高倍率病例", "high outliers";
    AsNormal = "as_normal", "按正常病例", "as a normal case", "RW × s × f" {}
    LinearAdd = "linear_add",
        "正常点数 + 超出倍数的追加点数",
        "normal points plus points for the excess",
        "RW × s × f + share × (C ÷ R − K) × RW × s × [f]" {
        share: Share [= "1"], "超出部分的支付份额", "share of the excess paid";
        coefficient: bool [= "false"], "追加部分是否乘系数 f", "whether f multiplies the excess";
    }
    ExcessPoints = "excess_points",
        "正常点数 + 超出费用折算的追加点数（除以池例均 M）",
        "normal points plus points for the excess cost, against the pool mean M",
        "RW × s × f + share × (C − K × R) ÷ M × s × [f]" {
        share: Share [= "1"], "超出部分的支付份额", "share of the excess paid";
        coefficient: bool [= "false"], "追加部分是否乘系数 f", "whether f multiplies the excess";
    }
    Deduct = "deduct",
        "费用点数扣除倍数以内部分；结果为负时取 0",
        "points by cost less the multiples below the line; at least 0",
        "(C ÷ M − (K − 1) × RW × f) × s" {}
    Cap = "cap", "按倍数封顶", "capped at the multiple", "A × K × f ÷ M × s" {}
    ExcessCost = "excess_cost",
        "正常点数 + 超出费用按比例支付",
        "normal points plus a share of the excess cost",
        "RW × s × f points + share × (C − K × R) yuan" {
        share: Share [required], "超出费用的支付份额", "share of the excess cost paid";
        from: PaidFrom [= "budget"], "资金来源", "the money that pays the excess";
    }
    Cost = "cost", "按实际费用", "its actual cost", "amount = C" {
        from: PaidFrom [= "budget"], "资金来源", "the money that pays";
    }
    Review = "review", "待特病单议，审核前不付", "under special review, unpaid until then", "0" {}
}

choice! {
    /// A status of grouping other than grouped.
    CaseStatus {
        Ungroupable = "ungroupable", "无法入组", "ungroupable";
        Ambiguous = "ambiguous", "歧义病案", "ambiguous";
        Invalid = "invalid", "信息校验不通过", "invalid";
        DxUnmapped = "dx_unmapped", "诊断不能转换", "diagnosis not mapped";
        ProcUnmapped = "proc_unmapped", "手术操作不能转换", "procedure not mapped";
    }
}

impl CaseStatus {
    pub const ALL: [CaseStatus; 5] = [
        CaseStatus::Ungroupable,
        CaseStatus::Ambiguous,
        CaseStatus::Invalid,
        CaseStatus::DxUnmapped,
        CaseStatus::ProcUnmapped,
    ];

    /// The grouping status meant.
    #[must_use]
    pub const fn status(self) -> Status {
        match self {
            CaseStatus::Ungroupable => Status::Ungroupable,
            CaseStatus::Ambiguous => Status::Ambiguous,
            CaseStatus::Invalid => Status::Invalid,
            CaseStatus::DxUnmapped => Status::DxUnmapped,
            CaseStatus::ProcUnmapped => Status::ProcUnmapped,
        }
    }
}

family! {
    /// What a case without a group is paid. Every status needs exactly one rule.
    Ungrouped = "ungrouped", Any, "未入组病例", "cases without a group";
    PoolRatio = "pool_ratio",
        "点数 = 费用 ÷ 池例均 × s × 折扣",
        "points by cost against the pool mean, at a discount",
        "C ÷ M × s × share" {
        statuses: Vec<CaseStatus> [required], "适用的分组状态", "the statuses meant";
        share: Share [required], "折扣", "share paid";
    }
    Cost = "cost", "按实际费用（按项目）", "its actual cost (by item)", "amount = C × share" {
        statuses: Vec<CaseStatus> [required], "适用的分组状态", "the statuses meant";
        share: Share [= "1"], "支付份额", "share paid";
        from: PaidFrom [= "budget"], "资金来源", "the money that pays";
    }
    Unpaid = "unpaid", "更正前不付", "unpaid until corrected", "0" {
        statuses: Vec<CaseStatus> [required], "适用的分组状态", "the statuses meant";
    }
}

impl Ungrouped {
    /// The statuses it pays.
    #[must_use]
    pub fn statuses(&self) -> &[CaseStatus] {
        match self {
            Ungrouped::PoolRatio { statuses, .. }
            | Ungrouped::Cost { statuses, .. }
            | Ungrouped::Unpaid { statuses } => statuses,
        }
    }
}
