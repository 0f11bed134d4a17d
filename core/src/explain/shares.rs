//! The shares by which a month's due was prepaid and withheld from, and the row of the pack that they stand in.

use super::step::Step;
use super::symbols::formula;
use crate::ledger::Period;
use crate::policy::rules::{Deposit, DepositOf, Prepay, ShareRow};
use crate::policy::{Policy, Rows, Share};
use crate::problem::Lang;
use crate::table::cell::{decimal, trimmed};

/// Adds the share to the step of an account of an institution, with the formula as it was used. What is due must be
/// positive: a negative due is taken back in full.
pub(super) fn add(step: Step, account: &str, policy: &Policy, (code, month): (&str, Period), lang: Lang) -> Step {
    let own = |table: &Rows<ShareRow>| row(policy, table, code, month, lang);
    let (found, base) = match account {
        "prepaid" => match &policy.prepay.value {
            Prepay::Share { share } => (Some((*share, String::new())), "due"),
            Prepay::Table { table } => (own(table), "due"),
        },
        "withheld" => {
            let base = |of: &DepositOf| if *of == DepositOf::Due { "due" } else { "prepaid" };
            match &policy.deposit.value {
                Deposit::None {} => return step,
                Deposit::Share { share, of } => (Some((*share, String::new())), base(of)),
                Deposit::Table { table, of } => (own(table), base(of)),
            }
        }
        _ => return step,
    };
    let Some((share, row)) = found else { return step };
    step.formula(formula(&format!("round({base} × ratio, 2)"), lang))
        .number(lang.pick("比例", "ratio"), trimmed(&decimal(share.0.into(), 6)))
        .number(lang.pick("适用的行", "row"), row)
}

/// The row that says most: of the institution before its level, of the level before all others.
fn row(
    policy: &Policy,
    table: &Rows<ShareRow>,
    institution: &str,
    month: Period,
    lang: Lang,
) -> Option<(Share, String)> {
    let level = policy.level_on(institution, month.last_day());
    let fits = |row: &&ShareRow| {
        row.fixmedins_code.as_ref().is_none_or(|own| own == institution)
            && row.level.as_deref().is_none_or(|own| Some(own) == level)
    };
    let rows = table.0.iter().map(|(row, _)| row).filter(fits);
    let best = rows.max_by_key(|row| (row.fixmedins_code.is_some(), row.level.is_some()))?;
    let named: Vec<&str> = [&best.fixmedins_code, &best.level].into_iter().flatten().map(String::as_str).collect();
    let others = lang.pick("其余机构", "all others").to_owned();
    Some((best.share, if named.is_empty() { others } else { named.join(" ") }))
}
