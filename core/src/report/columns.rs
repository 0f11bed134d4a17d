//! Which columns people are shown of the tables of a month and of a year.

use crate::ledger::Period;
use crate::table::Table;

pub(super) const POOLS: [&str; 8] =
    ["insutype", "budget", "deducted", "cases", "points", "point_value", "due", "balance"];
pub(super) const MONTH_INSTITUTIONS: [&str; 13] = [
    "fixmedins_code",
    "fixmedins_name",
    "insutype",
    "cases",
    "points",
    "point_value",
    "due",
    "prepaid",
    "withheld",
    "corrections",
    "carried_in",
    "payable",
    "carried_out",
];
pub(super) const YEAR_INSTITUTIONS: [&str; 16] = [
    "fixmedins_code",
    "fixmedins_name",
    "insutype",
    "cases",
    "points",
    "point_value",
    "due",
    "adjustment",
    "member_share",
    "penalty",
    "deposit",
    "returned",
    "forfeited",
    "redistributed",
    "paid_before",
    "final",
];
pub(super) const MONTH_CONSORTIA: [&str; 7] = ["consortium", "insutype", "cases", "points", "total", "due", "balance"];
pub(super) const YEAR_CONSORTIA: [&str; 16] = [
    "consortium",
    "insutype",
    "cases",
    "points",
    "base_total",
    "referral",
    "total",
    "due",
    "outside_care",
    "balance",
    "cleared",
    "kept",
    "approved_overrun",
    "reasonable_overrun",
    "borne",
    "adjustment",
];
pub(super) const MEMBERS: [&str; 8] =
    ["consortium", "insutype", "fixmedins_code", "class", "points", "due", "score", "share"];
pub(super) const RESERVES: [&str; 10] = [
    "insutype",
    "opening",
    "deducted",
    "point_value_limit",
    "penalties",
    "forfeited",
    "given_back",
    "asked",
    "reserve_paid",
    "closing",
];
pub(super) const CORRECTIONS: [&str; 12] = [
    "setl_id",
    "period",
    "made_in",
    "fixmedins_code",
    "insutype",
    "action",
    "drg",
    "state",
    "points",
    "amount",
    "reason",
    "document",
];

pub(super) const RECOGNITION_POINTS: [&str; 7] =
    ["insutype", "period", "records", "points", "point_value", "monthly_due", "due"];
pub(super) const RECOGNITION: [&str; 6] = ["insutype", "cases", "amount", "taken_back", "due", "refused"];

/// Of a year, columns that mean something else than in a month have a name of their own for people: what was paid
/// before, the deposit that does not come back, what is paid or recovered now.
#[must_use]
pub(super) fn named_for_reading(table: &Table, period: Period) -> Table {
    let mut table = table.clone();
    let is_reserves = table.column("closing").is_some();
    for column in table.columns.iter_mut().filter(|_| period.is_year()) {
        let name = match column.name.as_str() {
            "prepaid" => "paid_before",
            "withheld" => "forfeited",
            "payable" => "final",
            "paid" if is_reserves => "reserve_paid",
            _ => continue,
        };
        name.clone_into(&mut column.name);
    }
    table
}
