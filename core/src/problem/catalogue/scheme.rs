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
    S026 AFTER_ALWAYS Warning {
        zh: "{what} 不可能到达：同一 ADRG 中先列的 DRG {first} 无条件成立",
        en: "{what} can never be reached: the DRG {first} of the same ADRG stands first and always holds",
    }
    S027 TAKEN_FIRST Warning {
        zh: "{what} 不可能到达：满足其条件的病例全部先被 {rules} 取走",
        en: "{what} can never be reached: every claim that satisfies it is taken first by {rules}",
    }
    S028 OVERLAPPING_CODES Warning {
        zh: "{first} 与 {second} 的列表共有 {count} 个编码（如 {example}），同一病例可同时满足两条规则；先列者 {first} 优先",
        en: "the lists of {first} and {second} share {count} code(s) (e.g. {example}) and one claim can satisfy both rules; {first} stands first and takes it",
    }
    S029 MISSING_LEAF_BARE Warning {
        zh: "ADRG {adrg} 的 DRG 没有覆盖全部病例（如 {cases}），未覆盖者的结果只有 ADRG 编码 {result}",
        en: "the DRGs of ADRG {adrg} leave out cases (e.g. {cases}): their result is the bare code {result}",
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
        zh: "{adrg} 的列表 {list} 中有 {count} 个编码（如 {example}）不满足 {mdc} 的条件“{required}”，作为 {place} 永不命中",
        en: "{count} code(s) of list {list} of {adrg} (e.g. {example}) do not meet \"{required}\", which {mdc} requires: they never match as {place}",
    }
    S033 UNKNOWN_CODE Warning {
        zh: "{table} 中有 {count} 个编码不在名称表中（如 {example}）",
        en: "{count} code(s) of {table} not in the table of names (e.g. {example})",
    }
    S034 CC_LEVEL Error { zh: "严重程度“{value}”无效，应为 MCC 或 CC", en: "the level \"{value}\" is neither MCC nor CC" }
    S035 NO_SUCH_CODE Error {
        zh: "方案 {scheme} 中没有“{code}”",
        en: "there is no \"{code}\" in the scheme {scheme}",
    }
    S036 DUPLICATE_CODE Warning {
        zh: "编码 {code} 在 {list} 中重复（首次出现在第 {first} 行）",
        en: "the code {code} stands twice in {list} (first in row {first})",
    }
    S037 EMPTY_MDC Warning {
        zh: "{mdc} 没有任何诊断编码，条件“{condition}”却引用了它",
        en: "{mdc} has no diagnoses, yet the condition \"{condition}\" refers to them",
    }
    S038 MISSING_LEAF_NEXT Warning {
        zh: "ADRG {adrg} 的 DRG 没有覆盖全部病例（如 {cases}），未覆盖者转入下一条规则",
        en: "the DRGs of ADRG {adrg} leave out cases (e.g. {cases}): they go on to the next rule",
    }
    S039 CODES_NEVER_COUNT Warning {
        zh: "{second} 的列表中有 {count} 个编码（如 {example}）不起作用：含这些编码的病例全部先被 {first} 取走",
        en: "{count} code(s) in the lists of {second} (e.g. {example}) never count: {first} stands first and takes every claim with them",
    }
    S040 CODES_OUTSIDE_MDC Warning {
        zh: "{what} 不可能到达：列表 {list} 的编码（如 {example}）都不满足 {mdc} 的条件“{required}”",
        en: "{what} can never be reached: none of the codes in list {list} (e.g. {example}) meets \"{required}\", which {mdc} requires",
    }
    S041 CONTRADICTS Warning {
        zh: "{what} 不可能到达：条件“{condition}”与 {other} 的条件“{required}”不可能同时成立",
        en: "{what} can never be reached: \"{condition}\" and the condition of {other}, \"{required}\", never hold together",
    }
    S042 NEVER_HOLDS Warning {
        zh: "{what} 不可能到达：条件“{condition}”不可能成立",
        en: "{what} can never be reached: the condition \"{condition}\" can never hold",
    }
    S043 TAKEN_BY_DRGS Warning {
        zh: "{what} 不可能到达：满足其条件的病例全部先被同一 ADRG 的 {drgs} 取走",
        en: "{what} can never be reached: {drgs} of the same ADRG stand first and take every claim",
    }
    S044 PRINCIPAL_COUNTS Warning {
        zh: "{what} 不可能到达：其主要诊断本身都是 {level}，而本方案把主要诊断也计入严重程度",
        en: "{what} can never be reached: each of its principal diagnoses is itself a {level}, and this scheme counts the principal diagnosis too",
    }
    S045 NO_SUCH_CLAIM Warning {
        zh: "{what} 不可能到达：没有任何编码组合能给出条件所要的严重程度或身体区域数",
        en: "{what} can never be reached: no combination of codes gives the severity or the body regions it asks for",
    }
    S046 NOT_FOUND Warning {
        zh: "{what} 可能无法到达：为其构造的 {tried} 个病例都没有到达，多数被 {rules} 取走",
        en: "{what} can probably not be reached: none of {tried} claims made for it gets there; most are taken by {rules}",
    }
    S047 SAME_ORDER Warning {
        zh: "顺序号 {order} 在 {group} 中重复（首次出现在第 {first} 行），以行的先后为准",
        en: "the order {order} stands twice in {group} (first in row {first}); the rows decide",
    }
    S048 CONFLICTING_ROWS Warning {
        zh: "编码 {code} 在 {table} 中有不同的值“{before}”和“{after}”，以后者为准",
        en: "the code {code} has different values in {table}, \"{before}\" and \"{after}\"; the latter counts",
    }
    S049 SEVERAL_LEVELS Warning {
        zh: "编码 {code} 在 cc 中有多条记录（{entries}），全部计入",
        en: "the code {code} has several entries in cc ({entries}); all of them count",
    }
    S050 EMPTY_LIST Warning {
        zh: "{list} 没有编码，条件“{condition}”却引用了它",
        en: "{list} holds no code, yet the condition \"{condition}\" refers to it",
    }
    S051 GROUP_WITHOUT_CC Warning {
        zh: "排除组 {group} 没有任何 CC/MCC，{count} 条排除记录不起作用",
        en: "no CC/MCC has the exclusion group {group}: {count} row(s) of exclusions do nothing",
    }
    S052 NO_SUCH_CODE_BUT Error {
        zh: "方案 {scheme} 中没有“{code}”，最接近的是 {hint}",
        en: "there is no \"{code}\" in the scheme {scheme}; the nearest is {hint}",
    }
    S053 TABLE_TWICE Error {
        zh: "表 {table} 出现两次（先见于 {first}）",
        en: "the table {table} is there twice (first as {first})",
    }
}
