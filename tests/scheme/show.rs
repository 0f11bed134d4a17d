//! What a scheme says of its codes.

use dianzhi::problem::Lang;
use dianzhi::scheme::Definition;
use dianzhi::scheme::show::{Card, show, summary};

use super::tables::tables;

fn definition() -> Definition {
    Definition::from_source(&tables().source()).unwrap().0
}

#[test]
fn a_diagnosis_tells_where_it_stands() {
    let Card::Code(card) = show(&definition(), "J18.900").unwrap() else { panic!("not a code") };
    assert_eq!(
        card.mdcs.iter().map(|(mdc, list)| (mdc.code.as_str(), list.as_str())).collect::<Vec<_>>(),
        [("MDCE", "D")]
    );
    assert_eq!(card.uses.len(), 1);
    assert_eq!((card.uses[0].of.code.as_str(), card.uses[0].list.as_deref(), card.uses[0].row), ("ES2", Some("D1"), 3));
    assert!(card.severity.is_empty());
    assert_eq!(card.excludes, [("1".to_owned(), 1)]);
}

#[test]
fn a_complication_tells_what_excludes_it() {
    let changed = tables().add("cc_exclusions", "J44.900,1").source();
    let definition = Definition::from_source(&changed).unwrap().0;
    let Card::Code(card) = show(&definition, "A41.900").unwrap() else { panic!("not a code") };
    assert_eq!((card.severity[0].level, card.severity[0].excluded_by), ("MCC", 2));
    assert!(card.mdcs.is_empty() && card.uses.is_empty());
}

#[test]
fn an_unknown_code_names_the_nearest() {
    let refused = |code: &str| show(&definition(), code).unwrap_err();
    assert_eq!(refused("J18.90").entry.code, "S052");
    assert!(refused("J18.90").message(Lang::En).ends_with("the nearest is J18.900"));
    assert_eq!(refused("心脏移植术后").entry.code, "S035");
    assert!(matches!(show(&definition(), " es21 "), Ok(Card::Drg(_))), "small letters and blanks");
}

#[test]
fn a_clinical_code_tells_what_it_becomes() {
    let changed = tables().add("code_map_diagnoses", "code,insurance_code\nJ18.901,J18.900").source();
    let definition = Definition::from_source(&changed).unwrap().0;
    let Card::Code(card) = show(&definition, "J18.901").unwrap() else { panic!("not a code") };
    assert_eq!((card.code.as_str(), card.translated_from.as_deref()), ("J18.900", Some("J18.901")));
    assert_eq!(card.clinical, ["J18.901"]);
}

/// Everything the demonstration scheme names can be asked for.
#[test]
fn every_name_has_a_card() {
    let demo = Definition::demo();
    let mdcs = demo.mdcs.iter().map(|mdc| &mdc.code);
    let groups = demo.rules.iter().map(|rule| &rule.adrg).chain(demo.drgs.iter().map(|drg| &drg.code));
    let codes = demo.lists.values().flatten().chain(demo.cc.iter().map(|entry| &entry.code));
    for name in mdcs.chain(groups).chain(codes) {
        for lang in [Lang::Zh, Lang::En] {
            assert!(show(&demo, name).unwrap().render(lang, true).lines().count() > 1, "{name}");
        }
    }
}

/// Read by a person in both languages.
#[test]
fn cards_read_well() {
    let demo = Definition::demo();
    let card = |code: &str, lang: Lang| show(&demo, code).unwrap().render(lang, false);
    insta::assert_snapshot!("summary_zh", summary(&demo).render(Lang::Zh));
    insta::assert_snapshot!("summary_en", summary(&demo).render(Lang::En));
    insta::assert_snapshot!("adrg_zh", card("FM1", Lang::Zh));
    insta::assert_snapshot!("adrg_en", card("FM1", Lang::En));
    insta::assert_snapshot!("drg_zh", card("ES23", Lang::Zh));
    insta::assert_snapshot!("mdc_en", card("MDCZ", Lang::En));
    insta::assert_snapshot!("diagnosis_zh", card("J18.900", Lang::Zh));
    insta::assert_snapshot!("diagnosis_en", card("J18.900", Lang::En));
    insta::assert_snapshot!("procedure_zh", card("36.0600", Lang::Zh));
}
