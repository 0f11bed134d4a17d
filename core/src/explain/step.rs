//! An explanation before it becomes text.

use serde::Serialize;

use super::rules::RuleText;
use crate::problem::Lang;

/// Why something is as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub title: String,
    /// What is known of the subject.
    pub facts: Vec<(String, String)>,
    pub steps: Vec<Step>,
    /// Why a claim got its group; lines of text.
    pub grouping: String,
    pub notes: Vec<String>,
}

/// One figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What it is.
    pub what: String,
    pub value: String,
    /// The numbers put into the formula.
    pub numbers: Vec<(String, String)>,
    /// The formula where it is not the rule's own.
    pub formula: String,
    /// The rules that decide it.
    pub rules: Vec<RuleText>,
    /// Whether `formula` is all: where it is empty, none is shown.
    #[serde(skip)]
    pub own_formula: bool,
}

impl Step {
    #[must_use]
    pub fn new(what: impl Into<String>, value: impl Into<String>) -> Step {
        Step { what: what.into(), value: value.into(), ..Step::default() }
    }

    /// Adds a number unless it is empty.
    #[must_use]
    pub fn number(mut self, name: &str, value: impl Into<String>) -> Step {
        let value = value.into();
        if !value.is_empty() {
            self.numbers.push((name.to_owned(), value));
        }
        self
    }

    #[must_use]
    pub fn formula(mut self, formula: impl Into<String>) -> Step {
        self.formula = formula.into();
        self
    }

    #[must_use]
    pub fn rules(mut self, rules: impl IntoIterator<Item = RuleText>) -> Step {
        self.rules.extend(rules);
        self
    }
}

impl Explanation {
    #[must_use]
    pub fn render(&self, lang: Lang) -> String {
        let colon = lang.pick("：", ": ");
        let mut lines = vec![self.title.clone()];
        lines.extend(self.facts.iter().map(|(name, value)| format!("  {name}{colon}{value}")));
        if !self.grouping.is_empty() {
            lines.push(String::new());
            lines.push(self.grouping.clone());
        }
        for (number, step) in (1..).zip(&self.steps) {
            lines.push(String::new());
            let equals = if step.value.is_empty() { "" } else { " = " };
            lines.push(format!("{number}. {}{equals}{}", step.what, step.value));
            let formula = match step.formula.as_str() {
                "" if step.own_formula => "",
                "" => step.rules.first().map_or("", |rule| rule.formula_in(lang)),
                formula => formula,
            };
            if !formula.is_empty() {
                lines.push(format!("   {}{colon}{formula}", lang.pick("公式", "formula")));
            }
            if !step.numbers.is_empty() {
                let numbers: Vec<String> =
                    step.numbers.iter().map(|(name, value)| format!("{name} = {value}")).collect();
                lines.push(format!("   {}{colon}{}", lang.pick("代入", "with"), numbers.join(lang.pick("，", ", "))));
            }
            for rule in &step.rules {
                let name = format!("{}.{}", rule.pack, rule.rule);
                lines.push(format!("   {}{colon}{name}  {}", lang.pick("规则", "rule"), rule.words(lang)));
                lines.push(format!("   {}{colon}{}", lang.pick("依据", "source"), rule.citation(lang)));
            }
        }
        if !self.notes.is_empty() {
            lines.push(String::new());
            lines.extend(self.notes.iter().cloned());
        }
        lines.join("\n")
    }
}
