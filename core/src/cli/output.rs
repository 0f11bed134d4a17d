//! How a command speaks: text in the chosen language, or JSON.

use std::io::{IsTerminal, Write};

use serde_json::{Value, json};

use crate::problem::{Lang, Problem, Problems};

/// The manner of speaking of one run.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub lang: Lang,
    pub json: bool,
}

impl Output {
    #[must_use]
    pub fn new(lang: Lang, json: bool) -> Output {
        Output { lang, json }
    }

    /// Prints `text`, or `value` when JSON was asked for, to standard output.
    pub fn say(&self, text: impl AsRef<str>, value: impl FnOnce() -> Value) {
        if self.json {
            print_line(&value().to_string());
        } else {
            print_line(text.as_ref());
        }
    }

    /// Prints problems to standard error (to standard output as JSON).
    pub fn problems(&self, problems: &Problems) {
        if self.json {
            let list: Vec<Value> = problems.0.iter().map(problem_json).collect();
            println!("{}", json!({ "problems": list }));
        } else {
            eprintln!("{}", problems.render(self.lang));
        }
    }

    /// Prints what does not stop a run to standard error, in text or JSON; nothing when there is nothing.
    pub fn warnings(&self, problems: &Problems) {
        if problems.0.is_empty() {
            return;
        }
        if self.json {
            let list: Vec<Value> = problems.0.iter().map(problem_json).collect();
            eprintln!("{}", json!({ "warnings": list }));
        } else {
            eprintln!("{}", problems.render(self.lang));
        }
    }

    /// Whether progress may be drawn.
    #[must_use]
    pub fn progress(&self) -> bool {
        !self.json && std::io::stderr().is_terminal()
    }
}

/// Prints a line to standard output. Whoever closed it, such as `head`, wants no more: that is no error.
fn print_line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// A problem as JSON, in both languages.
#[must_use]
pub fn problem_json(problem: &Problem) -> Value {
    json!({
        "code": problem.entry.code,
        "severity": problem.entry.severity,
        "place": problem.place,
        "zh": problem.message(Lang::Zh),
        "en": problem.message(Lang::En),
    })
}
