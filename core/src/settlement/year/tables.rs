//! The year as tables, with the columns that outsiders rely on first.

use super::{ConsortiumYear, InstitutionYear, ReserveYear, Year};
use crate::policy::PolicySet;
use crate::settlement::entry;
use crate::settlement::tables::{decimals, placeholders_table, pools_table};
use crate::table::{Table, Values};

impl Year {
    /// `institutions`, `pools`, `consortia`, `members`, `reserves`, `entries`, `placeholders`.
    #[must_use]
    pub fn tables(&self, set: &PolicySet) -> Vec<(&'static str, Table)> {
        vec![
            ("institutions", self.institutions_table()),
            ("pools", pools_table(&self.pools)),
            ("consortia", self.consortia_table()),
            ("members", self.members_table()),
            ("reserves", self.reserves_table()),
            ("entries", entry::table(&self.entries, set)),
            ("placeholders", placeholders_table(&self.placeholders)),
        ]
    }

    fn institutions_table(&self) -> Table {
        let rows = &self.institutions;
        let money = |of: &dyn Fn(&InstitutionYear) -> i64| Values::money(rows.iter().map(of));
        Table::new()
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
            .with("pool", Values::keywords(rows.iter().map(|row| row.pool.as_str())))
    }

    fn consortia_table(&self) -> Table {
        let rows = &self.consortia;
        let money = |of: &dyn Fn(&ConsortiumYear) -> Option<i64>| Values::Money(rows.iter().map(of).collect());
        Table::new()
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
            .with("adjustment", money(&|row| Some(row.adjustment_fen)))
    }

    fn members_table(&self) -> Table {
        let rows = &self.members;
        Table::new()
            .with("consortium", Values::keywords(rows.iter().map(|row| row.consortium.as_str())))
            .with("insutype", Values::keywords(rows.iter().map(|row| row.pool.as_str())))
            .with("fixmedins_code", Values::keywords(rows.iter().map(|row| row.institution.as_str())))
            .with("points", Values::points(rows.iter().map(|row| row.points_e4)))
            .with("due", Values::money(rows.iter().map(|row| row.due_fen)))
            .with("score", decimals(rows.iter().map(|row| row.score.map(|score| score.0)), 6))
            .with("share", Values::money(rows.iter().map(|row| row.share_fen)))
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
