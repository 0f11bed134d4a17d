//! Why an institution, a consortium or a pool has the figures it has: its entries in the book.

use super::rules::Rules;
use super::step::{Explanation, Step};
use crate::ledger::{Book, Period};
use crate::problem::catalogue::books;
use crate::problem::{Lang, Problem, Problems};
use crate::report::{Section, labels, text};
use crate::settlement::Account;
use crate::table::Table;
use crate::table::cell::{plain, shown};

/// Whose figures are explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Institution,
    Consortium,
    Pool,
}

impl Subject {
    const fn code(self) -> &'static str {
        match self {
            Subject::Institution => "institution",
            Subject::Consortium => "consortium",
            Subject::Pool => "pool",
        }
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Subject::Institution => ("医疗机构", "Institution"),
            Subject::Consortium => ("医共体（城市医疗集团）", "Consortium"),
            Subject::Pool => ("基金池", "Pool"),
        }
    }
}

/// Explains the entries of a subject in a month; in the latest month that has it when none is named.
pub fn subject(
    book: &Book,
    subject: Subject,
    name: &str,
    period: Option<Period>,
    lang: Lang,
) -> Result<Explanation, Problems> {
    let months: Vec<Period> = match period {
        Some(period) => vec![book.info(period)?.period],
        None => book.periods().map(|info| info.period).rev().collect(),
    };
    for month in months {
        let entries = entries(book, month, subject, name)?;
        if entries.rows() > 0 {
            return explain(book, subject, name, month, &entries, lang);
        }
    }
    Err(Problem::new(&books::NOT_IN_BOOK).with("what", name).into())
}

fn entries(book: &Book, month: Period, subject: Subject, name: &str) -> Result<Table, Problems> {
    if !book.manifest(month)?.tables.contains_key("entries") {
        return Ok(Table::new());
    }
    let entries = book.table(month, "entries")?;
    let of_kind = entries.find("subject_kind", subject.code());
    let of_name = entries.find("subject", name);
    let rows: Vec<usize> = of_name.into_iter().filter(|row| of_kind.binary_search(row).is_ok()).collect();
    Ok(entries.take(&rows))
}

fn explain(
    book: &Book,
    subject: Subject,
    name: &str,
    month: Period,
    entries: &Table,
    lang: Lang,
) -> Result<Explanation, Problems> {
    let rules = Rules::new(book.table(month, "rules")?);
    let (zh, en) = subject.words();
    let mut out = Explanation {
        title: match lang {
            Lang::Zh => format!("{zh} {name}（{month}）"),
            Lang::En => format!("{en} {name} ({month})"),
        },
        steps: (0..entries.rows()).map(|row| step(entries, row, &rules, lang)).collect(),
        ..Explanation::default()
    };
    let claims_column = match subject {
        Subject::Institution => "fixmedins_code",
        Subject::Consortium => "consortium",
        Subject::Pool => return Ok(out),
    };
    let columns = [
        "fixmedins_code",
        "consortium",
        "insutype",
        "case_kind",
        "state",
        "points",
        "medfee_sumamt",
        "standard",
        "due",
    ];
    let claims = book.columns(month, "claims", &columns)?;
    let rows: Vec<usize> = claims.find(claims_column, name);
    let rows: Vec<usize> = rows.into_iter().filter(|&row| is(&claims, "state", row, "paid")).collect();
    let by = match subject {
        Subject::Consortium => ["insutype", "fixmedins_code"],
        _ => ["insutype", "case_kind"],
    };
    if let Some(summary) = claims.take(&rows).summary(&by, &["points", "medfee_sumamt", "standard", "due"]) {
        let heading = lang.pick("应付来自这些病例：", "What is due comes from these claims:");
        let shown = [by[0], by[1], "cases", "points", "medfee_sumamt", "standard", "due"];
        let section = Section::of(heading, &summary, &shown, lang).with_totals();
        out.notes.push(text::render_section(&section, lang));
    }
    Ok(out)
}

fn is(table: &Table, column: &str, row: usize, expected: &str) -> bool {
    table.column(column).is_some_and(|values| plain(values, row) == expected)
}

/// How an account is reckoned where that is not the formula of its rule.
fn formulas(subject: &str, account: &str) -> Option<(&'static str, &'static str)> {
    Some(match (subject, account) {
        ("pool", "due") => ("Σ 病例应付", "Σ due of the claims"),
        ("pool", "paid_by_points") => ("Σ 点数 × 点值", "Σ points × PV"),
        (_, "due") => ("Σ 病例应付；每例的算式见 explain claim", "Σ due of the claims, each as explain claim says"),
        (_, "payable") => ("max(0, 预付 − 保证金 + 上期结转)", "max(0, prepaid − withheld + carried in)"),
        (_, "carried_out") => ("min(0, 预付 − 保证金 + 上期结转)", "min(0, prepaid − withheld + carried in)"),
        ("pool", "balance" | "rounding_residue" | "point_value_limit") => {
            ("扣除后预算 − Σ 应付", "budget after deductions − Σ due")
        }
        ("consortium", "balance") => ("总额 − 应付", "total − due"),
        _ => return None,
    })
}

/// An entry: what is booked, from which numbers, by which rule.
fn step(entries: &Table, row: usize, rules: &Rules, lang: Lang) -> Step {
    let text = |name: &str| entries.column(name).map_or_else(String::new, |values| plain(values, row));
    let amount = entries.column("amount").map_or_else(String::new, |values| shown(values, row));
    let code = text("account");
    let account = Account::ALL.iter().find(|account| account.code() == code).map(|account| account.words());
    let account = account.map_or(code.as_str(), |(zh, en)| lang.pick(zh, en));
    let insutype = text("insutype");
    let what = format!("{} · {account}", labels::word(&insutype, lang));
    let formula = formulas(&text("subject_kind"), &code).map_or("", |(zh, en)| lang.pick(zh, en));
    let mut step = Step::new(what, amount).formula(formula).rules(rules.get(&text("pack"), &text("rule")));
    for (name, value) in text("numbers").split("; ").filter_map(|pair| pair.split_once('=')) {
        step = step.number(labels::number(name, lang), value);
    }
    step
}
