//! Books.

catalogue! {
    B001 NOT_A_BOOK Error { zh: "这里没有账册（缺少 book.json）", en: "there is no book here (no book.json)" }
    B002 BUSY Error {
        zh: "另一个程序正在写这本账册，请等它结束后再试",
        en: "another run is writing to this book; try again when it has ended",
    }
    B003 PERIOD_CLOSED Error {
        zh: "{period} 已关账，不再改写；更正请记入以后的期间",
        en: "{period} is closed and is never rewritten; put corrections into a later period",
    }
    B004 NO_SUCH_PERIOD Error {
        zh: "账册中没有 {period}；已有：{known}",
        en: "the book has no {period}; it has: {known}",
    }
    B005 FOLDER_IN_USE Error {
        zh: "文件夹里有别的文件，不能在此新建账册；请指定空文件夹",
        en: "the folder holds other files, so no book is made here; name an empty one",
    }
    B006 EARLIER_OPEN Error {
        zh: "关 {period} 之前须先关 {earlier}",
        en: "{earlier} has to be closed before {period}",
    }
    B007 LATER_CLOSED Error {
        zh: "{later} 已关账，不能再结算更早的 {period}；请作为更正记入以后的期间",
        en: "{later} is closed, so the earlier {period} cannot be settled any more; put it into a later period as a correction",
    }
    B008 STALE_LINK Error {
        zh: "{period} 是依据较早一次的 {previous} 结果算出的，请重新结算 {period}",
        en: "{period} was computed on an earlier run of {previous}: settle {period} again",
    }
    B009 FISCAL_BOOK Error {
        zh: "这是财政资金账册；医保资金与财政资金不得混记",
        en: "this is a book of fiscal money; insurance money never shares a book with it",
    }
    B010 INTERRUPTED Error {
        zh: "上次写入中断，且此处不可写，无法恢复：{reason}",
        en: "the last run was interrupted and cannot be recovered here: {reason}",
    }
    B011 NOT_WRITTEN Error {
        zh: "写账册失败：{reason}；原有结果未改动",
        en: "writing the book failed: {reason}; earlier results are untouched",
    }
    B012 ALREADY_CLOSED Error { zh: "{period} 已经关账", en: "{period} is closed already" }
    B013 OTHER_FORMAT Error {
        zh: "账册格式为 {found}，本版本只认识 {known}",
        en: "the book has format {found}; this version knows {known}",
    }
    B014 NO_SUCH_TABLE Error { zh: "{period} 没有表 {table}", en: "{period} has no table {table}" }
    B015 UNFINISHED Error {
        zh: "新结果已写好，但尚未完成登记（{reason}）；下次打开账册时会自动完成",
        en: "the new results are in place but not yet entered in the book ({reason}); the next opening completes this",
    }

    B016 SUM_TOO_LARGE Error {
        zh: "表 {table} 的控制总数超出可精确计算的范围",
        en: "the control totals of the table {table} exceed what can be computed exactly",
    }

    B017 INSURANCE_BOOK Error {
        zh: "这是医保资金账册；医保资金与财政资金不得混记",
        en: "this is a book of insurance money; fiscal money never shares a book with it",
    }

    B018 SETTLED_BEFORE Warning {
        zh: "已在 {period} 结算，不重复支付",
        en: "settled in {period} already, and not paid twice",
    }

    B019 NOT_IN_BOOK Error { zh: "账册中没有“{what}”", en: "the book has no \"{what}\"" }

    B030 REVERSES_EARLIER Warning {
        zh: "冲正 {period} 已结算的 {original}：作为更正记入本期",
        en: "reverses {original}, settled in {period}: entered in this period as a correction",
    }

    B031 NO_MONTHS Error {
        zh: "账册中没有 {period} 的已结算病例",
        en: "the book has no settled cases of {period}",
    }

    B032 CORRECTS_NOTHING Error {
        zh: "要更正的“{what}”不在以前已结算的月份中",
        en: "\"{what}\", which is to be corrected, is not among the months settled before",
    }
    B033 CORRECTED_TWICE Error { zh: "“{what}”在本期更正了两次", en: "\"{what}\" is corrected twice in this period" }
    B034 NOT_IN_FORCE Error {
        zh: "病例 {claim} 已冲正或未纳入支付，不能更正；请重新上传",
        en: "claim {claim} was reversed or is out of scope, and cannot be corrected; send it again",
    }
    B035 UNKNOWN_GROUP Error { zh: "分组方案中没有病组 {drg}", en: "the scheme has no group {drg}" }
    B036 CORRECTION_LACKS Error {
        zh: "更正“{action}”与所填内容不符：改组要有病例与病组，重新计价要有病例或月份，撤销只要病例",
        en: "\"{action}\" does not go with this: to regroup needs a claim and a group, to reprice a claim or a month, to reverse a claim",
    }
    B037 CHANGES_NOTHING Warning {
        zh: "病例 {claim} 的更正不改变点数、病组与金额，不记入",
        en: "the correction of claim {claim} changes no point, group or amount, and is not entered",
    }

    B042 COUNTED_BY_CLEARING Error {
        zh: "{year} 年已清算并关账，清算已计入 {period} 对该年病例的更正；本次结算得出的更正与之不同，不能改写",
        en: "the year {year} is cleared and closed, and has counted the corrections that {period} made of it; this run makes others, which cannot be written over",
    }
    B043 SETTLED_LATER Warning {
        zh: "同一次就诊在 {period} 已有更晚的结算，不再计入",
        en: "{period} has a later settlement of the same stay; this one does not count",
    }
    B044 PENALTY_TAKEN Error {
        zh: "{institution}（{insutype}）的扣款 {amount} 元（规则 {rule}，{reason}）没有写年度，{year} 年清算时已扣过；请写明 year",
        en: "the penalty of {amount} yuan of {institution} ({insutype}; rule {rule}, {reason}) has no year, and the clearing of {year} has taken it; state its year",
    }
    B045 SAME_AS_BEFORE Warning {
        zh: "规则“{rule}”（{kind}）的各行没有写年度，与 {year} 年清算所用完全相同；如是上年的数字，请更新或写明 year",
        en: "rows of the rule \"{rule}\" ({kind}) have no year, and are the very ones that {year} was cleared by; if they are of that year, renew them or state it",
    }

    B020 MISSING_PERIOD Error { zh: "{period} 的文件夹不见了", en: "the folder of {period} is missing" }
    B021 UNKNOWN_PERIOD Error {
        zh: "文件夹 {name} 不在账册目录 book.json 中",
        en: "the folder {name} is not in the book's list, book.json",
    }
    B022 MISSING_FILE Error { zh: "文件不见了", en: "the file is missing" }
    B023 CHANGED_FILE Error {
        zh: "内容被改动：应为 SHA-256 {expected}，实为 {found}",
        en: "the content has changed: SHA-256 should be {expected}, is {found}",
    }
    B024 UNKNOWN_FILE Error { zh: "不属于本期间的文件", en: "the file does not belong to the period" }
    B025 CHANGED_INDEX Error {
        zh: "内容与程序所写不同：被改动过",
        en: "the content is not as the program writes it: it was changed",
    }
    B026 BROKEN_SEALS Error {
        zh: "关账封签链断裂：已关期间的记录被改动或删除",
        en: "the chain of seals is broken: the record of a closed period was changed or removed",
    }
    B027 HEAD_NOT_FOUND Error {
        zh: "账册中没有您保存的封签 {seal}：已关期间被改动、删除，或账册被换掉",
        en: "the book does not hold the seal {seal} you kept: a closed period was changed or removed, or this is another book",
    }
    B028 SUMS_DISAGREE Error {
        zh: "控制总数不符：{what} 应为 {expected}，实为 {found}",
        en: "control totals disagree: {what} should be {expected}, is {found}",
    }
    B038 STALE_RECOGNITION Error {
        zh: "{period} 的互认记录在该月结算之后有变，折算的点数与结算所用的不同；请重新结算该月",
        en: "the recognised exams of {period} changed after it was settled, which took other points of them; settle it again",
    }
    B039 MONTHS_MISSING Warning {
        zh: "{year} 年清算时账册中没有这些月份：{months}；预算仍是全年的",
        en: "the book lacks months of {year}: {months}; the budget is that of the whole year all the same",
    }
}
