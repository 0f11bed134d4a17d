//! Changes of single parameters, for scenarios.

use std::sync::Arc;

use rust_decimal::{Decimal, RoundingStrategy};

use super::Merged;
use crate::policy::kinds::kind_of;
use crate::policy::node::{Node, Raw, parse_value, plain_decimal};
use crate::policy::spec::{Factor, Field, Need, Shape, row_name};
use crate::problem::catalogue::policy as p;
use crate::problem::{Problem, Problems};
use crate::text::closest;

/// A change of one parameter: `rules.low_line.ratio` to `0.4`; a row of a table is `rules.weights.table[ES31].weight`,
/// an item of a list `rules.budget.month_weights[0]`. A `*` in a step stands for any text, so that
/// `rules.budget.table[2026*/310].fund_budget` reaches every row of that pool. With `PACK:` before it, only of that
/// pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    pub path: String,
    pub change: Change,
}

/// What becomes of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A TOML value, or a bare word.
    Set(String),
    /// The number times a factor, rounded half up to the digits the parameter may have.
    Times(Decimal),
    /// The number and another.
    Plus(Decimal),
}

impl Patch {
    #[must_use]
    pub fn new(path: &str, value: &str) -> Patch {
        Patch { path: path.to_owned(), change: Change::Set(value.to_owned()) }
    }
}

/// A parameter that a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The family of its rule: `budget`.
    pub family: String,
    /// The step after the rule: `table`; empty when the path names a rule.
    pub field: String,
    /// The value as TOML.
    pub value: String,
}

/// Applies patches in their order. Each must reach at least one pack.
pub(in crate::policy) fn apply(packs: &mut [Merged], patches: &[Patch]) -> Result<(), Problems> {
    let mut problems = Problems::new();
    for patch in patches {
        let (pack, path) = split_pack(&patch.path);
        let steps = steps(path);
        let mut reached = 0;
        let mut near = None;
        for merged in packs.iter_mut().filter(|merged| pack.is_none_or(|id| id == merged.header.id)) {
            let change = &mut |node: &mut Node, shape: Option<&Shape>| change(node, shape, patch, &mut problems);
            match walk(merged, &steps, change) {
                Ok(count) => reached += count,
                Err(suggestion) => near = near.or(suggestion),
            }
        }
        if reached == 0 {
            let near = near.unwrap_or_else(|| "-".to_owned());
            problems.push(Problem::new(&p::UNKNOWN_PATCH).with("path", &patch.path).with("closest", near));
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(()) }
}

/// The parameters a path names, in the order of the packs.
pub(in crate::policy) fn find(packs: &[Merged], path: &str) -> Vec<Place> {
    let (pack, path) = split_pack(path);
    let steps = steps(path);
    let mut found = Vec::new();
    for merged in packs.iter().filter(|merged| pack.is_none_or(|id| id == merged.header.id)) {
        let rule = steps.get(1).and_then(|name| merged.rules.get(name));
        let kind = rule.and_then(|rule| rule.node.as_table()).and_then(kind_of).map_or("", |kind| kind.kind);
        let family = kind.split('.').next().unwrap_or_default().to_owned();
        let field = steps.get(2).cloned().unwrap_or_default();
        let note = &mut |node: &mut Node, _: Option<&Shape>| {
            found.push(Place { family: family.clone(), field: field.clone(), value: node.to_string() });
        };
        // A path that names nothing here names nothing.
        let _ = walk(&mut merged.clone(), &steps, note);
    }
    found
}

/// Makes the change.
fn change(node: &mut Node, shape: Option<&Shape>, patch: &Patch, problems: &mut Problems) {
    let (number, factor) = match &patch.change {
        Change::Set(value) => {
            *node = parse_value(value, &format!("patch {}", patch.path));
            return;
        }
        Change::Times(number) => (number, true),
        Change::Plus(number) => (number, false),
    };
    let written = node.as_written().unwrap_or_default().trim().to_owned();
    // A blank cell of a table is no number that could grow.
    if written.is_empty() && shape.is_none() {
        return;
    }
    let digits = match shape {
        Some(Shape::Number { digits, .. }) => *digits,
        Some(Shape::Whole { .. }) => 0,
        _ => Factor::DIGITS,
    };
    let old = plain_decimal(&written);
    let new = old.and_then(|old| if factor { old.checked_mul(*number) } else { old.checked_add(*number) });
    match new {
        Some(new) => {
            let rounded = new.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
            node.raw = Raw::Number(rounded.normalize().to_string().into());
        }
        None => {
            let problem = Problem::new(&p::NOT_A_NUMBER).with("value", node.to_string());
            problems.push(problem.file(format!("patch {}", patch.path)));
        }
    }
}

fn split_pack(path: &str) -> (Option<&str>, &str) {
    match path.split_once(':') {
        Some((pack, rest)) if rest.starts_with("rules.") => (Some(pack), rest),
        _ => (None, path),
    }
}

/// `a.b[c.d].e` → `a`, `b`, `c.d`, `e`.
fn steps(path: &str) -> Vec<String> {
    // Each with whether it stands in brackets: `[]` is the row without a name, the open band of a table.
    let mut steps = vec![(String::new(), false)];
    let mut bracketed = false;
    for letter in path.chars() {
        match letter {
            '[' if !bracketed => {
                bracketed = true;
                steps.push((String::new(), true));
            }
            ']' if bracketed => bracketed = false,
            '.' if !bracketed => steps.push((String::new(), false)),
            other => {
                if let Some((last, _)) = steps.last_mut() {
                    last.push(other);
                }
            }
        }
    }
    steps.retain(|(step, in_brackets)| *in_brackets || !step.is_empty());
    steps.into_iter().map(|(step, _)| step).collect()
}

type Visit<'v> = dyn FnMut(&mut Node, Option<&Shape>) + 'v;

/// Visits the values a path names and counts them, or tells the closest path.
fn walk(merged: &mut Merged, steps: &[String], visit: &mut Visit<'_>) -> Result<usize, Option<String>> {
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
    let at = At { fields: kind.map_or(&[][..], |kind| kind.fields), shape: None, drg: &drg };
    descend(&mut merged_rule.node, at, rest, &format!("rules.{rule}"), visit)
}

/// A path one step on, and the steps that follow, as people write it: rows and items in brackets.
fn spelled(node: &Node, path: &str, step: &str, rest: &[String]) -> String {
    let mut path = if matches!(node.raw, Raw::List(_)) { format!("{path}[{step}]") } else { format!("{path}.{step}") };
    for step in rest {
        let plain = step.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        path +=
            &if plain && !step.bytes().all(|b| b.is_ascii_digit()) { format!(".{step}") } else { format!("[{step}]") };
    }
    path
}

/// Where a walk is: the keys that may follow, and the shape of the value.
#[derive(Clone, Copy)]
struct At<'w> {
    fields: &'static [Field],
    shape: Option<&'static Shape>,
    drg: &'w str,
}

fn descend(
    node: &mut Node,
    at: At<'_>,
    steps: &[String],
    path: &str,
    visit: &mut Visit<'_>,
) -> Result<usize, Option<String>> {
    let Some((step, rest)) = steps.split_first() else {
        visit(node, at.shape);
        return Ok(1);
    };
    let key = match at.shape {
        Some(Shape::Rows { key, .. }) => Some(key.to_vec()),
        Some(Shape::FreeRows) => Some(vec![at.drg]),
        _ => None,
    };
    let known = known_steps(node, key.as_deref());
    let mut meant: Vec<&String> = known.iter().filter(|name| fits(step, name)).collect();
    if meant.is_empty() {
        let field = at.fields.iter().find(|field| field.name == step);
        if !rest.is_empty() || field.is_none() {
            let names = known.iter().map(String::as_str).chain(at.fields.iter().map(|field| field.name));
            let near = closest(step, names.clone()).map(|near| spelled(node, path, near, rest));
            // Where nothing is near, a few names say more than none.
            let few = || {
                let few: Vec<&str> = names.take(8).collect();
                (!few.is_empty()).then(|| spelled(node, path, &format!("({})", few.join("|")), rest))
            };
            return Err(near.or_else(few));
        }
        meant.push(step);
    }
    let (mut count, mut near) = (0, None);
    for name in meant {
        let field = at.fields.iter().find(|field| field.name == name);
        let below = below(at, field);
        let path_of = spelled(node, path, name, &[]);
        let child = match &mut node.raw {
            Raw::Table(keys) => {
                let default = field.and_then(|field| match field.need {
                    Need::Default(text) => Some(parse_value(text, path)),
                    _ => None,
                });
                let blank = Node { raw: Raw::Text("".into()), origin: node.origin.clone() };
                Arc::make_mut(keys).entry(name.clone()).or_insert(default.unwrap_or(blank))
            }
            Raw::List(items) => match known.iter().position(|known| known == name) {
                Some(at) => &mut Arc::make_mut(items)[at],
                None => return Err(None),
            },
            _ => return Err(None),
        };
        match descend(child, below, rest, &path_of, visit) {
            Ok(more) => count += more,
            Err(suggestion) => near = near.or(suggestion),
        }
    }
    if count > 0 { Ok(count) } else { Err(near) }
}

/// What lies below a key.
fn below<'w>(at: At<'w>, field: Option<&'static Field>) -> At<'w> {
    let shape = match (field, at.shape) {
        (Some(field), _) => Some(field.shape),
        (None, Some(Shape::Rows { row, .. })) => Some(*row),
        (None, Some(Shape::List(item) | Shape::Map(item))) => Some(*item),
        _ => None,
    };
    let fields: &'static [Field] = match shape {
        Some(Shape::Record(fields)) => fields,
        _ => &[],
    };
    At { fields, shape, ..at }
}

/// Whether a name fits a step, in which `*` stands for any text.
#[must_use]
pub fn fits(step: &str, name: &str) -> bool {
    let Some((head, tail)) = step.split_once('*') else {
        return step == name;
    };
    let Some(mut rest) = name.strip_prefix(head) else {
        return false;
    };
    let mut parts: Vec<&str> = tail.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match rest.find(part) {
            Some(found) => rest = &rest[found + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (step, name) in [("*", ""), ("*", "a"), ("2026*/310", "2026-03/310"), ("a*b*c", "a--b--b-c"), ("a*", "a")] {
            assert!(fits(step, name), "{step} {name}");
        }
        for (step, name) in [("2026*/310", "2026-03/310/x"), ("a*b", "ac"), ("a", "ab"), ("b*", "ab")] {
            assert!(!fits(step, name), "{step} {name}");
        }
    }
}
