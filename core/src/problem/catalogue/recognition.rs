//! Mutual recognition. From R101: why a record is not paid.

catalogue! {
    R001 MISSING_COLUMN Error {
        zh: "缺少必需的列 {column}；现有列：{known}",
        en: "the required column {column} is missing; there are: {known}",
    }
    R002 NO_PRICE Error {
        zh: "价格表没有项目 {item} 在等级“{level}”、{day} 的价格（{cases} 条记录）",
        en: "the price list has no price of item {item} at level \"{level}\" on {day} ({cases} records)",
    }
    R003 NO_BUDGET Error {
        zh: "互认预算表没有 {period}；表中有：{known}",
        en: "the recognition budget has nothing for {period}; it has: {known}",
    }
    R004 BUDGET_TWICE Error {
        zh: "互认预算表对 {period} 既有月度又有年度预算",
        en: "the recognition budget has both a monthly and a yearly row for {period}",
    }
    R005 ROWS_OVERLAP Error {
        zh: "“{key}”的两行在 {day} 同时有效",
        en: "two rows of \"{key}\" are both valid on {day}",
    }
    R006 NEEDS_REGISTER Error {
        zh: "规则 {rule} 要用机构名录（institutions.register），而政策包没有",
        en: "the rule {rule} needs a register (institutions.register), and the pack has none",
    }
    R007 NO_PACK_FOR_DAY Error {
        zh: "{from} 至 {to} 互认的 {cases} 条记录没有有效的政策包",
        en: "no pack is valid for {cases} records recognised from {from} to {to}",
    }
    R008 OVERFLOW Error { zh: "{what} 超出可精确计算的范围", en: "{what} exceeds what can be computed exactly" }
    R009 UNKNOWN_PERIOD Error {
        zh: "“{period}”既不是月份（2026-03）也不是年份（2026）",
        en: "\"{period}\" is neither a month (2026-03) nor a year (2026)",
    }

    R101 UNREADABLE Warning { zh: "{field} 缺失或无法识别：“{value}”", en: "{field} is missing or cannot be read: \"{value}\"" }
    R102 SAME_ID Warning {
        zh: "另有记录用了同一编号而内容不同",
        en: "another record has the same id and says something else",
    }
    R103 REPEATED Warning { zh: "同一记录重复出现", en: "the same record again" }
    R104 NOT_RECOGNISED Warning { zh: "未互认：{why}", en: "not recognised: {why}" }
    R105 LATER Warning { zh: "互认日 {day} 晚于当期", en: "recognised on {day}, after the period" }
    R106 EARLIER Warning {
        zh: "互认日 {day} 早于当期，迟报不计",
        en: "recognised on {day}, before the period; late records do not count",
    }
    R107 UNKNOWN_INSTITUTION Warning {
        zh: "机构 {institution} 在 {day} 不在机构名录中",
        en: "the institution {institution} is not in the register on {day}",
    }
    R108 OWN_REPORT Warning {
        zh: "出具机构与互认机构是同一机构（{institution}）",
        en: "the report is the recogniser's own ({institution})",
    }
    R109 OUT_OF_SCOPE Warning {
        zh: "两家机构不符合范围 {scope}",
        en: "the two institutions are not of the scope {scope}",
    }
    R110 NOT_ON_LIST Warning {
        zh: "项目 {item} 在 {day} 不在互认清单中",
        en: "the item {item} is not on the mutual list on {day}",
    }
    R111 BEFORE_REPORT Warning {
        zh: "互认日 {day} 早于报告日 {report}",
        en: "recognised on {day}, before the report of {report}",
    }
    R112 TOO_OLD Warning {
        zh: "报告已 {age} 天，有效期为 {days} 天",
        en: "the report is {age} days old and valid for {days}",
    }
    R113 NO_QUALITY Warning { zh: "报告未经质控合格", en: "the report is not quality-certified" }
    R114 INPATIENT Warning {
        zh: "住院病例由 DRG 支付，节省已留在结余中",
        en: "an inpatient case, paid under DRG: the saving is kept as surplus",
    }
    R115 BILLED Warning {
        zh: "互认机构于 {day} 收取过同一项目，报告当时仍有效",
        en: "the recogniser billed the item on {day}, while the report was valid",
    }
    R116 TESTED_AGAIN Warning {
        zh: "同次就诊内于 {day} 又做了同一检查",
        en: "the test was repeated on {day}, in the same episode",
    }
    R117 PAID_BEFORE Warning {
        zh: "{period} 的记录 {record} 已经支付",
        en: "paid already by the record {record} of {period}",
    }
    R118 PING_PONG Warning {
        zh: "与记录 {record} 来回互认",
        en: "recognised in turn with the record {record}",
    }
    R119 COUNTED_ONCE Warning {
        zh: "只计一例，已计记录 {record}",
        en: "one case only, counted with the record {record}",
    }
    R120 NO_LEVEL Warning { zh: "机构 {institution} 没有等级", en: "the institution {institution} has no level" }
    R121 NO_FEE Warning { zh: "记录没有实际收费", en: "the record has no fee" }
    R122 NO_FUND_SHARE Warning {
        zh: "险种“{insutype}”没有基金支付比例",
        en: "the insurance type \"{insutype}\" has no fund share",
    }
    R123 TAKEN_BACK Warning {
        zh: "{period} 已付，同次就诊内于 {day} 又做了同一检查，收回",
        en: "paid in {period}; the test was repeated on {day} in the same episode: taken back",
    }
}
