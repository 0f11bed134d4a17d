//! `dianzhi policy …`: packs checked, listed and compared without claims.

use std::collections::BTreeSet;

use dianzhi::policy::{Difference, MemoryFiles, Outline, differences, open};
use dianzhi::problem::Problems;

use super::world::{compile, pack};

const WEIGHTS: &str = "table = [{ drg = \"ES31\", weight = 1.5 }, { drg = \"ES35\", weight = 1 }]";

fn outlines(text: &str) -> Vec<Outline> {
    let files = MemoryFiles::default().with("test.toml", text);
    open(&["test.toml".to_owned()], &files).unwrap_or_else(|problems| panic!("{problems}")).outlines()
}

fn told(found: &[Difference]) -> Vec<String> {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let path = |one: &Difference| format!("{}.{}", one.rule, one.parameter);
    found.iter().map(|one| format!("{} {} {}", path(one), value(&one.before), value(&one.after))).collect()
}

#[test]
fn two_packs_differ_by_parameters_rows_and_kinds() {
    let low = |rest: &str| format!("[rules.low_line]\nkind = \"low_line.flat\"\nequal = \"normal\"\n{rest}\n");
    let extra = "[rules.extra]\nkind = \"coefficient.fixed\"\nvalue = 0.9\n";
    let before = pack(WEIGHTS, &format!("{}{extra}", low("ratio = 0.30\nreference = \"group_mean\"")));
    let after = pack(&WEIGHTS.replace("1.5", "1.6"), &low("ratio = 0.35"));
    let found = differences(&outlines(&before), &outlines(&after));
    // A stated default is none; the number of noughts is none.
    let expected = ["extra. coefficient.fixed -", "low_line.ratio 0.3 0.35", "weights.table[ES31].weight 1.5 1.6"];
    assert_eq!(told(&found), expected);
    assert!(found.iter().all(|one| one.basis == "试验"), "{found:?}");
    assert_eq!(differences(&outlines(&before), &outlines(&before)), []);
    let none = pack(WEIGHTS, &format!("{extra}[rules.low_line]\nkind = \"low_line.none\"\n"));
    let found = differences(&outlines(&before), &outlines(&none));
    assert_eq!(told(&found), ["low_line. low_line.flat low_line.none"]);
}

#[test]
fn codes_that_the_scheme_does_not_have_are_told() {
    let rules = "[rules.same]\nkind = \"same_price.groups\"\ndrgs = [\"ES99\", \"ES35\"]\n\
        [rules.item]\nkind = \"special.cost\"\nwhen = { adrgs = [\"ES4\"], mdcs = [\"MDCE\"] }\n";
    let set = compile(&pack(WEIGHTS, rules));
    let some = |codes: &[&'static str]| codes.iter().copied().collect::<BTreeSet<&str>>();
    let found = set.packs[0].unknown_groups(&some(&["ES31", "ES35"]), &some(&["ES3"]), &some(&["MDCE"]));
    let told: Vec<_> =
        found.0.iter().map(|one| (one.entry.code, one.place.rule.clone().unwrap().to_string())).collect();
    assert_eq!(told, [("P042", "rules.item".to_owned()), ("P042", "rules.same".to_owned())]);
    assert!(found.to_string().contains("ES99") && !found.to_string().contains("ES35"), "{found}");
}

/// One run tells the faults of the header and those of every rule.
#[test]
fn a_faulty_header_hides_no_fault_of_a_rule() {
    let rules = "[rules.low_line]\nkind = \"low_line.flat\"\nratio = 0.3\nequal = \"normal\"\nflatt = 1\n\
        [rules.prepay]\nkind = \"prepay.share\"\nshare = 1.5\n[rules.method]\nkind = \"method.scal\"\n";
    let text = pack(WEIGHTS, rules).replace("status = \"in_force\"", "status = \"inforce\"\nfoo = 1");
    let files = MemoryFiles::default().with("test.toml", &text);
    let problems: Problems = open(&["test.toml".to_owned()], &files).unwrap_err();
    let codes: BTreeSet<&str> = problems.0.iter().map(|one| one.entry.code).collect();
    assert_eq!(codes, BTreeSet::from(["P002", "P007", "P008", "P009"]), "{problems}");
    // A key that the header does not know is no small matter by itself either.
    let text = pack(WEIGHTS, "").replace("status = \"in_force\"", "status = \"in_force\"\nvalid_form = 2026-01-01");
    let files = MemoryFiles::default().with("test.toml", &text);
    assert_eq!(open(&["test.toml".to_owned()], &files).unwrap_err().0[0].entry.code, "P002");
}

#[test]
fn the_commands_say_0_or_1() {
    let run = |words: &[&str]| dianzhi::cli::run(std::iter::once(&"dianzhi").chain(words));
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("good.toml"), pack(WEIGHTS, "")).unwrap();
    let crossing = "[rules.low_line]\nkind = \"low_line.flat\"\nratio = 3\nequal = \"normal\"\n\
        [rules.high_line]\nkind = \"high_line.flat\"\nratio = 2\nequal = \"normal\"\n";
    std::fs::write(path("bad.toml"), pack(WEIGHTS, crossing)).unwrap();
    assert_eq!(run(&["policy", "check", &path("good.toml")]), 0);
    assert_eq!(run(&["--json", "policy", "check", &path("good.toml"), "--scheme", "demo"]), 0);
    assert_eq!(run(&["policy", "check", "demo", "--scheme", "demo"]), 0);
    assert_eq!(run(&["policy", "check", &path("bad.toml")]), 1);
    assert_eq!(run(&["policy", "check", "bazhong_draft"]), 1, "it reads a table of a scheme");
    assert_eq!(run(&["policy", "show", "bazhong_draft"]), 0, "what is only listed needs none");
    assert_eq!(run(&["--lang", "en", "policy", "show", &path("bad.toml"), "low_line", "--all"]), 0);
    assert_eq!(run(&["policy", "diff", &path("good.toml"), &path("bad.toml")]), 0);
    assert_eq!(run(&["policy", "diff", &path("good.toml"), &path("no.toml")]), 1);
}
