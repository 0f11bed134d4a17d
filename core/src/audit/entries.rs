//! The entries a second time: what is booked for whom, by which rule and article, from which numbers. Amounts and
//! numbers are those that the auditor's own rows say.

use super::compare::{Row, Sheet};
use super::ratio::Ratio;
use super::sums::PoolMoney;
use crate::ledger::Period;
use crate::policy::rules::{Method, Penalty, PointValue, ReasonableOverrun, SharingSubject};
use crate::policy::{Policy, RuleNo, RuleRef};
use crate::settlement::PointLine;

/// Entries in the making.
pub(super) struct Entries<'a> {
    policy: &'a Policy,
    /// What stands in each entry but its number.
    rows: Vec<Row>,
}

/// A subject: its kind, its name, its pool or insurance type.
type Subject<'s> = (&'static str, &'s str, &'s str);

/// Account, amount, rule and numbers.
type Booked<'b> = (&'b str, &'b str, RuleNo, &'b [(&'b str, &'b str)]);

impl<'a> Entries<'a> {
    pub(super) fn new(policy: &'a Policy) -> Entries<'a> {
        Entries { policy, rows: Vec::new() }
    }

    fn value_rule(&self) -> RuleNo {
        self.policy.point_value.as_ref().map_or(self.policy.method.rule, |rule| rule.rule)
    }

    fn add(&mut self, subject: Subject<'_>, account: &str, amount: &str, rule: RuleNo, numbers: &[(&str, &str)]) {
        let (pack, rule) = (self.policy.id.clone(), self.policy.rule(rule).clone());
        let told: Vec<String> = numbers.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let row = Row::new(&[subject.0, subject.1, subject.2, account]).text("amount", amount);
        self.rows.push(cited(row.text("numbers", &told.join("; ")), &pack, &rule));
    }

    /// Budget, deductions, what is paid by amount and by points, dues and what is left.
    pub(super) fn pool(&mut self, pool: &PoolMoney, row: &Row) {
        let subject = ("pool", pool.name.as_str(), pool.name.as_str());
        let (value_rule, method) = (self.value_rule(), self.policy.method.rule);
        let budget = row.of("budget");
        if !budget.is_empty() {
            self.add(subject, "budget", budget, self.policy.budget.rule, &[]);
        }
        for (name, _, part) in &pool.deducted {
            let rule = (0u16..).zip(&self.policy.rules).find(|(_, rule)| rule.name == *name);
            let rule = rule.map_or(method, |(number, _)| RuleNo(number));
            self.add(subject, "deduction", &part.text(2), rule, &[("budget", budget)]);
        }
        let sum = &pool.sum;
        if !sum.amount.is_zero() {
            self.add(subject, "paid_by_amount", &sum.amount.text(2), method, &[]);
        }
        if let (Some(value), Some(shared)) = (&pool.value, &pool.shared) {
            let value = short(&value.text(6));
            let paid = &sum.standard - &sum.amount - &sum.outside - &sum.recognised_due;
            let (patient, other) = (sum.pool_patient.text(2), sum.pool_other.text(2));
            let (shared, points) = (shared.text(2), sum.points.text(4));
            let numbers = [
                ("N", shared.as_str()),
                ("points", &points),
                ("point_value", &value),
                ("patient", &patient),
                ("other_funds", &other),
            ];
            self.add(subject, "paid_by_points", &paid.text(2), value_rule, &numbers);
            if !sum.recognised_points.is_zero() {
                let points = sum.recognised_points.text(4);
                let numbers = [("points", points.as_str()), ("point_value", value.as_str())];
                self.add(subject, "recognition_points", &sum.recognised_due.text(2), value_rule, &numbers);
            }
        }
        if !sum.outside.is_zero() {
            self.add(subject, "outside_budget", &sum.outside.text(2), method, &[]);
        }
        let (cases, standard) = (row.of("cases").to_owned(), sum.standard.text(2));
        self.add(subject, "due", row.of("due"), value_rule, &[("cases", &cases), ("standard", &standard)]);
        let Some(rest) = &pool.rest else { return };
        let fixed = matches!(self.policy.point_value.as_ref().map(|rule| &rule.value), Some(PointValue::Fixed { .. }));
        let by_points = matches!(self.policy.method.value, Method::Points { .. });
        let (account, rule) = match (by_points && pool.value.is_some() && !fixed, pool.limited) {
            (true, true) => {
                let limit = self.policy.point_value_limit.as_ref().map_or(value_rule, |rule| rule.rule);
                ("point_value_limit", limit)
            }
            (true, false) => ("rounding_residue", self.policy.rounding.rule),
            (false, _) => ("balance", self.policy.budget.rule),
        };
        self.add(subject, account, row.of("balance"), rule, &[("rest", &rest.text(2))]);
    }

    /// An institution's month.
    pub(super) fn institution(&mut self, (institution, insutype): (&str, &str), row: &Row) {
        let subject = ("institution", institution, insutype);
        let policy = self.policy;
        let value = short(row.of("point_value"));
        let mut numbers = vec![("cases", row.of("cases")), ("points", row.of("points"))];
        if !value.is_empty() {
            numbers.push(("point_value", &value));
        }
        numbers.push(("standard", row.of("standard")));
        numbers.push(("patient", row.of("psn_pay")));
        numbers.push(("other_funds", row.of("oth_fund_pay")));
        if row.of("recognition_points") != "0.0000" {
            numbers.push(("recognition_due", row.of("recognition_due")));
        }
        self.add(subject, "due", row.of("due"), self.value_rule(), &numbers);
        let due = ("due", row.of("due"));
        let prepay = policy.prepay.rule;
        self.add(subject, "prepaid", row.of("prepaid"), prepay, &[due]);
        let base = [due, ("prepaid", row.of("prepaid"))];
        self.add(subject, "withheld", row.of("withheld"), policy.deposit.rule, &base);
        if row.of("carried_in") != "0.00" {
            self.add(subject, "carried_in", row.of("carried_in"), prepay, &[]);
        }
        let numbers = ["prepaid", "withheld", "corrections", "carried_in"].map(|name| (name, row.of(name)));
        self.add(subject, "payable", row.of("payable"), prepay, &numbers);
        if row.of("carried_out") != "0.00" {
            self.add(subject, "carried_out", row.of("carried_out"), prepay, &[]);
        }
    }

    /// A consortium's month.
    pub(super) fn consortium(&mut self, (consortium, pool): (&str, &str), row: &Row) {
        let subject = ("consortium", consortium, pool);
        let budget = self.policy.budget.rule;
        self.add(subject, "due", row.of("due"), self.value_rule(), &[("cases", row.of("cases"))]);
        if !row.of("total").is_empty() {
            self.add(subject, "total", row.of("total"), budget, &[]);
            let numbers = [("total", row.of("total")), ("due", row.of("due"))];
            self.add(subject, "balance", row.of("balance"), budget, &numbers);
        }
    }

    /// A line of recognised exams, by the rule of the pack that recognised.
    pub(super) fn recognised(&mut self, line: &PointLine, value: Option<&str>, due: &str) {
        let mut numbers = format!(
            "recognised_in={}; records={}; points={}",
            line.period,
            line.records,
            Ratio::scaled(line.points_e4, 4).text(4)
        );
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            numbers += &format!("; point_value={}", short(value));
        }
        let row = Row::new(&["institution", &line.institution, &line.insutype, "recognition_points"]);
        self.rows.push(cited(row.text("amount", due).text("numbers", &numbers), &line.pack, &line.rule));
    }

    /// A correction that was entered: what is paid or taken back for it.
    pub(super) fn correction(&mut self, institution: &str, insutype: &str, amount: &str) {
        self.rows.push(Row::new(&["institution", institution, insutype, "correction"]).text("amount", amount));
    }

    /// A pool's reserve.
    pub(super) fn reserve(&mut self, pool: &str, row: &Row, carried: Option<Period>) {
        let subject = ("pool", pool, pool);
        let rule = self.policy.reserve.as_ref().map_or(self.policy.budget.rule, |rule| rule.rule);
        let names = ["deducted", "point_value_limit", "penalties", "forfeited", "given_back"];
        let numbers = names.map(|name| (name, row.of(name)));
        let inflow = names.iter().fold(Ratio::zero(), |sum, name| sum + row.value(name));
        let carried = carried.map(|year| year.to_string());
        let from: Vec<(&str, &str)> = carried.iter().map(|year| ("carried_from", year.as_str())).collect();
        self.add(subject, "reserve_opening", row.of("opening"), rule, &from);
        self.add(subject, "reserve_in", &inflow.text(2), rule, &numbers);
        self.add(subject, "reserve_out", row.of("paid"), rule, &[("asked", row.of("asked"))]);
        self.add(subject, "reserve_closing", row.of("closing"), rule, &[]);
    }

    fn sharing(&self, of: SharingSubject, name: &str, pool: &str) -> RuleNo {
        let own = super::consortia::sharing_of(self.policy, of, name, pool);
        let own = own.and_then(|own| self.policy.sharing.iter().find(|rule| std::ptr::eq(&rule.value, own)));
        own.map_or(self.policy.budget.rule, |rule| rule.rule)
    }

    /// Each approved reason of a subject that overran.
    fn approved(&mut self, subject: Subject<'_>, year: u16) {
        let Some(rule) = &self.policy.reasonable_overrun else { return };
        let ReasonableOverrun::List { table, .. } = &rule.value else { return };
        for (row, _) in &table.0 {
            if row.subject == subject.1 && row.insutype == subject.2 && row.year == year.to_string() {
                let words = [&row.reason, &row.approved_by, &row.document].map(|text| text.replace(';', "；"));
                let numbers = [("reason", &*words[0]), ("approved_by", &*words[1]), ("document", &*words[2])];
                let amount = Ratio::yuan(row.amount.0.0).text(2);
                self.add(subject, "approved_overrun", &amount, rule.rule, &numbers);
            }
        }
    }

    /// An institution's year.
    pub(super) fn institution_year(
        &mut self,
        (institution, insutype): (&str, &str),
        standard: &str,
        year: u16,
        row: &Row,
    ) {
        let subject = ("institution", institution, insutype);
        let policy = self.policy;
        let sharing = self.sharing(SharingSubject::Institution, institution, row.of("pool"));
        let deposit = policy.deposit_return.as_ref().map_or(policy.deposit.rule, |rule| rule.rule);
        let value = short(row.of("point_value"));
        let mut due = vec![("cases", row.of("cases")), ("points", row.of("points"))];
        if !value.is_empty() {
            due.push(("point_value", &value));
        }
        due.push(("standard", standard));
        if row.of("recognition_points") != "0.0000" {
            due.push(("recognition_due", row.of("recognition_due")));
        }
        let mut shared = vec![("entitled", row.of("entitled")), ("cost", row.of("cost"))];
        if !row.of("reasonable_overrun").is_empty() {
            shared.push(("approved", row.of("approved_overrun")));
            shared.push(("reasonable", row.of("reasonable_overrun")));
            if row.value("cost") > row.value("entitled") {
                self.approved(subject, year);
            }
        }
        self.add(subject, "due", row.of("due"), self.value_rule(), &due);
        let withheld = [("withheld", row.of("deposit"))];
        let points = [("points", row.of("points"))];
        let lines: [Booked<'_>; 7] = [
            ("kept", row.of("kept"), sharing, &shared),
            ("borne", row.of("borne"), sharing, &shared),
            ("adjustment", row.of("adjustment"), sharing, &shared),
            ("returned", row.of("returned"), deposit, &withheld),
            ("forfeited", row.of("withheld"), deposit, &withheld),
            ("redistributed", row.of("redistributed"), deposit, &points),
            ("paid", row.of("prepaid"), policy.prepay.rule, &[]),
        ];
        for (account, amount, rule, numbers) in lines {
            if amount != "0.00" {
                self.add(subject, account, amount, rule, numbers);
            }
        }
        for rule in &policy.penalties {
            let Penalty::Table { table } = &rule.value;
            for (row, _) in &table.0 {
                let in_year = row.year.is_none_or(|own| own.0 == i64::from(year));
                if in_year && row.fixmedins_code == institution && row.insutype == insutype {
                    let amount = Ratio::yuan(row.amount.0.0).text(2);
                    self.add(subject, "penalty", &amount, rule.rule, &[("reason", &row.reason.replace(';', "；"))]);
                }
            }
        }
        let numbers = [
            ("due", row.of("due")),
            ("adjustment", row.of("adjustment")),
            ("member_share", row.of("member_share")),
            ("penalty", row.of("penalty")),
            ("forfeited", row.of("withheld")),
            ("redistributed", row.of("redistributed")),
            ("paid", row.of("prepaid")),
        ];
        self.add(subject, "final", row.of("payable"), policy.prepay.rule, &numbers);
    }

    /// A consortium's year.
    pub(super) fn consortium_year(&mut self, (consortium, pool): (&str, &str), year: u16, row: &Row) {
        let subject = ("consortium", consortium, pool);
        let policy = self.policy;
        let total = policy.consortium_total.as_ref().map_or(policy.budget.rule, |rule| rule.rule);
        let outside = policy.outside_care.as_ref().map_or(total, |rule| rule.rule);
        let referral = policy.referral.as_ref().map_or(total, |rule| rule.rule);
        let sharing = self.sharing(SharingSubject::Consortium, consortium, pool);
        self.add(subject, "due", row.of("due"), self.value_rule(), &[("cases", row.of("cases"))]);
        if row.of("total").is_empty() {
            return;
        }
        let linked = if row.of("referral") == "1.000000" { total } else { referral };
        let factor = [("T", row.of("base_total")), ("referral", row.of("referral"))];
        self.add(subject, "total", row.of("total"), linked, &factor);
        if row.of("outside_care") != "0.00" {
            self.add(subject, "outside_care", row.of("outside_care"), outside, &[]);
        }
        let names = [("total", "total"), ("due", "due"), ("outside", "outside_care"), ("cleared", "cleared")];
        self.add(subject, "balance", row.of("balance"), total, &names.map(|(name, column)| (name, row.of(column))));
        if row.of("cleared") != "true" {
            return;
        }
        let over = row.value("balance").is_negative();
        let mut numbers = vec![("balance", row.of("balance"))];
        if over && !row.of("reasonable_overrun").is_empty() {
            numbers.push(("approved", row.of("approved_overrun")));
            numbers.push(("reasonable", row.of("reasonable_overrun")));
            self.approved(subject, year);
        }
        let account = if over { "borne" } else { "kept" };
        self.add(subject, account, row.of(account), sharing, &numbers);
        self.add(subject, "adjustment", row.of("adjustment"), sharing, &[]);
    }

    /// A member's part.
    pub(super) fn member(&mut self, (consortium, pool, institution): (&str, &str, &str), row: &Row) {
        let policy = self.policy;
        let rule = match row.value("share").is_negative() {
            false => policy.distribution.as_ref().map(|rule| rule.rule),
            true => policy.overrun_split.as_ref().map(|rule| rule.rule),
        };
        let class = row.of("class").replace(';', "；");
        let mut numbers = vec![("consortium", consortium), ("points", row.of("points")), ("due", row.of("due"))];
        if !class.is_empty() {
            numbers.push(("class", &class));
        }
        if !row.of("score").is_empty() {
            numbers.push(("score", row.of("score")));
        }
        let subject = ("institution", institution, pool);
        self.add(subject, "member_share", row.of("share"), rule.unwrap_or(policy.budget.rule), &numbers);
    }

    /// The entries, and their numbers from one on.
    pub(super) fn sheets(self) -> [Sheet; 2] {
        let count = i64::try_from(self.rows.len()).unwrap_or(i64::MAX);
        let number = |at: i64| Row::new(&[&at.to_string()]).text("entry", &at.to_string());
        let key = &["subject_kind", "subject", "insutype", "account"];
        [Sheet::new("entries", key, self.rows), Sheet::new("entries", &[], (1..=count).map(number).collect())]
    }
}

/// Pack, rule, kind, document, number, article and placeholder.
fn cited(row: Row, pack: &str, rule: &RuleRef) -> Row {
    let citation = rule.citation.as_ref();
    let number = citation.and_then(|citation| citation.number.as_deref());
    row.text("pack", pack)
        .text("rule", &rule.name)
        .text("kind", rule.kind)
        .text("document", citation.map_or("", |citation| &citation.document))
        .text("number", number.unwrap_or_default())
        .text("article", citation.map_or("", |citation| &citation.article))
        .text("placeholder", rule.placeholder.as_deref().unwrap_or_default())
}

/// A price without needless zeros, with two decimals at least.
fn short(price: &str) -> String {
    let Some((whole, fraction)) = price.split_once('.') else { return price.to_owned() };
    let kept = fraction.trim_end_matches('0');
    let kept = if kept.len() < 2 { &fraction[..2.min(fraction.len())] } else { kept };
    format!("{whole}.{kept}")
}
