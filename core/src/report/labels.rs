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
    ("drg", "病组", "DRG"),
    ("case_kind", "病例类型", "Case kind"),
    ("cases", "病例数", "Cases"),
    ("points", "点数", "Points"),
    ("point_value", "点值(元)", "Point value"),
    ("budget", "预算(元)", "Budget"),
    ("total", "总额(元)", "Total"),
    ("due", "应付(元)", "Due"),
    ("prepaid", "预拨(元)", "Prepaid"),
    ("withheld", "保证金(元)", "Withheld"),
    ("payable", "实付(元)", "Payable"),
    ("balance", "结余(元)", "Balance"),
    ("amount", "金额(元)", "Amount"),
    ("rule", "规则", "Rule"),
    ("article", "条款", "Article"),
    ("medfee_sumamt", "医疗总费用(元)", "Bill"),
    ("rows", "行数", "Rows"),
];

const WORDS: &[Label] = &[
    ("310", "职工", "employees"),
    ("390", "居民", "residents"),
    ("normal", "正常倍率", "normal"),
    ("high", "高倍率", "high outlier"),
    ("low", "低倍率", "low outlier"),
    ("per_diem", "床日", "per diem"),
    ("ungroupable", "未入组", "ungroupable"),
];
