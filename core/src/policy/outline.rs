//! Packs as people read them: what each rule says and rests on, and what differs between two packs.
//!
//! Nothing is compiled, so that a pack that lacks something can be looked at too.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::kinds::kind_of;
use super::load::{Merged, MergedRule, Status};
use super::node::{Keys, Node, Raw, parse_value, plain_decimal};
use super::spec::{Field, Need, Shape, row_name};
use super::{Bundle, Citation};

/// A pack with its rules, after inheritance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    pub id: String,
    pub title: String,
    pub place: String,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    pub status: Status,
    /// In the order of names.
    pub rules: BTreeMap<String, OutlinedRule>,
}

/// A rule as written, with the defaults of what is not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlinedRule {
    pub kind: String,
    /// The pack that states it.
    pub pack: String,
    pub citation: Option<Citation>,
    pub placeholder: Option<String>,
    /// By path, as patches name them: `ratio`, `bands[1].ratio`, `table[2026/310].fund_budget`.
    pub parameters: BTreeMap<String, String>,
}

/// What differs between two packs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Empty for the head of the pack.
    pub rule: String,
    /// Empty for a rule that only one of the two has.
    pub parameter: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// Document and article of the rule as it is after, else as it was.
    pub basis: String,
}

impl Bundle {
    /// The packs in the order of their dates.
    #[must_use]
    pub fn outlines(&self) -> Vec<Outline> {
        self.leaves.iter().map(outline).collect()
    }
}

fn outline(pack: &Merged) -> Outline {
    let head = &pack.header;
    Outline {
        id: head.id.clone(),
        title: head.title.clone(),
        place: head.place.clone().unwrap_or_default(),
        valid_from: head.valid_from,
        valid_to: head.valid_to,
        status: head.status,
        rules: pack.rules.iter().map(|(name, rule)| (name.clone(), outlined(rule))).collect(),
    }
}

fn outlined(rule: &MergedRule) -> OutlinedRule {
    let nothing = Keys::new();
    let keys = rule.node.as_table().unwrap_or(&nothing);
    let text = |key: &str| keys.get(key).and_then(Node::as_text).map(str::trim).filter(|text| !text.is_empty());
    let document = text("source").and_then(|source| rule.sources.get(source));
    let citation = document.zip(text("article")).map(|(document, article)| Citation {
        document: document.document.clone(),
        number: document.number.clone(),
        date: document.date,
        article: article.to_owned(),
    });
    let fields = kind_of(keys).map_or(&[][..], |kind| kind.fields);
    let drg = text("drg").unwrap_or("drg");
    let mut parameters = BTreeMap::new();
    for field in fields {
        match (keys.get(field.name), field.need) {
            (Some(node), _) => flatten(node, Some(field.shape), drg, field.name, &mut parameters),
            (None, Need::Default(default)) => {
                flatten(&parse_value(default, "default"), Some(field.shape), drg, field.name, &mut parameters);
            }
            (None, _) => {}
        }
    }
    OutlinedRule {
        kind: text("kind").unwrap_or_default().to_owned(),
        pack: rule.pack.to_string(),
        citation,
        placeholder: text("placeholder").map(str::to_owned),
        parameters,
    }
}

/// Puts every value below a node under its path.
fn flatten(node: &Node, shape: Option<&Shape>, drg: &str, path: &str, out: &mut BTreeMap<String, String>) {
    let key: Option<Vec<&str>> = match shape {
        Some(Shape::Rows { key, .. }) => Some(key.to_vec()),
        Some(Shape::FreeRows) => Some(vec![drg]),
        _ => None,
    };
    match (&node.raw, key) {
        (Raw::List(rows), Some(key)) => {
            for row in rows.iter() {
                let name = row.as_table().map(|keys| row_name(keys, &key)).unwrap_or_default();
                let shape = if let Some(Shape::Rows { row, .. }) = shape { Some(*row) } else { None };
                flatten(row, shape, drg, &format!("{path}[{name}]"), out);
            }
        }
        (Raw::List(items), None) if items.iter().any(|item| item.as_table().is_some()) => {
            let shape = if let Some(Shape::List(item)) = shape { Some(*item) } else { None };
            for (at, item) in items.iter().enumerate() {
                flatten(item, shape, drg, &format!("{path}[{at}]"), out);
            }
        }
        (Raw::Table(keys), _) => {
            for (key, value) in keys.iter() {
                flatten(value, below(shape, key), drg, &format!("{path}.{key}"), out);
            }
        }
        _ => _ = out.insert(path.to_owned(), plain(node)),
    }
}

fn below(shape: Option<&Shape>, key: &str) -> Option<&'static Shape> {
    match shape {
        Some(Shape::Record(fields)) => fields.iter().find(|field: &&Field| field.name == key).map(|field| field.shape),
        Some(Shape::Map(item)) => Some(item),
        _ => None,
    }
}

/// A value without quotes, a number without noughts that say nothing: `0.50` in a CSV file is `0.5` in a pack.
fn plain(node: &Node) -> String {
    match &node.raw {
        Raw::List(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(", ")),
        Raw::Text(text) | Raw::Number(text) => {
            let text = text.trim();
            plain_decimal(text).map_or_else(|| text.to_owned(), |number| number.normalize().to_string())
        }
        _ => node.to_string(),
    }
}

/// What differs between packs, each with the one of the same place in time.
#[must_use]
pub fn differences(before: &[Outline], after: &[Outline]) -> Vec<Difference> {
    let mut out = Vec::new();
    for at in 0..before.len().max(after.len()) {
        match (before.get(at), after.get(at)) {
            (Some(old), Some(new)) => between(old, new, &mut out),
            (old, new) => out.push(Difference {
                rule: String::new(),
                parameter: "id".to_owned(),
                before: old.map(|pack| pack.id.clone()),
                after: new.map(|pack| pack.id.clone()),
                basis: String::new(),
            }),
        }
    }
    out
}

fn between(old: &Outline, new: &Outline, out: &mut Vec<Difference>) {
    let head = |pack: &Outline| {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let status = if pack.status == Status::InForce { "in_force" } else { "draft" };
        [
            ("id", pack.id.clone()),
            ("place", pack.place.clone()),
            ("valid_from", day(pack.valid_from)),
            ("valid_to", day(pack.valid_to)),
            ("status", status.to_owned()),
        ]
    };
    for ((parameter, before), (_, after)) in head(old).into_iter().zip(head(new)) {
        if before != after {
            let some = |text: String| Some(text).filter(|text| !text.is_empty());
            let (rule, basis) = (String::new(), String::new());
            out.push(Difference {
                rule,
                parameter: parameter.to_owned(),
                before: some(before),
                after: some(after),
                basis,
            });
        }
    }
    let names: BTreeSet<&String> = old.rules.keys().chain(new.rules.keys()).collect();
    for name in names {
        let (before, after) = (old.rules.get(name), new.rules.get(name));
        let basis = after.or(before).map(OutlinedRule::basis).unwrap_or_default();
        let (before, after) = match (before, after) {
            (Some(before), Some(after)) if before.kind == after.kind => (before.values(), after.values()),
            (before, after) => {
                let kind = |rule: Option<&OutlinedRule>| {
                    rule.map(|rule| BTreeMap::from([(String::new(), rule.kind.clone())])).unwrap_or_default()
                };
                (kind(before), kind(after))
            }
        };
        let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for path in paths.into_iter().filter(|path| before.get(*path) != after.get(*path)) {
            out.push(Difference {
                rule: name.clone(),
                parameter: path.clone(),
                before: before.get(path).cloned(),
                after: after.get(path).cloned(),
                basis: basis.clone(),
            });
        }
    }
}

impl OutlinedRule {
    /// Document and article, or why there is none.
    #[must_use]
    pub fn basis(&self) -> String {
        let cited = self.citation.as_ref().map(|own| {
            let number = own.number.as_deref().map(|number| format!("（{number}）")).unwrap_or_default();
            format!("{}{number} {}", own.document, own.article)
        });
        cited.or_else(|| self.placeholder.clone()).unwrap_or_default()
    }

    /// What may differ between two packs: parameters, and what the rule rests on.
    fn values(&self) -> BTreeMap<String, String> {
        let mut values = self.parameters.clone();
        values.extend(self.citation.as_ref().map(|_| ("article".to_owned(), self.basis())));
        values.extend(self.placeholder.clone().map(|why| ("placeholder".to_owned(), why)));
        values
    }
}
