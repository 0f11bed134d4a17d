//! Everything that can be wrong with an input, a scheme, a policy or a book: one catalogue, two languages.
//!
//! A [`Problem`] is a catalogue [`Entry`], the place it was found and the words that fill its template. Problems
//! are collected in [`Problems`], so that one run tells all of them.

pub mod catalogue;
mod collect;
mod reason;

use std::fmt;
use std::sync::Arc;

pub use collect::Problems;
use serde::{Deserialize, Serialize};

/// The language of a text for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    /// The text of this language.
    #[must_use]
    pub const fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// Whether a problem stops the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Warning,
    Error,
}

impl Severity {
    /// What people call it.
    #[must_use]
    pub const fn word(self, lang: Lang) -> &'static str {
        match self {
            Severity::Warning => lang.pick("提示", "warning"),
            Severity::Error => lang.pick("错误", "error"),
        }
    }
}

/// One kind of problem: a stable code and a template a language, with `{name}` where an argument goes.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    pub code: &'static str,
    pub severity: Severity,
    pub zh: &'static str,
    pub en: &'static str,
}

/// Where a problem was found. What does not apply is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// File (or sheet) name as the user gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<Arc<str>>,
    /// Line of a text file, or row of a table, counted from 1 with the header as row 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// Column name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<Arc<str>>,
    /// The rule, code or key concerned, e.g. `adrg ES2` or `rules.low_outlier`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Arc<str>>,
    /// Character offset inside a condition or value, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<usize>,
}

/// One problem, found at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub entry: &'static Entry,
    pub place: Place,
    pub args: Vec<(&'static str, String)>,
}

impl Problem {
    #[must_use]
    pub fn new(entry: &'static Entry) -> Problem {
        Problem { entry, place: Place::default(), args: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Problem {
        self.args.push((name, value.to_string()));
        self
    }

    #[must_use]
    pub fn file(mut self, file: impl Into<Arc<str>>) -> Problem {
        self.place.file = Some(file.into());
        self
    }

    #[must_use]
    pub fn row(mut self, row: u64) -> Problem {
        self.place.row = Some(row);
        self
    }

    #[must_use]
    pub fn column(mut self, column: impl Into<Arc<str>>) -> Problem {
        self.place.column = Some(column.into());
        self
    }

    #[must_use]
    pub fn rule(mut self, rule: impl Into<Arc<str>>) -> Problem {
        self.place.rule = Some(rule.into());
        self
    }

    #[must_use]
    pub fn offset(mut self, offset: usize) -> Problem {
        self.place.offset = Some(offset);
        self
    }

    #[must_use]
    pub fn is_error(&self) -> bool {
        self.entry.severity == Severity::Error
    }

    /// The message without its place.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let mut text = lang.pick(self.entry.zh, self.entry.en).to_owned();
        for (name, value) in &self.args {
            let known = if *name == "reason" && lang == Lang::Zh { reason::chinese(value) } else { None };
            text = text.replace(&format!("{{{name}}}"), known.unwrap_or(value));
        }
        text
    }

    /// `C003 claims.csv:17 [medfee_sumamt]: message`
    #[must_use]
    pub fn render(&self, lang: Lang) -> String {
        let place = self.place.to_string();
        let gap = if place.is_empty() { "" } else { " " };
        format!("{}{gap}{place}: {}", self.entry.code, self.message(lang))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        let file = self.file.as_deref().unwrap_or_default();
        match self.row {
            Some(row) => parts.push(format!("{file}:{row}")),
            None if !file.is_empty() => parts.push(file.to_owned()),
            None => {}
        }
        match (&self.column, self.offset) {
            (Some(column), Some(offset)) => parts.push(format!("[{column}:{offset}]")),
            (Some(column), None) => parts.push(format!("[{column}]")),
            (None, Some(offset)) => parts.push(format!("[:{offset}]")),
            (None, None) => {}
        }
        if let Some(rule) = &self.rule {
            parts.push(format!("({rule})"));
        }
        f.write_str(&parts.join(" "))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Lang::En))
    }
}
