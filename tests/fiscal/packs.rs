//! Packs of floors: what is told of a bad one.

use dianzhi::fiscal::compile;
use dianzhi::policy::{MemoryFiles, open};

use super::support::policy;

#[test]
fn every_rule_of_the_text_is_in_the_pack() {
    let policy = policy(&[]);
    let ids: Vec<&str> = policy.floors.iter().map(|floor| floor.id.as_str()).collect();
    assert_eq!(ids, ["B12-1", "B14-1", "B14-2", "B14-3", "B14-4", "B14-5", "B14-6", "B14-7", "B14-8"]);
    assert!(policy.simulation, "the text is a draft");
    for floor in &policy.floors {
        assert!(floor.citation.article.contains('（'), "{} cites its article", floor.id);
    }
}

const HEAD: &str = r#"
id = "x"
title = "x"
place = "某市"
money = "fiscal"
valid_from = 2026-01-01
status = "in_force"
[[source]]
id = "d"
document = "某文件"
[rules.governments]
kind = "government.list"
source = "d"
article = "一"
list = [{ name = "某市", level = "city" }, { name = "甲县", level = "county" }]
[rules.accounts]
kind = "account.list"
source = "d"
article = "一"
list = [{ code = "spent", name = "支出" }, { code = "base", name = "基数" }, { code = "rate", name = "率", unit = "rate" }]
"#;

/// The codes of what is told about floors.
fn told(floor: &str) -> Vec<&'static str> {
    let head = "[rules.F]\ntitle = \"t\"\nlevels = [\"city\"]\nsource = \"d\"\narticle = \"二\"\namount = \"spent\"\n";
    let rule = if floor.is_empty() { String::new() } else { format!("{head}{floor}\n") };
    let files = MemoryFiles::default().with("x.toml", &format!("{HEAD}{rule}"));
    let packs = open(&["x.toml".to_owned()], &files).and_then(|bundle| bundle.fiscal(&[]));
    match packs.and_then(|packs| compile(&packs)) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.0.iter().map(|problem| problem.entry.code).collect(),
    }
}

#[test]
fn every_mistake_is_told() {
    for (floor, codes) in [
        ("kind = \"floor.share\"\nbase = \"base\"\nshare = 0.1", &[][..]),
        ("kind = \"floor.co_funding\"\ntotal = \"base\"\nshares = { \"某市\" = 0.6, \"甲县\" = 0.4 }", &[]),
        ("", &["A301"]),
        ("kind = \"floor.share\"\nbase = \"bsae\"\nshare = 0.1", &["A303"]),
        ("kind = \"floor.share\"\nbase = \"rate\"\nshare = 0.1", &["A304"]),
        ("kind = \"floor.growth\"\nindex = \"base\"", &["A304"]),
        ("kind = \"floor.share\"\nbase = \"base\"\nshare = 1", &["A306"]),
        ("kind = \"floor.co_funding\"\ntotal = \"base\"\nshares = { \"某市\" = 0.6, \"乙县\" = 0.4 }", &["A305"]),
        ("kind = \"floor.co_funding\"\ntotal = \"base\"\nshares = { \"某市\" = 0.6, \"甲县\" = 0.3 }", &["A206"]),
        ("kind = \"floor.co_funding\"\ntotal = \"base\"", &["A207"]),
        (
            "kind = \"floor.co_funding\"\ntotal = \"base\"\nshare_account = \"rate\"\nshares = { \"某市\" = 1 }",
            &["A207"],
        ),
    ] {
        assert_eq!(told(floor), codes, "{floor}");
    }
    let bundle = open(&["seeds:bazhong_fiscal.toml".to_owned()], &MemoryFiles::default()).unwrap();
    let packs = bundle.fiscal(&[]).unwrap();
    assert_eq!(compile(&[packs[0].clone(), packs[0].clone()]).unwrap_err().0[0].entry.code, "A302");
}

/// The pack that the page shows compiles, and the page names every floor of Bazhong.
#[test]
fn the_page_is_true() {
    let (_, text) = dianzhi_tests::files_of("fiscal.md").into_iter().find(|(name, _)| name == "floors.toml").unwrap();
    let files = MemoryFiles::default().with("floors.toml", &text);
    let packs = open(&["floors.toml".to_owned()], &files).unwrap().fiscal(&[]).unwrap();
    assert_eq!(compile(&packs).unwrap().0.floors.len(), 3);
    let page = std::fs::read_to_string(dianzhi_tests::root().join("docs/fiscal.md")).unwrap();
    for floor in &policy(&[]).floors {
        assert!(page.contains(&format!("| {} |", floor.id)), "{} stands in the table", floor.id);
    }
}
