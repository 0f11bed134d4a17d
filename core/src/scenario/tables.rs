//! Results as tables.

use std::collections::BTreeMap;

use super::figures::{Key, Kind};
use super::file::Study;
use super::measure::Scale;
use super::run::Results;
use super::summary::{Stake, lines, purses, stakes};
use crate::money::{Rounding, div_round};
use crate::table::{Table, Values};

/// Most rows that show every subject; with more, single institutions and payees are left out.
const ROWS_MAX: usize = 2_000_000;

impl Results {
    /// `scenarios`, `amounts`, `numbers`. Draws have a line each among the scenarios, and no further detail.
    #[must_use]
    pub fn tables(&self, names: &BTreeMap<String, String>, study: &Study) -> Vec<(&'static str, Table)> {
        let drawn: Vec<&str> = study.draws.iter().flatten().map(|draws| draws.name.as_str()).collect();
        let shown = (0..self.points.len()).filter(|at| !drawn.contains(&self.points[*at].point.group.as_str()));
        let shown: Vec<usize> = shown.collect();
        vec![
            ("scenarios", self.scenarios_table(names)),
            ("amounts", self.figures_table(names, &shown, true)),
            ("numbers", self.figures_table(names, &shown, false)),
            ("winners", self.winners_table(names)),
        ]
    }

    /// Who gains and who loses in each scenario of its own, from the largest gain to the largest loss.
    fn winners_table(&self, names: &BTreeMap<String, String>) -> Table {
        let mut rows: Vec<(&str, Stake<'_>)> = Vec::new();
        for evaluation in self.points.iter().filter(|evaluation| evaluation.point.group.is_empty()) {
            for purse in purses(self) {
                let mut stakes = stakes(self, evaluation, purse);
                stakes.retain(|stake| stake.difference() != 0);
                stakes.sort_by(|a, b| b.difference().cmp(&a.difference()).then(a.subject.cmp(b.subject)));
                rows.extend(stakes.into_iter().map(|stake| (evaluation.point.name.as_str(), stake)));
            }
        }
        let effect = |stake: &Stake<'_>| if stake.difference() > 0 { "gains" } else { "loses" };
        let name = |stake: &Stake<'_>| names.get(stake.subject).map_or("", String::as_str);
        // To a hundredth of a per cent; nothing where the baseline is nothing.
        let share = |stake: &Stake<'_>| {
            let (part, whole) = (i128::from(stake.difference()) * 10_000, i128::from(stake.baseline));
            (whole != 0).then(|| div_round(part, whole.abs(), Rounding::HalfUp)).flatten()
        };
        Table::new()
            .with("scenario", Values::keywords(rows.iter().map(|(name, _)| *name)))
            .with("money", Values::keywords(rows.iter().map(|(_, stake)| stake.purse.code())))
            .with("measure", Values::keywords(rows.iter().map(|(_, stake)| stake.measure.code())))
            .with("effect", Values::keywords(rows.iter().map(|(_, stake)| effect(stake))))
            .with("subject", Values::keywords(rows.iter().map(|(_, stake)| stake.subject)))
            .with("name", Values::keywords(rows.iter().map(|(_, stake)| name(stake))))
            .with("baseline", Values::money(rows.iter().map(|(_, stake)| stake.baseline)))
            .with("value", Values::money(rows.iter().map(|(_, stake)| stake.value)))
            .with("difference", Values::money(rows.iter().map(|(_, stake)| stake.difference())))
            .with(
                "change_pct",
                Values::Decimal { units: rows.iter().map(|(_, s)| share(s)).collect(), scale: 2, wide: false },
            )
    }

    fn scenarios_table(&self, names: &BTreeMap<String, String>) -> Table {
        let lines = lines(self);
        let name = |subject: Option<&(String, i64)>| {
            subject.map_or(String::new(), |(code, _)| names.get(code).unwrap_or(code).clone())
        };
        let point = |at: usize| &self.points[at].point;
        Table::new()
            .with("scenario", Values::keywords(lines.iter().map(|line| point(line.point).name.as_str())))
            .with("group", Values::keywords(lines.iter().map(|line| point(line.point).group.as_str())))
            .with("money", Values::keywords(lines.iter().map(|line| line.purse.code())))
            .with("measure", Values::keywords(lines.iter().map(|line| line.measure.code())))
            .with("baseline", Values::money(lines.iter().map(|line| line.baseline)))
            .with("value", Values::money(lines.iter().map(|line| line.value)))
            .with("difference", Values::money(lines.iter().map(super::summary::Line::difference)))
            .with("winners", Values::ints(lines.iter().map(|line| line.winners)))
            .with("losers", Values::ints(lines.iter().map(|line| line.losers)))
            .with("unchanged", Values::ints(lines.iter().map(|line| line.unchanged)))
            .with("gains_most", Values::keywords(lines.iter().map(|line| name(line.best.as_ref()))))
            .with("gain", Values::Money(lines.iter().map(|line| line.best.as_ref().map(|best| best.1)).collect()))
            .with("loses_most", Values::keywords(lines.iter().map(|line| name(line.worst.as_ref()))))
            .with("loss", Values::Money(lines.iter().map(|line| line.worst.as_ref().map(|worst| worst.1)).collect()))
            .with("changes", Values::texts(lines.iter().map(|line| point(line.point).shown())))
    }

    /// Every figure of every scenario: amounts of money, or all others.
    fn figures_table(&self, names: &BTreeMap<String, String>, shown: &[usize], money: bool) -> Table {
        let kept: Vec<usize> = self.kept(shown.len(), money);
        let rows: Vec<(usize, usize)> =
            shown.iter().flat_map(|point| kept.iter().map(move |at| (*point, *at))).collect();
        let key = |at: usize| -> &Key { &self.keys[at] };
        let name = |at: usize| names.get(&key(at).subject).map_or("", String::as_str);
        let before = |(_, at): &(usize, usize)| self.baseline[*at];
        let after = |(point, at): &(usize, usize)| self.points[*point].values[*at];
        let change = |row: &(usize, usize)| after(row)?.checked_sub(before(row)?);
        let column = |of: &dyn Fn(&(usize, usize)) -> Option<i64>| {
            if money {
                return Values::Money(rows.iter().map(of).collect());
            }
            let units = |row: &(usize, usize)| {
                let factor = 10i128.pow(6 - key(row.1).measure.scale().digits());
                of(row).map(|units| i128::from(units) * factor)
            };
            Values::Decimal { units: rows.iter().map(units).collect(), scale: 6, wide: false }
        };
        Table::new()
            .with("scenario", Values::keywords(rows.iter().map(|(point, _)| self.points[*point].point.name.as_str())))
            .with("money", Values::keywords(rows.iter().map(|(_, at)| key(*at).purse.code())))
            .with("kind", Values::keywords(rows.iter().map(|(_, at)| key(*at).kind.code())))
            .with("subject", Values::keywords(rows.iter().map(|(_, at)| key(*at).subject.as_str())))
            .with("name", Values::keywords(rows.iter().map(|(_, at)| name(*at))))
            .with("part", Values::keywords(rows.iter().map(|(_, at)| key(*at).part.as_str())))
            .with("measure", Values::keywords(rows.iter().map(|(_, at)| key(*at).measure.code())))
            .with("baseline", column(&before))
            .with("value", column(&after))
            .with("difference", column(&change))
    }

    /// The keys to show.
    fn kept(&self, points: usize, money: bool) -> Vec<usize> {
        let is_whole = self.keys.len().saturating_mul(points) <= ROWS_MAX;
        let single = |kind: Kind| matches!(kind, Kind::Institution | Kind::Payee);
        let wanted = |at: &usize| {
            let key = &self.keys[*at];
            (key.measure.scale() == Scale::Fen) == money && (is_whole || !single(key.kind))
        };
        (0..self.keys.len()).filter(wanted).collect()
    }
}
