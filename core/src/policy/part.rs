//! Some families of a pack by themselves: what a command needs that settles no month.

use chrono::NaiveDate;

use super::load::{self, Merged, Money};
use super::rules::RuleBook;
use super::spec::{Context, FamilySpec};
use super::{Bundle, Files, Patch, RuleNo, RuleRef, Status, compile, set};
use crate::problem::Problems;

/// The rules of some families of one pack.
#[derive(Clone, Debug)]
pub struct PolicyPart {
    pub id: String,
    pub title: String,
    pub place: String,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub status: Status,
    /// Every rule read, in the order of names.
    pub rules: Vec<RuleRef>,
    pub book: RuleBook,
}

/// Parses packs like [`super::open`], but keeps the rules of these families only: other rules and their tables need not
/// be complete.
pub fn open_part(names: &[String], files: &dyn Files, families: &[&str]) -> Result<Bundle, Problems> {
    load::open_families(names, files, Some(families))
}

impl Bundle {
    /// The packs' rules, with the families of `needed` present in each; other families may be absent.
    pub fn parts(&self, patches: &[Patch], needed: &[&FamilySpec]) -> Result<(Vec<PolicyPart>, Problems), Problems> {
        let mut packs = self.leaves.clone();
        load::apply(&mut packs, patches)?;
        packs.retain(|pack| pack.header.money == Money::Insurance);
        let mut problems = Problems::new();
        let mut parts: Vec<PolicyPart> = packs.iter().filter_map(|pack| part(pack, needed, &mut problems)).collect();
        set::check_dates(&mut parts, &mut problems);
        problems.or(parts)
    }
}

fn part(pack: &Merged, needed: &[&FamilySpec], problems: &mut Problems) -> Option<PolicyPart> {
    let mut found = Problems::new();
    let mut book = RuleBook::default();
    let mut rules = Vec::with_capacity(pack.rules.len());
    for (name, rule) in &pack.rules {
        let mut context = Context::new(&mut found, "rules");
        let number = RuleNo(u16::try_from(rules.len()).ok()?);
        let read = |context: &mut Context<'_>| compile::read_rule(name, rule, number, &mut book, context);
        rules.extend(context.within(name, read));
    }
    let is_needed = |family: &FamilySpec| needed.iter().any(|one| one.family == family.family);
    compile::count(&book, &rules, pack, is_needed, &mut found);
    let failed = found.has_errors();
    problems.append(found);
    if failed {
        return None;
    }
    Some(PolicyPart {
        id: pack.header.id.clone(),
        title: pack.header.title.clone(),
        place: pack.header.place.clone()?,
        valid_from: pack.header.valid_from?,
        valid_to: pack.header.valid_to,
        status: pack.header.status,
        rules,
        book,
    })
}

impl PolicyPart {
    /// The rule of a number.
    #[must_use]
    pub fn rule(&self, number: RuleNo) -> &RuleRef {
        &self.rules[usize::from(number.0)]
    }

    /// Whether the pack is valid on a day.
    #[must_use]
    pub fn is_valid(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day <= to)
    }
}

impl set::Dated for PolicyPart {
    fn id(&self) -> &str {
        &self.id
    }
    fn place(&self) -> &str {
        &self.place
    }
    fn days(&self) -> (NaiveDate, Option<NaiveDate>) {
        (self.valid_from, self.valid_to)
    }
}
