//! Lines of very cheap and very expensive cases.

use std::collections::BTreeMap;

use crate::policy::spec::{Factor, Rows, Text, choice, family, record};

choice! {
    /// What a case's cost is compared with.
    Reference {
        GroupMean = "group_mean", "病组例均费用 A；权重表没有时取 RW × M", "the group's mean cost A; RW × M where the table has none";
        PaymentStandard = "payment_standard",
            "该院支付标准：点数法 RW × f × M，费率法 RW × f × 费率",
            "the institution's standard: RW × f × M by points, RW × f × rate by rate";
        PoolMean = "pool_mean", "RW × M", "RW × M";
    }
}

choice! {
    /// To which side a cost exactly on the line belongs.
    Equal {
        Normal = "normal", "恰在界限上按正常病例", "a cost on the line is a normal case";
        Outlier = "outlier", "恰在界限上按高（低）倍率病例", "a cost on the line is an outlier";
    }
}

record! {
    /// A multiple for weights below an upper end.
    Band key "below" {
        below: Factor [optional], "权重低于此数（不含）；最后一段不写", "for weights below this (exclusive); absent in the last band";
        ratio: Factor [required], "倍数", "the multiple";
    }
}

record! {
    /// A multiple for weights below an upper end at institutions of a level.
    LevelBand key "level", "below" {
        level: Text [optional], "机构等级；空白为没有自己各行的等级", "level; blank for all levels without rows of their own";
        below: Factor [optional],
            "权重低于此数（不含）；该等级的最后一段不写",
            "for weights below this (exclusive); absent in the last band of a level";
        ratio: Factor [required], "倍数", "the multiple";
    }
}

record! {
    /// A group's own multiple.
    GroupLine key "drg", "level" {
        drg: Text [required], "病组", "group";
        level: Text [optional], "机构等级；空白为没有自己一行的等级", "level; blank for the levels without a row of their own";
        ratio: Factor [required], "倍数", "the multiple";
        note: Text [optional], "备注", "note";
    }
}

choice! {
    /// The line of a group that is not listed.
    OtherGroups {
        Refuse = "refuse", "报错并列出病组", "an error that lists the groups";
        NoLine = "no_line", "不设界限", "no line";
        Bands = "bands", "按 bands", "by bands";
    }
}

family! {
    /// Below this multiple of the reference a case is a low outlier.
    LowLine = "low_line", One, "低倍率界限 L", "the low line L";
    None = "none", "不设低倍率", "no low outliers", "" {}
    Flat = "flat", "统一倍数", "one multiple", "low when C < L × R" {
        ratio: Factor [required], "倍数 L", "the multiple L";
        equal: Equal [required], "恰在界限上的归属", "the side of a cost on the line";
        reference: Reference [= "group_mean"], "参照 R", "the reference R";
        lower_of: bool [= "false"],
            "再乘以 min(1, f)，避免系数低于 1 的机构的正常病例被判为低倍率",
            "also × min(1, f), so that a coefficient under 1 makes no low outliers";
    }
    ByWeight = "by_weight", "按权重分段", "by bands of weight", "low when C < L(RW) × R" {
        bands: Rows<Band> [required], "分段", "bands";
        equal: Equal [required], "恰在界限上的归属", "the side of a cost on the line";
        reference: Reference [= "group_mean"], "参照 R", "the reference R";
        lower_of: bool [= "false"], "再乘以 min(1, f)", "also × min(1, f)";
    }
    ByLevel = "by_level", "按机构等级", "by level of the institution", "low when C < L(level) × R" {
        levels: BTreeMap<String, Factor> [required], "等级 → 倍数", "level → multiple";
        equal: Equal [required], "恰在界限上的归属", "the side of a cost on the line";
        reference: Reference [= "group_mean"], "参照 R", "the reference R";
        lower_of: bool [= "false"], "再乘以 min(1, f)", "also × min(1, f)";
    }
    ByLevelWeight = "by_level_weight", "按机构等级与权重分段", "by level of the institution and bands of weight",
        "low when C < L(level, RW) × R" {
        bands: Rows<LevelBand> [required], "各等级的分段", "bands of each level";
        equal: Equal [required], "恰在界限上的归属", "the side of a cost on the line";
        reference: Reference [= "group_mean"], "参照 R", "the reference R";
        lower_of: bool [= "false"], "再乘以 min(1, f)", "also × min(1, f)";
    }
    ByGroup = "by_group", "按病组逐一列出，可再分机构等级", "listed group by group, optionally by level",
        "low when C < L(drg, level) × R" {
        table: Rows<GroupLine> [optional], "逐组列出的倍数", "the listed multiples";
        columns: BTreeMap<String, String> [optional],
            "等级 → 权重表中的倍数列", "level → column of the weight table with the multiple";
        column: Text [optional],
            "权重表中的倍数列（columns 未列的等级）",
            "column of the weight table (levels that columns does not name)";
        others: OtherGroups [required], "未列出的病组", "groups that are not listed";
        bands: Rows<LevelBand> [optional],
            "未列出病组的分段；others = \"bands\" 时必填",
            "bands for groups not listed; needed with others = \"bands\"";
        equal: Equal [required], "恰在界限上的归属", "the side of a cost on the line";
        reference: Reference [= "group_mean"], "参照 R", "the reference R";
        lower_of: bool [= "false"], "再乘以 min(1, f)", "also × min(1, f)";
    }
}

family! {
    /// Above this multiple of the reference a case is a high outlier.
    HighLine = "high_line", One, "高倍率界限 K", "the high line K";
    None = "none", "不设高倍率", "no high outliers", "" {}
    Flat = "flat", "统一倍数", "one multiple", "high when C > K × R" {
        ratio: Factor [required], "倍数 K", "the multiple K";
        equal: Equal [required], "恰在界限上的归属", "the side of a cost on the line";
        reference: Reference [= "group_mean"], "参照 R", "the reference R";
    }
    ByWeight = "by_weight", "按权重分段", "by bands of weight", "high when C > K(RW) × R" {
        bands: Rows<Band> [required], "分段", "bands";
        equal: Equal [required], "恰在界限上的归属", "the side of a cost on the line";
        reference: Reference [= "group_mean"], "参照 R", "the reference R";
    }
    ByLevel = "by_level", "按机构等级", "by level of the institution", "high when C > K(level) × R" {
        levels: BTreeMap<String, Factor> [required], "等级 → 倍数", "level → multiple";
        equal: Equal [required], "恰在界限上的归属", "the side of a cost on the line";
        reference: Reference [= "group_mean"], "参照 R", "the reference R";
    }
    ByLevelWeight = "by_level_weight", "按机构等级与权重分段", "by level of the institution and bands of weight",
        "high when C > K(level, RW) × R" {
        bands: Rows<LevelBand> [required], "各等级的分段", "bands of each level";
        equal: Equal [required], "恰在界限上的归属", "the side of a cost on the line";
        reference: Reference [= "group_mean"], "参照 R", "the reference R";
    }
    ByGroup = "by_group", "按病组逐一列出，可再分机构等级", "listed group by group, optionally by level",
        "high when C > K(drg, level) × R" {
        table: Rows<GroupLine> [optional], "逐组列出的倍数", "the listed multiples";
        columns: BTreeMap<String, String> [optional],
            "等级 → 权重表中的倍数列", "level → column of the weight table with the multiple";
        column: Text [optional],
            "权重表中的倍数列（columns 未列的等级）",
            "column of the weight table (levels that columns does not name)";
        others: OtherGroups [required], "未列出的病组", "groups that are not listed";
        bands: Rows<LevelBand> [optional],
            "未列出病组的分段；others = \"bands\" 时必填",
            "bands for groups not listed; needed with others = \"bands\"";
        equal: Equal [required], "恰在界限上的归属", "the side of a cost on the line";
        reference: Reference [= "group_mean"], "参照 R", "the reference R";
    }
}

/// A line, low or high.
#[derive(Clone, Copy, Debug)]
pub struct Line<'p> {
    pub multiple: Multiple<'p>,
    pub equal: Equal,
    pub reference: Reference,
    /// Also × min(1, f).
    pub lower_of: bool,
}

/// What a line's multiple goes by.
#[derive(Clone, Copy, Debug)]
pub enum Multiple<'p> {
    Flat(Factor),
    Weight(&'p Rows<Band>),
    Level(&'p BTreeMap<String, Factor>),
    LevelWeight(&'p Rows<LevelBand>),
    Group(GroupLines<'p>),
}

/// Multiples listed group by group.
#[derive(Clone, Copy, Debug)]
pub struct GroupLines<'p> {
    pub table: Option<&'p Rows<GroupLine>>,
    pub columns: Option<&'p BTreeMap<String, String>>,
    pub column: Option<&'p String>,
    pub others: OtherGroups,
    pub bands: Option<&'p Rows<LevelBand>>,
}

impl<'p> GroupLines<'p> {
    /// The columns of the weight table it reads.
    pub fn named(&self) -> impl Iterator<Item = &'p String> {
        self.columns.into_iter().flat_map(BTreeMap::values).chain(self.column)
    }

    /// The column for a level.
    #[must_use]
    pub fn column_of(&self, level: &str) -> Option<&'p String> {
        self.columns.and_then(|columns| columns.get(level)).or(self.column)
    }
}

impl<'p> Line<'p> {
    /// The bands of levels, where it has some.
    #[must_use]
    pub fn level_bands(&self) -> Option<&'p Rows<LevelBand>> {
        match &self.multiple {
            Multiple::LevelWeight(bands) => Some(bands),
            Multiple::Group(lines) => lines.bands,
            _ => None,
        }
    }

    /// Its list of groups.
    #[must_use]
    pub fn groups(&self) -> Option<&GroupLines<'p>> {
        match &self.multiple {
            Multiple::Group(lines) => Some(lines),
            _ => None,
        }
    }
}

/// The bands that a level goes by: its own, else those of no level.
pub fn bands_of<'p>(bands: &'p Rows<LevelBand>, level: &str) -> impl Iterator<Item = &'p LevelBand> {
    let rows = || bands.0.iter().map(|(band, _)| band);
    let own = rows().any(|band| band.level.as_deref() == Some(level));
    let level = level.to_owned();
    rows().filter(move |band| if own { band.level.as_deref() == Some(&*level) } else { band.level.is_none() })
}

impl LowLine {
    /// The line; `None` where there is none.
    #[must_use]
    pub fn line(&self) -> Option<Line<'_>> {
        let (multiple, equal, reference, lower_of) = match self {
            LowLine::None {} => return None,
            LowLine::Flat { ratio, equal, reference, lower_of } => (Multiple::Flat(*ratio), equal, reference, lower_of),
            LowLine::ByWeight { bands, equal, reference, lower_of } => {
                (Multiple::Weight(bands), equal, reference, lower_of)
            }
            LowLine::ByLevel { levels, equal, reference, lower_of } => {
                (Multiple::Level(levels), equal, reference, lower_of)
            }
            LowLine::ByLevelWeight { bands, equal, reference, lower_of } => {
                (Multiple::LevelWeight(bands), equal, reference, lower_of)
            }
            LowLine::ByGroup { table, columns, column, others, bands, equal, reference, lower_of } => {
                let (table, columns, column) = (table.as_ref(), columns.as_ref(), column.as_ref());
                let lines = GroupLines { table, columns, column, others: *others, bands: bands.as_ref() };
                (Multiple::Group(lines), equal, reference, lower_of)
            }
        };
        Some(Line { multiple, equal: *equal, reference: *reference, lower_of: *lower_of })
    }
}

impl HighLine {
    /// The line; `None` where there is none.
    #[must_use]
    pub fn line(&self) -> Option<Line<'_>> {
        let (multiple, equal, reference) = match self {
            HighLine::None {} => return None,
            HighLine::Flat { ratio, equal, reference } => (Multiple::Flat(*ratio), equal, reference),
            HighLine::ByWeight { bands, equal, reference } => (Multiple::Weight(bands), equal, reference),
            HighLine::ByLevel { levels, equal, reference } => (Multiple::Level(levels), equal, reference),
            HighLine::ByLevelWeight { bands, equal, reference } => (Multiple::LevelWeight(bands), equal, reference),
            HighLine::ByGroup { table, columns, column, others, bands, equal, reference } => {
                let (table, columns, column) = (table.as_ref(), columns.as_ref(), column.as_ref());
                let lines = GroupLines { table, columns, column, others: *others, bands: bands.as_ref() };
                (Multiple::Group(lines), equal, reference)
            }
        };
        Some(Line { multiple, equal: *equal, reference: *reference, lower_of: false })
    }
}
