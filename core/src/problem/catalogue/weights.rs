//! Weights. From W101: why a claim is no part of the data.

catalogue! {
    W001 LENGTHS Error {
        zh: "{what} 有 {found} 行，病例有 {expected} 行",
        en: "{what} has {found} rows, the claims have {expected}",
    }
    W002 TWO_LEVELS Error {
        zh: "医疗机构 {institution} 在病例中有两个等级：{first}、{second}；请给出机构名录",
        en: "the institution {institution} has two levels in the claims: {first}, {second}; give a register",
    }
    W003 NO_LEVEL Error {
        zh: "医疗机构 {institution} 没有等级（{cases} 例），而规则 {rule} 要用",
        en: "the institution {institution} has no level ({cases} cases), which the rule {rule} needs",
    }
    W004 NO_CASES Error {
        zh: "没有可用于测算的病例：{claims} 例全部被排除",
        en: "no case is left to weigh: all {claims} claims are left out",
    }
    W005 YEAR_WITHOUT_CASES Error {
        zh: "{year} 年没有可用于测算的病例",
        en: "no case of the year {year} is left to weigh",
    }
    W006 TOO_LARGE Error {
        zh: "病例 {claim} 的费用 {amount} 元超出可精确计算的范围",
        en: "the cost of claim {claim}, {amount} yuan, exceeds what can be computed exactly",
    }
    W007 OVERFLOW Error { zh: "{what} 超出可精确计算的范围", en: "{what} exceeds what can be computed exactly" }
    W008 UNKNOWN_GROUP Error {
        zh: "{what}中的病组 {drg} 不在分组方案中，或没有权重",
        en: "the group {drg} of {what} is not in the scheme, or has no weight",
    }
    W009 NOTHING_TO_SCALE Error {
        zh: "调整后无法保持 Σ(RW·n) 不变：其余病组没有可调整的权重",
        en: "Σ(RW·n) cannot be kept: no other group is left to carry the difference",
    }
    W010 NO_PREVIOUS Error {
        zh: "规则要求沿用上年权重（carry_over），但没有上年权重表",
        en: "a rule carries last year's weights over, and there is no table of last year",
    }
    W011 RESIDUE Warning {
        zh: "权重取四位小数后 Σ(RW·n) 与调整前相差 {difference}",
        en: "with weights of four decimals Σ(RW·n) differs from before by {difference}",
    }
    W012 NO_PLAN Error {
        zh: "没有政策包说明如何测算权重（weight_years、weight_formula；日期 {day}）",
        en: "no pack says how weights are made (weight_years, weight_formula; on {day})",
    }
    W013 SEVERAL_PLANS Error {
        zh: "有几个政策包都说明如何测算权重：{packs}；请用 --on 指定日期",
        en: "several packs say how weights are made: {packs}; name a day with --on",
    }

    W101 NO_DATE Warning { zh: "没有{date}日期，不能归入年份", en: "no {date} date: of no year" }
    W102 OTHER_YEAR Warning {
        zh: "{year} 年不在测算年份之内",
        en: "the year {year} is not among the years weighed",
    }
    W103 NOT_POSITIVE Warning { zh: "总费用不大于零", en: "the cost is not above zero" }
    W104 NO_STAY Warning {
        zh: "没有住院天数，而排除规则要用",
        en: "no length of stay, which an exclusion needs",
    }
    W105 STAY_SHORT Warning {
        zh: "住院 {value} 天，少于 {bound} 天",
        en: "a stay of {value} days, under {bound}",
    }
    W106 STAY_LONG Warning {
        zh: "住院 {value} 天，多于 {bound} 天",
        en: "a stay of {value} days, over {bound}",
    }
    W107 COST_LOW Warning {
        zh: "总费用 {value} 元，低于 {bound} 元",
        en: "a cost of {value} yuan, under {bound}",
    }
    W108 COST_HIGH Warning {
        zh: "总费用 {value} 元，高于 {bound} 元",
        en: "a cost of {value} yuan, over {bound}",
    }
    W109 CODE_EXCLUDED Warning { zh: "{of} {value} 被排除", en: "{of} {value} is excluded" }
    W110 NOT_GROUPED Warning { zh: "未入组：{status}", en: "not grouped: {status}" }
    W111 TRIMMED_LOW Warning {
        zh: "第 {pass} 轮裁剪：费用 {value} 元低于下限 {bound} 元",
        en: "trimmed in pass {pass}: the cost of {value} yuan is under the line of {bound}",
    }
    W112 TRIMMED_HIGH Warning {
        zh: "第 {pass} 轮裁剪：费用 {value} 元高于上限 {bound} 元",
        en: "trimmed in pass {pass}: the cost of {value} yuan is over the line of {bound}",
    }
}
