//! Scenarios.

catalogue! {
    X001 NO_BASELINE Error {
        zh: "基线不完整：缺 {what}；给出账册与期间（book、period），或分组方案、政策包、病例与期间（scheme、policy、claims、period）",
        en: "the baseline is incomplete: {what} is missing; give a book and a period (book, period), or scheme, policy, claims and period",
    }
    X002 NO_POINTS Error {
        zh: "文件没有任何情景",
        en: "the file has no scenario",
    }
    X003 NAME_TWICE Error {
        zh: "情景名称“{name}”出现两次",
        en: "two scenarios are named \"{name}\"",
    }
    X004 TOUCHES_NOTHING Error {
        zh: "情景“{name}”：{path} 原本就是 {value}，没有改变任何参数",
        en: "scenario \"{name}\": {path} is {value} already, nothing changes",
    }
    X005 UNKNOWN_PATH Error {
        zh: "情景“{name}”：路径“{path}”不指向任何参数；是否为“{closest}”？",
        en: "scenario \"{name}\": the path \"{path}\" names nothing; did you mean \"{closest}\"?",
    }
    X006 TOO_MANY_POINTS Error {
        zh: "“{name}”的组合超过 {limit} 个",
        en: "\"{name}\" has more than {limit} combinations",
    }
    X007 BAD_AXIS Error {
        zh: "“{name}”：{path} 的取值须写 values，或 from ≤ to 与大于 0 的 step；times 与 plus 须为数",
        en: "\"{name}\": for {path} give values, or from ≤ to with a step above 0; times and plus need numbers",
    }
    X008 BASELINE_DIFFERS Error {
        zh: "按账册所存政策重算，{subject} 应付 {found} 元，账册为 {booked} 元：账册或程序已变，不能作为基线",
        en: "settled again by the policy in the book, {subject} is due {found} yuan, the book says {booked}: book or program changed, it cannot be the baseline",
    }
    X009 NO_EFFECT Warning {
        zh: "情景“{name}”没有改变任何结果",
        en: "the scenario \"{name}\" changes no result",
    }
    X010 BAD_PERIOD Error {
        zh: "期间“{period}”不是月份（2026-03）或年度（2026）",
        en: "\"{period}\" is neither a month (2026-03) nor a year (2026)",
    }
    X011 AMBIGUOUS_PATH Error {
        zh: "路径“{path}”在几个政策包中都有；请在前面写明政策包：“包的 id:{path}”",
        en: "the path \"{path}\" is in several packs; name the pack before it: \"ID:{path}\"",
    }
    X012 BAD_DISTRIBUTION Error {
        zh: "“{name}”：{path} 的分布参数不全、多余或矛盾，或界限内几乎抽不到值",
        en: "\"{name}\": the distribution of {path} lacks a parameter, has one too many or contradicts itself, or hardly ever lies within its bounds",
    }
    X013 UNKNOWN_TARGET Error {
        zh: "“{name}”的目标：没有 {what}“{value}”；最接近：{closest}；可选：{known}",
        en: "target of \"{name}\": there is no {what} \"{value}\"; closest: {closest}; known: {known}",
    }
    X014 BAD_GOAL Error {
        zh: "“{name}”：须 low < high，目标值的小数位不多于该指标的小数位",
        en: "\"{name}\": low must be below high, and the target may have no more decimals than its measure",
    }
    X015 BAD_GROWTH Error {
        zh: "“{name}”：增长率写一个，或每年一个（共 {years} 个），且大于 -1",
        en: "\"{name}\": give one rate of growth, or one for each of the {years} years, all above -1",
    }
    X016 NO_ANSWER Warning {
        zh: "“{name}”没有解（{outcome}）：{path} 取下限时为 {at_low}，取上限时为 {at_high}，目标 {target}",
        en: "\"{name}\" has no answer ({outcome}): with {path} at its lower bound {at_low}, at its upper {at_high}, the target is {target}",
    }
    X017 YEAR_DIFFERS Error {
        zh: "该年度的病例有更正（申诉、中治率等），重新计价与账册不同（{subject}：{found} 点，账册 {booked} 点）；年度测算只能改预算、点值、扣除、分担等计价之后的参数，或改用单月为基线",
        en: "cases of the year were corrected (appeals, shares of TCM …), so that pricing them again does not give what the book has ({subject}: {found} points, the book has {booked}); change what stands after prices only (budgets, point values, deductions, sharing), or take a month as the baseline",
    }
}
