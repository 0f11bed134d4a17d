//! The packs that come with the program.

use std::collections::BTreeMap;

use dianzhi::policy::{MemoryFiles, PolicySet, SEEDS, open};
use dianzhi_tests::shared;

use super::world::{World, case};

const WEIGHTS: &str = "drg,name,weight,系数-一级,系数-二级,系数-三级\nES31,甲,1.5,0.85,0.93,1.05\n";

fn seed(name: &str, weights: &str) -> PolicySet {
    let text = SEEDS.iter().find(|(own, _)| *own == name).unwrap().1;
    let files = MemoryFiles::default().with("city.toml", text).with("scheme:drg_weights.csv", weights);
    let bundle = open(&["city.toml".to_owned()], &files).unwrap_or_else(|problems| panic!("{problems}"));
    bundle.compile(&[]).unwrap_or_else(|problems| panic!("{problems}")).0
}

#[test]
fn every_pack_settles_and_says_on_what_it_rests() {
    for (name, _) in SEEDS.iter().filter(|(name, _)| *name != "base.toml") {
        let set = seed(name, WEIGHTS);
        let day = set.packs[0].valid_from.to_string();
        let cases = [
            case("ES31", "9000").discharged(&day).settled(&day).paid("3000", "0"),
            case("ES31", "8000").discharged(&day).settled(&day).of("390"),
        ];
        let (_, month) =
            World::new(&cases).settle(&set, &day[..7]).unwrap_or_else(|problems| panic!("{name}: {problems}"));
        let method = set.packs[0].rule(set.packs[0].method.rule);
        assert!(method.citation.is_some(), "{name} cites an article for its method");
        assert!(!month.placeholders.is_empty());
        assert_eq!(month.simulation, name.contains("draft"), "{name}");
    }
}

#[test]
fn all_four_places_have_a_pack() {
    for word in ["bazhong", "yaan", "leshan", "sichuan"] {
        assert!(SEEDS.iter().any(|(name, _)| name.contains(word)), "{word}");
    }
}

/// Every file under seeds/ that is a pack of this kind is embedded, and no name is left without a file.
#[test]
fn the_embedded_packs_are_the_files() {
    for (name, text) in SEEDS {
        let path = dianzhi_tests::root().join("seeds").join(name);
        assert_eq!(&std::fs::read_to_string(path).unwrap(), text, "{name}");
    }
}

/// The real weights and coefficients of Bazhong, all groups that have one.
#[test]
fn bazhong_settles_with_its_real_weights() {
    let Some(folder) = shared("schemes/bazhong_2023") else { return };
    let weights = std::fs::read_to_string(folder.join("drg_weights.csv")).unwrap();
    let set = seed("bazhong_draft.toml", &weights);
    let drgs: BTreeMap<String, ()> = csv::Reader::from_path(folder.join("drg.csv"))
        .unwrap()
        .records()
        .map(|row| (row.unwrap()[0].to_owned(), ()))
        .collect();
    let levels = [("H1", "三级"), ("H2", "二级"), ("H3", "一级")];
    let cases: Vec<_> = drgs
        .keys()
        .enumerate()
        .flat_map(|(at, drg)| levels.map(|(h, level)| case(drg, &format!("{}", 3_000 + 17 * at)).at(h, level)))
        .collect();
    let (priced, month) = World::new(&cases).settle(&set, "2026-03").unwrap();
    assert_eq!(priced.len(), 593 * 3);
    // BB13 at a third-level hospital: 6.7214 × 100 × 1.0342 = 695.127…
    let row = cases.iter().position(|case| case.drg == "BB13" && case.level == "三级").unwrap();
    let cell = priced.cell_of(row).unwrap();
    assert_eq!(cell.weight_e6(), Some(6_721_400));
    assert_eq!(cell.coefficient.round(4, dianzhi::money::Rounding::HalfUp), Some(10_342));
    assert_eq!(month.institutions.len(), 3);
    // 32 groups have no weight and are paid as ungroupable, three cases each.
    let ungrouped = priced.case_kind.iter().filter(|kind| kind.code() == "ungrouped").count();
    assert_eq!(ungrouped, 96);
}
