//! The lines between low, normal and high cases of a cell.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::{CellValues, reference_fen};
use super::exact::Exact;
use super::fault::Fault;
use super::prepare::Prepared;
use crate::money::Rounding::{Ceiling, Floor};
use crate::policy::rules::{Band, Equal, GroupLines, LevelBand, Line, Multiple, OtherGroups, bands_of};
use crate::policy::{Factor, Policy, Rows, RuleNo};

/// Listed multiples by rule, group and level (empty for all others).
pub(super) type Listed<'p> = BTreeMap<(RuleNo, &'p str, &'p str), Factor>;

/// The listed multiples of a pack.
pub(super) fn listed(policy: &Policy) -> Listed<'_> {
    let lines =
        [(policy.low_line.rule, policy.low_line.value.line()), (policy.high_line.rule, policy.high_line.value.line())];
    let mut out = Listed::new();
    for (rule, line) in lines {
        let Some(Multiple::Group(GroupLines { table: Some(table), .. })) = line.map(|line| line.multiple) else {
            continue;
        };
        out.extend(table.0.iter().map(|(row, _)| {
            let level = row.level.as_deref().unwrap_or_default();
            ((rule, row.drg.as_str(), level), row.ratio)
        }));
    }
    out
}

/// The lines of a cell as whole fen: `C <= low_max_fen` is low, `C >= high_min_fen` is high.
pub(super) fn draw(prepared: &Prepared<'_>, cell: &mut CellValues, drg: &str) -> Result<(), Fault> {
    let policy = prepared.policy;
    if let Some(line) = policy.low_line.value.line()
        && let Some(ratio) = multiple(prepared, cell, drg, policy.low_line.rule, &line)?
    {
        let reference = reference_fen(prepared, cell, line.reference, drg)?;
        let edge = edge(cell, &line, ratio, reference)?;
        cell.low_max_fen = match line.equal {
            Equal::Normal => edge.round(0, Ceiling).ok_or(Fault::Overflow)? - 1,
            Equal::Outlier => edge.round(0, Floor).ok_or(Fault::Overflow)?,
        };
        cell.low = Some((ratio, reference));
    }
    if let Some(line) = policy.high_line.value.line()
        && let Some(ratio) = multiple(prepared, cell, drg, policy.high_line.rule, &line)?
    {
        let reference = reference_fen(prepared, cell, line.reference, drg)?;
        let edge = edge(cell, &line, ratio, reference)?;
        cell.high_min_fen = match line.equal {
            Equal::Normal => edge.round(0, Floor).ok_or(Fault::Overflow)?.saturating_add(1),
            Equal::Outlier => edge.round(0, Ceiling).ok_or(Fault::Overflow)?,
        };
        cell.high = Some((ratio, reference));
    }
    Ok(())
}

fn edge(cell: &CellValues, line: &Line<'_>, ratio: Factor, reference: Exact) -> Result<Exact, Fault> {
    let edge = reference.times(Exact::scaled(ratio.0, Factor::DIGITS));
    let lowered = |edge: Exact| edge.times(cell.coefficient.min(Exact::ONE)?);
    let edge = if line.lower_of { edge.and_then(lowered) } else { edge };
    edge.ok_or(Fault::Overflow)
}

/// The multiple of a line for a group at a level; `None` where the group has no line.
fn multiple(
    prepared: &Prepared<'_>,
    cell: &CellValues,
    drg: &str,
    rule: RuleNo,
    line: &Line<'_>,
) -> Result<Option<Factor>, Fault> {
    let policy = prepared.policy;
    let weight = cell.weight.ok_or(Fault::Overflow)?;
    let level = cell.level.as_str();
    let name = || policy.rule(rule).name.clone();
    let unknown = |known: Vec<&str>| Fault::Level { level: level.to_owned(), known: known.join(", "), rule: name() };
    let by_bands = |bands: &Rows<LevelBand>| {
        let own = bands_of(bands, level).map(|band| (band.below, band.ratio)).collect::<Vec<_>>();
        if own.is_empty() {
            let levels: BTreeSet<&str> = bands.0.iter().filter_map(|(band, _)| band.level.as_deref()).collect();
            return Err(unknown(levels.into_iter().collect()));
        }
        band(own.into_iter(), weight).ok_or(Fault::Overflow)
    };
    match &line.multiple {
        Multiple::Flat(ratio) => Ok(*ratio),
        Multiple::Weight(bands) => {
            let ends = bands.0.iter().map(|(Band { below, ratio }, _)| (*below, *ratio));
            band(ends, weight).ok_or(Fault::Overflow)
        }
        Multiple::Level(levels) => {
            levels.get(level).copied().ok_or_else(|| unknown(levels.keys().map(String::as_str).collect()))
        }
        Multiple::LevelWeight(bands) => by_bands(bands),
        Multiple::Group(lines) => {
            let row = |level| prepared.listed.get(&(rule, drg, level)).copied();
            let column = || policy.weight_table.figure(drg, lines.column_of(level)?);
            match (row(level).or_else(|| row("")).or_else(column), lines.others, lines.bands) {
                (Some(own), _, _) => Ok(own),
                (None, OtherGroups::NoLine, _) => return Ok(None),
                (None, OtherGroups::Bands, Some(bands)) => by_bands(bands),
                (None, _, _) => Err(Fault::NoLine { drg: drg.to_owned(), rule: name() }),
            }
        }
    }
    .map(Some)
}

/// The multiple of the band that a weight lies in. A band's upper end is exclusive.
fn band(bands: impl Iterator<Item = (Option<Factor>, Factor)>, weight: Exact) -> Option<Factor> {
    for (below, ratio) in bands {
        match below {
            None => return Some(ratio),
            Some(end) if weight.minus(Exact::scaled(end.0, Factor::DIGITS))?.is_negative() => return Some(ratio),
            Some(_) => {}
        }
    }
    None
}
