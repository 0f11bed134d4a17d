//! The rules of a settled period as people cite them.

use serde::Serialize;

use super::formulas::chinese;
use crate::policy::{Words, family_of, find_kind};
use crate::problem::Lang;
use crate::table::Table;
use crate::table::cell::plain;

/// The table `rules` of a period.
#[derive(Clone, Debug)]
pub struct Rules {
    table: Table,
}

/// A rule with what it rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RuleText {
    pub pack: String,
    pub rule: String,
    pub kind: String,
    pub document: String,
    pub number: String,
    pub article: String,
    pub placeholder: String,
    pub parameters: String,
}

impl Rules {
    #[must_use]
    pub fn new(table: Table) -> Rules {
        Rules { table }
    }

    /// The rule of this name in a pack.
    #[must_use]
    pub fn get(&self, pack: &str, rule: &str) -> Option<RuleText> {
        let rows = self.table.find("rule", rule);
        rows.into_iter().map(|row| self.row(row)).find(|found| found.pack == pack)
    }

    /// The packs in the order of the table.
    #[must_use]
    pub fn packs(&self) -> Vec<String> {
        let mut packs: Vec<String> = (0..self.table.rows()).map(|row| self.row(row).pack).collect();
        packs.dedup();
        packs
    }

    /// The rules of a family in a pack, such as `coefficient`.
    #[must_use]
    pub fn of_family(&self, pack: &str, family: &str) -> Vec<RuleText> {
        let rows = self.table.find("pack", pack).into_iter().map(|row| self.row(row));
        rows.filter(|rule| rule.kind.split('.').next() == Some(family)).collect()
    }

    fn row(&self, row: usize) -> RuleText {
        let text = |name: &str| self.table.column(name).map_or_else(String::new, |values| plain(values, row));
        RuleText {
            pack: text("pack"),
            rule: text("rule"),
            kind: text("kind"),
            document: text("document"),
            number: text("number"),
            article: text("article"),
            placeholder: text("placeholder"),
            parameters: text("parameters"),
        }
    }
}

impl RuleText {
    /// A parameter as written in the pack.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let pairs = self.parameters.split("; ").filter_map(|pair| pair.split_once(" = "));
        pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The formula in the symbols of `docs/policy.md`; empty where the kind has none.
    #[must_use]
    pub fn formula(&self) -> &'static str {
        find_kind(&self.kind).map_or("", |kind| kind.formula)
    }

    /// The same for readers of a language.
    #[must_use]
    pub fn formula_in(&self, lang: Lang) -> &'static str {
        lang.pick(chinese(self.formula()), self.formula())
    }

    /// What the rule decides and how, in words.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let pick = |words: &Words| lang.pick(words.zh, words.en);
        let Some(kind) = find_kind(&self.kind) else { return self.kind.clone() };
        let family = family_of(kind).map_or("", |family| pick(&family.words));
        format!("{family}{}{}", lang.pick("：", ": "), pick(&kind.words))
    }

    /// Document, number and article, or that there is none.
    #[must_use]
    pub fn citation(&self, lang: Lang) -> String {
        if !self.document.is_empty() {
            let number = if self.number.is_empty() { String::new() } else { format!("（{}）", self.number) };
            return format!("《{}》{number} {}", self.document, self.article);
        }
        let none = lang.pick("没有文件依据（占位）", "no source (placeholder)");
        if self.placeholder.is_empty() {
            none.to_owned()
        } else {
            format!("{none}{}{}", lang.pick("：", ": "), self.placeholder)
        }
    }
}
