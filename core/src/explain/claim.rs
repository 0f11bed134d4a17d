//! Why a claim is due what it is due.

use super::price;
use super::rules::{RuleText, Rules};
use super::step::{Explanation, Step};
use super::subject::step as entry;
use super::symbols::{formula, symbol};
use crate::job::{Scheme, stays_of};
use crate::ledger::{Book, Period};
use crate::problem::catalogue::books;
use crate::problem::{Lang, Problem, Problems};
use crate::report::labels;
use crate::table::Table;
use crate::table::cell::{plain, shown, trimmed};

/// Explains a claim as settled in a month; in the latest month that has it when none is named.
pub fn claim(book: &Book, setl_id: &str, period: Option<Period>, lang: Lang) -> Result<Explanation, Problems> {
    let (period, row) = find(book, setl_id, period)?;
    let row = Row { table: row };
    let rules = Rules::new(book.table(period, "rules")?);
    let institutions = book.table(period, "institutions")?;
    let mut out = Explanation {
        title: match lang {
            Lang::Zh => format!("病例 {setl_id}（{period}）"),
            Lang::En => format!("Claim {setl_id} ({period})"),
        },
        facts: row.facts(lang),
        grouping: grouping(book, period, setl_id, lang)?,
        ..Explanation::default()
    };
    let pack = row.text("pack");
    let deciding = rules.get(&pack, &row.text("rule"));
    if row.text("state") != "paid" {
        let what = labels::word(&row.text("state"), lang).to_owned();
        let reason = labels::word(&row.text("reason"), lang).to_owned();
        out.steps.push(Step::new(what, reason).rules(deciding));
        out.steps.extend(since(book, &row, &rules, period, lang)?);
        return Ok(out);
    }
    // The institution's line of the same insurance type holds the point value of the pool.
    let own = institutions.find("insutype", &row.text("insutype"));
    let lines = institutions.find("fixmedins_code", &row.text("fixmedins_code"));
    let line: Vec<usize> = lines.into_iter().filter(|line| own.binary_search(line).is_ok()).collect();
    let line = Row { table: institutions.take(&line) };
    match price::steps(book, period, &row, &rules, false, lang)? {
        Some((steps, note)) => {
            out.steps.extend(steps);
            out.notes.extend(note);
        }
        None => {
            out.steps.extend(row.inputs(&rules, &pack, lang));
            out.steps.push(row.price(&rules, &pack, deciding, lang));
        }
    }
    out.steps.push(row.standard(&line, &rules, &pack, lang));
    out.steps.push(row.due(&rules, &pack, lang));
    out.steps.extend(since(book, &row, &rules, period, lang)?);
    Ok(out)
}

/// What became of the claim since: corrections in later months, and its due by the final point value.
fn since(book: &Book, row: &Row, own_rules: &Rules, period: Period, lang: Lang) -> Result<Vec<Step>, Problems> {
    let (mut steps, setl_id) = (Vec::new(), row.text("setl_id"));
    for month in book.periods().map(|info| info.period).filter(|month| !month.is_year() && *month > period) {
        if !book.manifest(month)?.tables.contains_key("corrections") {
            continue;
        }
        let made = book.columns(month, "corrections", &["setl_id", "period"])?;
        let own = made.find("setl_id", &setl_id);
        let of_period = made.find("period", &period.to_string());
        if !own.iter().any(|row| of_period.contains(row)) {
            continue;
        }
        let rules = Rules::new(book.table(month, "rules")?);
        let entries = book.table(month, "entries")?;
        let named = format!("setl_id={setl_id};");
        let numbers = |row: usize| entries.column("numbers").map_or_else(String::new, |values| plain(values, row));
        let rows = entries.find("account", "correction").into_iter();
        for row in rows.filter(|&row| format!("{};", numbers(row)).contains(&named)) {
            let mut step = entry(&entries, row, &rules, false, lang);
            step.what = format!("{month} {}", step.what);
            steps.push(step);
        }
    }
    let year = period.whole_year();
    if book.info(year).is_ok() {
        let reprices = !row.text("clearing_points").is_empty();
        if reprices && let Some((gated, _)) = price::steps(book, period, row, own_rules, true, lang)? {
            let told = gated.into_iter().map(|step| Step { what: format!("{year} {}", step.what), ..step });
            steps.extend(told);
        }
        steps.extend(cleared(book, row, period, year, lang)?);
    }
    Ok(steps)
}

/// The claim at the clearing of its year.
fn cleared(book: &Book, month: &Row, period: Period, year: Period, lang: Lang) -> Result<Vec<Step>, Problems> {
    let ids = book.columns(year, "claims", &["setl_id", "period"])?;
    let of_period = ids.find("period", &period.to_string());
    let own = ids.find("setl_id", &month.text("setl_id")).into_iter().find(|row| of_period.binary_search(row).is_ok());
    let Some(own) = own else { return Ok(Vec::new()) };
    let row = Row { table: book.table(year, "claims")?.take(&[own]) };
    let pools = book.table(year, "pools")?;
    let pool = Row { table: pools.take(&pools.find("insutype", &row.text("pool"))) };
    let rules = Rules::new(book.table(year, "rules")?);
    let entries = book.columns(year, "entries", &["account", "pack", "rule"])?;
    let due = entries.find("account", "due");
    let pack = due.first().map_or_else(String::new, |at| Row { table: entries.take(&[*at]) }.text("pack"));
    let mut standard = row.standard(&pool, &rules, &pack, lang);
    standard.what = format!("{year} {}", lang.pick("清算支付标准", "final standard"));
    standard = standard.number(lang.pick("更正期间", "corrected in"), row.text("corrected_in"));
    let what = format!("{year} {}", lang.pick("清算应付", "final due"));
    let due = row
        .due_of(what, month, &rules, &pack, lang)
        .number(lang.pick("当月应付", "due of the month"), row.shown("monthly_due"))
        .number(lang.pick("更正", "corrections"), row.shown("corrections"));
    Ok(vec![standard, due])
}

/// The row of a claim and the month that settled it, or else one that has it.
fn find(book: &Book, setl_id: &str, period: Option<Period>) -> Result<(Period, Table), Problems> {
    let months = book.periods_with("claims")?.into_iter().filter(|month| !month.is_year());
    let months: Vec<Period> = match period {
        Some(year) if year.is_year() => months.filter(|month| month.whole_year() == year).rev().collect(),
        Some(period) => vec![book.info(period)?.period],
        None => months.rev().collect(),
    };
    let mut last = None;
    for month in months {
        let claims = book.columns(month, "claims", &["setl_id", "state"])?;
        if let [row, ..] = claims.find("setl_id", setl_id)[..] {
            let settled = claims.column("state").is_some_and(|states| plain(states, row) != "excluded");
            if settled || last.is_none() {
                last = Some((month, row));
            }
            if settled {
                break;
            }
        }
    }
    if let Some((month, row)) = last {
        return Ok((month, book.table(month, "claims")?.take(&[row])));
    }
    Err(Problem::new(&books::NOT_IN_BOOK).with("what", setl_id).into())
}

/// The trace of the group, from what grouping saw and the scheme that the book keeps.
fn grouping(book: &Book, period: Period, setl_id: &str, lang: Lang) -> Result<String, Problems> {
    let manifest = book.manifest(period)?;
    let Some(run) = manifest.tables.get("stays").and_then(|table| manifest.runs.get(&table.run)) else {
        return Ok(String::new());
    };
    let Some(kept) = run.kept.get("scheme") else { return Ok(String::new()) };
    let (scheme, _) = Scheme::from_texts(&book.kept(kept)?)?;
    let table = book.table(period, "stays")?;
    let rows = table.find("setl_id", setl_id);
    let clinical = run.options.contains_key("clinical");
    let stays = stays_of(&table.take(&rows));
    if stays.is_empty() {
        return Ok(String::new());
    }
    Ok(scheme.grouper.explain(&stays, 0, clinical).render(&scheme.grouper, lang))
}

/// One row of a table.
pub(super) struct Row {
    table: Table,
}

impl Row {
    fn has(&self) -> bool {
        self.table.rows() > 0
    }

    /// The value as files show it; empty when the column is absent.
    pub(super) fn text(&self, column: &str) -> String {
        self.table.column(column).filter(|_| self.has()).map_or_else(String::new, |values| plain(values, 0))
    }

    /// A weight, coefficient or price, without needless zeros.
    fn factor(&self, column: &str) -> String {
        trimmed(&self.text(column)).to_owned()
    }

    /// The value for people.
    fn shown(&self, column: &str) -> String {
        self.table.column(column).filter(|_| self.has()).map_or_else(String::new, |values| shown(values, 0))
    }

    fn facts(&self, lang: Lang) -> Vec<(String, String)> {
        let columns = [
            "fixmedins_code",
            "hosp_lv",
            "consortium",
            "insutype",
            "drg",
            "case_kind",
            "medfee_sumamt",
            "psn_pay",
            "oth_fund_pay",
            "due",
        ];
        let pairs = columns.into_iter().map(|name| {
            let value = self.shown(name);
            (labels::column(name, lang).to_owned(), labels::word(&value, lang).to_owned())
        });
        pairs.filter(|(_, value)| !value.is_empty()).collect()
    }

    /// Weight, coefficient, lines: what the price is made of.
    fn inputs(&self, rules: &Rules, pack: &str, lang: Lang) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut step = |symbol: &str, zh: &str, en: &str, column: &str, family: &str| {
            let value = self.factor(column);
            if !value.is_empty() {
                steps.push(
                    Step::new(format!("{} {symbol}", lang.pick(zh, en)), value).rules(rules.of_family(pack, family)),
                );
            }
        };
        step("RW", "权重", "weight", "weight", "weights");
        step("f", "系数", "coefficient", "coefficient", "coefficient");
        step("L", "低倍率界限", "low line", "low_line", "low_line");
        step("K", "高倍率界限", "high line", "high_line", "high_line");
        steps
    }

    /// Points, or an amount, by the rule of the case's kind.
    fn price(&self, rules: &Rules, pack: &str, deciding: Option<RuleText>, lang: Lang) -> Step {
        let kind = labels::word(&self.text("case_kind"), lang).to_owned();
        let method = rules.of_family(pack, "method").into_iter().next();
        let scale = method.as_ref().and_then(|rule| rule.parameter("scale")).unwrap_or_default().to_owned();
        let points = self.shown("points");
        let mut value = format!("{points} {}", lang.pick("点", "points"));
        for (column, zh, en) in
            [("by_amount", "池内金额", "by amount"), ("outside_budget", "预算外金额", "outside the budget")]
        {
            if self.text(column) != "0.00" {
                value += &format!(" + {} {}", lang.pick(zh, en), self.shown(column));
            }
        }
        let what = match lang {
            Lang::Zh => format!("{kind}病例的计价"),
            Lang::En => format!("price of a {kind} case"),
        };
        Step::new(what, value)
            .number("RW", self.factor("weight"))
            .number("s", scale)
            .number("f", self.factor("coefficient"))
            .number("C", self.shown("medfee_sumamt"))
            .number("A", self.shown("mean_cost"))
            .number("M", self.shown("pool_mean"))
            .number("L", self.factor("low_line"))
            .number("K", self.factor("high_line"))
            .rules(deciding)
    }

    /// Points × point value, and what is paid by amount.
    fn standard(&self, line: &Row, rules: &Rules, pack: &str, lang: Lang) -> Step {
        let value = line.factor("point_value");
        let by_points = !value.is_empty();
        let told = if by_points { "round(points × PV, 2) + by_amount + outside" } else { "by_amount + outside" };
        let mut step =
            Step::new(lang.pick("支付标准", "standard"), self.shown("standard")).formula(formula(told, lang));
        if by_points {
            step = step.number(&symbol("points", lang), self.shown("points")).number("PV", value);
        }
        step.number(&symbol("by_amount", lang), self.shown("by_amount"))
            .number(&symbol("outside", lang), self.shown("outside_budget"))
            .rules(rules.of_family(pack, if by_points { "point_value" } else { "method" }))
    }

    /// What of the standard the fund owes.
    fn due(&self, rules: &Rules, pack: &str, lang: Lang) -> Step {
        self.due_of(lang.pick("应付", "due").to_owned(), self, rules, pack, lang)
    }

    /// The due of a standard, by the bill of the claim.
    fn due_of(&self, what: String, bill: &Row, rules: &Rules, pack: &str, lang: Lang) -> Step {
        let families = ["point_value", "method"].map(|family| rules.of_family(pack, family));
        let rule = families.iter().flatten().find(|rule| due_basis(rule).is_some());
        let share = rule.and_then(|rule| rule.parameter("fund_share")).unwrap_or_default();
        let (told, numbers): (&str, &[(&str, &str)]) = match rule.and_then(due_basis) {
            Some("gross") => {
                ("standard − patient − other_funds", &[("patient", "psn_pay"), ("other_funds", "oth_fund_pay")])
            }
            Some("case") => (
                "round(max(standard − own_pay − first_own_pay − deductible, 0) × fund_share, 2)",
                &[("own_pay", "fulamt_ownpay_amt"), ("first_own_pay", "preselfpay_amt"), ("deductible", "dedc_std")],
            ),
            _ => ("standard", &[]),
        };
        let mut step = Step::new(what, self.shown("due")).formula(formula(told, lang));
        step = step.number(&symbol("standard", lang), self.shown("standard"));
        for (name, column) in numbers {
            step = step.number(&symbol(name, lang), bill.shown(column));
        }
        if told.contains("fund_share") {
            step = step.number(&symbol("fund_share", lang), share);
        }
        step.rules(rule.cloned())
    }
}

/// What of the standard the fund owes, by the rule of the point value or of the rates.
fn due_basis(rule: &RuleText) -> Option<&str> {
    match rule.kind.as_str() {
        "point_value.gross" => Some("gross"),
        "point_value.fund" => Some("fund"),
        _ => rule.parameter("due").map(|value| value.trim_matches('"')),
    }
}
