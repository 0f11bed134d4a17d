//! The year as tables, with the columns that outsiders rely on first.

use super::{ConsortiumYear, InstitutionYear, Reasonable, ReserveYear, Year};
use crate::policy::PolicySet;
use crate::settlement::entry;
use crate::settlement::tables::{
    RECOGNITION_POINTS, decimals, placeholders_table, pools_table, recognised_table, with_recognised,
};
use crate::table::{Table, Values};

impl Year {
    /// `institutions`, `pools`, `consortia`, `members`, `reserves`, `entries`, `placeholders`; and `recognition_points`
    /// where recognised exams have points.
    #[must_use]
    pub fn tables(&self, set: &PolicySet) -> Vec<(&'static str, Table)> {
        let lines = &self.recognised;
        let institutions =
            with_recognised(self.institutions_table(), lines, || self.institutions.iter().map(|row| row.sum).collect());
        let consortia =
            with_recognised(self.consortia_table(), lines, || self.consortia.iter().map(|row| row.sum).collect());
        let mut tables = vec![
            ("institutions", institutions),
            ("pools", pools_table(&self.pools, lines)),
            ("consortia", consortia),
            ("members", self.members_table()),
            ("reserves", self.reserves_table()),
            ("entries", entry::table(&self.entries, set)),
            ("placeholders", placeholders_table(&self.placeholders)),
        ];
        let monthly = Values::money(lines.iter().map(|line| line.of.monthly_due_fen));
        let lines = recognised_table(lines, &self.pools).map(|table| table.with("monthly_due", monthly));
        tables.extend(lines.map(|table| (RECOGNITION_POINTS, table)));
        tables
    }

    fn institutions_table(&self) -> Table {
        let rows = &self.institutions;
        let money = |of: &dyn Fn(&InstitutionYear) -> i64| Values::money(rows.iter().map(of));
        let table = Table::new()
            .with("fixmedins_code", Values::keywords(rows.iter().map(|row| row.institution.as_str())))
            .with("insutype", Values::keywords(rows.iter().map(|row| row.insutype.as_str())))
            .with("cases", Values::ints(rows.iter().map(|row| row.sum.cases)))
            .with("points", Values::points(rows.iter().map(|row| row.sum.points_e4)))
            .with("point_value", decimals(rows.iter().map(|row| row.point_value_e6), 6))
            .with("due", money(&|row| row.sum.due_fen))
            .with("prepaid", money(&|row| row.paid_fen))
            .with("withheld", money(&|row| row.forfeited_fen()))
            .with("payable", money(&|row| row.final_fen))
            .with("entitled", money(&|row| row.entitled_fen))
            .with("cost", money(&|row| row.cost_fen))
            .with("kept", money(&|row| row.kept_fen))
            .with("borne", money(&|row| row.borne_fen))
            .with("adjustment", money(&|row| row.adjustment_fen))
            .with("member_share", money(&|row| row.member_share_fen))
            .with("penalty", money(&|row| row.penalty_fen))
            .with("deposit", money(&|row| row.withheld_fen))
            .with("returned", money(&|row| row.returned_fen))
            .with("redistributed", money(&|row| row.redistributed_fen))
            .with("cmi", decimals(rows.iter().map(|row| row.sum.cmi_e4()), 4))
            .with("pool", Values::keywords(rows.iter().map(|row| row.pool.as_str())));
        with_reasonable(table, rows.iter().map(|row| row.reasonable))
    }

    fn consortia_table(&self) -> Table {
        let rows = &self.consortia;
        let money = |of: &dyn Fn(&ConsortiumYear) -> Option<i64>| Values::Money(rows.iter().map(of).collect());
        let table = Table::new()
            .with("consortium", Values::keywords(rows.iter().map(|row| row.consortium.as_str())))
            .with("insutype", Values::keywords(rows.iter().map(|row| row.pool.as_str())))
            .with("total", money(&|row| row.total_fen))
            .with("due", money(&|row| Some(row.sum.due_fen)))
            .with("balance", money(&|row| row.balance_fen))
            .with("cases", Values::ints(rows.iter().map(|row| row.sum.cases)))
            .with("points", Values::points(rows.iter().map(|row| row.sum.points_e4)))
            .with("base_total", money(&|row| row.base_fen))
            .with("referral", decimals(rows.iter().map(|row| Some(row.referral_e6)), 6))
            .with("outside_care", money(&|row| Some(row.outside_fen)))
            .with("cleared", Values::Flag(rows.iter().map(|row| Some(row.cleared)).collect()))
            .with("kept", money(&|row| Some(row.kept_fen)))
            .with("borne", money(&|row| Some(row.borne_fen)))
            .with("adjustment", money(&|row| Some(row.adjustment_fen)));
        with_reasonable(table, rows.iter().map(|row| row.reasonable))
    }

    fn members_table(&self) -> Table {
        let rows = &self.members;
        let table = Table::new()
            .with("consortium", Values::keywords(rows.iter().map(|row| row.consortium.as_str())))
            .with("insutype", Values::keywords(rows.iter().map(|row| row.pool.as_str())))
            .with("fixmedins_code", Values::keywords(rows.iter().map(|row| row.institution.as_str())))
            .with("points", Values::points(rows.iter().map(|row| row.points_e4)))
            .with("due", Values::money(rows.iter().map(|row| row.due_fen)))
            .with("score", decimals(rows.iter().map(|row| row.score.map(|score| score.0)), 6))
            .with("share", Values::money(rows.iter().map(|row| row.share_fen)));
        match rows.iter().any(|row| row.class.is_some()) {
            true => table.with("class", Values::keywords(rows.iter().map(|row| row.class.as_deref().unwrap_or("")))),
            false => table,
        }
    }

    fn reserves_table(&self) -> Table {
        let rows = &self.reserves;
        let money = |of: &dyn Fn(&ReserveYear) -> Option<i64>| Values::Money(rows.iter().map(of).collect());
        Table::new()
            .with("insutype", Values::keywords(rows.iter().map(|row| row.pool.as_str())))
            .with("opening", money(&|row| Some(row.opening_fen)))
            .with("deducted", money(&|row| Some(row.deducted_fen)))
            .with("point_value_limit", money(&|row| Some(row.limit_fen)))
            .with("penalties", money(&|row| Some(row.penalties_fen)))
            .with("forfeited", money(&|row| Some(row.forfeited_fen)))
            .with("given_back", money(&|row| Some(row.given_back_fen)))
            .with("asked", money(&|row| Some(row.asked_fen)))
            .with("paid", money(&|row| Some(row.paid_fen)))
            .with("closing", money(&|row| row.closing_fen()))
    }
}

/// What of an overrun is approved, and what of it counts; no columns where no list is in force.
fn with_reasonable(table: Table, rows: impl Iterator<Item = Option<Reasonable>> + Clone) -> Table {
    if rows.clone().all(|row| row.is_none()) {
        return table;
    }
    let money = |of: fn(Reasonable) -> i64| Values::Money(rows.clone().map(|row| row.map(of)).collect());
    let table = table.with("approved_overrun", money(|row| row.approved_fen));
    table.with("reasonable_overrun", money(|row| row.counted_fen))
}
