//! Inheritance: a pack's rules stand before those of the pack it extends, by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Header, Pack, Source};
use crate::policy::node::Node;
use crate::problem::catalogue::policy as p;
use crate::problem::{Problem, Problems};

/// A rule after inheritance.
#[derive(Clone, Debug)]
pub struct MergedRule {
    pub node: Node,
    /// The pack that states it.
    pub pack: Arc<str>,
    /// The file of that pack.
    pub file: Arc<str>,
    /// The documents it may cite: those of its pack and of what that extends.
    pub sources: Arc<BTreeMap<String, Source>>,
}

/// A pack with all it inherits.
#[derive(Clone, Debug)]
pub struct Merged {
    pub header: Header,
    pub rules: BTreeMap<String, MergedRule>,
    /// Every file that took part.
    pub files: Vec<Arc<str>>,
}

/// Joins `leaf` with its bases, the nearest first.
pub(super) fn merge(leaf: &Pack, library: &BTreeMap<String, &Pack>, problems: &mut Problems) -> Option<Merged> {
    let chain = chain(leaf, library, problems)?;
    let mut rules: BTreeMap<String, MergedRule> = BTreeMap::new();
    let mut sources: BTreeMap<String, Source> = BTreeMap::new();
    let mut files = Vec::new();
    for pack in chain.iter().rev() {
        for source in pack.header.source.iter().flatten() {
            sources.insert(source.id.clone(), source.clone());
        }
        let shared = Arc::new(sources.clone());
        for (name, node) in &pack.rules {
            if is_removal(node) {
                if rules.remove(name).is_none() {
                    let origin = &node.origin;
                    let problem = Problem::new(&p::REMOVES_NOTHING).with("name", name);
                    problems.push(problem.file(origin.file.clone()).row(origin.line).rule(format!("rules.{name}")));
                }
                continue;
            }
            let id: Arc<str> = pack.header.id.as_str().into();
            let (file, sources) = (pack.file.clone(), shared.clone());
            rules.insert(name.clone(), MergedRule { node: node.clone(), pack: id, file, sources });
        }
        files.push(pack.file.clone());
    }
    Some(Merged { header: leaf.header.clone(), rules, files })
}

pub(super) fn is_removal(node: &Node) -> bool {
    node.as_table().and_then(|keys| keys.get("kind")).and_then(Node::as_text) == Some("none")
}

fn chain<'p>(leaf: &'p Pack, library: &BTreeMap<String, &'p Pack>, problems: &mut Problems) -> Option<Vec<&'p Pack>> {
    let mut chain = vec![leaf];
    let mut last = leaf;
    while let Some(base) = &last.header.extends {
        let Some(&pack) = library.get(base) else {
            let known: Vec<&str> = library.keys().map(String::as_str).collect();
            let problem = Problem::new(&p::UNKNOWN_BASE).with("base", base).with("known", known.join(", "));
            problems.push(problem.file(last.file.clone()).rule("extends"));
            return None;
        };
        if chain.iter().any(|seen| seen.header.id == pack.header.id) {
            let names: Vec<&str> = chain.iter().map(|seen| seen.header.id.as_str()).collect();
            let problem = Problem::new(&p::CIRCULAR_BASE).with("chain", format!("{} → {base}", names.join(" → ")));
            problems.push(problem.file(last.file.clone()).rule("extends"));
            return None;
        }
        chain.push(pack);
        last = pack;
    }
    Some(chain)
}
