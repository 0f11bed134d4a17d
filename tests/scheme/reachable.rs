//! Which DRGs of the known schemes no claim gets to.

use dianzhi::problem::catalogue::scheme as codes;
use dianzhi::scheme::{Source, check};

use dianzhi_tests::{root, shared};

const SCHEMES: [&str; 5] = ["bazhong_2023", "beijing_2022", "chs_drg_10", "chs_drg_11", "chs_drg_20"];

/// The DRGs that a scheme's README says cannot be reached: found there with another program and other claims.
fn expected(readme: &str) -> Vec<String> {
    let line = readme.lines().find(|line| line.starts_with("DRGs that cannot be reached")).unwrap();
    let (_, list) = line.split_once(": ").unwrap();
    let codes = list.trim_end_matches('.').split(", ").filter(|code| *code != "none");
    codes.map(str::to_owned).collect()
}

#[test]
fn exactly_the_drgs_that_are_known_to_be_out_of_reach() {
    let Some(schemes) = shared("schemes") else { return };
    for name in SCHEMES {
        let folder = schemes.join(name);
        let checked = check(&Source::read(&folder).unwrap().0);
        let expected = expected(&std::fs::read_to_string(folder.join("README.md")).unwrap());
        let mut found = checked.unreachable_drgs;
        found.sort();
        assert_eq!(found, expected, "{name}");
        assert!(!checked.problems.has_errors(), "{name}");
    }
}

/// The README of the national scheme 1.1 counts the codes that can never match as principal diagnosis.
#[test]
fn codes_outside_their_mdc_are_as_many_as_published() {
    let Some(schemes) = shared("schemes") else { return };
    let checked = check(&Source::read(&schemes.join("chs_drg_11")).unwrap().0);
    let found = checked.problems.0.iter().filter(|problem| problem.entry == &codes::CODE_NOT_IN_MDC);
    let counts: Vec<usize> = found
        .flat_map(|problem| problem.args.iter().filter(|(name, _)| *name == "count"))
        .map(|(_, count)| count.parse().unwrap())
        .collect();
    assert_eq!((counts.iter().sum::<usize>(), counts.len()), (252, 17));
}

/// The demonstration scheme has every rule and DRG in use.
#[test]
fn the_demonstration_scheme_is_reached_everywhere() {
    let checked = check(&Source::read(&root().join("fixtures/demo_scheme")).unwrap().0);
    assert!(checked.unreachable_drgs.is_empty(), "{:?}", checked.unreachable_drgs);
    assert!(checked.unreachable_rules.is_empty(), "{:?}", checked.unreachable_rules);
}
