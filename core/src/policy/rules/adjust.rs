//! What changes the price of a case after its kind is found.

use crate::policy::rules::{PaidFrom, When};
use crate::policy::spec::{Factor, Points, Rows, Share, Text, Whole, Yuan, choice, family, record};
use crate::pricing::CaseKind;

choice! { for CaseKind {
    Normal = "normal", "正常病例", "normal cases";
    Low = "low", "低倍率病例", "low outliers";
    High = "high", "高倍率病例", "high outliers";
    PerDiem = "per_diem", "床日病例", "per-diem cases";
    DaySurgery = "day_surgery", "日间手术病例", "day surgery";
    Unstable = "unstable", "非稳定病组病例", "cases of unstable groups";
    Tcm = "tcm", "中医优势病组病例", "cases of TCM advantage groups";
    Ungrouped = "ungrouped", "未入组病例", "cases without a group";
} }

family! {
    /// Uplifts. All that apply, apply one after the other in their order.
    Adjust = "adjust", Any, "点数调整（加成）", "adjustments of points";
    Uplift = "uplift", "点数乘以系数（如儿童、高龄、低出生体重加成）",
        "points times a factor (children, the old, low birth weight, say)", "points × factor" {
        when: When [required], "适用条件", "when it applies";
        order: Whole<1, 1_000> [optional], "次序；可能同时适用的规则必须不同", "order; must differ among rules that can meet";
        factor: Factor [required], "系数", "the factor";
        kinds: Vec<CaseKind> [= "[\"normal\", \"high\"]"], "适用的病例类型", "the kinds of case it applies to";
        last: bool [= "false"], "适用后不再适用其后的调整", "no later adjustment applies after it";
    }
    ExtraPoints = "extra_points", "追加点数（如新技术）", "points added (new technology, say)", "points + extra" {
        when: When [required], "适用条件", "when it applies";
        order: Whole<1, 1_000> [optional], "次序", "order";
        points: Points [required], "追加点数", "the points added";
        kinds: Vec<CaseKind> [= "[\"normal\", \"high\"]"], "适用的病例类型", "the kinds of case it applies to";
        last: bool [= "false"], "适用后不再适用其后的调整", "no later adjustment applies after it";
    }
}

impl Adjust {
    /// To which cases it applies.
    #[must_use]
    pub fn when(&self) -> &When {
        match self {
            Adjust::Uplift { when, .. } | Adjust::ExtraPoints { when, .. } => when,
        }
    }

    /// Its place among the adjustments.
    #[must_use]
    pub fn order(&self) -> Option<i64> {
        match self {
            Adjust::Uplift { order, .. } | Adjust::ExtraPoints { order, .. } => order.map(|order| order.0),
        }
    }

    /// The kinds of case it applies to.
    #[must_use]
    pub fn kinds(&self) -> &[CaseKind] {
        match self {
            Adjust::Uplift { kinds, .. } | Adjust::ExtraPoints { kinds, .. } => kinds,
        }
    }

    /// Whether no later adjustment applies after it.
    #[must_use]
    pub fn is_last(&self) -> bool {
        match self {
            Adjust::Uplift { last, .. } | Adjust::ExtraPoints { last, .. } => *last,
        }
    }
}

choice! {
    /// What two stays must share to be a readmission.
    SameGroup {
        Drg = "drg", "同一病组", "the same group";
        Adrg = "adrg", "同一核心病组", "the same ADRG";
        Mdc = "mdc", "同一主要诊断大类", "the same MDC";
        Any = "any", "不论病组", "any group";
    }
}

choice! {
    /// Where the second stay must be.
    SamePlace {
        Institution = "institution", "同一机构", "the same institution";
        Consortium = "consortium", "同一机构或同一医共体", "the same institution or consortium";
        Anywhere = "anywhere", "任何机构", "anywhere";
    }
}

choice! {
    /// Which of two stays is reduced.
    Reduces {
        Earlier = "earlier", "前一次", "the earlier";
        Later = "later", "后一次", "the later";
    }
}

family! {
    /// A second stay soon after the first.
    Readmission = "readmission", AtMostOne, "再入院", "readmission";
    None = "none", "不处理", "no rule", "" {}
    Within = "within", "若干天内再入院，其中一次的点数打折", "a second stay within some days: one of the two is reduced",
        "points × share" {
        days: Whole<0, 366> [required], "间隔天数（后次入院日 − 前次出院日，含）",
            "days between (later admission − earlier discharge, inclusive)";
        same: SameGroup [required], "两次须相同的病组层级", "what both stays must share";
        place: SamePlace [required], "后次所在机构", "where the second stay is";
        reduces: Reduces [required], "打折的是哪一次", "which of the two is reduced";
        share: Share [required], "保留的份额", "share kept";
        exempt: Vec<When> [optional], "后次符合其中任一条件即豁免（如放化疗）",
            "a second stay meeting any of these is exempt (chemotherapy, say)";
    }
}

choice! {
    /// Which stay of a chain of transfers gives the price.
    Counts {
        Highest = "highest", "所值最高的一次：点数 + 金额 ÷ M × s（相同取较早）",
            "the stay worth most: points + amounts ÷ M × s (the earlier of equals)";
        First = "first", "第一次", "the first stay";
        Last = "last", "最后一次", "the last stay";
    }
}

family! {
    /// Stays of one patient passed on inside a consortium.
    Transfer = "transfer", AtMostOne, "医共体内转院", "transfers inside a consortium";
    None = "none", "各自计价", "each stay has its own price", "" {}
    CountOnce = "count_once", "同一医共体内转院只计一次价，按各次费用拆分",
        "a chain of stays in one consortium is priced once and split by cost",
        "points of the counted stay × C_i ÷ Σ C, by largest remainder" {
        days: Whole<0, 30> [required], "前次出院到后次入院的天数（含）", "days from discharge to the next admission (inclusive)";
        ways: Vec<String> [required], "前次的离院方式（dscg_way）", "way of discharge of the earlier stay (dscg_way)";
        counts: Counts [required], "按哪一次计价", "the stay that gives the price";
    }
}

record! {
    /// The result of a special review, frozen into the period.
    Review key "setl_id" {
        setl_id: Text [required], "结算号", "the claim";
        reviewer_1: Text [required], "评审人一", "first reviewer";
        institution_1: Text [required], "评审人一所在机构", "institution of the first reviewer";
        amount_1: Yuan [required], "评审人一认定的支付标准（元）", "standard found by the first reviewer, in yuan";
        reviewer_2: Text [required], "评审人二", "second reviewer";
        institution_2: Text [required], "评审人二所在机构", "institution of the second reviewer";
        amount_2: Yuan [required], "评审人二认定的支付标准（元）", "standard found by the second reviewer, in yuan";
        note: Text [optional], "备注", "note";
    }
}

choice! {
    /// How a reviewed standard is paid.
    ReviewPay {
        Amount = "amount", "按认定金额", "as the amount found";
        Points = "points", "折算为点数：金额 ÷ M × s", "as points: amount ÷ M × s";
    }
}

family! {
    /// Cases priced by special review.
    SpecialReview = "special_review", AtMostOne, "特病单议", "special review";
    None = "none", "不采用", "none", "" {}
    Quota = "quota", "每机构按病例数限额；两名外院评审人的金额必须一致",
        "a quota of each institution's cases; two reviewers from elsewhere must find the same amount",
        "reviews ≤ ⌊share × cases⌋; amount, or amount ÷ M × s" {
        share: Share [required], "占该机构当期纳入病例的比例上限", "most of an institution's cases in scope";
        pay: ReviewPay [required], "支付方式", "how the amount is paid";
        from: PaidFrom [= "budget"], "按金额支付时的资金来源", "the money that pays an amount";
        table: Rows<Review> [required], "评审结果表", "the results";
    }
}
