//! The month as tables, with the columns that outsiders rely on first.

use super::claim_columns::ClaimColumns;
use super::due::Dues;
use super::entry;
use super::month::{Month, Placeholder};
use super::pool::PoolMonth;
use super::recognised::PaidLine;
use super::sums::Sum;
use crate::claims::Claims;
use crate::grouper::{Grouped, Outcome};
use crate::policy::PolicySet;
use crate::pricing::Priced;
use crate::table::{Table, Values};

impl Month {
    /// `claims`, `institutions`, `pools`, `consortia`, `entries`, `placeholders`; and `recognition_points` where
    /// recognised exams have points.
    #[must_use]
    pub fn tables(
        &self,
        claims: &Claims,
        grouped: &Grouped,
        outcomes: &[Outcome],
        priced: &Priced,
        set: &PolicySet,
    ) -> Vec<(&'static str, Table)> {
        let dues = Dues { standard_fen: self.standard_fen.clone(), due_fen: self.due_fen.clone() };
        let columns = ClaimColumns::new(outcomes, priced, set);
        let mut tables = vec![("claims", columns.table(claims, grouped, priced, &dues))];
        tables.extend(self.sum_tables(set));
        tables
    }

    /// All of them but `claims`.
    #[must_use]
    pub fn sum_tables(&self, set: &PolicySet) -> Vec<(&'static str, Table)> {
        let institutions = with_recognised(self.institutions_table(), &self.recognised, || {
            self.institutions.iter().map(|row| row.sum).collect()
        });
        let consortia = with_recognised(self.consortia_table(), &self.recognised, || {
            self.consortia.iter().map(|row| row.sum).collect()
        });
        let mut tables = vec![
            ("institutions", institutions),
            ("pools", pools_table(&self.pools, &self.recognised)),
            ("consortia", consortia),
            ("entries", entry::table(&self.entries, set)),
            ("placeholders", placeholders_table(&self.placeholders)),
        ];
        tables.extend(recognised_table(&self.recognised, &self.pools).map(|table| (RECOGNITION_POINTS, table)));
        tables
    }

    fn institutions_table(&self) -> Table {
        let rows = &self.institutions;
        let money = |of: &dyn Fn(&super::InstitutionMonth) -> i64| Values::money(rows.iter().map(of));
        Table::new()
            .with("fixmedins_code", Values::keywords(rows.iter().map(|row| row.institution.as_str())))
            .with("insutype", Values::keywords(rows.iter().map(|row| row.insutype.as_str())))
            .with("cases", Values::ints(rows.iter().map(|row| row.sum.cases)))
            .with("points", Values::points(rows.iter().map(|row| row.sum.points_e4)))
            .with("point_value", decimals(rows.iter().map(|row| row.point_value_e6), 6))
            .with("due", money(&|row| row.sum.due_fen))
            .with("prepaid", money(&|row| row.prepaid_fen))
            .with("withheld", money(&|row| row.withheld_fen))
            .with("payable", money(&|row| row.payable_fen))
            .with("corrections", money(&|row| row.corrections_fen))
            .with("carried_in", money(&|row| row.carried_in_fen))
            .with("carried_out", money(&|row| row.carried_out_fen))
            .with("unpaid_cases", Values::ints(rows.iter().map(|row| row.sum.unpaid)))
            .with("standard", money(&|row| row.sum.standard_fen))
            .with("medfee_sumamt", money(&|row| row.sum.total_fen))
            .with("psn_pay", money(&|row| row.sum.patient_fen))
            .with("oth_fund_pay", money(&|row| row.sum.other_fund_fen))
            .with("cmi", decimals(rows.iter().map(|row| row.sum.cmi_e4()), 4))
            .with("pool", Values::keywords(rows.iter().map(|row| row.pool.as_str())))
    }

    fn consortia_table(&self) -> Table {
        let rows = &self.consortia;
        Table::new()
            .with("consortium", Values::keywords(rows.iter().map(|row| row.consortium.as_str())))
            .with("insutype", Values::keywords(rows.iter().map(|row| row.pool.as_str())))
            .with("total", Values::Money(rows.iter().map(|row| row.total_fen).collect()))
            .with("due", Values::money(rows.iter().map(|row| row.sum.due_fen)))
            .with("balance", Values::Money(rows.iter().map(|row| row.balance_fen).collect()))
            .with("cases", Values::ints(rows.iter().map(|row| row.sum.cases)))
            .with("points", Values::points(rows.iter().map(|row| row.sum.points_e4)))
    }
}

/// The table of lines of recognised exams.
pub const RECOGNITION_POINTS: &str = "recognition_points";

/// What of the points and dues above is for recognised exams; no columns where a run has no such line.
pub(super) fn with_recognised(table: Table, lines: &[PaidLine], sums: impl FnOnce() -> Vec<Sum>) -> Table {
    if lines.is_empty() {
        return table;
    }
    let sums = sums();
    table
        .with("recognition_points", Values::points(sums.iter().map(|sum| sum.recognised_e4)))
        .with("recognition_due", Values::money(sums.iter().map(|sum| sum.recognised_fen)))
}

/// Lines of recognised exams, by institution, insurance type, month and pack; nothing where there are none.
pub(super) fn recognised_table(lines: &[PaidLine], pools: &[PoolMonth]) -> Option<Table> {
    let pool = |line: &PaidLine| &pools[usize::from(line.group.pool)];
    let word = |of: fn(&PaidLine) -> &str| Values::keywords(lines.iter().map(of));
    let table = Table::new()
        .with("fixmedins_code", word(|line| &line.of.institution))
        .with("insutype", word(|line| &line.of.insutype))
        .with("period", Values::keywords(lines.iter().map(|line| line.of.period.to_string())))
        .with("records", Values::ints(lines.iter().map(|line| line.of.records)))
        .with("points", Values::points(lines.iter().map(|line| line.of.points_e4)))
        .with("point_value", decimals(lines.iter().map(|line| pool(line).point_value_e6), 6))
        .with("due", Values::money(lines.iter().map(|line| line.due_fen)))
        .with("consortium", word(|line| &line.group.consortium))
        .with("pool", Values::keywords(lines.iter().map(|line| pool(line).pool.as_str())))
        .with("pack", word(|line| &line.of.pack))
        .with("rule", word(|line| &line.of.rule.name));
    (!lines.is_empty()).then_some(table)
}

/// Pools of a month or a year.
pub(super) fn pools_table(rows: &[PoolMonth], lines: &[PaidLine]) -> Table {
    let money = |of: &dyn Fn(&PoolMonth) -> Option<i64>| Values::Money(rows.iter().map(of).collect());
    let table = Table::new()
        .with("insutype", Values::keywords(rows.iter().map(|row| row.pool.as_str())))
        .with("budget", money(&|row| row.budget_fen))
        .with("cases", Values::ints(rows.iter().map(|row| row.sum.cases)))
        .with("points", Values::points(rows.iter().map(|row| row.sum.points_e4)))
        .with("point_value", decimals(rows.iter().map(|row| row.point_value_e6), 6))
        .with("due", money(&|row| Some(row.sum.due_fen)))
        .with("deducted", money(&|row| Some(row.budget_fen? - row.rest_fen()?)))
        .with("shared_out", money(&|row| row.numerator_fen))
        .with("by_amount", money(&|row| Some(row.sum.amount_fen)))
        .with("outside_budget", money(&|row| Some(row.sum.outside_fen)))
        .with("balance", money(&|row| row.balance_fen))
        .with("limited", Values::Flag(rows.iter().map(|row| Some(row.limited)).collect()));
    with_recognised(table, lines, || rows.iter().map(|row| row.sum).collect())
}

/// What a month or a year relied on.
pub(super) fn placeholders_table(rows: &[Placeholder]) -> Table {
    Table::new()
        .with("pack", Values::keywords(rows.iter().map(|row| row.pack.as_str())))
        .with("rule", Values::keywords(rows.iter().map(|row| row.rule.as_str())))
        .with("why", Values::texts(rows.iter().map(|row| row.why.as_str())))
}

/// Decimals with `scale` places.
pub(super) fn decimals(values: impl IntoIterator<Item = Option<i64>>, scale: u8) -> Values {
    Values::Decimal { units: values.into_iter().map(|v| v.map(i128::from)).collect(), scale, wide: false }
}
