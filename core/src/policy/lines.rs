//! What must hold of the lines of a pack: bands that ascend, lists that are complete, L below K.

use std::collections::{BTreeMap, BTreeSet};

use super::check::{ascend, rule};
use super::rules::{GroupLines, LevelBand, Line, Method, Multiple, OtherGroups, WeightUnit, bands_of};
use super::spec::{Factor, Rows};
use super::{Policy, RuleNo, Weight};
use crate::problem::catalogue::policy as p;
use crate::problem::{Problem, Problems};
use crate::table::cell::decimal;

pub(super) fn check(policy: &Policy, problems: &mut Problems) {
    let low = policy.low_line.value.line();
    let high = policy.high_line.value.line();
    for (number, line) in [(policy.low_line.rule, &low), (policy.high_line.rule, &high)] {
        if let Some(line) = line {
            own(policy, number, line, problems);
        }
    }
    if let (Some(low), Some(high)) = (&low, &high)
        && low.reference == high.reference
    {
        crossing(policy, low, high, problems);
    }
}

fn own(policy: &Policy, number: RuleNo, line: &Line<'_>, problems: &mut Problems) {
    let mut ends: Vec<Vec<Option<i64>>> = Vec::new();
    if let Multiple::Weight(bands) = &line.multiple {
        ends.push(bands.0.iter().map(|(band, _)| band.below.map(|below| below.0)).collect());
    }
    if let Some(bands) = line.level_bands() {
        let mut levels: BTreeMap<Option<&str>, Vec<Option<i64>>> = BTreeMap::new();
        for (LevelBand { level, below, .. }, _) in &bands.0 {
            levels.entry(level.as_deref()).or_default().push(below.map(|below| below.0));
        }
        ends.extend(levels.into_values());
    }
    if !ends.iter().all(|ends| ascend(ends)) {
        problems.push(rule(policy, number, Problem::new(&p::BANDS_NOT_ASCENDING)));
    }
    let Some(lines) = line.groups() else { return };
    let listed = lines.table.is_some() || lines.named().next().is_some();
    let needs = [
        (!listed, "by_group", "table | column | columns"),
        (lines.others == OtherGroups::Bands && lines.bands.is_none(), "others = \"bands\"", "bands"),
    ];
    for (_, what, needs) in needs.into_iter().filter(|(missing, _, _)| *missing) {
        problems.push(rule(policy, number, Problem::new(&p::NEEDS).with("what", what).with("needs", needs)));
    }
}

/// Where both lines multiply one reference, L must be below K for every group of the weight table at every level that
/// the lines name, or no case would be normal.
fn crossing(policy: &Policy, low: &Line<'_>, high: &Line<'_>, problems: &mut Problems) {
    let (Method::Points { scale } | Method::Rate { scale, .. }) = &policy.method.value;
    let scale = match policy.weight_table.unit {
        WeightUnit::Weight => 1,
        WeightUnit::BasePoints => i128::from(scale.0),
    };
    let mut levels = BTreeSet::from([""]);
    levels.extend(levels_of(low).chain(levels_of(high)));
    let (low, high) = (Multiples::new(policy, low, scale), Multiples::new(policy, high, scale));
    for (drg, row) in &policy.weight_table.rows {
        for level in &levels {
            let (Some(least), Some(most)) = (low.of(drg, row, level), high.of(drg, row, level)) else { continue };
            if least >= most {
                let problem = Problem::new(&p::LINES_CROSS)
                    .with("drg", drg)
                    .with("low", decimal(least.0.into(), 6))
                    .with("high", decimal(most.0.into(), 6));
                // One example tells it; a mistyped line crosses for most groups.
                return problems.push(rule(policy, policy.low_line.rule, problem));
            }
        }
    }
}

fn levels_of<'p>(line: &Line<'p>) -> impl Iterator<Item = &'p str> {
    let mut levels: Vec<&str> = Vec::new();
    if let Multiple::Level(own) = &line.multiple {
        levels.extend(own.keys().map(String::as_str));
    }
    if let Some(lines) = line.groups() {
        levels.extend(lines.columns.iter().flat_map(|columns| columns.keys()).map(String::as_str));
        levels.extend(lines.table.iter().flat_map(|table| &table.0).filter_map(|(row, _)| row.level.as_deref()));
    }
    levels.extend(line.level_bands().iter().flat_map(|bands| &bands.0).filter_map(|(band, _)| band.level.as_deref()));
    levels.into_iter()
}

/// A line with its list by group and level.
struct Multiples<'p> {
    policy: &'p Policy,
    by: Multiple<'p>,
    listed: BTreeMap<(&'p str, &'p str), Factor>,
    /// What a figure of the weight table is divided by.
    scale: i128,
}

impl<'p> Multiples<'p> {
    fn new(policy: &'p Policy, line: &Line<'p>, scale: i128) -> Multiples<'p> {
        let table = line.groups().and_then(|lines| lines.table);
        let rows = table.iter().flat_map(|table| &table.0);
        let key = |level: &'p Option<String>| level.as_deref().unwrap_or_default();
        let listed = rows.map(|(row, _)| ((row.drg.as_str(), key(&row.level)), row.ratio)).collect();
        Multiples { policy, by: line.multiple, listed, scale }
    }

    fn of(&self, drg: &str, row: &Weight, level: &str) -> Option<Factor> {
        let weight = i128::from(row.value?.0);
        let below = |end: &Option<Factor>| end.is_none_or(|end| weight < i128::from(end.0) * self.scale);
        let by_bands = |bands: &'p Rows<LevelBand>| bands_of(bands, level).find(|band| below(&band.below));
        match &self.by {
            Multiple::Flat(ratio) => Some(*ratio),
            Multiple::Level(levels) => levels.get(level).copied(),
            Multiple::Weight(bands) => bands.0.iter().find(|(band, _)| below(&band.below)).map(|(band, _)| band.ratio),
            Multiple::LevelWeight(bands) => by_bands(bands).map(|band| band.ratio),
            Multiple::Group(lines) => self.listed_for(lines, drg, level).or_else(|| {
                let bands = lines.bands.filter(|_| lines.others == OtherGroups::Bands)?;
                by_bands(bands).map(|band| band.ratio)
            }),
        }
    }

    fn listed_for(&self, lines: &GroupLines<'_>, drg: &str, level: &str) -> Option<Factor> {
        let row = |level| self.listed.get(&(drg, level)).copied();
        let column = || self.policy.weight_table.figure(drg, lines.column_of(level)?);
        row(level).or_else(|| row("")).or_else(column)
    }
}
