//! What a form asks for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::problem::Lang;

/// A table to fill in: one sheet, one kind of row.
#[derive(Clone, Debug)]
pub struct Form {
    pub key: Cow<'static, str>,
    /// Sheet name.
    pub zh: Cow<'static, str>,
    pub en: Cow<'static, str>,
    /// What it is for, in the guide sheet.
    pub about: Cow<'static, str>,
    pub about_en: Cow<'static, str>,
    pub fields: Cow<'static, [Field]>,
    /// Rows that an empty workbook begins with, a text a field.
    pub starts: Texts,
    /// Example rows, a text a field.
    pub examples: Texts,
}

/// Rows of texts.
pub type Texts = Cow<'static, [Vec<Cow<'static, str>>]>;

/// A note in Chinese and English.
pub type Notes = (&'static str, &'static str);

/// A column of a form.
#[derive(Clone, Debug)]
pub struct Field {
    pub key: Cow<'static, str>,
    pub zh: Cow<'static, str>,
    pub en: Cow<'static, str>,
    pub kind: Kind,
    pub required: bool,
    /// Shown when the cell is picked.
    pub note: Cow<'static, str>,
    pub note_en: Cow<'static, str>,
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
    /// A text for which a list of the workbook offers choices; others may be written.
    Offer(&'static str),
    /// A text that stands in a column of another form, `(form, field)`: offered, not enforced here.
    Ref(&'static str, &'static str),
}

/// Choices by the name of the list: `(code, label)`; either may be written in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists(pub BTreeMap<String, Vec<(String, String)>>);

impl Form {
    /// A form: key, names, what it is for, fields, examples.
    #[must_use]
    pub fn new(
        [key, zh, en]: [&'static str; 3],
        about: Notes,
        fields: Vec<Field>,
        examples: &[&[&'static str]],
    ) -> Form {
        Form {
            key: Cow::Borrowed(key),
            zh: Cow::Borrowed(zh),
            en: Cow::Borrowed(en),
            about: Cow::Borrowed(about.0),
            about_en: Cow::Borrowed(about.1),
            fields: Cow::Owned(fields),
            starts: Cow::Borrowed(&[]),
            examples: texts(examples),
        }
    }

    /// The place of a field.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.key == key)
    }

    /// The name of its sheet.
    #[must_use]
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }

    /// Whether a sheet has this form's name, in any language or as its key.
    #[must_use]
    pub fn is(&self, sheet: &str) -> bool {
        [&self.zh, &self.en, &self.key].iter().any(|name| **name == sheet)
    }
}

impl Field {
    /// A column.
    #[must_use]
    pub const fn new(
        key: &'static str,
        zh: &'static str,
        en: &'static str,
        kind: Kind,
        required: bool,
        note: &'static str,
    ) -> Field {
        let (key, zh, en, note) = (Cow::Borrowed(key), Cow::Borrowed(zh), Cow::Borrowed(en), Cow::Borrowed(note));
        Field { key, zh, en, kind, required, note, note_en: Cow::Borrowed("") }
    }

    /// A column that must be filled in.
    #[must_use]
    pub fn need([key, zh, en]: [&'static str; 3], kind: Kind, notes: Notes) -> Field {
        Field::new(key, zh, en, kind, true, notes.0).noted(notes.1)
    }

    /// A column that may stay empty.
    #[must_use]
    pub fn may([key, zh, en]: [&'static str; 3], kind: Kind, notes: Notes) -> Field {
        Field::new(key, zh, en, kind, false, notes.0).noted(notes.1)
    }

    /// The note in English.
    #[must_use]
    pub fn noted(mut self, en: &'static str) -> Field {
        self.note_en = Cow::Borrowed(en);
        self
    }

    /// The heading of its column.
    #[must_use]
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }

    /// Whether a column heading is this field's, in any language or as its key.
    #[must_use]
    pub fn is(&self, heading: &str) -> bool {
        [&self.zh, &self.en, &self.key].iter().any(|name| **name == heading)
    }
}

/// Rows of fixed texts.
#[must_use]
pub fn texts(rows: &[&[&'static str]]) -> Texts {
    rows.iter().map(|row| row.iter().map(|text| Cow::Borrowed(*text)).collect()).collect()
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
