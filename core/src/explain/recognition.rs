//! Why a recognised exam was paid, refused or taken back.

use super::rules::Rules;
use super::step::{Explanation, Step};
use crate::job::{CAP_PACK, RECOGNITION};
use crate::ledger::{Book, Period};
use crate::problem::catalogue::books;
use crate::problem::{Lang, Problem, Problems};
use crate::report::labels;
use crate::settlement::RECOGNITION_POINTS;
use crate::table::Table;
use crate::table::cell::{plain, shown, trimmed};

/// The table of records.
const RECORDS: &str = "recognition";

/// Explains all that became of a record, in the order of the periods; in one period where it is named.
pub fn recognition(book: &Book, record: &str, period: Option<Period>, lang: Lang) -> Result<Explanation, Problems> {
    let mut periods = book.periods_with(RECORDS)?;
    if let Some(period) = period {
        book.info(period)?;
        periods.retain(|known| *known == period);
    }
    let title = lang.pick("互认记录", "Recognition record");
    let mut out = Explanation { title: format!("{title} {record}"), ..Explanation::default() };
    for period in periods {
        let table = book.table(period, RECORDS)?;
        let rows = table.find("record_id", record);
        if rows.is_empty() {
            continue;
        }
        let rules = Rules::new(book.table(period, "recognition_rules")?);
        let manifest = book.manifest(period)?;
        let cap_pack = manifest.runs.get(RECOGNITION).and_then(|run| run.options.get(CAP_PACK)).cloned();
        let settled = match manifest.tables.contains_key(RECOGNITION_POINTS) {
            true => book.table(period, RECOGNITION_POINTS)?,
            false => Table::new(),
        };
        let (cap_pack, settled) = (cap_pack.as_deref(), &settled);
        for row in rows {
            let row = Row { table: table.take(&[row]), period, rules: &rules, cap_pack, settled, lang };
            if out.facts.is_empty() {
                out.facts = row.facts();
            }
            out.steps.extend(row.steps());
        }
    }
    if out.steps.is_empty() {
        return Err(Problem::new(&books::NOT_IN_BOOK).with("what", record).into());
    }
    Ok(out)
}

/// One row of the table in a period.
struct Row<'a> {
    table: Table,
    period: Period,
    rules: &'a Rules,
    cap_pack: Option<&'a str>,
    /// What the settlement of the month paid for points.
    settled: &'a Table,
    lang: Lang,
}

impl Row<'_> {
    /// The value as files show it; empty when the column is absent.
    fn text(&self, column: &str) -> String {
        self.table.column(column).map_or_else(String::new, |values| plain(values, 0))
    }

    fn shown(&self, column: &str) -> String {
        self.table.column(column).map_or_else(String::new, |values| shown(values, 0))
    }

    fn factor(&self, column: &str) -> String {
        trimmed(&self.text(column)).to_owned()
    }

    fn facts(&self) -> Vec<(String, String)> {
        let columns = [
            ("psn_no", "参保人", "person"),
            ("insutype", "险种", "insurance type"),
            ("mdtrt_id", "就诊", "visit"),
            ("item_code", "项目", "item"),
            ("fixmedins_code", "互认机构", "recognised by"),
            ("issuer_code", "出具机构", "issued by"),
            ("report_id", "报告", "report"),
            ("report_date", "报告日", "reported on"),
            ("recog_date", "互认日", "recognised on"),
            ("dr_code", "互认医师", "doctor"),
        ];
        let facts = columns.map(|(name, zh, en)| (self.lang.pick(zh, en).to_owned(), self.text(name)));
        facts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    fn steps(&self) -> Vec<Step> {
        match self.text("state").as_str() {
            "paid" => self.paid(),
            state => vec![self.not_paid(state)],
        }
    }

    /// A step of this period, by the rules of a family.
    fn step(&self, zh: &str, en: &str, value: String, families: &[&str]) -> Step {
        let what = format!("{} · {}", self.period, self.lang.pick(zh, en));
        let pack = self.text("pack");
        Step::new(what, value).rules(families.iter().flat_map(|family| self.rules.of_family(&pack, family)))
    }

    /// Fee, award, what a cap leaves, and who gets it.
    fn paid(&self) -> Vec<Step> {
        let word = |zh, en| self.lang.pick(zh, en);
        let fee = self
            .step("检查费", "fee", self.shown("fee"), &["recognition_fee"])
            .number(word("项目", "item"), self.text("item_code"))
            .number(word("等级", "level"), self.text("fee_level"))
            .number(word("日期", "day"), self.text("fee_date"));
        let mut award = self
            .step("支付额", "award", self.shown("award"), &["recognition_share", "recognition_patient"])
            .number(word("比例", "share"), self.factor("share"))
            .number(word("检查费", "fee"), self.shown("fee"));
        if self.factor("fund_share") != "1.00" {
            let formula = word("比例 × 检查费 × 基金支付比例", "share × fee × fund share");
            award = award.formula(formula).number(word("基金支付比例", "fund share"), self.factor("fund_share"));
        }
        let mut steps = vec![fee, award];
        if self.text("cut") != "0.00" {
            let rules = self.cap_pack.map_or_else(Vec::new, |pack| self.rules.of_family(pack, "recognition_cap"));
            let cut = self.step("上限以内", "within the cap", self.shown("amount"), &[]).rules(rules);
            let formula = word("支付额 − 超出上限的部分", "award − what is over the cap");
            steps.push(
                cut.formula(formula)
                    .number(word("支付额", "award"), self.shown("award"))
                    .number(word("削减", "cut"), self.shown("cut")),
            );
        }
        steps.extend(self.payees());
        steps
    }

    fn payees(&self) -> Vec<Step> {
        let parties = [
            ("fixmedins_code", "recogniser", "付给互认机构", "to the recogniser"),
            ("issuer_code", "issuer", "付给出具机构", "to the issuer"),
        ];
        let part = |(code, who, zh, en): (&str, &str, &str, &str)| {
            let (money, points) = (self.text(&format!("{who}_amount")), self.text(&format!("{who}_points")));
            let value = match (money.as_str(), points.as_str()) {
                ("0.00", "0.0000") => return None,
                ("0.00", _) => format!("{} {}", trimmed(&points), self.lang.pick("点", "points")),
                _ => self.shown(&format!("{who}_amount")),
            };
            let families = ["recognition_payee", "recognition_booking"];
            let step =
                self.step(zh, en, value, &families).number(self.lang.pick("机构", "institution"), self.text(code));
            let step = step.number(self.lang.pick("金额", "amount"), self.shown("amount"));
            Some(match self.settled_line(&self.text(code)).filter(|_| points != "0.0000") {
                Some((value, due)) => step
                    .number(self.lang.pick("当月点值", "point value of the month"), value)
                    .number(self.lang.pick("该机构互认点数应付合计", "due for all its points of recognition"), due),
                None => step,
            })
        };
        parties.into_iter().filter_map(part).collect()
    }

    /// Point value and due of the line that an institution's points of the month are part of.
    fn settled_line(&self, institution: &str) -> Option<(String, String)> {
        let text = |column: &str, row| self.settled.column(column).map_or_else(String::new, |own| plain(own, row));
        let own = self.settled.find("fixmedins_code", institution).into_iter();
        let mut own = own.filter(|row| ["insutype", "pack"].iter().all(|name| text(name, *row) == self.text(name)));
        let row = own.next()?;
        Some((trimmed(&text("point_value", row)).to_owned(), text("due", row)))
    }

    /// Refused, or taken back: the reason, and the rule behind it.
    fn not_paid(&self, state: &str) -> Step {
        let colon = self.lang.pick("：", ": ");
        let reason = format!("{}{colon}{}", self.text("code"), self.text(self.lang.pick("reason_zh", "reason_en")));
        let what = format!("{} · {}{colon}{reason}", self.period, labels::word(state, self.lang));
        let value = if state == "taken_back" { self.shown("amount") } else { String::new() };
        Step::new(what, value)
            .number(self.lang.pick("更正", "corrects"), self.text("corrects"))
            .rules(self.rules.get(&self.text("pack"), &self.text("rule")))
    }
}
