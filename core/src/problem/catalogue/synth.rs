//! Synthetic claims.

catalogue! {
    Y001 UNKNOWN_TIER Error {
        zh: "从等级“{level}”看不出医院大小；应含“三、二、一”或“3、2、1”",
        en: "the level \"{level}\" does not tell the size of the hospital; it should contain 三, 二, 一 or 3, 2, 1",
    }
    Y002 NOT_BEDS Error { zh: "“{value}”不是床位数", en: "\"{value}\" is not a number of beds" }
    Y003 NO_INSTITUTION Error { zh: "机构名册中没有机构", en: "the register has no institution" }
    Y004 NO_GROUPS Error {
        zh: "分组方案“{scheme}”没有一个病组能造出病例",
        en: "the scheme \"{scheme}\" has no group that a claim could be made for",
    }
    Y005 GROUPS_UNREACHED Warning {
        zh: "有 {count} 个病组未能造出病例：{drgs}",
        en: "no claim could be made for {count} groups: {drgs}",
    }
    Y006 NOT_A_PERIOD Error {
        zh: "“{value}”不是期间；应为 2026-03（月）或 2026（年）",
        en: "\"{value}\" is not a period; write 2026-03 (a month) or 2026 (a year)",
    }
    Y007 NOT_A_SHARE Error {
        zh: "“{value}”不是 0 到 1 之间、至多六位小数的份额",
        en: "\"{value}\" is not a share from 0 to 1 with at most six decimals",
    }
    Y008 TOO_MANY_CLAIMS Error {
        zh: "一次最多生成 {limit} 条病例",
        en: "at most {limit} claims are made at a time",
    }
}
