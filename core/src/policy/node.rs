//! A TOML file as a tree that keeps the text of every number and the line of every value.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::catalogue::policy as p;
use crate::problem::{Problem, Problems};

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub file: Arc<str>,
    pub line: u64,
}

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub raw: Raw,
    pub origin: Origin,
}

/// The keys of a table in their order.
pub type Keys = BTreeMap<String, Node>;

/// A value as written. Parts are shared, so that a patched copy costs only the path that changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Raw {
    Text(Arc<str>),
    /// The digits as written: `0.35` never passes through a float.
    Number(Arc<str>),
    Flag(bool),
    Date(NaiveDate),
    List(Arc<Vec<Node>>),
    Table(Arc<Keys>),
}

impl Raw {
    /// What people call this type of value.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Raw::Text(_) => "text",
            Raw::Number(_) => "number",
            Raw::Flag(_) => "true/false",
            Raw::Date(_) => "date",
            Raw::List(_) => "list",
            Raw::Table(_) => "table",
        }
    }
}

impl Node {
    #[must_use]
    pub fn text(text: &str, origin: &Origin) -> Node {
        Node { raw: Raw::Text(text.into()), origin: origin.clone() }
    }

    #[must_use]
    pub fn as_table(&self) -> Option<&Keys> {
        match &self.raw {
            Raw::Table(keys) => Some(keys),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.raw {
            Raw::List(items) => Some(items),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.raw {
            Raw::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A text or number as it was written.
    #[must_use]
    pub fn as_written(&self) -> Option<&str> {
        match &self.raw {
            Raw::Text(text) | Raw::Number(text) => Some(text),
            _ => None,
        }
    }
}

impl fmt::Display for Node {
    /// The value as TOML, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.raw {
            Raw::Text(text) => f.write_str(&quoted(text)),
            Raw::Number(text) => f.write_str(text),
            Raw::Flag(flag) => write!(f, "{flag}"),
            Raw::Date(date) => write!(f, "{date}"),
            Raw::List(items) => {
                let items: Vec<String> = items.iter().map(Node::to_string).collect();
                write!(f, "[{}]", items.join(", "))
            }
            Raw::Table(keys) => {
                let bare = |key: &str| key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
                let name = |key: &str| if bare(key) { key.to_owned() } else { quoted(key) };
                let keys: Vec<String> = keys.iter().map(|(key, value)| format!("{} = {value}", name(key))).collect();
                write!(f, "{{ {} }}", keys.join(", "))
            }
        }
    }
}

/// A text as TOML has it in quotes.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            control if control.is_control() => out += &format!("\\u{:04X}", u32::from(control)),
            other => out.push(other),
        }
    }
    out + "\""
}

/// A plain decimal number: digits, at most one point, a sign.
#[must_use]
pub fn plain_decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.bytes().filter(|&b| b == b'.').count() <= 1
        && !digits.starts_with('.')
        && !digits.ends_with('.');
    if plain { Decimal::from_str_exact(text.strip_prefix('+').unwrap_or(text)).ok() } else { None }
}

/// Reads a TOML document.
pub fn parse(file: &str, text: &str) -> Result<Node, Problems> {
    let file: Arc<str> = file.into();
    let lines = Lines::new(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let problem = |error: &toml::de::Error| {
            let line = error.span().map_or(1, |span| lines.of(span.start));
            Problem::new(&p::BAD_TOML).with("reason", error.message()).file(file.clone()).row(line)
        };
        return Err(Problems(errors.iter().map(problem).collect()));
    }
    let mut problems = Problems::new();
    let origin = Origin { file: file.clone(), line: 1 };
    let keys = keys(table.get_ref(), &file, &lines, &mut problems);
    if problems.has_errors() { Err(problems) } else { Ok(Node { raw: Raw::Table(Arc::new(keys)), origin }) }
}

/// Reads the value of a patch: a TOML value (`0.4`, `"…"`, `[1, 2]`), or else a bare word as text.
#[must_use]
pub fn parse_value(text: &str, file: &str) -> Node {
    let file: Arc<str> = file.into();
    let origin = Origin { file: file.clone(), line: 1 };
    let mut problems = Problems::new();
    let parsed = DeValue::parse(text).ok().and_then(|v| node(&v, &file, &Lines::new(text), &mut problems));
    parsed.filter(|_| !problems.has_errors()).unwrap_or_else(|| Node::text(text, &origin))
}

fn keys(table: &DeTable<'_>, file: &Arc<str>, lines: &Lines, problems: &mut Problems) -> Keys {
    let mut keys = Keys::new();
    for (key, value) in table {
        if let Some(node) = node(value, file, lines, problems) {
            // A table opened by a header begins where its name stands, not at its first key.
            let line = lines.of(key.span().start);
            keys.insert(key.get_ref().to_string(), Node { origin: Origin { file: file.clone(), line }, ..node });
        }
    }
    keys
}

fn node(value: &Spanned<DeValue<'_>>, file: &Arc<str>, lines: &Lines, problems: &mut Problems) -> Option<Node> {
    let line = lines.of(value.span().start);
    let raw = match value.get_ref() {
        DeValue::String(text) => Raw::Text(text.as_ref().into()),
        DeValue::Integer(number) if number.radix() == 10 => Raw::Number(number.as_str().into()),
        DeValue::Integer(number) => Raw::Number(number.to_string().into()),
        DeValue::Float(number) => Raw::Number(number.as_str().into()),
        DeValue::Boolean(flag) => Raw::Flag(*flag),
        DeValue::Datetime(datetime) => match datetime.to_string().parse::<NaiveDate>() {
            Ok(date) => Raw::Date(date),
            Err(_) => {
                let problem = Problem::new(&p::WRONG_TYPE).with("expected", "date").with("found", datetime);
                problems.push(problem.file(file.clone()).row(line));
                return None;
            }
        },
        DeValue::Array(items) => {
            Raw::List(Arc::new(items.iter().filter_map(|item| node(item, file, lines, problems)).collect()))
        }
        DeValue::Table(table) => Raw::Table(Arc::new(keys(table, file, lines, problems))),
    };
    Some(Node { raw, origin: Origin { file: file.clone(), line } })
}

/// Line numbers of byte offsets.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Lines {
        Lines(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at).collect())
    }

    fn of(&self, offset: usize) -> u64 {
        self.0.partition_point(|&end| end < offset) as u64 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits_and_values_their_lines() {
        let text = "a = 0.35\n\n[b.c]\nd = [1, 0.100000000000000000001]\ne = \"7\"\n";
        let root = parse("x.toml", text).unwrap();
        let top = root.as_table().unwrap();
        assert_eq!(top["a"].raw, Raw::Number("0.35".into()));
        assert_eq!(top["b"].as_table().unwrap()["c"].origin.line, 3);
        let c = top["b"].as_table().unwrap()["c"].as_table().unwrap();
        assert_eq!(c["d"].as_list().unwrap()[1].raw, Raw::Number("0.100000000000000000001".into()));
        assert_eq!((c["d"].origin.line, c["e"].origin.line), (4, 5));
    }

    #[test]
    fn only_plain_numbers_are_numbers() {
        assert_eq!(plain_decimal("0.35"), Some(Decimal::new(35, 2)));
        assert_eq!(plain_decimal("-7"), Some(Decimal::from(-7)));
        for bad in ["", ".5", "5.", "1e3", "inf", "nan", "1_000", "0x1", "1.2.3", "--1", "1,0"] {
            assert_eq!(plain_decimal(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_syntax_error_is_told_with_its_line() {
        let problems = parse("x.toml", "a = \nb = 1\nc = = 2\n").unwrap_err();
        let lines: Vec<_> = problems.0.iter().map(|p| p.place.row).collect();
        assert!(lines.contains(&Some(1)) && lines.contains(&Some(3)), "{lines:?}");
    }

    #[test]
    fn a_value_is_written_as_it_can_be_read_again() {
        let text = "{ \"成果类型\" = \"说\\\"好\\\"\\u000A\", b-c = [1, 2026-03-01, true] }";
        let node = parse_value(text, "-");
        assert!(matches!(node.raw, Raw::Table(_)));
        assert_eq!(parse_value(&node.to_string(), "-"), node);
    }

    #[test]
    fn patch_values_are_toml_or_bare_words() {
        assert_eq!(parse_value("0.40", "-").raw, Raw::Number("0.40".into()));
        assert_eq!(parse_value("normal", "-").raw, Raw::Text("normal".into()));
        assert_eq!(parse_value("\"0.4\"", "-").raw, Raw::Text("0.4".into()));
    }
}
