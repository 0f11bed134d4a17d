//! Policy packs.

catalogue! {
    P001 BAD_TOML Error { zh: "TOML 语法错误：{reason}", en: "TOML syntax: {reason}" }
    P002 UNKNOWN_KEY Error {
        zh: "未知的键“{key}”；最接近：{closest}；可用：{known}",
        en: "unknown key \"{key}\"; closest: {closest}; known: {known}",
    }
    P003 MISSING_KEY Error { zh: "缺少“{key}”（{meaning}）", en: "\"{key}\" is missing ({meaning})" }
    P004 WRONG_TYPE Error { zh: "应为 {expected}，实为 {found}", en: "expected {expected}, found {found}" }
    P005 NOT_A_NUMBER Error {
        zh: "“{value}”不是十进制数（不接受指数、千位分隔符、inf 与 nan）",
        en: "\"{value}\" is not a plain decimal number (no exponent, thousands separator, inf or nan)",
    }
    P006 TOO_MANY_DIGITS Error {
        zh: "{value} 的小数位多于 {digits} 位；参数从不四舍五入",
        en: "{value} has more than {digits} decimals; parameters are never rounded",
    }
    P007 OUT_OF_RANGE Error { zh: "{value} 超出范围 {range}", en: "{value} is outside {range}" }
    P008 UNKNOWN_CHOICE Error {
        zh: "未知的取值“{value}”；最接近：{closest}；可用：{known}",
        en: "unknown value \"{value}\"; closest: {closest}; known: {known}",
    }
    P009 UNKNOWN_KIND Error {
        zh: "未知的规则类型“{kind}”；最接近：{closest}；可用：{known}",
        en: "unknown kind of rule \"{kind}\"; closest: {closest}; known: {known}",
    }
    P010 MISSING_RULE Error {
        zh: "缺少一条“{family}”规则（{meaning}）；可用类型：{kinds}",
        en: "a rule of family \"{family}\" is missing ({meaning}); kinds: {kinds}",
    }
    P011 TWO_RULES Error {
        zh: "“{family}”只能有一条规则，现有：{rules}；要替换继承的规则，请使用同一名称",
        en: "only one rule of family \"{family}\" may stand, found: {rules}; to replace an inherited rule use its name",
    }
    P012 NO_SOURCE Error {
        zh: "规则须注明 source 与 article，或以 placeholder 说明为何没有依据",
        en: "a rule needs source and article, or a placeholder that says why it has none",
    }
    P013 UNKNOWN_SOURCE Error {
        zh: "来源“{source}”未在 [[source]] 中列出；已列出：{known}",
        en: "the source \"{source}\" is not among [[source]]; listed: {known}",
    }
    P014 UNKNOWN_BASE Error {
        zh: "继承的政策包“{base}”不存在；已知：{known}",
        en: "the pack \"{base}\" to extend does not exist; known: {known}",
    }
    P015 CIRCULAR_BASE Error { zh: "政策包循环继承：{chain}", en: "packs extend each other in a circle: {chain}" }
    P016 DATES_REVERSED Error {
        zh: "有效期截止 {to} 早于起始 {from}",
        en: "valid_to {to} is before valid_from {from}",
    }
    P017 PACKS_OVERLAP Error {
        zh: "政策包“{first}”与“{second}”的有效期在 {from} 至 {to} 重叠",
        en: "the packs \"{first}\" and \"{second}\" are both valid from {from} to {to}",
    }
    P018 PACKS_GAP Error {
        zh: "政策包“{first}”与“{second}”之间 {from} 至 {to} 没有有效的政策包",
        en: "no pack is valid from {from} to {to}, between \"{first}\" and \"{second}\"",
    }
    P019 TWO_PLACES Error {
        zh: "一次只能使用一个地区的政策包，现有：{places}",
        en: "a run takes the packs of one place, found: {places}",
    }
    P020 NO_PACK Error { zh: "没有可用的政策包（{where}）", en: "no policy pack to use ({where})" }
    P021 MISSING_FILE Error { zh: "找不到表文件“{file}”：{reason}", en: "the table file \"{file}\": {reason}" }
    P022 MISSING_COLUMN Error {
        zh: "表缺少列“{column}”；现有列：{known}",
        en: "the table lacks the column \"{column}\"; it has: {known}",
    }
    P023 DUPLICATE_ROW Error { zh: "“{key}”出现两次（首见第 {first} 行）", en: "\"{key}\" stands twice (first in row {first})" }
    P024 EMPTY_TABLE Error { zh: "表中没有数据行", en: "the table has no rows" }
    P025 UNKNOWN_PATCH Error {
        zh: "补丁路径“{path}”不指向任何参数；最接近：{closest}",
        en: "the patch path \"{path}\" names nothing; closest: {closest}",
    }
    P026 NO_ORDER Error {
        zh: "规则“{first}”与“{second}”可能同时适用于同一病例，但没有不同的 order",
        en: "the rules \"{first}\" and \"{second}\" can apply to the same case and have no different order",
    }
    P027 DUPLICATE_PACK Error { zh: "政策包 id“{id}”重复", en: "the pack id \"{id}\" is used twice" }
    P028 REMOVES_NOTHING Error {
        zh: "kind = \"none\" 用于取消继承的规则，但没有名为“{name}”的继承规则",
        en: "kind = \"none\" removes an inherited rule, and there is none named \"{name}\"",
    }
    P029 STATUSES_UNCOVERED Error {
        zh: "没有规则说明如何支付状态 {statuses} 的病例",
        en: "no rule says how cases of status {statuses} are paid",
    }
    P030 STATUS_TWICE Error {
        zh: "状态 {status} 同时由规则“{first}”与“{second}”支付",
        en: "the status {status} is paid by both \"{first}\" and \"{second}\"",
    }
    P031 NEEDS_POOL_MEAN Error {
        zh: "规则“{rule}”要用统筹区例均费用，但没有 pool_mean 规则",
        en: "the rule \"{rule}\" needs the pool's mean cost, and there is no pool_mean rule",
    }
    P032 BANDS_NOT_ASCENDING Error {
        zh: "分段上限必须递增，且只有最后一段不设上限",
        en: "the upper ends of bands must ascend, and only the last may be open",
    }
    P033 NEEDS Error { zh: "{what} 需要同时给出 {needs}", en: "{what} also needs {needs}" }
    P034 SAME_TYPE_TWICE Error {
        zh: "险种 {insutype} 属于两个基金池：{first}、{second}",
        en: "the insurance type {insutype} belongs to two pools: {first}, {second}",
    }
    P035 UNKNOWN_POOL Error {
        zh: "基金池“{pool}”不存在；已有：{known}",
        en: "there is no pool \"{pool}\"; there are: {known}",
    }
    P036 SHARES_NOT_ONE Error {
        zh: "各部分份额之和为 {sum}，必须等于 1",
        en: "the parts sum to {sum} and must sum to 1",
    }
    P040 LINES_CROSS Error {
        zh: "低倍率界限不低于高倍率界限（病组 {drg}：L = {low}，K = {high}），没有病例会是正常病例",
        en: "the low line is not below the high line (group {drg}: L = {low}, K = {high}): no case would be normal",
    }
    P041 NO_CONDITION Error {
        zh: "条件为空，会适用于全部病例；请写明条件",
        en: "the condition is empty and would hold for every case; state one",
    }
    P042 UNKNOWN_GROUPS Warning {
        zh: "分组方案中没有这些编码，规则对它们不起作用：{codes}",
        en: "the scheme has no such codes, and the rule does nothing for them: {codes}",
    }
    P043 UNKNOWN_TYPE Error {
        zh: "险种“{insutype}”不属于任何基金池；已有：{known}",
        en: "the insurance type \"{insutype}\" belongs to no pool; there are: {known}",
    }
    P048 UNKNOWN_PACK Error {
        zh: "没有文件“{name}”，程序也没有附带这个名称的政策包；最接近：{closest}；附带：{known}",
        en: "there is no file \"{name}\", and no pack of this name comes with the program; closest: {closest}; known: {known}",
    }
    P044 NOT_REGISTERED Error {
        zh: "机构 {institution} 不在机构名录中",
        en: "the institution {institution} is not in the register",
    }
}
