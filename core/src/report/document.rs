//! A statement before it becomes text or a workbook.

use super::labels;
use crate::problem::Lang;
use crate::table::cell::plain;
use crate::table::sums::control_sums;
use crate::table::{Column, Table, Values};

/// Facts, tables and notes under a title.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub title: String,
    /// Name and value, e.g. the institution and the period.
    pub facts: Vec<(String, String)>,
    pub sections: Vec<Section>,
    pub notes: Vec<String>,
}

/// A table with headings in the language of the reader.
#[derive(Clone, Debug)]
pub struct Section {
    pub heading: String,
    pub heads: Vec<String>,
    pub table: Table,
    /// Control sums of the amounts and points, as decimal texts beside the heads; nothing when not wanted.
    pub totals: Vec<Option<String>>,
}

impl Section {
    /// The named columns of a table that it has, with words for the codes in them.
    #[must_use]
    pub fn of(heading: &str, table: &Table, columns: &[&str], lang: Lang) -> Section {
        let picked = columns.iter().filter_map(|name| Some((*name, table.column(name)?)));
        let table = Table {
            columns: picked
                .map(|(name, values)| Column { name: name.to_owned(), values: worded(values, lang) })
                .collect(),
        };
        let heads = table.columns.iter().map(|column| labels::column(&column.name, lang).to_owned()).collect();
        Section { heading: heading.to_owned(), heads, table, totals: Vec::new() }
    }

    /// Without the columns of nothing but zeros and blanks.
    #[must_use]
    pub fn present(mut self) -> Section {
        let is_blank =
            |values: &Values| (0..values.len()).all(|row| plain(values, row).chars().all(|c| matches!(c, '0' | '.')));
        let keep: Vec<bool> = self.table.columns.iter().map(|column| !is_blank(&column.values)).collect();
        let mut kept = keep.iter();
        self.table.columns.retain(|_| *kept.next().unwrap_or(&true));
        let mut kept = keep.iter();
        self.heads.retain(|_| *kept.next().unwrap_or(&true));
        self
    }

    /// The first rows only, and a heading that says so; totals stay those of all.
    #[must_use]
    pub fn at_most(mut self, rows: usize, lang: Lang) -> Section {
        let all = self.table.rows();
        if all > rows {
            self.table = self.table.take(&(0..rows).collect::<Vec<_>>());
            self.heading += &match lang {
                Lang::Zh => format!("（前 {rows} 行，共 {all} 行；合计为全部）"),
                Lang::En => format!(" (first {rows} of {all} rows; totals are of all)"),
            };
        }
        self
    }

    /// Adds the line of control totals. A sum that does not fit is left out.
    #[must_use]
    pub fn with_totals(mut self) -> Section {
        let sums = control_sums(&self.table).unwrap_or_default();
        self.totals = self.table.columns.iter().map(|column| sums.get(&column.name).cloned()).collect();
        self
    }
}

fn worded(values: &Values, lang: Lang) -> Values {
    match values {
        Values::Keyword(column) => Values::keywords((0..column.len()).map(|row| labels::word(column.get(row), lang))),
        // Prices of a point are kept to six decimals, and nearly always stated with four.
        Values::Decimal { units, scale: 6, wide } if units.iter().flatten().all(|unit| unit % 100 == 0) => {
            Values::Decimal { units: units.iter().map(|unit| Some((*unit)? / 100)).collect(), scale: 4, wide: *wide }
        }
        other => other.clone(),
    }
}
