//! Rows that are not paid, and why.

use std::sync::Arc;

use crate::problem::{Entry, Lang, Problem};
use crate::table::{Table, Values};

/// Whether a row is faulty or rightly left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RejectKind {
    /// The row has a fault that its sender must mend.
    Rejected,
    /// The row is in order and does not count: a reversed settlement, a second copy.
    Excluded,
}

impl RejectKind {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            RejectKind::Rejected => "rejected",
            RejectKind::Excluded => "excluded",
        }
    }
}

/// One reason for which a row is not paid. A row with several faults has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    pub file: Arc<str>,
    pub row: u64,
    /// Empty when it could not be read.
    pub setl_id: String,
    pub field: &'static str,
    pub entry: &'static Entry,
    /// What stands in the field.
    pub value: String,
    pub args: Vec<(&'static str, String)>,
    pub kind: RejectKind,
}

impl Reject {
    /// The reason in words.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let problem = Problem { entry: self.entry, place: Default::default(), args: self.args.clone() };
        problem.message(lang)
    }
}

/// All reasons of a run, in the order of the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejects {
    pub rows: Vec<Reject>,
}

impl Rejects {
    /// The table `rejects`.
    #[must_use]
    pub fn table(&self) -> Table {
        let rows = &self.rows;
        let number = |row: u64| i64::try_from(row).unwrap_or(i64::MAX);
        Table::new()
            .with("file", Values::keywords(rows.iter().map(|r| &*r.file)))
            .with("row", Values::ints(rows.iter().map(|r| number(r.row))))
            .with("setl_id", Values::texts(rows.iter().map(|r| &r.setl_id)))
            .with("field", Values::keywords(rows.iter().map(|r| r.field)))
            .with("code", Values::keywords(rows.iter().map(|r| r.entry.code)))
            .with("value", Values::texts(rows.iter().map(|r| &r.value)))
            .with("reason_zh", Values::texts(rows.iter().map(|r| r.message(Lang::Zh))))
            .with("reason_en", Values::texts(rows.iter().map(|r| r.message(Lang::En))))
            .with("kind", Values::keywords(rows.iter().map(|r| r.kind.code())))
    }
}
