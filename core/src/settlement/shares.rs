//! The shares of an institution's due that are paid now and withheld.

use chrono::NaiveDate;

use crate::ledger::Period;
use crate::policy::rules::{Deposit, DepositOf, Prepay, ShareRow};
use crate::policy::{Policy, Rows, RuleNo, Share};
use crate::problem::Problem;
use crate::problem::catalogue::settlement as m;

/// What of a due that is positive is paid now, and what of it is withheld.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shares {
    pub prepaid: Share,
    pub withheld: Share,
    pub of: DepositOf,
}

impl Default for Shares {
    fn default() -> Shares {
        Shares { prepaid: Share(0), withheld: Share(0), of: DepositOf::Prepaid }
    }
}

impl Shares {
    /// Those of an institution in a period, by its level on the last day.
    pub(super) fn of(policy: &Policy, institution: &str, period: Period) -> Result<Shares, Problem> {
        let day = period.last_day();
        let prepaid = match &policy.prepay.value {
            Prepay::Share { share } => *share,
            Prepay::Table { table } => listed(policy, policy.prepay.rule, table, institution, day)?,
        };
        let (withheld, of) = match &policy.deposit.value {
            Deposit::None {} => (Share(0), DepositOf::Prepaid),
            Deposit::Share { share, of } => (*share, *of),
            Deposit::Table { table, of } => (listed(policy, policy.deposit.rule, table, institution, day)?, *of),
        };
        Ok(Shares { prepaid, withheld, of })
    }
}

/// The row that says most: of the institution before its level, of the level before all others.
fn listed(
    policy: &Policy,
    rule: RuleNo,
    table: &Rows<ShareRow>,
    institution: &str,
    day: NaiveDate,
) -> Result<Share, Problem> {
    let level = policy.level_on(institution, day);
    let fits = |row: &&ShareRow| {
        row.fixmedins_code.as_ref().is_none_or(|own| own == institution)
            && row.level.as_deref().is_none_or(|own| Some(own) == level)
    };
    let rows = table.0.iter().map(|(row, _)| row).filter(fits);
    let best = rows.max_by_key(|row| (row.fixmedins_code.is_some(), row.level.is_some()));
    best.map(|row| row.share).ok_or_else(|| {
        let problem = Problem::new(&m::NO_SHARE).with("institution", institution);
        problem.with("level", level.unwrap_or("-")).with("rule", &policy.rule(rule).name)
    })
}
