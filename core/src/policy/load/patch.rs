//! Changes of single parameters, for scenarios.

use std::sync::Arc;

use super::Merged;
use crate::policy::kinds::kind_of;
use crate::policy::node::{Node, Raw, parse_value};
use crate::policy::spec::{Shape, row_name};
use crate::problem::catalogue::policy as p;
use crate::problem::{Problem, Problems};
use crate::text::closest;

/// A change of one parameter: `rules.low_line.ratio` to `0.4`; a row of a table is `rules.weights.table[ES31].weight`,
/// an item of a list `rules.budget.month_weights[0]`. With `PACK:` before it, only of that pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    pub path: String,
    /// A TOML value, or a bare word.
    pub value: String,
}

impl Patch {
    #[must_use]
    pub fn new(path: &str, value: &str) -> Patch {
        Patch { path: path.to_owned(), value: value.to_owned() }
    }
}

/// Applies patches in their order. Each must reach at least one pack.
pub(in crate::policy) fn apply(packs: &mut [Merged], patches: &[Patch]) -> Result<(), Problems> {
    let mut problems = Problems::new();
    for patch in patches {
        let (pack, path) = split_pack(&patch.path);
        let steps = steps(path);
        let value = parse_value(&patch.value, &format!("patch {}", patch.path));
        let mut reached = false;
        let mut near = None;
        for merged in packs.iter_mut().filter(|merged| pack.is_none_or(|id| id == merged.header.id)) {
            match place(merged, &steps) {
                Ok(slot) => {
                    *slot = value.clone();
                    reached = true;
                }
                Err(suggestion) => near = near.or(suggestion),
            }
        }
        if !reached {
            let near = near.unwrap_or_else(|| "-".to_owned());
            problems.push(Problem::new(&p::UNKNOWN_PATCH).with("path", &patch.path).with("closest", near));
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(()) }
}

/// The value a path names, in each pack that has it.
pub(in crate::policy) fn get(packs: &[Merged], path: &str) -> Vec<Node> {
    let (pack, path) = split_pack(path);
    let steps = steps(path);
    let mut found = Vec::new();
    for merged in packs.iter().filter(|merged| pack.is_none_or(|id| id == merged.header.id)) {
        let mut copy = merged.clone();
        if let Ok(slot) = place(&mut copy, &steps) {
            found.push(slot.clone());
        }
    }
    found
}

fn split_pack(path: &str) -> (Option<&str>, &str) {
    match path.split_once(':') {
        Some((pack, rest)) if rest.starts_with("rules.") => (Some(pack), rest),
        _ => (None, path),
    }
}

/// `a.b[c.d].e` → `a`, `b`, `c.d`, `e`.
fn steps(path: &str) -> Vec<String> {
    let mut steps = vec![String::new()];
    let mut bracketed = false;
    for letter in path.chars() {
        match letter {
            '[' if !bracketed => {
                bracketed = true;
                steps.push(String::new());
            }
            ']' if bracketed => bracketed = false,
            '.' if !bracketed => steps.push(String::new()),
            other => {
                if let Some(last) = steps.last_mut() {
                    last.push(other);
                }
            }
        }
    }
    steps.retain(|step| !step.is_empty());
    steps
}

/// The value a path names, or the closest path.
fn place<'m>(merged: &'m mut Merged, steps: &[String]) -> Result<&'m mut Node, Option<String>> {
    let [first, rule, rest @ ..] = steps else {
        return Err(Some("rules.NAME.PARAMETER".to_owned()));
    };
    if first != "rules" {
        return Err(Some(format!("rules.{}", steps[1..].join("."))));
    }
    if !merged.rules.contains_key(rule) {
        let near = closest(rule, merged.rules.keys().map(String::as_str));
        return Err(near.map(|near| format!("rules.{near}.{}", rest.join("."))));
    }
    let Some(merged_rule) = merged.rules.get_mut(rule) else {
        return Err(None);
    };
    let keys = merged_rule.node.as_table();
    let kind = keys.and_then(kind_of);
    // Rows with free columns are named by the column that the rule says holds the group.
    let drg = keys.and_then(|keys| keys.get("drg")).and_then(Node::as_text).unwrap_or("drg").to_owned();
    let mut fields = kind.map_or(&[][..], |kind| kind.fields);
    let mut shape: Option<&'static Shape> = None;
    let mut node = &mut merged_rule.node;
    let mut path = format!("rules.{rule}");
    for (depth, step) in rest.iter().enumerate() {
        let key = match shape {
            Some(Shape::Rows { key, .. }) => Some(key.to_vec()),
            Some(Shape::FreeRows) => Some(vec![drg.as_str()]),
            _ => None,
        };
        let known = known_steps(node, key.as_deref());
        let absent = !known.iter().any(|name| name == step);
        let field = fields.iter().find(|field| field.name == step);
        if absent && !(depth + 1 == rest.len() && field.is_some()) {
            let names = known.iter().map(String::as_str).chain(fields.iter().map(|field| field.name));
            return Err(closest(step, names).map(|near| format!("{path}.{near}")));
        }
        path = format!("{path}.{step}");
        shape = match (field, shape) {
            (Some(field), _) => Some(field.shape),
            (None, Some(Shape::Rows { row, .. })) => Some(row),
            (None, Some(Shape::List(item) | Shape::Map(item))) => Some(item),
            _ => None,
        };
        fields = match shape {
            Some(Shape::Record(fields)) => fields,
            _ => &[],
        };
        let blank = Node { raw: Raw::Text("".into()), origin: node.origin.clone() };
        node = match &mut node.raw {
            Raw::Table(keys) => Arc::make_mut(keys).entry(step.clone()).or_insert(blank),
            Raw::List(items) => match known.iter().position(|name| name == step) {
                Some(at) => &mut Arc::make_mut(items)[at],
                None => return Err(None),
            },
            _ => return Err(None),
        };
    }
    Ok(node)
}

/// What may follow: keys of a table, names of rows, numbers of items.
fn known_steps(node: &Node, key: Option<&[&str]>) -> Vec<String> {
    match &node.raw {
        Raw::Table(keys) => keys.keys().cloned().collect(),
        Raw::List(items) => items.iter().enumerate().map(|(at, item)| item_name(at, item, key)).collect(),
        _ => Vec::new(),
    }
}

fn item_name(at: usize, item: &Node, key: Option<&[&str]>) -> String {
    match (item.as_table(), key) {
        (Some(keys), Some(key)) => row_name(keys, key),
        _ => at.to_string(),
    }
}
