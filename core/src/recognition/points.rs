//! The points of a month's recognised exams, for whoever settles the month.

use std::collections::BTreeMap;

use super::earlier::{PAID, TAKEN_BACK, number};
use crate::ledger::Period;
use crate::policy::{Citation, RuleRef, find_kind};
use crate::settlement::PointLine;
use crate::table::Table;
use crate::table::cell::plain;

/// Points by payee, insurance type and pack, from the tables `recognition` and `recognition_rules` of a month. What was
/// taken back counts against what was paid; a line of nothing is none.
#[must_use]
pub fn points_of(period: Period, records: &Table, rules: &Table) -> Vec<PointLine> {
    let text = |name: &str, row: usize| records.column(name).map_or_else(String::new, |values| plain(values, row));
    let mut sums: BTreeMap<(String, String, String), (i64, i64)> = BTreeMap::new();
    for row in 0..records.rows() {
        let count = match text("state", row).as_str() {
            PAID => 1,
            TAKEN_BACK => -1,
            _ => continue,
        };
        for (code, points) in [("fixmedins_code", "recogniser_points"), ("issuer_code", "issuer_points")] {
            let points_e4 = number(records.column(points), row);
            if points_e4 != 0 {
                let own = sums.entry((text(code, row), text("insutype", row), text("pack", row))).or_default();
                *own = (own.0 + count, own.1 + points_e4);
            }
        }
    }
    let line = |((institution, insutype, pack), (records, points_e4)): ((String, String, String), (i64, i64))| {
        let rule = booking_rule(rules, &pack);
        PointLine { institution, insutype, period, records, points_e4, pack, rule, monthly_due_fen: 0 }
    };
    sums.into_iter().map(line).filter(|line| line.points_e4 != 0 || line.records != 0).collect()
}

/// The rule of a pack by which recognition is booked.
fn booking_rule(rules: &Table, pack: &str) -> RuleRef {
    let text = |name: &str, row: usize| rules.column(name).map_or_else(String::new, |values| plain(values, row));
    let own = rules.find("pack", pack).into_iter().find(|row| text("kind", *row).starts_with("recognition_booking."));
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let Some(row) = own else {
        let kind = "recognition_booking.points";
        let (name, pack) = (String::new(), pack.to_owned());
        return RuleRef { name, kind, pack, citation: None, placeholder: None, parameters: Vec::new() };
    };
    let citation = some(text("document", row)).map(|document| Citation {
        document,
        number: some(text("number", row)),
        date: None,
        article: text("article", row),
    });
    let parameters = text("parameters", row);
    let parameters = parameters.split("; ").filter_map(|pair| pair.split_once(" = "));
    RuleRef {
        name: text("rule", row),
        kind: find_kind(&text("kind", row)).map_or("recognition_booking.points", |kind| kind.kind),
        pack: text("stated_by", row),
        citation,
        placeholder: some(text("placeholder", row)),
        parameters: parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
    }
}
