//! Where reading stands, and the problems so far.

use std::fmt;

use super::super::node::{Keys, Node, Origin};
use super::{Field, Need};
use crate::problem::catalogue::policy as p;
use crate::problem::{Entry, Problem, Problems};
use crate::text::closest;

/// The path of the value being read, and where problems go.
pub struct Context<'a> {
    problems: &'a mut Problems,
    path: Vec<String>,
}

impl<'a> Context<'a> {
    #[must_use]
    pub fn new(problems: &'a mut Problems, start: &str) -> Context<'a> {
        Context { problems, path: vec![start.to_owned()] }
    }

    /// Runs `read` one step deeper.
    pub fn within<T>(&mut self, step: impl fmt::Display, read: impl FnOnce(&mut Context<'_>) -> T) -> T {
        self.path.push(step.to_string());
        let result = read(self);
        self.path.pop();
        result
    }

    /// The dotted path.
    #[must_use]
    pub fn path(&self) -> String {
        self.path.iter().filter(|step| !step.is_empty()).cloned().collect::<Vec<_>>().join(".")
    }

    /// Tells a problem at `origin`; returns `None`, for `return context.refuse(…)`.
    pub fn refuse<T>(&mut self, origin: &Origin, problem: Problem) -> Option<T> {
        let path = self.path();
        self.problems.push(problem.file(origin.file.clone()).row(origin.line).rule(path));
        None
    }

    /// Tells that `node` is not of the type asked for.
    pub fn wrong_type<T>(&mut self, node: &Node, expected: &str) -> Option<T> {
        let problem = Problem::new(&p::WRONG_TYPE).with("expected", expected).with("found", node.raw.type_name());
        self.refuse(&node.origin, problem)
    }

    /// Tells that `value` is none of `known`, with the closest of them.
    pub fn unknown<T>(
        &mut self,
        origin: &Origin,
        entry: &'static Entry,
        name: &'static str,
        value: &str,
        known: &[&str],
    ) -> Option<T> {
        let near = closest(value, known.iter().copied()).unwrap_or("-");
        let problem = Problem::new(entry).with(name, value).with("closest", near).with("known", known.join(", "));
        self.refuse(origin, problem)
    }
}

/// Tells every key that is not among `fields` or `also`, and every required field that is absent.
pub fn check_keys(keys: &Keys, origin: &Origin, fields: &[Field], also: &[&str], context: &mut Context<'_>) {
    for (key, node) in keys {
        if !also.contains(&key.as_str()) && !fields.iter().any(|field| field.name == key) {
            let known: Vec<&str> = fields.iter().map(|field| field.name).chain(also.iter().copied()).collect();
            context.unknown::<()>(&node.origin, &p::UNKNOWN_KEY, "key", key, &known);
        }
    }
    for field in fields {
        if field.need == Need::Required && !keys.contains_key(field.name) {
            let meaning = format!("{} / {}", field.words.zh, field.words.en);
            let problem = Problem::new(&p::MISSING_KEY).with("key", field.name).with("meaning", meaning);
            context.refuse::<()>(origin, problem);
        }
    }
}
