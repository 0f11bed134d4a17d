//! Policy packs from files, with the text of all they are made of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{PackFiles, Scheme};
use crate::claims::Registers;
use crate::ledger::manifest::Source;
use crate::ledger::sha256_hex;
use crate::policy::rules::{Coefficient, Institutions, OtherTypes, Pools};
use crate::policy::{Bundle, Files, Policy, PolicySet, RuleRef, open, rules_table};
use crate::problem::Problems;
use crate::settlement::PointLine;
use crate::table::Table;

/// Compiled packs and the texts of the files they were read from.
#[derive(Clone, Debug)]
pub struct Packs {
    pub set: PolicySet,
    /// By file name without folders.
    pub texts: BTreeMap<String, String>,
}

impl Packs {
    /// Reads a pack, a folder of dated packs, or a pack that comes with the program by its name (`bazhong_draft`).
    pub fn read(name: &Path, scheme: &Scheme) -> Result<(Packs, Problems), Problems> {
        let files = PackFiles::find(name, Some(&scheme.source))?;
        Packs::load(&files.packs, &files)
    }

    /// Reads packs from anything that gives files by name.
    pub fn load(names: &[String], files: &dyn Files) -> Result<(Packs, Problems), Problems> {
        let bundle = open(names, files)?;
        let (set, warnings) = bundle.compile(&[])?;
        Ok((Packs { set, texts: texts(&bundle) }, warnings))
    }

    /// The packs for a manifest: their ids, and one hash over all texts.
    #[must_use]
    pub fn sources(&self) -> Vec<Source> {
        sources(self.set.packs.iter().map(|pack| pack.id.as_str()), &self.texts)
    }

    /// What claims may name, as far as the packs say.
    #[must_use]
    pub fn registers(&self) -> Registers {
        let packs = &self.set.packs;
        let union = |of: &dyn Fn(&Policy) -> Option<BTreeSet<String>>| {
            let sets: Option<Vec<BTreeSet<String>>> = packs.iter().map(of).collect();
            sets.map(|sets| sets.into_iter().flatten().collect())
        };
        Registers {
            institutions: union(&|pack| match &pack.institutions.value {
                Institutions::Register { table } => {
                    Some(table.0.iter().map(|(row, _)| row.fixmedins_code.clone()).collect())
                }
                Institutions::FromClaims { .. } => None,
            }),
            levels: union(&known_levels),
            insurance_types: union(&|pack| {
                let (Pools::ByInsuranceType { others, .. } | Pools::Merged { others, .. }) = &pack.pools.value;
                let pools = pack.pools.value.pools();
                let types = pools.into_iter().flat_map(|(_, types)| types.into_iter().map(str::to_owned));
                matches!(others, OtherTypes::Refuse).then(|| types.collect())
            }),
        }
    }

    /// Name of each institution in the registers.
    #[must_use]
    pub fn institution_names(&self) -> BTreeMap<&str, &str> {
        let mut names = BTreeMap::new();
        for pack in &self.set.packs {
            if let Institutions::Register { table } = &pack.institutions.value {
                let rows = table.0.iter().map(|(row, _)| row);
                names
                    .extend(rows.filter_map(|row| Some((row.fixmedins_code.as_str(), row.fixmedins_name.as_deref()?))));
            }
        }
        names
    }

    /// The table `rules`: every rule of every pack with what it rests on.
    #[must_use]
    pub fn rules_table(&self) -> Table {
        self.rules_table_with(std::iter::empty())
    }

    /// The same with the rules that recognised exams were booked by, which may stand in a pack of another run.
    #[must_use]
    pub fn rules_table_with<'a>(&'a self, recognised: impl Iterator<Item = &'a PointLine>) -> Table {
        let mut rules: Vec<(&str, &RuleRef)> = Vec::new();
        for pack in &self.set.packs {
            rules.extend(pack.rules.iter().map(|rule| (pack.id.as_str(), rule)));
        }
        for line in recognised {
            if !rules.iter().any(|(pack, rule)| *pack == line.pack && rule.name == line.rule.name) {
                rules.push((&line.pack, &line.rule));
            }
        }
        rules_table(rules)
    }
}

/// The texts of the files of packs, by file name without folders.
pub(super) fn texts(bundle: &Bundle) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for file in &bundle.files {
        let base = file.name.rsplit(['/', '\\']).next().unwrap_or(&file.name);
        let mut name = base.to_owned();
        for number in 2.. {
            if !texts.contains_key(&name) {
                break;
            }
            name = format!("{base} ({number})");
        }
        texts.insert(name, String::from_utf8_lossy(&file.bytes).into_owned());
    }
    texts
}

/// Packs for a manifest: their ids, and one hash over all texts.
pub(super) fn sources<'a>(ids: impl Iterator<Item = &'a str>, texts: &BTreeMap<String, String>) -> Vec<Source> {
    let mut hashes: Vec<String> = texts.values().map(|text| sha256_hex(text.as_bytes())).collect();
    hashes.sort();
    let sha256 = sha256_hex(hashes.join("\n").as_bytes());
    let ids: BTreeSet<&str> = ids.collect();
    ids.into_iter().map(|id| Source { id: id.to_owned(), sha256: sha256.clone() }).collect()
}

/// Levels that a claim may state, where claims decide and a level without coefficient is an error.
fn known_levels(pack: &Policy) -> Option<BTreeSet<String>> {
    let Institutions::FromClaims { levels: written } = &pack.institutions.value else { return None };
    let mut known: Option<BTreeSet<String>> = None;
    for rule in &pack.coefficients {
        if let Coefficient::Level { columns, levels, default: None } = &rule.value {
            let columns = columns.iter().flatten().map(|(level, _)| level);
            let levels = levels.iter().flatten().map(|(level, _)| level);
            known.get_or_insert_default().extend(columns.chain(levels).cloned());
        }
    }
    let mut known = known?;
    let written =
        written.iter().flatten().filter(|(_, level)| known.contains(*level)).map(|(written, _)| written.clone());
    let written: Vec<String> = written.collect();
    known.extend(written);
    Some(known)
}
