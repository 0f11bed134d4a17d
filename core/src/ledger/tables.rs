//! The tables of a book, and what tells their rows apart.

/// The columns by which rows of a table are matched when two states are compared. Of a table not listed here, all
/// columns count.
const KEYS: &[(&str, &[&str])] = &[
    ("claims", &["setl_id"]),
    ("institutions", &["fixmedins_code", "pool", "insutype"]),
    ("pools", &["pool", "insutype"]),
    ("consortia", &["consortium", "pool", "insutype"]),
    ("recognition_points", &["fixmedins_code", "insutype", "period", "pack"]),
    ("awards", &["award"]),
    ("award_entries", &["entry"]),
    ("floors", &["government", "year", "floor"]),
    ("rejects", &["file", "row", "field", "code"]),
];

/// The key columns of a table by its name.
#[must_use]
pub fn key_of(table: &str) -> Option<&'static [&'static str]> {
    KEYS.iter().find(|(name, _)| *name == table).map(|(_, key)| *key)
}
