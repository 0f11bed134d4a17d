//! Results as tables.

use super::floors::{FloorLine, Standing};
use super::plan::PlanLine;
use crate::money::Fen;
use crate::problem::Lang;
use crate::table::{Table, Values};

/// What a government's gaps come to. A yuan can count for several floors at once, so that closing all of them costs
/// between the largest and the sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GovernmentSum {
    pub government: String,
    pub year: i32,
    pub met: i64,
    pub short: i64,
    pub unknown: i64,
    pub largest: Fen,
    pub sum: Fen,
}

/// Sums by government and year, in the order of the lines. `None` on overflow.
#[must_use]
pub fn by_government(lines: &[FloorLine]) -> Option<Vec<GovernmentSum>> {
    let mut sums: Vec<GovernmentSum> = Vec::new();
    for line in lines {
        let at = sums.iter().position(|sum| sum.government == line.government && sum.year == line.year);
        let at = at.unwrap_or_else(|| {
            let (government, year) = (line.government.clone(), line.year);
            let (largest, sum) = (Fen::ZERO, Fen::ZERO);
            sums.push(GovernmentSum { government, year, met: 0, short: 0, unknown: 0, largest, sum });
            sums.len() - 1
        });
        let sum = &mut sums[at];
        match line.standing {
            Standing::Met | Standing::Above => sum.met += 1,
            Standing::Short => sum.short += 1,
            Standing::Unknown => sum.unknown += 1,
        }
        sum.largest = sum.largest.max(line.cost);
        sum.sum = sum.sum.checked_add(line.cost)?;
    }
    Some(sums)
}

/// A row a government and year: floors met, short and unknown, and what closing the gaps costs at least and at most.
#[must_use]
pub fn government_table(sums: &[GovernmentSum]) -> Table {
    let count = |of: fn(&GovernmentSum) -> i64| Values::ints(sums.iter().map(of));
    Table::new()
        .with("government", Values::keywords(sums.iter().map(|sum| &sum.government)))
        .with("year", Values::ints(sums.iter().map(|sum| sum.year.into())))
        .with("met", count(|sum| sum.met))
        .with("short", count(|sum| sum.short))
        .with("unknown", count(|sum| sum.unknown))
        .with("largest", Values::money(sums.iter().map(|sum| sum.largest.0)))
        .with("sum", Values::money(sums.iter().map(|sum| sum.sum.0)))
}

/// Every floor of every government and year. Gap, surplus and cost of a floor that is not known are null.
#[must_use]
pub fn floor_table(lines: &[FloorLine], lang: Lang) -> Table {
    floors(lines, lang, lang)
}

/// The same for programs: level and standing are codes in every language.
#[must_use]
pub fn floor_codes(lines: &[FloorLine], lang: Lang) -> Table {
    floors(lines, lang, Lang::En)
}

fn floors(lines: &[FloorLine], lang: Lang, words: Lang) -> Table {
    let known = |of: fn(&FloorLine) -> Fen| {
        let known = |line: &FloorLine| (line.standing != Standing::Unknown).then(|| of(line).0);
        Values::Money(lines.iter().map(known).collect())
    };
    let optional =
        |of: fn(&FloorLine) -> Option<Fen>| Values::Money(lines.iter().map(|line| of(line).map(|fen| fen.0)).collect());
    let standing = |line: &FloorLine| words.pick(line.standing.chinese(), line.standing.code());
    let note = |line: &FloorLine| match line.missing.as_slice() {
        [] => line.formula.get(lang).to_owned(),
        missing => format!("{}{}", lang.pick("缺：", "missing: "), missing.join(lang.pick("、", ", "))),
    };
    Table::new()
        .with("government", Values::keywords(lines.iter().map(|line| &line.government)))
        .with("level", Values::keywords(lines.iter().map(|line| words.pick(line.level.chinese(), line.level.code()))))
        .with("year", Values::ints(lines.iter().map(|line| line.year.into())))
        .with("floor", Values::keywords(lines.iter().map(|line| &line.floor)))
        .with("title", Values::keywords(lines.iter().map(|line| &line.title)))
        .with("standing", Values::keywords(lines.iter().map(standing)))
        .with("required", optional(|line| line.required))
        .with("actual", optional(|line| line.actual))
        .with("gap", known(|line| line.gap))
        .with("surplus", known(|line| line.surplus))
        .with("cost", known(|line| line.cost))
        .with("formula", Values::texts(lines.iter().map(note)))
        .with("article", Values::keywords(lines.iter().map(|line| &line.citation)))
        .with("simulation", Values::Flag(lines.iter().map(|line| Some(line.simulation)).collect()))
}

/// Every year of closing every gap.
#[must_use]
pub fn plan_table(lines: &[PlanLine]) -> Table {
    Table::new()
        .with("government", Values::keywords(lines.iter().map(|line| &line.government)))
        .with("floor", Values::keywords(lines.iter().map(|line| &line.floor)))
        .with("title", Values::keywords(lines.iter().map(|line| &line.title)))
        .with("year", Values::ints(lines.iter().map(|line| line.year.into())))
        .with("gap", Values::money(lines.iter().map(|line| line.gap.0)))
        .with("extra", Values::money(lines.iter().map(|line| line.extra.0)))
        .with("left", Values::money(lines.iter().map(|line| line.left.0)))
}
