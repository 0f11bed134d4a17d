//! One difference between two schemes.

use serde::Serialize;

use crate::problem::Lang;

/// Codes named in a line of text.
const FEW: usize = 3;

/// The part of a scheme that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    Options,
    Mdcs,
    Rules,
    Drgs,
    Lists,
    MdcDiagnoses,
    Operations,
    Severity,
    ExclusionGroups,
    Exclusions,
    Weights,
    CodeMaps,
    Names,
}

/// How it differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Added,
    Removed,
    Changed,
    /// The same, at another place: of a rule in the order, of a code in the lists.
    Moved,
}

/// A difference. Codes that differ alike are one difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub section: Section,
    pub what: What,
    /// The option, MDC, ADRG, DRG or column concerned; empty for codes.
    pub subject: String,
    /// Empty for what was added.
    pub before: String,
    /// Empty for what was removed.
    pub after: String,
    /// The codes concerned, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<String>,
}

impl Change {
    /// A change of a text; `None` when both are the same.
    pub(super) fn of(section: Section, subject: &str, before: &str, after: &str) -> Option<Change> {
        let what = match (before.is_empty(), after.is_empty()) {
            _ if before == after => return None,
            (true, _) => What::Added,
            (_, true) => What::Removed,
            _ => What::Changed,
        };
        let (subject, before, after) = (subject.to_owned(), before.to_owned(), after.to_owned());
        Some(Change { section, what, subject, before, after, codes: Vec::new() })
    }

    /// `+ ET1: …`, `− ET1: …`, `~ ET1: … → …`, `↕ ET1: … → …`
    #[must_use]
    pub fn render(&self, lang: Lang) -> String {
        let mark = match self.what {
            What::Added => "+",
            What::Removed => "−",
            What::Changed => "~",
            What::Moved => "↕",
        };
        let subject = match (self.codes.len(), lang) {
            (0, _) => self.subject.clone(),
            (count, Lang::Zh) => format!("{count} 个编码（{}）", self.some_codes()),
            (1, Lang::En) => format!("1 code ({})", self.some_codes()),
            (count, Lang::En) => format!("{count} codes ({})", self.some_codes()),
        };
        let values = match self.what {
            What::Added => self.after.clone(),
            What::Removed => self.before.clone(),
            What::Changed | What::Moved => format!("{} → {}", self.before, self.after),
        };
        let colon = if values.is_empty() { "" } else { lang.pick("：", ": ") };
        format!("{mark} {subject}{colon}{values}")
    }

    fn some_codes(&self) -> String {
        let more = if self.codes.len() > FEW { " …" } else { "" };
        format!("{}{more}", self.codes.iter().take(FEW).map(String::as_str).collect::<Vec<_>>().join(" "))
    }
}

impl Section {
    #[must_use]
    pub const fn title(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Section::Options => ("选项", "Options"),
            Section::Mdcs => ("MDC", "MDCs"),
            Section::Rules => ("ADRG 规则", "Rules of ADRGs"),
            Section::Drgs => ("DRG", "DRGs"),
            Section::Lists => ("ADRG 编码列表", "Codes in lists of ADRGs"),
            Section::MdcDiagnoses => ("MDC 诊断表", "Diagnoses of MDCs"),
            Section::Operations => ("有效手术操作", "Procedures that count as operations"),
            Section::Severity => ("CC/MCC", "CC and MCC"),
            Section::ExclusionGroups => ("CC/MCC 的排除组", "Exclusion groups of CC and MCC"),
            Section::Exclusions => ("主要诊断的排除组", "Exclusion groups of principal diagnoses"),
            Section::Weights => ("权重与系数", "Weights and coefficients"),
            Section::CodeMaps => ("国临版转换", "Translation of clinical codes"),
            Section::Names => ("名称", "Names"),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}
