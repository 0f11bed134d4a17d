//! The demonstration scheme that the program carries with it.

use std::path::Path;

use super::{Definition, Source};
use crate::problem::Problems;

/// The name under which commands know the demonstration scheme.
pub const DEMO: &str = "demo";

macro_rules! tables {
    ($($name:literal)*) => {
        [$(($name, include_bytes!(concat!("../../../fixtures/demo_scheme/", $name, ".csv")).as_slice())),*]
    };
}

impl Source {
    /// The tables of the demonstration scheme.
    #[must_use]
    pub fn demo() -> Source {
        let tables = tables!(
            "scheme" "mdc" "mdc_diagnoses" "adrg" "adrg_codes" "drg" "cc" "cc_exclusions" "valid_procedures"
            "diagnosis_names" "procedure_names" "code_map_diagnoses" "code_map_procedures" "drg_weights"
        );
        Source::from_texts(tables).expect("Invariant: the embedded tables are sound").0
    }

    /// The tables of the scheme a user names: `demo` is the embedded one (a folder of this name is `./demo`), else a
    /// folder, a `.zip` or an `.xlsx`.
    pub fn open(name: &Path) -> Result<(Source, Problems), Problems> {
        if name == Path::new(DEMO) {
            return Ok((Source::demo(), Problems::new()));
        }
        Source::read(name)
    }
}

impl Definition {
    /// The demonstration scheme, of our own writing: no city's and no nation's.
    #[must_use]
    pub fn demo() -> Definition {
        Definition::from_source(&Source::demo()).expect("Invariant: the embedded scheme is sound").0
    }

    /// The scheme a user names: `demo` is the embedded one (a folder of this name is `./demo`), else a folder, a `.zip`
    /// or an `.xlsx`. The problems beside the scheme are warnings.
    pub fn open(name: &Path) -> Result<(Definition, Problems), Problems> {
        if name == Path::new(DEMO) {
            return Ok((Definition::demo(), Problems::new()));
        }
        Definition::read(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_scheme_is_what_its_description_says() {
        let scheme = Definition::demo();
        assert_eq!(scheme.options.name, DEMO);
        let adrgs: std::collections::BTreeSet<&str> = scheme.drgs.iter().map(|drg| drg.adrg.as_str()).collect();
        assert_eq!((scheme.mdcs.len(), adrgs.len(), scheme.drgs.len()), (11, 85, 175));
        let weights = scheme.weights.as_ref().unwrap();
        assert_eq!(weights.rows.len(), scheme.drgs.len());
        let missing = |code: &String| !scheme.diagnosis_names.contains_key(code);
        let of_mdcs = scheme.mdcs.iter().flat_map(|mdc| mdc.lists.values().flatten());
        assert_eq!(of_mdcs.chain(scheme.cc.iter().map(|entry| &entry.code)).find(|code| missing(code)), None);
        assert_eq!(scheme.valid_procedures.iter().find(|code| !scheme.procedure_names.contains_key(*code)), None);
    }

    #[test]
    fn a_name_that_is_no_scheme_is_refused() {
        assert!(Definition::open(Path::new("no such scheme")).is_err());
        assert_eq!(Definition::open(Path::new("demo")).unwrap().0.drgs.len(), 175);
    }
}
