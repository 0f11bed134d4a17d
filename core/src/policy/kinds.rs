//! Finding the description of a kind.

use super::node::{Keys, Node};
use super::spec::{FamilySpec, KindSpec};
use super::{fiscal, rules};

/// Every family: of insurance money, then of fiscal money.
fn families() -> impl Iterator<Item = &'static FamilySpec> {
    rules::FAMILIES.iter().chain(fiscal::FAMILIES).copied()
}

/// Every kind of every family.
pub fn all() -> impl Iterator<Item = &'static KindSpec> {
    families().flat_map(|family| family.kinds)
}

/// The kind named so.
#[must_use]
pub fn find(kind: &str) -> Option<&'static KindSpec> {
    all().find(|spec| spec.kind == kind)
}

/// The family of a kind.
#[must_use]
pub fn family(kind: &KindSpec) -> Option<&'static FamilySpec> {
    families().find(|family| family.kinds.iter().any(|own| own.kind == kind.kind))
}

/// The kind a rule states, if it exists.
#[must_use]
pub fn kind_of(rule: &Keys) -> Option<&'static KindSpec> {
    rule.get("kind").and_then(Node::as_text).and_then(find)
}
