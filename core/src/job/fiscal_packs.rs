//! Packs of fiscal money from files, and the years of a fiscal book.

use std::collections::BTreeMap;
use std::path::Path;

use super::PackFiles;
use super::policy::{sources, texts};
use crate::ledger::manifest::Source;
use crate::policy::fiscal::FiscalPack;
use crate::policy::{Patch, open, rules_table};
use crate::problem::Problems;
use crate::table::Table;

/// Packs of fiscal money and the texts of the files they were read from.
#[derive(Clone, Debug)]
pub struct FiscalPacks {
    pub packs: Vec<FiscalPack>,
    /// By file name without folders.
    pub texts: BTreeMap<String, String>,
}

impl FiscalPacks {
    /// Reads a pack, a folder of packs, or a pack that comes with the program by its name (`bazhong_awards`), with
    /// single parameters changed.
    ///
    /// # Errors
    /// What is wrong with the packs, and patches that reach nothing.
    pub fn read(name: &Path, patches: &[Patch]) -> Result<FiscalPacks, Problems> {
        let files = PackFiles::find(name, None)?;
        let bundle = open(&files.packs, &files)?;
        Ok(FiscalPacks { packs: bundle.fiscal(patches)?, texts: texts(&bundle) })
    }

    /// The packs for a manifest.
    #[must_use]
    pub fn sources(&self) -> Vec<Source> {
        sources(self.packs.iter().map(|pack| pack.header.id.as_str()), &self.texts)
    }

    /// Every rule of every pack with what it rests on.
    #[must_use]
    pub fn rules_table(&self) -> Table {
        rules_table(self.packs.iter().flat_map(|pack| pack.rules.iter().map(move |rule| (&*pack.header.id, rule))))
    }
}
