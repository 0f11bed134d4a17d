//! The entries of a month: every figure of a statement from the rule and the numbers it came from.

use super::correction::Correction;
use super::entry::{Account, Entry, SubjectKind};
use super::month::{ConsortiumMonth, InstitutionMonth};
use super::pool::PoolMonth;
use super::recognised::PaidLine;
use super::sums::Sum;
use crate::money::Fen;
use crate::policy::{PackId, Policy, RuleNo};
use crate::table::cell::decimal;

/// What is booked.
pub(super) struct Booking<'a> {
    pub policy: &'a Policy,
    pub pack: PackId,
    pub pools: &'a [PoolMonth],
    pub institutions: &'a [InstitutionMonth],
    pub consortia: &'a [ConsortiumMonth],
    pub corrections: &'a [Correction],
    pub recognised: &'a [PaidLine],
}

type Numbers = Vec<(&'static str, String)>;

impl Booking<'_> {
    /// Pools, then institutions, then consortia, each in the order of their names.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut out = Vec::new();
        self.pools.iter().for_each(|pool| self.pool(pool, &mut out));
        self.institutions.iter().for_each(|row| self.institution(row, &mut out));
        self.recognised.iter().for_each(|line| out.push(self.recognised(line)));
        self.corrections.iter().for_each(|one| out.push(self.correction(one)));
        self.consortia.iter().for_each(|row| self.consortium(row, &mut out));
        out
    }

    fn pool(&self, pool: &PoolMonth, out: &mut Vec<Entry>) {
        let policy = self.policy;
        let value_rule = policy.point_value.as_ref().map_or(policy.method.rule, |rule| rule.rule);
        let mut add = |account, fen, rule, numbers: Numbers| {
            out.push(self.entry(SubjectKind::Pool, &pool.pool, &pool.pool, account, fen, rule, numbers));
        };
        if let Some(budget) = pool.budget_fen {
            add(Account::Budget, budget, policy.budget.rule, Vec::new());
        }
        for deducted in &pool.deducted {
            let budget = pool.budget_fen.unwrap_or_default();
            add(Account::Deduction, deducted.fen, deducted.rule, vec![("budget", yuan(budget))]);
        }
        let sum = &pool.sum;
        if sum.amount_fen != 0 {
            add(Account::PaidByAmount, sum.amount_fen, policy.method.rule, Vec::new());
        }
        if let (Some(value), Some(numerator)) = (pool.point_value_e6, pool.numerator_fen) {
            let numbers = vec![
                ("N", yuan(numerator)),
                ("points", points(sum.points_e4)),
                ("point_value", price(value)),
                ("patient", yuan(sum.pool_patient_fen)),
                ("other_funds", yuan(sum.pool_other_fen)),
            ];
            let paid = sum.standard_fen - sum.amount_fen - sum.outside_fen - sum.recognised_fen;
            add(Account::PaidByPoints, paid, value_rule, numbers);
            if sum.recognised_e4 != 0 {
                let numbers = vec![("points", points(sum.recognised_e4)), ("point_value", price(value))];
                add(Account::Recognised, sum.recognised_fen, value_rule, numbers);
            }
        }
        if sum.outside_fen != 0 {
            add(Account::OutsideBudget, sum.outside_fen, policy.method.rule, Vec::new());
        }
        let numbers = vec![("cases", sum.cases.to_string()), ("standard", yuan(sum.standard_fen))];
        add(Account::Due, sum.due_fen, value_rule, numbers);
        if let Some(balance) = pool.balance_fen {
            let shared_out = pool.point_value_e6.is_some() && !self.is_fixed();
            let limit = policy.point_value_limit.as_ref().map_or(value_rule, |rule| rule.rule);
            let (account, rule) = match (shared_out, pool.limited) {
                (true, true) => (Account::Limit, limit),
                (true, false) => (Account::Residue, policy.rounding.rule),
                (false, _) => (Account::Balance, policy.budget.rule),
            };
            add(account, balance, rule, vec![("rest", yuan(pool.rest_fen().unwrap_or_default()))]);
        }
    }

    fn is_fixed(&self) -> bool {
        use crate::policy::rules::PointValue;
        matches!(self.policy.point_value.as_ref().map(|rule| &rule.value), Some(PointValue::Fixed { .. }))
    }

    fn institution(&self, row: &InstitutionMonth, out: &mut Vec<Entry>) {
        let policy = self.policy;
        let value_rule = policy.point_value.as_ref().map_or(policy.method.rule, |rule| rule.rule);
        let sum = row.sum;
        let mut add = |account, fen, rule, numbers: Numbers| {
            out.push(self.entry(
                SubjectKind::Institution,
                &row.institution,
                &row.insutype,
                account,
                fen,
                rule,
                numbers,
            ));
        };
        let mut numbers = vec![("cases", sum.cases.to_string()), ("points", points(sum.points_e4))];
        numbers.extend(row.point_value_e6.map(|value| ("point_value", price(value))));
        numbers.push(("standard", yuan(sum.standard_fen)));
        numbers.push(("patient", yuan(sum.patient_fen)));
        numbers.push(("other_funds", yuan(sum.other_fund_fen)));
        numbers.extend(recognised(&sum));
        add(Account::Due, sum.due_fen, value_rule, numbers);
        add(Account::Prepaid, row.prepaid_fen, policy.prepay.rule, vec![("due", yuan(sum.due_fen))]);
        let base = vec![("due", yuan(sum.due_fen)), ("prepaid", yuan(row.prepaid_fen))];
        add(Account::Withheld, row.withheld_fen, policy.deposit.rule, base);
        if row.carried_in_fen != 0 {
            add(Account::CarriedIn, row.carried_in_fen, policy.prepay.rule, Vec::new());
        }
        let numbers = vec![
            ("prepaid", yuan(row.prepaid_fen)),
            ("withheld", yuan(row.withheld_fen)),
            ("corrections", yuan(row.corrections_fen)),
            ("carried_in", yuan(row.carried_in_fen)),
        ];
        add(Account::Payable, row.payable_fen, policy.prepay.rule, numbers);
        if row.carried_out_fen != 0 {
            add(Account::CarriedOut, row.carried_out_fen, policy.prepay.rule, Vec::new());
        }
    }

    fn recognised(&self, line: &PaidLine) -> Entry {
        let value = self.pools.get(usize::from(line.group.pool)).and_then(|pool| pool.point_value_e6);
        let of = &line.of;
        let mut numbers = vec![
            ("recognised_in", of.period.to_string()),
            ("records", of.records.to_string()),
            ("points", points(of.points_e4)),
        ];
        numbers.extend(value.map(|value| ("point_value", price(value))));
        let (kind, rule) = (SubjectKind::Institution, self.policy.method.rule);
        let entry = self.entry(kind, &of.institution, &of.insutype, Account::Recognised, line.due_fen, rule, numbers);
        Entry { foreign: Some((of.pack.clone(), of.rule.clone())), ..entry }
    }

    fn correction(&self, one: &Correction) -> Entry {
        let (pack, rule) = one.rule.unwrap_or((self.pack, self.policy.scope.rule));
        let mut numbers = vec![
            ("setl_id", one.setl_id.clone()),
            ("period", one.period.to_string()),
            ("action", one.action.code().to_owned()),
            ("drg", one.drg.clone()),
            ("points", points(one.points_e4)),
            ("by_amount", yuan(one.amount_fen.saturating_add(one.outside_fen))),
            ("reason", plain_words(&one.reason)),
            ("document", plain_words(&one.document)),
        ];
        numbers.retain(|(_, value)| !value.is_empty() && value != "0.00");
        let (institution, insutype) = (one.institution.as_str(), one.insutype.as_str());
        let entry = |kind| self.entry(kind, institution, insutype, Account::Correction, one.fen, rule, numbers);
        Entry { pack, ..entry(SubjectKind::Institution) }
    }

    fn consortium(&self, row: &ConsortiumMonth, out: &mut Vec<Entry>) {
        let policy = self.policy;
        let value_rule = policy.point_value.as_ref().map_or(policy.method.rule, |rule| rule.rule);
        let mut add = |account, fen, rule, numbers: Numbers| {
            out.push(self.entry(SubjectKind::Consortium, &row.consortium, &row.pool, account, fen, rule, numbers));
        };
        add(Account::Due, row.sum.due_fen, value_rule, vec![("cases", row.sum.cases.to_string())]);
        if let (Some(total), Some(balance)) = (row.total_fen, row.balance_fen) {
            add(Account::Total, total, policy.budget.rule, Vec::new());
            let numbers = vec![("total", yuan(total)), ("due", yuan(row.sum.due_fen))];
            add(Account::Balance, balance, policy.budget.rule, numbers);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "an entry has these columns")]
    fn entry(
        &self,
        subject_kind: SubjectKind,
        subject: &str,
        insutype: &str,
        account: Account,
        fen: i64,
        rule: RuleNo,
        numbers: Numbers,
    ) -> Entry {
        let (subject, insutype) = (subject.to_owned(), insutype.to_owned());
        Entry { subject_kind, subject, insutype, account, fen, pack: self.pack, rule, foreign: None, numbers }
    }
}

/// What of a due is for recognised exams, where anything is.
pub(super) fn recognised(sum: &Sum) -> Option<(&'static str, String)> {
    (sum.recognised_e4 != 0).then(|| ("recognition_due", yuan(sum.recognised_fen)))
}

/// Words of people, without the sign that stands between the numbers of an entry.
pub(crate) fn plain_words(text: &str) -> String {
    text.replace(';', "；")
}

pub(super) fn yuan(fen: i64) -> String {
    Fen(fen).to_string()
}

pub(super) fn points(points_e4: i64) -> String {
    decimal(points_e4.into(), 4)
}

/// A point value without needless zeros, at least two decimals.
pub(super) fn price(e6: i64) -> String {
    let text = decimal(e6.into(), 6);
    let keep = text.trim_end_matches('0').len().max(text.len() - 4);
    text[..keep].to_owned()
}
