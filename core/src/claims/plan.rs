//! Which column of a file each field is read from, decided once a file from its header.

use std::collections::BTreeMap;

use super::clean::Style;
use super::fields::{Field, Shape};
use super::options::ReadOptions;
use crate::frame::{Head, Kind};
use crate::problem::catalogue::claims::{
    DUPLICATE_COLUMN, FLOAT_MONEY, MAPPED_COLUMN_ABSENT, MISSING_COLUMN, MISSING_COLUMN_NEAR, UNKNOWN_COLUMN,
    WRONG_TYPE,
};
use crate::problem::{Problem, Problems};

/// Where the values of a field come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Column(String),
    Constant(String),
    /// The sum of these columns.
    Sum(Vec<String>),
}

impl Origin {
    fn reads(&self, name: &str) -> bool {
        match self {
            Origin::Column(column) => column == name,
            Origin::Constant(_) => false,
            Origin::Sum(columns) => columns.iter().any(|column| column == name),
        }
    }
}

/// The reading plan of one file.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    origins: BTreeMap<Field, Origin>,
    pub(super) warnings: Problems,
}

impl Plan {
    /// Plans the reading of these fields from the columns of a file and those `added` to it. All that is wrong with the
    /// header is told at once.
    pub(super) fn of(
        own: &[Head],
        added: &[Head],
        file: &str,
        fields: &[Field],
        needed: &[Field],
        options: &ReadOptions,
    ) -> Result<Plan, Problems> {
        let mut problems = Problems::new();
        let mut origins = BTreeMap::new();
        let heads: Vec<Head> = own.iter().chain(added).cloned().collect();
        for &field in fields {
            match origin_of(field, &heads, needed, options) {
                Ok(origin) => origins.extend(origin.map(|origin| (field, origin))),
                Err(more) => problems.append(more),
            }
        }
        for (at, head) in heads.iter().enumerate() {
            if heads[..at].iter().any(|before| before.name == head.name) {
                problems.push(Problem::new(&DUPLICATE_COLUMN).with("column", &head.name));
            }
        }
        problems.append(unknown(own, &origins));
        let located = Problems(problems.into_iter().map(|p| p.file(file)).collect());
        located.or(origins).map(|(origins, warnings)| Plan { origins, warnings })
    }

    pub(super) fn origin(&self, field: Field) -> Option<&Origin> {
        self.origins.get(&field)
    }

    /// The numbers of the columns to read, in the order of the file.
    pub(super) fn wanted(&self, heads: &[Head]) -> Vec<usize> {
        let used = |head: &Head| self.origins.values().any(|origin| origin.reads(&head.name));
        (0..heads.len()).filter(|&at| used(&heads[at])).collect()
    }
}

fn origin_of(
    field: Field,
    heads: &[Head],
    needed: &[Field],
    options: &ReadOptions,
) -> Result<Option<Origin>, Problems> {
    let mapping = &options.mapping;
    if let Some(value) = mapping.constants.get(&field) {
        return Ok(Some(Origin::Constant(value.clone())));
    }
    let find = |header: &str| heads.iter().find(|head| head.name == header);
    let absent = |header: &str| {
        Problem::new(&MAPPED_COLUMN_ABSENT).column(header).with("column", field.name()).with("header", header)
    };
    if let Some(columns) = mapping.sums.get(&field) {
        let mut problems = Problems::new();
        for header in columns {
            match find(header) {
                Some(head) => problems.append(fitness(field, head, options)),
                None => problems.push(absent(header)),
            }
        }
        return problems.or(()).map(|_| Some(Origin::Sum(columns.clone())));
    }
    let mapped = mapping.columns.get(&field);
    let header = mapped.map_or(field.name(), String::as_str);
    match find(header) {
        Some(head) => fitness(field, head, options).or(()).map(|_| Some(Origin::Column(header.to_owned()))),
        None if mapped.is_some() => Err(absent(header).into()),
        None if needed.contains(&field) => Err(missing(field, heads).into()),
        None => Ok(None),
    }
}

/// How far the texts of a field are changed.
pub(super) fn style(field: Field, options: &ReadOptions) -> Style {
    match (field.shape(), options.mapping.codes.normalise) {
        (Shape::Codes, true) => Style::Code,
        (Shape::Codes, false) => Style::Exact,
        _ => Style::Text,
    }
}

/// Whether a column of this type can hold the field.
fn fitness(field: Field, head: &Head, options: &ReadOptions) -> Problems {
    use Kind::{Date, Decimal, Flag, Float, Nothing, Text, Texts, Time, Whole};
    let problem = match (field.shape(), head.kind) {
        (Shape::Money, Some(Float)) if options.float_money.is_none() => {
            Problem::new(&FLOAT_MONEY).with("column", &head.name)
        }
        (_, Some(Nothing | Text)) => return Problems::new(),
        (Shape::Id, Some(Whole)) => return Problems::new(),
        (Shape::Keyword | Shape::Whole(..) | Shape::Duration, Some(Whole | Float | Decimal)) => return Problems::new(),
        (Shape::Money, Some(Whole | Decimal | Float)) => return Problems::new(),
        (Shape::Flag, Some(Whole | Float | Decimal | Flag)) => return Problems::new(),
        (Shape::Codes, Some(Texts)) => return Problems::new(),
        (Shape::Day, Some(Date | Time | Whole)) => return Problems::new(),
        (shape, found) => Problem::new(&WRONG_TYPE)
            .with("column", &head.name)
            .with("found", found.map_or("struct / other".to_owned(), |kind| kind.to_string()))
            .with("expected", expected(shape)),
    };
    problem.column(head.name.as_str()).into()
}

const fn expected(shape: Shape) -> &'static str {
    match shape {
        Shape::Id => "string",
        Shape::Keyword => "string / integer",
        Shape::Codes => "string / list<string>",
        Shape::Whole(..) | Shape::Duration => "integer",
        Shape::Money => "decimal(18,2) / string",
        Shape::Day => "date / timestamp / string",
        Shape::Flag => "boolean / integer",
    }
}

fn missing(field: Field, heads: &[Head]) -> Problem {
    let near = nearest(field.name(), heads.iter().map(|head| head.name.as_str()));
    let problem = match near {
        Some(near) => Problem::new(&MISSING_COLUMN_NEAR).with("near", near),
        None => Problem::new(&MISSING_COLUMN),
    };
    problem.with("column", field.name()).with("meaning", field.chinese())
}

fn unknown(heads: &[Head], origins: &BTreeMap<Field, Origin>) -> Problems {
    let used = |name: &str| origins.values().any(|origin| origin.reads(name));
    let unused: Vec<&str> = heads.iter().map(|h| h.name.as_str()).filter(|name| !used(name)).collect();
    if unused.is_empty() {
        return Problems::new();
    }
    Problem::new(&UNKNOWN_COLUMN).with("columns", unused.join(", ")).into()
}

/// The name most like `wanted`, if any is: at most a third of the longer one's letters differ, whatever
/// their case.
fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    let ranked = names.map(|name| (edits(&wanted, &name.to_lowercase()), name));
    let length = |name: &str| wanted.chars().count().max(name.chars().count());
    ranked.min().filter(|(edits, name)| edits * 3 <= length(name)).map(|(_, name)| name)
}

/// How many letters must be put in, left out or changed to make `b` of `a`.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, &y) in b.iter().enumerate() {
            let replaced = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_only_at_what_is_alike() {
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("", "abc"), 3);
        let headers = ["SETL_ID", "medfee_sum_amt", "name"];
        assert_eq!(nearest("setl_id", headers.into_iter()), Some("SETL_ID"));
        assert_eq!(nearest("medfee_sumamt", headers.into_iter()), Some("medfee_sum_amt"));
        assert_eq!(nearest("gend", ["gender"].into_iter()), Some("gender"));
        assert_eq!(nearest("gend", headers.into_iter()), None);
    }
}
