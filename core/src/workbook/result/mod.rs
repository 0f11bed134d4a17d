//! Result workbooks of fiscal money: summary, tables by place and subject, details, switches, problems, manifest.
//! Amounts are numbers with a format; control totals also stand as exact text.

mod award;
mod booked;
mod fiscal;
mod scenario;
mod words;

pub use award::{AwardView, award_documents};
pub use booked::{booked_documents, booked_summary};
pub use fiscal::{FloorView, floor_documents};
pub use scenario::{ScenarioView, scenario_documents};
pub use words::word;

use crate::ledger::manifest::Run;
use crate::problem::{Lang, Problems};
use crate::report::{Document, Section};
use crate::table::{Column, Table, Values};

/// A sheet: its name and content, for [`crate::report::xlsx::workbook`].
pub type NamedSheet = (String, Document);

/// Which run the figures are of.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub record: &'a Run,
    /// Period and SHA-256 of its manifest, when the run is part of a book.
    pub book: Option<(&'a str, &'a str)>,
    pub warnings: &'a Problems,
}

/// What print calls a column of a fiscal result; nothing where it has no name for it.
#[must_use]
pub fn heading(name: &str, lang: Lang) -> Option<&'static str> {
    let mut known = award::COLUMNS.iter().chain(fiscal::COLUMNS).copied().flatten();
    known.find(|column| column.0 == name).map(|column| lang.pick(column.1, column.2))
}

/// Some columns of a table under their headings, with words for codes: `(column, Chinese, English)`.
fn section(heading: &str, table: &Table, columns: &[(&str, &str, &str)], lang: Lang) -> Section {
    let mut picked =
        Section { heading: heading.to_owned(), heads: Vec::new(), table: Table::new(), totals: Vec::new() };
    for (name, zh, en) in columns {
        let Some(values) = table.column(name) else { continue };
        picked.table.columns.push(Column { name: (*name).to_owned(), values: worded(name, values, lang) });
        picked.heads.push(lang.pick(zh, en).to_owned());
    }
    picked
}

fn worded(name: &str, values: &Values, lang: Lang) -> Values {
    match values {
        Values::Keyword(column) => Values::keywords((0..column.len()).map(|row| word(column.get(row), lang))),
        Values::Flag(column) => Values::keywords(column.iter().map(|flag| match flag {
            Some(true) => lang.pick("是", "yes"),
            Some(false) => lang.pick("否", "no"),
            None => "",
        })),
        // 2,026 is no year.
        Values::Int(column) if name == "year" => {
            Values::keywords(column.iter().map(|year| year.map_or_else(String::new, |year| year.to_string())))
        }
        other => other.clone(),
    }
}

/// Title and the facts that stand on every sheet.
fn document(title: &str, policy: &str, source: Source<'_>, lang: Lang) -> Document {
    let fact = |zh, en, value: String| (lang.pick(zh, en).to_owned(), value);
    let nature = if source.record.simulation {
        lang.pick("模拟：依据征求意见稿，不得付款", "simulation: rests on a draft, not to be paid")
    } else {
        lang.pick("正式", "in force")
    };
    let mut facts = vec![
        fact("政策", "Policy", policy.to_owned()),
        fact("性质", "Nature", nature.to_owned()),
        fact(
            "资金",
            "Money",
            lang.pick("财政资金（不得与医保基金合计）", "fiscal (never summed with insurance money)").to_owned(),
        ),
    ];
    if let Some((period, _)) = source.book {
        facts.push(fact("期间", "Period", period.to_owned()));
    }
    Document { title: title.to_owned(), facts, ..Document::default() }
}

/// The list of problems by sheet and cell.
#[must_use]
pub fn problem_section(problems: &Problems, lang: Lang) -> Section {
    let list = &problems.0;
    let place = |of: &dyn Fn(&crate::problem::Place) -> String| Values::texts(list.iter().map(|p| of(&p.place)));
    let table = Table::new()
        .with("file", place(&|place| place.file.as_deref().unwrap_or_default().to_owned()))
        .with("row", place(&|place| place.row.map_or_else(String::new, |row| row.to_string())))
        .with("cell", place(&|place| place.column.as_deref().or(place.rule.as_deref()).unwrap_or_default().to_owned()))
        .with("severity", Values::keywords(list.iter().map(|p| if p.is_error() { "error" } else { "warning" })))
        .with("code", Values::keywords(list.iter().map(|p| p.entry.code)))
        .with("message", Values::texts(list.iter().map(|p| p.message(lang))));
    let columns = [
        ("file", "文件[工作表]", "File [sheet]"),
        ("row", "行", "Row"),
        ("cell", "单元格", "Cell"),
        ("severity", "级别", "Severity"),
        ("code", "代码", "Code"),
        ("message", "说明", "What is wrong"),
    ];
    section(lang.pick("问题清单", "Problems"), &table, &columns, lang)
}

/// A workbook of nothing but what is wrong with the input.
#[must_use]
pub fn problem_document(problems: &Problems, lang: Lang) -> NamedSheet {
    let title = lang.pick("没有计算：请先改正以下问题", "Nothing was computed: mend these first");
    let sections = vec![problem_section(problems, lang)];
    (lang.pick("问题", "Problems").to_owned(), Document { title: title.to_owned(), sections, ..Document::default() })
}

fn problem_sheet(policy: &str, source: Source<'_>, lang: Lang) -> NamedSheet {
    let mut sheet = document(lang.pick("问题", "Problems"), policy, source, lang);
    if source.warnings.0.is_empty() {
        sheet.notes.push(lang.pick("没有发现问题。", "No problems were found.").to_owned());
    } else {
        sheet.sections.push(problem_section(source.warnings, lang));
    }
    (lang.pick("问题", "Problems").to_owned(), sheet)
}

/// What the figures were made of.
fn manifest_sheet(policy: &str, source: Source<'_>, lang: Lang) -> NamedSheet {
    let mut sheet = document(lang.pick("清单", "Manifest"), policy, source, lang);
    sheet.sections.push(manifest_section(source, lang));
    (lang.pick("清单", "Manifest").to_owned(), sheet)
}

/// Program, files, packs, choices, control totals and placeholders.
fn manifest_section(source: Source<'_>, lang: Lang) -> Section {
    let record = source.record;
    let mut rows: Vec<(String, String)> = Vec::new();
    let mut row = |zh, en, name: &str, value: &str| {
        rows.push((format!("{}{name}", lang.pick(zh, en)), value.to_owned()));
    };
    row("程序版本", "Engine", "", &record.engine);
    if let Some((_, sha256)) = source.book {
        row("账册清单 SHA-256", "Manifest SHA-256", "", sha256);
    }
    for input in &record.inputs {
        row("输入文件 SHA-256", "Input SHA-256", "", &input.sha256);
    }
    for pack in &record.policies {
        row("政策包 ", "Pack ", &pack.id, &pack.sha256);
    }
    for (name, value) in &record.options {
        row("本次选择 ", "Chosen ", name, value);
    }
    for (name, value) in &record.totals {
        row("总数 ", "Total ", word(name, lang), value);
    }
    for text in &record.placeholders {
        let (name, why) = text.split_once(": ").or_else(|| text.split_once('：')).unwrap_or((text, ""));
        row("没有文件依据的参数 ", "Parameter without a source ", name, why);
    }
    let table = Table::new()
        .with("item", Values::texts(rows.iter().map(|row| &row.0)))
        .with("value", Values::texts(rows.iter().map(|row| &row.1)));
    let columns = [("item", "项目", "Item"), ("value", "内容", "Content")];
    section(lang.pick("清单", "Manifest"), &table, &columns, lang)
}
