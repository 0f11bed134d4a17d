//! A year of a fiscal book, read back: what its tables hold, on the sheets that a run has.

use std::collections::BTreeMap;

use super::award::{AWARDS, ENTRIES, IN_PLACE, refusals};
use super::fiscal::{LINES, PLAN};
use super::{NamedSheet, Source, document, manifest_sheet, section};
use crate::problem::Lang;
use crate::table::Table;

type Columns<'a> = &'a [(&'a str, &'a str, &'a str)];

/// Awards, entries, events not paid, money in place, floors, the closing of gaps: those that the year has.
#[must_use]
pub fn booked_documents(tables: &BTreeMap<String, Table>, source: Source<'_>, lang: Lang) -> Vec<NamedSheet> {
    let ids: Vec<&str> = source.record.policies.iter().map(|pack| pack.id.as_str()).collect();
    let policy = ids.join(", ");
    let treasuries = tables.get("award_entries").and_then(|entries| {
        let sums = entries.summary(&["treasury_level", "treasury", "kind"], &["amount"]);
        sums.map(|sums| ("award_treasuries", sums))
    });
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

const TREASURIES: [(&str, &str, &str); 5] = [
    ("treasury_level", "层级", "Level"),
    ("treasury", "出资财政", "Treasury"),
    ("kind", "种类", "Kind"),
    ("cases", "分录数", "Entries"),
    ("amount", "金额(元)", "Amount"),
];
