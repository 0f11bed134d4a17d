//! The words for what a case is.

/// The kind of a case: what its price rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum CaseKind {
    Normal,
    Low,
    High,
    PerDiem,
    ByItem,
    DaySurgery,
    Unstable,
    NewTechnology,
    Tcm,
    Reviewed,
    Ungrouped,
    Excluded,
}

impl CaseKind {
    pub const ALL: [CaseKind; 12] = [
        CaseKind::Normal,
        CaseKind::Low,
        CaseKind::High,
        CaseKind::PerDiem,
        CaseKind::ByItem,
        CaseKind::DaySurgery,
        CaseKind::Unstable,
        CaseKind::NewTechnology,
        CaseKind::Tcm,
        CaseKind::Reviewed,
        CaseKind::Ungrouped,
        CaseKind::Excluded,
    ];

    /// The code written to files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            CaseKind::Normal => "normal",
            CaseKind::Low => "low",
            CaseKind::High => "high",
            CaseKind::PerDiem => "per_diem",
            CaseKind::ByItem => "by_item",
            CaseKind::DaySurgery => "day_surgery",
            CaseKind::Unstable => "unstable",
            CaseKind::NewTechnology => "new_technology",
            CaseKind::Tcm => "tcm",
            CaseKind::Reviewed => "reviewed",
            CaseKind::Ungrouped => "ungrouped",
            CaseKind::Excluded => "excluded",
        }
    }

    /// The word people read.
    #[must_use]
    pub const fn chinese(self) -> &'static str {
        match self {
            CaseKind::Normal => "正常病例",
            CaseKind::Low => "低倍率病例",
            CaseKind::High => "高倍率病例",
            CaseKind::PerDiem => "床日病例",
            CaseKind::ByItem => "按项目付费病例",
            CaseKind::DaySurgery => "日间手术病例",
            CaseKind::Unstable => "非稳定病组病例",
            CaseKind::NewTechnology => "新技术病例",
            CaseKind::Tcm => "中医优势病组病例",
            CaseKind::Reviewed => "特病单议病例",
            CaseKind::Ungrouped => "未入组病例",
            CaseKind::Excluded => "不纳入病例",
        }
    }
}

/// Whether a case is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum State {
    /// Paid by points or by an amount.
    Paid,
    /// In scope, and paid nothing until it is corrected or reviewed.
    Unpaid,
    /// Out of scope; [`Reason`] says why.
    Excluded,
}

impl State {
    /// The code written to files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            State::Paid => "paid",
            State::Unpaid => "unpaid",
            State::Excluded => "excluded",
        }
    }
}

/// Why a case is out of scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Reason {
    None,
    /// Its date is after the period.
    Later,
    /// Its date is before the period, and the rules leave late cases out.
    Earlier,
    /// Insured elsewhere.
    Elsewhere,
    /// Another kind of care.
    MedType,
    TooShort,
    TooLong,
    TooSmall,
    /// An insurance type that belongs to no pool.
    InsuranceType,
    /// Its group has no weight.
    NoWeight,
    /// A special rule pays it otherwise.
    Special,
}

impl Reason {
    /// The code written to files; empty for none.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Reason::None => "",
            Reason::Later => "later",
            Reason::Earlier => "earlier",
            Reason::Elsewhere => "elsewhere",
            Reason::MedType => "med_type",
            Reason::TooShort => "too_short",
            Reason::TooLong => "too_long",
            Reason::TooSmall => "too_small",
            Reason::InsuranceType => "insurance_type",
            Reason::NoWeight => "no_weight",
            Reason::Special => "special",
        }
    }
}
