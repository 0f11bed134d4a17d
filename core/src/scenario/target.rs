//! The one figure that a sensitivity table or a goal looks at.

use super::figures::{Figures, Key, Kind, Purse};
use super::file;
use super::measure::Measure;
use crate::problem::catalogue::scenario as x;
use crate::problem::{Problem, Problems};
use crate::text::closest;

/// Which figures are summed: all that fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    purse: Purse,
    kind: Kind,
    subject: Option<String>,
    part: Option<String>,
    pub measure: Measure,
}

impl Target {
    /// A target that the baseline has.
    pub fn of(file: &file::Target, name: &str, baseline: &Figures) -> Result<Target, Problems> {
        let mut problems = Problems::new();
        let mut unknown = |what: &'static str, value: &str, known: Vec<&str>| {
            let near = closest(value, known.iter().copied()).unwrap_or("-");
            let problem = Problem::new(&x::UNKNOWN_TARGET).with("name", name).with("what", what).with("value", value);
            problems.push(problem.with("closest", near).with("known", known.join(", ")));
        };
        let purses = [Purse::Insurance, Purse::Awards, Purse::Floors];
        let purse = purses.into_iter().find(|purse| purse.code() == file.money);
        if purse.is_none() {
            unknown("money", &file.money, purses.map(Purse::code).to_vec());
        }
        let kind = Kind::ALL.into_iter().find(|kind| kind.code() == file.kind);
        if kind.is_none() {
            unknown("kind", &file.kind, Kind::ALL.map(Kind::code).to_vec());
        }
        let measure = Measure::find(&file.measure);
        if measure.is_none() {
            unknown("measure", &file.measure, Measure::ALL.iter().map(|measure| measure.code()).collect());
        }
        let (Some(purse), Some(kind), Some(measure)) = (purse, kind, measure) else { return Err(problems) };
        let target = Target { purse, kind, subject: file.subject.clone(), part: file.part.clone(), measure };
        if target.value(baseline).is_none() {
            let near = |of: &dyn Fn(&Key) -> bool, take: &dyn Fn(&Key) -> String| {
                let mut known: Vec<String> = baseline.0.keys().filter(|key| of(key)).map(take).collect();
                known.dedup();
                known.truncate(12);
                known
            };
            let here = |key: &Key| key.purse == purse && key.kind == kind;
            let named = |key: &Key| here(key) && key.measure == measure;
            let subjects = near(&named, &|key| format!("{} {}", key.subject, key.part));
            let measures = near(&here, &|key| key.measure.code().to_owned());
            let (what, value, known) = match subjects.is_empty() {
                true => ("measure", file.measure.clone(), measures),
                false => {
                    let (subject, part) = (file.subject.as_deref(), file.part.as_deref());
                    ("subject", format!("{} {}", subject.unwrap_or("*"), part.unwrap_or("*")), subjects)
                }
            };
            unknown(what, &value, known.iter().map(|name| name.trim()).collect());
            return Err(problems);
        }
        Ok(target)
    }

    /// The sum of the figures that fit; `None` for none.
    #[must_use]
    pub fn value(&self, figures: &Figures) -> Option<i64> {
        let mut fitting = figures.0.iter().filter(|(key, _)| self.fits(key)).map(|(_, units)| *units).peekable();
        fitting.peek()?;
        fitting.try_fold(0i64, i64::checked_add)
    }

    pub(super) fn fits(&self, key: &Key) -> bool {
        key.purse == self.purse
            && key.kind == self.kind
            && key.measure == self.measure
            && self.subject.as_ref().is_none_or(|subject| *subject == key.subject)
            && self.part.as_ref().is_none_or(|part| *part == key.part)
    }
}
