//! From points to money: budgets, deductions, point value, what is paid now and what is withheld.

use std::collections::BTreeMap;

use crate::policy::spec::{Factor, Price, Rows, Share, Text, Whole, Yuan, choice, family, record};

choice! {
    /// What of a case's standard the fund owes the institution.
    DueBasis {
        Gross = "gross",
            "标准是总费用口径：应付 = 标准 − 个人支付 − 其他基金支付",
            "the standard is gross: due = standard − patient − other funds";
        Fund = "fund", "标准是统筹基金口径：应付 = 标准", "the standard is the fund's: due = standard";
        Case = "case",
            "逐例：应付 = max(0, 标准 − 自费 − 先行自付 − 起付线) × 基金支付比例",
            "by case: due = max(0, standard − own pay − first own pay − deductible) × fund share";
    }
}

record! {
    /// A budget of a pool or of a consortium.
    BudgetRow key "period", "pool", "consortium" {
        period: Text [required], "年度（2026）或月份（2026-03）", "a year (2026) or a month (2026-03)";
        pool: Text [required], "基金池（险种）", "pool";
        consortium: Text [optional], "医共体；空白为全池", "consortium; blank for the whole pool";
        fund_budget: Yuan [required], "基金预算（元）", "budget of the fund in yuan";
        note: Text [optional], "备注", "note";
    }
}

family! {
    /// The money of a pool for a period.
    Budget = "budget", One, "总额预算", "budget";
    Table = "table",
        "预算表；年度预算按月份权重拆分，各月之和等于全年",
        "a table; a year is split over its months by weights, and the months sum to the year",
        "N_m = N_year × w_m ÷ Σ w" {
        table: Rows<BudgetRow> [required], "预算表", "the table";
        month_weights: Vec<Whole<0, 1_000_000>> [optional],
            "12 个月的权重；不写则均分",
            "weights of the twelve months; equal without it";
    }
    AsPaid = "as_paid",
        "以本期病例统筹基金已付之和为预算",
        "the sum the pooled fund has already paid for the cases",
        "N = Σ hifp_pay" {}
}

choice! {
    /// What a share is taken of.
    DeductionOf {
        Budget = "budget", "预算全额", "the whole budget";
        Rest = "rest", "前面各项扣除后的余额", "what earlier deductions leave";
    }
}

choice! {
    /// Where a deducted amount goes.
    DeductionTo {
        Reserve = "reserve", "计入调剂金（风险金）台账", "into the reserve";
        Spent = "spent", "用于其他支出", "spent otherwise";
    }
}

family! {
    /// What leaves the budget before the point value, in stated order.
    Deduction = "deduction", Any, "点值前的扣除", "deductions before the point value";
    Share = "share", "按比例", "a share", "share × (budget or rest)" {
        order: Whole<1, 1_000> [required], "次序", "order";
        share: Share [required], "比例", "the share";
        of: DeductionOf [= "budget"], "基数", "what it is taken of";
        to: DeductionTo [required], "去向", "where it goes";
    }
    Amount = "amount", "按月金额", "an amount a month", "amount" {
        order: Whole<1, 1_000> [required], "次序", "order";
        amounts: BTreeMap<String, Yuan> [required], "基金池 → 元；键“*”为其余各池", "pool → yuan; key \"*\" for all others";
        to: DeductionTo [required], "去向", "where it goes";
    }
}

family! {
    /// The value of a point.
    PointValue = "point_value", AtMostOne, "点值", "point value";
    Gross = "gross", "总费用口径", "of the gross cost", "PV = (N + Σ patient + Σ other funds − paid by cost) ÷ Σ points" {}
    Fund = "fund", "统筹基金口径", "of the fund", "PV = (N − paid by cost) ÷ Σ points" {}
    Fixed = "fixed", "给定（如用上年点值预结算）", "given (last year's, say)", "PV = value" {
        values: BTreeMap<String, Price> [required],
            "基金池 → 元/点；键“*”为其余各池",
            "pool → yuan a point; key \"*\" for all others";
        due: DueBasis [required], "应付口径（gross 或 fund）", "what of the standard the fund owes (gross or fund)";
    }
}

family! {
    /// Floor and ceiling of the point value.
    PointValueLimit = "point_value_limit", AtMostOne, "点值上下限", "limits of the point value";
    None = "none", "不设上下限", "none", "" {}
    Band = "band",
        "相对参考点值的上下限；差额记入调剂金",
        "relative to a reference; the difference goes to or comes from the reserve",
        "floor × ref ≤ PV ≤ ceiling × ref" {
        reference: BTreeMap<String, Price> [required],
            "基金池 → 参考点值；键“*”为其余各池",
            "pool → reference; key \"*\" for all others";
        floor: Factor [optional], "下限倍数（恰为下限不调整）", "floor as a multiple (a value on it stands)";
        ceiling: Factor [optional], "上限倍数（恰为上限不调整）", "ceiling as a multiple (a value on it stands)";
    }
}

record! {
    /// The share of an institution, of a level, or of all others.
    ShareRow key "fixmedins_code", "level" {
        fixmedins_code: Text [optional],
            "定点机构编码；空白为没有自己一行的机构", "institution; blank for those without a row of their own";
        level: Text [optional], "机构等级；空白为没有自己一行的等级", "level; blank for levels without a row of their own";
        share: Share [required], "比例", "the share";
        note: Text [optional], "备注（如信用等级）", "note (the class of credit, say)";
    }
}

family! {
    /// The share of a month's due that is paid now.
    Prepay = "prepay", One, "月度预付", "monthly prepayment";
    Share = "share", "按比例预付，其余留待清算", "a share, the rest waits for clearing", "prepaid = share × due" {
        share: Share [required], "比例", "the share";
    }
    Table = "table", "按机构或机构等级的比例，其余留待清算", "a share by institution or level, the rest waits for clearing",
        "prepaid = share[institution or level] × due" {
        table: Rows<ShareRow> [required], "比例表", "the shares";
    }
}

choice! {
    /// What the deposit is taken of.
    DepositOf {
        Prepaid = "prepaid", "预付额", "what is prepaid";
        Due = "due", "应付额", "what is due";
    }
}

family! {
    /// The quality deposit withheld from what is paid now.
    Deposit = "deposit", One, "质量保证金", "quality deposit";
    None = "none", "不扣留", "none", "" {}
    Share = "share", "按比例扣留，清算时按考核返还", "a share, returned by score at clearing", "withheld = share × (prepaid or due)" {
        share: Share [required], "比例", "the share";
        of: DepositOf [= "prepaid"], "基数", "what it is taken of";
    }
    Table = "table", "按机构或机构等级的比例扣留，清算时按考核返还",
        "a share by institution or level, returned by score at clearing",
        "withheld = share[institution or level] × (prepaid or due)" {
        table: Rows<ShareRow> [required], "比例表", "the shares";
        of: DepositOf [= "prepaid"], "基数", "what it is taken of";
    }
}

impl Prepay {
    /// Its rows, where it has some.
    #[must_use]
    pub fn table(&self) -> Option<&Rows<ShareRow>> {
        match self {
            Prepay::Table { table } => Some(table),
            Prepay::Share { .. } => None,
        }
    }
}

impl Deposit {
    /// Its rows, where it has some.
    #[must_use]
    pub fn table(&self) -> Option<&Rows<ShareRow>> {
        match self {
            Deposit::Table { table, .. } => Some(table),
            Deposit::None {} | Deposit::Share { .. } => None,
        }
    }
}

impl Deduction {
    /// Its place among the deductions.
    #[must_use]
    pub fn order(&self) -> i64 {
        match self {
            Deduction::Share { order, .. } | Deduction::Amount { order, .. } => order.0,
        }
    }
}
