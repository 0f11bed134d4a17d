//! Grouping schemes.

catalogue! {
    S001 MISSING_TABLE Error { zh: "分组方案缺少表 {table}", en: "the scheme lacks the table {table}" }
    S002 MISSING_COLUMN Error { zh: "表缺少列 {column}", en: "the table lacks the column {column}" }
    S003 BAD_CELL Error { zh: "值“{value}”无效，应为{expected}", en: "the value \"{value}\" is not {expected}" }
    S004 UNKNOWN_OPTION Error {
        zh: "未知选项“{key}”（可用：{known}）",
        en: "unknown option \"{key}\" (known: {known})",
    }
    S005 MISSING_OPTION Error { zh: "scheme 表缺少选项 {key}", en: "the scheme table lacks the option {key}" }
    S006 EMPTY_CELL Error { zh: "单元格不能为空", en: "the cell must not be empty" }
    S007 CODE_AS_NUMBER Error {
        zh: "编码“{value}”在工作簿中存成了数字，请改为文本格式",
        en: "the code \"{value}\" is stored as a number in the workbook; format the cell as text",
    }
    S008 TOO_LARGE Error { zh: "方案过大：{what} 超过 {limit}", en: "the scheme is too large: {what} over {limit}" }
    S009 UNKNOWN_TABLE Warning { zh: "不认识的表 {table}，已忽略", en: "unknown table {table}, not used" }
    S010 UNEXPECTED_TOKEN Error {
        zh: "条件中出现“{found}”，此处应为：{expected}",
        en: "found \"{found}\" in the condition where one of these is expected: {expected}",
    }
    S011 CONDITION_ENDS_EARLY Error {
        zh: "条件不完整，此处应为：{expected}",
        en: "the condition ends early; expected: {expected}",
    }
    S012 UNKNOWN_WORD Error {
        zh: "条件中有不认识的词“{word}”（是否应为 {hint}？）",
        en: "unknown word \"{word}\" in the condition (did you mean {hint}?)",
    }
    S013 WRONG_KIND_OF_LIST Error {
        zh: "MDC 只含诊断编码，VALID 只含手术操作编码",
        en: "MDC holds diagnoses only, VALID holds procedures only",
    }
    S014 CONDITION_TOO_DEEP Error { zh: "条件嵌套过深", en: "the condition is nested too deeply" }
    S020 UNKNOWN_MDC Error { zh: "未定义的 MDC “{mdc}”", en: "the MDC \"{mdc}\" is not defined" }
    S021 UNKNOWN_LIST Error {
        zh: "条件引用了列表 {list}，但 adrg_codes 中没有 {adrg} 的该列表",
        en: "the condition refers to the list {list}, which {adrg} does not have in adrg_codes",
    }
    S022 DUPLICATE_KEY Error { zh: "“{key}”重复（首次出现在第 {first} 行）", en: "\"{key}\" stands twice (first in row {first})" }
    S023 DRG_WITHOUT_ADRG Warning {
        zh: "DRG {drg} 的 ADRG “{adrg}”没有规则，该 DRG 永远不会入组",
        en: "the DRG {drg} belongs to the ADRG \"{adrg}\", which has no rule: it is never reached",
    }
    S024 ADRG_WITHOUT_DRG Warning {
        zh: "ADRG {adrg} 没有任何 DRG",
        en: "the ADRG {adrg} has no DRG",
    }
    S025 UNUSED_LIST Warning {
        zh: "{adrg} 的列表 {list} 没有被任何条件引用",
        en: "the list {list} of {adrg} is used by no condition",
    }
    S026 UNREACHABLE_DRG Warning {
        zh: "DRG {drg} 不可能入组：{reason_zh}（{reason_en}）",
        en: "the DRG {drg} cannot be reached: {reason_en} ({reason_zh})",
    }
    S027 UNREACHABLE_RULE Warning {
        zh: "ADRG {adrg} 的这条规则不可能命中：{reason_zh}（{reason_en}）",
        en: "this rule of ADRG {adrg} can never be taken: {reason_en} ({reason_zh})",
    }
    S028 OVERLAPPING_CODE Warning {
        zh: "编码 {code} 同时在 {first} 与 {second} 的主列表中；先列者 {first} 优先",
        en: "the code {code} stands in the lists of both {first} and {second}; {first} stands first and takes it",
    }
    S029 MISSING_SEVERITY_LEAF Warning {
        zh: "ADRG {adrg} 的 DRG 没有覆盖“{severity}”的病例：{consequence_zh}（{consequence_en}）",
        en: "the DRGs of ADRG {adrg} leave out cases with \"{severity}\": {consequence_en} ({consequence_zh})",
    }
    S030 CC_WITHOUT_GROUP Warning {
        zh: "CC/MCC {code} 没有排除组",
        en: "the CC/MCC {code} has no exclusion group",
    }
    S031 EMPTY_GROUP Warning {
        zh: "排除组 {group} 没有任何主要诊断，对应的 CC/MCC 永不被排除",
        en: "the exclusion group {group} holds no principal diagnosis: its CC/MCC are never excluded",
    }
    S032 CODE_NOT_IN_MDC Warning {
        zh: "{adrg} 的列表 {list} 中有 {count} 个编码不在其 MDC 的诊断表中，作为主要诊断永不命中（如 {example}）",
        en: "{count} codes of list {list} of {adrg} are not diagnoses of its MDC and can never match as pdx (e.g. {example})",
    }
    S033 UNKNOWN_CODE Warning {
        zh: "{table} 中有 {count} 个编码不在名称表中（如 {example}）",
        en: "{count} codes of {table} are not in the table of names (e.g. {example})",
    }
    S034 CC_LEVEL Error { zh: "严重程度“{value}”无效，应为 MCC 或 CC", en: "the level \"{value}\" is neither MCC nor CC" }
    S035 NO_SUCH_CODE Error {
        zh: "方案 {scheme} 中没有“{code}”",
        en: "there is no \"{code}\" in the scheme {scheme}",
    }
    S036 DUPLICATE_CODE Warning {
        zh: "编码 {code} 在 {list} 中重复",
        en: "the code {code} stands twice in {list}",
    }
    S037 EMPTY_MDC Warning {
        zh: "{mdc} 没有任何诊断编码，条件却引用了它",
        en: "{mdc} has no diagnoses, yet its condition refers to them",
    }
}
