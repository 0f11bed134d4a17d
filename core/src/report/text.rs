//! Statements as text.

use super::document::{Document, Section};
use super::{Align, Grid};
use crate::problem::Lang;
use crate::table::cell::{group_thousands, shown};
use crate::table::{Table, Values};

/// The whole document as lines of text.
#[must_use]
pub fn render(document: &Document, lang: Lang) -> String {
    let mut parts = vec![document.title.clone()];
    let facts = document.facts.iter().map(|(name, value)| format!("{name}{}{value}", lang.pick("：", ": ")));
    parts.push(facts.collect::<Vec<_>>().join("\n"));
    parts.extend(document.sections.iter().map(|section| render_section(section, lang)));
    parts.push(document.notes.join("\n"));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n") + "\n"
}

/// A heading and its table.
#[must_use]
pub fn render_section(section: &Section, lang: Lang) -> String {
    let aligns = section.table.columns.iter().map(|column| align(&column.values));
    let heads: Vec<(&str, Align)> = section.heads.iter().map(String::as_str).zip(aligns).collect();
    let mut grid = Grid::new(&heads);
    for row in 0..section.table.rows() {
        grid.row(section.table.columns.iter().map(|column| shown(&column.values, row)));
    }
    if section.totals.iter().any(Option::is_some) {
        grid.row(total_row(&section.table, &section.totals, lang));
    }
    if section.heading.is_empty() { grid.render() } else { format!("{}\n{}", section.heading, grid.render()) }
}

/// Totals under their columns; the word for it in the first column without one.
fn total_row(table: &Table, totals: &[Option<String>], lang: Lang) -> Vec<String> {
    let label = totals.iter().position(Option::is_none);
    (0..table.columns.len())
        .map(|at| match totals.get(at) {
            Some(Some(total)) => group_thousands(total),
            _ if label == Some(at) => lang.pick("合计", "Total").to_owned(),
            _ => String::new(),
        })
        .collect()
}

fn align(values: &Values) -> Align {
    match values {
        Values::Text(_) | Values::Keyword(_) | Values::Date(_) | Values::Flag(_) => Align::Left,
        Values::Int(_) | Values::Money(_) | Values::Decimal { .. } => Align::Right,
    }
}
