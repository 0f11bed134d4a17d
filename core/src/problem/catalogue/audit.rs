//! Differences between a settlement and its audit.

catalogue! {
    V001 FIGURE_DIFFERS Error {
        zh: "复核不一致：表 {table}，{subject}，列 {column}：引擎为“{engine}”，复核为“{auditor}”",
        en: "the audit differs: table {table}, {subject}, column {column}: the engine has \"{engine}\", the auditor \"{auditor}\"",
    }
    V002 ROW_MISSING Error {
        zh: "复核不一致：表 {table} 没有 {subject}，复核有",
        en: "the audit differs: the table {table} has no {subject}, the auditor has",
    }
    V003 ROW_TOO_MUCH Error {
        zh: "复核不一致：表 {table} 有 {subject}，复核没有",
        en: "the audit differs: the table {table} has {subject}, the auditor has not",
    }
    V004 MORE_DIFFERENCES Error {
        zh: "另有 {count} 处复核不一致",
        en: "the audit differs in {count} more places",
    }
    V005 CANNOT_AUDIT Error {
        zh: "引擎有结果而复核无法得出：{what}",
        en: "the engine has a result that the auditor cannot find: {what}",
    }
}
