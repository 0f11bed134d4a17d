//! What columns, kinds and words of the result tables are called in print.

use crate::problem::Lang;

/// The heading of a column; its own name where there is none.
#[must_use]
pub fn column(name: &str, lang: Lang) -> &str {
    find(COLUMNS, name).map_or(name, |(zh, en)| lang.pick(zh, en))
}

/// The word for a code that stands in a table, such as an insurance type or a kind of case; the code itself where
/// there is none.
#[must_use]
pub fn word(code: &str, lang: Lang) -> &str {
    find(WORDS, code).map_or(code, |(zh, en)| lang.pick(zh, en))
}

/// The name of a number in an entry.
#[must_use]
pub fn number(name: &str, lang: Lang) -> &str {
    find(NUMBERS, name).map_or(name, |(zh, en)| lang.pick(zh, en))
}

type Label = (&'static str, &'static str, &'static str);

fn find(labels: &'static [Label], name: &str) -> Option<(&'static str, &'static str)> {
    labels.iter().find(|label| label.0 == name).map(|label| (label.1, label.2))
}

const COLUMNS: &[Label] = &[
    ("setl_id", "结算号", "Settlement"),
    ("fixmedins_code", "机构代码", "Institution"),
    ("fixmedins_name", "机构名称", "Name"),
    ("hosp_lv", "等级", "Level"),
    ("insutype", "险种", "Insurance"),
    ("pool", "基金池", "Pool"),
    ("consortium", "医共体", "Consortium"),
    ("cmi", "CMI", "CMI"),
    ("drg", "病组", "DRG"),
    ("case_kind", "病例类型", "Case kind"),
    ("cases", "病例数", "Cases"),
    ("points", "点数", "Points"),
    ("point_value", "点值(元)", "Point value"),
    ("budget", "预算(元)", "Budget"),
    ("deducted", "扣除(元)", "Deducted"),
    ("total", "总额(元)", "Total"),
    ("due", "应付(元)", "Due"),
    ("prepaid", "预拨(元)", "Prepaid"),
    ("withheld", "保证金(元)", "Withheld"),
    ("payable", "实付(元)", "Payable"),
    ("balance", "结余(元)", "Balance"),
    ("carried_in", "上期结转(元)", "Carried in"),
    ("carried_out", "结转下期(元)", "Carried out"),
    ("standard", "支付标准(元)", "Standard"),
    ("psn_pay", "个人支付(元)", "Patient"),
    ("oth_fund_pay", "其他基金(元)", "Other funds"),
    ("account", "科目", "Account"),
    ("numbers", "算式数字", "Numbers"),
    ("state", "状态", "State"),
    ("reason", "原因", "Reason"),
    ("weight", "权重", "Weight"),
    ("coefficient", "系数", "Coefficient"),
    ("document", "文件", "Document"),
    ("amount", "金额(元)", "Amount"),
    ("rule", "规则", "Rule"),
    ("article", "条款", "Article"),
    ("basis", "依据", "Basis"),
    ("status", "分组结果", "Grouping"),
    ("unpaid_cases", "暂不支付病例", "Not paid yet"),
    ("by_amount", "按金额(元)", "By amount"),
    ("outside_budget", "预算外(元)", "Outside the budget"),
    ("shared_out", "点值分子(元)", "Shared out"),
    ("limited", "触及上下限", "Limited"),
    ("medfee_sumamt", "医疗总费用(元)", "Bill"),
    ("rows", "行数", "Rows"),
];

const WORDS: &[Label] = &[
    ("310", "职工", "employees"),
    ("390", "居民", "residents"),
    ("normal", "正常", "normal"),
    ("high", "高倍率", "high outlier"),
    ("low", "低倍率", "low outlier"),
    ("per_diem", "床日", "per diem"),
    ("by_item", "按项目", "by item"),
    ("ungrouped", "未入组", "ungrouped"),
    ("excluded", "不纳入", "excluded"),
    ("later", "日期在本期之后", "dated after the period"),
    ("earlier", "日期在本期之前，规则不纳入迟报", "dated before the period, and the rules leave late cases out"),
    ("elsewhere", "异地参保", "insured elsewhere"),
    ("med_type", "医疗类别不在范围内", "another kind of care"),
    ("too_short", "住院天数过短", "stay too short"),
    ("too_long", "住院天数过长", "stay too long"),
    ("too_small", "费用过低", "bill too small"),
    ("insurance_type", "险种不属于任何基金池", "the insurance type belongs to no pool"),
    ("no_weight", "病组没有权重", "the group has no weight"),
    ("special", "由特殊规则支付", "paid by a special rule"),
    ("paid", "已计付", "paid"),
    ("unpaid", "暂不支付", "not paid yet"),
    ("claims_in", "收到", "Received"),
    ("claims_rejected", "退回（数据有误）", "Rejected (faulty)"),
    ("claims_left_out", "剔除（重复、冲正、已结算）", "Left out (copies, reversed, settled before)"),
    ("claims_excluded", "不纳入本期", "Not of this period or scope"),
    ("claims_unpaid", "暂不支付", "Not paid until corrected"),
    ("claims_paid", "计付", "Paid"),
];

const NUMBERS: &[Label] = &[
    ("N", "N", "N"),
    ("points", "点数", "points"),
    ("point_value", "点值", "PV"),
    ("patient", "个人支付", "patient"),
    ("other_funds", "其他基金", "other funds"),
    ("cases", "病例数", "cases"),
    ("standard", "支付标准", "standard"),
    ("due", "应付", "due"),
    ("prepaid", "预付", "prepaid"),
    ("withheld", "保证金", "withheld"),
    ("carried_in", "上期结转", "carried in"),
    ("total", "总额", "total"),
    ("budget", "预算", "budget"),
    ("rest", "扣除后预算", "budget after deductions"),
];
