//! `dianzhi report`: pages and workbooks of a month, a year of fiscal money, and scenarios.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use calamine::{Reader, Xlsx};
use dianzhi::job::Report;
use dianzhi::problem::Lang;

fn run(words: &[&str]) -> i32 {
    dianzhi::cli::run(std::iter::once(&"dianzhi").chain(words))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A page fetches nothing and closes what it opens.
fn check_page(page: &str) {
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"zh-CN\">"));
    for fetched in ["http:", "https:", "src=", "href=", "<script", "@import", "url("] {
        assert!(!page.contains(fetched), "{fetched}");
    }
    for element in ["svg", "table", "tr", "td", "text", "h2", "div", "body", "html"] {
        let opened = page.matches(&format!("<{element} ")).count() + page.matches(&format!("<{element}>")).count();
        assert_eq!(opened, page.matches(&format!("</{element}>")).count(), "{element}");
    }
}

#[test]
fn a_month_and_its_scenarios() {
    let dir = tempfile::tempdir().unwrap();
    let (claims, book) = (dir.path().join("claims.csv"), dir.path().join("book"));
    let synth = ["synth", "--claims", "900", "--scheme", "demo", "--seed", "3", "--period", "2026-03", "--out"];
    assert_eq!(run(&[&synth[..], &[text(&claims)]].concat()), 0);
    let settle = ["settle", "month", "--scheme", "demo", "--policy", "demo", "--period", "2026-03", "--claims"];
    assert_eq!(run(&[&settle[..], &[text(&claims), "--book", text(&book)]].concat()), 0);

    let (page, workbook) = (dir.path().join("m.html"), dir.path().join("m.xlsx"));
    assert_eq!(run(&["report", text(&book), "-o", text(&page)]), 0);
    let written = fs::read_to_string(&page).unwrap();
    check_page(&written);
    assert!(written.contains("<h1>2026-03 月度预结算</h1>") && written.contains("模拟：依据草案，不得付款"));
    // One waterfall, institutions and consortia; a single month has no history.
    assert_eq!(written.matches("<svg").count(), 3);
    assert!(!written.contains(text(dir.path())), "a page names no machine");
    assert_eq!(run(&["report", text(&book), "--period", "2026-03", "-o", text(&workbook)]), 0);
    let mut sheets: Xlsx<_> = Xlsx::new(Cursor::new(fs::read(&workbook).unwrap())).unwrap();
    assert_eq!(sheets.sheet_names()[..3], ["概要", "点值", "医疗机构"]);
    assert!(sheets.worksheet_range("医疗机构").unwrap().height() > 10);

    let study = dir.path().join("s.toml");
    let body = "title = \"预算\"\nbaseline = { book = \"book\", period = \"2026-03\" }\n\
        scenario = [{ name = \"增5%\", times = { \"rules.budget.table[*].fund_budget\" = 1.05 } }]\n\
        [[tornado]]\nname = \"敏感性\"\ntarget = { kind = \"pool\", subject = \"310\", measure = \"point_value\" }\n\
        input = [{ path = \"rules.budget.table[*].fund_budget\", change = \"times\", low = 0.9, high = 1.1 }]\n";
    fs::write(&study, body).unwrap();
    assert_eq!(run(&["report", text(&study), "-o", text(&page)]), 0);
    let written = fs::read_to_string(&page).unwrap();
    check_page(&written);
    assert!(written.contains("<h1>预算</h1>") && written.contains("敏感性：点值") && written.contains("谁增谁减"));
    assert_eq!(written.matches("<svg").count(), 3);
    assert_eq!(run(&["report", text(&study), "-o", text(&workbook)]), 0);

    for wrong in ["m.pdf", "none/m.html", "none/m.xlsx"] {
        assert_eq!(run(&["report", text(&book), "-o", text(&dir.path().join(wrong))]), 1);
        assert!(!dir.path().join(wrong).exists());
    }
    assert_eq!(run(&["report", text(&book), "--period", "2026-04", "-o", text(&page)]), 1);
    assert_eq!(run(&["report", text(dir.path()), "-o", text(&page)]), 1);
}

#[test]
fn a_year_of_fiscal_money() {
    let dir = tempfile::tempdir().unwrap();
    let [awards, accounts, book] = ["a.xlsx", "f.xlsx", "F"].map(|name| dir.path().join(name));
    for (kind, form, command) in [("awards", &awards, "award"), ("fiscal", &accounts, "fiscal")] {
        assert_eq!(run(&["template", kind, "--example", "-o", text(form)]), 0);
        assert_eq!(run(&[command, text(form), "--book", text(&book), "--period", "2025"]), 0);
    }
    let report = Report::of_book(&book, None, Lang::Zh).unwrap();
    let page = report.html(Lang::Zh);
    check_page(&page);
    let names: Vec<&str> = report.sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["汇总", "奖补", "分录", "资金到位", "投入底线", "清单"]);
    assert_eq!(report.charts.len(), 4);
    assert!(page.contains("财政资金（不得与医保基金合计）") && page.contains("A8:H01/1"));
    let english = Report::of_book(&book, None, Lang::En).unwrap();
    assert!(english.html(Lang::En).contains("<h1>Fiscal awards and floors of 2025</h1>"));
}
