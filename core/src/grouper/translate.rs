//! Clinical-edition codes (国临版) → insurance-edition codes (医保版), by the code maps of the scheme.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::compile::Grouper;
use crate::claims::Stays;
use crate::text::TextList;

/// Stays with translated codes and, for each, the first diagnosis and procedure that could not be translated.
#[derive(Clone, Debug)]
pub struct Translated {
    pub stays: Stays,
    pub unmapped: Vec<(Option<String>, Option<String>)>,
}

impl Grouper {
    /// Translates every code by the map, which holds the codes that change; of the others those stay that the insurance
    /// edition knows.
    #[must_use]
    pub fn translate(&self, stays: &Stays) -> Translated {
        let definition = self.definition();
        let diagnosis = |code: &str| {
            let known = if definition.diagnosis_names.is_empty() {
                self.diagnoses.number_of(code) != super::codes::UNKNOWN_CODE
            } else {
                definition.diagnosis_names.contains_key(code)
            };
            translate(code, known, &definition.diagnosis_map)
        };
        let procedure = |code: &str| {
            let known = if definition.procedure_names.is_empty() {
                self.procedures.number_of(code) != super::codes::UNKNOWN_CODE
            } else {
                definition.procedure_names.contains_key(code)
            };
            translate(code, known, &definition.procedure_map)
        };
        let (diagnoses, no_diagnosis) = translate_all(&stays.diagnoses, diagnosis);
        let (procedures, no_procedure) = translate_all(&stays.procedures, procedure);
        Translated {
            stays: Stays { diagnoses, procedures, ..stays.clone() },
            unmapped: no_diagnosis.into_iter().zip(no_procedure).collect(),
        }
    }
}

/// The insurance-edition code, or `None` when neither edition knows the code.
fn translate(code: &str, known: bool, map: &BTreeMap<String, String>) -> Option<String> {
    map.get(code).cloned().or_else(|| known.then(|| code.to_owned()))
}

fn translate_all(codes: &TextList, one: impl Fn(&str) -> Option<String>) -> (TextList, Vec<Option<String>>) {
    let mut translated = TextList::default();
    let mut unmapped = Vec::with_capacity(codes.len());
    for row in 0..codes.len() {
        let mut missing = None;
        for code in codes.get(row) {
            let found = one(code);
            if found.is_none() {
                missing.get_or_insert_with(|| code.to_owned());
            }
            translated.push_item(&found.map_or(Cow::Borrowed(code), Cow::Owned));
        }
        translated.end_row();
        unmapped.push(missing);
    }
    (translated, unmapped)
}
