//! The awards of earlier periods, from the tables they were written to.

use std::collections::BTreeSet;

use super::record::{Earlier, Moment, Part, Record};
use crate::ledger::Period;
use crate::table::cell::plain;
use crate::table::{Table, Values};

/// What a row of the table `recognition` is.
pub(super) const PAID: &str = "paid";
pub(super) const REFUSED: &str = "refused";
pub(super) const TAKEN_BACK: &str = "taken_back";

/// How a row names the award it corrects.
pub(super) fn corrected(period: Period, record: &str) -> String {
    format!("{period}/{record}")
}

/// The awards in tables `recognition` of earlier periods, which come in the order of time.
#[must_use]
pub fn earlier_of(tables: &[(Period, Table)]) -> Vec<Earlier> {
    let mut awards: Vec<Earlier> = Vec::new();
    let mut taken_back: BTreeSet<String> = BTreeSet::new();
    for (period, table) in tables {
        let text = |name: &str, row: usize| table.column(name).map_or_else(String::new, |values| plain(values, row));
        let number = |name: &str, row: usize| number(table.column(name), row);
        let part = |who: &str, row: usize| Part {
            fen: number(&format!("{who}_amount"), row),
            points_e4: number(&format!("{who}_points"), row),
        };
        for row in 0..table.rows() {
            match text("state", row).as_str() {
                TAKEN_BACK => _ = taken_back.insert(text("corrects", row)),
                PAID => awards.push(Earlier {
                    period: *period,
                    record: record_of(table, row),
                    amount_fen: number("amount", row),
                    recogniser: part("recogniser", row),
                    issuer: part("issuer", row),
                    taken_back: false,
                }),
                _ => {}
            }
        }
    }
    for award in &mut awards {
        award.taken_back = taken_back.contains(&corrected(award.period, &award.record.id));
    }
    awards
}

/// An amount in fen, or points in ten-thousandths.
pub(super) fn number(values: Option<&Values>, row: usize) -> i64 {
    match values {
        Some(Values::Money(fen)) => fen[row].unwrap_or(0),
        Some(Values::Decimal { units, scale: 4, .. }) => {
            units[row].and_then(|units| i64::try_from(units).ok()).unwrap_or(0)
        }
        _ => 0,
    }
}

fn record_of(table: &Table, row: usize) -> Record {
    let text = |name: &str| table.column(name).map_or_else(String::new, |values| plain(values, row));
    let moment = |day: &str, time: &str| {
        let day = match table.column(day) {
            Some(Values::Date(days)) => days[row].unwrap_or_default(),
            _ => 0,
        };
        Moment { day, second: parse_clock(&text(time)) }
    };
    Record {
        id: text("record_id"),
        person: text("psn_no"),
        insutype: text("insutype"),
        visit: text("mdtrt_id"),
        settlement: text("setl_id"),
        item: text("item_code"),
        recogniser: text("fixmedins_code"),
        issuer: text("issuer_code"),
        report: text("report_id"),
        reported: moment("report_date", "report_clock"),
        recognised: moment("recog_date", "recog_clock"),
        accepted: true,
        ..Record::default()
    }
}

fn parse_clock(text: &str) -> Option<u32> {
    let parts: Vec<u32> = text.split(':').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [hours, minutes, seconds] = parts[..] else { return None };
    Some(hours * 3600 + minutes * 60 + seconds)
}
