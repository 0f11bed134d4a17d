//! What groups of points come to: sensitivity tables, percentiles, goals, projections.

use std::collections::BTreeMap;

use super::change::Move;
use super::figures::{Figures, Key};
use super::file::{Draws, Study, Tornado};
use super::goal::{Answer, seek};
use super::measure::{Measure, Scale};
use super::point::value_of;
use super::projection::{Year, project};
use super::run::{Base, Evaluation, GoOn, Results};
use super::target::Target;
use crate::money::Fen;
use crate::problem::catalogue::scenario as x;
use crate::problem::{Problem, Problems};
use crate::table::cell::decimal;
use crate::table::{Table, Values};

/// What a file asks beyond points: answers and years.
#[derive(Clone, Debug, Default)]
pub struct Extra {
    pub answers: Vec<Answer>,
    pub years: Vec<Year>,
}

impl Extra {
    /// Searches every goal and goes through every projection.
    ///
    /// # Errors
    /// Goals and rates that do not fit the baseline.
    pub fn of(base: &Base, study: &Study) -> Result<(Extra, Problems), Problems> {
        Extra::until(base, study, &|| Ok(()))
    }

    /// As [`Extra::of`], until `go_on`, which is asked before each evaluation, refuses.
    ///
    /// # Errors
    /// As [`Extra::of`]; what stopped it, and nothing else.
    pub fn until(base: &Base, study: &Study, go_on: &GoOn<'_>) -> Result<(Extra, Problems), Problems> {
        let (mut extra, mut problems) = (Extra::default(), Problems::new());
        for goal in study.goal.iter().flatten() {
            go_on()?;
            match seek(base, goal, go_on) {
                Ok(answer) => {
                    problems.0.extend(no_answer(&answer));
                    extra.answers.push(answer);
                }
                Err(found) => problems.append(found),
            }
        }
        for projection in study.projection.iter().flatten() {
            go_on()?;
            match project(base, projection, go_on) {
                Ok(years) => extra.years.extend(years),
                Err(found) => problems.append(found),
            }
        }
        go_on()?;
        problems.or(extra)
    }

    /// `goals` and `projection`.
    #[must_use]
    pub fn tables(&self, names: &BTreeMap<String, String>) -> Vec<(&'static str, Table)> {
        vec![("goals", self.goals_table()), ("projection", self.projection_table(names))]
    }

    fn goals_table(&self) -> Table {
        let rows = &self.answers;
        let e6 = |row: &Answer, units: i64| i128::from(units) * 10i128.pow(6 - row.measure.scale().digits());
        let column = |of: &dyn Fn(&Answer) -> Option<i64>| Values::Decimal {
            units: rows.iter().map(|row| of(row).map(|units| e6(row, units))).collect(),
            scale: 6,
            wide: false,
        };
        Table::new()
            .with("goal", Values::keywords(rows.iter().map(|row| row.name.as_str())))
            .with("path", Values::keywords(rows.iter().map(|row| row.path.as_str())))
            .with("outcome", Values::keywords(rows.iter().map(|row| row.found.code())))
            .with("answer", Values::texts(rows.iter().map(|row| row.value.map_or(String::new(), |v| v.to_string()))))
            .with("measure", Values::keywords(rows.iter().map(|row| row.measure.code())))
            .with("target", column(&|row| Some(row.target)))
            .with("reached", column(&|row| row.reached))
            .with("at_low", column(&|row| Some(row.at_low)))
            .with("at_high", column(&|row| Some(row.at_high)))
    }

    fn projection_table(&self, names: &BTreeMap<String, String>) -> Table {
        let of_money = |figures: &Figures| -> Vec<(Key, i64)> {
            let money = figures.0.iter().filter(|(key, _)| key.measure.scale() == Scale::Fen);
            money.map(|(key, units)| (key.clone(), *units)).collect()
        };
        let mut rows: Vec<(&Year, Key, i64)> = Vec::new();
        for year in &self.years {
            rows.extend(of_money(&year.figures).into_iter().map(|(key, units)| (year, key, units)));
        }
        let start = |year: &Year, key: &Key| {
            let first = self.years.iter().find(|first| first.projection == year.projection && first.number == 0);
            first.and_then(|first| first.figures.0.get(key).copied())
        };
        let name = |key: &Key| names.get(&key.subject).map_or("", String::as_str).to_owned();
        Table::new()
            .with("scenario", Values::keywords(rows.iter().map(|(year, ..)| year.projection.as_str())))
            .with("year", Values::ints(rows.iter().map(|(year, ..)| year.number)))
            .with("money", Values::keywords(rows.iter().map(|(_, key, _)| key.purse.code())))
            .with("kind", Values::keywords(rows.iter().map(|(_, key, _)| key.kind.code())))
            .with("subject", Values::keywords(rows.iter().map(|(_, key, _)| key.subject.as_str())))
            .with("name", Values::keywords(rows.iter().map(|(_, key, _)| name(key))))
            .with("part", Values::keywords(rows.iter().map(|(_, key, _)| key.part.as_str())))
            .with("measure", Values::keywords(rows.iter().map(|(_, key, _)| key.measure.code())))
            .with("baseline", Values::Money(rows.iter().map(|(year, key, _)| start(year, key)).collect()))
            .with("value", Values::money(rows.iter().map(|(_, _, units)| *units)))
            .with(
                "difference",
                Values::Money(rows.iter().map(|(y, key, units)| units.checked_sub(start(y, key)?)).collect()),
            )
    }
}

/// A figure as people write it.
fn shown(measure: Measure, units: i64) -> String {
    match measure.scale() {
        Scale::Fen => Fen(units).to_string(),
        scale => decimal(units.into(), scale.digits() as u8),
    }
}

fn no_answer(answer: &Answer) -> Option<Problem> {
    if answer.value.is_some() {
        return None;
    }
    let problem = Problem::new(&x::NO_ANSWER).with("name", &answer.name).with("path", &answer.path);
    let problem = problem.with("outcome", answer.found.code()).with("target", shown(answer.measure, answer.target));
    Some(
        problem
            .with("at_low", shown(answer.measure, answer.at_low))
            .with("at_high", shown(answer.measure, answer.at_high)),
    )
}

impl Results {
    /// `tornado`, `percentiles` and `drawn`.
    pub fn spread(
        &self,
        study: &Study,
        names: &BTreeMap<String, String>,
    ) -> Result<Vec<(&'static str, Table)>, Problems> {
        let mut problems = Problems::new();
        let mut swings = Vec::new();
        for tornado in study.tornado.iter().flatten() {
            match self.swings(tornado) {
                Ok(rows) => swings.extend(rows),
                Err(found) => problems.append(found),
            }
        }
        let draws: Vec<&Draws> = study.draws.iter().flatten().collect();
        let tables = vec![
            ("tornado", tornado_table(&swings)),
            ("percentiles", self.percentiles_table(&draws, names)),
            ("drawn", self.drawn_table(&draws)),
        ];
        problems.or(tables).map(|(tables, _)| tables)
    }

    fn of_group(&self, group: &str) -> impl Iterator<Item = &Evaluation> {
        self.points.iter().filter(move |evaluation| evaluation.point.group == group)
    }

    /// The figure of a target in a column of values.
    fn sum(&self, target: &Target, values: &[Option<i64>]) -> i64 {
        let own = self.keys.iter().zip(values).filter(|(key, _)| target.fits(key));
        own.filter_map(|(_, units)| *units).fold(0, i64::saturating_add)
    }

    /// The rows of a sensitivity table, the widest swing first.
    fn swings(&self, tornado: &Tornado) -> Result<Vec<SwingRow>, Problems> {
        let known = self.keys.iter().zip(&self.baseline).filter_map(|(key, units)| Some((key.clone(), (*units)?)));
        let baseline = Figures(known.collect());
        let target = Target::of(&tornado.target, &tornado.name, &baseline)?;
        let points: Vec<&Evaluation> = self.of_group(&tornado.name).collect();
        let row = |pair: &[&Evaluation]| {
            let [low, high] = pair else { return None };
            let value = |point: &Evaluation| point.point.moves.first().map(value_of).unwrap_or_default();
            let (at_low, at_high) = (self.sum(&target, &low.values), self.sum(&target, &high.values));
            Some(SwingRow {
                tornado: tornado.name.clone(),
                path: low.point.moves.first().map(|change: &Move| change.path.clone()).unwrap_or_default(),
                low: value(low),
                high: value(high),
                measure: target.measure,
                baseline: self.sum(&target, &self.baseline),
                at_low,
                at_high,
            })
        };
        let mut rows: Vec<SwingRow> = points.chunks(2).filter_map(row).collect();
        rows.sort_by(|a, b| b.swing().cmp(&a.swing()).then(a.path.cmp(&b.path)));
        Ok(rows)
    }

    /// Percentiles by nearest rank: the smallest value that at least p % of the draws do not exceed.
    fn percentiles_table(&self, draws: &[&Draws], names: &BTreeMap<String, String>) -> Table {
        let mut rows: Vec<(&str, usize, i64, i64)> = Vec::new();
        for draws in draws {
            let points: Vec<&Evaluation> = self.of_group(&draws.name).collect();
            for at in (0..self.keys.len()).filter(|at| self.keys[*at].measure.scale() == Scale::Fen) {
                let mut values: Vec<i64> = points.iter().filter_map(|point| point.values[at]).collect();
                values.sort_unstable();
                for percent in &draws.percentiles {
                    let rank = (values.len() * percent.0 as usize).div_ceil(100).max(1);
                    if let Some(value) = values.get(rank - 1) {
                        rows.push((&draws.name, at, percent.0, *value));
                    }
                }
            }
        }
        let key = |at: usize| &self.keys[at];
        let name = |at: usize| names.get(&key(at).subject).map_or("", String::as_str);
        Table::new()
            .with("scenario", Values::keywords(rows.iter().map(|row| row.0)))
            .with("money", Values::keywords(rows.iter().map(|row| key(row.1).purse.code())))
            .with("kind", Values::keywords(rows.iter().map(|row| key(row.1).kind.code())))
            .with("subject", Values::keywords(rows.iter().map(|row| key(row.1).subject.as_str())))
            .with("name", Values::keywords(rows.iter().map(|row| name(row.1))))
            .with("part", Values::keywords(rows.iter().map(|row| key(row.1).part.as_str())))
            .with("measure", Values::keywords(rows.iter().map(|row| key(row.1).measure.code())))
            .with("percentile", Values::ints(rows.iter().map(|row| row.2)))
            .with("baseline", Values::Money(rows.iter().map(|row| self.baseline[row.1]).collect()))
            .with("value", Values::money(rows.iter().map(|row| row.3)))
    }

    /// What was drawn.
    fn drawn_table(&self, draws: &[&Draws]) -> Table {
        let points = draws.iter().flat_map(|draws| self.of_group(&draws.name));
        let rows: Vec<(&str, &Move)> =
            points.flat_map(|p| p.point.moves.iter().map(|change| (p.point.name.as_str(), change))).collect();
        Table::new()
            .with("scenario", Values::keywords(rows.iter().map(|row| row.0)))
            .with("path", Values::keywords(rows.iter().map(|row| row.1.path.as_str())))
            .with("value", Values::texts(rows.iter().map(|row| value_of(row.1))))
    }
}

/// A parameter at both its ends.
struct SwingRow {
    tornado: String,
    path: String,
    low: String,
    high: String,
    measure: Measure,
    baseline: i64,
    at_low: i64,
    at_high: i64,
}

impl SwingRow {
    fn swing(&self) -> u64 {
        let ends = [self.baseline, self.at_low, self.at_high];
        let (least, most) = (ends.iter().min(), ends.iter().max());
        most.zip(least).map_or(0, |(most, least)| most.abs_diff(*least))
    }
}

fn tornado_table(rows: &[SwingRow]) -> Table {
    let column = |of: &dyn Fn(&SwingRow) -> i128| Values::Decimal {
        units: rows.iter().map(|row| Some(of(row) * 10i128.pow(6 - row.measure.scale().digits()))).collect(),
        scale: 6,
        wide: false,
    };
    Table::new()
        .with("scenario", Values::keywords(rows.iter().map(|row| row.tornado.as_str())))
        .with("path", Values::keywords(rows.iter().map(|row| row.path.as_str())))
        .with("measure", Values::keywords(rows.iter().map(|row| row.measure.code())))
        .with("low", Values::texts(rows.iter().map(|row| row.low.as_str())))
        .with("high", Values::texts(rows.iter().map(|row| row.high.as_str())))
        .with("baseline", column(&|row| row.baseline.into()))
        .with("at_low", column(&|row| row.at_low.into()))
        .with("at_high", column(&|row| row.at_high.into()))
        .with("swing", column(&|row| row.swing().into()))
}
