//! Policy packs: dated, cited rules in TOML, compiled to an immutable [`PolicySet`].
//!
//! `load` parses packs and tables, follows `extends` and applies patches; `spec` and `rules` describe every kind of
//! rule once, for the reader, the JSON Schema and the documentation; `compile` checks a pack as a whole and gives a
//! [`Policy`]; `set` puts the dated packs of a place in their order.

mod check;
mod cited;
mod clearing;
mod codes;
mod compile;
pub mod fiscal;
mod kinds;
mod lines;
mod load;
mod named;
pub(crate) mod node;
mod outline;
mod overlap;
mod parameters;
mod part;
pub mod rules;
pub mod schema;
mod set;
pub(crate) mod spec;
mod weights;

pub use cited::rules_table;
pub(crate) use compile::points_by_rate;
pub use compile::{Citation, Policy, RuleNo, RuleRef, Ruled};
pub use fiscal::FiscalPack;
pub use kinds::{all as all_kinds, family as family_of, find as find_kind};
pub use load::{
    Bundle, Change, FISCAL_SEEDS, Files, MemoryFiles, Money, Patch, Place, SEEDS, Source, Status, UsedFile,
    fits as name_fits, open,
};
pub use outline::{Difference, Outline, OutlinedRule, differences};
pub use parameters::Parameter;
pub use part::{PolicyPart, open_part};
pub use rules::FAMILIES;
pub use set::{PackId, PolicySet};
pub use spec::{
    Choice, Codes, Count, Factor, FamilySpec, Field, KindSpec, Need, Points, Price, Rows, Shape, Share, SignedYuan,
    Whole, Words, Yuan,
};
pub use weights::{Weight, WeightTable, group_values};

use crate::problem::Problems;

impl Bundle {
    /// Compiles the packs, changed by `patches`. Warnings come with the result; with an error there is none.
    pub fn compile(&self, patches: &[Patch]) -> Result<(PolicySet, Problems), Problems> {
        let mut packs = self.leaves.clone();
        load::apply(&mut packs, patches)?;
        let mut problems = Problems::new();
        packs.retain(|pack| pack.header.money == Money::Insurance);
        let policies: Vec<Policy> = packs.iter().filter_map(|pack| compile::compile(pack, &mut problems)).collect();
        let set = set::PolicySet::new(policies, &mut problems);
        problems.or(set)
    }

    /// The packs as they are after changes.
    pub fn patched(&self, patches: &[Patch]) -> Result<Bundle, Problems> {
        let mut bundle = self.clone();
        load::apply(&mut bundle.leaves, patches)?;
        Ok(bundle)
    }

    /// Reads the packs of fiscal money, changed by `patches`, in the order of their dates.
    pub fn fiscal(&self, patches: &[Patch]) -> Result<Vec<FiscalPack>, Problems> {
        let mut packs = self.leaves.clone();
        load::apply(&mut packs, patches)?;
        let mut problems = Problems::new();
        packs.retain(|pack| pack.header.money == Money::Fiscal);
        let packs = packs.iter().filter_map(|pack| fiscal::read(pack, &mut problems)).collect();
        problems.or(packs).map(|(packs, _)| packs)
    }

    /// What a patch path names now, as TOML, in each pack that has it.
    #[must_use]
    pub fn get(&self, path: &str) -> Vec<String> {
        self.find(path).into_iter().map(|place| place.value).collect()
    }

    /// The parameters a patch path names now.
    #[must_use]
    pub fn find(&self, path: &str) -> Vec<Place> {
        load::find(&self.leaves, path)
    }
}

/// [`open`] and [`Bundle::compile`] in one.
pub fn load_with_patches(
    names: &[String],
    files: &dyn Files,
    patches: &[Patch],
) -> Result<(PolicySet, Problems), Problems> {
    open(names, files)?.compile(patches)
}

/// A place for values that no file wrote.
#[cfg(test)]
pub(crate) fn unknown_origin() -> node::Origin {
    node::Origin { file: "".into(), line: 0 }
}
