//! What may be written in a pack, as data.

/// A text in both languages.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    pub zh: &'static str,
    pub en: &'static str,
}

/// What may be written for a value.
#[derive(Debug)]
pub enum Shape {
    /// A decimal number, bare or in quotes, from `min` to `max`, with at most `digits` decimals.
    Number {
        min: &'static str,
        max: Option<&'static str>,
        digits: u32,
        unit: Words,
    },
    /// A whole number.
    Whole {
        min: i64,
        max: i64,
    },
    Flag,
    Text,
    Date,
    /// One of a few words.
    Choice(&'static [Choice]),
    List(&'static Shape),
    /// Free keys, values of one shape.
    Map(&'static Shape),
    /// Fixed keys.
    Record(&'static [Field]),
    /// Rows: a CSV file beside the pack, or a list of inline tables. The key columns name a row in patches.
    Rows {
        row: &'static Shape,
        key: &'static [&'static str],
    },
    /// Rows with free columns: a CSV file, or a list of inline tables; the first column names a row in patches.
    FreeRows,
    /// A list of codes, or a CSV file whose first column holds them.
    Codes,
}

/// One word of a choice.
#[derive(Debug)]
pub struct Choice {
    pub value: &'static str,
    pub words: Words,
}

/// Whether a key must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Required,
    Optional,
    /// The value, as TOML, that stands for an absent key.
    Default(&'static str),
}

/// A key of a rule or a column of a table.
#[derive(Debug)]
pub struct Field {
    pub name: &'static str,
    pub shape: &'static Shape,
    pub need: Need,
    pub words: Words,
}

/// A kind of rule: `family.variant`.
#[derive(Debug)]
pub struct KindSpec {
    pub kind: &'static str,
    pub words: Words,
    /// The formula in the symbols of `docs/policy.md`.
    pub formula: &'static str,
    pub fields: &'static [Field],
}

/// How many rules of a family a pack may have, after inheritance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    One,
    AtMostOne,
    Any,
}

/// A family of rules.
#[derive(Debug)]
pub struct FamilySpec {
    pub family: &'static str,
    pub count: Count,
    pub words: Words,
    pub kinds: &'static [KindSpec],
}
