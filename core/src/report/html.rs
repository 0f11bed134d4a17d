//! A page of its own: styles and charts are in it, and nothing is fetched.

use std::fmt::Write as _;

use super::chart::Chart;
use super::document::{Document, Section};
use crate::problem::Lang;
use crate::table::cell::{group_thousands, shown};
use crate::table::{Table, Values};

/// The most rows of a table that a page shows.
const ROWS_MAX: usize = 500;

/// From how many characters on a text may break into lines.
const LONG: usize = 28;

const STYLE: &str = "\
body{font-family:'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Micro Hei',\
sans-serif;margin:2em auto;max-width:72em;padding:0 1.2em;color:#222;line-height:1.5}\
h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em;border-bottom:1px solid #ccc;padding-bottom:.2em}\
table{border-collapse:collapse;font-size:.85em;margin:.5em 0}\
th,td{padding:.25em .7em;border-bottom:1px solid #e4e4e4;text-align:left;vertical-align:top;white-space:nowrap}\
th{background:#f4f4f4}td.t{white-space:normal;min-width:24em;max-width:36em}\
.n{text-align:right;font-variant-numeric:tabular-nums}tr.sum td{font-weight:bold;border-top:1px solid #888}\
.facts th{background:none;color:#555;font-weight:normal}.wide{overflow-x:auto}\
.note{color:#666;font-size:.85em;margin:.2em 0}.mark{color:#a40000;font-weight:bold}\
svg{display:block;max-width:100%;height:auto;font-size:13px}svg text{fill:#222}\
.axis{stroke:#888;stroke-width:1}.grid{stroke:#e4e4e4;stroke-width:1}.line{fill:none;stroke-width:2}\
@media print{body{margin:0;max-width:none}.wide{overflow:visible}td,td.t{white-space:normal;min-width:0}\
h2{break-after:avoid}svg,tr{break-inside:avoid}}";

/// The page: title, what must be said first, facts, charts, then every table with its totals.
#[must_use]
pub fn page(title: &str, marks: &[String], charts: &[Chart], page: &Document, lang: Lang) -> String {
    let title = escaped(title);
    let code = lang.pick("zh-CN", "en");
    let mut body = format!("<h1>{title}</h1>");
    for mark in marks {
        let _ = write!(body, "<p class=\"mark\">{}</p>", escaped(mark));
    }
    if !page.facts.is_empty() {
        let rows = page
            .facts
            .iter()
            .map(|(name, value)| format!("<tr><th>{}</th><td>{}</td></tr>", escaped(name), escaped(value)));
        let _ = write!(body, "<table class=\"facts\">{}</table>", rows.collect::<String>());
    }
    for chart in charts {
        let _ = write!(body, "<h2>{}</h2><div class=\"wide\">{}</div>", escaped(&chart.title), chart.svg());
    }
    page.sections.iter().for_each(|section| body.push_str(&table(section, lang)));
    for note in page.notes.iter().filter(|note| !note.is_empty()) {
        let _ = write!(body, "<p class=\"note\">{}</p>", escaped(note));
    }
    format!(
        "<!DOCTYPE html><html lang=\"{code}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head>\
         <body>{body}</body></html>\n"
    )
}

/// A heading and its table; of a long one the first rows, with how many there are.
fn table(section: &Section, lang: Lang) -> String {
    let Table { columns } = &section.table;
    let is_number: Vec<bool> = columns.iter().map(|column| is_number(&column.values)).collect();
    let cell = |at: usize, text: &str| {
        let class = match is_number.get(at) {
            Some(true) => " class=\"n\"",
            _ if text.chars().count() > LONG => " class=\"t\"",
            _ => "",
        };
        format!("<td{class}>{}</td>", escaped(text))
    };
    let heads: String = section
        .heads
        .iter()
        .zip(&is_number)
        .map(|(head, n)| format!("<th{}>{}</th>", if *n { " class=\"n\"" } else { "" }, escaped(head)))
        .collect();
    let rows = section.table.rows();
    let mut lines = String::new();
    for row in 0..rows.min(ROWS_MAX) {
        let cells = columns.iter().enumerate().map(|(at, column)| cell(at, &shown(&column.values, row)));
        let _ = write!(lines, "<tr>{}</tr>", cells.collect::<String>());
    }
    if section.totals.iter().any(Option::is_some) {
        let label = section.totals.iter().position(Option::is_none);
        let cells = section.totals.iter().enumerate().map(|(at, total)| match total {
            Some(total) => cell(at, &group_thousands(total)),
            None if label == Some(at) => cell(at, lang.pick("合计", "Total")),
            None => cell(at, ""),
        });
        let _ = write!(lines, "<tr class=\"sum\">{}</tr>", cells.collect::<String>());
    }
    let heading = if section.heading.is_empty() { String::new() } else { escaped(&section.heading) };
    let heading = if heading.is_empty() { heading } else { format!("<h2>{heading}</h2>") };
    let more = match lang {
        _ if rows <= ROWS_MAX => String::new(),
        Lang::Zh => format!("<p class=\"note\">前 {ROWS_MAX} 行，共 {rows} 行；合计为全部</p>"),
        Lang::En => format!("<p class=\"note\">first {ROWS_MAX} of {rows} rows; totals are of all</p>"),
    };
    format!("{heading}<div class=\"wide\"><table><tr>{heads}</tr>{lines}</table></div>{more}")
}

fn is_number(values: &Values) -> bool {
    matches!(values, Values::Int(_) | Values::Money(_) | Values::Decimal { .. })
}

/// A text that may stand in HTML.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}
