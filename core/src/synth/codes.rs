//! All codes a scheme knows, numbered in their order, so that sets of codes are sorted numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::plausible::{Kind, suits};
use crate::scheme::condition::{Atom, Codes};
use crate::scheme::{AdrgRule, Definition, Level, Mdc};

/// Sorted numbers of codes.
pub(super) type CodeSet = Vec<u32>;

/// The codes of a scheme and what synthesis asks of them.
pub(super) struct CodeBook<'a> {
    scheme: &'a Definition,
    codes: Vec<&'a str>,
    /// All diagnoses of all MDCs.
    pub diagnoses: CodeSet,
    /// All procedures that count as an operation.
    pub valid: CodeSet,
    pub mcc: CodeSet,
    pub cc: CodeSet,
    /// Exclusion group of each MCC or CC.
    groups: BTreeMap<u32, &'a str>,
}

impl<'a> CodeBook<'a> {
    pub(super) fn new(scheme: &'a Definition) -> CodeBook<'a> {
        let lists = scheme.lists.values().flatten();
        let mdc_lists = scheme.mdcs.iter().flat_map(|mdc| mdc.lists.values().flatten());
        let severe = scheme.cc.iter().map(|entry| &entry.code);
        let named = scheme.diagnosis_names.keys().chain(scheme.procedure_names.keys());
        let all = lists.chain(mdc_lists).chain(severe).chain(&scheme.valid_procedures).chain(named);
        let mut codes: BTreeSet<&str> = all.map(String::as_str).collect();
        for atom in conditions(scheme).flat_map(|condition| condition.atoms()) {
            match atom {
                Atom::Codes(_, Codes::These(these)) => codes.extend(these.iter().map(String::as_str)),
                // Where the scheme names no code that begins so, the beginning itself is one.
                Atom::Codes(_, Codes::StartsWith(prefix)) if !codes.iter().any(|code| code.starts_with(prefix)) => {
                    codes.insert(prefix);
                }
                _ => {}
            }
        }
        codes.remove("");
        let mut book = CodeBook {
            scheme,
            codes: codes.into_iter().collect(),
            diagnoses: CodeSet::new(),
            valid: CodeSet::new(),
            mcc: CodeSet::new(),
            cc: CodeSet::new(),
            groups: BTreeMap::new(),
        };
        book.diagnoses = book.set(scheme.mdcs.iter().flat_map(|mdc| mdc.lists.values().flatten()));
        book.valid = book.set(&scheme.valid_procedures);
        let of_level = |level| scheme.cc.iter().filter(move |entry| entry.level == level).map(|entry| &entry.code);
        book.mcc = book.set(of_level(Level::Mcc));
        book.cc = book.set(of_level(Level::Cc));
        book.groups = scheme.cc.iter().filter_map(|e| Some((book.number(&e.code)?, e.group.as_str()))).collect();
        book
    }

    pub(super) fn text(&self, code: u32) -> &'a str {
        self.codes[code as usize]
    }

    fn number(&self, code: &str) -> Option<u32> {
        self.codes.binary_search(&code).ok().map(|at| at as u32)
    }

    fn set<'b>(&self, codes: impl IntoIterator<Item = &'b String>) -> CodeSet {
        let mut set: CodeSet = codes.into_iter().filter_map(|code| self.number(code)).collect();
        set.sort_unstable();
        set.dedup();
        set
    }

    /// What a set of codes in a condition holds, seen from an MDC and an ADRG.
    pub(super) fn resolve(&self, codes: &Codes, mdc: &Mdc, adrg: &str) -> CodeSet {
        match codes {
            Codes::List(list) => self.set(self.scheme.list(adrg, list).unwrap_or_default()),
            Codes::Mdc => self.set(mdc.lists.values().flatten()),
            Codes::Valid => self.valid.clone(),
            Codes::These(these) => self.set(these),
            Codes::StartsWith(prefix) => {
                let from = self.codes.partition_point(|code| *code < prefix.as_str());
                let count = self.codes[from..].iter().take_while(|code| code.starts_with(prefix.as_str())).count();
                (from as u32..(from + count) as u32).collect()
            }
        }
    }

    /// The body regions of an MDC.
    pub(super) fn regions(&self, mdc: &Mdc) -> Vec<CodeSet> {
        mdc.lists.values().map(|codes| self.set(codes)).collect()
    }

    /// Whether a principal diagnosis keeps an MCC or CC from counting.
    pub(super) fn excludes(&self, principal: u32, severe: u32) -> bool {
        let excluded = self.scheme.exclusions.get(self.text(principal));
        let group = self.groups.get(&severe).copied().unwrap_or_default();
        self.scheme.options.cc_exclusion && excluded.is_some_and(|groups| groups.iter().any(|g| g == group))
    }

    /// Diagnoses that move no claim to another group when they stand second, by the kind of patient they suit: neither
    /// MCC nor CC, in no list a condition looks for beyond the principal diagnosis, and no injury of a body region.
    pub(super) fn companions(&self) -> [CodeSet; Kind::ALL.len()] {
        let harmless = self.harmless();
        Kind::ALL.map(|kind| {
            let like = match kind {
                Kind::Newborn => "P",
                Kind::Mother => "O",
                Kind::Other => "I",
            };
            harmless.iter().copied().filter(|code| suits(like, self.text(*code))).collect()
        })
    }

    fn harmless(&self) -> CodeSet {
        let mut telling: BTreeSet<u32> = self.mcc.iter().chain(&self.cc).copied().collect();
        let mut tell = |atoms: Vec<&Atom>, mdc: &Mdc, adrg: &str| {
            for atom in atoms {
                match atom {
                    Atom::Codes(of, codes) if of.reach != crate::scheme::condition::Reach::First => {
                        telling.extend(self.resolve(codes, mdc, adrg));
                    }
                    Atom::TraumaRegions(..) => telling.extend(self.resolve(&Codes::Mdc, mdc, adrg)),
                    _ => {}
                }
            }
        };
        for mdc in &self.scheme.mdcs {
            tell(mdc.condition.atoms(), mdc, "");
        }
        for rule in &self.scheme.rules {
            let mdc = &self.scheme.mdcs[rule.mdc];
            tell(rule.condition.atoms(), mdc, &rule.adrg);
            self.scheme.drgs_of(&rule.adrg).for_each(|drg| tell(drg.condition.atoms(), mdc, &rule.adrg));
        }
        self.diagnoses.iter().copied().filter(|code| !telling.contains(code)).collect()
    }

    pub(super) fn mdc_of(&self, rule: &AdrgRule) -> &'a Mdc {
        &self.scheme.mdcs[rule.mdc]
    }
}

/// All conditions of a scheme.
pub(super) fn conditions(scheme: &Definition) -> impl Iterator<Item = &crate::scheme::condition::Condition> {
    let mdcs = scheme.mdcs.iter().map(|mdc| &mdc.condition);
    let rules = scheme.rules.iter().map(|rule| &rule.condition);
    mdcs.chain(rules).chain(scheme.drgs.iter().map(|drg| &drg.condition))
}

pub(super) fn holds(set: &[u32], code: u32) -> bool {
    set.binary_search(&code).is_ok()
}
