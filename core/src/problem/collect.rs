//! A run's problems, in the order found.

use super::{Lang, Problem};

/// A list of problems. A function that finds several returns them all; it fails when one of them is an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    #[must_use]
    pub fn new() -> Problems {
        Problems::default()
    }

    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    pub fn append(&mut self, mut other: Problems) {
        self.0.append(&mut other.0);
    }

    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(Problem::is_error)
    }

    pub fn errors(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter().filter(|p| p.is_error())
    }

    pub fn warnings(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter().filter(|p| !p.is_error())
    }

    /// `Ok(value)` with the warnings so far when there is no error among the problems.
    pub fn or<T>(self, value: T) -> Result<(T, Problems), Problems> {
        if self.has_errors() { Err(self) } else { Ok((value, self)) }
    }

    /// One line a problem, with the word for its severity before it.
    #[must_use]
    pub fn told(&self, lang: Lang) -> String {
        self.0
            .iter()
            .map(|p| format!("{} {}", p.entry.severity.word(lang), p.render(lang)))
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// One line a problem.
    #[must_use]
    pub fn render(&self, lang: Lang) -> String {
        self.0.iter().map(|p| p.render(lang)).collect::<Vec<_>>().join("\n")
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Problems {
        Problems(vec![problem])
    }
}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = std::vec::IntoIter<Problem>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl std::fmt::Display for Problems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.render(Lang::En))
    }
}

impl std::error::Error for Problems {}
