//! What is told of each kind of thing.

use serde::Serialize;

use crate::problem::Lang;
use crate::scheme::condition::{Condition, Kind};

/// What a scheme says of one code.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Card {
    Mdc(MdcCard),
    Adrg(AdrgCard),
    Drg(DrgCard),
    Code(CodeCard),
}

/// A condition as it is written and in words.
#[derive(Clone, Debug, Serialize)]
pub struct Words {
    pub condition: String,
    pub zh: String,
    pub en: String,
}

impl Words {
    #[must_use]
    pub fn of(condition: &Condition) -> Words {
        Words { condition: condition.to_string(), zh: condition.words(Lang::Zh), en: condition.words(Lang::En) }
    }

    #[must_use]
    pub fn pick(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

/// A code and what it is called.
#[derive(Clone, Debug, Serialize)]
pub struct Named {
    pub code: String,
    pub name: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct MdcCard {
    pub code: String,
    pub name: String,
    /// Its place among the MDCs, counted from 1.
    pub order: usize,
    pub row: u64,
    pub condition: Words,
    /// Lists of its diagnoses (for multiple trauma the body regions) with the number of codes.
    pub lists: Vec<(String, usize)>,
    pub rules: Vec<RuleLine>,
}

/// A rule of an ADRG.
#[derive(Clone, Debug, Serialize)]
pub struct RuleLine {
    pub adrg: String,
    pub name: String,
    pub row: u64,
    /// surgical, procedure, medical or ambiguous.
    pub care: &'static str,
    pub condition: Words,
    /// What follows when no DRG holds: `adrg`, `next`, or nothing for an ambiguous rule.
    pub no_drg: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
pub struct AdrgCard {
    pub code: String,
    pub name: String,
    pub mdc: Named,
    pub rules: Vec<RuleLine>,
    pub lists: Vec<ListLine>,
    pub drgs: Vec<DrgLine>,
}

/// A list of codes.
#[derive(Clone, Debug, Serialize)]
pub struct ListLine {
    pub list: String,
    pub codes: Vec<Named>,
}

/// A DRG of an ADRG.
#[derive(Clone, Debug, Serialize)]
pub struct DrgLine {
    pub code: String,
    pub name: String,
    pub row: u64,
    pub condition: Words,
    /// Columns of `drg_weights` and their values, as published.
    pub weights: Vec<(String, String)>,
}

#[derive(Clone, Debug, Serialize)]
pub struct DrgCard {
    pub drg: DrgLine,
    pub adrg: Named,
    pub mdc: Named,
    /// DRGs of the same ADRG that are tried first.
    pub earlier: Vec<DrgLine>,
    pub rules: Vec<RuleLine>,
}

#[derive(Clone, Debug, Serialize)]
pub struct CodeCard {
    pub code: String,
    pub name: String,
    #[serde(serialize_with = "kind")]
    pub of: Kind,
    /// The clinical-edition code that was asked for, when the code map turned it into this one.
    pub translated_from: Option<String>,
    /// Clinical-edition codes that become this one.
    pub clinical: Vec<String>,
    /// MDCs whose diagnoses it is one of, with the list.
    pub mdcs: Vec<(Named, String)>,
    /// Whether it counts as an operation; `None` for a diagnosis.
    pub valid: Option<bool>,
    pub uses: Vec<Use>,
    pub severity: Vec<SeverityLine>,
    /// Whether the scheme heeds exclusion groups at all.
    pub exclusions_heeded: bool,
    /// Exclusion groups that it excludes as principal diagnosis, with the number of CC/MCC in each.
    pub excludes: Vec<(String, usize)>,
}

/// A condition that asks for a code.
#[derive(Clone, Debug, Serialize)]
pub struct Use {
    /// ADRG, DRG or MDC of the condition.
    pub of: Named,
    /// The list of the ADRG that the code stands in.
    pub list: Option<String>,
    pub table: &'static str,
    pub row: u64,
    pub condition: Words,
}

/// An entry in the table of complications.
#[derive(Clone, Debug, Serialize)]
pub struct SeverityLine {
    pub level: &'static str,
    /// Empty: nothing excludes it.
    pub group: String,
    /// How many principal diagnoses exclude it.
    pub excluded_by: usize,
}

fn kind<S: serde::Serializer>(kind: &Kind, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(match kind {
        Kind::Diagnosis => "diagnosis",
        Kind::Procedure => "procedure",
    })
}
