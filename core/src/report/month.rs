//! A settled month, or a cleared year, on the screen.

use std::collections::BTreeMap;
use std::path::Path;

use super::document::{Document, Section};
use super::{columns, labels, text};
use crate::ledger::Period;
use crate::ledger::manifest::Run;
use crate::problem::Lang;
use crate::table::Table;
use crate::table::cell::{group_thousands, plain};

/// The most rows of a table that are printed.
const ROWS_MAX: usize = 80;

/// A settled month or cleared year, from a run or read back from its book.
#[derive(Clone, Copy, Debug)]
pub struct MonthView<'a> {
    pub period: Period,
    pub run: &'a Run,
    pub tables: &'a BTreeMap<String, Table>,
    /// The folder of the period's files.
    pub dir: &'a Path,
}

impl MonthView<'_> {
    /// The tables that the view shows.
    pub const TABLES: [&'static str; 6] = ["pools", "institutions", "consortia", "members", "reserves", "placeholders"];

    /// Point values, institutions, consortia, placeholders, and where the files are.
    #[must_use]
    pub fn render(&self, lang: Lang) -> String {
        text::render(&self.document(lang), lang)
    }

    /// What the view shows.
    #[must_use]
    pub fn document(&self, lang: Lang) -> Document {
        let mark = if self.run.simulation {
            lang.pick("（模拟：依据草案，不得付款）", " (simulation: rests on a draft, not to be paid)")
        } else {
            ""
        };
        let title = format!("{}{mark}", self.title(lang));
        let (institutions, consortia) = match self.period.is_year() {
            false => (&columns::MONTH_INSTITUTIONS[..], &columns::MONTH_CONSORTIA[..]),
            true => (&columns::YEAR_INSTITUTIONS[..], &columns::YEAR_CONSORTIA[..]),
        };
        let sections = [
            self.section("pools", &columns::POOLS, lang.pick("点值", "Point values"), lang),
            self.section("institutions", institutions, lang.pick("医疗机构", "Institutions"), lang),
            self.section("consortia", consortia, lang.pick("医共体与城市医疗集团", "Consortia"), lang),
            self.section("members", &columns::MEMBERS, lang.pick("医共体成员", "Members of consortia"), lang),
            self.section("reserves", &columns::RESERVES, lang.pick("调剂金", "Reserves"), lang),
        ];
        let mut notes = self.placeholders(lang);
        notes.push(format!("{}{}", lang.pick("文件：", "Files: "), self.dir.display()));
        Document { title, facts: self.facts(lang), sections: sections.into_iter().flatten().collect(), notes }
    }

    /// What it is, in a line.
    #[must_use]
    pub fn title(&self, lang: Lang) -> String {
        match (self.period.is_year(), lang) {
            (false, Lang::Zh) => format!("{} 月度预结算", self.period),
            (false, Lang::En) => format!("Settlement of {}", self.period),
            (true, Lang::Zh) => format!("{} 年度清算", self.period),
            (true, Lang::En) => format!("Annual clearing of {}", self.period),
        }
    }

    /// Claims and bills: in, and what became of them.
    fn facts(&self, lang: Lang) -> Vec<(String, String)> {
        let total = |name: String| self.run.totals.get(&name).map_or("0", String::as_str);
        let parts = ["in", "rejected", "left_out", "excluded", "reversed", "unpaid", "paid"];
        let rows = parts.iter().filter_map(|part| {
            let count = total(format!("claims_{part}"));
            let bills = group_thousands(total(format!("medfee_{part}")));
            let value = match lang {
                Lang::Zh => format!("{count} 例，总费用 {bills} 元"),
                Lang::En => format!("{count} claims, bills of {bills} yuan"),
            };
            let shown = *part == "in" || *part == "paid" || count != "0";
            shown.then(|| (labels::word(&format!("claims_{part}"), lang).to_owned(), value))
        });
        rows.collect()
    }

    fn section(&self, table: &str, columns: &[&str], heading: &str, lang: Lang) -> Option<Section> {
        let table = self.tables.get(table).filter(|table| table.rows() > 0)?;
        let table = columns::named_for_reading(table, self.period);
        Some(Section::of(heading, &table, columns, lang).present().with_totals().at_most(ROWS_MAX, lang))
    }

    /// What no document says and the results rely on.
    fn placeholders(&self, lang: Lang) -> Vec<String> {
        let Some(table) = self.tables.get("placeholders").filter(|table| table.rows() > 0) else { return Vec::new() };
        let mut lines = vec![match lang {
            Lang::Zh => format!("以下 {} 项参数没有文件依据，结果依赖其缺省值：", table.rows()),
            Lang::En => format!("{} parameters have no source; the results rely on their defaults:", table.rows()),
        }];
        let text = |column: &str, row| table.column(column).map_or_else(String::new, |values| plain(values, row));
        lines.extend(
            (0..table.rows()).map(|row| format!("  {}.{}  {}", text("pack", row), text("rule", row), text("why", row))),
        );
        lines.push(String::new());
        lines
    }
}
