//! What grouping can say of a claim.

use serde::Serialize;

use super::compile::Grouper;
use crate::claims::Stays;
use crate::table::{Table, Values};
use crate::text::Dictionary;

/// The kind of result, with the code written to files and the word people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Grouped,
    Ungroupable,
    Ambiguous,
    Invalid,
    DxUnmapped,
    ProcUnmapped,
}

impl Status {
    pub const ALL: [Status; 6] = [
        Status::Grouped,
        Status::Ungroupable,
        Status::Ambiguous,
        Status::Invalid,
        Status::DxUnmapped,
        Status::ProcUnmapped,
    ];

    /// The code written to files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Status::Grouped => "grouped",
            Status::Ungroupable => "ungroupable",
            Status::Ambiguous => "ambiguous",
            Status::Invalid => "invalid",
            Status::DxUnmapped => "dx_unmapped",
            Status::ProcUnmapped => "proc_unmapped",
        }
    }

    /// The official word.
    #[must_use]
    pub const fn chinese(self) -> &'static str {
        match self {
            Status::Grouped => "分组成功",
            Status::Ungroupable => "无法入组",
            Status::Ambiguous => "歧义病案",
            Status::Invalid => "信息校验不通过",
            Status::DxUnmapped => "诊断不能转换为分组器支持的编码",
            Status::ProcUnmapped => "手术操作不能转换为分组器支持的编码",
        }
    }
}

/// One possible result of a scheme: every claim's result is one of the scheme's few hundred outcomes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    pub status: Status,
    pub mdc: String,
    pub adrg: String,
    pub drg: String,
}

/// The result of grouping a batch of claims: for each claim, in order, the number of its outcome in the scheme's list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grouped {
    pub outcomes: Vec<u16>,
}

impl Grouper {
    /// Groups what was read: a row of which a field could not be read is invalid, whatever its other fields say.
    #[must_use]
    pub fn group_read(&self, stays: &Stays, unreadable: &[bool], translate: bool) -> Grouped {
        let mut grouped = self.group(stays, translate);
        for (outcome, _) in grouped.outcomes.iter_mut().zip(unreadable).filter(|(_, unreadable)| **unreadable) {
            *outcome = Grouper::INVALID;
        }
        grouped
    }

    /// The outcome of each row, in order.
    pub fn outcomes_of<'a>(&'a self, grouped: &'a Grouped) -> impl ExactSizeIterator<Item = &'a Outcome> + Clone {
        grouped.outcomes.iter().map(|at| &self.outcomes()[usize::from(*at)])
    }

    /// The columns that grouping adds to its input: `status`, `mdc`, `adrg`, `drg`.
    #[must_use]
    pub fn columns(&self, grouped: &Grouped) -> Table {
        let column = |text: fn(&Outcome) -> &str| {
            let numbers = grouped.outcomes.iter().map(|at| usize::from(*at));
            let outcomes = self.outcomes();
            Values::Keyword(Dictionary::by_number(numbers, outcomes.len(), |at| text(&outcomes[at])))
        };
        Table::new()
            .with("status", column(|outcome| outcome.status.code()))
            .with("mdc", column(|outcome| &outcome.mdc))
            .with("adrg", column(|outcome| &outcome.adrg))
            .with("drg", column(|outcome| &outcome.drg))
    }
}
