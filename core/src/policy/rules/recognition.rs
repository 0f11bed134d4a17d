//! Payment for recognised exams (检查检验结果互认). Only `dianzhi recognize` reads these; a month needs none of them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Counted;
use crate::policy::spec::{Price, Rows, Share, Text, Whole, Yuan, choice, family, record};

/// A number of days.
type Days = Whole<0, 3_650>;

family! {
    /// How much of the fee is paid for one recognised case.
    RecognitionShare = "recognition_share", AtMostOne, "互认支付比例", "share of the fee";
    Fixed = "fixed", "每例支付检查费的固定比例，逐例四舍五入到分", "a fixed share of the exam's fee a case, each rounded half up to the fen",
        "award = share × fee" {
        share: Share [required], "比例（0.5 即 50%）", "the share (0.5 is 50 %)";
    }
}

family! {
    /// Who is paid.
    RecognitionPayee = "recognition_payee", AtMostOne, "互认支付对象", "payee";
    Recogniser = "recogniser", "互认（未重复检查）的机构", "the institution that recognised and did not test", "" {}
    Issuer = "issuer", "出具报告的机构", "the institution that issued the report", "" {}
    Split = "split", "两家分享，最大余数法分到分", "both, split to the fen by largest remainder", "" {
        recogniser: Share [required], "互认机构所占份额", "share of the recognising institution";
    }
}

family! {
    /// Which fee the share is taken of.
    RecognitionFee = "recognition_fee", AtMostOne, "互认费用基数", "fee";
    RecogniserList = "recogniser_list", "互认机构等级、互认当日的价格",
        "list price at the recogniser's level on the day of recognition",
        "fee = price[item, recogniser's level, day of recognition]" {}
    IssuerList = "issuer_list", "出具机构等级、报告当日的价格", "list price at the issuer's level on the day of the report",
        "fee = price[item, issuer's level, day of report]" {}
    Actual = "actual", "记录所载的实际收费（fee）", "the fee written in the record (fee)", "fee = record" {}
}

family! {
    /// What one case is.
    RecognitionUnit = "recognition_unit", AtMostOne, "互认计例单位", "unit of a case";
    PerItem = "per_item", "每份报告的每个项目一例（同一互认机构只一例）", "each item of a report, once for each recogniser", "" {}
    PerReport = "per_report", "每份报告一例（同一互认机构只一例）", "each report, once for each recogniser", "" {}
    PerVisit = "per_visit", "每次就诊一例", "each visit once", "" {}
}

family! {
    /// Stays that DRG pays already.
    RecognitionInpatient = "recognition_inpatient", AtMostOne, "住院 DRG 病例的互认", "inpatient cases under DRG";
    Excluded = "excluded", "住院不付：节省已体现为 DRG 结余", "not paid: the saving is kept as DRG surplus already", "" {
        med_types: Vec<String> [required], "住院的医疗类别代码（med_type）；有住院结算号（setl_id）的记录也按住院",
            "kinds of care that are inpatient (med_type); a record with a settlement (setl_id) is inpatient too";
    }
    ExcludedIfDrg = "excluded_if_drg", "账册中已按 DRG 支付的住院不付，其余照付",
        "not paid where the book has the stay paid under DRG, else paid", "" {}
    Included = "included", "与 DRG 支付并行", "paid beside DRG", "" {}
}

family! {
    /// The patient's part of the fee.
    RecognitionPatient = "recognition_patient", AtMostOne, "互认费用中的个人部分", "the patient's part";
    FullPrice = "full_price", "按全价的比例，由基金支付", "the share of the full fee, paid by the fund", "" {}
    FundShare = "fund_share", "只按基金应支付部分的比例",
        "the share of what the fund would have paid", "award = share × fee × fund share" {
        shares: BTreeMap<String, Share> [required], "险种 → 基金支付比例；键“*”为其余险种",
            "insurance type → share the fund pays; key \"*\" for all others";
    }
}

family! {
    /// How it is booked.
    RecognitionBooking = "recognition_booking", AtMostOne, "互认入账方式", "booking";
    Separate = "separate", "单列，不进入点数与点值", "a line of its own, outside points and point value", "" {}
    Points = "points", "折成点数，不另付金额", "turned into points, with no amount of its own", "points = award ÷ value" {
        value: Price [required], "折算点值（元/点）", "yuan a point";
    }
}

choice! {
    /// For how long a limit holds.
    CapPer {
        Period = "period", "每期", "a period";
        Year = "year", "每年（含以前各期）", "a year, with its earlier periods";
    }
}

record! {
    /// A budget of recognition.
    RecognitionBudgetRow key "period" {
        period: Text [required], "月份（2026-03）或年份（2026，含以前各期）",
            "month (2026-03), or year (2026, with its earlier periods)";
        amount: Yuan [required], "预算（元）", "budget in yuan";
        note: Text [optional], "备注", "note";
    }
}

family! {
    /// The most that is paid.
    RecognitionCap = "recognition_cap", AtMostOne, "互认支付上限", "cap";
    None = "none", "不设", "none", "" {}
    PerPatient = "per_patient", "每名参保人的上限，按时间先后用完为止", "for each person, used up in the order of time", "" {
        amount: Yuan [required], "上限（元）", "the most, in yuan";
        per: CapPer [= "period"], "期限", "for how long";
    }
    Budget = "budget", "预算的一定份额；超出时各例按比例削减，最大余数法分到分",
        "a share of a budget; above it every case is cut in proportion, to the fen by largest remainder",
        "Σ award ≤ share × budget" {
        table: Rows<RecognitionBudgetRow> [required], "预算表", "the budget";
        share: Share [= "1"], "预算中可用于互认的份额", "share of the budget for recognition";
    }
}

record! {
    /// An item on the mutual list.
    RecognitionItemRow key "item_code", "valid_from" {
        item_code: Text [required], "医疗服务项目编码", "code of the item";
        name: Text [optional], "名称", "name";
        days: Days [optional], "有效天数；不写则用通用天数", "days of validity; without it the general ones";
        valid_from: NaiveDate [optional], "起始日（含）", "first day (inclusive)";
        valid_to: NaiveDate [optional], "截止日（含）", "last day (inclusive)";
        note: Text [optional], "备注", "note";
    }
}

family! {
    /// Which items are recognised, and for how long.
    RecognitionItems = "recognition_items", AtMostOne, "互认项目清单", "the mutual list";
    Table = "table", "项目清单；不在清单内不付", "a list; other items are not paid", "" {
        table: Rows<RecognitionItemRow> [required], "项目表", "the items";
        days: Days [= "30"], "报告有效天数：互认日不晚于报告日加此数（等于有效）",
            "days a report is valid: recognised at most so many days after it (equal is valid)";
    }
}

record! {
    /// A price of an item.
    RecognitionPriceRow key "item_code", "hosp_lv", "valid_from" {
        item_code: Text [required], "医疗服务项目编码", "code of the item";
        hosp_lv: Text [optional], "机构等级；不写为各级同价", "level of the institution; without it all levels";
        price: Yuan [required], "价格（元）", "price in yuan";
        valid_from: NaiveDate [optional], "起始日（含）", "first day (inclusive)";
        valid_to: NaiveDate [optional], "截止日（含）", "last day (inclusive)";
        note: Text [optional], "备注", "note";
    }
}

family! {
    /// The price list.
    RecognitionPrices = "recognition_prices", AtMostOne, "互认价格表", "price list";
    Table = "table", "项目、等级、日期的价格；查不到即报错", "prices by item, level and day; a missing one is an error", "" {
        table: Rows<RecognitionPriceRow> [required], "价格表", "the prices";
    }
}

family! {
    /// Which records belong to a period.
    RecognitionPeriod = "recognition_period", AtMostOne, "互认归期", "period of a recognition";
    ByDay = "by_day", "按互认日期", "by the day of recognition", "" {
        earlier: Counted [= "include"], "早于当期的记录（迟报）", "records of before the period (late)";
    }
}

choice! {
    /// How far recognition is paid.
    Between {
        SameLevel = "same_level", "同级机构之间", "institutions of one level";
        SameConsortium = "same_consortium", "同一医共体或集团之内", "members of one consortium";
        SameCounty = "same_county", "同一县（区）之内", "institutions of one county";
    }
}

family! {
    /// What else must hold. Always on: recognised, on the list, in time, another institution, once only.
    RecognitionGuard = "recognition_guard", Any, "互认审核条件", "guards";
    Quality = "quality", "报告须经质控合格（quality = 1）", "the report is quality-certified (quality = 1)", "" {}
    Campuses = "campuses", "分院与主院视为同一机构", "a branch campus is its main institution", "" {
        main: BTreeMap<String, String> [required], "分院编码 → 主院编码", "code of the branch → code of the main institution";
    }
    Between = "between", "只限这些机构之间（按机构名录）", "only among such institutions, by the register", "" {
        scope: Between [required], "范围", "which";
    }
    NotBilled = "not_billed", "有效期内互认机构未收取同一项目费用（按检查明细）",
        "the recogniser has not billed the item while the report is valid, by the tests listed", "" {}
    PingPong = "ping_pong", "两家机构不得就同一人同一项目来回互认",
        "two institutions do not recognise each other's reports of one person and item in turn", "" {
        days: Days [required], "相隔不足此数（等于算来回）", "within so many days (equal counts)";
    }
}

family! {
    /// A test repeated in the episode in which its result was recognised.
    RecognitionRetest = "recognition_retest", AtMostOne, "同次就诊内重复检查", "repeated tests";
    ClawBack = "claw_back", "不付；以前期间已付的收回", "not paid; what an earlier period paid is taken back", "" {}
    Ignore = "ignore", "不追究", "left alone", "" {}
}
