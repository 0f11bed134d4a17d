//! The catalogue of problems, a file an area. Codes are stable: a code is never reused for another meaning.
//!
//! `F` files · `S` schemes · `C` claims · `P` policy packs · `M` pricing and settlement · `B` books · `W` weights ·
//! `A` awards and fiscal rules · `K` workbooks to fill in · `Y` synthetic claims · `R` mutual recognition · `U` usage ·
//! `V` audit · `X` scenarios · `N` batches

use super::Entry;

/// Declares the entries of an area: `CODE NAME severity { zh: "…", en: "…" }`.
macro_rules! catalogue {
    ($($code:ident $name:ident $severity:ident { zh: $zh:literal, en: $en:literal $(,)? })*) => {
        $(
            #[doc = $en]
            pub static $name: $crate::problem::Entry = $crate::problem::Entry {
                code: stringify!($code),
                severity: $crate::problem::Severity::$severity,
                zh: $zh,
                en: $en,
            };
        )*
        /// All entries of this area.
        pub static ALL: &[&$crate::problem::Entry] = &[$(&$name),*];
    };
}

pub mod audit;
pub mod awards;
pub mod batch;
pub mod books;
pub mod claims;
pub mod files;
pub mod policy;
pub mod recognition;
pub mod scenario;
pub mod scheme;
pub mod settlement;
pub mod synth;
pub mod usage;
pub mod weights;
pub mod workbook;

/// Every entry of every area.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    let areas = [
        audit::ALL,
        awards::ALL,
        batch::ALL,
        books::ALL,
        claims::ALL,
        files::ALL,
        policy::ALL,
        recognition::ALL,
        scenario::ALL,
        scheme::ALL,
        settlement::ALL,
        synth::ALL,
        usage::ALL,
        weights::ALL,
        workbook::ALL,
    ];
    areas.into_iter().flatten().copied()
}

#[cfg(test)]
mod tests {
    use super::all;
    use std::collections::BTreeSet;

    fn fields(template: &str) -> BTreeSet<&str> {
        template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn codes_are_unique_and_both_languages_name_the_same_fields() {
        let mut codes = BTreeSet::new();
        for entry in all() {
            assert!(codes.insert(entry.code), "{} twice", entry.code);
            assert_eq!(fields(entry.zh), fields(entry.en), "{}", entry.code);
            assert!(!entry.zh.is_ascii(), "{} has no Chinese text", entry.code);
        }
    }
}
