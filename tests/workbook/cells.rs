//! Every way in which a cell can be wrong, told with its place.

use std::fs;
use std::path::Path;

use dianzhi::awards::{compile, forms, read};
use dianzhi::job::{AwardFiles, AwardPack};
use dianzhi::policy::{MemoryFiles, open};
use dianzhi::problem::{Lang, Problems};
use dianzhi::workbook::{Form, read_files};
use rust_xlsxwriter::{Formula, Workbook};

/// What reading a folder or file of award forms tells: `code file:row [cell]`.
fn told(path: &Path) -> Vec<String> {
    let bundle = open(&["seeds:bazhong_awards.toml".to_owned()], &MemoryFiles::default()).unwrap();
    let policy = compile(&bundle.fiscal(&[]).unwrap()).unwrap().0;
    let all: Vec<&Form> = forms::FORMS.iter().map(|form| &***form).collect();
    let problems = match read_files(&[path.to_owned()], &all) {
        Err(problems) => problems,
        Ok((handed, mut problems)) => {
            match read(&policy, &handed.sheets) {
                Ok((_, more)) | Err(more) => problems.append(more),
            }
            problems
        }
    };
    lines(&problems)
}

fn lines(problems: &Problems) -> Vec<String> {
    problems.0.iter().map(|p| format!("{} {}", p.entry.code, p.place).trim().to_owned()).collect()
}

const HEAD: &str =
    "event_id,achievement,grade,item,subject_id,subject_name,subject_kind,place,named,quantity,higher_award\n";
const GOOD: &str = "E1,hospital_grade,三级甲等,,H1,某院,单位,通江县,2025-03-01,,\n";

/// A folder with an events table, and others.
fn events(rows: &str, others: &[(&str, &str)]) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("events.csv"), format!("{HEAD}{rows}")).unwrap();
    for (name, content) in others {
        fs::write(dir.path().join(name), content).unwrap();
    }
    told(dir.path())
}

#[test]
fn cells_of_every_kind() {
    assert_eq!(events(GOOD, &[]), [""; 0]);
    for (good, bad, problem) in [
        ("E1,", ",", "K005 events.csv:2 [事件编号]"),
        ("三级甲等", "", "K005 events.csv:2 [等次]"),
        ("2025-03-01", "2025-02-30", "K006 events.csv:2 [认定日期]"),
        ("2025-03-01,,", "2025-03-01,,1.005", "K007 events.csv:2 [上级同项奖励]"),
        ("2025-03-01,,", "2025-03-01,,-1", "K011 events.csv:2 [上级同项奖励]"),
        ("2025-03-01,,", "2025-03-01,some,", "K008 events.csv:2 [数量]"),
        ("2025-03-01,,", "2025-03-01,-1,", "K011 events.csv:2 [数量]"),
        ("hospital_grade", "hospital_gade", "K010 events.csv:2 [成果类型]"),
        ("三级甲等", "三星", "K010 events.csv:2 [等次]"),
        ("通江县", "通江", "K010 events.csv:2 [同级财政]"),
    ] {
        assert!(GOOD.contains(good), "{good}");
        assert_eq!(events(&GOOD.replacen(good, bad, 1), &[]), [problem], "{bad}");
    }
    assert_eq!(events(&format!("{GOOD}{GOOD}"), &[]), ["K016 events.csv:3 [事件编号]"]);
    let renamed = format!("{GOOD}E2,hospital_grade,三级甲等,,H1,他院,单位,通江县,2025-03-01,,\n");
    assert_eq!(events(&renamed, &[]), ["A011 events.csv:3 [主体编码]"], "one code, two names");
}

#[test]
fn numbers_and_dates_as_people_write_them() {
    let rows = "E1,医院等级评审,三级甲等,,H1,某院,institution,通江县,2025年3月1日,１２%,\"1,000.50\"\n";
    assert_eq!(events(rows, &[]), [""; 0]);
}

#[test]
fn columns_of_a_table() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("successions.csv");
    for (head, problem) in [
        ("subject_id,predecessor,predecesor\n", "K002 successions.csv:1"),
        ("subject_id,predecessor,前身编码\n", "K003 successions.csv:1"),
        ("subject_id\n", "K004 successions.csv:1"),
    ] {
        fs::write(&path, head).unwrap();
        assert!(told(&path).contains(&problem.to_owned()), "{head}: {:?}", told(&path));
    }
    let other = dir.path().join("successors.csv");
    fs::write(&other, "subject_id,predecessor\n").unwrap();
    assert_eq!(told(&other), ["K001 successors.csv"]);
}

#[test]
fn tables_that_refer_to_others() {
    let joint = "event_id,subject_id,subject_name,subject_kind,place\nE9,H2,乙院,单位,通江县\n";
    assert_eq!(events(GOOD, &[("joint.csv", joint)]), ["K017 joint.csv:2 [事件编号]"]);
    let twice = "event_id,subject_id,subject_name,subject_kind,place\nE1,H1,某院,单位,通江县\n";
    assert_eq!(events(GOOD, &[("joint.csv", twice)]), ["K016 joint.csv:2 [主体编码]"]);
    let payment = |row: &str| format!("payment_id,place,date,amount,event_id,award_id,year\n{row}\n");
    for (row, problem) in [
        ("V,通江县,2025-01-01,1,E1,A1:P,", "K015 payments.csv:2 [事件编号]"),
        ("V,通江县,2025-01-01,1,,,", "K015 payments.csv:2 [事件编号]"),
        ("V,通江县,2025-01-01,1,,,25", "K009 payments.csv:2 [奖补年度]"),
    ] {
        let found = events(GOOD, &[("payments.csv", &payment(row))]);
        assert_eq!(found.first().map(String::as_str), Some(problem), "{row}: {found:?}");
    }
    assert_eq!(
        events(GOOD, &[("payments.csv", &payment("V,通江县,2025-01-01,-1,,A8:H1,"))]),
        [""; 0],
        "money withdrawn"
    );
}

/// How people shorten a grade is understood as what they mean, though not taken for it.
#[test]
fn a_short_form_finds_the_grade_it_stands_for() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("events.csv"), format!("{HEAD}{}", GOOD.replacen("三级甲等", "三甲", 1))).unwrap();
    let policy = AwardPack::read(Path::new("bazhong_awards"), &[]).unwrap().policy;
    let problems = AwardFiles::read(&[dir.path().to_owned()], &policy).unwrap_err();
    assert!(problems.0[0].message(Lang::Zh).contains("最接近：三级甲等"), "{}", problems.render(Lang::Zh));
}

/// What only a workbook can do: foreign sheets, failed formulas, numbers with a tail or too many digits.
#[test]
fn cells_of_a_workbook() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.xlsx");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("到位资金").unwrap();
    for (column, head) in (0u16..).zip(["凭证号*", "出资财政*", "到位日期*", "金额*", "事件编号"]) {
        sheet.write_string(0, column, head).unwrap();
    }
    for (row, amount) in (1u32..).zip([0.1 + 0.2, 92_233_720_368_547.75]) {
        for (column, text) in
            [(0, format!("V{row}")), (1, "通江县".to_owned()), (2, "2025-01-01".to_owned()), (4, "E1".to_owned())]
        {
            sheet.write_string(row, column, &text).unwrap();
        }
        sheet.write_number(row, 3, amount).unwrap();
    }
    sheet.write_string(3, 0, "V3").unwrap();
    sheet.write_formula(3, 3, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    book.add_worksheet().set_name("奖金").unwrap();
    book.save(&path).unwrap();
    let found = told(&path);
    for problem in
        ["K013 x.xlsx[到位资金]:2 [D2]", "K014 x.xlsx[到位资金]:3 [D3]", "K012 x.xlsx[到位资金]:4 [D4]", "K001 x.xlsx"]
    {
        assert!(found.contains(&problem.to_owned()), "{problem} in {found:?}");
    }
}

/// A program wrote the formula and no spreadsheet has computed it yet: the cell has no value, and is not empty either.
#[test]
fn a_formula_without_a_stored_value() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.xlsx");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("到位资金").unwrap();
    for (column, head) in (0u16..).zip(["凭证号", "出资财政", "到位日期", "金额", "事件编号"]) {
        sheet.write_string(0, column, head).unwrap();
    }
    for (column, text) in [(0, "V1"), (1, "通江县"), (2, "2025-01-01"), (4, "E1")] {
        sheet.write_string(1, column, text).unwrap();
    }
    sheet.write_formula(1, 3, "=200+300").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut content = String::new();
        std::io::Read::read_to_string(&mut file, &mut content).unwrap();
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut out, content.replace("</f><v>0</v>", "</f>").as_bytes()).unwrap();
    }
    out.finish().unwrap();
    assert!(told(&path).contains(&"K022 x.xlsx[到位资金]:2 [D2]".to_owned()), "{:?}", told(&path));
}
