//! What a claim needs so that an MDC, a rule and a DRG hold: their conditions as alternatives of plain demands.

use super::codes::{CodeBook, CodeSet, holds};
use crate::claims::Sex;
use crate::scheme::condition::{Atom, Comparison, Condition, Kind, NumberField, Reach, Ref};
use crate::scheme::{AdrgRule, Drg};

/// More alternatives of one rule and DRG than this are not looked at.
const MAX_ALTERNATIVES: usize = 48;

/// A code that must be there.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub reach: Reach,
    pub codes: CodeSet,
}

/// One way to fulfil the conditions of an MDC, a rule and a DRG.
#[derive(Clone, Debug, Default)]
pub(super) struct Recipe {
    /// Diagnoses that may stand first.
    pub principal: CodeSet,
    pub diagnoses: Vec<Wanted>,
    /// Procedures that may stand first; `None` when any may.
    pub main: Option<CodeSet>,
    pub procedures: Vec<Wanted>,
    /// Diagnoses and procedures that must not be added.
    pub never: CodeSet,
    /// Smallest and largest value by number field.
    pub numbers: [Option<(i32, i32)>; NumberField::WORDS.len()],
    pub sex: Option<Sex>,
    /// Words by text field.
    pub texts: [Option<String>; 3],
    pub icu: Option<bool>,
    pub mcc: Option<bool>,
    pub cc: Option<bool>,
    /// Body regions that must be hurt, and the diagnoses of each region.
    pub regions: usize,
    pub region_codes: Vec<CodeSet>,
}

/// All ways to fulfil a rule and one of its DRGs.
pub(super) fn recipes(book: &CodeBook<'_>, rule: &AdrgRule, drg: &Drg) -> Vec<Recipe> {
    let mdc = book.mdc_of(rule);
    let whole = Condition::And(vec![mdc.condition.clone(), rule.condition.clone(), drg.condition.clone()]);
    alternatives(&whole, false).iter().filter_map(|literals| build(book, rule, literals)).collect()
}

type Literal<'a> = (&'a Atom, bool);

/// The condition as alternatives of tests and whether each must hold.
fn alternatives(condition: &Condition, negated: bool) -> Vec<Vec<Literal<'_>>> {
    match (condition, negated) {
        (Condition::Always, false) | (Condition::Never, true) => vec![Vec::new()],
        (Condition::Always, true) | (Condition::Never, false) => Vec::new(),
        (Condition::And(parts), false) | (Condition::Or(parts), true) => together(parts, negated),
        (Condition::And(parts), true) | (Condition::Or(parts), false) => {
            parts.iter().flat_map(|part| alternatives(part, negated)).take(MAX_ALTERNATIVES).collect()
        }
        (Condition::Not(inner), _) => alternatives(inner, !negated),
        (Condition::Atom(atom), _) => vec![vec![(atom, !negated)]],
    }
}

/// Every way to fulfil all parts.
fn together(parts: &[Condition], negated: bool) -> Vec<Vec<Literal<'_>>> {
    let mut joined = vec![Vec::new()];
    for part in parts {
        let ways = alternatives(part, negated);
        let pairs = joined.iter().flat_map(|left| ways.iter().map(move |right| [left.as_slice(), right].concat()));
        joined = pairs.take(MAX_ALTERNATIVES).collect();
    }
    joined
}

fn build(book: &CodeBook<'_>, rule: &AdrgRule, literals: &[Literal<'_>]) -> Option<Recipe> {
    let mdc = book.mdc_of(rule);
    let (mut recipe, mut first) = (Recipe::default(), First::default());
    for (atom, wanted) in literals {
        match atom {
            Atom::Mcc => recipe.mcc = Some(*wanted),
            Atom::Cc => recipe.cc = Some(*wanted),
            Atom::Icu => recipe.icu = Some(*wanted),
            Atom::Sex(sex) => recipe.sex = Some(if *wanted { *sex } else { other_sex(*sex) }),
            Atom::Number(field, comparison, value) => {
                let bounds = &mut recipe.numbers[*field as usize];
                *bounds = Some(narrow(bounds.unwrap_or((0, i32::MAX)), *comparison, *value, *wanted)?);
            }
            Atom::Text(field, words) if *wanted => recipe.texts[*field as usize] = words.first().cloned(),
            Atom::TraumaRegions(comparison, value) if *wanted => {
                let more = i32::from(*comparison == Comparison::Greater);
                recipe.regions = usize::try_from(value + more).ok()?;
                recipe.region_codes = book.regions(mdc);
            }
            Atom::Text(..) | Atom::TraumaRegions(..) => {}
            Atom::Codes(of, codes) => {
                let codes = book.resolve(codes, mdc, &rule.adrg);
                if *wanted {
                    recipe.want(*of, codes, &mut first);
                } else {
                    recipe.forbid(*of, codes, &mut first);
                }
            }
        }
    }
    first.never_principal.sort_unstable();
    first.never_main.sort_unstable();
    recipe.never.sort_unstable();
    // Where no condition names the principal diagnosis, one that is wanted anywhere will do, else any at all.
    recipe.principal = (first.principal)
        .or_else(|| recipe.diagnoses.iter().find(|w| w.reach == Reach::Any).map(|w| w.codes.clone()))
        .unwrap_or_else(|| book.diagnoses.clone());
    recipe.principal.retain(|code| !holds(&first.never_principal, *code));
    if let Some(main) = &mut recipe.main {
        main.retain(|code| !holds(&first.never_main, *code));
    }
    let possible = !recipe.principal.is_empty() && recipe.main.as_ref().is_none_or(|main| !main.is_empty());
    possible.then_some(recipe)
}

/// What is said of the first codes while a recipe is put together.
#[derive(Default)]
struct First {
    principal: Option<CodeSet>,
    never_principal: CodeSet,
    never_main: CodeSet,
}

impl Recipe {
    fn want(&mut self, of: Ref, codes: CodeSet, first: &mut First) {
        match (of.kind, of.reach) {
            (Kind::Diagnosis, Reach::First) => first.principal = Some(common(first.principal.take(), codes)),
            (Kind::Procedure, Reach::First) => self.main = Some(common(self.main.take(), codes)),
            (Kind::Diagnosis, reach) => self.diagnoses.push(Wanted { reach, codes }),
            (Kind::Procedure, reach) => self.procedures.push(Wanted { reach, codes }),
        }
    }

    fn forbid(&mut self, of: Ref, codes: CodeSet, first: &mut First) {
        if of.reach != Reach::Others {
            let never = if of.kind == Kind::Diagnosis { &mut first.never_principal } else { &mut first.never_main };
            never.extend(&codes);
        }
        if of.reach != Reach::First {
            self.never.extend(codes);
        }
    }
}

fn common(before: Option<CodeSet>, codes: CodeSet) -> CodeSet {
    match before {
        Some(before) => before.into_iter().filter(|code| holds(&codes, *code)).collect(),
        None => codes,
    }
}

const fn other_sex(sex: Sex) -> Sex {
    match sex {
        Sex::Male => Sex::Female,
        _ => Sex::Male,
    }
}

/// The part of `bounds` in which the comparison holds (or does not), or `None` when nothing is left.
fn narrow(bounds: (i32, i32), comparison: Comparison, value: i32, wanted: bool) -> Option<(i32, i32)> {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
    let (low, high) = bounds;
    let (low, high) = match (comparison, wanted) {
        (Less, true) | (GreaterOrEqual, false) => (low, high.min(value - 1)),
        (LessOrEqual, true) | (Greater, false) => (low, high.min(value)),
        (Greater, true) | (LessOrEqual, false) => (low.max(value + 1), high),
        (GreaterOrEqual, true) | (Less, false) => (low.max(value), high),
        (Equal, true) => (low.max(value), high.min(value)),
        (Equal, false) if value == low => (low + 1, high),
        (Equal, false) => (low, high.min(value - 1)),
    };
    (low <= high).then_some((low, high))
}
