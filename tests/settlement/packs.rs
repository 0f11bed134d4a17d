//! Packs that must be refused, with every problem told at its place; patches; dates; the published schema.

use dianzhi::policy::{MemoryFiles, Patch, PolicySet, load_with_patches, open, schema};
use dianzhi::problem::{Lang, Problems};

use super::world::{World, case, compile, compile_with, pack};

const WEIGHTS: &str = "table = [{ drg = \"A\", weight = 1.5, mean = 12000 }]\nmean_cost = \"mean\"";

fn refused(rules: &str) -> Problems {
    match compile_with(&pack(WEIGHTS, rules), &[]) {
        Err(problems) => problems,
        Ok(_) => panic!("accepted: {rules}"),
    }
}

fn codes(problems: &Problems) -> Vec<&'static str> {
    problems.0.iter().map(|problem| problem.entry.code).collect()
}

/// Each of the rules is refused with its code, in words that are filled in.
fn tell_each(cases: &[(String, &str)]) {
    for (rules, code) in cases {
        let problems = refused(rules);
        assert!(codes(&problems).contains(code), "{code} expected for\n{rules}\n{problems}");
        for problem in &problems.0 {
            assert!(!problem.render(Lang::Zh).contains('{') || problem.render(Lang::Zh).contains("\"*\""), "{problem}");
        }
    }
}

#[test]
fn tables_of_lines_and_shares_that_lack_something_are_told() {
    tell_each(&[
        (
            "[rules.high_line]\nkind = \"high_line.by_level_weight\"\nequal = \"normal\"\n\
             bands = [{ level = \"三级\", below = 2, ratio = 2 }, { ratio = 1 }]\n"
                .into(),
            "P032",
        ),
        ("[rules.high_line]\nkind = \"high_line.by_group\"\nequal = \"normal\"\nothers = \"no_line\"\n".into(), "P033"),
        (
            "[rules.high_line]\nkind = \"high_line.by_group\"\nequal = \"normal\"\n\
             column = \"mean\"\nothers = \"bands\"\n"
                .into(),
            "P033",
        ),
        (
            "[rules.high_line]\nkind = \"high_line.by_group\"\nequal = \"normal\"\n\
             column = \"k\"\nothers = \"no_line\"\n"
                .into(),
            "P022",
        ),
        (
            "[rules.fine]\nkind = \"penalty.table\"\n\
             table = [{ fixmedins_code = \"H1\", insutype = \"居民\", amount = 1, reason = \"x\" }]\n"
                .into(),
            "P043",
        ),
        ("[rules.item]\nkind = \"special.cost\"\nwhen = { insutypes = [\"居民\"] }\n".into(), "P043"),
        (
            "[rules.institutions]\nkind = \"institutions.register\"\n\
             table = [{ fixmedins_code = \"H1\", hosp_lv = \"三级\" }]\n\
             [rules.fine]\nkind = \"penalty.table\"\n\
             table = [{ fixmedins_code = \"ZZZ\", insutype = \"310\", amount = 1, reason = \"x\" }]\n"
                .into(),
            "P044",
        ),
        ("[rules.prepay]\nkind = \"prepay.table\"\ntable = [{ level = \"三级\", share = 1 }]\n".into(), "P033"),
    ]);
}

#[test]
fn each_fault_of_a_rule_has_its_code() {
    let low = |rest: &str| format!("[rules.low_line]\nkind = \"low_line.flat\"\nequal = \"normal\"\n{rest}\n");
    let cases = [
        (low("ratio = 0.3\nratoi = 1"), "P002"),
        (low(""), "P003"),
        (low("ratio = true"), "P004"),
        (low("ratio = \"1e-1\""), "P005"),
        (low("ratio = 3.5e-1"), "P005"),
        (low("ratio = 0.1234567"), "P006"),
        (low("ratio = -0.1"), "P007"),
        ("[rules.low_line]\nkind = \"low_line.flat\"\nratio = 1\nequal = \"nromal\"\n".into(), "P008"),
        ("[rules.low_line]\nkind = \"low_lime.flat\"\nratio = 1\n".into(), "P009"),
        ("[rules.low_line]\nkind = \"none\"\n".into(), "P010"),
        ("[rules.other]\nkind = \"low_line.none\"\n".into(), "P011"),
        ("[rules.nobody]\nkind = \"none\"\n".into(), "P028"),
        ("[rules.pool_mean]\nkind = \"none\"\n".into(), "P031"),
        ("[rules.more]\nkind = \"ungrouped.unpaid\"\nstatuses = [\"invalid\"]\n".into(), "P030"),
        ("[rules.uncorrected]\nkind = \"none\"\n".into(), "P029"),
        (
            "[rules.high_line]\nkind = \"high_line.by_weight\"\nequal = \"normal\"\n\
             bands = [{ below = 2, ratio = 2 }, { below = 1, ratio = 3 }, { ratio = 1 }]\n"
                .into(),
            "P032",
        ),
        (
            "[rules.high_line]\nkind = \"high_line.by_weight\"\nequal = \"normal\"\n\
             bands = [{ below = 2, ratio = 2 }]\n"
                .into(),
            "P032",
        ),
        ("[rules.method]\nkind = \"method.rate\"\nrates = { \"*\" = 1 }\ndue = \"case\"\n".into(), "P033"),
        ("[rules.method]\nkind = \"method.rate\"\nrates = { \"311\" = 1 }\ndue = \"gross\"\n".into(), "P035"),
        (
            "[rules.pools]\nkind = \"pools.merged\"\n\
             pools = { \"a\" = [\"310\"], \"b\" = [\"310\", \"390\"] }\n"
                .into(),
            "P034",
        ),
        ("[rules.extra]\nkind = \"coefficient.level\"\n".into(), "P033"),
        ("[rules.budget]\nkind = \"budget.table\"\ntable = \"budgets.csv\"\n".into(), "P021"),
        ("[rules.budget]\nkind = \"budget.table\"\ntable = []\n".into(), "P024"),
        (
            "[rules.budget]\nkind = \"budget.table\"\n\
             table = [{ period = \"2026\", pool = \"310\", fund_budget = 1 },\n\
         { period = \"2026\", pool = \"310\", fund_budget = 1 }]\n"
                .into(),
            "P023",
        ),
        ("[rules.extra]\nkind = \"coefficient.level\"\ncolumns = { \"三级\" = \"c9\" }\n".into(), "P022"),
        (
            "[rules.a]\nkind = \"deduction.share\"\norder = 1\nshare = 0.1\nto = \"spent\"\n[rules.b]\n\
             kind = \"deduction.share\"\norder = 1\nshare = 0.1\nto = \"spent\"\n"
                .into(),
            "P026",
        ),
    ];
    tell_each(&cases);
}

#[test]
fn problems_say_file_rule_and_line_and_come_all_at_once() {
    let rules = "[rules.low_line]\nkind = \"low_line.flat\"\nratio = 0.12345678\nequal = \"nrmal\"\nlowerof = true\n";
    let text = pack(WEIGHTS, rules);
    let problems = refused(rules);
    assert_eq!(codes(&problems), ["P002", "P006", "P008"]);
    let line = |needle: &str| text.lines().position(|line| line.starts_with(needle)).unwrap() as u64 + 1;
    let places: Vec<_> = problems.0.iter().map(|p| (p.place.row.unwrap(), p.place.rule.clone().unwrap())).collect();
    assert_eq!(places[0], (line("lowerof"), "rules.low_line".into()));
    assert_eq!(places[1], (line("ratio"), "rules.low_line.ratio".into()));
    assert_eq!(places[2], (line("equal"), "rules.low_line.equal".into()));
    assert!(problems.render(Lang::Zh).contains("lower_of"), "the closest key is suggested");
    assert!(problems.0.iter().all(|p| p.place.file.as_deref() == Some("test.toml")));
}

#[test]
fn special_rules_that_can_meet_need_an_order() {
    let rules = |first: &str, second: &str| {
        format!("[rules.a]\nkind = \"special.cost\"\n{first}\n[rules.b]\nkind = \"special.exclude\"\n{second}\n")
    };
    let meets = [
        ("when = { departments = [\"A\"] }", "when = { departments = [\"A\", \"B\"] }"),
        ("when = { departments = [\"A\"] }", "when = { levels = [\"三级\"] }"),
        ("when = { days_from = 10 }", "when = { days_to = 10 }"),
        ("when = { diagnoses = [\"I21\"] }", "when = { diagnoses = [\"I2\"] }"),
        ("when = { departments = [\"A\"] }\norder = 1", "when = { departments = [\"A\"] }"),
        ("when = { departments = [\"A\"] }\norder = 1", "when = { departments = [\"A\"] }\norder = 1"),
    ];
    for (first, second) in meets {
        assert_eq!(codes(&refused(&rules(first, second))), ["P026"], "{first} / {second}");
    }
    let apart = [
        ("when = { departments = [\"A\"] }", "when = { departments = [\"B\"] }"),
        ("when = { days_from = 11 }", "when = { days_to = 10 }"),
        ("when = { diagnoses = [\"I21\"] }", "when = { diagnoses = [\"I22\"] }"),
        ("when = { departments = [\"A\"] }\norder = 1", "when = { departments = [\"A\"] }\norder = 2"),
    ];
    for (first, second) in apart {
        compile(&pack(WEIGHTS, &rules(first, second)));
    }
}

/// A low line on or above the high line leaves no normal case; a condition that asks nothing holds for all.
#[test]
fn lines_that_cross_and_empty_conditions_are_refused() {
    let lines = |low: &str, high: &str| {
        format!(
            "[rules.low_line]\nkind = \"low_line.{low}\nequal = \"normal\"\n\
             [rules.high_line]\nkind = \"high_line.{high}\nequal = \"normal\"\n"
        )
    };
    let flat = |ratio: &str| format!("flat\"\nratio = {ratio}");
    assert_eq!(codes(&refused(&lines(&flat("3"), &flat("2")))), ["P040"]);
    assert_eq!(codes(&refused(&lines(&flat("2"), &flat("2")))), ["P040"]);
    compile(&pack(WEIGHTS, &lines(&flat("1.999999"), &flat("2"))));
    // The group A has RW 1.5: bands that cross for no group are let be, and levels count by themselves.
    let bands = |first: &str, second: &str| {
        format!("by_weight\"\nbands = [{{ below = 1.5, ratio = {first} }}, {{ ratio = {second} }}]")
    };
    compile(&pack(WEIGHTS, &lines(&bands("3", "0.3"), &flat("2"))));
    assert_eq!(codes(&refused(&lines(&bands("0.3", "2"), &flat("2")))), ["P040"]);
    let levels = "by_level\"\nlevels = { \"三级\" = 0.3, \"二级\" = 2.5 }";
    assert_eq!(codes(&refused(&lines(levels, &flat("2")))), ["P040"]);
    let other = "flat\"\nratio = 3\nreference = \"pool_mean\"";
    let means = "[rules.pool_mean]\nkind = \"pool_mean.current\"\n";
    compile(&pack(WEIGHTS, &format!("{means}{}", lines(other, &flat("2")))));

    for rule in [
        "kind = \"special.cost\"\nwhen = { }",
        "kind = \"adjust.uplift\"\nwhen = { }\nfactor = 1.1",
        "kind = \"readmission.within\"\ndays = 15\nsame = \"drg\"\nplace = \"institution\"\nreduces = \"later\"\n\
         share = 0.5\nexempt = [{ }]",
    ] {
        assert_eq!(codes(&refused(&format!("[rules.all]\n{rule}\n"))), ["P041"], "{rule}");
    }
}

fn dated(packs: &[(&str, &str, &str)]) -> Result<PolicySet, Problems> {
    let mut files = MemoryFiles::default();
    let mut names = Vec::new();
    for (at, (id, place, dates)) in packs.iter().enumerate() {
        let text = format!(
            "id = \"{id}\"\ntitle = \"{id}\"\nplace = \"{place}\"\n{dates}\nstatus = \"in_force\"\nextends = \"base\"\n\
             [rules.weights]\nkind = \"weights.table\"\ntable = [{{ drg = \"A\", weight = 1 }}]\nplaceholder = \"x\"\n"
        );
        let name = format!("p{at}.toml");
        files = files.with(&name, &text);
        names.push(name);
    }
    load_with_patches(&names, &files, &[]).map(|(set, _)| set)
}

#[test]
fn the_discharge_date_picks_the_pack() {
    let (a, b) = ("valid_from = 2025-01-01\nvalid_to = 2026-03-09", "valid_from = 2026-03-10");
    let set = dated(&[("b", "甲", b), ("a", "甲", a)]).unwrap();
    let day = |text: &str| text.parse().unwrap();
    let id = |text: &str| set.on(day(text)).map(|pack| set.packs[pack].id.as_str());
    assert_eq!([id("2026-03-09"), id("2026-03-10"), id("2024-12-31")], [Some("a"), Some("b"), None]);
    let code = |packs: &[(&str, &str, &str)]| codes(&dated(packs).unwrap_err());
    assert_eq!(code(&[("a", "甲", a), ("b", "甲", "valid_from = 2026-03-09")]), ["P017"]);
    assert_eq!(code(&[("a", "甲", a), ("b", "甲", "valid_from = 2026-03-11")]), ["P018"]);
    assert_eq!(code(&[("a", "甲", "valid_from = 2025-01-01"), ("b", "甲", b)]), ["P017"]);
    assert_eq!(code(&[("a", "甲", a), ("b", "乙", b)]), ["P019"]);
    assert_eq!(code(&[("a", "甲", a), ("a", "甲", b)]), ["P027"]);
    assert_eq!(code(&[("a", "甲", "valid_from = 2026-01-02\nvalid_to = 2026-01-01")]), ["P016"]);
    assert_eq!(code(&[("a", "甲", "valid_to = 2026-01-01")]), ["P033"]);
}

#[test]
fn a_month_across_two_packs_uses_both() {
    let text = |id: &str, dates: &str, weight: &str, scale: &str| {
        format!(
            "id = \"{id}\"\ntitle = \"{id}\"\nplace = \"甲\"\n{dates}\nstatus = \"in_force\"\nextends = \"base\"\n\
             [rules.method]\nkind = \"method.points\"\nscale = {scale}\nplaceholder = \"x\"\n\
             [rules.low_line]\nkind = \"low_line.none\"\nplaceholder = \"x\"\n\
             [rules.weights]\nkind = \"weights.table\"\ntable = [{{ drg = \"A\", weight = {weight} }}]\n\
                  placeholder = \"x\"\n"
        )
    };
    let set = |scale: &str| {
        let files = MemoryFiles::default()
            .with("a.toml", &text("a", "valid_from = 2025-01-01\nvalid_to = 2026-03-09", "1", "100"))
            .with("b.toml", &text("b", "valid_from = 2026-03-10", "2", scale));
        load_with_patches(&["a.toml".to_owned(), "b.toml".to_owned()], &files, &[]).unwrap().0
    };
    let world = World::new(&[case("A", "10").discharged("2026-03-09"), case("A", "10").discharged("2026-03-10")]);
    let (priced, _) = world.settle(&set("100"), "2026-03").unwrap();
    assert_eq!(priced.points_e4, [1_000_000, 2_000_000]);
    assert_eq!(codes(&world.settle(&set("1000"), "2026-03").unwrap_err()), ["M012"]);
}

#[test]
fn inheritance_and_citations() {
    let files = MemoryFiles::default()
        .with("a.toml", "id = \"a\"\ntitle = \"a\"\nextends = \"b\"\n")
        .with("b.toml", "id = \"b\"\ntitle = \"b\"\nplace = \"x\"\nvalid_from = 2020-01-01\nextends = \"a\"\n");
    let open_all =
        |names: &[&str]| open(&names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>(), &files).unwrap_err();
    assert_eq!(codes(&open_all(&["a.toml", "b.toml"])), ["P015"]);
    assert_eq!(codes(&open_all(&["a.toml"])), ["P020"]);
    assert_eq!(codes(&open_all(&["c.toml"])), ["P021"]);
    let one = |text: &str| {
        let files = MemoryFiles::default().with("a.toml", text);
        codes(&load_with_patches(&["a.toml".to_owned()], &files, &[]).unwrap_err())
    };
    let head = "id = \"a\"\ntitle = \"a\"\nplace = \"x\"\nvalid_from = 2020-01-01\n";
    assert_eq!(one(&format!("{head}extends = \"bsae\"\n")), ["P014"]);
    assert_eq!(one("id = "), ["P001"]);
    let weights = "[rules.weights]\nkind = \"weights.table\"\ntable = [{ drg = \"A\", weight = 1 }]\n";
    assert_eq!(one(&format!("{head}extends = \"base\"\n{weights}")), ["P012"]);
    assert_eq!(one(&format!("{head}extends = \"base\"\n{weights}source = \"s\"\narticle = \"一\"\n")), ["P013"]);
    let cited = format!(
        "{head}extends = \"base\"\n[[source]]\nid = \"s\"\ndocument = \"某文件\"\nnumber = \"某发〔2026〕1号\"\n\
             date = 2026-01-01\n{weights}source = \"s\"\narticle = \"第一条\"\n"
    );
    let set = compile(&cited);
    let citation = set.packs[0].rule(set.packs[0].weights.rule).citation.clone().unwrap();
    assert_eq!((citation.number.as_deref(), citation.article.as_str()), (Some("某发〔2026〕1号"), "第一条"));
}

#[test]
fn patches_reach_any_parameter_and_misspelt_paths_are_told() {
    let text = pack(
        WEIGHTS,
        "[rules.budget]\nkind = \"budget.table\"\n\
             table = [{ period = \"2026-03\", pool = \"310\", fund_budget = 100 }]\n",
    );
    let points = |path: &str, value: &str| {
        let set = compile_with(&text, &[Patch::new(path, value)]).unwrap_or_else(|p| panic!("{p}"));
        World::new(&[case("A", "4300")]).price(&set, None).unwrap().points_e4[0]
    };
    assert_eq!(points("rules.method.scale", "100"), 1_500_000);
    assert_eq!(points("rules.method.scale", "1000"), 15_000_000);
    assert_eq!(points("rules.weights.table[A].weight", "1.6"), 1_600_000);
    assert_eq!(points("rules.weights.table.A.weight", "\"1.6\""), 1_600_000);
    assert_eq!(points("test:rules.method.scale", "10"), 150_000);
    // A parameter with a default may be stated; a rule may be replaced.
    assert_eq!(points("rules.rounding.points_digits", "0"), 1_500_000);
    assert_eq!(points("rules.low_line", "{ kind = \"low_line.none\", placeholder = \"x\" }"), 1_500_000);
    let near = |path: &str| {
        let problems = compile_with(&text, &[Patch::new(path, "1")]).unwrap_err();
        assert_eq!(codes(&problems), ["P025"], "{path}");
        problems.0[0].args.iter().find(|(name, _)| *name == "closest").unwrap().1.clone()
    };
    assert_eq!(near("rules.mehtod.scale"), "rules.method.scale");
    assert_eq!(near("rules.method.scael"), "rules.method.scale");
    assert_eq!(near("rules.weights.table[A].wieght"), "rules.weights.table[A].weight");
    assert_eq!(near("rules.budget.table[2026-03/301].fund_budget"), "rules.budget.table[2026-03/310].fund_budget");
    assert_eq!(near("other:rules.method.scale"), "-");
    let problems = compile_with(&text, &[Patch::new("rules.low_line.ratio", "-1")]).unwrap_err();
    assert_eq!(codes(&problems), ["P007"]);
    let bundle = open(&["t.toml".to_owned()], &MemoryFiles::default().with("t.toml", &text)).unwrap();
    assert_eq!(bundle.get("rules.budget.table[2026-03/310].fund_budget"), ["100"]);
    assert_eq!(bundle.get("rules.nothing"), Vec::<String>::new());
    // A compilation changes nothing for the next.
    bundle.compile(&[Patch::new("rules.method.scale", "7")]).unwrap();
    assert_eq!(bundle.get("rules.method.scale"), ["100"]);
}

#[test]
fn csv_tables_stand_beside_the_pack_in_utf8_or_gbk() {
    let text = pack("table = \"表/weights.csv\"\ndrg = \"病组\"\nweight = \"权重\"", "");
    let csv = "病组,名称,权重\r\nA,甲,1.5\r\n,,\r\nB,乙,\r\n";
    let gbk = encode_gbk(csv);
    for bytes in [csv.as_bytes().to_vec(), [b"\xef\xbb\xbf".as_slice(), csv.as_bytes()].concat(), gbk] {
        let mut files = MemoryFiles::default().with("city/p.toml", &text);
        files.0.insert("city/表/weights.csv".into(), bytes);
        let (set, _) = load_with_patches(&["city/p.toml".to_owned()], &files, &[]).unwrap();
        assert_eq!(set.packs[0].weight_table.rows["A"].value.unwrap().0, 1_500_000);
        assert_eq!(set.packs[0].weight_table.rows["B"].value, None);
    }
    let mut files = MemoryFiles::default().with("city/p.toml", &text);
    files = files.with("city/表/weights.csv", "病组,名称,权重\nA,甲,1.5\nA,甲,1.5x\nC,丙\n");
    let problems = load_with_patches(&["city/p.toml".to_owned()], &files, &[]).unwrap_err();
    assert_eq!(codes(&problems), ["F008"]);
    assert_eq!((problems.0[0].place.row, problems.0[0].place.file.as_deref()), (Some(4), Some("city/表/weights.csv")));
    files = files.with("city/表/weights.csv", "病组,名称,权重\nA,甲,1.5\nA,甲,1.5x\n");
    let problems = load_with_patches(&["city/p.toml".to_owned()], &files, &[]).unwrap_err();
    assert_eq!(codes(&problems), ["P023", "P005"]);
    assert_eq!(problems.0[1].place.rule.as_deref(), Some("rules.weights.table.[A].权重"));
}

/// The few letters used above, in GBK.
fn encode_gbk(text: &str) -> Vec<u8> {
    let table = [
        ('病', [0xb2, 0xa1]),
        ('组', [0xd7, 0xe9]),
        ('名', [0xc3, 0xfb]),
        ('称', [0xb3, 0xc6]),
        ('权', [0xc8, 0xa8]),
        ('重', [0xd6, 0xd8]),
        ('甲', [0xbc, 0xd7]),
        ('乙', [0xd2, 0xd2]),
    ];
    text.chars()
        .flat_map(|c| match table.iter().find(|(own, _)| *own == c) {
            Some((_, bytes)) => bytes.to_vec(),
            None => vec![u8::try_from(c).unwrap()],
        })
        .collect()
}

/// The published schema is the one the code would print. `DIANZHI_UPDATE=1 cargo test` writes it anew.
#[test]
fn the_published_schema_is_that_of_the_code() {
    let path = dianzhi_tests::root().join("seeds/policy.schema.json");
    let text = format!("{}\n", serde_json::to_string_pretty(&schema::json_schema()).unwrap());
    if std::env::var_os("DIANZHI_UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == text,
        "seeds/policy.schema.json is not that of the code: run DIANZHI_UPDATE=1 cargo test schema"
    );
}
