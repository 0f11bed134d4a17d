//! The month as tables, with the columns that outsiders rely on first.

use super::entry;
use super::month::{Month, Placeholder};
use super::pool::PoolMonth;
use crate::claims::Claims;
use crate::grouper::{Grouped, Outcome};
use crate::money::Rounding;
use crate::policy::PolicySet;
use crate::pricing::{Exact, Priced};
use crate::table::{Table, Values};

impl Month {
    /// `claims`, `institutions`, `pools`, `consortia`, `entries`, `placeholders`.
    #[must_use]
    pub fn tables(
        &self,
        claims: &Claims,
        grouped: &Grouped,
        outcomes: &[Outcome],
        priced: &Priced,
        set: &PolicySet,
    ) -> Vec<(&'static str, Table)> {
        vec![
            ("claims", self.claims_table(claims, grouped, outcomes, priced, set)),
            ("institutions", self.institutions_table()),
            ("pools", pools_table(&self.pools)),
            ("consortia", self.consortia_table()),
            ("entries", entry::table(&self.entries, set)),
            ("placeholders", placeholders_table(&self.placeholders)),
        ]
    }

    fn claims_table(
        &self,
        claims: &Claims,
        grouped: &Grouped,
        outcomes: &[Outcome],
        priced: &Priced,
        set: &PolicySet,
    ) -> Table {
        let rows = 0..claims.len();
        let known = |column: &[i64], row: usize| Some(column[row]).filter(|fen| *fen != i64::MIN);
        let cell = |row: usize| priced.cell_of(row);
        let scaled = |value: Option<Exact>, digits: u32| {
            value.and_then(|value| value.round(digits, Rounding::HalfUp)).map(i128::from)
        };
        let exact = |digits: u32, value: &dyn Fn(usize) -> Option<Exact>| Values::Decimal {
            units: rows.clone().map(|row| scaled(value(row), digits)).collect(),
            scale: digits as u8,
            wide: false,
        };
        let outcome = |row: usize| &outcomes[usize::from(grouped.outcomes[row])];
        Table::new()
            .with("setl_id", Values::Text(claims.stays.setl_id.clone()))
            .with("fixmedins_code", Values::Keyword(claims.institution.clone()))
            .with("insutype", Values::Keyword(claims.insurance_type.clone()))
            .with("drg", Values::keywords(rows.clone().map(|row| outcome(row).drg.as_str())))
            .with("case_kind", Values::keywords(priced.case_kind.iter().map(|kind| kind.code())))
            .with("points", Values::points(priced.points_e4.iter().copied()))
            .with("due", Values::money(self.due_fen.iter().copied()))
            .with("status", Values::keywords(rows.clone().map(|row| outcome(row).status.code())))
            .with("state", Values::keywords(priced.state.iter().map(|state| state.code())))
            .with("reason", Values::keywords(priced.reason.iter().map(|reason| reason.code())))
            .with("standard", Values::money(self.standard_fen.iter().copied()))
            .with("medfee_sumamt", Values::Money(rows.clone().map(|row| known(&claims.total_fen, row)).collect()))
            .with("hifp_pay", Values::Money(rows.clone().map(|row| known(&claims.fund_fen, row)).collect()))
            .with("psn_pay", Values::Money(rows.clone().map(|row| known(&claims.patient_fen, row)).collect()))
            .with("oth_fund_pay", Values::Money(rows.clone().map(|row| known(&claims.other_fund_fen, row)).collect()))
            .with("by_amount", Values::money(priced.amount_fen.iter().copied()))
            .with("outside_budget", Values::money(priced.outside_fen.iter().copied()))
            .with("hosp_lv", Values::keywords(rows.clone().map(|row| cell(row).map_or("", |c| c.level.as_str()))))
            .with(
                "consortium",
                Values::keywords(rows.clone().map(|row| cell(row).and_then(|c| c.consortium.as_deref()).unwrap_or(""))),
            )
            .with("weight", exact(6, &|row| cell(row)?.weight))
            .with("coefficient", exact(6, &|row| cell(row).filter(|c| c.weight.is_some()).map(|c| c.coefficient)))
            .with("mean_cost", exact(2, &|row| cell(row)?.mean_fen?.over(Exact::whole(100))))
            .with("pool_mean", exact(2, &|row| cell(row)?.pool_mean_fen?.over(Exact::whole(100))))
            .with("low_line", exact(6, &|row| Some(Exact::scaled(cell(row)?.low?.0.0, 6))))
            .with("high_line", exact(6, &|row| Some(Exact::scaled(cell(row)?.high?.0.0, 6))))
            .with("adjusted_by", Values::keywords(rows.clone().map(|row| adjusted_by(priced, set, row))))
            .with("factor", exact(6, &|row| factor(priced, row)))
            .with(
                "pack",
                Values::keywords(
                    rows.clone().map(|row| set.packs[priced.rules[usize::from(priced.rule[row])].0].id.as_str()),
                ),
            )
            .with("rule", Values::keywords(rows.map(|row| priced.rule_of(row, set).name.as_str())))
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

/// The rules that changed a case's price after its kind was found.
fn adjusted_by(priced: &Priced, set: &PolicySet, row: usize) -> String {
    let name = |rule: u16| {
        let (pack, rule) = priced.rules[usize::from(rule)];
        set.packs[pack].rule(rule).name.as_str()
    };
    priced.adjusted_of(row).iter().map(|one| name(one.rule)).collect::<Vec<_>>().join("+")
}

/// The product of their factors.
fn factor(priced: &Priced, row: usize) -> Option<Exact> {
    let factors: Vec<Exact> = priced.adjusted_of(row).iter().filter_map(|one| one.factor).collect();
    if factors.is_empty() { None } else { factors.into_iter().try_fold(Exact::ONE, Exact::times) }
}

/// Pools of a month or a year.
pub(super) fn pools_table(rows: &[PoolMonth]) -> Table {
    let money = |of: &dyn Fn(&PoolMonth) -> Option<i64>| Values::Money(rows.iter().map(of).collect());
    Table::new()
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
        .with("limited", Values::Flag(rows.iter().map(|row| Some(row.limited)).collect()))
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
