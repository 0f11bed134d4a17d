//! The multiple of a line, found by going through the rows one by one.

use super::Found;
use super::place::Placed;
use super::ratio::Ratio;
use crate::policy::rules::{LevelBand, Multiple, OtherGroups};
use crate::policy::{Factor, Rows};

/// The multiple for a group of this weight at the place; `None` where the group has no line.
pub(super) fn multiple(placed: &Placed<'_>, by: &Multiple<'_>, drg: &str, weight: &Ratio) -> Found<Option<Factor>> {
    let below = |end: &Option<Factor>| end.is_none_or(|end| *weight < Ratio::scaled(end.0, 6));
    let level = placed.level.as_str();
    match by {
        Multiple::Flat(ratio) => Ok(Some(*ratio)),
        Multiple::Level(levels) => Ok(Some(*levels.get(level).ok_or_else(|| format!("level {level}"))?)),
        Multiple::Weight(bands) => {
            for (band, _) in &bands.0 {
                if below(&band.below) {
                    return Ok(Some(band.ratio));
                }
            }
            Err("band".to_owned())
        }
        Multiple::LevelWeight(bands) => of_level(bands, level, below),
        Multiple::Group(lines) => {
            let mut general = None;
            for (row, _) in lines.table.iter().flat_map(|table| &table.0) {
                match &row.level {
                    Some(own) if row.drg == drg && own == level => return Ok(Some(row.ratio)),
                    None if row.drg == drg => general = Some(row.ratio),
                    _ => {}
                }
            }
            let named = lines.columns.and_then(|columns| columns.get(level)).or(lines.column);
            let column = named.and_then(|column| placed.policy.weight_table.figure(drg, column));
            match (general.or(column), lines.others) {
                (Some(own), _) => Ok(Some(own)),
                (None, OtherGroups::NoLine) => Ok(None),
                (None, OtherGroups::Refuse) => Err(format!("line {drg}")),
                (None, OtherGroups::Bands) => of_level(lines.bands.ok_or("bands")?, level, below),
            }
        }
    }
}

/// The first band of the level that the weight is below; of no level, where the level has none.
fn of_level(bands: &Rows<LevelBand>, level: &str, below: impl Fn(&Option<Factor>) -> bool) -> Found<Option<Factor>> {
    let has_own = bands.0.iter().any(|(band, _)| band.level.as_deref() == Some(level));
    let wanted = has_own.then_some(level);
    for (band, _) in &bands.0 {
        if band.level.as_deref() == wanted && below(&band.below) {
            return Ok(Some(band.ratio));
        }
    }
    Err(format!("level {level}"))
}
