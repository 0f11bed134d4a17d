//! Where each part of a study stands in its workbook.

use crate::problem::catalogue::scenario as x;
use crate::problem::{Place, Problem, Problems};
use crate::workbook::Row;

/// The cells of a study, by the name of a scenario (grid, draws …) and a path in it.
#[derive(Clone, Debug, Default)]
pub struct Cells(Vec<Cell>);

#[derive(Clone, Debug)]
struct Cell {
    name: String,
    path: String,
    place: Place,
}

impl Cells {
    /// Notes that `path` of the scenario `name` stands in a cell.
    pub(super) fn note(&mut self, name: &str, path: &str, row: &Row<'_, '_>, key: &str) {
        let place = row.at(key, Problem::new(&x::NO_POINTS)).place;
        self.0.push(Cell { name: name.to_owned(), path: path.to_owned(), place });
    }

    /// Problems with the cell that each is about, where it has one.
    #[must_use]
    pub fn locate(&self, problems: Problems) -> Problems {
        Problems(problems.into_iter().map(|problem| self.locate_one(problem)).collect())
    }

    fn locate_one(&self, mut problem: Problem) -> Problem {
        let arg = |wanted: &str| problem.args.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.as_str());
        let place = match (&problem.place.file, problem.entry.code) {
            (Some(file), _) if file.ends_with(super::super::edit::ADD) => self.added(&problem.place),
            // A value that a patch gave, not a file of its own.
            (Some(file), _) if !file.starts_with("patch ") && &**file != "set" => None,
            (_, "X001") => self.at("", &format!("baseline.{}", arg("what").unwrap_or_default())),
            (_, "X010") => self.at("", "baseline.period"),
            _ => {
                let name = arg("name").or(problem.place.rule.as_deref()).unwrap_or_default();
                let path = arg("what").map(|what| format!("target.{what}")).or(arg("path").map(str::to_owned));
                self.of_scenario(name, path.as_deref(), problem.place.rule.as_deref())
            }
        };
        if let Some(Place { file, row, column, .. }) = place {
            (problem.place.file, problem.place.row, problem.place.column) = (file.clone(), *row, column.clone());
        }
        problem
    }

    fn at(&self, name: &str, path: &str) -> Option<&Place> {
        self.0.iter().find(|cell| cell.name == name && cell.path == path).map(|cell| &cell.place)
    }

    /// The cell of a row that a scenario adds: `events[+]`, row 2, a column.
    fn added(&self, place: &Place) -> Option<&Place> {
        let (file, row) = (place.file.as_deref()?, place.row?);
        let name = self.named(place.rule.as_deref()?)?;
        let column = place.column.as_deref().unwrap_or_default();
        self.at(name, &format!("{file}{row}.{column}")).or_else(|| self.at(name, file))
    }

    /// The longest name of a scenario that a text begins with: points of a grid are `NAME [0.9]`.
    fn named(&self, text: &str) -> Option<&str> {
        let names = self.0.iter().map(|cell| cell.name.as_str());
        names.filter(|name| !name.is_empty() && text.starts_with(name)).max_by_key(|name| name.len())
    }

    /// The cell of a path, of the parameter that a rule names, or the first of the scenario.
    fn of_scenario(&self, name: &str, path: Option<&str>, rule: Option<&str>) -> Option<&Place> {
        let name = self.named(name)?;
        if let Some(place) = path.and_then(|path| self.at(name, path)) {
            return Some(place);
        }
        let own: Vec<&Cell> = self.0.iter().filter(|cell| cell.name == name).collect();
        let stem = |cell: &&&Cell| {
            let stem = cell.path.split(['[', '*']).next().unwrap_or_default().trim_end_matches('.');
            !stem.is_empty() && rule.is_some_and(|rule| rule.contains(stem))
        };
        own.iter().find(stem).or(own.first()).map(|cell| &cell.place)
    }
}
