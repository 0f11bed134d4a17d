//! The awards as tables of a book.

use std::collections::BTreeSet;

use super::amounts::priced_at;
use super::award::{Line, Recognised, Refused};
use super::earlier::{PAID, REFUSED, TAKEN_BACK, corrected};
use super::entries::{entries, rules};
use super::reason::Reason;
use super::record::{Moment, Part, Record};
use super::rules::Rules;
use super::take_back::TakenBack;
use crate::policy::rules::RecognitionGuard;
use crate::policy::{RuleNo, Status};
use crate::problem::Lang;
use crate::table::{Table, Values};

/// One row of the table `recognition`.
struct Row<'a> {
    record: &'a Record,
    state: &'static str,
    reason: Option<Reason>,
    line: Option<&'a Line<'a>>,
    amount_fen: i64,
    recogniser: Part,
    issuer: Part,
    /// The period and record that are corrected.
    corrects: String,
    rule: Option<(usize, RuleNo)>,
}

impl<'a> Row<'a> {
    fn paid(line: &'a Line<'a>, packs: &[Rules<'_>]) -> Row<'a> {
        Row {
            record: line.record,
            state: PAID,
            reason: None,
            line: Some(line),
            amount_fen: line.amount_fen,
            recogniser: line.recogniser,
            issuer: line.issuer,
            corrects: String::new(),
            rule: Some((line.pack, packs[line.pack].share.rule)),
        }
    }

    fn refused(refused: &'a Refused<'a>, packs: &[Rules<'_>]) -> Row<'a> {
        let rule = refused.pack.and_then(|pack| Some((pack, rule_of(&refused.reason, &packs[pack])?)));
        Row {
            record: refused.record,
            state: REFUSED,
            reason: Some(refused.reason.clone()),
            line: None,
            amount_fen: 0,
            recogniser: Part::default(),
            issuer: Part::default(),
            corrects: String::new(),
            rule,
        }
    }

    fn taken_back(taken: &TakenBack<'a>, packs: &[Rules<'_>]) -> Row<'a> {
        let award = taken.award;
        let back = |part: Part| Part { fen: -part.fen, points_e4: -part.points_e4 };
        Row {
            record: &award.record,
            state: TAKEN_BACK,
            reason: Some(Reason::TakenBack { period: award.period, day: taken.day }),
            line: None,
            amount_fen: -award.amount_fen,
            recogniser: back(award.recogniser),
            issuer: back(award.issuer),
            corrects: corrected(award.period, &award.record.id),
            rule: Some((taken.pack, packs[taken.pack].retest.rule)),
        }
    }
}

/// The rule behind a refusal; none for what holds under every policy.
fn rule_of(reason: &Reason, rules: &Rules<'_>) -> Option<RuleNo> {
    let guard = |is: fn(&RecognitionGuard) -> bool| {
        rules.part.book.recognition_guard.iter().find(|rule| is(&rule.value)).map(|rule| rule.rule)
    };
    match reason {
        Reason::NotOnList { .. } | Reason::TooOld { .. } => rules.part.book.recognition_items.first().map(|r| r.rule),
        Reason::Earlier(_) => rules.part.book.recognition_period.first().map(|r| r.rule),
        Reason::Inpatient => Some(rules.inpatient.rule),
        Reason::TestedAgain(_) => Some(rules.retest.rule),
        Reason::CountedOnce(_) | Reason::PaidBefore { .. } => Some(rules.unit.rule),
        Reason::NoFee | Reason::NoLevel(_) => Some(rules.fee.rule),
        Reason::NoFundShare(_) => Some(rules.patient.rule),
        Reason::NoQuality => guard(|rule| matches!(rule, RecognitionGuard::Quality {})),
        Reason::Billed(_) => guard(|rule| matches!(rule, RecognitionGuard::NotBilled {})),
        Reason::PingPong(_) => guard(|rule| matches!(rule, RecognitionGuard::PingPong { .. })),
        Reason::OutOfScope(scope) => {
            let is_scope =
                |rule: &RecognitionGuard| matches!(rule, RecognitionGuard::Between { scope: own } if own == scope);
            rules.part.book.recognition_guard.iter().find(|rule| is_scope(&rule.value)).map(|rule| rule.rule)
        }
        _ => None,
    }
}

impl Recognised<'_> {
    /// Whether a draft had a part: nothing here may be paid.
    #[must_use]
    pub fn is_simulation(&self, packs: &[Rules<'_>]) -> bool {
        self.packs_used().iter().any(|pack| packs[*pack].part.status == Status::Draft)
    }

    /// The packs of paid records and of awards taken back.
    #[must_use]
    pub fn packs_used(&self) -> BTreeSet<usize> {
        let refused = self.refused.iter().filter_map(|refused| refused.pack);
        let paid = self.paid.iter().map(|line| line.pack);
        paid.chain(self.taken_back.iter().map(|taken| taken.pack)).chain(refused).collect()
    }
}

/// `recognition`, `recognition_institutions`, `recognition_entries`, `recognition_rules`.
#[must_use]
pub fn tables(recognised: &Recognised<'_>, packs: &[Rules<'_>]) -> Vec<(&'static str, Table)> {
    vec![
        ("recognition", records(recognised, packs)),
        ("recognition_institutions", institutions(recognised)),
        ("recognition_entries", entries(recognised, packs)),
        ("recognition_rules", rules(packs)),
    ]
}

fn records(recognised: &Recognised<'_>, packs: &[Rules<'_>]) -> Table {
    let paid = recognised.paid.iter().map(|line| Row::paid(line, packs));
    let refused = recognised.refused.iter().map(|refused| Row::refused(refused, packs));
    let taken = recognised.taken_back.iter().map(|taken| Row::taken_back(taken, packs));
    let rows: Vec<Row<'_>> = paid.chain(refused).chain(taken).collect();
    let text = |of: fn(&Record) -> &str| Values::texts(rows.iter().map(|row| of(row.record)));
    let word = |of: fn(&Record) -> &str| Values::keywords(rows.iter().map(|row| of(row.record)));
    let reasons: Vec<_> = rows.iter().map(|row| row.reason.as_ref().map(Reason::problem)).collect();
    let reason = |lang| reasons.iter().map(move |p| p.as_ref().map_or_else(String::new, |p| p.message(lang)));
    let of_line = |of: fn(&Line<'_>) -> i64| rows.iter().map(move |row| row.line.map(of)).collect::<Vec<_>>();
    let share = |of: fn(&Line<'_>) -> i64| Values::Decimal {
        units: of_line(of).into_iter().map(|units| units.map(i128::from)).collect(),
        scale: 6,
        wide: false,
    };
    let priced: Vec<Option<(&str, &str, i32)>> =
        rows.iter().map(|row| row.line.and_then(|line| priced_at(line.record, &packs[line.pack]))).collect();
    let rule = |row: &Row<'_>| row.rule.map(|(pack, rule)| packs[pack].part.rule(rule).name.as_str());
    Table::new()
        .with("record_id", text(|r| &r.id))
        .with("state", Values::keywords(rows.iter().map(|row| row.state)))
        .with("fixmedins_code", word(|r| &r.recogniser))
        .with("issuer_code", word(|r| &r.issuer))
        .with("insutype", word(|r| &r.insutype))
        .with("item_code", word(|r| &r.item))
        .with("fee", Values::Money(of_line(|line| line.worth.fee_fen)))
        .with("fee_level", Values::keywords(priced.iter().map(|at| at.map_or("", |(_, level, _)| level))))
        .with("fee_date", Values::Date(priced.iter().map(|at| at.map(|(_, _, day)| day)).collect()))
        .with("share", share(|line| line.worth.share_e6))
        .with("fund_share", share(|line| line.worth.fund_share_e6))
        .with("award", Values::Money(of_line(|line| line.worth.award_fen)))
        .with("cut", Values::Money(of_line(|line| line.worth.award_fen - line.amount_fen)))
        .with("amount", Values::money(rows.iter().map(|row| row.amount_fen)))
        .with("recogniser_amount", Values::money(rows.iter().map(|row| row.recogniser.fen)))
        .with("issuer_amount", Values::money(rows.iter().map(|row| row.issuer.fen)))
        .with("recogniser_points", Values::points(rows.iter().map(|row| row.recogniser.points_e4)))
        .with("issuer_points", Values::points(rows.iter().map(|row| row.issuer.points_e4)))
        .with("code", Values::keywords(reasons.iter().map(|p| p.as_ref().map_or("", |p| p.entry.code))))
        .with("reason_zh", Values::texts(reason(Lang::Zh)))
        .with("reason_en", Values::texts(reason(Lang::En)))
        .with("corrects", Values::texts(rows.iter().map(|row| &row.corrects)))
        .with("psn_no", text(|r| &r.person))
        .with("mdtrt_id", text(|r| &r.visit))
        .with("setl_id", text(|r| &r.settlement))
        .with("report_id", text(|r| &r.report))
        .with("report_date", Values::Date(rows.iter().map(|row| Some(row.record.reported.day)).collect()))
        .with("report_clock", Values::texts(rows.iter().map(|row| clock(row.record.reported))))
        .with("recog_date", Values::Date(rows.iter().map(|row| Some(row.record.recognised.day)).collect()))
        .with("recog_clock", Values::texts(rows.iter().map(|row| clock(row.record.recognised))))
        .with("dr_code", word(|r| &r.doctor))
        .with("result_hash", text(|r| &r.hash))
        .with(
            "pack",
            Values::keywords(rows.iter().map(|row| row.rule.map_or("", |(at, _)| packs[at].part.id.as_str()))),
        )
        .with("rule", Values::keywords(rows.iter().map(|row| rule(row).unwrap_or_default())))
}

/// `10:20:30`, or nothing where only the day is known.
fn clock(moment: Moment) -> String {
    moment.second.map_or_else(String::new, |s| format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60))
}

fn institutions(recognised: &Recognised<'_>) -> Table {
    let sums = &recognised.institutions;
    Table::new()
        .with("fixmedins_code", Values::keywords(sums.iter().map(|s| &s.institution)))
        .with("insutype", Values::keywords(sums.iter().map(|s| &s.insutype)))
        .with("cases", Values::ints(sums.iter().map(|s| s.cases)))
        .with("amount", Values::money(sums.iter().map(|s| s.amount_fen)))
        .with("taken_back", Values::money(sums.iter().map(|s| s.taken_back_fen)))
        .with("due", Values::money(sums.iter().map(|s| s.due_fen())))
        .with("points", Values::points(sums.iter().map(|s| s.points_e4)))
        .with("refused", Values::ints(sums.iter().map(|s| s.refused)))
}
