//! What a book explains of claims whose price is not that of their group alone: every factor is a step with its rule,
//! and each step comes to what its numbers give.

use dianzhi::explain::{Explanation, Subject, claim, subject};
use dianzhi::ledger::Book;
use dianzhi::problem::Lang;

use super::small::{CLAIM, Claim, FIXED, GATE, HALVED, ONCE, POINTS, Town, other, stay};
use crate::audit::told::follows;

/// The explanation of a claim, which gives what the book has.
fn explained(town: &Town, id: &str, lang: Lang) -> Explanation {
    let book = Book::open(&town.dir.path().join("book")).unwrap();
    let explained = claim(&book, id, None, lang).unwrap();
    assert!(explained.notes.is_empty(), "{:?}", explained.notes);
    explained
}

/// Values of the steps that a rule of this kind decides.
fn values(explained: &Explanation, kind: &str) -> Vec<String> {
    let steps = explained.steps.iter().filter(|step| step.rules.iter().any(|rule| rule.kind == kind));
    steps.map(|step| step.value.clone()).collect()
}

fn number<'e>(explained: &'e Explanation, name: &str) -> Vec<&'e str> {
    let numbers = explained.steps.iter().flat_map(|step| &step.numbers);
    numbers.filter(|(own, _)| own == name).map(|(_, value)| value.as_str()).collect()
}

/// RW 0.8 × 100 = 80 points; the person is back five days after, and half is kept: 40 × 100 yuan.
#[test]
fn a_halved_stay_names_the_stay_that_halves_it() {
    let town = Town::new(&[POINTS, FIXED, HALVED]);
    let january = [stay("A", "ES25", "2026-01-01", "2026-01-10"), stay("B", "ES25", "2026-01-15", "2026-01-20")];
    town.settle("2026-01", &january, &[]);
    let told = explained(&town, "A", Lang::Zh);
    follows(&told.steps).unwrap();
    assert_eq!(values(&told, "readmission.within"), ["40.00"]);
    assert_eq!((number(&told, "后次住院"), number(&told, "间隔天数")), (vec!["B"], vec!["5"]));
    assert_eq!(told.steps.last().unwrap().value, "4,000.00");
    insta::assert_snapshot!("halved_zh", told.render(Lang::Zh));
    let told = explained(&town, "A", Lang::En);
    follows(&told.steps).unwrap();
    insta::assert_snapshot!("halved_en", told.render(Lang::En));
    let book = Book::open(&town.dir.path().join("book")).unwrap();
    for (lang, name) in [(Lang::Zh, "institution_zh"), (Lang::En, "institution_en")] {
        insta::assert_snapshot!(name, subject(&book, Subject::Institution, "H1", None, lang).unwrap().render(lang));
    }
}

/// A, 120 points by its TCM weight and a bill of 3,000, is sent on to B, 80 and 9,000: 30 and 90 of 120 points. At
/// clearing A has 100 ÷ 8,000 of TCM, less than 0.6, and is worth 105 by the other group.
#[test]
fn a_chain_names_the_counted_stay_and_the_gate_the_other_group() {
    let town = Town::new(&[POINTS, FIXED, &GATE.replace("0.92", "1.2"), ONCE]);
    let first =
        Claim { house: "H2", way: "2", bill: 3_000, tcm: "100,8000", ..stay("A", "IR15", "2026-12-01", "2026-12-10") };
    town.settle("2026-12", &[first, stay("B", "ES25", "2026-12-10", "2026-12-20")], &[]);
    for (id, part) in [("A", "30.0000"), ("B", "90.0000")] {
        let told = explained(&town, id, Lang::Zh);
        follows(&told.steps).unwrap();
        assert_eq!(values(&told, "transfer.count_once"), [part]);
        assert_eq!((number(&told, "计价的住院"), number(&told, "计价住院的价格")), (vec!["A"], vec!["120.00"]));
        assert_eq!(number(&told, "ΣC"), ["12000.00"]);
    }
    let alone = Town::new(&[POINTS, FIXED, GATE]);
    let low = Claim { tcm: "100,8000", ..stay("T", "IR15", "2026-12-01", "2026-12-10") };
    alone.settle("2026-12", &[low, other("X", "2026-12-01", "2026-12-10")], &[]);
    alone.clear();
    let told = explained(&alone, "T", Lang::Zh);
    follows(&told.steps).unwrap();
    // 0.0125 is under the gate of 0.6: 1.05 × 100 points × 100 yuan.
    assert_eq!(number(&told, "下限"), ["0.60"]);
    assert_eq!(told.steps.last().unwrap().value, "10,500.00");
    insta::assert_snapshot!("gated_zh", told.render(Lang::Zh));
}

/// By rate, RW 0.8 × 10,000 yuan.
#[test]
fn by_rate_the_standard_comes_from_points_that_are_not_rounded() {
    let rate = "[rules.method]\nkind = \"method.rate\"\nrates = { \"*\" = 10000 }\ndue = \"fund\"\n\
        placeholder = \"试验\"\n";
    let town = Town::new(&[rate]);
    town.settle("2026-01", &[Claim { id: "A", admitted: "2026-01-01", discharged: "2026-01-10", ..CLAIM }], &[]);
    let told = explained(&town, "A", Lang::Zh);
    follows(&told.steps).unwrap();
    assert_eq!(values(&told, "rounding.digits"), ["8000.00"]);
    assert_eq!(told.steps.last().unwrap().value, "8,000.00");
}
