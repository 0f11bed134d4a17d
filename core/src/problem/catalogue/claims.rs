//! Claims: columns, rows, and what rows say together.

catalogue! {
    C001 MISSING_COLUMN Error {
        zh: "缺少必需的列 {column}（{meaning}）；表头不同时请在对照文件的 [columns] 中写明",
        en: "the required column {column} ({meaning}) is missing; name it under [columns] of a mapping file when its header differs",
    }
    C002 MISSING_COLUMN_NEAR Error {
        zh: "缺少必需的列 {column}（{meaning}）；最相近的表头是“{near}”，若确为此列，请在对照文件的 [columns] 中写 {column} = \"{near}\"",
        en: "the required column {column} ({meaning}) is missing; the nearest header is \"{near}\": if it is this column, write {column} = \"{near}\" under [columns] of a mapping file",
    }
    C003 UNKNOWN_COLUMN Warning {
        zh: "未使用的列：{columns}",
        en: "columns that are not used: {columns}",
    }
    C004 WRONG_TYPE Error {
        zh: "列 {column} 的类型是 {found}，应为 {expected}",
        en: "the column {column} is of type {found}, it must be {expected}",
    }
    C005 FLOAT_MONEY Error {
        zh: "金额列 {column} 是浮点数，可能已不准确；请改用 decimal(18,2) 或文本，或用 --float-money 写明舍入规则",
        en: "the amounts in {column} are floats and may be inexact already: use decimal(18,2) or text, or state a rounding with --float-money",
    }
    C006 FLOAT_MONEY_ROUNDED Warning {
        zh: "金额列 {column} 是浮点数，按规则 {rounding} 舍入到分，{count} 个值因此改变",
        en: "the amounts in {column} are floats, rounded to the fen by {rounding}; {count} values changed",
    }
    C007 DUPLICATE_COLUMN Error { zh: "表头 {column} 出现不止一次", en: "the header {column} stands there more than once" }
    C008 MAPPED_COLUMN_ABSENT Error {
        zh: "对照文件说 {column} 是表头“{header}”，文件中没有这个表头",
        en: "the mapping says that {column} is under the header \"{header}\", which the file does not have",
    }
    C009 MAPPING_SYNTAX Error { zh: "对照文件无效：{reason}", en: "the mapping file is not valid: {reason}" }

    C010 EMPTY_FIELD Error { zh: "{field} 为空", en: "{field} is empty" }
    C011 NOT_WHOLE Error { zh: "{field} 不是整数", en: "{field} is not a whole number" }
    C012 OUT_OF_RANGE Error { zh: "{field} 应在 {min} 到 {max} 之间", en: "{field} must be from {min} to {max}" }
    C013 NOT_AN_AMOUNT Error { zh: "{field} 不是金额", en: "{field} is not an amount of money" }
    C014 TOO_MANY_DECIMALS Error {
        zh: "{field} 的小数超过两位，不能准确到分",
        en: "{field} has more than two decimals and is no whole number of fen",
    }
    C015 AMOUNT_TOO_LARGE Error { zh: "{field} 数额过大", en: "{field} is too large" }
    C016 NEGATIVE_AMOUNT Error {
        zh: "{field} 为负数，而此行不是冲正（refd_setl_flag 不为 1）",
        en: "{field} is negative and the row is no reversal (refd_setl_flag is not 1)",
    }
    C017 PAYMENTS_DO_NOT_ADD_UP Error {
        zh: "统筹 {fund} + 个人 {patient} + 其他基金 {other} = {sum}，不等于总额 {total}",
        en: "pooled fund {fund} + patient {patient} + other funds {other} = {sum}, not the total {total}",
    }
    C018 PAYMENTS_EXCEED_TOTAL Error {
        zh: "已填的各项支付合计 {sum}，超过总额 {total}",
        en: "the payments given sum to {sum}, more than the total {total}",
    }
    C019 NOT_A_DATE Error { zh: "{field} 不是日期", en: "{field} is not a date" }
    C020 DISCHARGE_BEFORE_ADMISSION Error {
        zh: "出院时间 {discharged} 早于入院时间 {admitted}",
        en: "discharged {discharged} before being admitted {admitted}",
    }
    C021 LOS_INCONSISTENT Warning {
        zh: "{count} 行的住院天数与出入院日期不符（首例：{days} 天，{admitted} 至 {discharged}）",
        en: "in {count} rows the days of stay do not agree with the dates (the first: {days} days, {admitted} to {discharged})",
    }
    C022 FIRST_CODE_EMPTY Error {
        zh: "{field} 的第一个编码为空，而后面还有编码：主要诊断或主要手术不明",
        en: "the first code of {field} is empty and others follow: which one is the main one is not known",
    }
    C023 NOT_A_SEX Error { zh: "gend 不是性别代码（0、1、2、9）", en: "gend is not a code of sex (0, 1, 2, 9)" }
    C024 NOT_AN_INSURANCE_TYPE Error {
        zh: "insutype 不是国家医保险种代码",
        en: "insutype is not a national code of insurance types",
    }
    C025 INSURANCE_TYPE_NOT_REGISTERED Error {
        zh: "险种 {value} 不在本次结算的险种之列",
        en: "the insurance type {value} is not among those of this settlement",
    }
    C026 UNKNOWN_INSTITUTION Error {
        zh: "医疗机构 {value} 不在机构名册中",
        en: "the institution {value} is not in the register of institutions",
    }
    C027 NOT_A_LEVEL Error {
        zh: "hosp_lv 应为不超过 16 个字的字母、数字或汉字",
        en: "hosp_lv must be at most 16 letters, digits or Chinese characters",
    }
    C028 LEVEL_NOT_REGISTERED Error {
        zh: "医院等级 {value} 不在等级表中",
        en: "the hospital level {value} is not in the table of levels",
    }
    C029 AGE_AND_DAYS_DISAGREE Error {
        zh: "年龄 {age} 岁与日龄 {days} 天矛盾：日龄只用于不足一周岁者",
        en: "an age of {age} years and {days} days contradict each other: days are for those under one year",
    }
    C030 IMPLAUSIBLE_WEIGHT Error {
        zh: "{field} 为 {grams} 克，应在 {min} 到 {max} 之间",
        en: "{field} is {grams} g, it must be from {min} to {max}",
    }
    C031 NOT_A_FLAG Error { zh: "{field} 应为 0 或 1", en: "{field} must be 0 or 1" }
    C032 NOT_A_DURATION Error {
        zh: "{field} 应为“天/小时/分钟”或整小时数",
        en: "{field} must be days/hours/minutes or whole hours",
    }
    C033 UNUSUAL_SEX Warning {
        zh: "{count} 行的 gend 不是 1 或 2（首例：“{value}”），分组时作信息校验不通过处理；自有代码请在对照文件 [values.gend] 中写明",
        en: "in {count} rows gend is neither 1 nor 2 (the first: \"{value}\") and grouping takes it as invalid; state codes of your own under [values.gend] of a mapping file",
    }
    C034 NORMALISED Warning {
        zh: "{field} 有 {count} 个值经过规范（全角、大小写、空格）",
        en: "{count} values of {field} were brought to the usual form (width, case, blanks)",
    }

    C040 DUPLICATE_COPY Warning {
        zh: "与 {file} 第 {row} 行完全相同，只计一次",
        en: "the same as row {row} of {file}, counted once",
    }
    C041 DUPLICATE_CONFLICT Error {
        zh: "结算ID {setl_id} 有 {count} 行且内容不同，无法判断哪一行正确，均不计",
        en: "{count} rows with the setl_id {setl_id} differ; which is right cannot be told, none is counted",
    }
    C042 REVERSED Warning { zh: "已被 {reversal} 冲正", en: "reversed by {reversal}" }
    C043 REVERSAL Warning { zh: "是对 {original} 的冲正，两者一并剔除", en: "the reversal of {original}; both drop out" }
    C044 REVERSAL_OF_NOTHING Error {
        zh: "冲正所指的结算 {original} 不在本次数据中",
        en: "the reversed settlement {original} is not in these data",
    }
    C045 REVERSAL_DIFFERS Error {
        zh: "冲正 {reversal} 与原结算 {original} 的机构或金额不相抵（{reversed_amount}、{amount}），两者均不计",
        en: "the reversal {reversal} and the settlement {original} do not cancel out by institution and amount ({reversed_amount}, {amount}); neither is counted",
    }
    C046 REVERSED_TWICE Error {
        zh: "结算 {original} 有 {count} 条冲正，均不计",
        en: "the settlement {original} has {count} reversals; none of them is counted",
    }
    C047 SUPERSEDED Warning {
        zh: "同一次就诊 {mdtrt_id} 有更晚的有效结算，只计最后一次",
        en: "a later valid settlement of the same stay {mdtrt_id} exists; only the last one counts",
    }
    C048 LAST_SETTLEMENT_UNCLEAR Error {
        zh: "同一次就诊 {mdtrt_id} 有 {count} 条有效结算，凭结算时间不能判断哪条最后",
        en: "{count} valid settlements of the same stay {mdtrt_id}, and their setl_time does not tell which is the last",
    }
    C049 REVERSAL_UNREADABLE Error {
        zh: "此结算有一条无法读取的冲正（{reversal}），不计",
        en: "a reversal of this settlement could not be read ({reversal}); it is not counted",
    }
    C050 REVERSAL_OF_REVERSAL Error {
        zh: "冲正所指的 {original} 本身是冲正",
        en: "the reversed settlement {original} is itself a reversal",
    }
    C051 MARKED_INVALID Warning { zh: "vali_flag 为 0：记录已作废", en: "vali_flag is 0: the record was withdrawn" }
    C052 REVERSAL_UNCLEAR Error {
        zh: "冲正所指的结算 {original} 有多行且内容不同",
        en: "the reversed settlement {original} has several rows that differ",
    }
    C053 TOO_MUCH Error {
        zh: "一次读入的数据过多（已读 {rows} 行）；请按月份或统筹区分开",
        en: "too much for one run (after {rows} rows): split by month or by place",
    }
    C054 NO_SUCH_CLAIM Error { zh: "没有 setl_id 为“{setl_id}”的记录", en: "there is no claim with setl_id \"{setl_id}\"" }
    C056 CODES_NOT_SEPARATED Error {
        zh: "{field} 的编码中有分隔符：各编码应以“{separator}”分开，其他分隔符请在对照文件的 [separator] 中写明",
        en: "a code of {field} contains a separator: codes must be separated by \"{separator}\", state another one under [separator] of a mapping file",
    }
    C055 CODES_NOT_SEPARATED_ROWS Warning {
        zh: "{count} 行的编码中有分隔符（首例：“{value}”），分组时按一个未知编码处理；其他分隔符请在对照文件的 [separator] 中写明",
        en: "in {count} rows a code contains a separator (the first: \"{value}\") and is one unknown code for grouping; state another separator under [separator] of a mapping file",
    }

    C060 NO_FILES Error { zh: "文件夹中没有 .csv 或 .parquet 文件", en: "the folder has no .csv or .parquet file" }
    C061 MISSING_TABLE Error {
        zh: "长表形式缺少表 {table}（{meaning}）：应有名为 {table}.csv 或 {table}.parquet 的文件",
        en: "the long form lacks the table {table} ({meaning}): a file named {table}.csv or {table}.parquet",
    }
    C062 MIXED_FORMS Error {
        zh: "此文件不是 4101 的表（{tables}），不能与它们一起读入",
        en: "this file is none of the 4101 tables ({tables}) and cannot be read together with them",
    }
    C063 ROWS_WITHOUT_CLAIM Warning {
        zh: "{count} 个结算ID 在 setlinfo 之外的表中出现，而 setlinfo 中没有（首例：{setl_id}）",
        en: "{count} setl_id stand in other tables and not in setlinfo (the first: {setl_id})",
    }
    C064 PAYINFO_NOT_USED Warning {
        zh: "表 payinfo 未使用：对照文件的 [payinfo] 没有写明各基金支付类型属于哪一项",
        en: "the table payinfo is not used: no [payinfo] in the mapping file says which amount each fund_pay_type belongs to",
    }
    C065 UNKNOWN_FUND_PAY_TYPE Error {
        zh: "基金支付类型 {value} 未在对照文件的 [payinfo] 中写明",
        en: "the fund_pay_type {value} is not stated under [payinfo] of the mapping file",
    }
    C066 PRINCIPAL_UNCLEAR Error {
        zh: "有 {count} 个不同的主要诊断（maindiag_flag 为 1），应恰有一个",
        en: "{count} different diagnoses have maindiag_flag 1, exactly one must",
    }
    C067 MANGLED_ID Error {
        zh: "{field} 已被表格软件改成科学计数，末尾数字丢失；请按文本格式重新导出",
        en: "{field} was made a number by a spreadsheet and has lost digits: export it again as text",
    }
}
