//! Award packs: the embedded one, and what is told of a bad one.

use dianzhi::awards::{Trigger, compile, switches};
use dianzhi::policy::{MemoryFiles, open};

use super::support::{HEAD, policy};

#[test]
fn the_fourteen_rules_and_every_switch_stand_in_the_pack() {
    let policy = policy(&[]);
    let ids: Vec<&str> = policy.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10", "A11", "A12", "A13"]);
    assert_eq!(policy.second.as_ref().map(|second| second.id.as_str()), Some("A14"));
    assert!(policy.simulation, "the text is a draft");
    for rule in &policy.rules {
        assert!(rule.citation.article.contains("（十七）"), "{} cites its article", rule.id);
        let Trigger::Event { achievement } = &rule.trigger else { panic!("{} is not for an event", rule.id) };
        assert!(policy.achievements.iter().any(|known| known.code == *achievement));
    }
    for switch in switches::ALL {
        let stated = format!("{}：", switch.name);
        assert!(policy.placeholders.iter().any(|text| text.starts_with(&stated)), "{} is in the pack", switch.name);
        assert_eq!(policy.switches.get(switch.name), Some(switch.readings[0].name), "{} has its default", switch.name);
    }
    assert_eq!(policy.declared.len(), 2);
}

/// The codes of what is told about a pack.
fn told(rules: &str) -> Vec<&'static str> {
    let files = MemoryFiles::default().with("x.toml", &format!("{HEAD}{rules}"));
    let compiled = open(&["x.toml".to_owned()], &files).and_then(|bundle| bundle.fiscal(&[])).and_then(|p| compile(&p));
    match compiled {
        Ok(_) => Vec::new(),
        Err(problems) => problems.0.iter().map(|problem| problem.entry.code).collect(),
    }
}

fn rule(keys: &str) -> String {
    let kind = if keys.contains("kind =") { "" } else { "kind = \"award.event\"\nachievement = \"star\"\n" };
    format!("[rules.R1]\n{kind}title = \"t\"\nsubject = \"institution\"\nsource = \"d\"\narticle = \"二\"\n{keys}\n")
}

#[test]
fn a_good_pack_compiles() {
    assert_eq!(told(&rule("yuan = 100")), [""; 0]);
    let all = r#"
tiers = [{ grades = ["三星"], yuan = 1 }, { grades = ["四星"], matching = 0.5 }]
funding = { county = { city = 0.4, county = 0.6 } }
phases = [{ share = 0.5 }, { share = 0.5, after_months = 12, review = true }]
requires = [{ achievement = "star", grade = "三星" }, { indicator = "CMI", threshold = 1 }]
caps = [{ scope = "award", yuan = 5 }]
decay = [1, 0.5]
switches = { tiers = "highest" }
"#;
    assert_eq!(told(&rule(all)), [""; 0]);
}

#[test]
fn every_mistake_of_a_pack_is_told() {
    for (keys, code) in [
        ("", "A207"),
        ("yuan = 1\ntiers = [{ yuan = 1 }]", "A207"),
        ("tiers = [{ yuan = 1, per_unit = 2 }]", "A207"),
        ("tiers = [{ each = 1, step = 0 }]", "A207"),
        ("tiers = [{ yuan = 1, step = 1 }]", "A207"),
        ("yuan = 1\nrequires = [{ indicator = \"CMI\" }]", "A207"),
        ("tiers = [{ grades = [\"五星\"], yuan = 1 }]", "A209"),
        ("kind = \"award.event\"\nachievement = \"stra\"\nyuan = 1", "A208"),
        ("tiers = [{ yuan = 1, when = \"no_such=x\" }]", "A210"),
        ("yuan = 1\nswitches = { teirs = \"each\" }", "A203"),
        ("yuan = 1\nswitches = { tiers = \"ech\" }", "A204"),
        ("yuan = 1\nfunding = { county = { city = 0.4, county = 0.5 } }", "A206"),
        ("yuan = 1\nfunding = { town = { city = 1 } }", "A211"),
        ("yuan = 1\nfunding = { city = { city = 0.4, county = 0.6 } }", "A212"),
        ("yuan = 1\nphases = [{ share = 0.5 }]", "A206"),
        ("tiers = [{ bands = [{ to = 2, yuan = 1 }, { from = 1, yuan = 2 }] }]", "A213"),
        ("yuan = 1\nyaun = 2", "P002"),
        ("yuan = 1.005", "P006"),
        ("yuan = 1\nonce_per = \"subjct\"", "P008"),
    ] {
        assert_eq!(told(&rule(keys)), [code], "{keys}");
    }
    assert_eq!(told(""), ["A201"]);
    let parent = HEAD.replace("parent = \"某市\"", "parent = \"他市\"");
    let files = MemoryFiles::default().with("x.toml", &format!("{parent}{}", rule("yuan = 1")));
    let packs = open(&["x.toml".to_owned()], &files).unwrap().fiscal(&[]).unwrap();
    assert_eq!(compile(&packs).unwrap_err().0[0].entry.code, "A205");
    assert_eq!(compile(&[packs[0].clone(), packs[0].clone()]).unwrap_err().0[0].entry.code, "A202");
}

/// Insurance rules and fiscal rules never share a pack.
#[test]
fn fiscal_rules_are_unknown_to_insurance_packs() {
    let text = format!("{HEAD}{}", rule("yuan = 1"));
    let files = MemoryFiles::default().with("x.toml", &text.replace("money = \"fiscal\"", "money = \"insurance\""));
    let bundle = open(&["x.toml".to_owned()], &files).unwrap();
    assert_eq!(bundle.fiscal(&[]).unwrap().len(), 0);
    let codes: Vec<_> = bundle.compile(&[]).unwrap_err().0.iter().map(|problem| problem.entry.code).collect();
    assert!(codes.contains(&"P009"), "{codes:?}");
}

/// The pack that the page shows compiles, and the page names every switch and reading of the engine and of Bazhong.
#[test]
fn the_page_is_true() {
    let (_, text) = dianzhi_tests::files_of("awards.md").into_iter().find(|(name, _)| name == "county.toml").unwrap();
    let files = MemoryFiles::default().with("county.toml", &text);
    let packs = open(&["county.toml".to_owned()], &files).unwrap().fiscal(&[]).unwrap();
    let (policy, _) = compile(&packs).unwrap();
    assert_eq!((policy.rules.len(), policy.second.is_some(), policy.simulation), (5, true, false));
    let page = std::fs::read_to_string(dianzhi_tests::root().join("docs/awards.md")).unwrap();
    for switch in super::support::policy(&[]).in_force() {
        assert!(page.contains(&format!("| `{}` |", switch.switch)), "{} stands in the table", switch.switch);
        for (reading, _) in &switch.readings {
            assert!(page.contains(&format!("`{reading}`")), "{} can be read as {reading}", switch.switch);
        }
    }
}
