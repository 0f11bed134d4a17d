//! A year of a fiscal book, read back: what its tables hold, on the sheets that a run has.

use std::collections::BTreeMap;

use super::award::{AWARDS, ENTRIES, IN_PLACE, refusals};
use super::fiscal::{LINES, PLAN};
use super::{NamedSheet, Source, document, manifest_sheet, section};
use crate::fiscal::Standing;
use crate::problem::Lang;
use crate::report::Document;
use crate::table::Table;
use crate::table::cell::plain;

/// The most rows of a table on the screen.
const ROWS_MAX: usize = 80;

type Columns<'a> = &'a [(&'a str, &'a str, &'a str)];

/// Awards, entries, events not paid, money in place, floors, the closing of gaps: those that the year has.
#[must_use]
pub fn booked_documents(tables: &BTreeMap<String, Table>, source: Source<'_>, lang: Lang) -> Vec<NamedSheet> {
    let ids: Vec<&str> = source.record.policies.iter().map(|pack| pack.id.as_str()).collect();
    let policy = ids.join(", ");
    let treasuries = by_treasury(tables).map(|sums| ("award_treasuries", sums));
    let held: BTreeMap<&str, &Table> = tables.iter().map(|(name, table)| (name.as_str(), table)).collect();
    let refusals = refusals(lang);
    let keys = [("government", "政府", "Government"), ("year", "年度", "Year")];
    let floors: Vec<_> = keys.iter().chain(&LINES).copied().collect();
    let sheets: [(&str, &str, &str, Columns<'_>); 7] = [
        ("award_treasuries", "汇总", "Summary", &TREASURIES),
        ("awards", "奖补", "Awards", &AWARDS),
        ("award_entries", "分录", "Entries", &ENTRIES),
        ("award_refusals", "未奖补", "Not paid", &refusals),
        ("award_in_place", "资金到位", "In place", &IN_PLACE),
        ("floors", "投入底线", "Floors", &floors),
        ("floor_plan", "分年补足", "Closing", &PLAN),
    ];
    let sheets = sheets.into_iter().filter_map(|(name, zh, en, columns)| {
        let summed = treasuries.as_ref().filter(|(own, _)| *own == name).map(|(_, table)| table);
        let table = summed.or_else(|| held.get(name).copied()).filter(|table| table.rows() > 0)?;
        let mut sheet = document(lang.pick(zh, en), &policy, source, lang);
        sheet.sections.push(section(lang.pick(zh, en), table, columns, lang).with_totals());
        Some((lang.pick(zh, en).to_owned(), sheet))
    });
    sheets.chain([manifest_sheet(&policy, source, lang)]).collect()
}

/// What each treasury pays.
fn by_treasury(tables: &BTreeMap<String, Table>) -> Option<Table> {
    tables.get("award_entries")?.summary(&["treasury_level", "treasury", "kind"], &["amount"])
}

/// The year in short, for the screen: what each treasury pays, the awards, what was not paid, floors that are not met.
#[must_use]
pub fn booked_summary(tables: &BTreeMap<String, Table>, source: Source<'_>, lang: Lang) -> Document {
    let ids: Vec<&str> = source.record.policies.iter().map(|pack| pack.id.as_str()).collect();
    let mut sheet =
        document(lang.pick("财政奖补与投入底线", "Fiscal awards and floors"), &ids.join(", "), source, lang);
    let unmet = tables.get("floors").map(|floors| {
        let standing = |row| floors.column("standing").map_or_else(String::new, |values| plain(values, row));
        let met = [Standing::Met.chinese(), Standing::Met.code()];
        let unmet: Vec<usize> = (0..floors.rows()).filter(|&row| !met.contains(&standing(row).as_str())).collect();
        floors.take(&unmet)
    });
    let refusals = refusals(lang);
    let treasuries = by_treasury(tables);
    let shown: [(Option<&Table>, &str, &str, Columns<'_>); 4] = [
        (treasuries.as_ref(), "各级财政负担", "What each treasury pays", &TREASURIES),
        (tables.get("awards"), "奖补", "Awards", &SHORT_AWARDS),
        (tables.get("award_refusals"), "未奖补或待付", "Not paid, or not yet", &refusals),
        (unmet.as_ref(), "未达标与缺数据的投入底线", "Floors short or unknown", &SHORT_FLOORS),
    ];
    for (table, zh, en, columns) in shown {
        let Some(table) = table.filter(|table| table.rows() > 0) else { continue };
        let section = section(lang.pick(zh, en), table, columns, lang);
        // One yuan can count for several floors: their sums mean nothing.
        let section = if zh.contains("底线") { section } else { section.with_totals() };
        sheet.sections.push(section.at_most(ROWS_MAX, lang));
    }
    sheet
}

const SHORT_AWARDS: [(&str, &str, &str); 6] = [
    ("award", "奖励编号", "Award"),
    ("subject_name", "主体名称", "Subject"),
    ("place", "地方", "Place"),
    ("named", "认定日期", "Named"),
    ("gross", "标准(元)", "By the tier table"),
    ("amount", "奖补(元)", "Amount"),
];

const SHORT_FLOORS: [(&str, &str, &str); 7] = [
    ("government", "政府", "Government"),
    ("year", "年度", "Year"),
    ("floor", "底线", "Floor"),
    ("standing", "结果", "Standing"),
    ("required", "应达到(元)", "Required"),
    ("actual", "实际(元)", "Actual"),
    ("gap", "缺口(元)", "Gap"),
];

const TREASURIES: [(&str, &str, &str); 5] = [
    ("treasury_level", "层级", "Level"),
    ("treasury", "出资财政", "Treasury"),
    ("kind", "种类", "Kind"),
    ("cases", "分录数", "Entries"),
    ("amount", "金额(元)", "Amount"),
];
