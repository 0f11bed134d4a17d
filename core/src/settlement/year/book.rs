//! The entries of a year.

use super::adjust::sharing_of;
use super::consortium::ConsortiumYear;
use super::deposit::is_of;
use super::members::MemberYear;
use super::reasonable::{Reasonable, rows_of};
use super::reserve::ReserveYear;
use super::{InstitutionYear, Year};
use crate::policy::rules::{Penalty, SharingSubject};
use crate::policy::{Policy, RuleNo};
use crate::settlement::book::{Booking, plain_words, points, price, recognised, yuan};
use crate::settlement::entry::{Account, Entry, SubjectKind};
use crate::table::cell::decimal;

type Numbers = Vec<(&'static str, String)>;

/// What of an overrun is approved and counts.
fn reasonable(of: Option<Reasonable>) -> Vec<(&'static str, String)> {
    let numbers = of.map(|of| [("approved", yuan(of.approved_fen)), ("reasonable", yuan(of.counted_fen))]);
    numbers.into_iter().flatten().collect()
}

/// Pools, reserves, institutions, consortia and members, each in the order of their names.
pub(super) fn entries(year: &Year, policy: &Policy) -> Vec<Entry> {
    let booking = Booking {
        policy,
        pack: year.pack,
        pools: &year.pools,
        institutions: &[],
        consortia: &[],
        corrections: &[],
        recognised: &year.recognised,
    };
    let mut out = booking.entries();
    let book = Book { policy, year };
    year.reserves.iter().for_each(|row| book.reserve(row, &mut out));
    year.institutions.iter().for_each(|row| book.institution(row, &mut out));
    year.consortia.iter().for_each(|row| book.consortium(row, &mut out));
    year.members.iter().for_each(|row| book.member(row, &mut out));
    out
}

struct Book<'a> {
    policy: &'a Policy,
    year: &'a Year,
}

impl Book<'_> {
    fn sharing(&self, of: SharingSubject, name: &str, pool: &str) -> RuleNo {
        sharing_of(self.policy, of, name, pool).map_or(self.policy.budget.rule, |rule| rule.rule)
    }

    /// Each approved reason, where the subject overran.
    fn approved(&self, subject: (SubjectKind, &str, &str), reasonable: Option<Reasonable>, out: &mut Vec<Entry>) {
        let (Some(rule), true) = (&self.policy.reasonable_overrun, reasonable.is_some()) else { return };
        for row in rows_of(rule, subject.1, subject.2, self.year.period) {
            let numbers = vec![
                ("reason", plain_words(&row.reason)),
                ("approved_by", plain_words(&row.approved_by)),
                ("document", plain_words(&row.document)),
            ];
            out.push(self.entry(subject, Account::Approved, row.amount.0.0, rule.rule, numbers));
        }
    }

    fn entry(
        &self,
        subject: (SubjectKind, &str, &str),
        account: Account,
        fen: i64,
        rule: RuleNo,
        numbers: Numbers,
    ) -> Entry {
        let (subject_kind, subject, insutype) = (subject.0, subject.1.to_owned(), subject.2.to_owned());
        Entry { subject_kind, subject, insutype, account, fen, pack: self.year.pack, rule, foreign: None, numbers }
    }

    fn reserve(&self, row: &ReserveYear, out: &mut Vec<Entry>) {
        let policy = self.policy;
        let rule = policy.reserve.as_ref().map_or(policy.budget.rule, |rule| rule.rule);
        let subject = (SubjectKind::Pool, row.pool.as_str(), row.pool.as_str());
        let flows = [
            ("deducted", row.deducted_fen),
            ("point_value_limit", row.limit_fen),
            ("penalties", row.penalties_fen),
            ("forfeited", row.forfeited_fen),
            ("given_back", row.given_back_fen),
        ];
        let numbers: Numbers = flows.iter().map(|(name, fen)| (*name, yuan(*fen))).collect();
        let inflow = flows.iter().map(|(_, fen)| fen).sum();
        let carried = row.carried_from.map(|year| ("carried_from", year.to_string()));
        out.push(self.entry(subject, Account::ReserveOpening, row.opening_fen, rule, carried.into_iter().collect()));
        out.push(self.entry(subject, Account::ReserveIn, inflow, rule, numbers));
        out.push(self.entry(subject, Account::ReserveOut, row.paid_fen, rule, vec![("asked", yuan(row.asked_fen))]));
        out.push(self.entry(subject, Account::ReserveClosing, row.closing_fen().unwrap_or_default(), rule, Vec::new()));
    }

    fn institution(&self, row: &InstitutionYear, out: &mut Vec<Entry>) {
        let policy = self.policy;
        let value_rule = policy.point_value.as_ref().map_or(policy.method.rule, |rule| rule.rule);
        let sharing = self.sharing(SharingSubject::Institution, &row.institution, &row.pool);
        let deposit = policy.deposit_return.as_ref().map_or(policy.deposit.rule, |rule| rule.rule);
        let subject = (SubjectKind::Institution, row.institution.as_str(), row.insutype.as_str());
        let mut due = vec![("cases", row.sum.cases.to_string()), ("points", points(row.sum.points_e4))];
        due.extend(row.point_value_e6.map(|value| ("point_value", price(value))));
        due.push(("standard", yuan(row.sum.standard_fen)));
        due.extend(recognised(&row.sum));
        let mut shared = vec![("entitled", yuan(row.entitled_fen)), ("cost", yuan(row.cost_fen))];
        shared.extend(reasonable(row.reasonable));
        self.approved(subject, row.reasonable.filter(|_| row.cost_fen > row.entitled_fen), out);
        let withheld = vec![("withheld", yuan(row.withheld_fen))];
        let whole = vec![
            ("due", yuan(row.sum.due_fen)),
            ("adjustment", yuan(row.adjustment_fen)),
            ("member_share", yuan(row.member_share_fen)),
            ("penalty", yuan(row.penalty_fen)),
            ("forfeited", yuan(row.forfeited_fen())),
            ("redistributed", yuan(row.redistributed_fen)),
            ("paid", yuan(row.paid_fen)),
        ];
        let lines = [
            (Account::Due, row.sum.due_fen, value_rule, due),
            (Account::Kept, row.kept_fen, sharing, shared.clone()),
            (Account::Borne, row.borne_fen, sharing, shared.clone()),
            (Account::Adjustment, row.adjustment_fen, sharing, shared),
            (Account::Returned, row.returned_fen, deposit, withheld.clone()),
            (Account::Forfeited, row.forfeited_fen(), deposit, withheld),
            (Account::Redistributed, row.redistributed_fen, deposit, vec![("points", points(row.sum.points_e4))]),
            (Account::Paid, row.paid_fen, policy.prepay.rule, Vec::new()),
        ];
        for (account, fen, rule, numbers) in lines {
            if fen != 0 || account == Account::Due {
                out.push(self.entry(subject, account, fen, rule, numbers));
            }
        }
        self.penalties(row, out);
        out.push(self.entry(subject, Account::Final, row.final_fen, policy.prepay.rule, whole));
    }

    /// Each penalty with its reason.
    fn penalties(&self, row: &InstitutionYear, out: &mut Vec<Entry>) {
        let subject = (SubjectKind::Institution, row.institution.as_str(), row.insutype.as_str());
        for rule in &self.policy.penalties {
            let Penalty::Table { table } = &rule.value;
            let own = table.0.iter().map(|(penalty, _)| penalty);
            for penalty in own.filter(|p| p.fixmedins_code == row.institution && p.insutype == row.insutype) {
                if !is_of(penalty, self.year.period) {
                    continue;
                }
                let reason = vec![("reason", plain_words(&penalty.reason))];
                out.push(self.entry(subject, Account::Penalty, penalty.amount.0.0, rule.rule, reason));
            }
        }
    }

    fn consortium(&self, row: &ConsortiumYear, out: &mut Vec<Entry>) {
        let policy = self.policy;
        let value_rule = policy.point_value.as_ref().map_or(policy.method.rule, |rule| rule.rule);
        let total = policy.consortium_total.as_ref().map_or(policy.budget.rule, |rule| rule.rule);
        let outside = policy.outside_care.as_ref().map_or(total, |rule| rule.rule);
        let referral = policy.referral.as_ref().map_or(total, |rule| rule.rule);
        let sharing = self.sharing(SharingSubject::Consortium, &row.consortium, &row.pool);
        let subject = (SubjectKind::Consortium, row.consortium.as_str(), row.pool.as_str());
        out.push(self.entry(
            subject,
            Account::Due,
            row.sum.due_fen,
            value_rule,
            vec![("cases", row.sum.cases.to_string())],
        ));
        let (Some(base), Some(adjusted), Some(balance)) = (row.base_fen, row.total_fen, row.balance_fen) else {
            return;
        };
        let factor = vec![("T", yuan(base)), ("referral", decimal(row.referral_e6.into(), 6))];
        let rule = if row.referral_e6 == 1_000_000 { total } else { referral };
        out.push(self.entry(subject, Account::Total, adjusted, rule, factor));
        if row.outside_fen != 0 {
            out.push(self.entry(subject, Account::OutsideCare, row.outside_fen, outside, Vec::new()));
        }
        let numbers = vec![
            ("total", yuan(adjusted)),
            ("due", yuan(row.sum.due_fen)),
            ("outside", yuan(row.outside_fen)),
            ("cleared", row.cleared.to_string()),
        ];
        out.push(self.entry(subject, Account::Balance, balance, total, numbers));
        let (account, fen) = if balance >= 0 { (Account::Kept, row.kept_fen) } else { (Account::Borne, row.borne_fen) };
        if row.cleared {
            let counted = row.reasonable.filter(|_| balance < 0);
            self.approved(subject, counted, out);
            let numbers = std::iter::once(("balance", yuan(balance))).chain(reasonable(counted)).collect();
            out.push(self.entry(subject, account, fen, sharing, numbers));
            out.push(self.entry(subject, Account::Adjustment, row.adjustment_fen, sharing, Vec::new()));
        }
    }

    fn member(&self, row: &MemberYear, out: &mut Vec<Entry>) {
        let policy = self.policy;
        let rule = match row.share_fen >= 0 {
            true => policy.distribution.as_ref().map(|rule| rule.rule),
            false => policy.overrun_split.as_ref().map(|rule| rule.rule),
        };
        let subject = (SubjectKind::Institution, row.institution.as_str(), row.pool.as_str());
        let mut numbers =
            vec![("consortium", row.consortium.clone()), ("points", points(row.points_e4)), ("due", yuan(row.due_fen))];
        numbers.extend(row.class.as_ref().map(|class| ("class", plain_words(class))));
        numbers.extend(row.score.map(|score| ("score", decimal(score.0.into(), 6))));
        let rule = rule.unwrap_or(policy.budget.rule);
        out.push(self.entry(subject, Account::MemberShare, row.share_fen, rule, numbers));
    }
}
