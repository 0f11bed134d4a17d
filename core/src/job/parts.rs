//! Some families of policy packs, from files, with the text of all they are made of.

use std::collections::BTreeMap;
use std::path::Path;

use super::policy::{sources, texts};
use super::{PackFiles, Scheme};
use crate::ledger::manifest::Source;
use crate::policy::{FamilySpec, PolicyPart, open_part};
use crate::problem::Problems;

/// The rules of some families, in the order of the packs' dates.
#[derive(Clone, Debug)]
pub struct Parts {
    pub parts: Vec<PolicyPart>,
    /// By file name without folders.
    pub texts: BTreeMap<String, String>,
}

impl Parts {
    /// Reads a pack, a folder of dated packs, or a pack that comes with the program by its name.
    pub fn read(
        name: &Path,
        scheme: Option<&Scheme>,
        families: &[&str],
        needed: &[&FamilySpec],
    ) -> Result<(Parts, Problems), Problems> {
        let files = PackFiles::find(name, scheme.map(|scheme| &scheme.source))?;
        let bundle = open_part(&files.packs, &files, families)?;
        let (parts, warnings) = bundle.parts(&[], needed)?;
        Ok((Parts { parts, texts: texts(&bundle) }, warnings))
    }

    /// The packs for a manifest.
    #[must_use]
    pub fn sources(&self) -> Vec<Source> {
        sources(self.parts.iter().map(|part| part.id.as_str()), &self.texts)
    }
}
