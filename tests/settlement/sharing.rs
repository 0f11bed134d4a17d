//! Rules of sharing that are for some subjects only.

use super::world::{case, compile_with, pack};
use super::year::{COMMON, WEIGHTS, clear, codes, set, yuan};

/// 五统一 subjects keep a surplus and get nothing for an overrun; of the others the fund takes half of a surplus and
/// bears 60 % of an overrun. H1 met it: 2,000 kept of 2,000, or 0 of 1,500 borne. H2 did not: 900 of 1,500, or 1,000
/// kept.
#[test]
fn two_rules_of_sharing_for_those_that_met_a_condition_and_those_that_did_not() {
    let half = |name: &str, surplus: &str, overrun: &str, rest: &str| {
        format!(
            "[rules.{name}]\nkind = \"sharing.bands\"\nsubject = \"institution\"\n\
             mode = \"marginal\"\nedge = \"lower\"\n\
             surplus = [{{ share = {surplus} }}]\noverrun = [{{ share = {overrun} }}]\n{rest}\n"
        )
    };
    let gate = "gate = \"五统一\"\ngates = [{ subject = \"H1\", gate = \"五统一\", met = true }]";
    let rest = format!("{gate}\ngate_met = false");
    let rules = format!("{}{}", half("sharing", "1", "0", gate), half("rest", "0.5", "0.6", &rest));
    let adjustments = |first: &str, second: &str| {
        let cases = [case("A", first), case("A", second).at("H2", "二级")];
        let year = clear(&set(&rules), &cases, &[]).unwrap();
        year.institutions.iter().map(|row| yuan(row.adjustment_fen)).collect::<Vec<_>>()
    };
    assert_eq!(adjustments("8000", "11500"), ["0.00", "900.00"]);
    assert_eq!(adjustments("11500", "8000"), ["0.00", "-1000.00"]);

    let register = "[rules.institutions]\nkind = \"institutions.register\"\n\
        table = [{ fixmedins_code = \"H1\", hosp_lv = \"三级\" }, { fixmedins_code = \"H2\", hosp_lv = \"二级\" }]\n";
    let levels = |first: &str, second: &str| {
        let (first, second) = (half("sharing", "1", "0", first), half("rest", "0.5", "0.6", second));
        compile_with(&pack(WEIGHTS, &format!("{COMMON}{register}{first}{second}")), &[])
    };
    let by_level = levels("levels = [\"三级\"]", "levels = [\"二级\"]").unwrap();
    let cases = [case("A", "8000"), case("A", "11500").at("H2", "二级")];
    let year = clear(&by_level, &cases, &[]).unwrap();
    assert_eq!(year.institutions.iter().map(|row| yuan(row.adjustment_fen)).collect::<Vec<_>>(), ["0.00", "900.00"]);
    // Two rules for H2, for nobody else, or for who is not named: refused.
    for (first, second) in [
        ("levels = [\"三级\", \"二级\"]", "subjects = [\"H2\"]"),
        ("subjects = [\"H1\"]", ""),
        (gate, "gate_met = false\ngate = \"other\""),
    ] {
        assert_eq!(codes(&levels(first, second).unwrap_err()), ["P011"], "{first} / {second}");
    }
    assert!(codes(&levels("gate_met = false", "subjects = [\"H2\"]").unwrap_err()).contains(&"P033"));
}
