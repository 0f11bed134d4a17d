//! From files to packs: parsing, tables, inheritance, patches.

mod expand;
mod files;
mod header;
mod merge;
mod patch;
mod seeds;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use files::{Files, MemoryFiles};
pub use header::{Header, Money, Source, Status};
pub use merge::{Merged, MergedRule};
pub use patch::{Change, Patch, Place, fits};
pub(super) use patch::{apply, find};
pub use seeds::{FISCAL_SEEDS, SEEDS};

use super::spec::Context;
use super::{RuleNo, compile, fiscal, kinds, node, rules};
use crate::problem::catalogue::policy as p;
use crate::problem::{Problem, Problems};

/// A pack as parsed: its header and its rules by name.
#[derive(Clone, Debug)]
pub struct Pack {
    pub header: Header,
    pub rules: node::Keys,
    pub file: Arc<str>,
}

/// A file that was read, for the manifest.
#[derive(Clone, Debug)]
pub struct UsedFile {
    pub name: String,
    pub bytes: Arc<[u8]>,
}

/// The packs of a run, parsed once; patched and compiled as often as needed.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The packs that are valid by themselves, in the order of their dates.
    pub(super) leaves: Vec<Merged>,
    /// Every file read, in the order of names.
    pub files: Vec<UsedFile>,
}

/// Parses the named pack files and what they extend. Packs without a place can only be extended.
pub fn open(names: &[String], files: &dyn Files) -> Result<Bundle, Problems> {
    open_families(names, files, None)
}

/// [`open`], with the rules of these families only.
pub(super) fn open_families(
    names: &[String],
    files: &dyn Files,
    families: Option<&[&str]>,
) -> Result<Bundle, Problems> {
    let mut problems = Problems::new();
    let reader = files::Recorder::new(files);
    let mut own = Vec::new();
    for name in names {
        match read_pack(name, &reader) {
            Ok(pack) => own.push(pack),
            Err(found) => problems.append(found),
        }
    }
    let mut seeds = Vec::new();
    for (name, _) in SEEDS.iter().chain(FISCAL_SEEDS) {
        match read_pack(&format!("{}{name}", files::SEED), &reader) {
            Ok(pack) => seeds.push(pack),
            Err(found) => problems.append(found),
        }
    }
    let library = library(&own, &seeds, &mut problems);
    let mut leaves: Vec<Merged> = own
        .iter()
        .filter(|pack| pack.header.place.is_some())
        .filter_map(|pack| merge::merge(pack, &library, &mut problems))
        .collect();
    if let Some(families) = families {
        leaves.iter_mut().for_each(|leaf| leaf.rules.retain(|_, rule| is_of(&rule.node, families)));
    }
    leaves.iter_mut().for_each(|leaf| expand::tables(leaf, &reader, &mut problems));
    if leaves.is_empty() && !problems.has_errors() {
        problems.push(Problem::new(&p::NO_PACK).with("where", names.join(", ")));
    }
    leaves.sort_by(|a, b| (a.header.valid_from, &a.header.id).cmp(&(b.header.valid_from, &b.header.id)));
    let used: Vec<&str> = leaves.iter().flat_map(|leaf| leaf.files.iter().map(|f| &**f)).collect();
    let files = reader.used(&used);
    if problems.has_errors() { Err(problems) } else { Ok(Bundle { leaves, files }) }
}

/// Whether a rule is of one of the families; one of no known kind is, so that it is told.
fn is_of(rule: &node::Node, families: &[&str]) -> bool {
    let kind = rule.as_table().and_then(kinds::kind_of);
    kind.is_none_or(|kind| kind.kind.split('.').next().is_some_and(|family| families.contains(&family)))
}

fn read_pack(name: &str, reader: &files::Recorder<'_>) -> Result<Pack, Problems> {
    let text = reader.text(name)?;
    let root = node::parse(name, &text)?;
    let mut problems = Problems::new();
    match header::read(name, &root, &mut problems) {
        Some(pack) if !problems.has_errors() => Ok(pack),
        _ => {
            rules_alone(name, &root, reader, &mut problems);
            Err(problems)
        }
    }
}

/// Tells what is wrong with the rules of a file whose header cannot be read: one run tells all.
fn rules_alone(name: &str, root: &node::Node, reader: &files::Recorder<'_>, problems: &mut Problems) {
    let sources: BTreeMap<String, Source> =
        header::sources(root).into_iter().map(|source| (source.id.clone(), source)).collect();
    let (pack, file, sources) = (Arc::<str>::from(name), Arc::<str>::from(name), Arc::new(sources));
    let rule = |node: node::Node| MergedRule { node, pack: pack.clone(), file: file.clone(), sources: sources.clone() };
    let written = header::rules(root).into_iter().filter(|(_, node)| !merge::is_removal(node));
    let rules = written.map(|(name, node)| (name, rule(node))).collect();
    let mut merged = Merged { header: header::unread(name), rules, files: Vec::new() };
    expand::tables(&mut merged, reader, problems);
    let mut context = Context::new(problems, "rules");
    let (mut insurance, mut fiscal) = (rules::RuleBook::default(), fiscal::RuleBook::default());
    for (number, (name, rule)) in (0u16..).zip(&merged.rules) {
        let kind = rule.node.as_table().and_then(kinds::kind_of);
        let family = kind.and_then(kinds::family).map(|family| family.family);
        let is_fiscal = fiscal::FAMILIES.iter().any(|own| Some(own.family) == family);
        context.within(name, |context| match is_fiscal {
            true => _ = compile::read_rule(name, rule, RuleNo(number), &mut fiscal, context),
            false => _ = compile::read_rule(name, rule, RuleNo(number), &mut insurance, context),
        });
    }
}

/// Packs that may be extended, by id: those of the run, then the embedded ones.
fn library<'p>(own: &'p [Pack], seeds: &'p [Pack], problems: &mut Problems) -> BTreeMap<String, &'p Pack> {
    let mut library: BTreeMap<String, &Pack> = BTreeMap::new();
    for pack in own {
        if library.insert(pack.header.id.clone(), pack).is_some() {
            problems.push(Problem::new(&p::DUPLICATE_PACK).with("id", &pack.header.id).file(pack.file.clone()));
        }
    }
    for pack in seeds {
        library.entry(pack.header.id.clone()).or_insert(pack);
    }
    library
}
