//! Grouping schemes.

catalogue! {
    S001 MISSING_TABLE Error { zh: "分组方案缺少表 {table}", en: "the scheme lacks the table {table}" }
    S002 MISSING_COLUMN Error { zh: "表缺少列 {column}", en: "the table lacks the column {column}" }
}
