//! Scenario workbooks: the same study as from a file, and whatever is wrong told by sheet and cell.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dianzhi::job::StudyFile;
use dianzhi::problem::Problems;

use super::command::{settled, write};
use crate::workbook::support::{Filled, dianzhi, fill, sheet, sheets, template, text};

const BASELINE: [Filled<'static>; 5] = [
    &[("项目", "标题"), ("内容", "三月测算")],
    &[("项目", "账册"), ("内容", "book")],
    &[("项目", "期间"), ("内容", "2026-03")],
    &[("项目", "奖补政策包"), ("内容", "bazhong_awards")],
    &[("项目", "奖补填报表"), ("内容", "events.csv")],
];

const BUDGET: &str = "月度预算（全部行）｜rules.budget.table[*].fund_budget";

const SCENARIOS: [Filled<'static>; 4] = [
    &[("名称", "预算增 5%"), ("参数", BUDGET), ("变动方式", "乘以该数"), ("值", "1.05"), ("说明", "试算")],
    &[("名称", "九成"), ("参数", "rules.prepay.share"), ("值", "90%")],
    &[("名称", "九成"), ("参数", "rules.high_line.bands[*].ratio"), ("变动方式", "times"), ("值", "0.9")],
    &[("名称", "四星"), ("参数", "events[E02].grade"), ("变动方式", "改为该值"), ("值", "四星")],
];

const ADDED: [Filled<'static>; 1] = [&[
    ("情景", "再多一家"),
    ("事件编号", "E09"),
    ("成果类型", "医院等级评审"),
    ("等次", "三级甲等"),
    ("主体编码", "H09"),
    ("主体名称", "平昌县人民医院"),
    ("主体类型", "单位"),
    ("同级财政", "平昌县"),
    ("举办性质", "公立"),
    ("认定日期", "2025-10-01"),
]];

const REMOVED: [Filled<'static>; 1] = [&[("情景", "再多一家"), ("填报表", "事件"), ("行", "E03")]];

const GRID: [Filled<'static>; 2] = [
    &[("名称", "网格"), ("参数", "rules.prepay.share"), ("起", "0.85"), ("止", "0.95"), ("步长", "0.05")],
    &[("名称", "网格"), ("参数", "rules.deposit.share"), ("取值", "0.03、5%")],
];

const TORNADO: [Filled<'static>; 2] = [
    &[
        ("名称", "敏感性"),
        ("参数", BUDGET),
        ("变动方式", "乘以该数"),
        ("低值", "0.95"),
        ("高值", "1.05"),
        ("主体类别", "基金池"),
        ("主体", "310"),
        ("指标", "点值"),
    ],
    &[("名称", "敏感性"), ("参数", "rules.prepay.share"), ("低值", "0.9"), ("高值", "0.96")],
];

const DRAWS: [Filled<'static>; 1] = [&[
    ("名称", "抽样"),
    ("次数", "5"),
    ("种子", "1"),
    ("参数", BUDGET),
    ("变动方式", "乘以该数"),
    ("分布", "normal"),
    ("均值", "1"),
    ("标准差", "0.03"),
    ("下限", "0.9"),
    ("上限", "1.1"),
]];

const GOAL: [Filled<'static>; 1] = [&[
    ("名称", "奖补"),
    ("参数", "rules.A8.tiers[*].yuan"),
    ("下限", "0"),
    ("上限", "3000000"),
    ("小数位", "0"),
    ("资金", "财政奖补"),
    ("指标", "金额"),
    ("目标值", "2,300,000"),
    ("在哪一侧", "不超过目标值"),
]];

const PROJECTION: [Filled<'static>; 1] = [&[
    ("名称", "两年"),
    ("年数", "2"),
    ("病例增长", "2%"),
    ("预算增长", "5%；4%"),
    ("参数", "rules.prepay.share"),
    ("值", "0.9"),
]];

const THE_SAME: &str = r#"
title = "三月测算"
[baseline]
book = "book"
period = "2026-03"
awards = { policy = "bazhong_awards", inputs = ["events.csv"] }
[[scenario]]
name = "预算增 5%"
times = { "rules.budget.table[*].fund_budget" = 1.05 }
[[scenario]]
name = "九成"
set = { "rules.prepay.share" = 0.9 }
times = { "rules.high_line.bands[*].ratio" = 0.9 }
[[scenario]]
name = "四星"
set = { "events[E02].grade" = "四星" }
[[scenario]]
name = "再多一家"
add = { events = [{ event_id = "E09", achievement = "医院等级评审", grade = "三级甲等", subject_id = "H09",
    subject_name = "平昌县人民医院", subject_kind = "单位", place = "平昌县", ownership = "公立", named = 2025-10-01 }] }
remove = { events = ["E03"] }
[[grid]]
name = "网格"
axis = [{ path = "rules.prepay.share", from = 0.85, to = 0.95, step = 0.05 },
    { path = "rules.deposit.share", values = [0.03, 0.05] }]
[[tornado]]
name = "敏感性"
target = { kind = "pool", subject = "310", measure = "point_value" }
input = [{ path = "rules.budget.table[*].fund_budget", change = "times", low = 0.95, high = 1.05 },
    { path = "rules.prepay.share", low = 0.9, high = 0.96 }]
[[draws]]
name = "抽样"
count = 5
seed = 1
input = [{ path = "rules.budget.table[*].fund_budget", change = "times", distribution = "normal", mean = 1, sd = 0.03,
    low = 0.9, high = 1.1 }]
[[goal]]
name = "奖补"
path = "rules.A8.tiers[*].yuan"
low = 0
high = 3000000
digits = 0
value = 2300000
side = "at_most"
target = { money = "fiscal_awards", measure = "amount" }
[[projection]]
name = "两年"
years = 2
cases = [0.02]
budget = [0.05, 0.04]
set = { "rules.prepay.share" = 0.9 }
"#;

fn filled(dir: &Path, rows: &[(&str, &[Filled<'_>])]) -> PathBuf {
    let path = dir.join("s.xlsx");
    fill(&template(dir, "scenario", "zh"), rows, &path);
    path
}

/// Every file of a folder.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (name(&path), fs::read(&path).unwrap()))
        .collect()
}

#[test]
fn a_workbook_and_a_file_give_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    settled(dir.path(), "300");
    fs::write(dir.path().join("events.csv"), super::fiscal::EVENTS).unwrap();
    let workbook = filled(
        dir.path(),
        &[
            ("基线", &BASELINE),
            ("情景", &SCENARIOS),
            ("新增事件", &ADDED),
            ("删除行", &REMOVED),
            ("网格", &GRID),
            ("敏感性", &TORNADO),
            ("抽样", &DRAWS),
            ("目标求解", &GOAL),
            ("多年预测", &PROJECTION),
        ],
    );
    let toml = write(dir.path(), THE_SAME);
    let [one, other] = [(&workbook, "a"), (&toml, "b")].map(|(file, out)| {
        let out = dir.path().join(out);
        assert_eq!(dianzhi(&["scenario", "check", text(file)]), 0);
        assert_eq!(dianzhi(&["scenario", "run", text(file), "-o", text(&out)]), 0);
        files(&out)
    });
    assert!(one.len() >= 18, "{:?}", one.keys());
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(other[name] == *bytes, "{name} differs");
    }
}

/// Codes and places of what is wrong with a workbook.
fn told(rows: &[(&str, &[Filled<'_>])]) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let found = StudyFile::read(&filled(dir.path(), rows)).and_then(|study| study.run(&|_| ()));
    let problems = found.map_or_else(|problems| problems, |studied| studied.warnings);
    lines(&problems)
}

fn lines(problems: &Problems) -> Vec<String> {
    let cell = |p: &dianzhi::problem::Problem| p.place.column.clone().unwrap_or_default();
    problems
        .0
        .iter()
        .map(|p| format!("{} {} {}", p.entry.code, p.place.file.clone().unwrap_or_default(), cell(p)))
        .collect()
}

const DEMO: [Filled<'static>; 3] = [
    &[("项目", "期间"), ("内容", "2025")],
    &[("项目", "奖补政策包"), ("内容", "bazhong_awards")],
    &[("项目", "奖补填报表"), ("内容", "demo")],
];

#[test]
fn cells_that_cannot_be_read() {
    for (sheet, row, problem) in [
        ("情景", &[("名称", "a"), ("参数", "rules.A8.tiers[*].yuan")][..], "K005 s.xlsx[情景] D2 值"),
        ("情景", &[("名称", "a"), ("参数", "x"), ("变动方式", "加倍"), ("值", "1")], "K010 s.xlsx[情景] C2 变动方式"),
        ("情景", &[("名称", "a"), ("参数", "x"), ("变动方式", "乘以该数"), ("值", "多")], "K008 s.xlsx[情景] D2 值"),
        ("网格", &[("名称", "a"), ("参数", "x"), ("取值", "1,5")], "K018 s.xlsx[网格] D2 取值"),
        ("网格", &[("名称", "a"), ("参数", "x"), ("起", "一")], "P005 s.xlsx[网格] E2 起"),
        ("抽样", &[("名称", "a"), ("参数", "x"), ("分布", "uniform"), ("次数", "5")], "P003 s.xlsx[抽样] C2 种子"),
        ("抽样", &[("名称", "a"), ("参数", "x"), ("分布", "正太")], "K010 s.xlsx[抽样] G2 分布"),
        (
            "抽样",
            &[("名称", "a"), ("参数", "x"), ("分布", "uniform"), ("次数", "0"), ("种子", "1")],
            "P007 s.xlsx[抽样] B2 次数",
        ),
        (
            "目标求解",
            &[("名称", "a"), ("参数", "x"), ("上限", "1"), ("指标", "金额"), ("目标值", "1")],
            "P003 s.xlsx[目标求解] D2 下限",
        ),
        ("多年预测", &[("名称", "a"), ("年数", "31")], "P007 s.xlsx[多年预测] B2 年数"),
        ("删除行", &[("情景", "a"), ("填报表", "活动"), ("行", "E1")], "K010 s.xlsx[删除行] B2 填报表"),
        ("新增事件", &[("情景", "a"), ("事件编号", "E9")], "K005 s.xlsx[新增事件] C2 成果类型"),
    ] {
        let found = told(&[("基线", &DEMO), (sheet, &[row])]);
        assert!(found.contains(&problem.to_owned()), "{problem} in {found:?}");
    }
    let twice: [Filled<'_>; 2] = [
        &[("名称", "a"), ("年数", "2"), ("参数", "rules.A8.tiers[*].yuan"), ("值", "1")],
        &[("名称", "a"), ("年数", "3")],
    ];
    assert_eq!(told(&[("基线", &DEMO), ("多年预测", &twice)]), ["K019 s.xlsx[多年预测] B3 年数"]);
}

/// What is found when the packs and forms are looked at comes back to the cell as well.
#[test]
fn what_the_rules_say_is_told_at_the_cell() {
    let of = |sheet: &str, row: Filled<'_>| told(&[("基线", &DEMO), (sheet, &[row])]);
    let scenario = |path, value| of("情景", &[("名称", "甲"), ("参数", path), ("值", value)]);
    assert_eq!(scenario("rules.A8.tires[*].yuan", "5"), ["X005 s.xlsx[情景] B2 参数"]);
    assert_eq!(scenario("rules.A8.tiers[*].yuan", "1000000"), ["X004 s.xlsx[情景] B2 参数"]);
    assert_eq!(scenario("rules.A8.tiers[*].yuan", "-5"), ["P007 s.xlsx[情景] B2 参数"]);
    assert_eq!(scenario("events[E02].grade", "三星"), ["X004 s.xlsx[情景] B2 参数"]);
    assert_eq!(
        of(
            "新增事件",
            &[ADDED[0], &[]]
                .concat()
                .iter()
                .map(|(k, v)| if *k == "等次" { (*k, "三甲") } else { (*k, *v) })
                .collect::<Vec<_>>()
        ),
        ["K010 s.xlsx[新增事件] D2 等次"]
    );
    assert_eq!(of("删除行", &[("情景", "甲"), ("填报表", "事件"), ("行", "E99")]), ["X005 s.xlsx[删除行] C2 行"]);
    let goal = [("名称", "乙"), ("参数", "rules.A8.tiers[*].yuan"), ("下限", "0"), ("上限", "9"), ("资金", "财政奖补")];
    let wrong = [&goal[..], &[("指标", "点值"), ("目标值", "1")]].concat();
    assert_eq!(of("目标求解", &wrong), ["X013 s.xlsx[目标求解] K2 指标"]);
    let none: [Filled<'_>; 1] = [&[("项目", "分组方案"), ("内容", "demo")]];
    let row: [Filled<'_>; 1] = [&[("名称", "甲"), ("参数", "rules.prepay.share"), ("值", "0.9")]];
    assert_eq!(told(&[("基线", &none), ("情景", &row)]), ["X001  "]);
    let half: [Filled<'_>; 1] = [&[("项目", "奖补政策包"), ("内容", "bazhong_awards")]];
    assert_eq!(told(&[("基线", &half), ("情景", &row)])[0].split(' ').next(), Some("X001"));
}

#[test]
fn the_example_runs_from_template_to_result() {
    let dir = tempfile::tempdir().unwrap();
    for lang in ["zh", "en"] {
        let (path, result) = (dir.path().join("x.xlsx"), dir.path().join("y.xlsx"));
        assert_eq!(dianzhi(&["--lang", lang, "template", "scenario", "--example", "-o", text(&path)]), 0);
        assert_eq!(dianzhi(&["--lang", lang, "scenario", "run", text(&path), "-o", text(&result)]), 0, "{lang}");
        let names = sheets(&result);
        let (first, last) = if lang == "zh" { ("汇总", "清单") } else { ("Summary", "Manifest") };
        assert_eq!((names[0].as_str(), names[names.len() - 1].as_str()), (first, last), "{names:?}");
        if lang == "zh" {
            for name in ["按地方", "得失", "金额明细", "目标求解", "多年预测", "口径开关", "问题"]
            {
                assert!(names.iter().any(|own| own == name), "{name} in {names:?}");
            }
            one_more_hospital(&result);
            let again = dir.path().join("again.xlsx");
            assert_eq!(dianzhi(&["scenario", "run", text(&path), "-o", text(&again)]), 0);
            assert_eq!(fs::read(&result).unwrap(), fs::read(&again).unwrap(), "the same inputs give the same bytes");
        }
    }
}

/// The example adds a tertiary-A hospital of 平昌县: its county pays 1,000,000 more, and nobody else anything.
fn one_more_hospital(result: &Path) {
    let rows = sheet(result, "得失");
    let own: Vec<&Vec<String>> = rows.iter().filter(|row| row[0] == "多一家三甲").collect();
    assert_eq!(own.len(), 1, "{own:?}");
    assert_eq!(own[0][1..9], ["财政奖补", "金额", "增加", "H09", "平昌县人民医院", "0", "1000000", "1000000"]);
    let places = sheet(result, "按地方");
    let at =
        places.iter().position(|row| row[0] == "多一家三甲 · 财政奖补 · 地区 · 金额").expect("a table of the scenario");
    let county = places[at..].iter().find(|row| row[0] == "平昌县").unwrap();
    assert_eq!(county[2..5], ["0", "1000000", "1000000"]);
    let total = places[at..].iter().find(|row| row[0] == "控制总数").unwrap();
    assert_eq!(total[4], "1000000.00");
}

/// Wrong cells come back in the workbook that was asked for.
#[test]
fn problems_come_back_as_a_workbook() {
    let dir = tempfile::tempdir().unwrap();
    let row: [Filled<'_>; 1] = [&[("名称", "甲"), ("参数", "rules.A8.tires[*].yuan"), ("值", "5")]];
    let (path, result) = (filled(dir.path(), &[("基线", &DEMO), ("情景", &row)]), dir.path().join("r.xlsx"));
    assert_eq!(dianzhi(&["scenario", "run", text(&path), "-o", text(&result)]), 1);
    let rows = sheet(&result, "问题");
    assert!(rows.iter().any(|row| row[..3] == ["s.xlsx[情景]", "2", "B2 参数"]), "{rows:?}");
    assert!(rows.iter().flatten().any(|cell| cell.contains("rules.A8.tiers")), "{rows:?}");
}

#[test]
fn a_workbook_of_several_packs_is_for_scenarios_only() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.xlsx");
    let words = ["template", "awards", "--policy", "bazhong_awards", "--policy", "bazhong_fiscal", "-o", text(&path)];
    assert_eq!(dianzhi(&words), 1, "K020");
    let words = ["template", "scenario", "--policy", "bazhong_awards", "-o", text(&path)];
    assert_eq!(dianzhi(&words), 0);
    let rows = sheet(&path, "参数");
    let amount = rows.iter().find(|row| row[0].ends_with("｜rules.A10.tiers[*].yuan")).expect("the amount of A10");
    assert_eq!(amount[1], "2000000");
}
