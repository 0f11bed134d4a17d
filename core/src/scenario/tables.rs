//! Results as tables.

use std::collections::BTreeMap;

use super::figures::{Key, Kind};
use super::file::Study;
use super::measure::Scale;
use super::run::Results;
use super::summary::lines;
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
        ]
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
