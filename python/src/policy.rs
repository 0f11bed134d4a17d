//! Policy packs.

use std::path::PathBuf;

use dianzhi::explain::Rules;
use dianzhi::job::{OpenPacks, Packs};
use dianzhi::policy::Status;
use dianzhi::problem::Problems;
use pyo3::prelude::*;
use serde_json::{Value, json};

use super::convert::to_python;
use super::problems::{Failure, records};
use super::scheme::{Scheme, lang_of};
use super::stream::Rows;

/// Compiled packs of one place.
#[pyclass(frozen, module = "dianzhi._native")]
pub struct Policy {
    open: OpenPacks,
    /// What was changed of the packs as published: path and value.
    changes: Vec<(String, String)>,
    pub packs: Packs,
    warnings: Problems,
}

#[pymethods]
impl Policy {
    /// Reads a pack, a folder of dated packs, or a pack that comes with the program.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf, scheme: &Scheme) -> PyResult<Policy> {
        let read = py.detach(|| Policy::compile(OpenPacks::read(&path, &scheme.scheme)?, Vec::new()));
        read.map_err(|problems| Failure::Refused(problems).raise(py))
    }

    /// The packs with further parameters changed, each a path and a value in TOML.
    fn patch(&self, py: Python<'_>, changes: Vec<(String, String)>) -> PyResult<Policy> {
        let all = self.changes.iter().cloned().chain(changes).collect();
        let compiled = py.detach(|| Policy::compile(self.open.clone(), all));
        compiled.map_err(|problems| Failure::Refused(problems).raise(py))
    }

    #[getter]
    fn changes(&self) -> Vec<(String, String)> {
        self.changes.clone()
    }

    /// Every pack: its id and what of its text a manifest names.
    #[getter]
    fn sources<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &json!(self.packs.sources()))
    }

    /// Every pack: id, title, place, first and last day, status.
    #[getter]
    fn packs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let packs = self.packs.set.packs.iter().map(|pack| {
            json!({
                "id": pack.id,
                "title": pack.title,
                "place": pack.place,
                "valid_from": pack.valid_from.to_string(),
                "valid_to": pack.valid_to.map(|day| day.to_string()),
                "status": if pack.status == Status::Draft { "draft" } else { "in_force" },
            })
        });
        to_python(py, &packs.collect::<Value>())
    }

    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        records(py, &self.warnings)
    }

    /// Every rule with its parameters and what it rests on.
    fn rules(&self, py: Python<'_>) -> PyResult<Rows> {
        Rows::of(&self.packs.rules_table()).map_err(|failure| failure.raise(py))
    }

    /// Every rule in words: pack, rule, kind, words, formula, parameters, source.
    #[pyo3(signature = (lang="zh"))]
    fn describe<'py>(&self, py: Python<'py>, lang: &str) -> PyResult<Bound<'py, PyAny>> {
        let lang = lang_of(lang);
        let rules = Rules::new(self.packs.rules_table());
        let named = self.packs.set.packs.iter().flat_map(|pack| pack.rules.iter().map(|rule| (&pack.id, &rule.name)));
        let texts = named.filter_map(|(pack, rule)| rules.get(pack, rule)).map(|rule| {
            json!({
                "pack": rule.pack,
                "rule": rule.rule,
                "kind": rule.kind,
                "words": rule.words(lang),
                "formula": rule.formula(),
                "parameters": rule.parameters,
                "source": rule.citation(lang),
            })
        });
        to_python(py, &texts.collect::<Value>())
    }
}

impl Policy {
    /// The packs as parsed.
    pub fn open(&self) -> &OpenPacks {
        &self.open
    }

    /// What was changed of them.
    pub fn changed(&self) -> &[(String, String)] {
        &self.changes
    }

    fn compile(open: OpenPacks, changes: Vec<(String, String)>) -> Result<Policy, Problems> {
        let (packs, warnings) = open.compile(&changes)?;
        Ok(Policy { open, changes, packs, warnings })
    }
}
