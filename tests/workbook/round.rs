//! Template → filled in → run → result workbook, as a finance officer does it.

use std::fs;
use std::path::Path;

use calamine::Data;

use super::support::{Filled, cells, dianzhi, fill, sheet, sheets, template, text};

/// The county hospital's year: tertiary-A and three stars, two provincial experts; all paid but 100 yuan of the stars.
const EVENTS: [Filled<'static>; 4] = [
    &[
        ("事件编号", "E01"),
        ("成果类型", "医院等级评审"),
        ("等次", "三级甲等"),
        ("主体编码", "H01"),
        ("主体名称", "通江县人民医院"),
        ("主体类型", "单位"),
        ("同级财政", "通江县"),
        ("举办性质", "公立"),
        ("认定日期", "2025-03-01"),
    ],
    &[
        ("事件编号", "E02"),
        ("成果类型", "智慧医院"),
        ("等次", "三星"),
        ("主体编码", "H01"),
        ("主体名称", "通江县人民医院"),
        ("主体类型", "单位"),
        ("同级财政", "通江县"),
        ("举办性质", "公立"),
        ("认定日期", "2025-09-01"),
    ],
    &[
        ("事件编号", "E03"),
        ("成果类型", "省部级专家人才"),
        ("主体编码", "P01"),
        ("主体名称", "张某"),
        ("主体类型", "个人"),
        ("同级财政", "通江县"),
        ("认定日期", "2025-04-01"),
    ],
    &[
        ("事件编号", "E04"),
        ("成果类型", "省部级专家人才"),
        ("主体编码", "P02"),
        ("主体名称", "李某"),
        ("主体类型", "个人"),
        ("同级财政", "通江县"),
        ("认定日期", "2025-04-01"),
    ],
];

const PAYMENTS: [Filled<'static>; 4] = [
    &[("凭证号", "V1"), ("出资财政", "通江县"), ("到位日期", "2025-11-01"), ("金额", "1000000"), ("事件编号", "E01")],
    &[("凭证号", "V2"), ("出资财政", "通江县"), ("到位日期", "2025-11-01"), ("金额", "999900"), ("事件编号", "E02")],
    &[("凭证号", "V3"), ("出资财政", "通江县"), ("到位日期", "2025-11-01"), ("金额", "50000"), ("事件编号", "E03")],
    &[("凭证号", "V4"), ("出资财政", "通江县"), ("到位日期", "2025-12-01"), ("金额", "50000"), ("事件编号", "E04")],
];

/// The row of a sheet that has these texts at its beginning.
fn row(rows: &[Vec<String>], begins: &[&str]) -> Vec<String> {
    let fits = |row: &&Vec<String>| begins.iter().zip(row.iter()).all(|(text, cell)| text == cell);
    rows.iter().find(fits).unwrap_or_else(|| panic!("{begins:?} in {rows:#?}")).clone()
}

#[test]
fn the_county_hospitals_year_from_template_to_result() {
    let dir = tempfile::tempdir().unwrap();
    let (filled, result) = (dir.path().join("filled.xlsx"), dir.path().join("result.xlsx"));
    fill(&template(dir.path(), "awards", "zh"), &[("事件", &EVENTS), ("到位资金", &PAYMENTS)], &filled);
    assert_eq!(dianzhi(&["award", text(&filled), "-o", text(&result)]), 0);
    let names = ["汇总", "按地方", "按主体", "明细", "未奖补", "口径开关", "问题", "清单"];
    assert_eq!(sheets(&result), names);

    // 通江县 pays 1,000,000 + 1,000,000 + 2 × 50,000; the city 10 % of the 1,100,000 that are all in place.
    let summary = sheet(&result, "汇总");
    assert_eq!(row(&summary, &["巴中市", "市级"])[3..7], ["0", "110000", "0", "110000"]);
    assert_eq!(row(&summary, &["通江县", "县级"])[3..7], ["2100000", "0", "0", "2100000"]);
    let place = row(&summary, &["通江县", "2025"]);
    assert_eq!(place[2..6], ["2100000", "2099900", "1100000", "110000"], "due, paid, of items in place, second award");

    // Amounts are numbers, control totals exact text.
    let stored = cells(&result, "汇总");
    let has = |cell: Data| stored.iter().flatten().any(|found| *found == cell);
    assert!(has(Data::Float(2_210_000.0)) && has(Data::String("2210000.00".to_owned())));
    let places = sheet(&result, "按地方");
    assert_eq!(
        row(&places, &["A11:H01", "通江县"])[3..7],
        ["1000000", "999900", "100", "否"],
        "99.99 % is not in place"
    );
    let subjects = sheet(&result, "按主体");
    assert_eq!(
        row(&subjects, &["H01", "通江县人民医院", "单位", "通江县"])[5..9],
        ["2000000", "100000", "0", "2100000"]
    );
    let switches = sheet(&result, "口径开关");
    let gate = row(&switches, &["second_gate", ""]);
    assert_eq!((gate[3].as_str(), gate[6].as_str(), gate[7].as_str()), ("per_item", "3", "110000"));
    // By county and year nothing is in place: 110,000 less.
    assert_eq!(row(&switches, &["second_gate", "county_year"])[3..5], ["2100000", "-110000"]);
    assert!(sheet(&result, "清单").iter().any(|row| row[0] == "总数 奖补笔数" && row[1] == "4"));
    let again = dir.path().join("again.xlsx");
    assert_eq!(dianzhi(&["award", text(&filled), "-o", text(&again)]), 0);
    assert_eq!(fs::read(&result).unwrap(), fs::read(&again).unwrap(), "the same inputs give the same bytes");
}

#[test]
fn english_from_template_to_result() {
    let dir = tempfile::tempdir().unwrap();
    let (filled, result) = (dir.path().join("filled.xlsx"), dir.path().join("result.xlsx"));
    let empty = template(dir.path(), "awards", "en");
    let events: [Filled<'_>; 1] = [&[
        ("Event", "E01"),
        ("Achievement", "hospital_grade"),
        ("Grade", "三级甲等"),
        ("Subject", "H01"),
        ("Name", "County hospital"),
        ("Kind", "institution"),
        ("Treasury", "通江县"),
        ("Ownership", "public"),
        ("Named", "2025-03-01"),
    ]];
    fill(&empty, &[("events", &events)], &filled);
    assert_eq!(dianzhi(&["--lang", "en", "award", text(&filled), "-o", text(&result)]), 0);
    let names = ["Summary", "Places", "Subjects", "Details", "Not paid", "Switches", "Problems", "Manifest"];
    assert_eq!(sheets(&result), names);
    assert_eq!(row(&sheet(&result, "Summary"), &["通江县", "county"])[3], "1000000");
    let chinese = |rows: &[Vec<String>]| rows.iter().any(|row| row.iter().any(|cell| cell.contains("填写")));
    assert!(!["Guide", "events", "Choices"].iter().any(|name| chinese(&sheet(&empty, name))));
}

#[test]
fn the_examples_of_the_templates_run() {
    let dir = tempfile::tempdir().unwrap();
    for (kind, command) in [("awards", "award"), ("fiscal", "fiscal")] {
        for lang in ["zh", "en"] {
            let (path, result) = (dir.path().join("x.xlsx"), dir.path().join("y.xlsx"));
            assert_eq!(dianzhi(&["--lang", lang, "template", kind, "--example", "-o", text(&path)]), 0);
            assert_eq!(dianzhi(&["--lang", lang, command, text(&path), "-o", text(&result)]), 0, "{kind} {lang}");
            assert!(sheets(&result).len() >= 5);
        }
    }
}

#[test]
fn tables_named_as_the_sheets_do_as_well() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("in");
    fs::create_dir(&folder).unwrap();
    let head = "事件编号,成果类型,等次,主体编码,主体名称,主体类型,同级财政,举办性质,认定日期\n";
    fs::write(
        folder.join("事件.csv"),
        format!("{head}E01,医院等级评审,三级甲等,H01,某院,单位,通江县,公立,2025-03-01\n"),
    )
    .unwrap();
    fs::write(
        folder.join("payments.csv"),
        "payment_id,place,date,amount,event_id\nV1,通江县,2025-11-01,\"1,000,000.00\",E01\n",
    )
    .unwrap();
    let result = dir.path().join("result.xlsx");
    assert_eq!(dianzhi(&["award", text(&folder), "-o", text(&result)]), 0);
    assert_eq!(row(&sheet(&result, "汇总"), &["巴中市", "市级"])[4], "100000");
    fs::write(folder.join("evnets.csv"), "x\n").unwrap();
    assert_eq!(dianzhi(&["award", text(&folder)]), 1, "a table of no form");
}

#[test]
fn accounts_from_template_to_result() {
    let dir = tempfile::tempdir().unwrap();
    let (filled, result) = (dir.path().join("filled.xlsx"), dir.path().join("result.xlsx"));
    let rows: [Filled<'_>; 2] = [
        &[("政府", "通江县"), ("年度", "2024"), ("公立医院定额补助", "18000000")],
        &[
            ("政府", "通江县"),
            ("年度", "2025"),
            ("一般公共预算支出", "3600000000"),
            ("财政卫生健康支出", "393000000"),
            ("公立医院定额补助", "18990000"),
            ("经济增长率", "5.5%"),
            ("乡村机构改造提升专项", "4999999.99"),
        ],
    ];
    fill(&template(dir.path(), "fiscal", "zh"), &[("财政账户", &rows)], &filled);
    let words = ["fiscal", text(&filled), "--close-over", "2", "--growth", "5%", "-o", text(&result)];
    assert_eq!(dianzhi(&words), 0);
    assert_eq!(sheets(&result), ["汇总", "按政府", "明细", "分年补足", "问题", "清单"]);
    // Of nine floors in 2025 one is met (growth), two are short (share, renewal), six lack figures.
    let summary = row(&sheet(&result, "汇总"), &["通江县", "2025"]);
    assert_eq!(summary[2..7], ["1", "2", "6", "3000000", "3000000.01"]);
    let plan = sheet(&result, "分年补足");
    // 3,000,000 × 1.05 = 3,150,000, half of it in the first year.
    assert_eq!(row(&plan, &["通江县", "B14-1"])[3..7], ["2026", "3150000", "1575000", "1575000"]);
}

/// Wrong cells stop the run; the workbook asked for lists them by sheet and cell.
#[test]
fn problems_come_back_by_sheet_and_cell() {
    let dir = tempfile::tempdir().unwrap();
    let (filled, result) = (dir.path().join("filled.xlsx"), dir.path().join("result.xlsx"));
    let mut wrong: Vec<(&str, &str)> = EVENTS[0].to_vec();
    wrong[2] = ("等次", "三级甲");
    wrong[8] = ("认定日期", "明天");
    fill(&template(dir.path(), "awards", "zh"), &[("事件", &[EVENTS[1], &wrong])], &filled);
    assert_eq!(dianzhi(&["award", text(&filled), "-o", text(&result)]), 1);
    let rows = sheet(&result, "问题");
    let place = |path: &Path| format!("{}[事件]", path.file_name().unwrap().to_string_lossy());
    assert_eq!(row(&rows, &[&place(&filled), "3", "C3 等次"])[3..5], ["错误", "K010"]);
    assert_eq!(row(&rows, &[&place(&filled), "3", "J3 认定日期"])[3..5], ["错误", "K006"]);
}

/// The filled-in form stays as it is, whatever `-o` says.
#[test]
fn a_result_never_goes_over_an_input() {
    let dir = tempfile::tempdir().unwrap();
    for (kind, words) in [("awards", vec!["award"]), ("fiscal", vec!["fiscal"]), ("scenario", vec!["scenario", "run"])]
    {
        let path = dir.path().join(format!("{kind}.xlsx"));
        assert_eq!(dianzhi(&["template", kind, "--example", "-o", text(&path)]), 0);
        let before = fs::read(&path).unwrap();
        assert_eq!(dianzhi(&[&words[..], &[text(&path), "-o", text(&path)]].concat()), 1, "K021");
        assert_eq!(before, fs::read(&path).unwrap(), "{kind}");
    }
    let csv = dir.path().join("x.csv");
    assert_eq!(dianzhi(&["template", "awards", "-o", text(&csv)]), 1, "F006");
    assert!(!csv.exists());
}

/// The amount of each award stands in its column, with its sum.
#[test]
fn amounts_by_place_are_amounts() {
    let dir = tempfile::tempdir().unwrap();
    let (filled, result) = (dir.path().join("filled.xlsx"), dir.path().join("result.xlsx"));
    fill(&template(dir.path(), "awards", "zh"), &[("事件", &EVENTS)], &filled);
    assert_eq!(dianzhi(&["award", "--events", text(&filled), "-o", text(&result)]), 0);
    let rows = sheet(&result, "按地方");
    let row = |begins: &[&str]| row(&rows, begins);
    // Number, title, subject, treasury, entries, award, second award, taken back, net.
    let own = row(&["A8:H01", "新创三级甲等公立医院"]);
    assert_eq!(own[4..9], ["1", "1000000", "0", "0", "1000000"]);
}
