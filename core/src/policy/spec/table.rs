//! Tables: CSV files beside the pack, or inline rows. Files are taken in before reading, so that a patch can reach a
//! row; here every table is a list of rows already.

use std::collections::BTreeMap;

use super::super::node::{Keys, Node, Origin, Raw};
use super::{Context, Param, Shape};
use crate::problem::Problem;
use crate::problem::catalogue::policy as p;

/// A row type with the columns that name a row.
pub trait RowsOf: Param {
    const KEY: &'static [&'static str];
}

/// Rows of one type, each with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows<T>(pub Vec<(T, Origin)>);

impl<T: RowsOf> Param for Rows<T> {
    const SHAPE: &'static Shape = &Shape::Rows { row: T::SHAPE, key: T::KEY };
    fn read(node: &Node, context: &mut Context<'_>) -> Option<Rows<T>> {
        let rows = row_tables(node, context)?;
        let mut first = BTreeMap::new();
        let mut read = Vec::with_capacity(rows.len());
        let mut complete = true;
        for row in rows {
            let keys = row.as_table()?;
            let name = row_name(keys, T::KEY);
            match context.within(format!("[{name}]"), |context| T::read(row, context)) {
                Some(value) => read.push((value, row.origin.clone())),
                None => complete = false,
            }
            if !tell_twice(&mut first, &name, &row.origin, context) {
                complete = false;
            }
        }
        complete.then_some(Rows(read))
    }
}

/// Rows with free columns, for tables whose column names the rule itself maps.
#[derive(Clone, Debug, PartialEq)]
pub struct FreeRows(pub Vec<Node>);

impl Param for FreeRows {
    const SHAPE: &'static Shape = &Shape::FreeRows;
    fn read(node: &Node, context: &mut Context<'_>) -> Option<FreeRows> {
        Some(FreeRows(row_tables(node, context)?.to_vec()))
    }
}

/// A set of codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codes(pub Vec<String>);

impl Param for Codes {
    const SHAPE: &'static Shape = &Shape::Codes;
    fn read(node: &Node, context: &mut Context<'_>) -> Option<Codes> {
        let mut codes = Vec::<String>::read(node, context)?;
        codes.sort();
        codes.dedup();
        Some(Codes(codes))
    }
}

impl Codes {
    #[must_use]
    pub fn contains(&self, code: &str) -> bool {
        self.0.binary_search_by(|own| own.as_str().cmp(code)).is_ok()
    }
}

/// The name of a row: the values of its key columns, joined by `/`.
#[must_use]
pub fn row_name(keys: &Keys, key: &[&str]) -> String {
    let written = |node: &Node| match &node.raw {
        Raw::Date(date) => date.to_string(),
        _ => node.as_written().unwrap_or_default().trim().to_owned(),
    };
    let value = |column: &&str| keys.get(*column).map(written).unwrap_or_default();
    let mut values: Vec<String> = key.iter().map(value).collect();
    while values.len() > 1 && values.last().is_some_and(String::is_empty) {
        values.pop();
    }
    values.join("/")
}

fn row_tables<'n>(node: &'n Node, context: &mut Context<'_>) -> Option<&'n [Node]> {
    let Raw::List(rows) = &node.raw else {
        return context.wrong_type(node, "file name or list of rows");
    };
    if let Some(odd) = rows.iter().find(|row| row.as_table().is_none()) {
        return context.wrong_type(odd, "row");
    }
    if rows.is_empty() {
        return context.refuse(&node.origin, Problem::new(&p::EMPTY_TABLE));
    }
    Some(rows)
}

fn tell_twice(first: &mut BTreeMap<String, u64>, name: &str, origin: &Origin, context: &mut Context<'_>) -> bool {
    let Some(line) = first.insert(name.to_owned(), origin.line) else {
        return true;
    };
    let problem = Problem::new(&p::DUPLICATE_ROW).with("key", name).with("first", line);
    context.refuse::<()>(origin, problem);
    false
}
