//! The parameters of packs as a list: what a path may name, what stands there now, and what may be written.

use std::collections::BTreeSet;

use super::Bundle;
use super::kinds::{family, kind_of};
use super::node::{Keys, Node, Raw};
use super::spec::{Field, Need, Shape, Words, row_name};

/// A parameter that a path names, or one column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    pub path: String,
    /// The rule and the parameter, in Chinese and English.
    pub zh: String,
    pub en: String,
    /// The value; of a column whose rows differ, how many rows there are.
    pub value: String,
    /// Unit and range, or the words that may be written, in Chinese and English.
    pub may_be: (String, String),
    /// The article, or why there is none.
    pub rests_on: String,
}

/// Rows of a table that are listed one by one; a longer one is listed by its columns alone.
const ROWS_MAX: usize = 24;

impl Bundle {
    /// Every number, choice and flag of the packs, in the order of rules; a path that several packs have once.
    #[must_use]
    pub fn parameters(&self) -> Vec<Parameter> {
        let (mut list, mut seen) = (Vec::new(), BTreeSet::new());
        for (name, rule) in self.leaves.iter().flat_map(|pack| &pack.rules) {
            let Some(keys) = rule.node.as_table() else { continue };
            let Some(kind) = kind_of(keys) else { continue };
            let mut listing = Listing::new(name, keys, family(kind).map_or(kind.words, |family| family.words));
            for field in kind.fields {
                listing.field(field, keys.get(field.name));
            }
            for new in listing.list {
                if seen.insert(new.path.clone()) {
                    list.push(new);
                }
            }
        }
        list
    }
}

struct Listing<'r> {
    name: &'r str,
    title: (String, String),
    rests_on: String,
    list: Vec<Parameter>,
}

impl Listing<'_> {
    fn new<'r>(name: &'r str, keys: &Keys, family: Words) -> Listing<'r> {
        let text = |key: &str| keys.get(key).and_then(Node::as_text);
        let title = match text("title") {
            Some(title) => (format!("{name} {title}"), format!("{name} {title}")),
            None => (family.zh.to_owned(), format!("{} ({name})", family.en)),
        };
        let rests_on = text("article").or(text("placeholder")).unwrap_or_default().to_owned();
        Listing { name, title, rests_on, list: Vec::new() }
    }

    fn field(&mut self, field: &Field, node: Option<&Node>) {
        let path = format!("rules.{}.{}", self.name, field.name);
        match (field.shape, node) {
            (Shape::Rows { row: Shape::Record(columns), key }, Some(node)) => {
                self.rows(&path, columns, node, &|_, keys| row_name(keys, key));
            }
            (Shape::List(Shape::Record(columns)), Some(node)) => {
                self.rows(&path, columns, node, &|at, _| at.to_string());
            }
            (Shape::FreeRows, Some(node)) => self.free_rows(&path, node),
            (Shape::Map(inner), Some(node)) if is_single(inner) => {
                for (key, value) in node.as_table().into_iter().flatten() {
                    self.push(format!("{path}.{key}"), (field.words, key), inner, shown(value));
                }
            }
            (shape, Some(node)) if is_single(shape) => self.push(path, (field.words, ""), shape, shown(node)),
            (shape, None) if is_single(shape) => {
                if let Need::Default(value) = field.need {
                    self.push(path, (field.words, ""), shape, value.trim_matches('"').to_owned());
                }
            }
            _ => {}
        }
    }

    /// Each column of a table for all rows, then for each row.
    fn rows(&mut self, path: &str, columns: &[Field], node: &Node, name: &dyn Fn(usize, &Keys) -> String) {
        let rows = node.as_list().unwrap_or_default();
        for column in columns.iter().filter(|column| is_single(column.shape)) {
            let cells = rows.iter().enumerate().filter_map(|(at, row)| {
                let keys = row.as_table()?;
                Some((name(at, keys), shown(keys.get(column.name)?)))
            });
            let cells: Vec<(String, String)> = cells.filter(|(_, value)| !value.is_empty()).collect();
            let Some((_, first)) = cells.first() else { continue };
            let same = cells.iter().all(|(_, value)| value == first);
            let value = if same { first.clone() } else { format!("{} 个值", cells.len()) };
            let words = column.words;
            self.push(format!("{path}[*].{}", column.name), (words, "*"), column.shape, value);
            if cells.len() > 1 && cells.len() <= ROWS_MAX {
                for (row, value) in cells {
                    self.push(format!("{path}[{row}].{}", column.name), (words, &row), column.shape, value);
                }
            }
        }
    }

    /// The number columns of a table whose columns the rule names itself.
    fn free_rows(&mut self, path: &str, node: &Node) {
        let rows = node.as_list().unwrap_or_default();
        let Some(first) = rows.first().and_then(Node::as_table) else { return };
        for (column, value) in first {
            if value.as_written().and_then(super::node::plain_decimal).is_some() {
                let words = Words { zh: "", en: "" };
                let label = column.as_str();
                self.push(format!("{path}[*].{column}"), (words, label), &NUMBER, format!("{} 个值", rows.len()));
            }
        }
    }

    fn push(&mut self, path: String, (words, row): (Words, &str), shape: &Shape, value: String) {
        let (zh, en) = match row {
            "" => (words.zh.to_owned(), words.en.to_owned()),
            "*" => (format!("{}（全部行）", words.zh), format!("{} (every row)", words.en)),
            row => (format!("{}（{row}）", words.zh), format!("{} ({row})", words.en)),
        };
        let (zh, en) = (format!("{}：{zh}", self.title.0), format!("{}: {en}", self.title.1));
        self.list.push(Parameter { path, zh, en, value, may_be: may_be(shape), rests_on: self.rests_on.clone() });
    }
}

/// Numbers of tables with free columns.
static NUMBER: Shape = Shape::Number { min: "0", max: None, digits: 6, unit: Words { zh: "数", en: "number" } };

const fn is_single(shape: &Shape) -> bool {
    matches!(shape, Shape::Number { .. } | Shape::Whole { .. } | Shape::Flag | Shape::Choice(_))
}

fn shown(node: &Node) -> String {
    match &node.raw {
        Raw::Text(text) => text.to_string(),
        _ => node.to_string(),
    }
}

/// What may be written, in Chinese and English.
fn may_be(shape: &Shape) -> (String, String) {
    match shape {
        Shape::Number { min, max, unit, .. } => {
            let range = max.map_or_else(|| format!("≥ {min}"), |max| format!("{min} … {max}"));
            (format!("{}，{range}", unit.zh), format!("{}, {range}", unit.en))
        }
        Shape::Whole { min, max } => (format!("整数，{min} … {max}"), format!("a whole number, {min} … {max}")),
        Shape::Flag => ("true、false".to_owned(), "true, false".to_owned()),
        Shape::Choice(choices) => {
            let list = |of: &dyn Fn(&super::spec::Choice) -> String| choices.iter().map(of).collect::<Vec<_>>();
            let zh = list(&|choice| format!("{}（{}）", choice.value, choice.words.zh)).join("、");
            (zh, list(&|choice| choice.value.to_owned()).join(", "))
        }
        _ => (String::new(), String::new()),
    }
}
