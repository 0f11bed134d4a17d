//! The groups of a scheme as synthesis sees them: how often they occur, what they cost, and clinical pictures that lead
//! there.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::city::Tier;
use super::codes::CodeBook;
use super::pattern::{Pattern, Picture, Tests, draw, stays};
use super::random::{ONE, Random, trait_of};
use super::recipe::{Recipe, recipes};
use crate::grouper::{Grouper, Status};
use crate::money::scaled;
use crate::scheme::{AdrgRule, Definition, Drg, RuleKind};

/// Pictures kept for a group.
const PATTERNS_MAX: usize = 48;
/// Rounds of drawing; a group that is still without a picture after the last one is left out.
const ROUNDS: usize = 7;
/// Draws for a recipe in the first round; each round doubles them.
const DRAWS: usize = 24;
/// A group makes up at least one in so many claims.
const RAREST: u64 = 20_000;
/// A stream of random numbers that no claim uses.
const STREAM: u64 = u64::MAX;

/// A DRG that claims are made for.
pub(super) struct Group {
    pub patterns: Vec<Pattern>,
    /// Relative weight × 10⁴.
    pub weight_e4: i64,
    /// Standard deviation of the logarithm of the cost.
    pub deviation: i64,
    /// Mean days of stay × 10.
    pub days_e1: i64,
    frequency: u64,
    surgical: bool,
}

/// The groups and how often they occur in each tier of hospitals.
pub(super) struct Groups {
    pub groups: Vec<Group>,
    /// Running totals of the frequencies, by tier.
    by_tier: [Vec<u64>; Tier::ALL.len()],
    /// DRGs for which no picture was found.
    pub unreached: Vec<String>,
}

impl Groups {
    pub(super) fn new(grouper: &Grouper, book: &CodeBook<'_>, tests: &Tests, seed: u64) -> Groups {
        let scheme = grouper.definition();
        let mut found = find_patterns(grouper, book, tests, seed);
        let weights = published_weights(scheme);
        let (mut groups, mut unreached) = (Vec::new(), Vec::new());
        for drg in &scheme.drgs {
            let patterns = found.remove(&drg.code).unwrap_or_default();
            match scheme.rules_of(&drg.adrg).next() {
                Some(rule) if !patterns.is_empty() => {
                    groups.push(describe(scheme, rule, drg, weights.get(drg.code.as_str()), patterns));
                }
                _ => unreached.push(drg.code.clone()),
            }
        }
        let all: u64 = groups.iter().map(|group| group.frequency).sum();
        groups.iter_mut().for_each(|group| group.frequency = group.frequency.max(all / RAREST));
        let by_tier = Tier::ALL.map(|tier| {
            let fits = groups.iter().map(|group| group.frequency * fitness(tier, group) / 100);
            let running = fits.scan(0, |total, part| {
                *total += part;
                Some(*total)
            });
            running.collect()
        });
        Groups { groups, by_tier, unreached }
    }

    /// A group as hospitals of a tier see them; `None` when the scheme has none.
    pub(super) fn draw(&self, tier: Tier, random: &mut Random) -> Option<&Group> {
        self.groups.get(random.weighted(&self.by_tier[tier as usize]))
    }
}

/// Pictures by DRG: drawn from the recipes, kept when the grouper confirms them.
fn find_patterns(grouper: &Grouper, book: &CodeBook<'_>, tests: &Tests, seed: u64) -> BTreeMap<String, Vec<Pattern>> {
    let scheme = grouper.definition();
    let mut open: Vec<(&str, Vec<Recipe>)> = Vec::new();
    for drg in &scheme.drgs {
        let rules = scheme.rules_of(&drg.adrg).filter(|rule| rule.kind != RuleKind::Ambiguous);
        open.push((&drg.code, rules.flat_map(|rule| recipes(book, rule, drg)).collect()));
    }
    let mut found: BTreeMap<String, Vec<Pattern>> = BTreeMap::new();
    let mut random = Random::new(seed, STREAM);
    for round in 0..ROUNDS {
        let mut drafts: Vec<(&str, Picture)> = Vec::new();
        for (drg, recipes) in &open {
            for recipe in recipes {
                let pictures = (0..DRAWS << round).filter_map(|_| draw(book, recipe, tests, &mut random));
                drafts.extend(pictures.map(|picture| (*drg, picture)));
            }
        }
        let grouped = grouper.group(&stays(drafts.iter().map(|(_, picture)| picture), book), false);
        for ((drg, picture), outcome) in drafts.into_iter().zip(grouped.outcomes) {
            let outcome = &grouper.outcomes()[outcome as usize];
            if outcome.status == Status::Grouped && outcome.drg == drg {
                let patterns = found.entry(drg.to_owned()).or_default();
                if patterns.len() < PATTERNS_MAX {
                    patterns.push(Pattern::new(picture, book, tests));
                }
            }
        }
        // One round of plenty is enough for most groups; the rest is for those that are hard to reach.
        open.retain(|(drg, _)| found.get(*drg).is_none_or(|patterns| round == 0 && patterns.len() < PATTERNS_MAX / 4));
        if open.is_empty() {
            break;
        }
    }
    found
}

/// The weights published with the scheme × 10⁴; blank or unreadable ones are not there.
fn published_weights(scheme: &Definition) -> BTreeMap<&str, i64> {
    let Some(table) = &scheme.weights else { return BTreeMap::new() };
    let (Some(drg), Some(weight)) = (table.column("drg"), table.column("weight")) else { return BTreeMap::new() };
    let rows = table.rows.iter().filter_map(|row| {
        let weight: Decimal = row.cells[weight].parse().ok()?;
        let units = i64::try_from(scaled(weight.round_dp(4), 4)?).ok()?;
        (units > 0).then_some((row.cells[drg].as_str(), units))
    });
    rows.collect()
}

fn describe(scheme: &Definition, rule: &AdrgRule, drg: &Drg, published: Option<&i64>, patterns: Vec<Pattern>) -> Group {
    let weight_e4 = published.copied().unwrap_or_else(|| likely_weight(scheme, rule, drg));
    let jitter = |purpose: u64, low: u64, high: u64| low + trait_of(&drg.code, purpose) % (high - low + 1);
    let usual = match scheme.mdcs[rule.mdc].kind.as_str() {
        "pre_mdc" => 10,
        "multiple_trauma" | "hiv" => 20,
        "newborn" | "male" => 60,
        _ => 100,
    };
    let by_kind = match rule.kind {
        RuleKind::Medical => 3,
        RuleKind::Surgical => 2,
        _ => 1,
    };
    // Cheap groups are common: the frequency falls with the weight.
    let frequency = 1_000_000_000 / (weight_e4 as u64 + 3_000) * usual * by_kind * jitter(1, 30, 300) / 10_000;
    let root_e2 = (weight_e4 as u64).isqrt() as i64;
    Group {
        patterns,
        weight_e4,
        deviation: ONE * jitter(2, 30, 55) as i64 / 100,
        days_e1: 30 + 42 * root_e2 / 100,
        frequency: frequency.max(1),
        surgical: rule.kind == RuleKind::Surgical,
    }
}

/// A weight × 10⁴ where none is published: by the kind of care and the place among the DRGs of the ADRG, of which the
/// most severe stands first.
fn likely_weight(scheme: &Definition, rule: &AdrgRule, drg: &Drg) -> i64 {
    let base = match (scheme.mdcs[rule.mdc].kind.as_str(), rule.kind) {
        ("pre_mdc", _) => 120_000,
        (_, RuleKind::Surgical) => 19_000,
        (_, RuleKind::Procedure) => 14_000,
        _ => 7_500,
    };
    let siblings: Vec<&Drg> = scheme.drgs_of(&drg.adrg).collect();
    let place = siblings.iter().position(|sibling| sibling.code == drg.code).unwrap_or(0) as i64;
    let severity = if siblings.len() > 1 { 150 - 70 * place / (siblings.len() as i64 - 1) } else { 100 };
    let own = 60 + (trait_of(&drg.adrg, 3) % 101) as i64;
    base * severity / 100 * own / 100
}

/// How well a group fits a tier of hospitals, in percent.
const fn fitness(tier: Tier, group: &Group) -> u64 {
    let weight = group.weight_e4;
    match tier {
        Tier::Primary if group.surgical => 5,
        Tier::Primary if weight > 12_000 => 1,
        Tier::Primary if weight > 7_000 => 40,
        Tier::Primary => 250,
        Tier::Secondary if weight > 60_000 => 2,
        Tier::Secondary if weight > 25_000 => 40,
        Tier::Secondary => 110,
        Tier::Tertiary if weight > 20_000 => 180,
        Tier::Tertiary if weight < 6_000 => 50,
        Tier::Tertiary => 100,
    }
}
