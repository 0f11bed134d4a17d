//! The typed tables.

use std::collections::BTreeMap;
use std::path::Path;

use super::options::Options;
use crate::problem::Problems;
use crate::scheme::condition::Condition;
use crate::scheme::source::{RawTable, Source};

/// A grouping scheme.
#[derive(Clone, Debug)]
pub struct Definition {
    pub options: Options,
    /// In the order they are tried.
    pub mdcs: Vec<Mdc>,
    /// In the order they are tried: by MDC, then by their own order.
    pub rules: Vec<AdrgRule>,
    /// By ADRG, in the order they are tried.
    pub drgs: Vec<Drg>,
    /// `(adrg, list)` → codes.
    pub lists: BTreeMap<(String, String), Vec<String>>,
    pub cc: Vec<CcEntry>,
    /// Principal diagnosis → exclusion groups.
    pub exclusions: BTreeMap<String, Vec<String>>,
    /// Procedures that count as an operation.
    pub valid_procedures: Vec<String>,
    pub diagnosis_names: BTreeMap<String, String>,
    pub procedure_names: BTreeMap<String, String>,
    /// Clinical edition → insurance edition, only the codes that change.
    pub diagnosis_map: BTreeMap<String, String>,
    pub procedure_map: BTreeMap<String, String>,
    /// Weights as published with the scheme, where it has them.
    pub weights: Option<RawTable>,
    /// SHA-256 of the content, the same whichever container the tables came in.
    pub fingerprint: String,
}

/// A major diagnostic category.
#[derive(Clone, Debug)]
pub struct Mdc {
    pub code: String,
    pub name: String,
    pub kind: String,
    pub condition: Condition,
    /// List (`D`, or a body region) → diagnoses.
    pub lists: BTreeMap<String, Vec<String>>,
    pub line: u64,
}

/// One rule of an ADRG; an ADRG may have several.
#[derive(Clone, Debug)]
pub struct AdrgRule {
    pub adrg: String,
    /// Place of its MDC in [`Definition::mdcs`].
    pub mdc: usize,
    pub name: String,
    pub kind: RuleKind,
    pub condition: Condition,
    pub no_drg: NoDrg,
    pub line: u64,
}

/// What kind of care an ADRG is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    Surgical,
    Procedure,
    Medical,
    /// Ends the work with status "ambiguous" (歧义病案).
    Ambiguous,
}

/// What follows when the rule of an ADRG holds and none of its DRGs does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoDrg {
    /// The bare code of the ADRG is the result.
    Adrg,
    /// The next rule is tried.
    Next,
}

/// A diagnosis related group.
#[derive(Clone, Debug)]
pub struct Drg {
    pub code: String,
    pub adrg: String,
    pub name: String,
    pub condition: Condition,
    pub line: u64,
}

/// How severe a complication or comorbidity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Cc,
    Mcc,
}

/// A diagnosis that counts as complication or comorbidity.
#[derive(Clone, Debug)]
pub struct CcEntry {
    pub code: String,
    pub level: Level,
    /// Empty when it has none: then nothing excludes it.
    pub group: String,
    pub line: u64,
}

impl Definition {
    /// Reads a scheme from a folder, a `.zip` or an `.xlsx`. The problems beside the scheme are warnings.
    ///
    /// ```no_run
    /// let (scheme, warnings) = dianzhi::scheme::Definition::read("schemes/chs_drg_11".as_ref())?;
    /// assert_eq!(scheme.drgs.len(), 628);
    /// # Ok::<(), dianzhi::problem::Problems>(())
    /// ```
    pub fn read(path: &Path) -> Result<(Definition, Problems), Problems> {
        let (source, mut warnings) = Source::read(path)?;
        let (definition, more) = Definition::from_source(&source)?;
        warnings.append(more);
        Ok((definition, warnings))
    }

    /// The codes of a list of an ADRG.
    #[must_use]
    pub fn list(&self, adrg: &str, list: &str) -> Option<&[String]> {
        self.lists.get(&(adrg.to_owned(), list.to_owned())).map(Vec::as_slice)
    }

    /// The DRGs of an ADRG, in the order they are tried.
    pub fn drgs_of<'a>(&'a self, adrg: &'a str) -> impl Iterator<Item = &'a Drg> {
        self.drgs.iter().filter(move |drg| drg.adrg == adrg)
    }

    /// The rules of an ADRG, in the order they are tried.
    pub fn rules_of<'a>(&'a self, adrg: &'a str) -> impl Iterator<Item = &'a AdrgRule> {
        self.rules.iter().filter(move |rule| rule.adrg == adrg)
    }
}
