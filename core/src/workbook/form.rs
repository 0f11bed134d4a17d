//! What a form asks for.

use std::collections::BTreeMap;

use crate::problem::Lang;

/// A table to fill in: one sheet, one kind of row.
#[derive(Debug)]
pub struct Form {
    pub key: &'static str,
    /// Sheet name.
    pub zh: &'static str,
    pub en: &'static str,
    /// What it is for, in the guide sheet.
    pub about: &'static str,
    pub fields: &'static [Field],
    /// Example rows, a text a field.
    pub examples: &'static [&'static [&'static str]],
}

/// A column of a form.
#[derive(Debug)]
pub struct Field {
    pub key: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub kind: Kind,
    pub required: bool,
    /// Shown when the cell is picked.
    pub note: &'static str,
}

/// What may stand in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Date,
    /// Yuan with at most two decimals, not negative.
    Money,
    /// Yuan of either sign.
    SignedMoney,
    /// A decimal number.
    Number,
    Year,
    /// One of a list of choices, by its name.
    Choice(&'static str),
    /// A text that stands in a column of another form, `(form, field)`: offered, not enforced here.
    Ref(&'static str, &'static str),
}

/// Choices by the name of the list: `(code, label)`; either may be written in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists(pub BTreeMap<String, Vec<(String, String)>>);

impl Form {
    #[must_use]
    pub fn name(&self, lang: Lang) -> &'static str {
        lang.pick(self.zh, self.en)
    }

    /// The place of a field.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.key == key)
    }
}

impl Field {
    /// Whether a column heading is this field's, in any language or by its key.
    #[must_use]
    pub fn is(&self, heading: &str) -> bool {
        [self.zh, self.en, self.key].contains(&heading)
    }
}

impl Lists {
    #[must_use]
    pub fn with<S: Into<String>>(mut self, list: &str, choices: impl IntoIterator<Item = (S, S)>) -> Lists {
        let choices = choices.into_iter().map(|(code, label)| (code.into(), label.into()));
        self.0.insert(list.to_owned(), choices.collect());
        self
    }

    #[must_use]
    pub fn get(&self, list: &str) -> &[(String, String)] {
        self.0.get(list).map_or(&[], Vec::as_slice)
    }
}
