//! Policy packs that can be compiled again with some parameters changed.

use std::collections::BTreeMap;
use std::path::Path;

use encoding_rs::GBK;

use super::policy::texts;
use super::{PackFiles, Packs, Scheme};
use crate::ledger::{Book, Period};
use crate::policy::{Bundle, Files, MemoryFiles, Patch, PolicySet, Status, open};
use crate::problem::Problems;

/// The text among those of the packs that says what was changed.
const CHANGES: &str = "changes.txt";

/// The changes that kept texts of packs speak of.
pub(super) fn kept_changes(texts: &BTreeMap<String, String>) -> Vec<Patch> {
    let lines = texts.get(CHANGES).into_iter().flat_map(|text| text.lines());
    lines.filter_map(|line| line.split_once(" = ")).map(|(path, value)| Patch::new(path, value)).collect()
}

/// Packs of kept texts: those with the ids that the run names.
pub(super) fn open_texts(texts: &BTreeMap<String, String>, ids: &[&str]) -> Result<Bundle, Problems> {
    let id = |text: &str| {
        let table: toml::Table = text.parse().ok()?;
        Some(table.get("id")?.as_str()?.to_owned())
    };
    let is_pack = |(name, text): &(&String, &String)| {
        name.ends_with(".toml") && id(text).is_some_and(|id| ids.contains(&id.as_str()))
    };
    let names: Vec<String> = texts.iter().filter(is_pack).map(|(name, _)| name.clone()).collect();
    let files = MemoryFiles(texts.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes())).collect());
    open(&names, &files)
}

/// The packs that a month of a book was settled by; nothing where the book has kept none.
pub(crate) fn kept_set(book: &Book, month: Period) -> Result<Option<PolicySet>, Problems> {
    let manifest = book.manifest(month)?;
    let run = manifest.tables.get("claims").and_then(|table| manifest.runs.get(&table.run));
    let Some((run, kept)) = run.and_then(|run| Some((run, run.kept.get("policy")?))) else { return Ok(None) };
    let ids: Vec<&str> = run.policies.iter().map(|source| source.id.as_str()).collect();
    let texts = book.kept(kept)?;
    let (set, _) = open_texts(&texts, &ids)?.patched(&kept_changes(&texts))?.compile(&[])?;
    Ok(Some(set))
}

/// Packs as parsed.
#[derive(Clone, Debug)]
pub struct OpenPacks {
    bundle: Bundle,
    /// The names of the packs among the files.
    names: Vec<String>,
}

impl OpenPacks {
    /// Reads a pack, a folder of dated packs, or a pack that comes with the program by its name.
    pub fn read(name: &Path, scheme: &Scheme) -> Result<OpenPacks, Problems> {
        let files = PackFiles::find(name, Some(&scheme.source))?;
        OpenPacks::of(files.packs.clone(), &files)
    }

    /// Reads packs from anything that gives files by name.
    pub fn of(names: Vec<String>, files: &dyn Files) -> Result<OpenPacks, Problems> {
        Ok(OpenPacks { bundle: open(&names, files)?, names })
    }

    /// The names of the packs in use, and the texts of all they are made of: what [`OpenPacks::of`] takes.
    #[must_use]
    pub fn texts(&self) -> (Vec<String>, BTreeMap<String, String>) {
        let text =
            |bytes: &[u8]| std::str::from_utf8(bytes).map_or_else(|_| GBK.decode(bytes).0.into_owned(), str::to_owned);
        let files: BTreeMap<String, String> =
            self.bundle.files.iter().map(|file| (file.name.clone(), text(&file.bytes))).collect();
        (self.names.iter().filter(|name| files.contains_key(*name)).cloned().collect(), files)
    }

    /// Compiles the packs with these changes. Changed packs are drafts, so that what rests on them is a simulation, and
    /// the changes stand among their texts, so that a manifest tells them from the packs as published.
    pub fn compile(&self, changes: &[(String, String)]) -> Result<(Packs, Problems), Problems> {
        let patches: Vec<Patch> = changes.iter().map(|(path, value)| Patch::new(path, value)).collect();
        let (mut set, warnings) = self.bundle.compile(&patches)?;
        let mut texts = texts(&self.bundle);
        if !changes.is_empty() {
            set.packs.iter_mut().for_each(|pack| pack.status = Status::Draft);
            let lines: String = changes.iter().map(|(path, value)| format!("{path} = {value}\n")).collect();
            texts.insert(CHANGES.to_owned(), lines);
        }
        Ok((Packs { set, texts }, warnings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_packs_are_drafts_and_say_what_was_changed() {
        let (scheme, _) = Scheme::read(Path::new("demo")).unwrap();
        let open = OpenPacks::read(Path::new("demo"), &scheme).unwrap();
        let (plain, _) = open.compile(&[]).unwrap();
        let (read, _) = Packs::read(Path::new("demo"), &scheme).unwrap();
        assert_eq!(plain.sources(), read.sources());
        let change = ("rules.low_line.ratio".to_owned(), "0.5".to_owned());
        let (changed, _) = open.compile(std::slice::from_ref(&change)).unwrap();
        assert_ne!(changed.sources(), read.sources());
        assert_eq!(changed.texts[CHANGES], "rules.low_line.ratio = 0.5\n");
        assert!(changed.set.packs.iter().all(|pack| pack.status == Status::Draft));
        let unknown = ("rules.low_line.ration".to_owned(), "0.5".to_owned());
        assert_eq!(open.compile(&[unknown]).unwrap_err().0[0].entry.code, "P025");
    }
}
