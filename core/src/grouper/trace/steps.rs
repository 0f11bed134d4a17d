//! The record of a walk.

use std::sync::Arc;

use serde::Serialize;

use super::nearest::Neighbour;
use crate::grouper::Outcome;
use crate::scheme::condition::Atom;

/// Everything that decided the group of one claim.
#[derive(Clone, Debug, Serialize)]
pub struct Trace {
    pub setl_id: String,
    pub scheme: String,
    pub outcome: Outcome,
    /// Name of the group, where the scheme gives one.
    pub name: String,
    /// Diagnoses as grouped, principal first.
    pub diagnoses: Vec<String>,
    /// Procedures as grouped, main first.
    pub procedures: Vec<String>,
    pub translations: Vec<Translation>,
    /// Why the input check refused the claim: the field that is missing or wrong.
    pub refused_for: Option<&'static str>,
    /// One walk, and further ones where the scheme tries the other procedures.
    pub attempts: Vec<Attempt>,
    pub severity: Vec<SeverityStep>,
    /// Other groups that one changed code would give, nearest first.
    pub nearest: Vec<Neighbour>,
}

/// A code that was translated, or could not be.
#[derive(Clone, Debug, Serialize)]
pub struct Translation {
    pub from: String,
    pub to: Option<String>,
}

/// One walk through the MDCs.
#[derive(Clone, Debug, Serialize)]
pub struct Attempt {
    /// The procedure taken as the only one, in a walk after the first.
    pub only_procedure: Option<String>,
    pub mdcs: Vec<MdcStep>,
}

/// An MDC that was tried.
#[derive(Clone, Debug, Serialize)]
pub struct MdcStep {
    pub mdc: Arc<str>,
    pub name: Arc<str>,
    pub opened: bool,
    /// The tests that decided it: those that passed when it opened, those that failed when it did not.
    pub findings: Vec<Finding>,
    pub rules: Vec<RuleStep>,
}

/// A rule of an ADRG that was tried.
#[derive(Clone, Debug, Serialize)]
pub struct RuleStep {
    pub adrg: Arc<str>,
    pub name: Arc<str>,
    /// Row of the rule in the table `adrg`.
    pub row: u64,
    pub holds: bool,
    pub findings: Vec<Finding>,
    pub drgs: Vec<DrgStep>,
    pub ending: Ending,
}

/// What followed from a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The rule does not hold.
    Failed,
    /// One of its DRGs is the result.
    Drg,
    /// The bare code of the ADRG is the result.
    BareAdrg,
    /// The claim is ambiguous.
    Ambiguous,
    /// The rule holds but no DRG does, and the next rule is tried.
    Next,
}

/// A DRG that was tried.
#[derive(Clone, Debug, Serialize)]
pub struct DrgStep {
    pub drg: Arc<str>,
    pub name: Arc<str>,
    pub holds: bool,
    pub findings: Vec<Finding>,
}

/// A test and what it saw.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    #[serde(serialize_with = "as_text")]
    pub test: Arc<Atom>,
    pub passed: bool,
    /// The codes or the value that decided it.
    pub saw: Arc<[String]>,
}

/// A diagnosis that is a CC or MCC.
#[derive(Clone, Debug, Serialize)]
pub struct SeverityStep {
    pub code: String,
    pub level: &'static str,
    pub group: String,
    /// Whether the principal diagnosis excludes the group.
    pub excluded: bool,
}

fn as_text<S: serde::Serializer>(test: &Arc<Atom>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(test)
}
